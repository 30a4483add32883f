"""Routes that classes and lists declare: views of Flask-AppBuilder, handlers of Tornado."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.routing import FAB_ADDS, FAB_EXPOSE
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.roles import role_of
from archlint.project.routes.decorated import methods_of
from archlint.project.routes.entry import Layer, Place, Step
from archlint.project.routes.follow import Made, Spot
from archlint.project.routes.graph import Handler, Item, Node
from archlint.project.routes.routers import Routers, place_of
from archlint.project.types import is_project
from archlint.project.words import CALLS, DECORATES

if TYPE_CHECKING:
    from archlint.project.world import World

_BUILDER = "flask_appbuilder"
_HANDLERS = frozenset(("tornado.web.RequestHandler", "tornado.websocket.WebSocketHandler"))


class Declarations:
    """Fills the graph from classes and lists."""

    def __init__(self, world: World, routers: Routers) -> None:
        self.world = world
        self.routers = routers
        self.follower = routers.follower
        self.texts = routers.texts
        self.handlers = routers.handlers

    def read(self) -> None:
        """Read all of them, tests left out."""
        for path in self.world.words.files(DECORATES, "expose"):
            if role_of(path) != "test":
                self._exposing(path)
        if self.world.mentioning("tornado.web") or self.world.mentioning("from tornado"):
            for path in self.world.mentioning("andlers"):
                if role_of(path) != "test":
                    self._lists(path)

    # -- Flask-AppBuilder -------------------------------------------------------------------------

    def _exposing(self, path: str) -> None:
        scopes = self.world.summary(path).scopes
        for key in sorted(
            {f"{path}:{s.parent}" for s in scopes if s.decorators and scopes[s.parent].kind == "class"}
        ):
            for heir in (key, *sorted(self.world.classes.subclasses(key))):
                self._view(heir)

    def _view(self, key: str) -> None:
        info = self.world.classes.info(key)
        bases = self.world.classes.library_bases(key)
        if info is None or not any(base.startswith("flask_appbuilder.") for base in bases):
            return
        if key in self.routers.graph.nodes:
            return
        is_added = self._is_added(info.name, key)
        spot = Spot(info.path, info.scope.index)
        node = Node(key, "flask", is_added, Layer("class", None, spot), self._base(key, info.name, bases))
        self.routers.graph.nodes[key] = node
        if is_added:
            # The applications of one builder are one application.
            node.app = _BUILDER
        for owner in self.world.classes.mro(key):
            own = self.world.classes.info(owner.name) if is_project(owner.name) else None
            for name, index in sorted(own.methods.items(), key=lambda m: m[1]) if own is not None else ():
                target = self.world.classes.method(key, name)
                if (
                    own is not None
                    and target is not None
                    and (target[0], target[1].index) == (own.path, index)
                ):
                    self._exposed(node, info.name, own.path, target[1])

    def _base(self, key: str, name: str, bases: frozenset[str]) -> str | None:
        """The path below which Flask-AppBuilder puts the methods of a view."""
        found = self.world.classes.find(key, "route_base")
        if found is not None:
            text = self._text(found)
            if text is not None:
                return text
        if any(base.startswith("flask_appbuilder.api.") or base.endswith("Api") for base in bases):
            resource = self.world.classes.find(key, "resource_name")
            version = self.world.classes.find(key, "version")
            named = self._text(resource) if resource is not None else name.lower()
            numbered = self._text(version) if version is not None else "v1"
            return f"/api/{numbered}/{named}" if named is not None and numbered is not None else None
        return f"/{name.lower()}"

    def _text(self, found: tuple[Any, list[Any]]) -> str | None:
        info, row = found
        return self.texts.text(
            row[Bind.EXPR], Spot(info.path, info.scope.index, row[Bind.BLOCK], row[Bind.ORDER])
        )

    def _is_added(self, name: str, key: str) -> bool:
        for word in FAB_ADDS:
            for path in self.world.words.files(CALLS, word):
                for scope, _, row in self.world.calls.ending(path, word):
                    spot = Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER])
                    for expr in row[Call.ARGS][:1]:
                        if expr is None or expr[0] not in ("n", "a", "c"):
                            continue
                        inner = scope.calls[expr[1]][Call.FUNC] if expr[0] == "c" else expr
                        if (
                            inner is not None
                            and inner[0] in ("n", "a")
                            and inner[1 if inner[0] == "n" else 2] == name
                        ):
                            value = self.follower.evaluate(inner, spot)
                            if value is not None and value.name == key:
                                return True
        return False

    def _exposed(self, node: Node, owner: str, path: str, scope: Scope) -> None:
        outer = self.world.summary(path).scopes[scope.parent]
        for decorator in scope.decorators:
            if decorator is None or decorator[0] != "c":
                continue
            if self.world.evaluator.decorator_name(path, scope, decorator) not in FAB_EXPOSE:
                continue
            row = outer.calls[decorator[1]]
            spot = Spot(path, outer.index, row[Call.BLOCK], row[Call.ORDER])
            text = self.texts.text(self.routers.argument(row, 0, ("url",)), spot)
            handler = Handler((path, scope.index), f"{owner}.{scope.name}", ())
            methods = tuple(sorted(methods_of("expose", row))) or ("GET",)
            step = Step(node.key, ((path, outer.index, row[Call.ORDER]),))
            layer = Layer("route", decorator, spot)
            self.routers.graph.add(
                Item(text, methods, handler, "", layer, place_of(path, row), step, frozenset()), node
            )

    # -- Tornado ----------------------------------------------------------------------------------

    def _lists(self, path: str) -> None:
        module = self.world.summary(path).scopes[0]
        for name in sorted(module.binds):
            for row in module.binds[name]:
                spot = Spot(path, 0, row[Bind.BLOCK], row[Bind.ORDER])
                for place, target, number in _pairs(row[Bind.EXPR]):
                    self._listed(path, row, spot, place, target, number)

    def _listed(self, path: str, row: list[Any], spot: Spot, place: Expr, target: Expr, number: int) -> None:
        text = self.texts.text(place, spot)
        for made in self.follower.follow(target, spot, calls=False) if text is not None else ():
            key = f"{made.spot.path}:{made.expr[1]}" if made.expr[0] == "cl" else ""
            if not key or not _HANDLERS & self.world.classes.library_bases(key):
                continue
            base = f"{path}:{row[Bind.LINE]}:list"
            node = self.routers.graph.nodes.get(base)
            if node is None:
                node = self.routers.graph.nodes[base] = Node(
                    base, "tornado", False, Layer("router", None, spot), ""
                )
            step = Step(base, ((path, 0, row[Bind.ORDER]), ("", -1, number)))
            where = Place(path, row[Bind.LINE], 0, row[Bind.LINE], 1)
            for handler in self.handlers.of_made(Made(made.expr, made.spot), "tornado"):
                layer = Layer("route", None, spot)
                self.routers.graph.add(
                    Item(text, handler.methods, handler, "", layer, where, step, frozenset()), node
                )


def _pairs(expr: Expr) -> Iterator[tuple[Expr, Expr, int]]:
    """The pairs in ``[(r"/users", Users), ...]``."""
    if expr is None or expr[0] != "l":
        return
    for number, item in enumerate(expr[1]):
        if item is not None and item[0] == "t" and len(item[1]) >= 2 and item[1][0] is not None:
            yield item[1][0], item[1][1], number

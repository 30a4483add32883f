"""Reads the URLconfs of Django and the routers of Django REST framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.routing import DRF_MIXINS, URL_FUNCTIONS, URL_WRAPPERS
from archlint.model.summary import Bind, Call, Expr, Read, Scope
from archlint.project.roles import role_of
from archlint.project.routes.decorated import methods_of
from archlint.project.routes.entry import Layer
from archlint.project.routes.follow import Made, Spot
from archlint.project.routes.graph import Handler, Item, Node
from archlint.project.routes.routers import Routers, place_of
from archlint.project.types import is_project, members
from archlint.project.words import CALLS, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_DETAIL = {"retrieve": "GET", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE"}
_LIST = {"list": "GET", "create": "POST"}
_DEEP = 8


class UrlConfs:
    """Fills the graph from ``urlpatterns`` and ``router.register``."""

    def __init__(self, world: World, routers: Routers) -> None:
        self.world = world
        self.graph = routers.graph
        self.follower = routers.follower
        self.texts = routers.texts
        self.handlers = routers.handlers
        self.routers = routers

    def read(self) -> None:
        """Read the URLconfs, starting from those that the settings name."""
        for path in self._roots():
            self._node(path).is_app = True
        words = self.world.words
        paths = {
            p
            for word in ("path", "re_path", "url")
            for p in (*words.files(CALLS, word), *words.files(IMPORTS, word))
        }
        for path in sorted(paths):
            if role_of(path) != "test" and "urlpatterns" in self.world.summary(path).scopes[0].binds:
                self._node(path)
        for path in words.files(CALLS, "register"):
            if role_of(path) != "test":
                for scope, index, row in self.world.calls.ending(path, "register"):
                    self._registration(Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER]), index, row)
        for path in words.files(CALLS, "extend"):
            # Lists are extended everywhere.
            if role_of(path) != "test" and b".registry" in (self.world.read(path) or b""):
                for scope, index, row in self.world.calls.ending(path, "extend"):
                    self._extension(Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER]), index, row)

    def _roots(self) -> list[str]:
        found = set()
        for path in self.world.mentioning("ROOT_URLCONF"):
            if role_of(path) == "test":
                continue
            for row in self.world.summary(path).scopes[0].binds.get("ROOT_URLCONF", ()):
                module = self.texts.text(row[Bind.EXPR], Spot(path, 0, row[Bind.BLOCK], row[Bind.ORDER]))
                root = self.world.modules.find(module, path) if module else None
                if root is not None and not root.endswith("/"):
                    found.add(root)
        return sorted(found)

    # -- URLconfs ---------------------------------------------------------------------------------

    def _node(self, path: str, name: str = "urlpatterns") -> Node:
        """The URLconf in a module."""
        key = f"{path}:{name}"
        node = self.graph.nodes.get(key)
        if node is None:
            node = self.graph.nodes[key] = Node(
                key, "django", False, Layer("router", None, Spot(path, 0)), "/"
            )
            scope = self.world.summary(path).scopes[0]
            for row in scope.binds.get(name, ()):
                self._patterns(
                    node, row[Bind.EXPR], Spot(path, 0, row[Bind.BLOCK], row[Bind.ORDER]), "", _DEEP, name
                )
            for row in scope.calls:
                callee = row[Call.FUNC]
                if callee is not None and callee[0] == "a" and callee[1] == ["n", name] and row[Call.ARGS]:
                    spot = Spot(path, 0, row[Call.BLOCK], row[Call.ORDER])
                    added = (
                        ["l", [row[Call.ARGS][-1]]]
                        if callee[2] in ("append", "insert")
                        else row[Call.ARGS][0]
                    )
                    self._patterns(node, added, spot, "", _DEEP, name)
        return node

    def _patterns(self, node: Node, expr: Expr, spot: Spot, prefix: str, depth: int, own: str = "") -> None:
        """Add the routes of a list of patterns to a node."""
        if expr is None or depth == 0 or (own and expr == ["n", own]):
            return
        tag = expr[0]
        if tag in ("l", "t", "e"):
            for item in expr[1]:
                self._patterns(node, item, spot, prefix, depth, own)
        elif tag == "b" and expr[1] == "+":
            for part in expr[2:4]:
                self._patterns(node, part, spot, prefix, depth, own)
        elif tag in ("*", "o"):
            for part in expr[1:]:
                self._patterns(node, part, spot, prefix, depth, own)
        elif tag == "p":
            for point in self.follower.turns(spot._replace(block=expr[3], order=1 << 60)):
                self._patterns(node, expr[2], point, prefix, depth - 1)
        elif tag == "c":
            self._called(node, Made(expr, spot), prefix, depth - 1)
        elif tag == "a" and expr[2] == "urls":
            self._router(node, expr, spot, prefix, Layer("include", None, spot), None)
        else:
            for made in self.follower.follow(expr, spot):
                if made.expr != expr:
                    self._patterns(node, made.expr, made.spot, prefix, depth - 1)

    def _called(self, node: Node, made: Made, prefix: str, depth: int) -> None:
        row = self.follower.row(made)
        for callee in members(self.follower.callee(made)):
            if callee.kind == "lib" and callee.name in URL_FUNCTIONS:
                self._pattern(node, made, row, prefix, URL_FUNCTIONS[callee.name], depth)
                return
            if callee.kind == "lib" and callee.name in URL_WRAPPERS:
                below = prefix + URL_WRAPPERS[callee.name]
                for argument in row[Call.ARGS]:
                    self._patterns(node, argument, self._at(made, row), below, depth)
                return
            if callee.kind == "func":
                for other in self.follower.follow(made.expr, made.spot):
                    if other.expr != made.expr:
                        self._patterns(node, other.expr, other.spot, prefix, depth)

    @staticmethod
    def _at(made: Made, row: list[Any]) -> Spot:
        return made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])

    def _pattern(self, node: Node, made: Made, row: list[Any], prefix: str, kind: str, depth: int) -> None:
        """``path("users/", users)`` or ``path("api/", include("api.urls"))``."""
        spot = self._at(made, row)
        written = self.texts.text(self.routers.argument(row, 0, ("route", "regex")), spot)
        text = None
        if written is not None:
            text = prefix + (_bare(written) if kind == "regex" else written)
        view = self.routers.argument(row, 1, ("view",))
        layer = Layer("route", made.expr, spot)
        for target in self.follower.follow(view, spot, calls=False) if view is not None else ():
            if target.expr[0] == "c" and self._is_include(target):
                inner = self.follower.row(target)
                if inner[Call.ARGS]:
                    self._included(
                        node, inner[Call.ARGS][0], self._at(target, inner), text, layer, row, depth
                    )
                return
            if target.expr[0] == "t":
                self._included(node, target.expr, target.spot, text, layer, row, depth)
                return
        if view is not None and view[0] == "a" and view[2] == "urls":
            self._router(node, view, spot, text, layer, row)
            return
        for handler in self._views(view, spot):
            self._add(node, text, handler, layer, row)

    def _is_include(self, made: Made) -> bool:
        callee = members(self.follower.callee(made))
        return any(
            c.kind == "lib" and c.name.startswith("django.") and c.name.endswith(".include") for c in callee
        )

    def _included(
        self, node: Node, expr: Expr, spot: Spot, text: str | None, layer: Layer, row: list[Any], depth: int
    ) -> None:  # fmt: skip
        if expr is not None and expr[0] == "t" and expr[1]:
            expr = expr[1][0]
        if (
            expr is not None
            and expr[0] == "a"
            and expr[2] == "urls"
            and self._router(node, expr, spot, text, layer, row)
        ):
            return
        module = self.texts.text(expr, spot)
        if module is not None:
            path = self.world.modules.find(module, spot.path)
            self._module(node, path, text, layer, row)
            return
        for made in self.follower.follow(expr, spot):
            path = self.follower.module_of(made)
            if path is not None:
                self._module(node, path, text, layer, row)
            elif made.expr[0] == "t":
                self._included(node, made.expr, made.spot, text, layer, row, depth - 1)
            elif made.expr[0] in ("l", "b", "c") and depth > 0:
                line, column = row[Call.LINE], row[Call.COLUMN]
                key = f"{layer.spot.path}:{line}:{column}"
                child = self.graph.nodes.get(key)
                if child is None:
                    child = self.graph.nodes[key] = Node(
                        key, "django", False, Layer("router", None, spot), "/"
                    )
                self._patterns(child, made.expr, made.spot, "", depth - 1)
                self._child(node, child, text, layer, row)

    def _module(self, node: Node, path: str | None, text: str | None, layer: Layer, row: list[Any]) -> None:
        if path is not None and not path.endswith("/"):
            self._child(node, self._node(path), text, layer, row)

    def _child(self, node: Node, child: Node, text: str | None, layer: Layer, row: list[Any]) -> None:
        step, branches = self.routers.when(node.key, layer.spot, row)
        place = place_of(layer.spot.path, row)
        include = layer._replace(kind="include")
        self.graph.add(Item(text, (), None, child.key, include, place, step, branches), node)

    def _router(
        self, node: Node, expr: Expr, spot: Spot, text: str | None, layer: Layer, row: list[Any] | None
    ) -> bool:
        """``router.urls`` of Django REST framework or django-ninja."""
        children = self.routers.nodes(expr[1], spot)
        for child in children:
            self._child(node, child, text, layer, self._read_as_call(expr, spot) if row is None else row)
        return bool(children)

    def _read_as_call(self, expr: Expr, spot: Spot) -> list[Any]:
        """The place of ``router.urls`` among patterns, in the form of a call's row."""
        scope = self.follower.scope(spot)
        if expr[3] is None:
            # An attribute of a module has no place of its own; where it stands among others is not known.
            line = scope.line
            return [None, [], [], line, 0, line, 0, spot.block, -1, 0]
        read = scope.reads[expr[3]]
        return [None, [], [], *read[Read.LINE : Read.ORDER + 1], 0]

    def _views(self, view: Expr, spot: Spot) -> list[Handler]:
        found = []
        for made, wrappers in self.handlers.targets(view, spot):
            mapping = self._mapping(view, spot)
            if made.expr[0] == "cl":
                found += self._view_class(made, mapping, wrappers)
            else:
                path = made.spot.path
                scope = self.world.summary(path).scopes[made.expr[1]]
                found.append(
                    Handler((path, scope.index), scope.qualname, self._methods(path, scope), wrappers)
                )
        return found

    def _view_class(self, made: Made, mapping: dict[str, str], wrappers: Any) -> list[Handler]:
        key = f"{made.spot.path}:{made.expr[1]}"
        scope = self.world.summary(made.spot.path).scopes[made.expr[1]]
        if not mapping:
            return self.handlers.of_made(made, "django", wrappers)
        found = []
        for method, name in mapping.items():
            target = self.world.classes.method(key, name)
            place = (target[0], target[1].index) if target is not None else (made.spot.path, made.expr[1])
            found.append(Handler(place, f"{scope.qualname}.{name}", (method.upper(),), wrappers, key))
        return found

    def _mapping(self, view: Expr, spot: Spot) -> dict[str, str]:
        """``as_view({"get": "list"})``."""
        if view is None or view[0] != "c":
            return {}
        row = self.follower.scope(spot).calls[view[1]]
        given = row[Call.ARGS][0] if row[Call.ARGS] else None
        if last_word(row[Call.FUNC]) != "as_view" or given is None or given[0] != "d":
            return {}
        return {
            str(k[1]): str(v[1])
            for k, v in given[1]
            if k is not None and v is not None and k[0] == v[0] == "k"
        }

    def _methods(self, path: str, scope: Scope) -> tuple[str, ...]:
        """The methods that decorators of a view function allow."""
        outer = self.world.summary(path).scopes[max(scope.parent, 0)]
        for decorator in scope.decorators:
            name = self.world.evaluator.decorator_name(path, scope, decorator)
            word = name.rpartition(".")[2]
            if name.startswith(("rest_framework.", "django.")) and word in (
                "api_view", "require_http_methods", "require_GET", "require_POST", "require_safe"
            ):  # fmt: skip
                row = outer.calls[decorator[1]] if decorator[0] == "c" else None
                found = methods_of(word, row) or (("GET", "HEAD") if word == "require_safe" else ())
                return tuple(sorted(found or (("GET",) if word == "api_view" else ())))
        return ()

    def _add(self, node: Node, text: str | None, handler: Handler, layer: Layer, row: list[Any]) -> None:
        step, branches = self.routers.when(node.key, layer.spot, row)
        place = place_of(layer.spot.path, row)
        self.graph.add(Item(text, handler.methods, handler, "", layer, place, step, branches), node)

    # -- routers of Django REST framework ---------------------------------------------------------

    def _registration(self, spot: Spot, index: int, row: list[Any]) -> None:
        callee = row[Call.FUNC]
        if callee[0] != "a" or len(row[Call.ARGS]) < 2:
            return
        for point in self.follower.turns(spot):
            for node in self.routers.nodes(callee[1], point):
                if node.framework == "drf":
                    self._registered(node, ["c", index], row, point)

    def _registered(self, node: Node, expr: Expr, row: list[Any], spot: Spot) -> None:
        prefix = self.texts.text(self.routers.argument(row, 0, ("prefix",)), spot)
        layer = Layer("route", expr, spot)
        slash = "/" if self._has_slash(node) else ""
        prefix = None if self._has_own_routes(node) else prefix
        for made, _ in self.handlers.targets(row[Call.ARGS][1], spot):
            if made.expr[0] != "cl":
                continue
            for handler, detail, extra in self._actions(f"{made.spot.path}:{made.expr[1]}"):
                parts = [p for p in (_bare(prefix) if prefix is not None else None, detail, extra) if p]
                text = "/".join(parts) + slash if prefix is not None else None
                self._add(node, text, handler, layer, row)

    def _has_own_routes(self, node: Node) -> bool:
        """Whether a router of the project replaces the routes that the library makes."""
        own = [self.world.classes.info(base) for base in node.bases]
        return any(i is not None and {"routes", "get_routes"} & i.scope.binds.keys() for i in own)

    def _has_slash(self, node: Node) -> bool:
        if node.layer.expr is None:
            return True
        row = self.follower.scope(node.layer.spot).calls[node.layer.expr[1]]
        given = dict(row[Call.KEYWORDS]).get("trailing_slash")
        return given is None or self.texts.constant(given, node.layer.spot) is not False

    def _actions(self, key: str) -> Iterator[tuple[Handler, str, str]]:
        """The actions of a view set: handler, path of the detail, path of the extra action."""
        info = self.world.classes.info(key)
        if info is None:
            return
        lookup = self._constant(key, "lookup_url_kwarg") or self._constant(key, "lookup_field") or "pk"
        if self.world.classes.find(key, "lookup_value_regex") is not None:
            lookup = f"regex:{lookup}"
        bases = self.world.classes.library_bases(key)
        for name, method in (*_LIST.items(), *_DETAIL.items()):
            target = self.world.classes.method(key, name)
            if target is None and not any(mixin in bases for mixin in DRF_MIXINS[name]):
                continue
            place = (target[0], target[1].index) if target is not None else (info.path, info.scope.index)
            detail = f"<{lookup}>" if name in _DETAIL else ""
            yield Handler(place, f"{info.name}.{name}", (method,), view=key), detail, ""
        for base in self.world.classes.mro(key):
            own = self.world.classes.info(base.name) if is_project(base.name) else None
            if own is None:
                continue
            for name, index in sorted(own.methods.items(), key=lambda item: item[1]):
                target = self.world.classes.method(key, name)
                if target is None or (target[0], target[1].index) != (own.path, index):
                    continue
                found = self._extra(own.path, target[1])
                if found is not None:
                    is_detail, url, methods = found
                    detail = f"<{lookup}>" if is_detail else ""
                    yield Handler((own.path, index), f"{info.name}.{name}", methods, view=key), detail, url

    def _extra(self, path: str, scope: Scope) -> tuple[bool, str, tuple[str, ...]] | None:
        """What ``@action(detail=True, methods=["post"], url_path="close")`` says."""
        outer = self.world.summary(path).scopes[scope.parent]
        for decorator in scope.decorators:
            if decorator is None or decorator[0] != "c":
                continue
            name = self.world.evaluator.decorator_name(path, scope, decorator)
            if name != "rest_framework.decorators.action":
                continue
            row = outer.calls[decorator[1]]
            spot = Spot(path, outer.index, row[Call.BLOCK], row[Call.ORDER])
            given = dict(row[Call.KEYWORDS])
            detail = self.texts.constant(self.routers.argument(row, 1, ("detail",)), spot) is True
            url = self.texts.text(given.get("url_path"), spot) or scope.name
            listed = self.follower.elements(self.routers.argument(row, 0, ("methods",)), spot)
            texts = [self.texts.text(m.expr, m.spot) for m in listed or ()]
            return detail, _bare(url), tuple(sorted(t.upper() for t in texts if t)) or ("GET",)
        return None

    def _constant(self, key: str, name: str) -> str:
        found = self.world.classes.find(key, name)
        if found is None:
            return ""
        info, row = found
        return self.texts.text(row[Bind.EXPR], Spot(info.path, info.scope.index)) or ""

    def _extension(self, spot: Spot, index: int, row: list[Any]) -> None:
        """``router.registry.extend(other.registry)``."""
        callee, args = row[Call.FUNC], row[Call.ARGS]
        if callee[0] != "a" or not args or args[0] is None:
            return
        receiver, given = callee[1], args[0]
        if receiver is None or receiver[0] != "a" or receiver[2] != "registry" or given[0] != "a":
            return
        for node in self.routers.nodes(receiver[1], spot):
            for child in self.routers.nodes(given[1], spot) if given[2] == "registry" else ():
                self._child(node, child, "", Layer("include", ["c", index], spot), row)


def _bare(regex: str) -> str:
    """A regular expression without the anchors."""
    return regex.removeprefix("^").removesuffix("$").removesuffix("\\Z")

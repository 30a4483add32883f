"""Reads what is registered on applications and routers: FastAPI, Starlette, Flask, aiohttp and their kin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archlint.knowledge.routing import (
    ADDS,
    APPLICATIONS,
    DEFAULT_METHODS,
    EXTENSIONS,
    HOLDERS,
    INCLUDES,
    ROUTE_OBJECTS,
    ROUTERS,
)
from archlint.model.summary import Block, Call, Expr, Scope
from archlint.project.ledger import settle
from archlint.project.roles import role_of
from archlint.project.routes.decorated import DECLARE, methods_of
from archlint.project.routes.entry import Layer, Place, Step
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.graph import Graph, Handler, Item, Node
from archlint.project.routes.handlers import Handlers
from archlint.project.routes.route import VERBS
from archlint.project.routes.texts import Texts
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, DECORATES, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.words import WordIndex
    from archlint.project.world import World

_ALL = {**ROUTERS, **HOLDERS}
#: Constructors that may be given routes, or an application to extend.
_CONSTRUCTORS = tuple(sorted({name.rpartition(".")[2] for name in _ALL} | {"init_app"}))
_ADDING = frozenset((*ADDS, "add_routes", "add_resource"))
_CALLED = (*sorted(INCLUDES), *sorted(_ADDING))
#: A node, with its own prefix where it is named.
Prefixed = tuple[Node, "str | None"]
_ALWAYS = frozenset(("", "with", "try"))


def decorating(words: WordIndex) -> set[str]:
    """The files with decorators that may declare routes."""
    return {p for w in sorted(VERBS | DECLARE) for p in words.files(DECORATES, w)}


def calling(words: WordIndex) -> set[str]:
    """The files with calls that may register something."""
    found = {p for w in (*_CALLED, *_CONSTRUCTORS) for p in words.files(CALLS, w)}
    return found | {p for w in _CONSTRUCTORS for p in words.files(IMPORTS, w)}


class Registrations:
    """The calls of each file that make routers or register something, by scope: row and word.

    A file is read through once, whatever else is edited; to ask all files again takes their rows.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[str, dict[int, tuple[tuple[int, str], ...]]] = world.answers()

    def of(self, path: str) -> dict[int, tuple[tuple[int, str], ...]]:
        """Those of a file."""
        found = self._known.get(path)
        if found is None:
            summary = self.world.summary(path)
            scopes = ((scope.index, tuple(_registering(scope, summary.renamed))) for scope in summary.scopes)
            found = self._known[path] = {index: calls for index, calls in scopes if calls}
        return found


def _registering(scope: Scope, renamed: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for index, row in enumerate(scope.calls):
        callee = row[Call.FUNC]
        word = last_word(callee)
        word = renamed.get(word, word) if callee is not None and callee[0] == "n" else word
        if word in _CONSTRUCTORS or word in INCLUDES or word in _ADDING:
            yield index, word


class Routers:
    """Fills the graph from decorators and calls."""

    def __init__(
        self,
        world: World,
        graph: Graph,
        follower: Follower,
        texts: Texts,
        handlers: Handlers,
        registrations: Registrations,
    ) -> None:
        self.world = world
        self.registrations = registrations
        self.graph = graph
        self.follower = follower
        self.texts = texts
        self.handlers = handlers
        self._kinds: dict[tuple[str, int, int], tuple[str, str] | None] = world.answers()

    def read(self) -> None:
        """Read every file of the project that registers something, tests left out."""
        words = self.world.words
        registering = calling(words)
        for path in sorted(decorating(words) | registering):
            if role_of(path) == "test":
                continue
            summary = self.world.summary(path)
            calls = self.registrations.of(path) if path in registering else {}
            for scope in summary.scopes:
                if scope.index in calls:
                    self._calls(path, scope, calls[scope.index])
                if scope.decorators and scope.kind in ("function", "class"):
                    self._decorators(path, scope)

    # -- nodes ------------------------------------------------------------------------------------

    def kind_of(self, made: Made) -> tuple[str, str] | None:
        """The library class and the framework of a router that a call makes."""
        if made.expr[0] != "c":
            return None
        if made.key not in self._kinds:
            return settle(self._kinds, made.key, None, lambda: self._find_kind(made))
        return self._kinds[made.key]

    def _find_kind(self, made: Made) -> tuple[str, str] | None:
        found = None
        for member in members(self.follower.callee(made)):
            if member.kind in ("lib", "class") and not (member.kind == "lib" and member.args):
                found = self.kind_of_class(member.name)
        return found

    def kind_of_class(self, name: str) -> tuple[str, str] | None:
        """The router class of a library that a class is or derives from, and its framework."""
        names = (
            [b.name for b in self.world.classes.mro(name)]
            if is_project(name)
            else self.world.evaluator.library.mro(name)
        )
        return next(((n, _ALL[n]) for n in names if n in _ALL), None)

    def nodes(self, expr: Expr, spot: Spot) -> list[Node]:
        """The applications and routers that an expression may be."""
        return [node for node, _ in self.prefixed(expr, spot)]

    def prefixed(self, expr: Expr, spot: Spot) -> list[Prefixed]:
        """The applications and routers that an expression may be, each with its own prefix there."""
        found = []
        for made in self.follower.follow(expr, spot):
            kind = self.kind_of(made)
            if kind is not None:
                node = self._node(made, kind)
                # What a function makes may have a prefix that its arguments decide.
                prefix = self._prefix(made, self.follower.row(made), kind) if made.spot.names else node.prefix
                found.append((node, prefix))
        return found or [(node, "") for node in self._of_receiver(expr, spot)]

    def _node(self, made: Made, kind: tuple[str, str]) -> Node:
        row = self.follower.row(made)
        path = made.spot.path
        key = f"{path}:{row[Call.LINE]}:{row[Call.COLUMN]}"
        node = self.graph.nodes.get(key)
        if node is None:
            is_app = kind[0] in APPLICATIONS
            layer = Layer("app" if is_app else "router", made.expr, made.spot)
            node = Node(key, kind[1], is_app, layer, self._prefix(made, row, kind))
            self.graph.nodes[key] = node
            for member in members(self.follower.callee(made)):
                if member.kind == "class":
                    node.bases = [b.name for b in self.world.classes.mro(member.name) if is_project(b.name)]
        return node

    def _of_receiver(self, expr: Expr, spot: Spot) -> list[Node]:
        """``self`` in a class that derives from a router: whatever is added is on all its instances."""
        if expr is None or expr[0] != "n":
            return []
        found = []
        for member in members(self.follower.evaluate(expr, spot)):
            kind = (
                self.kind_of_class(member.name) if member.kind == "inst" and is_project(member.name) else None
            )
            if kind is not None and self.follower.frame(spot).self_type() is not None:
                node = self.graph.nodes.get(member.name)
                if node is None:
                    layer = Layer("router", None, spot)
                    node = self.graph.nodes[member.name] = Node(member.name, kind[1], False, layer, "")
                found.append(node)
        return found

    def _prefix(self, made: Made, row: list[Any], kind: tuple[str, str]) -> str | None:
        """The prefix that a router is made with."""
        name = kind[0]
        if name in APPLICATIONS:
            return ""
        keyword = "prefix" if kind[1] == "fastapi" or name.endswith(".Api") else "url_prefix"
        if name in ("flask_restx.Namespace", "flask_restplus.Namespace"):
            keyword = "path"
        found = self.argument(row, -1, (keyword,))
        if found is None:
            if keyword == "path":
                named = self.texts.text(self.argument(row, 0, ("name",)), made.spot)
                return f"/{named}" if named is not None else None
            return self._inherited_prefix(made, row, keyword)
        spot = made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        return "" if self.texts.is_nothing(found, spot) else self.texts.text(found, spot)

    def _inherited_prefix(self, made: Made, row: list[Any], keyword: str) -> str | None:
        """The prefix that the constructor of a project's router class passes on."""
        for member in members(self.follower.callee(made)):
            method = self.world.classes.method(member.name, "__init__") if member.kind == "class" else None
            if method is None:
                continue
            path, scope = method
            func = Type("func", f"{path}:{scope.index}", (None,))
            names = self.follower.arguments(func, scope, path, row, made.spot)
            for call in scope.calls:
                given = self.argument(call, -1, (keyword,))
                if last_word(call[Call.FUNC]) == "__init__" and given is not None:
                    return self.texts.text(given, Spot(path, scope.index, 0, call[Call.ORDER], names))
        return "" if all(key is not None for key, _ in row[Call.KEYWORDS]) else None

    # -- decorators -------------------------------------------------------------------------------

    def _decorators(self, path: str, scope: Scope) -> None:
        outer = self.world.summary(path).scopes[scope.parent]
        for decorator in scope.decorators:
            if decorator is None or decorator[0] != "c":
                continue
            row = outer.calls[decorator[1]]
            callee = row[Call.FUNC]
            if callee is None or callee[0] != "a" or not (callee[2] in VERBS or callee[2] in DECLARE):
                continue
            spot = Spot(path, outer.index, row[Call.BLOCK], row[Call.ORDER])
            for node in self.nodes(callee[1], spot):
                self._declared(node, decorator, row, callee[2], spot, path, scope)

    def _declared(
        self, node: Node, decorator: Expr, row: list[Any], word: str, spot: Spot, path: str, scope: Scope
    ) -> None:
        made = Made(["cl" if scope.kind == "class" else "f", scope.index], Spot(path, scope.parent))
        handlers = self.handlers.of_made(made, node.framework)
        places: list[Expr] = [self.argument(row, 0, ("path", "rule", "uri"))]
        if node.framework == "flask" and scope.kind == "class":
            places = [e for e in row[Call.ARGS] if e is not None] or places
        methods = self._methods(node.framework, word, row, spot)
        for place in places:
            for handler in handlers:
                self._add(node, place, methods, handler, decorator, row, spot)

    def _methods(self, framework: str, word: str, row: list[Any], spot: Spot) -> tuple[str, ...]:
        if word.startswith("websocket"):
            return ("WEBSOCKET",)
        found = methods_of(word, row)
        if found:
            return tuple(sorted(found))
        listed = self.argument(row, -1, ("methods",))
        if listed is not None:
            elements = self.follower.elements(listed, spot)
            texts = [self.texts.text(made.expr, made.spot) for made in elements or ()]
            return tuple(sorted({t.upper() for t in texts if t is not None})) if None not in texts else ()
        return DEFAULT_METHODS.get(framework, ()) if word not in ("view", "add_view") else ()

    # -- calls ------------------------------------------------------------------------------------

    def _calls(self, path: str, scope: Scope, calls: tuple[tuple[int, str], ...]) -> None:
        for index, word in calls:
            row = scope.calls[index]
            callee = row[Call.FUNC]
            spot = Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER])
            if word in _CONSTRUCTORS:
                self._constructed(Made(["c", index], spot), row, word)
            if callee is None or callee[0] != "a":
                continue
            if word in INCLUDES:
                for point in self.follower.turns(spot):
                    self._include(["c", index], row, word, callee[1], point)
            elif word in _ADDING:
                for point in self.follower.turns(spot):
                    self._adding(["c", index], row, word, callee[1], point)

    def _adding(self, expr: Expr, row: list[Any], word: str, receiver: Expr, spot: Spot) -> None:
        for node in self.nodes(receiver, spot):
            if word == "add_routes":
                self._listed(node, row[Call.ARGS][0] if row[Call.ARGS] else None, spot, expr, row)
            elif word == "add_resource":
                for handler in self._handlers(self.argument(row, 0, ("resource",)), spot, node.framework):
                    for place in row[Call.ARGS][1:]:
                        self._add(node, place, (), handler, expr, row, spot)
            else:
                self._added(node, ADDS[word], word, expr, row, spot)

    def _added(
        self, node: Node, shape: tuple[int, tuple[str, ...], int, tuple[str, ...], str], word: str,
        expr: Expr, row: list[Any], spot: Spot,
    ) -> None:  # fmt: skip
        place, keys, target, names, method = shape
        if word == "add_route" and node.framework == "aiohttp":
            place, target, method = 1, 2, "?0"
        if method == "?0":
            given = self.texts.text(self.argument(row, 0, ("method",)), spot)
            methods: tuple[str, ...] = () if given in (None, "*") else (str(given).upper(),)
        else:
            methods = (method,) if method else self._methods(node.framework, word, row, spot)
        for handler in self._handlers(self.argument(row, target, names), spot, node.framework):
            self._add(node, self.argument(row, place, keys), methods, handler, expr, row, spot)

    def _handlers(self, expr: Expr, spot: Spot, framework: str) -> list[Handler]:
        return self.handlers.of(expr, spot, framework)

    def _add(
        self,
        node: Node,
        place: Expr,
        methods: tuple[str, ...],
        handler: Handler,
        expr: Expr,
        row: list[Any],
        spot: Spot,
    ) -> None:
        text = self.texts.text(place, spot)
        answers = handler.methods or methods
        if handler.methods and methods and node.framework != "flask":
            answers = tuple(m for m in handler.methods if m in methods) or handler.methods
        layer = Layer("route", expr, spot)
        step, branches = self.when(node.key, spot, row)
        self.graph.add(
            Item(text, answers, handler, "", layer, place_of(spot.path, row), step, branches), node
        )

    def _include(self, expr: Expr, row: list[Any], word: str, receiver: Expr, spot: Spot) -> None:
        owners = self.nodes(receiver, spot)
        if not owners:
            return
        position, keys, place, names = INCLUDES[word]
        child = _imported(self.argument(row, position, keys))
        children = self.prefixed(child, spot) if child is not None else []
        given = self.argument(row, place, names)
        for owner in owners:
            for node in children:
                self.include(owner, node, given, expr, row, spot)

    def include(
        self, owner: Node, child: Prefixed, given: Expr, expr: Expr, row: list[Any], spot: Spot
    ) -> None:
        """Put one node, with its own prefix, below another."""
        node, own = child
        prefix: str | None = ""
        is_given = given is not None and not self.texts.is_nothing(given, spot)
        if is_given:
            prefix = self.texts.text(given, spot)
            if last_word(row[Call.FUNC]) in ("mount", "add_subapp", "Mount") and prefix is not None:
                prefix = prefix.rstrip("/")
        elif any(key is None for key, _ in row[Call.KEYWORDS]):
            prefix = None
        if not (is_given and owner.framework in ("flask", "quart", "sanic")):
            # Flask's `register_blueprint(url_prefix=)` stands in place of the blueprint's own.
            prefix = prefix + own if prefix is not None and own is not None else None
        step, branches = self.when(owner.key, spot, row)
        layer = Layer("include", expr, spot)
        word = last_word(row[Call.FUNC])
        item = Item(prefix, (), None, node.key, layer, place_of(spot.path, row), step, branches, word)
        self.graph.add(item, owner)

    # -- constructors -----------------------------------------------------------------------------

    def _constructed(self, made: Made, row: list[Any], word: str) -> None:
        if word == "init_app":
            self._extended(row, made)
            return
        kind = self.kind_of(made)
        if kind is None:
            return
        node = self._node(made, kind)
        if kind[0] in EXTENSIONS and row[Call.ARGS]:
            for owner in self.nodes(row[Call.ARGS][0], made.spot):
                self.include(owner, (node, node.prefix), None, made.expr, row, made.spot)
        routes = self.argument(row, 0 if kind[0] == "starlette.routing.Router" else -1, ("routes",))
        if routes is not None:
            self._listed(node, routes, made.spot, made.expr, row)

    def _extended(self, row: list[Any], made: Made) -> None:
        """``api = Api(); api.init_app(app)``."""
        callee = row[Call.FUNC]
        if callee is None or callee[0] != "a" or not row[Call.ARGS]:
            return
        for node in self.nodes(callee[1], made.spot):
            kind = (
                self.kind_of(Made(node.layer.expr, node.layer.spot)) if node.layer.expr is not None else None
            )
            if kind is not None and kind[0] in EXTENSIONS:
                for owner in self.nodes(row[Call.ARGS][0], made.spot):
                    self.include(owner, (node, node.prefix), None, made.expr, row, made.spot)

    def _listed(self, node: Node, expr: Expr, spot: Spot, call: Expr, row: list[Any]) -> None:
        """``routes=[Route("/users", users), Mount("/admin", app=admin)]``, or a ``RouteTableDef``."""
        if expr is None:
            return
        tables = [n for n in self.prefixed(expr, spot) if n[0].key != node.key]
        for table in tables:
            self.include(node, table, None, call, row, spot)
        for made in self.follower.elements(expr, spot) or () if not tables else ():
            for element in self.follower.follow(made.expr, made.spot):
                if element.expr is not None and element.expr[0] == "c":
                    self._element(node, element)

    def _element(self, node: Node, made: Made) -> None:
        row = self.follower.row(made)
        for callee in members(self.follower.callee(made)):
            name = callee.name
            if callee.kind != "lib":
                continue
            if name in ROUTE_OBJECTS:
                word = name.rpartition(".")[2]
                self._added(node, ROUTE_OBJECTS[name], word, made.expr, row, made.spot)
            elif name == "starlette.routing.Mount":
                self._mounted(node, made, row)

    def _mounted(self, node: Node, made: Made, row: list[Any]) -> None:
        place = self.argument(row, 0, ("path",))
        below = self.argument(row, 1, ("app",))
        if below is not None:
            for child in self.prefixed(below, made.spot):
                self.include(node, child, place, made.expr, row, made.spot)
            return
        routes = self._node(made, ("starlette.routing.Mount", "starlette"))
        self.include(node, (routes, ""), place, made.expr, row, made.spot)

    # -- helpers ----------------------------------------------------------------------------------

    def argument(self, row: list[Any], position: int, keywords: tuple[str, ...]) -> Expr:
        """An argument by keyword or position; None when it is not given."""
        for key, expr in row[Call.KEYWORDS]:
            if key in keywords:
                return expr
        args = row[Call.ARGS]
        if (
            position < 0
            or position >= len(args)
            or any(a is not None and a[0] == "*" for a in args[: position + 1])
        ):
            return None
        return args[position]

    def when(self, owner: str, spot: Spot, row: list[Any]) -> tuple[Step, frozenset[tuple[str, int, int]]]:
        """When a registration happens, and on which branches it hangs."""
        places = [(spot.path, spot.scope, row[Call.ORDER])]
        branches = set(self._branches(spot))
        here = spot
        for _ in range(3):
            scope = self.follower.scope(here)
            if scope.kind not in ("function", "lambda"):
                break
            callers = self.follower.callers(here.path, scope) if scope.kind == "function" else ()
            if len(callers) != 1:
                break
            path, caller, call = callers[0]
            here = Spot(path, caller.index, call[Call.BLOCK], call[Call.ORDER])
            places.insert(0, (path, caller.index, call[Call.ORDER]))
            branches |= set(self._branches(here))
        if spot.names:
            # Turns of a loop share the call; the values of its variables come in order.
            places.append(("", -1, self._turn(spot)))
        return Step(owner, tuple(places)), frozenset(branches)

    def _turn(self, spot: Spot) -> int:
        scope = self.follower.scope(spot)
        base = spot._replace(names=())
        for number, point in enumerate(self.follower.turns(base) if scope.blocks else ()):
            if point.names == spot.names:
                return number
        return 0

    def _branches(self, spot: Spot) -> Iterator[tuple[str, int, int]]:
        scope = self.follower.scope(spot)
        for block in scope.ancestors(spot.block):
            kind = scope.blocks[block][Block.KIND]
            if kind not in _ALWAYS and not (spot.names and kind in ("for", "comp")):
                yield (spot.path, spot.scope, block)


def _imported(expr: Expr) -> Expr:
    """A router that is named by the text of its import: ``"orders.api.router"``."""
    named = expr is not None and expr[0] == "k" and isinstance(expr[1], str)
    module, dot, name = expr[1].rpartition(".") if named else ("", "", "")
    return ["im", module, name] if dot else expr


def place_of(path: str, row: list[Any]) -> Place:
    """Where a call is written."""
    return Place(path, row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])

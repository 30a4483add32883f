"""Handlers that are registered by a call elsewhere: ``path("users/", views.users)``, ``add_url_rule``.

Every module that registers something is read once; the answer for one function is a look-up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.ledger import settle
from archlint.project.routes.decorated import methods_of, path_of
from archlint.project.routes.names import Found, Names
from archlint.project.routes.route import HANDLER_NAMES, Route

if TYPE_CHECKING:
    from archlint.project.routes.view_classes import ViewClasses
    from archlint.project.world import World

#: A module that registers handlers mentions one of these words.
_WORDS = (
    "urlpatterns", "get_urls", "add_api_route", "add_api_websocket_route", "add_url_rule", "Route(",
    "router.add_",
    "add_resource(", "web.get(", "web.post(", "add_route(", "add_view(",
)  # fmt: skip

#: Position and keyword of the handler in calls of these names.
_PLACES: dict[str, tuple[int, str]] = {
    "path": (1, "view"), "re_path": (1, "view"), "url": (1, "view"),
    "add_api_route": (1, "endpoint"), "add_api_websocket_route": (1, "endpoint"),
    "add_websocket_route": (1, "route"), "add_route": (1, "route"),
    "Route": (1, "endpoint"), "WebSocketRoute": (1, "endpoint"), "APIRoute": (1, "endpoint"),
    "APIWebSocketRoute": (1, "endpoint"),
    "add_url_rule": (2, "view_func"), "add_resource": (0, "resource"),
    "add_get": (1, "handler"), "add_post": (1, "handler"),
    "add_put": (1, "handler"), "add_patch": (1, "handler"),
    "add_delete": (1, "handler"), "add_head": (1, "handler"), "add_view": (1, "handler"),
    "get": (1, "handler"), "post": (1, "handler"), "put": (1, "handler"), "patch": (1, "handler"),
    "delete": (1, "handler"), "view": (1, "handler"), "route": (2, "handler"),
}  # fmt: skip
#: Names that mean a registration whatever they are called on.
_DISTINCT = {
    "add_api_route": "fastapi", "add_api_websocket_route": "fastapi", "add_url_rule": "flask",
    "add_websocket_route": "starlette", "add_get": "aiohttp", "add_post": "aiohttp", "add_put": "aiohttp",
    "add_patch": "aiohttp", "add_delete": "aiohttp", "add_head": "aiohttp",
    "add_resource": "flask", "add_route": "starlette", "add_view": "aiohttp",
}  # fmt: skip
_LIBRARY = {
    "django.urls.path": "django", "django.urls.re_path": "django", "django.conf.urls.url": "django",
    "django.urls.conf.path": "django", "django.urls.conf.re_path": "django",
    "django.conf.urls.re_path": "django",
    "starlette.routing.Route": "starlette", "starlette.routing.WebSocketRoute": "starlette",
    "fastapi.routing.APIRoute": "fastapi", "fastapi.routing.APIWebSocketRoute": "fastapi",
    "aiohttp.web.get": "aiohttp", "aiohttp.web.post": "aiohttp", "aiohttp.web.put": "aiohttp",
    "aiohttp.web.patch": "aiohttp", "aiohttp.web.delete": "aiohttp", "aiohttp.web.view": "aiohttp",
    "aiohttp.web.route": "aiohttp",
}  # fmt: skip
_DEEP = 4


class _Tables(NamedTuple):
    """What is registered: functions and classes by their keys."""

    functions: dict[str, Route]
    classes: dict[str, Route]


class Registered:
    """The handlers that calls of the project register."""

    def __init__(self, world: World, views: ViewClasses) -> None:
        self.world = world
        self.views = views
        self.names = Names(world)
        self._tables: dict[str, _Tables] = world.answers()
        self._in_file: dict[str, tuple[tuple[Found, Route], ...]] = world.answers()

    def route(self, path: str, scope: Scope) -> Route | None:
        """The route that a function is registered for, itself or by its class."""
        found = self._all.functions.get(f"{path}:{scope.index}")
        if found is None and scope.parent >= 0 and scope.name in HANDLER_NAMES:
            found = self._of_class(path, scope)
        return found

    def _of_class(self, path: str, scope: Scope) -> Route | None:
        """A method of a registered class, or of a mixin below one."""
        if self.world.summary(path).scopes[scope.parent].kind != "class":
            return None
        owner = f"{path}:{scope.parent}"
        for key in self._heirs(owner):
            route = self._all.classes[key]
            framework = self.views.framework_of(key) or route.framework
            names = self.views.handler_names(key, framework)
            target = self.world.classes.method(key, scope.name) if scope.name in names else None
            if target is not None and (target[0], target[1].index) == (path, scope.index):
                method = names[scope.name]
                return Route(framework, (method,) if method else (), route.path)
        return None

    def _heirs(self, owner: str) -> Iterator[str]:
        classes = self._all.classes
        if owner in classes:
            yield owner
        for key in tuple(classes):
            if key != owner and self.world.classes.is_subclass(key, owner):
                yield key

    def pattern_of_class(self, key: str) -> str:
        """The path pattern that a view class, or one below it, is registered under; empty when unknown."""
        classes = self._all.classes
        return next((classes[heir].path for heir in self._heirs(key)), "")

    # -- reading --------------------------------------------------------------------------------

    @property
    def _all(self) -> _Tables:
        """All that is registered; while it is read, what has been read so far."""
        found = self._tables.get("")
        if found is None:
            found = _Tables({}, {})
            settle(self._tables, "", found, lambda: self._fill(found))
        return found

    def _fill(self, tables: _Tables) -> _Tables:
        for path in sorted({path for word in _WORDS for path in self.world.mentioning(word)}):
            for found, route in self._of_file(path):
                table = tables.functions if found.kind == "func" else tables.classes
                table.setdefault(found.name, route)
        return tables

    def _of_file(self, path: str) -> tuple[tuple[Found, Route], ...]:
        if path not in self._in_file:
            self._in_file[path] = tuple(
                registered
                for scope in self.world.summary(path).scopes
                for row in scope.calls
                for registered in self._read_call(row, path, scope)
            )
        return self._in_file[path]

    def _read_call(self, row: list[Any], path: str, scope: Scope) -> Iterator[tuple[Found, Route]]:
        callee = row[Call.FUNC]
        if callee is None or callee[0] not in ("n", "a"):
            return
        word = callee[2] if callee[0] == "a" else self._imported_as(callee[1], path)
        if word not in _PLACES or len(row[Call.ARGS]) + len(row[Call.KEYWORDS]) < 2:
            return
        framework = _DISTINCT.get(word) or self._library(callee, path, scope)
        if not framework:
            return
        route = Route(
            framework, methods_of(word.removeprefix("add_"), row), path_of(row) or _longest_path(row)
        )
        if word == "add_route" and _names_method_first(row):
            method = _text(row[Call.ARGS][0])
            route = Route("aiohttp", () if method == "*" else (method.upper(),), _text(row[Call.ARGS][1]))
        for found in self._targets(self._handler(word, row), path, scope, _DEEP):
            yield found, route

    def _imported_as(self, name: str, path: str) -> str:
        """The name that an import gave a thing, as its module calls it: ``path`` for ``path as url``."""
        rows = self.world.summary(path).scopes[0].binds.get(name)
        expr = rows[-1][Bind.EXPR] if rows else None
        return expr[2] or name if expr is not None and expr[0] == "im" else name

    def _library(self, callee: Expr, path: str, scope: Scope) -> str:
        found = self.names.find(callee, path, scope)
        return _LIBRARY.get(found.name, "") if found is not None and found.kind == "lib" else ""

    def _handler(self, word: str, row: list[Any]) -> Expr:
        position, keyword = _PLACES[word]
        args = row[Call.ARGS]
        if word == "add_route" and _names_method_first(row):
            position = 2
        for key, expr in row[Call.KEYWORDS]:
            if key in (keyword, "handler"):
                return expr
        return args[position] if position < len(args) else None

    def _targets(self, expr: Expr, path: str, scope: Scope, depth: int) -> Iterator[Found]:
        """The project functions and view classes that an expression hands over."""
        found = self.names.find(expr, path, scope) if depth else None
        if found is None:
            return
        if found.kind in ("func", "class"):
            yield found
        elif found.kind == "call":
            where, _, index = found.name.rpartition(":")
            owner = self.world.summary(where).scopes[int(index)]
            row = owner.calls[found.expr[1]]
            callee = row[Call.FUNC]
            if callee is not None and callee[0] == "a" and callee[2] == "as_view":
                yield from self._targets(callee[1], where, owner, depth - 1)
                return
            # `login_required(view)`, `cache_page(60)(view)`
            for argument in row[Call.ARGS][:3]:
                yield from self._targets(argument, where, owner, depth - 1)


def _names_method_first(row: list[Any]) -> bool:
    """Whether the order is that of aiohttp: ``add_route("GET", "/users", users)``."""
    args = row[Call.ARGS]
    return len(args) > 2 and args[2] is not None and args[2][0] in ("n", "a")


def _longest_path(row: list[Any]) -> str:
    """The path of ``add_resource(Users, "/users", "/users/<name>")`` that has all the places."""
    texts = [a[1] for a in row[Call.ARGS][1:] if a is not None and a[0] == "k" and isinstance(a[1], str)]
    return max((t for t in texts if t.startswith("/")), key=len, default="")


def _text(expr: Expr) -> str:
    return str(expr[1]) if expr is not None and expr[0] == "k" and isinstance(expr[1], str) else "*"

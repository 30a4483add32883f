"""Handlers that a decorator declares: ``@router.get("/users")``, ``@expose("/")``, ``@api_view(["GET"])``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge.routing import ROUTERS
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.routes.route import VERBS, Route
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_DEEP = 3

#: Methods of routers, besides the verbs, that declare handlers.
DECLARE = frozenset(("route", "api_route", "websocket", "websocket_route", "view", "expose", "api_operation"))

#: Decorator functions of libraries that make a function a handler.
_FUNCTIONS = {
    "rest_framework.decorators.api_view": "drf", "rest_framework.decorators.action": "drf",
    "rest_framework.decorators.detail_route": "drf", "rest_framework.decorators.list_route": "drf",
    "django.views.decorators.http.require_http_methods": "django",
    "django.views.decorators.http.require_GET": "django",
    "django.views.decorators.http.require_POST": "django",
    "django.views.decorators.http.require_safe": "django",
    "flask_appbuilder.expose": "flask", "flask_appbuilder.baseviews.expose": "flask",
    "flask_appbuilder.api.expose": "flask", "flask_appbuilder.views.expose": "flask",
    "flask_admin.expose": "flask",
    "litestar.get": "litestar", "litestar.post": "litestar", "litestar.put": "litestar",
    "litestar.patch": "litestar",
    "litestar.delete": "litestar", "litestar.route": "litestar",
    "ninja_extra.http_get": "django-ninja", "ninja_extra.http_post": "django-ninja",
    "ninja_extra.http_put": "django-ninja", "ninja_extra.http_patch": "django-ninja",
    "ninja_extra.http_delete": "django-ninja",
}  # fmt: skip

_IMPORTS = (
    "fastapi", "flask_appbuilder", "flask", "starlette", "aiohttp", "quart", "sanic", "litestar", "ninja",
    "tornado",
)  # fmt: skip
_FAMILY = {"flask_appbuilder": "flask", "ninja": "django-ninja"}


class Decorated:
    """Reads the decorators of functions."""

    def __init__(self, world: World) -> None:
        self.world = world

    def route(self, path: str, scope: Scope) -> Route | None:
        """The first route that a decorator of this function declares."""
        if not scope.decorators or scope.parent < 0:
            return None
        outer = self.world.evaluator.frame(path, scope.parent, (), _DEEP)
        for decorator in scope.decorators:
            found = self._one(decorator, outer)
            if found is not None:
                return found
        return None

    def _one(self, decorator: Expr, outer: Frame) -> Route | None:
        if decorator is None:
            return None
        if decorator[0] != "c":
            return self._function(decorator, None, outer)
        row = outer.scope.calls[decorator[1]]
        callee = row[Call.FUNC]
        if callee is None:
            return None
        if callee[0] == "a" and (callee[2] in VERBS or callee[2] in DECLARE):
            receiver = self.world.evaluator.eval(callee[1], outer, row[Call.BLOCK], row[Call.ORDER])
            framework = self.framework_of(receiver)
            if framework:
                return Route(framework, methods_of(callee[2], row), path_of(row))
            if receiver is None or receiver.kind == "lib":
                return self._function(callee, row, outer) or self._by_shape(callee[2], row, outer.path)
        return self._function(callee, row, outer)

    def framework_of(self, value: Type | None) -> str:
        """The framework whose application or router a value is, or ``""``."""
        for member in members(value):
            if member.kind == "inst":
                for base in self._bases(member.name):
                    if base in ROUTERS:
                        return ROUTERS[base]
        return ""

    def _bases(self, name: str) -> list[str]:
        if is_project(name):
            return sorted(self.world.classes.library_bases(name))
        return list(self.world.evaluator.library.mro(name))

    def _function(self, callee: Expr, row: list[Any] | None, outer: Frame) -> Route | None:
        block, order = (row[Call.BLOCK], row[Call.ORDER]) if row is not None else (0, 1 << 60)
        value = self.world.evaluator.eval(callee, outer, block, order)
        if value is None or (row is None and value.kind != "lib"):
            return None
        if value.kind == "lib" and value.name in _FUNCTIONS:
            word = value.name.rpartition(".")[2]
            path = path_of(row) if row is not None and _FUNCTIONS[value.name] != "django" else ""
            return Route(_FUNCTIONS[value.name], methods_of(word, row), path)
        if value.kind == "func" and row is not None:
            word = callee[1] if callee[0] == "n" else callee[2]
            if word in VERBS or word in DECLARE:
                return self._by_shape(word, row, value.name.rpartition(":")[0]) or self._by_shape(
                    word, row, outer.path
                )
        return None

    def _by_shape(self, word: str, row: list[Any], path: str) -> Route | None:
        """A decorator of unknown origin that is written as a route, in a module of a web framework."""
        target = path_of(row)
        if not target.startswith("/"):
            return None
        framework = self._imported(path)
        return Route(framework, methods_of(word, row), target) if framework else None

    def _imported(self, path: str) -> str:
        """The web framework that a module imports."""
        modules = set()
        for scope in self.world.summary(path).scopes[:1]:
            for rows in scope.binds.values():
                expr = rows[-1][Bind.EXPR]
                if expr is not None and expr[0] == "im":
                    modules.add(expr[1].partition(".")[0])
        found = next((name for name in _IMPORTS if name in modules), "")
        return _FAMILY.get(found, found)


def path_of(row: list[Any]) -> str:
    """The path pattern that a call declares."""
    args = row[Call.ARGS]
    if args and args[0] is not None and args[0][0] == "k" and isinstance(args[0][1], str):
        return args[0][1]
    for key, expr in row[Call.KEYWORDS]:
        if key in ("path", "rule", "url", "url_path") and expr is not None and expr[0] == "k":
            return str(expr[1])
    return ""


def methods_of(word: str, row: list[Any] | None) -> tuple[str, ...]:
    """The HTTP methods that a declaration names, in capitals."""
    bare = word.removeprefix("require_").removeprefix("http_").lower()
    if bare in VERBS:
        return (bare.upper(),)
    if row is None:
        return ()
    listed: Expr = None
    for key, expr in row[Call.KEYWORDS]:
        if key in ("methods", "http_method_names"):
            listed = expr
    if listed is None and row[Call.ARGS] and word in ("api_view", "require_http_methods"):
        listed = row[Call.ARGS][0]
    if listed is None:
        # Django REST framework: what names no method is a GET.
        return ("GET",) if word in ("action", "api_view") else ()
    if listed[0] not in ("l", "t", "e"):
        return ()
    names = [e[1] for e in listed[1] if e is not None and e[0] == "k" and isinstance(e[1], str)]
    return tuple(name.upper() for name in names)

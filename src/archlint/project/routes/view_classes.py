"""Handlers that are methods of view classes: ``class Users(MethodView): def get(self): ...``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Param, Scope
from archlint.project.routes.route import ACTIONS, DISPATCH, HANDLER_NAMES, VERBS, Route

if TYPE_CHECKING:
    from archlint.project.world import World

#: View classes of the frameworks whose methods are named after HTTP verbs.
_VIEWS = {
    "rest_framework.views.APIView": "drf",
    "django.views.View": "django",
    "flask.views.View": "flask", "flask.views.MethodView": "flask", "flask_restful.Resource": "flask",
    "flask_restx.Resource": "flask", "flask_restplus.Resource": "flask", "flask_classful.FlaskView": "flask",
    "quart.views.MethodView": "quart", "quart.views.View": "quart",
    "aiohttp.web.View": "aiohttp", "aiohttp_cors.CorsViewMixin": "aiohttp",
    "tornado.web.RequestHandler": "tornado", "tornado.websocket.WebSocketHandler": "tornado",
    "starlette.endpoints.HTTPEndpoint": "starlette", "starlette.endpoints.WebSocketEndpoint": "starlette",
    "sanic.views.HTTPMethodView": "sanic",
}  # fmt: skip
#: Families of library views that the tables do not list one by one.
_FAMILIES = {
    "django.views.generic.": "django",
    "django.contrib.auth.views.": "django",
    "rest_framework.viewsets.": "drf",
    "rest_framework.generics.": "drf",
}
_VIEW_SETS = "rest_framework.viewsets."
#: Annotations that no function but a handler has, together with the name of a verb.
_REQUESTS = ("aiohttp.web.Request",)


class ViewClasses:
    """Tells by the class whether a method answers requests."""

    def __init__(self, world: World) -> None:
        self.world = world

    def framework_of(self, key: str) -> str:
        """The framework whose view a class is, or ``""``."""
        bases = self.world.classes.library_bases(key)
        for base, framework in _VIEWS.items():
            if base in bases:
                return framework
        for base in sorted(bases):
            for prefix, framework in _FAMILIES.items():
                if base.startswith(prefix):
                    return framework
        return ""

    def is_view_set(self, key: str) -> bool:
        """Whether a class is a view set of Django REST framework."""
        return any(base.startswith(_VIEW_SETS) for base in self.world.classes.library_bases(key))

    def handler_names(self, key: str, framework: str) -> dict[str, str]:
        """The names of methods that answer requests, with the HTTP method they answer."""
        names = {verb: verb.upper() for verb in VERBS}
        if framework in DISPATCH:
            names[DISPATCH[framework]] = ""
        if framework == "drf" and self.is_view_set(key):
            names.update(ACTIONS)
        return names

    def route(self, path: str, scope: Scope) -> Route | None:
        """The route of a method of a view class."""
        if scope.parent < 0 or scope.name not in HANDLER_NAMES:
            return None
        owner = self.world.summary(path).scopes[scope.parent]
        if owner.kind != "class" or not scope.params:
            return None
        key = f"{path}:{owner.index}"
        framework = self.framework_of(key)
        if framework:
            names = self.handler_names(key, framework)
            if scope.name not in names:
                return None
            method = names[scope.name]
            return Route(framework, (method,) if method else (), "")
        if scope.name in VERBS and self._takes_request(path, scope):
            return Route("aiohttp", (scope.name.upper(),), "")
        return None

    def _takes_request(self, path: str, scope: Scope) -> bool:
        """Whether the first parameter after the receiver is annotated as a request."""
        if len(scope.params) < 2 or scope.params[1][Param.ANNOTATION] is None:
            return False
        outer = self.world.evaluator.frame(path, scope.parent, (), 2)
        value = self.world.evaluator.annotation(scope.params[1][Param.ANNOTATION], outer)
        return value is not None and value.name in _REQUESTS

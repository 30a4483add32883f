"""Applications, routers and the calls that fill them, framework by framework."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Objects whose decorators and methods declare handlers, and their framework.
ROUTERS: dict[str, str] = {
    "fastapi.FastAPI": "fastapi", "fastapi.APIRouter": "fastapi",
    "starlette.applications.Starlette": "starlette", "starlette.routing.Router": "starlette",
    "flask.Flask": "flask", "flask.Blueprint": "flask", "flask.sansio.scaffold.Scaffold": "flask",
    "flask_smorest.Blueprint": "flask", "flask_openapi3.OpenAPI": "flask",
    "flask_openapi3.APIBlueprint": "flask",
    "apiflask.APIFlask": "flask", "apiflask.APIBlueprint": "flask", "flask_restx.Namespace": "flask",
    "flask_restx.Api": "flask", "flask_appbuilder.AppBuilder": "flask",
    "quart.Quart": "quart", "quart.Blueprint": "quart",
    "aiohttp.web.RouteTableDef": "aiohttp",
    "ninja.NinjaAPI": "django-ninja", "ninja.Router": "django-ninja",
    "ninja_extra.NinjaExtraAPI": "django-ninja",
    "sanic.Sanic": "sanic", "sanic.Blueprint": "sanic",
    "cadwyn.VersionedAPIRouter": "fastapi", "cadwyn.Cadwyn": "fastapi",
    "fastapi_utils.inferring_router.InferringRouter": "fastapi",
}

#: Objects that hold routes besides these.
HOLDERS: dict[str, str] = {
    "aiohttp.web.Application": "aiohttp", "aiohttp.web.UrlDispatcher": "aiohttp",
    "starlette.routing.Mount": "starlette", "starlette.routing.Host": "starlette",
    "flask_restful.Api": "flask", "flask_restplus.Api": "flask", "flask_restplus.Namespace": "flask",
    "flask_smorest.Api": "flask",
    "rest_framework.routers.BaseRouter": "drf", "rest_framework.routers.SimpleRouter": "drf",
    "rest_framework.routers.DefaultRouter": "drf", "rest_framework_nested.routers.SimpleRouter": "drf",
    "rest_framework_nested.routers.DefaultRouter": "drf", "rest_framework_extensions.routers.ExtendedSimpleRouter": "drf",
    "rest_framework_extensions.routers.ExtendedDefaultRouter": "drf",
}

#: Functions that make a pattern of Django, and whether it is a path or a regular expression.
URL_FUNCTIONS: dict[str, str] = {
    "django.urls.path": "path", "django.urls.re_path": "regex", "django.conf.urls.url": "regex",
    "django.urls.conf.path": "path", "django.urls.conf.re_path": "regex", "django.conf.urls.re_path": "regex",
}

#: Functions that take patterns and give patterns, and the prefix they put in front.
URL_WRAPPERS: dict[str, str] = {
    "django.conf.urls.i18n.i18n_patterns": "<language>/",
    "rest_framework.urlpatterns.format_suffix_patterns": "",
}

#: The decorator by which views of Flask-AppBuilder declare handlers, and the calls that add such views.
FAB_EXPOSE: frozenset[str] = frozenset((
    "flask_appbuilder.expose", "flask_appbuilder.api.expose", "flask_appbuilder.baseviews.expose",
    "flask_appbuilder.views.expose",
))
FAB_ADDS: tuple[str, ...] = ("add_api", "add_view", "add_view_no_menu")

#: Views of libraries and the methods they answer by themselves.
VIEW_METHODS: dict[str, tuple[str, ...]] = {
    "django.views.generic.base.TemplateView": ("GET",), "django.views.generic.TemplateView": ("GET",),
    "django.views.generic.ListView": ("GET",), "django.views.generic.DetailView": ("GET",),
    "django.views.generic.list.ListView": ("GET",), "django.views.generic.detail.DetailView": ("GET",),
    "django.views.generic.CreateView": ("GET", "POST"), "django.views.generic.UpdateView": ("GET", "POST"),
    "django.views.generic.DeleteView": ("GET", "POST"), "django.views.generic.FormView": ("GET", "POST"),
    "django.views.generic.edit.CreateView": ("GET", "POST"), "django.views.generic.edit.UpdateView": ("GET", "POST"),
    "django.views.generic.edit.DeleteView": ("GET", "POST"), "django.views.generic.edit.FormView": ("GET", "POST"),
    "rest_framework.generics.ListAPIView": ("GET",), "rest_framework.generics.RetrieveAPIView": ("GET",),
    "rest_framework.generics.CreateAPIView": ("POST",), "rest_framework.generics.DestroyAPIView": ("DELETE",),
    "rest_framework.generics.UpdateAPIView": ("PATCH", "PUT"),
    "rest_framework.generics.ListCreateAPIView": ("GET", "POST"),
    "rest_framework.generics.RetrieveUpdateAPIView": ("GET", "PATCH", "PUT"),
    "rest_framework.generics.RetrieveDestroyAPIView": ("DELETE", "GET"),
    "rest_framework.generics.RetrieveUpdateDestroyAPIView": ("DELETE", "GET", "PATCH", "PUT"),
}

#: Base classes of Django REST framework that bring an action along.
DRF_MIXINS: dict[str, tuple[str, ...]] = {
    "list": ("rest_framework.mixins.ListModelMixin",), "create": ("rest_framework.mixins.CreateModelMixin",),
    "retrieve": ("rest_framework.mixins.RetrieveModelMixin",), "update": ("rest_framework.mixins.UpdateModelMixin",),
    "partial_update": ("rest_framework.mixins.UpdateModelMixin",), "destroy": ("rest_framework.mixins.DestroyModelMixin",),
}

#: Objects that answer requests by themselves: a path below them is the full one.
APPLICATIONS: frozenset[str] = frozenset((
    "fastapi.FastAPI", "starlette.applications.Starlette", "flask.Flask", "flask_openapi3.OpenAPI",
    "apiflask.APIFlask", "quart.Quart", "aiohttp.web.Application", "sanic.Sanic",
))

#: Extensions that add to an application: they take it as the first argument or by ``init_app``.
EXTENSIONS: frozenset[str] = frozenset((
    "flask_restful.Api", "flask_restx.Api", "flask_restplus.Api", "flask_smorest.Api", "flask_appbuilder.AppBuilder",
))

#: Calls that put one router below another: position and keyword of the router, of the prefix.
INCLUDES: dict[str, tuple[int, tuple[str, ...], int, tuple[str, ...]]] = {
    "include_router": (0, ("router",), -1, ("prefix",)),
    "register_blueprint": (0, ("blueprint", "blp"), -1, ("url_prefix",)),
    "register_api": (0, ("api",), -1, ("url_prefix",)),
    "mount": (1, ("app",), 0, ("path",)),
    "add_subapp": (1, ("subapp",), 0, ("prefix",)),
    "add_router": (1, ("router",), 0, ("prefix",)),
    "blueprint": (0, ("blueprint",), -1, ("url_prefix",)),
    "add_namespace": (0, ("ns",), 1, ("path",)),
}

#: Calls that add one handler: position and keywords of the path and of the handler, and the methods they mean.
ADDS: dict[str, tuple[int, tuple[str, ...], int, tuple[str, ...], str]] = {
    "add_api_route": (0, ("path",), 1, ("endpoint",), ""),
    "add_api_websocket_route": (0, ("path",), 1, ("endpoint",), "WEBSOCKET"),
    "add_websocket_route": (0, ("path",), 1, ("route",), "WEBSOCKET"),
    "add_url_rule": (0, ("rule",), 2, ("view_func",), ""),
    "add_get": (0, ("path",), 1, ("handler",), "GET"), "add_post": (0, ("path",), 1, ("handler",), "POST"),
    "add_put": (0, ("path",), 1, ("handler",), "PUT"), "add_patch": (0, ("path",), 1, ("handler",), "PATCH"),
    "add_delete": (0, ("path",), 1, ("handler",), "DELETE"), "add_head": (0, ("path",), 1, ("handler",), "HEAD"),
    "add_view": (0, ("path",), 1, ("handler",), ""),
    "add_route": (0, ("path", "uri"), 1, ("route", "handler"), ""),
}

#: Route objects in lists: as above.
ROUTE_OBJECTS: dict[str, tuple[int, tuple[str, ...], int, tuple[str, ...], str]] = {
    "starlette.routing.Route": (0, ("path",), 1, ("endpoint",), ""),
    "starlette.routing.WebSocketRoute": (0, ("path",), 1, ("endpoint",), "WEBSOCKET"),
    "fastapi.routing.APIRoute": (0, ("path",), 1, ("endpoint",), ""),
    "fastapi.routing.APIWebSocketRoute": (0, ("path",), 1, ("endpoint",), "WEBSOCKET"),
    "aiohttp.web.get": (0, ("path",), 1, ("handler",), "GET"), "aiohttp.web.post": (0, ("path",), 1, ("handler",), "POST"),
    "aiohttp.web.put": (0, ("path",), 1, ("handler",), "PUT"), "aiohttp.web.patch": (0, ("path",), 1, ("handler",), "PATCH"),
    "aiohttp.web.delete": (0, ("path",), 1, ("handler",), "DELETE"),
    "aiohttp.web.head": (0, ("path",), 1, ("handler",), "HEAD"),
    "aiohttp.web.view": (0, ("path",), 1, ("handler",), ""),
    "aiohttp.web.route": (1, ("path",), 2, ("handler",), "?0"),
}

#: Methods that a route answers when it names none.
DEFAULT_METHODS: dict[str, tuple[str, ...]] = {
    "fastapi": ("GET",), "starlette": ("GET",), "flask": ("GET",), "quart": ("GET",), "sanic": ("GET",),
}

"""Which functions are handlers, for every framework: ``# framework METHODS path`` after the ``def``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from archlint.project.project import Project

_MARK = re.compile(r"def (\w+)\(.*#: (.*)$")

FASTAPI = {
    "app.py": """
        from fastapi import APIRouter, FastAPI
        from service.routing import OwnRouter, make_router
        app = FastAPI()
        router = APIRouter(prefix="/users")
        own = OwnRouter()
        made = make_router()

        @app.get("/")
        async def root():  #: fastapi GET /
            pass

        @router.post("/{id}", status_code=201)
        def create(id: int):  #: fastapi POST /{id}
            pass

        @own.delete(path="/x")
        def remove():  #: fastapi DELETE /x
            pass

        @made.api_route("/many", methods=["GET", "put"])
        def many():  #: fastapi GET,PUT /many
            pass

        @app.websocket("/ws")
        async def socket(websocket):  #: fastapi - /ws
            pass

        @app.exception_handler(404)
        def not_found(request, error):
            pass

        @app.middleware("http")
        async def middle(request, call_next):
            pass

        class Api:
            def __init__(self):
                self.router = APIRouter()
                self.router.add_api_route("/added", self.added, methods=["GET"])

            def added(self):  #: fastapi GET /added
                pass

            def helper(self):
                pass

            def build(self):
                @self.router.get("/inner")
                def inner():  #: fastapi GET /inner
                    pass

        class Runner:
            def __init__(self, app: FastAPI):
                @app.patch("/closure")
                def closure():  #: fastapi PATCH /closure
                    pass
        """,
    "service/__init__.py": "",
    "service/routing.py": """
        from fastapi import APIRouter

        class OwnRouter(APIRouter):
            pass

        def make_router():
            return APIRouter()
        """,
}

STARLETTE = {
    "app.py": """
        from starlette.applications import Starlette
        from starlette.endpoints import HTTPEndpoint
        from starlette.routing import Mount, Route, WebSocketRoute
        from views import listed as shown

        async def home(request):  #: starlette GET /
            pass

        def other(request):
            pass

        class Item(HTTPEndpoint):
            async def get(self, request):  #: starlette GET -
                pass

            async def dispatch(self):
                pass

        app = Starlette(routes=[
            Route("/", home, methods=["GET"]),
            Mount("/m", routes=[Route("/listed", endpoint=shown)]),
            Route("/item", Item),
        ])
        """,
    "views.py": """
        def listed(request):  #: starlette - /listed
            pass
        """,
}

FLASK = {
    "app.py": """
        from flask import Blueprint, Flask
        from flask.views import MethodView
        from flask_restful import Api, Resource
        from flask_appbuilder import BaseView, expose
        import handlers
        app = Flask(__name__)
        bp = Blueprint("bp", __name__)
        api = Api(app)

        @app.route("/", methods=["GET", "POST"])
        def index():  #: flask GET,POST /
            pass

        @bp.get("/one")
        def one():  #: flask GET /one
            pass

        @bp.before_request
        def before():
            pass

        class Users(MethodView):
            init_every_request = False

            def get(self, id):  #: flask GET -
                pass

            def _load(self, id):
                pass

        class Item(Resource):
            def put(self):  #: flask PUT -
                pass

        class Chart(BaseView):
            @expose("/list")
            def list(self):  #: flask - /list
                pass

        class Plain:
            def get(self, key):
                pass

        bp.add_url_rule("/rule", view_func=handlers.rule)
        bp.add_url_rule("/late", "late", handlers.late, methods=["POST"])
        api.add_resource(Item, "/item")
        """,
    "handlers.py": """
        def rule():  #: flask - /rule
            pass

        def late():  #: flask POST /late
            pass

        def helper():
            pass
        """,
}

DJANGO = {
    "shop/__init__.py": "",
    "shop/urls.py": """
        from django.contrib.auth.decorators import login_required
        from django.urls import include, path, re_path as url_
        from . import views
        from .views import Detail, listing

        urlpatterns = [
            path("", listing),
            path("wrapped/", login_required(views.wrapped)),
            url_(r"^old$", views.old, name="old"),
            path("detail/", Detail.as_view()),
            path("mixed/", views.mixed),
            path("api/", include("shop.api")),
        ]
        """,
    "shop/views.py": """
        from django.views import View
        from django.views.generic import ListView
        from django.views.decorators.http import require_POST
        from vendor.views import ForeignView
        from django.contrib.auth.decorators import login_required

        def listing(request):  #: django - -
            pass

        def wrapped(request):  #: django - wrapped/
            pass

        def old(request):  #: django - ^old$
            pass

        def helper(request):
            pass

        @login_required
        @require_POST
        def posted(request):  #: django POST -
            pass

        class Detail(View):
            def get(self, request, pk):  #: django GET -
                pass

            def get_object(self):
                pass

        class Saves:
            def post(self, request):  #: django POST mixed/
                pass

        class Mixed(Saves, ForeignView):
            pass

        mixed = login_required(Mixed.as_view())
        """,
}

DRF = {
    "api.py": """
        from rest_framework.decorators import action, api_view
        from rest_framework.views import APIView
        from rest_framework.viewsets import ModelViewSet, ViewSetMixin
        from rest_framework.serializers import Serializer

        @api_view(["GET", "POST"])
        def items(request):  #: drf GET,POST -
            pass

        class Items(APIView):
            def get(self, request):  #: drf GET -
                pass

            def create(self, request):
                pass

        class Base(ModelViewSet):
            pass

        class ItemViewSet(Base):
            def list(self, request):  #: drf GET -
                pass

            def partial_update(self, request, pk):  #: drf PATCH -
                pass

            @action(detail=True, methods=["post"], url_path="go")
            def run(self, request, pk):  #: drf POST go
                pass

            def get_queryset(self):
                pass

        class ItemSerializer(Serializer):
            def create(self, validated_data):
                pass
        """,
}

AIOHTTP = {
    "app.py": """
        from aiohttp import web
        routes = web.RouteTableDef()

        @routes.get("/hello")
        async def hello(request):  #: aiohttp GET /hello
            pass

        async def added(request):  #: aiohttp GET /added
            pass

        async def third(request):  #: aiohttp - /third
            pass

        async def listed(request):  #: aiohttp POST /listed
            pass

        @routes.view("/view")
        class Thing(web.View):
            async def get(self):  #: aiohttp GET -
                pass

        class Own:
            async def post(self, request: web.Request) -> web.Response:  #: aiohttp POST -
                pass

            async def get(self, key: str):
                pass

        def setup(app):
            app.router.add_get("/added", added)
            app.router.add_route("*", "/third", third)
            app.add_routes([web.post("/listed", listed)])
        """,
}

TORNADO = {
    "app.py": """
        from tornado.web import RequestHandler, authenticated

        class Base(RequestHandler):
            def prepare(self):
                pass

        class Users(Base):
            @authenticated
            async def get(self):  #: tornado GET -
                pass

            def write_user(self):
                pass
        """,
}

UNKNOWN_ROUTER = {
    "app.py": """
        from fastapi import Depends
        from vendor import router, registry

        @router.get("/users")
        def users():  #: fastapi GET /users
            pass

        @registry.get("users")
        def plugin():
            pass
        """,
    "cache.py": """
        from vendor import cache

        @cache.get("/key")
        def cached():
            pass
        """,
}


def found(root: Path, files: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    with closing(Project(root)) as project:
        for name in files:
            path = root / name
            for function in project.open(path, path.read_bytes(), display=name).functions:
                route = function.route
                if route is not None:
                    methods = ",".join(route.methods) or "-"
                    yield name, function.name, f"{route.framework} {methods} {route.path or '-'}"


@pytest.mark.parametrize(
    "files", [FASTAPI, STARLETTE, FLASK, DJANGO, DRF, AIOHTTP, TORNADO, UNKNOWN_ROUTER],
    ids=["fastapi", "starlette", "flask", "django", "drf", "aiohttp", "tornado", "unknown-router"],
)  # fmt: skip
def test_routes(files: dict[str, str], tmp_path: Path) -> None:
    expected = []
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        marks = filter(None, map(_MARK.search, text.splitlines()))
        expected += [(name, mark[1], mark[2].strip()) for mark in marks]
    assert sorted(found(tmp_path, files)) == sorted(expected)

"""The route table: full paths, who may call, order, for every framework."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from archlint.project.project import Project
from archlint.project.routes.entry import RouteEntry

EXAMPLES = Path(__file__).parents[2] / "examples"


def entries(tree: Path, files: dict[str, str]) -> tuple[RouteEntry, ...]:
    """The table of a small project."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    with closing(Project(tree)) as project:
        found = project.world.route_table.all()
        for entry in found:
            # Lazy answers are computed while the project is open.
            _ = entry.authenticated, entry.dependencies, entry.bodies, entry.responses
        return found


def shown(found: tuple[RouteEntry, ...]) -> dict[str, str]:
    """``GET /path`` to the name of the handler; unknown prefixes as ``?``."""
    return {f"{','.join(e.methods) or '*'} {path(e)}": e.name for e in found}


def path(entry: RouteEntry) -> str:
    return entry.path if entry.path is not None else f"?{entry.tail}"


def access(found: tuple[RouteEntry, ...]) -> dict[str, str]:
    """The name of the handler to whether strangers are refused."""
    return {e.name: e.authenticated.answer for e in found}


FASTAPI = {
    "app/main.py": """
        from fastapi import Depends, FastAPI
        from app import config
        from app.api import api_router, make_router
        from app.security import check_key
        from app.settings import settings

        app = FastAPI()
        admin = FastAPI(dependencies=[Depends(check_key)])

        def add_routes(target: FastAPI):
            target.include_router(api_router, prefix=f"{settings.API}/v1")

        add_routes(app)
        for router, prefix in [(make_router("a"), "/a"), (make_router("b"), "/b")]:
            app.include_router(router, prefix=prefix)
        app.mount("/admin", admin)
        app.include_router(make_router("c"), prefix=config.unknown())

        @admin.get("/stats")
        def stats(): ...
        """,
    "app/settings.py": """
        from pydantic_settings import BaseSettings

        class Settings(BaseSettings):
            API: str = "/api"

        settings = Settings()
        """,
    "app/config.py": "import other\nunknown = other.unknown\n",
    "app/security.py": """
        from typing import Annotated
        from fastapi import Depends, Header, HTTPException, status
        from fastapi.security import OAuth2PasswordBearer

        optional = OAuth2PasswordBearer(tokenUrl="t", auto_error=False)

        def check_key(x_key: str = Header()):
            refuse_unless(x_key == "1")

        def refuse_unless(condition: bool):
            if not condition:
                raise HTTPException(status.HTTP_403_FORBIDDEN)

        def current_user(token: Annotated[str | None, Depends(optional)]):
            if token is None:
                raise HTTPException(status_code=401)
            return token

        def maybe_user(token: Annotated[str | None, Depends(optional)]):
            return token

        User = Annotated[str, Depends(current_user)]

        class Role:
            def __init__(self, name: str):
                self.name = name

            def __call__(self, user: User):
                return user
        """,
    "app/api.py": """
        from fastapi import APIRouter, Depends, UploadFile
        from pydantic import BaseModel
        from app.security import Role, User, maybe_user

        api_router = APIRouter()
        users = APIRouter(prefix="/users", responses={404: {}})
        orphans = APIRouter(prefix="/orphans")

        class Item(BaseModel):
            name: str

        @users.get("/me")
        def me(user: User): ...

        @users.post("/{user_id}/items", status_code=201, responses={409: {}})
        def add_item(user_id: int, item: Item, role=Depends(Role("admin"))): ...

        @users.put("/photo", include_in_schema=False)
        def photo(file: UploadFile, user=Depends(maybe_user)): ...

        @orphans.get("/x")
        def orphan(): ...

        api_router.include_router(users)

        def make_router(name: str) -> APIRouter:
            router = APIRouter(prefix=f"/{name}")

            @router.get("/made")
            def made(): ...

            return router
        """,
    "tests/test_app.py": """
        from fastapi import FastAPI
        app = FastAPI()

        @app.get("/of-the-test")
        def of_the_test(): ...
        """,
}


def test_fastapi_paths(tree: Path):
    found = entries(tree, FASTAPI)
    assert shown(found) == {
        "GET /a/a/made": "make_router.<locals>.made",
        "GET /b/b/made": "make_router.<locals>.made",
        "GET /admin/stats": "stats",
        "GET /api/v1/users/me": "me",
        "POST /api/v1/users/{user_id}/items": "add_item",
        "PUT /api/v1/users/photo": "photo",
        "GET ?/orphans/x": "orphan",
        "GET ?/made": "make_router.<locals>.made",
    }


def test_fastapi_access(tree: Path):
    found = access(entries(tree, FASTAPI))
    assert found == {
        "me": "yes",
        "add_item": "yes",
        "photo": "no",
        "stats": "yes",
        "orphan": "unknown",
        "make_router.<locals>.made": "no",
    }


def test_fastapi_declarations(tree: Path):
    found = {e.name: e for e in entries(tree, FASTAPI)}
    add = found["add_item"]
    assert (add.status, add.documented, add.mutating) == (201, True, True)
    assert add.responses == {404, 409}
    assert [(b.name, b.kind) for b in add.bodies] == [("item", "json")]
    assert [(b.name, b.kind) for b in found["photo"].bodies] == [("file", "file")]
    assert found["photo"].documented is False
    assert [(d.label, d.via) for d in found["stats"].dependencies] == [("check_key", "app")]


def test_order_of_registration(tree: Path):
    found = {e.name: e for e in entries(tree, FASTAPI)}
    assert found["me"].before(found["add_item"]) is True
    assert found["photo"].before(found["me"]) is False
    assert found["me"].before(found["orphan"]) is None


def test_starlette(tree: Path):
    found = entries(
        tree,
        {
            "app.py": """
            from starlette.applications import Starlette
            from starlette.endpoints import HTTPEndpoint
            from starlette.routing import Mount, Route, Router

            async def home(request): ...
            async def users(request): ...
            class Orders(HTTPEndpoint):
                async def get(self, request): ...
                async def post(self, request): ...

            inner = Router([Route("/list", users)])
            api = [Route("/orders", Orders), Mount("/users", app=inner)]
            app = Starlette(routes=[Route("/", home), Mount("/api", routes=api)])
            app.add_route("/late", home, methods=["POST"])
            """
        },
    )
    assert shown(found) == {
        "GET /": "home",
        "POST /late": "home",
        "GET /api/orders": "Orders.get",
        "POST /api/orders": "Orders.post",
        "GET /api/users/list": "users",
    }


FLASK = {
    "web/__init__.py": """
        from flask import Flask
        from web.admin import admin
        from web.shop import shop

        def create_app():
            app = Flask(__name__)
            app.register_blueprint(shop, url_prefix="/store")
            app.register_blueprint(admin)
            return app
        """,
    "web/shop.py": """
        from flask import Blueprint
        from flask.views import MethodView
        from flask_login import login_required

        shop = Blueprint("shop", __name__, url_prefix="/shop")
        carts = Blueprint("carts", __name__, url_prefix="/carts")
        shop.register_blueprint(carts)

        class Items(MethodView):
            decorators = [login_required]
            def get(self, id): ...
            def delete(self, id): ...

        shop.add_url_rule("/items/<int:id>", view_func=Items.as_view("items"))

        @carts.route("/<id>", methods=["GET", "POST"])
        def cart(id): ...

        @carts.post("/<id>/pay")
        @login_required
        def pay(id): ...
        """,
    "web/admin.py": """
        from flask import Blueprint, abort, session

        admin = Blueprint("admin", __name__, url_prefix="/admin")

        @admin.before_request
        def only_admins():
            if "admin" not in session:
                abort(403)

        @admin.get("/")
        def dashboard(): ...
        """,
}


def test_flask(tree: Path):
    found = entries(tree, FLASK)
    assert shown(found) == {
        "GET /store/items/<int:id>": "Items.get",
        "DELETE /store/items/<int:id>": "Items.delete",
        "GET,POST /store/carts/<id>": "cart",
        "POST /store/carts/<id>/pay": "pay",
        "GET /admin/": "dashboard",
    }
    assert access(found) == {
        "Items.get": "yes",
        "Items.delete": "yes",
        "cart": "no",
        "pay": "yes",
        "dashboard": "yes",
    }


def test_flask_restful(tree: Path):
    found = entries(
        tree,
        {
            "app.py": """
            from flask import Flask
            from flask_restful import Api, Resource

            app = Flask(__name__)
            api = Api(app, prefix="/api")

            class User(Resource):
                def get(self, id): ...

            api.add_resource(User, "/users/<id>", "/people/<id>")
            """
        },
    )
    assert shown(found) == {"GET /api/users/<id>": "User.get", "GET /api/people/<id>": "User.get"}


def test_aiohttp(tree: Path):
    found = entries(
        tree,
        {
            "app.py": """
            from aiohttp import web

            routes = web.RouteTableDef()

            @routes.get("/users")
            async def users(request): ...

            @routes.view("/orders")
            class Orders(web.View):
                async def post(self): ...

            @web.middleware
            async def check(request, handler):
                if "Authorization" not in request.headers:
                    raise web.HTTPUnauthorized()
                return await handler(request)

            async def home(request): ...
            async def hidden(request): ...

            def make():
                app = web.Application()
                app.add_routes(routes)
                app.add_routes([web.get("/", home)])
                app.router.add_post("/home", home)
                admin = web.Application(middlewares=[check])
                admin.router.add_route("GET", "/hidden", hidden)
                app.add_subapp("/admin/", admin)
                return app
            """
        },
    )
    assert shown(found) == {
        "GET /users": "users",
        "POST /orders": "Orders.post",
        "GET /": "home",
        "POST /home": "home",
        "GET /admin/hidden": "hidden",
    }
    assert access(found)["hidden"] == "yes"
    assert access(found)["users"] == "no"


DJANGO = {
    "site/settings.py": """
        ROOT_URLCONF = "site.urls"
        MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
        REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
        """,
    "site/__init__.py": "",
    "site/urls.py": r"""
        from django.contrib.auth.decorators import login_required
        from django.urls import include, path, re_path
        from shop import views
        from shop.api import router

        urlpatterns = [
            path("", views.home),
            path("shop/", include("shop.urls")),
            path("api/", include(router.urls)),
            re_path(r"^old/(?P<pk>\d+)/$", login_required(views.Detail.as_view())),
        ]
        """,
    "shop/__init__.py": "",
    "shop/urls.py": """
        from django.urls import path
        from shop import views

        patterns = [path("<int:pk>/", views.Detail.as_view())]
        urlpatterns = [path("all/", views.listing)] + patterns
        urlpatterns += [path("own/", views.Own.as_view())]
        """,
    "shop/views.py": """
        from django.contrib.auth.mixins import LoginRequiredMixin
        from django.views import View
        from django.views.decorators.http import require_POST
        from django.views.generic import ListView

        def home(request): ...

        @require_POST
        def listing(request): ...

        class Detail(View):
            def get(self, request, pk): ...

        class Own(LoginRequiredMixin, ListView):
            model = None
        """,
    "shop/api.py": """
        from rest_framework import permissions, viewsets
        from rest_framework.decorators import action
        from rest_framework.routers import DefaultRouter

        class Orders(viewsets.ReadOnlyModelViewSet):
            @action(detail=True, methods=["post"], url_path="pay-now")
            def pay(self, request, pk): ...

        class Offers(viewsets.ViewSet):
            permission_classes = [permissions.AllowAny]
            lookup_field = "slug"
            def list(self, request): ...
            def destroy(self, request, slug): ...

        router = DefaultRouter()
        router.register("orders", Orders)
        router.register(r"offers", Offers, basename="offer")
        """,
}


def test_django(tree: Path):
    found = entries(tree, DJANGO)
    assert shown(found) == {
        "* /": "home",
        "POST /shop/all/": "listing",
        "GET /shop/<int:pk>/": "Detail.get",
        "GET /shop/own/": "Own",
        r"GET /old/(?P<pk>\d+)/": "Detail.get",
        "GET /api/orders/": "Orders.list",
        "GET /api/orders/<pk>/": "Orders.retrieve",
        "POST /api/orders/<pk>/pay-now/": "Orders.pay",
        "GET /api/offers/": "Offers.list",
        "DELETE /api/offers/<slug>/": "Offers.destroy",
    }
    answers = {f"{e.name} {e.path}": e.authenticated.answer for e in found}
    assert answers[r"Detail.get /old/(?P<pk>\d+)/"] == "yes"
    assert answers["Detail.get /shop/<int:pk>/"] == "no"
    assert answers["Own /shop/own/"] == "yes"
    assert answers["Orders.pay /api/orders/<pk>/pay-now/"] == "yes"
    assert answers["Offers.destroy /api/offers/<slug>/"] == "no"


def test_branches(tree: Path):
    found = entries(
        tree,
        {
            "app.py": """
            import os
            from fastapi import FastAPI
            app = FastAPI()

            @app.get("/always")
            def always(): ...

            if os.environ.get("DEBUG"):
                @app.get("/debug")
                def debug(): ...
            """
        },
    )
    assert {e.name: bool(e.branches) for e in found} == {"always": False, "debug": True}


@pytest.mark.parametrize(
    ("project", "routes", "guarded"),
    [("shop", 48, 26), ("bookings", 25, 24)],
)
def test_examples(project: str, routes: int, guarded: int):
    with closing(Project(EXAMPLES / project)) as opened:
        table = opened.world.route_table.all()
        assert len(table) == routes
        assert sum(e.authenticated.answer == "yes" for e in table) == guarded
        assert all(e.path is not None for e in table)


def test_the_order_of_questions_changes_nothing(tree: Path):
    entries(tree, FASTAPI)

    def answers(reverse: bool) -> Iterator[tuple[object, ...]]:
        with closing(Project(tree)) as project:
            found = project.world.route_table.all()
            for entry in sorted(found, key=lambda e: e.key, reverse=reverse):
                yield entry.key, entry.authenticated, entry.dependencies

    assert sorted(map(repr, answers(reverse=False))) == sorted(map(repr, answers(reverse=True)))

"""A route that never answers, because another one is asked first and takes every request.

## What it does

Compares the full paths of all routes of an application, after every `include_router(prefix=)`, `Mount`, `include()`
and `router.register()`, in the order in which they are registered. Reported is a route all of whose paths and methods
an earlier route matches as well.

## Why is this bad?

FastAPI, Starlette and Django ask their routes one after the other and take the first that fits. Behind
`/users/{user_id}` a `/users/me` is dead: the request reaches the wrong handler, which answers 422, 404 or, with a
text as parameter, something that nobody meant. An `int` annotation does not help: FastAPI matches the path first
and validates afterwards.

## How to fix

Register the more special path first, or narrow the wider one:

```python
@router.get("/users/me")
def read_me(user: CurrentUser) -> UserOut: ...


@router.get("/users/{user_id:int}")     # or simply below `/users/me`
def read_user(user_id: int) -> UserOut: ...
```

## Not reported

* Flask, Quart and aiohttp: they rank paths without parameters first, whatever the order.
* Converters are taken at their word: `{id:int}` does not match `me`, `<slug:name>` does, `{rest:path}` matches all
  that follows.
* Routes of other applications and of sub-applications; pairs whose order cannot be known, since they are
  registered in different modules; a route that is registered on a branch hides only routes on the same branch.
* Django patterns by regular expression and with converters of the project; Django REST framework's
  `lookup_value_regex` and routers with routes of their own.
* Two equal paths are ARC110.
* Known miss: an application mounted on `/` before routes are added.

## References

* [FastAPI: order matters](https://fastapi.tiangolo.com/tutorial/path-params/#order-matters)
* [Starlette: route priority](https://www.starlette.io/routing/#route-priority)
* [Django: how Django processes a request](https://docs.djangoproject.com/en/stable/topics/http/urls/#how-django-processes-a-request)
* Compared with: ruff has no such check. Sonar S8401 looks at routers that are included late.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File
from archlint.project.remedies.moves import route_first

_HEAD = "from fastapi import APIRouter, FastAPI\n\n\napp = FastAPI()\n\n\n"


class RouteShadowed(Rule):
    """A path behind a wider one."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{method} {path}` is never reached: `{other}` is registered first and matches it; register `{path}` first"
    answers = ("area C", "dimension 1", "checklist 20", "checklist 21")
    mentions = ("oute", "django", "register(", ".get(", ".post(", ".put(", ".patch(", ".delete(", "Mount")

    invalid = (
        Case(
            _HEAD + '@app.get("/users/{user_id}")\ndef read(user_id: int): ...\n\n\n'
            '@app.get("/users/me")  # ARC109\ndef me(): ...\n',
            title="me behind an id",
            fixed="""\
from fastapi import APIRouter, FastAPI


app = FastAPI()


@app.get("/users/me")  # ARC109
def me(): ...


@app.get("/users/{user_id}")
def read(user_id: int): ...
""",
        ),
        Case(
            {
                "app/main.py": "from fastapi import FastAPI\nfrom app.feed import feed\nfrom app.posts import posts\n\n"
                'app = FastAPI()\napp.include_router(posts, prefix="/api")\napp.include_router(feed, prefix="/api")\n',
                "app/posts.py": "from fastapi import APIRouter\n\nposts = APIRouter(prefix='/posts')\n\n\n"
                "@posts.get('/{slug}')\ndef read(slug: str): ...\n",
                "app/feed.py": "from fastapi import APIRouter\n\nfeed = APIRouter()\n\n\n"
                "@feed.get('/posts/feed')  # ARC109\ndef latest(): ...\n",
            },
            title="routers of two modules, included in the wrong order",
        ),
        Case(
            _HEAD
            + 'router = APIRouter(prefix="/files")\n\n\n@router.get("/{path:path}")\ndef download(path: str): ...\n'
            '\n\n@router.get("/{name}/meta")  # ARC109\ndef meta(name: str): ...\n\n\napp.include_router(router)\n',
            title="everything below is taken",
        ),
        Case(
            _HEAD + '@app.api_route("/jobs/{job}", methods=["GET", "POST"])\ndef job(job: str): ...\n\n\n'
            '@app.post("/jobs/start")  # ARC109\ndef start(): ...\n',
            title="one of several methods",
        ),
        Case(
            "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n\n\n"
            "async def user(request): ...\nasync def me(request): ...\n\n\n"
            "app = Starlette(\n    routes=[\n        Mount(\n            '/users',\n            routes=[\n"
            "                Route('/{name}', user),\n                Route('/me', me),  # ARC109\n"
            "            ],\n        ),\n    ],\n)\n",
            title="Starlette",
        ),
        Case(
            {
                "site/__init__.py": "",
                "site/settings.py": 'ROOT_URLCONF = "site.urls"\n',
                "site/urls.py": "from django.urls import include, path\n\n"
                'urlpatterns = [path("blog/", include("blog.urls"))]\n',
                "blog/__init__.py": "",
                "blog/urls.py": "from django.urls import path\nfrom blog import views\n\nurlpatterns = [\n"
                '    path("<slug:slug>/", views.post),\n    path("archive/", views.archive),  # ARC109\n]\n',
                "blog/views.py": "def post(request, slug): ...\n\n\ndef archive(request): ...\n",
            },
            title="Django",
            fixed="""\
from django.urls import path
from blog import views

urlpatterns = [
    path("archive/", views.archive),  # ARC109
    path("<slug:slug>/", views.post),
]
""",
        ),
        Case(
            {
                "api/__init__.py": "",
                "api/urls.py": "from django.urls import include, path\nfrom rest_framework.routers import DefaultRouter\n"
                "from api.views import Orders, Statistics\n\nrouter = DefaultRouter()\n"
                'router.register("orders", Orders)\nrouter.register("orders/statistics", Statistics, "statistics")  # ARC109\n'
                'urlpatterns = [path("api/", include(router.urls))]\n',
                "api/views.py": "from rest_framework import viewsets\n\n\nclass Orders(viewsets.ModelViewSet):\n"
                "    queryset = None\n\n\nclass Statistics(viewsets.ViewSet):\n    def list(self, request): ...\n",
            },
            title="Django REST framework",
        ),
        Case(
            "from fastapi import FastAPI\nfrom starlette.staticfiles import StaticFiles\n\napp = FastAPI()\n"
            'app.mount("/", StaticFiles(directory="web"))\n\n\n@app.get("/health")  # ARC109\ndef health(): ...\n',
            title="files mounted over everything",
            missed=True,
            why="applications of libraries are not in the table",
        ),
    )
    valid = (
        Case(
            _HEAD
            + '@app.get("/users/me")\ndef me(): ...\n\n\n@app.get("/users/{user_id}")\ndef read(user_id: int): ...\n',
            title="the special path comes first",
        ),
        Case(
            _HEAD
            + '@app.get("/users/{user_id:int}")\ndef read(user_id: int): ...\n\n\n@app.get("/users/me")\ndef me(): ...\n',
            title="a converter that does not match",
        ),
        Case(
            _HEAD
            + '@app.get("/users/{user_id}")\ndef read(user_id: int): ...\n\n\n@app.put("/users/me")\ndef me(): ...\n',
            title="another method",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom feed import feed\nfrom posts import posts\n\n"
                "app = FastAPI()\napp.include_router(feed)\napp.include_router(posts)\n",
                "posts.py": "from fastapi import APIRouter\n\nposts = APIRouter(prefix='/posts')\n\n\n"
                "@posts.get('/{slug}')\ndef read(slug: str): ...\n",
                "feed.py": "from fastapi import APIRouter\n\nfeed = APIRouter()\n\n\n"
                "@feed.get('/posts/feed')\ndef latest(): ...\n",
            },
            title="included in the right order",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/<path:rest>')\ndef page(rest): ...\n\n\n"
            "@app.get('/ping')\ndef ping(): ...\n",
            title="werkzeug ranks the paths",
        ),
        Case(
            "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n@routes.get('/{name}')\n"
            "async def page(request): ...\n\n\n@routes.get('/ping')\nasync def ping(request): ...\n\n\n"
            "app = web.Application()\napp.add_routes(routes)\n",
            title="aiohttp looks for plain paths first",
        ),
        Case(
            _HEAD + "admin = FastAPI()\n\n\n@app.get('/{page}')\ndef page(page: str): ...\n\n\n"
            "@admin.get('/users')\ndef users(): ...\n",
            title="another application",
        ),
        Case(
            _HEAD
            + "import os\n\nif os.environ.get('LEGACY'):\n\n    @app.get('/{page}')\n    def page(page: str): ...\n\n\n"
            "@app.get('/ping')\ndef ping(): ...\n",
            title="the wider route is not always there",
        ),
        Case(
            _HEAD
            + "@app.get('/{page}')\ndef page(page: str): ...\n\n\n@app.get('/{page}/edit')\ndef edit(page: str): ...\n"
            "\n\n@app.get('/')\ndef home(): ...\n",
            title="other lengths",
        ),
        Case(
            _HEAD
            + "for prefix in ('/a', '/b'):\n    router = APIRouter(prefix=prefix)\n\n    @router.get('/{name}')\n"
            "    def read(name: str): ...\n\n    app.include_router(router)\n",
            title="one handler under two prefixes",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: object, file: File) -> Iterator[Diagnostic]:
        """Look at the conflicts of every place of this file at which a route is registered."""
        if file.role:
            return
        for conflict in file.conflicts(same=False):
            entry, winner = conflict.entry, conflict.winner
            where = Related(file.locate(winner.place), f"`{winner.shown}` is registered here")
            yield file.diagnostic(
                self,
                entry.place,
                related=(where,),
                fix=route_first(file, entry.place, winner.place),
                method=entry.verbs,
                path=entry.shown,
                other=winner.shown,
            )

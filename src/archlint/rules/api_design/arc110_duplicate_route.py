"""A path and method that are registered twice: only the first handler ever answers.

## What it does

Compares the full paths of all routes of an application and reports a route whose path and methods are taken
already. Names of parameters do not matter: `/users/{id}` and `/users/{user_id}` are the same path.

## Why is this bad?

The later handler is dead code that looks alive: it is reviewed, tested by calling the function, and changed, and none
of that reaches a user. Mostly it is a copy whose path nobody changed, or two routers that grew into each other.
aiohttp refuses such a pair when the application starts.

## How to fix

Give the later handler its own path or method, or delete it:

```python
@router.get("/reports/{report_id}")
def read_report(report_id: int) -> ReportOut: ...


@router.get("/reports/{report_id}/rows")        # was "/reports/{report_id}" again
def read_rows(report_id: int) -> list[RowOut]: ...
```

## Not reported

* Routes on branches that need not be taken together, of different applications, hosts or subdomains.
* Methods `HEAD` and `OPTIONS`.
* The same handler registered twice, which changes nothing.
* Pairs of which it is not known which comes first; paths with a prefix that is not known, unless both hang on the
  same router; regular expressions of Django that are not written alike.
* A path that a *wider* one takes is ARC109.

## References

* [FastAPI: order matters](https://fastapi.tiangolo.com/tutorial/path-params/#order-matters)
* [aiohttp: resources and routes](https://docs.aiohttp.org/en/stable/web_quickstart.html#resources-and-routes)
* Compared with: ruff F811 sees a second function of the same name, whatever its path; a copy with another name,
  or in another module, it does not see. None of its 34 reports in 17 applications is about a route, and none of the
  lines marked in the examples below is among what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File

_HEAD = "from fastapi import APIRouter, FastAPI\n\n\napp = FastAPI()\n\n\n"


class DuplicateRoute(Rule):
    """A path that is taken."""

    impact = Impact.HIGH
    message = "`{method} {path}` is registered twice, and `{other}` answers; give this handler its own path, or delete it"
    answers = ("area C", "dimension 1", "checklist 20")
    mentions = ("oute", "django", "add_", ".get(", ".post(", ".put(", ".patch(", ".delete(", "Mount")

    invalid = (
        Case(
            {
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/views.py": "def show(request, pk): ...\n\n\ndef edit(request, pk): ...\n",
                "shop/urls.py": """\
from django.urls import re_path

from shop import views

urlpatterns = [
    re_path(r"^orders/(?P<pk>[^/]+)/$", views.show),
    re_path(r"^orders/(?P<pk>[^/]+)/$", views.edit),  # ARC110
    re_path(r"^orders/(?P<pk>[0-9]+)/edit$", views.edit),
]
""",
            },
            title="Django: regular expressions that are written alike",
        ),
        Case(
            _HEAD + '@app.get("/reports/{id}")\ndef read(id: int): ...\n\n\n'
            '@app.get("/reports/{report_id}")  # ARC110\ndef read_rows(report_id: int): ...\n',
            title="copied in one file",
        ),
        Case(
            {
                "app/main.py": "from fastapi import FastAPI\nfrom app import old, users\n\napp = FastAPI()\n"
                "app.include_router(users.router)\napp.include_router(old.router, prefix='/users')\n",
                "app/users.py": "from fastapi import APIRouter\n\nrouter = APIRouter(prefix='/users')\n\n\n"
                "@router.post('/invite')\ndef invite(): ...\n",
                "app/old.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n"
                "@router.post('/invite')  # ARC110\ndef invite_user(): ...\n",
            },
            title="two routers",
        ),
        Case(
            "from starlette.applications import Starlette\nfrom starlette.routing import Route\n\n\n"
            "async def one(request): ...\nasync def two(request): ...\n\n\n"
            "app = Starlette(routes=[\n    Route('/one', one),\n    Route('/one', two),  # ARC110\n])\n",
            title="Starlette",
        ),
        Case(
            {
                "web/__init__.py": "from flask import Flask\nfrom web.shop import shop\n\n\ndef create_app():\n"
                "    app = Flask(__name__)\n    app.register_blueprint(shop, url_prefix='/shop')\n    return app\n",
                "web/shop.py": "from flask import Blueprint\n\nshop = Blueprint('shop', __name__)\n\n\n"
                "@shop.route('/cart')\ndef cart(): ...\n\n\n@shop.get('/cart')  # ARC110\ndef basket(): ...\n",
            },
            title="Flask",
        ),
        Case(
            {
                "blog/__init__.py": "",
                "blog/urls.py": "from django.urls import path\nfrom blog import views\n\nurlpatterns = [\n"
                '    path("posts/", views.posts),\n    path("posts/", views.archive),  # ARC110\n]\n',
                "blog/views.py": "def posts(request): ...\n\n\ndef archive(request): ...\n",
            },
            title="Django",
        ),
        Case(
            "from aiohttp import web\n\n\nasync def one(request): ...\nasync def two(request): ...\n\n\n"
            "app = web.Application()\napp.router.add_get('/jobs/{id}', one)\n"
            "app.router.add_get('/jobs/{job}', two)  # ARC110\n",
            title="aiohttp",
        ),
    )
    valid = (
        Case(
            _HEAD + '@app.get("/reports")\ndef read(): ...\n\n\n@app.post("/reports")\ndef add(): ...\n',
            title="two methods",
        ),
        Case(
            _HEAD
            + "v1 = APIRouter(prefix='/v1')\nv2 = APIRouter(prefix='/v2')\n\n\n@v1.get('/x')\ndef one(): ...\n\n\n"
            "@v2.get('/x')\ndef two(): ...\n\n\napp.include_router(v1)\napp.include_router(v2)\n",
            title="two prefixes",
        ),
        Case(
            _HEAD
            + "import os\n\nif os.environ.get('FAST'):\n\n    @app.get('/x')\n    def fast(): ...\n\nelse:\n\n"
            "    @app.get('/x')\n    def slow(): ...\n",
            title="two branches",
        ),
        Case(
            "from fastapi import FastAPI\n\none = FastAPI()\ntwo = FastAPI()\n\n\n@one.get('/x')\ndef x(): ...\n\n\n"
            "@two.get('/x')\ndef y(): ...\n",
            title="two applications",
        ),
        Case(
            _HEAD + "router = APIRouter()\n\n\n@router.get('/x')\ndef x(): ...\n\n\n"
            "for prefix in ('/a', '/b'):\n    app.include_router(router, prefix=prefix)\n",
            title="one router under two prefixes",
        ),
        Case(
            _HEAD
            + "def setting(): ...\n\n\none = APIRouter()\ntwo = APIRouter()\n\n\n@one.get('/x')\ndef x(): ...\n\n\n"
            "@two.get('/x')\ndef y(): ...\n\n\napp.include_router(one, prefix=setting().one)\n"
            "app.include_router(two, prefix=setting().two)\n",
            title="prefixes that are not known",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/', subdomain='a')\ndef a(): ...\n\n\n"
            "@app.get('/', subdomain='b')\ndef b(): ...\n",
            title="subdomains",
        ),
        Case(
            "from flask import Flask\nfrom flask.views import MethodView\n\napp = Flask(__name__)\n\n\n"
            "class One(MethodView):\n    def get(self): ...\n\n\nclass Two(MethodView):\n    def post(self): ...\n\n\n"
            "app.add_url_rule('/x', view_func=One.as_view('one'))\napp.add_url_rule('/x', view_func=Two.as_view('two'))\n",
            title="view classes that share a path",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: object, file: File) -> Iterator[Diagnostic]:
        """Look at the conflicts of every place of this file at which a route is registered."""
        if file.role:
            return
        for conflict in file.conflicts(same=True):
            entry, winner = conflict.entry, conflict.winner
            where = Related(file.locate(winner.place), f"`{winner.name}` is registered here")
            yield file.diagnostic(
                self,
                entry.place,
                related=(where,),
                method=entry.verbs,
                path=entry.shown,
                other=winner.name,
            )

"""A parameter in the path that the handler does not take.

## What it does

Compares the parameters of a route's path with what its handler takes: the names (and aliases) in its signature
and, for FastAPI, in everything it depends on, across files. For Flask and Django the whole path counts, with
the prefixes of blueprints and `include()`, since all of its parameters are passed to the view. For aiohttp the
handler must read `request.match_info`.

## Why is this bad?

Under Flask and Django every request to such a route ends in a `TypeError`. Under FastAPI and aiohttp the parameter is
dropped without a word: `GET /users/7/orders` shows the orders of everybody, and the documentation shows a parameter
that does nothing. Most often the name was changed in one of two places.

## How to fix

Take the parameter under the name that the path gives it, or take it out of the path:

```python
@router.get("/users/{user_id}/orders")
def list_orders(user_id: int, session: SessionDep) -> list[OrderOut]:     # was `id: int`
    return orders.of_user(session, user_id)
```

## Not reported

* Handlers, and dependencies, that take `**kwargs` or a class without a constructor of its own; handlers that take the
  request itself, and dependencies that do where the project names `path_params`; dependencies that cannot be resolved.
* Handlers below a decorator of an unknown library, or one of the project that does not call them with all that it
  gets: it may take the parameter.
* Flask projects with a `url_value_preprocessor`; Django views with a `dispatch` or `setup` of their own; Django's
  regular expressions.
* Known misses: FastAPI parameters in the prefix of a router.

## References

* [FastAPI: path parameters](https://fastapi.tiangolo.com/tutorial/path-params/)
* [Flask: variable rules](https://flask.palletsprojects.com/en/stable/quickstart/#variable-rules)
* [Django: path converters](https://docs.djangoproject.com/en/stable/topics/http/urls/#path-converters)
* [ruff FAST003](https://docs.astral.sh/ruff/rules/fast-api-unused-path-parameter/)
* Compared with: ruff FAST003 looks at FastAPI decorators and dependencies of one file; this rule follows
  dependencies into other modules, through classes and aliases, and knows Flask, Django and aiohttp. Of ten lines
  marked in the examples below it finds one; in 18 applications both find nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.handlers import with_parameter
from archlint.project.routes.entry import RouteEntry

_HEAD = "from fastapi import Depends, FastAPI, Path, Request\n\n\napp = FastAPI()\n\n\n"


class UnusedPathParameter(Rule):
    """A parameter that nothing takes."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "Path parameter `{parameter}` of `{path}` is not a parameter of `{handler}`; take it, or leave it out of the path"
    answers = ("area C", "dimension 1", "checklist 20")

    invalid = (
        Case(
            _HEAD
            + """\
from functools import wraps


def timed(view=None, *, name=""):
    def decorator(function):
        @wraps(function)
        async def inner(*args, **kwargs):
            return await function(*args, **kwargs)

        return inner

    if view is None:
        return decorator
    return decorator(view)


def loaded(name):
    def decorator(function):
        @wraps(function)
        async def inner(*args, **kwargs):
            kwargs["row"] = kwargs.pop(name)
            return await function(*args, **kwargs)

        return inner

    return decorator


@app.get("/a/{user}")
@timed(name="a")
async def read_a(user_id: int): ...  # ARC111


@app.get("/b/{user}")
@timed
async def read_b(user_id: int): ...  # ARC111


@app.get("/c/{user}")
@loaded("user")
async def read_c(row: int): ...
""",
            title="FastAPI: decorators of the project",
        ),
        Case(
            {
                "main.py": _HEAD + "from auth import current_user\n\n\n"
                '@app.get("/users/{user}/posts")\n'
                "def posts(user_id: int, me=Depends(current_user)): ...  # ARC111\n",
                "auth.py": "from fastapi import Request\n\n\n"
                "def current_user(request: Request):\n"
                '    return request.headers["authorization"]\n',
            },
            title="FastAPI: a dependency reads a header of the request",
        ),
        Case(
            _HEAD + '@app.get("/users/{user_id}/orders")\ndef list_orders(id: int): ...  # ARC111\n',
            title="another name",
        ),
        Case(
            {
                "main.py": "from fastapi import Depends, FastAPI\nfrom deps import current_user\n\napp = FastAPI()\n\n\n"
                '@app.delete("/teams/{team_id}/members/{member}")\n'
                "def remove(member: str, user=Depends(current_user)): ...  # ARC111\n",
                "deps.py": "from fastapi import Header\n\n\ndef current_user(token: str = Header()): ...\n",
            },
            fixed=(
                "from fastapi import Depends, FastAPI\n"
                "from deps import current_user\n"
                "\n"
                "app = FastAPI()\n"
                "\n"
                "\n"
                '@app.delete("/teams/{team_id}/members/{member}")\n'
                "def remove(team_id: str, member: str, user=Depends(current_user)): ...  # ARC111\n"
            ),
            title="the dependency of another module does not take it either",
        ),
        Case(
            _HEAD + 'def page(page_id: int = Path(alias="page")): ...\n\n\n'
            '@app.get("/pages/{page_id}")\ndef read(page=Depends(page)): ...  # ARC111\n',
            title="an alias",
        ),
        Case(
            "from flask import Blueprint, Flask\n\napp = Flask(__name__)\n"
            "users = Blueprint('users', __name__, url_prefix='/<org>/users')\n\n\n"
            "@users.get('/<int:id>')\ndef read(id): ...  # ARC111\n\n\napp.register_blueprint(users)\n",
            title="Flask: the prefix has a parameter, too",
        ),
        Case(
            "from flask import Flask\nfrom flask.views import MethodView\n\napp = Flask(__name__)\n\n\n"
            "class User(MethodView):\n    def get(self, user_id): ...\n\n    def delete(self, id): ...  # ARC111\n\n\n"
            "app.add_url_rule('/users/<user_id>', view_func=User.as_view('user'))\n",
            title="Flask: view class",
        ),
        Case(
            {
                "blog/__init__.py": "",
                "blog/urls.py": "from django.urls import path\nfrom blog import views\n\nurlpatterns = [\n"
                '    path("<int:year>/<slug:slug>/", views.post),\n    path("<int:pk>/", views.Archive.as_view()),\n]\n',
                "blog/views.py": "from django.views import View\n\n\ndef post(request, slug): ...  # ARC111\n\n\n"
                "class Archive(View):\n    def get(self, request): ...  # ARC111\n",
            },
            fixed=(
                "from django.views import View\n"
                "\n"
                "\n"
                "def post(request, year, slug): ...  # ARC111\n"
                "\n"
                "\n"
                "class Archive(View):\n"
                "    def get(self, request, pk): ...  # ARC111\n"
            ),
            title="Django",
        ),
        Case(
            "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n@routes.get('/users/{id}/{part}')\n"
            "async def read(request):  # ARC111\n    return web.json_response({'id': request.match_info['id']})\n",
            title="aiohttp",
        ),
        Case(
            "from aiohttp import web\n\n\n"
            "class People(web.View):\n"
            "    async def get(self):  # ARC111\n        return web.json_response({})\n\n\n"
            "async def read(request):  # ARC111\n    return web.json_response({})\n\n\n"
            "app = web.Application()\napp.router.add_view('/people/{name}', People)\n"
            "app.router.add_get('/items/{id:[0-9]+}', read)\n",
            title="aiohttp: a view class, a regular expression",
        ),
        Case(
            "from fastapi import APIRouter, FastAPI\n\napp = FastAPI()\nrouter = APIRouter(prefix='/orgs/{org}')\n\n\n"
            "@router.get('/users')\ndef users(): ...  # ARC111\n\n\napp.include_router(router)\n",
            title="in the prefix of a router",
            missed=True,
            why="the whole router is meant, not one handler of many",
        ),
    )
    valid = (
        Case(
            {
                "main.py": _HEAD + "from auth import current_user\n\n\n"
                '@app.get("/users/{user}/posts")\n'
                "def posts(me=Depends(current_user)): ...\n",
                "auth.py": "from fastapi import Request\n\n\n"
                "def current_user(request: Request):\n"
                '    return request.path_params["user"]\n',
            },
            title="FastAPI: a dependency reads the parameter from the request",
        ),
        Case(
            _HEAD + '@app.get("/users/{user_id}")\ndef read(user_id: int): ...\n\n\n'
            '@app.get("/files/{name:path}")\ndef file(name: str): ...\n',
            title="taken",
        ),
        Case(
            {
                "main.py": "from typing import Annotated\nfrom fastapi import Depends, FastAPI\nfrom deps import Team\n\n"
                'app = FastAPI()\n\n\n@app.get("/teams/{team_id}")\ndef read(team: Team): ...\n',
                "deps.py": "from typing import Annotated\nfrom fastapi import Depends, Path\n\n\n"
                "def number(key: int = Path(alias='team_id')): ...\n\n\ndef team(key=Depends(number)): ...\n\n\n"
                "Team = Annotated[str, Depends(team)]\n",
            },
            title="taken by a dependency of a dependency",
        ),
        Case(
            _HEAD + 'def exists(user_id: int): ...\n\n\n@app.delete("/users/{user_id}/avatar", '
            "dependencies=[Depends(exists)])\ndef remove(): ...\n",
            title="taken by a dependency of the route",
        ),
        Case(
            _HEAD + '@app.get("/users/{user_id}")\ndef read(request: Request): ...\n\n\n'
            '@app.get("/x/{y}")\ndef all_of_it(**values): ...\n',
            title="the request itself",
        ),
        Case(
            "from pydantic import BaseModel\n" + _HEAD + "class Key(BaseModel):\n    user_id: int\n\n\n"
            '@app.get("/users/{user_id}")\ndef read(key: Key = Depends()): ...\n',
            title="a model as dependency",
        ),
        Case(
            _HEAD
            + "from service import loads\n\n\n@app.get('/users/{user_id}')\n@loads('user')\ndef read(user): ...\n",
            title="a decorator that is not known",
        ),
        Case(
            "from flask import Flask, g\n\napp = Flask(__name__)\n\n\n@app.url_value_preprocessor\n"
            "def language(endpoint, values):\n    g.language = values.pop('lang', 'en')\n\n\n"
            "@app.get('/<lang>/about')\ndef about(): ...\n",
            title="Flask: taken before",
        ),
        Case(
            {
                "blog/__init__.py": "",
                "blog/urls.py": "from django.urls import path, re_path\nfrom blog import views\n\nurlpatterns = [\n"
                '    path("<int:pk>/", views.Post.as_view()),\n    path("x/<int:pk>/", views.Other.as_view()),\n]\n',
                "blog/views.py": "from django.views import View\nfrom django.views.generic import DetailView\n\n\n"
                "class Post(DetailView):\n    def get(self, request, *args, **kwargs): ...\n\n\n"
                "class Other(View):\n    def dispatch(self, request, pk):\n        return super().dispatch(request)\n\n"
                "    def get(self, request): ...\n",
            },
            title="Django: keywords, and a dispatch of its own",
        ),
        Case(
            "from aiohttp import web\nfrom service import find\n\nroutes = web.RouteTableDef()\n\n\n"
            "@routes.get('/users/{id}')\nasync def read(request):\n    return await find(request)\n",
            title="aiohttp: the request goes on",
        ),
        Case(
            "from aiohttp import web\n\n\n"
            "class People(web.View):\n"
            "    async def get(self):\n        return web.json_response({'n': self.request.match_info['name']})\n\n"
            "    async def put(self):\n        return web.json_response({'n': self.name()})\n\n"
            "    def name(self):\n        return self.request.match_info['name']\n\n\n"
            "app = web.Application()\napp.router.add_view('/people/{name}', People)\n",
            title="aiohttp: a view class reads it, or hands itself on",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Compare every path of a handler with what it takes."""
        if file.role:
            return
        seen: set[str] = set()
        for entry in file.world.route_table.of(file.name, function.scope):
            for name in _missing(entry, function, file):
                if name not in seen:
                    seen.add(name)
                    fix = with_parameter(file, function, entry, name)
                    yield file.diagnostic(
                        self, function, fix=fix, parameter=name, path=entry.shown, handler=function.name
                    )


#: A parameter of a path of aiohttp, with a regular expression perhaps: ``{name}``, ``{name:[0-9]+}``.
_PARAMETER = re.compile(r"\{([A-Za-z_]\w*)")
#: What of a request holds the path.
_PATHS = frozenset(("match_info", "path", "rel_url", "url", "raw_path", "path_qs"))


def _missing(entry: RouteEntry, function: Function, file: File) -> tuple[str, ...]:
    if entry.framework != "aiohttp":
        return entry.missing_parameters
    own = _PARAMETER.findall(entry.tail or "")
    if not own or function.decorator_names.count("") > 1:
        return ()
    node = file.node_of(function)
    read = _read_of_request(node) if node is not None else None
    return tuple(name for name in own if name not in read) if read is not None else ()


def _read_of_request(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str] | None:
    """The keys of ``request.match_info`` that a handler reads; None when it does more with the request."""
    first = node.args.args[0].arg if node.args.args else ""
    requests = {part for part in ast.walk(node) if _is_request(part, first)}
    infos = {p for p in ast.walk(node) if isinstance(p, ast.Attribute) and p.value in requests}
    taken = {part.value for part in infos} | {p.value for p in requests if isinstance(p, ast.Attribute)}
    found: set[str] = set()
    for part in ast.walk(node):
        key = _key_of(part)
        if key is not None and key[0] in infos and key[0].attr == "match_info":
            if not isinstance(key[1], ast.Constant):
                return None
            found.add(str(key[1].value))
            infos.discard(key[0])
    if any(info.attr in _PATHS for info in infos):
        return None
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == first)
    return None if not first or any(name not in taken for name in names) else frozenset(found)


def _is_request(node: ast.AST, first: str) -> bool:
    """Whether a node is the request: the first parameter, or ``self.request`` in a view class."""
    if first == "self":
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "request"
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        )
    return isinstance(node, ast.Name) and node.id == first


def _key_of(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """What a node looks into, and the key: ``info["name"]``, ``info.get("name")``."""
    if isinstance(node, ast.Subscript):
        return node.value, node.slice
    is_get = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    return (node.func.value, node.args[0]) if is_get and node.args else None  # type: ignore[attr-defined]

"""A handler that does not say what it answers with.

## What it does

Reports FastAPI handlers that have neither a return annotation nor a `response_model`, and return data: a
dictionary, a list, a model, a row.

## Why is this bad?

Without a declared shape the answer is whatever the function happens to return. Nothing filters it, so that a new
column (a password hash, an internal note) goes out the day it is added; nothing validates it; and the OpenAPI
document, and every client made from it, says "any". Serialization also takes the slow way through
`jsonable_encoder`.

## How to fix

```python
@router.get("/users/{user_id}")
def read_user(user_id: int, session: SessionDep) -> UserOut:
    return session.get_one(User, user_id)
```

`response_model=UserOut` does the same where the function really returns something else. `--fix --unsafe-fixes` adds the
annotation where every return is the same model, or a list of it, and the file knows the model by a name. Dictionaries
and rows get none: a model for them is yet to be written.

## Not reported

* Handlers that return responses (`Response`, `StreamingResponse`, `RedirectResponse`, templates, files) or nothing;
  routes with `response_class=`, with status 204 or 304, or with a documented answer in `responses=`.
* `response_model=None`, which says that there is none; `include_in_schema=False`; WebSockets.
* Returns of unknown type, and handlers below decorators that may make responses: those of the project count as
  harmless that return the function itself, or one that `wraps` it and returns what it gave.

## References

* [FastAPI: response model, return type](https://fastapi.tiangolo.com/tutorial/response-model/)
* [OWASP API3:2023 broken object property level authorization](https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/)
* Compared with: ruff FAST001 removes redundant `response_model`s (16 in 17 applications, where this rule finds 27
  responses without a declaration); it does not ask for missing ones. ruff ANN201 asks for annotations of every
  function.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.answers import annotated
from archlint.project.routes.entry import RouteEntry
from archlint.project.types import NONE, members

_EMPTY = frozenset((204, 205, 304))
_HEAD = (
    "from fastapi import APIRouter, FastAPI, Response\nfrom fastapi.responses import HTMLResponse, RedirectResponse\n"
    "from pydantic import BaseModel\n\n\nclass User(BaseModel):\n    name: str\n\n\napp = FastAPI()\n\n\n"
)


class MissingResponseModel(Rule):
    """An answer without a shape."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "Response shape of `{method} {path}` is undeclared; add a return annotation or `response_model` to `{handler}`"
    answers = ("area C", "dimension 1", "checklist 25", "checklist 29", "checklist 101")
    mentions = ("fastapi", "router", "Router", "app")

    invalid = (
        Case(
            {
                "timing.py": """\
from functools import wraps


def timed(function):
    @wraps(function)
    async def inner(*args, **kwargs):
        result = await function(*args, **kwargs)
        return result

    return inner


def marked(text):
    def decorator(function):
        function.mark = text
        return function

    return decorator


def redirected(function):
    @wraps(function)
    async def inner(*args, **kwargs):
        if await function(*args, **kwargs):
            return make_redirect()
        return None

    return inner
""",
                "api.py": """\
from fastapi import FastAPI

from timing import marked, redirected, timed

app = FastAPI()


@app.get("/a")
@timed
async def read_a():  # ARC104
    return {"a": 1}


@app.get("/b")
@marked("slow")
async def read_b():  # ARC104
    return {"b": 1}


@app.get("/c")
@redirected
async def read_c():
    return {"c": 1}
""",
            },
            title="decorators of the project that hand on what a handler returns",
        ),
        Case(
            _HEAD + "@app.get('/users')\ndef users():  # ARC104\n    return [{'name': 'x'}]\n", title="a list"
        ),
        Case(
            _HEAD
            + "@app.get('/users/{name}')\nasync def user(name: str):  # ARC104\n    return User(name=name)\n",
            title="a model",
            fixed="""\
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel


class User(BaseModel):
    name: str


app = FastAPI()


@app.get('/users/{name}')
async def user(name: str) -> User:  # ARC104
    return User(name=name)
""",
        ),
        Case(
            {
                "api.py": "from fastapi import APIRouter\nfrom service import find\n\nrouter = APIRouter()\n\n\n"
                "@router.get('/users/{key}')\ndef user(key: int):  # ARC104\n    return find(key)\n",
                "service.py": "def find(key):\n    return {'key': key}\n",
            },
            title="what a function of another module returns",
        ),
        Case(
            _HEAD
            + "def added():  # ARC104\n    return {'ok': True}\n\n\napp.add_api_route('/added', added)\n",
            title="added by a call",
        ),
        Case(
            {
                "schemas.py": "from pydantic import BaseModel\n\n\nclass Item(BaseModel):\n    name: str\n\n\n"
                "class Other(BaseModel):\n    name: str\n",
                "service.py": "from schemas import Item\n\n\nasync def find(name) -> Item:\n    return Item(name=name)\n",
                "api.py": "from fastapi import APIRouter\n\nfrom schemas import Item, Other\nfrom service import find\n\n"
                "router = APIRouter()\n\n\n"
                "@router.get('/items')\ndef items():  # ARC104\n    return [Item(name=n) for n in 'ab']\n\n\n"
                "@router.get('/items/{name}')\nasync def item(name: str):  # ARC104\n"
                "    found = await find(name)\n    return found\n\n\n"
                "@router.get('/some')\ndef some(name: str):  # ARC104\n    if name:\n        return Item(name=name)\n"
                "    return Other(name=name)\n",
            },
            title="a list of models, what a function answers with; two models: no fix",
            fixed="from fastapi import APIRouter\n\nfrom schemas import Item, Other\nfrom service import find\n\n"
            "router = APIRouter()\n\n\n"
            "@router.get('/items')\ndef items() -> list[Item]:  # ARC104\n    return [Item(name=n) for n in 'ab']\n\n\n"
            "@router.get('/items/{name}')\nasync def item(name: str) -> Item:  # ARC104\n"
            "    found = await find(name)\n    return found\n\n\n"
            "@router.get('/some')\ndef some(name: str):  # ARC104\n    if name:\n        return Item(name=name)\n"
            "    return Other(name=name)\n",
        ),
    )
    valid = (
        Case(
            _HEAD + "@app.get('/a')\ndef a() -> User:\n    return User(name='a')\n\n\n"
            "@app.get('/b', response_model=User)\ndef b():\n    return {'name': 'b'}\n\n\n"
            "@app.get('/c', response_model=None)\ndef c():\n    return {'name': 'c'}\n",
            title="declared",
        ),
        Case(
            _HEAD + "@app.get('/a')\ndef a():\n    return RedirectResponse('/b')\n\n\n"
            "@app.get('/b', response_class=HTMLResponse)\ndef b():\n    return '<p>'\n\n\n"
            "@app.delete('/c', status_code=204)\ndef c():\n    return {}\n\n\n"
            "@app.post('/d')\ndef d():\n    return None\n\n\n@app.post('/e')\ndef e():\n    print('e')\n",
            title="responses, and nothing",
        ),
        Case(
            _HEAD + "@app.get('/a', include_in_schema=False)\ndef a():\n    return {'a': 1}\n\n\n"
            "@app.get('/b', responses={200: {'model': User}})\ndef b():\n    return {'name': 'b'}\n\n\n"
            "@app.websocket('/c')\nasync def c(socket):\n    return {}\n",
            title="hidden, documented, a socket",
        ),
        Case(
            _HEAD + "import service\n\n\n@app.get('/a')\ndef a():\n    return service.answer()\n\n\n"
            "@app.get('/b')\n@service.rendered('b.html')\ndef b():\n    return {'b': 1}\n\n\n"
            "@app.get('/c')\ndef c(flag: bool):\n    if flag:\n        return Response('c')\n    return {'c': 1}\n",
            title="not known, decorated, sometimes a response",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/a')\ndef a():\n    return {'a': 1}\n",
            title="another framework",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Look at what a handler declares, then at what it returns."""
        entries = file.world.route_table.of(file.name, function.scope)
        if file.role or not any(_is_silent_about_its_answer(entry) for entry in entries):
            return
        if function.scope.is_generator or not self._returns_data(function, file):
            return
        entry = next(e for e in entries if _is_silent_about_its_answer(e))
        yield file.diagnostic(
            self,
            function,
            fix=annotated(file, function),
            method=entry.verbs,
            path=entry.shown,
            handler=function.name,
        )

    def _returns_data(self, function: Function, file: File) -> bool:
        """Whether a handler returns data, and never a response."""
        table = file.world.route_table
        if any(
            not table.parameters.keeps(expr, spot)
            for expr, spot in table.access.decorators(file.name, function.scope)
        ):
            return False
        found = False
        evaluator = file.world.evaluator
        for expr, block, order, _ in function.scope.returns:
            kinds = members(evaluator.awaited_or_self(evaluator.eval(expr, function.frame, block, order)))
            if any(kind.kind != "inst" or table.facts.is_response(kind) for kind in kinds):
                return False
            found = found or any(kind != NONE for kind in kinds)
        return found


def _is_silent_about_its_answer(entry: RouteEntry) -> bool:
    table_says = entry.response == ("", None) and entry.documented is True and entry.declared
    if not table_says or entry.status in _EMPTY or "response_class" in entry.keywords:
        return False
    documented = entry.responses
    return documented is not None and not any(200 <= code < 300 for code in documented)

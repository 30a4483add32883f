"""A GET or DELETE that expects a request body.

## What it does

Applies FastAPI's rules to the signature of a handler and of all it depends on, across files: a parameter that is a
pydantic model, a dataclass, a list or a dictionary, without `Query`, `Depends`, `Path`, `Header` or `Cookie`, is read
from the body; so is what is marked `Body`, `Form` or `File`. Reports handlers of GET, HEAD and DELETE that have such a
parameter. In Flask, handlers of GET alone that read `request.json`, `request.form` or `request.get_json()`.

## Why is this bad?

A body of a GET has no meaning. Browsers' `fetch` refuses to send one, proxies, caches and load balancers drop it or
answer 400, and a cache takes two different requests for the same. With FastAPI it is nearly always an accident: the
filters were meant for the query string.

## How to fix

```python
@router.get("/orders")
def list_orders(filters: Annotated[OrderFilter, Query()]) -> list[OrderOut]: ...


@router.post("/orders/search")              # a search that is too big for the query string
def search_orders(search: OrderSearch) -> list[OrderOut]: ...
```

## Not reported

* Routes that answer POST, PUT or PATCH as well.
* Parameters whose type is not known, and classes that are no models.
* Flask handlers that look at `request.method`.

## References

* [RFC 9110: GET](https://www.rfc-editor.org/rfc/rfc9110#name-get)
* [FastAPI: query parameter models](https://fastapi.tiangolo.com/tutorial/query-param-models/)
* [MDN: GET](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Methods/GET)
* Compared with: neither ruff nor flake8 plugins look for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.summary import Expr
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.handlers import in_query
from archlint.project.routes.entry import RouteEntry

_WITHOUT = frozenset(("GET", "HEAD", "DELETE"))
_REQUEST = "flask.Request"
_READS = frozenset(("json", "form", "get_json", "method"))
_HEAD = (
    "from typing import Annotated\nfrom fastapi import Body, Depends, FastAPI, Query\nfrom pydantic import BaseModel\n\n\n"
    "class Filter(BaseModel):\n    name: str = ''\n\n\napp = FastAPI()\n\n\n"
)


class GetWithBody(Rule):
    """A body where none is sent."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = (
        "`{method} {path}` reads `{name}` from a request body, which proxies and clients drop; "
        "declare it with `Query()`, or use POST"
    )
    answers = ("area C", "dimension 1", "checklist 20")

    invalid = (
        Case(
            _HEAD + "@app.get('/orders')\ndef orders(filters: Filter): ...  # ARC119\n",
            fixed=_HEAD
            + "@app.get('/orders')\ndef orders(filters: Annotated[Filter, Query()]): ...  # ARC119\n",
            title="a model",
        ),
        Case(
            _HEAD + "@app.get('/orders')\ndef orders(ids: list[int]): ...  # ARC119\n",
            fixed=_HEAD
            + "@app.get('/orders')\ndef orders(ids: Annotated[list[int], Query()]): ...  # ARC119\n",
            title="a list",
        ),
        Case(
            _HEAD + "@app.delete('/orders')\ndef orders(which: list[Filter]): ...  # ARC119\n",
            fixed=_HEAD + "@app.delete('/orders')\ndef orders(which: list[Filter]): ...  # ARC119\n",
            title="a list of models: no fix",
        ),
        Case(
            _HEAD + "class Nested(BaseModel):\n    filters: list[Filter]\n\n\n"
            "@app.get('/a')\ndef nested(query: Nested): ...  # ARC119\n\n\n"
            "@app.get('/b')\ndef beside(filters: Filter, page: int = 1): ...  # ARC119\n",
            fixed=_HEAD + "class Nested(BaseModel):\n    filters: list[Filter]\n\n\n"
            "@app.get('/a')\ndef nested(query: Nested): ...  # ARC119\n\n\n"
            "@app.get('/b')\ndef beside(filters: Filter, page: int = 1): ...  # ARC119\n",
            title="models that a query string cannot hold, or not beside another parameter: no fix",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom filters import Filters\n\napp = FastAPI()\n\n\n"
                "@app.get('/orders')\ndef orders(filters: Filters): ...  # ARC119\n",
                "filters.py": "from typing import Annotated\nfrom fastapi import Depends\nfrom pydantic import BaseModel\n\n\n"
                "class Filter(BaseModel):\n    name: str\n\n\ndef filters(values: Filter | None = None): ...\n\n\n"
                "Filters = Annotated[Filter, Depends(filters)]\n",
            },
            title="in a dependency of another module",
        ),
        Case(
            _HEAD + "@app.delete('/orders')\ndef remove(reason: str = Body()): ...  # ARC119\n",
            title="DELETE with Body",
        ),
        Case(
            "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.route('/search')\n"
            "def search():  # ARC119\n    return {'found': request.get_json()['query']}\n\n\n"
            "@app.get('/names')\ndef names():  # ARC119\n    return request.json\n",
            title="Flask",
        ),
    )
    valid = (
        Case(_HEAD + "@app.post('/orders')\ndef add(order: Filter): ...\n", title="POST"),
        Case(
            _HEAD + "@app.get('/a')\ndef a(f: Annotated[Filter, Query()]): ...\n\n\n"
            "@app.get('/b')\ndef b(f: Filter = Depends()): ...\n\n\n"
            "@app.get('/c')\ndef c(ids: list[int] = Query()): ...\n",
            title="Query and Depends",
        ),
        Case(
            _HEAD + "from service import Thing\n\n\nclass Plain: ...\n\n\n"
            "@app.get('/a/{key}')\ndef a(key: str, thing: Thing, flag: bool = False): ...\n",
            title="scalars, and a type that is not known",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom filters import Filters\n\napp = FastAPI()\n\n\n"
                "@app.get('/orders')\ndef orders(filters: Filters): ...\n",
                "filters.py": "from typing import Annotated\nfrom fastapi import Query\nfrom pydantic import BaseModel\n\n\n"
                "class Filter(BaseModel):\n    name: str\n\n\nFilters = Annotated[Filter, Query()]\n",
            },
            title="an alias of another module",
        ),
        Case(
            "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n@app.route('/a', methods=['GET', 'POST'])\n"
            "def a():\n    return request.json\n\n\n@app.get('/b')\ndef b():\n    return request.args['q']\n",
            title="Flask: POST as well, and the query string",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Look at what a handler of GET or DELETE reads."""
        entries = file.world.route_table.of(file.name, function.scope)
        if file.role or not entries or not all(e.methods and _WITHOUT.issuperset(e.methods) for e in entries):
            return
        entry = entries[0]
        name = next((body.name for body in entry.bodies), "") or _of_flask(entry, function, file)
        if name:
            method = entry.verbs
            impact = Impact.LOW if entry.methods == ("DELETE",) else None
            fix = in_query(file, function, name)
            yield file.diagnostic(
                self, function, fix=fix, method=method, path=entry.shown, name=name, impact=impact
            )


def _of_flask(entry: RouteEntry, function: Function, file: File) -> str:
    """What a Flask handler of GET reads of the body."""
    node = file.node_of(function) if entry.framework == "flask" and "GET" in entry.methods else None
    if node is None:
        return ""
    found = ""
    for part in ast.walk(node):
        if not isinstance(part, ast.Attribute) or part.attr not in _READS:
            continue
        value = file.world.evaluator.eval(_lowered(part.value), function.frame, 0, 1 << 60)
        if value is not None and value.name == _REQUEST:
            if part.attr == "method":
                return ""
            found = found or f"request.{part.attr}"
    return found


def _lowered(node: ast.expr) -> Expr:
    """A name, or an attribute of one, as summaries write it."""
    if isinstance(node, ast.Name):
        return ["n", node.id]
    return ["a", _lowered(node.value), node.attr, None] if isinstance(node, ast.Attribute) else None

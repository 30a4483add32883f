"""The decorator that asks for a login stands outside the one that registers the view.

## What it does

Reports a view whose route decorator is not the outermost one, where a decorator above it refuses
strangers:

* Flask, Quart: `@login_required` above `@app.route(…)` or `@blueprint.post(…)`;
* FastAPI, Starlette, aiohttp: a decorator of the project above `@router.post(…)`, `@routes.get(…)`;
* Django REST framework: `@permission_classes`, `@authentication_classes` and `@throttle_classes`
  above `@api_view`.

What refuses is told by the library it comes from (Flask-Login, Flask-JWT-Extended, Flask-Security,
…) or by what a decorator of the project does: raising or returning 401 or 403, also through the
functions it calls.

## Why is this bad?

Decorators are applied from the bottom up. `@app.route` registers the function that stands below it
and returns it; `@login_required` then wraps a function that nobody calls. The view looks protected
and is open to everybody.

## How to fix

Let the route decorator come first:

```python
@app.route("/admin")
@login_required
def admin(): ...
```

## Not reported

* Decorators above the route that have nothing to do with access.
* A view that a decorator below the route protects as well.
* Decorators that only mark a method (`@expose` of Flask-AppBuilder): there the order says nothing.
* A decorator that cannot be resolved; tests.

Compared with: ruff and bandit have no such check.

## References

* Flask, view decorators: <https://flask.palletsprojects.com/en/stable/patterns/viewdecorators/>
* Django REST framework, function based views:
  <https://www.django-rest-framework.org/api-guide/views/#function-based-views>
* CWE-862: <https://cwe.mitre.org/data/definitions/862.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Call, Expr
from archlint.project.effects import describe
from archlint.project.remedies.moves import decorator_below
from archlint.project.routes.decorated import DECLARE
from archlint.project.routes.route import VERBS
from archlint.project.types import is_project

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

_REGISTERS = frozenset(("flask", "quart", "fastapi", "starlette", "aiohttp", "sanic", "django-ninja"))
_API_VIEW = "rest_framework.decorators.api_view"
_POLICIES = frozenset(
    f"rest_framework.decorators.{name}"
    for name in ("permission_classes", "authentication_classes", "throttle_classes")
)


class AuthDecoratorOrder(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("safe", "unsafe")
    answers = ("area D", "dimension 3", "checklist 23", "checklist 31")
    mentions = (
        ".route",
        ".get(",
        ".post(",
        ".put(",
        ".patch(",
        ".delete(",
        "api_view",
        ".websocket",
        ".api_route",
    )
    message = "`@{auth}` sits above `@{route}`, so the registered view is unprotected; put `@{route}` first"
    invalid = (
        Case(
            """\
from flask import Blueprint, Flask
from flask_login import login_required

app = Flask(__name__)
shop = Blueprint("shop", __name__)


@login_required  # ARC308
@app.route("/admin")
def admin():
    return "admin"


@login_required  # ARC308
@shop.post("/orders")
def order():
    return "order"
""",
            title="Flask",
            fixed="""\
from flask import Blueprint, Flask
from flask_login import login_required

app = Flask(__name__)
shop = Blueprint("shop", __name__)


@app.route("/admin")
@login_required  # ARC308
def admin():
    return "admin"


@shop.post("/orders")
@login_required  # ARC308
def order():
    return "order"
""",
        ),
        Case(
            {
                "app/views.py": """\
from flask import Flask

from app.access import admin_only

app = Flask(__name__)


@admin_only("all")  # ARC308
@app.get("/admin")
def admin():
    return "admin"
""",
                "app/access.py": """\
from functools import wraps

from flask import abort, g


def admin_only(scope):
    def decorate(view):
        @wraps(view)
        def inner(*args, **kwargs):
            if g.user is None:
                abort(403)
            return view(*args, **kwargs)

        return inner

    return decorate
""",
            },
            title="a decorator of the project in another file",
        ),
        Case(
            """\
from functools import wraps

from fastapi import FastAPI, HTTPException

app = FastAPI()


def signed_in(handler):
    @wraps(handler)
    async def inner(*args, **kwargs):
        if "user" not in kwargs:
            raise HTTPException(status_code=401)
        return await handler(*args, **kwargs)

    return inner


@signed_in  # ARC308
@app.delete("/orders/{order_id}")
async def cancel(order_id: int):
    return order_id
""",
            title="FastAPI",
        ),
        Case(
            """\
from quart import Quart
from quart_auth import login_required

app = Quart(__name__)


@login_required  # ARC308
@app.route("/admin")
async def admin():
    return "admin"
""",
            title="Quart",
        ),
        Case(
            """\
from aiohttp import web
from aiohttp_security import login_required

routes = web.RouteTableDef()


@login_required  # ARC308
@routes.get("/admin")
async def admin(request):
    return web.Response(text="admin")
""",
            title="aiohttp",
        ),
        Case(
            """\
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser


@permission_classes([IsAdminUser])  # ARC308
@api_view(["DELETE"])
def purge(request):
    return None
""",
            title="Django REST framework",
        ),
    )
    valid = (
        Case(
            """\
from flask import Flask
from flask_login import login_required

app = Flask(__name__)


@app.route("/admin")
@login_required
def admin():
    return "admin"


@login_required
@app.route("/twice")
@login_required
def twice():
    return "twice"
""",
            title="the route first",
        ),
        Case(
            """\
import functools
from functools import wraps

from fastapi import FastAPI

app = FastAPI()


def timed(handler):
    @wraps(handler)
    async def inner(*args, **kwargs):
        return await handler(*args, **kwargs)

    return inner


@timed
@functools.lru_cache
@app.get("/orders")
async def orders():
    return []
""",
            title="decorators that have nothing to do with access",
        ),
        Case(
            """\
from flask_appbuilder import BaseView, expose, has_access
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser


class Reports(BaseView):
    @has_access
    @expose("/")
    def show(self):
        return "report"


@api_view(["DELETE"])
@permission_classes([IsAdminUser])
def purge(request):
    return None
""",
            title="marks and policies",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report decorators of access above the one that registers."""
        decorators = function.scope.decorators
        if len(decorators) < 2 or file.role == "test":
            return
        names = function.decorator_names
        if _API_VIEW in names:
            first = len(names) - 1 - names[::-1].index(_API_VIEW)
            wrong = [i for i in range(first) if names[i] in _POLICIES]
        else:
            route = function.route
            first = max((i for i, d in enumerate(decorators) if _declares(d, function)), default=0)
            if not first or route is None or route.framework not in _REGISTERS:
                return
            if any(_refuses(decorators[i], function) for i in range(first + 1, len(decorators))):
                return
            wrong = [i for i in range(first) if not _declares(decorators[i], function)]
            wrong = [i for i in wrong if _refuses(decorators[i], function)]
        node = file.node_of(function) if wrong else None
        nodes = node.decorator_list if node is not None else []
        for index in wrong if nodes else ():
            yield file.diagnostic(
                self,
                nodes[index],
                fix=decorator_below(file, nodes[index], nodes[first], is_known=_is_library(names[index])),
                auth=_label(decorators[index], function),
                route=_label(decorators[first], function),
            )


def _is_library(name: str) -> bool:
    return bool(name) and not is_project(name)


def _label(decorator: Expr, function: Function) -> str:
    outer = function.file.summary.scopes[function.scope.parent]
    return describe(decorator, outer).removesuffix("()")


def _declares(decorator: Expr, function: Function) -> bool:
    """Whether a decorator registers the function as it is then."""
    if decorator is None or decorator[0] != "c":
        return False
    outer = function.file.summary.scopes[function.scope.parent]
    func = outer.calls[decorator[1]][Call.FUNC]
    return func is not None and func[0] == "a" and (func[2] in VERBS or func[2] in DECLARE - {"expose"})


def _refuses(decorator: Expr, function: Function) -> bool:
    """Whether a decorator turns strangers away."""
    table = function.file.world.route_table
    for expr, spot in table.access.decorators(function.file.name, function.scope):
        if expr == decorator:
            return table.access.refuses(expr, spot)
    return False

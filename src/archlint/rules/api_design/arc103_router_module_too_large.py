"""A module of routes that has grown beyond what anybody reads.

## What it does

Counts the lines of code of a module (comments, docstrings and empty lines do not count) and the handlers that are
registered in it, after all decorators and calls are resolved. Reports modules with more than 500 lines and with
15 handlers or more, at the first of them. `max-router-lines = 200` and `min-routes = 1` are the strict reading: no
router of more than 200 lines.

## Why is this bad?

Everybody who changes anything about the API changes this file: merges collide, reviews see only the diff, and
helpers that only two handlers need are shared by all. Paths, tags and permissions of a resource no longer stand
together.

## How to fix

One module for each resource, put together where the application is made:

```python
app.include_router(users.router, prefix="/users")
app.include_router(invoices.router, prefix="/invoices")
```

Handlers that are long themselves are the subject of ARC101.

## Not reported

This rule is off by default: where to cut is for the team to decide.

* URLconfs and other modules that register handlers of other modules.
* Tests, scripts, migrations.

## References

* [FastAPI: bigger applications](https://fastapi.tiangolo.com/tutorial/bigger-applications/)
* [Flask: blueprints](https://flask.palletsprojects.com/en/stable/blueprints/)
* Compared with: pylint C0302 counts all lines of all modules; this rule looks at modules of handlers alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.option import Option
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.model.weight import code_lines
from archlint.project.file import File

_LINES = Option("max-router-lines", 500, "The lines of code that a module of routes may have.")
_ROUTES = Option(
    "min-routes", 15, "How many handlers make a module of routes large, if it has too many lines."
)


def _module(head: str, route: str, count: int, width: int, mark: str = "") -> str:
    """A module with as many handlers, each as long; the first one is marked."""
    body = "".join(f"    x{line} = {line}\n" for line in range(width))
    parts = [route.format(n=number, mark=mark if number == 0 else "") + body for number in range(count)]
    return head + "\n\n".join(parts)


_MARK = "  # ARC103"
_FASTAPI = "from fastapi import APIRouter, FastAPI\n\nrouter = APIRouter()\napp = FastAPI()\napp.include_router(router)\n\n\n"
_ROUTE = "@router.get('/x{n}')\ndef read_{n}():{mark}\n"


class RouterModuleTooLarge(Rule):
    """Everything in one module."""

    impact = Impact.LOW
    default = False
    message = "Router module has {lines} code lines and {routes} handlers; split it by resource"
    answers = ("area H", "anti-pattern 1", "checklist 76", "checklist 77")
    options = (_LINES, _ROUTES)

    invalid = (
        Case(_module(_FASTAPI, _ROUTE, 20, 25, _MARK), title="FastAPI"),
        Case(
            _module(
                "from flask import Flask\n\napp = Flask(__name__)\n\n\n",
                "@app.get('/x{n}')\ndef r_{n}():{mark}\n",
                16,
                32,
                _MARK,
            ),
            title="Flask",
        ),
        Case(
            _module(
                "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n",
                "@routes.get('/x{n}')\nasync def r_{n}(request):{mark}\n",
                16,
                32,
                _MARK,
            ),
            title="aiohttp",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/views.py": _module("", "def view_{n}(request):{mark}\n", 16, 32, _MARK),
                "shop/urls.py": "from django.urls import path\nfrom shop import views\n\nurlpatterns = [\n"
                + "".join(f'    path("x{n}/", views.view_{n}),\n' for n in range(16))
                + "]\n",
            },
            title="Django",
        ),
        Case(
            _module(_FASTAPI, _ROUTE, 4, 60, _MARK),
            title="as strict as a project wants it",
            settings={"rules": {"router-module-too-large": {"max-router-lines": 200, "min-routes": 3}}},
        ),
    )
    valid = (
        Case(_module(_FASTAPI, _ROUTE, 10, 60), title="few routes"),
        Case(_module(_FASTAPI, _ROUTE, 20, 10), title="few lines"),
        Case(
            _module(_FASTAPI, _ROUTE, 20, 25),
            title="as lenient as a project wants it",
            settings={"rules": {"ARC103": {"max-router-lines": 2000}}},
        ),
        Case(
            _module(_FASTAPI, "# a comment\n" * 30 + _ROUTE + '    """Doc."""\n', 20, 5),
            title="comments are no code",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: object, file: File) -> Iterator[Diagnostic]:
        """Count the handlers of a module, then its lines."""
        fewest = file.option(self, _ROUTES)
        if file.role or len(file.summary.scopes) <= fewest:
            return
        table = file.world.route_table
        handlers = [function for function in file.functions if table.of(file.name, function.scope)]
        if len(handlers) < fewest:
            return
        lines = code_lines(file.tree.body, file.lines)
        if lines > file.option(self, _LINES):
            yield file.diagnostic(self, handlers[0], lines=lines, routes=len(handlers))

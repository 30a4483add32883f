"""A status code that a handler raises and the OpenAPI document does not mention.

## What it does

Reports an `HTTPException` that a FastAPI handler raises itself, with a code that is documented nowhere on the way to
the route: neither in `responses=` of its decorator, nor of its router, of an inclusion or of the application.

## Why is this bad?

Generated clients know the documented codes only. Everything else arrives as "unexpected status", without a body
that could be read, and the people who write the client by hand find out in production.

## How to fix

```python
@router.get("/users/{user_id}", responses={404: {"model": Problem}})
def read_user(user_id: int, session: SessionDep) -> UserOut: ...
```

Codes that all routes of a router share belong to `APIRouter(responses=...)` or `FastAPI(responses=...)`.

## Not reported

This rule is off by default: in the applications it was developed on, three of ten handlers raise a code that they do
not document, and projects without generated clients need not care.

* Codes of dependencies and of functions that the handler calls.
* 422, which FastAPI documents itself; 500, which nobody foresees; codes that are computed; `responses=` that cannot be read.
* Routes with `include_in_schema=False`.

## References

* [FastAPI: additional responses](https://fastapi.tiangolo.com/advanced/additional-responses/)
* Compared with: flake8-fastapi CF009 and Sonar S8415 look at the decorator; this rule knows what routers, inclusions and
  applications in other modules document.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.answers import documented
from archlint.project.routes.entry import Place
from archlint.project.routes.follow import Spot
from archlint.project.types import members

_EXCEPTIONS = frozenset(("fastapi.HTTPException", "starlette.exceptions.HTTPException"))
#: FastAPI documents the first itself; the second says that something went wrong which nobody foresaw.
_UNTOLD = frozenset((422, 500))
_HEAD = "from fastapi import APIRouter, FastAPI, HTTPException, status\n\n\napp = FastAPI()\n\n\n"


class UndocumentedErrorResponse(Rule):
    """A code that comes as a surprise."""

    impact = Impact.LOW
    fixes = ("unsafe",)
    default = False
    message = "`HTTPException({code})` is missing from `responses=` of `{method} {path}`; document it there or on the router"
    answers = ("area C", "dimension 1", "checklist 25", "checklist 29", "checklist 101")
    mentions = ("HTTPException",)

    invalid = (
        Case(
            _HEAD + "@app.get('/users/{key}')\ndef user(key: int) -> dict:\n    if key < 0:\n"
            "        raise HTTPException(404)  # ARC118\n    return {}\n",
            title="by position",
            fixed="""\
from fastapi import APIRouter, FastAPI, HTTPException, status


app = FastAPI()


@app.get('/users/{key}', responses={404: {"description": "Not Found"}})
def user(key: int) -> dict:
    if key < 0:
        raise HTTPException(404)  # ARC118
    return {}
""",
        ),
        Case(
            _HEAD + "@app.get('/x', responses={404: {}})\nasync def x() -> dict:\n"
            "    raise HTTPException(status_code=status.HTTP_409_CONFLICT)  # ARC118\n",
            title="another code is documented",
            fixed="""\
from fastapi import APIRouter, FastAPI, HTTPException, status


app = FastAPI()


@app.get('/x', responses={404: {}, 409: {"description": "Conflict"}})
async def x() -> dict:
    raise HTTPException(status_code=status.HTTP_409_CONFLICT)  # ARC118
""",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom users import router\n\napp = FastAPI(responses={401: {}})\n"
                "app.include_router(router, responses={404: {}})\n",
                "users.py": "from fastapi import APIRouter, HTTPException\n\nrouter = APIRouter(responses={403: {}})\n\n\n"
                "@router.get('/x')\ndef x(n: int):\n    if n == 1:\n        raise HTTPException(401)\n    if n == 2:\n"
                "        raise HTTPException(403)\n    if n == 3:\n        raise HTTPException(404)\n"
                "    raise HTTPException(410)  # ARC118\n",
            },
            title="every layer counts",
        ),
    )
    valid = (
        Case(
            _HEAD
            + "@app.get('/x', responses={404: {}, '409': {}, '5XX': {}})\ndef x(n: int) -> dict:\n    if n:\n"
            "        raise HTTPException(404)\n    raise HTTPException(409)\n",
            title="documented",
        ),
        Case(
            _HEAD
            + "@app.get('/x')\ndef x() -> dict:\n    try:\n        return find()\n    except Exception as error:\n"
            "        raise HTTPException(status_code=500) from error\n\n\ndef find() -> dict: ...\n",
            title="what nobody foresees",
        ),
        Case(
            _HEAD
            + "NOT_FOUND = {404: {'description': 'gone'}}\n\n\n@app.get('/x', responses={**NOT_FOUND})\n"
            "def x() -> dict:\n    raise HTTPException(404)\n\n\n@app.get('/y')\ndef y() -> dict:\n"
            "    raise HTTPException(422)\n",
            title="a shared dictionary, and what FastAPI documents",
        ),
        Case(
            _HEAD + "import service\n\n\n@app.get('/x', responses=service.ANSWERS)\ndef x() -> dict:\n"
            "    raise HTTPException(404)\n\n\n@app.get('/y', include_in_schema=False)\ndef y(code: int) -> dict:\n"
            "    raise HTTPException(404)\n\n\n@app.get('/z')\ndef z(code: int) -> dict:\n    raise HTTPException(code)\n",
            title="not known, hidden, computed",
        ),
        Case(
            {
                "errors.py": "def documented(codes, given=None):\n    found = given or {}\n"
                "    for code in codes:\n        found[code] = {'description': 'failed'}\n    return found\n",
                "app.py": _HEAD
                + "from errors import documented\n\n\n@app.get('/x', responses=documented([404]))\n"
                "def x() -> dict:\n    raise HTTPException(404)\n",
            },
            title="a dictionary that a function fills",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Compare what a handler raises with what is documented on the way to it."""
        if file.role:
            return
        table = file.world.route_table
        entries = [e for e in table.of(file.name, function.scope) if e.documented is True and e.declared]
        seen: set[int] = set()
        for row in function.scope.calls if entries else ():
            spot = Spot(file.name, function.scope.index, row[Call.BLOCK], row[Call.ORDER])
            callees = members(table.follower.evaluate(row[Call.FUNC], spot))
            if not any(callee.kind == "lib" and callee.name in _EXCEPTIONS for callee in callees):
                continue
            given = dict(row[Call.KEYWORDS]).get("status_code", row[Call.ARGS][0] if row[Call.ARGS] else None)
            code = table.texts.code(given, spot)
            if code is None or code in _UNTOLD or code in seen:
                continue
            silent = [e for e in entries if e.responses is not None and code not in e.responses]
            if silent:
                seen.add(code)
                place = Place(file.name, *row[Call.LINE : Call.END_COLUMN + 1])
                fix = documented(file, {entry.place for entry in silent}, code)
                first = silent[0]
                yield file.diagnostic(self, place, fix=fix, code=code, method=first.verbs, path=first.shown)

"""Routes that are added to a router after it was included.

## What it does

Follows every router of FastAPI from where it is made to where it is included, and reports what is added to it (a
handler, or another router) after the last `include_router()`.

## Why is this bad?

`include_router` copies the routes that the router has at that moment. What is added later hangs on a router that
nobody asks: the handler exists, is imported and tested, and answers 404.

## How to fix

Include last:

```python
router = APIRouter(prefix="/users")


@router.get("/me")
def read_me(user: CurrentUser) -> UserOut: ...


app.include_router(router)
```

## Not reported

* Routers that are mounted: Starlette's `mount` keeps the router itself, so that later routes are served.
* Routes and inclusions in different modules, or in functions of which the order of calls is not known.
* Routers that are included once more later on.

## References

* [FastAPI: include an APIRouter](https://fastapi.tiangolo.com/tutorial/bigger-applications/#include-the-apirouters-for-users-and-items)
* Compared with: ruff has no such check. Sonar S8401 asks for child routers before parent routers in one file; this
  rule also sees single handlers, and inclusions made by functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.project.file import File
from archlint.project.remedies.moves import included_last

_HEAD = "from fastapi import APIRouter, FastAPI\n\napp = FastAPI()\nrouter = APIRouter(prefix='/users')\n\n\n"
_FIRST = "@router.get('/')\ndef users(): ...\n\n\n"


class RouterIncludedTooLate(Rule):
    """A route that missed the copy."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{what}` is added after `include_router` copied the routes and is never served; include the router last"
    answers = ("area C", "dimension 1", "checklist 20")
    mentions = ("include_router",)

    invalid = (
        Case(
            _HEAD + _FIRST + "app.include_router(router)\n\n\n@router.get('/me')  # ARC120\ndef me(): ...\n",
            title="a handler below the inclusion",
            fixed="""\
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix='/users')


@router.get('/')
def users(): ...


@router.get('/me')  # ARC120
def me(): ...


app.include_router(router)
""",
        ),
        Case(
            _HEAD
            + "admin = APIRouter()\n\n\n@admin.get('/')\ndef home(): ...\n\n\napp.include_router(router)\n"
            "router.include_router(admin)  # ARC120\n",
            title="a router in a router",
        ),
        Case(
            "from fastapi import APIRouter, FastAPI\n\n\ndef create_app():\n    app = FastAPI()\n    router = APIRouter()\n"
            "    app.include_router(router, prefix='/api')\n\n    @router.post('/jobs')  # ARC120\n"
            "    def start(): ...\n\n    return app\n",
            title="in a factory",
            fixed="""\
from fastapi import APIRouter, FastAPI


def create_app():
    app = FastAPI()
    router = APIRouter()

    @router.post('/jobs')  # ARC120
    def start(): ...

    app.include_router(router, prefix='/api')

    return app
""",
        ),
        Case(
            _HEAD + _FIRST + "app.include_router(router)\napp.openapi()\n\n\n"
            "@router.get('/me')  # ARC120\ndef me(): ...\n",
            fixed=_HEAD + _FIRST + "app.include_router(router)\napp.openapi()\n\n\n"
            "@router.get('/me')  # ARC120\ndef me(): ...\n",
            title="something is done with the application in between: no fix",
        ),
        Case(
            {
                "main.py": "from fastapi import APIRouter, FastAPI\nfrom setup import add_all\n\napp = FastAPI()\n"
                "router = APIRouter()\nadd_all(app, router)\n\n\nasync def ping(): ...\n\n\n"
                "router.add_api_route('/ping', ping)  # ARC120\n# include_router\n",
                "setup.py": "def add_all(app, router):\n    app.include_router(router)\n",
            },
            title="included by a function of another module",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom users import router\n\napp = FastAPI()\n"
                "app.include_router(router)\n\nimport more\n",
                "users.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n",
                "more.py": "from users import router\n\n\n@router.get('/more')  # ARC120\ndef more(): ...\n# include_router\n",
            },
            title="in a module that is imported later",
            missed=True,
            why="the order of imports over several modules is not followed",
        ),
    )
    valid = (
        Case(_HEAD + _FIRST + "app.include_router(router)\n", title="included last"),
        Case(
            _HEAD + _FIRST + "app.include_router(router)\n\n\n@app.get('/ping')\ndef ping(): ...\n",
            title="a route of the application itself",
        ),
        Case(
            _HEAD
            + "app.include_router(router, prefix='/v1')\n\n\n"
            + _FIRST
            + "app.include_router(router, prefix='/v2')\n",
            title="included once more",
        ),
        Case(
            _HEAD + "app.mount('/users', router)\n\n\n" + _FIRST,
            title="mounted, not copied",
        ),
        Case(
            {
                "main.py": "from fastapi import FastAPI\nfrom users import router\n\napp = FastAPI()\n"
                "app.include_router(router)\n",
                "users.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/me')\ndef me(): ...\n",
            },
            title="the module of the router runs first",
        ),
        Case(
            "from fastapi import APIRouter, FastAPI\n\nrouter = APIRouter()\n\n\ndef create_app():\n"
            "    app = FastAPI()\n    app.include_router(router)\n    return app\n\n\n@router.get('/me')\ndef me(): ...\n",
            title="the function runs later",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: object, file: File) -> Iterator[Diagnostic]:
        """Look at what is added too late, as far as it is added in this file."""
        if file.role:
            return
        late = file.world.route_table.late
        for place in sorted(place for place in late if place.path == file.name):
            found = late[place]
            what = found.item.handler.name if found.item.handler is not None else "this router"
            where = Related(file.locate(found.include.place), "the router is included here")
            include = found.include.place
            together = [other for other, one in late.items() if one.include.place == include]
            fix = included_last(file, together, include)
            yield file.diagnostic(self, place, related=(where,), fix=fix, what=what)

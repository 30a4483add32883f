"""A session that a module or a class holds for all requests.

## What it does

Reports a session of SQLAlchemy or SQLModel that is opened at module level or in a class body, if a request
handler, a dependency or a task uses it, itself or through the functions it calls.

## Why is this bad?

A session is one transaction and one set of objects, for one thread or task at a time. Shared by all requests, one
request commits or rolls back the half-done work of another, one error makes every later request fail with
`PendingRollbackError`, and objects loaded once are never read again from the database.

## How to fix

Keep the factory global, and open a session for each request:

```python
SessionLocal = sessionmaker(bind=engine)

def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session
```

## Not reported

* Factories (`sessionmaker`), `scoped_session`, Flask-SQLAlchemy's `db.session`: they keep one session per thread
  or request.
* Globals that no handler, dependency or task leads to; tests, scripts, commands, migrations, notebooks.
* Known misses: sessions stored by a function under `global`, or under an attribute of an application object.

## References

* [SQLAlchemy: is the session thread-safe?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks)
* [FastAPI: SQL databases](https://fastapi.tiangolo.com/tutorial/sql-databases/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.model.summary import Bind, Scope
from archlint.project.file import File
from archlint.project.globals import Place, methods_reading, users
from archlint.project.reach import Served
from archlint.project.sessions import is_scoped, kind_of, opens
from archlint.project.types import members

_ENGINE = (
    "from sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import Session, scoped_session, sessionmaker\n\n"
    'engine = create_engine("postgresql://db")\n'
    "SessionLocal = sessionmaker(bind=engine)\n"
)
_KINDS = {"route": "the handler", "task": "the task", "dependency": "the dependency"}


class GlobalSession(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{name}` is one session for all requests, {user} among them; open one for each request"
    answers = ("anti-pattern 3", "anti-pattern 6", "area B", "area I", "dimension 2", "checklist 79")
    mentions = ("ession",)
    invalid = (
        Case(
            {
                "database.py": _ENGINE + "session = SessionLocal()  # ARC205\n",
                "api.py": "from fastapi import FastAPI\n"
                "from sqlalchemy import text\n\n"
                "from database import session\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/count")\n'
                "def count():\n"
                '    return session.scalar(text("select 1"))\n',
            },
            title="imported by a handler",
        ),
        Case(
            {
                "database.py": _ENGINE + "session = Session(engine)  # ARC205\n",
                "crud.py": "from sqlalchemy import text\n\n"
                "import database\n\n\n"
                "def count():\n"
                '    return database.session.scalar(text("select 1"))\n',
                "views.py": "from flask import Flask\n\n"
                "import crud\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.route("/count")\n'
                "def count():\n"
                "    return str(crud.count())\n",
            },
            title="two calls below a Flask view",
        ),
        Case(
            "from fastapi import APIRouter\n"
            "from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine\n"
            "from sqlmodel import select\n\n"
            "router = APIRouter()\n\n\n"
            "class Users:\n"
            '    session = AsyncSession(create_async_engine("sqlite+aiosqlite://"))  # ARC205\n\n'
            "    async def names(self, User):\n"
            "        return (await self.session.scalars(select(User.name))).all()\n\n\n"
            '@router.get("/users")\n'
            "async def names(User=None):\n"
            "    return await Users().names(User)\n",
            title="attribute of a class",
        ),
        Case(
            _ENGINE + "from celery import shared_task\n\n"
            "db = SessionLocal()  # ARC205\n\n\n"
            "@shared_task\n"
            "def clean():\n"
            "    db.commit()\n",
            title="task",
        ),
        Case(
            {
                "database.py": _ENGINE + "session = None\n\n\n"
                "def start():\n"
                "    global session\n"
                "    session = SessionLocal()  # ARC205\n",
                "api.py": "from fastapi import FastAPI\n\n"
                "import database\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/save")\n'
                "def save():\n"
                "    database.session.commit()\n",
            },
            title="stored by a function",
            missed=True,
            why="a global that a function fills may be filled once per process or once per test",
        ),
    )
    valid = (
        Case(
            {
                "database.py": _ENGINE + "\n\ndef get_session():\n"
                "    with SessionLocal() as session:\n"
                "        yield session\n",
                "api.py": "from fastapi import Depends, FastAPI\n"
                "from sqlalchemy import text\n\n"
                "from database import get_session\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/count")\n'
                "def count(session=Depends(get_session)):\n"
                '    return session.scalar(text("select 1"))\n',
            },
            title="one session for each request",
        ),
        Case(
            {
                "database.py": _ENGINE + "session = scoped_session(SessionLocal)\n",
                "views.py": "from flask import Flask\n"
                "from sqlalchemy import text\n\n"
                "from database import session\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.route("/count")\n'
                "def count():\n"
                '    return str(session.scalar(text("select 1")))\n',
            },
            title="scoped session",
        ),
        Case(
            _ENGINE + "from sqlalchemy import text\n\n"
            "session = SessionLocal()\n"
            'print(session.scalar(text("select 1")))\n\n\n'
            "def report():\n"
            '    return session.scalar(text("select 2"))\n',
            title="no request leads there",
        ),
        Case(
            {
                "views.py": "from flask import Flask\n"
                "from flask_sqlalchemy import SQLAlchemy\n\n"
                "app = Flask(__name__)\n"
                "db = SQLAlchemy(app)\n"
                "session = db.session\n\n\n"
                '@app.route("/save")\n'
                "def save():\n"
                "    session.commit()\n"
                '    return ""\n',
            },
            title="Flask-SQLAlchemy",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report sessions held by the module or its classes, and used for requests."""
        if file.role:
            return
        for scope in file.summary.scopes:
            if scope.kind not in ("module", "class"):
                continue
            for name, rows in scope.binds.items():
                row = rows[-1]
                if _is_session(file, scope, row):
                    served = _served(file, _users(file, scope, name))
                    if served is not None:
                        yield self._report(file, scope, name, row, served)

    def _report(self, file: File, scope: Scope, name: str, row: list[Any], served: Served) -> Diagnostic:
        call = scope.calls[row[Bind.EXPR][1]]
        found = served.scope
        at = file.line_location(found.line, served.path)
        return file.diagnostic(
            self,
            file.span(call),
            related=(Related(at, f"{_KINDS[served.kind]} `{found.name}` uses it"),),
            name=name,
            user=f"{_KINDS[served.kind]} `{found.name}`",
        )


def _is_session(file: File, scope: Scope, row: list[Any]) -> bool:
    expr = row[Bind.EXPR]
    if expr is None or expr[0] != "c":
        return False
    world = file.world
    frame = world.evaluator.frame(file.name, scope.index)
    value = world.evaluator.eval(expr, frame, row[Bind.BLOCK], row[Bind.ORDER])
    if not kind_of(world, value) or is_scoped(world, value):
        return False
    taken = any(m.kind == "lib" and m.name == "next" for m in members(world.evaluator.callee(expr[1], frame)))
    return taken or bool(opens(world, expr, frame))


def _users(file: File, scope: Scope, name: str) -> Iterator[Place]:
    if scope.kind == "class":
        return methods_reading(file.world, file.name, scope, name)
    return users(file.world, file.name, name)


def _served(file: File, places: Iterator[Place]) -> Served | None:
    """The first handler, task or dependency that leads to any of these functions."""
    for path, scope in places:
        found = file.world.reach.served(path, scope)
        if found is not None:
            return found
    return None

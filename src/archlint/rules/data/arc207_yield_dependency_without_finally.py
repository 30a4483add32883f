"""Cleanup after a `yield` that an exception skips.

## What it does

Reports dependencies (FastAPI, Litestar) and `@contextmanager` functions that clean up after their `yield`
(`session.close()`, `lock.release()`, `os.unlink(path)`, a context variable's `reset(token)`), or give an attribute its
old value back, without `try`/`finally` or a `with` around the `yield`.

## Why is this bad?

An exception in the request, or in the body of the `with`, is raised at the `yield`. Everything below it is then
skipped: each failing request leaves a connection, a lock or a temporary file behind.

## How to fix

```python
def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
```

Or let a context manager do both: `with SessionLocal() as db: yield db`.

## Not reported

* A tail that cleans nothing up, such as a log line or a `commit` that is meant for success only.
* What an enclosing `with` or an `except` clause closes, too.
* Application lifespans: no request raises in them. Tests and their fixtures.
* Known misses: cleanup hidden in a function of the project; async generators that are iterated by hand.

Compared with ruff's RUF075, which reports any statement behind the `yield` of a context manager, this rule follows
dependencies to the functions that are injected and asks whether the tail releases what was set up. In 17 applications
RUF075 reports 33 context managers: most restore a state or measure the time. The six reports of this rule are among
them; functions that FastAPI injects RUF075 does not know.

## References

* [FastAPI: dependencies with yield](https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/)
* [contextlib.contextmanager](https://docs.python.org/3/library/contextlib.html#contextlib.contextmanager)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.generators import kind_of_generator, left_by_generator
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.blocks import closed_in_any_case

_DATABASE = (
    "from sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import sessionmaker\n\n"
    'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
)
_USE = (
    "from fastapi import Depends, FastAPI\n\n"
    "from database import get_db\n\n"
    "app = FastAPI()\n\n\n"
    '@app.get("/save")\n'
    "def save(db=Depends(get_db)):\n"
    "    db.commit()\n"
)


class YieldDependencyWithoutFinally(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("safe",)
    message = (
        "`{call}` is skipped when {what} raises at the `yield` of `{function}`; use `try`/`finally` or `with`"
    )
    answers = ("anti-pattern 6", "area J", "dimension 2")
    mentions = ("yield",)
    invalid = (
        Case(
            {
                "database.py": _DATABASE + "def get_db():\n"
                "    db = SessionLocal()\n"
                "    yield db\n"
                "    db.close()  # ARC207\n",
                "api.py": _USE,
            },
            fixed=(
                "from sqlalchemy import create_engine\n"
                "from sqlalchemy.orm import sessionmaker\n"
                "\n"
                'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n'
                "\n"
                "\n"
                "def get_db():\n"
                "    db = SessionLocal()\n"
                "    try:\n"
                "        yield db\n"
                "    finally:\n"
                "        db.close()  # ARC207\n"
            ),
            title="FastAPI dependency",
        ),
        Case(
            {
                "database.py": "from collections.abc import AsyncIterator\n"
                "from typing import Annotated\n\n"
                "from fastapi import Depends\n"
                "from redis.asyncio import Redis\n\n\n"
                "async def get_redis() -> AsyncIterator[Redis]:\n"
                "    client = Redis()\n"
                "    yield client\n"
                "    await client.aclose()  # ARC207\n\n\n"
                "RedisDep = Annotated[Redis, Depends(get_redis)]\n"
            },
            fixed=(
                "from collections.abc import AsyncIterator\n"
                "from typing import Annotated\n"
                "\n"
                "from fastapi import Depends\n"
                "from redis.asyncio import Redis\n"
                "\n"
                "\n"
                "async def get_redis() -> AsyncIterator[Redis]:\n"
                "    client = Redis()\n"
                "    try:\n"
                "        yield client\n"
                "    finally:\n"
                "        await client.aclose()  # ARC207\n"
                "\n"
                "\n"
                "RedisDep = Annotated[Redis, Depends(get_redis)]\n"
            ),
            title="asynchronous, injected by an alias",
        ),
        Case(
            "import os\n"
            "import tempfile\n"
            "from contextlib import contextmanager\n"
            "from contextvars import ContextVar\n\n"
            'tenant: ContextVar[str] = ContextVar("tenant")\n\n\n'
            "@contextmanager\n"
            "def scratch():\n"
            "    descriptor, path = tempfile.mkstemp()\n"
            "    yield path\n"
            "    os.unlink(path)  # ARC207\n\n\n"
            "@contextmanager\n"
            "def as_tenant(name):\n"
            "    token = tenant.set(name)\n"
            "    yield\n"
            "    tenant.reset(token)  # ARC207\n",
            title="context managers",
        ),
        Case(
            "from contextlib import contextmanager\n\nfrom flask import g\n\n\n"
            "@contextmanager\n"
            "def acting_as(user):\n"
            "    before = g.user\n"
            "    g.user = user\n"
            "    yield user\n"
            "    g.user = before  # ARC207\n\n\n"
            "class Pipeline:\n"
            "    @contextmanager\n"
            "    def quiet(self):\n"
            "        self.is_quiet = True\n"
            "        yield\n"
            "        self.is_quiet = False  # ARC207\n",
            title="attributes that get their old value back",
        ),
        Case(
            {
                "database.py": _DATABASE + "def get_db():\n"
                "    db = SessionLocal()\n"
                "    yield db\n"
                "    finish(db)  # ARC207\n\n\n"
                "def finish(db):\n"
                "    db.close()\n",
                "api.py": _USE,
            },
            title="cleanup in a helper",
            missed=True,
            why="only calls whose cleanup is plain are judged",
        ),
    )
    valid = (
        Case(
            {
                "database.py": _DATABASE + "def get_db():\n"
                "    db = SessionLocal()\n"
                "    try:\n"
                "        yield db\n"
                "    finally:\n"
                "        db.close()\n\n\n"
                "def get_other():\n"
                "    with SessionLocal() as db:\n"
                "        yield db\n"
                "        db.close()\n",
                "api.py": _USE + "\n\n"
                "from database import get_other\n\n\n"
                '@app.get("/other")\n'
                "def other(db=Depends(get_other)):\n"
                "    db.commit()\n",
            },
            title="`finally` and `with`",
        ),
        Case(
            "from contextlib import contextmanager\n\nfrom flask import g\n\n\n"
            "@contextmanager\n"
            "def acting_as(user):\n"
            "    before = g.user\n"
            "    g.user = user\n"
            "    try:\n        yield user\n"
            "    finally:\n        g.user = before\n\n\n"
            "@contextmanager\n"
            "def measured(job):\n"
            "    job.status = 'running'\n    job.is_done = False\n    job.started = 1\n"
            "    yield\n"
            "    job.status = 'done'\n    job.is_done = True\n    job.ended = 2\n",
            title="an attribute in `finally`; what only success may set",
        ),
        Case(
            {
                "database.py": _DATABASE + "def get_db():\n"
                "    db = SessionLocal()\n"
                "    try:\n"
                "        yield db\n"
                "        db.commit()\n"
                "        db.close()\n"
                "    except Exception:\n"
                "        db.rollback()\n"
                "        db.close()\n"
                "        raise\n",
                "api.py": _USE,
            },
            title="closed in the handler, too",
        ),
        Case(
            "from contextlib import asynccontextmanager, contextmanager\n\n"
            "from fastapi import FastAPI\n"
            "from sqlalchemy.ext.asyncio import create_async_engine\n\n"
            'engine = create_async_engine("postgresql+asyncpg://db")\n\n\n'
            "@asynccontextmanager\n"
            "async def lifespan(app: FastAPI):\n"
            '    extra = create_async_engine("postgresql+asyncpg://other")\n'
            "    yield\n"
            "    await extra.dispose()\n\n\n"
            "@contextmanager\n"
            "def timed(log):\n"
            '    log.info("start")\n'
            "    yield\n"
            '    log.info("end")\n\n\n'
            "app = FastAPI(lifespan=lifespan)\n",
            title="lifespan; nothing to clean up",
        ),
        Case(
            "def chunks(path):\n"
            "    stream = open(path)\n"
            "    for line in stream:\n"
            "        yield line\n"
            "    stream.close()\n",
            title="a plain generator",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the first cleanup that an exception at the `yield` skips."""
        scope = function.scope
        if not scope.yields or file.role == "test":
            return
        skipped = left_by_generator(file.world, function.frame)
        if skipped is not None:
            kind = kind_of_generator(file.world, file.name, scope)
            place = file.place(*skipped.place)
            yield file.diagnostic(
                self,
                place,
                related=(Related(file.line_location(scope.line), "the generator"),),
                fix=closed_in_any_case(file, place),
                call=skipped.label,
                function=function.name,
                what="the request" if kind == "dependency" else "the body of the `with`",
            )

"""A session or connection that is not closed on every path.

## What it does

Reports a session (SQLAlchemy, SQLModel) or a connection (SQLAlchemy engines, DB-API and asynchronous drivers)
that a function opens, or takes from a pool, by an assignment and then never closes or gives back, or only if nothing
fails in between. Also
reports `with` on a connection of sqlite3, psycopg2 or pyodbc: it ends the transaction and leaves the connection
open.

## Why is this bad?

The connection goes back to the pool when the garbage collector gets to it, if ever. A failing request keeps
it, with its transaction and its locks; after as many failures as the pool has connections, every request waits
for `pool_timeout` and fails too.

## How to fix

```python
with SessionLocal() as session:
    users = session.scalars(select(User)).all()
```

Where `with` cannot be used, close in `finally`; for connections of sqlite3 and psycopg2 write
`with closing(sqlite3.connect(path)) as connection`.

## Not reported

* Objects that are returned, stored under an attribute, captured by an inner function, or passed to a library or
  to a function of the project that keeps or closes them: they have another owner.
* Sessions on a connection that somebody else has opened, which they would not give back.
* Factories that hand out a session they keep; `scoped_session`, Flask-SQLAlchemy's `db.session`.
* Closing both after the work and in an `except` clause; closing after the `yield` of a dependency or a context
  manager, which is ARC207.
* Tests, scripts, commands, migrations and functions named `main`: their process ends.
* Known misses: sessions from a factory of unknown type; openings in a condition.

Compared with ruff's SIM115, which knows the standard library's files, this rule knows what a session is and who
owns it; files are left to ruff. In 17 applications SIM115 reports 24 files and no session or connection, this rule
two.

## References

* [SQLAlchemy: session basics](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing)
* [sqlite3: how to use the connection context manager](https://docs.python.org/3/library/sqlite3.html#how-to-use-the-connection-context-manager)
* [psycopg2: with statement](https://www.psycopg.org/docs/usage.html#with-statement)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.generators import left_by_generator
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.blocks import closed_at_last
from archlint.project.tables.ownership import closing, judge, left_open_by_with, openings

_NEVER = "`{name}` is never closed; use `{keyword} ... as {name}`, or close it in `finally`"
_UNLESS = (
    "`{name}` stays open when anything fails before line {line}; use `{keyword} ... as {name}` or `finally`"
)
_WITH = "`with` on a connection of {driver} leaves it open; wrap the call in `contextlib.closing`"


class UnclosedSession(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = _NEVER
    answers = ("anti-pattern 6", "area B", "area J", "dimension 2", "checklist 15")
    invalid = (
        Case(
            "from contextlib import contextmanager\n\n"
            "from sqlalchemy import create_engine, text\nfrom sqlalchemy.engine import Engine\n\n\n"
            "@contextmanager\n"
            "def tunnel() -> Engine:\n"
            '    yield create_engine("postgresql://db")\n\n\n'
            "def views():\n"
            "    with tunnel() as engine:\n"
            "        connection = engine.connect()  # ARC206\n"
            '        return connection.execute(text("SELECT 1")).all()\n',
            title="a context manager that is declared as what it hands out",
        ),
        Case(
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.orm import sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
            "def count():\n"
            "    session = SessionLocal()  # ARC206\n"
            '    return session.scalar(text("select 1"))\n\n\n'
            "def rename(name):\n"
            "    session = SessionLocal()  # ARC206\n"
            '    session.execute(text("update t set name = :n"), {"n": name})\n'
            "    session.commit()\n"
            "    session.close()\n",
            title="SQLAlchemy: never, and only if nothing fails",
            fixed="""\
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))


def count():
    session = SessionLocal()  # ARC206
    try:
        return session.scalar(text("select 1"))
    finally:
        session.close()


def rename(name):
    session = SessionLocal()  # ARC206
    try:
        session.execute(text("update t set name = :n"), {"n": name})
        session.commit()
    finally:
        session.close()
""",
        ),
        Case(
            {
                "database.py": "from sqlmodel import Session, create_engine\n\n"
                'engine = create_engine("sqlite://")\n\n\n'
                "def new_session() -> Session:\n"
                "    return Session(engine)\n",
                "jobs.py": "from sqlmodel import select\n\n"
                "from database import new_session\n\n\n"
                "def names(User):\n"
                "    session = new_session()  # ARC206\n"
                "    return [user.name for user in session.exec(select(User))]\n",
            },
            title="SQLModel: factory of another file",
        ),
        Case(
            "import psycopg2\n\n\n"
            "def names(dsn):\n"
            "    connection = psycopg2.connect(dsn)  # ARC206\n"
            "    cursor = connection.cursor()\n"
            '    cursor.execute("select name from users")\n'
            "    rows = cursor.fetchall()\n"
            "    connection.close()\n"
            "    return rows\n",
            title="driver",
            fixed="""\
import psycopg2


def names(dsn):
    connection = psycopg2.connect(dsn)  # ARC206
    try:
        cursor = connection.cursor()
        cursor.execute("select name from users")
        rows = cursor.fetchall()
    finally:
        connection.close()
    return rows
""",
        ),
        Case(
            "import sqlite3\n\n\n"
            "def save(path, value):\n"
            "    with sqlite3.connect(path) as connection:  # ARC206\n"
            '        connection.execute("insert into t values (?)", (value,))\n',
            title="sqlite3: `with` does not close",
        ),
        Case(
            "from sqlalchemy import text\n"
            "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n\n"
            'make = async_sessionmaker(create_async_engine("postgresql+asyncpg://db"))\n\n\n'
            "async def ping(session: AsyncSession):\n"
            '    await session.execute(text("select 1"))\n\n\n'
            "async def check():\n"
            "    session = make()  # ARC206\n"
            "    await ping(session)\n",
            title="asynchronous, passed to a helper that leaves it open",
        ),
        Case(
            "def names(factory, User):\n"
            "    session = factory()  # ARC206\n"
            "    return session.query(User).all()\n",
            title="factory of unknown type",
            missed=True,
            why="nothing in the project says what `factory` makes",
        ),
        Case(
            """\
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

Factory = sessionmaker(create_engine("sqlite://"))


class Tickets:
    def __init__(self, session: Session) -> None:
        self.session = session

    def move(self, pk: int) -> None:
        self.session.execute(f"UPDATE tickets SET moved = 1 WHERE id = {int(pk)}")


class Work:
    def __init__(self, session: Session) -> None:
        self.session = session

    def __enter__(self):
        return self

    def __exit__(self, *failure) -> None:
        self.session.close()


def move(pk: int) -> None:
    session = Factory()  # ARC206
    Tickets(session).move(pk)
    session.commit()
    session.close()


def work(pk: int) -> None:
    session = Factory()
    with Work(session) as work:
        work.session.commit()
    session.close()
""",
            title="a repository that is given the session does not close it",
        ),
        Case(
            """\
import asyncpg
from psycopg_pool import ConnectionPool


async def newest(pool: asyncpg.Pool):
    connection = await pool.acquire()  # ARC206
    row = await connection.fetchrow("SELECT * FROM orders ORDER BY id DESC LIMIT 1")
    await pool.release(connection)
    return row


async def oldest(pool: asyncpg.Pool):
    connection = await pool.acquire()  # ARC206
    return await connection.fetchrow("SELECT * FROM orders ORDER BY id LIMIT 1")


def count(pool: ConnectionPool):
    connection = pool.getconn()  # ARC206
    rows = connection.execute("SELECT count(*) FROM orders").fetchall()
    pool.putconn(connection)
    return rows


async def safe(pool: asyncpg.Pool):
    connection = await pool.acquire()
    try:
        return await connection.fetchrow("SELECT 1")
    finally:
        await pool.release(connection)


async def entered(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        return await connection.fetchrow("SELECT 1")


async def handed_out(pool: asyncpg.Pool):
    connection = await pool.acquire()
    return connection
""",
            title="connections of pools",
        ),
    )
    valid = (
        Case(
            "import sqlite3\n"
            "from contextlib import closing\n\n"
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.orm import Session, sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
            "def count():\n"
            "    with SessionLocal() as session:\n"
            '        return session.scalar(text("select 1"))\n\n\n'
            "def total():\n"
            "    session = SessionLocal()\n"
            "    try:\n"
            '        return session.scalar(text("select 1"))\n'
            "    finally:\n"
            "        session.close()\n\n\n"
            "def save(path):\n"
            "    with closing(sqlite3.connect(path)) as connection:\n"
            '        connection.execute("delete from t")\n\n\n'
            "def later():\n"
            "    session = SessionLocal()\n"
            "    with session:\n"
            '        session.execute(text("select 1"))\n',
            title="closed on every path",
        ),
        Case(
            "from contextlib import ExitStack\n\n"
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.orm import Session, sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
            "class Unit:\n"
            "    def __init__(self):\n"
            "        session = SessionLocal()\n"
            "        self.session = session\n\n\n"
            "def new() -> Session:\n"
            "    session = SessionLocal()\n"
            '    session.execute(text("set role app"))\n'
            "    return session\n\n\n"
            "def use(stack: ExitStack):\n"
            "    session = SessionLocal()\n"
            "    stack.push(session)\n"
            '    return session.scalar(text("select 1"))\n\n\n'
            "def finish(session: Session):\n"
            "    session.commit()\n"
            "    session.close()\n\n\n"
            "def work():\n"
            "    session = SessionLocal()\n"
            '    session.execute(text("select 1"))\n'
            "    finish(session)\n",
            title="somebody else closes",
        ),
        Case(
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.orm import scoped_session, sessionmaker\n\n"
            'Session = scoped_session(sessionmaker(bind=create_engine("postgresql://db")))\n\n\n'
            "def count():\n"
            "    session = Session()\n"
            '    return session.scalar(text("select 1"))\n',
            title="scoped session",
        ),
        Case(
            "from sqlalchemy import event, text\nfrom sqlalchemy.engine import Connection\n"
            "from sqlalchemy.orm import Session\n\n\n"
            "def after(connection: Connection):\n"
            "    session = Session(bind=connection)\n"
            '    session.execute(text("delete from t"))\n    session.commit()\n\n\n'
            "def before(session: Session):\n"
            "    other = Session(session.connection())\n"
            '    other.execute(text("delete from t"))\n',
            title="on the connection of somebody else",
        ),
        Case(
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.orm import sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
            "def count():\n"
            "    session = SessionLocal()\n"
            "    try:\n"
            '        found = session.scalar(text("select 1"))\n'
            "        session.close()\n"
            "    except Exception:\n"
            "        session.close()\n"
            "        raise\n"
            "    return found\n",
            title="closed after the work and in the handler",
        ),
        Case(
            "from contextlib import contextmanager\n\n"
            "from fastapi import Depends, FastAPI\nfrom sqlalchemy import create_engine\n"
            "from sqlalchemy.orm import Session, sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\napp = FastAPI()\n\n\n'
            "def get_session():\n"
            "    session = SessionLocal()\n    yield session\n    session.close()\n\n\n"
            '@app.get("/")\n'
            "def home(session: Session = Depends(get_session)): ...\n\n\n"
            "@contextmanager\n"
            "def scope():\n"
            "    session = SessionLocal()\n    yield session\n    session.close()\n",
            title="closed after a yield, which is ARC207",
        ),
        Case(
            {
                "scripts/report.py": "import sqlite3\n\n\n"
                "def run(path):\n"
                "    connection = sqlite3.connect(path)\n"
                '    print(connection.execute("select 1").fetchone())\n'
            },
            title="script",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function opens and may leave open."""
        if file.role or function.name == "main" or not function.scope.calls:
            return
        world, frame = file.world, function.frame
        for opening in openings(world, frame):
            verdict = judge(world, frame, opening)
            if verdict.how and not (verdict.close is not None and left_by_generator(world, frame)):
                row = function.scope.calls[opening.call]
                related = (
                    (Related(file.line_location(verdict.close.line), "closed here, if nothing fails before"),)
                    if verdict.close is not None
                    else ()
                )
                close = closing(world, frame, opening)
                is_async = close.startswith("await") if close else function.is_async
                yield file.diagnostic(
                    self,
                    file.span(row),
                    related=related,
                    fix=closed_at_last(file, file.span(row), close),
                    message=_NEVER if verdict.how == "never" else _UNLESS,
                    name=opening.name,
                    keyword="async with" if is_async else "with",
                    line=verdict.close.line if verdict.close is not None else 0,
                )
        for entered, kind in left_open_by_with(world, frame):
            place = file.place(*entered[2:6])
            yield file.diagnostic(
                self, place, message=_WITH, driver=kind.partition(".")[0], name="", keyword=""
            )

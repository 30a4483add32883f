"""One asynchronous session used by coroutines that run at the same time.

## What it does

Reports `asyncio.gather`, `asyncio.create_task`, task groups and nurseries that start two or more coroutines,
or one per item of a loop, on the same `AsyncSession` (SQLAlchemy, SQLModel). The session may be an argument, the
object that is called, or an attribute that the called methods use.

## Why is this bad?

A session is one connection and one transaction. The second statement that starts while the first still waits
fails with "This session is provisioning a new connection; concurrent operations are not permitted", or
`IllegalStateChangeError`; under less load it works, and one task commits or rolls back the half-done work of
another.

## How to fix

Give each task its own session, or run the statements one after the other: they share a connection anyway.

```python
async def load(key: int) -> Item | None:
    async with session_factory() as session:
        return await session.get(Item, key)

items = await asyncio.gather(*(load(key) for key in keys))
```

## Not reported

* Coroutines that open a session of their own, or get one that was opened for this item of the loop.
* Functions that hold a lock or a semaphore while they run; `async_scoped_session`.
* A single task beside the code that started it.
* Known misses: sessions of unknown type; sessions that reach the coroutines through a container.

## References

* [SQLAlchemy: using AsyncSession with concurrent tasks](https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#using-asyncsession-with-concurrent-tasks)
* [SQLAlchemy: is the session thread-safe?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.concurrency import shared_sessions
from archlint.project.file import File
from archlint.project.function import Function

_LOAD = (
    "import asyncio\n\n"
    "from sqlalchemy import select\n"
    "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n\n"
    'make = async_sessionmaker(create_async_engine("postgresql+asyncpg://db"))\n\n\n'
    "async def load(session: AsyncSession, key):\n"
    "    return await session.get(object, key)\n\n\n"
)


class AsyncSessionShared(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "`{session}` is used by several coroutines that `{starter}` runs together; give each its own session"
    )
    answers = ("anti-pattern 6", "area B", "area I", "dimension 2", "dimension 4", "checklist 8")
    mentions = ("gather", "create_task", "ensure_future", "start_soon", "as_completed", "wait")
    invalid = (
        Case(
            _LOAD + "async def both(session: AsyncSession):\n"
            "    return await asyncio.gather(load(session, 1), load(session, 2))  # ARC209\n\n\n"
            "async def each(session: AsyncSession, keys):\n"
            "    return await asyncio.gather(*(load(session, key) for key in keys))  # ARC209\n",
            title="gather",
        ),
        Case(
            {
                "repository.py": "from sqlalchemy import text\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
                "class Stats:\n"
                "    def __init__(self, session: AsyncSession):\n"
                "        self.session = session\n\n"
                "    async def users(self):\n"
                '        return await self.session.scalar(text("select 1"))\n\n'
                "    async def orders(self):\n"
                '        return await self._count("orders")\n\n'
                "    async def _count(self, table):\n"
                '        return await self.session.scalar(text("select 2"))\n',
                "api.py": "import asyncio\n\n"
                "from repository import Stats\n\n\n"
                "async def stats(session):\n"
                "    stats = Stats(session)\n"
                "    return await asyncio.gather(stats.users(), stats.orders())  # ARC209\n",
            },
            title="methods of one repository",
        ),
        Case(
            _LOAD + "async def each(session: AsyncSession, keys):\n"
            "    tasks = []\n"
            "    for key in keys:\n"
            "        tasks.append(load(session, key))\n"
            "    return await asyncio.gather(*tasks)  # ARC209\n\n\n"
            "async def group(session: AsyncSession, keys):\n"
            "    async with asyncio.TaskGroup() as tasks:\n"
            "        for key in keys:\n"
            "            tasks.create_task(load(session, key))  # ARC209\n",
            title="collected tasks, task group",
        ),
        Case(
            "import asyncio\n\n"
            "from sqlmodel import select\n"
            "from sqlmodel.ext.asyncio.session import AsyncSession\n\n\n"
            "async def both(session: AsyncSession, a, b):\n"
            "    return await asyncio.gather(session.exec(select(a)), session.exec(select(b)))  # ARC209\n",
            title="SQLModel: statements of one session",
        ),
        Case(
            {
                "store.py": "from sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
                "class Rows:\n"
                "    def __init__(self, session: AsyncSession) -> None:\n        self.session = session\n\n"
                "    async def one(self, key):\n        return await self.session.get(object, key)\n\n\n"
                "class Work:\n"
                "    async def __aenter__(self):\n"
                "        self.orders = Rows(AsyncSession())\n"
                "        self.lines = Rows(AsyncSession())\n"
                "        return self\n\n"
                "    async def __aexit__(self, *_):\n        pass\n",
                "service.py": "import asyncio\n\nfrom store import Work\n\n\n"
                "class Service:\n"
                "    def __init__(self, work: Work) -> None:\n        self.work = work\n\n"
                "    async def describe(self, key):\n"
                "        return await self.work.orders.one(key), await self.work.lines.one(key)\n\n"
                "    async def all(self, keys):\n"
                "        return await asyncio.gather(*(self.describe(key) for key in keys))  # ARC209\n",
            },
            title="the repositories of a unit of work",
        ),
        Case(
            _LOAD + "async def both(sessions, keys):\n"
            '    one = sessions["main"]\n'
            "    return await asyncio.gather(*(load(one, key) for key in keys))  # ARC209\n",
            title="session out of a container",
            missed=True,
            why="nothing says what the container holds",
        ),
        Case(
            {
                "repo.py": """\
from typing import Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


T = TypeVar("T", bound=Base)


class Plan(Base):
    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]


class Repository(Generic[T]):
    model: type[T]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    def base_query(self) -> Select[tuple[T]]:
        return select(self.model)

    async def get(self, pk: int) -> T | None:
        return await self.session.get(self.model, pk)

    async def all(self):
        return (await self.session.scalars(self.base_query())).all()


class PlanRepository(Repository[Plan]):
    model = Plan
""",
                "service.py": """\
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from repo import PlanRepository


class Service:
    def __init__(self, session: AsyncSession, other: AsyncSession) -> None:
        self.plans = PlanRepository(session)
        self.offers = PlanRepository(session)
        self.archive = PlanRepository(other)

    async def both(self, pk: int):
        return await asyncio.gather(self.plans.get(pk), self.offers.get(pk))  # ARC209

    async def apart(self, pk: int):
        return await asyncio.gather(self.plans.get(pk), self.archive.get(pk))
""",
            },
            title="two repositories that were made with one session",
        ),
    )
    valid = (
        Case(
            _LOAD + "async def own(key):\n"
            "    async with make() as session:\n"
            "        return await load(session, key)\n\n\n"
            "async def each(keys):\n"
            "    return await asyncio.gather(*(own(key) for key in keys))\n\n\n"
            "async def both():\n"
            "    async with make() as first, make() as second:\n"
            "        return await asyncio.gather(load(first, 1), load(second, 2))\n",
            title="one session for each task",
        ),
        Case(
            _LOAD + "lock = asyncio.Lock()\n\n\n"
            "async def guarded(session: AsyncSession, key):\n"
            "    async with lock:\n"
            "        return await load(session, key)\n\n\n"
            "async def each(session: AsyncSession, keys):\n"
            "    return await asyncio.gather(*(guarded(session, key) for key in keys))\n",
            title="one after the other",
        ),
        Case(
            _LOAD + "async def fetch(url):\n"
            "    return url\n\n\n"
            "async def each(session: AsyncSession, urls):\n"
            "    found = await asyncio.gather(*(fetch(url) for url in urls))\n"
            "    return [await load(session, url) for url in found]\n\n\n"
            "async def one(session: AsyncSession, url):\n"
            "    return await asyncio.gather(load(session, 1), fetch(url))\n",
            title="only one coroutine has the session",
        ),
        Case(
            "import asyncio\n\n"
            "from aiohttp import ClientSession\n\n\n"
            "async def each(session: ClientSession, urls):\n"
            "    return await asyncio.gather(*(session.get(url) for url in urls))\n",
            title="an HTTP session",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the places where coroutines on one session are started together."""
        if file.role:
            return
        for shared in shared_sessions(file.world, function.frame):
            row = shared.row
            place = file.span(row)
            starter = ".".join(shared.starter.split(".")[-2:])
            yield file.diagnostic(self, place, session=shared.session, starter=starter)

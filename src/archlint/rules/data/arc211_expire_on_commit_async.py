"""Asynchronous sessions that expire their objects on commit.

## What it does

Reports `async_sessionmaker(...)`, `sessionmaker(class_=AsyncSession)` and `AsyncSession(...)` without
`expire_on_commit=False`, if somewhere in the project a column of a row is read after an asynchronous commit without
a refresh; that place is told. The commit may be a method of the project that commits the session it holds.

## Why is this bad?

A commit expires all objects of its session, and the next attribute that is read loads them again. An attribute
cannot be awaited, so the read fails with `MissingGreenlet`, as a rule in the handler that serialises the new row.

## How to fix

```python
async_session = async_sessionmaker(engine, expire_on_commit=False)
```

## Not reported

* Projects in which no such read is found, or whose commits are followed by `refresh`.
* Factories that get further keywords from a dictionary or are configured later; projects with `AsyncAttrs`.
* Tests and migrations.
* Known misses: rows that are returned and read by the caller; transactions that end with their `with` block.

## References

* [SQLAlchemy: preventing implicit IO when using AsyncSession](https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#preventing-implicit-io-when-using-asyncsession)
* [SQLAlchemy: MissingGreenlet](https://docs.sqlalchemy.org/en/20/errors.html#missinggreenlet)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Impact, Location, Recipe, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.file import File
from archlint.project.tables.after_commit import Expiring, ReadAfter

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "users"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    name: Mapped[str] = mapped_column()\n"
)
_DATABASE = (
    "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n"
    "from sqlalchemy.orm import sessionmaker\n\n"
    'engine = create_async_engine("postgresql+asyncpg://db")\n'
)
_CREATE = (
    "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
    "from models import User\n\n\n"
    "async def create(session: AsyncSession, name: str):\n"
    "    user = User(name=name)\n"
    "    session.add(user)\n"
    "    await session.commit()\n"
)


class ExpireOnCommitAsync(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "`{made}` expires rows on commit, and `{read}` is read after one ({place}): set `expire_on_commit=False`"
    answers = ("area B", "dimension 2")
    mentions = ("sessionmaker", "AsyncSession")
    invalid = (
        Case(
            {
                "database.py": _DATABASE + "async_session = async_sessionmaker(engine)  # ARC211\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    return user.id\n",
            },
            fixed=_DATABASE
            + "async_session = async_sessionmaker(engine, expire_on_commit=False)  # ARC211\n",
            title="async_sessionmaker",
        ),
        Case(
            {
                "database.py": _DATABASE
                + "make = sessionmaker(engine, class_=AsyncSession, autoflush=False)  # ARC211\n",
                "models.py": _MODELS,
                "crud.py": _CREATE.replace("create(", "rename(").replace(
                    "    user = User(name=name)\n    session.add(user)\n",
                    "    user = await session.get(User, 1)\n    user.name = name\n",
                )
                + '    return {"id": user.id, "name": user.name}\n',
            },
            title="sessionmaker with a class",
        ),
        Case(
            {
                "database.py": _DATABASE + "\n\nasync def get_session():\n"
                "    async with AsyncSession(engine) as session:  # ARC211\n"
                "        yield session\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    print(user.name)\n",
            },
            title="session made by its class",
        ),
        Case(
            {
                "database.py": _DATABASE + "async_session = async_sessionmaker(engine)  # ARC211\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    return user\n",
                "api.py": "from crud import create\n\n\n"
                "async def post(session, name):\n"
                "    user = await create(session, name)\n"
                "    return user.id\n",
            },
            title="read by the caller",
            missed=True,
            why="that the callee has committed is not carried along with the row",
        ),
        Case(
            """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    credits: Mapped[int]


engine = create_async_engine("postgresql+asyncpg://localhost/shop")
factory = async_sessionmaker(engine)  # ARC211


async def reset(session: AsyncSession) -> list[str]:
    customers = (await session.scalars(select(Customer))).all()
    for customer in customers:
        customer.credits = 0
    await session.commit()
    return [customer.name for customer in customers]
""",
            title="the rows of a list, gone through after the commit",
        ),
        Case(
            {
                "db.py": "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n\n"
                'engine = create_async_engine("postgresql+asyncpg://localhost/shop")\n'
                "make_session = async_sessionmaker(engine)  # ARC211\n",
                "models.py": "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
                "class Base(DeclarativeBase):\n    pass\n\n\n"
                "class Account(Base):\n"
                '    __tablename__ = "accounts"\n\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "    balance: Mapped[int]\n",
                "work.py": """\
from sqlalchemy import select

from db import make_session
from models import Account


class UnitOfWork:
    async def __aenter__(self):
        self.session = make_session()
        return self

    async def __aexit__(self, *error):
        await self.session.close()

    async def account(self, pk: int) -> Account:
        return (await self.session.scalars(select(Account).where(Account.id == pk))).one()

    async def commit(self) -> None:
        await self.session.commit()


async def charge(work: UnitOfWork, pk: int, amount: int) -> int:
    account = await work.account(pk)
    account.balance = amount
    await work.commit()
    return account.balance
""",
            },
            title="a unit of work that commits its session",
        ),
    )
    valid = (
        Case(
            {
                "database.py": _DATABASE
                + "async_session = async_sessionmaker(engine, expire_on_commit=False)\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    return user.id\n",
            },
            title="switched off",
        ),
        Case(
            {
                "database.py": _DATABASE + "async_session = async_sessionmaker(engine)\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    await session.refresh(user)\n    return user.id\n",
            },
            title="refreshed",
        ),
        Case(
            {
                "database.py": "from sqlalchemy import create_engine\n"
                "from sqlalchemy.orm import Session, sessionmaker\n\n"
                'SessionLocal = sessionmaker(create_engine("sqlite://"))\n',
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy.orm import Session\n\n"
                "from models import User\n\n\n"
                "def create(session: Session, name: str):\n"
                "    user = User(name=name)\n"
                "    session.add(user)\n"
                "    session.commit()\n"
                "    return user.id\n",
            },
            title="synchronous sessions load again",
        ),
        Case(
            {
                "database.py": _DATABASE
                + 'options = {"expire_on_commit": False}\n'
                + "async_session = async_sessionmaker(engine, **options)\n",
                "models.py": _MODELS,
                "crud.py": _CREATE + "    return user.id\n",
            },
            title="keywords from a dictionary",
        ),
    )

    @on(ModuleEvent)
    def check(self, _node: File, file: File) -> Iterator[Diagnostic]:
        """Report factories of expiring sessions, with a read that suffers from it."""
        if file.role in ("test", "migration"):
            return
        after = file.world.after_commit
        for made in after.expiring(file.name):
            reads = after.reads
            if reads and not after.is_configured_later():
                yield self._report(file, made, reads[0])

    def _report(self, file: File, made: Expiring, read: ReadAfter) -> Diagnostic:
        row = made.row
        place = file.span(row)
        at = file.line_location(read.line, read.path)
        return file.diagnostic(
            self,
            place,
            related=(Related(at, f"`{read.label}` is read after a commit"),),
            fix=_switched_off(place, row),
            made=made.made,
            read=read.label,
            place=f"{at.path}:{read.line}",
        )


def _switched_off(place: Location, row: list[Any]) -> Fix | None:
    """The same call with the keyword added, if it has none."""
    if any(key == "expire_on_commit" for key, _ in row[Call.KEYWORDS]):
        return None
    recipe = Recipe.of("keyword", place, name="expire_on_commit", code="False")
    return Fix("Keep rows after a commit", Applicability.UNSAFE, recipes=(recipe,))

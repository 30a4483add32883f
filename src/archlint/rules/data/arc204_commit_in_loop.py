"""A commit on every pass of a loop.

## What it does

Reports `commit()` of a session or connection (SQLAlchemy, SQLModel, Tortoise, psycopg and other drivers) inside
a loop over data, and calls inside such a loop of project functions that commit the session they are given; the
chain to the commit is told.

This rule is off by default: whether an item may stand alone is a decision that the code does not show. Of 25 loops in
mature backends 14 were worth a change; what the others had in common is left alone since.

## Why is this bad?

A commit waits until the disk has the data: thousands of items are thousands of such waits, where one would do.
If the loop fails halfway, half of its work stays, and running it again does the first half twice. With SQLAlchemy
each commit also expires all objects, which are then loaded again one by one.

## How to fix

```python
for row in rows:
    session.add(Item(**row))
session.commit()
```

Or commit once per batch, for example every 500 items. A helper that commits should leave that to its caller:
`session.flush()` gives the new key without ending the transaction.

## Not reported

* Commits under a condition that counts (`if index % 500 == 0`), loops over batches, chunks or pages.
* Loops in which each item stands alone: with their own `try` and handler, or their own session, transaction or
  other `with` block; loops that end with the commit; `while` loops, which are workers as a rule.
* Loops whose passes also send mail, call a service, write files or notify somebody: what is done has to be noted
  at once. Loops that only write their progress on an object from outside.
* Commits that a function on the way makes under a condition (a flag that is on by default counts as none), or
  after it gave back what it had found: `get_or_create`, which creates now and then.
* Functions that open the session they commit. Commits behind a flag that the call leaves or switches off.
* Tests, scripts, commands and migrations, what only these call, and what a program begins with (`init_users`).
* Known misses: sessions of unknown type, commits more than four calls down.

## References

* [SQLAlchemy: session basics](https://docs.sqlalchemy.org/en/20/orm/session_basics.html)
* [PostgreSQL: populating a database](https://www.postgresql.org/docs/current/populate.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Block, Call
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.blocks import once_after_loop
from archlint.project.tables.commits import per_item


class CommitInLoop(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    default = False
    fixes = ("unsafe",)
    message = (
        "`{call}` commits on every pass of the loop in line {line}{chain}; commit once after it or per batch"
    )
    answers = ("area B", "dimension 2", "checklist 16", "checklist 51")
    mentions = ("for",)
    invalid = (
        Case(
            "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
            "from models import Item\n\n\n"
            "class UnitOfWork:\n"
            "    def __init__(self, session: AsyncSession):\n"
            "        self.session = session\n\n"
            "    async def commit(self):\n"
            "        await self.session.commit()\n\n\n"
            "async def close(unit: UnitOfWork, items: list[Item]):\n"
            "    for item in items:\n"
            "        item.closed = True\n"
            "        await unit.commit()  # ARC204\n",
            title="a unit of work that is committed",
        ),
        Case(
            "from sqlalchemy.orm import Session\n\n"
            "from models import Item\n\n\n"
            "def load(session: Session, rows):\n"
            "    for row in rows:\n"
            "        session.add(Item(**row))\n"
            "        session.commit()  # ARC204\n",
            fixed=(
                "from sqlalchemy.orm import Session\n"
                "\n"
                "from models import Item\n"
                "\n"
                "\n"
                "def load(session: Session, rows):\n"
                "    for row in rows:\n"
                "        session.add(Item(**row))\n"
                "    session.commit()  # ARC204\n"
            ),
            title="SQLAlchemy",
        ),
        Case(
            {
                "crud.py": "from sqlmodel import Session\n\n\n"
                "def create(db: Session, item):\n"
                "    db.add(item)\n"
                "    db.commit()\n"
                "    db.refresh(item)\n"
                "    return item\n",
                "api.py": "from fastapi import APIRouter\n"
                "from sqlmodel import Session\n\n"
                "import crud\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/items")\n'
                "def add(items: list[dict], db: Session):\n"
                "    return [crud.create(db, item) for item in items]  # ARC204\n",
            },
            title="SQLModel: helper that commits",
        ),
        Case(
            "from sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
            "class Repository:\n"
            "    def __init__(self, session: AsyncSession) -> None:\n"
            "        self.session = session\n\n"
            "    async def save(self, item) -> None:\n"
            "        self.session.add(item)\n"
            "        await self.session.commit()\n\n"
            "    async def save_all(self, items) -> None:\n"
            "        for item in items:\n"
            "            await self.save(item)  # ARC204\n",
            title="method of the repository",
        ),
        Case(
            "import psycopg\n\n\n"
            "def load(dsn, rows):\n"
            "    with psycopg.connect(dsn) as connection:\n"
            "        for row in rows:\n"
            '            connection.execute("insert into t values (%s)", row)\n'
            "            connection.commit()  # ARC204\n",
            fixed=(
                "import psycopg\n"
                "\n"
                "\n"
                "def load(dsn, rows):\n"
                "    with psycopg.connect(dsn) as connection:\n"
                "        for row in rows:\n"
                '            connection.execute("insert into t values (%s)", row)\n'
                "        connection.commit()  # ARC204\n"
            ),
            title="psycopg",
        ),
        Case(
            "from tortoise.transactions import in_transaction\n\n\n"
            "async def load(rows, Item):\n"
            "    async with in_transaction() as connection:\n"
            "        for row in rows:\n"
            "            await Item.create(using_db=connection, **row)\n"
            "            await connection.commit()  # ARC204\n",
            title="Tortoise",
        ),
        Case(
            "from flask_sqlalchemy import SQLAlchemy\n\n"
            "db = SQLAlchemy()\n\n\n"
            "def rename(users, name):\n"
            "    for user in users:\n"
            "        user.name = name\n"
            "        db.session.commit()  # ARC204\n",
            title="Flask-SQLAlchemy",
        ),
        Case(
            "def load(session, rows, Item):\n"
            "    for row in rows:\n"
            "        session.add(Item(**row))\n"
            "        session.commit()  # ARC204\n",
            title="session of unknown type",
            missed=True,
            why="nothing in the project says what `session` is",
        ),
        Case(
            """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Stored:
    @classmethod
    def create(cls, commit=True, **columns):
        return cls(**columns).save(commit=commit)

    def save(self, commit=True):
        db.session.add(self)
        if commit:
            db.session.commit()
        return self


class Book(Stored, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(200))


def load(titles):
    for title in titles:
        Book.create(title=title)  # ARC204


def load_together(titles):
    for title in titles:
        Book.create(commit=False, title=title)
    db.session.commit()
""",
            title="Flask-SQLAlchemy: a mixin that commits unless it is told not to",
        ),
    )
    valid = (
        Case(
            "from sqlalchemy.orm import Session\n\n\n"
            "def load(session: Session, rows, Item):\n"
            "    for row in rows:\n"
            "        session.add(Item(**row))\n"
            "    session.commit()\n",
            title="after the loop",
        ),
        Case(
            "import itertools\n\n"
            "from sqlalchemy.orm import Session\n\n\n"
            "def load(session: Session, rows, Item):\n"
            "    for index, row in enumerate(rows):\n"
            "        session.add(Item(**row))\n"
            "        if index % 500 == 0:\n"
            "            session.commit()\n"
            "    session.commit()\n\n\n"
            "def load_batches(session: Session, rows):\n"
            "    for batch in itertools.batched(rows, 500):\n"
            "        session.add_all(batch)\n"
            "        session.commit()\n",
            title="once per batch",
        ),
        Case(
            "from sqlalchemy.orm import Session\n\n\n"
            "def get_or_create(session: Session, Tag, name):\n"
            "    tag = session.query(Tag).filter_by(name=name).first()\n"
            "    if tag is None:\n"
            "        tag = Tag(name=name)\n"
            "        session.add(tag)\n"
            "        session.commit()\n"
            "    return tag\n\n\n"
            "def create(session: Session, Tag, name):\n"
            "    session.add(Tag(name=name))\n"
            "    session.commit()\n\n\n"
            "def find_or_create(session: Session, Tag, name):\n"
            "    tag = session.query(Tag).filter_by(name=name).first()\n"
            "    if tag:\n"
            "        return tag\n"
            "    return create(session, Tag, name)\n\n\n"
            "def load(session: Session, names, Tag):\n"
            "    for name in names:\n"
            "        find_or_create(session, Tag, name)\n"
            "    return [get_or_create(session, Tag, name) for name in names]\n\n\n"
            "def init_tags(session: Session, names, Tag):\n"
            "    for name in names:\n"
            "        session.add(Tag(name=name))\n"
            "        session.commit()\n\n\n"
            "def fill(session: Session, names, Tag):\n"
            "    for name in names:\n"
            "        tag = session.query(Tag).filter_by(name=name).first()\n"
            "        if tag is None:\n"
            "            session.add(Tag(name=name))\n"
            "            session.commit()\n\n\n"
            "def warn(session: Session, alerts, channel):\n"
            "    for alert in alerts:\n"
            "        alert.state = 'told'\n"
            "        session.commit()\n"
            "        channel.notify_subscribers(alert)\n",
            title="now and then: what is missing is made; what is told is noted at once",
        ),
        Case(
            "from sqlalchemy.orm import Session, sessionmaker\n\n"
            "make = sessionmaker()\n\n\n"
            "def work(session: Session, jobs):\n"
            "    for job in jobs:\n"
            "        try:\n"
            "            job.run()\n"
            "            session.commit()\n"
            "        except Exception:\n"
            "            session.rollback()\n\n\n"
            "def each(jobs):\n"
            "    for job in jobs:\n"
            "        with make() as session:\n"
            "            session.add(job)\n"
            "            session.commit()\n\n\n"
            "def poll(session: Session, queue):\n"
            "    while True:\n"
            "        session.add(queue.get())\n"
            "        session.commit()\n",
            title="each item stands alone",
        ),
        Case(
            {
                "crud.py": "from sqlalchemy.orm import Session\n\n\n"
                "def create(db: Session, item, commit=False):\n"
                "    db.add(item)\n"
                "    if commit:\n"
                "        db.commit()\n",
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "import crud\n\n\n"
                "def add(items, db: Session):\n"
                "    for item in items:\n"
                "        crud.create(db, item)\n"
                "    db.commit()\n",
            },
            title="flag that is not set",
        ),
        Case(
            "import git\n\n\n"
            "def save(repository: git.Repo, files):\n"
            "    for name in files:\n"
            "        repository.index.commit(name)\n",
            title="a commit of something else",
        ),
        Case(
            {
                "scripts/backfill.py": "from sqlalchemy.orm import Session\n\n\n"
                "def run(session: Session, rows):\n"
                "    for row in rows:\n"
                "        row.done = True\n"
                "        session.commit()\n"
            },
            title="script",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls that commit on each pass of a loop."""
        if file.role:
            return
        for site in per_item(function):
            line = function.scope.blocks[site.loop][Block.LINE]
            hops = site.found.hops[1:]
            yield file.diagnostic(
                self,
                site.found.hops[0],
                related=(Related(file.line_location(line), "the loop"), *file.chain(hops)),
                fix=None if hops else once_after_loop(file, file.span(site.call)),
                call=describe(site.call[Call.FUNC], function.scope),
                line=line,
                chain=f" via {' -> '.join(h.label for h in hops)}" if hops else "",
            )

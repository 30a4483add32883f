"""All rows of a table loaded, and most of them thrown away in Python.

## What it does

Reports comprehensions, `filter(lambda row: ...)`, and loops whose whole body is one `if`, that go through all rows of
a model (no filter, no limit; SQLAlchemy, SQLModel, Django; also by a function of the project) and keep those whose
column compares with a value from elsewhere.

## Why is this bad?

Every row crosses the network and becomes an object, also the hundred thousand that nobody asked for. It is quick
with the data of a test, and grows with the table for ever after.

## How to fix

```python
users = session.scalars(select(User).where(User.city == city)).all()   # SQLAlchemy
users = User.objects.filter(city=city)                                 # Django
```

## Not reported

* Queries that narrow the rows already, and rows that are used a second time.
* Conditions on anything but a column or a foreign key of the row, or that compare two values of the row.
* Tests, scripts and migrations.
* Known misses: functions whose query cannot be followed; conditions that call a method of the row.

## References

* [Django: do database work in the database](https://docs.djangoproject.com/en/stable/topics/db/optimization/#do-database-work-in-the-database-rather-than-in-python)
* [SQLAlchemy: the WHERE clause](https://docs.sqlalchemy.org/en/20/tutorial/data_select.html#the-where-clause)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.tables.filtered import filtered_model, goes_through_table, names_in

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "users"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    city: Mapped[str] = mapped_column()\n"
    "    home: Mapped[str] = mapped_column()\n\n"
    "    def is_near(self, place):\n"
    "        return place in self.city\n"
)
_DJANGO = (
    "from django.db import models\n\n\n"
    "class User(models.Model):\n"
    "    city = models.TextField()\n"
    "    active = models.BooleanField()\n"
)


class FetchAllThenFilter(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = "All rows of `{model}` are loaded and filtered by `{column}` in Python; put the condition into the query"
    answers = ("area B", "area E", "dimension 2", "principle 5")
    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\n"
                "from sqlalchemy.orm import Session\n\n"
                "from models import User\n\n\n"
                "def of_city(session: Session, city):\n"
                "    return [u for u in session.query(User).all() if u.city == city]  # ARC215\n\n\n"
                "def ids(session: Session, city):\n"
                "    users = session.scalars(select(User)).all()\n"
                "    return {u.id for u in users if u.city == city and u.id > 3}  # ARC215\n\n\n"
                "def first(session: Session, city):\n"
                "    for user in session.scalars(select(User)):  # ARC215\n"
                "        if user.city == city:\n"
                "            return user\n"
                "    return None\n",
            },
            title="SQLAlchemy",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import User\n\n\n"
                "def of_city(request, city):\n"
                "    return [u.pk for u in User.objects.all() if u.city == city]  # ARC215\n\n\n"
                "def active(request):\n"
                '    return [u.pk for u in User.objects.order_by("city") if u.active]  # ARC215\n\n\n'
                "def inactive(request):\n"
                "    return [u.pk for u in User.objects.all() if not u.active]  # ARC215\n\n\n"
                "def filtered(request, city):\n"
                "    return list(filter(lambda u: u.city == city, User.objects.all()))  # ARC215\n",
            },
            title="Django",
        ),
        Case(
            "from django.db import models\n\n\n"
            "class Order(models.Model):\n"
            "    number = models.IntegerField()\n\n\n"
            "class Line(models.Model):\n"
            "    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name='lines')\n"
            "    parts = models.ManyToManyField('self')\n\n\n"
            "def lines_of(order):\n"
            "    return [line for line in Line.objects.all() if line.order == order]  # ARC215\n\n\n"
            "def drop_lines_of(order):\n"
            "    for line in Line.objects.all():  # ARC215\n"
            "        if line.order_id == order.pk:\n"
            "            line.delete()\n\n\n"
            "def with_parts(parts):\n"
            "    return [line for line in Line.objects.all() if line.parts == parts]\n",
            title="Django: foreign keys",
        ),
        Case(
            "from sqlmodel import Field, Session, SQLModel, select\n\n\n"
            "class User(SQLModel, table=True):\n"
            "    id: int = Field(primary_key=True)\n"
            "    city: str = Field()\n\n\n"
            "def of_city(session: Session, city):\n"
            "    users = session.exec(select(User)).all()\n"
            "    return [u for u in users if u.city in (city, None)]  # ARC215\n",
            title="SQLModel",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n"
                "from models import User\n\n\n"
                "class Users:\n"
                "    def __init__(self, session: Session) -> None:\n        self.session = session\n\n"
                "    def everybody(self):\n"
                "        return list(self.session.scalars(select(User).order_by(User.id)))\n\n"
                "    def some(self, city):\n"
                "        return self.session.scalars(select(User).where(User.city == city)).all()\n",
                "service.py": "from sqlalchemy.orm import Session\n\nfrom crud import Users\n\n\n"
                "def of_city(session: Session, city):\n"
                "    return [u for u in Users(session).everybody() if u.city == city]  # ARC215\n\n\n"
                "def narrowed(session: Session, city):\n"
                "    return [u for u in Users(session).some(city) if u.id > 3]\n",
            },
            title="rows that a function of another module returns",
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
                "plans.py": """\
from repo import PlanRepository


async def named(plans: PlanRepository, code: str):
    everything = await plans.all()
    return [plan for plan in everything if plan.code == code]  # ARC215
""",
            },
            title="a generic repository with a statement of its own",
        ),
        Case(
            {
                "entities.py": """\
import sqlalchemy as sa
from sqlalchemy import orm

mapper_registry = orm.registry()


@mapper_registry.mapped
class Shipment:
    __tablename__ = "shipments"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    weight: orm.Mapped[int]
    sender_id: orm.Mapped[int]
""",
                "service.py": """\
import sqlalchemy as sa
from sqlalchemy.orm import Session

from entities import Shipment


def heavy(session: Session, limit: int):
    return [s for s in session.scalars(sa.select(Shipment)) if s.weight > limit]  # ARC215
""",
            },
            title="models mapped by a decorator",
        ),
    )
    valid = (
        Case(
            "def open_ones(doors):\n"
            "    doors = list(doors)\n"
            "    return [door for door in doors if door.is_open]\n",
            title="a name that leads back to itself",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\n"
                "from sqlalchemy.orm import Session\n\n"
                "from models import User\n\n\n"
                "def of_city(session: Session, city):\n"
                "    return session.scalars(select(User).where(User.city == city)).all()\n\n\n"
                "def narrowed(session: Session, city):\n"
                "    return [u for u in session.query(User).filter(User.id > 3).all() if u.city == city]\n\n\n"
                "def at_home(session: Session):\n"
                "    return [u for u in session.query(User).all() if u.city == u.home]\n\n\n"
                "def near(session: Session, place):\n"
                "    return [u for u in session.query(User).all() if u.is_near(place)]\n\n\n"
                "def twice(session: Session, city):\n"
                "    users = session.query(User).all()\n"
                "    return [u for u in users if u.city == city], len(users)\n",
            },
            title="SQLAlchemy",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import User\n\n\n"
                "def of_city(request, city):\n"
                "    return [u.pk for u in User.objects.filter(city=city) if u.active]\n\n\n"
                "def report(request, city):\n"
                "    found = []\n"
                "    for user in User.objects.all():\n"
                "        if user.city == city:\n"
                "            found.append(user.pk)\n"
                "        else:\n"
                "            found.append(0)\n"
                "    return found\n",
            },
            title="Django",
        ),
        Case(
            "def of_city(users, city):\n    return [u for u in users.all() if u.city == city]\n",
            title="no query",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what goes through the rows of a whole table to choose some of them."""
        if file.role or not goes_through_table(function):
            return
        for iterated, target, test in _choices(file):
            if file.function_at(iterated) is function:
                yield from self._one(iterated, target, test, file)

    def _one(
        self, iterated: ast.expr, target: ast.expr | ast.arg, test: ast.expr, file: File
    ) -> Iterator[Diagnostic]:
        name = target.id if isinstance(target, ast.Name) else getattr(target, "arg", "")
        columns = list(_compared(test, name)) if name else []
        found = filtered_model(file, iterated, columns) if columns else None
        if found is not None:
            anchor = _statement(file, iterated)
            yield file.diagnostic(self, anchor, model=found.model, column=found.column)


def _choices(file: File) -> Iterator[tuple[ast.expr, ast.expr | ast.arg, ast.expr]]:
    """What is gone through, the name of an item, and the condition that chooses among the items."""
    for part in file.index.nodes(ast.comprehension):
        if part.ifs:
            yield part.iter, part.target, part.ifs[0]
    loops: list[ast.For | ast.AsyncFor] = [*file.index.nodes(ast.For), *file.index.nodes(ast.AsyncFor)]
    for loop in loops:
        body = loop.body
        if len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse and not loop.orelse:
            yield loop.iter, loop.target, body[0].test
    for call in file.index.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "filter" and len(call.args) == 2:
            chooses, rows = call.args
            if isinstance(chooses, ast.Lambda) and len(chooses.args.args) == 1:
                yield rows, chooses.args.args[0], chooses.body


def _compared(test: ast.expr, name: str) -> Iterator[str]:
    """The attributes of a row that a condition compares with something from elsewhere, or asks for truth."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _compared(value, name)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from (column for column in _compared(test.operand, name) if column[0] == "?")
    elif isinstance(test, ast.Attribute) and isinstance(test.value, ast.Name) and test.value.id == name:
        yield f"?{test.attr}"
    elif isinstance(test, ast.Compare) and len(test.comparators) == 1:
        left, right = test.left, test.comparators[0]
        for side, other in ((left, right), (right, left)):
            if not isinstance(side, ast.Attribute) or not isinstance(side.value, ast.Name):
                continue
            if side.value.id == name and name not in names_in(other):
                yield side.attr


def _statement(file: File, node: ast.expr) -> ast.AST:
    """What the reader sees first: the comprehension, or the loop."""
    return (
        file.index.enclosing(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.For))
        or node
    )

"""Rows that are loaded to be counted, or counted to ask whether there are any.

## What it does

Reports `len(...)` of a query's rows (SQLAlchemy, SQLModel, Django, Tortoise) that are used for nothing else, and counts that
are only compared with zero or tested: `if orders.count() > 0`.

## Why is this bad?

The database sends every row over the network, and Python makes an object of each, to get one number that the
database could have sent. A count reads all matching rows, where one would answer whether there is any.

## How to fix

```python
total = session.scalar(select(func.count()).select_from(Order).where(Order.paid))   # SQLAlchemy
total = Order.objects.filter(paid=True).count()                                     # Django
if Order.objects.filter(paid=True).exists():
    ...
```

## Not reported

* Rows that are used as well, such as a list that is iterated later; prefetched relations, which are in memory.
* Queries with a limit. Tests and migrations.
* Known misses: rows that a function of the project returns; counts kept in a name.

Compared with pattern checks for `len(x.all())`, this rule knows what `x` is and whether the rows are used again.

## References

* [Django: use QuerySet.count() and exists()](https://docs.djangoproject.com/en/stable/topics/db/optimization/#don-t-overuse-count-and-exists)
* [SQLAlchemy: count](https://docs.sqlalchemy.org/en/20/core/functions.html#sqlalchemy.sql.functions.count)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.rows import asked_for_any, counted_by_database
from archlint.project.tables.loaded_rows import counted

_SQLALCHEMY = (
    "from sqlalchemy import select\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class Order(Base):\n"
    '    __tablename__ = "orders"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    paid: Mapped[bool] = mapped_column()\n\n\n"
)
_DJANGO = (
    "from django.db import models\n\n\n"
    "class Customer(models.Model):\n"
    "    name = models.TextField()\n\n\n"
    "class Order(models.Model):\n"
    "    paid = models.BooleanField()\n"
    '    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")\n'
)
_LEN = "`{call}` loads every row to count them; let the database count with `{way}`"
_ZERO = "`{call}()` counts every row to ask whether there is one; use `{way}`"


class CountViaLen(Rule):
    """See the module."""

    impact = Impact.LOW
    fixes = ("safe",)
    message = _LEN
    answers = ("area B", "dimension 2")
    mentions = ("len(", "count()")
    invalid = (
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from models import Order\n\n\n"
                "def show(request):\n"
                '    return {"größe": len(Order.objects.all())}  # ARC214\n',
            },
            title="behind letters of more than one byte",
            fixed="from models import Order\n\n\n"
            "def show(request):\n"
            '    return {"größe": Order.objects.all().count()}  # ARC214\n',
        ),
        Case(
            _SQLALCHEMY + "def paid(session: Session):\n"
            "    return len(session.scalars(select(Order).where(Order.paid)).all())  # ARC214\n\n\n"
            "def old(session: Session):\n"
            "    orders = session.query(Order).all()\n"
            "    return len(orders)  # ARC214\n\n\n"
            "def any_paid(session: Session):\n"
            "    return session.query(Order).filter(Order.paid).count() > 0  # ARC214\n",
            title="SQLAlchemy",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import Customer, Order\n\n\n"
                "def show(request):\n"
                "    total = len(Order.objects.filter(paid=True))  # ARC214\n"
                "    if Order.objects.count():  # ARC214\n"
                "        total += 1\n"
                "    if not Order.objects.filter(paid=False).count():  # ARC214\n"
                "        total += 1\n"
                "    return total\n\n\n"
                "def of_customer(request, pk):\n"
                "    customer = Customer.objects.get(pk=pk)\n"
                "    return customer.orders.count() == 0  # ARC214\n",
            },
            fixed=(
                "from shop.models import Customer, Order\n"
                "\n"
                "\n"
                "def show(request):\n"
                "    total = Order.objects.filter(paid=True).count()  # ARC214\n"
                "    if Order.objects.exists():  # ARC214\n"
                "        total += 1\n"
                "    if not Order.objects.filter(paid=False).exists():  # ARC214\n"
                "        total += 1\n"
                "    return total\n"
                "\n"
                "\n"
                "def of_customer(request, pk):\n"
                "    customer = Customer.objects.get(pk=pk)\n"
                "    return not customer.orders.exists()  # ARC214\n"
            ),
            title="Django",
        ),
        Case(
            "from sqlmodel import Field, Session, SQLModel, select\n\n\n"
            "class Order(SQLModel, table=True):\n"
            "    id: int = Field(primary_key=True)\n\n\n"
            "def total(session: Session):\n"
            "    return len(session.exec(select(Order)).all())  # ARC214\n",
            title="SQLModel",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY + "def find(session: Session):\n"
                "    return session.query(Order).all()\n",
                "api.py": "from models import find\n\n\n"
                "def total(session):\n"
                "    return len(find(session))  # ARC214\n",
            },
            title="rows that a function returns",
            missed=True,
            why="the function may have other callers that need the rows",
        ),
        Case(
            """\
from tortoise import fields
from tortoise.models import Model


class Alert(Model):
    id = fields.IntField(primary_key=True)
    seen = fields.BooleanField(default=False)


async def unseen() -> int:
    return len(await Alert.filter(seen=False))  # ARC214


async def first_of_unseen() -> int:
    return len(await Alert.filter(seen=False).limit(10))


async def shown() -> tuple[int, list[Alert]]:
    alerts = await Alert.all()
    return len(alerts), alerts
""",
            title="Tortoise",
        ),
    )
    valid = (
        Case(
            _SQLALCHEMY + "def paid(session: Session):\n"
            "    orders = session.scalars(select(Order).where(Order.paid)).all()\n"
            "    print(len(orders))\n"
            "    return [order.id for order in orders]\n\n\n"
            "def page(session: Session):\n"
            "    return len(session.query(Order).limit(11).all()) > 10\n\n\n"
            "def total(session: Session):\n"
            "    return session.query(Order).count()\n",
            title="rows that are used, a page, a count",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import Customer, Order\n\n\n"
                "def show(request):\n"
                "    orders = Order.objects.filter(paid=True)\n"
                "    total = len(orders)\n"
                "    for order in orders:\n"
                "        total += order.pk\n"
                "    return total, Order.objects.filter(paid=False).exists(), Order.objects.count() > 10\n\n\n"
                "def loaded(request):\n"
                '    customers = Customer.objects.prefetch_related("orders")\n'
                "    return [c for c in customers if c.orders.count() > 0], [len(c.orders.all()) for c in customers]\n",
            },
            title="Django: iterated later, prefetched",
        ),
        Case(
            'def total(words, text):\n    return len(words.all()), text.count("a") > 0, words.count() > 0\n',
            title="no query",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report rows that are only counted, and counts that only ask for any."""
        if file.role in ("test", "migration"):
            return
        for found in counted(file.world, function.frame):
            row = found.row
            place = file.span(row)
            if found.how == "len":
                way = "select(func.count())" if found.orm == "sqlalchemy" else ".count()"
                fix = counted_by_database(file, place) if found.orm == "django" else None
                yield file.diagnostic(self, place, fix=fix, message=_LEN, call="len", way=way)
            else:
                way = ".exists()" if found.orm == "django" else "exists()"
                call = describe(row[Call.FUNC], function.scope)
                fix = asked_for_any(file, place) if found.orm == "django" else None
                yield file.diagnostic(self, place, fix=fix, message=_ZERO, call=call, way=way)

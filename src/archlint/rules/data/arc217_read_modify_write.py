"""A number of a row that is read, changed in Python and saved.

## What it does

Reports numeric columns of a queried row that are counted up or down in Python and then saved (`save()` and
`bulk_update()` in Django, Tortoise and peewee, `commit()` in SQLAlchemy), without a lock on the row.

## Why is this bad?

Two requests read the same number, both add to it, and the later one overwrites the earlier: a sale, a payment or
a like is lost. No test with one client shows it.

## How to fix

Let the database count, or lock the row while Python does:

```python
Product.objects.filter(pk=pk).update(stock=F("stock") - 1)                # Django
session.execute(update(Product).where(Product.id == pk).values(stock=Product.stock - 1))    # SQLAlchemy
product = session.get(Product, pk, with_for_update=True)                  # or select_for_update() in Django
```

## Not reported

* Functions that lock rows (`select_for_update`, `with_for_update`) or hold a lock, themselves or where the row is
  fetched; models with a version column.
* Rows made here, rows of unknown origin (`self` in a method of a Django model is a row), columns that hold no
  number; version and revision numbers.
* Functions that change a row and leave the commit to others, unless they hand them the row. Tests, scripts
  and migrations.
* Known misses: values passed through more than one name, or a function other than `max`, `min`, `round`.

That a database isolates its transactions fully (`SERIALIZABLE`) is not seen: there such a change fails and is tried
again, and the report may be suppressed.

## References

* [Django: avoiding race conditions using F()](https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-race-conditions-using-f)
* [SQLAlchemy: SQL expressions as values in a flush](https://docs.sqlalchemy.org/en/20/orm/persistence_techniques.html#embedding-sql-insert-update-expressions-into-a-flush)
* [Tortoise: F expressions](https://tortoise.github.io/expressions.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Store
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.rows import changed_in_sql
from archlint.project.tables.lost_updates import lost_updates

_DJANGO = (
    "from django.db import models\n\n\n"
    "class Product(models.Model):\n"
    "    name = models.TextField()\n"
    "    stock = models.IntegerField()\n"
    "    price = models.DecimalField(max_digits=9, decimal_places=2)\n"
)
_METHOD = (
    "\n    def restock(self, number):\n"
    "        self.stock += number  # ARC217\n"
    '        self.save(update_fields=["stock"])\n'
)
_SQLALCHEMY = (
    "from sqlalchemy import Column, Integer\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class Account(Base):\n"
    '    __tablename__ = "accounts"\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    name: Mapped[str]\n"
    "    balance: Mapped[int]\n"
    "    points = Column(Integer)\n"
)


class ReadModifyWrite(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "`{model}.{column}` is changed in Python and saved: concurrent requests lose updates; {advice}"
    answers = ("area B", "area I", "dimension 2")
    invalid = (
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/stock.py": "from shop.models import Product\n\n\n"
                "def sell(keys):\n"
                "    products = Product.objects.filter(pk__in=keys)\n"
                "    for product in products:\n"
                "        product.stock -= 1  # ARC217\n"
                '    Product.objects.bulk_update(products, ["stock"])\n\n\n'
                "def restock(keys):\n"
                "    changed = []\n"
                "    for product in Product.objects.filter(pk__in=keys):\n"
                "        if product.stock < 5:\n"
                "            product.stock += 10  # ARC217\n"
                "            product.price = 1\n"
                "            changed.append(product)\n"
                '    Product.objects.bulk_update(changed, fields=["stock", "price"])\n',
            },
            title="Django: many rows at once",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import Product\nfrom shop.tools import clock, unblock\n\n\n"
                "def buy(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n"
                "    product.stock -= 1  # ARC217\n"
                "    product.save()\n"
                "    unblock(clock())\n",
            },
            title="`lock` inside other words",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from shop.models import Product\n\n\n"
                "def buy(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n"
                "    product.stock -= 1  # ARC217\n"
                "    product.save()\n\n\n"
                "def raise_prices(factor):\n"
                "    for product in Product.objects.all():\n"
                "        product.price = product.price * factor  # ARC217\n"
                "        product.save()\n",
            },
            fixed=(
                "from django.db.models import F\n"
                "from shop.models import Product\n"
                "\n"
                "\n"
                "def buy(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n"
                '    product.stock = F("stock") - 1  # ARC217\n'
                "    product.save()\n"
                "\n"
                "\n"
                "def raise_prices(factor):\n"
                "    for product in Product.objects.all():\n"
                '        product.price = F("price") * factor  # ARC217\n'
                "        product.save()\n"
            ),
            title="Django",
        ),
        Case(
            {
                "shop/views.py": "from shop.models import Product\n\n\n"
                "def buy(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n\n"
                "    def sell():\n"
                "        product.stock -= 1  # ARC217\n"
                "        product.save()\n\n"
                "    sell()\n"
                "    return product.stock\n",
                "shop/models.py": _DJANGO,
            },
            fixed="from shop.models import Product\n\n\n"
            "def buy(request, pk):\n"
            "    product = Product.objects.get(pk=pk)\n\n"
            "    def sell():\n"
            "        product.stock -= 1  # ARC217\n"
            "        product.save()\n\n"
            "    sell()\n"
            "    return product.stock\n",
            title="a row that the function around may read: no fix",
        ),
        Case({"shop/models.py": _DJANGO + _METHOD}, title="method of a Django model"),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from django.shortcuts import get_object_or_404\n"
                "from rest_framework.response import Response\nfrom rest_framework.views import APIView\n\n"
                "from shop.models import Product\n\n\n"
                "class Buy(APIView):\n"
                "    def post(self, request, pk):\n"
                "        product = get_object_or_404(Product, pk=pk)\n"
                "        product.stock = product.stock - 1  # ARC217\n"
                "        product.save()\n"
                "        return Response(product.stock)\n",
            },
            title="Django REST framework: the row, or an answer 404",
        ),
        Case(
            {
                "models.py": "from sqlmodel import Field, SQLModel\n\n\n"
                "class Base(SQLModel):\n    points: int = 0\n\n\n"
                "class Player(Base, table=True):\n"
                "    id: int | None = Field(default=None, primary_key=True)\n    lives: int\n",
                "api.py": "from sqlmodel import Session, select\n\nfrom models import Player\n\n\n"
                "def score(session: Session, key: int):\n"
                "    player = session.exec(select(Player).where(Player.id == key)).one()\n"
                "    player.points += 1  # ARC217\n"
                "    player.lives -= 1  # ARC217\n"
                "    session.commit()\n",
            },
            title="SQLModel: columns by their annotation",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "from models import Account\n\n\n"
                "def pay(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    account.balance = account.balance - amount  # ARC217\n"
                "    account.points = (account.points or 0) + 1  # ARC217\n"
                "    session.commit()\n\n\n"
                "def refund(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    balance = account.balance + amount\n"
                "    account.balance = balance  # ARC217\n"
                "    session.commit()\n",
            },
            fixed=(
                "from sqlalchemy.orm import Session\n"
                "\n"
                "from models import Account\n"
                "\n"
                "\n"
                "def pay(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    account.balance = Account.balance - amount  # ARC217\n"
                "    account.points = (account.points or 0) + 1  # ARC217\n"
                "    session.commit()\n"
                "\n"
                "\n"
                "def refund(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    balance = account.balance + amount\n"
                "    account.balance = balance  # ARC217\n"
                "    session.commit()\n"
            ),
            title="SQLAlchemy",
        ),
        Case(
            {
                "models.py": "from tortoise import fields\n"
                "from tortoise.models import Model\n\n\n"
                "class Post(Model):\n"
                "    likes = fields.IntField()\n",
                "api.py": "from models import Post\n\n\n"
                "async def like(pk):\n"
                "    post = await Post.get(pk=pk)\n"
                "    post.likes += 1  # ARC217\n"
                "    await post.save()\n",
            },
            title="Tortoise",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "crud.py": "from models import Account\n\n\n"
                "def find(session, key):\n"
                "    return session.get(Account, key)\n",
                "api.py": "from sqlalchemy.ext.asyncio import AsyncSession\n"
                "from sqlalchemy import select\n\n"
                "from models import Account\n\n\n"
                "async def pay(session: AsyncSession, key, amount):\n"
                "    account = await session.scalar(select(Account).where(Account.id == key))\n"
                "    account.balance -= amount  # ARC217\n"
                "    await session.commit()\n",
            },
            title="asynchronous session",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "work.py": "from sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
                "class Work:\n"
                "    def __init__(self, session: AsyncSession) -> None:\n        self.session = session\n\n"
                "    async def commit(self) -> None:\n        await self.session.commit()\n",
                "service.py": "from models import Account\nfrom work import Work\n\n\n"
                "async def pay(work: Work, key, amount):\n"
                "    account = await work.session.get(Account, key)\n"
                "    account.balance -= amount  # ARC217\n"
                "    await work.commit()\n",
            },
            title="committed by a unit of work",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "from models import Account\n\n\n"
                "def pay(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    old = account.balance\n"
                "    new = max(old - amount, 0)\n"
                "    account.balance = new  # ARC217\n"
                "    session.commit()\n",
            },
            title="clamped at zero",
        ),
        Case(
            {
                "models.py": """\
from sqlmodel import Field, SQLModel


class Depot(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    capacity: int = 0
""",
                "crud.py": """\
from sqlmodel import Session, SQLModel


def store(db: Session, row: SQLModel) -> SQLModel:
    db.add(row)
    db.commit()
    db.refresh(row)
    return row


def log(db: Session, text: str) -> None:
    db.commit()
""",
                "service.py": """\
from sqlmodel import Session

from crud import log, store
from models import Depot


def visit(db: Session, depot_id: int) -> None:
    depot = db.get(Depot, depot_id)
    depot.capacity += 1  # ARC217
    store(db, depot)


def look(db: Session, depot_id: int) -> int:
    depot = db.get(Depot, depot_id)
    depot.capacity += 1
    log(db, "seen")
    return depot.capacity
""",
            },
            title="a function that commits gets the row",
        ),
        Case(
            {
                "accounts/models.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    login_count = models.PositiveIntegerField(default=0)
""",
                "accounts/signals.py": """\
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver


@receiver(user_logged_in)
def count(sender, request, user, **kwargs):
    user.login_count += 1  # ARC217
    user.save()
""",
            },
            title="the user of a signal",
        ),
    )
    valid = (
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/stock.py": "from shop.models import Product\n\n\n"
                "def show(keys, others):\n"
                "    products = Product.objects.filter(pk__in=keys)\n"
                "    for product in products:\n"
                "        product.stock -= 1\n"
                '    Product.objects.bulk_update(products, ["name"])\n'
                '    Product.objects.bulk_update(others, ["stock"])\n'
                "    return products\n",
            },
            title="Django: other columns, other rows",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/views.py": "from django.db import transaction\n"
                "from django.db.models import F\n\n"
                "from shop.models import Product\n\n\n"
                "def buy(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n"
                '    product.stock = F("stock") - 1\n'
                "    product.save()\n\n\n"
                "def buy_locked(request, pk):\n"
                "    with transaction.atomic():\n"
                "        product = Product.objects.select_for_update().get(pk=pk)\n"
                "        product.stock -= 1\n"
                "        product.save()\n\n\n"
                "def rename(request, pk):\n"
                "    product = Product.objects.get(pk=pk)\n"
                '    product.name += "!"\n'
                "    product.save()\n",
            },
            title="Django: F(), a lock, a text",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "from models import Account\n\n\n"
                "def pay(session: Session, key, amount):\n"
                "    account = session.get(Account, key, with_for_update=True)\n"
                "    account.balance = account.balance - amount\n"
                "    session.commit()\n\n\n"
                "def pay_in_sql(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    account.balance = Account.balance - amount\n"
                "    session.commit()\n\n\n"
                "def find(session: Session, key):\n"
                "    return session.query(Account).filter_by(id=key).with_for_update().one()\n\n\n"
                "def pay_found(session: Session, key, amount):\n"
                "    account = find(session, key)\n"
                "    account.balance -= amount\n"
                "    session.commit()\n",
            },
            title="SQLAlchemy: locked, or in SQL",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY.replace(
                    '    __tablename__ = "accounts"\n',
                    '    __tablename__ = "accounts"\n'
                    "    revision = Column(Integer)\n"
                    '    __mapper_args__ = {"version_id_col": revision}\n',
                ),
                "api.py": "from sqlalchemy.orm import Session\n\n"
                "from models import Account\n\n\n"
                "def pay(session: Session, key, amount):\n"
                "    account = session.get(Account, key)\n"
                "    account.balance -= amount\n"
                "    session.commit()\n\n\n"
                "def open_account(session: Session):\n"
                "    account = Account(balance=0)\n"
                "    account.balance += 5\n"
                "    session.add(account)\n"
                "    session.commit()\n",
            },
            title="versioned rows, new rows",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report numbers of rows that Python changes."""
        if file.role or not function.scope.stores:
            return
        for found in lost_updates(file.world, function.frame):
            row = found.store
            column = row[Store.ATTR]
            place = file.place(*row[Store.LINE : Store.END_COLUMN + 1])
            in_sql = f'F("{column}")' if found.orm in ("django", "tortoise") else f"{found.owner}.{column}"
            advice = f"write `{in_sql} {found.operator} ...` or lock the row"
            fix = changed_in_sql(file, place, found.owner, found.orm)
            yield file.diagnostic(self, place, fix=fix, model=found.owner, column=column, advice=advice)

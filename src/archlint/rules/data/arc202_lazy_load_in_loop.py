"""A relation that is loaded by a query of its own for every row of a loop.

## What it does

Reports relations that a loop or a comprehension reads on each row and that the query did not load: SQLAlchemy and
SQLModel `relationship`, also behind an `association_proxy`, Django `ForeignKey` and `OneToOneField` (both ways),
Tortoise and Peewee foreign keys. The read may stand in the loop, or below a method, property or function that gets the
row (`to_dict`, `get_absolute_url`, a serializer), also in other files, and also where the loop is in a helper that is
given the rows or a function. The resolvers of a graphene type that comes in lists count as such a loop, and so do the
columns of an admin's list, its own and those of its rows (`__str__` is one), and what sitemaps and feeds ask for each of
their items.

Only what is certain is reported: the row came from a query, the relation is lazy, and no loader option, manager,
query set method or prefetch on the way loads it.

## Why is this bad?

`order.customer.name` looks like an attribute and is a query. A list of 100 orders sends 101 queries, and nobody sees
it in the code, in development data or in tests of one row.

## How to fix

Name the relation where the rows are loaded:

```python
orders = session.scalars(select(Order).options(joinedload(Order.customer)))            # many to one
customers = session.scalars(select(Customer).options(selectinload(Customer.orders)))   # one to many

orders = Order.objects.select_related("customer")
customers = Customer.objects.prefetch_related("orders")
```

Where only the key is needed, read `order.customer_id`: `order.customer.id` loads the row. `raiseload("*")` and
`lazy="raise"` make such reads fail at once.

## Not reported

* What a property reads only `if self.known is None`, where other code sets `known` on the rows.
* Relations loaded by `joinedload`, `selectinload`, `subqueryload`, `contains_eager`, `select_related`,
  `prefetch_related`, `Prefetch`, `prefetch_related_objects`, by a manager's `get_queryset`, by a query set's own methods
  and by `lazy="joined"`, `"selectin"`, `"raise"`; options that cannot be read count as loading everything.
* Query sets that a parameter's annotation names, and what a Django model's own methods read of `self`: the callers know
  what is loaded. The call that hands unloaded rows over is reported instead. A collection below which no file of the
  project loads anything in advance is no matter of callers, and is reported.
* Relations that the pass itself assigns (`order.customer = customer`), and to-one relations of SQLAlchemy whose row the
  pass has asked for by a query of its own, or that is the same for all rows (`where(Order.customer_id == key)`): the
  session knows it then.
* What is read for one row (`if order == self:`), in a search that a property ends (`if order.is_open: return True`), in
  a loop over a list that the call writes down (`total([order])`), and below chains of three calls of which one is
  optional.
* The way back: rows met over `customer.orders.all()` know their customer.
* Copies of a thing with all its parts (`row.pk = None`).
* What any query of the GraphQL lists loads with rows of the model, whichever list that is.
* Key columns (`order.customer_id`), `values()` rows, rows constructed here, relations of the same object in each pass.
* Collections of Django rows: those are queries, ARC201.
* A second read of the same relation, a second loop over the same rows, and `a.x or a.y` in one line: one finding.
* Rows of an `AsyncSession`: such a read fails instead (ARC223). Response schemas: ARC203.
* In random draws over mature backends the relation was loaded row by row in 113 of 129 alarms, and after what most of
  the others shared had been mended in 12 of 14 of these; a reviewer would ask for the loader option in 82 of the 129,
  the others being few rows, work in the background, rows that the session knew, or copies (both no longer reported).
* Known misses: rows of unknown origin (an unannotated parameter without a typed caller), relations read by
  templates, nested relations of rows prefetched by a caller, all but the first of several entities of a `select`, rows
  that an object keeps for a resolver of strawberry, walks up a tree (`while node: node = node.parent`): no option of the
  query loads a way of unknown length; columns that `only()`, `load_only` or `defer` left out. What one of several
  branches or callers loads counts as loaded in all, also where a flag of a query set's method decides.

## References

* [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
* [Django: select_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.model.flow import parts, unwrapped
from archlint.model.summary import Bind, Block
from archlint.project.admins import LIST_DISPLAY
from archlint.project.effects import Site, describe
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.per_item.columns import columns
from archlint.project.per_item.loops import PerItem, hidden, is_seldom_reached
from archlint.project.per_item.one_by_one import copies_rows
from archlint.project.remedies.eager import eager, loaders
from archlint.project.rows.preloaded import is_asked_for

_SQLALCHEMY = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")


class Order(Base):
    __tablename__ = "purchase"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")
    shop: Mapped["Shop"] = relationship(lazy="joined")

    def to_dict(self):
        return {"id": self.id, "customer": self.customer.name}


class Shop(Base):
    __tablename__ = "shop"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""

_DJANGO = """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Profile(models.Model):
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE)
    language = models.TextField()


class OrderQuerySet(models.QuerySet):
    def with_customer(self):
        return self.select_related("customer")


class Order(models.Model):
    customer = models.ForeignKey(Customer, related_name="orders", on_delete=models.CASCADE)
    objects = OrderQuerySet.as_manager()

    @property
    def title(self):
        return f"{self.pk} {self.customer.name}"


class InvoiceManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("order")


class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    payer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    objects = InvoiceManager()
"""


#: Models of several cases.
_AUTHORS = """\
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


"""


class LazyLoadInLoop(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = (
        "`{relation}` is lazy-loaded for every item of `{iterable}`{chain}; load it with the query ({advice})"
    )

    answers = ("anti-pattern 5b", "area B", "area E", "dimension 2", "checklist 16")
    invalid = (
        Case(
            {
                "models.py": _DJANGO,
                "service.py": """\
from models import Order


class Line:
    def __init__(self, order, count):
        self.title = order.customer.name
        self.count = count


def lines():
    return [Line(order, count=1) for order in Order.objects.all()]  # ARC202


def same_name(name):
    for order in Order.objects.all():
        if order.name == name:
            print(order.customer.name)  # ARC202


def same_rows(wanted):
    for one in wanted:
        for order in Order.objects.all():
            if order == one:
                print(order.customer.name)  # ARC202
""",
            },
            title="rows that a constructor is given; conditions that more than one row may pass",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "service.py": """\
from sqlalchemy.orm import Session

from models import Customer, Order


def all_lines(session: Session):
    orders = session.query(Order).join(Customer).filter(Order.customer_id == Customer.id).all()
    return [order.customer.name for order in orders]  # ARC202
""",
            },
            title="a condition that joins names no row",
        ),
        Case(
            {
                "service.py": """\
from models import Customer, Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def joined(session: Session):
    query = select(Order).join(Customer).where(Order.customer_id == Customer.id)
    return [order.customer.name for order in session.scalars(query)]  # ARC202


def of_several(session: Session, keys: list[int]):
    query = select(Order).where(Order.customer_id.in_(keys))
    return [order.customer.name for order in session.scalars(query)]  # ARC202


def of_owner(session: Session, order: Order):
    for other in session.scalars(select(Order).where(Order.id == order.id)):
        print(other.customer.name)  # ARC202
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy: conditions that leave the key open",
        ),
        Case(
            {
                "store.py": """\
from models import Order
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker


class Orders:
    def names(self):
        with self.make_session() as session:
            return [order.customer.name for order in self.query(session).all()]  # ARC202

    def unknown(self):
        return [order.customer.name for order in self.others().all()]


class Store(Orders):
    def __init__(self, engine: Engine):
        self.make_session = sessionmaker(engine)

    def query(self, session: Session):
        return session.query(Order)
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy: what a mixin leaves to its heir",
        ),
        Case(
            {
                "views.py": """\
from django.views.generic import DetailView, ListView

from models import Note


class Own(ListView):
    context_object_name = "mine"

    def get_queryset(self):
        return Note.objects.filter(author=self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["subjects"] = [note.subject for note in context["mine"]]  # ARC202
        context["authors"] = [note.author.username for note in context["page_obj"]]  # ARC202
        return context


class Loaded(ListView):
    def get_queryset(self):
        return Note.objects.select_related("author").prefetch_related("subject")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for note in context["note_list"]:
            note.title = f"{note.subject}: {note.author.username}"
        for note in context["others"]:
            note.title = note.author.username
        return context


class One(DetailView):
    model = Note

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["title"] = context["note"].author.username
        return context
""",
                "models.py": """\
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Note(models.Model):
    author = models.ForeignKey(User, on_delete=models.CASCADE)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
""",
            },
            title="Django: rows of a list view in what its template is given, generic keys",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class Customer(models.Model):\n"
                "    name = models.TextField()\n\n\n"
                "class Order(models.Model):\n"
                "    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n",
                "views.py": "from itertools import chain\n\nfrom models import Order\n\n\n"
                "def counted():\n"
                "    orders = list(Order.objects.all())\n"
                "    for i in range(len(orders)):\n"
                "        print(i, orders[i].customer.name)  # ARC202\n\n\n"
                "def chained():\n"
                "    for order in chain(Order.objects.filter(pk=1), Order.objects.filter(pk__gt=9)):\n"
                "        print(order.customer.name)  # ARC202\n",
            },
            title="rows by number, and one query set after the other",
        ),
        Case(
            {
                "views.py": """\
from models import Order


def names(customer_id):
    for order in Order.objects.filter(customer_id=customer_id).iterator():
        print(order.customer.name)  # ARC202
""",
                "models.py": _DJANGO,
            },
            fixed="""\
from models import Order


def names(customer_id):
    for order in Order.objects.filter(customer_id=customer_id).select_related("customer").iterator():
        print(order.customer.name)  # ARC202
""",
            title="Django: streamed rows",
        ),
        Case(
            {
                "service.py": """\
from models import Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def names(session: Session):
    return [order.customer.name for order in session.scalars(select(Order))]  # ARC202


def old(session: Session):
    for order in session.query(Order).filter(Order.id > 1).all():
        print(order.customer.name)  # ARC202
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy many to one",
        ),
        Case(
            {
                "service.py": """\
from models import Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def matches(session: Session, names: list[str]):
    for order in session.scalars(select(Order)):
        for name in names:
            if name == order.customer.name:  # ARC202
                print(order.id)


def pairs(session: Session, names: list[str]):
    return [(order.customer.name, name) for order in session.scalars(select(Order)) for name in names]  # ARC202


def found(session: Session, names: list[str]):
    for order in session.scalars(select(Order)):
        for name in names:
            if name in order.shop.name:
                print(order.customer.name)  # ARC202
                break


def first(session: Session, names: list[str]):
    for order in session.scalars(select(Order)):
        for name in names:
            if name in order.shop.name:
                return order.customer.name


def failed(session: Session, names: list[str]):
    for order in session.scalars(select(Order)):
        try:
            order.check()
        except ValueError:
            for name in names:
                print(name, order.customer.name)
""",
                "models.py": _SQLALCHEMY,
            },
            title="a relation of the outer row, read in an inner loop",
        ),
        Case(
            {
                "service.py": """\
from collections import deque
from itertools import groupby
from operator import attrgetter

from models import Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def by_name(session: Session):
    return [getattr(order, "customer").name for order in session.scalars(select(Order))]  # ARC202


def by_default(session: Session):
    for order in session.scalars(select(Order)):
        print(getattr(order, "customer", None))  # ARC202


def chosen(session: Session, attribute: str):
    return [getattr(order, attribute) for order in session.scalars(select(Order))]


def in_order(session: Session):
    orders = session.scalars(select(Order)).all()
    return sorted(orders, key=attrgetter("id", "customer.name"))  # ARC202


def grouped(session: Session):
    orders = session.scalars(select(Order)).all()
    return {customer: list(rows) for customer, rows in groupby(orders, attrgetter("customer"))}  # ARC202


def keys(session: Session):
    return sorted(session.scalars(select(Order)), key=attrgetter("customer_id"))


def emptied(session: Session):
    orders = list(session.scalars(select(Order)))
    while orders:
        order = orders.pop()
        print(order.customer.name)  # ARC202


def in_turn(session: Session):
    queue = deque(session.scalars(select(Order)))
    while queue:
        order = queue.popleft()
        print(order.customer.name)  # ARC202


class Worker:
    def __init__(self, session: Session):
        self.waiting = deque(session.scalars(select(Order)))

    def work(self):
        while self.waiting:
            order = self.waiting.popleft()
            print(order.customer.name)


def again(session: Session):
    queue = deque(session.scalars(select(Order)))
    while queue:
        order = queue.popleft()
        if not order.customer.name:
            queue.append(order)
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy: by name, by attrgetter, taken out of a list",
        ),
        Case(
            {
                "service.py": """\
from models import Customer
from sqlalchemy import select
from sqlalchemy.orm import Session


def orders(session: Session):
    for customer in session.scalars(select(Customer)).all():
        for order in customer.orders:  # ARC202
            print(order.id)


def joined(session: Session):
    rows = session.scalars(select(Customer).join(Customer.orders))
    return [len(customer.orders) for customer in rows]  # ARC202
""",
                "models.py": _SQLALCHEMY,
            },
            fixed=(
                "from models import Customer\n"
                "from sqlalchemy import select\n"
                "from sqlalchemy.orm import Session, selectinload\n"
                "\n"
                "\n"
                "def orders(session: Session):\n"
                "    for customer in session.scalars(select(Customer).options(selectinload(Customer.orders))).all():\n"
                "        for order in customer.orders:  # ARC202\n"
                "            print(order.id)\n"
                "\n"
                "\n"
                "def joined(session: Session):\n"
                "    rows = session.scalars(select(Customer).join(Customer.orders).options(selectinload(Customer.orders)))\n"
                "    return [len(customer.orders) for customer in rows]  # ARC202\n"
            ),
            title="SQLAlchemy collection; a join loads nothing",
        ),
        Case(
            """\
from sqlmodel import Field, Relationship, Session, SQLModel, select


class Team(SQLModel, table=True):
    id: int = Field(primary_key=True)
    name: str
    heroes: list["Hero"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    team: Team = Relationship(back_populates="heroes")


def teams(session: Session):
    return {hero.id: hero.team.name for hero in session.exec(select(Hero)).all()}  # ARC202
""",
            title="SQLModel",
        ),
        Case(
            {
                "views.py": """\
from models import Customer, Order


def names():
    for order in Order.objects.filter(pk__gt=1):
        print(order.customer.name)  # ARC202


def languages():
    return [customer.profile.language for customer in Customer.objects.all()]  # ARC202
""",
                "models.py": _DJANGO,
            },
            fixed=(
                "from models import Customer, Order\n"
                "\n"
                "\n"
                "def names():\n"
                '    for order in Order.objects.filter(pk__gt=1).select_related("customer"):\n'
                "        print(order.customer.name)  # ARC202\n"
                "\n"
                "\n"
                "def languages():\n"
                '    return [customer.profile.language for customer in Customer.objects.all().select_related("profile")]  # ARC202\n'
            ),
            title="Django foreign key, and one to one the other way",
        ),
        Case(
            {
                "views.py": """\
from models import Order


def titles():
    return [order.title for order in Order.objects.all()]  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="below a property",
        ),
        Case(
            {
                "handlers.py": """\
from fastapi import APIRouter, Depends
from service import OrderService

router = APIRouter()


@router.get("/orders")
def orders(service: OrderService = Depends()):
    return [order.to_dict() for order in service.all()]  # ARC202
""",
                "service.py": """\
from models import Order
from sqlalchemy.orm import sessionmaker

Session = sessionmaker()


class OrderService:
    def __init__(self):
        self.session = Session()

    def all(self):
        return self.session.query(Order).all()
""",
                "models.py": _SQLALCHEMY,
            },
            title="rows of a service, read by a method of the model",
        ),
        Case(
            """\
from django.db import models


class Account(models.Model):
    number = models.TextField()
    partners = models.ManyToManyField("Partner", related_name="accounts")
    last_transfer = models.ForeignKey("Transfer", null=True, related_name="+", on_delete=models.SET_NULL)


class Partner(models.Model):
    main_account = models.ForeignKey(Account, related_name="+", on_delete=models.CASCADE)


class Transfer(models.Model):
    source = models.ForeignKey(Account, related_name="sent", on_delete=models.CASCADE)
    target = models.ForeignKey(Account, related_name="received", on_delete=models.CASCADE)


def statement(account: Account):
    for transfer in account.sent.all():
        print(transfer.source.number, transfer.target.number)  # ARC202


def partners(account: Account):
    return [partner.main_account.number for partner in account.partners.all()]  # ARC202


def newest():
    for transfer in Transfer.objects.select_related("source"):
        print(transfer.source.last_transfer.pk)  # ARC202
""",
            title="Django: of two keys to a model the one that a collection was made by leads back, no other does",
        ),
        Case(
            """\
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    sent: Mapped[list["Transfer"]] = relationship(back_populates="source", foreign_keys="Transfer.source_id")


class Transfer(Base):
    __tablename__ = "transfers"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    source: Mapped[Account] = relationship(back_populates="sent", foreign_keys=[source_id])
    target: Mapped[Account] = relationship(foreign_keys=[target_id])


def statement(session: Session, account_id: int):
    account = session.get(Account, account_id)
    for transfer in account.sent:
        print(transfer.source.number, transfer.target.number)  # ARC202
""",
            title="SQLAlchemy: of two relations to a model the one that a collection names leads back",
        ),
        Case(
            {
                "pages.py": """\
def paginate(query, page, serializer):
    return {"page": page, "items": [serializer(row) for row in query[page * 20 : page * 20 + 20]]}
""",
                "views.py": """\
from models import Order
from pages import paginate


def orders(request):
    return paginate(Order.objects.all(), 1, lambda order: {"customer": order.customer.name})  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="the loop is in a helper that is given the serializer",
        ),
        Case(
            {
                "models.py": """\
import peewee


class Author(peewee.Model):
    name = peewee.TextField()


class Note(peewee.Model):
    author = peewee.ForeignKeyField(Author)
    editor = peewee.ForeignKeyField(Author, null=True, related_name="edited")

    def to_dict(self):
        return {"author": self.author.name, "editor": self.editor.name if self.editor is not None else None}

    @classmethod
    def with_authors(cls):
        return Note.select(Note, Author).join(Author)

    @classmethod
    def with_editors(cls):
        return Note.select(Note, Author).join(Author, on=(Note.editor == Author.id))
""",
                "pages.py": """\
def paginate(query, page, serializer):
    return {"count": query.count(), "rows": [serializer(row) for row in query.paginate(page, 20)]}
""",
                "views.py": """\
from models import Author, Note
from pages import paginate


def authors():
    return [note.author.name for note in Note.select()]  # ARC202


def notes(page):
    return paginate(Note.with_authors(), page, lambda note: note.to_dict())  # ARC202


def known(page):
    rows = Note.select(Note, Author.name).join(Author)
    return paginate(rows, page, lambda note: note.author.name)


def editors():
    return [note.editor.name for note in Note.with_editors()]
""",
            },
            title="Peewee: a join fills one relation, the first to a model or the one it names",
        ),
        Case(
            {
                "views.py": """\
from models import Customer


def of(customer: Customer):
    for order in customer.orders.filter(pk__gt=1):
        print(order.customer.name, [i.payer.name for i in order.invoice_set.all()])  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="the way back is known, the next relation is not",
        ),
        Case(
            {
                "views.py": """\
from models import Invoice


def payers():
    for invoice in Invoice.objects.all():
        print(invoice.order.pk, invoice.order.customer.name)  # ARC202
""",
                "models.py": _DJANGO,
            },
            fixed=(
                "from models import Invoice\n"
                "\n"
                "\n"
                "def payers():\n"
                '    for invoice in Invoice.objects.all().select_related("order__customer"):\n'
                "        print(invoice.order.pk, invoice.order.customer.name)  # ARC202\n"
            ),
            title="the manager loads the order, not its customer",
        ),
        Case(
            {
                "views.py": """\
from django.db.models import prefetch_related_objects

from models import Invoice


def payers(ids):
    rows = list(Invoice.objects.filter(pk__in=ids))
    for row in rows:
        print(row.payer.name)  # ARC202
    prefetch_related_objects(rows, "payer")
""",
                "models.py": _DJANGO,
            },
            title="prefetched too late",
        ),
        Case(
            {
                "views.py": """\
def names(orders):
    return [order.customer.name for order in orders]  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="rows of unknown origin",
            missed=True,
            why="nobody says what the parameter holds",
        ),
        Case(
            {
                "views.py": """\
from django.shortcuts import render

from models import Order


def orders(request):
    return render(request, "orders.html", {"orders": Order.objects.all()})  # ARC202
""",
                "orders.html": """\
{% for order in orders %}{{ order.customer.name }}{% endfor %}
""",
                "models.py": _DJANGO,
            },
            title="read by a template",
            missed=True,
            why="templates are not read",
        ),
        Case(
            {
                "views.py": """\
from models import Customer, Order


def chosen(everything=False):
    orders = Order.objects.all()
    if everything:
        orders = orders.select_related("customer")
    return orders.filter(pk__gt=1)


def names():
    return [order.customer.name for order in chosen()]  # ARC202


def short():
    return [customer.name for customer in Customer.objects.only("pk")]  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="loaded by a branch that the call leaves out; a column that is left out",
            missed=True,
            why="what one branch loads counts as loaded, and columns are not followed",
        ),
        Case(
            {
                "views.py": """\
from models import Post
from django.contrib.auth import get_user_model

User = get_user_model()


def authors():
    return [post.author.username for post in Post.objects.order_by("-pk")[:20]]  # ARC202


def profiles():
    return [user.profile.text for user in User.objects.filter(is_active=True)]  # ARC202


def titles(posts):
    return [str(post) for post in Post.objects.filter(pk__in=posts)]  # ARC202
""",
                "models.py": """\
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models


class Post(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    title = models.TextField()

    def __str__(self):
        return f"{self.title} by {self.author.username}"


class Profile(models.Model):
    user = models.OneToOneField(User, related_name="profile", on_delete=models.CASCADE)
    text = models.TextField()
""",
            },
            title="Django's own user model; what str() reads",
        ),
        Case(
            {
                "report.py": """\
from repository import Repository
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship()


class People(Repository):
    def __init__(self, session: Session):
        self.session = session

    def all(self):
        return self.session.query(Person).all()


def pairs(session: Session):
    for person, team in session.query(Person, Team).all():
        print(person.team.id, team.id)  # ARC202


def teams(people: Repository):
    return {person.id: person.team.id for person in people.all()}  # ARC202
""",
                "repository.py": """\
from abc import ABC, abstractmethod


class Repository(ABC):
    @abstractmethod
    def all(self): ...
""",
            },
            title="tuples of rows; rows that the override of an abstract method loads",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "report.py": "from models import Invoice\n\n\n"
                "def lines(year):\n"
                "    invoices = Invoice.objects.filter(\n"
                "        pk__gt=year,\n"
                '    ).select_related("order")\n'
                "    for invoice in invoices:\n"
                "        print(invoice.payer.name)  # ARC202\n\n\n"
                "def all_of_them():\n"
                "    for invoice in Invoice.objects.order_by('pk').select_related():\n"
                "        print(invoice.payer.name)\n",
            },
            title="Django: one relation is loaded, the other joins it",
            fixed="from models import Invoice\n\n\n"
            "def lines(year):\n"
            "    invoices = Invoice.objects.filter(\n"
            "        pk__gt=year,\n"
            '    ).select_related("order", "payer")\n'
            "    for invoice in invoices:\n"
            "        print(invoice.payer.name)  # ARC202\n\n\n"
            "def all_of_them():\n"
            "    for invoice in Invoice.objects.order_by('pk').select_related():\n"
            "        print(invoice.payer.name)\n",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "report.py": "from sqlalchemy import select\n"
                "from sqlalchemy.orm import Session, joinedload\n\n"
                "from models import Order\n\n\n"
                "def lines(session: Session):\n"
                "    query = select(Order).options(joinedload(Order.shop))\n"
                "    for order in session.scalars(query):\n"
                "        print(order.shop.name, order.customer.name)  # ARC202\n",
            },
            title="SQLAlchemy: one relation is loaded, the other joins it",
            fixed="from sqlalchemy import select\n"
            "from sqlalchemy.orm import Session, joinedload, selectinload\n\n"
            "from models import Order\n\n\n"
            "def lines(session: Session):\n"
            "    query = select(Order).options(joinedload(Order.shop), selectinload(Order.customer))\n"
            "    for order in session.scalars(query):\n"
            "        print(order.shop.name, order.customer.name)  # ARC202\n",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class Place(models.Model):\n    name = models.TextField()\n\n\n"
                "class Trip(models.Model):\n"
                '    start = models.ForeignKey(Place, related_name="left", on_delete=models.CASCADE)\n'
                '    end = models.ForeignKey(Place, related_name="reached", on_delete=models.CASCADE)\n',
                "report.py": "from models import Trip\n\n\n"
                "def lines(year):\n"
                "    for trip in Trip.objects.filter(year=year):\n"
                "        print(trip.start.name)  # ARC202\n"
                "        print(trip.end.name)  # ARC202\n",
            },
            title="Django: two relations of one query",
            fixed="from models import Trip\n\n\n"
            "def lines(year):\n"
            '    for trip in Trip.objects.filter(year=year).select_related("start", "end"):\n'
            "        print(trip.start.name)  # ARC202\n"
            "        print(trip.end.name)  # ARC202\n",
        ),
        Case(
            """\
from django.contrib.auth.models import User
from django.db import models
from django.utils.functional import cached_property


class Article(models.Model):
    author = models.ForeignKey(User, on_delete=models.CASCADE)

    @cached_property
    def author_name(self):
        return self.author.get_full_name()


def authors():
    return {a.pk: a.author_name for a in Article.objects.all()}  # ARC202
""",
            title="a cached property keeps its answer for one row only",
        ),
        Case(
            {
                "tracker/models.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class OfProject:
    @declared_attr
    def project_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("projects.id"))

    @declared_attr
    def project(cls) -> Mapped[Project]:
        return relationship(Project)


class Incident(OfProject, Base):
    __tablename__ = "incidents"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "tracker/sessions.py": """\
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://localhost/tracker"))


def get_session():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


entered = contextmanager(get_session)
""",
                "tracker/report.py": """\
from sqlalchemy import select

from tracker.models import Incident
from tracker.sessions import entered


def projects():
    with entered() as session:
        return [incident.project.name for incident in session.scalars(select(Incident))]  # ARC202
""",
            },
            title="a relation that a mixin declares, a session from a generator that is made a context manager",
        ),
        Case(
            {
                "shop/models.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship()
""",
                "shop/daos.py": """\
from typing import Generic, TypeVar, get_args

from sqlalchemy.orm import Session

from shop.models import Base, Order

T = TypeVar("T", bound=Base)


class BaseDAO(Generic[T]):
    model: type[Base] | None = None

    def __init_subclass__(cls, **options):
        cls.model = get_args(cls.__orig_bases__[0])[0]

    @classmethod
    def find_all(cls, session: Session) -> list[T]:
        query = session.query(cls.model)
        return query.all()


class OrderDAO(BaseDAO[Order]):
    pass
""",
                "shop/report.py": """\
from sqlalchemy.orm import Session

from shop.daos import OrderDAO


def names(session: Session):
    return [order.customer.name for order in OrderDAO.find_all(session)]  # ARC202
""",
            },
            title="the model of a data access class is the one that it is derived with",
        ),
        Case(
            {
                "teams/models.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    team: Mapped[Team] = relationship()
""",
                "teams/repository.py": """\
from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from teams.models import Member


def get_session():
    with Session(create_engine("postgresql://localhost/teams")) as session:
        yield session


class MemberRepository:
    def __init__(self, session: Session = Depends(get_session)):
        self.session = session

    def all(self):
        return self.session.query(Member).all()
""",
                "teams/api.py": """\
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv

from teams.repository import MemberRepository

router = APIRouter()


@cbv(router)
class Members:
    repository: MemberRepository = Depends()

    @router.get("/members")
    def names(self) -> list[str]:
        return [member.team.name for member in self.repository.all()]  # ARC202
""",
            },
            title="an attribute that FastAPI fills by its annotation",
        ),
        Case(
            f"""\
{_AUTHORS}async def sizes(session: AsyncSession):
    authors = await session.scalars(select(Author))
    return [len(await author.awaitable_attrs.books) for author in authors]  # ARC202
""",
            title="a relation that is awaited for every row",
        ),
        Case(
            {
                "entities.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Sender(Base):
    __tablename__ = "senders"

    id: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str]


class Shipment(Base):
    __tablename__ = "shipments"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("senders.id"))
    sender: Mapped[Sender] = relationship()
""",
                "ports.py": """\
import abc

from entities import Shipment


class ShipmentStore(abc.ABC):
    @abc.abstractmethod
    def all(self) -> list[Shipment]: ...

    @abc.abstractmethod
    def loaded(self) -> list[Shipment]: ...
""",
                "sql.py": """\
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from entities import Shipment
from ports import ShipmentStore


class SqlShipmentStore(ShipmentStore):
    def __init__(self, session: Session) -> None:
        self.session = session

    def all(self) -> list[Shipment]:
        return list(self.session.scalars(select(Shipment)))

    def loaded(self) -> list[Shipment]:
        return list(self.session.scalars(select(Shipment).options(joinedload(Shipment.sender))))
""",
                "service.py": """\
from ports import ShipmentStore


def overview(store: ShipmentStore) -> list[str]:
    return [shipment.sender.company for shipment in store.all()]  # ARC202


def overview_loaded(store: ShipmentStore) -> list[str]:
    return [shipment.sender.company for shipment in store.loaded()]
""",
            },
            title="rows from behind an abstract store",
        ),
        Case(
            """\
from django.db import models


class Depot(models.Model):
    city = models.TextField()


class VehicleQuerySet(models.QuerySet):
    def ready(self):
        return self.filter(ready=True)


class VehicleManager(models.Manager):
    def get_queryset(self):
        return VehicleQuerySet(self.model, using=self._db)

    def ready(self):
        return self.get_queryset().ready()


class Vehicle(models.Model):
    depot = models.ForeignKey(Depot, on_delete=models.CASCADE)
    objects = VehicleManager()


def cities():
    return [vehicle.depot.city for vehicle in Vehicle.objects.ready()]  # ARC202
""",
            title="a manager that makes its own query set",
        ),
        Case(
            """\
from flask import Flask, jsonify
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
login_manager = LoginManager(app)


class Reader(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    loans = db.relationship("Loan")


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(200))


class Loan(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    reader_id = db.Column(db.ForeignKey("reader.id"))
    item_id = db.Column(db.ForeignKey("item.id"))
    item = db.relationship("Item")


@login_manager.user_loader
def load_reader(key):
    return db.session.get(Reader, int(key))


@app.get("/loans")
@login_required
def loans():
    return jsonify([loan.item.title for loan in current_user.loans])  # ARC202
""",
            title="Flask-Login: rows of the one who has signed in",
        ),
        Case(
            """\
from django.db import models
from django.views.generic import ListView


class Topic(models.Model):
    name = models.TextField()


class Course(models.Model):
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE)


class Courses(ListView):
    model = Course

    def get_context_data(self, **kwargs):
        topics = [course.topic.name for course in self.object_list]  # ARC202
        return super().get_context_data(topics=topics, **kwargs)


class LoadedCourses(ListView):
    model = Course

    def get_queryset(self):
        return super().get_queryset().select_related("topic")

    def get_context_data(self, **kwargs):
        topics = [course.topic.name for course in self.object_list]
        return super().get_context_data(topics=topics, **kwargs)
""",
            title="Django: the rows that a list view has fetched",
        ),
        Case(
            {
                "schema/orders.py": """\
import graphene

import models


class CustomerType(graphene.ObjectType):
    class Meta:
        model = models.Customer


class OrderType(graphene.ObjectType):
    customer = graphene.Field(CustomerType)
    payer = graphene.Field(CustomerType)

    class Meta:
        model = models.Order

    @staticmethod
    def resolve_customer(root: models.Order, info):
        return root.customer  # ARC202

    @staticmethod
    def resolve_payer(root: models.Order, info):
        return root.payer


class Receipt(graphene.ObjectType):
    order = graphene.Field(OrderType)

    class Meta:
        model = models.Receipt

    @staticmethod
    def resolve_order(root: models.Receipt, info):
        return root.order
""",
                "schema/queries.py": """\
import graphene

import models
from schema.orders import OrderType, Receipt


class Query(graphene.ObjectType):
    orders = graphene.List(OrderType)
    receipt = graphene.Field(Receipt)

    def resolve_orders(self, info):
        return models.Order.objects.select_related("payer")

    def resolve_receipt(self, info):
        return models.Receipt.objects.last()
""",
                "models.py": """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    payer = models.ForeignKey(Customer, related_name="+", on_delete=models.CASCADE)


class Receipt(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
""",
            },
            title="graphene: a type that comes in lists, what the list has loaded, and a type that does not",
        ),
        Case(
            {
                "views.py": """\
from django.utils.html import escape

from models import Order


def rows():
    return [escape(order) for order in Order.objects.all()]  # ARC202


def loaded():
    return [escape(order) for order in Order.objects.select_related("customer")]
""",
                "models.py": """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)

    def __str__(self):
        return self.customer.name
""",
            },
            title="Django: functions that ask each row for its text",
        ),
        Case(
            {
                "views.py": """\
from collections import defaultdict
from itertools import chain

from django.core.paginator import Paginator

from models import Invoice, Order


def collected():
    waiting = []
    for order in Order.objects.all():
        if order.pk:
            waiting.append(order)
    return [order.customer.name for order in waiting]  # ARC202


def grouped():
    by_day = defaultdict(list)
    for order in Order.objects.all():
        by_day[order.pk % 7].append(order)
    return {day: [order.customer.name for order in orders] for day, orders in by_day.items()}  # ARC202


def known():
    orders, more = {}, []
    for order in Order.objects.all():
        orders[order.pk] = order
    more.extend(Order.objects.all())
    first = [order.customer.name for order in orders.values()]  # ARC202
    return first


def chained():
    return [o.customer.name for o in chain(Order.objects.filter(pk=1), Order.objects.filter(pk=2))]  # ARC202


def paged():
    page = Paginator(Order.objects.order_by("pk"), 20).get_page(1)
    return [order.customer.name for order in page]  # ARC202


def loaded():
    waiting = []
    for order in Order.objects.with_customer():
        waiting.append(order)
    page = Paginator(Order.objects.with_customer(), 20).get_page(1)
    return [order.customer.name for order in (*waiting, *page)]


def once():
    named = []
    for order in Order.objects.all():
        if order.customer.name:  # ARC202
            named.append(order)
    return [order.customer.name for order in named]
""",
                "models.py": _DJANGO,
            },
            title="Django: rows that were collected, grouped, chained or cut into pages first",
        ),
        Case(
            {
                "models.py": "from sqlalchemy.ext.associationproxy import association_proxy\n"
                + _SQLALCHEMY.replace(
                    "    shop: Mapped",
                    '    customer_name = association_proxy("customer", "name")\n    shop: Mapped',
                ),
                "queries.py": """\
from typing import Any, cast

from models import Customer, Order
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption


def loads(with_orders: bool = False) -> list[ExecutableOption]:
    options = []
    if with_orders:
        options.extend([selectinload(Customer.orders)])
    return options


def nothing() -> list[ExecutableOption]:
    return []


def orders(session: Session, load_options: list[ExecutableOption] | None = None):
    return session.scalars(select(Order).options(*(load_options or []))).all()


def known(session: Session):
    for customer in session.scalars(select(Customer).options(*loads(True))):
        print(len(customer.orders))
    for order in orders(session, [joinedload(cast(Any, Order.customer))]):
        print(order.customer.name)
    base = selectinload(Customer.orders)
    wanted = select(Customer).options(base.joinedload(Order.customer), base.joinedload(Order.shop))
    for customer in session.scalars(wanted.options(joinedload(Customer.orders.and_(Order.id > 3)))):
        print([order.customer.name for order in customer.orders])


def unknown(session: Session, chosen):
    for order in orders(session, [joinedload(Order.shop), chosen()]):
        print(order.customer.name)


def unloaded(session: Session):
    for customer in session.scalars(select(Customer).options(*nothing())):
        print(len(customer.orders))  # ARC202
    for order in orders(session):
        print(order.customer.name)  # ARC202
    for order in orders(session, [joinedload(Order.shop)]):
        print(order.customer.name)  # ARC202


def named(session: Session):
    return [row.Order.customer.name for row in session.execute(select(Order))]  # ARC202


def proxied(session: Session):
    return [order.customer_name for order in session.scalars(select(Order))]  # ARC202
""",
            },
            title="SQLAlchemy: loader options from helpers, parameters and names",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "service.py": """\
from models import Customer, Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def counts(session: Session):
    rows = session.execute(select(Order, Customer).join(Order.customer)).all()
    return [(order.id, len(customer.orders)) for order, customer in rows]  # ARC202
""",
            },
            title="SQLAlchemy: the second of two entities",
            missed=True,
            why="a select knows its first entity alone",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Folder(Base):
    __tablename__ = "folder"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    parent: Mapped["Folder"] = relationship(remote_side=[id])
""",
                "service.py": """\
from models import Folder
from sqlalchemy import select
from sqlalchemy.orm import Session


def paths(session: Session):
    for folder in session.scalars(select(Folder)):
        names = []
        while folder:
            names.append(folder.name)
            folder = folder.parent  # ARC202
        yield "/".join(reversed(names))
""",
            },
            title="a walk up a tree from every row",
            missed=True,
            why="it takes a recursive query instead of an option, and a tree of few levels takes neither",
        ),
        Case(
            {
                "service.py": """\
from models import Customer
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only


def names(session: Session):
    return [row.name for row in session.scalars(select(Customer).options(load_only(Customer.id)))]  # ARC202
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy: a column that the query leaves out",
            missed=True,
            why="rows know the relations that their query has loaded, not its columns",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "sessions.py": """\
from contextlib import contextmanager


def transactions(make, kind):
    @contextmanager
    def transaction(read_only=True):
        with make() as session:
            yield session
            if not read_only:
                session.commit()

    return transaction
""",
                "store.py": """\
import sqlalchemy
from sqlalchemy.orm import sessionmaker

from models import Order
from sessions import transactions


class Store:
    def __init__(self, url: str) -> None:
        self.engine = sqlalchemy.create_engine(url)
        self.transaction = transactions(sessionmaker(bind=self.engine), "postgres")

    def names(self):
        with self.transaction() as session:
            return [order.customer.name for order in session.query(Order)]  # ARC202
""",
            },
            title="SQLAlchemy: a session by a function that was made for a session maker",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class Basket(models.Model):
    owner = models.TextField()

    def total(self):
        return sum(line.product.price for line in self.lines.all())  # ARC202

    def coupons(self):
        return [use.coupon.code for use in self.uses.all()]


class Product(models.Model):
    price = models.IntegerField()


class Coupon(models.Model):
    code = models.TextField()


class Line(models.Model):
    basket = models.ForeignKey(Basket, related_name="lines", on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.CASCADE)


class Use(models.Model):
    basket = models.ForeignKey(Basket, related_name="uses", on_delete=models.CASCADE)
    coupon = models.ForeignKey(Coupon, on_delete=models.CASCADE)
""",
                "views.py": """\
from models import Basket, Line


def weigh(basket: Basket):
    return [line.product.price for line in basket.lines.all()]  # ARC202


def baskets(names):
    return Basket.objects.filter(owner__in=names).prefetch_related("lines", "uses__coupon")


def again(names=None):
    lines = Line.objects.all()
    lines = lines or None
    return [line.product.price for line in lines]  # ARC202
""",
            },
            title="Django: collections below which nobody loads anything; a name that is given again",
        ),
        Case(
            {
                "sitemaps.py": """\
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed

from models import Order


class Pages(Sitemap):
    def items(self):
        return Order.objects.order_by("pk")

    def location(self, order):
        return f"/{order.customer.name}/{order.pk}"  # ARC202


class LoadedPages(Pages):
    def items(self):
        return Order.objects.select_related("customer")

    def location(self, order):
        return f"/{order.customer.name}/{order.pk}"


class News(Feed):
    def items(self):
        return Order.objects.order_by("-pk")[:20]

    def item_title(self, item):
        return item.customer.name  # ARC202

    def title(self, item):
        return item.customer.name
""",
                "models.py": _DJANGO,
            },
            title="Django: what sitemaps and feeds ask for each of their items",
        ),
        Case(
            {
                "albums.py": """\
from django.db import models


class Person(models.Model):
    name = models.TextField()


class AbstractAlbum(models.Model):
    _names = None
    _takers = None

    class Meta:
        abstract = True

    def names(self):
        if self._names is None:
            self._names = [photo.person.name for photo in self.photos.order_by("pk")]  # ARC202
        return self._names

    def takers(self):
        if self._takers is not None:
            return self._takers
        self._takers = [photo.person.name for photo in self.photos.filter(pk__gt=1)]  # ARC202
        return self._takers

    def places(self):
        return [photo.album.place for photo in self.photos.filter(pk__gt=3)]

    def first(self):
        for photo in self.photos.filter(pk__gt=2):
            if self._names is None:
                self._names = photo.person.name


class Photo(models.Model):
    album = models.ForeignKey("gallery.Album", related_name="photos", on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)


class Register:
    def __init__(self):
        self._names = None

    def names(self):
        if self._names is None:
            self._names = {photo.person.name for photo in Photo.objects.all()}
        return self._names
""",
                "models.py": """\
from albums import AbstractAlbum


class Album(AbstractAlbum):
    pass
""",
            },
            title="Django: what a row keeps for itself, and relations to the one class made of an abstract one",
        ),
        Case(
            {
                "views.py": """\
from django.core.paginator import Paginator

from models import Order


def page(number):
    for order in Paginator(Order.objects.all(), 20).get_page(number):
        print(order.customer.name)  # ARC202


def others():
    first, *rest = Order.objects.all()
    return first, [order.customer.name for order in rest]  # ARC202
""",
                "admin.py": """\
from typing import TypedDict

from django.contrib import admin
from django_stubs_ext import WithAnnotations

from models import Order


class Sums(TypedDict):
    total: int


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin[Order]):
    list_display = ("id", "payer")

    def payer(self, order: WithAnnotations[Order, Sums]) -> str:
        return order.customer.name  # ARC202
""",
                "models.py": _DJANGO,
            },
            title="Django: a page walked where it is made, the rest of the rows, a row with annotations",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class Country(models.Model):
    name = models.TextField()


class Customer(models.Model):
    name = models.TextField()
    country = models.ForeignKey(Country, on_delete=models.CASCADE)

    def __str__(self):
        return f"{self.name} ({self.country.name})"


class Order(models.Model):
    customer = models.ForeignKey(Customer, related_name="orders", on_delete=models.CASCADE)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)

    @property
    def title(self):
        return self.customer.name

    @property
    def above(self):
        return self.parent.pk
""",
                "admin.py": """\
from django.contrib import admin

from models import Country, Customer, Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = (
        "id",
        "title",  # ARC202
    )


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):  # ARC202
    search_fields = ("name",)


class LoadedAdmin(admin.ModelAdmin):
    model = Order
    list_display = ("id", "title")
    list_select_related = ("customer",)


class JoinedAdmin(admin.ModelAdmin):
    model = Order
    list_display = ("customer", "title", "above")  # ARC202


class TextAdmin(admin.ModelAdmin):
    model = Customer
    list_display = ["name", "country"]


class CountryAdmin(admin.ModelAdmin):
    model = Country
    list_display = ["__str__"]


class Customers(admin.TabularInline):
    model = Customer


class LaterAdmin(admin.ModelAdmin):
    model = Customer

    def get_list_display(self, request):
        return ["name"]
""",
            },
            title="Django: members of the rows in the list of an admin, which joins the keys that it shows",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class City(models.Model):
    name = models.TextField()


class Flight(models.Model):
    start = models.ForeignKey(City, related_name="departures", on_delete=models.CASCADE)
    end = models.ForeignKey(City, related_name="arrivals", on_delete=models.CASCADE)
    next = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)


class Seat(models.Model):
    flight = models.ForeignKey(Flight, related_name="seats", on_delete=models.CASCADE)
    number = models.IntegerField()
""",
                "board.py": """\
from django.db.models import Prefetch

from elsewhere import chosen
from models import City, Flight, Seat

PARTS = ("start", "end", "next", "next__start", "next__end", "seats", "seats__flight")
OTHERS = ("start", "next", "next__start", "next__end", "seats", "seats__flight")


def board():
    city = City.objects.get(pk=1)
    return [(flight.start.name, flight.end.name) for flight in city.departures.all()]  # ARC202


def ends():
    return [flight.end.name for flight in Flight.objects.prefetch_related(*OTHERS)]  # ARC202


def all_ends():
    return [flight.end.name for flight in Flight.objects.prefetch_related(*PARTS)]


def chosen_seats():
    flights = Flight.objects.prefetch_related(Prefetch("seats", queryset=chosen()))
    for flight in flights:
        print(flight.end.name)  # ARC202
        print([seat.flight.end.name for seat in flight.seats.all()])


def again(city: City):
    for flight in city.arrivals.all().filter(next=None):
        print(flight.start.name)  # ARC202


def up():
    for flight in Flight.objects.all():
        print(flight.next.next.number)  # ARC202
    for flight in Flight.objects.select_related("next__next"):
        print(flight.next.next.next.number)


def known():
    return Seat.objects.prefetch_related("flight__start"), City.objects.prefetch_related("arrivals__start")
""",
            },
            title="Django: the way back is one of two keys; what is unknown below a relation is so there only",
        ),
        Case(
            {
                "models.py": """\
from django.db import models
from scoped import ScopedManager, manager_of

from loading import LoadingManager


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    objects = ScopedManager(shop="customer")


class Invoice(models.Model):
    payer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    objects = manager_of(LoadingManager)
""",
                "views.py": """\
from django.views.generic import ListView

from elsewhere import narrowed
from models import Invoice, Order


def names():
    return [order.customer.name for order in Order.objects.filter(pk__gt=1)]  # ARC202


def payers():
    return [invoice.payer.name for invoice in Invoice.objects.filter(pk__gt=1)]


class Orders(ListView):
    model = Order

    def get_queryset(self):
        return narrowed(self.request)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["names"] = [order.customer.name for order in context["order_list"]]
        return context
""",
            },
            title="Django: a manager that a library makes, of no class of the project; a view whose rows others choose",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class Country(models.Model):
    name = models.TextField()

    def __str__(self):
        return self.name


class Customer(models.Model):
    name = models.TextField()
    country = models.ForeignKey(Country, on_delete=models.CASCADE)

    def __str__(self):
        return "%s (%s)" % (self.name, self.country)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    number = models.IntegerField()

    def __str__(self):
        return f"{self.number} of {self.customer}"
""",
                "views.py": """\
from models import Customer, Order


def texts():
    return [f"- {order}" for order in Order.objects.filter(pk__gt=1)]  # ARC202


def joined():
    return ", ".join("%s: %s" % (customer.pk, customer) for customer in Customer.objects.all())  # ARC202


def written(log):
    for order in Order.objects.select_related("customer"):
        line = "{} ({})".format(order, order.number)  # ARC202
        log.append(line)


def numbers():
    return [f"{order.number}" for order in Order.objects.all()]


def loaded():
    return {order.pk: f"{order!r}" for order in Order.objects.select_related("customer__country")}
""",
            },
            title="what a row says of itself in texts",
        ),
    )
    valid = (
        Case(
            {
                "models.py": """\
from django.db import models
from django_scopes import ScopedManager


class Customer(models.Model):
    name = models.TextField()


class OrderManager(ScopedManager(shop="shop").__class__):
    def __init__(self):
        super().__init__()


class Order(models.Model):
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    objects = OrderManager()
""",
                "views.py": """\
from itertools import groupby

from django.views.generic import ListView

from models import Order


class OrderList(ListView):
    model = Order

    def get_queryset(self):
        return Order.objects.filter(shop=self.request.shop).prefetch_related("customer")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {key: list(rows) for key, rows in groupby(context["object_list"], lambda order: order.customer)}
""",
            },
            title="Django: a view's own query set of a manager that is not known",
        ),
        Case(
            {
                "models.py": _DJANGO.replace(
                    "    @property\n    def title(self)",
                    "    @property\n    def scopes(self):\n        if self.pk > 9:\n            print(self.log_name)\n"
                    "        return []\n\n"
                    "    @property\n    def log_name(self):\n        return self.named(self)\n\n"
                    "    def named(self, order):\n        return order.customer.name\n\n"
                    "    @property\n    def title(self)",
                ),
                "service.py": """\
from models import Order


def scopes():
    return [order.scopes for order in Order.objects.all()]
""",
            },
            title="read far below, for a message",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "service.py": """\
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Customer, Order


def by_key(session: Session, key: int):
    orders = session.query(Order).filter(Order.customer_id == key).order_by(Order.id).all()
    return [order.customer.name for order in orders]


def by_row(session: Session, customer: Customer):
    statement = select(Order).where(Order.customer == customer)
    return [order.customer.name for order in session.scalars(statement)]


def by_keyword(session: Session, customer: Customer):
    return [order.customer.name for order in session.query(Order).filter_by(customer_id=customer.id)]
""",
            },
            title="rows of one owner, which the session loads once",
        ),
        Case(
            {
                "models.py": _DJANGO.replace(
                    "    def title(self)",
                    "    def is_anonymous(self):\n        return not self.customer.name\n\n"
                    "    @property\n    def title(self)",
                ),
                "lines.py": """\
class Line:
    def __init__(self, name, count, order):
        self.title = f"{name} {order.title}"
        self.count = count
""",
                "service.py": """\
from lines import Line
from models import Order


class Report:
    def __init__(self, pk):
        self.order = Order.objects.get(pk=pk)

    def lines(self):
        return [Line(**row, order=self.order) for row in Order.objects.values("name", "count")]


def others(order: Order):
    for other in Order.objects.all():
        if other == order:
            print(other.customer.name)


def is_any_anonymous():
    for order in Order.objects.all():
        if order.is_anonymous:
            return True
    return False
""",
            },
            title="one row for all passes, one item, and a search by a property",
        ),
        Case(
            {
                "service.py": """\
from models import Customer, Order
from sqlalchemy import select
from sqlalchemy.orm import Session


def of_one(session: Session, key: int):
    orders = session.scalars(select(Order).where(Order.customer_id == key, Order.id > 9))
    return [order.customer.name for order in orders]


def of_another(session: Session, key: int):
    query = session.query(Order).filter_by(customer_id=key)
    return [order.customer.name for order in query.all()]


def of_row(session: Session, customer: Customer):
    return [order.customer.name for order in session.scalars(select(Order).where(customer == Order.customer))]
""",
                "models.py": _SQLALCHEMY,
            },
            title="SQLAlchemy: all rows have the same key, and the session loads its row once",
        ),
        Case(
            """\
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("postgresql://db")
pool = ThreadPoolExecutor()


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    product: Mapped[Product] = relationship()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[Item]] = relationship()

    def names(self):
        return [item.product.name for item in self.items]


class Orders:
    def load(self, key):
        with Session(engine) as session:
            order = session.get(Order, key)
            return order.names()


def fetch(method, key, labels=()):
    for label in labels:
        print(label)
    return method(key)


def show(key):
    return fetch(Orders().load, key)


def later(key):
    return fetch(lambda one: Orders().load(one), key)


class Work:
    def start(self, job, key):
        while not self.ready:
            self.wait()
        return pool.submit(job, key)


def begin(key):
    return Work().start(Orders().load, key)
""",
            title="a function that is handed over, called once, and loops itself",
        ),
        Case(
            """\
from tortoise import fields
from tortoise.models import Model


class Customer(Model):
    id = fields.IntField(primary_key=True)
    name = fields.TextField()


class Order(Model):
    id = fields.IntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField("models.Customer", related_name="orders")


async def fetched():
    for order in await Order.all():
        await order.fetch_related("customer")
        print(order.customer.name)


async def at_once():
    orders = await Order.all()
    await Order.fetch_for_list(orders, "customer")
    return [order.customer.name for order in orders]
""",
            title="Tortoise: fetched before it is read (one by one is a query per item, ARC201)",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy import ForeignKey, inspect, select
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship()
    customer_name = association_proxy("customer", "name")
    known_name: str | None = None

    @property
    def title(self) -> str:
        if self.known_name is not None:
            return self.known_name
        else:
            return self.customer_name


def name_all(session: Session, orders: list[Order]) -> None:
    names = dict(session.execute(select(Customer.id, Customer.name)).all())
    for order in orders:
        order.known_name = names[order.customer_id]


def titles(session: Session):
    orders = session.scalars(select(Order)).all()
    name_all(session, orders)
    return [order.title for order in orders]


def names(session: Session):
    orders = session.scalars(select(Order).options(joinedload(Order.customer)))
    return [order.customer_name for order in orders]


def loaded_names(session: Session):
    found = []
    for order in session.scalars(select(Order)):
        if "customer" in inspect(order).dict:
            found.append(order.customer.name)
    return found
""",
            },
            title="SQLAlchemy: what a helper gives the rows, a loaded relation behind a proxy",
        ),
        Case(
            f"""\
{_AUTHORS}async def sizes(session: AsyncSession):
    authors = await session.scalars(select(Author).options(selectinload(Author.books)))
    return [len(await author.awaitable_attrs.books) for author in authors]


async def size(session: AsyncSession, pk: int):
    author = await session.get_one(Author, pk)
    return len(await author.awaitable_attrs.books)
""",
            title="a relation that is awaited, but loaded; of one row",
        ),
        Case(
            {
                "service.py": """\
from models import Customer, Order
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload


def names(session: Session):
    return [order.customer.name for order in session.scalars(select(Order).options(joinedload(Order.customer)))]


def orders(session: Session):
    rows = session.query(Customer).options(selectinload(Customer.orders).joinedload(Order.shop)).all()
    return [[order.shop.name for order in row.orders] for row in rows]


def eager(session: Session):
    return [(order.shop.name, order.customer_id) for order in session.scalars(select(Order))]


def known(session: Session):
    for order in session.scalars(select(Order)):
        payer = session.get(Customer, order.customer_id)
        if payer is not None:
            print(order.to_dict())
""",
                "models.py": _SQLALCHEMY,
            },
            title="loader options, eager relations, key columns, rows that the session knows by then",
        ),
        Case(
            {
                "service.py": """\
from models import Order
from sqlalchemy.orm import Session


def query(session: Session, *options):
    return session.query(Order).options(*options)


def names(session: Session, *options):
    return [order.customer.name for order in query(session, *options)]
""",
                "models.py": _SQLALCHEMY,
            },
            title="options that cannot be read",
        ),
        Case(
            {
                "views.py": """\
from django.db.models import Prefetch, prefetch_related_objects

from models import Customer, Invoice, Order


def names():
    rows = Order.objects.with_customer()
    for order in rows.filter(pk__gt=1):
        print(order.customer.name, order.customer_id)
    for invoice in Invoice.objects.all():
        print(invoice.order.pk)


def first():
    return [order.customer.name for order in Order.objects.order_by("pk")[:1]]


def nested():
    rows = Customer.objects.prefetch_related(Prefetch("orders", Order.objects.order_by("pk")), "orders__invoice_set__payer")
    for customer in rows:
        for order in customer.orders.all():
            print(order.customer.name, [invoice.payer.name for invoice in order.invoice_set.all()])


def later(ids):
    rows = list(Invoice.objects.filter(pk__in=ids))
    prefetch_related_objects(rows, "payer")
    return [row.payer.name for row in rows]
""",
                "models.py": _DJANGO,
            },
            title="select_related in a query set's method and in a manager, nested prefetches",
        ),
        Case(
            {
                "views.py": """\
from models import Customer, Order


def of(customer: Customer):
    return [order.customer.name for order in customer.orders.filter(pk__gt=1)]


def related(customer: Customer):
    return [order.customer.name for order in customer.orders.with_customer()]
""",
                "models.py": _DJANGO,
            },
            title="the way back",
        ),
        Case(
            {
                "views.py": """\
from models import Customer, Order


def rows():
    return [row["customer__name"] for row in Order.objects.values("customer__name")]


def made(customers):
    orders = Order.objects.bulk_create([Order(customer=customer) for customer in customers])
    return [order.customer.name for order in orders]


def one(pk, words):
    order = Order.objects.get(pk=pk)
    return [word for word in words if word in order.customer.name]
""",
                "models.py": _DJANGO,
            },
            title="values, rows made here, the same row in each pass",
        ),
        Case(
            {
                "views.py": """\
from models import Customer, Order


def owner(thing):
    if isinstance(thing, Order):
        return thing.customer
    return thing


def customers():
    return [owner(customer) for customer in Customer.objects.all()]


def orders():
    return [owner(order) for order in Order.objects.select_related("customer")]
""",
                "models.py": _DJANGO,
            },
            title="a branch for another class",
        ),
        Case(
            {
                "views.py": """\
from models import Order


def describe(order, details=False, owner=None):
    if owner is None:
        owner = order.customer
    if details:
        return f"{order.customer.name} {owner}"
    return f"{order.pk} {owner}"


def all():
    return [describe(order, owner="shop") for order in Order.objects.all()]
""",
                "models.py": _DJANGO,
            },
            title="paths that the call leaves out",
        ),
        Case(
            {
                "views.py": """\
from django.db.models import QuerySet

from models import Invoice, Order


def names(orders: QuerySet[Order]):
    return [order.customer.name for order in orders]


def assigned(customer):
    for order in Order.objects.all():
        order.customer = customer
        print(order.customer.name)
    for invoice in Invoice.objects.all():
        invoice.order.customer = customer
        print(invoice.order.title)


def copy(names):
    for order in Order.objects.all():
        order.customer = names[order.customer.name]
        order.pk = None
        order.save()
""",
                "models.py": _DJANGO,
            },
            title="a query set that a caller made, relations given in the pass, copies",
        ),
        Case(
            {
                "service.py": """\
from models import Order
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def names(session: AsyncSession):
    return [order.customer.name for order in (await session.scalars(select(Order))).all()]
""",
                "models.py": _SQLALCHEMY,
            },
            title="an AsyncSession: it fails instead, ARC223",
        ),
        Case(
            """\
from django.db import models


class StopQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(recent=True)


class StopManager(models.Manager):
    def get_queryset(self):
        return StopQuerySet(self.model, using=self._db)

    def recent(self):
        return self.get_queryset().recent()


class Tour(models.Model):
    name = models.TextField()


class Stop(models.Model):
    tour = models.ForeignKey(Tour, related_name="stops", on_delete=models.CASCADE)
    objects = StopManager()


def names(pk):
    tour = Tour.objects.get(pk=pk)
    return [stop.tour.name for stop in tour.stops.recent()]
""",
            title="rows of a related manager know what they belong to, also below a manager's own query set",
        ),
        Case(
            """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Company(models.Model):
    name = models.TextField()


class User(AbstractUser):
    company = models.ForeignKey(Company, on_delete=models.CASCADE)


def companies():
    return [user.company.name for user in User.objects.select_related("company")]
""",
            title="the manager of Django's users loads like any other",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report lazy relations read inside loops, direct or below project functions."""
        if file.role:
            return
        for found in _first_reads(function):
            scope = function.scope
            iterable = describe(unwrapped(found.iterable, scope), scope)
            loop = file.line_location(scope.blocks[found.loop][Block.LINE])
            yield self._finding(found.site, file, iterable, Related(loop, f"the loop over `{iterable}`"))
        repeated = {found.site[:4] for found in function.per_item}
        for site in hidden(function):
            letters = site.effect.letters
            if "L" in letters and "Q" not in letters and site[:4] not in repeated:
                yield self._finding(site, file, f"the loop in {site.label}()")

    @on(ClassEvent)
    def listed(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report what the list of an admin reads of its rows by name."""
        for found in () if file.role else columns(cls):
            if "L" in found.site.effect.letters:
                yield self._finding(found.site, file, LIST_DISPLAY)

    def _finding(self, site: Site, file: File, iterable: str, *loop: Related) -> Diagnostic:
        effect = site.effect
        chain = " -> ".join([site.label, *(hop.label for hop in effect.hops)])
        return file.diagnostic(
            self,
            site,
            related=(*loop, *file.chain(effect.hops)),
            fix=eager(file, site, effect.leaf),
            relation=effect.leaf,
            iterable=iterable,
            chain=f" via {chain}" if effect.hops else "",
            advice=loaders(file.world, effect.leaf),
        )


def _first_reads(function: Function) -> Iterator[PerItem]:
    """The places where a relation of each item is read for the first time.

    Once read, it is loaded: later reads, and those in a second loop over the same rows, are the same finding; so are
    the alternatives of one condition (`a.x or a.y`).
    """
    queried = {found.site[:4] for found in function.per_item if "Q" in found.site.effect.letters}
    seen: set[tuple[object, str]] = set()
    lines: set[tuple[int, int]] = set()
    for found in function.per_item:
        site, effect = found.site, found.site.effect
        if (
            "L" not in effect.letters
            or "S" in effect.letters
            or not found.dependent
            or site[:4] in queried
            or copies_rows(function.scope, found.loop)
            or is_seldom_reached(function, site)
            or _is_at_hand(function, found)
        ):
            continue
        if _is_gathered(function, found) and effect.leaf in {leaf for _, leaf in seen}:
            continue
        rows = repr(found.iterable) if found.iterable and found.iterable[0] == "n" else found.loop
        if (rows, effect.leaf) not in seen and (found.loop, site.line) not in lines:
            seen.add((rows, effect.leaf))
            lines.add((found.loop, site.line))
            yield found


def _is_gathered(function: Function, found: PerItem) -> bool:
    """Whether a loop walks what the function has collected: rows that an earlier loop has met."""
    names = {str(part[1]) for part in parts(found.iterable, function.scope) if part[0] == "n"}
    given = [row[Bind.EXPR] for name in names for row in function.scope.binds.get(name, ())]
    return any(expr in (["l", []], ["d", []]) for expr in given)


def _is_at_hand(function: Function, found: PerItem) -> bool:
    """Whether the pass has asked for the related row by a query of its own: its session knows it then."""
    world = function.file.world
    relation = world.relations.called(found.site.effect.leaf)
    return relation is not None and is_asked_for(
        world, function.frame, found.loop, found.site.order, relation
    )

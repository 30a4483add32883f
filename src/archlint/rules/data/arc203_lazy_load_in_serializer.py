"""A serializer that loads a relation of every row by a query of its own.

## What it does

Finds lists of rows that are given to a serializer whose fields read relations the query has not loaded:

* FastAPI and Django Ninja handlers whose response model (`response_model=list[OrderRead]`, a return
  annotation, a page of such) has a field named like a lazy relation of the model, in nested schemas too;
* pydantic schemas that are filled from rows: `OrderRead.model_validate(row)` or `from_orm` per row of a
  loop, `TypeAdapter(list[OrderRead]).validate_python(rows)`, `Page(items=rows)`, also in project functions
  and in generic repositories whose schema is a type argument;
* list views and view sets of Django REST framework, and `OrderSerializer(rows, many=True)`: nested
  serializers, `source="customer.name"`, related fields and their texts (`StringRelatedField`), `SerializerMethodField`
  methods and model properties that load a relation or query. Where `get_queryset` answers in several ways, one that does
  not load what the others do is enough.

* schemas of marshmallow (flask-marshmallow, marshmallow-sqlalchemy): `OrderSchema(many=True).dump(rows)`, `jsonify`,
  and what a handler returns below `@blp.response(200, OrderSchema(many=True))`: nested and related fields,
  `attribute="customer.name"`, methods;
* fields of flask-restful and flask-restx, below `@marshal_with` and in `marshal(rows, fields)`, in displays and in
  `api.model`, with pages and `{"data": rows}` around the rows;
* templates of Django and Jinja: loops over rows in what `render`, `render_template`, `TemplateResponse` or a generic view
  gives them, with the templates that they include, for templates that lie in `templates` or `jinja2` beside the module or
  in a directory above it.

## Why is this bad?

The serializer reads one attribute after the other, and each unloaded relation of each row is a query of
its own: a page of 100 orders with a customer and items costs 201 queries. None of them stands in the code
of the handler, and in development, with three rows, nobody notices.

## How to fix

Load what the serializer reads together with the rows. SQLAlchemy:

```python
rows = session.scalars(select(Order).options(joinedload(Order.customer), selectinload(Order.items))).all()
```

Django:

```python
class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.select_related("customer").prefetch_related("items")
```

A method field that counts or sums is computed for all rows at once with `annotate`. A field that a list
does not need is left out of its schema.

The finding stands where the rows meet the serializer, because the query to be changed is there: on the
call that validates or serialises; for a response model, on the `def` of the handler; for a list view, on
its `queryset` or its `get_queryset`, or on the class when it inherits them. One finding names all fields
that cost a query; the fields themselves are given as related places.

## Not reported

* Single objects: one more query for one row is no list (under an `AsyncSession`, ARC223 reports them). With serializers of
  REST framework, what each row of a list inside the object loads is reported.
* Primary keys and hyperlinks of relations to one row: the key stands in the row itself. Keys of many
  related rows do cost a query per row.
* Fields of serializers that decide about them when they are used: `get_fields`, a `to_representation` that
  does not call `super()` (what it reads itself is reported), an `__init__` that removes fields by names that are computed. Schemas with a
  validator that replaces the whole object first.
* Query sets with options that cannot be read (`select_related(*fields)`), and views whose query set
  depends on more than a chain of query set methods.
* Method fields that look first whether somebody has loaded the value (`hasattr(obj, "order_count")`).
* In templates: what stands under a condition on the row, in cached fragments, macros and loops that a filter cuts; blocks
  of the template that is extended; rows that a function or a tag of the template fetches.
* Tests, scripts and migrations.
* Rows that each pass of a loop fetches by itself: that query is the finding (ARC201).
* What four backends showed: all 28 findings that were read are real; the cheapest are relations whose
  key is rarely set, or whose few targets the session has loaded after the first rows.
* Known misses: what `to_representation` methods read under conditions, fields of serializer classes that
  are made at run time; schemas of marshmallow that are made with `only` or `exclude`;
  fields of flask-restx that a function computes.

## References

* [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
* [Django REST framework: performance of generic views](https://www.django-rest-framework.org/api-guide/generic-views/#avoiding-n1-queries)
* [Pydantic: arbitrary class instances](https://docs.pydantic.dev/latest/concepts/models/#arbitrary-class-instances)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.project.chains import contexts, shown_below
from archlint.project.remedies.eager import eager_walks
from archlint.project.repetition.iteration import repeated_in

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import Anchor, File
    from archlint.project.function import Class, Function
    from archlint.project.serialization.rest.walks import Walk
    from archlint.project.world import World

#: Fields and relations that a message spells out.
_NAMED = 3
_ADDS_CONTEXT = "get_context_data"

_MODELS = """\
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
    items: Mapped[list["Item"]] = relationship(back_populates="order")

    @property
    def customer_name(self) -> str:
        return self.customer.name


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(back_populates="items")
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    product: Mapped["Product"] = relationship()


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
_SCHEMAS = """\
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int


class ProductRead(Read):
    pass


class ItemRead(Read):
    product: ProductRead | None = None


class CustomerRead(Read):
    name: str


class OrderRead(Read):
    customer: CustomerRead
    items: list[ItemRead] = []


class OrderLine(Read):
    customer_name: str


class OrderKey(Read):
    customer_id: int


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class OrderCollection(BaseModel):
    orders: list[OrderRead]
"""
_HEAD = """\
from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Item, Order
from schemas import OrderCollection, OrderKey, OrderLine, OrderRead, Page

router = APIRouter()


def get_db():
    with Session() as session:
        yield session


"""
_DJANGO = """\
from django.db import models


class Team(models.Model):
    name = models.CharField(max_length=20)


class Author(models.Model):
    name = models.CharField(max_length=20)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)


class Tag(models.Model):
    name = models.CharField(max_length=20)


class Book(models.Model):
    title = models.CharField(max_length=20)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    tags = models.ManyToManyField(Tag)

    @property
    def team_name(self):
        return self.author.team.name
"""
_SERIALIZERS = """\
from rest_framework import serializers

from shop.models import Author, Book, Tag


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name"]


class AuthorSerializer(serializers.ModelSerializer):
    team_name = serializers.CharField(source="team.name", read_only=True)

    class Meta:
        model = Author
        fields = ["id", "team_name"]


class BookSerializer(serializers.ModelSerializer):
    author = AuthorSerializer()
    tags = TagSerializer(many=True)

    class Meta:
        model = Book
        fields = ["id", "author", "tags"]


class KeySerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["id", "title", "author"]


class AllSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = "__all__"


class SiblingSerializer(serializers.ModelSerializer):
    siblings = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["id", "siblings"]

    def get_siblings(self, book):
        return Book.objects.filter(author_id=book.author_id).count()


class CountedSerializer(serializers.ModelSerializer):
    siblings = serializers.SerializerMethodField()

    class Meta:
        model = Book
        fields = ["id", "siblings"]

    def get_siblings(self, book):
        if hasattr(book, "siblings"):
            return book.siblings
        return Book.objects.filter(author_id=book.author_id).count()


class TeamNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["id", "team_name"]


class SlimSerializer(BookSerializer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("author")
        self.fields.pop("tags")
"""
_FLASK = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
    "class Team(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
    "class Author(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    '    name = db.Column(db.String)\n    team_id = db.Column(db.ForeignKey("team.id"))\n'
    '    team = db.relationship("Team")\n\n\n'
    "class Tag(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    '    book_id = db.Column(db.ForeignKey("book.id"))\n\n\n'
    "class Book(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    '    author_id = db.Column(db.ForeignKey("author.id"))\n'
    '    author = db.relationship("Author")\n    tags = db.relationship("Tag")\n'
)
_VIEWS = """\
from rest_framework import generics, viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from shop import serializers
from shop.models import Book


"""


def _api(body: str) -> dict[str, str]:
    return {"models.py": _MODELS, "schemas.py": _SCHEMAS, "api.py": _HEAD + body}


def _shop(body: str) -> dict[str, str]:
    return {"shop/models.py": _DJANGO, "shop/serializers.py": _SERIALIZERS, "shop/views.py": _VIEWS + body}


_MEMBERS = """\
from django.db import models
from ninja import NinjaAPI, Schema

api = NinjaAPI()


class Account(models.Model):
    name = models.TextField()


class Member(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE)


"""

_SHOP = """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, related_name="orders", on_delete=models.CASCADE)
    number = models.TextField()

    def open_lines(self):
        return self.lines.filter(open=True).count()

    def __str__(self):
        return f"{self.number}, {self.customer.name}"


class Line(models.Model):
    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)
    product = models.ForeignKey("Product", on_delete=models.CASCADE)
    open = models.BooleanField()


class Product(models.Model):
    name = models.TextField()
"""
_ORDERS_PAGE = """\
{% extends "base.html" %}
{% block content %}
{% for order in orders %}
  <td>{{ order.number|upper }} {{ order.customer.name }}</td>
  {% include "shop/_lines.html" with current=order %}
{% endfor %}
{% endblock %}
"""
_LINES_PAGE = """\
{% for line in current.lines.all %}
  {% if line.product.name %}{{ line.product.name }}{% endif %} {{ line.order.number }}
{% endfor %}
"""


class LazyLoadInSerializer(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("anti-pattern 5", "area B", "area E", "checklist 16")
    message = "{does} {fields} runs {queries} once per row{chain}; {advice}"

    invalid = (
        Case(
            _api(
                '@router.get("/orders", response_model=list[OrderRead])\n'
                "def orders(db: Session = Depends(get_db)):  # ARC203\n"
                "    return db.scalars(select(Order)).all()\n"
            ),
            title="response model over rows without loader options",
        ),
        Case(
            _api(
                '@router.get("/orders")\n'
                "def orders(db: Session = Depends(get_db)) -> list[OrderRead]:  # ARC203\n"
                "    options = joinedload(Order.customer), selectinload(Order.items)\n"
                "    return db.query(Order).options(*options).all()\n\n\n"
                '@router.get("/page")\n'
                "def page(db: Session = Depends(get_db)) -> Page[OrderRead]:  # ARC203\n"
                "    rows = db.scalars(select(Order).options(joinedload(Order.customer))).all()\n"
                '    return {"items": rows, "total": len(rows)}\n'
            ),
            title="nested schema and page: some relations loaded, others not",
        ),
        Case(
            _api(
                "def one_by_one(db: Session):\n"
                "    rows = db.scalars(select(Order)).all()\n"
                "    return [OrderRead.model_validate(row) for row in rows]  # ARC203\n\n\n"
                "def at_once(db: Session):\n"
                "    rows = db.scalars(select(Order)).all()\n"
                "    return TypeAdapter(list[OrderRead]).validate_python(rows)  # ARC203\n\n\n"
                "def constructed(db: Session):\n"
                "    rows = db.scalars(select(Order)).all()\n"
                "    return Page[OrderRead](items=rows, total=len(rows))  # ARC203\n\n\n"
                "def collected(db: Session):\n"
                "    return OrderCollection(orders=db.scalars(select(Order)).all())  # ARC203\n\n\n"
                "def to_schema(row: Order) -> OrderRead:\n"
                "    return OrderRead.from_orm(row)\n\n\n"
                "def below(db: Session):\n"
                "    return [to_schema(row) for row in db.scalars(select(Order))]  # ARC203\n"
            ),
            title="schemas filled from rows",
        ),
        Case(
            _api(
                '@router.get("/lines")\n'
                "def lines(db: Session = Depends(get_db)) -> list[OrderLine]:  # ARC203\n"
                "    return db.scalars(select(Order)).all()\n"
            ),
            title="field that is a property of the model",
        ),
        Case(
            {
                "models.py": _MODELS,
                "schemas.py": _SCHEMAS,
                "base.py": "from typing import Generic, TypeVar\n\n"
                "from pydantic import BaseModel\nfrom sqlalchemy import select\n"
                "from sqlalchemy.orm import Session\n\n"
                'S = TypeVar("S", bound=BaseModel)\nM = TypeVar("M")\n\n\n'
                "class Repository(Generic[S, M]):\n"
                "    def __init__(self, session: Session, model: type[M], schema: type[S]) -> None:\n"
                "        self.session = session\n        self.model = model\n        self.schema = schema\n\n"
                "    def all(self) -> list[S]:\n"
                "        rows = self.session.execute(select(self.model)).scalars().all()\n"
                "        return [self.schema.model_validate(row) for row in rows]  # ARC203\n",
                "orders.py": "from base import Repository\nfrom models import Order\n"
                "from schemas import OrderRead\n\n\n"
                "class Orders(Repository[OrderRead, Order]):\n    pass\n",
            },
            title="generic repository whose subclass names the schema",
        ),
        Case(
            {
                "models.py": "from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy\n"
                + _MODELS.replace(
                    "    items: Mapped",
                    '    buyer: AssociationProxy[str] = association_proxy("customer", "name")\n    items: Mapped',
                    1,
                ),
                "schemas.py": """\
from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from models import Item, Order


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int

    @model_validator(mode="before")
    @classmethod
    def strip(cls, data):
        if isinstance(data, dict):
            data.pop("token", None)
        return data

    @classmethod
    def loads(cls) -> list[LoaderOption]:
        return []


class ItemRead(Read):
    pass


class OrderRead(Read):
    items: list[ItemRead]

    @classmethod
    def loads(cls) -> list[LoaderOption]:
        return [selectinload(Order.items)]


class OrderLine(OrderRead):
    buyer: str


class OrderSummary(Read):
    items: list[ItemRead]
""",
                "repository.py": """\
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base
from schemas import Read

M = TypeVar("M", bound=Base)
S = TypeVar("S", bound=Read)


class Repository(Generic[S, M]):
    def __init__(self, session: Session, model: type[M], schema: type[S]) -> None:
        self.session = session
        self.model = model
        self.schema = schema

    def listed(self, override=None) -> list[S]:
        schema = override or self.schema
        rows = self.session.execute(select(self.model).options(*schema.loads())).unique().scalars().all()
        return [schema.model_validate(row) for row in rows]
""",
                "service.py": """\
from sqlalchemy.orm import Session

from models import Item, Order
from repository import Repository
from schemas import ItemRead, OrderLine, OrderRead, OrderSummary


class Repositories:
    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def orders(self) -> Repository[OrderRead, Order]:
        return Repository(self.session, Order, OrderRead)

    @property
    def summaries(self) -> Repository[OrderSummary, Order]:
        return Repository(self.session, Order, OrderSummary)

    @property
    def items(self) -> Repository[ItemRead, Item]:
        return Repository(self.session, Item, ItemRead)


def orders(found: Repositories):
    return found.orders.listed(), found.items.listed(), found.summaries.listed(OrderRead)


def summaries(found: Repositories):
    return found.summaries.listed()  # ARC203


def lines(found: Repositories):
    return found.orders.listed(OrderLine)  # ARC203
""",
            },
            title="schemas that say what is to be loaded, an association proxy, a validator that hands its object on",
        ),
        Case(
            "from fastapi import Depends, FastAPI\n"
            "from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select\n\n\n"
            "class Team(SQLModel, table=True):\n"
            "    id: int | None = Field(default=None, primary_key=True)\n"
            '    heroes: list["Hero"] = Relationship(back_populates="team")\n\n\n'
            "class HeroBase(SQLModel):\n"
            '    team_id: int | None = Field(default=None, foreign_key="team.id")\n\n\n'
            "class Hero(HeroBase, table=True):\n"
            "    id: int | None = Field(default=None, primary_key=True)\n"
            '    team: Team | None = Relationship(back_populates="heroes")\n\n\n'
            "class TeamPublic(SQLModel):\n"
            "    id: int\n\n\n"
            "class HeroPublic(HeroBase):\n"
            "    team: TeamPublic | None = None\n\n\n"
            'engine = create_engine("sqlite://")\n'
            "app = FastAPI()\n\n\n"
            "def get_session():\n"
            "    with Session(engine) as session:\n"
            "        yield session\n\n\n"
            '@app.get("/heroes", response_model=list[HeroPublic])\n'
            "def heroes(*, session: Session = Depends(get_session)):  # ARC203\n"
            "    return session.exec(select(Hero)).all()\n\n\n"
            '@app.get("/bare", response_model=list[HeroBase])\n'
            "def bare(*, session: Session = Depends(get_session)):\n"
            "    return session.exec(select(Hero)).all()\n",
            title="SQLModel",
            fixed="""\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import selectinload
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team")


class HeroBase(SQLModel):
    team_id: int | None = Field(default=None, foreign_key="team.id")


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team: Team | None = Relationship(back_populates="heroes")


class TeamPublic(SQLModel):
    id: int


class HeroPublic(HeroBase):
    team: TeamPublic | None = None


engine = create_engine("sqlite://")
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/heroes", response_model=list[HeroPublic])
def heroes(*, session: Session = Depends(get_session)):  # ARC203
    return session.exec(select(Hero).options(selectinload(Hero.team))).all()


@app.get("/bare", response_model=list[HeroBase])
def bare(*, session: Session = Depends(get_session)):
    return session.exec(select(Hero)).all()
""",
        ),
        Case(
            {
                "models.py": _MODELS,
                "schemas.py": _SCHEMAS,
                "crud.py": "from typing import Generic, Type, TypeVar\n\n"
                "from sqlalchemy.orm import Session\n\n"
                "from models import Base, Order, Product\n\n"
                'RowT = TypeVar("RowT", bound=Base)\n\n\n'
                "class Crud(Generic[RowT]):\n"
                "    def __init__(self, model: Type[RowT]) -> None:\n        self.model = model\n\n"
                "    def page(self, db: Session, *, limit: int = 100) -> list[RowT]:\n"
                "        return db.query(self.model).limit(limit).all()\n\n\n"
                "orders = Crud(Order)\nproducts = Crud(Product)\n",
                "api.py": _HEAD + "import crud\n\n\n"
                '@router.get("/orders", response_model=list[OrderRead])\n'
                "def orders(db: Session = Depends(get_db)):  # ARC203\n"
                "    return crud.orders.page(db, limit=20)\n\n\n"
                '@router.get("/keys", response_model=list[OrderKey])\n'
                "def keys(db: Session = Depends(get_db)):\n"
                "    return crud.orders.page(db)\n",
            },
            title="rows of a generic class, by what its constructor was given",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/api.py": "from ninja import ModelSchema, NinjaAPI, Schema\n\n"
                "from shop.models import Author, Book\n\n"
                "api = NinjaAPI()\n\n\n"
                "class AuthorOut(ModelSchema):\n"
                "    class Meta:\n"
                "        model = Author\n"
                '        fields = ["id"]\n\n\n'
                "class BookOut(Schema):\n"
                "    id: int\n"
                "    author: AuthorOut\n\n\n"
                '@api.get("/books", response=list[BookOut])\n'
                "def books(request):  # ARC203\n"
                "    return Book.objects.all()\n\n\n"
                '@api.get("/coded", response={200: list[BookOut], 404: AuthorOut})\n'
                "def coded(request):  # ARC203\n"
                "    return 200, Book.objects.all()\n\n\n"
                '@api.get("/loaded", response=list[BookOut])\n'
                "def loaded(request):\n"
                '    return Book.objects.select_related("author")\n',
            },
            title="Django Ninja",
        ),
        Case(
            _shop(
                "class Books(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()  # ARC203\n"
                "    serializer_class = serializers.BookSerializer\n\n\n"
                "class Partly(generics.ListAPIView):\n"
                "    serializer_class = serializers.BookSerializer\n\n"
                "    def get_queryset(self):  # ARC203\n"
                '        return Book.objects.select_related("author").prefetch_related("tags")\n\n\n'
                "class Plain(APIView):\n"
                "    def get(self, request):\n"
                "        books = Book.objects.filter(author_id=1)\n"
                "        return Response(serializers.BookSerializer(books, many=True).data)  # ARC203\n"
            ),
            title="REST views: nested serializers and sources along relations",
            fixed="""\
from rest_framework import generics, viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from shop import serializers
from shop.models import Book


class Books(viewsets.ModelViewSet):
    queryset = Book.objects.all().select_related("author", "author__team").prefetch_related("tags")  # ARC203
    serializer_class = serializers.BookSerializer


class Partly(generics.ListAPIView):
    serializer_class = serializers.BookSerializer

    def get_queryset(self):  # ARC203
        return Book.objects.select_related("author").prefetch_related("tags").select_related("author__team")


class Plain(APIView):
    def get(self, request):
        books = Book.objects.filter(author_id=1).select_related("author", "author__team").prefetch_related("tags")
        return Response(serializers.BookSerializer(books, many=True).data)  # ARC203
""",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/api.py": "from rest_framework import serializers, viewsets\n\n"
                "from shop.models import Author, Book\n\n\n"
                "class BookSerializer(serializers.ModelSerializer):\n"
                "    class Meta:\n        model = Book\n"
                '        fields = ["id", "tags"]\n\n\n'
                "class AuthorSerializer(serializers.ModelSerializer):\n"
                "    books = BookSerializer(many=True)\n\n"
                "    class Meta:\n        model = Author\n"
                '        fields = ["id", "books"]\n\n\n'
                "class Authors(viewsets.ReadOnlyModelViewSet):\n"
                '    queryset = Author.objects.prefetch_related("books")  # ARC203\n'
                "    serializer_class = AuthorSerializer\n\n\n"
                "class Loaded(viewsets.ReadOnlyModelViewSet):\n"
                '    queryset = Author.objects.prefetch_related("books__tags")\n'
                "    serializer_class = AuthorSerializer\n",
            },
            title="REST views: below a collection that is loaded",
        ),
        Case(
            _shop(
                "class All(viewsets.ReadOnlyModelViewSet):\n"
                '    queryset = Book.objects.select_related("author")  # ARC203\n'
                "    serializer_class = serializers.AllSerializer\n\n\n"
                "class Siblings(viewsets.ReadOnlyModelViewSet):\n"
                "    queryset = Book.objects.all()  # ARC203\n"
                "    serializer_class = serializers.SiblingSerializer\n\n\n"
                "class TeamNames(viewsets.ReadOnlyModelViewSet):\n"
                '    queryset = Book.objects.select_related("author")  # ARC203\n'
                "    serializer_class = serializers.TeamNameSerializer\n"
            ),
            title="REST views: keys of many rows, method fields, properties",
        ),
        Case(
            _shop(
                "class Mine(viewsets.ModelViewSet):\n"
                "    serializer_class = serializers.BookSerializer\n\n"
                "    def get_queryset(self):  # ARC203\n"
                '        books = self.request.user.books.select_related("author__team")\n'
                '        return books.order_by("title")\n\n\n'
                "class ByAction(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()\n\n"
                "    def get_serializer_class(self):\n"
                '        if self.action == "list":\n'
                "            return serializers.KeySerializer\n"
                "        return serializers.BookSerializer\n\n"
                "    def latest(self, request):\n"
                "        page = self.paginate_queryset(self.get_queryset())\n"
                "        return Response(self.get_serializer(page, many=True).data)  # ARC203\n"
            ),
            title="REST views: rows of an unknown owner, serializers by action",
        ),
        Case(
            _shop(
                "class Feed(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()  # ARC203\n"
                '    serializer_class = type("Made", (serializers.BookSerializer,), {})\n'
            ),
            title="serializer class made at run time",
            missed=True,
            why="classes that are built by a call have no body to read",
        ),
        Case(
            {
                "shop.py": """\
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    note = models.TextField()
""",
                "views.py": """\
from rest_framework import serializers, viewsets

from shop import Order


class OrderSerializer(serializers.ModelSerializer):
    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Order
        fields = ["id", "customer_name"]


class OrderDetailSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "note"]


class OrderViewSet(viewsets.ModelViewSet):
    serializer_class = OrderSerializer
    queryset = Order.objects.all()  # ARC203

    def get_serializer_class(self):
        if self.action == "retrieve":
            return OrderDetailSerializer
        return super().get_serializer_class()
""",
            },
            title="DRF: another serializer for one action, the declared one for the list",
        ),
        Case(
            _MEMBERS
            + """\
class MemberOut(Schema):
    id: int
    login: str

    @staticmethod
    def resolve_login(obj):
        return obj.account.name


@api.get("/members", response=list[MemberOut])
def members(request):  # ARC203
    return Member.objects.filter(pk__gt=1)


@api.get("/loaded", response=list[MemberOut])
def loaded(request):
    return Member.objects.filter(pk__gt=1).select_related("account")
""",
            title="django-ninja: a resolver of a field",
        ),
        Case(
            {
                "models.py": _FLASK,
                "schemas.py": "from flask_marshmallow import Marshmallow\n"
                "from marshmallow import Schema, fields, pre_dump\n\nfrom models import Book\n\nma = Marshmallow()\n\n\n"
                'class AuthorSchema(Schema):\n    name = fields.Str()\n    team = fields.Nested("TeamSchema")\n\n\n'
                "class TeamSchema(Schema):\n    id = fields.Int()\n\n\n"
                "class BookSchema(ma.SQLAlchemyAutoSchema):\n"
                "    class Meta:\n        model = Book\n\n    author = ma.Nested(AuthorSchema)\n\n\n"
                "class NameSchema(Schema):\n"
                '    author_name = fields.Str(attribute="author.name")\n\n\n'
                "class TagsSchema(Schema):\n    tags = fields.List(fields.Nested(TeamSchema))\n\n\n"
                "class CountSchema(Schema):\n"
                '    tag_count = fields.Method("count")\n\n'
                "    def count(self, book):\n        return len(book.tags)\n\n\n"
                "class KeysSchema(ma.SQLAlchemyAutoSchema):\n"
                "    class Meta:\n        model = Book\n        include_relationships = True\n\n\n"
                "class FlatSchema(ma.SQLAlchemyAutoSchema):\n"
                "    class Meta:\n        model = Book\n\n"
                "    author = fields.Nested(AuthorSchema, load_only=True)\n\n\n"
                "class PreparedSchema(NameSchema):\n"
                "    @pre_dump\n    def prepare(self, book, **options):\n        return {}\n\n\n"
                "books_schema = BookSchema(many=True)\n",
                "app.py": "from flask import Flask, jsonify\nfrom flask_smorest import Blueprint\n"
                "from sqlalchemy.orm import joinedload, selectinload\n\nimport schemas\n"
                "from models import Author, Book, db\nfrom schemas import books_schema\n\n"
                'app = Flask(__name__)\nblp = Blueprint("books", "books")\n\n\n'
                '@app.get("/a")\ndef a():\n'
                "    return jsonify(schemas.BookSchema(many=True).dump(Book.query.all()))  # ARC203\n\n\n"
                '@app.get("/b")\ndef b():\n'
                "    books = Book.query.all()\n    return books_schema.jsonify(books)  # ARC203\n\n\n"
                '@app.get("/c")\ndef c():\n'
                "    schema = schemas.NameSchema()\n"
                "    return schema.dumps(db.session.query(Book).limit(10), many=True)  # ARC203\n\n\n"
                '@app.get("/d")\ndef d():\n'
                '    return {"books": [schemas.TagsSchema().dump(b) for b in Book.query.limit(3)]}  # ARC203\n\n\n'
                '@app.get("/e")\ndef e():\n'
                "    return jsonify(schemas.CountSchema(many=True).dump(Book.query.all()))  # ARC203\n\n\n"
                '@app.get("/f")\ndef f():\n'
                "    return jsonify(schemas.KeysSchema(many=True).dump(Book.query.all()))  # ARC203\n\n\n"
                '@blp.route("/g")\n@blp.response(200, schemas.BookSchema(many=True))\n'
                "def g():  # ARC203\n    return Book.query.all()\n\n\n"
                '@app.get("/h")\ndef h():\n'
                '    return jsonify(schemas.BookSchema(many=True, exclude=["author"]).dump(Book.query.all()))\n\n\n'
                '@app.get("/i")\ndef i():\n'
                "    books = Book.query.options(joinedload(Book.author).joinedload(Author.team))\n"
                "    return jsonify(schemas.BookSchema(many=True).dump(books))\n\n\n"
                '@app.get("/j")\ndef j():\n'
                "    return jsonify(schemas.FlatSchema(many=True).dump(Book.query.all()))\n\n\n"
                '@app.get("/k")\ndef k():\n'
                "    return jsonify(schemas.PreparedSchema(many=True).dump(Book.query.all()))\n\n\n"
                '@app.get("/l")\ndef l():\n'
                "    return schemas.BookSchema().dump(Book.query.first())\n",
            },
            title="marshmallow",
        ),
        Case(
            {
                "models.py": _FLASK,
                "shown.py": """\
from flask_restful import fields as plain
from flask_restx import Namespace, fields

ns = Namespace("books")


class Shout(fields.Raw):
    def format(self, value):
        return str(value).upper()


class Quiet(fields.Raw):
    def output(self, key, book):
        return ""


team = {"id": plain.Integer}
author = {"name": plain.String, "team": plain.Nested(team)}
named = {"title": plain.String, "author": Shout(attribute="author.name")}
page = {"total": plain.Integer, "found": plain.List(plain.Nested(author), attribute="items")}
shelf = {"books": plain.List(plain.Nested(named))}
tagged = ns.model("Tagged", {"tags": fields.List(fields.Nested(ns.model("Tag", {"id": fields.Integer})))})
full = ns.inherit("Full", tagged, {**named, "quiet": Quiet})
free = {"title": plain.String, "quiet": Quiet, "computed": plain.String(attribute=lambda book: book.title)}
""",
                "api.py": """\
from flask_restful import Resource, marshal, marshal_with
from sqlalchemy.orm import joinedload

import shown
from models import Author, Book, db
from shown import ns


class Books(Resource):
    @marshal_with(shown.named)
    def get(self):  # ARC203
        return Book.query.all(), 200

    @ns.marshal_list_with(shown.tagged)
    def post(self):  # ARC203
        return db.session.query(Book).limit(3).all()

    @ns.marshal_with(shown.full, as_list=True)
    def put(self):  # ARC203
        return Book.query.options(joinedload(Book.author)).all()

    @marshal_with(shown.page)
    def patch(self):  # ARC203
        return Author.query.paginate(page=1)

    @marshal_with(shown.named)
    def delete(self):
        return Book.query.first()


class Shelves(Resource):
    def get(self):
        return marshal({"books": Book.query.all()}, shown.shelf)  # ARC203

    def post(self):
        return [marshal(book, shown.named) for book in Book.query.limit(3)]  # ARC203

    def put(self):
        return marshal(Book.query.all(), shown.free)

    @marshal_with(shown.named)
    def patch(self):
        return Book.query.options(joinedload(Book.author)).all()
""",
            },
            title="flask-restful and flask-restx",
        ),
        Case(
            {
                "shop/models.py": """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Courier(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, related_name="orders", on_delete=models.CASCADE)
    courier = models.ForeignKey(Courier, on_delete=models.CASCADE)
    sent = models.BooleanField()
""",
                "shop/serializers.py": """\
from rest_framework import serializers

from shop.models import Customer, Order


class OrderSerializer(serializers.ModelSerializer):
    courier_name = serializers.CharField(source="courier.name")

    class Meta:
        model = Order
        fields = ["id", "courier_name"]


class CustomerSerializer(serializers.ModelSerializer):
    sent_orders = serializers.SerializerMethodField("get_sent")
    open_orders = serializers.SerializerMethodField(method_name="get_open")

    class Meta:
        model = Customer
        fields = ["id", "sent_orders", "open_orders"]

    def get_sent(self, customer):
        return OrderSerializer(customer.orders.filter(sent=True), many=True).data  # ARC203

    def get_open(self, customer):
        orders = customer.orders.filter(sent=False).select_related("courier")
        return OrderSerializer(orders, many=True).data
""",
            },
            title="Django REST framework: lists in method fields that name their method",
        ),
        Case(
            {
                "views.py": """\
from rest_framework import serializers, viewsets

from shop import Customer, Order


class NameField(serializers.Field):
    def to_representation(self, order):
        return order.customer.name


class CustomerField(serializers.RelatedField):
    def to_representation(self, customer):
        return customer.name


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id"]

    def to_representation(self, order):
        return {**super().to_representation(order), "customer": order.customer.name}


class PlainSerializer(serializers.Serializer):
    def to_representation(self, order):
        return {"customer": order.customer.name}


class AskedSerializer(serializers.Serializer):
    def to_representation(self, order):
        if self.context["names"]:
            return {"customer": order.customer.name}
        return {"customer": order.customer_id}


class FieldsSerializer(serializers.ModelSerializer):
    name = NameField(source="*", read_only=True)
    customer = CustomerField(read_only=True)

    class Meta:
        model = Order
        fields = ["id", "name", "customer"]


class Orders(viewsets.ModelViewSet):
    queryset = Order.objects.all()  # ARC203
    serializer_class = OrderSerializer


class PlainOrders(viewsets.ModelViewSet):
    serializer_class = PlainSerializer

    def get_queryset(self):  # ARC203
        if self.request.user.is_staff:
            return Order.objects.all()
        return Order.objects.filter(pk__gt=1)


class LoadedOrders(viewsets.ModelViewSet):
    serializer_class = PlainSerializer

    def get_queryset(self):
        if self.action == "list":
            return Order.objects.select_related("customer")
        return Order.objects.all()


class AskedOrders(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = AskedSerializer


class FieldOrders(viewsets.ModelViewSet):
    queryset = Order.objects.all()  # ARC203
    serializer_class = FieldsSerializer
""",
                "shop.py": """\
from django.db import models


class Customer(models.Model):
    name = models.TextField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
""",
            },
            title="REST views: what to_representation reads, of serializers and of fields; several query sets",
        ),
        Case(
            {
                "shop/models.py": _DJANGO.replace(
                    "class Author(models.Model):\n",
                    "class Author(models.Model):\n    def __str__(self):\n        return self.team.name\n\n",
                ),
                "shop/api.py": """\
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers, viewsets
from rest_framework.response import Response

from shop.models import Author, Book, Tag


class BookSerializer(serializers.ModelSerializer):
    author = serializers.StringRelatedField()

    class Meta:
        model = Book
        fields = ["id", "author"]


class TaggedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["id", "tags"]


class AuthorSerializer(serializers.ModelSerializer):
    books = TaggedSerializer(many=True)

    class Meta:
        model = Author
        fields = ["id", "books"]


class KeySerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["id", "books"]


class Books(generics.ListAPIView):
    queryset = Book.objects.select_related("author")  # ARC203
    serializer_class = BookSerializer


class LoadedBooks(generics.ListAPIView):
    queryset = Book.objects.select_related("author__team")
    serializer_class = BookSerializer


class Chosen(generics.ListAPIView):
    serializer_class = BookSerializer

    def get_queryset(self):  # ARC203
        if self.request.query_params.get("all"):
            return Book.objects.all()
        if self.request.user.is_anonymous:
            return Book.objects.none()
        return Book.objects.filter(pk__gt=1).select_related("author__team")


class ByAction(viewsets.ReadOnlyModelViewSet):
    serializer_class = BookSerializer

    def get_queryset(self):
        if self.action == "list":
            return Book.objects.select_related("author__team")
        return Book.objects.all()


class Shelf(generics.ListAPIView):
    serializer_class = BookSerializer

    def get_queryset(self):  # ARC203
        tags = Prefetch("tags", queryset=Tag.objects.order_by("name"))
        return self.request.shelf.books.select_related("author").prefetch_related(tags)


class One(generics.RetrieveAPIView):
    queryset = Author.objects.prefetch_related("books")  # ARC203
    serializer_class = AuthorSerializer


class LoadedOne(generics.RetrieveAPIView):
    queryset = Author.objects.prefetch_related("books__tags")
    serializer_class = AuthorSerializer


class OneWithKeys(generics.RetrieveAPIView):
    queryset = Author.objects.all()
    serializer_class = KeySerializer


def author(request, pk):
    row = get_object_or_404(Author.objects.prefetch_related("books"), pk=pk)
    return Response(AuthorSerializer(row).data)  # ARC203


def keys(request, pk):
    return Response(KeySerializer(get_object_or_404(Author, pk=pk)).data)
""",
            },
            title="REST framework: texts of related rows, one way of several, lists that belong to one row",
        ),
        Case(
            {
                "shop/models.py": _SHOP,
                "shop/views.py": """\
from django.shortcuts import render
from django.views.generic import DetailView, ListView

from shop.models import Order


def orders(request):
    return render(request, "shop/orders.html", {"orders": Order.objects.all(), "title": "Orders"})  # ARC203


def half_loaded(request):
    context = {"title": "Orders"}
    context["orders"] = Order.objects.select_related("customer")
    return render(request, "shop/orders.html", context)  # ARC203


def one(request, pk):
    return render(request, "shop/one.html", context={"order": Order.objects.get(pk=pk)})  # ARC203


class OrderList(ListView):  # ARC203
    model = Order
    template_name = "shop/list.html"


class Orders(ListView):
    queryset = Order.objects.select_related("customer")

    def get_context_data(self, **options):  # ARC203
        context = super().get_context_data(**options)
        context["newest"] = Order.objects.order_by("-pk")
        return context


class OrderPage(DetailView):  # ARC203
    model = Order


class Chosen(ListView):
    model = Order

    def get_template_names(self):
        return ["shop/list.html"]
""",
                "shop/templates/shop/order_list.html": """\
{% for order in order_list %}{{ order }}{% endfor %}{% for order in newest %}{{ order.customer }}{% endfor %}
""",
                "shop/templates/shop/order_detail.html": (
                    "{% for line in order.lines.all %}{{ line.product.name }}{% endfor %}\n"
                ),
                "shop/templates/shop/orders.html": _ORDERS_PAGE,
                "shop/templates/shop/_lines.html": _LINES_PAGE,
                "shop/templates/shop/one.html": """\
{% with lines=order.lines.all %}
  {% if show_lines %}{% for line in lines %}{% url "product" line.product.pk as link %}{{ link }}{% endfor %}{% endif %}
{% endwith %}
""",
                "shop/templates/shop/list.html": (
                    "{% for order in object_list %}{{ order }} {{ order.open_lines }}{% endfor %}\n"
                ),
            },
            title="Django: loops of templates, of those that they include, of generic views",
        ),
        Case(
            {
                "models.py": """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Author(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    author_id = db.Column(db.ForeignKey("author.id"))
    author = db.relationship(Author)
""",
                "app.py": """\
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from flask import Flask, render_template
from sqlalchemy.orm import joinedload

from models import Book

app = Flask(__name__)
service = FastAPI()
pages = Jinja2Templates(directory="templates")


@app.get("/books")
def books():
    return render_template("books.html", books=Book.query.all(), title="Books")  # ARC203


@app.get("/loaded")
def loaded():
    return render_template("books.html", books=Book.query.options(joinedload(Book.author)).all())


@service.get("/books")
def served(request: Request):
    return pages.TemplateResponse(request, "books.html", {"books": Book.query.all()})  # ARC203


@service.get("/old")
def served_as_before(request: Request):
    return pages.TemplateResponse("books.html", {"request": request, "books": Book.query.all()})  # ARC203
""",
                "templates/books.html": """\
{%- macro head(book) -%}{{ book.author.name }}{%- endmacro -%}
{% for book in books|sort(attribute="id") if book.id %}
  {% set author = book.author %}
  {{ loop.index }} {{ author.name|title }} {{ url_for("author", id=book.author_id) }}
{% else %}
  {{ nothing.at.all }}
{% endfor %}
""",
            },
            title="Jinja: loops of templates that Flask, Starlette and FastAPI render",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/api.py": """\
from rest_framework import generics, serializers

from shop.models import Book, Tag


class BookSerializer(serializers.ModelSerializer):
    author = serializers.SlugRelatedField(slug_field="name", queryset=None)

    class Meta:
        model = Book
        fields = ["id", "author", "tags"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["author"].queryset = self.context["shop"].authors.all()
        self.fields["tags"].child_relation.queryset = Tag.objects.all()


class ReplacingSerializer(BookSerializer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["author"] = serializers.CharField(source="title")


class Books(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("tags")  # ARC203
    serializer_class = BookSerializer


class Replaced(generics.ListAPIView):
    queryset = Book.objects.prefetch_related("tags")
    serializer_class = ReplacingSerializer


class Nothing(generics.ListAPIView):
    queryset = Book.objects.none()
    serializer_class = BookSerializer


class Creating(generics.ListCreateAPIView):
    queryset = Book.objects.all()
    serializer_class = BookSerializer
    http_method_names = ["post"]
""",
            },
            title="REST framework: fields that are configured when the serializer is made; views that list nothing",
        ),
    )
    valid = (
        Case(
            _api(
                '@router.get("/orders", response_model=list[OrderRead])\n'
                "def orders(db: Session = Depends(get_db)):\n"
                "    items = selectinload(Order.items).joinedload(Item.product)\n"
                "    return db.scalars(select(Order).options(joinedload(Order.customer), items)).all()\n\n\n"
                '@router.get("/keys", response_model=list[OrderKey])\n'
                "def keys(db: Session = Depends(get_db)):\n"
                "    return db.scalars(select(Order)).all()\n\n\n"
                '@router.get("/orders/{order_id}", response_model=OrderRead)\n'
                "def order(order_id: int, db: Session = Depends(get_db)):\n"
                "    return db.get(Order, order_id)\n"
            ),
            title="loaded relations, columns only, a single row",
        ),
        Case(
            {
                "models.py": _MODELS.replace("= relationship()", '= relationship(lazy="joined")').replace(
                    '(back_populates="order")', '(back_populates="order", lazy="selectin")'
                ),
                "schemas.py": _SCHEMAS,
                "api.py": _HEAD + '@router.get("/orders", response_model=list[OrderRead])\n'
                "def orders(db: Session = Depends(get_db)):\n    return db.scalars(select(Order)).all()\n",
            },
            title="relations that are loaded by default",
        ),
        Case(
            _api(
                "def listed(db: Session, full: bool):\n"
                "    options = [joinedload(Order.customer)]\n"
                "    if full:\n"
                "        options.append(selectinload(Order.items).joinedload(Item.product))\n"
                "    rows = db.scalars(select(Order).options(*options)).all()\n"
                "    return [OrderRead.model_validate(row) for row in rows]\n\n\n"
                "def newest(db: Session):\n"
                "    rows = db.scalars(select(Order).order_by(Order.id.desc()).limit(1)).all()\n"
                "    return [OrderRead.model_validate(row) for row in rows]\n\n\n"
                "def oldest(db: Session):\n"
                "    return [OrderRead.model_validate(row) for row in db.query(Order).order_by(Order.id).limit(1)]\n"
            ),
            title="options collected in a list, one row of a query",
        ),
        Case(
            _shop(
                "class Books(viewsets.ModelViewSet):\n"
                '    queryset = Book.objects.select_related("author__team").prefetch_related("tags")\n'
                "    serializer_class = serializers.BookSerializer\n\n\n"
                "class Keys(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()\n"
                "    serializer_class = serializers.KeySerializer\n\n\n"
                "class Slim(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()\n"
                "    serializer_class = serializers.SlimSerializer\n\n\n"
                "class Counted(viewsets.ModelViewSet):\n"
                "    queryset = Book.objects.all()\n"
                "    serializer_class = serializers.CountedSerializer\n\n\n"
                "class One(generics.RetrieveAPIView):\n"
                "    queryset = Book.objects.all()\n"
                "    serializer_class = serializers.BookSerializer\n"
            ),
            title="REST views that load what they show, or show keys",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/serializers.py": _SERIALIZERS + "\n\nclass EagerSerializer(BookSerializer):\n"
                "    @classmethod\n    def setup_eager_loading(cls, books):\n"
                '        return books.select_related("author__team").prefetch_related("tags")\n',
                "shop/views.py": _VIEWS + "class Books(APIView):\n    def get(self, request):\n"
                "        books = serializers.EagerSerializer.setup_eager_loading(Book.objects.all())\n"
                "        return Response(serializers.EagerSerializer(books, many=True).data)\n\n\n"
                "class Dynamic(viewsets.ModelViewSet):\n"
                "    serializer_class = serializers.BookSerializer\n\n"
                "    def get_queryset(self):\n"
                "        return Book.objects.select_related(*self.relations)\n",
            },
            title="eager loading set up by the serializer; options that cannot be read",
        ),
        Case(
            _MEMBERS
            + """\
class AccountOut(Schema):
    name: str


class MemberOut(Schema):
    account: AccountOut

    def resolve_account(self, obj):
        return {"name": str(obj.account_id)}


@api.get("/members", response=list[MemberOut])
def members(request):
    return Member.objects.filter(pk__gt=1)
""",
            title="django-ninja: a resolver that is asked instead of the relation",
        ),
        Case(
            {
                "shop/models.py": _SHOP,
                "shop/views.py": """\
from django.shortcuts import render

from shop.models import Order


def loaded(request):
    orders = Order.objects.select_related("customer").prefetch_related("lines__product")
    return render(request, "shop/orders.html", {"orders": orders})


def plain(request):
    return render(request, "shop/plain.html", {"orders": Order.objects.all()})


def one(request, pk):
    return render(request, "shop/one.html", {"order": Order.objects.get(pk=pk)})


def somewhere_else(request):
    return render(request, "shop/elsewhere.html", {"orders": Order.objects.all()})
""",
                "shop/templates/shop/orders.html": _ORDERS_PAGE,
                "shop/templates/shop/_lines.html": _LINES_PAGE,
                "shop/templates/shop/plain.html": """\
{# {% for order in orders %}{{ order.customer.name }}{% endfor %} #}
{% comment %}{{ order.customer.name }}{% endcomment %}
{% for order in orders %}
  {{ order.number }} {{ order.customer_id }} {% if order.number %}{{ order.customer.name }}{% endif %}
  {% cache 600 order_head order.pk %}{{ order.customer.name }}{% endcache %}
  {% empty %}{{ order.customer.name }}
{% endfor %}
{% for order in orders|slice:":3" %}{{ order.customer.name }}{% endfor %}
{% for customer in customers %}{{ customer.orders.all }}{% endfor %}
{% for order in orders %}{{ "order.customer.name" }}{{ order.number|default:"order.customer" }}{% endfor %}
""",
                "shop/templates/shop/one.html": "{{ order.customer.name }} {{ order.lines.count }}\n",
                "pages/templates/shop/elsewhere.html": _ORDERS_PAGE,
            },
            title="templates: loaded, single rows, under a condition of the row, kept, cut, somewhere else",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls that serialise many rows, and handlers whose response model does."""
        if file.role:
            return
        world, frame = file.world, function.frame
        reported = set()
        # Where each pass of a loop fetches its own row, that query is the finding (ARC201).
        fetched = {s[:4] for s in function.serving_calls if "Q" in s.effect.letters}
        for site in function.serving_calls:
            if "P" not in site.effect.letters and site[:4] in fetched:
                continue
            if _serves_many(world, site, frame) and not shown_below(world, site, _serves_many):
                reported.add(site[:4])
                yield self._call(file, site, frame)
        for owner, inner in contexts(world, frame):
            for site in world.effects.sites(inner):
                if _serves_many(world, site, inner) and not site.effect.hops and site[:4] not in reported:
                    reported.add(site[:4])
                    yield self._call(file, site, inner, f" in `{owner}`")
        if function.scope.decorators:
            served = world.serializers.served_by_handler(frame)
            if served is not None and served.many:
                yield from self._report(file, function, served.walks)

    def _call(self, file: File, site: Site, frame: Frame, where: str = "") -> Diagnostic:
        """A call that serialises rows, with all fields when it does so itself."""
        hops = site.effect.hops
        if not hops and site.callee is not None:
            served = file.world.serializers.served_by_call(site.callee, frame.scope.calls[site.call], frame)
            if served is not None:
                return self._finding(file, site, served.walks, where)
        return file.diagnostic(
            self,
            site,
            related=file.chain(hops),
            does="Serialising",
            fields=f"`{site.effect.leaf}`",
            queries=f"the lazy load of `{site.effect.subject}`",
            chain=f" via {' -> '.join(h.label for h in hops)}",
            advice="load it with the query (`selectinload`/`joinedload`)",
        )

    @on(ClassEvent)
    def view(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report list views whose query set does not load what their serializer reads."""
        if file.role:
            return
        served = file.world.serializers.served_by_view(cls.key)
        if served is not None:
            yield from self._report(file, _query_set(cls, file), served.walks)
        if _ADDS_CONTEXT in cls.scope.binds:
            yield from self._added(cls, file)

    def _added(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """The rows that a view adds to the context of its template."""
        for function in file.functions:
            if function.scope.parent == cls.scope.index and function.scope.name == _ADDS_CONTEXT:
                served = file.world.serializers.served_by_context(cls.key, function.frame)
                if served is not None:
                    yield from self._report(file, function, served.walks)

    def _report(self, file: File, anchor: Anchor, walks: tuple[Walk, ...]) -> Iterator[Diagnostic]:
        kept = tuple(w for w in walks if not w.is_async)
        if kept:
            yield self._finding(file, anchor, kept)

    def _finding(self, file: File, anchor: Anchor, walks: tuple[Walk, ...], where: str = "") -> Diagnostic:
        related = [Related(file.line_location(w.place[1], w.place[0]), f"`{w.label}`") for w in walks]
        return file.diagnostic(
            self,
            anchor,
            related=related,
            does="Serialising" if walks[0].schema else "Rendering",
            fields=_listed([f"`{w.label}`" for w in walks]),
            queries=_queries(walks),
            chain=where,
            advice=_advice(walks),
            fix=eager_walks(file, anchor, walks) if all(w.schema for w in walks) else None,
        )


def _serves_many(world: World, site: Site, frame: Frame) -> bool:
    """Whether a site serialises many rows that a synchronous query has answered."""
    letters = site.effect.letters
    if "V" not in letters or "S" in letters:
        return False
    return "P" in letters or repeated_in(world, frame, site.block) is not None


def _listed(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) <= _NAMED:
        return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
    return f"{', '.join(unique[:_NAMED])} and {len(unique) - _NAMED} more"


def _queries(walks: tuple[Walk, ...]) -> str:
    lazy = [f"`{w.relation}`" for w in walks if w.style != "query"]
    queried = [f"`{w.relation}`" for w in walks if w.style == "query"]
    parts = []
    if lazy:
        parts.append(f"the lazy load of {_listed(lazy)}")
    if queried:
        parts.append(f"a query on {_listed(queried)}")
    return " and ".join(parts)


def _advice(walks: tuple[Walk, ...]) -> str:
    """The loader options that are missing."""
    related = list(dict.fromkeys(w for w in walks if w.style != "query"))
    if not related:
        return "compute it for all rows at once (`annotate`, or one query before)"
    if related[0].style != "django":
        return "load with the query: " + _listed([f"`selectinload({w.relation})`" for w in related])
    # Django loads every relation on the way to the one that is named.
    ends = [w for w in related if not any(o.path[: len(w.path)] == w.path != o.path for o in related)]
    single = [f'"{"__".join(w.path)}"' for w in ends if w.path and not w.many]
    several = [f'"{"__".join(w.path)}"' for w in ends if w.path and w.many]
    parts = [
        f"`{method}({', '.join(dict.fromkeys(names))})`"
        for method, names in (("select_related", single), ("prefetch_related", several))
        if names
    ]
    return (
        f"add {' and '.join(parts)} to the query set"
        if parts
        else "load it with the query set, or `annotate` it"
    )


def _query_set(cls: Class, file: File) -> Anchor:
    """Where a view says which rows it lists."""
    for node in file.index.nodes(ast.ClassDef):
        if (node.lineno, node.col_offset) != (cls.scope.line, cls.scope.column):
            continue
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "get_queryset":
                return item
        for item in node.body:
            if isinstance(item, ast.Assign) and [t.id for t in item.targets if isinstance(t, ast.Name)] == [
                "queryset"
            ]:
                return item.value
    return cls

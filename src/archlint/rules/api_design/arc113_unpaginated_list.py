"""A list endpoint that answers with a whole table.

## What it does

Follows what a `GET` handler (FastAPI, Starlette, Flask, Django, Django REST framework, aiohttp) returns back to
the query it was filled from: through names, list comprehensions, serializers, and functions of the project up to
three calls deep. It reports the handler where every step is known, the query starts at a model, nothing on the
way cuts it (a limit, a slice, a page, a filter that leaves one row, one owner's rows or a span of time), and the
path and the parameters choose nothing either. Lists that a loop fills are followed like comprehensions. List views of
Django REST framework are reported at their class when neither the view nor the settings name a pagination.

## Why is this bad?

The answer grows with the table. What takes a millisecond in a test takes seconds and hundreds of megabytes in the
third year, in the database, in the serializer, and in every client; and clients that came to rely on getting all
rows at once make the change expensive.

## How to fix

```python
@router.get("/alerts", response_model=list[AlertRead])
def list_alerts(session: SessionDep, limit: Annotated[int, Query(le=100)] = 50, after: int = 0):
    statement = select(Alert).where(Alert.id > after).order_by(Alert.id).limit(limit)
    return session.scalars(statement).all()
```

In Django REST framework set `pagination_class` on the view, or `DEFAULT_PAGINATION_CLASS` for all.

## Not reported

* Handlers with a path parameter, with a parameter that must be given, or with one that speaks of pages, in the
  signature, in what it depends on or in the query string: they list the children of one parent, or cut the list
  somewhere the rule cannot follow.
* Tables that stay small by their nature: without a column for a moment and without one that leads to another
  table, or named like settings, types, roles, tags, countries.
* HTML pages; single columns instead of rows; lists filtered in Python (ARC215); queries whose way into the answer is
  not understood; tests.
* Statements in SQL that join, group or choose, or that are not a constant; of others tables whose selected columns say
  nothing about time or another table.
* Known misses: MongoDB, relations of a row (`group.members`), lists that a view class builds over several methods.

A parameter called `limit` says little in either direction: most list endpoints of real applications have none,
and most of them are bounded otherwise. Following the query left about one alarm for each application it was
tried on.

## References

* [FastAPI: query parameters](https://fastapi.tiangolo.com/tutorial/query-params/)
* [Django REST framework: pagination](https://www.django-rest-framework.org/api-guide/pagination/)
* [Use the index, Luke: paging through results](https://use-the-index-luke.com/sql/partial-results/fetch-next-page)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, RouteEvent, Rule, on
from archlint.model.summary import Param
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.remedies.fields import paged
from archlint.project.tables.raw_listing import whole_table

_PATH_PARAMETER = re.compile(r"[{<(]\??[A-Za-z_:]")
#: Parameters that choose rows of a table themselves.
_CHOOSES = frozenset(("id", "ids"))
_NO_CHOICE = frozenset(("self", "cls", "request", "req", "_request"))
_PLAIN = frozenset(("str", "int", "float", "bool", "uuid.UUID", "datetime.date", "datetime.datetime"))
_ANY_METHOD_IS_GET = frozenset(("flask", "quart", "starlette", "aiohttp", "django", "tornado", "sanic"))

_MODELS = (
    "from datetime import datetime\n\n"
    "from sqlalchemy import ForeignKey\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class Alert(Base):\n"
    '    __tablename__ = "alert"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    org: Mapped[int]\n"
    "    user_id: Mapped[int]\n"
    "    created_at: Mapped[datetime]\n\n\n"
    "class Country(Base):\n"
    '    __tablename__ = "country"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    changed_at: Mapped[datetime]\n"
)
_HEAD = (
    "from fastapi import APIRouter, Depends\n"
    "from sqlalchemy import select\n"
    "from sqlalchemy.orm import Session\n\n"
    "from db import get_session\nfrom models import Alert, Country\n\n"
    "router = APIRouter()\n\n\n"
)
_SESSION = "session: Session = Depends(get_session)"
_ACTIVE = (
    "from flask_sqlalchemy import SQLAlchemy\n\n"
    "db = SQLAlchemy()\n\n\n"
    "class Snippet(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    "    org = db.Column(db.Integer)\n"
    "    made = db.Column(db.DateTime)\n\n"
    "    @classmethod\n"
    "    def all(cls, org):\n"
    "        return cls.query.filter(cls.org == org)\n\n"
    "    def to_dict(self):\n        return {'id': self.id}\n"
)
_DJANGO = (
    "from django.db import models\n\n\n"
    "class Order(models.Model):\n"
    "    total = models.IntegerField()\n"
    "    placed = models.DateTimeField()\n"
)
_SERIALIZER = (
    "from rest_framework import serializers\n\nfrom models import Order\n\n\n"
    "class OrderSerializer(serializers.ModelSerializer):\n"
    "    class Meta:\n        model = Order\n        fields = ('id', 'total')\n"
)
_VIEWS = (
    "from rest_framework import generics, pagination, viewsets\n"
    "from rest_framework.response import Response\n"
    "from rest_framework.views import APIView\n\n"
    "from models import Order\nfrom serializers import OrderSerializer\n\n\n"
)


class UnpaginatedList(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "`{handler}` returns every row of `{model}`; add limit and offset, or a cursor"
    answers = ("area C", "area E", "dimension 2", "checklist 27")

    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/alerts")\n'
                f"def alerts({_SESSION}, account: str | None = None, country: str | None = None):  # ARC113\n"
                "    return session.scalars(select(Alert)).all()\n",
            },
            title="parameters with `count` inside their names",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/alerts")\n'
                f"def alerts({_SESSION}):  # ARC113\n"
                "    return session.scalars(select(Alert).order_by(Alert.id)).all()\n",
            },
            title="FastAPI: a select without a limit",
        ),
        Case(
            "from fastapi import FastAPI\n"
            "from sqlmodel import Field, Session, SQLModel, select\n\n"
            "app = FastAPI()\n\n\n"
            "class Note(SQLModel, table=True):\n"
            "    id: int = Field(primary_key=True)\n"
            '    owner_id: int = Field(foreign_key="account.id")\n\n\n'
            '@app.get("/notes")\n'
            "def notes(session: Session):  # ARC113\n"
            "    return session.exec(select(Note)).all()\n",
            title="SQLModel: a field leads to another table",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from models import Alert\n\n\n"
                "async def all_alerts(session: AsyncSession, org: int):\n"
                "    found = await session.execute(select(Alert).where(Alert.org == org))\n"
                "    return found.scalars().all()\n",
                "api.py": "from fastapi import APIRouter, Depends\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "import crud\nfrom db import get_session\nfrom models import Alert\n"
                "from schemas import AlertRead\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/alerts", response_model=list[AlertRead])\n'
                "async def alerts(session: AsyncSession = Depends(get_session)):  # ARC113\n"
                "    rows = await crud.all_alerts(session, 1)\n"
                "    return [AlertRead.model_validate(row) for row in rows]\n",
            },
            title="FastAPI: by a function of another module",
        ),
        Case(
            {
                "models.py": _ACTIVE,
                "app.py": "from flask import Flask, jsonify\n\nfrom models import Snippet\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.route("/snippets")\n'
                "def snippets():  # ARC113\n"
                "    return jsonify([s.to_dict() for s in Snippet.all(org=1)])\n",
            },
            title="Flask: a finder of the model",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "urls.py": "from django.urls import path\n\nimport views\n\n"
                'urlpatterns = [path("orders", views.orders)]\n',
                "views.py": "from django.http import JsonResponse\n\nfrom models import Order\n\n\n"
                "def orders(request):  # ARC113\n"
                "    found = Order.objects.all()\n"
                '    if request.GET.get("open"):\n'
                "        found = found.filter(total=0)\n"
                '    return JsonResponse({"orders": [{"id": o.pk} for o in found]})\n',
            },
            title="Django: a filter that may be left out",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _SERIALIZER,
                "views.py": _VIEWS + "class Orders(viewsets.ModelViewSet):  # ARC113\n"
                "    queryset = Order.objects.order_by('pk')\n"
                "    serializer_class = OrderSerializer\n\n\n"
                "class Open(generics.ListAPIView):  # ARC113\n"
                "    serializer_class = OrderSerializer\n\n"
                "    def get_queryset(self):\n        return Order.objects.filter(total=0)\n\n\n"
                "class Own(APIView):\n"
                "    def get(self, request):  # ARC113\n"
                "        return Response(OrderSerializer(Order.objects.all(), many=True).data)\n",
            },
            title="DRF: views without a pagination",
        ),
        Case(
            {
                "shop/models.py": _DJANGO,
                "shop/serializers.py": _SERIALIZER.replace("models import", "shop.models import"),
                "shop/pages.py": "from rest_framework.pagination import PageNumberPagination\n\n\n"
                "class Pages(PageNumberPagination):\n    page_size = 50\n",
                "shop/views.py": "from rest_framework import viewsets\n\n"
                "from shop.models import Order\nfrom shop.serializers import OrderSerializer\n\n\n"
                "class Orders(viewsets.ModelViewSet):  # ARC113\n"
                "    queryset = Order.objects.order_by('pk')\n"
                "    serializer_class = OrderSerializer\n",
            },
            title="DRF: the project has a pagination of its own",
            fixed="""\
from rest_framework import viewsets

from shop.models import Order
from shop.pages import Pages
from shop.serializers import OrderSerializer


class Orders(viewsets.ModelViewSet):  # ARC113
    queryset = Order.objects.order_by('pk')
    pagination_class = Pages
    serializer_class = OrderSerializer
""",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from aiohttp import web\n"
                "from sqlalchemy import select\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import engine\nfrom models import Alert\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.get("/alerts")\n'
                "async def alerts(request):  # ARC113\n"
                "    async with AsyncSession(engine) as session:\n"
                "        rows = (await session.scalars(select(Alert))).all()\n"
                '    return web.json_response([{"id": row.id} for row in rows])\n',
            },
            title="aiohttp: a select without a limit",
        ),
        Case(
            {
                "app.py": "import sqlite3\n\nfrom flask import Flask, jsonify\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/orders")\n'
                "def orders():  # ARC113\n"
                '    rows = sqlite3.connect("db").execute("SELECT * FROM orders").fetchall()\n'
                "    return jsonify(rows)\n",
            },
            title="SQL as text",
            missed=True,
            why="the text of statements would have to be read for tables and limits",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _SERIALIZER,
                "settings.py": "REST_FRAMEWORK = {\n"
                '    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",\n'
                '    "PAGE_SIZE": 50,\n}\n',
                "views.py": "from rest_framework.decorators import action\n"
                + _VIEWS
                + "class Orders(viewsets.ModelViewSet):\n"
                "    queryset = Order.objects.all()\n"
                "    serializer_class = OrderSerializer\n\n"
                "    def list(self, request):  # ARC113\n"
                "        orders = self.filter_queryset(self.get_queryset())\n"
                "        return Response(self.get_serializer(orders, many=True).data)\n\n"
                "    @action(detail=False)\n"
                "    def every(self, request):  # ARC113\n"
                "        return Response(OrderSerializer(self.get_queryset(), many=True).data)\n",
            },
            title="DRF: actions past the pagination of the settings",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from django.http import JsonResponse\nfrom django.views.decorators.http import require_GET\n\n"
                "from models import Order\n\n\n"
                "@require_GET\n"
                "def orders(request):  # ARC113\n"
                "    found = []\n"
                "    for order in Order.objects.all():\n"
                '        found.append({"id": order.pk, "total": order.total})\n'
                '    return JsonResponse({"orders": found})\n\n\n'
                "@require_GET\n"
                "def totals(request):  # ARC113\n"
                '    return JsonResponse(list(Order.objects.values("id", "total")), safe=False)\n',
            },
            title="Django: a list that a loop fills, columns of every row",
        ),
        Case(
            {
                "models.py": _MODELS,
                "service.py": "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n"
                "from models import Alert\nfrom schemas import AlertRead\n\n\n"
                "class Alerts:\n"
                "    def __init__(self, session: Session) -> None:\n        self.session = session\n\n"
                "    def shown(self) -> list[AlertRead]:\n"
                "        rows = self.session.scalars(select(Alert))\n"
                "        return [AlertRead.model_validate(row) for row in rows]\n",
                "schemas.py": "from pydantic import BaseModel\n\n\nclass AlertRead(BaseModel):\n    id: int\n",
                "api.py": _HEAD + "from service import Alerts\n\n\n"
                '@router.get("/alerts")\n'
                f"def alerts({_SESSION}):  # ARC113\n"
                "    return Alerts(session).shown()\n",
            },
            title="FastAPI: schemas that a service made of the rows",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/alerts")\n'
                f"def alerts({_SESSION}, user: int | None = None, org: int | None = None):  # ARC113\n"
                "    statement = select(Alert)\n"
                "    if user:\n        statement = statement.where(Alert.user_id == user)\n"
                "    if org is not None:\n        statement = statement.where(Alert.org == org)\n"
                "    return session.scalars(statement).all()\n",
            },
            title="FastAPI: filters that a client may leave out",
        ),
        Case(
            {
                "people.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Staff(AbstractUser):
    role = models.CharField(max_length=20)
""",
                "views.py": """\
from rest_framework import generics, serializers

from people import Staff


class StaffSerializer(serializers.ModelSerializer):
    class Meta:
        model = Staff
        fields = ["id", "username"]


class StaffList(generics.ListAPIView):  # ARC113
    queryset = Staff.objects.all()
    serializer_class = StaffSerializer
""",
                "urls.py": """\
from django.urls import path

from views import StaffList

urlpatterns = [path("staff/", StaffList.as_view())]
""",
            },
            title="accounts of people grow, whatever columns are added to them",
        ),
        Case(
            {
                "models.py": """\
from flask_marshmallow import Marshmallow
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
ma = Marshmallow()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(80))
    password = db.Column(db.String(120))
    joined = db.Column(db.DateTime)
""",
                "schemas.py": """\
from models import User, ma


class UserSchema(ma.SQLAlchemySchema):
    class Meta:
        model = User

    id = ma.auto_field()


users_schema = UserSchema(many=True)
""",
                "app.py": """\
from flask import Flask, jsonify

from models import User
from schemas import users_schema

app = Flask(__name__)


@app.get("/users")
def users():  # ARC113
    return jsonify(users_schema.dump(User.query.all()))
""",
            },
            title="Flask: rows dumped by a schema of marshmallow",
        ),
        Case(
            {
                "shop.py": """\
from django.db import models


class SlotQuerySet(models.QuerySet):
    def active(self):
        return self.filter(archived=False)


class Slot(models.Model):
    starts = models.DateTimeField()
    archived = models.BooleanField(default=False)
    owner_id = models.IntegerField()

    objects = models.Manager.from_queryset(SlotQuerySet)()
""",
                "views.py": """\
from django.http import JsonResponse

from shop import Slot


def slots(request):  # ARC113
    return JsonResponse({"slots": list(Slot.objects.active().values("id", "starts"))})


def mine(request):
    return JsonResponse({"slots": list(Slot.objects.filter(owner_id=1).active().values("id", "starts"))})


def few(request):
    return JsonResponse({"slots": list(Slot.objects.active()[:20].values("id", "starts"))})
""",
                "urls.py": """\
from django.urls import path

from views import few, mine, slots

urlpatterns = [path("slots/", slots), path("mine/", mine), path("few/", few)]
""",
            },
            title="a method of the query set that narrows little",
        ),
        Case(
            {
                "api.py": """\
from fastapi import APIRouter, Depends
from models import Alert
from selectors import shown
from sqlalchemy import select
from sqlalchemy.orm import Session

from database import get_session

router = APIRouter()


@router.get("/alerts")
def list_alerts(session: Session = Depends(get_session)):  # ARC113
    alerts = session.scalars(select(Alert)).all()
    return shown(alerts)


@router.get("/latest")
def latest(session: Session = Depends(get_session)):
    return shown(session.scalars(select(Alert)).all()[:20])
""",
                "selectors.py": """\
def shown(rows):
    return [{"id": row.id} for row in rows]
""",
                "database.py": "def get_session():\n    yield None\n",
                "models.py": _MODELS,
            },
            title="a helper shows what it is given: all rows, or a slice of them",
        ),
        Case(
            {
                "store.py": """\
import asyncpg

ORDERS = "SELECT id, customer_id, total FROM orders ORDER BY created_at DESC"


async def orders(pool: asyncpg.Pool):
    async with pool.acquire() as connection:
        return await connection.fetch(ORDERS)
""",
                "app.py": """\
import sqlite3

from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.orm import Session

from store import orders

app = FastAPI()


@app.get("/orders")
async def list_orders(request: Request):  # ARC113
    return [dict(row) for row in await orders(request.app.state.pool)]


@app.get("/shipments")
def list_shipments():  # ARC113
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT id, order_id, paid_at FROM shipments")
    rows = cursor.fetchall()
    return {"shipments": rows}


@app.get("/refunds")
def list_refunds(session: Session):  # ARC113
    return session.execute(text("SELECT id, refunded_at FROM refunds")).mappings().all()
""",
            },
            title="statements in SQL",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def page({_SESSION}, limit: int = 50):\n"
                "    return session.scalars(select(Alert).limit(limit)).all()\n\n\n"
                '@router.get("/b")\n'
                f"def latest({_SESSION}):\n"
                "    statement = select(Alert).order_by(Alert.id.desc())\n"
                "    statement = statement.limit(10)\n"
                "    return session.scalars(statement).all()\n\n\n"
                '@router.get("/c")\n'
                f"def sliced({_SESSION}):\n"
                "    return session.query(Alert).order_by(Alert.id)[:10]\n\n\n"
                '@router.get("/users/{user_id}/alerts")\n'
                f"def of_one(user_id: int, {_SESSION}):\n"
                "    return session.scalars(select(Alert).where(Alert.user_id == user_id)).all()\n",
            },
            title="FastAPI: limits, slices, children of one parent",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def mine(user: User = Depends(current_user), {_SESSION}):\n"
                "    return session.scalars(select(Alert).where(Alert.user_id == user.id)).all()\n\n\n"
                '@router.get("/b")\n'
                f"def lately({_SESSION}):\n"
                "    return session.scalars(select(Alert).where(Alert.created_at > today())).all()\n\n\n"
                '@router.get("/c")\n'
                f"def countries({_SESSION}):\n"
                "    return session.scalars(select(Country)).all()\n\n\n"
                '@router.post("/d")\n'
                f"def touch({_SESSION}):\n"
                "    return session.scalars(select(Alert)).all()\n\n\n"
                '@router.get("/e")\n'
                f"def how_many({_SESSION}):\n"
                "    return len(session.scalars(select(Alert)).all())\n",
            },
            title="FastAPI: one owner's, recent, few, counted",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from fastapi import APIRouter, Depends\n"
                "from fastapi_pagination import Page\n"
                "from fastapi_pagination.ext.sqlalchemy import paginate\n"
                "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import Alert\nfrom schemas import AlertRead\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/alerts", response_model=Page[AlertRead])\n'
                f"def alerts({_SESSION}):\n"
                "    return paginate(session, select(Alert))\n",
            },
            title="FastAPI: fastapi-pagination",
        ),
        Case(
            {
                "models.py": _ACTIVE,
                "app.py": "from flask import Flask, jsonify, request\n\nfrom models import Snippet\n\n"
                "app = Flask(__name__)\n\n\n"
                "def cut(query):\n"
                '    return query.paginate(page=int(request.args["page"])).items\n\n\n'
                '@app.route("/snippets")\n'
                "def snippets():\n"
                "    return jsonify([s.to_dict() for s in cut(Snippet.all(org=1))])\n",
            },
            title="Flask: cut by a helper",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _SERIALIZER,
                "views.py": _VIEWS + "class Paged(viewsets.ModelViewSet):\n"
                "    queryset = Order.objects.all()\n"
                "    serializer_class = OrderSerializer\n"
                "    pagination_class = pagination.CursorPagination\n\n\n"
                "class Mine(viewsets.ModelViewSet):\n"
                "    serializer_class = OrderSerializer\n\n"
                "    def get_queryset(self):\n"
                "        return Order.objects.filter(customer=self.request.user)\n\n\n"
                "class Below(viewsets.ModelViewSet):\n"
                "    serializer_class = OrderSerializer\n\n"
                "    def get_queryset(self):\n"
                "        return Order.objects.filter(shop=self.kwargs['shop'])\n",
            },
            title="DRF: a pagination, one owner, one parent",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _SERIALIZER,
                "settings.py": "REST_FRAMEWORK = {\n"
                '    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",\n'
                '    "PAGE_SIZE": 50,\n}\n',
                "views.py": _VIEWS + "class Orders(viewsets.ModelViewSet):\n"
                "    queryset = Order.objects.all()\n"
                "    serializer_class = OrderSerializer\n",
            },
            title="DRF: a pagination for all views",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _SERIALIZER,
                "views.py": "from rest_framework.decorators import action\n"
                + _VIEWS
                + "class Orders(viewsets.GenericViewSet):\n"
                "    queryset = Order.objects.all()\n"
                "    serializer_class = OrderSerializer\n\n"
                "    def list(self, request):\n"
                "        page = self.paginate_queryset(self.get_queryset())\n"
                "        if page is not None:\n"
                "            return self.get_paginated_response(self.get_serializer(page, many=True).data)\n"
                "        return Response(self.get_serializer(self.get_queryset(), many=True).data)\n\n"
                "    @action(detail=False)\n"
                "    def some(self, request):\n"
                "        size = int(request.query_params.get('size', 20))\n"
                "        return Response(cut(OrderSerializer(self.get_queryset(), many=True).data, size))\n\n\n"
                "class Large(APIView):\n"
                "    def get(self, request):\n"
                "        return Response([o.total for o in Order.objects.all() if o.total > 100])\n",
            },
            title="DRF: pages made by hand, a size of the client, rows chosen in Python",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + "class Pages:\n"
                "    def __init__(self, page: int = 1, per_page: int = 20) -> None: ...\n\n\n"
                '@router.get("/alerts")\n'
                f"def alerts({_SESSION}, pages: Pages = Depends()):\n"
                "    return session.scalars(cut(select(Alert), pages)).all() or session.scalars(select(Alert)).all()\n",
            },
            title="FastAPI: pages of a dependency",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "api.py": "from ninja import NinjaAPI, Schema\nfrom ninja.pagination import paginate\n\n"
                "from models import Order\n\napi = NinjaAPI()\n\n\n"
                "class OrderOut(Schema):\n    id: int\n\n\n"
                '@api.get("/orders", response=list[OrderOut])\n'
                "@paginate\n"
                "def orders(request):\n    return Order.objects.all()\n",
            },
            title="Django Ninja: a decorator makes pages",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\nfrom models import Alert\n\n\n"
                "def found(session: Session, only_number: bool = True):\n"
                "    rows = session.scalars(select(Alert)).all()\n"
                "    return len(rows) if only_number else rows\n\n\n"
                "def counted(session: Session, only_number: bool = True):\n"
                "    rows = session.scalars(select(Alert)).all()\n"
                "    if only_number:\n        return len(rows)\n    return rows\n",
                "api.py": _HEAD + "import crud\n\n\n"
                '@router.get("/numbers")\n'
                f"def numbers({_SESSION}):\n"
                '    return {"alerts": crud.found(session), "more": crud.counted(session)}\n',
            },
            title="FastAPI: a function that counts, or lists",
        ),
        Case(
            {
                "shop.py": """\
from django.contrib.auth.models import User
from django.db import models


class Ticket(models.Model):
    buyer = models.ForeignKey(User, on_delete=models.CASCADE)
    created = models.DateTimeField(auto_now_add=True)
""",
                "views.py": """\
from django.http import JsonResponse

from shop import Ticket


def tickets(request):
    rows = Ticket.objects.filter(buyer=request.user)
    return JsonResponse({"tickets": list(rows.values("id"))})
""",
                "urls.py": """\
from django.urls import path

from views import tickets

urlpatterns = [path("tickets/", tickets)]
""",
            },
            title="rows of the caller, whatever the column is called",
        ),
        Case(
            """\
import sqlite3

from fastapi import FastAPI

app = FastAPI()


def run(statement):
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute(statement)
    return cursor.fetchall()


@app.get("/today")
def today():
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT id, order_id FROM shipments WHERE paid_at > date('now')")
    return cursor.fetchall()


@app.get("/newest")
def newest():
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT id, paid_at FROM shipments ORDER BY paid_at DESC LIMIT 20")
    return cursor.fetchall()


@app.get("/count")
def count():
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT id, paid_at FROM shipments")
    rows = cursor.fetchall()
    return {"count": len(rows), "late": [row for row in rows if row[1] is None]}


@app.get("/countries")
def countries():
    cursor = sqlite3.connect("shop.db").cursor()
    cursor.execute("SELECT code, name FROM countries")
    return cursor.fetchall()


@app.get("/any")
def anything():
    return run("SELECT 1")
""",
            title="statements in SQL that leave few rows, or tell of them",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report a handler that lists a whole table."""
        route = function.route
        if file.role or route is None:
            return
        gets = "GET" in route.methods or (not route.methods and route.framework in _ANY_METHOD_IS_GET)
        if not gets or _is_narrowed(function):
            return
        listing = file.world.api.listing
        model = listing.unbounded(function.frame)
        if model:
            name = file.world.api.schemas.name_of(model) if listing.grows(model) else ""
        else:
            name = whole_table(file.world, function.frame)
        if name and not file.world.api.paging.of_function(file.name, function.scope):
            yield file.diagnostic(self, function, handler=_shown(function), model=name)

    @on(ClassEvent)
    def check_view(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report a list view of Django REST framework that nothing cuts into pages."""
        if file.role or not cls.scope.bases or file.world.api.paging.of_view(cls.key) is not False:
            return
        model = file.world.api.listing.of_view(cls.key)
        if model and file.world.api.listing.grows(model):
            yield file.diagnostic(
                self,
                cls,
                message="`{handler}` lists every row of `{model}`; set `pagination_class`",
                handler=cls.name,
                model=file.world.api.schemas.name_of(model),
                fix=paged(file, cls.scope.line),
            )


def _shown(function: Function) -> str:
    outer = function.file.summary.scopes[function.scope.parent]
    return f"{outer.name}.{function.name}" if outer.kind == "class" else function.name


def _is_narrowed(function: Function) -> bool:
    """Whether the path or the parameters choose among the rows: one parent, a page, a day."""
    route, file = function.route, function.file
    entries = file.world.route_table.of(file.name, function.scope)
    is_known = bool(entries) and all(entry.path is not None for entry in entries)
    paths = [route.path] if route is not None else []
    paths += [entry.tail or "" for entry in entries]
    if any(_PATH_PARAMETER.search(path) for path in paths):
        return True
    for param in function.scope.params:
        name = param[Param.NAME]
        if name in _CHOOSES or (param[Param.KIND] == "**" and not is_known):
            return True
        if name not in _NO_CHOICE and param[Param.KIND] not in ("*", "**") and param[Param.DEFAULT] is None:
            value = file.world.evaluator.name(name, function.frame, 0, 0)
            if value is None or value.name in _PLAIN:
                return True
    return False

"""A client decides which columns of a row are written.

## What it does

Looks for whole request bodies that are written into rows of the database:

* `Order(**request.get_json())`, `Order.objects.create(**data)`, `query.update(**data)`,
  `order.sqlmodel_update(data)`, `order.update_from_dict(data)` in a handler (Flask, FastAPI with a plain `dict`,
  Starlette, aiohttp, Django, Django REST framework; submitted forms too), also when keys were added to or taken
  from the body before;
* a loop over the items of a body that sets them as attributes of a row, in the handler or in a function of the
  project that the handler gives the body to;
* a pydantic model dumped into a row the same way, in the handler or in a function that is handed the model, if it
  has a column that grants rights (`is_admin`, `is_staff`, `balance` …) or keeps keys that it does not name
  (`extra="allow"`); what a schema of marshmallow has loaded that keeps them (`unknown = INCLUDE`), also behind a decorator;
* `fields = "__all__"` in a model form or a writable model serializer whose model has columns that grant rights;
* a serializer that names such a column (`is_staff`, the `role` of an account) and is given `request.user` to change.

## Why is this bad?

The client may name columns that no form shows: `owner_id`, `is_admin`, `balance`. A list of forbidden names ages
with every new column; only a list of allowed ones holds.

## How to fix

```python
class QueryChange(BaseModel):                   # the columns that a client may change, and no others
    name: str | None = None
    description: str | None = None

changes = QueryChange.model_validate(request.get_json()).model_dump(exclude_unset=True)
```

## Not reported

* Bodies that a schema, a serializer, or a function that picks and filters has seen; loops that test the key with
  `in`; serializers whose columns are all named, or whose delicate ones are read-only.
* Models whose columns are not known; forms and serializers of models without columns that grant rights; tests.
* Schemas with such columns in routes for those who may grant rights: by a word of the path, of the handler or of a
  dependency (`admin`, `permission`, `role` …), or a look at the caller's rights in the handler.

Compared with ruff's DJ007, which reports every form with `fields = "__all__"`: this rule looks at the model and
knows serializers, but leaves harmless models alone.

## References

* [OWASP: mass assignment cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html)
* [CWE-915](https://cwe.mitre.org/data/definitions/915.html)
* [Django: selecting the fields to use](https://docs.djangoproject.com/en/stable/topics/forms/modelforms/#selecting-the-fields-to-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, RouteEvent, Rule, on
from archlint.project.evaluation.frames import Frame
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.interface.raw_bodies import Raw

_MODELS = (
    "from flask_sqlalchemy import SQLAlchemy\n\n"
    "db = SQLAlchemy()\n\n\n"
    "class Query(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n    user_id = db.Column(db.Integer)\n"
)
_FLASK = "from flask import Flask, request\n\nfrom models import Query, db\n\napp = Flask(__name__)\n\n\n"
_SQLALCHEMY = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class Order(Base):\n"
    '    __tablename__ = "order"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_USER_MODEL = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "user"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    name: Mapped[str]\n"
    "    is_admin: Mapped[bool]\n"
)
_DJANGO = (
    "from django.contrib.auth.models import AbstractUser\nfrom django.db import models\n\n\n"
    "class Member(AbstractUser):\n    bio = models.TextField()\n\n\n"
    "class Note(models.Model):\n    text = models.TextField()\n"
)
_USERS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_admin: Mapped[bool]
"""

_KEEPS = "keeps keys that it does not name"


class MassAssignment(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "Client-chosen keys are written to `{model}` ({how}); name the columns that a client may set"
    answers = ("anti-pattern 4a", "area D", "dimension 3", "checklist 28", "checklist 44")

    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "app.py": _FLASK + '@app.post("/queries")\n'
                "def create():\n"
                "    data = request.get_json(force=True)\n"
                '    data.pop("id", None)\n'
                '    data["user_id"] = 1\n'
                "    query = Query(**data)  # ARC326\n"
                "    db.session.add(query)\n    return {}\n\n\n"
                '@app.post("/queries/<int:pk>")\n'
                "def change(pk):\n"
                "    query = Query.query.get(pk)\n"
                "    for key, value in request.get_json().items():\n"
                "        setattr(query, key, value)  # ARC326\n"
                "    db.session.commit()\n    return {}\n",
            },
            title="Flask: the constructor, a loop",
        ),
        Case(
            {
                "models.py": _MODELS,
                "base.py": "def update_model(model, updates):\n"
                "    for k, v in updates.items():\n        setattr(model, k, v)\n",
                "app.py": _FLASK + "from base import update_model\n\n\n"
                '@app.post("/queries/<int:pk>")\n'
                "def change(pk):\n"
                "    query = Query.query.get(pk)\n"
                "    data = request.get_json()\n"
                '    for field in ["id", "user_id"]:\n        data.pop(field, None)\n'
                "    update_model(query, data)  # ARC326\n"
                "    db.session.commit()\n    return {}\n",
            },
            title="Flask: the loop in another module, after a list of forbidden names",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from fastapi import Body, Depends, FastAPI\nfrom sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import Order\n\n"
                "app = FastAPI()\n\n\n"
                '@app.post("/orders")\n'
                "def create(payload: dict = Body(...), session: Session = Depends(get_session)):\n"
                "    session.add(Order(**payload))  # ARC326\n"
                "    session.commit()\n",
            },
            title="FastAPI: a plain dict",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "forms.py": "from django import forms\n\nfrom models import Member\n\n\n"
                "class MemberForm(forms.ModelForm):  # ARC326\n"
                '    class Meta:\n        model = Member\n        fields = "__all__"\n',
            },
            title="Django: a form with all fields",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": "from rest_framework import serializers\n\nfrom models import Member\n\n\n"
                "class MemberSerializer(serializers.ModelSerializer):  # ARC326\n"
                '    class Meta:\n        model = Member\n        fields = "__all__"\n',
                "views.py": "from rest_framework.response import Response\n"
                "from rest_framework.views import APIView\n\nfrom models import Note\n\n\n"
                "class Notes(APIView):\n"
                "    def post(self, request):\n"
                "        note = Note.objects.create(**request.data)  # ARC326\n"
                "        return Response(note.pk)\n",
            },
            title="DRF: a serializer with all fields, the data itself",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from fastapi import Depends, FastAPI\nfrom pydantic import BaseModel\n"
                "from sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import Order\n\n"
                "app = FastAPI()\n\n\n"
                "class OrderIn(BaseModel):\n    total: int\n    is_paid: bool\n\n\n"
                '@app.post("/orders")\n'
                "def create(order: OrderIn, session: Session = Depends(get_session)):\n"
                "    session.add(Order(**order.model_dump()))  # ARC326\n",
            },
            title="a model that allows too much",
            missed=True,
            why="nothing tells which fields of a model a client must not set",
        ),
        Case(
            {
                "models.py": _USERS,
                "app.py": """\
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import User

app = FastAPI()


class Profile(BaseModel):
    name: str
    is_admin: bool = False


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str


def get_db() -> Session: ...


@app.post("/register")
def register(profile: Profile, db: Session = Depends(get_db)):
    db.add(User(**profile.model_dump()))  # ARC326
    db.commit()


@app.patch("/profiles/{pk}")
def change(pk: int, loose: Loose, db: Session = Depends(get_db)):
    user = db.get(User, pk)
    for name, value in loose.model_dump().items():
        setattr(user, name, value)  # ARC326
    db.commit()


@app.put("/profiles/{pk}")
def replace(pk: int, profile: Profile, payload: dict, db: Session = Depends(get_db)):
    db.execute(update(User).where(User.id == pk).values(**profile.dict()))  # ARC326
    db.query(User).filter(User.id == pk).update(payload)  # ARC326
""",
            },
            title="a schema that lets the client choose too much",
        ),
        Case(
            {
                "db/base.py": """\
from sqlalchemy.ext.declarative import as_declarative, declared_attr


@as_declarative()
class Base:
    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
""",
                "db/models.py": """\
from sqlalchemy import Column, Integer, String

from db.base import Base


class User(Base):
    id = Column(Integer, primary_key=True)
    username = Column(String)
    role = Column(String)
""",
                "api/users.py": """\
from sqlalchemy.orm import Session

from db.models import User


def get_user(db: Session, username: str):
    return db.query(User).filter(User.username == username).first()
""",
                "api/profile.py": """\
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel, Extra
from sqlalchemy.orm import Session

from api.users import get_user

router = APIRouter()


class Profile(BaseModel, extra=Extra.allow):
    username: str


def get_db() -> Session: ...


@router.patch("/profile")
def patch(profile: Profile, db: Session = Depends(get_db)):
    user = get_user(db, profile.username)
    for name, value in profile.dict().items():
        if value:
            setattr(user, name, value)  # ARC326
    db.commit()


app = FastAPI()
app.include_router(router)
""",
            },
            title="tables below a decorated base, in other files",
        ),
        Case(
            {
                "models.py": """\
from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    paid: bool = False
""",
                "api.py": """\
from fastapi import Depends, FastAPI
from sqlmodel import Session

from db import get_session
from models import Order

app = FastAPI()


@app.patch("/orders/{order_id}")
def change(order_id: int, values: dict, session: Session = Depends(get_session)):
    order = session.get(Order, order_id)
    order.sqlmodel_update(values)  # ARC326
    session.commit()
""",
            },
            title="methods of the row that take columns as a mapping",
        ),
        Case(
            {
                "models.py": """\
from tortoise import fields
from tortoise.models import Model


class Player(Model):
    id = fields.IntField(pk=True)
    coins = fields.IntField(default=0)
""",
                "views.py": """\
from aiohttp import web

from models import Player

routes = web.RouteTableDef()


class BaseView(web.View):
    async def body(self):
        return await self.request.json()


@routes.view("/players/{id}")
class PlayerView(BaseView):
    async def put(self):
        data = await self.body()
        player = await Player.get(id=1)
        player.update_from_dict(data)  # ARC326
        await player.save()
        return web.Response()
""",
            },
            title="aiohttp and Tortoise: the body through a method of the view",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
""",
                "views.py": """\
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from models import Book


def change(request, pk):
    book = get_object_or_404(Book, pk=pk)
    for field in request.POST:
        setattr(book, field, request.POST[field])  # ARC326
    book.save()
    return HttpResponse()
""",
                "urls.py": """\
from django.urls import path

import views

urlpatterns = [path("books/<int:pk>/", views.change)]
""",
            },
            title="Django: a loop over the submitted form",
        ),
        Case(
            {
                "models.py": """\
from django.contrib.auth.models import AbstractUser


class Member(AbstractUser):
    pass
""",
                "serializers.py": """\
from rest_framework import serializers

from models import Member


class MemberSerializer(serializers.ModelSerializer):  # ARC326
    class Meta:
        model = Member
        fields = "__all__"
        extra_kwargs = {"password": {"write_only": True}}
""",
            },
            title="DRF: options for a harmless field close nothing",
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
                "store.py": """\
import sqlalchemy as sa
from sqlalchemy.orm import Session

from entities import Shipment


class ShipmentStore:
    def __init__(self, session: Session) -> None:
        self.session = session

    def update(self, pk: int, **values) -> None:
        self.session.execute(sa.update(Shipment).where(Shipment.id == pk).values(**values))

    def create(self, values: dict) -> None:
        self.session.add(Shipment(**values))

    def create_some(self, values: dict) -> None:
        values = {key: value for key, value in values.items() if key in ("weight",)}
        self.session.add(Shipment(**values))
""",
                "api.py": """\
from fastapi import FastAPI, Request

from store import ShipmentStore

app = FastAPI()


def get_store() -> ShipmentStore: ...


@app.patch("/shipments/{pk}")
async def change(pk: int, request: Request):
    data = await request.json()
    get_store().update(pk, **data)  # ARC326


@app.post("/shipments")
async def create(payload: dict):
    get_store().create(payload)  # ARC326
    get_store().create_some(payload)
""",
            },
            title="a repository that is handed all keys",
        ),
        Case(
            """\
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User


class UserForm(forms.ModelForm):  # ARC326
    class Meta:
        model = User
        fields = "__all__"


class OtherForm(forms.ModelForm):  # ARC326
    class Meta:
        model = get_user_model()
        fields = "__all__"


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name"]
""",
            title="Django's own user",
        ),
        Case(
            {
                "models.py": """\
from django.contrib.auth.models import AbstractUser


class Member(AbstractUser):
    pass
""",
                "api.py": """\
from django.shortcuts import get_object_or_404
from ninja import ModelSchema, NinjaAPI, Schema

from models import Member

api = NinjaAPI()


class Everything(ModelSchema):
    class Meta:
        model = Member
        fields = "__all__"


class Profile(ModelSchema):
    class Meta:
        model = Member
        fields = ["first_name", "last_name"]


class New(Schema):
    username: str
    is_staff: bool = False


@api.put("/members/{pk}")
def change(request, pk: int, payload: Everything):
    member = get_object_or_404(Member, pk=pk)
    for name, value in payload.dict().items():
        setattr(member, name, value)  # ARC326
    member.save()


@api.patch("/members/{pk}")
def rename(request, pk: int, payload: Profile):
    member = get_object_or_404(Member, pk=pk)
    for name, value in payload.dict().items():
        setattr(member, name, value)
    member.save()


@api.post("/members")
def add(request, payload: New):
    Member.objects.create(**payload.dict())  # ARC326
""",
            },
            title="django-ninja: schemas with columns that grant rights",
        ),
        Case(
            {
                "views.py": """\
import json

from django.http import JsonResponse
from models import Parcel


def parcel(request, pk):
    parcel = Parcel.objects.get(pk=pk)
    if request.method == "PATCH":
        data = json.loads(request.body)
        for key, value in data.items():
            setattr(parcel, key, value)  # ARC326
        parcel.save()
    return JsonResponse({"id": parcel.pk})


def change(request, pk):
    parcel = Parcel.objects.get(pk=pk)
    parcel.change(**json.loads(request.body))  # ARC326
    return JsonResponse({"id": parcel.pk})
""",
                "models.py": """\
from django.db import models


class Parcel(models.Model):
    label = models.TextField()
    owner = models.TextField()

    def change(self, save=True, **values):
        for key, value in values.items():
            setattr(self, key, value)
        if save:
            self.save()
""",
                "urls.py": """\
from django.urls import path

import views

urlpatterns = [path("parcels/<int:pk>", views.parcel), path("parcels/<int:pk>/change", views.change)]
""",
            },
            title="Django: for one method of a view, and by a method of the row",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    def update(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    @classmethod
    def create(cls, session, **values):
        row = cls(**values)
        session.add(row)
        return row


class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_admin: Mapped[bool]
""",
                "service.py": """\
from models import Account


class Accounts:
    def __init__(self, session):
        self.session = session

    def change(self, account: Account, data: dict):
        account.update(**data)

    def make(self, data: dict):
        return Account.create(self.session, **data)

    def rename(self, account: Account, data: dict):
        account.update(name=data["name"])
""",
                "api.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from models import Account
from service import Accounts

app = FastAPI()


def get_session() -> Session: ...


@app.patch("/accounts/{pk}")
def change(pk: int, data: dict, session: Session = Depends(get_session)):
    account = session.get(Account, pk)
    Accounts(session).change(account, data)  # ARC326


@app.post("/accounts")
def make(data: dict, session: Session = Depends(get_session)):
    Accounts(session).make(data)  # ARC326


@app.put("/accounts/{pk}")
def rename(pk: int, data: dict, session: Session = Depends(get_session)):
    account = session.get(Account, pk)
    Accounts(session).rename(account, data)
""",
            },
            title="through a service and a method of all models",
        ),
        Case(
            {
                "models.py": _USER_MODEL,
                "schemas.py": """\
from pydantic import BaseModel


class UserUpdate(BaseModel):
    name: str | None = None
    is_admin: bool | None = None


class NameUpdate(BaseModel):
    name: str
""",
                "services.py": """\
from sqlalchemy.orm import Session

from models import User
from schemas import NameUpdate, UserUpdate


class Users:
    def __init__(self, session: Session) -> None:
        self.session = session

    def update(self, user: User, changes: UserUpdate) -> None:
        for name, value in changes.model_dump(exclude_unset=True).items():
            setattr(user, name, value)
        self.session.commit()

    def add(self, given: UserUpdate) -> None:
        data = given.model_dump()
        self.session.add(User(**data))

    def add_plain(self, given: UserUpdate) -> None:
        data = given.model_dump()
        data.pop("is_admin", None)
        self.session.add(User(**data))

    def rename(self, user: User, changes: NameUpdate) -> None:
        for name, value in changes.model_dump().items():
            setattr(user, name, value)
""",
                "main.py": """\
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from db import get_session
from models import User
from schemas import NameUpdate, UserUpdate
from services import Users

app = FastAPI()


def get_users(session: Session = Depends(get_session)) -> Users:
    return Users(session)


def me() -> User:
    return User()


@app.patch("/me")
def change(changes: UserUpdate, user: User = Depends(me), users: Users = Depends(get_users)) -> None:
    users.update(user, changes)  # ARC326


@app.post("/people")
def create(given: UserUpdate, users: Users = Depends(get_users)) -> None:
    users.add(given)  # ARC326


@app.post("/plain-people")
def create_plain(given: UserUpdate, users: Users = Depends(get_users)) -> None:
    users.add_plain(given)


@app.patch("/me/name")
def rename(changes: NameUpdate, user: User = Depends(me), users: Users = Depends(get_users)) -> None:
    users.rename(user, changes)
""",
            },
            title="a service that dumps the schema it is handed",
        ),
        Case(
            {
                "models.py": """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    role = models.CharField(max_length=20, default="student")
""",
                "serializers.py": """\
from rest_framework import serializers

from models import Member


class MemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = Member
        fields = ["first_name", "email", "role"]


class CardSerializer(serializers.ModelSerializer):
    class Meta:
        model = Member
        fields = ["first_name", "is_staff"]
        read_only_fields = ["is_staff"]
""",
                "views.py": """\
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from models import Member
from serializers import CardSerializer, MemberSerializer


class Me(APIView):
    def patch(self, request):
        serializer = MemberSerializer(request.user, data=request.data, partial=True)  # ARC326
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    def put(self, request):
        serializer = CardSerializer(request.user, data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    def get(self, request):
        return Response(MemberSerializer(request.user).data)


class Profile(generics.RetrieveUpdateAPIView):  # ARC326
    serializer_class = MemberSerializer

    def get_object(self):
        return self.request.user


class Members(generics.RetrieveUpdateAPIView):
    queryset = Member.objects.all()
    serializer_class = MemberSerializer
""",
            },
            title="people who change their own account; the role of an account",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]


class Message(Base):
    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    text: Mapped[str]
""",
                "schemas.py": """\
from pydantic import BaseModel


class UserUpdate(BaseModel):
    email: str | None = None
    role: str | None = None


class MessageIn(BaseModel):
    role: str
    text: str
""",
                "app.py": """\
from fastapi import FastAPI
from sqlalchemy.orm import Session

from models import Message, User
from schemas import MessageIn, UserUpdate

app = FastAPI()


class UserService:
    def __init__(self, session: Session) -> None:
        self.session = session

    def update(self, user: User, data: UserUpdate) -> User:
        for key, value in data.model_dump(exclude_unset=True).items():
            setattr(user, key, value)
        self.session.commit()
        return user


@app.patch("/me")
def change(data: UserUpdate, user: User, session: Session):
    UserService(session).update(user, data)  # ARC326


@app.post("/messages")
def say(data: MessageIn, session: Session):
    session.add(Message(**data.model_dump()))
    session.commit()
""",
            },
            title="the role of an account in a schema that a service sets",
        ),
        Case(
            """\
from functools import wraps

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from marshmallow import EXCLUDE, INCLUDE, Schema, fields

app = Flask(__name__)
db = SQLAlchemy(app)


class Agent(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(200))
    is_admin = db.Column(db.Boolean)


class AgentSchema(Schema):
    class Meta:
        unknown = INCLUDE

    email = fields.Email(required=True)


class StrictSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    email = fields.Email(required=True)


def with_body(schema):
    def decorate(view):
        @wraps(view)
        def inner(*args, **kwargs):
            return view(*args, data=schema().load(request.get_json()), **kwargs)

        return inner

    return decorate


@app.route("/agents", methods=["POST"])
@with_body(AgentSchema)
def add_agent(data):
    db.session.add(Agent(**data))  # ARC326
    db.session.commit()
    return "", 201


@app.route("/agents/strict", methods=["POST"])
@with_body(StrictSchema)
def add_strict(data):
    db.session.add(Agent(**data))
    db.session.commit()
    return "", 201


@app.route("/agents/<int:agent_id>", methods=["PUT"])
def change_agent(agent_id):
    data = AgentSchema().load(request.get_json())
    agent = db.session.get(Agent, agent_id)
    for key, value in data.items():
        setattr(agent, key, value)  # ARC326
    db.session.commit()
    return ""
""",
            title="a schema of marshmallow that keeps unknown keys",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "base.py": "def update_model(model, updates):\n"
                "    for k, v in updates.items():\n        setattr(model, k, v)\n\n\n"
                "def project(data, names):\n    return {n: data[n] for n in names if n in data}\n",
                "app.py": _FLASK + "from base import project, update_model\n\n\n"
                'ALLOWED = {"name"}\n\n\n'
                '@app.post("/queries/<int:pk>")\n'
                "def change(pk):\n"
                "    query = Query.query.get(pk)\n"
                '    params = project(request.get_json(), ("name",))\n'
                "    update_model(query, params)\n"
                "    for key, value in request.get_json().items():\n"
                "        if key in ALLOWED:\n            setattr(query, key, value)\n"
                "    return {}\n",
            },
            title="Flask: lists of allowed names",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "api.py": "from fastapi import Depends, FastAPI\nfrom pydantic import BaseModel\n"
                "from sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import Order\n\n"
                "app = FastAPI()\n\n\n"
                "class OrderIn(BaseModel):\n    total: int\n\n\n"
                '@app.post("/orders")\n'
                "def create(order: OrderIn, session: Session = Depends(get_session)):\n"
                "    session.add(Order(**order.model_dump()))\n\n\n"
                '@app.put("/orders")\n'
                "def change(payload: dict):\n"
                "    return {**payload, 'total': dict(**payload)}\n",
            },
            title="FastAPI: a model of its own; dicts are no rows",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": "from rest_framework import serializers\n\nfrom models import Member, Note\n\n\n"
                "class NoteSerializer(serializers.ModelSerializer):\n"
                '    class Meta:\n        model = Note\n        fields = "__all__"\n\n\n'
                "class MemberSerializer(serializers.ModelSerializer):\n"
                '    class Meta:\n        model = Member\n        fields = ["bio"]\n\n\n'
                "class ReadOnly(serializers.ModelSerializer):\n"
                '    class Meta:\n        model = Member\n        fields = "__all__"\n'
                '        read_only_fields = ["is_superuser", "is_staff", "groups", "user_permissions"]\n',
            },
            title="DRF: a harmless model, named fields, read-only fields",
        ),
        Case(
            {
                "models.py": _USERS,
                "app.py": """\
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy.orm import Session

from models import User

app = FastAPI()


class Profile(BaseModel):
    name: str


class FullProfile(Profile):
    is_admin: bool = False


def get_db() -> Session: ...


def require_admin(): ...


@app.post("/register")
def register(profile: Profile, db: Session = Depends(get_db)):
    db.add(User(**profile.model_dump()))


@app.post("/users", dependencies=[Depends(require_admin)])
def create(profile: FullProfile, db: Session = Depends(get_db)):
    db.add(User(**profile.model_dump()))


@app.post("/people")
def add(profile: FullProfile, user: User, db: Session = Depends(get_db)):
    if not user.is_admin:
        raise HTTPException(403)
    db.add(User(**profile.model_dump()))


@app.put("/people/{pk}")
def keep(pk: int, profile: FullProfile, db: Session = Depends(get_db)):
    db.add(User(**profile.model_dump(exclude={"is_admin"})))
""",
            },
            title="schemas for those who may, or without such columns",
        ),
        Case(
            {
                "models.py": """\
from django.contrib.auth.models import AbstractUser


class Member(AbstractUser):
    pass
""",
                "serializers.py": """\
from rest_framework import serializers

from models import Member

CLOSED = {"read_only": True}


class MemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = Member
        fields = "__all__"
        extra_kwargs = {
            "is_superuser": {"read_only": True},
            "is_staff": {"read_only": True},
            "groups": CLOSED,
            "user_permissions": {"read_only": True},
        }
""",
                "views.py": """\
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from models import Member


def change(request, pk):
    member = get_object_or_404(Member, pk=pk)
    for field in request.POST:
        if field in ("first_name", "last_name"):
            setattr(member, field, request.POST[field])
    member.save()
    return HttpResponse()
""",
                "urls.py": """\
from django.urls import path

import views

urlpatterns = [path("members/<int:pk>/", views.change)]
""",
            },
            title="DRF: privileged columns made read-only by options; the keys of a form picked",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report bodies that become columns."""
        if file.role or function.route is None:
            return
        raw = file.world.api.raw_bodies.of(function, forms=True)
        if raw is not None:
            for index, model, how in self._written(function.frame, raw, file):
                yield self._at_call(function, index, model, f"{how} of the request body", file)
        for dumped, schema in file.world.api.open_bodies.of(function):
            for index, model, how in self._written(function.frame, dumped, file):
                yield from self._if_open(function, index, schema, model, how)
        for index, frame, dumped, schema in file.world.api.open_bodies.handed(function):
            for _, model, how in self._written(frame, dumped, file):
                yield from self._if_open(function, index, schema, model, how)
                break
        for kept, schema in file.world.api.kept_keys.of(function):
            name = file.world.api.schemas.name_of(schema)
            for index, model, how in self._written(function.frame, kept, file):
                yield self._at_call(function, index, model, f"{how} of `{name}`, which {_KEEPS}", file)
        for index, model, columns in file.world.api.own_account.handed(function):
            yield self._at_call(function, index, model, _of_the_caller(columns), file)

    def _if_open(
        self, function: Function, index: int, schema: str, model: str, how: str
    ) -> Iterator[Diagnostic]:
        file = function.file
        why = self._leaves_open(schema, model, file)
        if why:
            name = file.world.api.schemas.name_of(schema)
            yield self._at_call(function, index, model, f"{how} of `{name}`, which {why}", file)

    def _written(self, frame: Frame, body: Raw, file: File) -> Iterator[tuple[int, str, str]]:
        """The calls that write a body into a row, the models, and the way."""
        bodies = file.world.api.raw_bodies
        for index, model in bodies.models(frame, body):
            yield index, model, "all keys"
        for index, model in bodies.loops(frame, body):
            yield index, model, "a `setattr` for each key"

    def _leaves_open(self, schema: str, model: str, file: File) -> str:
        """What a schema lets a client choose in a model; empty when nothing delicate."""
        if file.world.api.open_bodies.allows_extra(schema):
            return _KEEPS
        granted = file.world.api.open_bodies.granting(schema)
        columns = sorted(c for c in granted if file.world.api.shown.grants(model, c))
        return f"has `{columns[0]}`" if columns else ""

    @on(ClassEvent)
    def check_fields(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report forms and serializers that take all columns of a delicate model."""
        if file.role or not cls.scope.bases:
            return
        model, columns = file.world.api.shown.open_to_clients(cls.key)
        if columns:
            how = '`fields = "__all__"` includes ' + ", ".join(f"`{c}`" for c in columns[:3])
            yield file.diagnostic(self, cls, model=file.world.api.schemas.name_of(model), how=how)
        model, columns = file.world.api.own_account.viewed(cls)
        if columns:
            name = file.world.api.schemas.name_of(model)
            yield file.diagnostic(self, cls, model=name, how=_of_the_caller(columns))

    def _at_call(self, function: Function, index: int, model: str, how: str, file: File) -> Diagnostic:
        place = file.span(function.scope.calls[index])
        return file.diagnostic(self, place, model=file.world.api.schemas.name_of(model), how=how)


def _of_the_caller(columns: list[str]) -> str:
    return "callers change " + ", ".join(f"`{c}`" for c in columns[:3]) + " of their own account"

"""A response schema that shows a password, its hash, or a secret of the account.

## What it does

Finds the schemas by which an API answers and reads their fields, inherited ones included:

* FastAPI: pydantic and SQLModel classes that stand in a `response_model` or a return annotation, alone, in lists,
  or as a field of another response;
* Django REST framework: model serializers, with declared fields and those of `Meta.fields`;
* django-ninja: schemas in `response=`, also those that take their fields from a model (`ModelSchema`);
* marshmallow: schemas that some code dumps or names as a response, also those that take all columns of a model;
* any framework: plain dicts that a handler answers with, built there or by a function that it calls (`user.to_dict()`),
  where they hold the password of a row or its hash.

It reports fields that hold a secret of a person's account: `hashed_password`, `password_hash`, `totp_secret`,
`private_key`, card numbers; and plain `password` where the schema describes an account.

## Why is this bad?

What is in the answer is in the browser, in its cache, in the logs of every proxy, and on the screen of whoever
lists users. A leaked hash is cracked offline, at leisure.

## How to fix

```python
class UserRead(BaseModel):          # what is read is a model of its own
    id: UUID
    email: EmailStr
```

or hide the field: `Field(exclude=True)` in pydantic, `extra_kwargs = {"password": {"write_only": True}}` in
Django REST framework, `load_only=True` in marshmallow.

## Not reported

* Tokens and API keys: many endpoints exist to hand them out.
* Fields of type `SecretStr`, excluded and write-only fields, fields that a serializer or validator of the class
  changes, registrations with `response_model_exclude` or `response_model_include`.
* `password` beside host and port: settings of a connection, which its owner may read.
* Other secrets than passwords in plain dicts, which may be what the answer is for.
* Known misses: dicts that more than two functions make, fields that a base class outside of the project brings.

On 12 applications there was one alarm, a schema for changing users that is dumped as the answer.

Compared with: ruff and bandit have no such check.

## References

* [FastAPI: response model](https://fastapi.tiangolo.com/tutorial/response-model/)
* [OWASP API3:2023 broken object property level authorization](https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/)
* [Django REST framework: write_only](https://www.django-rest-framework.org/api-guide/fields/#write_only)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ClassEvent, RouteEvent, Rule, on
from archlint.knowledge.exposure import ACCOUNT, SENSITIVE
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.remedies.shown import load_only, never_shown, write_only
from archlint.project.types import members

_TEXTS = frozenset(("str", "bytes"))
#: Names that also mean the password of a server or a mailbox.
_BROAD = frozenset(("password", "passwd", "secret_key", "private_key", "client_secret"))
#: Fields of a connection, which has the name and password of a user as well.
_CONNECTION = frozenset(("type", "kind", "host", "hostname", "url", "port", "scheme", "auth_type"))

_USERS = (
    "from pydantic import BaseModel, Field, SecretStr, field_serializer\n\n\n"
    "class UserBase(BaseModel):\n    email: str\n\n\n"
)
_API = "from fastapi import FastAPI\n\nfrom schemas import *\n\napp = FastAPI()\n\n\n"
_DJANGO = (
    "from django.contrib.auth.models import AbstractUser\nfrom django.db import models\n\n\n"
    "class Member(AbstractUser):\n    bio = models.TextField()\n"
)
_DRF = "from rest_framework import serializers\n\nfrom models import Member\n\n\n"
_WRITE_ONLY = "make it `write_only`"
_LOAD_ONLY = "make it `load_only`"


_DICT = "Handler `{name}` answers with `{field}` of a stored row; leave it out of the dict"


class SensitiveFieldInResponse(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "Response schema `{model}` exposes `{field}`; leave it out, or {how}"
    answers = ("anti-pattern 4a", "area C", "area D", "dimension 3")

    invalid = (
        Case(
            {
                "schemas.py": _USERS + "class UserRead(UserBase):\n"
                "    id: int\n    hashed_password: str  # ARC314\n",
                "api.py": _API + '@app.get("/users/{pk}", response_model=UserRead)\n'
                "def read(pk: int):\n    return load(pk)\n",
            },
            title="FastAPI: the hash in the response model",
            fixed="""\
from pydantic import BaseModel, Field, SecretStr, field_serializer


class UserBase(BaseModel):
    email: str


class UserRead(UserBase):
    id: int
    hashed_password: str = Field(exclude=True)  # ARC314
""",
        ),
        Case(
            {
                "schemas.py": _USERS + "class User(UserBase):\n    password: str | None  # ARC314\n\n\n"
                "class Page(BaseModel):\n    items: list[User]\n",
                "api.py": _API + '@app.get("/users")\ndef users() -> Page:\n    return load()\n',
            },
            title="FastAPI: inside a page, by annotation",
        ),
        Case(
            {
                "models.py": "from sqlmodel import Field, SQLModel\n\n\n"
                "class User(SQLModel, table=True):\n"
                "    id: int | None = Field(default=None, primary_key=True)\n"
                "    username: str\n    hashed_password: str  # ARC314\n",
                "api.py": "from fastapi import FastAPI\n\nfrom models import User\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/me")\nasync def me() -> User:\n    return load()\n',
            },
            title="SQLModel: the table itself",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _DRF + "class Everything(serializers.ModelSerializer):  # ARC314\n"
                '    class Meta:\n        model = Member\n        fields = "__all__"\n\n\n'
                "class Named(serializers.ModelSerializer):  # ARC314\n"
                "    class Meta:\n        model = Member\n"
                '        fields = ["id", "email", "password"]\n',
            },
            title="DRF: all fields, a listed field",
            fixed="""\
from rest_framework import serializers

from models import Member


class Everything(serializers.ModelSerializer):  # ARC314
    class Meta:
        model = Member
        fields = "__all__"
        extra_kwargs = {"password": {"write_only": True}}


class Named(serializers.ModelSerializer):  # ARC314
    class Meta:
        model = Member
        fields = ["id", "email", "password"]
        extra_kwargs = {"password": {"write_only": True}}
""",
        ),
        Case(
            "from marshmallow import Schema, fields\n\n\n"
            "class UserSchema(Schema):\n"
            "    email = fields.Email()\n    password = fields.Str()  # ARC314\n\n\n"
            "def show(user):\n    return UserSchema().dump(user)\n",
            title="marshmallow: a schema that is dumped",
            fixed="""\
from marshmallow import Schema, fields


class UserSchema(Schema):
    email = fields.Email()
    password = fields.Str(load_only=True)  # ARC314


def show(user):
    return UserSchema().dump(user)
""",
        ),
        Case(
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
            '@app.get("/me")\n'
            "def me(user: dict):\n"
            '    return {"email": user["email"], "hashed_password": user["hashed_password"]}  # ARC314\n',
            title="a plain dict",
        ),
        Case(
            {
                "shop/models.py": """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Member(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String)
    password = db.Column(db.String)

    def to_dict(self):
        return {"id": self.id, "email": self.email, "password": self.password}


class Server(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    host = db.Column(db.String)
    password = db.Column(db.String)
""",
                "shop/views.py": """\
from flask import Flask, jsonify

from shop.models import Member, Server

app = Flask(__name__)


@app.get("/members/<int:pk>")
def member(pk):
    return jsonify(Member.query.get(pk).to_dict())  # ARC314


@app.get("/members")
def members():
    found = []
    for row in Member.query.limit(20):
        data = {"id": row.id}
        data["password"] = row.password  # ARC314
        found.append(data)
    return jsonify(found)


@app.get("/servers/<int:pk>")
def server(pk):
    row = Server.query.get(pk)
    return jsonify(host=row.host, password=row.password)


@app.post("/members")
def create():
    row = Member.query.get(1)
    return {"id": row.id, "password": "***", "has_password": bool(row.password)}
""",
            },
            title="Flask: rows as dicts",
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


class UserSchema(ma.SQLAlchemyAutoSchema):  # ARC314
    class Meta:
        model = User


class SafeSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = User
        exclude = ("password",)


class FewSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = User
        fields = ("id", "email")
""",
                "app.py": """\
from flask import Flask

from models import User
from schemas import FewSchema, SafeSchema, UserSchema

app = Flask(__name__)


@app.get("/users/<int:pk>")
def user(pk):
    row = User.query.get(pk)
    return [UserSchema().dump(row), SafeSchema().dump(row), FewSchema().dump(row)]
""",
            },
            title="marshmallow: a schema that takes all columns of an account",
        ),
        Case(
            """\
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from rest_framework import serializers


class UserSerializer(serializers.ModelSerializer):  # ARC314
    class Meta:
        model = User
        fields = ["id", "username", "password"]


class AllSerializer(serializers.ModelSerializer):  # ARC314
    class Meta:
        model = get_user_model()
        fields = "__all__"


class NewSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username", "password"]
        extra_kwargs = {"password": {"write_only": True}}
""",
            title="DRF: Django's own user",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "api.py": "from ninja import ModelSchema, NinjaAPI, Schema\n\nfrom models import Member\n\n"
                "api = NinjaAPI()\n\n\n"
                "class Everything(ModelSchema):  # ARC314\n"
                '    class Meta:\n        model = Member\n        fields = "__all__"\n\n\n'
                "class Rest(ModelSchema):  # ARC314\n"
                '    class Meta:\n        model = Member\n        exclude = ["bio"]\n\n\n'
                "class Named(ModelSchema):\n"
                '    class Meta:\n        model = Member\n        fields = ["id", "email"]\n\n\n'
                "class Plain(Schema):\n    email: str\n    password: str  # ARC314\n\n\n"
                "class Change(ModelSchema):\n"
                '    class Meta:\n        model = Member\n        exclude = ["id"]\n\n\n'
                '@api.get("/members", response=list[Everything])\n'
                "def members(request):\n    return Member.objects.all()\n\n\n"
                '@api.get("/members/{pk}", response={200: Rest, 404: Plain})\n'
                "def member(request, pk: int):\n    return Member.objects.get(pk=pk)\n\n\n"
                '@api.put("/members/{pk}", response=Named)\n'
                "def change(request, pk: int, payload: Change):\n    return Member.objects.get(pk=pk)\n\n\n"
                '@api.get("/me", response={200: Plain})\n'
                "def me(request):\n    return 200, request.user\n",
            },
            title="django-ninja: schemas with fields of their own, and of a model",
        ),
    )
    valid = (
        Case(
            {
                "schemas.py": _USERS + "class UserCreate(UserBase):\n    password: str\n\n\n"
                "class UserRead(UserBase):\n"
                "    password: SecretStr\n    password_hash: str = Field(exclude=True)\n"
                "    totp_secret: str\n\n"
                '    @field_serializer("totp_secret")\n'
                '    def hide(self, value):\n        return "***"\n',
                "api.py": _API + '@app.post("/users", response_model=UserRead)\n'
                "def create(user: UserCreate):\n    return save(user)\n",
            },
            title="FastAPI: in the request, secret, excluded, masked",
        ),
        Case(
            {
                "schemas.py": "from pydantic import BaseModel\n\n\n"
                "class Token(BaseModel):\n    access_token: str\n    refresh_token: str\n\n\n"
                "class Server(BaseModel):\n    host: str\n    port: int\n    password: str\n",
                "api.py": _API + '@app.post("/login", response_model=Token)\n'
                "def login():\n    return make()\n\n\n"
                '@app.get("/server", response_model=Server)\n'
                "def server():\n    return load()\n",
            },
            title="FastAPI: tokens, the settings of a connection",
        ),
        Case(
            {
                "schemas.py": _USERS + "class User(UserBase):\n    hashed_password: str\n",
                "api.py": _API
                + '@app.get("/me", response_model=User, response_model_exclude={"hashed_password"})\n'
                "def me():\n    return load()\n",
            },
            title="FastAPI: left out by the registration",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "serializers.py": _DRF + "class Hidden(serializers.ModelSerializer):\n"
                "    class Meta:\n        model = Member\n"
                '        fields = ["id", "email", "password"]\n'
                '        extra_kwargs = {"password": {"write_only": True}}\n\n\n'
                "class Declared(serializers.ModelSerializer):\n"
                "    password = serializers.CharField(write_only=True)\n\n"
                "    class Meta:\n        model = Member\n"
                '        fields = ["id", "email", "password"]\n\n\n'
                "class Without(serializers.ModelSerializer):\n"
                '    class Meta:\n        model = Member\n        exclude = ["password"]\n\n\n'
                "class Login(serializers.Serializer):\n"
                "    email = serializers.EmailField()\n    password = serializers.CharField()\n",
            },
            title="DRF: write-only, left out, a form to log in",
        ),
        Case(
            "from marshmallow import Schema, fields\n\n\n"
            "class UserSchema(Schema):\n"
            "    email = fields.Email()\n    password = fields.Str(load_only=True)\n\n\n"
            "class LoginSchema(Schema):\n"
            "    email = fields.Email()\n    password = fields.Str()\n\n\n"
            "def show(user, body):\n"
            "    LoginSchema().load(body)\n    return UserSchema().dump(user)\n",
            title="marshmallow: for loading only",
        ),
        Case(
            """\
from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class BasicAuth(BaseModel):
    type: Literal["basic"]
    username: str
    password: str


class Hook(BaseModel):
    auth: BasicAuth


@app.get("/hooks/{name}")
def show(name: str) -> Hook: ...
""",
            title="FastAPI: how to log in at another service",
        ),
    )

    @on(ClassEvent)
    def check(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report the fields of a class that clients get to see."""
        if file.role or not cls.scope.bases:
            return
        world = file.world
        if world.api.schemas.is_schema(cls.key):
            yield from self._pydantic(cls, file)
        elif world.serializers.rest.fields.is_serializer(cls.key):
            for name in world.api.shown.by_serializer(cls.key):
                yield self._finding(cls, cls.scope.line, name, _WRITE_ONLY, file)
        else:
            for name, line in world.api.shown.by_marshmallow(cls.key):
                yield self._finding(cls, line, name, _LOAD_ONLY, file)

    @on(RouteEvent)
    def check_dicts(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report stored passwords among what a handler sends without a schema."""
        found = (
            {(s.key, s.place): s for s in file.world.api.sent_dicts.passwords(function)}
            if not file.role
            else {}
        )
        for sent in found.values():
            is_here = sent.place.path == file.name and sent.place.line > 0
            anchor = file.hop_location(sent.place) if is_here else file.return_at(sent.line)
            related = file.chain([sent.place]) if sent.place.line and not is_here else ()
            yield file.diagnostic(
                self,
                anchor or function,
                related=related,
                message=_DICT,
                name=function.name,
                field=sent.key,
            )

    def _pydantic(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        schemas = file.world.api.schemas
        columns = schemas.columns(cls.key)
        exposed = [c for c in columns if c.name in SENSITIVE and not c.is_excluded]
        uses = schemas.given(cls.key) if exposed else []
        is_account = _is_account({c.name for c in columns})
        for column in exposed if uses else ():
            kinds = members(column.type)
            if not kinds or any(m.name not in _TEXTS for m in kinds):
                continue
            if (column.name in _BROAD and not is_account) or schemas.masks(cls.key, column.name):
                continue
            own = column.path == file.name and cls.scope.line <= column.line <= cls.scope.end_line
            line = column.line if own else cls.scope.line
            shown = file.line_location(uses[0].line, uses[0].path)
            related = Related(shown, f"the response of `{uses[0].name}`")
            yield self._finding(cls, line, column.name, "declare it with `exclude=True`", file, related)
        for name in file.world.api.shown.by_model_schema(cls.key):
            if schemas.given(cls.key) and name not in cls.scope.binds:
                yield self._finding(cls, cls.scope.line, name, "name the fields of `Meta`", file)

    def _finding(
        self, cls: Class, line: int, field: str, how: str, file: File, *related: Related
    ) -> Diagnostic:
        anchor = cls if line == cls.scope.line else file.field(line, field)
        if how == _LOAD_ONLY:
            fix = load_only(file, line)
        elif how == _WRITE_ONLY:
            fix = write_only(file, line, field)
        else:
            fix = never_shown(file, line, field) if line != cls.scope.line else None
        return file.diagnostic(self, anchor, related=related, fix=fix, model=cls.name, field=field, how=how)


def _is_account(fields: set[str]) -> bool:
    """Whether the fields are those of a person's account."""
    found = ACCOUNT & fields
    return bool(found - {"username", "user_name"}) or bool(found and not _CONNECTION & fields)

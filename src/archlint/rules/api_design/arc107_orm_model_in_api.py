"""A row of the database that the API takes or gives as it is.

## What it does

Looks at handlers whose interface is a table:

* FastAPI: a body whose type is a SQLModel table; a `response_model` or return annotation that names one, also in
  lists; and, where no response is declared, or `Any`, rows (SQLAlchemy, SQLModel, Tortoise, Django) that are returned
  as they are, whatever function they came from.
* Flask, Starlette, aiohttp, Django: all columns of a row in the answer, by `vars(row)`, `row.__dict__`,
  `model_to_dict(row)`, `serializers.serialize(...)` or `values()` without fields.

## Why is this bad?

The table is the interface then: a column that is added for the application's own use is published with the next
deployment, a renamed one breaks the clients, and what the client sends may reach any column. The serializer walks
over relations, too, and loads them one by one.

## How to fix

```python
@router.get("/users/{pk}", response_model=UserRead)       # only the fields of UserRead leave
def read(pk: int, session: SessionDep) -> User:
    return session.get_one(User, pk)
```

With Flask or aiohttp build the answer from a schema (`UserRead.model_validate(row).model_dump()`), with Django
name the fields: `model_to_dict(row, fields=[...])`.

## Not reported

* Handlers whose `response_model` or annotation is no table: FastAPI filters by it.
* `to_dict()` and other methods of the model itself, templates, Django REST framework (ARC314 and ARC326 look at its
  serializers), tests.
* Known misses: rows inside of dicts that a FastAPI handler returns, Flask's JSON providers that know models.

## References

* [FastAPI: response model](https://fastapi.tiangolo.com/tutorial/response-model/)
* [SQLModel: multiple models with FastAPI](https://sqlmodel.tiangolo.com/tutorial/fastapi/multiple-models/)
* [Django: model_to_dict and forms](https://docs.djangoproject.com/en/stable/topics/forms/modelforms/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.interface.returned import Part, parts
from archlint.project.types import Type, members
from archlint.project.words import last_word

#: Functions that turn all columns of a row into plain values.
_WHOLE = frozenset(("django.forms.models.model_to_dict", "django.forms.model_to_dict", "vars"))
_LEAVES_OUT = frozenset(("fields", "exclude"))
_DUMPS = frozenset(("django.core.serializers.serialize",))
_FILLS = frozenset(("fastapi",))

_SQLALCHEMY = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "user"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_SQLMODEL = (
    "from sqlmodel import Field, SQLModel\n\n\n"
    "class HeroRead(SQLModel):\n    name: str\n\n\n"
    "class Hero(HeroRead, table=True):\n"
    "    id: int | None = Field(default=None, primary_key=True)\n"
)
_HEAD = (
    "from fastapi import APIRouter, Depends\nfrom sqlmodel import Session, select\n\n"
    "from db import get_session\nfrom models import *\n\n"
    "router = APIRouter()\n\n\n"
)
_SESSION = "session: Session = Depends(get_session)"


class OrmModelInApi(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "ORM entity `{model}` is {how} by the API; convert it {direction} a schema"
    answers = ("anti-pattern 4a", "area C", "area D", "area I", "dimension 1", "checklist 28")

    invalid = (
        Case(
            {
                "models.py": _SQLMODEL,
                "api.py": _HEAD + '@router.get("/heroes", response_model=list[Hero])\n'
                f"def heroes({_SESSION}):  # ARC107\n"
                "    return session.exec(select(Hero)).all()\n\n\n"
                '@router.post("/heroes", response_model=HeroRead)\n'
                f"def create(hero: Hero, {_SESSION}):  # ARC107\n"
                "    session.add(hero)\n    return hero\n",
            },
            title="FastAPI and SQLModel: as a response, as a body",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "crud.py": "from sqlalchemy.orm import Session\n\nfrom models import User\n\n\n"
                "def find(session: Session, pk: int):\n    return session.get(User, pk)\n",
                "api.py": "from typing import Any\n\nfrom fastapi import APIRouter, Depends\nfrom sqlalchemy.orm import Session\n\n"
                "import crud\nfrom db import get_session\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/users/{pk}")\n'
                f"def read(pk: int, {_SESSION}):  # ARC107\n"
                "    return crud.find(session, pk)\n\n\n"
                '@router.get("/people/{pk}")\n'
                f"def person(pk: int, {_SESSION}) -> Any:  # ARC107\n"
                "    return crud.find(session, pk)\n",
            },
            title="FastAPI and SQLAlchemy: no response declared, a row from another module",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\n"
                "db = SQLAlchemy()\n\n\n"
                "class User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
                "app.py": "from flask import Flask, jsonify\n\nfrom models import User\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/users/<int:pk>")\n'
                "def read(pk):  # ARC107\n"
                "    user = User.query.get(pk)\n"
                "    return jsonify(vars(user))\n",
            },
            title="Flask: all attributes of a row",
        ),
        Case(
            {
                "models.py": _SQLALCHEMY,
                "app.py": "from aiohttp import web\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import engine\nfrom models import User\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.get("/users/{pk}")\n'
                "async def read(request):  # ARC107\n"
                "    async with AsyncSession(engine) as session:\n"
                '        user = await session.get(User, int(request.match_info["pk"]))\n'
                "    return web.json_response(user.__dict__)\n",
            },
            title="aiohttp: the dict of a row",
        ),
        Case(
            {
                "models.py": "from tortoise import fields\nfrom tortoise.models import Model\n\n\n"
                "class User(Model):\n    id = fields.IntField(primary_key=True)\n",
                "api.py": "from fastapi import APIRouter\n\nfrom models import User\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/users/{pk}")\n'
                "async def read(pk: int):  # ARC107\n"
                "    return await User.get(id=pk)\n",
            },
            title="FastAPI and Tortoise: no response declared",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class User(models.Model):\n    name = models.TextField()\n",
                "views.py": "from django.forms.models import model_to_dict\n"
                "from django.http import JsonResponse\nfrom django.views import View\n\n"
                "from models import User\n\n\n"
                "class One(View):\n"
                "    def get(self, request, pk):  # ARC107\n"
                "        return JsonResponse(model_to_dict(User.objects.get(pk=pk)))\n\n\n"
                "class All(View):\n"
                "    def get(self, request):  # ARC107\n"
                '        return JsonResponse({"users": list(User.objects.values())})\n',
            },
            title="Django: all columns of a row, of all rows",
        ),
        Case(
            {
                "models.py": _SQLMODEL,
                "api.py": _HEAD + '@router.get("/heroes/{pk}")\n'
                f"def read(pk: int, {_SESSION}):  # ARC107\n"
                '    return {"hero": session.get(Hero, pk)}\n',
            },
            title="a row inside a dict",
            missed=True,
            why="values of returned dicts would have to be followed",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _SQLMODEL,
                "api.py": _HEAD + '@router.get("/heroes/{pk}", response_model=HeroRead)\n'
                f"def read(pk: int, {_SESSION}) -> Hero:\n"
                "    return session.get(Hero, pk)\n\n\n"
                '@router.post("/heroes")\n'
                f"def create(hero: HeroRead, {_SESSION}) -> HeroRead:\n"
                "    row = Hero.model_validate(hero)\n    session.add(row)\n    return row\n",
            },
            title="FastAPI: the response model filters",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\n"
                "db = SQLAlchemy()\n\n\n"
                "class User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n"
                "    def to_dict(self):\n        return {'id': self.id}\n",
                "app.py": "from flask import Flask, jsonify\n\nfrom models import User\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/users/<int:pk>")\n'
                "def read(pk):\n"
                "    user = User.query.get(pk)\n"
                "    app.logger.debug(vars(user))\n"
                "    return jsonify(user.to_dict())\n",
            },
            title="Flask: the model's own choice; all attributes in a log",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class User(models.Model):\n    name = models.TextField()\n",
                "views.py": "from django.forms.models import model_to_dict\n"
                "from django.http import JsonResponse\nfrom django.views import View\n\n"
                "from models import User\n\n\n"
                "class One(View):\n"
                "    def get(self, request, pk):\n"
                '        return JsonResponse(model_to_dict(User.objects.get(pk=pk), fields=["name"]))\n\n\n'
                "class All(View):\n"
                "    def get(self, request):\n"
                '        return JsonResponse({"users": list(User.objects.values("name"))})\n',
            },
            title="Django: named columns",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report tables among the bodies and the answers of a handler."""
        if file.role or function.route is None:
            return
        found = _accepted(function, file)
        if found:
            yield self._finding(function, found, "accepted", "from", file)
        found = _returned(function, file)
        if found:
            yield self._finding(function, found, "returned", "to", file)

    def _finding(self, function: Function, model: str, how: str, direction: str, file: File) -> Diagnostic:
        name = file.world.api.schemas.name_of(model)
        return file.diagnostic(self, function, model=name, how=how, direction=direction)


def _accepted(function: Function, file: File) -> str:
    """A table that a body is read into."""
    world = file.world
    for entry in world.route_table.of(file.name, function.scope):
        for body in entry.bodies:
            for model in world.api.schemas.models_in(body.type):
                if world.models.is_model(model):
                    return model
    return ""


def _returned(function: Function, file: File) -> str:
    """A table whose rows an answer shows whole."""
    world = file.world
    entries = world.route_table.of(file.name, function.scope)
    if function.route is not None and function.route.framework in _FILLS:
        for entry in entries:
            how, declared = entry.response
            if how and not (how == "annotation" and _is_any(function)):
                tables = [m for m in world.api.schemas.models_in(declared) if world.models.is_model(m)]
                return tables[0] if tables else ""
        return _bare(function, file) if entries else ""
    return next((model for part in parts(function.frame) if (model := _taken_whole(part, file))), "")


def _is_any(function: Function) -> bool:
    """Whether the annotation promises nothing, so that FastAPI shows what it gets."""
    word = last_word(function.scope.returns_annotation)
    return function.file.renamed.get(word, word) == "Any"


def _bare(function: Function, file: File) -> str:
    """A row, or a list of rows, that is returned as it is where no response is declared."""
    world = file.world
    for expr, block, order, _ in function.scope.returns:
        value = world.evaluator.eval(expr, function.frame, block, order)
        found = _rows(value, file)
        if found:
            return found
    return ""


def _rows(value: Type | None, file: File) -> str:
    for member in members(value):
        if member.kind != "inst":
            continue
        if file.world.models.is_model(member.name) and {"row", "new"} & set(member.facts):
            return member.name
        if member.name in ("list", "tuple", "sqlalchemy.engine.ScalarResult"):
            for item in members(file.world.evaluator.iterate(member)):
                if item.kind == "inst" and "row" in item.facts and file.world.models.is_model(item.name):
                    return item.name
    return ""


def _taken_whole(part: Part, file: File) -> str:
    """The model of a row all of whose columns an expression takes."""
    world, expr = file.world, part.expr
    if expr is None:
        return ""
    if expr[0] == "a" and expr[2] == "__dict__":
        return _row(world.evaluator.eval(expr[1], part.frame, part.block, part.order), file)
    if expr[0] != "c":
        return ""
    row = part.frame.scope.calls[expr[1]]
    arguments = world.evaluator.arguments(row, part.frame)
    keywords = {key for key, _ in row[Call.KEYWORDS]}
    for callee in members(world.evaluator.callee(expr[1], part.frame)):
        if callee.kind != "lib" or keywords & _LEAVES_OUT:
            continue
        if callee.name in _WHOLE and len(arguments) == 1:
            return _row(arguments[0], file)
        if callee.name in _DUMPS and len(arguments) > 1:
            return next(iter(world.api.accesses.models_in(arguments[1])), "")
        is_values = last_word(row[Call.FUNC]) == "values" and callee.name.startswith("django.db.models.")
        if is_values and not row[Call.ARGS] and not keywords and callee.args:
            return next(iter(world.api.accesses.models_in(callee.args[0])), "")
    return ""


def _row(value: Type | None, file: File) -> str:
    for member in members(value):
        if member.kind == "inst" and file.world.models.is_model(member.name):
            return member.name
    return ""

"""Text of a client becomes part of an SQL statement.

## What it does

Follows what a client sends from the request to the database and reports the call that runs, or
prepares, a statement with that text in it: `text()`, `literal_column()` and `execute()` of
SQLAlchemy, `raw()`, `extra()`, `RawSQL` and cursors of Django, psycopg, asyncpg, aiomysql, PyMySQL,
sqlite3, aiosqlite, `databases`, Tortoise, peewee, pandas, DuckDB.

Text enters by path, query, form, body, header, cookie, file name or WebSocket message of FastAPI,
Starlette, Flask, Quart, Django, Django REST framework, aiohttp and Tornado, also through
`Depends(…)`. It is followed through f-strings, `%`, `+`, `+=`, `format()`, `join()`, lists and
dictionaries, attributes, constructors, project functions and what they return, threads and
background tasks, up to four calls deep. The related places name the calls.

## Why is this bad?

Who writes a part of the statement decides what it does: read every table, log in as anybody, drop
the data. Escaping by hand fails at the next character set, and a statement without quotes around the
value (`ORDER BY`, a number, a column) needs no quote to break out.

## How to fix

Pass values beside the statement; the driver keeps the two apart:

```python
session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name})
cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
await connection.fetch("SELECT * FROM users WHERE name = $1", name)
```

Names of columns and directions cannot be parameters. Look them up in what is allowed:

```python
column = {"name": User.name, "age": User.age}.get(sort, User.id)
```

## Not reported

* Numbers, dates, UUIDs, enumerations, `Literal`, and fields with a `pattern` or a validator that
  refuses: by annotation of the handler or of its pydantic model, by form field, by the converter in
  the route (`<int:id>`), or by a call (`int(…)`).
* Values that were compared before: `in ALLOWED`, `==`, a regular expression, `isidentifier()`, a
  function whose name or body says that it checks; and what is looked up with the client's key.
* Identifiers quoted by `sql.Identifier`, `quoted_name` and functions named `quote…`, `escape…`.
* Statements from tests, migrations and scripts; text from the database, from settings, from files;
  functions whose callers are not in the project. These are what a look at the shape of a string
  alone reports most.
* Receivers whose type is not known, unless their argument reads as a statement.

Compared with S608 of ruff, which looks at single strings: on five published backends S608 has 32
alarms outside tests and migrations, this rule none. What it drops was read: fragments and names that
the program itself chooses (tables, columns, placeholders), identifiers that are quoted, help texts and
prompts that look like statements. bandit's B608 has 21 alarms on five backends; none of ten drawn is
true: identifiers that are quoted, names of tables that the program chooses. What this rule adds are
statements put together over several lines, functions and files, and `extra()` or `literal_column()`
with a column from the request.

## References

- [OWASP: SQL injection prevention](https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html)
- [CWE-89](https://cwe.mitre.org/data/definitions/89.html)
- [SQLAlchemy: bound parameters](https://docs.sqlalchemy.org/en/20/tutorial/dbapi_transactions.html#sending-parameters)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.knowledge.sinks import STATEMENTS
from archlint.model.summary import ANNOTATION, Call, Expr
from archlint.project.remedies.untrusted import with_parameters
from archlint.project.taint.pieces import pieces_of, written
from archlint.project.taint.sinks import Arrival, Sink, arrival, arrivals, report
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.taint.sinks import Sinks


class SqlInjection(Rule):
    """A statement with a client's text in it."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "SQL built from `{source}` reaches `{sink}()`; pass values as bound parameters, look up names of columns"
    answers = ("area B", "area D", "dimension 3", "checklist 37", "checklist 44")
    mentions = (
        "execute", "text", "raw", "extra", "fetch", "SQL", "sql", "query", "scalar", "stream",
        "prepare", "copy", "cursor", "iterate", "from_statement", "with_hint", "prefix_with",
        "read_database",
    )  # fmt: skip

    invalid = (
        Case(
            """\
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import literal_column, select, text
from sqlalchemy.orm import Session

app = FastAPI()


class Search(BaseModel):
    name: str
    limit: int


def get_db() -> Session: ...


def sorting(order: str = "id") -> str:
    return order.strip()


@app.get("/users")
def users(name: str, order: str = Depends(sorting), db: Session = Depends(get_db)):
    statement = f"SELECT * FROM users WHERE name = '{name}'"
    rows = db.execute(text(statement)).all()  # ARC305
    ordered = db.execute(text("SELECT * FROM users ORDER BY " + order))  # ARC305
    columns = db.execute(select(literal_column(order)))  # ARC305
    return rows, ordered, columns


@app.post("/search")
def search(body: Search, db: Session = Depends(get_db)):
    return db.execute(text("SELECT * FROM users WHERE name = '%s' LIMIT %d" % (body.name, body.limit)))  # ARC305
""",
            title="FastAPI and SQLAlchemy: query, model, dependency",
        ),
        Case(
            """\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()


class Search(BaseModel):
    name: str
    city: str


@app.post("/search")
def search(body: Search, db: Session, order: str):
    found = db.execute(
        text(f"SELECT * FROM users WHERE name = '{body.name}' AND city LIKE {body.city}")  # ARC305
    )
    return found, db.execute(text(f"SELECT * FROM users ORDER BY {order}"))  # ARC305
""",
            title="values in an f-string",
            fixed="""\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()


class Search(BaseModel):
    name: str
    city: str


@app.post("/search")
def search(body: Search, db: Session, order: str):
    found = db.execute(
        text("SELECT * FROM users WHERE name = :body_name AND city LIKE :body_city"), {"body_name": body.name, "body_city": body.city}  # ARC305
    )
    return found, db.execute(text(f"SELECT * FROM users ORDER BY {order}"))  # ARC305
""",
        ),
        Case(
            {
                "api.py": """\
from fastapi import APIRouter, Request

from service import Reports, find

router = APIRouter()


@router.post("/find")
async def find_users(request: Request):
    data = await request.json()
    return await find(data["filters"], data.get("sort", "id"))


@router.get("/report/{kind}")
def report(kind: str):
    return Reports(kind).rows()
""",
                "service.py": """\
from store import fetch, run


async def find(filters, sort):
    conditions = ["deleted = false"]
    for column, value in filters.items():
        conditions.append(f"{column} = '{value}'")
    return await fetch(" AND ".join(conditions), sort)


class Reports:
    def __init__(self, kind):
        self.kind = kind

    def rows(self):
        return run(f"report_{self.kind}")
""",
                "store.py": """\
import sqlite3

import asyncpg


async def fetch(condition, sort):
    connection = await asyncpg.connect("postgres://")
    return await connection.fetch("SELECT * FROM users WHERE {} ORDER BY {}".format(condition, sort))  # ARC305


def run(table):
    with sqlite3.connect("app.db") as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM " + table)  # ARC305
        return cursor.fetchall()
""",
            },
            title="two functions further, in other files; asyncpg and sqlite3",
        ),
        Case(
            """\
import psycopg2
from flask import Flask, request
from flask.views import MethodView
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.route("/users/<name>")
def user(name):
    return db.session.execute("SELECT * FROM users WHERE name = '%s'" % name)  # ARC305


@app.route("/users/<int:key>")
def by_key(key):
    return db.session.execute(f"SELECT * FROM users WHERE id = {key}")


class Login(MethodView):
    def post(self):
        connection = psycopg2.connect("")
        cursor = connection.cursor()
        cursor.execute(  # ARC305
            "SELECT * FROM users WHERE name = '" + request.form["name"] + "' AND active"
        )
        token = request.cookies.get("token")
        query = "SELECT * FROM tokens"
        if token:
            query += f" WHERE token = '{token}'"
        cursor.execute(query)  # ARC305
        return cursor.fetchone()
""",
            title="Flask and psycopg",
        ),
        Case(
            {
                "views.py": """\
from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import JsonResponse
from django.views import View
from rest_framework.views import APIView

from models import User


def search(request):
    name = request.GET.get("name", "")
    users = User.objects.raw(f"SELECT * FROM users_user WHERE name = '{name}'")  # ARC305
    return JsonResponse({"users": [user.pk for user in users]})


class Extra(View):
    def get(self, request):
        order = request.GET["order"]
        extra = User.objects.extra(where=["name = '%s'" % request.GET["name"]])  # ARC305
        raw = User.objects.annotate(rank=RawSQL(f"rank({order})", []))  # ARC305
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM users_user ORDER BY {order}")  # ARC305
        return JsonResponse({"extra": list(extra), "raw": list(raw)})


class Api(APIView):
    def post(self, request):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM users_user WHERE name = '{}'".format(request.data["name"]))  # ARC305
""",
                "models.py": """\
from django.db import models


class User(models.Model):
    name = models.CharField(max_length=100)
""",
            },
            title="Django and Django REST framework",
        ),
        Case(
            """\
import aiomysql
from aiohttp import web
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route


async def users(request: web.Request):
    pool = await aiomysql.create_pool()
    async with pool.acquire() as connection:
        async with connection.cursor() as cursor:
            await cursor.execute(f"SELECT * FROM users WHERE id = {request.match_info['id']}")  # ARC305
            return web.json_response(await cursor.fetchall())


app = web.Application()
app.router.add_get("/users/{id}", users)


async def orders(request: Request):
    pool = await aiomysql.create_pool()
    async with pool.acquire() as connection:
        async with connection.cursor() as cursor:
            await cursor.execute("SELECT * FROM orders ORDER BY %s" % request.query_params["sort"])  # ARC305


starlette = Starlette(routes=[Route("/orders", orders)])
""",
            title="aiohttp and Starlette with aiomysql",
        ),
        Case(
            """\
import sqlite3

import tornado.web
from quart import Quart, request

app = Quart(__name__)


class Search(tornado.web.RequestHandler):
    def get(self):
        name = self.get_argument("name")
        connection = sqlite3.connect("app.db")
        connection.execute(f"SELECT * FROM users WHERE name = '{name}'")  # ARC305


@app.post("/search")
async def search():
    data = await request.get_json()
    connection = sqlite3.connect("app.db")
    connection.executescript("UPDATE users SET name = '" + data["name"] + "'")  # ARC305
    return {}
""",
            title="Tornado and Quart",
        ),
        Case(
            """\
import asyncio
import sqlite3

from celery import shared_task
from fastapi import BackgroundTasks, FastAPI, WebSocket

app = FastAPI()


def lookup(name):
    return sqlite3.connect("app.db").execute(f"SELECT * FROM users WHERE name = '{name}'")  # ARC305


def note(text):
    sqlite3.connect("app.db").execute("INSERT INTO notes VALUES ('" + text + "')")  # ARC305


@shared_task
def clean(table):
    sqlite3.connect("app.db").execute(f"DELETE FROM {table}")  # ARC305


@app.websocket("/names")
async def names(socket: WebSocket):
    await socket.accept()
    name = await socket.receive_text()
    await socket.send_json(await asyncio.to_thread(lookup, name))


@app.post("/notes")
def notes(text: str, tasks: BackgroundTasks):
    tasks.add_task(note, text)
    clean.delay(text)
    return {}
""",
            title="WebSocket, thread, background task, queue",
        ),
        Case(
            """\
import sqlite3


class Users:
    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection

    def by_name(self, name: str):
        return self.connection.execute(f"SELECT * FROM users WHERE name = '{name}'")  # ARC305
""",
            title="a method that nothing in the project calls",
            missed=True,
            why="whose text it is shows at the callers; without one it takes a rule about quotes around a place",
        ),
        Case(
            {
                "shop/__init__.py": """\

""",
                "shop/views.py": """\
from django.db import connection
from django.views import View
from django.views.generic import ListView
from rest_framework.viewsets import ModelViewSet


class Totals(View):
    def get(self, request, *args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum({kwargs['column']}) FROM orders")  # ARC305
            cursor.execute(f"SELECT * FROM orders WHERE id = {kwargs['pk']}")
            return cursor.fetchone()


class Orders(ListView):
    def get_queryset(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM orders WHERE tag = '%s'" % self.kwargs["tag"])  # ARC305
            return cursor.fetchall()


class OrderViewSet(ModelViewSet):
    def retrieve(self, request, pk=None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM orders WHERE id = %s" % pk)  # ARC305
            return cursor.fetchone()
""",
                "shop/urls.py": """\
from django.urls import path

from . import views

urlpatterns = [
    path("totals/<int:pk>/<str:column>/", views.Totals.as_view()),
    path("orders/<tag>/", views.Orders.as_view()),
]
""",
            },
            title="places in the path of a class-based view",
        ),
        Case(
            """\
import sqlite3

import pandas
from flask import Flask, request
from flask_restful import Api, Resource
from sqlalchemy import create_engine

app = Flask(__name__)
api = Api(app)
engine = create_engine("sqlite://")


@app.get("/report")
def report():
    return pandas.read_sql(f"SELECT * FROM {request.args['table']}", engine).to_json()  # ARC305


class Log(Resource):
    def get(self, name):
        return sqlite3.connect("log.db").execute(f"SELECT * FROM log WHERE name = '{name}'").fetchall()  # ARC305


api.add_resource(Log, "/logs", "/logs/<string:name>")
""",
            title="a table read by pandas; a resource of Flask-RESTful",
        ),
        Case(
            {
                "base.py": """\
class Store:
    def __init__(self, pool):
        self.pool = pool

    async def many(self, sql, *args):
        async with self.pool.acquire() as conn:
            return await conn.fetch(sql, *args)  # ARC305
""",
                "ladder.py": """\
from base import Store


class LadderStore(Store):
    async def season(self, name: str):
        return await self.many(f"SELECT * FROM ladder WHERE season = '{name}'")

    async def bound(self, name: str):
        return await self.many("SELECT * FROM ladder WHERE season = $1", name)
""",
                "app.py": """\
import asyncpg
from aiohttp import web

from ladder import LadderStore

POOL = web.AppKey("pool", asyncpg.Pool)
routes = web.RouteTableDef()


@routes.get("/ladder")
async def ladder(request):
    store = LadderStore(request.app[POOL])
    rows = await store.season(request.query["season"])
    return web.json_response([dict(r) for r in rows + await store.bound(request.query["season"])])
""",
            },
            title="the pool is given to subclasses of an untyped store",
        ),
        Case(
            """\
from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.get("/users")
def users():
    statement = "SELECT * FROM users WHERE id = " + request.args["id"]
    return jsonify([dict(row) for row in db.session.execute(db.text(statement))])  # ARC305
""",
            title="Flask-SQLAlchemy's own text()",
        ),
        Case(
            """\
import sqlite3

from flask import Flask
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from webargs import fields as arguments
from webargs.flaskparser import parser, use_args, use_kwargs

app = Flask(__name__)
blp = Blueprint("items", "items")
db = sqlite3.connect("items.db")
FIELDS = {"title": arguments.Str(), "size": arguments.Int()}


class Search(Schema):
    name = fields.Str(required=True)
    age = fields.Int()
    kind = fields.Str(validate=validate.OneOf(["a", "b"]))


@app.get("/a")
@use_args({"name": arguments.Str(), "n": arguments.Int()}, location="query")
def a(args):
    db.execute(f"SELECT * FROM item WHERE n = {args['n']}")
    db.execute(f"SELECT * FROM item WHERE name = '{args['name']}'")  # ARC305


@app.get("/b/<int:pk>")
@use_kwargs(FIELDS, location="query")
def b(title, size, pk):
    db.execute(f"SELECT * FROM item WHERE size = {size} AND id = {pk}")
    db.execute(f"SELECT * FROM item WHERE title = '{title}'")  # ARC305


@app.post("/c")
@use_args(Search())
def c(args):
    db.execute("SELECT * FROM item WHERE kind = '%s'" % args["kind"])
    db.execute("SELECT * FROM item WHERE name = '%s'" % args["name"])  # ARC305


@blp.route("/d")
class Items(MethodView):
    @blp.arguments(Search, location="query")
    def get(self, args):
        db.execute("SELECT * FROM item WHERE name = '%s'" % args["name"])  # ARC305


@app.post("/e")
@parser.use_kwargs(Search, location="form")
def e(name, kind):
    db.execute("SELECT * FROM item WHERE kind = '%s'" % kind)
    db.execute("SELECT * FROM item WHERE name = '%s'" % name)  # ARC305
""",
            title="webargs, flask-smorest: parameters that a schema fills",
        ),
        Case(
            """\
from flask_restx import Namespace, Resource, reqparse
from sqlalchemy import text
from sqlalchemy.orm import Session

ns = Namespace("places")
parser = reqparse.RequestParser()
parser.add_argument("city", type=str, location="args")
parser.add_argument("limit", type=int, location="args")
parser.add_argument("order", choices=("name", "city"), location="args")


@ns.route("/places")
class Places(Resource):
    def get(self, session: Session):
        given = parser.parse_args()
        return session.execute(text(f"SELECT * FROM places WHERE city = '{given['city']}'")).all()  # ARC305


@ns.route("/some")
class Some(Resource):
    def get(self, session: Session):
        given = parser.parse_args()
        return session.execute(text(f"SELECT * FROM places ORDER BY {given['order']} LIMIT {given['limit']}")).all()
""",
            title="Flask-RESTX: a parser of arguments, and what it converts",
        ),
        Case(
            """\
import sqlite3

from flask import Flask, request

app = Flask(__name__)


class Report:
    sql = "SELECT teacher, count(*) FROM courses"

    def where(self, params):
        return "", []

    def run(self, params):
        clause, values = self.where(params)
        return sqlite3.connect("school.db").execute(self.sql + clause, values).fetchall()  # ARC305


class TeacherReport(Report):
    def where(self, params):
        return f" WHERE teacher = '{params['teacher']}'", []


class RoomReport(Report):
    def where(self, params):
        return " WHERE room = ?", [params["room"]]


@app.route("/teachers")
def teachers():
    return str(TeacherReport().run(request.args))
""",
            title="a clause that subclasses make",
        ),
    )
    valid = (
        Case(
            """\
from datetime import date
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Path, Query
from pydantic import BaseModel, Field, field_validator
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()
COLUMNS = {"name": "users.name", "age": "users.age"}


class Direction(str, Enum):
    up = "asc"
    down = "desc"


class Search(BaseModel):
    age: int
    direction: Direction
    mode: Literal["any", "all"]
    tag: str = Field(pattern="^[a-z]+$")
    column: str

    @field_validator("column")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in COLUMNS:
            raise ValueError(value)
        return value


def get_db() -> Session: ...


@app.get("/users/{key}")
def users(
    key: int,
    uid: UUID,
    day: date,
    name: str,
    code: Annotated[str, Path(pattern="^[A-Z]+$")],
    tag: str = Query(regex="^[a-z]+$"),
    sort: str = "name",
    other: str = "name",
    direction: Direction = Direction.up,
    db: Session = Depends(get_db),
):
    db.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name})
    db.execute(text(f"SELECT * FROM users WHERE id = {key} AND uid = '{uid}' AND day = '{day}'"))
    db.execute(text(f"SELECT * FROM users WHERE code = '{code}' AND tag = '{tag}'"))
    db.execute(text(f"SELECT * FROM users ORDER BY name {direction.value}"))
    db.execute(text(f"SELECT * FROM users ORDER BY {COLUMNS[sort]}, {COLUMNS.get(other, 'id')}"))
    if sort not in COLUMNS:
        raise HTTPException(400)
    other = other if other in ("name", "age") else "id"
    return db.execute(text(f"SELECT {sort} FROM users ORDER BY {other}"))


@app.post("/search")
def search(body: Search, db: Session = Depends(get_db)):
    return db.execute(
        text(f"SELECT * FROM users WHERE age > {body.age} AND {body.mode} ORDER BY {body.column} {body.direction}")
    )
""",
            title="declared types and allowed values",
        ),
        Case(
            """\
import re
import sqlite3

from flask import Flask, abort, request
from psycopg import sql
import psycopg

app = Flask(__name__)
TABLES = frozenset(("users", "orders"))


def check_table(name):
    if name not in TABLES:
        abort(404)


def is_known(name):
    return name in TABLES


@app.get("/rows")
def rows():
    connection = sqlite3.connect("app.db")
    first, second, third = request.args["first"], request.args["second"], request.args["third"]
    check_table(first)
    connection.execute(f"SELECT * FROM {first}")
    if is_known(second):
        connection.execute(f"SELECT * FROM {second}")
    if not re.fullmatch(r"\\w+", third):
        abort(400)
    connection.execute(f"SELECT * FROM {third}")
    connection.execute("SELECT * FROM users WHERE id = %d" % int(request.args["id"]))
    marks = ", ".join("?" for _ in request.args.getlist("id"))
    connection.execute(f"SELECT * FROM users WHERE id IN ({marks})", request.args.getlist("id"))
    for name in request.args.getlist("name"):
        match name:
            case "users" | "orders":
                connection.execute(f"DELETE FROM {name}")
    return {}


@app.get("/named")
def named():
    with psycopg.connect() as connection:
        column = sql.Identifier(request.args["column"])
        return connection.execute(sql.SQL("SELECT {} FROM users").format(column)).fetchall()
""",
            title="compared, matched, looked up, quoted",
        ),
        Case(
            {
                "views.py": """\
from django import forms
from django.db import connection
from django.http import HttpRequest

from models import Shop


class Choice(forms.Form):
    number = forms.IntegerField()
    kind = forms.ChoiceField(choices=[("a", "A")])


def report(request: HttpRequest):
    form = Choice(request.GET)
    if not form.is_valid():
        return None
    shop = Shop.objects.get(slug=request.GET["shop"])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM shop_{shop.table} WHERE id = {form.cleaned_data['number']}")
        cursor.execute("SELECT * FROM log WHERE kind = '%s'" % form.cleaned_data["kind"])
        cursor.execute("SELECT * FROM log WHERE name = %s", [request.GET["name"]])
        cursor.execute(f"SELECT * FROM {Shop._meta.db_table}")
    return Shop.objects.extra(where=["name = %s"], params=[request.GET["name"]])
""",
                "models.py": """\
from django.db import models


class Shop(models.Model):
    slug = models.SlugField()
    table = models.CharField(max_length=10)
""",
            },
            title="form fields, stored rows, bound parameters of Django",
        ),
        Case(
            """\
import sqlite3


class Job:
    def execute(self, text):
        return text


def run(name: str, job: Job):
    job.execute(f"SELECT * FROM {name}")
    connection = sqlite3.connect("app.db")
    table = "users"
    connection.execute(f"SELECT * FROM {table} WHERE name = ?", (name,))
    connection.execute(f"VACUUM INTO '{name}'")


run("backup", Job())
""",
            title="no client; something else that executes",
        ),
        Case(
            {
                "shop/__init__.py": """\

""",
                "shop/views.py": """\
from django.db import connection
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet


class Orders(APIView):
    def get(self, request, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM orders WHERE id = {kwargs['pk']} AND y = {self.kwargs['year']}")
            return cursor.fetchone()


class OrderViewSet(ModelViewSet):
    lookup_value_regex = "[0-9]+"

    def retrieve(self, request, pk=None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM orders WHERE id = %s" % pk)
            return cursor.fetchone()
""",
                "shop/urls.py": """\
from django.urls import path, re_path

from . import views

urlpatterns = [re_path(r"^orders/(?P<pk>\\d+)/(?P<year>[0-9]{4})/$", views.Orders.as_view())]
""",
            },
            title="places in the path that are numbers",
        ),
        Case(
            """\
import sqlite3

from flask import Flask, request

app = Flask(__name__)


class Report:
    def where(self, params):
        raise NotImplementedError

    def run(self, params):
        clause, values = self.where(params)
        return sqlite3.connect("school.db").execute("SELECT 1 FROM courses" + clause, values).fetchall()


class RoomReport(Report):
    def where(self, params):
        return " WHERE room = ?", [params["room"]]


@app.route("/rooms")
def rooms():
    return str(RoomReport().run(request.args))
""",
            title="clauses of subclasses that hold no text of a client",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function has a database run."""
        if file.role in ("test", "migration", "script"):
            return
        for found in _found(function, file):
            yield report(self, file, found, with_parameters(file, file.span(found.sink.row)))


def _found(function: Function, file: File) -> Iterator[Arrival]:
    world = file.world
    flow, frame = world.flow("sql"), function.frame
    sinks = file.world.sinks(known.SQL)
    seen: set[int] = set()
    for found in arrivals(function, sinks, flow):
        seen.add(found.sink.call)
        yield found
    for index, row in enumerate(function.scope.calls):
        word = last_word(row[Call.FUNC])
        if row[Call.FLAGS] & ANNOTATION or index in seen:
            continue
        for value in _extra(index, row, word, sinks, function) + _statement(index, row, word, function, file):
            arrived = arrival(Sink(index, row, word, value, ""), value, frame, flow)
            if arrived is not None:
                yield arrived
                break


def _extra(index: int, row: list[Any], word: str, sinks: Sinks, function: Function) -> list[Expr]:
    """The pieces of a statement that ``extra()`` of Django is given."""
    if word != "extra" or not sinks.calls(index, function.frame, known.SQL_EXTRA_METHODS):
        return []
    found: list[Expr] = []
    for key, value in row[Call.KEYWORDS]:
        if key in known.SQL_EXTRA and value is not None:
            found += [v for _, v in value[1]] if value[0] == "d" else [value]
    return found


def _statement(index: int, row: list[Any], word: str, function: Function, file: File) -> list[Expr]:
    """An argument that reads as a statement, of a method that runs statements, on something unknown."""
    args, func = row[Call.ARGS], row[Call.FUNC]
    if word not in STATEMENTS or not args or func is None or func[0] != "a":
        return []
    if file.world.evaluator.callee(index, function.frame) is not None:
        return []
    pieces = pieces_of(args[0], function.frame, row[Call.BLOCK], row[Call.ORDER])
    return [args[0]] if _READS_AS_SQL.match(written(pieces)) else []


_READS_AS_SQL = re.compile(
    r"(?is)\s*(?:select\b.+\bfrom\b|insert\s+into\b|update\b.+\bset\b|delete\s+from\b|with\b.+\bselect\b"
    r"|(?:drop|alter|create|truncate)\s+(?:table|view|index|database|schema)\b)"
)

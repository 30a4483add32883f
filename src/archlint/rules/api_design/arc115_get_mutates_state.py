"""A `GET` that changes rows of the database.

## What it does

Looks at handlers that answer to `GET` alone (FastAPI, Starlette, Flask, Django, Django REST framework, aiohttp)
and follows their calls two levels deep. It reports the first write of a row whose model is known:
`row.save()`, `Model.objects.create(...)`, `query.update(...)`, `session.add(row)`, `session.delete(row)`,
`session.execute(update(Model))`, a statement given as text (`UPDATE articles SET …`), and columns set on a queried row before a commit of the same function, or before
a function that commits is handed the row, or while a dependency is going to commit (`yield session`, then
`session.commit()`).

## Why is this bad?

Browsers, proxies, crawlers and link previews repeat and prefetch `GET` as they like, because by the rules of HTTP
it changes nothing. A link to such a path in a mail or a page is enough to trigger the change with the rights of
whoever looks at it, and protection against forged requests does not apply to `GET`.

## How to fix

Give the change a method of its own:

```python
@router.post("/articles/{pk}/publish", status_code=204)
def publish(pk: int, session: SessionDep) -> None:
    articles.publish(session, pk)
```

## Not reported

* Books about the request itself and copies of what was computed: models and functions named like logs, events,
  sessions, tokens, histories, caches, counters; new rows of models named like jobs, messages, exports; updates of
  columns such as `last_seen` alone.
* Rows that are made because they were not there: `get_or_create`, `if row is None`, after `if row: return row`,
  `INSERT … ON CONFLICT`.
* Links that must be `GET`: sign-in and its callbacks, logout, confirmations, unsubscribing, tracking pixels.
* Writes in `except` clauses, and in handlers that speak of a rollback.
* Rows of unknown models, copies of rows, columns set on a row that a commit elsewhere writes (in middleware, by the
  caller of a function), tests.

Writes in `GET` are rare, and most are meant: in 18 applications it reports two, both real.

## References

* [RFC 9110: safe methods](https://www.rfc-editor.org/rfc/rfc9110.html#name-safe-methods)
* [Django: cross site request forgery protection](https://docs.djangoproject.com/en/stable/ref/csrf/)
* [OWASP: cross-site request forgery](https://owasp.org/www-community/attacks/csrf)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.identifiers import name_words
from archlint.project.rows.statements import TABLE
from archlint.project.tables.units import is_committed_for
from archlint.project.tables.writes import Counted, Write
from archlint.project.types import is_project
from archlint.project.witness import in_except
from archlint.project.words import last_word

_DEPTH = 2
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_GET_BY_DEFAULT = frozenset(("flask", "quart"))

#: Words of handlers and paths that browsers must reach by a link, or that are jobs behind a URL.
_LINKS = frozenset((
    "callback", "oauth", "oidc", "sso", "saml", "login", "logout", "signin", "signout", "auth", "authorize",
    "authenticate", "verify", "verification", "confirm", "confirmation", "activate", "activation", "unsubscribe",
    "optout", "invite", "invitation", "accept", "reset", "redirect", "return", "success", "cancel", "cancelled",
    "webhook", "ipn", "notify", "cron", "pixel", "open", "click", "track", "health", "ping", "token", "complete",
    "finish", "switch", "impersonate", "setup", "install", "init", "dev", "debug", "test", "seed", "magic",
))  # fmt: skip
#: Words of models and functions that keep books about the request itself, or a copy of what was computed.
_BOOKS = frozenset((
    "log", "logs", "logentry", "audit", "event", "events", "session", "sessions", "token", "tokens", "history", "visit",
    "visits", "hit", "hits", "cache", "cached", "stat", "stats", "statistic", "statistics", "usage", "metric",
    "metrics", "analytics", "attempt", "attempts", "nonce", "lock", "locks", "seen", "viewed", "recent", "accessed",
    "access", "activity", "record", "track", "touch", "ensure", "sync", "refresh", "init", "initialize", "default",
    "defaults", "bootstrap", "lazy", "nonces", "cart", "basket", "read", "heartbeat", "expire", "expired", "cleanup",
    "prune", "purge", "migrate", "upgrade", "backfill", "healthcheck", "view", "views", "counter", "count", "rate",
    "quota", "thumbnail", "preview", "setdefault", "upsert", "or",
))  # fmt: skip
#: Words of models whose rows a request may make for itself; to change or delete them is another matter.
_MADE = frozenset((
    "ticket", "download", "downloads", "export", "exports", "job", "jobs", "task", "state", "code", "notification",
    "notifications", "status", "link", "key", "request", "response", "message", "messages",
))  # fmt: skip
_CREATES = frozenset(("create", "acreate", "add", "add_all", "bulk_create", "abulk_create", "insert", "save"))
#: A named group of a path that is a regular expression.
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
#: Words of columns that say when, and how often, a row was asked for.
_COLUMNS = frozenset((
    "last", "seen", "view", "views", "viewed", "visit", "visits", "visited", "access", "accessed", "accesses", "count",
    "counter", "read", "reads", "expire", "expires", "expired", "expiry", "updated", "modified", "sync", "synced",
    "refresh", "refreshed", "used", "hits", "checked",
))  # fmt: skip

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class Article(Base):\n"
    '    __tablename__ = "article"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    public: Mapped[bool]\n"
    "    last_seen: Mapped[int]\n\n\n"
    "class AuditLog(Base):\n"
    '    __tablename__ = "audit_log"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_HEAD = (
    "from fastapi import APIRouter, Depends\n"
    "from sqlalchemy import select, update\n"
    "from sqlalchemy.orm import Session\n\n"
    "from db import get_session\nfrom models import Article, AuditLog\n\n"
    "router = APIRouter()\n\n\n"
)
_SESSION = "session: Session = Depends(get_session)"
_DJANGO = (
    "from django.db import models\n\n\n"
    "class Article(models.Model):\n    public = models.BooleanField()\n    last_seen = models.DateTimeField()\n"
)


class GetMutatesState(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`GET {path}` writes to the database (`{call}` on `{model}`); use POST, PUT, PATCH or DELETE"
    answers = ("area C", "dimension 1", "checklist 20")

    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/articles/{pk}/hide")\n'
                f"def hide(pk: int, {_SESSION}):\n"
                "    article = session.get(Article, pk)\n"
                "    try:\n"
                "        session.delete(article)  # ARC115\n"
                "        session.commit()\n"
                "    except Exception:\n"
                "        session.rollback()\n"
                "        raise\n",
            },
            title="rolled back after an error only",
        ),
        Case(
            {
                "models.py": _DJANGO + "    reviewer = models.IntegerField()\n",
                "views.py": "from django.http import HttpResponse\nfrom django.views.decorators.http import require_GET\n\n"
                "from models import Article\n\n\n"
                "@require_GET\n"
                "def assign(request, pk):\n"
                "    Article.objects.filter(pk=pk).update(reviewer=1)  # ARC115\n"
                "    return HttpResponse()\n",
                "urls.py": "from django.urls import path\n\nimport views\n\n"
                'urlpatterns = [path("articles/<int:pk>/assign", views.assign)]\n',
            },
            title="columns with `view` inside their names",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/articles/{pk}/delete")\n'
                f"def remove(pk: int, {_SESSION}):\n"
                "    article = session.get(Article, pk)\n"
                "    session.delete(article)  # ARC115\n"
                "    session.commit()\n\n\n"
                '@router.get("/articles/{pk}/publish")\n'
                f"def publish(pk: int, {_SESSION}):\n"
                "    statement = update(Article).where(Article.id == pk).values(public=True)\n"
                "    session.execute(statement)  # ARC115\n"
                "    session.commit()\n",
            },
            title="FastAPI: deletes, and updates by a statement",
        ),
        Case(
            {
                "models.py": _MODELS,
                "service.py": "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from models import Article\n\n\n"
                "async def copy(session: AsyncSession, pk: int):\n"
                "    session.add(Article(id=pk))\n    await session.commit()\n\n\n"
                "async def twice(session: AsyncSession, pk: int):\n    await copy(session, pk)\n",
                "app.py": "from sqlalchemy.ext.asyncio import AsyncSession\n"
                "from starlette.applications import Starlette\n"
                "from starlette.responses import Response\n\n"
                "import service\nfrom db import engine\n\n"
                "app = Starlette()\n\n\n"
                '@app.route("/copies", methods=["GET"])\n'
                "async def copies(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                "        await service.twice(session, 1)  # ARC115\n"
                "    return Response()\n",
            },
            title="Starlette: two calls down",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\n"
                "db = SQLAlchemy()\n\n\n"
                "class Article(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
                "app.py": "from flask import Flask\n\nfrom models import Article, db\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.route("/articles/<int:pk>/remove")\n'
                "def remove(pk):\n"
                "    Article.query.filter_by(id=pk).delete()  # ARC115\n"
                "    db.session.commit()\n"
                "    return {}\n",
            },
            title="Flask: a route without methods is a GET",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from django.views import View\n"
                "from django.views.decorators.http import require_GET\n\n"
                "from models import Article\n\n\n"
                "class Publish(View):\n"
                "    def get(self, request, pk):\n"
                "        article = Article.objects.get(pk=pk)\n"
                "        article.public = True\n"
                "        article.save()  # ARC115\n"
                "        return answer(article)\n\n\n"
                "@require_GET\n"
                "def remove(request, pk):\n"
                "    Article.objects.filter(pk=pk).delete()  # ARC115\n"
                "    return answer()\n",
            },
            title="Django: a view class, a function for GET alone",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from rest_framework.response import Response\n"
                "from rest_framework.viewsets import ViewSet\n\n"
                "from models import Article\n\n\n"
                "class Articles(ViewSet):\n"
                "    def list(self, request):\n"
                "        Article.objects.filter(public=False).update(public=True)  # ARC115\n"
                "        return Response([])\n",
            },
            title="DRF: the list of a view set",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from aiohttp import web\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import engine\nfrom models import Article\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.get("/articles/add")\n'
                "async def add(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                "        session.add(Article())  # ARC115\n"
                "        await session.commit()\n"
                "    return web.json_response({})\n",
            },
            title="aiohttp: adds a row",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/articles/{pk}/publish")\n'
                f"def publish(pk: int, {_SESSION}):\n"
                "    session.get(Article, pk).public = True  # ARC115\n"
                "    session.commit()\n",
            },
            title="a changed attribute",
        ),
        Case(
            {
                "models.py": _MODELS.replace("Article", "Ticket"),
                "api.py": _HEAD.replace("Article", "Ticket") + '@router.get("/archive")\n'
                f"def archive({_SESSION}):\n"
                "    session.execute(update(Ticket).values(public=False))  # ARC115\n"
                "    session.commit()\n",
            },
            title="rows that a request may make, but not change",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from rest_framework import viewsets\nfrom rest_framework.decorators import action\n"
                "from rest_framework.response import Response\n\nfrom models import Article\n\n\n"
                "class Articles(viewsets.ModelViewSet):\n"
                "    queryset = Article.objects.all()\n\n"
                "    @action(detail=True)\n"
                "    def publish(self, request, pk):\n"
                "        article = self.get_object()\n"
                "        article.public = True\n"
                '        article.save(update_fields=["public"])  # ARC115\n'
                "        return Response()\n\n"
                "    @action(detail=True)\n"
                "    def body(self, request, pk):\n"
                "        article = self.get_object()\n"
                '        article.save(update_fields=["last_seen"])\n'
                "        return Response()\n",
            },
            title="DRF: an action without methods is a GET; the fields that are saved",
        ),
        Case(
            {
                "models.py": _MODELS,
                "articles.py": "from sqlalchemy.orm import Session\n\nfrom models import Article\n\n\n"
                "class Articles:\n"
                "    def __init__(self, session: Session) -> None:\n        self.session = session\n\n"
                "    def publish(self, pk: int) -> None:\n"
                "        article = self.session.get(Article, pk)\n"
                "        article.public = True\n        self.session.commit()\n",
                "api.py": _HEAD + "from articles import Articles\n\n\n"
                '@router.get("/articles/{pk}/publish")\n'
                f"def publish(pk: int, {_SESSION}):\n"
                "    Articles(session).publish(pk)  # ARC115\n",
            },
            title="a changed attribute, by a service",
        ),
        Case(
            {
                "models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    credits: Mapped[int]
""",
                "uow.py": """\
from sqlalchemy.ext.asyncio import AsyncSession


class UnitOfWork:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def commit(self) -> None:
        await self.session.commit()
""",
                "api.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI

from models import Customer
from uow import UnitOfWork

app = FastAPI()


def get_uow() -> UnitOfWork: ...


async def grant(uow: UnitOfWork, customer_id: int) -> None:
    customer = await uow.session.get(Customer, customer_id)
    customer.credits = 10
    await uow.commit()


@app.get("/customers/{customer_id}/grant")
async def grant_some(customer_id: int, uow: Annotated[UnitOfWork, Depends(get_uow)]) -> None:
    await grant(uow, customer_id)  # ARC115
""",
            },
            title="a unit of work commits what was set",
        ),
        Case(
            {
                "api.py": """\
import sqlite3

from fastapi import APIRouter, Depends
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import get_session
from store import publish

router = APIRouter()
site = Flask(__name__)


@router.get("/articles/{pk}/hide")
def hide(pk: int, session: Session = Depends(get_session)):
    session.execute(text("UPDATE articles SET public = false WHERE id = :pk"), {"pk": pk})  # ARC115
    session.commit()


@router.get("/articles/{pk}/publish")
def publish_it(pk: int, session: Session = Depends(get_session)):
    publish(session, pk)  # ARC115


@site.route("/remove")
def remove():
    connection = sqlite3.connect("articles.db")
    connection.execute("DELETE FROM articles WHERE id = ?", (request.args["id"],))  # ARC115
    connection.commit()
    return "removed"
""",
                "store.py": """\
from sqlalchemy import text
from sqlalchemy.orm import Session


def publish(session: Session, pk: int) -> None:
    statement = "UPDATE articles SET public = true WHERE id = :pk"
    session.execute(text(statement), {"pk": pk})
""",
                "db.py": "from sqlalchemy.orm import Session\n\n\ndef get_session() -> Session: ...\n",
            },
            title="statements given as text",
        ),
        Case(
            """\
import peewee
from flask import Flask

app = Flask(__name__)


class Product(peewee.Model):
    stock = peewee.IntegerField(default=0)


@app.get("/products/<int:pk>/sell")
def sell(pk):
    Product.update(stock=Product.stock - 1).where(Product.id == pk).execute()  # ARC115
    return {}
""",
            title="peewee: a statement that is run",
        ),
        Case(
            {
                "models.py": "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
                "class Base(DeclarativeBase):\n    pass\n\n\n"
                "class Article(Base):\n"
                '    __tablename__ = "articles"\n\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "    public: Mapped[bool]\n",
                "db.py": """\
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

make_session = sessionmaker(create_engine("sqlite://"))


@contextmanager
def session_scope() -> Iterator[Session]:
    session = make_session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def get_session() -> Iterator[Session]:
    with session_scope() as session:
        yield session


def get_reader() -> Iterator[Session]:
    with make_session() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
ReaderDep = Annotated[Session, Depends(get_reader)]
""",
                "api.py": """\
import copy

from fastapi import FastAPI, HTTPException

from db import ReaderDep, SessionDep
from models import Article

app = FastAPI()


@app.get("/articles/{pk}")
def show(pk: int, session: SessionDep) -> str:
    article = session.get(Article, pk)
    if article is None:
        raise HTTPException(404)
    article.public = True  # ARC115
    return "shown"


@app.get("/copies/{pk}")
def show_copy(pk: int, session: SessionDep) -> bool:
    article = copy.copy(session.get(Article, pk))
    article.public = True
    return article.public


@app.get("/drafts/{pk}")
def preview(pk: int, session: ReaderDep) -> str:
    article = session.get(Article, pk)
    if article is None:
        raise HTTPException(404)
    article.public = True
    return "shown"


@app.put("/articles/{pk}")
def publish(pk: int, session: SessionDep) -> str:
    article = session.get(Article, pk)
    if article is None:
        raise HTTPException(404)
    article.public = True
    return "published"
""",
            },
            title="a dependency that commits",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/articles/{pk}")\n'
                f"def read(pk: int, {_SESSION}):\n"
                "    article = session.get(Article, pk)\n"
                "    article.public = bool(article.public)\n    article.shown = 1\n    return article\n\n\n"
                '@router.get("/articles/{pk}/body")\n'
                f"def body(pk: int, {_SESSION}):\n"
                "    article = session.get(Article, pk)\n"
                "    article.last_seen = 1\n    article.shown = 2\n    session.commit()\n",
            },
            title="attributes set for the answer, when somebody came",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.post("/articles")\n'
                f"def add({_SESSION}):\n    session.add(Article())\n\n\n"
                '@router.get("/articles/{pk}")\n'
                f"def read(pk: int, {_SESSION}):\n"
                "    session.add(AuditLog())\n"
                "    session.execute(update(Article).where(Article.id == pk).values(last_seen=1))\n"
                "    return session.get(Article, pk).public\n",
            },
            title="FastAPI: a POST, an audit log, a time of use",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/articles/first")\n'
                f"def first({_SESSION}):\n"
                "    article = session.get(Article, 1)\n"
                "    if article is None:\n"
                "        article = Article(id=1)\n"
                "        session.add(article)\n"
                "        session.commit()\n"
                "    return article.id\n\n\n"
                "def second(session: Session):\n"
                "    article = session.get(Article, 2)\n"
                "    if article:\n"
                "        return article\n"
                "    article = Article(id=2)\n"
                "    session.add(article)\n"
                "    return article\n\n\n"
                '@router.get("/articles/second")\n'
                f"def read_second({_SESSION}):\n    return second(session).id\n",
            },
            title="FastAPI: made because it was not there",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "views.py": "from django.views import View\n\nfrom models import Article\n\n\n"
                "class VerifyEmail(View):\n"
                "    def get(self, request, key):\n"
                "        Article.objects.filter(pk=key).update(public=True)\n"
                "        return answer()\n\n\n"
                "class Show(View):\n"
                "    def get(self, request, pk):\n"
                "        article, _ = Article.objects.get_or_create(pk=pk)\n"
                "        return answer(article)\n\n"
                "    def post(self, request, pk):\n"
                "        Article.objects.create(pk=pk)\n"
                "        return answer()\n",
            },
            title="Django: a link in a mail, get_or_create",
        ),
        Case(
            {
                "models.py": _DJANGO,
                "urls.py": "from django.urls import path\n\nimport views\n\n"
                'urlpatterns = [path("articles", views.articles)]\n',
                "views.py": "from models import Article\n\n\n"
                "def articles(request):\n"
                '    if request.method == "POST":\n'
                "        Article.objects.create(public=False)\n"
                "    return answer(Article.objects.all())\n",
            },
            title="Django: a function for all methods",
        ),
        Case(
            "from fastapi import APIRouter\n\nrouter = APIRouter()\nseen = set()\nkept = {}\n\n\n"
            '@router.get("/a/{pk}")\n'
            "def read(pk: int):\n"
            "    seen.add(pk)\n    kept.update(a=pk)\n    return {}\n",
            title="sets and dicts are no database",
        ),
        Case(
            {
                "api.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import get_session

router = APIRouter()


@router.get("/articles/{pk}")
def article(pk: int, session: Session = Depends(get_session)):
    session.execute(text("UPDATE articles SET last_seen = now(), views = views + 1 WHERE id = :pk"), {"pk": pk})
    session.execute(text("INSERT INTO audit_log (article) VALUES (:pk)"), {"pk": pk})
    session.execute(text("INSERT INTO prices (id) VALUES (:pk) ON CONFLICT DO NOTHING"), {"pk": pk})
    return session.execute(text("SELECT * FROM articles WHERE id = :pk"), {"pk": pk}).one()


@router.post("/articles/{pk}")
def hide(pk: int, session: Session = Depends(get_session)):
    session.execute(text("UPDATE articles SET public = false WHERE id = :pk"), {"pk": pk})
""",
                "db.py": "from sqlalchemy.orm import Session\n\n\ndef get_session() -> Session: ...\n",
            },
            title="statements given as text: books, what was missing, another method",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the first write that the request cannot be excused for."""
        if file.role or not _only_reads(function) or _is_link(function) or _rolls_back(function):
            return
        counted = Counted(stated=True, flushed=is_committed_for(function))
        for write in file.world.api.writes.of(function.frame, _DEPTH, counted):
            info = file.world.classes.info(write.model) if is_project(write.model) else None
            model = info.name if info is not None else write.model.removeprefix(TABLE)
            if write.fills_gap or _keeps_books(write, model):
                continue
            yield file.diagnostic(
                self,
                write.hops[0],
                related=file.chain(write.hops[1:]),
                path=_path(function),
                call=write.label,
                model=model,
            )
            return


def _only_reads(function: Function) -> bool:
    """Whether a handler answers to GET alone."""
    route = function.route
    if route is None:
        return False
    if not route.methods:
        return route.framework in _GET_BY_DEFAULT and bool(route.path)
    return "GET" in route.methods and _SAFE.issuperset(route.methods)


def _path(function: Function) -> str:
    file = function.file
    found = {entry.path for entry in file.world.route_table.of(file.name, function.scope) if entry.path}
    own = function.route.path if function.route is not None else ""
    return _GROUP.sub(r"<\1>", min(found) if found else own or function.qualname)


def _rolls_back(function: Function) -> bool:
    """Whether a handler undoes what it writes, and not only where something failed."""
    scope = function.scope
    return any(
        "rollback" in last_word(row[Call.FUNC]).replace("ed", "") and not in_except(scope, row[Call.BLOCK])
        for row in scope.calls
    )


def _is_link(function: Function) -> bool:
    return not _LINKS.isdisjoint(name_words(f"{function.qualname} {_path(function)}"))


def _keeps_books(write: Write, model: str) -> bool:
    """Whether a write is about the request itself: who came when, what was computed for it."""
    names = " ".join((model, *write.functions))
    if "get_or" in write.method or "update_or" in write.method or "get_or" in names:
        return True
    if not _BOOKS.isdisjoint(name_words(names)):
        return True
    if write.method in _CREATES and not _MADE.isdisjoint(name_words(names)):
        return True
    return bool(write.keywords) and all(
        name_words(k) & _COLUMNS or k == "update_fields" for k in write.keywords
    )

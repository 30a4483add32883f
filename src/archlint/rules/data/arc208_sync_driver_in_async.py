"""A synchronous database driver or ORM used in `async def`.

## What it does

Reports queries, commits and connections of synchronous drivers and ORMs (SQLAlchemy and SQLModel sessions,
Django, peewee, psycopg2, PyMySQL, sqlite3, PyMongo, Redis) in the body of an `async def`, or below the
project functions it calls; then the chain is told. With Django also what queries without looking like it:
iterating, counting or testing a lazy query set, and reading a relation that the query did not load. A session
among the settings of a Tornado application (`self.settings["db"]`) is known from where the application is made.

## Why is this bad?

A query waits for the database, and with a synchronous driver the event loop waits with it: all requests
of the worker queue behind each single query, and a pool of twenty connections is used one at a time. Django
refuses outright: `SynchronousOnlyOperation`.

## How to fix

Use the asynchronous driver and session:

```python
engine = create_async_engine("postgresql+asyncpg://...")
async def orders(session: AsyncSession) -> list[Order]:
    return list(await session.scalars(select(Order)))
```

In Django use the `a...` twins and `async for`, name relations in `select_related`, or wrap a function in
`sync_to_async`.
A FastAPI handler or dependency that awaits nothing may become a plain `def`; it then runs in a thread.

`--fix --unsafe-fixes` does these where they are certain. It does not touch generator expressions over a query set,
coroutines that somebody awaits, or clients of other drivers: an asynchronous session or client is another object,
made elsewhere.

## Not reported

* Sessions whose calls are awaited: an annotation that says otherwise is wrong.
* Callables run in a thread, `AsyncSession.run_sync`, generators that are iterated elsewhere.
* Building a query; adding to a session; commands put on a pipeline.
* Further calls on what a reported call gave (`fetchall()`, lazy relations of its rows).
* Plain `def` handlers and dependencies, tests, migrations; start-up code and scripts, and what only these await:
  a loop that serves nobody yet may wait for the database.
* Below project functions: what ARC402 leaves alone, such as one logging back end out of many, and Redis behind
  a cache in memory. A helper that is called again and again is one finding, as ARC402 tells.
* A rollback that a helper makes under a condition or in an `except` clause.
* Known misses: sessions of unknown type; relations whose loading cannot be read from the query, or that one of two
  queries for the same row has loaded.

## References

* [SQLAlchemy: asyncio](https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html)
* [Django: asynchronous support](https://docs.djangoproject.com/en/stable/topics/async/)
* [FastAPI: concurrency and async / await](https://fastapi.tiangolo.com/async/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.blocking import advice
from archlint.project.asynchrony.causes import causes
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.event_loop import off_the_database

_MODELS = (
    "from django.db import models\n\n\n"
    "class Customer(models.Model):\n"
    "    name = models.TextField()\n\n\n"
    "class Order(models.Model):\n"
    "    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n"
)

_USER = (
    "from fastapi import Depends\nfrom sqlalchemy import text\nfrom sqlalchemy.orm import Session\n\n"
    "from db import get_db\n\n\n"
    "async def current(db: Session = Depends(get_db)):\n"
    '    return db.execute(text("select 1")).one()  # ARC208\n\n\n'
    "async def known(db: Session = Depends(get_db)):\n"
    '    return db.execute(text("select 1")).one()  # ARC208\n'
)


class SyncDriverInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{call}` runs a synchronous query ({driver}) in `async def {function}`{chain}; {advice}"
    answers = (
        "anti-pattern 2",
        "area B",
        "area E",
        "dimension 2",
        "dimension 4",
        "checklist 8",
        "checklist 50",
        "principle 5",
    )
    invalid = (
        Case(
            "from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager\n\n"
            "from sqlalchemy import create_engine, text\nfrom sqlalchemy.orm import Session\n\n"
            'engine = create_engine("postgresql://db")\n\n\n'
            "@contextmanager\n"
            "def session():\n"
            "    with Session(engine) as opened:\n"
            "        yield opened\n\n\n"
            "@asynccontextmanager\n"
            "async def shared_session():\n"
            "    with Session(engine) as opened:\n"
            "        yield opened\n\n\n"
            "async def one(stack: ExitStack):\n"
            "    found = stack.enter_context(session())\n"
            '    found.execute(text("SELECT 1"))  # ARC208\n\n\n'
            "async def other():\n"
            "    async with AsyncExitStack() as stack:\n"
            "        found = await stack.enter_async_context(shared_session())\n"
            '        found.execute(text("SELECT 1"))  # ARC208\n',
            title="context managers entered on a stack",
        ),
        Case(
            {
                "sessions.py": "from contextlib import contextmanager\n\n\n"
                "def managed(session_maker):\n"
                "    @contextmanager\n"
                "    def make():\n"
                "        with session_maker() as session:\n"
                "            yield session\n"
                "            session.commit()\n\n"
                "    return make\n",
                "store.py": "from sqlalchemy import create_engine, text\nfrom sqlalchemy.orm import sessionmaker\n\n"
                "from sessions import managed\n\n\n"
                "class Store:\n"
                "    def __init__(self, uri):\n"
                "        self.managed = managed(sessionmaker(bind=create_engine(uri)))\n\n"
                "    def count(self):\n"
                "        with self.managed() as session:\n"
                '            return session.execute(text("SELECT 1")).scalar()\n',
                "app.py": "from store import Store\n\n\n"
                "async def show(store: Store):\n"
                "    return store.count()  # ARC208\n",
            },
            title="a function inside another one, which was given the maker of sessions",
        ),
        Case(
            {
                "context.py": "from sqlalchemy.orm import Session\nfrom strawberry import Info\n\n\n"
                "class Context:\n"
                "    session: Session\n\n\n"
                "Request = Info[Context, None]\n",
                "schema.py": "import strawberry\nfrom sqlalchemy import text\nfrom strawberry.types import Info\n\n"
                "from context import Context, Request\n\n\n"
                "@strawberry.type\n"
                "class Query:\n"
                "    @strawberry.field\n"
                "    async def shops(self, info: Info[Context, None]) -> int:\n"
                '        return info.context.session.scalar(text("SELECT count(*) FROM shop"))  # ARC208\n\n'
                "    @strawberry.field\n"
                "    async def goods(self, info: Request) -> int:\n"
                '        return info.context.session.scalar(text("SELECT count(*) FROM good"))  # ARC208\n',
            },
            title="the context of a strawberry resolver",
        ),
        Case(
            {
                "database.py": "from collections.abc import Generator\n"
                "from contextlib import contextmanager\nfrom typing import Any\n\n"
                "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import sessionmaker\n\n"
                'SessionLocal = sessionmaker(create_engine("postgresql://"))\n\n\n'
                "def get_db() -> Generator[Any, None, None]:\n"
                "    session = SessionLocal()\n"
                "    try:\n"
                "        yield session\n"
                "    finally:\n"
                "        session.close()\n\n\n"
                "opened = contextmanager(get_db)\n",
                "app.py": "from sqlalchemy import text\n\nfrom database import opened\n\n\n"
                "async def ping():\n"
                "    with opened() as session:\n"
                '        session.execute(text("SELECT 1"))  # ARC208\n',
            },
            title="a generator that is declared to yield anything",
        ),
        Case(
            "import redis\n\n\n"
            "class Store:\n"
            "    _instance = None\n\n"
            "    def __new__(cls):\n"
            "        if cls._instance is None:\n"
            "            cls._instance = super().__new__(cls)\n"
            "            cls._instance.client = redis.Redis()\n"
            "        return cls._instance\n\n"
            "    async def name(self):\n"
            '        return self.client.get("name")  # ARC208\n\n\n'
            "class Counter:\n"
            "    @classmethod\n"
            "    def connected(cls):\n"
            "        made = cls()\n"
            "        made.client = redis.Redis()\n"
            "        return made\n\n"
            "    async def count(self):\n"
            '        return self.client.incr("count")  # ARC208\n\n\n'
            "class Shared:\n"
            "    client = None\n\n"
            "    def connect(self):\n"
            "        type(self).client = redis.Redis()\n\n"
            "    async def name(self):\n"
            '        return self.client.get("name")  # ARC208\n',
            title="clients that are given to new objects, and to the class",
        ),
        Case(
            {
                "db.py": "from sqlalchemy import create_engine\n"
                "from sqlalchemy.orm import sessionmaker\n\n"
                'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
                "def get_db():\n"
                "    db = SessionLocal()\n"
                "    try:\n"
                "        yield db\n"
                "    finally:\n"
                "        db.close()\n",
                "api.py": "from fastapi import APIRouter, Depends\n"
                "from sqlalchemy import select, text\n\n"
                "from db import get_db\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/orders")\n'
                "async def orders(db=Depends(get_db)):\n"
                '    return db.execute(text("select 1")).all()  # ARC208\n',
            },
            fixed=(
                "from fastapi import APIRouter, Depends\n"
                "from sqlalchemy import select, text\n"
                "\n"
                "from db import get_db\n"
                "\n"
                "router = APIRouter()\n"
                "\n"
                "\n"
                '@router.get("/orders")\n'
                "def orders(db=Depends(get_db)):\n"
                '    return db.execute(text("select 1")).all()  # ARC208\n'
            ),
            title="session injected into an async handler",
        ),
        Case(
            {
                "users.py": _USER,
                "db.py": "from sqlalchemy.orm import Session\n\n\n"
                "def get_db():\n    with Session() as db:\n        yield db\n",
                "api.py": "from fastapi import APIRouter, Depends\n\nfrom users import current, known\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/me")\n'
                "def me(user=Depends(current)):\n    return user\n\n\n"
                '@router.get("/you")\n'
                "async def you(user=Depends(known)):\n    return user or await known()\n",
            },
            fixed=_USER.replace("async def current", "def current"),
            title="a dependency; one that is called as well stays a coroutine function",
        ),
        Case(
            {
                "crud.py": "from sqlalchemy import text\nfrom sqlalchemy.orm import Session\n\n\n"
                "def count(db: Session):\n"
                '    return db.scalar(text("select count(*) from orders"))\n',
                "api.py": "from sqlalchemy.orm import Session\n\nimport crud\n\n\n"
                "async def stats(db: Session):\n"
                "    return crud.count(db)  # ARC208\n",
            },
            title="query behind a helper of another file",
        ),
        Case(
            {
                "hub.py": "from sqlalchemy import create_engine\n"
                "from sqlalchemy.orm import sessionmaker\n"
                "from tornado import web\n"
                "from traitlets import Any\n\n"
                "from handlers import Share\n\n\n"
                "class Hub:\n"
                "    factory = Any()\n\n"
                "    def open_database(self, url):\n"
                "        self.factory = sessionmaker(bind=create_engine(url))\n"
                "        self.db = self.factory()\n\n"
                "    def start(self):\n"
                '        settings = dict(name="hub", db=self.db)\n'
                "        settings.update(self.extra)\n"
                "        self.settings = settings\n"
                '        return web.Application([("/share", Share)], **self.settings)\n',
                "handlers.py": "from sqlalchemy import text\n"
                "from tornado import web\n\n\n"
                "class Handler(web.RequestHandler):\n"
                "    @property\n"
                "    def db(self):\n"
                '        return self.settings["db"]\n\n'
                "    def finish(self, *given):\n"
                "        if self.db.dirty:\n"
                "            self.db.rollback()\n"
                "        super().finish(*given)\n\n\n"
                "class Share(Handler):\n"
                "    async def get(self):\n"
                '        self.write(self.db.scalar(text("select 1")))  # ARC208\n'
                "        self.finish()\n",
            },
            title="session among the settings of a Tornado application",
        ),
        Case(
            {
                "shop/models.py": _MODELS,
                "shop/views.py": "from shop.models import Customer\n\n\n"
                "def state(customer: Customer) -> str:\n"
                "    if not customer.name:\n"
                '        customer.name = "unknown"\n'
                "        customer.save()\n"
                "    return customer.name\n\n\n"
                "async def show(request):\n"
                "    customer = await Customer.objects.filter(pk=1).afirst()\n"
                "    return state(customer)  # ARC208\n",
            },
            title="a row that a helper completes and saves",
        ),
        Case(
            {
                "shop/models.py": _MODELS,
                "shop/views.py": "from shop.models import Order\n\n\n"
                "async def index(request):\n"
                "    orders = Order.objects.filter(customer_id=1)\n"
                "    return [order.pk for order in orders]  # ARC208\n\n\n"
                "async def first(request):\n"
                "    return Order.objects.first()  # ARC208\n\n\n"
                "async def some(request):\n"
                "    if Order.objects.filter(pk=1):  # ARC208\n"
                "        for order in Order.objects.all():  # ARC208\n"
                "            print(order.pk, len(Order.objects.all()))  # ARC208\n"
                "    total = sum(order.pk for order in Order.objects.all())  # ARC208\n"
                "    return total, list(Order.objects.order_by('pk'))  # ARC208\n",
            },
            title="Django: lazy query set iterated in an async view",
            fixed="from shop.models import Order\n\n\n"
            "async def index(request):\n"
            "    orders = Order.objects.filter(customer_id=1)\n"
            "    return [order.pk async for order in orders]  # ARC208\n\n\n"
            "async def first(request):\n"
            "    return await Order.objects.afirst()  # ARC208\n\n\n"
            "async def some(request):\n"
            "    if await Order.objects.filter(pk=1).aexists():  # ARC208\n"
            "        async for order in Order.objects.all():  # ARC208\n"
            "            print(order.pk, await Order.objects.all().acount())  # ARC208\n"
            "    total = sum(order.pk for order in Order.objects.all())  # ARC208\n"
            "    return total, [row async for row in Order.objects.order_by('pk')]  # ARC208\n",
        ),
        Case(
            {
                "shop/models.py": _MODELS,
                "shop/views.py": "from shop.models import Order\n\n\n"
                "async def show(request, pk):\n"
                "    order = await Order.objects.aget(pk=pk)\n"
                "    return order.customer.name  # ARC208\n",
            },
            title="Django: relation that the query did not load",
            fixed="from shop.models import Order\n\n\n"
            "async def show(request, pk):\n"
            '    order = await Order.objects.select_related("customer").aget(pk=pk)\n'
            "    return order.customer.name  # ARC208\n",
        ),
        Case(
            "import sqlite3\n\n\n"
            "async def names(path):\n"
            "    connection = sqlite3.connect(path)  # ARC208\n"
            '    rows = connection.execute("select name from users").fetchall()\n'
            "    connection.close()\n"
            "    return rows\n",
            title="one finding for connecting, querying and fetching",
        ),
        Case(
            "import redis\n\n"
            "cache = redis.Redis()\n\n\n"
            "async def visits(page):\n"
            "    return cache.incr(page)  # ARC208\n",
            title="redis",
        ),
        Case(
            "import psycopg2\n\n\n"
            "class Store:\n"
            "    def __init__(self, dsn):\n"
            "        self.connection = psycopg2.connect(dsn)\n\n"
            "    async def names(self):\n"
            "        cursor = self.connection.cursor()\n"
            '        cursor.execute("select name from users")  # ARC208\n'
            "        return [name for (name,) in cursor]\n",
            title="driver",
        ),
        Case(
            "async def orders(db):\n    return db.query(Order).all()  # ARC208\n",
            title="session of unknown type",
            missed=True,
            why="nothing in the project says what `db` is",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class Shop(models.Model):\n"
                "    name = models.TextField()\n\n\n"
                "class Order(models.Model):\n"
                '    shop = models.ForeignKey(Shop, related_name="orders", on_delete=models.CASCADE)\n',
                "views.py": "from models import Shop\n\n\n"
                "async def has_orders(request, name=None):\n"
                "    if name:\n"
                '        shop = await Shop.objects.prefetch_related("orders").aget(name=name)\n'
                "    else:\n"
                "        shop = await Shop.objects.afirst()\n"
                "    return shop.orders.exists()  # ARC208\n",
            },
            title="a relation that one of two queries has loaded",
            missed=True,
            why="what one of several ways has loaded counts as loaded: the way is a matter of conditions",
        ),
        Case(
            {
                "shop/models.py": _MODELS,
                "shop/views.py": "from asgiref.sync import sync_to_async\n\n"
                "from shop.models import Customer\n\n\n"
                "async def rename(request, pk):\n"
                "    customer = await sync_to_async(Customer.objects.get)(pk=pk)\n"
                '    customer.name = "new"\n'
                "    customer.save()  # ARC208\n",
            },
            fixed=(
                "from asgiref.sync import sync_to_async\n"
                "\n"
                "from shop.models import Customer\n"
                "\n"
                "\n"
                "async def rename(request, pk):\n"
                "    customer = await sync_to_async(Customer.objects.get)(pk=pk)\n"
                '    customer.name = "new"\n'
                "    await customer.asave()  # ARC208\n"
            ),
            title="row fetched in a thread and saved on the loop",
        ),
    )
    valid = (
        Case(
            {
                "db.py": "from sqlalchemy import create_engine, text\n"
                "from sqlalchemy.orm import Session\n\n"
                'engine = create_engine("postgresql://db")\n\n\n'
                "async def seed():\n"
                "    with Session(engine) as session:\n"
                '        session.execute(text("insert into roles values (1)"))\n'
                "        session.commit()\n",
                "app.py": "from contextlib import asynccontextmanager\n\n"
                "from fastapi import FastAPI\n\n"
                "from db import seed\n\n\n"
                "@asynccontextmanager\n"
                "async def lifespan(app: FastAPI):\n"
                "    await seed()\n"
                "    yield\n",
            },
            title="filled before the first request",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\n"
                "class Config(models.Model):\n"
                "    name = models.CharField(max_length=20)\n\n\n"
                "class Choice(models.Model):\n"
                "    user = models.IntegerField()\n"
                "    setting = models.ForeignKey(Config, on_delete=models.CASCADE)\n",
                "views.py": "from models import Choice, Config\n\n\n"
                "async def choose(request, user: int, config: Config):\n"
                "    choice, _ = await Choice.objects.aupdate_or_create(\n"
                '        user=user, defaults={"setting": config}\n'
                "    )\n"
                "    return choice.setting.name\n",
            },
            title="the relation was just set",
        ),
        Case(
            "from sqlalchemy import text\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
            "async def orders(db: AsyncSession):\n"
            '    return (await db.execute(text("select 1"))).all()\n',
            title="asynchronous session",
        ),
        Case(
            "from sqlalchemy import text\nfrom sqlalchemy.orm import Session\n\n\n"
            "def orders(db: Session):\n"
            '    return db.execute(text("select 1")).all()\n',
            title="plain handler",
        ),
        Case(
            "from sqlalchemy import text\nfrom sqlalchemy.orm import Session\n\n\n"
            "async def orders(db: Session):\n"
            '    result = await db.execute(text("select 1"))\n'
            "    return result.all()\n",
            title="awaited: the annotation is wrong",
        ),
        Case(
            {
                "shop/models.py": _MODELS,
                "shop/views.py": "from asgiref.sync import sync_to_async\n\n"
                "from shop.models import Order\n\n\n"
                "@sync_to_async\n"
                "def names():\n"
                "    return [order.customer.name for order in Order.objects.all()]\n\n\n"
                "async def index(request):\n"
                "    found = [order.pk async for order in Order.objects.all()]\n"
                '    one = await Order.objects.select_related("customer").aget(pk=1)\n'
                "    return found, one.customer.name, await names(), await Order.objects.acount()\n",
            },
            title="Django's asynchronous side",
        ),
        Case(
            "import redis.asyncio as redis\n\n"
            "cache = redis.Redis()\n\n\n"
            "async def visits(page):\n"
            "    return await cache.incr(page)\n",
            title="asynchronous redis",
        ),
        Case(
            "from sqlalchemy import select, text\nfrom sqlalchemy.orm import Session\n"
            "from starlette.concurrency import run_in_threadpool\n\n\n"
            "async def orders(db: Session):\n"
            "    def load():\n"
            '        return db.execute(text("select 1")).all()\n\n'
            "    return await run_in_threadpool(load)\n",
            title="in a thread",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report synchronous database work of coroutine functions, direct or below project functions."""
        for cause in causes(function, "database"):
            stall = cause.stall
            hops = stall.site.effect.hops
            yield file.diagnostic(
                self,
                stall.site,
                related=cause.related(file),
                fix=off_the_database(cause, function, file),
                impact=stall.impact,
                call=stall.call,
                function=function.name,
                chain=f" via {' -> '.join(stall.chain)}{cause.more}" if hops else "",
                driver=stall.site.effect.leaf,
                advice=advice(stall, function),
            )

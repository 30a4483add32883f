"""An engine made for every request opens a pool of connections for one query, and leaves it open.

## What it does

Reports engines, clients and pools of databases (SQLAlchemy, SQLModel, pymongo, motor, redis, asyncpg, psycopg,
aiomysql, Neo4j and others) that are made in a route handler, in a dependency, or in a function or constructor that
one of these calls, through up to four calls and across files.

Clients of other services are ARC407.

## Why is this bad?

An engine is a pool. Made anew, it holds no connection, so every request connects and authenticates again; and since
nobody disposes of it, its connections stay open until the garbage collector comes by. Under load the server of the
database runs out of them, and all services that use it stand still.

## How to fix

Make the engine once, when the module is imported or at start-up, and make a session or connection for each request:

```python
engine = create_async_engine(settings.database_url, pool_pre_ping=True)
Session = async_sessionmaker(engine, expire_on_commit=False)

async def get_session() -> AsyncIterator[AsyncSession]:
    async with Session() as session:
        yield session
```

A client of Redis or MongoDB is shared in the same way; both are safe to use from many tasks and threads.

## Not reported

* Engines for an address that comes with the request (another tenant's database, a test of a connection), or from a
  parameter, an attribute of `self` or a function of the project.
* `poolclass`, `creator`, `connection_pool`: whoever gives these knows about the pool.
* Engines that are kept: in a global, an attribute, `app.state`, a dict, or behind `lru_cache` or a test for `None`
  anywhere on the way from the handler.
* Start-up, command lines, migrations, scripts, tasks of queues, tests.
* No other linter has this check.

## References

* [SQLAlchemy: engine lifetime](https://docs.sqlalchemy.org/en/20/core/connections.html#engine-disposal)
* [PyMongo: how connection pooling works](https://www.mongodb.com/docs/languages/python/pymongo-driver/current/connect/connection-pools/)
* [redis-py: connection pools](https://redis.readthedocs.io/en/stable/connections.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.pools import ENGINES
from archlint.project.asynchrony.pools import made_per_request
from archlint.project.file import File
from archlint.project.function import Function


class EnginePerRequest(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "`{engine}()` makes a new pool of connections for every request{entry}; "
        "make it once, at import or start-up, and take sessions or connections from it"
    )
    answers = ("area B", "area E", "anti-pattern 3", "dimension 2", "checklist 15", "checklist 51")

    invalid = (
        Case(
            {
                "settings.py": 'import os\n\nDATABASE_URL = os.environ["DATABASE_URL"]\n',
                "db.py": "import settings\nfrom sqlalchemy import create_engine\n"
                "from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine\n"
                "from sqlalchemy.orm import Session, sessionmaker\n\n\n"
                "def get_db():\n"
                "    engine = create_engine(settings.DATABASE_URL, pool_pre_ping=True)  # ARC212\n"
                "    with sessionmaker(engine)() as session:\n"
                "        yield session\n\n\n"
                "async def find(key):\n"
                "    engine = create_async_engine(settings.DATABASE_URL)  # ARC212\n"
                "    async with AsyncSession(engine) as session:\n"
                "        return await session.get(object, key)\n",
                "app.py": "from fastapi import Depends, FastAPI\nfrom sqlalchemy.orm import Session\n\n"
                "from db import find, get_db\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/orders/{key}")\n'
                "async def read(key: int, db: Session = Depends(get_db)):\n"
                "    return await find(key)\n",
            },
            title="SQLAlchemy, in a dependency and below a handler",
        ),
        Case(
            "from flask import Flask, current_app\n"
            "from motor.motor_asyncio import AsyncIOMotorClient\n"
            "from pymongo import MongoClient\n\n"
            "app = Flask(__name__)\n\n\n"
            "class Orders:\n"
            "    def __init__(self):\n"
            '        self.client = MongoClient(current_app.config["MONGO_URL"])  # ARC212\n\n\n'
            '@app.get("/orders")\n'
            "def orders():\n"
            "    return list(Orders().client.shop.orders.find())\n\n\n"
            '@app.get("/count")\n'
            "async def count():\n"
            '    client = AsyncIOMotorClient("mongodb://db")  # ARC212\n'
            "    return await client.shop.orders.count_documents({})\n",
            title="pymongo and motor, kept by an object for the request",
        ),
        Case(
            "import os\n\nimport asyncpg\nimport redis\nimport redis.asyncio\nfrom fastapi import APIRouter\n\n"
            "router = APIRouter()\n\n\n"
            "def cached(key):\n"
            '    return redis.Redis(host="cache", decode_responses=True).get(key)  # ARC212\n\n\n'
            '@router.get("/orders/{key}")\n'
            "async def read(key: str):\n"
            '    cache = redis.asyncio.from_url(os.getenv("REDIS_URL", "redis://cache"))  # ARC212\n'
            '    async with asyncpg.create_pool(dsn=os.environ["DSN"]) as pool:  # ARC212\n'
            '        rows = await pool.fetch("select * from orders")\n'
            "    return rows, await cache.get(key), cached(key)\n",
            title="redis and asyncpg",
        ),
    )
    valid = (
        Case(
            "from functools import lru_cache\n\n"
            "from fastapi import Depends, FastAPI\nfrom redis import Redis\n"
            "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session\n\n"
            'engine = create_engine("postgresql://db/shop")\n'
            "app = FastAPI()\n"
            "_cache = None\n\n\n"
            "@lru_cache\n"
            "def other():\n"
            '    return create_engine("postgresql://db/other")\n\n\n'
            "def cache():\n"
            "    global _cache\n"
            "    if _cache is None:\n"
            '        _cache = Redis(host="cache")\n'
            "    return _cache\n\n\n"
            "def get_db():\n"
            "    with Session(engine) as session:\n"
            "        yield session\n\n\n"
            '@app.get("/orders")\n'
            "def orders(db=Depends(get_db), second=Depends(other), third=Depends(cache)):\n"
            "    return db, second, third\n",
            title="made once",
        ),
        Case(
            "from fastapi import FastAPI\n"
            "from sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\n\n"
            "app = FastAPI()\n\n\n"
            "class Source:\n"
            "    def __init__(self, url):\n        self.url = url\n\n"
            "    def test(self):\n"
            "        return create_engine(self.url).connect()\n\n\n"
            '@app.post("/test")\n'
            "def test(url: str):\n"
            "    create_engine(url).connect().close()\n"
            '    create_engine("postgresql://db/shop", poolclass=NullPool).connect()\n'
            "    return Source(url).test()\n",
            title="an address of the request; no pool",
        ),
        Case(
            {
                "manage.py": "from sqlalchemy import create_engine\n\n\n"
                'def main():\n    return create_engine("postgresql://db/shop")\n',
                "tasks.py": "from celery import shared_task\nfrom sqlalchemy import create_engine\n\n\n"
                "@shared_task\ndef clean():\n"
                '    engine = create_engine("postgresql://db/shop")\n'
                "    engine.dispose()\n\n\n"
                "async def lifespan(app):\n"
                '    app.state.engine = create_engine("postgresql://db/shop")\n'
                "    yield\n",
            },
            title="scripts, tasks, start-up",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the engines and pools that a function makes for every request."""
        if file.role in ("test", "script", "migration"):
            return
        for made in made_per_request(function, ENGINES):
            entry = "" if made.entry[1] is function.scope else f", as `{made.entry[1].qualname}` leads here"
            yield file.diagnostic(self, file.span(made.row), engine=made.name, entry=entry)

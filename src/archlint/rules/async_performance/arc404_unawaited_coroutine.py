"""Calling a coroutine function runs nothing: without `await` the work is not done at all.

## What it does

Reports calls of coroutine functions whose result is never awaited: as a statement of its own, as a condition
(a coroutine is always true), compared, iterated, subscripted, used for an attribute of the result, put into a
text, JSON or a response, given for a parameter or a field of the project that is declared as something else,
returned by a handler or by a coroutine function that is to return its result (it declares that, or awaits another
result that it returns), or kept under a local name that only such things are done with. Also reports coroutine
functions that are handed to what calls them as plain ones (`run_in_executor`, `asyncio.to_thread`, `call_later`,
`Thread(target=...)`, `atexit.register` and the like), and asynchronous sessions that are lent to plain functions
written for plain ones.

Whether a call gives a coroutine is resolved, not guessed: `async def` functions and methods of the project through
imports, inheritance, attributes of `self`, dependencies and decorators; plain functions that return another one's
coroutine; `sync_to_async`; the asynchronous calls of libraries (`asyncio.sleep`, Django's `asave`,
`AsyncSession.commit`, httpx, redis and others); and callables that are declared to give awaitables
(`Callable[..., Awaitable[None]]`, a `Protocol` with an `async def __call__`, ASGI's `send` and `receive`).

## Why is this bad?

The body never starts. Python says so with a warning at some later garbage collection, if at all; the request
goes on as if the work had been done. Where the function is a check (`assert_can_edit(user)`), the check is
silently off; where it is a condition, the branch is always or never taken.

## How to fix

```python
async def update(user_id: int, user: User) -> None:
    await assert_can_change(user_id, user)      # instead of assert_can_change(user_id, user)
    if not await is_allowed(user):              # instead of if not is_allowed(user)
        raise Forbidden
```

To run it beside the current function, start a task and keep it: `asyncio.create_task(...)`, or a `TaskGroup`.

## Not reported

* Coroutines that are handed on: awaited later, yielded, stored in an attribute or a collection, passed to a call
  whose parameter is not declared or may be awaited. What the receiver does with them is not followed. Returned by
  a plain function, or by a coroutine function that declares nothing and awaits no other result that it returns,
  unless it is a handler (a plain one of FastAPI, Starlette, Flask or Django).
* Callables declared to give an awaitable or something else, and any where the function asks which is which
  (`iscoroutinefunction`, `isawaitable`).
* Awaitables that run by themselves: tasks, futures, `asyncio.gather`, `run_in_executor`, motor, Tornado.
* Functions behind a decorator that is not known to leave a coroutine function one; methods with an override
  that is no coroutine function.
* `coroutine().__await__()`.
* Tests: mocks make coroutines of everything.
* Known misses: an `async` override of a plain hook that the base class calls without `await`; conditions inside
  comprehensions and conditional expressions.
* Compared with mypy's `unused-coroutine` (statements only, and only in annotated functions): no types have to be
  declared, conditions and reads are seen as well. ruff and flake8-async have no such check.

## References

* [asyncio: detect never awaited coroutines](https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines)
* [mypy: unused-coroutine](https://mypy.readthedocs.io/en/stable/error_code_list.html#check-that-coroutine-return-value-is-used-unused-coroutine)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, ModuleEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.asynchrony.lent_sessions import lent_sessions
from archlint.project.asynchrony.unawaited import handed_as_plain, unawaited
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.remedies.event_loop import awaited
from archlint.project.uses import Use

_HANDED = (
    "`{call}` calls the coroutine function `{effect}` as a plain one, so nothing of it runs; "
    "hand over a plain function, or await `{effect}(...)` on the event loop"
)
_LENT = (
    "`{call}` gets an asynchronous session and is written for a plain one: nobody awaits its `{effect}`; "
    "write a coroutine function, or call it with `await session.run_sync(...)`"
)
_GUARDS = """\
from fastapi import HTTPException


async def assert_can_change(user_id, user):
    if user_id != user.id and not user.admin:
        raise HTTPException(status_code=403)
"""


class UnawaitedCoroutine(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "Coroutine `{call}()` is never awaited, {effect}; write `await {call}(...)`"
    answers = ("area E", "dimension 4", "checklist 8", "principle 5")

    invalid = (
        Case(
            {
                "guards.py": _GUARDS,
                "app.py": "from fastapi import APIRouter, Depends\n\n"
                "from guards import assert_can_change\n\n"
                "router = APIRouter()\n\n\n"
                "def current_user(): ...\n\n\n"
                '@router.put("/users/{user_id}")\n'
                "async def update(user_id: int, user=Depends(current_user)):\n"
                "    assert_can_change(user_id, user)  # ARC404\n"
                '    return {"id": user_id}\n',
            },
            title="a check that never runs",
        ),
        Case(
            "class Agent:\n"
            "    async def _checkpoint(self, state):\n"
            "        await self.store.save(state)\n\n"
            "    async def step(self, state):\n"
            "        self._checkpoint(state)  # ARC404\n"
            "        for message in state:\n"
            "            self._checkpoint(message)  # ARC404\n"
            "            yield message\n",
            title="method of self, in a generator",
        ),
        Case(
            "async def is_staff(user):\n"
            "    return user.staff\n\n\n"
            "async def label(user):\n"
            '    return "staff" if is_staff(user) else "guest"  # ARC404\n\n\n'
            "async def check(user, others):\n"
            "    assert is_staff(user)  # ARC404\n"
            "    return [other for other in others if is_staff(other)]  # ARC404\n",
            title="conditions that are no branches",
        ),
        Case(
            "from asgiref.sync import sync_to_async\n\n\n"
            "def subscribed(user): ...\n\n\n"
            "async def is_staff(user):\n"
            "    return user.staff\n\n\n"
            "async def chat(user):\n"
            "    if not sync_to_async(subscribed)(user):  # ARC404\n"
            "        return None\n"
            "    if user and is_staff(user):  # ARC404\n"
            "        return 1\n"
            "    while is_staff(user) is True:  # ARC404\n"
            "        pass\n",
            fixed=(
                "from asgiref.sync import sync_to_async\n"
                "\n"
                "\n"
                "def subscribed(user): ...\n"
                "\n"
                "\n"
                "async def is_staff(user):\n"
                "    return user.staff\n"
                "\n"
                "\n"
                "async def chat(user):\n"
                "    if not await sync_to_async(subscribed)(user):  # ARC404\n"
                "        return None\n"
                "    if user and await is_staff(user):  # ARC404\n"
                "        return 1\n"
                "    while await is_staff(user) is True:  # ARC404\n"
                "        pass\n"
            ),
            title="conditions",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\nclass Note(models.Model):\n"
                "    text = models.TextField()\n",
                "app.py": "import logging\n\nfrom models import Note\n\n"
                "logger = logging.getLogger(__name__)\n\n\n"
                "async def replace(text):\n"
                "    Note.objects.filter(text=text).adelete()  # ARC404\n"
                "    note = Note.objects.acreate(text=text)  # ARC404\n"
                '    logger.info("created %s", note)\n'
                "    other = Note(text=text)\n"
                "    other.asave()  # ARC404\n",
            },
            title="Django's asynchronous queries",
        ),
        Case(
            "import httpx\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
            "async def sync(db: AsyncSession, client: httpx.AsyncClient, url):\n"
            "    body = client.get(url).json()  # ARC404\n"
            "    response = client.get(url)  # ARC404\n"
            "    if response.status_code == 200:\n"
            "        db.commit()  # ARC404\n"
            "    return body\n",
            fixed=(
                "import httpx\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n"
                "\n"
                "\n"
                "async def sync(db: AsyncSession, client: httpx.AsyncClient, url):\n"
                "    body = (await client.get(url)).json()  # ARC404\n"
                "    response = await client.get(url)  # ARC404\n"
                "    if response.status_code == 200:\n"
                "        await db.commit()  # ARC404\n"
                "    return body\n"
            ),
            title="libraries: a response that is none, a commit that never happens",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def load(key):\n"
            "    await asyncio.sleep(1)\n"
            '    return {"key": key}\n\n\n'
            "def lookup(key):\n"
            "    return load(key)\n\n\n"
            "async def show(keys):\n"
            "    asyncio.sleep(1)  # ARC404\n"
            '    name = load(keys[0])["name"]  # ARC404\n'
            "    for item in load(keys[1]):  # ARC404\n"
            "        print(item)\n"
            "    lookup(keys[2])  # ARC404\n"
            '    text = f"{lookup(keys[3])}"  # ARC404\n'
            "    unused = lookup(keys[4])  # ARC404\n"
            "    return name, text\n",
            title="subscripted, iterated, through a plain function, shown, unused",
        ),
        Case(
            {
                "clients.py": "class Mailer:\n    async def send(self, to): ...\n\n\n"
                "def make_mailer():\n    return Mailer()\n",
                "service.py": "from clients import make_mailer\n\n\n"
                "class Signup:\n"
                "    def __init__(self):\n"
                "        self.mailer = make_mailer()\n\n"
                "    def register(self, email):\n"
                "        self.mailer.send(email)  # ARC404\n",
            },
            title="in a plain method, by the type of an attribute",
        ),
        Case(
            "import functools\nimport inspect\n\n\n"
            "def traced(function):\n"
            "    @functools.wraps(function)\n"
            "    async def waiting(*args):\n"
            "        return await function(*args)\n\n"
            "    @functools.wraps(function)\n"
            "    def plain(*args):\n"
            "        return function(*args)\n\n"
            "    return waiting if inspect.iscoroutinefunction(function) else plain\n\n\n"
            "def limited(times):\n"
            "    def decorate(function):\n"
            "        async def run(*args):\n"
            "            return await function(*args)\n\n"
            "        return run\n\n"
            "    return decorate\n\n\n"
            "@traced\nasync def save(): ...\n\n\n"
            "@limited(3)\nasync def load(): ...\n\n\n"
            "async def sync():\n"
            "    save()  # ARC404\n"
            "    load()  # ARC404\n",
            title="decorators of the project",
        ),
        Case(
            "class Base:\n"
            "    def on_start(self): ...\n\n"
            "    def start(self):\n"
            "        self.on_start()\n\n\n"
            "class Plugin(Base):\n"
            "    async def on_start(self):  # ARC404\n"
            "        ...\n",
            title="coroutine function in place of a plain hook",
            missed=True,
            why="it takes asking, for every async override, how the base class calls the hook",
        ),
        Case(
            "import asyncio\nimport atexit\nfrom concurrent.futures import ThreadPoolExecutor\n"
            "from threading import Thread\n\nfrom fastapi.concurrency import run_in_threadpool\n\n\n"
            "async def ping(): ...\n\n\n"
            "class Worker:\n"
            "    async def run(self): ...\n\n"
            "    async def start(self):\n"
            "        loop = asyncio.get_running_loop()\n"
            "        await loop.run_in_executor(None, self.run)  # ARC404\n"
            "        loop.call_later(1, ping)  # ARC404\n"
            "        await asyncio.to_thread(ping)  # ARC404\n"
            "        await run_in_threadpool(self.run)  # ARC404\n\n\n"
            "def main(pool: ThreadPoolExecutor):\n"
            "    pool.submit(ping)  # ARC404\n"
            "    Thread(target=ping).start()  # ARC404\n"
            "    atexit.register(ping)  # ARC404\n",
            title="coroutine functions handed to what calls plain ones",
        ),
        Case(
            """\
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Notify(Protocol):
    async def __call__(self, text: str) -> None: ...


class Steps:
    def __init__(self, app: ASGIApp, notify: Notify, done: Callable[[int], Awaitable[None]]):
        self.app = app
        self.notify = notify
        self.done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send):
        async def relay(message: Message):
            send(message)  # ARC404

        self.app(scope, receive, relay)  # ARC404
        self.notify("served")  # ARC404
        self.done(200)  # ARC404


class Timed(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint):
        call_next(request)  # ARC404


async def each(on_item: Callable[[int], Awaitable[None]]):
    for number in range(3):
        on_item(number)  # ARC404
""",
            title="callables that are declared to give awaitables",
        ),
        Case(
            """\
import asyncio
import functools


def every(seconds):
    def repeated(step):
        @functools.wraps(step)
        async def run():
            while True:
                step()
                await asyncio.sleep(seconds)

        return run

    return repeated


def threaded(step):
    @functools.wraps(step)
    async def run(*args):
        return await asyncio.to_thread(step, *args)

    return run


@every(60)
def sweep(): ...


@threaded
def is_full(path): ...


async def watch():
    sweep()  # ARC404
    if is_full("/"):  # ARC404
        return
    await asyncio.gather(sweep(), is_full("/tmp"))
""",
            title="decorators that make coroutine functions of plain ones",
        ),
        Case(
            "from collections.abc import AsyncGenerator\n\n\n"
            "async def lines(name):\n"
            "    with open(name) as file:\n"
            "        for line in file:\n"
            "            yield line\n\n\n"
            "async def first(name):\n"
            "    found = lines(name)\n"
            "    async for line in found:\n"
            "        break\n"
            "    found.aclose()  # ARC404\n\n\n"
            "async def stop(events: AsyncGenerator[str, None]):\n"
            "    events.aclose()  # ARC404\n",
            title="asynchronous generators that are to end",
        ),
        Case(
            "from playwright.async_api import Page, async_playwright\n\n\n"
            "async def read(url):\n"
            "    async with async_playwright() as playwright:\n"
            "        browser = await playwright.chromium.launch()\n"
            "        page = await browser.new_page()\n"
            "        page.goto(url)  # ARC404\n"
            '        page.locator("#more").click()  # ARC404\n'
            "        await browser.close()\n\n\n"
            "async def scroll(page: Page):\n"
            "    page.mouse.wheel(0, 300)  # ARC404\n",
            title="Playwright",
        ),
        Case(
            "from fastmcp import Context, FastMCP\n\n"
            'server = FastMCP("shop")\n\n\n'
            "@server.tool\n"
            "async def orders(customer: str, ctx: Context) -> list[str]:\n"
            '    ctx.info("looking")  # ARC404\n'
            "    await ctx.report_progress(1, 2)\n"
            "    return []\n",
            title="tools of an MCP server",
        ),
        Case(
            """\
from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Shows(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.accept()
        self.send_json({"hello": True})  # ARC404
""",
            title="Channels",
        ),
        Case(
            {
                "agents.py": """\
from dataclasses import dataclass


@dataclass
class Config:
    name: str


class Agents:
    async def close_all(self) -> list[str]: ...

    async def config(self, handle) -> Config: ...

    async def title(self, handle) -> str: ...

    async def take(self, schema, config: Config | None = None): ...


class Titled:
    def __init__(self, title: str) -> None:
        self.title = title


@dataclass
class Page:
    title: str
    config: Config
""",
                "app.py": """\
import json

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from agents import Agents, Config, Page, Titled

router = APIRouter()
agents = Agents()


@router.delete("/files")
async def close_all():
    return agents.close_all()  # ARC404


@router.get("/search")
async def search(q: str):
    return [q]


@router.get("/chat")
def chat(q: str):
    found = []
    found.extend(search(q))  # ARC404
    return found


async def load(handle: str, schema) -> None:
    if handle:
        config = agents.config(handle)  # ARC404
    else:
        config = None
    await agents.take(schema, config=config)
    await agents.take(schema, agents.config(handle))  # ARC404


@router.get("/configs")
def configs(handle: str):
    return {"config": agents.config(handle), "all": [agents.config("all")]}  # ARC404


@router.get("/config")
def config(handle: str):
    return agents.config(handle)  # ARC404


def sent(handle: str) -> JSONResponse:
    print(json.dumps(agents.title(handle)))  # ARC404
    return JSONResponse({"title": agents.title(handle), "all": [1]})  # ARC404


def page(handle: str) -> Page:
    config = agents.config(handle)  # ARC404
    Titled(agents.title(handle))  # ARC404
    return Page(config=config, title=agents.title(handle))  # ARC404


async def pick(handle: str) -> Config:
    if handle:
        return await agents.config(handle)
    default = agents.config("default")  # ARC404
    return default


async def several(handle: str, others: list[Config]) -> list[Config]:
    first = agents.config(handle)  # ARC404
    return [first] + others[1:]


async def each(handles) -> list[Config]:
    return [agents.config(handle) for handle in handles]  # ARC404
""",
            },
            title="returned by a coroutine function, handed to what takes its result",
        ),
        Case(
            {
                "orders.py": """\
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Orders:
    def allowed(self, session: "Session", user):
        return session.execute(user.query()).scalar_one_or_none()

    @classmethod
    def several(cls, *, db: "Session"):
        with db as session:
            return session.execute(cls.query).all()

    def note(self, session: "Session", order):
        session.add(order)
""",
                "app.py": """\
from sqlalchemy.ext.asyncio import async_sessionmaker

from orders import Orders

make = async_sessionmaker()


async def show(orders: Orders, user):
    async with make() as session:
        orders.allowed(session, user)  # ARC404
        orders.note(session, user)
        await session.run_sync(orders.allowed, user)
        return Orders.several(db=session)  # ARC404
""",
            },
            title="an asynchronous session in the hands of plain functions",
        ),
        Case(
            {
                "billing/__init__.py": "try:\n    from .client import Client\nexcept ImportError:\n"
                "    from .base import Client\n",
                "billing/base.py": 'class Client:\n    @classmethod\n    async def create(cls) -> "Client":\n'
                "        return cls()\n\n    async def charge(self, amount): ...\n",
                "app.py": "from billing import Client\n\n\nasync def pay(amount):\n"
                "    client = Client.create()  # ARC404\n    await client.charge(amount)\n",
            },
            title="in place of a part that is not there",
        ),
    )
    valid = (
        Case(
            "import asyncio\nimport threading\n\n\n"
            "async def ping(): ...\n\n\n"
            "def run():\n    asyncio.run(ping())\n\n\n"
            "async def main(loop: asyncio.AbstractEventLoop):\n"
            "    await asyncio.to_thread(run)\n"
            "    loop.call_later(1, run)\n"
            "    loop.call_soon(lambda: asyncio.create_task(ping()))\n"
            "    threading.Thread(target=asyncio.run, args=(ping(),)).start()\n",
            title="plain functions handed over",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def load(key): ...\n\n\n"
            "async def show(keys, tasks, queue):\n"
            "    await load(keys[0])\n"
            "    first = load(keys[1])\n"
            "    second, third = await asyncio.gather(first, load(keys[2]))\n"
            "    asyncio.create_task(load(keys[3]))\n"
            "    tasks.append(load(keys[4]))\n"
            "    pending = load(keys[5]) if second else None\n"
            "    if pending is not None:\n"
            "        third = await pending\n"
            "    queue.job = load(keys[6])\n"
            "    unused = load(keys[7])\n"
            "    unused.close()\n"
            "    load(keys[9]).__await__()\n"
            "    return load(keys[8]), third\n",
            title="awaited, gathered, kept, closed, returned",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def load(key): ...\n\n\n"
            "async def show(loop, key):\n"
            "    asyncio.gather(load(key), load(key))\n"
            "    asyncio.get_running_loop().run_in_executor(None, print, key)\n"
            "    result = load(key)\n"
            "    if asyncio.iscoroutine(result):\n"
            "        result = await result\n"
            "    return result.name\n",
            title="futures run by themselves; awaited if need be",
        ),
        Case(
            "import click\nfrom asgiref.sync import async_to_sync\n\n\n"
            "def blocking(function):\n"
            "    def run(*args):\n"
            "        return async_to_sync(function)(*args)\n\n"
            "    return run\n\n\n"
            "@async_to_sync\nasync def migrate(): ...\n\n\n"
            "@blocking\nasync def load(): ...\n\n\n"
            "@click.command()\nasync def main(): ...\n\n\n"
            "def start():\n"
            "    migrate()\n"
            "    load()\n"
            "    main()\n",
            title="decorators that make it a plain function, or that are unknown",
        ),
        Case(
            "from contextlib import asynccontextmanager\n\n\n"
            "@asynccontextmanager\nasync def opened(): \n    yield 1\n\n\n"
            "async def rows():\n    yield 1\n\n\n"
            "async def show():\n"
            "    context = opened()\n"
            "    async with context as one:\n"
            "        print(one)\n"
            "    async for row in rows():\n"
            "        print(row)\n",
            title="context managers and generators",
        ),
        Case(
            "class Base:\n"
            "    async def stop(self): ...\n\n\n"
            "class Plain(Base):\n"
            "    def stop(self): ...\n\n\n"
            "def halt(service: Base, load=None):\n"
            "    service.stop()\n"
            "    load()\n",
            title="an override that is no coroutine function; a parameter",
        ),
        Case(
            """\
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Optional


async def either(hook: Callable[[], Any | Awaitable[Any]], step: Callable[[], None] | Callable[[], Awaitable[None]]):
    if inspect.iscoroutinefunction(hook):
        await hook()
    else:
        hook()
    step()


async def plain(
    hook: Callable[[], None | Awaitable[None]],
    last: Callable[[], Optional[Awaitable[None]]],
    start: Callable[[], Awaitable[None]],
    group,
):
    hook()
    last()
    group.start_soon(start)
    await start()
""",
            title="callables that may be plain",
        ),
        Case(
            """\
from collections.abc import Awaitable
from typing import Any


class Config: ...


class Query:
    def __await__(self): ...


class Agents:
    async def config(self, handle) -> Config: ...

    async def take(self, one: Awaitable[Config], two: Any = None, three: Query | None = None, *rest): ...


async def later(agents: Agents) -> Awaitable[Config]:
    return agents.config(1)


def now(agents: Agents):
    return agents.config(2)


def both(agents: Agents):
    return {"one": agents.config(9), "two": [agents.config(10)]}


async def chosen(agents: Agents, handle):
    if handle:
        return agents.config(handle)
    return agents.config("default")


async def jobs(agents: Agents):
    await agents.take(agents.config(3), agents.config(4), agents.config(5), agents.config(6))
    return [agents.config(7)]


async def pairs(agents: Agents) -> list[Awaitable[Config]]:
    return [agents.config(8)]
""",
            title="declared to be awaited later",
        ),
        Case(
            "import redis.asyncio as redis\nfrom starlette.requests import Request\n\n\n"
            "async def keys(cache: redis.Redis):\n    return cache.scan_iter()\n\n\n"
            "async def body(request: Request):\n    return request.stream()\n",
            title="asynchronous generators of libraries",
        ),
        Case(
            {"tests/test_app.py": "async def load(): ...\n\n\ndef test_load():\n    load()\n"},
            title="tests",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the coroutines of a function that are never awaited."""
        if file.role != "test" and function.scope.calls:
            yield from self._report(function.frame, file)

    @on(ModuleEvent)
    def module(self, file: File, _same: File) -> Iterator[Diagnostic]:
        """Report the coroutines of the module itself."""
        if file.role != "test" and file.summary.scopes[0].calls:
            yield from self._report(file.world.evaluator.frame(file.name, 0, (), ASKS_TWICE + FUEL), file)

    def _report(self, frame: Frame, file: File) -> Iterator[Diagnostic]:
        for found in unawaited(file, frame):
            row = found.row
            yield file.diagnostic(
                self,
                file.span(row),
                fix=awaited(file, file.span(row)),
                call=describe(row[Call.FUNC], frame.scope),
                effect=_effect(found.use),
            )
        for handed in handed_as_plain(file, frame):
            yield file.diagnostic(
                self,
                file.span(handed.row),
                message=_HANDED,
                call=describe(handed.row[Call.FUNC], frame.scope),
                effect=handed.name,
            )
        for lent in lent_sessions(file.world, frame):
            yield file.diagnostic(
                self,
                file.span(lent.row),
                message=_LENT,
                call=describe(lent.row[Call.FUNC], frame.scope),
                effect=lent.asked,
            )


def _effect(use: Use) -> str:
    """What goes wrong with the coroutine object that stands in for the result."""
    if use.kind == "tested":
        return "and a coroutine is always true"
    if use.kind == "compared":
        return "and a coroutine equals nothing else"
    if use.kind == "read":
        return f"and a coroutine has no `{use.detail}`"
    if use.kind in ("returned", "listed", "inside"):
        return "and who calls this function gets a coroutine for its result"
    if use.kind in ("given", "held"):
        return "and the call gets a coroutine for its result"
    if use.kind in ("indexed", "iterated", "entered", "computed"):
        return "and a coroutine is not its result"
    return "so nothing of it runs"

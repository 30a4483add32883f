"""A call that blocks the event loop through the functions it calls.

## What it does

Follows the calls of an `async def` into the project's own plain functions, methods, properties, constructors,
decorators and context managers, up to five deep and across files, and reports those that end in a library call
which makes the thread wait. The message tells the chain; each hop is given with its place.

Methods are found by the receiver's type: annotations, what factories and constructors return, attributes of
`self`, FastAPI dependencies. An abstract method does what its overrides in the project do.

## Why is this bad?

The call looks harmless: nothing at the call site says network, disk or sleep, and the helper is rightly
synchronous for its other callers. On the event loop it stops every other request for as long as it
waits. About half of the blocking calls that projects have fixed were of this kind, most of them one to
three calls away and in another file.

## How to fix

Hand the helper to a thread where it is called, or give it an asynchronous twin:

```python
async def invoice(order_id: int) -> bytes:
    return await asyncio.to_thread(render_invoice, order_id)   # instead of render_invoice(order_id)
```

Mind the parentheses: `to_thread(render_invoice(order_id))` runs it first, on the loop.

## Not reported

* Everything that ARC401 leaves alone, at any depth: offloaded callables, small disk operations, tests.
* A project function is taken as an offload helper by what it does: it hands its parameter to a thread. Where
  that cannot be seen, `offload-helpers` in the settings names it.
* Generators: calling one runs nothing. It is reported where it is iterated on the loop, not where it is
  given to `StreamingResponse`, which iterates it in a thread.
* A plain `def` behind a decorator, when its result is awaited: the decorator runs it elsewhere.
* Functions that keep their answer (`lru_cache`, `cached_property`, `if _client is not None: return _client`), and
  what they fill in for a caller who gave nothing (`if options.get("server") is None: options["server"] = ...`).
  Writing to the database is no memo, whatever it fills.
* A file for what a table in memory lacks: `if key in TEXTS: return TEXTS[key]` before it.
* Coroutine functions in the chain: what blocks inside one is reported inside it, once.
* Start-up code and scripts have low impact; local files read there are left alone, and so is waiting for the
  threads and pools that start and end with the program.
* One choice out of many: what a helper does for one literal (`if callback == "remote":`, `name.startswith("s3://")`)
  or member of an enumeration (`if system == System.KMS:`), unless most of the other ways wait too; files opened only
  for arguments of one class. Kinds of data (`order.type == Type.CARD`) are no such choice: every kind is met.
* An abstract method of which fewer than a third of the implementations wait.
* What a parameter switches off: flags and defaults are followed into the helper, also `is_async=True` and
  `if local_only is False:`.
* What runs where no loop does: behind `if loop is not None: return` of a running loop.
* The network behind a cache in memory, and what an object loads when a key is new to it.
* Conditions add up along the chain, `if a and b:` counts for two. Under two of them a chain of more than three calls,
  and any file, is left alone: in mature backends those were versions of the platform, settings taken from commands,
  clean-up after failed attempts, and records read again when they change.
* Files more than three calls below, and files read only after a failure (`except OSError:`).
* Files that no disk is asked for: `/proc`, `/sys`, `os.devnull`; single lines of uploads and of a
  `SpooledTemporaryFile`, which stay in memory until they are large; files kept in a dictionary until they change.
* A nap of at most 50 ms before another try, in an `except` clause.
* The way out: branches that end in `loop.stop()` or `sys.exit()`, and threads or pools that are joined in
  `stop`, `close`, `aclose` and their like. Coroutine functions that only start-up code awaits, through up to three
  calls, count as start-up; a place that hands one of them on ends that.
* A rollback under a condition: it undoes what went wrong.
* What needs both an optional dependency and a variable of the environment: traces and profiles for developers.
* An abstract method called on `self`, for the classes that replace the calling method with one of their own.
* Known misses: chains through untyped parameters, plug-ins found at run time (`importlib`, entry points), more
  than six classes behind one registry, what reading `store[key]` and `key in store` run in the project's own
  classes, classes as decorators, `__getattr__`, validators of pydantic models, methods of an `asyncio.Protocol`, library
  functions that are handed to the loop (`loop.call_later(5, time.sleep, 1)`), names that a `case` binds, more than five
  calls, and small disk reads behind a feature flag.

In figures: of 84 alarms in published backends that were read, 83 are true; what was found wrong was mended. Random
draws from code that nobody had looked at gave 22 of 29, after mending 22 of 27, then 11 of 12. Wrong were helpers with
an answer in memory, defaults that the caller had given, waits at start-up, traces for developers, and callbacks far
away under several conditions. Of 100 coroutine functions drawn at random, the 93 that are harmless stay silent, and
five of the seven others are reported.

One finding for each cause: a coroutine function tells a helper once, at its first call. When more than five
coroutine functions of a file call the same helper, the first of them tells, with the number of the others in
its message and their lines as related places. Callers in other files have findings of their own, since each
has to be changed; what is told of a file never depends on which files were looked at before. A coroutine
function that only awaits the reported one is silent.

## References

* [asyncio: running blocking code](https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code)
* [Starlette: thread pool](https://www.starlette.io/threadpool/)
* ruff closed the wish for this as needing analysis over several files (issue 7807).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.blocking import advice
from archlint.project.asynchrony.causes import causes
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies import cause_off_the_loop


class TransitiveBlockingCall(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = "`{call}` blocks the event loop in `async def {function}`: {chain}; {advice}"
    answers = ("anti-pattern 2", "area E", "dimension 4", "checklist 8", "checklist 50")
    invalid = (
        Case(
            {
                "rates.py": "import requests\n\n\n"
                "def current():\n"
                '    return requests.get("https://rates.example.org").json()\n',
                "api.py": "from fastapi import APIRouter\n\nfrom rates import current\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/rates")\n'
                "async def rates():\n"
                "    return current()  # ARC402\n",
            },
            title="helper of another file",
        ),
        Case(
            {
                "mail/client.py": "import smtplib\n\n\n"
                "class Mailer:\n"
                "    def send(self, message):\n"
                '        with smtplib.SMTP("localhost") as server:\n'
                "            server.send_message(message)\n",
                "mail/service.py": "from mail.client import Mailer\n\n\n"
                "class Notifier:\n"
                "    def __init__(self, mailer: Mailer):\n"
                "        self.mailer = mailer\n\n"
                "    def notify(self, text):\n"
                "        self.mailer.send(text)\n",
                "app.py": "from mail.service import Notifier\n\n\n"
                "async def signup(notifier: Notifier):\n"
                '    notifier.notify("welcome")  # ARC402\n',
            },
            title="two hops, by annotated receivers",
            fixed="import asyncio\n\n"
            "from mail.service import Notifier\n\n\n"
            "async def signup(notifier: Notifier):\n"
            '    await asyncio.to_thread(notifier.notify, "welcome")  # ARC402\n',
        ),
        Case(
            "import abc\nimport time\n\n\n"
            "class Backend(abc.ABC):\n"
            "    @abc.abstractmethod\n"
            "    def fetch(self): ...\n\n\n"
            "class Slow(Backend):\n"
            "    def fetch(self):\n"
            "        time.sleep(1)\n\n\n"
            "async def run(backend: Backend):\n"
            "    backend.fetch()  # ARC402\n",
            title="abstract method with a blocking override",
        ),
        Case(
            {
                "store.py": "class Users:\n"
                "    def find(self, name):\n"
                "        raise NotImplementedError\n\n\n"
                "class Store(Users):\n"
                "    def close(self): ...\n",
                "remote.py": "import requests\n\nfrom store import Store, Users\n\n\n"
                "class RemoteUsers(Users):\n"
                "    def find(self, name):\n"
                '        return requests.get(f"https://users.test/{name}").json()\n\n\n'
                "class RemoteStore(RemoteUsers, Store):\n"
                "    def close(self):\n"
                "        pass\n",
                "app.py": "from store import Store\n\n\n"
                "async def show(store: Store, name: str):\n"
                "    return store.find(name)  # ARC402\n",
            },
            title="a promised method that a subclass has from a class beside",
        ),
        Case(
            {
                "deps.py": "from typing import Annotated\n\nimport requests\nfrom fastapi import Depends\n\n\n"
                "class Rates:\n"
                "    def latest(self):\n"
                '        return requests.get("https://rates.test").json()\n\n\n'
                "def get_rates() -> Rates:\n"
                "    return Rates()\n\n\n"
                "RatesDep = Annotated[Rates, Depends(get_rates)]\n",
                "app.py": "from fastapi import APIRouter, FastAPI\n"
                "from starlette.middleware.base import BaseHTTPMiddleware\n\n"
                "from deps import *\n\n"
                "app = FastAPI()\napp.state.rates = Rates()\nrouter = APIRouter()\n\n\n"
                '@router.get("/rates")\n'
                "async def rates(source: RatesDep):\n"
                "    return source.latest()  # ARC402\n\n\n"
                "class Priced(BaseHTTPMiddleware):\n"
                "    async def dispatch(self, request, call_next):\n"
                "        request.app.state.rates.latest()  # ARC402\n"
                "        return await call_next(request)\n",
            },
            title="an alias of an annotation that a star import brings; a middleware",
        ),
        Case(
            {
                "api/migration.py": "import subprocess\n\nfrom fastapi import APIRouter\n\n"
                "router = APIRouter()\n\n\n"
                "def _copy(name):\n"
                '    subprocess.run(["pg_dump", name])\n\n\n'
                '@router.post("/migration/{name}")\n'
                "async def start(name: str):\n"
                "    _copy(name)  # ARC402\n"
            },
            title="a handler in a file that is named like a migration",
        ),
        Case(
            "import functools\n\nimport requests\n\n\n"
            "def with_cache_folder(step):\n"
            "    @functools.wraps(step)\n"
            "    def wrapper(*args):\n"
            '        print("made")\n'
            "        return step(*args)\n\n"
            "    return wrapper\n\n\n"
            "@with_cache_folder\n"
            "def load(url):\n"
            "    return requests.get(url)\n\n\n"
            "async def show(url):\n"
            "    return load(url)  # ARC402\n",
            title="a decorator that keeps nothing, whatever it is called",
        ),
        Case(
            "import asyncio\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
            "def _read(path):\n"
            "    with open(path) as file:\n"
            "        return file.read()\n\n\n"
            "async def load(path):\n"
            "    return _read(path)  # ARC402\n\n\n"
            "def load_now(path):\n"
            "    return asyncio.run(load(path))\n\n\n"
            '@app.get("/pages/{path}")\n'
            "async def page(path: str):\n"
            "    return await load(path)\n",
            title="a loop is started for it, and a server awaits it as well",
        ),
        Case(
            "import subprocess\n\n\n"
            "class Repository:\n"
            "    @property\n"
            "    def head(self):\n"
            '        return subprocess.check_output(["git", "rev-parse", "HEAD"])\n\n\n'
            "async def version(repository: Repository):\n"
            "    return repository.head  # ARC402\n",
            title="property",
        ),
        Case(
            "import subprocess\n"
            "from collections.abc import Callable\n"
            "from contextvars import ContextVar\n"
            "from typing import NamedTuple, TypedDict\n\n\n"
            "class Repository:\n"
            "    def head(self):\n"
            '        return subprocess.check_output(["git", "rev-parse", "HEAD"])\n\n\n'
            "class Places(NamedTuple):\n"
            "    name: str\n"
            "    repository: Repository\n\n\n"
            "class Found(TypedDict):\n"
            "    repository: Repository\n\n\n"
            'current: ContextVar[Repository | None] = ContextVar("current", default=None)\n'
            "HANDLERS: dict[str, Callable[[], bytes]] = {}\n\n\n"
            "def handles(name):\n"
            "    def keep(function: Callable[[], bytes]):\n"
            "        HANDLERS[name] = function\n"
            "        return function\n\n"
            "    return keep\n\n\n"
            '@handles("status")\n'
            "def status():\n"
            '    return subprocess.check_output(["git", "status"])\n\n\n'
            "async def unpacked(places: Places):\n"
            "    name, repository = places\n"
            "    return name, repository.head()  # ARC402\n\n\n"
            "async def under_key(found: Found):\n"
            '    return found["repository"].head()  # ARC402\n\n\n'
            "async def in_context():\n"
            "    repository = current.get()\n"
            "    return repository.head() if repository else None  # ARC402\n\n\n"
            "async def dispatch(name):\n"
            "    return HANDLERS[name]()  # ARC402\n",
            title="fields of named tuples and typed dictionaries, context variables, declared registries",
        ),
        Case(
            {
                "clients.py": "import subprocess\n\n\n"
                "class Client:\n"
                "    def push(self):\n"
                '        subprocess.check_output(["git", "push"])\n\n\n'
                "_client = None\n\n\n"
                "def setup():\n"
                "    global _client\n"
                "    _client = Client()\n\n\n"
                "def shutdown():\n"
                "    global _client\n"
                "    _client = None\n\n\n"
                "def get_client():\n"
                "    if _client is None:\n"
                '        raise RuntimeError("call setup() first")\n'
                "    return _client\n",
                "app.py": "from clients import get_client\n\n\n"
                "async def publish():\n"
                "    get_client().push()  # ARC402\n",
            },
            title="a global that one function fills and another empties",
        ),
        Case(
            {
                "clients.py": "import subprocess\n\n\n"
                "class Client:\n"
                "    def push(self):\n"
                '        subprocess.check_output(["git", "push"])\n',
                "app.py": "from clients import Client\nfrom somewhere import registry\n\n\n"
                "async def publish():\n"
                "    client: Client | None = None\n"
                "    for found in registry.all():\n"
                "        client = found\n"
                "    if client is not None:\n"
                "        client.push()  # ARC402\n\n\n"
                "async def republish(name):\n"
                "    client: Client\n"
                "    client = registry.find(name)\n"
                "    client.push()  # ARC402\n",
            },
            title="a name keeps its annotation when it is bound again",
        ),
        Case(
            {
                "clients.py": "import subprocess\n\n\n"
                "class Client:\n"
                "    def push(self):\n"
                '        subprocess.check_output(["git", "push"])\n',
                "app.py": "from typing import TYPE_CHECKING, Any\n\n"
                "if TYPE_CHECKING:\n"
                "    from clients import Client as _Client\n\n"
                "    Client = _Client\n"
                "else:\n"
                "    Client = Any\n\n\n"
                "async def publish(client: Client):\n"
                "    client.push()  # ARC402\n",
            },
            title="a class that only type checkers see",
        ),
        Case(
            {
                "caching.py": "import functools\nimport json\nimport urllib.request\n\n\n"
                "def shared(seconds):\n"
                "    def decorate(function):\n"
                "        @functools.wraps(function)\n"
                "        def wrapper(*args):\n"
                '            with urllib.request.urlopen("https://cache.example.org/get") as hit:\n'
                "                found = hit.read()\n"
                "            return json.loads(found) if found else function(*args)\n\n"
                "        return wrapper\n\n"
                "    return decorate\n\n\n"
                "def counted(function):\n"
                "    calls = []\n\n"
                "    @functools.wraps(function)\n"
                "    def wrapper(*args):\n"
                "        calls.append(args)\n"
                "        return function(*args)\n\n"
                "    return wrapper\n",
                "app.py": "from caching import counted, shared\n\n\n"
                "@shared(60)\n"
                "def names():\n"
                '    return ["a", "b"]\n\n\n'
                "@counted\n"
                "def title(name):\n"
                "    return name.title()\n\n\n"
                "async def index():\n"
                "    found = names()  # ARC402\n"
                "    return [title(name) for name in found]\n",
            },
            title="a decorator of the project that waits",
        ),
        Case(
            "import json\n"
            "from dataclasses import dataclass, field\n"
            "from pathlib import Path\n\n\n"
            "class Layout:\n"
            "    def __init__(self, path: Path):\n"
            "        self.path = path\n\n"
            "    @property\n"
            "    def value(self):\n"
            "        return json.loads(self.path.read_text())\n\n"
            "    @value.setter\n"
            "    def value(self, data):\n"
            "        self.path.write_text(json.dumps(data))\n\n"
            "    def __iter__(self):\n"
            "        with open(self.path) as lines:\n"
            "            yield from lines\n\n"
            "    def __len__(self):\n"
            "        return len(self.path.read_text())\n\n"
            "    def __setitem__(self, key, value):\n"
            "        (self.path / key).write_text(value)\n\n\n"
            "@dataclass\n"
            "class Snapshot:\n"
            "    path: Path\n"
            "    rows: list = field(default_factory=list)\n\n"
            "    def __post_init__(self):\n"
            "        self.rows = json.loads(self.path.read_text())\n\n\n"
            "async def save(layout: Layout, data):\n"
            "    layout.value = data  # ARC402\n\n\n"
            "async def put(layout: Layout):\n"
            '    layout["title"] = "x"  # ARC402\n\n\n'
            "async def walk(layout: Layout):\n"
            "    return [line.strip() for line in layout]  # ARC402\n\n\n"
            "async def measure(layout: Layout):\n"
            "    return len(layout)  # ARC402\n\n\n"
            "async def snapshot(path: Path):\n"
            "    return Snapshot(path).rows  # ARC402\n",
            title="what Python calls by itself: setters, items, iteration, length, after a written constructor",
        ),
        Case(
            "import asyncio\nimport time\nfrom functools import partial\n\n\n"
            "async def offload(func, *args):\n"
            "    loop = asyncio.get_running_loop()\n"
            "    return await loop.run_in_executor(None, partial(func, *args))\n\n\n"
            "def start():\n"
            "    time.sleep(1)\n\n\n"
            "async def boot():\n"
            "    await offload(start)\n"
            "    await offload(start())  # ARC402\n",
            title="offload helper, and the call that runs too early",
        ),
        Case(
            "import os\n\n\n"
            "def read(path):\n"
            "    if os.path.exists(path):\n"
            "        with open(path) as stream:\n"
            "            return stream.read()\n\n\n"
            "async def show(path):\n"
            "    return read(path)  # ARC402\n",
            title="small disk operations do not hide the file behind them",
        ),
        Case(
            "import requests\n\n\n"
            "def pages():\n"
            "    for number in range(3):\n"
            '        yield requests.get(f"https://pages.example.org/{number}")\n\n\n'
            "async def crawl():\n"
            "    return [page.text for page in pages()]  # ARC402\n",
            title="generator iterated on the loop",
        ),
        Case(
            "import time\n\n\n"
            "class Client:\n"
            "    def __init__(self):\n"
            "        self.connect()\n\n"
            "    def connect(self):\n"
            "        time.sleep(1)\n\n\n"
            "async def handler():\n"
            "    return Client()  # ARC402\n",
            title="constructor",
        ),
        Case(
            "import time\n\n"
            "HANDLERS = {}\n\n\n"
            "def register(name, handler):\n"
            "    HANDLERS[name] = handler\n\n\n"
            "def slow():\n"
            "    time.sleep(1)\n\n\n"
            'register("slow", slow)\n\n\n'
            "async def dispatch(name):\n"
            "    HANDLERS[name]()  # ARC402\n",
            title="registry filled at run time",
            missed=True,
            why="it takes the items that calls of other functions put into a dictionary",
        ),
        Case(
            "import asyncio\nimport time\n\n\n"
            "def store(data):\n"
            "    time.sleep(1)\n\n\n"
            "class Receiver(asyncio.Protocol):\n"
            "    def data_received(self, data):\n"
            "        store(data)  # ARC402\n",
            title="what the loop tells a protocol",
            missed=True,
            why="only coroutine functions are looked at, and a protocol has none",
        ),
        Case(
            "import asyncio\nimport concurrent.futures\nimport contextvars\nimport functools\nimport time\n\n\n"
            "def work(key=None):\n"
            "    time.sleep(1)\n\n\n"
            "async def done(key):\n"
            "    print(key)\n\n\n"
            "async def schedule(sock):\n"
            "    loop = asyncio.get_running_loop()\n"
            "    loop.call_later(5, work)  # ARC402\n"
            "    loop.remove_reader(sock)\n"
            "    task = loop.create_task(done(1))\n"
            "    await task\n\n\n"
            "async def soon():\n"
            "    asyncio.get_event_loop().call_soon(functools.partial(work, 1))  # ARC402\n\n\n"
            "async def afterwards():\n"
            "    task = asyncio.create_task(done(1))\n"
            "    task.add_done_callback(lambda finished: work(finished))  # ARC402\n"
            "    await task\n\n\n"
            "def show(future: concurrent.futures.Future):\n"
            "    print(future.result())\n\n\n"
            "async def shown():\n"
            "    task = asyncio.create_task(done(1))\n"
            "    task.add_done_callback(show)\n"
            "    await task\n\n\n"
            "async def in_context():\n"
            "    contextvars.copy_context().run(work)  # ARC402\n\n\n"
            "async def in_thread():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    await loop.run_in_executor(None, contextvars.copy_context().run, work)\n"
            "    await asyncio.to_thread(contextvars.copy_context().run, work)\n"
            "    loop.call_soon(done, 1)\n",
            title="handed to the loop, and run in a context",
        ),
        Case(
            {
                "loaders.py": "LOADERS = {}\n\n\n"
                "def loader(name):\n"
                "    def keep(cls):\n"
                "        LOADERS[name] = cls\n"
                "        return cls\n\n"
                "    return keep\n\n\n"
                "def make(name):\n"
                "    return LOADERS[name]()\n",
                "web_loader.py": "import requests\n\nfrom loaders import loader\n\n\n"
                '@loader("web")\n'
                "class WebLoader:\n"
                "    def load(self, source):\n"
                "        return requests.get(source).text\n",
                "service.py": "from loaders import make\n\n\n"
                "async def load(kind, source):\n"
                "    return make(kind).load(source)  # ARC402\n",
            },
            title="classes registered by a decorator",
        ),
        Case(
            {
                "base.py": "class Check:\n"
                "    known = {}\n\n"
                "    def __init_subclass__(cls, **options):\n"
                "        super().__init_subclass__(**options)\n"
                "        Check.known[cls.__name__] = cls\n\n"
                "    @classmethod\n"
                "    def make(cls, name):\n"
                "        return cls.known[name]()\n",
                "checks.py": "import subprocess\n\nfrom base import Check\n\n\n"
                "class DiskCheck(Check):\n"
                "    def result(self):\n"
                '        return subprocess.run(["df"], capture_output=True)\n',
                "api.py": "from base import Check\n\n\n"
                "async def check(name):\n"
                "    return Check.make(name).result()  # ARC402\n",
            },
            title="classes registered by deriving",
        ),
        Case(
            {
                "ledger.py": "import requests\n\n\n"
                "class Ledger:\n"
                "    def balance(self):\n"
                '        return requests.get("https://ledger.example.org").json()\n',
                "main.py": "from fastapi import FastAPI\nfrom ledger import Ledger\n\n"
                "app = FastAPI()\n"
                "app.state.ledger = Ledger()\n",
                "routes.py": "from fastapi import APIRouter, Request\n\nrouter = APIRouter()\n\n\n"
                '@router.get("/balance")\n'
                "async def balance(request: Request):\n"
                "    return request.app.state.ledger.balance()  # ARC402\n",
            },
            title="service kept on the application",
        ),
        Case(
            {
                "ledger.py": "import requests\n\n\n"
                "class Ledger:\n"
                "    def balance(self):\n"
                '        return requests.get("https://ledger.example.org").json()\n',
                "main.py": "import contextlib\n\n"
                "from starlette.applications import Starlette\n"
                "from starlette.routing import Route\n\n"
                "from ledger import Ledger\n"
                "from routes import balance\n\n\n"
                "@contextlib.asynccontextmanager\n"
                "async def lifespan(app: Starlette):\n"
                '    yield {"ledger": Ledger()}\n\n\n'
                'app = Starlette(lifespan=lifespan, routes=[Route("/balance", balance)])\n',
                "routes.py": "from starlette.requests import Request\n"
                "from starlette.responses import JSONResponse\n\n\n"
                "async def balance(request: Request):\n"
                "    return JSONResponse(request.state.ledger.balance())  # ARC402\n",
            },
            title="service that the life of the application gives to requests",
        ),
        Case(
            {
                "keys.py": "from aiohttp import web\nfrom ledger import Ledger\n\n"
                'LEDGER = web.AppKey("ledger", Ledger)\n',
                "ledger.py": "import requests\n\n\n"
                "class Ledger:\n"
                "    def balance(self):\n"
                '        return requests.get("https://ledger.example.org").text\n',
                "views.py": "from aiohttp import web\nfrom keys import LEDGER\n\n\n"
                "async def balance(request: web.Request):\n"
                "    return web.Response(text=request.app[LEDGER].balance())  # ARC402\n",
            },
            title="service kept under a typed key",
        ),
        Case(
            "import requests\n\n\n"
            "class Feed:\n"
            "    def read(self):\n"
            '        return requests.get("https://feed.example.org").text\n\n\n'
            "class Reader:\n"
            "    _instance = None\n\n"
            "    def __init__(self):\n"
            "        self.feeds: list[Feed] = []\n"
            "        self.by_name = {}\n\n"
            "    def add(self, name):\n"
            "        self.by_name[name] = Feed()\n\n"
            "    @classmethod\n"
            "    def shared(cls):\n"
            "        if cls._instance is None:\n"
            "            cls._instance = cls()\n"
            "        return cls._instance\n\n"
            "    async def one(self, name):\n"
            "        return self.by_name[name].read()  # ARC402\n\n\n"
            "async def every():\n"
            "    return [feed.read() for feed in Reader.shared().feeds]  # ARC402\n",
            title="singletons and collections that are filled later",
        ),
        Case(
            "import requests\n\n\n"
            "def page(url):\n"
            "    return requests.get(url).text\n\n\n"
            "async def pages(urls):\n"
            "    return list(map(page, urls))  # ARC402\n",
            title="map",
        ),
        Case(
            "import requests\n\n\n"
            "class Remote:\n"
            "    def __getitem__(self, key):\n"
            '        return requests.get(f"https://store.example.org/{key}").json()\n\n\n'
            "async def read(store: Remote, key):\n"
            "    return store[key]  # ARC402\n",
            title="operators of the project's own classes",
            missed=True,
            why="subscripts, `len`, `in` and `for` are not followed into the methods that answer them",
        ),
        Case(
            "import time\n\n\n"
            "def wait():\n"
            "    time.sleep(1)\n\n\n"
            "async def twice():\n"
            "    wait()  # ARC402\n"
            "    wait()\n\n\n"
            "async def once():\n"
            "    wait()  # ARC402\n",
            fixed=(
                "import asyncio\n"
                "import time\n"
                "\n"
                "\n"
                "def wait():\n"
                "    time.sleep(1)\n"
                "\n"
                "\n"
                "async def twice():\n"
                "    await asyncio.to_thread(wait)  # ARC402\n"
                "    await asyncio.to_thread(wait)\n"
                "\n"
                "\n"
                "async def once():\n"
                "    await asyncio.to_thread(wait)  # ARC402\n"
            ),
            title="one finding for a helper that a function calls twice",
        ),
        Case(
            "import requests\n\n\n"
            "def rates():\n"
            '    return requests.get("https://rates.example.org").json()\n\n\n'
            "async def first():\n"
            "    return rates()  # ARC402\n\n\n"
            + "\n\n\n".join(f"async def page_{number}():\n    return rates()" for number in range(6))
            + "\n",
            title="one finding for a helper that many functions of the file call",
        ),
        Case(
            "import httpx\nimport smtplib\n\n\n"
            "def send(kind, text):\n"
            '    if kind == "mail":\n'
            '        smtplib.SMTP("localhost").sendmail("a", "b", text)\n'
            "    else:\n"
            '        httpx.post("https://chat.example.org", data=text)\n\n\n'
            "async def notify(kind, text):\n"
            "    send(kind, text)  # ARC402\n",
            title="both ways wait",
        ),
        Case(
            {
                "app.py": "from lines import Lines\n\n\nasync def run(command: list[str]) -> None:\n"
                "    lines = Lines(command)  # ARC402\n    await lines.done()\n",
                "lines.py": "import asyncio\nimport subprocess\n\n\nclass Lines:\n"
                "    def __init__(self, command: list[str]) -> None:\n"
                "        self.loop = asyncio.get_running_loop()\n"
                "        subprocess.run(command, check=True)\n\n"
                "    async def done(self) -> None: ...\n",
            },
            fixed="from lines import Lines\n\n\nasync def run(command: list[str]) -> None:\n"
            "    lines = Lines(command)  # ARC402\n    await lines.done()\n",
            title="a constructor that asks for the running loop: no fix, a thread has none",
        ),
    )
    valid = (
        Case(
            """\
from concurrent.futures import Future


class Outcome(Future):
    @classmethod
    def of(cls, value):
        made = cls()
        made.set_result(value)
        return made


class Attempts:
    def __init__(self):
        self.outcome = Outcome.of(1)

    def last(self):
        return self.outcome.exception() or self.outcome.result()


def taken(future: Future):
    if future.cancelled():
        return None
    return future.result()


async def handler(attempts: Attempts, future: Future):
    return attempts.last(), taken(future)
""",
            title="futures that hold what was put into them, or are asked first",
        ),
        Case(
            "import time\n\n\n"
            "def slowly(function):\n"
            "    def run():\n"
            "        time.sleep(1)\n"
            "        return function()\n\n"
            "    return run\n\n\n"
            "async def call(function, slow):\n"
            "    if slow:\n"
            "        function = slowly(function)\n"
            "    await function()\n",
            title="awaited variable that may hold another function",
        ),
        Case(
            "import asyncio\nimport time\n\n\n"
            "def work():\n    time.sleep(1)\n\n\n"
            "async def handler():\n    await asyncio.to_thread(work)\n",
            title="handed to a thread",
        ),
        Case(
            "import time\n\n\ndef work():\n    time.sleep(1)\n\n\ndef handler():\n    work()\n",
            title="plain function",
        ),
        Case(
            {
                "threads.py": "import asyncio\nimport functools\n\n\n"
                "def in_thread(func):\n"
                "    @functools.wraps(func)\n"
                "    async def wrapper(*args):\n"
                "        return await asyncio.to_thread(func, *args)\n\n"
                "    return wrapper\n",
                "app.py": "import time\n\nfrom threads import in_thread\n\n\n"
                "@in_thread\n"
                "def work():\n    time.sleep(1)\n\n\n"
                "async def handler():\n    await work()\n",
            },
            title="decorator of the project that runs the function in a thread",
        ),
        Case(
            "import requests\nfrom fastapi.responses import StreamingResponse\n\n\n"
            "def rows():\n"
            '    yield requests.get("https://rows.example.org").content\n\n\n'
            "async def export():\n"
            "    return StreamingResponse(rows())\n",
            title="generator given to a streaming response",
        ),
        Case(
            "import functools\nimport requests\n\n\n"
            "@functools.lru_cache\n"
            "def keys():\n"
            '    return requests.get("https://keys.example.org").json()\n\n\n'
            "async def verify():\n    return keys()\n",
            title="cached",
        ),
        Case(
            "import requests\n\n"
            "_keys = None\n\n\n"
            "def keys():\n"
            "    global _keys\n"
            "    if _keys is not None:\n"
            "        return _keys\n"
            '    _keys = requests.get("https://keys.example.org").json()\n'
            "    return _keys\n\n\n"
            "async def verify():\n    return keys()\n",
            title="kept in a global",
        ),
        Case(
            "import time\n\n\n"
            "async def inner():\n    time.sleep(1)\n\n\n"
            "async def outer():\n    await inner()\n",
            title="reported inside the coroutine function that blocks",
        ),
        Case(
            {
                "app.py": "from helpers.threads import run\nfrom work import slow\n\n\n"
                "async def handler():\n    await run(slow, wait=True)\n",
                "work.py": "import time\n\n\ndef slow():\n    time.sleep(1)\n",
                "helpers/threads.py": "import asyncio\n\n\n"
                "class Pool:\n"
                "    def submit(self, func, *args):\n"
                "        return asyncio.get_running_loop().run_in_executor(None, func, *args)\n\n\n"
                "pool = Pool()\n\n\n"
                "def run(func, wait):\n"
                "    return pool.submit(func)\n",
            },
            title="offload helper behind another one",
        ),
        Case(
            {
                "app.py": "from threads import run\nfrom work import slow\n\n\n"
                "async def handler():\n    run(slow)\n",
                "work.py": "import time\n\n\ndef slow():\n    time.sleep(1)\n",
                "threads.py": "from vendor import switch\n\n\n"
                "def run(func):\n"
                "    with switch():\n"
                "        return func()\n",
            },
            title="offload helper named by the settings",
            settings={"offload-helpers": ["*threads.run"]},
        ),
        Case(
            "import json\nfrom pathlib import Path\n\n"
            'RECORD = Path("/srv/record.json")\n'
            "_seen = None\n"
            "_record = None\n\n\n"
            "def record():\n"
            "    global _seen, _record\n"
            "    seen = RECORD.stat().st_mtime_ns\n"
            "    if seen != _seen:\n"
            "        _record = json.loads(RECORD.read_text())\n"
            "        _seen = seen\n"
            "    return _record\n\n\n"
            "async def handler():\n    return record()\n",
            title="record read again only when it changed",
        ),
        Case(
            "import requests\n\n\n"
            "def secret(name):\n"
            '    if name.startswith("vault/"):\n'
            "        return requests.get(name).text\n"
            "    return name\n\n\n"
            "def log(callbacks, text):\n"
            "    for callback in callbacks:\n"
            '        if callback == "remote":\n'
            '            requests.post("https://log.example.org", data=text)\n'
            '        elif callback == "print":\n'
            "            print(text)\n\n\n"
            "async def handler(callbacks):\n"
            '    log(callbacks, secret("key"))\n',
            title="one of many choices",
        ),
        Case(
            "import asyncio\nimport requests\n\n\n"
            "def running_loop():\n"
            "    try:\n"
            "        return asyncio.get_running_loop()\n"
            "    except RuntimeError:\n"
            "        return None\n\n\n"
            "def report(url, loop_task):\n"
            "    loop = running_loop()\n"
            "    if loop is not None:\n"
            "        loop.create_task(loop_task)\n"
            "        return\n"
            "    requests.get(url)\n\n\n"
            "async def handler(url, loop_task):\n"
            "    report(url, loop_task)\n",
            title="waits only where no loop runs",
        ),
        Case(
            "import abc\nimport requests\n\n\n"
            "class Sink(abc.ABC):\n"
            "    @abc.abstractmethod\n"
            "    def put(self, text): ...\n\n\n"
            "class Memory(Sink):\n"
            "    def put(self, text):\n"
            "        self.last = text\n\n\n"
            "class Lines(Sink):\n"
            "    def put(self, text):\n"
            "        self.lines.append(text)\n\n\n"
            "class Printed(Sink):\n"
            "    def put(self, text):\n"
            "        print(text)\n\n\n"
            "class Remote(Sink):\n"
            "    def put(self, text):\n"
            '        requests.post("https://log.example.org", data=text)\n\n\n'
            "async def handler(sink: Sink):\n"
            '    sink.put("hello")\n',
            title="one unusual implementation out of many",
        ),
        Case(
            "import requests\n\n\n"
            "async def later():\n"
            "    pass\n\n\n"
            "def fetch(url, *, stream=False, is_async: bool):\n"
            "    if is_async:\n"
            "        return later()\n"
            "    if stream:\n"
            "        return requests.get(url, stream=True)\n"
            "    return requests.get(url)\n\n\n"
            "async def handler(url, **options):\n"
            "    return fetch(url, stream=True, is_async=True, **options)\n",
            title="flag that makes a coroutine of it",
        ),
        Case(
            "import os\nfrom concurrent.futures import Future\n\n\n"
            "def answer(future: Future, pid):\n"
            "    os.waitpid(pid, os.WNOHANG)\n"
            "    return future.done() and future.result()\n\n\n"
            "async def handler(future: Future):\n"
            "    return answer(future, 1)\n",
            title="asked whether there is something first",
        ),
        Case(
            "import requests\n\n\n"
            "class Prices:\n"
            "    def __init__(self, memory_cache):\n"
            "        self.memory_cache = memory_cache\n"
            "        self.pages = {}\n\n"
            "    def load(self, name):\n"
            "        self.pages[name] = requests.get(name).text\n\n"
            "    def price(self, name):\n"
            "        found = None\n"
            "        kept = self.memory_cache.get(name)\n"
            "        if kept is not None:\n"
            "            found = kept\n"
            "        if found is None and self.pages is not None:\n"
            "            found = requests.get(name).text\n"
            "        return found\n\n\n"
            "def page(prices: Prices, name):\n"
            "    if name not in prices.pages:\n"
            "        prices.load(name)\n"
            "    return prices.pages[name]\n\n\n"
            "async def handler(prices: Prices, name):\n"
            "    return prices.price(name), page(prices, name)\n",
            title="memory in front of the network",
        ),
        Case(
            {
                "bucket.py": "import time\n\n\n"
                "class Bucket:\n"
                "    def __init__(self, rate, cooldown=5):\n"
                "        self.rate = rate\n"
                "        self.cooldown = cooldown\n\n"
                "    def slow_down(self):\n"
                "        time.sleep(self.cooldown)\n",
                "app.py": "from bucket import Bucket\n\n"
                "bucket = Bucket(1, cooldown=0)\n\n\n"
                "async def handler():\n"
                "    bucket.slow_down()\n",
            },
            title="sleep of no time",
        ),
        Case(
            "from pathlib import Path\n\n\n"
            "class Prompts:\n"
            "    def __init__(self, directory=None):\n"
            "        self.directory = Path(directory) if directory else None\n"
            "        if self.directory:\n"
            '            self.texts = [path.read_text() for path in self.directory.glob("*.txt")]\n\n\n'
            "async def handler():\n"
            "    return Prompts()\n",
            title="nothing given, nothing read",
        ),
        Case(
            "import os\nfrom pathlib import Path\n\n"
            'STATM = "/proc/self/statm"\n\n\n'
            "class Memory:\n"
            "    def __init__(self, path: str = STATM):\n"
            "        self._path = path\n\n"
            "    def pages(self):\n"
            '        with open(self._path, encoding="ascii") as stream:\n'
            "            return stream.read().split()\n\n"
            "    def lines(self):\n"
            '        with open("/proc/meminfo") as stream:\n'
            "            return [line for line in stream]\n\n\n"
            "def started(pid: int):\n"
            '    return Path(f"/proc/{pid}/stat").read_text(), (Path("/proc") / str(pid) / "io").read_text()\n\n\n'
            "def silence(text):\n"
            '    with open(os.devnull, "w") as stream:\n'
            "        stream.write(text)\n\n\n"
            "async def memory(pid: int):\n"
            "    found = Memory()\n"
            '    silence("hush")\n'
            "    return found.pages(), found.lines(), started(pid)\n",
            title="files that the system makes up",
        ),
        Case(
            "import tempfile\nfrom typing import BinaryIO\n\n"
            "from fastapi import UploadFile\n\n\n"
            "def first_line(stream: BinaryIO):\n"
            "    stream.seek(0)\n"
            "    return next((line for line in stream if line.strip()), None)\n\n\n"
            "def park(stream: BinaryIO, text: str):\n"
            "    stream.write(text.encode())\n\n\n"
            "async def receive(upload: UploadFile):\n"
            "    spool = tempfile.SpooledTemporaryFile(max_size=1_000_000)\n"
            '    park(spool, "text")\n'
            "    return first_line(upload.file)\n",
            title="uploads live in memory until they are large",
        ),
        Case(
            "import time\n\n\n"
            "def probe(process):\n"
            "    try:\n"
            "        return process.status()\n"
            "    except PermissionError:\n"
            "        time.sleep(0.01)\n"
            "        return process.status()\n\n\n"
            "async def handler(process):\n"
            "    return probe(process)\n",
            title="ten milliseconds before another try",
        ),
        Case(
            "import asyncio\nimport sys\nimport subprocess\nimport threading\n\n\n"
            "def write_settings():\n"
            '    subprocess.run(["edit"])\n\n\n'
            "class Server:\n"
            "    def __init__(self):\n"
            "        self.worker = threading.Thread(target=print)\n\n"
            "    def join(self):\n"
            "        self.worker.join()\n\n"
            "    async def aclose(self):\n"
            "        self.join()\n\n\n"
            "async def launch(settings, loop: asyncio.AbstractEventLoop):\n"
            "    if settings.write:\n"
            "        write_settings()\n"
            "        loop.stop()\n"
            "        return\n"
            "    if settings.broken:\n"
            "        write_settings()\n"
            "        sys.exit(1)\n",
            title="the way out",
        ),
        Case(
            "import asyncio\nimport threading\n\n\n"
            "class Line:\n"
            "    def __init__(self):\n"
            "        self.thread = threading.Thread(target=print)\n\n"
            "    def done(self):\n"
            "        self.thread.join()\n\n\n"
            "async def _render():\n"
            "    Line().done()\n\n\n"
            "async def check():\n"
            "    await _render()\n\n\n"
            "def run():\n"
            "    asyncio.run(check())\n",
            title="a loop that is started for one thing",
        ),
        Case(
            "import functools\n\nimport requests\n\n\n"
            "def cached(step):\n"
            "    step = functools.lru_cache(step)\n\n"
            "    @functools.wraps(step)\n"
            "    def wrapper(*args):\n"
            "        return step(*args)\n\n"
            "    return wrapper\n\n\n"
            "def once(step):\n"
            "    found = []\n\n"
            "    def wrapper(*args):\n"
            "        if not found:\n"
            "            found.append(step(*args))\n"
            "        return found[0]\n\n"
            "    return wrapper\n\n\n"
            "@cached\n"
            "def rates(day):\n"
            "    return requests.get(day)\n\n\n"
            "@once\n"
            "def names():\n"
            '    return requests.get("https://names.test")\n\n\n'
            "async def show(day):\n"
            "    return rates(day), names()\n",
            title="decorators of the project that keep the answer",
        ),
        Case(
            "import abc\nimport requests\n\n\n"
            "class Provider(abc.ABC):\n"
            "    @abc.abstractmethod\n"
            "    def turn(self, answer): ...\n\n"
            "    async def aturn(self, answer):\n"
            "        return self.turn(answer)\n\n\n"
            "class Plain(Provider):\n"
            "    def turn(self, answer):\n"
            "        return answer\n\n\n"
            "class Linked(Provider):\n"
            "    def turn(self, answer):\n"
            "        return requests.get(answer).text\n\n"
            "    async def aturn(self, answer):\n"
            "        return answer\n",
            title="the class that waits has an asynchronous twin",
        ),
        Case(
            "import json\nfrom pathlib import Path\n\n"
            "_KNOWN = {}\n\n\n"
            "def template(path: Path):\n"
            "    try:\n"
            "        seen = path.stat().st_mtime_ns\n"
            "    except OSError:\n"
            "        return json.loads(path.read_text())\n"
            "    kept = _KNOWN.get(path)\n"
            "    if kept is None or kept[0] != seen:\n"
            "        kept = (seen, json.loads(path.read_text()))\n"
            "        _KNOWN[path] = kept\n"
            "    return kept[1]\n\n\n"
            "async def handler(path: Path):\n"
            "    return template(path)\n",
            title="files kept until they change",
        ),
        Case(
            {
                "state.py": "models = {}\nengine = None\n",
                "app.py": "import requests\n\nimport state\n\n\n"
                "def load(name):\n"
                "    return requests.get(name)\n\n\n"
                "def model(name):\n"
                "    if name in state.models:\n"
                "        found = state.models[name]\n"
                "    else:\n"
                "        found = load(name)\n"
                "        state.models[name] = found\n"
                "    return found\n\n\n"
                "def send(text, engine=None):\n"
                '    used = engine or load("engine")\n'
                "    return used, text\n\n\n"
                "class Base:\n"
                "    def __init__(self, tool=None):\n"
                '        self.tool = tool or load("tool")\n\n\n'
                "class Box(Base):\n"
                "    def __init__(self, tool=None):\n"
                "        super().__init__(tool)\n\n\n"
                "async def box(tool):\n"
                "    return Box(tool=tool)\n\n\n"
                "async def handler(name):\n"
                "    if state.engine is None or state.engine.broken is None:\n"
                '        state.engine = load("engine")\n'
                "    return model(name), send(name, engine=state.engine)\n",
            },
            title="loaded once, or given",
        ),
        Case(
            "import requests\n\n"
            'TEXTS = {"hello": "Hello"}\n\n\n'
            "def text(key):\n"
            "    if key in TEXTS:\n"
            "        return TEXTS[key].strip()\n"
            '    with open(f"texts/{key}.txt") as file:\n'
            "        return file.read()\n\n\n"
            "def track(event, details):\n"
            '    if details.get("server") is None:\n'
            '        details["server"] = requests.get("http://identity/").text\n'
            "    return event, details\n\n\n"
            "async def greet(user):\n"
            '    track("greet", {"server": user.server})\n'
            '    return text("hello")\n',
            title="what memory has, what the caller gave",
        ),
        Case(
            "import requests\n\n\n"
            "class Store:\n"
            "    def __init__(self, url):\n"
            "        self.url = url\n"
            "        self.known = {}\n\n"
            "    def put(self, key, value, local_only=False):\n"
            "        self.known[key] = value\n"
            "        if self.url is not None and local_only is False:\n"
            "            requests.put(self.url + key, json=value)\n\n\n"
            "async def spend(store: Store, key, amount):\n"
            "    store.put(key, amount, local_only=True)\n",
            title="switched off by a comparison with False",
        ),
        Case(
            {
                "config.py": "import json\n\n\n"
                "def read(path):\n"
                "    with open(path) as file:\n"
                "        return json.load(file)\n\n\n"
                "class Config:\n"
                "    async def load(self, path):\n"
                "        self.settings = read(path)\n",
                "app.py": "from contextlib import asynccontextmanager\n\n"
                "from fastapi import FastAPI\n\n"
                "from config import Config\n\n\n"
                "@asynccontextmanager\n"
                "async def lifespan(app: FastAPI):\n"
                "    config = Config()\n"
                '    await config.load("settings.json")\n'
                "    yield\n",
            },
            title="awaited at start-up only",
        ),
        Case(
            {
                "config.py": "import json\n\n\n"
                "def read(path):\n"
                "    with open(path) as file:\n"
                "        return json.load(file)\n",
                "app.py": "from aiohttp import web\n"
                "from starlette.applications import Starlette\n\n"
                "from config import read\n\n\n"
                "async def warm_up(app):\n"
                '    app["settings"] = read("settings.json")\n\n\n'
                "async def settings(app):\n"
                '    app["more"] = read("more.json")\n'
                "    yield\n\n\n"
                "async def prepare():\n"
                '    print(read("banner.json"))\n\n\n'
                "async def greet():\n"
                '    print(read("greeting.json"))\n\n\n'
                "app = web.Application()\n"
                "app.on_startup.append(warm_up)\n"
                "app.cleanup_ctx.extend([settings])\n"
                "pages = Starlette(on_startup=[prepare])\n"
                'pages.add_event_handler("startup", greet)\n',
            },
            title="given to the start of an application",
        ),
        Case(
            "import functools\nimport threading\nimport time\n\n\n"
            "def in_background(function):\n"
            "    @functools.wraps(function)\n"
            "    def wrapper(*args):\n"
            "        threading.Thread(target=function, args=args, daemon=True).start()\n\n"
            "    return wrapper\n\n\n"
            "@in_background\n"
            "def notify(text):\n"
            "    time.sleep(1)\n\n\n"
            "async def handler():\n"
            '    notify("done")\n',
            title="a decorator that starts a thread",
        ),
        Case(
            "import os\n\n\n"
            "def commit_trace(messages, directory=None):\n"
            "    try:\n"
            "        from git import Repo\n"
            "    except ImportError:\n"
            "        return\n"
            '    directory = directory if directory else os.getenv("TRACES")\n'
            "    if not directory:\n"
            "        return\n"
            "    Repo.init(directory).index.commit(str(messages))\n\n\n"
            "async def complete(messages):\n"
            "    commit_trace(messages)\n",
            title="traces for developers",
        ),
        Case(
            "import requests\n\n\n"
            "def post(event):\n"
            '    requests.post("http://collector/", json=event)\n\n\n'
            "def deliver(event):\n"
            "    post(event)\n\n\n"
            "def notify(event):\n"
            "    deliver(event)\n\n\n"
            "def fail(callback, event, sync):\n"
            "    if isinstance(callback, str) and sync and event.is_last:\n"
            "        notify(event)\n\n\n"
            "async def handler(event):\n"
            '    fail("collector", event, event.sync)\n',
            title="far away, under several conditions",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls of project functions that end in a blocking call."""
        for cause in causes(function, "chain"):
            stall = cause.stall
            yield file.diagnostic(
                self,
                stall.site,
                related=cause.related(file),
                fix=cause_off_the_loop(cause, file),
                impact=stall.impact,
                call=stall.call,
                function=function.name,
                chain=" -> ".join(stall.chain) + cause.more,
                advice=advice(stall, function),
            )

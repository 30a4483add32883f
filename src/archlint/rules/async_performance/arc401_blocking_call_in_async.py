"""A blocking call inside `async def` stops every other request of the worker.

## What it does

Reports library calls that make the thread wait (network, files, subprocesses, `time.sleep`, locks,
queues, the clients of cloud services and language models) where they stand in the body of an
`async def`. The receiver's type decides, not its name: parameters, factories, attributes of `self`,
module globals and context managers are followed to the class they come from, also across files.

Calls below project functions are ARC402, database drivers ARC208, work for the processor ARC403.

Waiting for a network, a process or a lock has high impact, reading a local file medium. In start-up
code (`lifespan`, `on_event`, `asyncio.run(main())`, scripts) the loop serves nobody yet: there waiting has
low impact, and local files are left alone.

## Why is this bad?

The event loop runs on one thread. While that thread waits for a socket or a disk, no other request
moves: a service of ten concurrent calls of 200 ms each answers the last one after two seconds, health checks
included. Nothing fails and no log says so; latency simply follows load.

## How to fix

Use the library's asynchronous client, or hand the call to a thread:

```python
async def forecast(city: str) -> dict:
    async with httpx.AsyncClient() as client:           # instead of requests.get(...)
        response = await client.get(URL, params={"city": city})
    path = await asyncio.to_thread(store, response)      # instead of store(response)
    await asyncio.sleep(1)                               # instead of time.sleep(1)
    return response.json()
```

A FastAPI handler that awaits nothing may as well become a plain `def`: the framework then runs it
in a thread.

More calls are declared in the settings, each with what to use instead:

```toml
[tool.archlint.blocking-calls]
"vendor.sdk.Client.*" = "use `vendor.aio.Client`"
```

## Not reported

* Callables handed to `asyncio.to_thread`, `run_in_executor`, `run_in_threadpool`, `sync_to_async` and their
  kin, or to the project's own helpers that do so; nested functions and lambdas not called on the loop.
* Calls that are awaited: a type that says otherwise is wrong.
* `block=False`, `blocking=False`, `timeout=0`, `LOCK_NB`, `time.sleep(0)`; locks made with `timeout=0`;
  sockets after `setblocking(False)`.
* Files in memory (`zipfile.is_zipfile(io.BytesIO(data))`, `gzip.GzipFile(fileobj=io.BytesIO())`).
* Single small disk operations (`os.path.exists`, `mkdir`, `unlink`, `flush`): a thread costs as much.
* What `open()` gave after `open()` itself was reported; the fetch after the query; one finding per cause.
* What fills a cache once (`if self._model is None: ...`, `lru_cache`).
* Tests and migrations; coroutine functions that a job queue runs each in a loop of its own.
* Known misses: receivers of unknown type, calls made by a library on behalf of the caller (callbacks, `map`),
  the wait at the end of `with ThreadPoolExecutor()`.

Compared with ASYNC210 to ASYNC251 of flake8-async (ruff has them, too), which know some calls by name: on three published
backends those report three, two `Popen()` that stand here as well and one `os.path.exists()`, a single small disk
operation. This rule reports 9: methods of typed objects, `shutil`, jobs of a queue. What lies behind functions of the
project (7, ARC402) and what computes (12, ARC403) neither of them looks at.

## References

* [asyncio: running blocking code](https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code)
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
from archlint.project.remedies import cause_off_the_loop


class BlockingCallInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("safe", "unsafe")
    message = "`{call}` blocks the event loop in `async def {function}`; {advice}"
    answers = (
        "anti-pattern 2",
        "area A",
        "area E",
        "dimension 4",
        "checklist 8",
        "checklist 50",
        "principle 5",
    )
    invalid = (
        Case(
            "from fastapi import FastAPI, UploadFile\n\n"
            "app = FastAPI()\n\n\n"
            '@app.post("/imports")\n'
            "async def imports(upload: UploadFile):\n"
            "    first = upload.file.readline()\n"
            "    return first, upload.file.read()  # ARC401\n",
            title="the whole of an upload",
        ),
        Case(
            "import time\n\n\nasync def poll():\n    time.sleep(1)  # ARC401\n",
            title="sleep",
            fixed="import asyncio\nimport time\n\n\nasync def poll():\n    await asyncio.sleep(1)  # ARC401\n",
        ),
        Case(
            "import requests\n"
            "from fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            '@app.get("/rates")\n'
            "async def rates():\n"
            '    response = requests.get("https://rates.example.org")  # ARC401\n'
            "    return response.json()\n",
            title="requests in a FastAPI handler",
            fixed="import asyncio\n\n"
            "import requests\n"
            "from fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            '@app.get("/rates")\n'
            "async def rates():\n"
            '    response = await asyncio.to_thread(requests.get, "https://rates.example.org")  # ARC401\n'
            "    return response.json()\n",
        ),
        Case(
            "import json\n\n\n"
            "async def load(path):\n"
            "    with open(path) as stream:  # ARC401\n"
            "        head = stream.readline()\n"
            "        return head, json.load(stream)\n",
            title="one finding for open, read and parse",
        ),
        Case(
            "from pathlib import Path\n\n"
            'BASE = Path("/srv/data")\n\n\n'
            "async def page(name):\n"
            '    return (BASE / name / "index.html").read_text()  # ARC401\n',
            title="paths built with a slash",
        ),
        Case(
            "import asyncio\nimport subprocess\n\n\n"
            "async def convert(source):\n"
            '    subprocess.run(["convert", source])  # ARC401\n'
            '    await asyncio.to_thread(subprocess.run, ["sync"])\n',
            title="subprocess, and the same in a thread",
        ),
        Case(
            {
                "clients.py": "import httpx\n\n\ndef make_client():\n    return httpx.Client(timeout=5)\n",
                "service.py": "from clients import make_client\n\n\n"
                "class Weather:\n"
                "    def __init__(self):\n"
                "        self.client = make_client()\n\n"
                "    async def today(self):\n"
                '        return self.client.get("https://weather.example.org")  # ARC401\n',
            },
            title="client kept by self, made by a factory of another file",
        ),
        Case(
            "import stripe\n\n"
            'client = stripe.StripeClient("sk")\n\n\n'
            "async def charge(amount):\n"
            '    return client.v1.payment_intents.create({"amount": amount})  # ARC401\n',
            title="services that a client offers as attributes",
        ),
        Case(
            "import asyncio\nimport time\n\n\n"
            "async def slow():\n"
            "    def work():\n"
            "        time.sleep(1)\n\n"
            "    await asyncio.to_thread(work)\n"
            "    await asyncio.to_thread(time.sleep(1))  # ARC401\n",
            title="called too early instead of being handed over",
        ),
        Case(
            "import queue\n\n"
            "jobs = queue.Queue()\n\n\n"
            "async def consume():\n"
            "    return jobs.get()  # ARC401\n",
            title="queue of threads",
        ),
        Case(
            "import time\nfrom aiohttp import web\n\n\n"
            "async def handler(request):\n"
            "    time.sleep(0.1)  # ARC401\n"
            "    return web.Response()\n",
            title="aiohttp handler",
        ),
        Case(
            "import vendor\n\n\nasync def lookup(key):\n    return vendor.fetch(key)  # ARC401\n",
            title="declared in the settings",
            settings={"blocking-calls": {"vendor.fetch": "use `vendor.afetch`"}},
        ),
        Case(
            "import time\n\n\nasync def lifespan(app):\n    time.sleep(2)  # ARC401\n    yield\n",
            title="start-up, with low impact",
        ),
        Case(
            "from fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            "async def initialize_report(name: str):\n"
            "    with open(name) as stream:  # ARC401\n"
            "        return stream.read()\n\n\n"
            '@app.get("/main")\n'
            "async def main_page(name: str):\n"
            "    with open(name) as stream:  # ARC401\n"
            "        return stream.read(), await initialize_report(name)\n",
            title="names of start-up, and requests lead there",
        ),
        Case(
            "from concurrent.futures import ThreadPoolExecutor\n\n\n"
            "async def render_all(render, pages):\n"
            "    with ThreadPoolExecutor() as pool:\n"
            "        return list(pool.map(render, pages))  # ARC401\n",
            title="waiting for a pool",
            missed=True,
            why="it takes knowing that the results of `map` are awaited by iterating them",
        ),
        Case(
            "from langchain_core.prompts import ChatPromptTemplate\n"
            "from langchain_openai import ChatOpenAI\n\n"
            'chain = ChatPromptTemplate.from_template("{question}") | ChatOpenAI()\n\n\n'
            "async def ask(question):\n"
            '    return chain.invoke({"question": question})  # ARC401\n',
            title="chain with a model in it",
        ),
    )
    valid = (
        Case(
            """\
import socket


class Wire:
    def __init__(self, raw: socket.socket):
        self._raw = raw
        self._bell = socket.socket()
        self._bell.setblocking(False)

    async def receive(self):
        while True:
            try:
                return self._raw.recv(1024)
            except BlockingIOError:
                await self.readable()

    async def send(self, data):
        try:
            self._raw.send(data)
        except (BlockingIOError, InterruptedError):
            await self.readable()

    async def ring(self):
        self._bell.send(b"!")

    async def readable(self): ...
""",
            title="sockets that were told not to block, elsewhere in the class or by who made them",
        ),
        Case(
            "import queue\nimport requests\nfrom fastapi.responses import StreamingResponse\n\n"
            "pending: queue.Queue = queue.Queue()\n\n\n"
            "async def speech(answer: requests.Response):\n"
            "    return StreamingResponse(answer.iter_content(chunk_size=1024))\n\n\n"
            "async def messages():\n"
            "    while True:\n"
            "        if not pending.empty():\n"
            "            yield pending.get()\n",
            title="read by the thread pool, or there already",
        ),
        Case("import time\n\n\ndef poll():\n    time.sleep(1)\n", title="plain function"),
        Case(
            "import asyncio\n\n\nasync def poll():\n    await asyncio.sleep(1)\n",
            title="asynchronous sleep",
        ),
        Case(
            "import asyncio\nimport time\n\n\n"
            "async def poll(loop):\n"
            "    await asyncio.to_thread(time.sleep, 1)\n"
            "    await loop.run_in_executor(None, lambda: time.sleep(1))\n",
            title="handed to threads",
        ),
        Case(
            "import queue\nimport threading\n\n"
            "jobs = queue.Queue()\nlock = threading.Lock()\n\n\n"
            "async def consume():\n"
            "    if lock.acquire(blocking=False):\n"
            "        return jobs.get(block=False)\n"
            "    return jobs.get(timeout=0)\n",
            title="told not to wait",
        ),
        Case(
            "import io\nimport zipfile\n\nfrom filelock import FileLock, Timeout\n\n\n"
            "async def accept(data: bytes):\n"
            '    lock = FileLock("/tmp/accept.lock", timeout=0)\n'
            "    try:\n"
            "        with lock:\n"
            "            return zipfile.is_zipfile(io.BytesIO(data))\n"
            "    except Timeout:\n"
            "        return False\n",
            title="lock that fails at once, file in memory",
        ),
        Case(
            "import asyncio\nimport gzip\nimport io\nimport tempfile\n\n\n"
            "async def compress(body: bytes):\n"
            "    buffer = io.BytesIO()\n"
            '    file = gzip.GzipFile(mode="wb", fileobj=buffer)\n'
            "    file.write(body)\n"
            "    return buffer.getvalue()\n\n\n"
            "async def measure(chunks, length):\n"
            "    with tempfile.NamedTemporaryFile() as file:\n"
            "        async for chunk in chunks:\n"
            "            await asyncio.to_thread(file.write, chunk)\n"
            "        file.flush()\n"
            "        return await asyncio.to_thread(length, file.name)\n",
            title="compressed in memory, the rest of a buffer",
        ),
        Case(
            "import redis\n\n\nasync def read(client: redis.Redis, key):\n    return await client.get(key)\n",
            title="awaited: the annotation is wrong",
        ),
        Case(
            "import asyncio\nimport httpx\n\n\n"
            "async def fetch(client: httpx.AsyncClient, urls):\n"
            "    return await asyncio.gather(*[client.get(url) for url in urls])\n",
            title="asynchronous client",
        ),
        Case(
            "import os\n\n\nasync def known(path):\n    return os.path.exists(path)\n",
            title="small disk operation",
        ),
        Case(
            "import requests\nfrom fastapi.responses import StreamingResponse\n\n\n"
            "async def export():\n"
            "    def rows():\n"
            '        yield requests.get("https://rows.example.org").content\n\n'
            "    return StreamingResponse(rows())\n",
            title="synchronous generator of a streaming response runs in a thread",
        ),
        Case(
            "import requests\n\n\n"
            "class Keys:\n"
            "    async def get(self):\n"
            "        if self._keys is None:\n"
            '            self._keys = requests.get("https://keys.example.org").json()\n'
            "        return self._keys\n",
            title="filled once",
        ),
        Case(
            "async def initialize_templates(path):\n"
            "    with open(path) as stream:\n"
            "        return stream.read()\n\n\n"
            "async def async_main(path):\n"
            "    with open(path) as stream:\n"
            "        return stream.read()\n",
            title="files at start-up",
        ),
        Case(
            {"tests/test_app.py": "import time\n\n\nasync def test_poll():\n    time.sleep(1)\n"},
            title="tests",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report direct blocking calls of coroutine functions."""
        for cause in causes(function, "call"):
            stall = cause.stall
            yield file.diagnostic(
                self,
                stall.site,
                fix=cause_off_the_loop(cause, file),
                impact=stall.impact,
                call=stall.call,
                function=function.name,
                advice=advice(stall, function),
            )

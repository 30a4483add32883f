"""A client made for every request never uses a connection twice.

## What it does

Reports HTTP clients and clients of services (httpx, aiohttp, requests, boto3, OpenAI, Anthropic, Google, Azure,
Elasticsearch and others) that are made in a route handler, in a dependency, or in a function or constructor that one
of these calls, through up to four calls and across files.

Engines and pools of databases, Redis among them, are ARC212.

## Why is this bad?

The client is the pool. Making one loads certificates and service models (tens of milliseconds of processor time, on
the event loop), and every request pays for a new connection: DNS, TCP and TLS handshakes before the first byte.
Under load the closed connections pile up in `TIME_WAIT` until no port is left.

## How to fix

Make one at start-up, close it at shutdown, and hand it in:

```python
@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient(base_url=settings.rates_url) as client:
        yield {"client": client}

def get_client(request: Request) -> httpx.AsyncClient:
    return request.state.client

@app.get("/rates")
async def rates(client: Annotated[httpx.AsyncClient, Depends(get_client)]): ...
```

Outside FastAPI: a module global made on first use, or a function with `functools.lru_cache`.

## Not reported

* Clients that something of the request goes into: `auth`, `headers`, `base_url`, keys, proxies or certificates that
  come from a parameter, an attribute of `self`, or a function of the project; sessions that are given headers,
  cookies or credentials afterwards.
* Clients with a `transport`, `connector` or `http_client` of their own: the connections belong to that.
* Clients that are kept: in a global, an attribute, `app.state`, a dict, or behind `lru_cache` or a test for `None`
  anywhere on the way from the handler.
* Clients that are passed to a constructor, unless the class is the project's own, puts them into attributes alone, and
  its object is given up as well. Sessions with adapters of their own (`mount`).
* Start-up, command lines, scripts, tasks of queues, tests: one client for one run is right.
* Known misses: a service object that another part of a container makes for every request.
* ruff and flake8-async have no such check.

## References

* [httpx: why use a client](https://www.python-httpx.org/advanced/clients/#why-use-a-client)
* [aiohttp: don't create a session per request](https://docs.aiohttp.org/en/stable/client_quickstart.html#make-a-request)
* [boto3: clients are thread safe](https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.pools import CLIENTS
from archlint.project.asynchrony.pools import made_per_request
from archlint.project.file import File
from archlint.project.function import Function


class ClientPerRequest(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = (
        "`{client}()` makes a new client, and new connections, for every request{entry}; "
        "make one at start-up and hand it in"
    )
    answers = ("area E", "anti-pattern 3", "dimension 4", "checklist 79")

    invalid = (
        Case(
            "import httpx\nfrom fastapi import FastAPI\n\n"
            "app = FastAPI()\n"
            'RATES = "https://rates.example.org"\n\n\n'
            '@app.get("/rates")\n'
            "async def rates(day: str):\n"
            "    async with httpx.AsyncClient(base_url=RATES, timeout=5) as client:  # ARC407\n"
            '        return (await client.get("/", params={"day": day})).json()\n\n\n'
            '@app.get("/prices")\n'
            "def prices(day: str):\n"
            "    client = httpx.Client()  # ARC407\n"
            '    return client.get(f"{RATES}/{day}").json()\n',
            title="httpx in handlers",
        ),
        Case(
            {
                "rates.py": "import os\n\nimport aiohttp\n\n\n"
                "class Rates:\n"
                "    async def today(self, day):\n"
                '        key = os.environ["RATES_KEY"]\n'
                '        headers = {"X-Key": key}\n'
                "        async with aiohttp.ClientSession(headers=headers) as session:  # ARC407\n"
                '            return await session.get("https://rates.example.org")\n',
                "service.py": "from rates import Rates\n\n\n"
                "async def convert(amount):\n"
                "    return amount * await Rates().today(amount)\n",
                "app.py": "from aiohttp import web\n\nfrom service import convert\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.get("/convert")\n'
                "async def handle(request):\n"
                "    return web.json_response(await convert(1))\n",
            },
            title="aiohttp, two calls below the handler",
        ),
        Case(
            {
                "deps.py": "import boto3\nfrom openai import AsyncOpenAI\nfrom pydantic_settings import BaseSettings\n\n\n"
                "class Settings(BaseSettings):\n    openai_key: str\n\n\n"
                "def get_settings() -> Settings:\n    return Settings()\n\n\n"
                "def get_bucket():\n"
                '    return boto3.client("s3")  # ARC407\n\n\n'
                "class Assistant:\n"
                "    def __init__(self):\n"
                "        settings = get_settings()\n"
                "        self.client = AsyncOpenAI(api_key=settings.openai_key)  # ARC407\n\n\n"
                "def get_assistant():\n"
                "    return Assistant()\n",
                "app.py": "import boto3\nfrom fastapi import APIRouter, Depends\n\n"
                "from deps import get_assistant, get_bucket\n\n"
                "router = APIRouter()\n\n\n"
                "class Mailer:\n"
                "    def __init__(self):\n"
                '        self.client = boto3.client("ses")  # ARC407\n\n\n'
                '@router.post("/ask")\n'
                "async def ask(\n"
                "    bucket=Depends(get_bucket), assistant=Depends(get_assistant), mailer: Mailer = Depends(Mailer)\n"
                "):\n"
                "    return bucket, assistant\n",
            },
            title="boto3 and openai in dependencies, one kept by an object for the request",
        ),
        Case(
            "import requests\nfrom flask import Flask, current_app\n\n"
            "app = Flask(__name__)\n\n\n"
            "def fetch(day):\n"
            "    with requests.Session() as session:  # ARC407\n"
            '        session.headers.update({"X-Shop": "1"})\n'
            '        return session.get(current_app.config["RATES"] + day).json()\n\n\n'
            '@app.route("/rates/<day>")\n'
            "def rates(day):\n"
            "    return fetch(day)\n",
            title="requests below a Flask view",
        ),
        Case(
            {
                "rates.py": "import httpx\n\n\n"
                "def fetch_rates():\n"
                "    with httpx.Client() as client:  # ARC407\n"
                '        return client.get("https://rates.example.org").json()\n',
                "contests/latest.py": "from fastapi import APIRouter\n\nfrom rates import fetch_rates\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/rates")\n'
                "def rates():\n"
                "    return fetch_rates()\n",
            },
            title="callers in files with `test` inside a word of their path",
        ),
        Case(
            {
                "gateway.py": """\
import httpx


class Gateway:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client


class Quotes:
    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway


known = []


class Listed:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        known.append(self)
""",
                "app.py": """\
import httpx
from fastapi import Depends, FastAPI

from gateway import Gateway, Listed, Quotes

app = FastAPI()


def quotes() -> Quotes:
    client = httpx.AsyncClient(timeout=10)  # ARC407
    return Quotes(Gateway(client))


def listed() -> Listed:
    return Listed(httpx.AsyncClient(timeout=10))


@app.get("/quotes")
async def show(quotes: Quotes = Depends(quotes), listed: Listed = Depends(listed)) -> int:
    return (await quotes.gateway.client.get("https://quotes.example")).status_code
""",
            },
            title="a client in an object that a dependency makes",
        ),
    )
    valid = (
        Case(
            "from contextlib import asynccontextmanager\n\n"
            "import httpx\nfrom fastapi import FastAPI, Request\n\n\n"
            "@asynccontextmanager\n"
            "async def lifespan(app):\n"
            "    async with httpx.AsyncClient() as client:\n"
            "        app.state.client = client\n"
            "        yield\n\n\n"
            "app = FastAPI(lifespan=lifespan)\n\n\n"
            '@app.get("/rates")\n'
            "async def rates(request: Request):\n"
            '    return await request.app.state.client.get("https://rates.example.org")\n',
            title="made at start-up",
        ),
        Case(
            "from functools import lru_cache\n\n"
            "import boto3\nimport httpx\nfrom fastapi import Depends, FastAPI\n\n"
            "app = FastAPI()\n"
            "_client = None\n"
            "_buckets = {}\n\n\n"
            "@lru_cache\n"
            "def bucket():\n"
            '    return boto3.client("s3")\n\n\n'
            "def client():\n"
            "    global _client\n"
            "    if _client is None:\n"
            "        _client = httpx.AsyncClient()\n"
            "    return _client\n\n\n"
            "def region(name):\n"
            "    if name not in _buckets:\n"
            '        _buckets[name] = boto3.client("s3")\n'
            "    return _buckets[name]\n\n\n"
            '@app.get("/rates")\n'
            "async def rates(one=Depends(bucket), other=Depends(client)):\n"
            '    return one, other, region("eu")\n',
            title="kept: lru_cache, a global, a dict",
        ),
        Case(
            "import boto3\nimport httpx\nimport requests\nfrom fastapi import Depends, FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            "def tenant(): ...\n\n\n"
            "class Uploader:\n"
            "    def __init__(self, token):\n"
            "        self.http = requests.Session()\n"
            '        self.http.headers["Authorization"] = token\n\n\n'
            '@app.get("/rates")\n'
            "async def rates(url: str, token: str, account=Depends(tenant)):\n"
            "    async with httpx.AsyncClient(base_url=url) as client:\n"
            '        await client.get("/")\n'
            '    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:\n'
            '        await client.get("/")\n'
            '    boto3.client("s3", aws_access_key_id=account.key)\n'
            "    session = requests.Session()\n"
            "    session.auth = (account.user, token)\n"
            "    Uploader(token)\n"
            "    guarded = requests.Session()\n"
            '    guarded.mount("https://", account.adapter)\n'
            "    account.use(httpx.Client())\n"
            "    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:\n"
            '        return await client.get("/")\n',
            title="something of the request goes in",
        ),
        Case(
            "import httpx\nfrom celery import shared_task\n\n\n"
            "@shared_task\ndef refresh():\n"
            "    with httpx.Client() as client:\n"
            '        client.get("https://rates.example.org")\n\n\n'
            "def main():\n"
            "    with httpx.Client() as client:\n"
            '        client.get("https://rates.example.org")\n\n\n'
            'if __name__ == "__main__":\n    main()\n',
            title="tasks and scripts",
        ),
        Case(
            {
                "service.py": "import httpx\n\n\nclass Rates:\n    def __init__(self):\n"
                "        self.client = httpx.AsyncClient()\n\n\nrates = Rates()\n",
                "app.py": "from fastapi import FastAPI\n\nfrom service import rates\n\napp = FastAPI()\n\n\n"
                '@app.get("/rates")\nasync def read():\n    return await rates.client.get("/")\n',
            },
            title="an object of the module",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the clients that a function makes for every request."""
        if file.role in ("test", "script", "migration"):
            return
        for made in made_per_request(function, CLIENTS):
            entry = "" if made.entry[1] is function.scope else f", as `{made.entry[1].qualname}` leads here"
            yield file.diagnostic(self, file.span(made.row), client=made.name, entry=entry)

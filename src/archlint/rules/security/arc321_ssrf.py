"""A client chooses the host that the server talks to.

## What it does

Follows what a client sends (path, query, form, body, header, cookie, WebSocket message) to the address
of a request that the server makes with requests, httpx, aiohttp, urllib, urllib3, curl_cffi, websockets,
Tornado's client, `socket.create_connection()` or `http.client`. It is reported where the client decides
the host: the whole address, or a part of it before the first slash of the path. FastAPI, Starlette,
Flask, Quart, Django, Django REST framework, aiohttp and Tornado are known. The way may lead through
f-strings, `urljoin()`, models, services in other files and background tasks; the related places name the
calls.

## Why is this bad?

The server stands where the client does not: behind the firewall, beside the metadata service that hands
out the credentials of the machine (`http://169.254.169.254/`), next to databases without passwords.
Whoever chooses the address sends it there, and often reads the answer.

## How to fix

Let the client choose among hosts that you know, not write one:

```python
HOSTS = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api"}
response = await client.get(f"{HOSTS[provider]}/users/{quote(name)}")
```

Where any address is the point (webhooks, feeds, previews), resolve the host, refuse private and
link-local addresses, connect to the address that was checked, and follow no redirects.

## Not reported

* Addresses whose host the program writes, or takes from settings or the database:
  `f"https://api.example.com/{name}"`, `settings.URL + path`, `params=…`.
* Hosts that any condition looks at before: `in ALLOWED`, `startswith("https://…")`,
  `urlparse(url).hostname`, `ip_address(…).is_private`, a function whose name or body says that it
  checks. That it looks at the right thing is not judged.
* Fields of models with a validator that refuses. `HttpUrl` alone says nothing about the host, and is
  reported.
* Numbers, UUIDs, enumerations, `Literal` and patterns; addresses that were stored first; tests, scripts
  and migrations.

On 16 published backends this rule had no alarm.

Compared with: ruff and bandit follow no values. Their S310 and B310 report every `urlopen()` whose address is no
literal, for its scheme, and know no other client.

## References

- [OWASP: SSRF prevention](https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html)
- [CWE-918](https://cwe.mitre.org/data/definitions/918.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.model.summary import Bind, Call
from archlint.project.taint.sinks import arrivals, report
from archlint.project.types import is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function


_TRANSPORTS = frozenset(("transport", "connector", "resolver"))


class Ssrf(Rule):
    """A client chooses the host that the server talks to."""

    impact = Impact.HIGH
    message = (
        "`{source}` decides where `{sink}()` connects to; fix the host, or compare it with the allowed ones"
    )
    answers = ("area D", "checklist 44")
    mentions = (
        "requests", "httpx", "aiohttp", "urllib", "urlopen", "socket", "http", "fetch", "url",
        "session", "client", "niquests", "ws_connect", "feedparser", "paramiko",
    )  # fmt: skip

    invalid = (
        Case(
            """\
import aiohttp
import httpx
import requests
from fastapi import FastAPI, WebSocket
from pydantic import BaseModel, HttpUrl

app = FastAPI()


class Hook(BaseModel):
    url: HttpUrl
    host: str


@app.get("/preview")
async def preview(url: str, host: str):
    async with httpx.AsyncClient() as client:
        page = await client.get(url)  # ARC321
    async with aiohttp.ClientSession() as session:
        async with session.get(f"https://{host}/status") as response:  # ARC321
            return page.text, await response.text()


@app.post("/hooks")
def hooks(hook: Hook):
    requests.post(str(hook.url), json={})  # ARC321
    return requests.request("GET", "http://" + hook.host + ".internal/ping", timeout=3).text  # ARC321


@app.websocket("/proxy")
async def proxy(socket: WebSocket):
    target = await socket.receive_json()
    async with httpx.AsyncClient() as client:
        await client.request("POST", target["url"])  # ARC321
""",
            title="FastAPI with httpx, aiohttp, requests",
        ),
        Case(
            {
                "api.py": """\
from flask import Blueprint, request

from service import import_feed

feeds = Blueprint("feeds", __name__)


@feeds.post("/feeds")
def add():
    return import_feed(request.json["url"])
""",
                "service.py": """\
from client import download


def import_feed(address):
    return download(address.strip())
""",
                "client.py": """\
from urllib.parse import urljoin
from urllib.request import urlopen


def download(url):
    return urlopen(urljoin("https://example.com", url)).read()  # ARC321
""",
            },
            title="two functions further, in other files; Flask and urllib",
        ),
        Case(
            {
                "views.py": """\
import requests
from django.http import HttpResponse
from rest_framework.decorators import api_view
from rest_framework.response import Response


def fetch(request):
    return HttpResponse(requests.get(request.GET["url"], timeout=5).content)  # ARC321


@api_view(["POST"])
def check(request):
    with requests.Session() as session:
        answer = session.head("https://%s/" % request.data["host"])  # ARC321
    return Response({"status": answer.status_code})
""",
            },
            title="Django and Django REST framework",
        ),
        Case(
            """\
import aiohttp
import tornado.web
from aiohttp import web
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tornado.httpclient import AsyncHTTPClient


async def proxy(request: web.Request):
    async with aiohttp.ClientSession() as session:
        async with session.post(request.query["target"]) as response:  # ARC321
            return web.Response(body=await response.read())


app = web.Application()
app.router.add_post("/proxy", proxy)


async def ping(request):
    async with aiohttp.ClientSession() as session:
        await session.get("{}://{}/".format("https", request.query_params["host"]))  # ARC321
    return PlainTextResponse("ok")


starlette = Starlette(routes=[Route("/ping", ping)])


class Fetch(tornado.web.RequestHandler):
    async def get(self):
        client = AsyncHTTPClient()
        answer = await client.fetch(self.get_argument("url"))  # ARC321
        self.write(answer.body)
""",
            title="aiohttp, Starlette, Tornado",
        ),
        Case(
            """\
import httpx
import requests
from django.http import HttpResponse
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Job(BaseModel):
    kind: str
    url: str


def preview(request):
    if request.method == "POST":
        url = request.POST["url"]
        return HttpResponse(requests.get(url).content)  # ARC321
    return HttpResponse()


@app.post("/jobs")
def run(job: Job, options: dict):
    if job.kind == "page" and options["deep"] in (1, 2):
        requests.get(options["target"])  # ARC321
        return requests.get(job.url).text  # ARC321
    return None


@app.get("/status")
def status(base: str):
    return httpx.Client(base_url=base).get("/status").text  # ARC321
""",
            title="a look at another part of the request decides nothing",
        ),
        Case(
            """\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/preview")
def preview():
    url = request.args["url"]
    if not url.startswith(("http://", "https://")):
        return "no address", 400
    return requests.get(url, timeout=5).text  # ARC321
""",
            title="a scheme is no host",
        ),
    )
    valid = (
        Case(
            """\
from typing import Literal
from urllib.parse import urlparse

import httpx
import requests
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, HttpUrl, field_validator

app = FastAPI()
HOSTS = {"a": "https://a.example.com", "b": "https://b.example.com"}
BASE = "https://api.example.com"


class Hook(BaseModel):
    url: HttpUrl

    @field_validator("url")
    @classmethod
    def public(cls, value: HttpUrl) -> HttpUrl:
        if value.host not in ("a.example.com", "b.example.com"):
            raise ValueError(value)
        return value


class Settings:
    api: str


def get_settings() -> Settings: ...


@app.get("/users/{name}")
async def users(name: str, region: Literal["eu", "us"], host: str, url: str, page: int):
    async with httpx.AsyncClient(base_url=BASE) as client:
        await client.get(f"/users/{name}")
        await client.get(f"{BASE}/users/{name}?page={page}")
        await client.get("https://api.example.com/users/" + name)
        await client.get(f"https://{region}.example.com/{name}")
        await client.get("{}/users/{}".format(get_settings().api, name))
        await client.get(BASE, params={"url": url})
        await client.get(f"{HOSTS[host]}/{name}")
        if urlparse(url).hostname not in ("a.example.com",):
            raise HTTPException(400)
        return await client.get(url)


@app.post("/hooks")
def hooks(hook: Hook):
    return requests.post(str(hook.url), json={}).status_code
""",
            title="a host of the program, a host that was checked",
        ),
        Case(
            """\
import ipaddress
import socket

import requests
from flask import Flask, abort, request

app = Flask(__name__)


def is_public(url):
    address = socket.gethostbyname(url.split("/")[2])
    return not ipaddress.ip_address(address).is_private


def validate_url(url):
    if not url.startswith("https://api.example.com/"):
        abort(400)


@app.post("/fetch")
def fetch():
    url, other, third = request.form["url"], request.form["other"], request.form["third"]
    validate_url(url)
    requests.get(url)
    if not other.startswith("https://example.com/"):
        abort(400)
    requests.get(other)
    if ipaddress.ip_address(third).is_private:
        abort(400)
    return requests.get(f"http://{third}/").text
""",
            title="a function that checks",
        ),
        Case(
            """\
import requests
from django.db import models
from django.http import HttpResponse


class Hook(models.Model):
    url = models.URLField()


class Client:
    def get(self, url):
        return url


def send(request, pk):
    hook = Hook.objects.get(pk=pk)
    Client().get(request.GET["url"])
    return HttpResponse(requests.post(hook.url, data=request.body).content)
""",
            title="stored addresses; something else with a method get",
        ),
        Case(
            """\
import httpx
from fastapi import FastAPI

app = FastAPI()


class SafeTransport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request):
        if request.url.host.startswith("10."):
            raise httpx.ConnectError("private")
        return await super().handle_async_request(request)


@app.get("/preview")
async def preview(url: str):
    async with httpx.AsyncClient(transport=SafeTransport()) as client:
        return (await client.get(url)).text
""",
            title="a transport of the project that refuses addresses",
        ),
        Case(
            """\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/preview")
def preview():
    url = request.args["url"]
    if not url.startswith(("https://files.example.com/", "https://cdn.example.com/")):
        return "no address", 400
    return requests.get(url, timeout=5).text
""",
            title="a scheme with the host",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function does with a client's text."""
        if file.role in ("test", "migration", "script"):
            return
        world = file.world
        for found in arrivals(function, file.world.sinks(known.URL), world.flow("url")):
            if not _has_own_transport(found.sink.row, function.frame, file):
                yield report(self, file, found)


def _has_own_transport(row: list[Any], frame: Frame, file: File) -> bool:
    """Whether a client was given a transport or connector of the project, which may refuse addresses."""
    func = row[Call.FUNC]
    client = func[1] if func is not None and func[0] == "a" else None
    rows = frame.scope.binds.get(client[1], ()) if client is not None and client[0] == "n" else ()
    made = [client, *(bind[Bind.EXPR] for bind in rows)]
    for value in made:
        expr = value
        while expr is not None and expr[0] in ("en", "aen", "w"):
            expr = expr[1]
        given = frame.scope.calls[expr[1]][Call.KEYWORDS] if expr is not None and expr[0] == "c" else ()
        for key, argument in given:
            kinds = members(file.world.evaluator.eval(argument, frame, row[Call.BLOCK], row[Call.ORDER]))
            if key in _TRANSPORTS and any(is_project(m.name) for m in kinds):
                return True
    return False

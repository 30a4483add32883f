"""A client chooses the site that a browser is sent to.

## What it does

Follows what stands in a link (query, path, form) to `redirect()` of Flask, Quart and Django,
`RedirectResponse`, `HttpResponseRedirect`, `HTTPFound` and its relatives of aiohttp and `self.redirect()`
of Tornado. It is reported where the client decides the host: the whole target, or a part of it before
the first slash of the path. The way may lead through functions in other files; the related places name
the calls.

## Why is this bad?

A link to your site that ends on another one is what phishing needs: the address in the mail is the right
one, the login form behind it is not. Behind a login it hands out the code or token in the address, too.

## How to fix

Send browsers to paths of this site, and check what a client asks for:

```python
def login(request):
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("home")
    return redirect(target)
```

Without Django: take the target apart and refuse it when it names a scheme or a host, or starts with two
slashes or backslashes.

## Not reported

* Targets that begin with something of the program: `f"/users/{name}"`, `url_for()`, `reverse()`,
  `request.url`, a setting.
* Targets that any condition looks at before: `startswith("/")`, `urlparse(target).netloc`,
  `url_has_allowed_host_and_scheme()`, `in ALLOWED`, a function whose name or body says that it checks.
  That it looks at the right thing is not judged.
* Headers (`Referer`), cookies and the session, which another site cannot set.
* Numbers, UUIDs, enumerations, `Literal` and patterns; stored addresses; tests, scripts and migrations.

On 16 published backends this rule has no alarm: their targets go through a check.

Compared with: ruff and bandit have no such check.

## References

- [OWASP: unvalidated redirects](https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html)
- [CWE-601](https://cwe.mitre.org/data/definitions/601.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.project.taint.sinks import arrivals, report

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

#: The parts of a request that a link, or a form of another site, can set.
_PARTS = frozenset(("query", "path", "form"))


class OpenRedirect(Rule):
    """A client chooses the site that a browser is sent to."""

    impact = Impact.MEDIUM
    message = "`{source}` decides where `{sink}()` sends the browser; allow paths of this site only"
    answers = ("area D", "checklist 44")
    mentions = ("edirect", "HTTPFound", "HTTPSeeOther", "HTTPMoved")

    invalid = (
        Case(
            """\
from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse

app = FastAPI()


@app.get("/login")
def login(next: str = "/"):
    return RedirectResponse(next)  # ARC322


@app.post("/logout")
def logout(target: str = Form("/")):
    return RedirectResponse(url=target, status_code=303)  # ARC322


@app.get("/tenant")
def tenant(request: Request):
    name = request.query_params["name"]
    return RedirectResponse(f"https://{name}.example.com/")  # ARC322
""",
            title="FastAPI",
        ),
        Case(
            {
                "views.py": """\
from flask import Blueprint, redirect, request, url_for

from navigation import back

pages = Blueprint("pages", __name__)


@pages.route("/login", methods=["GET", "POST"])
def login():
    target = request.args.get("next") or url_for("home")
    return redirect(target)  # ARC322


@pages.route("/leave")
def leave():
    return back(request.values.get("to", "/"))
""",
                "navigation.py": """\
from responses import send


def back(target):
    return send(target or "/")
""",
                "responses.py": """\
from flask import redirect


def send(target):
    return redirect(target, code=303)  # ARC322
""",
            },
            title="Flask; two functions further, in other files",
        ),
        Case(
            """\
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.views import View


def login(request):
    return redirect(request.GET.get("next", "/"))  # ARC322


class Logout(View):
    def post(self, request):
        target = request.POST["next"]
        if target:
            return HttpResponseRedirect(target)  # ARC322
        return redirect("home")
""",
            title="Django",
        ),
        Case(
            """\
import tornado.web
from aiohttp import web
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route


async def leave(request: web.Request):
    raise web.HTTPFound(request.query["to"])  # ARC322


app = web.Application()
app.router.add_get("/leave", leave)


async def login(request):
    return RedirectResponse(request.query_params.get("next", "/"))  # ARC322


starlette = Starlette(routes=[Route("/login", login)])


class Login(tornado.web.RequestHandler):
    def get(self):
        self.redirect(self.get_argument("next"))  # ARC322
""",
            title="aiohttp, Starlette, Tornado",
        ),
        Case(
            """\
from aiohttp import web


async def leave(request: web.Request):
    return web.HTTPSeeOther(location=request.rel_url.query.get("to", "/"))  # ARC322
""",
            title="the query of the address",
        ),
        Case(
            """\
from aiohttp import web

routes = web.RouteTableDef()


@routes.post("/login")
async def login(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    if not verify(form["name"], form["password"]):
        raise web.HTTPForbidden()
    return web.HTTPFound(request.query.get("next", "/"))  # ARC322
""",
            title="aiohttp: what is verified is the form, not the target",
        ),
        Case(
            """\
from urllib.parse import urlparse

from flask import Flask, redirect, request

app = Flask(__name__)


@app.route("/paid")
def paid():
    target = request.args.get("return_to", "")
    if target.startswith("https://"):
        return redirect(target)  # ARC322
    return redirect("/")


@app.route("/left")
def left():
    target = request.args.get("return_to", "")
    if urlparse(target).scheme not in ("http", "https"):
        return "no address", 400
    return redirect(target)  # ARC322
""",
            title="a scheme is no host",
        ),
    )
    valid = (
        Case(
            """\
from urllib.parse import urlparse

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

app = FastAPI()
PAGES = {"home": "/", "about": "/about"}


@app.get("/users/{name}")
def user(name: str, page: str, number: int, target: str, other: str, request: Request):
    if number == 1:
        return RedirectResponse(f"/users/{name}/{number}")
    if number == 2:
        return RedirectResponse(PAGES.get(page, "/"))
    if number == 3:
        return RedirectResponse(request.headers.get("referer", "/"))
    if number == 4:
        return RedirectResponse(str(request.url_for("user", name=name)))
    if number == 5:
        return RedirectResponse("https://example.com/?next=" + name)
    if not target.startswith("/") or target.startswith("//"):
        target = "/"
    if urlparse(other).netloc:
        return RedirectResponse("/")
    return RedirectResponse(target) if number else RedirectResponse(other)
""",
            title="paths of the program, checked targets",
        ),
        Case(
            """\
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def login(request):
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return HttpResponseRedirect(reverse("home") + "?q=" + request.GET["q"])


def show(request, name):
    return redirect("detail", name=request.GET["name"])
""",
            title="Django's own check",
        ),
        Case(
            """\
from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)


def is_safe_url(target):
    return not target.startswith(("//", "http"))


@app.route("/login")
def login():
    target = request.args.get("next")
    if not target or not is_safe_url(target):
        target = url_for("home")
    return redirect(target)


@app.route("/back")
def back():
    return redirect(session.pop("next", "/"))


@app.route("/go/<name>")
def go(name):
    return redirect(url_for("show", name=name, next=request.args.get("next")))
""",
            title="Flask: a check, the session, url_for",
        ),
        Case(
            """\
from flask import Flask, redirect, request

app = Flask(__name__)


@app.post("/again")
def again():
    return redirect(request.full_path)


@app.post("/here")
def here():
    return redirect(request.url)
""",
            title="the address of the request itself",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function does with a client's text."""
        if file.role in ("test", "migration", "script"):
            return
        world = file.world
        for found in arrivals(function, file.world.sinks(known.REDIRECT), world.flow("redirect"), _PARTS):
            yield report(self, file, found)

"""A cookie that signs somebody in lacks its flags.

## What it does

Reports `set_cookie` of a session, token or login cookie without `Secure` or `HttpOnly`, or with
`SameSite=None` and without `Secure`:

* FastAPI, Starlette, Flask, Quart, Django, Django REST framework, aiohttp responses;
* `SessionMiddleware` of Starlette without `https_only=True`, `CookieTransport(cookie_secure=False)`
  of FastAPI Users, storages of aiohttp-session without `secure=True`.

Names and flags are followed through constants and modules.

## Why is this bad?

Without `Secure` the cookie travels over the first plain HTTP request, which anyone on the way can
cause. Without `HttpOnly` a single injected script sends it away. Either way somebody else continues
the session.

## How to fix

```python
response.set_cookie("session", value, secure=True, httponly=True, samesite="lax")
app.add_middleware(SessionMiddleware, secret_key=key, https_only=True)
```

For a development server without TLS, take the flag from the settings.

## Not reported

* Cookies with other names (language, theme, consent), with a constant as value, or with a name that
  cannot be resolved and does not say "cookie"; `HttpOnly` of CSRF cookies, which scripts
  have to read; deletions (`max_age=0`, an empty value).
* Flags that cannot be resolved (`secure=settings.secure`), `**options`.
* A missing `SameSite`: browsers take `Lax` then. Session settings of Django and Flask:
  `insecure-framework-settings`.
* Tests and scripts.

Compared with: ruff and bandit have no such check.

## References

* CWE-614: <https://cwe.mitre.org/data/definitions/614.html>
* CWE-1004: <https://cwe.mitre.org/data/definitions/1004.html>
* MDN, Set-Cookie: <https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Impact, Recipe
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import (
    COOKIE_MAKERS,
    COOKIE_RESPONSES,
    READABLE_COOKIES,
    SESSION_COOKIES,
    SESSION_WORDS,
)
from archlint.model.summary import Bind, Call
from archlint.project.called import Called, calls
from archlint.project.conditions import words_of
from archlint.project.identifiers import name_words
from archlint.project.settings.static import Value

if TYPE_CHECKING:
    from archlint.project.file import File

_SETTERS = frozenset(("set_cookie", "set_signed_cookie"))
_WORDS = _SETTERS | {n.rpartition(".")[2] for n in SESSION_COOKIES} | {"add_middleware", "Middleware"}
_NAMES = frozenset(f"{cls}.{setter}" for cls in COOKIE_RESPONSES for setter in _SETTERS)


class InsecureCookie(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    answers = ("area D", "dimension 3", "checklist 34")
    mentions = (
        "set_cookie",
        "set_signed_cookie",
        "SessionMiddleware",
        "CookieTransport",
        "CookieStorage",
        "RedisStorage",
    )
    message = "Cookie {name} lacks {flags}: it can be read on the way or by a script; set {advice}"
    invalid = (
        Case(
            """\
from fastapi import FastAPI, Response
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=open("key").read())  # ARC315


@app.post("/login")
def login(response: Response, token: str):
    response.set_cookie("access_token", token, httponly=True)  # ARC315
    other = RedirectResponse("/")
    other.set_cookie(key="session", value=token, secure=True)  # ARC315
    return other
""",
            title="FastAPI and Starlette",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask, make_response, request

from names import LOGIN_COOKIE

app = Flask(__name__)


@app.post("/login")
def login():
    response = make_response("ok")
    response.set_cookie(LOGIN_COOKIE, request.form["key"], secure=False, httponly=True)  # ARC315
    return response
""",
                "names.py": 'LOGIN_COOKIE = "remember_me"\n',
            },
            fixed=(
                "from flask import Flask, make_response, request\n"
                "\n"
                "from names import LOGIN_COOKIE\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                "\n"
                '@app.post("/login")\n'
                "def login():\n"
                '    response = make_response("ok")\n'
                '    response.set_cookie(LOGIN_COOKIE, request.form["key"], secure=True, httponly=True)  # ARC315\n'
                "    return response\n"
            ),
            title="Flask, a name from another module",
        ),
        Case(
            """\
from django.http import HttpResponse, JsonResponse


def login(request):
    response = JsonResponse({})
    response.set_cookie("jwt", request.session.session_key)  # ARC315
    plain = HttpResponse("ok")
    plain.set_signed_cookie("sessionid", request.session.session_key, httponly=True)  # ARC315
    return response, plain
""",
            title="Django",
        ),
        Case(
            """\
from aiohttp import web


async def login(request: web.Request) -> web.Response:
    response = web.json_response({})
    response.set_cookie("auth_token", request.query["key"], secure=True)  # ARC315
    return response
""",
            fixed=(
                "from aiohttp import web\n"
                "\n"
                "\n"
                "async def login(request: web.Request) -> web.Response:\n"
                "    response = web.json_response({})\n"
                '    response.set_cookie("auth_token", request.query["key"], secure=True, httponly=True)  # ARC315\n'
                "    return response\n"
            ),
            title="aiohttp",
        ),
        Case(
            {
                "options.py": """\
OPEN = dict(httponly=False, secure=False)
CLOSED = {"httponly": True, "secure": True}
""",
                "app.py": """\
from flask import Flask, make_response

from options import CLOSED, OPEN

app = Flask(__name__)


@app.post("/login")
def login():
    response = make_response("ok")
    response.set_cookie("session", make(), **OPEN)  # ARC315
    response.set_cookie("session", make(), **CLOSED)
    response.set_cookie("session", make(), **load())
    return response


def make(): ...


def load(): ...
""",
            },
            title="Flask: options that are unpacked",
        ),
        Case(
            {
                "shop/settings.py": """\
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.middleware.visits",
    "shop.middleware.Welcome",
] + ["shop.middleware.Legacy"]
""",
                "shop/middleware.py": """\
from django.utils.deprecation import MiddlewareMixin


def visits(get_response):
    def middleware(request):
        response = get_response(request)
        response.set_cookie("session_hint", request.session.session_key)  # ARC315
        return response

    return middleware


class Welcome:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.set_cookie("auth_token", request.session["token"])  # ARC315
        return response


class Legacy(MiddlewareMixin):
    def process_response(self, request, response):
        response.set_cookie("sso", request.session["sso"])  # ARC315
        return response
""",
            },
            title="responses of Django's middleware",
        ),
    )
    valid = (
        Case(
            """\
from fastapi import FastAPI, Response
from starlette.middleware.sessions import SessionMiddleware

from settings import settings

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=settings.key, https_only=True)
OPTIONS = {"secure": True, "httponly": True}


@app.post("/login")
def login(response: Response, token: str, language: str, secure: bool):
    response.set_cookie(token, "done")
    response.set_cookie("session_seen", "yes")
    response.set_cookie("session", token, secure=True, httponly=True, samesite="lax")
    response.set_cookie("access_token", token, secure=secure, httponly=settings.http_only)
    response.set_cookie("refresh_token", token, **OPTIONS)
    response.set_cookie("language", language)
    response.set_cookie("csrf_token", token, secure=True)
    response.set_cookie("session", "", max_age=0)
    response.delete_cookie("session")
""",
            title="flags, unknown flags, other cookies, deletion",
        ),
        Case(
            """\
from django.http import HttpResponse
from django.conf import settings


def login(request):
    response = HttpResponse("ok")
    response.set_cookie(
        "sessionid",
        request.session.session_key,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.SESSION_COOKIE_HTTPONLY,
    )
    return response
""",
            title="Django's own settings",
        ),
        Case(
            """\
class Jar:
    def set_cookie(self, name: str, value: str) -> None: ...


def fill(jar: Jar, client) -> None:
    jar.set_cookie("session", "1")
    client.set_cookie("session", "1")
""",
            title="no response",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report cookies and what makes session cookies."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, _WORDS):
            if called.is_open:
                continue
            name, missing = _cookie(called) if called.word in _SETTERS else _session(called)
            if missing:
                flags = " and ".join(f"`{m.partition('=')[0]}`" for m in missing)
                advice = ", ".join(f"`{m}`" for m in missing)
                fix = _with_flags(file, called, missing)
                yield file.diagnostic(self, called.hop, fix=fix, name=name, flags=flags, advice=advice)


def _with_flags(file: File, called: Called, missing: list[str]) -> Fix | None:
    if any(key is None for key, _ in called.row[Call.KEYWORDS]):
        return None  # what is unpacked may say it already
    names, codes = zip(*(flag.split("=") for flag in missing), strict=True)
    recipe = Recipe.of("keyword", file.hop_location(called.hop), name="\n".join(names), code="\n".join(codes))
    return Fix(f"Set {', '.join(f'`{m}`' for m in missing)}", Applicability.UNSAFE, recipes=(recipe,))


def _cookie(called: Called) -> tuple[str, list[str]]:
    """The name of a cookie that signs somebody in, and the flags it lacks."""
    name = called.value("key", 0) or called.value("name", 0)
    expr = called.argument("key", 0) or called.argument("name", 0)
    text = str(name.value) if name is not None and isinstance(name.value, str) else ""
    words = name_words(text) or words_of(expr, called.scope)
    if not text and "cookie" not in words:
        return "", []  # a variable: its name speaks of what is in it
    if not words & SESSION_WORDS or not _is_response(called) or _is_nothing(called):
        return "", []
    missing = []
    if _is_off(called, "secure"):
        missing.append("secure=True")
    if _is_off(called, "httponly") and not words & READABLE_COOKIES:
        missing.append("httponly=True")
    return f"`{text or called.label}`", missing


def _is_off(called: Called, flag: str) -> bool:
    if not called.has(flag):
        return True
    value: Value | None = called.value(flag)
    return value is not None and value.value in (False, None) and not value.variable


def _is_nothing(called: Called) -> bool:
    for keyword in ("max_age", "expires"):
        value = called.value(keyword)
        if value is not None and value.value == 0 and value.value is not False:
            return True
    value = called.value("value", 1)
    return value is not None and value.is_set and not value.variable  # a constant is nobody's session


def _is_response(called: Called) -> bool:
    if not _NAMES.isdisjoint(called.names()):
        return True
    func = called.row[Call.FUNC]
    if func is None or func[0] != "a" or func[1] is None or func[1][0] != "n":
        return False
    for row in called.scope.binds.get(func[1][1], ()):
        expr = row[Bind.EXPR]
        if expr is not None and expr[0] == "w":
            expr = expr[1]
        if expr is not None and expr[0] == "c":
            made = Called(called.world, called.frame, expr[1])
            if not COOKIE_MAKERS.isdisjoint(made.names()):
                return True
    return False


def _session(called: Called) -> tuple[str, list[str]]:
    """A middleware or storage that makes a session cookie without ``Secure``."""
    names = list(called.names())
    if called.word in ("add_middleware", "Middleware"):
        args = called.row[Call.ARGS]
        names = [called.imported(args[0])] if args else []
    for name in names:
        if name in SESSION_COOKIES:
            keyword, default = SESSION_COOKIES[name]
            value = called.value(keyword)
            is_off = (
                value is not None and value.value is False and not value.variable
                if called.has(keyword)
                else not default
            )
            return f"of `{name.rpartition('.')[2]}`", [f"{keyword}=True"] if is_off else []
    return "", []

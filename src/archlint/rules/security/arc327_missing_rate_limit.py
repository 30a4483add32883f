"""Passwords and codes can be tried without limit.

## What it does

Reports, once for each project, a route for logging in, registering or entering a code if nothing in
the project limits how often it may be called: no slowapi, fastapi-limiter, Flask-Limiter, throttle
class of Django REST framework, django-ratelimit, django-axes, no code of its own that counts
attempts or answers 429, and no configuration of a gateway beside it.

This rule is off by default: the limit often lives in a gateway that another repository describes.

## Why is this bad?

A list of a million leaked passwords takes an hour without a limit, a code of six digits less than a
day.

## How to fix

```python
@app.post("/login")
@limiter.limit("5/minute")
async def login(request: Request, form: OAuth2PasswordRequestForm = Depends()): ...
```

Count by account as well as by address, since attackers have many addresses.

## Not reported

* Projects with any sign of a limit, be it for other routes; a configuration of nginx, Traefik,
  Kong, Envoy, an ingress or a Helm chart in the repository.
* Any route but the first such one.

Compared with: ruff and bandit have no such check.

## References

* CWE-307: <https://cwe.mitre.org/data/definitions/307.html>
* OWASP Authentication Cheat Sheet:
  <https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.access import CREDENTIAL_WORDS, GATEWAY_FILES, THROTTLING_WORDS
from archlint.project.identifiers import name_words

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.routes.entry import RouteEntry
    from archlint.project.world import World


class MissingRateLimit(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    default = False
    answers = ("area C", "area D", "area J", "anti-pattern 8", "checklist 24", "checklist 43", "checklist 92")
    mentions = tuple(sorted(CREDENTIAL_WORDS | {w.capitalize() for w in CREDENTIAL_WORDS}))
    message = "Nothing limits how often `{path}` may be called; limit it by account and address"
    invalid = (
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.login import router

app = FastAPI()
app.include_router(router)


@app.post("/signup")
def signup(name: str):
    return {}
""",
                "app/login.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.post("/login")
def login(name: str, password: str):  # ARC327
    return {}
""",
            },
            title="FastAPI, the first of two",
        ),
        Case(
            """\
from flask import Flask

app = Flask(__name__)


@app.post("/api/signin")
def signin():  # ARC327
    return {}
""",
            title="Flask",
        ),
        Case(
            {
                "shop/urls.py": """\
from django.urls import path

from shop.views import Login

urlpatterns = [path("login/", Login.as_view())]
""",
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/views.py": """\
from rest_framework.response import Response
from rest_framework.views import APIView


class Login(APIView):
    def post(self, request):  # ARC327
        return Response()
""",
            },
            title="Django REST framework",
        ),
    )
    valid = (
        Case(
            """\
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
limiter = Limiter(key_func=get_remote_address)


@app.post("/login")
@limiter.limit("5/minute")
def login(request: Request):
    return {}
""",
            title="slowapi",
        ),
        Case(
            {
                "shop/urls.py": """\
from django.urls import path

from shop.views import Login

urlpatterns = [path("login/", Login.as_view())]
""",
                "shop/settings.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"anon": "5/min"}}
""",
                "shop/views.py": """\
from rest_framework.response import Response
from rest_framework.views import APIView


class Login(APIView):
    def post(self, request):
        return Response()
""",
            },
            title="throttles of the REST framework",
        ),
        Case(
            """\
from flask import Flask

app = Flask(__name__)


@app.post("/orders")
def order():
    return {}


@app.get("/login")
def login():
    return "form"
""",
            title="no route for credentials",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the project's first route for credentials."""
        if file.role == "test":
            return
        entry = next(
            (e for e in file.world.route_table.of(file.name, function.scope) if _takes_credentials(e)), None
        )
        if entry is None or entry is not _first(file.world) or _is_limited(file.world):
            return
        yield file.diagnostic(self, function, path=entry.path)


def _takes_credentials(entry: RouteEntry) -> bool:
    if entry.path is None or "POST" not in entry.methods or entry.handler is None:
        return False
    return bool(name_words(entry.path.rstrip("/").rpartition("/")[2]) & CREDENTIAL_WORDS)


def _first(world: World) -> RouteEntry | None:
    return next((e for e in world.route_table.all() if _takes_credentials(e)), None)


def _is_limited(world: World) -> bool:
    if any(world.mentioning(word) for word in THROTTLING_WORDS):
        return True
    names = set(world.modules.listing(""))
    for name in sorted(names):
        if "." not in name:
            names |= world.modules.listing(name)
    return any(part in name.lower() for name in names for part in GATEWAY_FILES)

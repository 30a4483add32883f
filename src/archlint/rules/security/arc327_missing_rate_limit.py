"""Passwords and codes can be tried without limit.

## What it does

Reports, once for each project, a route for logging in, registering or entering a code (by the last
part of its path, or because it takes an `OAuth2PasswordRequestForm`) if nothing in the project limits
how often it may be called: no slowapi, fastapi-limiter, Flask-Limiter, throttle
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

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.access import (
    CREDENTIAL_NAMES,
    CREDENTIAL_WORDS,
    GATEWAY_FILES,
    PASSWORD_FORMS,
    THROTTLING_TEXTS,
    THROTTLING_WORDS,
)
from archlint.model.summary import Param
from archlint.project.identifiers import name_words, word_list
from archlint.project.roles import role_of
from archlint.project.types import members

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
    mentions = tuple(
        sorted(
            CREDENTIAL_WORDS
            | {w.capitalize() for w in CREDENTIAL_WORDS}
            | {
                "auth",
                "Auth",
                "sign-in",
                "sign_in",
                "SignIn",
                "sign-up",
                "sign_up",
                "SignUp",
                "log-in",
                "log_in",
                "PasswordRequestForm",
            }
        )
    )
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
        Case(
            {
                "app/main.py": """\
import os

from fastapi import FastAPI

from app.accounts import router

api = FastAPI()
for one in (router,):
    api.include_router(one)
app = FastAPI()
app.mount(os.environ["BASE_URL"], api)
""",
                "app/accounts.py": """\
import csv
from typing import Annotated

from fastapi import APIRouter, Depends, UploadFile
from fastapi.security import OAuth2PasswordRequestForm

router = APIRouter(prefix="/accounts")
LARGEST_TAXES = 4294967295


@router.post("/import")
def load(file: UploadFile) -> int:
    return len(list(csv.reader(file.file, delimiter=";")))


@router.post("/enter")
def enter(form: Annotated[OAuth2PasswordRequestForm, Depends()]):  # ARC327
    return {}
""",
                "app/charts.py": "",
                "app/__init__.py": "",
            },
            title="an unknown prefix, the form of passwords, words that hold others: delimiter, taxes",
        ),
        Case(
            """\
from flask import Flask

app = Flask(__name__)


@app.post("/auth/reset")
def reset():
    return {}


@app.post("/api/auth")
def enter():  # ARC327
    return {}


@app.post("/sign-in")
def sign_in():
    return {}
""",
            title="what the whole last part says",
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
        Case(
            """\
from fastapi import APIRouter

router = APIRouter()


@router.post("/login")
def login():
    return {}
""",
            title="a library's routes: the application decides",
        ),
        Case(
            {
                "shop/app.py": """\
from flask import Flask

app = Flask(__name__)


@app.post("/login")
def login():
    return {}
""",
                "shop/limits.py": """\
def check(attempts: int) -> int:
    return 429 if attempts > 5 else 200
""",
            },
            title="attempts that are counted",
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
        yield file.diagnostic(self, function, path=entry.shown)


def _takes_credentials(entry: RouteEntry) -> bool:
    """Whether a route of an application that is known takes passwords or codes; a prefix may be unknown."""
    if not entry.app or entry.tail is None or "POST" not in entry.methods or entry.handler is None:
        return False
    last = entry.tail.rstrip("/").rpartition("/")[2]
    if name_words(last) & CREDENTIAL_WORDS or "".join(word_list(last)) in CREDENTIAL_NAMES:
        return True
    return _takes_password_form(entry.world, *entry.handler)


def _takes_password_form(world: World, path: str, index: int) -> bool:
    """Whether a parameter is the form of a name and a password."""
    frame = world.evaluator.frame(path, index)
    outer = frame.outer or frame
    types = (world.evaluator.annotation(row[Param.ANNOTATION], outer, frame) for row in frame.scope.params)
    return any(member.name in PASSWORD_FORMS for found in types for member in members(found))


def _first(world: World) -> RouteEntry | None:
    return next(
        (
            entry
            for entry in world.route_table.all()
            if _takes_credentials(entry) and entry.handler is not None and role_of(entry.handler[0]) != "test"
        ),
        None,
    )


def _is_limited(world: World) -> bool:
    """Whether anything in the project, or beside it, limits how often routes may be called."""
    for word in THROTTLING_WORDS:
        said = THROTTLING_TEXTS.get(word)
        for path in world.mentioning(word):
            if said is None or re.search(said, world.read(path) or b""):
                return True
    names = set(world.modules.listing(""))
    for name in sorted(names):
        inner = world.modules.listing(name) if "." not in name else frozenset()
        names |= inner if "__init__.py" not in inner else frozenset()
    return any(part in name.lower() for name in names for part in GATEWAY_FILES if not name.endswith(".py"))

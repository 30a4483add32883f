"""A secret is compared with `==`.

## What it does

Reports `==` and `!=` between a secret and what a client sent:

* an HMAC (`hmac.new(…).hexdigest()`) with the signature of a webhook;
* a key or token from the settings or the environment (also through `SecretStr`) with anything; any other setting
  called a key (`settings.METRICS_KEY`) with a header that says key, token or signature;
* a key, token or password that the function around the handler was given (`def router_for(password): …`)
  with a header, parameter or field of a request;
* a token, key or code (`reset_code`) of a row or of `self` with a header, cookie, parameter or field of
  a request.

The values are followed through local variables; what a client sent, from callers in other files too.

## Why is this bad?

`==` stops at the first byte that differs, so the time it takes tells how many bytes were right. Over
many requests that is enough to find a secret byte by byte, most of all from inside the same data
centre.

## How to fix

```python
given = request.headers.get("X-Signature", "")
if not hmac.compare_digest(expected.encode(), given.encode()):     # texts must be ASCII, bytes need not
    raise HTTPException(401)
```

## Not reported

* Conditions of queries (`Token.token == token`): the database compares. Enum members, constants,
  `None`, two values that a client sent (password confirmation), two secrets of the program.
* Names that only speak of a secret: `token_type`, `secret_id`, `signature_version`.
* Check sums of files and other digests that nothing keeps secret; tests and scripts.
* Passwords that are stored as they are: `plaintext-password`.

Compared with: ruff and bandit have no such check. A search for names on 18 mature projects finds 144
comparisons, nearly all of them harmless.

## References

* CWE-208: <https://cwe.mitre.org/data/definitions/208.html>
* hmac.compare_digest: <https://docs.python.org/3/library/hmac.html#hmac.compare_digest>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Compare
from archlint.project.effects import Hop
from archlint.project.remedies.secrecy import compared_in_constant_time
from archlint.project.security.comparisons import Sides

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function


class TimingUnsafeCompare(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    answers = ("area D", "dimension 3", "checklist 30")
    mentions = (
        "hmac",
        "secret",
        "SECRET",
        "token",
        "TOKEN",
        "key",
        "KEY",
        "signature",
        "_code",
        ".code",
        "password",
        "PASSWORD",
    )
    message = "Secret `{label}` is compared with `{operator}`, whose time tells how much was right; use `hmac.compare_digest`"
    invalid = (
        Case(
            """\
import hashlib

from django.conf import settings
from django.http import Http404, HttpResponse


def signature_of(number: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}{number}".encode()).hexdigest()


def confirm(request, number: str, sent: str):
    if signature_of(number)[:16] != sent[:16]:  # ARC324
        raise Http404
    return HttpResponse("confirmed")
""",
            title="Django: the beginning of a signature",
        ),
        Case(
            """\
import hashlib
import hmac

from fastapi import FastAPI, Header, Request

from settings import settings

app = FastAPI()


@app.post("/hook")
async def hook(request: Request):
    body = await request.body()
    signature = request.headers.get("X-Signature")
    expected = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    if signature != expected:  # ARC324
        return {"error": "signature"}
    return {}
""",
            title="an HMAC and a header",
            fixed="""\
import hashlib
import hmac

from fastapi import FastAPI, Header, Request

from settings import settings

app = FastAPI()


@app.post("/hook")
async def hook(request: Request):
    body = await request.body()
    signature = request.headers.get("X-Signature")
    expected = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    if signature is None or not hmac.compare_digest(signature.encode(), expected.encode()):  # ARC324
        return {"error": "signature"}
    return {}
""",
        ),
        Case(
            {
                "app.py": """\
import os

from fastapi import FastAPI, Header

from settings import settings

app = FastAPI()
ADMIN_TOKEN = os.environ["ADMIN_TOKEN"]


@app.get("/admin")
def admin(x_token: str = Header()):
    return x_token == settings.admin_secret.get_secret_value()  # ARC324


def is_admin(token: str) -> bool:
    return token == ADMIN_TOKEN  # ARC324


def is_key(key: str) -> bool:
    return key == settings.api_key  # ARC324
""",
                "settings.py": """\
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    admin_secret: SecretStr
    api_key: str


settings = Settings()
""",
            },
            title="settings and the environment",
            fixed="""\
import hmac
import os

from fastapi import FastAPI, Header

from settings import settings

app = FastAPI()
ADMIN_TOKEN = os.environ["ADMIN_TOKEN"]


@app.get("/admin")
def admin(x_token: str = Header()):
    return hmac.compare_digest(x_token.encode(), settings.admin_secret.get_secret_value().encode())  # ARC324


def is_admin(token: str) -> bool:
    return token == ADMIN_TOKEN  # ARC324


def is_key(key: str) -> bool:
    return hmac.compare_digest(key.encode(), settings.api_key.encode())  # ARC324
""",
        ),
        Case(
            """\
from django.conf import settings
from django.http import HttpResponse


class Hook:
    def __init__(self, secret):
        self.webhook_secret = secret

    def receive(self, request):
        given = request.META.get("HTTP_X_TOKEN")
        if given == self.webhook_secret:  # ARC324
            return HttpResponse("ok")
        return HttpResponse(request.headers["X-Key"] == settings.API_KEY)  # ARC324


def metrics(request):
    key = request.headers.get("X-Metrics-Key")
    if key != settings.METRICS_KEY:  # ARC324
        return HttpResponse(status=403)
    is_known = request.headers.get("If-Match") == settings.PAGE_KEY
    return HttpResponse(status=304 if is_known else 200)
""",
            title="Django: an attribute, a setting",
        ),
        Case(
            {
                "hooks/signing.py": """\
import hashlib
import hmac
import os

SECRET = os.environ["WEBHOOK_SECRET"]


def sign(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
""",
                "hooks/api.py": """\
import os

from fastapi import FastAPI, Header, HTTPException, Request

from hooks.signing import sign

app = FastAPI()
API_TOKEN = os.environ["API_TOKEN"]


@app.post("/hook")
async def hook(request: Request, x_signature: str = Header()):
    if x_signature != f"sha256={sign(await request.body())}":  # ARC324
        raise HTTPException(400)


@app.post("/push")
async def push(request: Request):
    if request.headers.get("X-Signature") == sign(await request.body()):  # ARC324
        return {}
    raise HTTPException(400)


@app.get("/admin")
def admin(authorization: str = Header()):
    if authorization != f"Bearer {API_TOKEN}":  # ARC324
        raise HTTPException(401)
""",
            },
            title="a signature made elsewhere, a text around it",
        ),
        Case(
            {
                "service.py": """\
def is_right(account, given: str) -> bool:
    return account.recovery_code == given  # ARC324
""",
                "api.py": """\
from fastapi import FastAPI

from accounts import current
from service import is_right

app = FastAPI()


@app.get("/recover")
def recover(code: str) -> bool:
    return is_right(current(), code)
""",
            },
            title="a code, compared in another file than the route's",
        ),
        Case(
            {
                "app/models.py": """\
import hashlib

from django.conf import settings
from django.db import models


class Channel(models.Model):
    code = models.UUIDField()

    def make_token(self) -> str:
        seed = str(self.code) + settings.SECRET_KEY
        return hashlib.sha256(seed.encode()).hexdigest()
""",
                "app/signing.py": """\
import hashlib
import hmac


def sign(key, path):
    if not key:
        return None
    return hmac.new(key.encode(), msg=path.encode(), digestmod=hashlib.sha256).hexdigest()
""",
                "app/keys.py": """\
def admin_key():
    with open("/run/secrets/admin") as file:
        return file.read().strip()
""",
                "app/views.py": """\
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from app.keys import admin_key
from app.models import Channel
from app.signing import sign


def verify(request: HttpRequest, code: str, token: str) -> HttpResponse:
    channel = get_object_or_404(Channel, code=code)
    if channel.make_token() == token:  # ARC324
        return HttpResponse("verified")
    signature = request.GET.get("signature")
    expected = sign(code, request.path)
    if signature == expected:  # ARC324
        return HttpResponse("signed")
    raise Http404


def manage(request: HttpRequest) -> HttpResponse:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and (admin_token := admin_key()) and token == admin_token:  # ARC324
        return HttpResponse("managed")
    raise Http404
""",
            },
            title="a digest with the key in it, a function that may sign nothing, a secret by its name",
        ),
        Case(
            """\
from functools import wraps

from flask import abort, current_app, request


def auth(view):
    @wraps(view)
    def inner(*args, **kwargs):
        token = request.headers.get("X-Token", "")
        if token != current_app.config["API_TOKEN"]:  # ARC324
            abort(401)
        return view(*args, **kwargs)

    return inner
""",
            title="Flask: a token of the application's configuration",
        ),
        Case(
            {
                "app.py": """\
import os

from fastapi import FastAPI

from admin import admin_router

app = FastAPI()
app.include_router(admin_router(os.environ["ADMIN_PASSWORD"], os.environ["METRICS_TOKEN"]))
""",
                "admin.py": """\
from fastapi import APIRouter, Header
from pydantic import BaseModel

router = APIRouter()


class Entry(BaseModel):
    password: str


def admin_router(password: str, token: str) -> APIRouter:
    @router.post("/admin/enter")
    def enter(entry: Entry) -> bool:
        return entry.password == password  # ARC324

    @router.get("/metrics")
    def metrics(authorization: str = Header()) -> bool:
        return authorization == f"Bearer {token}"  # ARC324

    return router
""",
            },
            title="a password that the maker of the routes was given",
        ),
        Case(
            {
                "models.py": """\
from django.db import models


class Member(models.Model):
    email = models.EmailField()


class LoginCode(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=8)


class PostCode(models.Model):
    code = models.CharField(max_length=8)
""",
                "views.py": """\
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from models import Member, PostCode


def unlock(request):
    member = get_object_or_404(Member, email=request.POST["email"])
    code = member.codes.order_by("-pk").first()
    if code is None or code.code != request.POST["code"]:  # ARC324
        return JsonResponse({}, status=403)
    return JsonResponse({})


def place(request, pk):
    found = get_object_or_404(PostCode, pk=pk)
    return JsonResponse({"same": found.code == request.GET["code"]})


urlpatterns = [path("unlock/", unlock), path("places/<int:pk>/", place)]
""",
            },
            title="the code of a class for codes",
        ),
    )
    valid = (
        Case(
            """\
import hashlib
import hmac
import os

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

SECRET = os.environ["SECRET"]
OTHER_SECRET = os.environ["OTHER_SECRET"]


class Base(DeclarativeBase):
    pass


class ApiKey(Base):
    __tablename__ = "keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str]


async def check(request: Request, session: Session, token: str, body: bytes) -> bool:
    found = session.scalar(select(ApiKey).where(ApiKey.token == token))
    signature = request.headers.get("X-Signature", "")
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    form = await request.form()
    return (
        found is not None
        and hmac.compare_digest(signature, expected)
        and form["password"] == form["password_again"]
        and SECRET != OTHER_SECRET
        and hashlib.sha256(body).hexdigest() == request.headers.get("ETag")
    )
""",
            title="queries, compare_digest, two fields, two secrets, a check sum",
        ),
        Case(
            """\
from enum import Enum

from fastapi import Request


class TokenType(Enum):
    ACCESS = "access"


def parse(tokens: list[str], request: Request, token_type: TokenType) -> bool:
    return tokens[0] == tokens[1] or token_type == TokenType.ACCESS or request.headers["X-Token-Type"] == token_type
""",
            title="tokens of a parser, kinds",
        ),
        Case(
            """\
import os

REGION = os.environ["REGION"]


def same(region: str, mode: str) -> bool:
    return region == REGION or mode == os.environ.get("MODE", "fast")
""",
            title="settings that are no secret",
        ),
        Case(
            """\
from django.http import JsonResponse

from shop.models import Member


def login(request):
    member = Member.objects.get(name=request.POST["name"])
    return JsonResponse({"ok": member.password == request.POST["password"]})
""",
            title="a password that is stored as it is: another rule's",
        ),
        Case(
            """\
from django.http import JsonResponse

from projects.models import Project


def show(request):
    key = request.headers["X-Api-Key"]
    project = Project.objects.for_key(key)
    request.project = project
    return JsonResponse({"readonly": key == request.project.readonly_api_key, "own": project.api_key == key})
""",
            title="a row that was looked up by the same key",
        ),
        Case(
            """\
from dataclasses import dataclass


@dataclass
class Cached:
    access_token: str


class Session:
    def stored_token(self) -> str:
        with open("token") as file:
            return file.read()

    def is_current(self, cached: Cached) -> bool:
        return cached.access_token == self.stored_token()
""",
            title="two stored keys",
        ),
        Case(
            """\
from fastapi import FastAPI

from shops import find

app = FastAPI()


@app.get("/shops")
def shops(country_code: str, code: str) -> list[str]:
    return [s.name for s in find() if s.country_code == country_code and s.status_code == code]


def is_same(left, right) -> bool:
    return left.recovery_code == right.recovery_code
""",
            title="codes that prove nothing, codes from elsewhere",
        ),
        Case(
            {
                "views.py": """\
from django.db.models import Q
from django.http import JsonResponse

from tickets import find, new_secret, sha256


def change(request, pk):
    ticket = find(pk)
    secret = request.POST.get("secret")
    if secret != ticket.secret:
        ticket.secret = secret
    token = request.POST.get("token")
    if token != ticket.token:
        new_secret(ticket, token)
    return JsonResponse({})


def others(request):
    hashed_key = hash_of(request.POST["key"])
    return JsonResponse({"others": [one.pk for one in find() if one.token != hashed_key]})


def hash_of(key):
    return key if key.startswith("h-") else "h-" + sha256(key)


def redeem(request):
    code = request.POST["secret"]
    conditions = Q(secret=code)
    candidates = list(find().filter(conditions))
    exact = [one for one in candidates if one.secret == code]
    return JsonResponse({"found": len(exact)})
""",
            },
            title="a secret that is replaced, rows that were looked up by it, hashes",
        ),
        Case(
            """\
from flask import current_app, request


def is_default(loader) -> bool:
    return request.args["token"] == loader.config["API_TOKEN"] or current_app.config["LANGUAGE"] == request.args["lang"]
""",
            title="other configurations",
        ),
        Case(
            """\
from fastapi import FastAPI

from accounts import candidates

app = FastAPI()


@app.post("/enter")
def enter(token: str, again: str) -> list[str]:
    def fits() -> bool:
        return again == token

    return [row.name for row in candidates() if fits()]
""",
            title="what the handler around was sent",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report comparisons of a function."""
        if not function.scope.compares or file.role in ("test", "migration", "script"):
            return
        for row in function.scope.compares:
            sides = Sides(function, row)
            label = sides.secret()
            if label:
                spot = row[Compare.LINE], row[Compare.COLUMN], row[Compare.END_LINE], row[Compare.END_COLUMN]
                place = Hop(file.name, *spot, "")
                fix = compared_in_constant_time(file, file.locate(place), *sides.types())
                yield file.diagnostic(self, place, fix=fix, label=label, operator=row[Compare.OPERATOR])

"""A secret is compared with `==`.

## What it does

Reports `==` and `!=` between a secret and what a client sent:

* an HMAC (`hmac.new(…).hexdigest()`) with the signature of a webhook;
* a key or token from the settings or the environment (also through `SecretStr`) with anything;
* a token or key of a row or of `self` with a header, cookie, parameter or field of a request.

The values are followed through local variables.

## Why is this bad?

`==` stops at the first byte that differs, so the time it takes tells how many bytes were right. Over
many requests that is enough to find a secret byte by byte, most of all from inside the same data
centre.

## How to fix

```python
if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
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
from archlint.model.summary import Bind, Call, Compare, Expr, Param
from archlint.project.called import Called
from archlint.project.credentials import header_of
from archlint.project.effects import Hop, describe
from archlint.project.secrets import is_secret_name
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

_HMAC = frozenset(("hmac.new", "hmac.HMAC", "hmac.digest", "django.utils.crypto.salted_hmac"))
_WRAPPERS = frozenset(
    ("hexdigest", "digest", "decode", "encode", "get_secret_value", "lower", "strip", "upper")
)
_ENCODERS = frozenset(("b64encode", "urlsafe_b64encode", "hexlify", "str", "bytes"))
_HOPS = 4


class TimingUnsafeCompare(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    answers = ("area D", "checklist 30")
    mentions = (
        "hmac",
        "secret",
        "SECRET",
        "token",
        "TOKEN",
        "key",
        "KEY",
        "signature",
        "password",
        "PASSWORD",
    )
    message = "Secret `{label}` is compared with `{operator}`, whose time tells how much was right; use `hmac.compare_digest`"
    invalid = (
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
""",
            title="Django: an attribute, a setting",
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
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report comparisons of a function."""
        if not function.scope.compares or file.role in ("test", "migration", "script"):
            return
        for row in function.scope.compares:
            label = _Sides(function, row).secret()
            if label:
                spot = row[Compare.LINE], row[Compare.COLUMN], row[Compare.END_LINE], row[Compare.END_COLUMN]
                yield file.diagnostic(
                    self, Hop(file.name, *spot, ""), label=label, operator=row[Compare.OPERATOR]
                )


class _Sides:
    """The two sides of one comparison."""

    def __init__(self, function: Function, row: list[Expr]) -> None:
        self.function = function
        self.world = function.file.world
        self.frame = function.frame
        self.scope = function.scope
        self.row = row
        self.place = (row[Compare.BLOCK], row[Compare.ORDER])

    def secret(self) -> str:
        """How the code calls the secret that is compared with something sent; empty for other comparisons."""
        left, right = self.row[Compare.LEFT], self.row[Compare.RIGHT]
        if self._is_column(left) or self._is_column(right):
            return ""
        kinds = (self._kind(left), self._kind(right))
        for mine, theirs, expr, other in ((*kinds, left, right), (*kinds[::-1], right, left)):
            if mine == "strong" and not theirs and self._may_be_sent(other):
                return describe(expr, self.scope)
            if mine == "weak" and not theirs and self._is_sent(other):
                return describe(expr, self.scope)
        return ""

    # -- the secret -------------------------------------------------------------------------

    def _kind(self, expr: Expr, hops: int = _HOPS) -> str:
        """``strong`` for a secret of the program, ``weak`` for what is called one, or neither."""
        if expr is None or hops <= 0:
            return ""
        tag = expr[0]
        if tag == "c":
            return self._kind_of_call(expr, hops)
        if tag == "n" and expr[1] in self.scope.binds:
            found = {self._kind(r[Bind.EXPR], hops - 1) for r in self.scope.binds[expr[1]]}
            return found.pop() if len(found) == 1 else ""
        name = last_word(expr) if tag in ("n", "a") else ""
        if (
            tag == "s"
            and expr[2] is not None
            and expr[2][0] == "k"
            and last_word(expr[1]) in ("config", "environ")
        ):
            name = str(expr[2][1])
        if not name or not is_secret_name(name):
            return ""
        value = self.world.values.of(expr, self.frame, *self.place)
        if value is not None:
            return "strong" if value.variable else ""
        if tag == "a" and self._is_settings(expr[1]):
            return "strong"
        return "weak" if tag == "a" else ""

    def _kind_of_call(self, expr: Expr, hops: int) -> str:
        row = self.scope.calls[expr[1]]
        func = row[Call.FUNC]
        called = Called(self.world, self.frame, expr[1])
        if not _HMAC.isdisjoint(called.names()):
            return "strong"
        if func is not None and func[0] == "a" and func[2] in _WRAPPERS:
            return self._kind(func[1], hops - 1)
        if called.word in _ENCODERS and row[Call.ARGS]:
            return self._kind(row[Call.ARGS][0], hops - 1)
        value = called.world.values.of(expr, self.frame, *self.place)
        if value is not None and value.variable and is_secret_name(value.variable):
            return "strong"
        return ""

    def _is_settings(self, expr: Expr) -> bool:
        for value in members(self.world.evaluator.eval(expr, self.frame, *self.place)):
            if value.name == "django.conf.settings":
                return True
            if (
                value.kind in ("inst", "class")
                and ":" in value.name
                and self.world.values.is_settings_class(value.name)
            ):
                return True
        return False

    # -- the other side -----------------------------------------------------------------------

    def _may_be_sent(self, expr: Expr) -> bool:
        """Whether a value may come from outside: it is no constant and nothing the program knows."""
        if expr is None or expr[0] not in ("n", "a", "s", "c", "o"):
            return False
        value = self.world.values.of(expr, self.frame, *self.place)
        if value is not None:
            return False
        for found in members(self.world.evaluator.eval(expr, self.frame, *self.place)):
            if found.kind != "inst" or found.name not in ("str", "bytes"):
                return False
        return expr[0] != "n" or self._is_local(expr[1])

    def _is_local(self, name: str) -> bool:
        return name in self.scope.binds or any(p[Param.NAME] == name for p in self.scope.params)

    def _is_sent(self, expr: Expr) -> bool:
        if header_of(expr, self.scope) and self.world.taint.is_web_file(self.frame.path):
            return True
        found = self.world.taint.origins(expr, self.frame, *self.place)
        return any(origin.kind == "request" for origin in found)

    def _is_column(self, expr: Expr) -> bool:
        """Whether a side is a column of a model: the comparison is a condition of a query."""
        if expr is None or expr[0] != "a":
            return False
        owners = members(self.world.evaluator.eval(expr[1], self.frame, *self.place))
        return last_word(expr[1]) in ("c", "columns") or any(
            o.kind == "class" or (o.kind == "lib" and o.name[:1].isupper()) for o in owners
        )

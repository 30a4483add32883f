"""A password, token or key is written to the log.

## What it does

Reports a log call (logging, loguru, structlog, Flask's and Celery's loggers) that is given a
credential: as an argument, in an f-string, `%` or `.format`, as a keyword, in `extra={…}`.

* Names that say it in full (`password`, `api_key`, `access_token`, `client_secret`, …) count
  wherever the value comes from.
* Names that might be something else (`token`, `secret`, `authorization`) count when the value comes
  from a request or from what makes such values (`secrets.token_hex()`, `jwt.encode(…)`), or when the
  function is about signing in, resetting or verifying.
* Names that end in `token` or `secret` (`GATEWAY_TOKEN`) count when the value is a setting or comes
  from the environment.
* A request body that is logged as a whole counts by what is in it: a field of a parameter's pydantic model (`password: str`,
  not `SecretStr`), or a key that the same function reads from the parsed body.
* `token`, `secret` and `otp` count when they are text columns of a row (`invitation.token`) and the message says so,
  as does `key` of the tokens of Django REST framework.

## Why is this bad?

Logs are copied to places with weaker locks than the database: files, collectors, support tickets,
a screen share. A password in them works until it is changed; a token until it expires. Deleting the
line of code does not delete what was written.

## How to fix

Log who, not with what; to tell tokens apart, log a digest or the last characters:

```python
logger.info("login failed for %s", email)
logger.info("token …%s rejected", token[-4:])
```

`pydantic.SecretStr` prints as `**********` and keeps a later mistake harmless.

## Not reported

* Parts (`token[-4:]`), lengths, masks and hashes: whatever a function has made of it.
* `SecretStr`; other objects of the project (`token.id`, a row called `token`); numbers and flags; names
  such as `token_type`, `password_reset`, `next_page_token`, `CONF_PASSWORD = "password"`.
* A bare `token` in code about language models or parsers: no source, no finding.
* `print`; tests.
* Known misses: a credential inside another object that is logged as a whole, or in a dump of a model.

Compared with: ruff and bandit have no such check. semgrep's looks for words in the format string.

## References

* CWE-532: <https://cwe.mitre.org/data/definitions/532.html>
* OWASP Logging Cheat Sheet:
  <https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.relations import COLUMNS
from archlint.knowledge.security import (
    CREDENTIAL_COLUMNS,
    CREDENTIAL_ENDINGS,
    JWT_ENCODERS,
    LIKELY_CREDENTIALS,
    LOG_METHODS,
    LOGGERS,
    NOT_CREDENTIALS,
)
from archlint.model.flow import parts
from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.called import Called, calls
from archlint.project.effects import describe
from archlint.project.identifiers import name_words, word_list
from archlint.project.interface.raw_bodies import is_one_of
from archlint.project.remedies.secrecy import masked
from archlint.project.security.comparisons import Secrets
from archlint.project.security.credentials import header_of
from archlint.project.types import is_project, members
from archlint.project.words import last_word, parts_of, parts_of_row

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.world import World

_NAMES = frozenset(f"{logger}.{method}" for logger in LOGGERS for method in LOG_METHODS)
#: Words of a function that say: it deals with credentials of people.
_SIGNING_IN = frozenset(
    (
        "auth",
        "authenticate",
        "login",
        "reset",
        "verify",
        "validate",
        "jwt",
        "session",
        "invite",
        "password",
        "signin",
        "oauth",
    )
)
_SETTINGS = "django.conf.settings."
_PYDANTIC = "pydantic.BaseModel"
_PLAIN = frozenset(("str", "int", "float", "bool", "bytes", "dict", "list", "UUID", "Exception"))
#: Methods by which a model of the project decides what a log shows of it.
_SHOWS = ("__repr__", "__str__", "__format__", "__repr_args__")
#: Last words of names that hold one when the value comes from settings.
_OWN_SECRETS = frozenset(("token", "secret", "pwd"))
#: Names of text columns that hold one.
_KEPT = frozenset(("token", "secret", "otp"))
#: Functions whose results are made to be secrets, or are used as such under these names.
_MAKERS = frozenset(
    (
        "secrets.token_urlsafe",
        "secrets.token_hex",
        "random.choice",
        "random.choices",
        "secrets.choice",
        *JWT_ENCODERS,
    )
)
#: What prints as it is.
_READABLE = frozenset(("str", "bytes", "typing.Any", "object"))


class SecretInLog(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "area F", "dimension 3", "checklist 56")
    mentions = (
        "password", "passwd", "passphrase", "token", "secret", "api_key", "apikey", "private_key",
        "authorization", "Authorization", "credentials", "otp", "jwt", "pwd", "cookie", "auth_header",
        "key", "pin", "PASSWORD", "TOKEN", "SECRET", "KEY", "AUTHORIZATION", "Password", "Token", "Secret",
    )  # fmt: skip
    message = "Sensitive value `{label}` is logged; log whose it is, or a digest of it, or mask it"
    invalid = (
        Case(
            """\
import logging

logger = logging.getLogger(__name__)


def login(email: str, password: str, settings) -> None:
    logger.debug("login of %s with %s", email, password)  # ARC313
    logger.info(f"using {settings.api_key}")  # ARC313
    logger.warning("failed: {}".format(password))  # ARC313
    logging.error("failed: %s" % password)  # ARC313
    logger.info("login", extra={"password": password})  # ARC313
""",
            title="logging",
            fixed="""\
import logging

logger = logging.getLogger(__name__)


def login(email: str, password: str, settings) -> None:
    logger.debug("login of %s with %s", email, "***")  # ARC313
    logger.info("using ***")  # ARC313
    logger.warning("failed: {}".format(password))  # ARC313
    logging.error("failed: %s" % password)  # ARC313
    logger.info("login", extra={"password": password})  # ARC313
""",
        ),
        Case(
            """\
from loguru import logger


def connect(client_secret: str, new_password: str) -> None:
    logger.debug("connecting with {}", client_secret)  # ARC313
    logger.bind(user=1).info("changed to " + new_password)  # ARC313
""",
            title="loguru",
        ),
        Case(
            """\
import structlog

log = structlog.get_logger()


async def refresh(refresh_token: str, data: dict) -> None:
    log.info("refreshing", token=refresh_token)  # ARC313
    log.bind(a=1).error("failed", value=data["access_token"])  # ARC313
""",
            title="structlog",
        ),
        Case(
            {
                "app/log.py": "import logging\n\nlogger = logging.getLogger('app')\n",
                "app/routes.py": """\
from fastapi import APIRouter, Request

from .log import logger

router = APIRouter()


@router.post("/hook")
async def hook(request: Request):
    token = request.headers.get("Authorization")
    logger.info("hook called with %s", token)  # ARC313


def verify_invite(token: str):
    logger.error("Bad signature in invite token: %s", token)  # ARC313
""",
            },
            title="a token from a request, a token being verified",
        ),
        Case(
            """\
import logging
import os
import random
import string

import jwt

log = logging.getLogger(__name__)
GATEWAY_TOKEN = os.getenv("GATEWAY_TOKEN")


def make(user, key):
    return jwt.encode({"sub": user}, key)


def issue(user, key):
    token = "".join(random.choice(string.hexdigits) for _ in range(32))
    log.debug("token of %s is %s", user, token)  # ARC313
    jwt_token = make(user, key)
    secret = make(user, key)
    log.info("made %s", secret)  # ARC313
    log.info("pushed with %s", GATEWAY_TOKEN)  # ARC313
    return token
""",
            title="what makes secrets, and settings",
        ),
        Case(
            """\
import logging

from django.conf import settings

log = logging.getLogger(__name__)


def webhook(request):
    log.info("called with %s", request.META.get("HTTP_AUTHORIZATION"))  # ARC313
    log.debug("signed by %s", settings.SECRET_KEY)  # ARC313
""",
            title="names in capitals",
        ),
        Case(
            """\
import structlog
from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

app = FastAPI()
log = structlog.get_logger()


class Login(BaseModel):
    email: str
    password: SecretStr


@app.post("/login")
def login(body: Login):
    log.info("login", email=body.email, password=body.password)
    log.info("login", email=body.email, password=body.password.get_secret_value())  # ARC313
""",
            title="a secret that masks itself, unwrapped",
        ),
        Case(
            """\
import structlog

log = structlog.get_logger()


class Carrier:
    def __init__(self, token: str) -> None:
        self.token = token

    def track(self, code: str) -> None:
        log.info("tracked", code=code, api_token=self.token)  # ARC313
        log.info("tracked", code=code, token_count=self.token)
""",
            title="the key of a keyword says what the value is",
        ),
        Case(
            {
                "shop/models.py": """\
from django.db import models
from rest_framework.authtoken.models import Token


class Shop(models.Model):
    name = models.CharField(max_length=80)
    token = models.CharField(max_length=80)
    api_key = models.CharField(max_length=80)
    state = models.IntegerField()


class Word(models.Model):
    token = models.IntegerField()


def issue(user) -> Token:
    return Token.objects.create(user=user)
""",
                "shop/views.py": """\
import logging

from shop.models import Shop, Word, issue

logger = logging.getLogger(__name__)


def renew(request, pk):
    shop = Shop.objects.get(pk=pk)
    logger.debug(f"shop {shop.name} in {shop.state} has token {shop.token}")  # ARC313
    logger.debug("opened %s", shop.token)
    logger.info("it pays with %s", shop.api_key)  # ARC313
    token = issue(request.user)
    logger.debug(f"made {token.key}")  # ARC313
    logger.debug("made %s, word %s", token.pk, Word.objects.get(pk=pk).token)
""",
            },
            title="columns of rows",
        ),
        Case(
            """\
import logging

from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr

app = FastAPI()
log = logging.getLogger(__name__)


class Login(BaseModel):
    email: str
    password: str


class SafeLogin(BaseModel):
    email: str
    password: SecretStr


class QuietLogin(BaseModel):
    email: str
    password: str = Field(repr=False)


@app.post("/login")
def login(body: Login) -> None:
    log.info("login: %s", body)  # ARC313
    log.info(f"login: {body}")  # ARC313
    log.info("login of %s", body.email)


@app.post("/safe-login")
def safe_login(body: SafeLogin, other: QuietLogin) -> None:
    log.info("login: %s", body)
    log.info("login: %s", other)
""",
            title="a model that is logged as a whole",
        ),
        Case(
            """\
import logging

from flask import Flask, request

app = Flask(__name__)
log = logging.getLogger(__name__)


@app.post("/login")
def login():
    data = request.get_json() or {}
    if data["password"] != stored(data["email"]):
        log.warning("failed login: %s", data)  # ARC313
    return {}


@app.post("/orders")
def order():
    data = request.get_json()
    log.info("order %s of %s", data, data["email"])
    return {}
""",
            title="a body that is logged as a whole",
        ),
        Case(
            """\
from flask import Blueprint, current_app, request

from accounts import sign_in

bp = Blueprint("views", __name__)


@bp.route("/login", methods=["POST"])
def login():
    if sign_in(request.form["email"], request.form["password"]):
        return "welcome"
    current_app.logger.info("login failed: %r", request.form)  # ARC313
    return "wrong", 401


@bp.route("/search", methods=["POST"])
def search():
    current_app.logger.info("search: %r", request.form)
    return request.form["text"]
""",
            title="a form of which the function reads the password",
        ),
    )
    valid = (
        Case(
            """\
import logging

from pydantic import SecretStr

logger = logging.getLogger(__name__)
CONF_PASSWORD = "password"


class Token:
    id: int
    type: str


def login(email: str, password: str, token: Token, api_key: SecretStr, response, has_password: bool) -> None:
    logger.info("login of %s, password of %d characters", email, len(password))
    logger.info("token %s of type %s", token.id, token.type)
    logger.info("key %s", api_key)
    logger.info("tail %s", password[-2:])
    logger.info("mask %s", mask(password))
    logger.info("sent: %s", response)
    logger.info("field %s is missing, has one: %s", CONF_PASSWORD, has_password)
    logger.warning("The password for user %s is weak", email)


def mask(text: str) -> str:
    return "***"
""",
            title="lengths, parts, masks, ids, SecretStr, names of fields",
        ),
        Case(
            """\
import logging

logger = logging.getLogger(__name__)


def parse(tokens: list[str], next_page_token: str, max_tokens: int) -> None:
    for token in tokens:
        logger.debug("token %s", token)
    logger.debug("page %s, at most %d", next_page_token, max_tokens)
""",
            title="tokens of a parser, of a page",
        ),
        Case(
            """\
class Printer:
    def info(self, text: str, *args: object) -> None: ...


def show(printer: Printer, password: str) -> None:
    printer.info("typed: %s", password)
    print(password)
""",
            title="no logger",
        ),
        Case(
            """\
import logging

logger = logging.getLogger(__name__)


def connect(settings):
    shown_api_key = settings.api_key
    if isinstance(shown_api_key, str):
        shown_api_key = shown_api_key[:4] + "*" * 12
    logger.debug("key %s", shown_api_key)
""",
            title="a mask put on before",
        ),
        Case(
            """\
import logging
import os

from nlp import tokenize

log = logging.getLogger(__name__)
TOKEN_FILE = os.getenv("TOKEN_FILE")
MAX_TOKEN = 4096


def parse(text):
    token = tokenize(text)
    log.debug("token %s", token)
    log.debug("limits %s, read from %s", MAX_TOKEN, TOKEN_FILE)
""",
            title="tokens of other kinds",
        ),
        Case(
            """\
import logging

log = logging.getLogger(__name__)


def charge(metadata, cost):
    api_key = metadata.get("api_key")
    log.debug("charging %s with %s", api_key, cost)
    log.debug("request metadata: %s", metadata["api_key"])
""",
            title="metadata",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report each call once, by the first credential in it."""
        if file.role == "test":
            return
        for called in calls(file, LOG_METHODS):
            shown = next((n for n in _shown(called) if n[0]), None)
            if shown is not None and _is_logger(called):
                fix = masked(file, file.locate(called.hop), shown[0])
                yield file.diagnostic(self, called.hop, fix=fix, label=shown[0])


def _is_logger(called: Called) -> bool:
    if not _NAMES.isdisjoint(called.names()):
        return True
    return any(
        value.kind == "inst" and not LOGGERS.isdisjoint(called.lineage(value)) for value in called.receivers()
    )


def _shown(called: Called) -> Iterator[tuple[str, Expr]]:
    """The names of credentials among the values that a call writes."""
    row = called.row
    exprs = [
        *row[Call.ARGS],
        *(e for k, e in row[Call.KEYWORDS] if k not in ("exc_info", "stack_info", "stacklevel")),
    ]
    for expr in exprs:
        for value in _values(expr, called.scope):
            name = _name(value, called.scope)
            if name and _is_credential(name, value, called):
                yield name, value
            for inner in _held(value, called):
                yield inner, value
    for key, value in row[Call.KEYWORDS]:
        # `log.info("sent", api_token=self.token)`: the key says what the value is.
        is_told = key and value is not None and value[0] in ("n", "a", "s") and _is_full_name(key)
        if is_told and _is_credential(key, value, called):
            yield key, value


def _held(expr: Expr, called: Called) -> Iterator[str]:
    """The credentials inside of what is written as a whole: a pydantic model, the body of a request."""
    bodies = called.world.api.raw_bodies
    if expr is not None and expr[0] == "a" and _may_be_body(expr, called.scope):
        if bodies.is_request(expr[1], called.frame):
            yield from _read_from(expr, called)
        return
    if expr is None or expr[0] != "n":
        return
    world, frame, row = called.world, called.frame, called.row
    declared = next((p[Param.ANNOTATION] for p in frame.scope.params if p[Param.NAME] == expr[1]), None)
    # What a function logs is a text or a number as a rule: only what is declared to be a class is asked for.
    is_asked = declared is not None and last_word(declared) not in _PLAIN
    value = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER]) if is_asked else None
    for member in members(value):
        if member.kind != "inst" or not is_project(member.name) or _PYDANTIC not in called.lineage(member):
            continue
        if not any(world.classes.method(member.name, name) for name in _SHOWS):
            for column in world.api.schemas.columns(member.name):
                is_text = any(m.kind == "inst" and m.name == "str" for m in members(column.type))
                # `auth_header` of a configuration is what the header is called.
                is_value = not column.is_silent and not column.name.endswith("header")
                if is_text and is_value and _is_full_name(column.name):
                    yield f"{expr[1]}.{column.name}"
    binds = [bound[Bind.EXPR] for bound in frame.scope.binds.get(expr[1], ())]
    if not binds or not all(_may_be_body(bound, frame.scope) for bound in binds):
        return
    taken = bodies.taken(frame, ("json", "form", "POST"))
    if taken and all(is_one_of(bound, taken) for bound in binds):
        yield from _read_from(expr, called)


def _read_from(body: Expr, called: Called) -> Iterator[str]:
    """The credentials that a function reads from a body."""
    label = describe(body, called.scope)
    yield from (f"{label}[{key!r}]" for key in _keys_read(body, called.scope) if _is_full_name(key))


def _may_be_body(expr: Expr, scope: Scope) -> bool:
    """Whether an expression ends like one that takes the body of a request."""
    if expr is not None and expr[0] in ("w", "o"):
        # `request.get_json() or {}`
        return _may_be_body(expr[1], scope)
    if expr is not None and expr[0] == "c":
        expr = scope.calls[expr[1]][Call.FUNC]
    return expr is not None and expr[0] == "a" and expr[2] in ("get_json", "json", "form", "POST", "loads")


def _keys_read(body: Expr, scope: Scope) -> list[str]:
    """The keys by which a function reads a dictionary: ``data["password"]``, ``data.get("password")``."""
    found = [
        part[2][1]
        for part in parts_of(scope)
        if part[0] == "s" and _is_same(part[1], body) and part[2] is not None
    ]
    found += [
        row[Call.ARGS][0][1]
        for row in scope.calls
        if row[Call.FUNC] is not None
        and row[Call.FUNC][0] == "a"
        and _is_same(row[Call.FUNC][1], body)
        and row[Call.FUNC][2] in ("get", "pop")
        and row[Call.ARGS]
        and row[Call.ARGS][0] is not None
    ]
    return sorted({key for key in found if isinstance(key, str)})


def _is_same(expr: Expr, body: Expr) -> bool:
    """Whether two expressions are the same name, or the same attribute of it."""
    return expr == body or (expr is not None and body[0] == "a" and expr[:3] == body[:3])


def _values(expr: Expr, scope: Scope) -> Iterator[Expr]:
    """What is written of an expression as it stands."""
    if expr is None:
        return
    tag = expr[0]
    if tag in ("n", "a", "s"):
        yield expr
    elif tag in ("j", "t", "l"):
        for part in expr[1]:
            yield from _values(part, scope)
    elif tag == "b" and expr[1] in ("%", "+"):
        yield from _values(expr[2], scope)
        yield from _values(expr[3], scope)
    elif tag == "d":
        for _, value in expr[1]:
            yield from _values(value, scope)
    elif tag == "c":
        call = scope.calls[expr[1]]
        word = last_word(call[Call.FUNC])
        if word == "format" or (word in ("str", "repr", "dict") and call[Call.FUNC][0] == "n"):
            for part in (*call[Call.ARGS], *(e for _, e in call[Call.KEYWORDS])):
                yield from _values(part, scope)
        elif word in ("get", "get_secret_value"):
            yield expr


def _name(expr: Expr, scope: Scope) -> str:
    if expr is None:
        return ""
    if expr[0] == "n":
        return str(expr[1])
    if expr[0] == "a":
        return str(expr[2])
    key = None
    if expr[0] == "s":
        key = expr[2]
    elif expr[0] == "c":
        func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
        if last_word(func) == "get_secret_value":
            return _name(func[1], scope)
        key = args[0] if args else None
    return str(key[1]) if key is not None and key[0] == "k" and isinstance(key[1], str) else ""


def _is_of_metadata(expr: Expr, scope: Scope) -> bool:
    """Whether a value is what a mapping of metadata holds: what identifies a credential, not the credential."""
    values = [expr, *(row[Bind.EXPR] for row in scope.binds.get(expr[1], ()))] if expr[0] == "n" else [expr]
    for value in values:
        func = scope.calls[value[1]][Call.FUNC] if value is not None and value[0] == "c" else value
        is_read = func is not None and (
            func[0] == "s" or (func[0] == "a" and (func is value or func[2] == "get"))
        )
        if is_read and "metadata" in name_words(last_word(func[1])):
            return True
    return False


def _is_masked(expr: Expr, scope: Scope) -> bool:
    """Whether a variable got a mask before: ``key = key[:4] + "***"``."""
    made = [row[Bind.EXPR] for row in scope.binds.get(expr[1], ())] if expr[0] == "n" else []
    return any(value is not None and value[0] != "k" and _has_stars(value) for value in made)


def _has_stars(expr: Expr) -> bool:
    if expr is None:
        return False
    if expr[0] == "k":
        return isinstance(expr[1], str) and "*" in expr[1]
    parts = expr[1] if expr[0] == "j" else expr[2:4] if expr[0] == "b" else []
    return any(_has_stars(part) for part in parts)


def _is_credential(name: str, expr: Expr, called: Called) -> bool:
    if _is_masked(expr, called.scope) or _is_of_metadata(expr, called.scope):
        return False
    found = word_list(name)
    if found[:1] == ["http"]:
        found = found[1:]  # a header, as WSGI calls it
    if not found or len(found) > 5:
        return False
    ending = next((e for e in _endings(found) if e in CREDENTIAL_ENDINGS), "")
    if ending:
        rest = found[: len(found) - len(ending.split())]
        return NOT_CREDENTIALS.isdisjoint(rest) and _is_text(name, expr, called)
    if _is_of_row(name, expr, called):
        return True
    if " ".join(found) not in LIKELY_CREDENTIALS:
        is_about = found[-1] not in _OWN_SECRETS or not NOT_CREDENTIALS.isdisjoint(found)
        return not is_about and _is_setting(expr, called)
    return _is_text(name, expr, called) and (
        _is_submitted(expr, called) or _signs_in(name, expr, called) or _is_made(expr, called)
    )


def _is_of_row(name: str, expr: Expr, called: Called) -> bool:
    """Whether a value is a column that holds a token: ``invitation.token``, ``token.key`` of REST framework."""
    if expr[0] != "a":
        return False
    owners = called.type_of(expr[1])
    if any(CREDENTIAL_COLUMNS.get(owner.name) == name for owner in owners):
        return True
    types = called.type_of(expr)
    is_text = bool(types) and all(t.kind == "inst" and _is_readable(t.name) for t in types)
    if name not in _KEPT or not is_text or not _speaks_of(name, called):
        return False
    return any(called.world.models.is_model(owner.name) for owner in owners)


def _speaks_of(name: str, called: Called) -> bool:
    """Whether the message calls it that: ``order.token`` may be what tells orders apart."""
    told = (expr for expr in parts_of_row(called.row[Call.ARGS]) if expr[0] == "k" and len(expr) > 1)
    return any(isinstance(expr[1], str) and name in expr[1].lower() for expr in told)


def _is_full_name(name: str) -> bool:
    """Whether a name says in full that it is a credential."""
    return any(ending in CREDENTIAL_ENDINGS for ending in _endings(word_list(name)))


def _endings(found: list[str]) -> Iterator[str]:
    for count in (3, 2, 1):
        if len(found) >= count:
            yield " ".join(found[-count:])


def _is_text(name: str, expr: Expr, called: Called) -> bool:
    """Whether a value may be a text, and is no name of a field kept in a constant."""
    types = called.type_of(expr)
    for value in types:
        if value.kind == "lib" and value.name.startswith(_SETTINGS):
            continue
        if value.kind != "inst" or is_project(value.name) or not _is_readable(value.name):
            return False
    constant = called.value_of(expr) if name.isupper() else None
    return constant is None or not isinstance(constant.value, str)


def _is_readable(name: str) -> bool:
    """Whether a type is one of texts, as such or as the column that holds it."""
    return COLUMNS.get(name, name) in _READABLE


def _is_submitted(expr: Expr, called: Called) -> bool:
    row = called.row
    taint = called.world.taint
    if header_of(expr, called.scope) and taint.is_web_file(called.frame.path):
        return True
    found = taint.origins(expr, called.frame, row[Call.BLOCK], row[Call.ORDER])
    return any(origin.kind == "request" for origin in found)


def _is_made(expr: Expr, called: Called) -> bool:
    """Whether a variable holds what a maker of secrets gave, here or in a function of the project."""
    if expr[0] != "n":
        return False
    return any(
        _is_from_maker(row[Bind.EXPR], called.frame, called.world)
        for row in called.scope.binds.get(expr[1], ())
    )


def _is_from_maker(expr: Expr, frame: Frame, world: World, hops: int = 1) -> bool:
    if expr is None or expr[0] != "c":
        return False
    made = Called(world, frame, expr[1])
    pieces = parts(expr, frame.scope) if made.word == "join" else [expr]
    if any(
        not _MAKERS.isdisjoint(Called(world, frame, piece[1]).names()) for piece in pieces if piece[0] == "c"
    ):
        return True
    for callee in made.callees if hops else ():
        scope = world.function(callee.name) if callee.kind == "func" else None
        if scope is not None and scope.returns:
            inner = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
            if all(_is_from_maker(returned[0], inner, world, hops - 1) for returned in scope.returns):
                return True
    return False


def _is_setting(expr: Expr, called: Called) -> bool:
    """Whether a value is a secret of the program: of its settings or its environment."""
    place = (called.row[Call.BLOCK], called.row[Call.ORDER])
    return Secrets(called.world, called.frame, place).kind(expr) == "strong"


def _signs_in(name: str, expr: Expr, called: Called) -> bool:
    """Whether a text parameter of this name is what a function about signing in was given."""
    scope = called.scope
    if scope.kind != "function" or expr[0] != "n" or name not in {p[0] for p in scope.params}:
        return False
    return bool(name_words(scope.name) & _SIGNING_IN)

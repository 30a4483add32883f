"""A secret stands in the source code.

## What it does

Reports a secret that the source itself holds:

* a **signing key**: `SECRET_KEY`, `JWT_SECRET` and the like in settings of Django, Flask, FastAPI
  (also the default of a field of `BaseSettings`, of `SecretStr(…)`, of `Field(…)`, of
  `os.environ.get("SECRET_KEY", "…")`), and any constant that reaches `jwt.encode`,
  `SessionMiddleware`, `itsdangerous`, `Fernet`, `hmac.new`, from whatever module it is imported;
  of a key that only the environment replaces, or that is a setting of Django or Flask, also one that
  anybody can guess: `os.getenv("SECRET_KEY", "changeme")` runs with it wherever the variable is forgotten;
* a **credential**: a text that looks random under a name that says password, token, API key
  (assignment, keyword, dictionary, default);
* a **DSN with a password**, such as `postgresql://shop:9fK2…@db.example.com/shop`;
* a **key of known make** under any name: AWS, GitHub, Stripe, Slack, Google, private keys in PEM.

## Why is this bad?

Whoever can read the repository, a fork, a container image or an old backup has the secret; with a
signing key they log in as anybody. It is the same in development and production, it cannot be
rotated without a release, and it stays in the history when the line is gone.

## How to fix

Read it from the environment or a secret store, without a default, so that a deployment that forgot
it does not start:

```python
class Settings(BaseSettings):
    secret_key: SecretStr


SECRET_KEY = os.environ["SECRET_KEY"]
```

Then replace the secret: it is known.

## Not reported

* What has a secret's name but not its shape: `token_type = "bearer"`, `HEADER_KEY =
  "Authorization"`, `jwt_token_prefix = "Token"`, `ALGORITHM = "HS256"`, messages, labels, enum
  members, names of fields, headers, URLs, hashes.
* Values in `example=` and `"examples": …`, and values that a file repeats three times or
  more, or gives one name five times: samples.
* Placeholders (`"changeme"`, `"your-key"`, `"<token>"`) of credentials, which open nothing; those of signing
  keys that the program compares with something, to refuse them, or that have a name of their own in another
  file; usual passwords of local databases (`postgres:postgres@localhost`).
* Settings for development and tests, test files, examples. Keys of known make are reported there,
  too, except in tests.
* Known misses: a password made of words (`"hunter2"`), one that is written in pieces of a few letters each or
  with escapes, where nothing else in the file looks like a secret; secrets in files that are not Python. A
  `.env` file is not read: it belongs to the machine where it lies, and one that is committed is the work of tools that
  look at every file and at the history.

Compared with ruff S105-S107 on 18 mature projects (4.5 million lines): those report 479 places
outside tests, nearly all of them names of fields and headers. They see no DSN, no key of known make,
no default of the environment, no constant that is used as a key in another file. bandit's B105-B107 have 26 alarms on
five of these projects outside tests; of ten drawn, one is a password (`"1234"`, the first one of a new installation,
which is too short for this rule).

## References

* CWE-798: <https://cwe.mitre.org/data/definitions/798.html>
* OWASP Secrets Management Cheat Sheet:
  <https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html>
* ruff S105: <https://docs.astral.sh/ruff/rules/hardcoded-password-string/>
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.secrets import KEY_SINKS, PASSWORD_SINKS
from archlint.model.summary import Bind, Block, Call, Compare, Expr, Scope
from archlint.project.called import Called, calls
from archlint.project.remedies.environment import from_environment
from archlint.project.remedies.places import name_of
from archlint.project.roles import role_of
from archlint.project.security.secrets import (
    is_placeholder,
    is_secret_name,
    is_signing_name,
    looks_random,
    may_hold_secret,
    password_of_url,
    token_in,
)
from archlint.project.settings.static import is_other_environment
from archlint.project.types import Type
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.settings.static import Value

_READERS = frozenset(
    ("get", "getenv", "config", "env", "str", "Config", "pop", "setdefault", "get_secret", "Field")
)
_SINK_WORDS = frozenset(
    ("add_middleware", "Middleware", *(name.rpartition(".")[2] for name in (*KEY_SINKS, *PASSWORD_SINKS)))
)
#: A real key is written once: what stands in a file more often than this is made of samples.
_MANY_VALUES, _MANY_NAMES = 2, 4
#: Names of what is only shown.
_SAMPLES = re.compile(r"(?i)example|placeholder")
#: Shorter texts are told to be keys by what takes them alone.
_SHORT = 8
_SESSION = "starlette.middleware.sessions.SessionMiddleware"


class HardcodedSecret(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "area G", "anti-pattern 3", "dimension 3", "checklist 36", "checklist 74")
    message = "Secret `{label}` is hard-coded ({kind}); read it from the environment or a secret store"
    invalid = (
        Case(
            """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
SECRET_KEY = "django-insecure-8x#2m!q0v$w3k7p^z9r4t6y1u5i8o2a"  # ARC302
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "PASSWORD": "kR7vTq2mWx9Z",  # ARC302
    }
}
""",
            title="Django",
        ),
        Case(
            """\
import os

from flask import Flask

app = Flask(__name__)
app.secret_key = "a-very-long-and-quiet-sentence"  # ARC302
app.config["JWT_SECRET_KEY"] = os.environ.get("JWT_SECRET_KEY", "quiet-rivers-run-deep")  # ARC302
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:9fK2xPq7@db.shop.internal/shop"  # ARC302
""",
            title="Flask",
            fixed="""\
import os

from flask import Flask

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]  # ARC302
app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET_KEY"]  # ARC302
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:9fK2xPq7@db.shop.internal/shop"  # ARC302
""",
        ),
        Case(
            """\
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"  # ARC302
    jwt_secret: SecretStr = SecretStr("rainy-harbour-lights")  # ARC302
    signing_key: str = Field(default="rainy-harbour-lights")  # ARC302
    stripe_api_key: str = Field("pk9x2LmQ7vRt4ZbN", env="STRIPE_KEY")  # ARC302
""",
            title="FastAPI, defaults of settings",
            fixed="""\
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str  # ARC302
    jwt_secret: SecretStr = SecretStr("rainy-harbour-lights")  # ARC302
    signing_key: str = Field()  # ARC302
    stripe_api_key: str = Field("pk9x2LmQ7vRt4ZbN", env="STRIPE_KEY")  # ARC302
""",
        ),
        Case(
            {
                "app/tokens.py": """\
import jwt

from app.constants import SIGNATURE


def issue(user_id: int, exp) -> str:
    return jwt.encode({"sub": user_id, "exp": exp}, SIGNATURE, algorithm="HS256")  # ARC302
""",
                "app/constants.py": 'SIGNATURE = "rainy harbour lights"\n',
            },
            title="a constant of another module signs tokens",
        ),
        Case(
            """\
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="rainy-harbour")  # ARC302
""",
            title="Starlette sessions",
        ),
        Case(
            """\
def connect(client):
    client.login("AKIAQ4XJ7T2LM9PZR5WN")  # ARC302
    return client.open(user="reports", password="x9!Lq2#vTz")  # ARC302
""",
            title="a key of known make, a keyword",
        ),
        Case(
            """\
import smtplib

import jwt

SECRET_KEY = "a-very-secret-key-for-signing"  # ARC302
EMAIL_HOST_PASSWORD = "kX81-vmQ0-pp3z"  # ARC302


def send(message):
    with smtplib.SMTP("smtp.example.org") as server:
        server.login("shop", "Tr0ub4dor&3xyz")  # ARC302
        server.send_message(message)
""",
            title="a key made of words, the password of a mailbox",
        ),
        Case(
            """\
from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = "random"  # ARC302
""",
            title="Flask: a short key",
        ),
        Case(
            {
                "app/settings.py": """\
import os

from pydantic_settings import BaseSettings

SECRET_KEY = os.getenv("APP_SECRET", "changeme")  # ARC302
JWT_SECRET = os.environ.get("JWT_SECRET") or "dev"  # ARC302


class Settings(BaseSettings):
    signing_key: str = "your-secret-key"  # ARC302
""",
                "app/tokens.py": """\
import jwt


def issue(claims: dict) -> str:
    return jwt.encode(claims, "change-me")  # ARC302
""",
            },
            title="keys that anybody can guess",
        ),
        Case(
            """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
SECRET_KEY = os.getenv("SHOP_DJANGO_KEY", "!secret")  # ARC302
""",
            title="Django: a short default",
        ),
        Case(
            {
                "shop/settings.py": """\
import environ

from shop.env import required, text

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
env = environ.Env(JWT_SECRET=(str, "quiet-rivers-run-deep"))
SECRET_KEY = text("SHOP_KEY", default="quiet-rivers-run-deep")  # ARC302
JWT_SECRET = env("JWT_SECRET")  # ARC302
SIGNING_KEY = required("SIGNING_KEY")
DATABASES = {
    "default": {"PASSWORD": text("DB_PASSWORD", "kR7vTq2mWx9Z")},  # ARC302
}
""",
                "shop/env.py": """\
import os


def text(name: str, default: str | None = None) -> str | None:
    try:
        return os.environ[name].strip()
    except KeyError:
        return default


def required(name: str, default: str = "") -> str:
    value = os.environ.get(name) or default
    if not value:
        raise RuntimeError(name)
    return value
""",
            },
            title="defaults of a reader, and of a function of the project",
        ),
        Case(
            {
                "conf.py": """\
from starlette.config import Config

config = Config(".env")
SECRET = config("SECRET", default="s3cr3t-Fleet-2024-prod-key!")  # ARC302
PHRASE = "under the old bridge"
""",
                "tokens.py": """\
import jwt

from conf import PHRASE, SECRET


def make(user):
    return jwt.encode({"sub": user}, SECRET)


def read(token):
    return jwt.decode(token, SECRET, algorithms=["HS256"])


def make_other(user):
    return jwt.encode({"sub": user}, PHRASE)  # ARC302


def read_other(token):
    return jwt.decode(token, PHRASE, algorithms=["HS256"])
""",
            },
            title="one secret, several uses: reported where it is defined, or at its first use",
        ),
        Case(
            """\
import smtplib


def connect(host):
    password = "k3Fx9" "Qz7pL" "v2Ra8"  # ARC302
    return smtplib.SMTP(host), password
""",
            title="a password in pieces of a few letters",
            missed=True,
            why="whether a file is looked at is told from what stands between its quotes",
        ),
        Case(
            """\
from dataclasses import dataclass

from flask import Flask

app = Flask(__name__)


@dataclass(frozen=True)
class Settings:
    page_size: int = 50
    shop: str = "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"  # ARC302
    shape: str = "shpat_values_of_the_settings_of_a_shop"
""",
            title="a key that its issuer made recognisable, under any name",
        ),
        Case(
            {
                "config.py": """\
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    jwt_secret: SecretStr = SecretStr("z0Qm4Nf8LrXc2VbT7yKp")  # ARC302


settings = Settings()
""",
                "tokens.py": """\
import jwt

from config import settings


def token(user_id: int) -> str:
    return jwt.encode({"sub": user_id}, settings.jwt_secret.get_secret_value(), algorithm="HS256")
""",
            },
            title="a secret text is reported where it is written, not where it is taken out",
        ),
    )
    valid = (
        Case(
            'import re\n\noption_pat = r"[a-zA-Z](?:[a-zA-Z0-9-]*)"\noption_re = re.compile("%s$" % option_pat)\n',
            title="a pattern of regular expressions",
        ),
        Case(
            {"settings.pyi": "GITHUB_TOKEN = 'q8Zr2LmX9vTn4KcP7wYb'\n"}, title="a stub says types, not values"
        ),
        Case(
            """\
MOVED = {
    "fastapi.security.oauth2.OAuth2PasswordBearer": "fastapi.security.OAuth2PasswordBearer",
    "auth.password": "app.auth.v2.Argon2id",
}
""",
            title="names of what is defined somewhere",
        ),
        Case(
            """\
from enum import Enum

HEADER_KEY = "Authorization"
JWT_SUBJECT = "access"
ALGORITHM = "HS256"
WRONG_TOKEN_PREFIX = "unsupported authorization type"
DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$MjQyZWE1MzBjYjJlZTI0Yw$YTU4NGM5ZTZmYjE2NzZlZjY0ZWY3ZGRkY2U2OWFjNjk"
token_type = "bearer"
PASSWORD = "password"
CONF_CLIENT_SECRET = "client_secret"
TOKEN_URL = "https://auth.example.com/oauth2/token"


class Grant(Enum):
    PASSWORD = "password2grant1"
""",
            title="names and labels",
        ),
        Case(
            {
                "app/settings.py": """\
import os
import secrets

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: SecretStr
    jwt_token_prefix: str = "Token"
    SECRET_KEY: str = secrets.token_urlsafe(32)
    api_key: str = "changethis"
    password: str = ""


class DevSettings(Settings):
    secret_key: SecretStr = SecretStr("only-for-my-machine-91x")


API_KEY = os.environ["API_KEY"]
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://postgres:postgres@localhost/app")
BROKER = f"amqp://{Settings().password}:{API_KEY}@broker/"
""",
                "tests/test_settings.py": 'SECRET_KEY = "8x2mq0vw3k7pz9r4t6y1u5i8o2a"\n',
                "config/settings/local.py": 'SECRET_KEY = "8x2mq0vw3k7pz9r4t6y1u5i8o2a"\n',
            },
            title="read from outside, made at start-up, placeholders, other environments",
        ),
        Case(
            """\
import hmac
import os

import jwt

KEY = os.environ["KEY"]


def issue(claims: dict, key: str) -> str:
    return jwt.encode(claims, key) + jwt.encode(claims, KEY)


def sign(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, "sha256").hexdigest()
""",
            title="keys handed in",
        ),
        Case(
            """\
JWT_SECRET = "app_jwt_secret"
SECRET_KEY = "secret_key"
CLIENT_SECRET_HOST = "secrets-7.internal-4.example.org"
""",
            title="the name of a setting",
        ),
        Case(
            """\
from flask import Flask


def create_app():
    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY="devkey")
    app.config.from_pyfile("config.py")
    return app
""",
            title="Flask: a short key until the configuration is read",
        ),
        Case(
            {
                "app/settings.py": """\
import os

SECRET_KEY = os.getenv("SECRET_KEY", "changeme")
JWT_SECRET = os.getenv("JWT_SECRET", "replace-me")
SIGNING_KEY = os.getenv("SIGNING_KEY", "")
COOKIE_SECRET = os.getenv("COOKIE_SECRET", "<cookie secret>")

TOKEN_SECRET = os.getenv("TOKEN_SECRET", "change-me-too")

if len(TOKEN_SECRET) < 32:
    raise RuntimeError("set TOKEN_SECRET")
if SECRET_KEY in ("changeme", ""):
    raise RuntimeError("set SECRET_KEY")
""",
                "app/checks.py": """\
UNSAFE = {"replace-me"}
""",
            },
            title="placeholders that the program refuses",
        ),
        Case(
            """\
def show(form):
    placeholders = {"find_token": "0481effe8a5c6f757b455babb678dc0e764feae279/112f7a4a-0051"}
    return form.render(placeholders)
""",
            title="what a form shows as an example",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report literals, and constants that are used as keys."""
        if file.role == "test":
            return
        is_other = file.role == "script" or file.world.settings.is_other(file.name)
        may_hold = may_hold_secret(file.content, file.vocabulary)
        judged = [
            (node, *found)
            for node in (file.index.nodes(ast.Constant) if may_hold else ())
            if isinstance(node.value, str | bytes) and len(node.value) >= 6
            if (found := self._judged(node, file, is_other=is_other)) is not None
        ]
        labels = Counter(label for _, label, kind in judged if kind == "credential")
        values = Counter(node.value for node, _, kind in judged if kind == "credential")
        seen: set[int] = set()
        for node, label, kind in judged:
            if labels[label] <= _MANY_NAMES and values[node.value] <= _MANY_VALUES:
                seen.add(node.lineno)
                fix = from_environment(file, node, label)
                yield file.diagnostic(self, node, fix=fix, label=label, kind=kind)
        if is_other:
            return
        yield from self._settings(file, seen)
        used: set[tuple[str, int]] = set()
        for called in calls(file, _SINK_WORDS):
            yield from self._key(called, file, seen, used)

    def _settings(self, file: File, seen: set[int]) -> Iterator[Diagnostic]:
        """Signing keys in settings that anybody can guess, or that are told to be keys by their place alone."""
        for name, value, line in _signing_settings(file):
            text = value.value
            if line in seen or not isinstance(text, str) or value.path != file.name or _is_filled_in(text):
                continue
            is_known = is_placeholder(text) or _says_itself(text, name)
            if is_known and (_is_refused(text, file) or _is_measured(name, file)):
                continue
            seen.add(line)
            node = next(
                (n for n in file.index.nodes(ast.Constant) if n.value == text and n.lineno >= line), None
            )
            yield file.diagnostic(
                self,
                node if node is not None else file.line_location(line),
                fix=from_environment(file, node, name) if node is not None else None,
                label=name,
                kind="signing key that anybody can guess" if is_known else "signing key",
            )

    def _judged(self, node: ast.Constant, file: File, *, is_other: bool) -> tuple[str, str] | None:
        """How a literal is called and what it is, if it is a secret."""
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
        token, make = token_in(text)
        if token:
            if _is_documentation(node, file):
                return None
            return _shown(token), make
        if is_other or _in_other_class(node, file):
            return None
        if "://" in text:
            if password_of_url(text) and not _is_documentation(node, file):
                return _shown(text), "password in a URL"
            return None
        name = _name_of(node, file)
        if not name or not is_secret_name(name) or is_placeholder(text):
            return None
        if is_signing_name(name) and len(text) >= _SHORT and not _is_key_name(text, name):
            kind = "signing key"
        elif looks_random(text) and not _says_itself(text, name):
            kind = "credential"
        else:
            return None
        if _in_enum(node, file) or _is_sample(node, file):
            return None
        return name, kind

    def _key(
        self, called: Called, file: File, seen: set[int], used: set[tuple[str, int]]
    ) -> Iterator[Diagnostic]:
        """A constant of the program that is used as a key, at its first use."""
        names = list(called.names())
        args = called.row[Call.ARGS]
        if called.word in ("add_middleware", "Middleware") and args:
            names = [called.imported(args[0])] if called.imported(args[0]) == _SESSION else []
        for name in names:
            place = KEY_SINKS.get(name) or PASSWORD_SINKS.get(name)
            if place is None:
                continue
            keyword, position = place
            expr = called.argument(keyword, position)
            value = called.value_of(expr)
            if value is None or not isinstance(value.value, str) or len(value.value) < 6:
                return
            if _is_filled_in(value.value) or file.world.settings.is_other(value.path):
                return
            is_known = is_placeholder(value.value)
            if is_known and (
                name not in KEY_SINKS or value.path != file.name or _is_refused(value.value, file)
            ):
                return
            if value.path == file.name and value.line in seen:
                return
            literal = expr is not None and expr[0] == "k"
            label = called.label if literal or expr is None else _expression(expr, called.scope)
            if not literal and _is_told_by_name(_last(label), value.value):
                return  # reported where it is defined
            if not literal and (value.path, value.line) in used:
                return
            used.add((value.path, value.line))
            related = (
                (Related(file.line_location(value.line, value.path), "the secret"),) if value.path else ()
            )
            kind = "password" if name in PASSWORD_SINKS else "signing key"
            kind += " that anybody can guess" if is_known else ""
            yield file.diagnostic(self, called.hop, related=related, label=label, kind=kind)
            return


def _is_told_by_name(name: str, text: str) -> bool:
    """Whether a constant is reported where it is defined: by its name, and by how it looks."""
    return is_secret_name(name) and (is_signing_name(name) or looks_random(text))


def _signing_settings(file: File) -> Iterator[tuple[str, Value, int]]:
    """Signing keys of a file that are settings of Django or Flask, or defaults for the environment."""
    world = file.world
    for setting in world.settings.of(file.name):
        if is_signing_name(setting.name):
            yield setting.name, setting.value, setting.line
    for scope in file.summary.scopes:
        if scope.kind not in ("module", "class") or is_other_environment(scope.name):
            continue
        for name, rows in scope.binds.items():
            if not is_signing_name(name):
                continue
            if scope.kind == "module":
                value = world.values.module_value(file.name, name)
            else:
                value = world.values.field(Type("inst", f"{file.name}:{scope.index}"), name)
            if value is not None and value.variable:
                yield name, value, rows[-1][Bind.LINE]


def _is_filled_in(text: str) -> bool:
    """Whether a text is none yet, or a place that a generator of projects fills in."""
    return not text or any(mark in text for mark in ("{", "}", "%(", "<", "$("))


def _is_refused(text: str, file: File) -> bool:
    """Whether the program may refuse to run with a text: it compares it, or has a name for it elsewhere."""
    if any(
        isinstance(node.value, str) and node.value == text and isinstance(_around(node, file), ast.Compare)
        for node in file.index.nodes(ast.Constant)
    ):
        return True
    quoted = (f'"{text}"', f"'{text}'")
    others = {path for form in quoted for path in file.world.mentioning(form)} - {file.name}
    return any(
        role_of(path) != "test" and any(_judges(text, scope) for scope in file.world.summary(path).scopes)
        for path in sorted(others)
    )


def _is_measured(name: str, file: File) -> bool:
    """Whether the program looks at the length of a setting: a placeholder is too short for it."""
    return any(
        row[Call.FUNC] == ["n", "len"] and any(_is_read(name, value) for value in row[Call.ARGS])
        for path in file.world.mentioning(name)
        for scope in file.world.summary(path).scopes
        for row in scope.calls
    )


def _is_read(name: str, expr: Expr) -> bool:
    """Whether an expression is a setting of this name: ``settings.NAME``, ``app.config["NAME"]``, ``NAME``."""
    if expr is not None and expr[0] == "s":
        return bool(expr[2] == ["k", name])
    return last_word(expr) == name


def _judges(text: str, scope: Scope) -> bool:
    """Whether a scope compares something with a text, or gives it, or a collection with it, a name."""
    pending = [row[Bind.EXPR] for rows in scope.binds.values() for row in rows]
    pending += [side for row in scope.compares for side in (row[Compare.LEFT], row[Compare.RIGHT])]
    pending += [row[Block.EXPR] for row in scope.blocks]
    while pending:
        expr = pending.pop()
        if expr == ["k", text]:
            return True
        if expr is not None and expr[0] in ("l", "t", "e"):
            pending += expr[1]
        elif expr is not None and expr[0] == "m":
            pending += expr[2:]
    return False


def _around(node: ast.AST, file: File) -> ast.AST | None:
    """What a text stands in, be it in a list."""
    parent = file.index.parent(node)
    is_listed = isinstance(parent, ast.Tuple | ast.List | ast.Set)
    return file.index.parent(parent) if is_listed and parent is not None else parent


def _shown(text: str) -> str:
    return f"{text[:4]}…".replace("\n", " ").replace("\r", " ")


def _expression(expr: Expr, scope: Scope) -> str:
    """How a key is called: ``jwt_secret`` of ``settings.jwt_secret.get_secret_value()``."""
    while expr is not None and expr[0] == "c":
        func = scope.calls[expr[1]][Call.FUNC]
        expr = func[1] if func is not None and func[0] == "a" else None
    if expr is None or expr[0] not in ("n", "a"):
        return "key"
    return str(expr[1] if expr[0] == "n" else expr[2])


def _last(label: str) -> str:
    return label.rpartition(".")[2]


def _says_itself(text: str, name: str) -> bool:
    """Whether the text is the name again: ``CONF_PASSWORD = "password"``."""
    flat = "".join(c for c in text.lower() if c.isalnum())
    own = "".join(c for c in name.lower() if c.isalnum())
    return flat in own or own in flat


def _is_key_name(text: str, name: str) -> bool:
    """Whether the text is what a setting is called: ``JWT_SECRET = "app_jwt_secret"``."""
    return _says_itself(text, name) and (len(text) <= len(name) or ("_" in text and text.isidentifier()))


def _is_documentation(node: ast.Constant, file: File) -> bool:
    parent = file.index.parent(node)
    if isinstance(parent, ast.Expr):
        return True
    if isinstance(parent, ast.keyword):
        return parent.arg in ("help", "description", "examples", "example", "title", "placeholder", "doc")
    return isinstance(parent, ast.Compare)


def _is_sample(node: ast.Constant, file: File) -> bool:
    """Whether a value stands in an example."""
    here: ast.AST | None = node
    while here is not None and not isinstance(here, ast.stmt):
        above = file.index.parent(here)
        names = [above.arg] if isinstance(above, ast.keyword) else []
        if isinstance(above, ast.Dict):
            names = [
                k.value for k, v in zip(above.keys, above.values, strict=True)
                if v is here and isinstance(k, ast.Constant) and isinstance(k.value, str)
            ]  # fmt: skip
        if isinstance(above, ast.Assign | ast.AnnAssign):
            names = [name_of(above.targets[0] if isinstance(above, ast.Assign) else above.target)]
        if any(name and _SAMPLES.search(name) for name in names):
            return True
        here = above
    return False


def _in_enum(node: ast.Constant, file: File) -> bool:
    owner = file.class_at(node)
    return owner is not None and file.world.classes.is_enum(owner.key)


def _in_other_class(node: ast.Constant, file: File) -> bool:
    owner = file.index.enclosing(node, (ast.ClassDef,))
    return owner is not None and is_other_environment(owner.name)


def _name_of(node: ast.AST, file: File) -> str:
    """The name that a literal is given: of a variable, attribute, key, keyword or parameter."""
    parent = file.index.parent(node)
    if isinstance(parent, ast.Assign):
        return name_of(parent.targets[0])
    if isinstance(parent, ast.AnnAssign):
        return name_of(parent.target)
    if isinstance(parent, ast.keyword):
        if parent.arg == "default":
            return _default_of(file.index.parent(parent), file)
        return parent.arg or ""
    if isinstance(parent, ast.Dict):
        for key, value in zip(parent.keys, parent.values, strict=True):
            if value is node:
                return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    if isinstance(parent, ast.arguments):
        return _parameter(parent, node)
    if isinstance(parent, ast.Call):
        return _default_of(parent, file) if node in parent.args else ""
    if isinstance(parent, ast.BoolOp):
        return _name_of(parent, file)
    return ""


def _default_of(call: ast.AST | None, file: File) -> str:
    """The name of a setting whose default a literal is: in a look-up, or in what declares a field."""
    if not isinstance(call, ast.Call):
        return ""
    word = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    word = file.renamed.get(word, word)
    first = call.args[0] if call.args else None
    if word in ("SecretStr", "SecretBytes", "Field", "Secret", "str", "bytes"):
        return _name_of(call, file)
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return ""
    if not (word in _READERS or (is_secret_name(first.value) and _reads_environment(call, word, file))):
        return ""
    return first.value if len(call.args) > 1 or call.keywords else ""


def _reads_environment(call: ast.Call, word: str, file: File) -> bool:
    """Whether a function of the project is called that looks a variable of the environment up."""
    for scope, index in file.call_words.get(word, ()):
        row = file.summary.scopes[scope].calls[index]
        if (row[Call.LINE], row[Call.COLUMN]) == (call.lineno, call.col_offset):
            frame = file.world.evaluator.frame(file.name, scope)
            value = file.world.values.of(
                ["c", index], frame, row[Call.BLOCK], row[Call.ORDER], row[Call.LINE]
            )
            return value is not None and bool(value.variable)
    return False


def _parameter(arguments: ast.arguments, node: ast.AST) -> str:
    positional = arguments.posonlyargs + arguments.args
    for arg, default in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        if default is node:
            return arg.arg
    for arg, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is node:
            return arg.arg
    return ""

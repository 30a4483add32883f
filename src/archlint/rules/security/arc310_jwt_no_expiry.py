"""A token is issued that never expires.

## What it does

Reports `jwt.encode` of PyJWT, python-jose and Authlib whose payload can be seen in full and has no
`exp`: a literal, a variable built in the function (`payload["exp"] = …`, `update`, `|`, `**`), also
by one helper in another file. Also settings that say "never":

* Flask-JWT-Extended: `JWT_ACCESS_TOKEN_EXPIRES = False`, `create_access_token(…,
  expires_delta=False)`;
* simplejwt: `ACCESS_TOKEN_LIFETIME` of more than thirty days.

## Why is this bad?

A token without an end is a password that its owner cannot change. Whoever copies it once, from a
log, a phone or a browser, may use it for as long as the key lives, since nothing is looked up.

## How to fix

```python
now = datetime.now(timezone.utc)
jwt.encode({"sub": user_id, "iat": now, "exp": now + timedelta(minutes=15)}, key, algorithm="HS256")
```

and a refresh token that is stored, so that it can be revoked.

## Not reported

* A payload that may hold `exp`: an argument, `**claims`, `update(x)`, a model's `model_dump()`, a
  variable that another function is given, an `exp` that is added under a condition.
* Claims that name nobody but their issuer (`iss`, `iat`, `aud`): a program shows itself to another.
* `algorithm="none"`: an unsigned assertion gives no right to anything.
* Tests and scripts.

Compared with: ruff and bandit have no such check.

## References

* CWE-613: <https://cwe.mitre.org/data/definitions/613.html>
* RFC 7519, "exp": <https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import JWT_ENCODERS
from archlint.model.summary import Call, Expr
from archlint.project.called import Called, calls
from archlint.project.settings.mappings import keys_of

if TYPE_CHECKING:
    from archlint.project.file import File

_FLASK = ("flask_jwt_extended.create_access_token", "flask_jwt_extended.utils.create_access_token")
_LONGEST_DAYS = 30
_ENDS = frozenset(("exp", "expires", "expiry", "expires_at", "expires_in"))
#: Claims of a program about itself: it shows them to another one, and makes them anew each time.
_OWN = frozenset(("iss", "iat", "aud", "kid", "jti"))


class JwtNoExpiry(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    answers = ("area D", "dimension 3", "checklist 30")
    mentions = ("jwt", "JWT", "jose")
    message = "Token is issued without `exp`{why} and never expires; add `exp`, minutes ahead"
    invalid = (
        Case(
            """\
import jwt

ALGORITHM = "HS256"


def issue(user_id: int, key: str) -> str:
    return jwt.encode({"sub": str(user_id), "admin": False}, key, algorithm=ALGORITHM)  # ARC310


def issue_by_steps(user_id: int, key: str, role: str) -> str:
    payload = {"sub": user_id}
    payload["role"] = role
    payload.update({"scope": "all"}, jti="1")
    return jwt.encode(payload, key)  # ARC310
""",
            title="PyJWT",
        ),
        Case(
            {
                "app/tokens.py": """\
from jose import jwt

from app.claims import claims_of


def issue(user, key: str) -> str:
    return jwt.encode({**claims_of(user), "type": "access"}, key)  # ARC310
""",
                "app/claims.py": """\
def claims_of(user) -> dict:
    return {"sub": user.id, "name": user.name}
""",
            },
            title="python-jose, claims of a helper in another file",
        ),
        Case(
            """\
from authlib.jose import jwt


def issue(user_id: int, key: str) -> bytes:
    claims = dict(sub=user_id, aud="shop")
    return jwt.encode({"alg": "HS256"}, claims, key)  # ARC310
""",
            title="Authlib",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask
from flask_jwt_extended import create_access_token

app = Flask(__name__)
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = False  # ARC310


def login(user):
    return create_access_token(user.id, expires_delta=False)  # ARC310
""",
            },
            title="Flask-JWT-Extended",
        ),
        Case(
            {
                "shop/settings.py": """\
from datetime import timedelta

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
SIMPLE_JWT = {  # ARC310
    "ACCESS_TOKEN_LIFETIME": timedelta(days=365),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=365),
}
""",
            },
            title="simplejwt",
        ),
        Case(
            """\
import datetime

import jwt

KEY = "key from the environment"


def claims(user, **extra):
    return {"sub": str(user.id), "iat": datetime.datetime.now(datetime.UTC), **extra}


def device_token(user, device):
    return jwt.encode(claims(user, device=device), KEY, algorithm="HS256")  # ARC310


def access_token(user):
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    return jwt.encode(claims(user, exp=until), KEY, algorithm="HS256")


def any_token(user, **more):
    return jwt.encode(claims(user, **more), KEY, algorithm="HS256")
""",
            title="claims from a helper that adds what it is given",
        ),
    )
    valid = (
        Case(
            """\
from datetime import datetime, timedelta

import jwt


class Meta:
    def dict(self) -> dict: ...


def issue(user_id: int, key: str, claims: dict, meta: Meta, expires: timedelta | None = None) -> list[str]:
    payload = {"sub": user_id}
    if expires:
        payload["exp"] = datetime.utcnow() + expires
    copied = claims.copy()
    copied["sub"] = user_id
    merged = {"sub": user_id}
    merged.update(meta.dict())
    given = {"sub": user_id}
    stamp(given)
    return [
        jwt.encode(payload, key),
        jwt.encode(claims, key),
        jwt.encode(copied, key),
        jwt.encode(merged, key),
        jwt.encode(given, key),
        jwt.encode({"sub": user_id, **claims}, key),
        jwt.encode(dict(sub=user_id, exp=datetime.utcnow()), key),
    ]


def stamp(payload: dict) -> None:
    payload["exp"] = datetime.utcnow() + timedelta(minutes=5)
""",
            title="an end, or unknown claims",
        ),
        Case(
            {
                "shop/settings.py": """\
from datetime import timedelta

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=15), "REFRESH_TOKEN_LIFETIME": timedelta(days=90)}
""",
                "shop/flask_app.py": """\
from flask_jwt_extended import create_access_token


def login(user):
    return create_access_token(identity=user.id)
""",
            },
            title="defaults and short lives",
        ),
        Case(
            """\
import json


def encode(payload: dict, key: str) -> str:
    return json.dumps(payload) + key


def issue(user_id: int, key: str) -> str:
    return encode({"sub": user_id}, key)
""",
            title="another encode",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report payloads and settings."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, frozenset(("encode", "create_access_token"))):
            names = set(called.names())
            encoder = next((n for n in sorted(names) if n in JWT_ENCODERS), "")
            if encoder and self._is_endless(called, *JWT_ENCODERS[encoder]):
                yield file.diagnostic(self, called.hop, why="")
            elif names & set(_FLASK):
                delta = called.value("expires_delta", 2)
                if delta is not None and delta.value is False:
                    yield file.diagnostic(self, called.hop, why=" (`expires_delta=False`)")
        for setting in file.world.settings.of(file.name):
            why = ""
            if setting.name == "JWT_ACCESS_TOKEN_EXPIRES" and setting.value.value is False:
                why = f" (`{setting.name} = False`)"
            elif setting.name == "SIMPLE_JWT" and setting.framework == "django":
                days = _days(file)
                why = f" for {days} days" if days > _LONGEST_DAYS else ""
            if why:
                yield file.diagnostic(self, file.line_location(setting.line), why=why)

    def _is_endless(self, called: Called, keyword: str, position: int) -> bool:
        row = called.row
        expr = called.argument(keyword, position)
        algorithm = called.value("algorithm", position + 2)
        if algorithm is not None and str(algorithm.value).lower() == "none":
            return False
        keys = keys_of(called.world, expr, called.frame, row[Call.BLOCK], row[Call.ORDER])
        return keys is not None and not keys <= _OWN and not keys & _ENDS


def _days(file: File) -> int:
    """The days that ``SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]`` is set to; 0 when unknown."""
    module = file.summary.scopes[0]
    expr: Expr = module.binds["SIMPLE_JWT"][-1][2] if "SIMPLE_JWT" in module.binds else None
    for key, value in expr[1] if expr is not None and expr[0] == "d" else ():
        if key != ["k", "ACCESS_TOKEN_LIFETIME"] or value is None or value[0] != "c":
            continue
        called = Called(file.world, file.world.evaluator.frame(file.name, 0), value[1])
        days = called.value("days", 0) if "datetime.timedelta" in called.names() else None
        return days.value if days is not None and isinstance(days.value, int) else 0
    return 0

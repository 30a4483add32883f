"""A JSON web token is believed without checking its signature.

## What it does

Reports tokens that are read without a check:

* PyJWT: `jwt.decode(token, options={"verify_signature": False})`, `verify=False`,
  `algorithms=["none"]`;
* python-jose: the same options, `get_unverified_claims`, and `jwt.decode(token, key)` without
  `algorithms` (the token then chooses how it is checked);
* Authlib: `JsonWebToken(["none"])`.

The options are followed through names and modules.

## Why is this bad?

A token is a signed statement; without the signature it is a text that anybody can write. Whoever
edits `"sub"` is somebody else, whoever adds `"admin": true` is admin.

## How to fix

```python
claims = jwt.decode(token, key, algorithms=["RS256"], audience="shop")
```

## Not reported

* `get_unverified_header`, and unverified claims that only choose a key: the function (or one that it calls) also
  decodes with a check, or reads no more than `iss`, `kid`, `exp` and other claims of routing.
* Tests and scripts.
* Options that cannot be resolved.
* An `id_token`, and tokens in functions about single sign-on, unless the request brings them: fetched from the
  provider over TLS, they need no signature. Functions that say `unverified` in their name leave it to their callers.

Compared with: ruff and bandit have no such check.

## References

* CWE-347: <https://cwe.mitre.org/data/definitions/347.html>
* RFC 8725, JWT best practices: <https://www.rfc-editor.org/rfc/rfc8725>
* PyJWT: <https://pyjwt.readthedocs.io/en/stable/usage.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import JWT_DECODERS, JWT_ROUTING_CLAIMS, JWT_UNCHECKED
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.called import Called, calls
from archlint.project.identifiers import name_words
from archlint.project.remedies.secrecy import verified
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File

_WORDS = frozenset(n.rpartition(".")[2] for n in (*JWT_DECODERS, *JWT_UNCHECKED))

#: Words of functions whose answer somebody relies on.
_JUDGING = frozenset((
    "valid", "verified", "authenticated", "authorized", "allowed", "admin", "logged", "active", "staff", "user", "owner",
))  # fmt: skip
#: Words of a function that reads what a provider answered, and of one that says what it does not check.
_FETCHED = frozenset(("sso", "oidc", "openid", "oauth"))
_SAYS_SO = frozenset(("unverified", "unchecked", "untrusted"))


class JwtUnverified(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "dimension 3", "checklist 30")
    mentions = ("jwt", "jose", "jws", "JsonWebToken")
    message = "Token is believed although {why}; decode it with its key and `algorithms=[…]`"
    invalid = (
        Case(
            """\
import jwt
from flask import Flask, redirect, request, session

app = Flask(__name__)


@app.get("/oauth/callback")
def oauth_callback():
    state = jwt.decode(request.args["state"], options={"verify_signature": False})  # ARC309
    session["next"] = state["next"]
    session["tenant"] = state["tenant"]
    return redirect("/")
""",
            title="a callback of single sign-on: the request brings the token",
        ),
        Case(
            """\
import jwt

OPTIONS = {"verify_signature": False}


def current_user(token: str, key: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})  # ARC309
    return claims["sub"]


def is_admin(token: str, key: str) -> bool:
    return jwt.decode(token, key, options=OPTIONS, algorithms=["HS256"])["admin"]  # ARC309


def any_algorithm(token: str, key: str) -> dict:
    return jwt.decode(token, key, algorithms=["HS256", "none"])  # ARC309
""",
            title="PyJWT",
        ),
        Case(
            """\
from jose import jwt


def current_user(token: str, key: str) -> str:
    return jwt.get_unverified_claims(token)["sub"]  # ARC309


def chosen_by_the_token(token: str, key: str) -> dict:
    return jwt.decode(token, key)  # ARC309
""",
            title="python-jose",
        ),
        Case(
            """\
from authlib.jose import JsonWebToken

reader = JsonWebToken(["HS256", "none"])  # ARC309
""",
            title="Authlib",
        ),
        Case(
            """\
import jwt


def claims(token: str, key: str) -> dict:
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": False})  # ARC309
""",
            title="switched off, though the key is there",
            fixed="""\
import jwt


def claims(token: str, key: str) -> dict:
    return jwt.decode(token, key, algorithms=["HS256"])  # ARC309
""",
        ),
        Case(
            """\
import jwt


def is_valid(token: str) -> bool:
    try:
        payload = jwt.decode(token, options={"verify_signature": False})  # ARC309
    except jwt.PyJWTError:
        return False
    if payload.get("role") == "admin":
        return True
    return False
""",
            title="an answer that somebody relies on",
        ),
    )
    valid = (
        Case(
            """\
import jwt

ALGORITHMS = ["HS256"]


def current_user(token: str, key: str) -> str:
    return jwt.decode(token, key, algorithms=ALGORITHMS, options={"verify_aud": False})["sub"]


def by_issuer(token: str, keys: dict) -> dict:
    unverified = jwt.decode(token, options={"verify_signature": False})
    return jwt.decode(token, keys[unverified["iss"]], algorithms=ALGORITHMS)


def seconds_left(token: str, now: float) -> float:
    claims = jwt.decode(token, options={"verify_signature": False})
    return claims["exp"] - now
""",
            title="checked; choosing a key; reading the expiry of one's own token",
        ),
        Case(
            """\
from jose import jwt


def current_user(token: str, keys: dict, options: dict) -> dict:
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, keys[header["kid"]], algorithms=["RS256"])
    return claims or jwt.decode(token, keys["a"], ["RS256"], options=options)
""",
            title="python-jose",
        ),
        Case(
            """\
import json


def decode(token: str, options: dict | None = None) -> dict:
    return json.loads(token)


def read(token: str) -> dict:
    return decode(token, options={"verify_signature": False})
""",
            title="another decode",
        ),
        Case(
            """\
import jwt

OWNER = "shop"


def is_partner_token(token: str) -> bool:
    try:
        payload = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return False
    if payload.get("owner") != OWNER:
        return True
    return False
""",
            title="whose token it is",
        ),
        Case(
            """\
import jwt

CONF_ID_TOKEN = "id_token"


def lifetime(answer: dict, named: dict) -> dict:
    first = jwt.decode(answer[CONF_ID_TOKEN], options={"verify_signature": False})
    second = jwt.decode(named["id_token"], options={"verify_signature": False})
    return {**first, **second}
""",
            title="the id token that a provider answered",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report each call that checks nothing."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, _WORDS):
            why = _why(called)
            if why and not _only_routes(called):
                fix = verified(file, file.locate(called.hop))
                yield file.diagnostic(self, called.hop, fix=fix, why=why)


def _why(called: Called) -> str:
    """What is not checked; empty when everything is, or nothing is known."""
    for name in called.names():
        if name in JWT_UNCHECKED:
            return "its signature is not checked"
        kind = JWT_DECODERS.get(name)
        if kind is None:
            continue
        position = {"pyjwt": 2, "jose": 2, "jws": 2, "authlib": 0}[kind]
        algorithms = called.value("algorithms", position)
        if algorithms is not None and any(
            str(a).lower() == "none" for a in algorithms.constants if a is not None
        ):
            return "the algorithm `none` is allowed"
        if kind == "authlib":
            return ""
        verify = called.value("verify", 3 if kind == "jws" else None)
        if verify is not None and verify.value is False and not verify.variable:
            return "its signature is not checked"
        options = called.value("options")
        if options is not None and isinstance(options.value, dict):
            flag = options.value.get("verify_signature")
            if flag is not None and flag.value is False and not flag.variable:
                return "its signature is not checked"
        if kind == "jose" and not called.has("algorithms", 2) and not called.is_open:
            return "it chooses its algorithm itself"
    return ""


def _only_routes(called: Called) -> bool:
    """Whether the claims only choose a key, or tell when to fetch a new token."""
    words, token = name_words(called.scope.name), called.argument("token", 0)
    if words & _SAYS_SO or ((words & _FETCHED or _is_id_token(token)) and not _is_sent(called, token)):
        return True
    for index, row in enumerate(called.scope.calls):
        if index != called.index and row[Call.ARGS]:
            other = Called(called.world, called.frame, index)
            if _checks(other) or any(
                _checks_inside(other, c.name) for c in other.callees if c.kind == "func"
            ):
                return True
    keys = list(_keys(["c", called.index], called.scope))
    return (bool(keys) and JWT_ROUTING_CLAIMS.issuperset(keys)) or (len(keys) == 1 and _sorts(called.scope))


def _is_sent(called: Called, token: Expr) -> bool:
    """Whether a token comes from the request itself, not from the provider: anybody may have made it."""
    place = (called.row[Call.BLOCK], called.row[Call.ORDER])
    found = called.world.taint.sources(token, called.frame, *place)
    return any(source.origin.kind == "request" for source in found)


def _sorts(scope: Scope) -> bool:
    """Whether a function only tells whose token it is: ``is_partner_token``, by one claim."""
    words = name_words(scope.name)
    answers = [row[0] for row in scope.returns]
    return "is" in words and not words & _JUDGING and all(a in (["k", True], ["k", False]) for a in answers)


def _is_id_token(expr: Expr) -> bool:
    """Whether a token is the one that a provider answered over TLS, which OpenID Connect lets a client trust."""
    if expr is not None and expr[0] == "s" and expr[2] is not None:
        key = expr[2]
        return {"id", "token"} <= name_words(str(key[1]) if key[0] == "k" else last_word(key))
    return {"id", "token"} <= name_words(last_word(expr))


def _checks(called: Called) -> bool:
    """Whether a call decodes a token with a check."""
    return not JWT_DECODERS.keys().isdisjoint(called.names()) and not _why(called)


def _checks_inside(called: Called, name: str) -> bool:
    """Whether a function of the project does."""
    scope = called.world.function(name)
    if scope is None:
        return False
    frame = called.world.evaluator.frame(name.rpartition(":")[0], scope.index)
    return any(_checks(Called(called.world, frame, index)) for index in range(len(scope.calls)))


def _keys(result: Expr, scope: Scope) -> Iterator[str]:
    """The claims that a function reads of a result; ``?`` for any other use of it."""
    names = [["n", n] for n, rows in scope.binds.items() if any(r[Bind.EXPR] == result for r in rows)]
    holders = [result, *names]
    used = 0
    for expr in _expressions(scope):
        for holder in holders:
            if expr is None:
                continue
            if expr[0] == "s" and expr[1] == holder:
                used += 1
                yield str(expr[2][1]) if expr[2] is not None and expr[2][0] == "k" else "?"
            elif expr == holder and holder[0] == "n":
                yield "?"
    for row in scope.calls:
        func = row[Call.FUNC]
        if func is not None and func[0] == "a" and func[1] in holders:
            first = row[Call.ARGS][0] if row[Call.ARGS] else None
            yield str(first[1]) if func[2] == "get" and first is not None and first[0] == "k" else "?"
        if any(a in holders for a in row[Call.ARGS]) or any(e in holders for _, e in row[Call.KEYWORDS]):
            yield "?"


def _expressions(scope: Scope) -> Iterator[Expr]:
    """Expressions in which a result may be read, those inside others included."""
    pending = [r[Bind.EXPR] for rows in scope.binds.values() for r in rows]
    pending += [r[0] for r in scope.returns]
    pending += [b[3] for b in scope.blocks]
    pending += [a for row in scope.calls for a in row[Call.ARGS]]
    pending += [s[2] for s in scope.stores]
    pending += [r[1] for r in scope.compares] + [r[2] for r in scope.compares]
    while pending:
        expr = pending.pop()
        if not isinstance(expr, list) or not expr:
            continue
        if isinstance(expr[0], str):
            yield expr
            if expr[0] == "s":
                if expr[1] is not None and expr[1][0] != "n":
                    pending.append(expr[1])
                continue
            pending += [p for p in expr[1:] if isinstance(p, list)]
        else:
            pending += expr

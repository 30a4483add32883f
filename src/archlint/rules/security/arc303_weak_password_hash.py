"""A password is hashed by something that was not made for passwords.

## What it does

Reports a password that goes into a fast digest or a key derivation with too little work:

* `hashlib.md5/sha1/sha256/sha512/blake2b(password…)`, also through `hashlib.new`, `.update()` and
  salts put before or behind;
* `hashlib.pbkdf2_hmac` with fewer than 100 000 rounds;
* `passlib`: `CryptContext(schemes=["md5_crypt", …])` whose scheme for new hashes is fast, and
  `passlib.hash.md5_crypt.hash(…)`;
* `bcrypt.gensalt(rounds=4)` and `bcrypt__rounds` below 10;
* Werkzeug: `generate_password_hash(…, method="sha256")`;
* Django: `PASSWORD_HASHERS` that begins with MD5 or SHA-1, `make_password(…, hasher="md5")`.

The password is told by the names of the values that make up the argument, followed through local
variables, f-strings, concatenation, `.encode()`, `request.form["password"]`, or by the attribute that
the digest is stored in (`user.pin = sha1(raw)`).

## Why is this bad?

A graphics card tries billions of SHA-256 digests a second, so the passwords of a stolen table are
known within hours, salted or not. Hashes made for passwords cost a tenth of a second each and
memory, which nobody can buy around.

## How to fix

```python
from pwdlib import PasswordHash

passwords = PasswordHash.recommended()   # argon2id
stored = passwords.hash(password)
```

Existing digests can be wrapped: store `argon2(old_digest)` now, and replace it at the next login.

## Not reported

* Digests of tokens, API keys and session ids: they are random, so a fast digest is right.
* HMAC, check sums of files, cache keys, gravatar addresses, `usedforsecurity=False`.
* The SHA-1 prefix that the breach list "Have I Been Pwned" asks for.
* Functions that check old hashes in order to replace them, told by their names (`upgrade`, `legacy`).
* Settings for tests, where a fast hasher is usual; test files.

Compared with ruff S324 (37 alarms outside tests on 18 mature projects: every MD5 and SHA-1, mostly
cache keys and e-tags): archlint reports one place, a pbkdf2 of 10 000 rounds that S324 does not see,
since it looks at SHA-256, rounds, schemes and settings, and at passwords only.
bandit's B324 has 4 alarms on five of these projects, none of them a password that is stored.

## References

* CWE-916: <https://cwe.mitre.org/data/definitions/916.html>
* OWASP Password Storage Cheat Sheet:
  <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
* ruff S324: <https://docs.astral.sh/ruff/rules/hashlib-insecure-hash-function/>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.accounts import OTHER_WORDS, PASSWORD_WORDS
from archlint.knowledge.hashing import DJANGO_HASHERS, HASHING, PASSLIB_SCHEMES, WERKZEUG_METHODS
from archlint.model.summary import Bind, Call, Compare, Expr, Param, Scope, Store
from archlint.project.called import Called, calls
from archlint.project.given_names import leads_to
from archlint.project.identifiers import name_words
from archlint.project.security.credentials import is_password_name, names_in

if TYPE_CHECKING:
    from archlint.project.file import File

_FAST = frozenset(name for name, kind in HASHING.items() if kind.startswith("fast ") and "." in name)
_SCHEMES = frozenset(("hash", "encrypt"))
_WORDS = (
    frozenset(name.rpartition(".")[2] for name in _FAST)
    | _SCHEMES
    | {"update", "using", "pbkdf2_hmac", "CryptContext", "gensalt", "generate_password_hash", "make_password"}
)
#: Targets that say: the digest only names something.
_NAMING = frozenset(
    ("cache", "key", "etag", "id", "fingerprint", "gravatar", "avatar", "filename", "checksum")
)
#: Words of a function that reads the hashes of yesterday.
_UPGRADING = frozenset(("upgrade", "legacy", "migrate", "old", "deprecated", "rehash"))
#: Words of a function that compares a password with what is stored.
_CHECKING = frozenset(("verify", "check", "compare", "matches", "match", "authenticate"))
_ROUNDS, _BCRYPT_ROUNDS = 100_000, 10
#: A hash that is stored has two or three parts: scheme, salt, digest.
_MANY_PARTS = 4


class WeakPasswordHash(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = ("area D", "dimension 3", "checklist 41")
    mentions = (
        "hashlib",
        "passlib",
        "PASSWORD_HASHERS",
        "generate_password_hash",
        "make_password",
        "bcrypt",
        "Crypto.Hash",
    )
    message = "Password is hashed with {how}; use argon2id or bcrypt"
    invalid = (
        Case(
            """\
import hashlib
import os
from hashlib import sha256


def store(user, password: str) -> None:
    user.digest = hashlib.md5(password.encode()).hexdigest()  # ARC303
    salt = os.urandom(8).hex()
    salted = f"{salt}{password}"
    user.digest = salt + sha256(salted.encode()).hexdigest()  # ARC303
    user.digest = hashlib.new("sha512", password.encode()).hexdigest()  # ARC303
    running = hashlib.sha1(salt.encode())
    running.update(password.encode())  # ARC303
    user.key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000)  # ARC303
""",
            title="hashlib",
        ),
        Case(
            """\
import bcrypt
from passlib.context import CryptContext
from passlib.hash import md5_crypt

contexts = CryptContext(schemes=["sha512_crypt"])
old = CryptContext(schemes=["hex_sha1", "bcrypt"], deprecated="auto")  # ARC303
cheap = CryptContext(schemes=["bcrypt"], bcrypt__rounds=4)  # ARC303


def store(password: str):
    return md5_crypt.hash(password), bcrypt.hashpw(password, bcrypt.gensalt(rounds=5))  # ARC303
""",
            title="passlib and bcrypt",
        ),
        Case(
            {
                "shop/settings.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
PASSWORD_HASHERS = [  # ARC303
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
""",
                "shop/views.py": """\
from django.contrib.auth.hashers import make_password


def register(request):
    return make_password(request.POST["password"], hasher="md5")  # ARC303
""",
            },
            title="Django",
        ),
        Case(
            """\
from hashlib import md5

from flask import request
from werkzeug.security import generate_password_hash


def register():
    password = request.form["password"]
    legacy = md5(request.form.get("password").encode()).hexdigest()  # ARC303
    return legacy, generate_password_hash(password, method="sha256")  # ARC303
""",
            title="Werkzeug, a form",
        ),
        Case(
            {
                "accounts/digests.py": """\
import hashlib


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()  # ARC303
""",
                "accounts/users.py": """\
from passlib.hash import pbkdf2_sha256

from accounts.digests import digest


def register(session, user, password):
    user.password_hash = digest(password)
    user.second = pbkdf2_sha256.using(rounds=1000).hash(password)  # ARC303
    session.add(user)
""",
            },
            title="a password handed to a function that digests anything",
        ),
        Case(
            """\
import hashlib


def set_pin(person, raw):
    person.pin = hashlib.sha1(raw.encode()).hexdigest()  # ARC303
    person.save()
""",
            title="by where the digest goes",
        ),
        Case(
            {
                "shop/settings/__init__.py": """\
from shop.settings.common import *
from shop.settings.safety import *
""",
                "shop/settings/common.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
""",
                "shop/settings/safety.py": """\
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # ARC303
""",
            },
            title="Django: settings in several files",
        ),
        Case(
            """\
import hashlib

from django.contrib.auth.backends import BaseBackend

from members.models import Member


class PinBackend(BaseBackend):
    def authenticate(self, request, email=None, pin=None):
        member = Member.objects.filter(email=email).first()
        digest = hashlib.sha256(pin.encode()).hexdigest()  # ARC303
        return member if member is not None and digest == member.pin else None


def is_same_file(content, stored):
    return hashlib.sha256(content).hexdigest() == stored.digest
""",
            title="a PIN whose digest is compared with the stored one",
        ),
    )
    valid = (
        Case(
            """\
import hashlib
import hmac


def digests(token: str, key: bytes, email: str, body: bytes, password: str, password_hash: str):
    cache_key = hashlib.md5(f"{email}{password}".encode()).hexdigest()
    return (
        hashlib.sha256(token.encode()).hexdigest(),
        hmac.new(key, password.encode(), hashlib.sha256).hexdigest(),
        hashlib.md5(email.encode(), usedforsecurity=False).hexdigest(),
        hashlib.sha1(body).hexdigest(),
        hashlib.md5(password_hash.encode()).hexdigest(),
        hashlib.md5(password.encode(), usedforsecurity=False).hexdigest(),
        hashlib.pbkdf2_hmac("sha256", password.encode(), key, 600_000),
        cache_key,
    )
""",
            title="tokens, HMAC, check sums, cache keys, enough rounds",
        ),
        Case(
            """\
import hashlib

import requests


def is_leaked(password: str) -> bool:
    digest = hashlib.sha1(password.encode()).hexdigest().upper()
    found = requests.get(f"https://api.pwnedpasswords.com/range/{digest[:5]}", timeout=3)
    return digest[5:] in found.text
""",
            title="the breach list",
        ),
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
""",
                "shop/settings/test.py": """\
from .base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
""",
                "shop/views.py": """\
import bcrypt
from passlib.context import CryptContext
from werkzeug.security import generate_password_hash

context = CryptContext(schemes=["argon2", "hex_sha1"], deprecated="auto")


def store(password):
    return bcrypt.hashpw(password, bcrypt.gensalt()), generate_password_hash(password, method="pbkdf2:sha256")
""",
            },
            title="strong first, weak ones only to check old hashes; tests",
        ),
        Case(
            {
                "pages/digests.py": """\
import hashlib


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
""",
                "pages/pages.py": """\
from pages.digests import digest


def version(page):
    return digest(page.body)
""",
            },
            title="the same function for something else",
        ),
        Case(
            """\
import hashlib
import hmac


def client_for(clients, tenant, user, password, scope):
    key = f"{tenant}|{user}|{hashlib.sha256(password.encode()).hexdigest() if password else None}|{scope}"
    return clients[key]


def verify_password(password, stored):
    if stored.startswith("scrypt:"):
        made = hashlib.scrypt(password.encode(), salt=stored[7:23].encode(), n=16384, r=8, p=1)
        return hmac.compare_digest(made, stored[23:].encode())
    return hmac.compare_digest(hashlib.sha256(password.encode()).hexdigest(), stored)
""",
            title="a part of a key, old hashes beside new ones",
        ),
        Case(
            """\
import hashlib


def remember(entry, raw):
    entry.etag = hashlib.sha1(raw).hexdigest()
    entry.api_key_hash = hashlib.sha256(raw).hexdigest()
    entry.password_reset_token = hashlib.sha256(raw).hexdigest()
""",
            title="digests that go elsewhere",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report digests, schemes and settings."""
        if file.role in ("test", "migration") or file.world.settings.is_other(file.name):
            return
        if not file.mentions(("pwnedpasswords", "pwned", "hibp", "haveibeenpwned")):
            for called in calls(file, _WORDS):
                how = self._weakness(called)
                if how:
                    yield file.diagnostic(self, called.hop, how=how)
        for setting in file.world.settings.of(file.name):
            if setting.name != "PASSWORD_HASHERS" or not isinstance(setting.value.value, tuple):
                continue
            first = setting.value.value[0] if setting.value.value else None
            if first is not None and DJANGO_HASHERS.get(str(first.value)) == "fast":
                how = f"`{str(first.value).rpartition('.')[2]}`"
                yield file.diagnostic(self, file.line_location(setting.line), how=how)

    def _weakness(self, called: Called) -> str:
        """What is weak about a call; empty when nothing is."""
        names = called.names()
        for name in names:
            if name in _FAST:
                return self._digest(called, name)
            if name.startswith("passlib.hash.pbkdf2_") and called.word == "using":
                rounds = called.value("rounds")
                return _rounds(rounds.value) if rounds is not None and not rounds.variable else ""
            if name.startswith("passlib.hash.") and called.word in _SCHEMES:
                scheme = name.split(".")[2]
                return f"`{scheme}`" if PASSLIB_SCHEMES.get(scheme) in ("fast", "encode") else ""
            if name == "passlib.context.CryptContext":
                return _context(called)
            if name == "hashlib.pbkdf2_hmac":
                rounds = called.value("iterations", 3)
                return _rounds(rounds.value) if rounds is not None and _has_password(called, 1) else ""
            if name == "bcrypt.gensalt":
                rounds = called.value("rounds", 0)
                cost = rounds.value if rounds is not None and not rounds.variable else None
                return f"bcrypt of cost {cost}" if isinstance(cost, int) and cost < _BCRYPT_ROUNDS else ""
            if name == "werkzeug.security.generate_password_hash":
                return _werkzeug(called)
            if name == "django.contrib.auth.hashers.make_password":
                hasher = called.value("hasher", 2)
                known = ("md5", "sha1", "unsalted_md5", "unsalted_sha1", "crypt")
                return f"`{hasher.value}`" if hasher is not None and hasher.value in known else ""
        return self._updated(called) if called.word == "update" else ""

    def _digest(self, called: Called, name: str) -> str:
        usable = called.value("usedforsecurity")
        position = int(HASHING[name].partition(" ")[2])
        if usable is not None and usable.value is False:
            return ""
        is_password = _has_password(called, position) or _is_given_password(called, position)
        if not is_password and not _becomes_password(called):
            return ""
        if _only_names(called.index, called.scope) or name_words(called.scope.name) & _UPGRADING:
            return ""
        if _is_part(called.index, called.scope) or _checks_old_hashes(called):
            return ""
        return f"`{_short(name)}`"

    def _updated(self, called: Called) -> str:
        """``digest = sha1(); digest.update(password)``."""
        func = called.row[Call.FUNC]
        if (
            func is None
            or func[0] != "a"
            or func[1] is None
            or func[1][0] != "n"
            or not _has_password(called, 0)
        ):
            return ""
        for row in called.scope.binds.get(func[1][1], ()):
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "c":
                made = Called(called.world, called.frame, expr[1])
                for name in made.names():
                    usable = made.value("usedforsecurity")
                    if name in _FAST and not (usable is not None and usable.value is False):
                        return f"`{_short(name)}`"
        return ""


def _short(name: str) -> str:
    return name.removesuffix(".new").rpartition(".")[2]


def _has_password(called: Called, position: int) -> bool:
    args = called.row[Call.ARGS]
    exprs: list[Expr] = args[position : position + 1]
    exprs += [e for k, e in called.row[Call.KEYWORDS] if k in ("string", "data", "password")]
    return any(is_password_name(n) for e in exprs for n in names_in(e, called.scope))


def _is_part(index: int, scope: Scope) -> bool:
    """Whether a digest is one of many parts of a text that tells things apart, such as a key of a cache."""
    texts = [row[Bind.EXPR] for rows in scope.binds.values() for row in rows]
    texts += [row[Store.EXPR] for row in scope.stores]
    return any(
        expr is not None
        and expr[0] == "j"
        and sum(part is not None and part[0] != "k" for part in expr[1]) >= _MANY_PARTS
        and leads_to(expr, index, scope)
        for expr in texts
    )


def _checks_old_hashes(called: Called) -> bool:
    """Whether a function that checks passwords uses a strong hash as well: the weak one is for old rows."""
    if not name_words(called.scope.name) & _CHECKING:
        return False
    calls_of = (Called(called.world, called.frame, i) for i in range(len(called.scope.calls)))
    return any(
        HASHING.get(name, "").partition(" ")[0] in ("password", "derive", "verify")
        for other in calls_of
        for name in other.names()
    )


def _is_given_password(called: Called, position: int) -> bool:
    """Whether what is digested is a parameter, and a caller gives a password for it."""
    scope, taint = called.scope, called.world.taint
    used = {n for e in called.row[Call.ARGS][position : position + 1] for n in names_in(e, scope)}
    for name in [p[Param.NAME] for p in scope.params if p[Param.NAME] in used]:
        for caller in taint.callers(called.frame.path, scope):
            given = taint.argument(caller.func, scope, caller.row, name)
            own = called.world.summary(caller.path).scopes[caller.scope]
            if given is not None and any(is_password_name(n) for n in names_in(given[0], own)):
                return True
    return False


def _becomes_password(called: Called) -> bool:
    """Whether a digest is stored in an attribute that says: the password of somebody, or a PIN, or compared with it."""
    index, scope = called.index, called.scope
    if any(
        _is_kept_password(row[Store.ATTR]) and leads_to(row[Store.EXPR], index, scope) for row in scope.stores
    ):
        return True
    names = {
        name for name, rows in scope.binds.items() if any(leads_to(r[Bind.EXPR], index, scope) for r in rows)
    }
    for row in scope.compares:
        for side, other in ((row[Compare.LEFT], row[Compare.RIGHT]), (row[Compare.RIGHT], row[Compare.LEFT])):
            is_digest = leads_to(side, index, scope) or (
                side is not None and side[0] == "n" and side[1] in names
            )
            if is_digest and other is not None and other[0] == "a" and _is_kept_password(other[2]):
                return True
    return False


def _is_kept_password(name: str) -> bool:
    found = name_words(name)
    return bool(found & (PASSWORD_WORDS | {"pin"})) and not found & (OTHER_WORDS | {"salt"})


def _only_names(index: int, scope: Scope) -> bool:
    """Whether a digest is kept under a name that says: a key of a cache, a tag."""
    for name, rows in scope.binds.items():
        if name_words(name) & _NAMING and any(leads_to(r[Bind.EXPR], index, scope) for r in rows):
            return True
    return bool(name_words(scope.name) & (_NAMING - {"id"})) and any(
        leads_to(r[0], index, scope) for r in scope.returns
    )


def _rounds(value: object) -> str:
    return f"{value} rounds of pbkdf2" if isinstance(value, int) and value < _ROUNDS else ""


def _context(called: Called) -> str:
    schemes, chosen = called.value("schemes", 0), called.value("default")
    cost = called.value("bcrypt__rounds") or called.value("bcrypt__default_rounds")
    if cost is not None and isinstance(cost.value, int) and cost.value < _BCRYPT_ROUNDS and not cost.variable:
        return f"bcrypt of cost {cost.value}"
    if chosen is not None and isinstance(chosen.value, str):
        scheme = chosen.value
    elif schemes is not None and schemes.constants and not called.has("default"):
        scheme = str(schemes.constants[0])
    else:
        return ""
    return f"`{scheme}`" if PASSLIB_SCHEMES.get(scheme) in ("fast", "encode") else ""


def _werkzeug(called: Called) -> str:
    method = called.value("method", 1)
    if method is None or not isinstance(method.value, str):
        return ""
    parts = method.value.split(":")
    if WERKZEUG_METHODS.get(parts[0]) in ("fast", "encode"):
        return f"`{parts[0]}`"
    return _rounds(int(parts[2])) if parts[0] == "pbkdf2" and parts[2:] and parts[2].isdecimal() else ""

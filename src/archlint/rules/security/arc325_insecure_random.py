"""A token, code or password is made by `random`.

## What it does

Reports calls of `random` (`choice`, `choices`, `randint`, `sample`, …, also of `random.Random()`)
whose result becomes a token, secret, password, one-time or reset code, session id or API key: by the
variable, attribute, keyword, key or function that it ends in, through `join`, `str`, f-strings and
comprehensions, also where a helper with a neutral name returns it and a caller names it.

## Why is this bad?

`random` is a Mersenne Twister: whoever sees some of its results computes all others, before and
after. A reset code made by it can be predicted from codes that the attacker asked for themselves.

## How to fix

```python
import secrets

token = secrets.token_urlsafe(32)
code = "".join(secrets.choice("0123456789") for _ in range(6))
```

## Not reported

* Jitter, sampling, tests, demo data, load balancing: whatever does not end in such a name.
* `random.SystemRandom()` and `secrets`.
* A `nonce` of a request to somebody else's API, which only has to be new; `nonce`, `iv` and `salt` count in files that
  encrypt or hash passwords.
* Names that only count or limit: `token_count`, `max_tokens`.
* Known misses: a variable with a neutral name (`code`) that becomes a secret elsewhere.

Compared with ruff S311 (144 alarms outside tests on 18 mature projects; all of 25 read were jitter,
sampling, demo data or names): archlint reports only what becomes a secret. bandit's
B311 has 6 alarms on five of these projects; the one that is true, the `state` of an OAuth login, is reported here, too.

## References

* CWE-338: <https://cwe.mitre.org/data/definitions/338.html>
* secrets: <https://docs.python.org/3/library/secrets.html>
* ruff S311: <https://docs.astral.sh/ruff/rules/suspicious-non-cryptographic-random-usage/>
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import (
    CIPHER_INPUTS,
    CIPHER_NAMES,
    GUESSABLE_PAIRS,
    GUESSABLE_WORDS,
    NOT_GUESSABLE,
    PROVIDER_NAMES,
    RANDOM_FUNCTIONS,
)
from archlint.model.summary import Call
from archlint.project.called import Called, calls
from archlint.project.given_names import names_given
from archlint.project.identifiers import word_list
from archlint.project.remedies.places import last_name, name_of
from archlint.project.remedies.secrecy import unpredictable

if TYPE_CHECKING:
    from archlint.project.file import File

_NAMES = frozenset(f"{m}.{f}" for m in ("random", "random.Random") for f in RANDOM_FUNCTIONS)
#: Calls that hand on what they are given.
_HANDS_ON = frozenset(
    ("join", "str", "list", "int", "format", "hex", "encode", "decode", "bytes", "chr", "zfill", "tuple", "map", "sorted",
     "hexdigest", "digest", "sha256", "sha1", "md5", "sha512", "b64encode", "urlsafe_b64encode", "upper", "lower", "strip")
)  # fmt: skip


class InsecureRandom(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("safe",)
    answers = ("area D", "checklist 30")
    mentions = ("random",)
    message = "`{call}` can be predicted and makes `{name}`; use `secrets`"
    invalid = (
        Case(
            """\
import random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def sealed(key: bytes, text: bytes) -> bytes:
    nonce = random.randbytes(12)  # ARC325
    return nonce + AESGCM(key).encrypt(nonce, text, None)
""",
            title="the nonce of a cipher",
        ),
        Case(
            """\
import random
import string


def register(user):
    token = "".join(random.choice(string.ascii_letters) for _ in range(32))  # ARC325
    user.reset_code = f"{random.randint(0, 999999):06}"  # ARC325
    user.save(api_key=str(random.getrandbits(128)))  # ARC325
    return token


def generate_password(length):
    chars = random.choices(string.ascii_letters, k=length)
    return "".join(random.sample(string.digits, length)) + "".join(chars)  # ARC325
""",
            title="variable, attribute, keyword, function",
            fixed="""\
import random
import secrets
import string


def register(user):
    token = "".join(secrets.choice(string.ascii_letters) for _ in range(32))  # ARC325
    user.reset_code = f"{secrets.SystemRandom().randint(0, 999999):06}"  # ARC325
    user.save(api_key=str(secrets.randbits(128)))  # ARC325
    return token


def generate_password(length):
    chars = random.choices(string.ascii_letters, k=length)
    return "".join(secrets.SystemRandom().sample(string.digits, length)) + "".join(chars)  # ARC325
""",
        ),
        Case(
            """\
from random import choices, randint


def send(sms, number):
    payload = {"to": number, "otp": randint(1000, 9999)}  # ARC325
    sms.send(payload)


def new_session() -> str:
    session_id = "".join(choices("abcdef0123456789", k=32))  # ARC325
    return session_id
""",
            title="imported names, a key of a mapping",
            fixed="""\
import secrets
from random import choices, randint


def send(sms, number):
    payload = {"to": number, "otp": secrets.SystemRandom().randint(1000, 9999)}  # ARC325
    sms.send(payload)


def new_session() -> str:
    session_id = "".join(secrets.SystemRandom().choices("abcdef0123456789", k=32))  # ARC325
    return session_id
""",
        ),
        Case(
            """\
import random

generator = random.Random()


class Invite:
    def make_invite_code(self) -> str:
        return "%06d" % generator.randrange(1000000)  # ARC325
""",
            title="a generator of its own",
        ),
        Case(
            {
                "accounts/text.py": """\
import random
import string


def random_string(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))  # ARC325


def digits():
    found = str(random.randrange(1000000))  # ARC325
    return found
""",
                "accounts/users.py": """\
from accounts.text import digits, random_string


def register(user):
    user.api_key = random_string(40)
    send(user, reset_code=digits())


def send(user, reset_code): ...
""",
            },
            title="a helper with a neutral name",
        ),
        Case(
            """\
import random
import string

from oauthlib.oauth2 import WebApplicationClient


def authorization_url(client: WebApplicationClient, base: str) -> str:
    state = "".join([random.choice(string.ascii_letters) for _ in range(32)])  # ARC325
    return client.prepare_request_uri(base, state=state)
""",
            title="the state of an OAuth login",
        ),
        Case(
            """\
import random


def new_pin() -> str:
    return f"{random.randint(0, 9999):04}"  # ARC325
""",
            title="a PIN",
        ),
        Case(
            """\
import random
import string

from django.db import models


class LoginCode(models.Model):
    code = models.CharField(max_length=6)

    @classmethod
    def issue(cls):
        code = "".join(str(random.randint(0, 9)) for _ in range(6))  # ARC325
        return cls.objects.create(code=code)


class PostCode(models.Model):
    code = models.CharField(max_length=6)

    @classmethod
    def sample(cls):
        code = "".join(str(random.randint(0, 9)) for _ in range(6))
        return cls(code=code)


def pickup_code(length):
    return "".join(random.choices(string.digits, k=length))  # ARC325
""",
            title="the code of a class for codes, the code of a locker",
        ),
    )
    valid = (
        Case(
            """\
import random
import secrets
import time

rng = random.SystemRandom()


def work(tokens: list[str], servers: list[str]) -> str:
    time.sleep(random.random())
    max_tokens = random.randint(10, 100)
    server = random.choice(servers)
    token_delay = random.uniform(0, 1)
    token = secrets.token_urlsafe(32)
    code = "".join(rng.choice("0123456789") for _ in range(6))
    picked_token_index = random.randrange(len(tokens))
    return f"{server}{max_tokens}{token}{token_delay}{code}{picked_token_index}"
""",
            title="jitter, sampling, secrets",
        ),
        Case(
            """\
import random


def call(client, password: str):
    delay = random.uniform(0, 1)
    client.login(password=password, delay=random.random())
    if password == client.stored or random.random() < 0.1:
        return delay
    return client.retry(secret=client.secret, attempts=random.randint(1, 3))
""",
            title="beside secrets",
        ),
        Case(
            """\
class Dice:
    def choice(self, items: list[str]) -> str:
        return items[0]


def make_token(dice: Dice) -> str:
    token = dice.choice(["a", "b"])
    return token
""",
            title="another choice",
        ),
        Case(
            {
                "pages/text.py": """\
import random
import string


def random_string(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))
""",
                "pages/pages.py": """\
from pages.text import random_string


def draft(page):
    page.slug = random_string(8)
""",
            },
            title="a helper for names",
        ),
        Case(
            """\
import random

STATES = ["open", "closed"]


def fill(order):
    order.state = random.choice(STATES)
""",
            title="the state of something else",
        ),
        Case(
            """\
import random
import string


def random_suffix(length):
    return "".join(random.choices(string.ascii_lowercase, k=length))


def store(client, value):
    secret_name = f"app-{random_suffix(8)}"
    client.put(secret_name, value)
""",
            title="the name of a secret",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report calls whose result ends in a name of a secret."""
        if file.role in ("test", "migration", "script"):
            return
        nodes: dict[tuple[int, int], ast.Call] | None = None
        for called in calls(file, RANDOM_FUNCTIONS):
            made_by = _NAMES.intersection(called.names())
            if not made_by or _is_system(called):
                continue
            if nodes is None:
                nodes = {(n.end_lineno or 0, n.end_col_offset or 0): n for n in file.index.nodes(ast.Call)}
            node = nodes.get((called.row[Call.END_LINE], called.row[Call.END_COLUMN]))
            name = _ends_in(node, file) if node is not None else ""
            if name:
                fix = unpredictable(file, file.locate(called.hop), min(made_by))
                yield file.diagnostic(self, called.hop, fix=fix, call=called.label, name=name)


def _is_system(called: Called) -> bool:
    return any("SystemRandom" in v.name or "SystemRandom" in str(v.args) for v in called.receivers())


def _ends_in(node: ast.AST, file: File) -> str:
    """The name of a secret that a value becomes; empty when it becomes something else."""
    here = node
    while True:
        above = file.index.parent(here)
        if isinstance(above, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            targets = above.targets if isinstance(above, ast.Assign) else [above.target]
            own = next((n for t in targets if _is_secret(n := _named(t, file), file)), "")
            return own or _returned(above, {t.id for t in targets if isinstance(t, ast.Name)}, file)
        if isinstance(above, ast.Return):
            return _returned(above, None, file)
        if isinstance(above, ast.keyword):
            if above.arg and _is_secret(above.arg, file):
                return above.arg
            here = above
            continue
        if isinstance(above, ast.Dict):
            return _key(above, here, file)
        if isinstance(above, ast.Call) and here is not above.func and last_name(above.func) not in _HANDS_ON:
            return ""
        if isinstance(above, ast.IfExp) and here is above.test:
            return ""
        if above is None or isinstance(
            above, ast.stmt | ast.Compare | ast.Lambda | ast.Subscript | ast.Slice
        ):
            return ""
        here = above


def _named(target: ast.expr, file: File) -> str:
    """The name of a target; ``code`` in a method of ``LoginCode`` is one of those."""
    name, function = name_of(target), file.function_at(target)
    owner = file.summary.scopes[function.scope.parent] if function is not None else None
    is_about = owner is not None and owner.kind == "class" and word_list(owner.name)[-1:] == [name]
    return owner.name if owner is not None and is_about else name


def _returned(node: ast.AST, names: set[str] | None, file: File) -> str:
    """The name of a secret that a function returns, itself or one of some names, or a caller's name for it."""
    function = file.function_at(node)
    if function is None:
        return ""
    scope = function.scope
    if names is not None and not any(["n", name] == row[0] for name in names for row in scope.returns):
        return ""
    if _is_secret(function.name, file):
        return function.name
    for caller in file.world.taint.callers(file.name, scope):
        given = names_given(caller.call, file.world.summary(caller.path).scopes[caller.scope])
        found = next((name for name in given if _is_secret(name, file)), "")
        if found:
            return found
    return ""


def _key(mapping: ast.Dict, value: ast.AST, file: File) -> str:
    for key, item in zip(mapping.keys, mapping.values, strict=True):
        if item is value and isinstance(key, ast.Constant) and _is_secret(str(key.value), file):
            return str(key.value)
    return ""


def _is_secret(name: str, file: File) -> bool:
    found = word_list(name)
    if found[-1:] == ["state"] and file.mentions(PROVIDER_NAMES):
        return True  # what ties the answer of a provider to the browser that asked
    if CIPHER_INPUTS.intersection(found[-1:]) and file.mentions(CIPHER_NAMES):
        return True
    if NOT_GUESSABLE.intersection(found):
        return False
    pairs = {" ".join(p) for p in pairwise(found)}
    return bool(GUESSABLE_WORDS.intersection(found)) or bool(pairs & GUESSABLE_PAIRS)

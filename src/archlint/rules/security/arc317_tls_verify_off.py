"""A client talks TLS to whoever answers.

## What it does

Reports connections whose certificate is not checked:

* requests, httpx: `verify=False` of a call or a client, `session.verify = False`;
* aiohttp: `ssl=False` and `verify_ssl=False` of a request or a `TCPConnector`;
* urllib3: `cert_reqs="CERT_NONE"`;
* ssl, and with it urllib and websockets: `ssl._create_unverified_context()`,
  `context.check_hostname = False`, `context.verify_mode = ssl.CERT_NONE`;
* clients of boto3, Elasticsearch, MongoDB, Redis, Vault.

The value is followed through names and modules.

## Why is this bad?

Encryption without knowing to whom protects from nobody who matters: anyone on the way (a Wi-Fi, a
proxy, a wrong DNS answer) presents a certificate of their own, reads the request with its tokens
and answers what they like.

## How to fix

Remove the switch; for an internal authority name its certificate:

```python
requests.get(url, verify="/etc/ssl/internal-ca.pem", timeout=5)
httpx.Client(verify=ssl.create_default_context(cafile="internal-ca.pem"))
```

## Not reported

* A switch that the program's user decides: a parameter, a setting, a call under a condition that may ask for it
  (`if not verify_ssl:`, `if relaxed:`, but not `if token is not None:`), a function that says it in its name (`create_insecure_context`).
* Addresses of this machine (`https://localhost:8443`, `127.0.0.1`); tests.
* Known misses: `verify=False` in a dictionary of keywords that is passed on with `**`.

Compared with ruff S501 and S323: those know literals of requests, httpx and
`_create_unverified_context`; archlint adds aiohttp, contexts, clients of databases and values that
come by name and in options that are unpacked. On 18 mature projects S501 reports nothing, on four of them bandit's
B501 neither.

## References

* CWE-295: <https://cwe.mitre.org/data/definitions/295.html>
* ruff S501: <https://docs.astral.sh/ruff/rules/request-with-no-cert-validation/>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Impact, Recipe
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import CHECK_WORDS, TLS_FUNCTIONS, TLS_OFF, TLS_UNVERIFIED, UNVERIFIED_WORDS
from archlint.model.summary import Bind, Block, Call, Expr, Scope, Store
from archlint.project.called import Called, calls
from archlint.project.conditions import BRANCHES, words_of
from archlint.project.identifiers import name_words
from archlint.project.settings.static import Value
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.file import File

_WORDS = frozenset(n.rpartition(".")[2] for n in (*TLS_FUNCTIONS, *TLS_UNVERIFIED))
_CONTEXTS = frozenset(
    ("ssl.SSLContext", "ssl.create_default_context", "urllib3.util.ssl_.create_urllib3_context")
)
_SESSIONS = frozenset(("requests.Session", "requests.sessions.Session"))
#: Addresses of this machine, where no certificate is checked against anything.
_HERE = (
    "https://localhost",
    "https://127.",
    "https://[::1]",
    "wss://localhost",
    "wss://127.",
    "https://0.0.0.0",
)


class TlsVerifyOff(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "checklist 34")
    mentions = (
        "verify", "ssl", "cert_reqs", "CERT_NONE", "tlsInsecure", "tlsAllowInvalidCertificates", "check_hostname",
    )  # fmt: skip
    message = "TLS certificates are not checked (`{how}`): anyone on the way can answer; {advice}"
    invalid = (
        Case(
            """\
import requests


def session_for(kind: str, token: str | None) -> requests.Session:
    session = requests.Session()
    if kind == "remote":
        session.verify = False  # ARC317
    if token is not None:
        requests.post("https://auth.example.net", data=token, verify=False, timeout=5)  # ARC317
    return session
""",
            title="under a condition that is about something else",
        ),
        Case(
            """\
import httpx
import requests

VERIFY = False


def call(url: str):
    requests.post(url, verify=False, timeout=5)  # ARC317
    session = requests.Session()
    session.verify = False  # ARC317
    session.get(url, verify=VERIFY)  # ARC317
    with httpx.Client(verify=False) as client:  # ARC317
        return client.get(url)
""",
            fixed=(
                "import httpx\n"
                "import requests\n"
                "\n"
                "VERIFY = False\n"
                "\n"
                "\n"
                "def call(url: str):\n"
                "    requests.post(url, timeout=5)  # ARC317\n"
                "    session = requests.Session()\n"
                "    session.verify = False  # ARC317\n"
                "    session.get(url)  # ARC317\n"
                "    with httpx.Client() as client:  # ARC317\n"
                "        return client.get(url)\n"
            ),
            title="requests and httpx",
        ),
        Case(
            """\
import aiohttp


async def call(url: str):
    connector = aiohttp.TCPConnector(ssl=False)  # ARC317
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(url, verify_ssl=False) as response:  # ARC317
            return await response.json()
""",
            fixed=(
                "import aiohttp\n"
                "\n"
                "\n"
                "async def call(url: str):\n"
                "    connector = aiohttp.TCPConnector()  # ARC317\n"
                "    async with aiohttp.ClientSession(connector=connector) as session:\n"
                "        async with session.get(url) as response:  # ARC317\n"
                "            return await response.json()\n"
            ),
            title="aiohttp",
        ),
        Case(
            """\
import ssl
import urllib.request

import urllib3
import websockets

context = ssl.create_default_context()
context.check_hostname = False  # ARC317
context.verify_mode = ssl.CERT_NONE

pool = urllib3.PoolManager(cert_reqs="CERT_NONE")  # ARC317


async def listen(url: str):
    unverified = ssl._create_unverified_context()  # ARC317
    urllib.request.urlopen(url, context=unverified)
    async with websockets.connect(url, ssl=context) as socket:
        return await socket.recv()
""",
            title="ssl, urllib3, websockets",
        ),
        Case(
            {
                "options.py": 'OPTIONS = {"verify": False, "timeout": 5}\nSAFE = {"timeout": 5}\n',
                "client.py": """\
import httpx
import requests

from options import OPTIONS, SAFE


def client():
    return httpx.Client(**OPTIONS)  # ARC317


def fetch(url, **options):
    requests.get(url, **dict(verify=False))  # ARC317
    requests.get(url, **options)
    return requests.get(url, **SAFE)
""",
            },
            title="in options that are unpacked",
        ),
    )
    valid = (
        Case(
            """\
import httpx
import requests

from settings import VERIFY


def call(url: str, verify: bool = False):
    requests.get(url, verify=verify, timeout=5)
    requests.get(url, verify="/etc/ssl/ca.pem", timeout=5)
    requests.get("https://localhost:8443/health", verify=False, timeout=5)
    requests.get(f"https://127.0.0.1:{8443}/health", verify=False, timeout=5)
    return httpx.get(url, verify=VERIFY)
""",
            title="the caller decides, this machine",
        ),
        Case(
            """\
import ssl

import aiohttp


def context_of(verify_ssl: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def insecure_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def call(url: str, verify_ssl: bool):
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=verify_ssl)) as session:
        return await session.get(url)
""",
            title="a switch, a name that says it",
        ),
        Case(
            """\
class Store:
    def get(self, key: str, verify: bool = True) -> str:
        return key


def read(store: Store, cache: dict) -> str:
    return store.get("a", verify=False)
""",
            title="another verify",
        ),
        Case(
            """\
import requests


def read(url: str, tls: str, strict: bool | None) -> str:
    if tls == "off":
        return requests.get(url, verify=False, timeout=5).text
    if strict is False:
        return requests.get(url, verify=False, timeout=5).text
    return requests.get(url, timeout=5).text
""",
            title="conditions that ask for it",
        ),
        Case(
            """\
import ssl

from shop.settings import shared_context


def context_for(url):
    shared = shared_context()
    if shared is not False:
        return shared
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    return unverified
""",
            title="what is left for those who asked",
        ),
        Case(
            """\
import requests


def non_verifying_session() -> requests.Session:
    session = requests.Session()
    session.verify = False
    return session
""",
            title="a session that says so",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report calls, sessions and contexts."""
        if file.role in ("test", "migration"):
            return
        for called in calls(file, _WORDS):
            how = "" if _is_switched(called.scope, called.row[Call.BLOCK]) else _off(called)
            if how:
                advice = "use `ssl.create_default_context()`" if how.startswith("ssl.") else f"remove `{how}`"
                fix = _without(file, called, how)
                yield file.diagnostic(self, called.hop, fix=fix, how=how, advice=advice)
        for scope in file.summary.scopes:
            yield from self._stores(scope, file)

    def _stores(self, scope: Scope, file: File) -> Iterator[Diagnostic]:
        seen: list[Expr] = []
        for row in scope.stores:
            attr = row[Store.ATTR]
            if attr not in ("verify", "check_hostname", "verify_mode", "_create_default_https_context"):
                continue
            frame = file.world.evaluator.frame(file.name, scope.index)
            place = (row[Store.BLOCK], row[Store.ORDER])
            if row[Store.VALUE] in seen or _is_switched(scope, place[0]) or _is_left_over(scope, *place):
                continue
            if not _turns_off(row, attr, file, scope):
                continue
            owner = row[Store.VALUE]
            is_known = any(
                v.kind in ("inst", "lib")
                and v.name in (_SESSIONS if attr == "verify" else _CONTEXTS | {"ssl"})
                for v in members(file.world.evaluator.eval(owner, frame, row[Store.BLOCK], row[Store.ORDER]))
            ) or (attr != "verify" and _made_by(owner, scope, frame.path, file))
            if is_known:
                seen.append(owner)
                yield file.diagnostic(
                    self,
                    file.line_location(row[Store.LINE]),
                    how=attr,
                    advice="remove it, or load the certificate of your authority",
                )


def _without(file: File, called: Called, how: str) -> Fix | None:
    """The call without the argument that turns the check off: by default it is on."""
    name, given, _ = how.partition("=")
    if not given or called.argument(name) is None:
        return None
    recipe = Recipe.of("without", file.hop_location(called.hop), name=name)
    return Fix(f"Remove `{how}`", Applicability.UNSAFE, recipes=(recipe,))


def _turns_off(row: list[Expr], attr: str, file: File, scope: Scope) -> bool:
    expr = row[Store.EXPR]
    if attr in ("verify", "check_hostname"):
        frame = file.world.evaluator.frame(file.name, scope.index)
        value = file.world.values.of(expr, frame, row[Store.BLOCK], row[Store.ORDER] - 1)
        return value is not None and value.value is False and not value.variable
    wanted = "CERT_NONE" if attr == "verify_mode" else "_create_unverified_context"
    return expr is not None and wanted in (
        expr[1] if expr[0] == "n" else "",
        expr[2] if expr[0] == "a" else "",
    )


def _made_by(owner: Expr, scope: Scope, path: str, file: File) -> bool:
    """Whether a variable holds what ``ssl`` made."""
    if owner is None or owner[0] != "n":
        return False
    frame = file.world.evaluator.frame(path, scope.index)
    for row in scope.binds.get(owner[1], ()):
        expr = row[Bind.EXPR]
        made = Called(file.world, frame, expr[1]).names() if expr is not None and expr[0] == "c" else ()
        if not _CONTEXTS.isdisjoint(made):
            return True
    return False


def _off(called: Called) -> str:
    """The argument that turns the check off; empty when none does."""
    for name in called.names():
        if name in TLS_UNVERIFIED:
            return f"{name}()"
        for keyword in TLS_FUNCTIONS.get(name, "").split():
            value = _given(called, keyword)
            if value is None or value.variable or _is_here(called):
                continue
            bad = TLS_OFF[keyword]
            if any(type(value.value) is type(b) and value.value == b for b in bad) and called.has(keyword):
                return f"{keyword}={value.value!r}"
    return ""


def _given(called: Called, keyword: str) -> Value | None:
    expr = called.argument(keyword)
    if expr is not None and expr[0] == "a" and expr[2] == "CERT_NONE":
        return Value("CERT_NONE")
    return called.value(keyword)


def _is_here(called: Called) -> bool:
    """Whether the address is one of this machine."""
    for expr in (*called.row[Call.ARGS][:2], called.argument("url"), called.argument("base_url")):
        text = expr[1][0] if expr is not None and expr[0] == "j" and expr[1] else expr
        value = called.value_of(text)
        if value is not None and isinstance(value.value, str) and value.value.startswith(_HERE):
            return True
    return False


def _is_switched(scope: Scope, block: int) -> bool:
    """Whether somebody asks for it: by a condition, or by calling a function that says so."""
    found = name_words(scope.name)
    says_so = bool(found & UNVERIFIED_WORDS) or {"no", "verify"} <= found or {"non", "verifying"} <= found
    tests = [scope.blocks[b] for b in scope.ancestors(block)]
    return says_so or any(t[Block.KIND] in BRANCHES and _asks(t[Block.EXPR], scope) for t in tests)


def _asks(test: Expr, scope: Scope) -> bool:
    """Whether a condition may be about the check; `user is not None` and `kind == "trino"` are about something else."""
    if test is None or test[0] != "m" or any(part in (["k", True], ["k", False]) for part in test):
        return True
    return not CHECK_WORDS.isdisjoint(words_of(test, scope))


def _is_left_over(scope: Scope, block: int, order: int) -> bool:
    """Whether a function has left before for everybody who did not ask: ``if setting is not False: return``."""
    around = scope.ancestors(block)
    return any(
        row[Block.KIND] == "if"
        and row[Block.EXIT] == "return"
        and row[Block.PARENT] in around
        and row[Block.LAST] < order
        and row[Block.EXPR] is not None
        and row[Block.EXPR][0] == "m"
        and ["k", False] in row[Block.EXPR][2:]
        for row in scope.blocks
    )

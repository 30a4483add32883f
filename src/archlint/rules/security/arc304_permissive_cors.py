"""Any website may call the API from its visitors' browsers.

## What it does

Reports a cross-origin policy that allows every origin:

* FastAPI, Starlette: `CORSMiddleware` with `allow_origins` holding `"*"`, or a regular expression
  that matches everything;
* Flask, Quart: `CORS(app)` without origins (its default is every origin), with `"*"`, in
  `resources`, `cross_origin` with credentials, `quart_cors`;
* Django: `CORS_ALLOW_ALL_ORIGINS = True` (formerly `CORS_ORIGIN_ALLOW_ALL`);
* aiohttp-cors: `defaults={"*": …}`;
* the `Origin` header of the request written back into `Access-Control-Allow-Origin` unchecked.

The origins are followed through names, other modules, defaults of `BaseSettings` and data classes,
`os.environ.get("…", "*")`, Starlette's and decouple's `config`, and Django settings. A default that
every deployment inherits counts; one that a subclass for production replaces does not.

High with credentials: browsers then send the cookies of your users along, and every page they visit
can act in their name. Starlette, Flask-CORS and django-cors-headers answer with the origin that
asked, so the rule of browsers against `*` with credentials does not help. Without credentials the
impact is low: it is right for a public read-only API, and only for that.

## Why is this bad?

The same-origin policy is what keeps `evil.example` from reading the answers of your API with the
session of whoever looks at it. A wildcard gives that away for every route, present and future.

## How to fix

List the origins, and take the list from the settings:

```python
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_credentials=True,
    allow_methods=["GET", "POST"],
)
```

## Not reported

* `"*"` in `allow_methods` and `allow_headers`.
* A literal `Access-Control-Allow-Origin: *` on one response: that is a decision for one resource,
  and browsers send no cookies with it.
* Origins that cannot be resolved, settings classes for development and tests, a wildcard behind a
  condition that names debugging or asks for it (`if settings.allow_all_origins:`).
* Tests and examples.

Compared with: ruff and bandit have no such check. Of the 18 mature projects, archlint reports one
(an API with credentials whose settings default to `["*"]`); a search for the texts
`allow_origins=["*"]` and `CORS(` finds none of it and three places that are safe.

## References

* MDN, CORS: <https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS>
* CWE-942: <https://cwe.mitre.org/data/definitions/942.html>
* Starlette, CORSMiddleware: <https://www.starlette.io/middleware/#corsmiddleware>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import ANY_ORIGIN_PATTERNS, CORS_CLASSES, CORS_FUNCTIONS
from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.called import Called, calls
from archlint.project.conditions import condition_words, is_conditional
from archlint.project.settings.static import Value
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File

_WORDS = frozenset(
    ("add_middleware", "Middleware", "CORSMiddleware", "CORS", "init_app", "cross_origin", "setup", "cors")
)
_DEBUGGING = frozenset(
    ("debug", "dev", "development", "local", "test", "testing", "all", "any", "wildcard", "allow")
)
_DJANGO_SWITCHES = ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
_DJANGO_PATTERNS = ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")
#: Origins of nobody: what matches them all, matches any.
_STRANGERS = ("https://a7f3.invalid", "https://www.k2.q9x.test:8443")
#: Patterns are the project's: repeated groups, counts and many repetitions take a matcher for ever.
_NESTED = re.compile(r"\)[*+]|\{")
_REPEATS, _LONGEST = 3, 200
_HEADER = "access-control-allow-origin"


class PermissiveCors(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = ("area D", "anti-pattern 8", "dimension 3", "checklist 32")
    mentions = ("CORS", "cors", "cross_origin", "Access-Control-Allow-Origin", "access-control-allow-origin")
    message = "CORS allows any origin{credentials}{where}; {advice}"
    invalid = (
        Case(
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(  # ARC304
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
    allow_methods=["*"],
)
""",
            title="FastAPI, with credentials",
        ),
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core.config import get_app_settings


def get_application() -> FastAPI:
    settings = get_app_settings()
    application = FastAPI(debug=settings.debug)
    application.add_middleware(  # ARC304
        CORSMiddleware,
        allow_origins=settings.allowed_hosts,
        allow_credentials=True,
    )
    return application
""",
                "app/core/config.py": """\
from functools import lru_cache
from typing import Dict, Type

from app.core.settings import AppSettings, BaseAppSettings, DevAppSettings, ProdAppSettings

environments: Dict[str, Type[AppSettings]] = {"dev": DevAppSettings, "prod": ProdAppSettings}


@lru_cache
def get_app_settings() -> AppSettings:
    app_env = BaseAppSettings().app_env
    config = environments[app_env]
    return config()
""",
                "app/core/settings.py": """\
from typing import List

from pydantic import BaseSettings


class BaseAppSettings(BaseSettings):
    app_env: str = "prod"


class AppSettings(BaseAppSettings):
    debug: bool = False
    allowed_hosts: List[str] = ["*"]


class DevAppSettings(AppSettings):
    debug: bool = True


class ProdAppSettings(AppSettings):
    title: str = "prod"
""",
            },
            title="the default of a settings class of another file",
        ),
        Case(
            {
                "service/app.py": """\
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from service.settings import CORS_ORIGINS

middleware = [
    Middleware(CORSMiddleware, allow_origins=CORS_ORIGINS, allow_credentials=True),  # ARC304
    Middleware(CORSMiddleware, allow_origin_regex="https?://.*"),  # ARC304
]
app = Starlette(middleware=middleware)
""",
                "service/settings.py": """\
import os

CORS_ORIGINS = os.environ.get("CORS_ORIGINS", "*").split(",")
""",
            },
            title="Starlette, a default of the environment in another module, a pattern",
        ),
        Case(
            """\
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, supports_credentials=True)  # ARC304
CORS(app, resources={r"/api/*": {"origins": "*"}})  # ARC304
""",
            title="Flask-CORS: every origin is its default",
        ),
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["corsheaders", "shop"]
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_ALL_ORIGINS = True  # ARC304
CORS_ALLOW_CREDENTIALS = True
""",
                "shop/settings/production.py": "from .base import *\n\nDEBUG = False\n",
            },
            title="Django, not replaced for production",
        ),
        Case(
            """\
import aiohttp_cors
from aiohttp import web

app = web.Application()
cors = aiohttp_cors.setup(  # ARC304
    app, defaults={"*": aiohttp_cors.ResourceOptions(allow_credentials=True, allow_headers="*")}
)
""",
            title="aiohttp-cors",
        ),
        Case(
            """\
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def allow(request: Request, call_next):
    response = await call_next(request)
    origin = request.headers.get("origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin  # ARC304
        response.headers["Access-Control-Allow-Credentials"] = "true"
    return response
""",
            title="the origin echoed",
        ),
        Case(
            {
                "app/config.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: list[str] = ["*"]


settings = Settings()
""",
                "app/main.py": """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import settings

app = FastAPI()
app.add_middleware(  # ARC304
    CORSMiddleware,
    allow_origins=[str(origin) for origin in settings.cors_origins],
    allow_credentials=True,
)


def make():
    options = {"allow_origins": ["*"], "allow_credentials": True}
    made = FastAPI()
    made.add_middleware(CORSMiddleware, **options)  # ARC304
    return made
""",
            },
            title="the items of a setting again, options in a mapping",
        ),
        Case(
            """\
from flask import Flask, request
from flask_cors import CORS

app = Flask(__name__)
cors = CORS()
cors.init_app(app, origins="*", supports_credentials=True)  # ARC304


@app.after_request
def allow(response):
    response.headers.add("Access-Control-Allow-Origin", request.headers.get("Origin"))  # ARC304
    response.headers.add("Access-Control-Allow-Credentials", "true")
    return response
""",
            title="Flask: added to the application later, the origin echoed by a method",
        ),
        Case(
            {
                "shop/settings.py": """\
INSTALLED_APPS = ["corsheaders"]
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://.*$"]  # ARC304
""",
                "shop/urls.py": """\
urlpatterns = []
""",
            },
            title="a pattern that every https origin matches",
        ),
    )
    valid = (
        Case(
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origin_regex=r"https://.*[a-z].*[a-z].*.*.*.*.*.*.*.*.*.*.*!",
    allow_credentials=True,
)
other = FastAPI()
other.add_middleware(CORSMiddleware, allow_origin_regex=r"https://(((.+){2,}){2,}){2,}!", allow_credentials=True)
""",
            title="patterns that would take for ever to try are left alone",
        ),
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import settings

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=[settings.FRONTEND_HOST],
    allow_origin_regex=r"https://.*\\.example\\.com",
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
""",
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    FRONTEND_HOST: str = "http://localhost:5173"
    ORIGINS: list[str]


settings = Settings()
""",
            },
            title="explicit origins; the wildcard of methods is harmless",
        ),
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.settings import Settings, settings

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_credentials=True)
if settings.debug:
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)


def create(settings: Settings, origins: list[str]):
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
    return app
""",
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    origins: list[str] = ["*"]


class ProductionSettings(Settings):
    origins: list[str] = ["https://app.example.com"]


def load() -> Settings:
    return ProductionSettings()


settings = load()
""",
            },
            title="replaced for production, only while debugging, unknown",
        ),
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["corsheaders", "shop"]
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_ALL_ORIGINS = True
""",
                "shop/settings/production.py": """\
from .base import *

CORS_ALLOW_ALL_ORIGINS = False
CORS_ALLOWED_ORIGINS = ["https://shop.example.com"]
""",
                "shop/settings/local.py": "from .base import *\n\nCORS_ALLOW_ALL_ORIGINS = True\n",
            },
            title="Django, replaced for production",
        ),
        Case(
            """\
from flask import Flask, make_response, request
from flask_cors import CORS, cross_origin

app = Flask(__name__)
ALLOWED = {"https://a.example", "https://b.example"}
CORS(app, origins=sorted(ALLOWED), supports_credentials=True)


@app.get("/badge")
@cross_origin()
def badge():
    response = make_response("badge")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@app.get("/echo")
def echo():
    response = make_response("echo")
    origin = request.headers.get("Origin")
    if origin in ALLOWED:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response
""",
            title="one public resource, an origin that is checked",
        ),
        Case(
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origin_regex=r"https://.*\\.example\\.com|http://localhost:\\d+",
    allow_credentials=True,
)
""",
            title="patterns for hosts that are named",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report policies in calls, settings and headers."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, _WORDS):
            yield from self._policy(called, file)
        yield from self._django(file)
        for scope in file.summary.scopes:
            yield from self._echoed(scope, file)

    # -- calls ------------------------------------------------------------------------------

    def _policy(self, called: Called, file: File) -> Iterator[Diagnostic]:
        names = set(called.names())
        args = called.row[Call.ARGS]
        if names & CORS_CLASSES or (args and called.imported(args[0]) in CORS_CLASSES):
            value = called.value("allow_origins")
            pattern = called.value("allow_origin_regex")
            credentials = called.value("allow_credentials")
        else:
            found = sorted(names & CORS_FUNCTIONS.keys())
            if not found:
                return
            name = found[0]
            origins, flag = CORS_FUNCTIONS[name]
            value, pattern, credentials = self._origins(called, name, origins), None, called.value(flag)
            if name == "aiohttp_cors.setup":
                credentials = _aiohttp_credentials(called)
            if name.endswith(("cross_origin", "route_cors")) and not _is_true(credentials):
                return
        wild = next((v for v in (value, pattern) if _is_any(v)), None)
        if wild is None or self._is_switched(called, credentials):
            return
        yield self._report(called.hop, wild, _is_true(credentials), file)

    def _origins(self, called: Called, name: str, keyword: str) -> Value | None:
        if name == "aiohttp_cors.setup":
            value = called.value("defaults")
            return Value("*") if value is not None and _has_key(value, "*") else None
        if called.has(keyword):
            return called.value(keyword)
        if called.has("resources"):
            resources = called.value("resources")
            if resources is None or not isinstance(resources.value, dict):
                return None
            for options in resources.value.values():
                if options is not None and isinstance(options.value, dict):
                    found: Value | None = options.value.get("origins")
                    if _is_any(found):
                        return found
            return None
        if (
            called.is_open
            or called.world.mentioning("CORS_ORIGINS")
            or called.world.mentioning("CORS_RESOURCES")
        ):
            return None
        if name.endswith("CORS") and not called.row[Call.ARGS]:
            return None
        return Value("*")

    def _is_switched(self, called: Called, credentials: Value | None) -> bool:
        block = called.row[Call.BLOCK]
        if not is_conditional(called.scope, block):
            return False
        return not _is_true(credentials) or bool(condition_words(called.scope, block) & _DEBUGGING)

    # -- settings -----------------------------------------------------------------------------

    def _django(self, file: File) -> Iterator[Diagnostic]:
        settings = file.world.settings
        for setting in settings.of(file.name):
            if setting.framework != "django":
                continue
            is_any = (setting.name in _DJANGO_SWITCHES and setting.value.value is True) or (
                setting.name in _DJANGO_PATTERNS
                and any(_lets_all_in(str(c)) for c in setting.value.constants)
            )
            if is_any:
                credentials = settings.value(file.name, "CORS_ALLOW_CREDENTIALS")
                yield self._report(
                    file.line_location(setting.line), setting.value, _is_true(credentials), file
                )

    # -- headers ------------------------------------------------------------------------------

    def _echoed(self, scope: Scope, file: File) -> Iterator[Diagnostic]:
        headers = _headers_set(scope)
        found = headers.get(_HEADER)
        if found is None or not _is_origin(found.value, scope):
            return
        name = found.value[1] if found.value[0] == "n" else ""
        if name and not _is_only_checked_for_presence(scope, found.block, name):
            return
        if not name and is_conditional(scope, found.block):
            return
        allowed = "access-control-allow-credentials" in headers
        yield self._report(file.line_location(found.line), Value("*"), allowed, file)

    def _report(self, anchor: object, wild: Value, credentials: bool, file: File) -> Diagnostic:
        location = file.locate(anchor)  # type: ignore[arg-type]
        elsewhere = bool(wild.path) and (wild.path != file.name or wild.line < location.line)
        related: tuple[Related, ...] = ()
        if elsewhere:
            related = (Related(file.line_location(wild.line, wild.path), "the wildcard"),)
        return file.diagnostic(
            self,
            location,
            related=related,
            impact=Impact.HIGH if credentials else Impact.LOW,
            credentials=", and sends the visitor's cookies along" if credentials else "",
            where=f" unless `{wild.variable}` is set" if wild.variable else "",
            advice="list the origins that may call it",
        )


class _Header(NamedTuple):
    """A header that a function gives to a response."""

    value: Expr
    block: int
    line: int


def _headers_set(scope: Scope) -> dict[str, _Header]:
    """``headers[name] = value``, ``headers.add(name, value)`` and the like, by the name in lower case."""
    found = {
        row[Store.ATTR][1:-1].lower(): _Header(row[Store.EXPR], row[Store.BLOCK], row[Store.LINE])
        for row in scope.stores
        if row[Store.ATTR][:1] == "["
    }
    for row in scope.calls:
        func, args = row[Call.FUNC], row[Call.ARGS]
        if func is None or func[0] != "a" or len(args) != 2 or args[0] is None or args[0][0] != "k":
            continue
        if func[2] in ("add", "set", "append") and last_word(func[1]) == "headers":
            found[str(args[0][1]).lower()] = _Header(args[1], row[Call.BLOCK], row[Call.LINE])
    return found


def _is_any(value: Value | None) -> bool:
    if value is None or not value.is_set:
        return False
    return any(isinstance(c, str) and _lets_all_in(c) for c in value.constants)


def _lets_all_in(pattern: str) -> bool:
    """Whether an origin, or a regular expression for origins, stands for hosts that nobody has named."""
    if pattern in ANY_ORIGIN_PATTERNS:
        return True
    repeats = pattern.count("*") + pattern.count("+")
    if not 0 < repeats <= _REPEATS or len(pattern) > _LONGEST or _NESTED.search(pattern):
        return False  # a name; or what may take for ever to try
    try:
        return all(re.match(pattern, origin) for origin in _STRANGERS)
    except re.error:
        return False


def _is_true(value: Value | None) -> bool:
    return value is not None and value.value is True


def _has_key(value: Value, key: str) -> bool:
    return isinstance(value.value, dict) and key in value.value


def _aiohttp_credentials(called: Called) -> Value | None:
    """The credentials in ``defaults={"*": ResourceOptions(allow_credentials=True)}``."""
    expr: Expr = called.argument("defaults")
    for _, item in expr[1] if expr is not None and expr[0] == "d" else ():
        if item is not None and item[0] == "c":
            for key, given in called.scope.calls[item[1]][Call.KEYWORDS]:
                if key == "allow_credentials":
                    return called.value_of(given)
    return None


def _is_origin(expr: Expr, scope: Scope) -> bool:
    """Whether an expression is the ``Origin`` header of a request."""
    if expr is None:
        return False
    if expr[0] == "n":
        rows = scope.binds.get(expr[1], ())
        return len(rows) == 1 and rows[0][Bind.EXPR] != expr and _is_header(rows[0][Bind.EXPR], scope)
    return _is_header(expr, scope)


def _is_header(expr: Expr, scope: Scope) -> bool:
    if expr is None:
        return False
    if expr[0] == "s":
        key, holder = expr[2], expr[1]
    elif expr[0] == "c":
        row = scope.calls[expr[1]]
        func = row[Call.FUNC]
        if func is None or func[0] != "a" or func[2] != "get" or not row[Call.ARGS]:
            return False
        key, holder = row[Call.ARGS][0], func[1]
    else:
        return False
    is_name = key is not None and key[0] == "k" and str(key[1]).lower() in ("origin", "http_origin")
    return is_name and last_word(holder) in ("headers", "META", "environ")


def _is_only_checked_for_presence(scope: Scope, block: int, name: str) -> bool:
    """Whether nothing but the presence of an origin decides: no look-up, no comparison, no call."""
    for row in scope.calls:
        if ["n", name] in row[Call.ARGS]:
            return False
    for ancestor in scope.ancestors(block):
        kind, expr = scope.blocks[ancestor][0], scope.blocks[ancestor][3]
        if kind in ("if", "else") and expr != ["n", name]:
            return False
    return not any(["n", name] in (row[1], row[2]) for row in scope.compares)

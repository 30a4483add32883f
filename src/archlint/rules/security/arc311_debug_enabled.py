"""The application runs in debug mode.

## What it does

Reports debug mode that the program turns on for everybody:

* FastAPI, Starlette, Litestar, aiohttp: `FastAPI(debug=True)`;
* Flask, Quart: `app.run(debug=True)`, `app.debug = True`, `app.config["DEBUG"] = True`,
  `app.config.update(DEBUG=True)`, a configuration class or module; `run_simple(use_debugger=True)`;
* Django: `DEBUG = True` in a settings module.

The value is followed through names and modules. Debug mode that is on unless the environment says otherwise
(`os.getenv("DEBUG", "True") == "True"`, `config("DEBUG", default=True, cast=bool)`, a field `debug: bool = True` of
`BaseSettings`, a function of the project that reads the environment and is given `True` for the rest) has medium
impact: one forgotten variable turns it on. So does a text, which is true whatever it says:
`DEBUG = os.getenv("DEBUG", "False")`. `app.run(debug=True)` below
`if __name__ == "__main__":` has low impact: only who starts the file by hand gets it.

## Why is this bad?

A traceback in the browser shows code, settings and local variables, with every password in them.
Flask's debugger goes further and runs Python for whoever finds its console. Django in debug mode
also keeps every query in memory.

## How to fix

Take it from the environment, off by default:

```python
DEBUG = os.environ.get("DEBUG") == "1"

app = FastAPI(debug=settings.debug)
```

## Not reported

* Settings modules and classes for development and tests, told by their names, and a base module or
  class whose production variant sets `DEBUG = False`.
* Anything that the environment decides, and that is off where it says nothing.
* Debug mode behind a condition; tests, scripts, examples.
* A settings module that imports everything from a module outside the repository
  (`from local_settings import *`), which may set it anew; a default of the environment counts there, too.

Compared with: ruff S201 and bandit B201 know `app.run(debug=True)` of Flask only, with a literal;
archlint follows the value, knows the other frameworks and the settings, and tells layers apart.
On 18 mature projects both report nothing.

## References

* CWE-489: <https://cwe.mitre.org/data/definitions/489.html>
* Flask, debug mode: <https://flask.palletsprojects.com/en/stable/debugging/>
* Django deployment checklist: <https://docs.djangoproject.com/en/stable/howto/deployment/checklist/>
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import DEBUG_APPLICATIONS, DEBUG_SERVERS
from archlint.model.summary import Call
from archlint.project.called import Called, calls
from archlint.project.conditions import is_conditional, is_main
from archlint.project.remedies import call_at
from archlint.project.remedies.environment import switched_by_environment
from archlint.project.remedies.places import keyword_of

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.settings.static import Value

_WORDS = frozenset(n.rpartition(".")[2] for n in (*DEBUG_APPLICATIONS, *DEBUG_SERVERS))


class DebugEnabled(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    answers = ("area D", "area G", "dimension 3", "checklist 69")
    mentions = ("debug", "DEBUG")
    message = "Debug mode is on ({where}): tracebacks and more for every visitor; {advice}"
    invalid = (
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI
from starlette.applications import Starlette

from app.config import DEBUG

app = FastAPI(title="shop", debug=DEBUG)  # ARC311
inner = Starlette(debug=True)  # ARC311
""",
                "app/config.py": "DEBUG = True\n",
            },
            title="FastAPI and Starlette",
        ),
        Case(
            """\
from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = True  # ARC311


def serve():
    app.run(host="0.0.0.0", debug=True)  # ARC311


if __name__ == "__main__":
    app.run(debug=True)  # ARC311
""",
            title="Flask",
            fixed="""\
import os

from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = os.environ.get("DEBUG") == "1"  # ARC311


def serve():
    app.run(host="0.0.0.0", debug=os.environ.get("DEBUG") == "1")  # ARC311


if __name__ == "__main__":
    app.run(debug=os.environ.get("DEBUG") == "1")  # ARC311
""",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask


def create_app():
    app = Flask(__name__)
    app.config.from_object("config.Config")
    return app
""",
                "config.py": """\
class Config:
    DEBUG = True  # ARC311
    SECRET_KEY = None


class ProductionConfig(Config):
    SESSION_COOKIE_SECURE = True
""",
            },
            title="a configuration class that production inherits",
        ),
        Case(
            {
                "shop/settings.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DEBUG = True  # ARC311
"""
            },
            title="Django",
        ),
        Case(
            """\
from aiohttp import web

app = web.Application(debug=True)  # ARC311
""",
            title="aiohttp",
        ),
        Case(
            """\
import connexion

app = connexion.App(__name__)
app.add_api("openapi.yml")


def serve():
    app.run(host="0.0.0.0", debug=True)  # ARC311
""",
            title="Connexion",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DEBUG = os.getenv("DEBUG", "True").lower() in ("1", "true", "yes")  # ARC311
""",
                "api/main.py": """\
import os

from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = True


settings = Settings()
app = FastAPI(debug=settings.debug)  # ARC311
inner = FastAPI(debug=bool(os.environ.get("INNER_DEBUG", "False")))  # ARC311
""",
            },
            title="on by default",
        ),
        Case(
            {
                "shop/settings.py": """\
import environ

env = environ.Env(DEBUG=(bool, True), CACHE=(bool, False))
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["shop"]
DEBUG = env("DEBUG")  # ARC311
CACHE = env("CACHE")
""",
                "club/settings.py": """\
from decouple import config

ROOT_URLCONF = "club.urls"
INSTALLED_APPS = ["club"]
DEBUG = config("DEBUG", default="yes", cast=bool)  # ARC311
""",
                "desk/settings.py": """\
import os

ROOT_URLCONF = "desk.urls"
INSTALLED_APPS = ["desk"]
DEBUG = os.environ.get("DEBUG", "False")  # ARC311
""",
            },
            title="readers of other libraries; a text that is true",
        ),
        Case(
            {
                "one/settings.py": """\
import os
from distutils.util import strtobool

from env import env_bool

ROOT_URLCONF = "one.urls"
INSTALLED_APPS = ["one"]
DEBUG = env_bool("DEBUG", True)  # ARC311
TOOLBAR = bool(strtobool(os.getenv("TOOLBAR", "no")))
""",
                "two/settings.py": """\
from env import flag

ROOT_URLCONF = "two.urls"
INSTALLED_APPS = ["two"]
TOOLBAR = flag("TOOLBAR", default=False)
DEBUG = not flag("PRODUCTION")  # ARC311
""",
                "three/settings.py": """\
from env import reader

ROOT_URLCONF = "three.urls"
INSTALLED_APPS = ["three"]
DEBUG = reader.switch("DEBUG", default=True)  # ARC311
""",
                "four/settings.py": """\
import os
from distutils.util import strtobool

ROOT_URLCONF = "four.urls"
INSTALLED_APPS = ["four"]
DEBUG = bool(strtobool(os.getenv("DEBUG", "yes")))  # ARC311
""",
                "env.py": """\
import os


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes"):
        return True
    return False


def flag(name, default="no"):
    return os.getenv(f"SHOP_{name}", str(default)).strip().lower() in ("1", "true", "yes")


class Reader:
    def switch(self, name, default=None):
        try:
            return os.environ[name].lower() == "true"
        except KeyError:
            if default is None:
                raise
            return default


reader = Reader()
""",
            },
            title="functions of the project that read the environment",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

from shop.env import get

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DEBUG = get("DEBUG", True, is_bool=True)  # ARC311

try:
    from .local_settings import *
except ImportError:
    pass
""",
                "shop/env.py": """\
import os


def get(name, default=None, is_bool=False):
    for key in ("SHOP_" + name, name):
        value = os.environ.get(key)
        if value is not None:
            return value.lower() == "true" if is_bool else value
    return default
""",
            },
            title="several names for one variable; a local file that need not be there",
        ),
    )
    valid = (
        Case(
            {
                "app/main.py": """\
import os

from fastapi import FastAPI
from flask import Flask

from app.settings import settings

app = FastAPI(debug=settings.debug)
other = FastAPI(debug=os.environ.get("DEBUG", "0") == "1")
third = FastAPI(debug=os.environ.get("MODE", "production") != "production")
site = Flask(__name__)
site.debug = settings.debug


def run(debug: bool = False):
    site.run(debug=debug)
    if os.environ.get("LOCAL"):
        site.run(debug=True)
""",
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


class DevelopmentSettings(Settings):
    debug: bool = True


settings = Settings()
""",
            },
            title="decided by the environment",
        ),
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DEBUG = True
""",
                "shop/settings/production.py": "from .base import *\n\nDEBUG = False\n",
                "shop/settings/dev.py": "from .base import *\n\nDEBUG = True\n",
            },
            title="Django layers",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask


def create_app(name):
    app = Flask(__name__)
    app.config.from_object(name)
    return app
""",
                "config.py": """\
class Config:
    DEBUG = False
    SECRET_KEY = None


class DevelopmentConfig(Config):
    DEBUG = True


class TestingConfig(Config):
    DEBUG = True
""",
                "tests/app.py": "from flask import Flask\n\nFlask(__name__).run(debug=True)\n",
            },
            title="Flask layers, tests",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

DEBUG = True
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["shop"]

try:
    with open(os.path.join(os.path.dirname(__file__), "local_settings.py")) as file:
        exec(file.read(), globals())
except OSError:
    pass
""",
            },
            title="Django: a file of local settings is run",
        ),
        Case(
            {
                "one/settings.py": """\
from env import env_bool

ROOT_URLCONF = "one.urls"
INSTALLED_APPS = ["one"]
DEBUG = env_bool("DEBUG")
""",
                "two/settings.py": """\
from env import stored

ROOT_URLCONF = "two.urls"
INSTALLED_APPS = ["two"]
DEBUG = stored("DEBUG", True)
""",
                "three/settings.py": """\
from env import strict

ROOT_URLCONF = "three.urls"
INSTALLED_APPS = ["three"]
DEBUG = strict("DEBUG", True)
""",
                "env.py": """\
import os

from store import load


def env_bool(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)) == "True"


def stored(name, default):
    value = load(name) or os.environ.get(name)
    if value is None:
        return default
    return value == "yes"


def strict(name, default):
    if not os.environ.get(name):
        raise RuntimeError(name)
    return default
""",
            },
            title="functions that are off by default, or that ask something else first",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report calls and settings."""
        if file.role in ("test", "migration", "script") or file.world.settings.is_other(file.name):
            return
        for called in calls(file, _WORDS):
            yield from self._call(called, file)
        for setting in file.world.settings.of(file.name):
            if setting.name == "DEBUG" and _is_on(setting.value):
                place = file.line_location(setting.line)
                fix = switched_by_environment(file, _value_on(file, setting.line))
                impact, where, advice = _how(setting.value, f"{setting.holder}.DEBUG")
                yield file.diagnostic(self, place, impact=impact, fix=fix, where=where, advice=advice)

    def _call(self, called: Called, file: File) -> Iterator[Diagnostic]:
        names = called.names()
        keyword, position = "debug", 99
        server = next((n for n in names if n in DEBUG_SERVERS), "")
        if server:
            keyword, position = DEBUG_SERVERS[server]
        elif DEBUG_APPLICATIONS.isdisjoint(names):
            return
        value = called.value(keyword, position)
        if value is None or not _is_on(value):
            return
        if value.path and file.world.settings.is_other(value.path):
            return
        block = called.row[Call.BLOCK]
        by_hand = is_main(called.scope, block)
        if is_conditional(called.scope, block) and not by_hand:
            return
        node = call_at(file, file.locate(called.hop))
        fix = switched_by_environment(file, keyword_of(node, keyword) if node is not None else None)
        impact, where, advice = _how(value, f"`{called.label}({keyword}=True)`")
        impact = Impact.LOW if by_hand else impact
        yield file.diagnostic(self, called.hop, impact=impact, fix=fix, where=where, advice=advice)


def _is_on(value: Value) -> bool:
    """Whether a value turns a switch on: ``True``, 1, or any text but an empty one."""
    return isinstance(value.value, bool | int | str) and bool(value.value)


def _how(value: Value, where: str) -> tuple[Impact, str, str]:
    """How bad it is, with the words of the message: a default of the environment is on by neglect only."""
    if isinstance(value.value, str):
        return Impact.MEDIUM, f'{where} with "{value.value}": any text is true', "compare the text"
    if value.variable:
        variable = "the environment" if value.variable == "?" else f"`{value.variable}`"
        return Impact.MEDIUM, f"{where} unless {variable} says otherwise", "make it off by default"
    return Impact.HIGH, where, "read it from the environment"


def _value_on(file: File, line: int) -> ast.expr | None:
    """What the assignment on a line gives a name."""
    statements: list[ast.Assign | ast.AnnAssign] = [
        *file.index.nodes(ast.Assign),
        *file.index.nodes(ast.AnnAssign),
    ]
    return next((node.value for node in statements if node.lineno == line), None)

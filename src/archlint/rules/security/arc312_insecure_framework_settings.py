"""A setting of Django or Flask turns a protection off.

## What it does

Reports settings that production runs with and that are unsafe:

* Django: `ALLOWED_HOSTS = ["*"]`, `SESSION_COOKIE_SECURE = False`, `CSRF_COOKIE_SECURE = False`,
  `SESSION_COOKIE_HTTPONLY = False`, `SameSite` set to `None`, `X_FRAME_OPTIONS = "ALLOWALL"`,
  `PickleSerializer` for sessions, `AUTH_PASSWORD_VALIDATORS = []`, wildcards in
  `CSRF_TRUSTED_ORIGINS`, `SECURE_CONTENT_TYPE_NOSNIFF = False`, a `MIDDLEWARE` without
  `SecurityMiddleware`;
* Flask and its extensions: the cookie flags of sessions, of "remember me" and of JWT cookies,
  `JWT_COOKIE_CSRF_PROTECT = False`, `TESTING = True`; set on `app.config`, in a class or a module.

Layers are resolved by imports and base classes: what a module or class for production sets anew is
judged there, not in the base. What only the environment can make safe again
(`ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])`) has low impact, where the framework's own default is safe.

## Why is this bad?

Each of them is a default that somebody switched off, mostly to get a development server going. What
it protects against (stolen sessions, forged hosts, framed pages) then works in production.

## How to fix

Keep the default in the base settings and loosen it where it is needed:

```python
# settings/base.py
SESSION_COOKIE_SECURE = True
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# settings/dev.py
from .base import *

SESSION_COOKIE_SECURE = False
ALLOWED_HOSTS = ["*"]
```

## Not reported

* Modules and classes for development and tests, told by their names; settings under a condition
  (`if DEBUG:`), but for what is taken where a variable of their kind says nothing; flags that the environment decides and that are off without it as they are in the framework
  (`SESSION_COOKIE_SECURE = env.bool("SECURE", False)`).
* Settings that are missing: `manage.py check --deploy` knows them at run time.
* `ALLOWED_HOSTS = ["*"]` in a project that raises `DisallowedHost` itself.
* A settings module that imports everything from a module outside the repository, but for what the
  environment decides.

Compared with: ruff and bandit have no check of settings.

## References

* Django deployment checklist: <https://docs.djangoproject.com/en/stable/howto/deployment/checklist/>
* Flask, security considerations: <https://flask.palletsprojects.com/en/stable/web-security/>
* CWE-614: <https://cwe.mitre.org/data/definitions/614.html>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ModuleEvent, Rule, on
from archlint.knowledge.security import OFF_IN_FRAMEWORKS, UNSAFE_SETTINGS
from archlint.project.settings.static import Value

if TYPE_CHECKING:
    from archlint.project.file import File

_SECURITY = "django.middleware.security.SecurityMiddleware"
_NAMES = tuple(sorted({key.partition(" ")[2] for key in UNSAFE_SETTINGS} | {"MIDDLEWARE"}))


class InsecureFrameworkSettings(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    answers = ("area D", "dimension 3", "checklist 33", "checklist 34", "checklist 39")
    mentions = _NAMES
    message = "Setting `{name}{value}` is unsafe in production: {why}; {advice}"
    invalid = (
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["*"]  # ARC312
SESSION_COOKIE_SECURE = False  # ARC312
CSRF_COOKIE_SECURE = False
AUTH_PASSWORD_VALIDATORS = []  # ARC312
""",
                "shop/settings/production.py": """\
from .base import *

CSRF_COOKIE_SECURE = True
SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"  # ARC312
""",
            },
            title="Django: base settings that production keeps",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

from shop.env import env_list

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default=["*"])  # ARC312
SESSION_COOKIE_HTTPONLY = os.environ.get("HTTPONLY", "0") == "1"  # ARC312
SESSION_COOKIE_SECURE = os.environ.get("SECURE", "0") == "1"
SECRET_KEY = os.environ["SECRET_KEY"]

if os.path.exists("shop/local_settings.py"):
    from .local_settings import *
""",
                "shop/env.py": """\
import os


def env(name, default=None):
    for key in ["SHOP_" + name, name]:
        value = os.environ.get(key)
        if value is not None:
            return value
    return default


def env_list(name, default=None):
    value = env(name)
    if not value:
        return default or []
    return value.split(",")
""",
            },
            title="what only the environment makes safe again",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
if hosts := os.environ.get("SHOP_HOSTS"):
    ALLOWED_HOSTS = hosts.split(",")
else:
    ALLOWED_HOSTS = ["*"]  # ARC312
""",
            },
            title="what is taken where a variable says nothing",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
if "SHOP_HOSTS" in os.environ and os.environ["SHOP_HOSTS"] != "":
    ALLOWED_HOSTS = os.environ["SHOP_HOSTS"].split(",")
else:
    ALLOWED_HOSTS = ["*"]  # ARC312
""",
            },
            title="what is taken where a variable is missing or empty",
        ),
        Case(
            {
                "shop/settings.py": """\
INSTALLED_APPS = ["shop"]
MIDDLEWARE = [  # ARC312
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "shop.urls"
REST_FRAMEWORK = {"PAGE_SIZE": 20}
X_FRAME_OPTIONS = "ALLOWALL"  # ARC312
"""
            },
            title="Django and DRF: a list without the security middleware",
        ),
        Case(
            """\
from flask import Flask


class ProductionConfig:
    SECRET_KEY = None
    TESTING = True  # ARC312


app = Flask(__name__)
app.config.from_object(ProductionConfig)
app.config["SESSION_COOKIE_HTTPONLY"] = False  # ARC312
app.config["SESSION_COOKIE_SECURE"] = False  # ARC312
""",
            title="Flask",
        ),
    )
    valid = (
        Case(
            {
                "shop/settings/base.py": """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")
SESSION_COOKIE_SECURE = os.environ.get("SECURE", "0") == "1"
SESSION_COOKIE_SECURE = not DEBUG
X_FRAME_OPTIONS = "SAMEORIGIN"
if DEBUG:
    CSRF_COOKIE_SECURE = False
""",
                "shop/settings/local.py": 'from .base import *\n\nALLOWED_HOSTS = ["*"]\n',
                "shop/settings/test_settings.py": "from .base import *\n\nSESSION_COOKIE_SECURE = False\n",
            },
            title="the environment decides; other layers",
        ),
        Case(
            {
                "shop/settings.py": """\
import os

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
if os.environ.get("PRODUCTION"):
    ALLOWED_HOSTS = ["shop.example.org"]
else:
    ALLOWED_HOSTS = ["*"]
""",
            },
            title="a variable chooses the kind of installation",
        ),
        Case(
            {
                "app.py": """\
from flask import Flask


def create_app():
    app = Flask(__name__)
    app.config["SESSION_COOKIE_SECURE"] = False
    app.config.from_prefixed_env()
    return app
""",
                "config.py": """\
class Config:
    SECRET_KEY = None
    TESTING = False
    SESSION_COOKIE_SECURE = True


class TestConfig(Config):
    TESTING = True
    SESSION_COOKIE_SECURE = False
""",
            },
            title="Flask: a default that the environment replaces, a class for tests",
        ),
        Case(
            {
                "shop/settings.py": """\
from shop.middleware import MIDDLEWARE

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["shop.example.com", "*.example.com"]
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = True
""",
                "shop/middleware.py": 'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n',
                "shop/forms.py": "SESSION_COOKIE_SECURE = False\n",
            },
            title="safe values; a name in another module",
        ),
    )

    @on(ModuleEvent)
    def check(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report what the settings of a file say."""
        if file.role in ("test", "migration"):
            return
        for setting in file.world.settings.of(file.name):
            variable, key = setting.value.variable, f"{setting.framework} {setting.name}"
            if variable and key in OFF_IN_FRAMEWORKS:
                continue
            anchor = file.line_location(setting.line)
            known = UNSAFE_SETTINGS.get(key)
            if setting.name == "ALLOWED_HOSTS" and file.world.mentioning("DisallowedHost"):
                continue
            if known is not None and _is_one_of(setting.value, known[0]):
                rest = f" (unless {_named(variable)} says otherwise)" if variable else ""
                yield file.diagnostic(
                    self,
                    anchor,
                    impact=Impact.LOW if variable else self.impact,
                    name=setting.name,
                    value=f" = {_shown(setting.value)}{rest}",
                    why=known[1],
                    advice=known[2],
                )
            elif setting.name == "MIDDLEWARE" and setting.framework == "django" and _lacks(setting.value):
                yield file.diagnostic(
                    self,
                    anchor,
                    name="MIDDLEWARE",
                    value="",
                    why="without `SecurityMiddleware` there is no HTTPS redirect, HSTS or nosniff header",
                    advice=f'add "{_SECURITY}"',
                )


def _named(variable: str) -> str:
    return "the environment" if variable == "?" else variable


def _is_one_of(value: Value, bad: tuple[object, ...]) -> bool:
    for wrong in bad:
        if isinstance(value.value, tuple):
            if wrong == "[]" and not value.value:
                return True
            if isinstance(wrong, str) and wrong[:1] == "*" and wrong[1:] in value.constants:
                return True
        elif type(value.value) is type(wrong) and value.value == wrong:
            return True
    return False


def _shown(value: Value) -> str:
    if isinstance(value.value, tuple):
        return str(list(value.constants)).replace("'", '"')
    return f'"{value.value}"' if isinstance(value.value, str) else str(value.value)


def _lacks(value: Value) -> bool:
    """Whether a list of middleware is wholly known, Django's own, and without the one for security."""
    if not isinstance(value.value, tuple) or any(
        v is None or not isinstance(v.value, str) for v in value.value
    ):
        return False
    names = value.constants
    own = [n for n in names if n.startswith("django.")]
    # A middleware of the project may do the same.
    return len(own) >= 3 and not any("security" in n.lower() or "https" in n.lower() for n in names)

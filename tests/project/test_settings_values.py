"""Static values: what the text of a program fixes, wherever it stands, and what it leaves open."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.project.project import Project
from archlint.project.settings.static import UNSET, Value

CONSTANTS = """\
import os
from functools import partial

import environ
from decouple import config
from pydantic import Field
from starlette.config import Config

env = environ.Env()
starlette = Config(".env")
PLAIN = "a"
JOINED = PLAIN + f"-{PLAIN}"
LISTED = ["x", *["y"]]
READ = os.environ.get("READ", "default")
GETENV = os.getenv("GETENV")
REQUIRED = os.environ["REQUIRED"]
SPLIT = os.getenv("SPLIT", "a, b").split(", ")
BOOL = env.bool("BOOL", default=False)
DECOUPLED = config("DECOUPLED", default="d")
STARLETTE = starlette("STARLETTE", cast=bool, default=True)
FALLBACK = os.environ.get("FALLBACK") or "fallback"
COMPARED = os.environ.get("DEBUG", "1") == "1"
AMONG = os.environ.get("MODE", "live").lower() not in ("dev", "test")
DECIDED = os.environ.get("MODE") == "live"
UNKNOWN = open("file").read()
if READ:
    EITHER = 1
else:
    EITHER = 2
MAPPING = {"inner": {"deep": 3}}
DEEP = MAPPING["inner"]["deep"]


def fixed():
    return "fixed"


CALLED = fixed()
"""

SETTINGS = """\
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[str] = ["*"]
    key: SecretStr = SecretStr("k")
    made: list[str] = Field(default_factory=lambda: ["m"])
    required: str
    replaced: int = 1


class ProductionSettings(Settings):
    replaced: int = 2


class TestSettings(Settings):
    origins: list[str] = ["test"]
    __test__ = False


settings = Settings()
ORIGINS = settings.origins
KEY = settings.key.get_secret_value()
MADE = settings.made
REQUIRED_FIELD = settings.required
REPLACED = settings.replaced
"""


def plain(value: Value | None) -> object:
    """The value without its places; ``...`` when nothing is known."""
    if value is None:
        return ...
    if isinstance(value.value, tuple):
        return [plain(v) for v in value.value]
    return value.value


@pytest.fixture
def project(tree: Path) -> Project:
    (tree / "pyproject.toml").touch()
    (tree / "constants.py").write_text(CONSTANTS)
    (tree / "config.py").write_text(SETTINGS)
    (tree / "again.py").write_text("from constants import PLAIN as OTHER\nfrom constants import *\n")
    return Project(tree)


@pytest.mark.parametrize(
    ("name", "expected", "variable"),
    [
        ("PLAIN", "a", ""),
        ("JOINED", "a-a", ""),
        ("LISTED", ["x", "y"], ""),
        ("READ", "default", "READ"),
        ("GETENV", UNSET, "GETENV"),
        ("REQUIRED", UNSET, "REQUIRED"),
        ("SPLIT", ["a", "b"], "SPLIT"),
        ("BOOL", False, "BOOL"),
        ("DECOUPLED", "d", "DECOUPLED"),
        ("STARLETTE", True, "STARLETTE"),
        ("FALLBACK", "fallback", "FALLBACK"),
        ("COMPARED", True, "DEBUG"),
        ("AMONG", True, "MODE"),
        ("DECIDED", False, "MODE"),
        ("DEEP", 3, ""),
        ("CALLED", "fixed", ""),
    ],
)
def test_constant(project: Project, name: str, expected: object, variable: str):
    found = project.world.values.module_value("constants.py", name)

    assert found is not None
    assert (plain(found), found.variable) == (expected, variable)


@pytest.mark.parametrize("name", ["UNKNOWN", "EITHER"])
def test_what_is_not_fixed_is_unknown(project: Project, name: str):
    assert project.world.values.module_value("constants.py", name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ORIGINS", ["*"]),
        ("KEY", "k"),
        ("MADE", ["m"]),
        ("REQUIRED_FIELD", UNSET),
        ("REPLACED", ...),
    ],
)
def test_field_of_settings(project: Project, name: str, expected: object):
    """A class for tests changes nothing; one for production that says otherwise makes it unknown."""
    assert plain(project.world.values.module_value("config.py", name)) == expected


@pytest.mark.parametrize("name", ["OTHER", "PLAIN"])
def test_through_imports(project: Project, name: str):
    found = project.world.values.module_value("again.py", name)

    assert found is not None
    assert (found.value, found.path, found.line) == ("a", "constants.py", 11)


HELPERS = """\
import json
import os

TRUE = ("1", "true", "on")


def plain(name, default=None):
    return os.environ.get(name, default)


def branches(name, default=False):
    value = os.environ.get(f"APP_{name}")
    if value is None:
        return default
    elif value.lower() in TRUE:
        return True
    else:
        return False


def typed(name, default):
    value = plain(name, default)
    if isinstance(value, bool):
        return value
    return str(value).lower() in TRUE


def assigned(name, default="off"):
    value = os.environ.get(name)
    if not value:
        value = default
    return value in TRUE


def present(name, default):
    if name in os.environ and os.environ[name]:
        return os.environ[name] == "1"
    return default


def tried(name, default=None):
    try:
        text = os.environ[name]
    except KeyError:
        if default is None:
            raise ValueError(name)
        return default
    return json.loads(text)


def looped(name, default):
    for prefix in ("A_", "B_"):
        if os.environ.get(prefix + name):
            return True
    return default


def pure(name, default):
    return default
"""


@pytest.mark.parametrize(
    ("call", "expected", "variable"),
    [
        ('plain("X", "y")', "y", "X"),
        ('plain("X")', UNSET, "X"),
        ('branches("X", True)', True, "APP_X"),
        ('branches("X")', False, "APP_X"),
        ('typed("X", True)', True, "X"),
        ('typed("X", "on")', True, "X"),
        ('assigned("X")', False, "X"),
        ('assigned("X", default="on")', True, "X"),
        ('present("X", 3)', 3, "X"),
        ('tried("X", "t")', "t", "X"),
        ('tried("X")', UNSET, "X"),
        ('looped("X", True)', True, "A_X"),
        ('pure("X", True)', ..., ""),
        ('branches(name="X", default=unknown)', ..., ""),
    ],
)
def test_functions_that_read_the_environment(tree: Path, call: str, expected: object, variable: str):
    (tree / "pyproject.toml").touch()
    (tree / "helpers.py").write_text(HELPERS)
    (tree / "conf.py").write_text(f"from helpers import *\n\nVALUE = {call}\n")

    found = Project(tree).world.values.module_value("conf.py", "VALUE")

    assert plain(found) == expected
    assert found is None or found.variable == variable

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
        ("DECIDED", UNSET, "MODE"),
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

"""What a project's files say about the tools around archlint, and what is missing there.

One list of *steps* serves two commands: ``archlint doctor`` tells which are open, ``archlint
init`` takes them. A step knows the file, why it matters, and the text that the file should have.
"""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import tomlkit
from tomlkit.exceptions import TOMLKitError

import archlint

_REPOSITORY = "https://github.com/archlint/archlint"


@attrs.frozen
class Step:
    """One thing that is missing: where, why, and the whole new text of the file."""

    path: Path
    title: str
    why: str
    text: str


@attrs.frozen
class Trouble:
    """Something that a person must look at."""

    path: Path
    what: str


Found = Step | Trouble


def missing(root: Path) -> list[Found]:
    """Everything that is missing or wrong in the files of a project."""
    found: list[Found] = []
    for look in (_settings, _ruff, _pre_commit, _flake8):
        found += look(root)
    return found


def _settings(root: Path) -> Iterator[Found]:
    path = root / "pyproject.toml"
    yield from _edited(
        path,
        "a table [tool.archlint]",
        "it makes this directory the root of the project and holds the settings",
        _with_table,
    )


def _with_table(document: tomlkit.TOMLDocument) -> bool:
    tool = document.get("tool")
    if tool is not None and "archlint" in tool:
        return False
    table = tomlkit.table()
    table.add(tomlkit.comment('select = ["ARC"]'))
    if tool is None:
        tool = tomlkit.table(is_super_table=True)
        document["tool"] = tool
    tool["archlint"] = table
    return True


def _ruff(root: Path) -> Iterator[Found]:
    """Ruff deletes the suppression comments of codes that it does not know."""
    why = "without it ruff removes `# noqa: ARC...` comments as unused"
    for name in ("ruff.toml", ".ruff.toml"):
        if (root / name).exists():
            yield from _edited(root / name, 'lint.external = ["ARC"]', why, _external)
            return
    path = root / "pyproject.toml"
    if "ruff" in _toml(path).get("tool", {}) or _uses_ruff(root):
        yield from _edited(
            path,
            'ruff\'s lint.external = ["ARC"]',
            why,
            lambda document: _external(_inner(_inner(document, "tool"), "ruff")),
        )


def _uses_ruff(root: Path) -> bool:
    config = root / ".pre-commit-config.yaml"
    return "ruff" in _read(config)


def _inner(table: Any, name: str) -> Any:
    if name not in table:
        table[name] = tomlkit.table(is_super_table=True)
    return table[name]


def _external(table: Any) -> bool:
    lint = table.get("lint", {})
    known = list(lint.get("external", table.get("external", ())))
    if "ARC" in known:
        return False
    if "lint" not in table:
        table["lint"] = tomlkit.table()
    external = table["lint"].get("external")
    if external is None:
        table["lint"]["external"] = ["ARC"]
    else:
        external.append("ARC")
    return True


def _edited(path: Path, title: str, why: str, edit: Callable[[Any], bool]) -> Iterator[Found]:
    """The step that an edit of a TOML file amounts to."""
    text = _read(path)
    try:
        document = tomlkit.parse(text)
        changed = edit(document)
    except (TOMLKitError, AttributeError, TypeError) as error:
        yield Trouble(path, f"cannot be read as TOML: {error}")
        return
    if changed:
        yield Step(path, title, why, tomlkit.dumps(document))


_HOOK = f"""\
  - repo: {_REPOSITORY}
    rev: v{archlint.__version__}
    hooks:
      - id: archlint
"""


def _pre_commit(root: Path) -> Iterator[Found]:
    path = root / ".pre-commit-config.yaml"
    text = _read(path)
    if not text or "archlint" in text:
        return
    if "\nrepos:" not in f"\n{text}":
        yield Trouble(path, "has no list `repos`; add the hook `archlint` by hand")
        return
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("repos:"))
    end = next(
        (n for n in range(start + 1, len(lines)) if lines[n][:1] not in (" ", "-", "#", "\n", "\r")),
        len(lines),
    )
    flush_left = any(line.startswith("- repo") for line in lines[start:end])
    hook = "".join(line[2:] for line in _HOOK.splitlines(keepends=True)) if flush_left else _HOOK
    before = "".join(lines[:end])
    joint = "" if before.endswith("\n") else "\n"
    why = "every commit is reviewed"
    yield Step(path, "the hook `archlint`", why, before + joint + hook + "".join(lines[end:]))


def _flake8(root: Path) -> Iterator[Found]:
    """flake8 with a list of selected codes leaves out those of plugins."""
    for name, section in (("setup.cfg", "flake8"), ("tox.ini", "flake8"), (".flake8", "flake8")):
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(_read(root / name))
        except configparser.Error as error:
            yield Trouble(root / name, f"cannot be read: {error.message}")
            continue
        if not parser.has_section(section):
            continue
        select = parser.get(section, "select", fallback="")
        if select and "ARC" not in select:
            yield Trouble(root / name, "flake8's `select` leaves out ARC; add it, or use `extend-select`")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""

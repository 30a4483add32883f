"""What a project's files say about the tools around archlint, and what is missing there.

One list of *steps* serves two commands: ``archlint doctor`` tells which are open, ``archlint
init`` takes them. A step knows the file, why it matters, and the text that the file should have.
"""

from __future__ import annotations

import configparser
import copy
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import tomlkit
from tomlkit.exceptions import TOMLKitError


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
#: The way to a value in a TOML document.
Keys = tuple[str, ...]


def missing(root: Path) -> list[Found]:
    """Everything that is missing or wrong in the files of a project."""
    found: list[Found] = []
    for look in (_settings, _ruff, _pre_commit, _flake8):
        try:
            found += look(root)
        except _UnreadableError as error:
            # Two look into pyproject.toml.
            found += [error.trouble] if error.trouble not in found else []
    return found


class _UnreadableError(Exception):
    """A file that must be left alone."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what)
        self.trouble = Trouble(path, what)


def _settings(root: Path) -> Iterator[Found]:
    path = root / "pyproject.toml"
    text = _read(path)
    if "archlint" in _table(_toml(path, text), ("tool",)):
        return
    why = "it makes this directory the root of the project and holds the settings"
    new = _with_table(text, "tool.archlint", '# select = ["ARC"]')
    yield _toml_step(path, "a table [tool.archlint]", why, text, new, (("tool", "archlint"), {}))


def _ruff(root: Path) -> Iterator[Found]:
    """Ruff deletes the suppression comments of codes that it does not know."""
    own = next((root / name for name in (".ruff.toml", "ruff.toml") if (root / name).exists()), None)
    path, prefix = (root / "pyproject.toml", ("tool", "ruff")) if own is None else (own, ())
    text = _read(path)
    document = _toml(path, text)
    if own is None and "ruff" not in _table(document, ("tool",)) and not _uses_ruff(root):
        return
    place = _place_of_external(document, prefix)
    known = _table(document, place[:-1]).get("external", [])
    if not isinstance(known, list) or "ARC" in known:
        return
    why = "without it ruff removes `# noqa: ARC...` comments as unused"
    title = 'lint.external = ["ARC"]' if own else 'ruff\'s lint.external = ["ARC"]'
    new = _with_external(text, place, there=bool(_table(document, place[:-1])))
    yield _toml_step(path, title, why, text, new, (place, [*known, "ARC"]))


def _uses_ruff(root: Path) -> bool:
    return "ruff" in _read(root / ".pre-commit-config.yaml")


def _place_of_external(document: dict[str, Any], prefix: Keys) -> Keys:
    """Where ruff's list stands or should stand: in the table of the linter, or, of old, above it."""
    inner = (*prefix, "lint")
    is_old = "external" in _table(document, prefix) and "external" not in _table(document, inner)
    return (*prefix, "external") if is_old else (*inner, "external")


def _with_external(text: str, place: Keys, *, there: bool) -> str:
    if not there:
        return _with_table(text, ".".join(place[:-1]), 'external = ["ARC"]')
    document = tomlkit.parse(text)
    table: Any = document
    for key in place[:-1]:
        table = table[key]
    if "external" in table:
        table["external"].append("ARC")
    else:
        table["external"] = ["ARC"]
    return tomlkit.dumps(document)


def _with_table(text: str, name: str, line: str) -> str:
    """The text with one more table at its end."""
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    return f"{before}[{name}]\n{line}\n"


def _toml_step(path: Path, title: str, why: str, old: str, new: str, change: tuple[Keys, Any]) -> Found:
    """The step to a new text, if that says what the old one says and the change, and nothing else."""
    place, value = change
    wanted = copy.deepcopy(_toml(path, old))
    table = wanted
    for key in place[:-1]:
        table = table.setdefault(key, {})
    table[place[-1]] = value
    try:
        right = tomllib.loads(new) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if right:
        return Step(path, title, why, new)
    return Trouble(path, f"{title} is missing: {why}; add it by hand")


#: Runs the archlint that is installed: where it came from, a repository or an index, is not known here.
_HOOK = """\
  - repo: local
    hooks:
      - id: archlint
        name: archlint
        entry: archlint check --force-exclude
        language: system
        types_or: [python, pyi]
        require_serial: true
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
    if lines[start].partition(":")[2].partition("#")[0].strip():
        yield Trouble(path, "has its `repos` on one line; add the hook `archlint` by hand")
        return
    end = _end_of_list(lines, start)
    flush_left = any(line.startswith("- ") for line in lines[start:end])
    hook = "".join(line[2:] for line in _HOOK.splitlines(keepends=True)) if flush_left else _HOOK
    before = "".join(lines[:end])
    joint = "" if before.endswith("\n") else "\n"
    why = "every commit is reviewed"
    yield Step(path, "the hook `archlint`", why, before + joint + hook + "".join(lines[end:]))


def _end_of_list(lines: Sequence[str], start: int) -> int:
    """Where the list that begins on a line ends; remarks before what follows belong to that."""
    inside = [number for number in range(start, len(lines)) if lines[number][:1] in (" ", "-")]
    following = (number for number in range(start + 1, len(lines)) if lines[number][:1] not in " -#\n")
    end = next(following, len(lines))
    return max((number for number in inside if number < end), default=start) + 1


_SELECT = re.compile(r"^select[ \t]*[=:][ \t]*(?P<value>.*(?:\n[ \t]+.*)*)", re.MULTILINE)


def _flake8(root: Path) -> Iterator[Found]:
    """flake8 with a list of selected codes leaves out those of plugins."""
    for path in (root / "setup.cfg", root / "tox.ini", root / ".flake8"):
        text = _read(path)
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(text)
        except configparser.Error as error:
            yield Trouble(path, f"cannot be read: {error.message}")
            continue
        select = parser.get("flake8", "select", fallback="")
        if not select or re.search(r"\bARC\d*\b", select):
            continue
        title, why = "ARC in flake8's `select`", "flake8 shows selected codes only"
        new = _with_selected(text, ", " if ", " in select else ",")
        changed = configparser.ConfigParser(interpolation=None)
        changed.read_string(new)
        if "ARC" in changed.get("flake8", "select"):
            yield Step(path, title, why, new)
        else:
            yield Trouble(path, f"{title} is missing: {why}; add it by hand")


def _with_selected(text: str, separator: str) -> str:
    """The text with one code more in the list of selected codes."""
    section = re.search(r"^\[flake8\]", text, re.MULTILINE)
    found = _SELECT.search(text, section.end()) if section is not None else None
    if found is None:
        return text
    lines = found["value"].rstrip().splitlines()
    if len(lines) > 1:
        margin = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())]
        addition = (
            f"\n{margin}ARC" if lines[-1].endswith(",") or "," not in found["value"] else f",\n{margin}ARC"
        )
    else:
        addition = f"{separator}ARC"
    at = found.start("value") + len(found["value"].rstrip())
    return text[:at] + addition + text[at:]


def _table(document: dict[str, Any], place: Keys) -> dict[str, Any]:
    """A table inside a document; empty if there is none."""
    found: Any = document
    for key in place:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        tomlkit.parse(text)
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise _UnreadableError(path, f"cannot be read as TOML: {error}") from error


def _read(path: Path) -> str:
    """The text of a file with plain line ends; empty if there is no such file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _UnreadableError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _UnreadableError(path, "is not UTF-8") from error

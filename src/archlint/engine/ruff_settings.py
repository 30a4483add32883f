"""Which of its rules a project's ruff runs on a file, as ruff's own settings say; ruff is not run.

The nearest ``.ruff.toml``, ``ruff.toml`` or ``pyproject.toml`` with a table ``[tool.ruff]`` counts,
with what it ``extend``s. What ruff runs where nothing is selected differs from version to version:
then only what all of them run is taken for granted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from archlint.engine.patterns import PatternSet

_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_DEFAULT = ("E4", "E7", "E9", "F")
_PARTS = re.compile(r"([A-Z]+)([0-9]*)$")
#: So deep no chain of `extend` goes that is no circle.
_DEPTH = 10


class _Layer(NamedTuple):
    """What one settings file selects; ``None`` leaves it to the file that it extends."""

    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@attrs.frozen
class RuffSettings:
    """The part of ruff's settings that decides what it reports where."""

    layers: tuple[_Layer, ...] = ()
    #: Pattern, base directory and selectors of each `per-file-ignores`.
    per_file: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()

    def reports(self, code: str, path: str) -> bool:
        """Whether ruff reports a code in a file."""
        return self._selected(code) and not self._ignored(code, path) and not self._excluded(path)

    def _selected(self, code: str) -> bool:
        chosen = any(_specificity(word, code) for word in _DEFAULT)
        for layer in self.layers:
            if layer.select is not None:
                chosen = False
            wanted = _strongest((*(layer.select or ()), *layer.extend), code)
            unwanted = _strongest(layer.ignore, code)
            if wanted or unwanted:
                chosen = wanted > unwanted
        return chosen

    def _ignored(self, code: str, path: str) -> bool:
        return any(
            _strongest(words, code) and _matches(pattern.lstrip("!"), base, path) != pattern.startswith("!")
            for pattern, base, words in self.per_file
        )

    def _excluded(self, path: str) -> bool:
        return any(PatternSet([pattern], base).matches_any_part(path) for pattern, base in self.excluded)


def _matches(pattern: str, base: str, path: str) -> bool:
    return PatternSet([pattern], base).matches(path.rpartition("/")[2], path)


def _strongest(words: Sequence[str], code: str) -> int:
    return max((_specificity(word, code) for word in words), default=0)


def _specificity(word: str, code: str) -> int:
    """How exactly a selector names a code; 0 if it does not. ``S`` names S105, but not SIM105."""
    if word == "ALL":
        return 1
    own, other = _PARTS.match(word), _PARTS.match(code)
    named = own and other and own[1] == other[1] and other[2].startswith(own[2])
    return len(own[2]) + 2 if own and named else 0


class RuffFinder:
    """Finds ruff's settings of a directory, reading every file once."""

    def __init__(self) -> None:
        self._known: dict[Path, RuffSettings | None] = {}

    def of(self, directory: Path) -> RuffSettings | None:
        """The settings for the files in a directory; ``None`` where ruff is not set up."""
        if directory not in self._known:
            self._known[directory] = self._find(directory)
        return self._known[directory]

    def _find(self, directory: Path) -> RuffSettings | None:
        for name in _FILES:
            table = _table(directory / name)
            if table is not None:
                return _made(_chain(directory / name, table))
        return None if directory.parent == directory else self.of(directory.parent)


def _table(path: Path) -> Mapping[str, Any] | None:
    """Ruff's settings in a file; ``None`` if there are none, or none that can be read."""
    try:
        document: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    if path.name == "pyproject.toml":
        document = _inner(document, "tool").get("ruff")
    return document if isinstance(document, dict) else None


def _chain(path: Path, table: Mapping[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    """A settings file and those that it extends, the farthest first."""
    chain = [(path, table)]
    while isinstance(extended := chain[0][1].get("extend"), str) and len(chain) < _DEPTH:
        path = (chain[0][0].parent / Path(extended).expanduser()).resolve()
        chain.insert(0, (path, _table(path) or {}))
    return chain


def _made(chain: Sequence[tuple[Path, Mapping[str, Any]]]) -> RuffSettings:
    found = RuffSettings()
    for path, table in chain:
        base = path.parent.as_posix()
        # Before there was a table for the linter, everything stood in one.
        lint = {**table, **_inner(table, "lint")}
        found = attrs.evolve(
            found,
            layers=(*found.layers, _layer(lint)),
            per_file=(
                *(() if "per-file-ignores" in lint else found.per_file),
                *_ignores(lint, "per-file-ignores", base),
                *_ignores(lint, "extend-per-file-ignores", base),
            ),
            excluded=(
                *found.excluded,
                *((pattern, base) for key in ("exclude", "extend-exclude") for pattern in _words(table, key)),
                *((pattern, base) for pattern in _words(_inner(table, "lint"), "exclude")),
            ),
        )
    return found


def _layer(lint: Mapping[str, Any]) -> _Layer:
    select = _words(lint, "select") if "select" in lint else None
    ignore = (*_words(lint, "ignore"), *_words(lint, "extend-ignore"))
    return _Layer(select, _words(lint, "extend-select"), ignore)


def _ignores(lint: Mapping[str, Any], key: str, base: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for pattern in (patterns := _inner(lint, key)):
        yield pattern, base, _words(patterns, pattern)


def _inner(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = table.get(key)
    return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()

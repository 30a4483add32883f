"""Path patterns of the settings: ruff's globs, for ``exclude`` and ``per-file-ignores``."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence


@functools.lru_cache(maxsize=1024)
def translate(pattern: str, *, crossing: bool) -> str:
    """The regular expression of a glob; ``crossing`` lets ``*`` and ``?`` match a slash."""
    single = "." if crossing else "[^/]"
    out: list[str] = []
    index = 0
    while index < len(pattern):
        part, index = _translate_one(pattern, index, single)
        out.append(part)
    return "".join(out)


def _translate_one(pattern: str, index: int, single: str) -> tuple[str, int]:
    """One element of a glob as a regular expression, and where the next one starts."""
    char = pattern[index]
    if pattern.startswith("**/", index) and (index == 0 or pattern[index - 1] == "/"):
        return "(?:.*/)?", index + 3
    if pattern.startswith("/**", index) and index + 3 == len(pattern):
        return "/.+", index + 3
    if char == "*":
        end = index
        while end < len(pattern) and pattern[end] == "*":
            end += 1
        return f"{single}*", end
    if char == "?":
        return single, index + 1
    if char == "[":
        return _character_class(pattern, index)
    if char == "\\" and index + 1 < len(pattern):
        return re.escape(pattern[index + 1]), index + 2
    return re.escape(char), index + 1


def _character_class(pattern: str, index: int) -> tuple[str, int]:
    start = index + 2 if pattern[index + 1 : index + 2] in {"!", "^"} else index + 1
    end = pattern.find("]", start + 1)
    if end < 0:
        return re.escape("["), index + 1
    body = pattern[start:end].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    negated = "^" if start == index + 2 else ""
    return f"[{negated}{body}]", end + 1


class PatternSet:
    """Globs of the settings: each matches a base name or, holding a slash, a path below ``base``."""

    def __init__(self, patterns: Sequence[str], base: str) -> None:
        cleaned = [pattern.rstrip("/") or pattern for pattern in patterns]
        names = [pattern for pattern in cleaned if "/" not in pattern]
        paths = [_absolute(pattern, base) for pattern in cleaned if "/" in pattern]
        # Most patterns are plain names: a set answers them all at once.
        self._literals = frozenset(name for name in names if not _MAGIC.search(name))
        self._name = _alternatives([name for name in names if _MAGIC.search(name)])
        self._path = _alternatives(paths)

    def matches(self, name: str, path: str) -> bool:
        """Whether the absolute path, of which ``name`` is the last part, is meant itself."""
        if name in self._literals:
            return True
        if self._name is not None and self._name.fullmatch(name):
            return True
        return self._path is not None and self._path.fullmatch(path) is not None

    def matches_any_part(self, path: str) -> bool:
        """Whether the absolute path or a directory it lies in is meant."""
        while True:
            parent, _, name = path.rpartition("/")
            if self.matches(name, path):
                return True
            if not parent:
                return False
            path = parent


_MAGIC = re.compile(r"[*?\[\\]")


def _alternatives(patterns: Sequence[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{translate(pattern, crossing=True)})" for pattern in patterns))


def _absolute(pattern: str, base: str) -> str:
    if pattern.startswith("/"):
        return pattern
    escaped = re.sub(r"([*?\[\\])", r"\\\1", base.rstrip("/"))
    return f"{escaped}/{pattern.removeprefix('./')}"

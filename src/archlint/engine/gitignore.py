"""The patterns of a ``.gitignore`` file, as git documents them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from archlint.engine.patterns import translate


class _GitPattern(NamedTuple):
    """One line of the file."""

    match: re.Pattern[str]
    negated: bool
    directory_only: bool


class GitIgnore:
    """One ``.gitignore`` file: says whether a path below its directory is ignored."""

    def __init__(self, directory: str, lines: Sequence[str]) -> None:
        self.directory = directory
        self._prefix = len(directory.rstrip("/")) + 1
        self._patterns = [pattern for line in lines if (pattern := _git_pattern(line))]

    @classmethod
    def read(cls, directory: str, name: str = ".gitignore") -> GitIgnore | None:
        """The file of a directory; ``None`` if there is none or it cannot be read."""
        try:
            with open(os.path.join(directory, name), encoding="utf-8-sig", errors="replace") as file:  # noqa: PTH118, PTH123 - called for every directory of a tree
                lines = file.read().splitlines()
        except OSError:
            return None
        found = cls(directory, lines)
        return found if found._patterns else None

    def verdict(self, path: str, *, is_directory: bool) -> bool | None:
        """Ignored, kept by a ``!`` pattern, or nothing said; the last pattern that matches decides."""
        relative = path[self._prefix :]
        for pattern in reversed(self._patterns):
            if (is_directory or not pattern.directory_only) and pattern.match.fullmatch(relative):
                return not pattern.negated
        return None


def _git_pattern(line: str) -> _GitPattern | None:
    line = _without_trailing_blanks(line)
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    body = line[1:] if negated else line
    directory_only = body.endswith("/")
    body = body.rstrip("/")
    if not body:
        return None
    anchored = "/" in body
    body = body.removeprefix("/")
    regex = translate(body, crossing=False)
    try:
        compiled = re.compile(regex if anchored else f"(?:.*/)?{regex}")
    except re.error:
        return None
    return _GitPattern(compiled, negated, directory_only)


def _without_trailing_blanks(line: str) -> str:
    stripped = line.rstrip("\r\n").rstrip(" ")
    # A backslash keeps one blank, as git documents.
    return stripped + " " if stripped.endswith("\\") and len(stripped) < len(line) else stripped

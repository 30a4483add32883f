"""Known findings: a file of them hides them, so that only new ones are told.

An entry names the code, the path, the enclosing function or class and the text of the line with
its spacing evened out, and how often that occurs. There is no line number in it: moved code stays
known, changed code does not.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import SettingsError

_VERSION = 1


class Key(NamedTuple):
    """What makes two findings the same."""

    path: str
    code: str
    symbol: str
    text: str


class Reading(NamedTuple):
    """How the files of findings are read and called."""

    #: The lines of a reported path.
    lines: Callable[[str], Sequence[str]]
    #: The directory that paths in the baseline start from.
    base: Path

    def key(self, found: Diagnostic) -> Key:
        """The key of a finding; its path has forward slashes on every system."""
        source = self.lines(found.location.path)
        row = found.location.line
        text = source[row - 1] if 0 < row <= len(source) else ""
        return Key(self.name(found.location.path), found.code, found.symbol, " ".join(text.split()))

    def name(self, path: str) -> str:
        """What the baseline calls a reported path."""
        return os.path.relpath(os.path.abspath(path), self.base).replace(os.sep, "/")  # noqa: PTH100


@attrs.define
class Baseline:
    """How many findings of each key are known."""

    counts: Counter[Key] = attrs.field(factory=Counter)

    @classmethod
    def of(cls, found: Iterable[Diagnostic], reading: Reading) -> Baseline:
        """The baseline that knows exactly these findings."""
        return cls(Counter(reading.key(diagnostic) for diagnostic in found))

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline in a file; raises ``SettingsError`` when it cannot be used."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            return cls(Counter(dict(map(_entry, _entries(document)))))
        except OSError as error:
            raise SettingsError(
                f"{path}: cannot be read: {error.strerror}; make it with `archlint baseline -o {path}`"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"{path}: not a baseline of this version; make it anew with `archlint baseline -o {path}`"
            ) from error

    def text(self) -> str:
        """The file, in a fixed order, one entry on a line, so that versions compare well."""
        rows = [json.dumps({**key._asdict(), "count": count}) for key, count in sorted(self.counts.items())]
        body = ",\n  ".join(rows)
        inner = f"\n  {body}\n " if rows else ""
        return f'{{"version": {_VERSION},\n "findings": [{inner}]}}\n'

    def new(self, found: Sequence[Diagnostic], reading: Reading) -> list[Diagnostic]:
        """The findings that are not known; of equals, as many of the last as there are too many."""
        left = Counter(self.counts)
        fresh = []
        for diagnostic in found:
            key = reading.key(diagnostic)
            if left[key] > 0:
                left[key] -= 1
            else:
                fresh.append(diagnostic)
        return fresh

    def gone(self, found: Iterable[Diagnostic], reading: Reading, paths: Iterable[str]) -> int:
        """How many findings known of these files there are no more."""
        present = Counter(reading.key(diagnostic) for diagnostic in found)
        looked_at = {reading.name(path) for path in paths}
        return sum(count for key, count in (self.counts - present).items() if key.path in looked_at)

    def renewed(self, present: Baseline, paths: Iterable[str], reading: Reading, *, prune: bool) -> Baseline:
        """This baseline after a look at some files: what was found there counts, of others what there was.

        With ``prune`` nothing is taken in that was not known. Files that are gone are forgotten.
        """
        looked_at = {reading.name(path) for path in paths}
        found = present.counts & self.counts if prune else present.counts
        others = {
            key: count
            for key, count in self.counts.items()
            if key.path not in looked_at and (reading.base / key.path).exists()
        }
        return Baseline(found + Counter(others))


def _entries(document: Any) -> list[Any]:
    if document["version"] != _VERSION or not isinstance(document["findings"], list):
        raise ValueError("unknown version")
    return list(document["findings"])


def _entry(row: Any) -> tuple[Key, int]:
    return Key(str(row["path"]), str(row["code"]), str(row["symbol"]), str(row["text"])), int(row["count"])

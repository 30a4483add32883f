"""The summaries of a project in memory: those in use open, the others folded to a few bytes a line."""

from __future__ import annotations

import marshal
import zlib
from contextlib import suppress

from archlint.model.summary import Summary

#: Bytes for each row of an open summary, measured over several projects.
_ROW = 600
#: The fastest level: a summary is full of repetition, the slower ones gain little.
_LEVEL = 1


class Shelf:
    """Summaries by the name of their file.

    An open summary costs about 450 bytes for each line of its file, a folded one about 20. The
    folded form never leaves the process, so that ``marshal`` may serve.
    """

    def __init__(self) -> None:
        self._open: dict[str, Summary] = {}
        self._folded: dict[str, bytes] = {}
        #: What the open ones take, in bytes, about.
        self.weight = 0

    def __contains__(self, path: str) -> bool:
        return path in self._open or path in self._folded

    def get(self, path: str) -> Summary | None:
        """The summary of a file, opened if need be."""
        found = self._open.get(path)
        if found is None and (folded := self._folded.get(path)) is not None:
            found = Summary.from_json(marshal.loads(zlib.decompress(folded)))  # noqa: S302 - our own, made below
            self._take(path, found)
        return found

    def put(self, path: str, summary: Summary) -> None:
        """Keep the summary of a file, instead of an earlier one."""
        self.drop(path)
        self._take(path, summary)

    def drop(self, path: str) -> None:
        """Forget the summary of a file."""
        self._folded.pop(path, None)
        if (old := self._open.pop(path, None)) is not None:
            self.weight -= weight_of(old)

    def fold(self, path: str) -> None:
        """Fold the summary of a file that is not needed for now."""
        summary = self._open.get(path)
        if summary is None:
            return
        if path not in self._folded:
            # One that is nested too deeply stays open.
            with suppress(ValueError):
                self._folded[path] = zlib.compress(marshal.dumps(summary.to_json()), _LEVEL)
        if path in self._folded:
            del self._open[path]
            self.weight -= weight_of(summary)

    def fold_all(self) -> None:
        """Fold all of them."""
        for path in tuple(self._open):
            self.fold(path)

    def _take(self, path: str, summary: Summary) -> None:
        self._open[path] = summary
        self.weight += weight_of(summary)


def weight_of(summary: Summary) -> int:
    """What an open summary takes, in bytes, about."""
    return _ROW * sum(
        len(scope.calls) + len(scope.reads) + len(scope.binds) + len(scope.stores) + len(scope.blocks)
        for scope in summary.scopes
    )

"""The summaries of a project in memory: those in use open, the others folded to a few bytes a line."""

from __future__ import annotations

from contextlib import suppress

from archlint.model.summary import Summary

#: Bytes for each row of an open scope, measured over several projects.
_ROW = 600
#: Bytes for each byte of folded rows: some of them will be asked for.
_FOLDED = 2


class Shelf:
    """Summaries by the name of their file.

    A summary whose rows have all been read costs about 450 bytes for each line of its file, a folded
    one about 20. The folded form never leaves the process.
    """

    def __init__(self) -> None:
        self._open: dict[str, Summary] = {}
        self._weights: dict[str, int] = {}
        self._folded: dict[str, bytes] = {}
        #: What the open ones take, in bytes, about.
        self.weight = 0

    def __contains__(self, path: str) -> bool:
        return path in self._open or path in self._folded

    def get(self, path: str) -> Summary | None:
        """The summary of a file, opened if need be."""
        found = self._open.get(path)
        if found is None and (folded := self._folded.get(path)) is not None:
            found = Summary.unfold(folded)
            self._take(path, found)
        return found

    def put(self, path: str, summary: Summary) -> None:
        """Keep the summary of a file, instead of an earlier one."""
        self.drop(path)
        self._take(path, summary)

    def drop(self, path: str) -> None:
        """Forget the summary of a file."""
        self._folded.pop(path, None)
        self._close(path)

    def fold(self, path: str) -> None:
        """Fold the summary of a file that is not needed for now."""
        summary = self._open.get(path)
        if summary is None:
            return
        if path not in self._folded:
            # One that is nested too deeply stays open.
            with suppress(ValueError):
                self._folded[path] = summary.fold()
        if path in self._folded:
            self._close(path)

    def fold_all(self) -> None:
        """Fold all of them."""
        for path in tuple(self._open):
            self.fold(path)

    def _take(self, path: str, summary: Summary) -> None:
        self._open[path] = summary
        self._weights[path] = weight_of(summary)
        self.weight += self._weights[path]

    def _close(self, path: str) -> None:
        if self._open.pop(path, None) is not None:
            self.weight -= self._weights.pop(path)


def weight_of(summary: Summary) -> int:
    """What an open summary takes, in bytes, about."""
    return sum(
        _FOLDED * len(scope.folded)
        if scope.folded is not None
        else _ROW
        * (len(scope.calls) + len(scope.reads) + len(scope.binds) + len(scope.stores) + len(scope.blocks))
        for scope in summary.scopes
    )

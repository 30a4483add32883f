"""The summaries of a project in memory: what is in use open, the rest folded to a few bytes a line."""

from __future__ import annotations

from contextlib import suppress

from archlint.model.summary import OpenScopes, Summary

#: Bytes for a scope whose rows are closed, beside these.
_SCOPE = 400
#: Summaries of a small project stay at hand with closed rows: to fold them takes longer than to lower them.
_AT_HAND = 24 << 20


class Shelf:
    """Summaries by the name of their file.

    A summary whose rows are all open costs about 400 bytes for each line of its file, one with closed rows
    about 100, a folded one about 25. Neither folded form leaves the process.
    """

    def __init__(self) -> None:
        self._open: dict[str, Summary] = {}
        self._weights: dict[str, int] = {}
        self._folded: dict[str, bytes] = {}
        self._rows = OpenScopes()
        self._closed = 0

    def __contains__(self, path: str) -> bool:
        return path in self._open or path in self._folded

    @property
    def weight(self) -> int:
        """What the summaries take that are not folded, in bytes, about."""
        return self._closed + self._rows.weight

    @property
    def rows(self) -> int:
        """What the open rows take of it."""
        return self._rows.weight

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
        self._forget(path)

    def put_away(self, path: str) -> None:
        """Make the summary of a file small, which is not needed for now."""
        summary = self._open[path]
        self._rows.close(summary.scopes)
        if self._closed > _AT_HAND:
            self._fold(path)

    def close_rows(self) -> None:
        """Close all rows; whoever needs one opens it again."""
        self._rows.close_all()

    def fold_all(self) -> None:
        """Fold all of them."""
        for path in tuple(self._open):
            self._fold(path)

    def _fold(self, path: str) -> None:
        if path not in self._folded:
            # One that is nested too deeply stays open.
            with suppress(ValueError):
                self._folded[path] = self._open[path].fold()
        if path in self._folded:
            self._forget(path)

    def _take(self, path: str, summary: Summary) -> None:
        self._open[path] = summary
        weight = 0
        for scope in summary.scopes:
            scope.shelf = self._rows
            if scope.folded is None:
                self._rows.add(scope)
            weight += _SCOPE + scope.closed_weight
        self._weights[path] = weight
        self._closed += weight

    def _forget(self, path: str) -> None:
        summary = self._open.pop(path, None)
        if summary is not None:
            self._closed -= self._weights.pop(path)
            self._rows.forget(summary.scopes)

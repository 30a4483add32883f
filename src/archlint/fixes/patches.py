"""Edits on texts: where they lie, which of them can be made together, and the text after them."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence

from archlint.core.diagnostic import Edit, Location

Span = tuple[int, int]


def split(text: str) -> list[str]:
    """The lines of a text as Python counts them, with their own line ends."""
    return io.StringIO(text, newline="").readlines()


def spans(text: str, edits: Iterable[Edit]) -> list[Span]:
    """Where in a text the edits lie, as offsets of characters."""
    starts = [0]
    for line in split(text):
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        return min(starts[line - 1] + column, len(text)) if line <= len(starts) else len(text)

    places = [edit.location for edit in edits]
    return [(offset(at.line, at.column), offset(at.end_line, at.end_column)) for at in places]


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits that do not overlap; insertions at one place stay in their order."""
    ordered = sorted(zip(spans(text, edits), range(len(edits)), strict=True), reverse=True)
    for (start, end), index in ordered:
        text = text[:start] + edits[index].content + text[end:]
    return text


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share text; an insertion shares none with what begins or ends there."""
    return one[0] < other[1] and other[0] < one[1]


class Taken:
    """Spans that do not meet one another, and whether another one meets any of them."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._points: list[int] = []

    def add(self, span: Span) -> None:
        """Take a span that meets none of the others."""
        if span[0] < span[1]:
            insort(self._spans, span)
        else:
            insort(self._points, span[0])

    def meets(self, span: Span) -> bool:
        """Whether a span overlaps one of them; see ``overlap``."""
        at = bisect_left(self._spans, span)
        if any(overlap(span, other) for other in self._spans[max(at - 1, 0) : at + 1]):
            return True
        at = bisect_right(self._points, span[0])
        return at < len(self._points) and self._points[at] < span[1]


def indent(lines: Sequence[str], at: Location) -> str:
    """The white space that the line of a place begins with."""
    line = lines[at.line - 1]
    return line[: len(line) - len(line.lstrip())]

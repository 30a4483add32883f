"""Source frames: the lines around a span, with marks under it.

A frame is a list of rows; a row is what stands left of the bar (a line number, or nothing) and
what stands right of it. The widths of all frames of one finding agree, so rows are joined late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from archlint.core.diagnostic import Location
from archlint.output.paint import Paint, visible, width

#: Longer lines are cut to a window around the mark.
WINDOW = 140
#: Longer spans keep their first lines and their last one.
TALLEST = 8
ELLIPSIS = "…"


@attrs.frozen
class Row:
    """One line of a frame; ``number`` is empty for rows that hold marks."""

    number: str
    text: str


@attrs.frozen
class Mark:
    """How a span is marked: its character, its label and its colour."""

    character: str
    label: str = ""
    main: bool = True

    def drawn(self, paint: Paint, text: str) -> str:
        """The text in the colour of the mark."""
        return paint.code(text) if self.main else paint.frame(text)


def frame(lines: Sequence[str], location: Location, mark: Mark, around: int, paint: Paint) -> list[Row]:
    """The rows for one span, with up to ``around`` lines before and after; nothing if it is not there."""
    first, last = location.line, min(location.end_line, len(lines))
    if not 1 <= first <= last:
        return []
    before, after = _surroundings(lines, first, last, around)
    if first == last:
        return _flat(lines, location, mark, (before, after), paint)
    return _tall(lines, location, mark, (before, after), paint)


def _text(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].rstrip("\r\n")


def _surroundings(lines: Sequence[str], first: int, last: int, around: int) -> tuple[range, range]:
    """The lines before and after the span, without empty ones at the edges of the frame."""
    low, high = max(1, first - around), min(len(lines), last + around)
    while low < first and not _text(lines, low).strip():
        low += 1
    while high > last and not _text(lines, high).strip():
        high -= 1
    return range(low, first), range(last + 1, high + 1)


def _flat(
    lines: Sequence[str], location: Location, mark: Mark, around: tuple[range, range], paint: Paint
) -> list[Row]:
    """A span within one line: carets under it."""
    source = _text(lines, location.line)
    end = location.end_column if location.end_line == location.line else len(source)
    lead, span = visible(source[: location.column]), visible(source[location.column : end])
    shift = _shift(lead, span, visible(source))
    numbers = (*around[0], location.line, *around[1])
    cut = [Row(str(number), _cut(visible(_text(lines, number)), shift)) for number in numbers]
    # A cut line begins with an ellipsis, which takes one column.
    indent = width(lead[shift:]) + (1 if shift else 0)
    marks = " " * indent + mark.drawn(paint, _labelled(mark.character * max(1, width(span)), mark.label))
    return [row for line in cut for row in _with_marks(line, marks, str(location.line))]


def _with_marks(line: Row, marks: str, marked: str) -> Iterator[Row]:
    yield line
    if line.number == marked:
        yield Row("", marks)


def _labelled(marks: str, label: str) -> str:
    return f"{marks} {visible(label)}" if label else marks


def _shift(lead: str, span: str, whole: str) -> int:
    """How many characters to cut from the left so that the span is seen."""
    if len(whole) <= WINDOW or len(lead) + len(span) <= WINDOW:
        return 0
    return max(0, len(lead) - max(20, (WINDOW - len(span)) // 2))


def _cut(text: str, shift: int) -> str:
    if shift:
        text = ELLIPSIS + text[shift:]
    return text if len(text) <= WINDOW else text[: WINDOW - 1] + ELLIPSIS


def _tall(
    lines: Sequence[str], location: Location, mark: Mark, around: tuple[range, range], paint: Paint
) -> list[Row]:
    """A span of several lines: a bar along them, and a mark where it ends."""
    rows = [_barred(lines, number, " ") for number in around[0]]
    rows += _opening(lines, location, mark, paint)
    last = min(location.end_line, len(lines))
    inner = list(range(location.line + 1, last + 1))
    if len(inner) + 1 > TALLEST:
        kept = inner[: TALLEST - 4]
        rows += [_barred(lines, number, mark.drawn(paint, "|")) for number in kept]
        rows.append(Row("...", mark.drawn(paint, "|")))
        inner = inner[-1:]
    rows += [_barred(lines, number, mark.drawn(paint, "|")) for number in inner]
    rows.append(_closing(lines, location, mark, paint))
    return rows + [_barred(lines, number, " ") for number in around[1]]


def _barred(lines: Sequence[str], number: int, bar: str) -> Row:
    return Row(str(number), f"{bar} {_cut(visible(_text(lines, number)), 0)}".rstrip())


def _opening(lines: Sequence[str], location: Location, mark: Mark, paint: Paint) -> list[Row]:
    lead = _text(lines, location.line)[: location.column]
    if not lead.strip():
        return [_barred(lines, location.line, mark.drawn(paint, "/"))]
    line = "_" * (width(visible(lead)) + 1) + mark.character
    return [_barred(lines, location.line, " "), Row("", " " + mark.drawn(paint, line))]


def _closing(lines: Sequence[str], location: Location, mark: Mark, paint: Paint) -> Row:
    last = min(location.end_line, len(lines))
    end = location.end_column if last == location.end_line else len(_text(lines, last))
    reach = min(width(visible(_text(lines, last)[:end])), WINDOW)
    line = "|" + "_" * max(1, reach) + mark.character
    return Row("", mark.drawn(paint, _labelled(line, mark.label)))


def joined(rows: Sequence[Row], gutter: int, paint: Paint) -> list[str]:
    """The rows as text behind a gutter of that width; a row of marks needs no edge below it."""
    if not rows:
        return []
    edge = " " * gutter + " " + paint.frame("|")
    return [edge, *(_joined(row, gutter, paint) for row in rows), *([edge] if rows[-1].number else [])]


def _joined(row: Row, gutter: int, paint: Paint) -> str:
    if row.number == "...":
        return f"{paint.frame(row.number)}{' ' * max(0, gutter - 1)}{row.text}".rstrip()
    number = paint.frame(f"{row.number:>{gutter}}") if row.number else " " * gutter
    return f"{number} {paint.frame('|')} {row.text}".rstrip()

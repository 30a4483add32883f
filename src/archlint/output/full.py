"""Findings with their source, related places and the change a fix would make."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Location
from archlint.output.context import Context
from archlint.output.frames import Mark, Row, frame, joined
from archlint.output.line import head, one_line
from archlint.output.paint import Paint, visible
from archlint.output.patch import patch
from archlint.output.totals import closing

_NOTES = {
    Applicability.UNSAFE: "This is an unsafe fix and may change runtime behavior",
    Applicability.DISPLAY: "This is a display-only fix and is likely to be incorrect",
}


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    blocks = ["\n".join(_block(diagnostic, context)) + "\n\n" for diagnostic in diagnostics]
    return "".join(blocks) + closing(diagnostics, context)


def _block(diagnostic: Diagnostic, context: Context) -> list[str]:
    paint = Paint(context.color)
    places = [(diagnostic.location, "-->", Mark("^"))]
    for related in diagnostic.related:
        label = Mark("-", one_line(related.message), main=False)
        places.append((_first_line(related.location), ":::", label))
    frames = [_frame(location, mark, context) for location, _, mark in places]
    gutter = max(_digits(location, rows) for (location, *_), rows in zip(places, frames, strict=True))
    lines = [head(diagnostic, context)]
    for (location, arrow, mark), rows in zip(places, frames, strict=True):
        path = visible(context.relative(location.path))
        lines.append(f"{' ' * gutter}{paint.frame(arrow)} {path}:{location.line}:{location.column + 1}")
        if not rows and mark.label:
            lines.append(f"{' ' * gutter} {paint.frame('=')} {mark.label}")
        lines += joined(rows, gutter, paint)
    return lines + _help(diagnostic, context)


def _frame(location: Location, mark: Mark, context: Context) -> list[Row]:
    """The frame of a place: of related places the line alone, they may be many."""
    around = 2 if mark.main else 0
    return frame(context.source(location.path), location, mark, around, Paint(context.color))


def _digits(location: Location, rows: list[Row]) -> int:
    return max((len(row.number) for row in rows if row.number.isdigit()), default=len(str(location.line)))


def _first_line(location: Location) -> Location:
    if location.line == location.end_line:
        return location
    # The frame clips the end to the line.
    return Location(location.path, location.line, location.column, location.line, 1 << 30)


def _help(diagnostic: Diagnostic, context: Context) -> list[str]:
    paint = Paint(context.color)
    if diagnostic.fix:
        return [_labelled(paint.label("help"), diagnostic.fix.message, paint), *_fix(diagnostic.fix, context)]
    rule = context.rule(diagnostic.code)
    if rule is None:
        return []
    return [_labelled(paint.label("help"), f"see {rule.url or f'`archlint rule {rule.code}`'}", paint)]


def _labelled(label: str, text: str, paint: Paint) -> str:
    return label + paint.bold(f": {one_line(text)}")


def _fix(fix: Fix, context: Context) -> list[str]:
    paint = Paint(context.color)
    lines = patch(fix, context)
    if note := _NOTES.get(fix.applicability):
        lines.append(_labelled(paint.warning("note"), note, paint))
    return lines

"""Findings with their source, related places and the change a fix would make."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Applicability, Diagnostic, Fix, Location
from archlint.output.context import Context
from archlint.output.frames import Mark, frame, joined
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
    gutter = _gutter(diagnostic, context)
    lines = [head(diagnostic, context)]
    lines += _place(diagnostic.location, Mark("^"), "-->", gutter, context)
    for related in diagnostic.related:
        mark = Mark("-", one_line(related.message), main=False)
        lines += _place(related.location, mark, ":::", gutter, context)
    return lines + _help(diagnostic, context)


def _gutter(diagnostic: Diagnostic, context: Context) -> int:
    """Digits of the largest line number that the frames of this finding show."""
    location = diagnostic.location
    last = min(location.end_line + 2, max(len(context.source(location.path)), location.line))
    return max(len(str(line)) for line in (last, *(r.location.end_line for r in diagnostic.related)))


def _place(location: Location, mark: Mark, arrow: str, gutter: int, context: Context) -> list[str]:
    """The line that names a place, and its frame: of related places the line alone, they may be many."""
    paint = Paint(context.color)
    path = visible(context.relative(location.path))
    lines = [f"{' ' * gutter}{paint.frame(arrow)} {path}:{location.line}:{location.column + 1}"]
    shown = location if mark.main else _first_line(location)
    rows = frame(context.source(location.path), shown, mark, 2 if mark.main else 0, paint)
    if not rows and mark.label:
        lines.append(f"{' ' * gutter} {paint.frame('=')} {mark.label}")
    return lines + joined(rows, gutter, paint)


def _first_line(location: Location) -> Location:
    if location.line == location.end_line:
        return location
    # The frame clips the end to the line.
    return Location(location.path, location.line, location.column, location.line, 1 << 30)


def _help(diagnostic: Diagnostic, context: Context) -> list[str]:
    paint = Paint(context.color)
    if diagnostic.fix:
        return [_labelled(paint.label("help"), diagnostic.fix.message, paint), *_fix(diagnostic.fix, context)]
    url = context.url(diagnostic.code)
    return [_labelled(paint.label("help"), f"see {url}", paint)] if url else []


def _labelled(label: str, text: str, paint: Paint) -> str:
    return label + paint.bold(f": {one_line(text)}")


def _fix(fix: Fix, context: Context) -> list[str]:
    paint = Paint(context.color)
    lines = patch(fix, context)
    if note := _NOTES.get(fix.applicability):
        lines.append(_labelled(paint.warning("note"), note, paint))
    return lines

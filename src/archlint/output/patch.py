"""The change that a fix would make, as a short difference with new line numbers."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from archlint.core.diagnostic import Edit, Fix
from archlint.output.context import Context
from archlint.output.paint import Paint, visible

_AROUND = 1
_BETWEEN = "-" * 40


def patch(fix: Fix, context: Context) -> list[str]:
    """The lines of the difference, file by file; nothing where a source cannot be read."""
    lines: list[str] = []
    paths = list(dict.fromkeys(edit.location.path for edit in fix.edits))
    for path in paths:
        if len(paths) > 1:
            lines.append(f"{Paint(context.color).frame(':::')} {visible(context.relative(path))}")
        old = [line.rstrip("\r\n") for line in context.source(path)]
        new = edited(old, [edit for edit in fix.edits if edit.location.path == path])
        lines += _difference(old, new, Paint(context.color))
    return lines


def edited(lines: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """The lines after the edits, which must not overlap."""
    text = "\n".join(lines) + "\n"
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        index = min(max(line - 1, 0), len(starts) - 1)
        return min(starts[index] + column, len(text))

    spans = [
        (offset(at.line, at.column), offset(at.end_line, at.end_column), edit.content)
        for edit in edits
        for at in (edit.location,)
    ]
    for start, end, content in sorted(spans, reverse=True):
        text = text[:start] + content + text[end:]
    return text.splitlines()


def _difference(old: Sequence[str], new: Sequence[str], paint: Paint) -> list[str]:
    groups = list(difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND))
    if not groups:
        return []
    gutter = len(str(max(groups[-1][-1][4], 1)))
    edge = f"{' ' * gutter} {paint.frame('|')}"
    lines = [edge]
    for position, group in enumerate(groups):
        if position:
            lines.append(f"{' ' * gutter} {paint.frame(_BETWEEN)}")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [_row(f"{j + 1}", paint.frame("|"), _code(new[j]), gutter) for j in range(j1, j2)]
                continue
            lines += [
                _row("", paint.removed("-"), paint.removed(_code(old[i])), gutter) for i in range(i1, i2)
            ]
            lines += [
                _row(f"{j + 1}", paint.added("+"), paint.added(_code(new[j])), gutter) for j in range(j1, j2)
            ]
    return [*lines, edge]


def _code(text: str) -> str:
    """Code to copy: tabs stay tabs."""
    return "\t".join(map(visible, text.split("\t")))


def _row(number: str, sign: str, text: str, gutter: int) -> str:
    return f"{number:<{gutter}} {sign} {text}" if text else f"{number:<{gutter}} {sign}"

"""Findings under the name of their file, places in a column of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.line import head
from archlint.output.paint import Paint, visible
from archlint.output.totals import closing


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    groups = groupby(diagnostics, key=lambda d: d.location.path)
    return "".join(_group(path, list(found), context) for path, found in groups) + closing(
        diagnostics, context
    )


def _group(path: str, diagnostics: list[Diagnostic], context: Context) -> str:
    paint = Paint(context.color)
    rows = max(len(str(d.location.line)) for d in diagnostics)
    columns = max(len(str(d.location.column + 1)) for d in diagnostics)
    name = visible(context.relative(path))
    lines = [f"\x1b[4m{name}\x1b[0m:" if context.color else f"{name}:"]
    for diagnostic in diagnostics:
        row, column = str(diagnostic.location.line), str(diagnostic.location.column + 1)
        place = f"{row:>{rows}}{paint.accent(':')}{column:<{columns}}"
        lines.append(f"  {place} {head(diagnostic, context)}")
    return "\n".join(lines) + "\n\n"

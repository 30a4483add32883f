"""``path:line:column: CODE [*] message``, one line for each finding."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.line import head, place
from archlint.output.paint import Paint
from archlint.output.totals import closing


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    colon = Paint(context.color).accent(":")
    lines = [f"{place(d, context)}{colon} {head(d, context)}\n" for d in diagnostics]
    return "".join(lines) + closing(diagnostics, context)

"""``path:line: [CODE] message``, as pylint prints it."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.line import one_line


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    return "".join(
        f"{context.relative(d.location.path)}:{d.location.line}: [{d.code}] {one_line(d.message)}\n"
        for d in diagnostics
    )

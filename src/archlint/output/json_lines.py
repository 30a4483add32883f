"""One JSON object for each finding, each on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.values import as_values


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
    return "".join(f"{encode(as_values(diagnostic, context))}\n" for diagnostic in diagnostics)

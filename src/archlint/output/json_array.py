"""One JSON array of all findings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.values import as_values


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    values = [as_values(diagnostic, context) for diagnostic in diagnostics]
    return json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

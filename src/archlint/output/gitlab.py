"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.fingerprint import fingerprints
from archlint.output.severity import severity

_SEVERITIES = {"error": "critical", "warning": "major", "info": "minor"}


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    identities = fingerprints(diagnostics, context)
    issues = [_issue(d, identity, context) for d, identity in zip(diagnostics, identities, strict=True)]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(diagnostic: Diagnostic, identity: str, context: Context) -> dict[str, object]:
    location = diagnostic.location
    return {
        "check_name": diagnostic.code,
        "description": f"{diagnostic.code}: {diagnostic.message}",
        "severity": _SEVERITIES[severity(diagnostic)],
        "fingerprint": identity,
        "location": {
            "path": PurePath(context.relative(location.path)).as_posix(),
            "positions": {
                "begin": {"line": location.line, "column": location.column + 1},
                "end": {"line": location.end_line, "column": location.end_column + 1},
            },
        },
    }

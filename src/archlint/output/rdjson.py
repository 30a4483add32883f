"""Reviewdog's diagnostic format."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic, Location
from archlint.output.context import Context
from archlint.output.severity import severity


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    document = {
        "diagnostics": [_diagnostic(diagnostic, context) for diagnostic in diagnostics],
        "severity": "WARNING",
        "source": {"name": "archlint"},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic, context: Context) -> dict[str, object]:
    url = context.url(diagnostic.code)
    value: dict[str, object] = {
        "code": {"url": url, "value": diagnostic.code} if url else {"value": diagnostic.code},
        "location": _location(diagnostic.location, context),
        "message": diagnostic.message,
        "severity": severity(diagnostic).upper(),
    }
    if diagnostic.related:
        value["relatedLocations"] = [
            {"message": related.message, "location": _location(related.location, context)}
            for related in diagnostic.related
        ]
    if diagnostic.fix:
        value["suggestions"] = [
            {"range": _range(edit.location), "text": edit.content}
            for edit in diagnostic.fix.edits
            if edit.location.path == diagnostic.location.path
        ]
    return value


def _location(location: Location, context: Context) -> dict[str, object]:
    return {"path": context.absolute(location.path), "range": _range(location)}


def _range(location: Location) -> dict[str, object]:
    return {
        "end": {"column": location.end_column + 1, "line": location.end_line},
        "start": {"column": location.column + 1, "line": location.line},
    }

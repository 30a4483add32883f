"""Diagnostics as plain values with ruff's keys: the base of the JSON formats."""

from __future__ import annotations

from archlint.core.diagnostic import Diagnostic, Edit, Fix, Location, Related
from archlint.output.context import Context
from archlint.output.severity import severity

Value = dict[str, object]


def start(location: Location) -> Value:
    """The first position of a span, counted from one."""
    return {"column": location.column + 1, "row": location.line}


def end(location: Location) -> Value:
    """The position after the last character of a span, counted from one."""
    return {"column": location.end_column + 1, "row": location.end_line}


def as_values(diagnostic: Diagnostic, context: Context) -> Value:
    """Ruff's object for a finding, and what only archlint knows: impact, symbol and related places."""
    location = diagnostic.location
    rule = context.rule(diagnostic.code)
    return {
        "cell": None,
        "code": diagnostic.code,
        "end_location": end(location),
        "filename": context.absolute(location.path),
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "impact": diagnostic.impact.value,
        "location": start(location),
        "message": diagnostic.message,
        "name": diagnostic.name,
        "noqa_row": context.noqa_row(location.path, location.line) if rule else None,
        "related": [_related(place, context) for place in diagnostic.related],
        "severity": severity(diagnostic),
        "symbol": diagnostic.symbol,
        "url": rule.url if rule else None,
    }


def _fix(fix: Fix) -> Value:
    return {
        "applicability": fix.applicability.value,
        "edits": [_edit(edit) for edit in fix.edits],
        "message": fix.message,
    }


def _edit(edit: Edit) -> Value:
    return {
        "content": edit.content,
        "end_location": end(edit.location),
        "location": start(edit.location),
    }


def _related(place: Related, context: Context) -> Value:
    return {
        "end_location": end(place.location),
        "filename": context.absolute(place.location.path),
        "location": start(place.location),
        "message": place.message,
    }

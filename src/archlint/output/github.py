"""Workflow commands that GitHub Actions turns into annotations."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.line import one_line
from archlint.output.severity import severity

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    return "".join(_annotation(diagnostic, context) for diagnostic in diagnostics)


def _annotation(diagnostic: Diagnostic, context: Context) -> str:
    location = diagnostic.location
    path = context.relative(location.path)
    properties = {
        "title": f"archlint ({diagnostic.code})",
        "file": context.absolute(location.path),
        "line": location.line,
        "col": location.column + 1,
        "endLine": location.end_line,
        "endColumn": location.end_column + 1,
    }
    if location.line != location.end_line:
        # The service refuses columns of spans that end on another line.
        del properties["col"], properties["endColumn"]
    code = diagnostic.code if diagnostic.code[-1:].isdigit() else f"{diagnostic.code}:"
    text = [f"{path}:{location.line}:{location.column + 1}: {code} {diagnostic.message}"]
    for related in diagnostic.related:
        at = related.location
        text.append(f"  {context.relative(at.path)}:{at.line}:{at.column + 1}: {related.message}")
    if diagnostic.fix:
        text.append(f"  help: {diagnostic.fix.message}")
    joined = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{_COMMANDS[severity(diagnostic)]} {joined}::{_data(text)}\n"


def _data(lines: Sequence[str]) -> str:
    return "%0A".join(one_line(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data([text]).replace(":", "%3A").replace(",", "%2C")

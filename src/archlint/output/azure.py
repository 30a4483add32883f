"""Logging commands of Azure Pipelines."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.line import one_line
from archlint.output.severity import severity


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    return "".join(_command(diagnostic, context) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, context: Context) -> str:
    location = diagnostic.location
    # The service knows errors and warnings only.
    kind = "error" if severity(diagnostic) == "error" else "warning"
    path = _property(context.absolute(location.path))
    place = f"sourcepath={path};linenumber={location.line};columnnumber={location.column + 1}"
    return f"##vso[task.logissue type={kind};{place};code={diagnostic.code};]{one_line(diagnostic.message)}\n"


def _property(text: str) -> str:
    return text.replace("%", "%AZP25").replace(";", "%3B").replace("]", "%5D")

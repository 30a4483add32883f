"""Reports: pure functions from diagnostics to text, one small module for each format.

``render("full", diagnostics, Context(root=Path.cwd(), ...))`` gives the text that belongs on
standard output, with its final line end where the format has one. Formats print what ruff prints
under the same name, so that the tools that read ruff's output read ours.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import cast

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context, RuleInfo

__all__ = ["FORMATS", "Context", "RuleInfo", "render", "statistics", "step_summary"]

Render = Callable[[Sequence[Diagnostic], Context], str]

# A run prints one format: the others need not be imported.
_MODULES = {
    "azure": "azure",
    "concise": "concise",
    "full": "full",
    "github": "github",
    "gitlab": "gitlab",
    "grouped": "grouped",
    "json": "json_array",
    "json-lines": "json_lines",
    "junit": "junit",
    "pylint": "pylint",
    "rdjson": "rdjson",
    "sarif": "sarif",
}

#: The names that ``render`` knows, in alphabetical order.
FORMATS: tuple[str, ...] = tuple(_MODULES)


def render(name: str, diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report in the named format; diagnostics are expected in report order."""
    module = importlib.import_module(f"archlint.output.{_MODULES[name]}")
    text = cast("Render", module.render)(diagnostics, context)
    # Paths and literals may hold lone surrogates, which no output stream takes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def statistics(name: str, diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """Counts per rule (``--statistics``): JSON when ``name`` is ``json``, text otherwise."""
    from archlint.output import totals

    return totals.counts_json(diagnostics, context) if name == "json" else totals.counts(diagnostics, context)


def step_summary(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """Markdown for the file that ``GITHUB_STEP_SUMMARY`` names, where annotations are too few."""
    from archlint.output import job_summary

    return job_summary.render(diagnostics, context)

"""Where a report goes, in which format and colours, and the exit code that follows from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from archlint import output
from archlint.core.diagnostic import Diagnostic
from archlint.surfaces.cli.inputs import Inputs, Lines

if TYPE_CHECKING:
    from archlint.engine.suppressions import Suppressions

#: Formats for people.
PROSE = frozenset(("concise", "full", "grouped"))
#: Formats that show what a fix would change; the others only say that there is one.
_WITH_EDITS = frozenset(("json", "json-lines", "rdjson", "sarif"))


@attrs.frozen
class Reporter:
    """The options about the report of one call."""

    values: Mapping[str, Any]
    inputs: Inputs

    def report(
        self, found: Sequence[Diagnostic], *, unsafe_fixes: bool = False, fixed: int | None = None
    ) -> int:
        """Report findings; ``fixed`` is how many a fix has removed, ``None`` when none was tried."""
        name = self.values["output_format"]
        context = self._context(unsafe_fixes=unsafe_fixes, fixed=fixed or 0)
        if name in _WITH_EDITS and any(diagnostic.fix for diagnostic in found):
            found = _with_edits(found, context.source)
        text = (output.statistics if self.values["statistics"] else output.render)(name, found, context)
        # Of a text from standard input, standard output takes the mended one.
        self._put(text, aside=self.inputs.text is not None and fixed is not None)
        if name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
            _write(Path(summary), output.step_summary(found, context), append=True)
        return int(bool(found) and not self.values["exit_zero"])

    def _context(self, *, unsafe_fixes: bool, fixed: int) -> output.Context:
        lines = self.inputs.lines()

        @cache
        def suppressions(path: str) -> Suppressions:
            from archlint.engine.suppressions import Suppressions  # one format asks for them

            return Suppressions("".join(lines(path)))

        return output.Context(
            root=Path.cwd(),
            rule=_rule_info,
            source=lines,
            noqa_row=lambda path, row: suppressions(path).noqa_row(row),
            color=self._color(),
            summary=not self.values["quiet"] and self.values["output_file"] is None,
            unsafe_fixes=unsafe_fixes,
            fixed=fixed,
        )

    def _put(self, text: str, *, aside: bool) -> None:
        path = self.values["output_file"]
        if path is not None:
            _write(path, text)
        else:
            (sys.stderr if aside else sys.stdout).write(text)

    def _color(self) -> bool:
        choice = self.values["color"]
        if choice != "auto":
            return bool(choice == "always")
        if self.values["output_file"] is not None or os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _rule_info(code: str) -> output.RuleInfo | None:
    from archlint.surfaces.pages import rule_info  # short formats say nothing of rules

    return rule_info(code)


def _with_edits(found: Sequence[Diagnostic], lines: Lines) -> Sequence[Diagnostic]:
    from archlint.fixes.resolve import resolved  # libcst takes its time to import

    return resolved(found, lambda path: "".join(lines(path)) or None)


def _write(path: Path, text: str, *, append: bool = False) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if append else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error

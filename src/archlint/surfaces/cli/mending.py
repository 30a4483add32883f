"""What ``--fix`` and its companions ask for, how it is done, and how the outcome is told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import click

from archlint.core.diagnostic import Applicability, Diagnostic
from archlint.core.settings import Settings
from archlint.engine import run
from archlint.engine.linter import Options
from archlint.surfaces.cli.inputs import Inputs
from archlint.surfaces.cli.known import Known
from archlint.surfaces.cli.reporting import PROSE, Reporter

if TYPE_CHECKING:
    from archlint.fixes.repair import Repair


@attrs.frozen
class Mending:
    """The options about fixes of one call."""

    active: bool
    unsafe: bool
    diff: bool
    only: bool
    show: bool

    @classmethod
    def wanted(cls, values: Mapping[str, Any], settings: Settings) -> Mending:
        """What the command line says, and the settings where it says nothing."""
        fix = settings.fix if values["fix"] is None else bool(values["fix"])
        unsafe = settings.unsafe_fixes if values["unsafe_fixes"] is None else bool(values["unsafe_fixes"])
        diff, only = bool(values["diff"]), bool(values["fix_only"])
        # A difference is what somebody asked to see: it never writes.
        return cls(fix or diff or only, unsafe, diff, only, bool(values["show_fixes"]))

    def allows(self, diagnostic: Diagnostic) -> bool:
        """Whether the fix of a finding may be applied."""
        fix = diagnostic.fix
        return fix is not None and (
            fix.applicability is Applicability.SAFE
            or (self.unsafe and fix.applicability is Applicability.UNSAFE)
        )


@attrs.frozen
class Mender:
    """Applies fixes, or shows what they would do."""

    mending: Mending
    values: Mapping[str, Any]
    inputs: Inputs
    options: Options
    known: Known

    def run(self, found: Sequence[Diagnostic]) -> int:
        """Mend these findings and return the exit code."""
        from archlint.fixes import repair  # libcst takes its time to import

        targets, text = self.inputs.targets, self.inputs.text
        texts = {} if text is None else {target.display: text for target in targets}
        outcome = repair.repair(targets, found, self.options, self.mending.allows, texts, self.known.new)
        if self.mending.diff:
            return self._show(repair.difference(outcome), outcome)
        if text is None:
            repair.write(outcome)
        else:
            sys.stdout.buffer.write(outcome.whole(targets[0].display, text))
        tell_refused(outcome.refused)
        if outcome.lost:
            lines = self.inputs.lines()
            outcome.remaining = self.known.new(run.check_paths(targets, self.options), lines)
        code = self._tell(outcome)
        return 1 if self.values["exit_non_zero_on_fix"] and outcome.fixed else code

    def _show(self, difference: str, outcome: Repair) -> int:
        sys.stdout.write(difference)
        tell_refused(outcome.refused)
        if not self.values["quiet"]:
            count = count_of(outcome.fixed)
            click.echo(f"Would fix {count}." if outcome.fixed else "No errors would be fixed.", err=True)
        return int(bool(outcome.changed) and not self.values["exit_zero"])

    def _tell(self, outcome: Repair) -> int:
        """Say what was fixed, and what remains unless nobody wants to know."""
        aside = self.inputs.text is not None
        if self.mending.show and self.values["output_format"] in PROSE:
            click.echo(list_of(outcome.fixed), nl=False, err=aside)
        if self.mending.only:
            if outcome.fixed and not self.values["quiet"] and not self.mending.show:
                click.echo(f"Fixed {count_of(outcome.fixed)}.", err=aside)
            return 0
        reporter = Reporter(self.values, self.inputs)
        # What was tried and did not hold is not offered again.
        remaining = [
            attrs.evolve(diagnostic, fix=None)
            if self.mending.allows(diagnostic) and not outcome.lost
            else diagnostic
            for diagnostic in outcome.remaining
        ]
        return reporter.report(remaining, unsafe_fixes=self.mending.unsafe, fixed=len(outcome.fixed))


def tell_refused(refused: Mapping[str, str]) -> None:
    """Say which files were left alone, and why."""
    for path, reason in sorted(refused.items()):
        click.echo(f"warning: {path}: not fixed: {reason}", err=True)


def count_of(fixed: Sequence[Diagnostic]) -> str:
    """``1 error`` or ``3 errors``."""
    return "1 error" if len(fixed) == 1 else f"{len(fixed)} errors"


def list_of(fixed: Sequence[Diagnostic]) -> str:
    """What was fixed, file by file."""
    if not fixed:
        return ""
    lines = [f"Fixed {count_of(fixed)}:"]
    for path in sorted({diagnostic.location.path for diagnostic in fixed}):
        lines.append(f"- {path}:")
        counts = Counter((d.code, d.name) for d in fixed if d.location.path == path)
        lines += [f"    {count} × {code} ({name})" for (code, name), count in sorted(counts.items())]  # noqa: RUF001
    return "\n".join(lines) + "\n\n"

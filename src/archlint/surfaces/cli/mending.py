"""What ``--fix`` and its companions ask for, and how the outcome is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import click

from archlint.core.diagnostic import Applicability, Diagnostic
from archlint.core.settings import Settings


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

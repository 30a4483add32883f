"""What a format needs to know besides the diagnostics themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

import attrs

from archlint.core.diagnostic import Applicability, Diagnostic, Impact


@attrs.frozen
class RuleInfo:
    """What a report says about a rule; ``explanation`` is Markdown, ``url`` its documentation page."""

    code: str
    name: str
    summary: str
    url: str | None = None
    impact: Impact = Impact.MEDIUM
    explanation: str = ""
    default: bool = True


def _unknown_rule(_code: str) -> RuleInfo | None:
    return None


def _no_source(_path: str) -> Sequence[str]:
    return ()


def _same_row(_path: str, row: int) -> int:
    return row


@attrs.frozen
class Context:
    """The surroundings of a report.

    ``root`` is the directory that relative paths of diagnostics start from (the working
    directory as a rule); reports name files relative to it. ``rule`` gives the metadata of a
    code, None where there is no such rule (a syntax error, say). ``source`` gives the lines of
    a path as diagnostics name it, with or without line ends, and nothing when it cannot be read.
    ``noqa_row`` gives the line on which a suppression for a line must stand (the last one of a
    multi-line string, say). ``unsafe_fixes`` says that unsafe fixes count as applicable,
    ``summary`` that text formats close with their totals, ``fixed`` how many findings have been
    mended already.
    """

    root: Path
    rule: Callable[[str], RuleInfo | None] = _unknown_rule
    source: Callable[[str], Sequence[str]] = _no_source
    noqa_row: Callable[[str, int], int] = _same_row
    color: bool = False
    unsafe_fixes: bool = False
    summary: bool = True
    fixed: int = 0

    def relative(self, path: str) -> str:
        """The path as people read it: relative to the root where it lies below it."""
        if not os.path.isabs(path):  # noqa: PTH117 - a plain string is enough, and this is asked often
            return os.path.normpath(path) if path else path
        try:
            return str(PurePath(path).relative_to(self.root))
        except ValueError:
            return path

    def absolute(self, path: str) -> str:
        """The path as machines read it; the name of standard input stays as it is."""
        return path if path == "-" else os.path.normpath(self.root / path)

    def applicable(self, diagnostic: Diagnostic) -> bool:
        """Whether ``--fix`` would mend the diagnostic under the options of this run."""
        if diagnostic.fix is None:
            return False
        applicability = diagnostic.fix.applicability
        return applicability is Applicability.SAFE or (
            self.unsafe_fixes and applicability is Applicability.UNSAFE
        )

    def url(self, code: str) -> str | None:
        """The documentation page of a rule."""
        rule = self.rule(code)
        return rule.url if rule else None

    def line(self, path: str, number: int) -> str:
        """One line of source without its line end; empty when it is not there."""
        lines = self.source(path)
        return lines[number - 1].rstrip("\r\n") if 0 < number <= len(lines) else ""

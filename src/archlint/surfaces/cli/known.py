"""Findings that are known already: those of a baseline file, and those of an earlier commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import click

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Settings
from archlint.core.source import split_lines
from archlint.engine.baseline import Baseline, Reading
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.surfaces.cli.inputs import Inputs, Lines, readable


def path_of(settings: Settings) -> Path | None:
    """The baseline that the settings name."""
    return None if settings.baseline is None else (settings.base or Path.cwd()) / settings.baseline


def reading(path: Path, lines: Lines) -> Reading:
    """How the baseline in a file calls and reads files."""
    return Reading(lines, path.absolute().parent)


class Known:
    """The findings that one call does not tell."""

    def __init__(self, path: Path | None, reference: str | None, options: Options) -> None:
        """``path`` is that of a baseline, ``reference`` a commit."""
        self.path = path
        self._reference = reference
        self._options = options
        self._before: Baseline | None = None

    def new(self, found: Sequence[Diagnostic], lines: Lines) -> list[Diagnostic]:
        """The findings that neither the baseline nor the commit knows; ``lines`` are of now."""
        fresh = list(found)
        if self.path is not None:
            fresh = Baseline.read(self.path).new(fresh, reading(self.path, lines))
        if self._before is not None:
            fresh = self._before.new(fresh, Reading(lines, Path.cwd()))
        return fresh

    def tell_gone(self, found: Sequence[Diagnostic], inputs: Inputs) -> None:
        """Say how many findings of the baseline are gone."""
        if self.path is None:
            return
        names = [target.display for target in inputs.targets]
        gone = Baseline.read(self.path).gone(found, reading(self.path, inputs.lines()), names)
        if gone:
            noun = "finding" if gone == 1 else "findings"
            click.echo(
                f"{gone} known {noun} of {self.path.name} no longer found: `archlint baseline --prune`",
                err=True,
            )

    def look_back(self, targets: Iterable[Target]) -> None:
        """Find out once what there was in these files at the commit."""
        if self._reference is None or self._before is not None:
            return
        from archlint.engine.history import texts_at  # starting processes takes its time to import

        then = texts_at(self._reference, Path.cwd())
        old: list[Diagnostic] = []
        with closing(Linter(self._options, overlay=then)) as linter:
            for target in targets:
                text = then.get(target.path)
                outcome = linter.check(target) if text is None else linter.check_content(target, text)
                old += outcome.diagnostics
        self._before = Baseline.of(old, Reading(_lines_then(then), Path.cwd()))


def _lines_then(texts: Mapping[str, bytes]) -> Lines:
    now = Inputs(()).lines()

    @cache
    def lines(display: str) -> Sequence[str]:
        text = texts.get(str(Path.cwd() / display))
        return now(display) if text is None else split_lines(readable(text))

    return lines

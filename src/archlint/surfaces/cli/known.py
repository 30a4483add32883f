"""Findings that are known already: those of a baseline file, and those of an earlier commit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Settings
from archlint.core.source import decode, split_lines
from archlint.engine import run
from archlint.engine.baseline import Baseline, Reading
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options


def path_of(settings: Settings) -> Path | None:
    """The baseline that the settings name."""
    return None if settings.baseline is None else (settings.base or Path.cwd()) / settings.baseline


def reading(path: Path) -> Reading:
    """How the baseline in a file calls and reads files."""
    return Reading(run.source_lines(Path.cwd()), path.absolute().parent)


def beyond(
    found: Sequence[Diagnostic], targets: Sequence[Target], path: Path, *, quiet: bool
) -> list[Diagnostic]:
    """The findings that a baseline does not know; says how many it knows that are gone."""
    known, how = Baseline.read(path), reading(path)
    if not quiet and (gone := known.gone(found, how, [target.display for target in targets])):
        noun = "finding" if gone == 1 else "findings"
        click.echo(
            f"{gone} known {noun} of {path.name} no longer found: `archlint baseline --prune`", err=True
        )
    return known.new(found, how)


def added(
    found: Sequence[Diagnostic], targets: Sequence[Target], options: Options, reference: str
) -> list[Diagnostic]:
    """The findings that there were not at a commit."""
    from archlint.engine.history import texts_at

    cwd = Path.cwd()
    texts = texts_at(reference, cwd)
    if not texts:
        return []
    old: list[Diagnostic] = []
    with closing(Linter(options, overlay=texts)) as linter:
        for target in targets:
            text = texts.get(target.path)
            outcome = linter.check(target) if text is None else linter.check_content(target, text)
            old += outcome.diagnostics
    present = run.source_lines(cwd)

    def earlier(display: str) -> Sequence[str]:
        text = texts.get(str(cwd / display))
        return present(display) if text is None else split_lines(decode(text))

    return Baseline.of(old, Reading(earlier, cwd)).new(found, Reading(present, cwd))

"""``archlint baseline``."""

from __future__ import annotations

from pathlib import Path

import click

from archlint.core import whole_file
from archlint.core.settings import SettingsError
from archlint.engine import run
from archlint.engine.baseline import Baseline
from archlint.engine.discovery import Discovery, display_path
from archlint.engine.linter import Linter, Options
from archlint.surfaces.cli import known
from archlint.surfaces.cli.inputs import Inputs

_DEFAULT = "archlint-baseline.json"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "-o",
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file; by default that of the setting `baseline`, or {_DEFAULT}.",
)
@click.option("--prune", is_flag=True, help="Only forget what is found no more; take in nothing new.")
def baseline(paths: tuple[str, ...], output_file: Path | None, *, prune: bool) -> None:
    """Write down the findings of files and directories, so that `archlint check` reports only new ones."""
    options = Options(whole=True)
    targets = Discovery(options.finder(), Path.cwd()).files(paths or ["."])
    settings = Linter(options).settings_of(str(Path.cwd() / "_"))
    file = output_file or known.path_of(settings) or Path(_DEFAULT)
    before = Baseline.read(file) if prune else _as_far_as_readable(file)
    found = run.check_paths(targets, options, jobs=run.available_jobs())
    how = known.reading(file, Inputs(targets).lines())
    names = [target.display for target in targets]
    present = before.renewed(Baseline.of(found, how), names, how, prune=prune)
    try:
        whole_file.write(file, present.text().encode())
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from error
    count = sum(present.counts.values())
    shown = display_path(str(file.absolute()), str(Path.cwd()))
    click.echo(f"{count} {'finding' if count == 1 else 'findings'} in {shown}.")
    if known.path_of(settings) is None:
        click.echo(f'Use it with `baseline = "{shown}"` in [tool.archlint], or with --baseline {shown}.')


def _as_far_as_readable(file: Path) -> Baseline:
    """What a baseline knows that is written anew; nothing, if there is none or it is broken."""
    try:
        return Baseline.read(file)
    except SettingsError:
        return Baseline()

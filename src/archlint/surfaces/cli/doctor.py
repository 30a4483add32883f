"""``archlint doctor``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

import archlint
from archlint.core import cachedir
from archlint.core.settings import SettingsError
from archlint.engine.linter import Linter, Options
from archlint.engine.ruff_settings import RuffFinder
from archlint.surfaces.cli.init import root_of_project, shown
from archlint.surfaces.cli.setup_files import Step, missing


@click.command()
def doctor() -> None:
    """Say what is missing in the set-up of this project and of this environment."""
    root = root_of_project()
    click.echo(f"archlint {archlint.__version__}, Python {sys.version.split()[0]}, {sys.executable}")
    problems = [*_environment(), *_project(root)]
    for found in missing(root):
        if isinstance(found, Step):
            what = f"{found.title} is missing: {found.why}; run `archlint init`"
            problems.append(f"{shown(found.path)}: {what}")
        else:
            problems.append(f"{shown(found.path)}: {found.what}")
    for problem in problems:
        click.echo(f"- {problem}")
    for hint in _hints():
        click.echo(f"({hint})")
    if not problems:
        click.echo("Nothing is missing.")
    raise click.exceptions.Exit(1 if problems else 0)


def _environment() -> Iterator[str]:
    names = {entry.name for entry in metadata.entry_points(group="flake8.extension")}
    if wanted := {f"ARC{digit}" for digit in range(10)} - names:
        yield (f"flake8 does not know {', '.join(sorted(wanted))}; install both into one environment")


def _hints() -> Iterator[str]:
    """What is no problem for those who do without."""
    for package, extra, what in (
        ("pygls", "lsp", "the language server"),
        ("watchfiles", "watch", "`archlint check --watch`"),
    ):
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            yield f"{what} needs {package}: `pip install 'archlint[{extra}]'`"


def _project(root: Path) -> Iterator[str]:
    linter = Linter(Options())
    try:
        settings = linter.settings_of(str(root / "_"))
        linter.selection_of(settings)
        linter.fixability_of(settings)
    except SettingsError as error:
        yield str(error)
        return
    directory = linter.cache_dir(str(root / "_"), settings)
    if directory is not None and not cachedir.prepare(directory):
        yield f"the cache {directory} cannot be written: every run starts cold"
    if settings.defer_to_ruff and RuffFinder().of(root) is None:
        yield "`defer-to-ruff` is set, but ruff is not: no ruff.toml, and no [tool.ruff] in pyproject.toml"
    if settings.baseline is not None and settings.base is not None:
        path = settings.base / settings.baseline
        if not os.path.exists(path):  # noqa: PTH110
            yield f"the baseline {path} does not exist; make it with `archlint baseline`"

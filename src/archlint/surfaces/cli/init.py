"""``archlint init``."""

from __future__ import annotations

import codecs
import difflib
import os
from pathlib import Path

import click

from archlint.engine.linter import Linter, Options
from archlint.fixes.repair import replace
from archlint.surfaces.cli.setup_files import Step, Trouble, missing


@click.command()
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
def init(*, yes: bool, diff: bool) -> None:
    """Set a project up: settings, ruff's list of foreign codes, flake8's selection, the pre-commit hook."""
    root = root_of_project()
    done = refused = 0
    # A step changes the file that the next one reads.
    skipped: set[tuple[Path, str]] = set()

    def next_step() -> Step | None:
        steps = (step for step in missing(root) if isinstance(step, Step))
        return next((step for step in steps if (step.path, step.title) not in skipped), None)

    while step := next_step():
        skipped.add((step.path, step.title))
        name = shown(step.path)
        click.echo(f"{name}: {step.title}: {step.why}")
        _show(step)
        if diff or not (yes or click.confirm(f"Write {name}?", default=True)):
            continue
        if problem := _write(step):
            refused += 1
            click.echo(f"error: {name}: {problem}", err=True)
        else:
            done += 1
    troubles = [found for found in missing(root) if isinstance(found, Trouble)]
    for trouble in troubles:
        click.echo(f"{shown(trouble.path)}: {trouble.what}")
    if not skipped and not troubles:
        click.echo("Everything is set up.")
    elif done:
        click.echo("Done. `archlint doctor` looks at the rest, `archlint check` begins.")
    if refused:
        raise click.exceptions.Exit(2)


def root_of_project() -> Path:
    """The root of the project that the working directory belongs to."""
    return Path(Linter(Options()).root_of(str(Path.cwd() / "_")))


def shown(path: Path) -> str:
    """A path as seen from the working directory."""
    return os.path.relpath(path)


def _show(step: Step) -> None:
    old = step.path.read_text(encoding="utf-8-sig") if step.path.exists() else ""
    lines = difflib.unified_diff(old.splitlines(), step.text.splitlines(), lineterm="", n=1)
    for line in list(lines)[2:]:
        click.echo(f"    {line}")


def _write(step: Step) -> str:
    """Write the new text with the byte order mark and the line ends of the old one; says what went wrong."""
    try:
        if not step.path.exists():
            step.path.write_text("", encoding="utf-8")
        old = step.path.read_bytes()
    except OSError as error:
        return error.strerror or type(error).__name__
    new = step.text.replace("\n", "\r\n") if b"\r\n" in old else step.text
    return replace(step.path, old, new.encode("utf-8-sig" if old.startswith(codecs.BOM_UTF8) else "utf-8"))

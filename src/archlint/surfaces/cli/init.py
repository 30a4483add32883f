"""``archlint init``."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from archlint.fixes.repair import replace
from archlint.surfaces.cli.setup_files import Step, Trouble, missing


@click.command()
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
def init(*, yes: bool, diff: bool) -> None:
    """Set a project up: settings, ruff's list of foreign codes, the pre-commit hook."""
    root = Path.cwd()
    done = refused = 0
    # A step changes the file that the next one reads.
    skipped: set[str] = set()
    while step := next((s for s in missing(root) if isinstance(s, Step) and s.title not in skipped), None):
        skipped.add(step.title)
        click.echo(f"{step.path.name}: {step.title}: {step.why}")
        _show(step)
        if diff or not (yes or click.confirm(f"Write {step.path.name}?", default=True)):
            continue
        if problem := _write(step):
            refused += 1
            click.echo(f"error: {step.path.name}: {problem}", err=True)
        else:
            done += 1
    for trouble in missing(root):
        if isinstance(trouble, Trouble):
            click.echo(f"{trouble.path.name}: {trouble.what}")
    if not skipped:
        click.echo("Everything is set up.")
    elif done:
        click.echo("Done. `archlint doctor` looks at the rest, `archlint check` begins.")
    if refused:
        raise click.exceptions.Exit(2)


def _show(step: Step) -> None:
    old = step.path.read_text(encoding="utf-8") if step.path.exists() else ""
    lines = difflib.unified_diff(old.splitlines(), step.text.splitlines(), lineterm="", n=1)
    for line in list(lines)[2:]:
        click.echo(f"    {line}")


def _write(step: Step) -> str:
    try:
        if not step.path.exists():
            step.path.write_text("", encoding="utf-8")
        return replace(step.path, step.path.read_bytes(), step.text.encode("utf-8"))
    except OSError as error:
        return error.strerror or type(error).__name__

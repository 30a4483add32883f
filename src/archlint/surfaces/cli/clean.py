"""``archlint clean``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from archlint.core import cachedir


@click.command()
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path),
    envvar="ARCHLINT_CACHE_DIR",
    help="Remove this cache instead.",
)
def clean(cache_dir: Path | None) -> None:
    """Remove the caches below the current directory."""
    found = [cache_dir] if cache_dir is not None else list(_caches(Path.cwd()))
    for directory in found:
        # The tag says that the directory is a cache of ours: nothing else is ever removed.
        if (directory / "CACHEDIR.TAG").is_file():
            click.echo(f"Removing cache at: {directory}", err=True)
            shutil.rmtree(directory, ignore_errors=True)


def _caches(top: Path) -> Iterator[Path]:
    for directory, names, _ in os.walk(top):
        if cachedir.NAME in names:
            yield Path(directory, cachedir.NAME)
        names[:] = [name for name in names if name not in {cachedir.NAME, ".git", "node_modules"}]

"""``archlint version``."""

from __future__ import annotations

import json
import platform

import click

import archlint


@click.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def version(output_format: str) -> None:
    """Show the version."""
    if output_format == "json":
        click.echo(json.dumps({"version": archlint.__version__, "python": platform.python_version()}))
    else:
        click.echo(f"archlint {archlint.__version__} (Python {platform.python_version()})")

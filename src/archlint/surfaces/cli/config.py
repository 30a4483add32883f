"""``archlint config``."""

from __future__ import annotations

import json

import click

from archlint.core.settings import KEYS, Key, nearest


@click.command()
@click.argument("key", required=False)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def config(key: str | None, output_format: str) -> None:
    """List the settings of [tool.archlint], or describe one of them."""
    if key is not None and key not in KEYS:
        raise click.UsageError(f"Unknown setting `{key}`{nearest(key, KEYS)}")
    chosen = [KEYS[key]] if key is not None else list(KEYS.values())
    if output_format == "json":
        described = {known.name: _plain(known) for known in chosen}
        click.echo(json.dumps(described[key] if key is not None else described, indent=2))
    elif key is None:
        click.echo("\n".join(KEYS))
    else:
        found = chosen[0]
        click.echo(f"{found.doc}\n\nDefault value: {found.default}\nType: {found.type}")


def _plain(key: Key) -> dict[str, str]:
    return {"doc": key.doc, "default": key.default, "type": key.type}

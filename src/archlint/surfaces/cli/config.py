"""``archlint config``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import click

from archlint.core.settings import KEYS, nearest
from archlint.engine.registry import installed


class _Described(NamedTuple):
    """A setting in words."""

    doc: str
    default: str
    type: str


@click.command()
@click.argument("key", required=False)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def config(key: str | None, output_format: str) -> None:
    """List the settings of [tool.archlint], or describe one of them."""
    known = dict(_settings())
    if key is None:
        plain = {name: described._asdict() for name, described in known.items()}
        click.echo("\n".join(known) if output_format == "text" else json.dumps(plain, indent=2))
        return
    if key not in known:
        raise click.UsageError(f"Unknown setting `{key}`{nearest(key, known)}")
    found = known[key]
    if output_format == "json":
        click.echo(json.dumps(found._asdict(), indent=2))
    else:
        click.echo(f"{found.doc}\n\nDefault value: {found.default}\nType: {found.type}")


def _settings() -> Iterator[tuple[str, _Described]]:
    """All keys, and the options of the rules below their own."""
    for key in KEYS.values():
        yield key.name, _Described(key.doc, key.default, key.type)
        if key.name == "rules":
            yield from _rule_options()


def _rule_options() -> Iterator[tuple[str, _Described]]:
    registry = installed()
    for code in registry.entries:
        rule = registry.load(code)
        for option in rule.options:
            described = _Described(f"{option.doc} ({rule.code})", option.shown, option.type)
            yield f"rules.{rule.name}.{option.name}", described

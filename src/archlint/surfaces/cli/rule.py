"""``archlint rule``."""

from __future__ import annotations

import json

import click

from archlint.core.settings import nearest
from archlint.engine.registry import installed
from archlint.surfaces.pages import about


@click.command()
@click.argument("rule", required=False)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule(rule: str | None, output_format: str, *, every: bool) -> None:
    """Explain a rule, given by its code or its name, or all rules."""
    registry = installed()
    if every == (rule is not None):
        raise click.UsageError("Give the code or the name of one rule, or --all.")
    codes = list(registry.entries)
    if rule is not None:
        code = registry.code_of(rule)
        if code is None:
            raise click.UsageError(f"Unknown rule `{rule}`{nearest(rule, [*codes, *registry.names])}")
        codes = [code]
    infos = [about(code) for code in codes]
    if output_format == "text":
        click.echo("\n\n".join(info.page for info in infos))
    elif rule is not None:
        click.echo(json.dumps(infos[0].plain, indent=2))
    else:
        click.echo(json.dumps([info.plain for info in infos], indent=2))

"""``archlint rule``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import click

from archlint.core.settings import nearest
from archlint.engine.registry import installed
from archlint.surfaces.pages import About, about, code_of


@click.command()
@click.argument("rule", required=False)
@click.option("--all", "every", is_flag=True, help="Explain all rules.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule(rule: str | None, output_format: str, *, every: bool) -> None:
    """Explain a rule, given by its code or its name, or all rules; without either, list them."""
    registry = installed()
    if every and rule is not None:
        raise click.UsageError("Give the code or the name of one rule, or --all.")
    codes = list(registry.entries)
    if rule is not None:
        code = code_of(rule)
        if code is None:
            raise click.UsageError(f"Unknown rule `{rule}`{nearest(rule, [*codes, *registry.names])}")
        codes = [code]
    infos = [about(code) for code in codes]
    if output_format == "text":
        is_list = rule is None and not every
        click.echo("\n".join(_lines(infos)) if is_list else "\n\n".join(info.page for info in infos))
    elif rule is not None:
        click.echo(json.dumps(infos[0].plain, indent=2))
    else:
        click.echo(json.dumps([info.plain for info in infos], indent=2))


def _lines(infos: Iterable[About]) -> Iterator[str]:
    """One line for each rule, in columns."""
    rows = [about.info for about in infos]
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        yield f"{row.code}  {row.name:<{width}}  {row.summary}{'' if row.default else ' (off by default)'}"

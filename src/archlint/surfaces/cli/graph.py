"""``archlint graph``: what the project is made of, as archlint sees it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archlint.engine.linter import Linter, Options, open_project

if TYPE_CHECKING:
    from archlint.project.routes.entry import RouteEntry

#: What a line says of lists; nothing where the route answers with none, as far as is known.
_PAGES = {True: "  paginated: yes", False: "  paginated: no", None: ""}


@click.group()
def graph() -> None:
    """Show what the project is made of, as archlint sees it."""


@graph.command(short_help="List every route: methods, path, handler, who may call it, pages.")
@click.argument("directory", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
def routes(directory: Path, output_format: str, *, no_cache: bool) -> None:
    """List every route below DIRECTORY: methods, full path, handler, who may call it, if lists have pages.

    A path that starts with `?` continues something that archlint does not know: a prefix that is computed,
    or an application that includes the router elsewhere.
    """
    linter = Linter(Options(cache=not no_cache))
    probe = str(directory.absolute() / "_")
    settings = linter.settings_of(probe)
    root = Path(linter.root_of(probe))
    below = directory.absolute().relative_to(root).as_posix()
    with closing(open_project(root, linter.cache_dir(probe, settings), None, settings)) as project:
        entries = [
            e for e in project.world.route_table.all() if below == "." or e.place.path.startswith(f"{below}/")
        ]
        plain = [_plain(entry) for entry in entries]
        project.flush()
    if not plain:
        click.echo(f"No routes found below {directory}", err=True)
    if plain or output_format == "json":
        click.echo(json.dumps(plain, indent=2) if output_format == "json" else "\n".join(_lines(plain)))


def _plain(entry: RouteEntry) -> dict[str, Any]:
    answer = entry.authenticated
    return {
        "framework": entry.framework,
        "methods": list(entry.methods),
        "path": entry.path,
        "tail": entry.tail,
        "application": entry.app or None,
        "handler": entry.name,
        "file": entry.handler[0] if entry.handler is not None else None,
        "registered": f"{entry.place.path}:{entry.place.line}",
        "conditional": bool(entry.branches),
        "mutating": entry.mutating,
        "status": entry.status,
        "documented": entry.documented,
        "paginated": entry.paginated,
        "authenticated": answer.answer,
        "reason": answer.reason,
        "dependencies": [{"name": d.label, "via": d.via} for d in entry.dependencies],
        "bodies": [{"name": b.name, "kind": b.kind} for b in entry.bodies],
    }


def _lines(plain: Iterable[dict[str, Any]]) -> Iterable[str]:
    """One line for each route, in columns, below a line for each application."""
    rows = list(plain)
    width = max((len(_methods(row)) for row in rows), default=0)
    longest = max((len(_path(row)) for row in rows), default=0)
    before: str | None = ""
    for row in rows:
        if row["application"] != before:
            before = row["application"]
            yield f"# {before or 'no known application'}"
        yield (
            f"{_methods(row):<{width}}  {_path(row):<{min(longest, 60)}}  {row['handler']}  "
            f"({row['registered']})  authenticated: {row['authenticated']}{_PAGES[row['paginated']]}"
        )


def _methods(row: dict[str, Any]) -> str:
    return ",".join(row["methods"]) or "*"


def _path(row: dict[str, Any]) -> str:
    path = row["path"]
    return str(path) if path is not None else f"?{row['tail'] or ''}"

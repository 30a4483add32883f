"""``archlint server``."""

from __future__ import annotations

import gc

import click


@click.command()
def server() -> None:
    """Speak the language server protocol on standard input and output, for editors."""
    try:
        from archlint.surfaces.lsp.server import make
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(
            "the language server needs pygls; install it with `pip install 'archlint[lsp]'`"
        ) from error
    # A server lives long: what it drops must not stay in memory.
    gc.enable()
    make().start_io()

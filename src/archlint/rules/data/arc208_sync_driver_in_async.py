"""A synchronous database driver or ORM used in `async def`.

## What it does

## Why is this bad?

## How to fix

## Not reported

## References
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import FunctionEvent, Rule, on
from archlint.project.blocking import database
from archlint.project.file import File
from archlint.project.function import Function


class SyncDriverInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{call}` runs a synchronous query ({driver}) in `async def {function}`{chain}; use the async driver, or make `{function}` a plain `def`"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report synchronous database work of coroutine functions, direct or below project functions."""
        for site in database(function):
            hops = site.effect.hops
            chain = f" via {' -> '.join(h.label for h in hops)}" if hops else ""
            yield file.diagnostic(
                self, site, related=file.chain(hops), call=f"{site.label}()" if site.kind == "call" else site.label,
                function=function.name, chain=chain, driver=site.effect.leaf,
            )  # fmt: skip

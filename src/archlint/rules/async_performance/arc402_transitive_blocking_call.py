"""A call that blocks the event loop through the functions it calls.

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
from archlint.project.blocking import advice, transitive
from archlint.project.file import File
from archlint.project.function import Function


class TransitiveBlockingCall(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{call}` blocks the event loop in `async def {function}`: {chain}; {advice}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls of project functions that end in a blocking call."""
        for site in transitive(function):
            hops = site.effect.hops
            yield file.diagnostic(
                self, site, related=file.chain(hops), call=f"{site.label}()" if site.kind == "call" else site.label,
                function=function.name, chain=" -> ".join([site.label, *(h.label for h in hops)]),
                advice=advice(site.effect.leaf, wrap=site.label),
            )  # fmt: skip

"""A blocking call inside `async def` stops every other request of the worker.

## What it does

Reports calls that make the thread wait (network, disk, sleep, subprocess) where they stand
directly in the body of an `async def`.

## Why is this bad?

## How to fix

## Not reported

## References
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import FunctionEvent, Rule, on
from archlint.project.blocking import advice, direct
from archlint.project.file import File
from archlint.project.function import Function


class BlockingCallInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{call}` blocks the event loop in `async def {function}`; {advice}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report direct blocking calls of coroutine functions."""
        for site in direct(function):
            yield file.diagnostic(
                self, site, call=f"{site.label}()" if site.kind == "call" else site.label,
                function=function.name, advice=advice(site.effect.leaf),
            )  # fmt: skip

"""CPU-heavy work on the event loop.

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
from archlint.project.blocking import heavy
from archlint.project.file import File
from archlint.project.function import Function


class CpuBoundInAsync(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = "CPU-heavy `{call}` runs on the event loop in `async def {function}`{chain}; run it with `await asyncio.to_thread(...)` or in a process pool"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report heavy calls of coroutine functions, direct or below project functions."""
        for site in heavy(function):
            hops = site.effect.hops
            chain = f" ({' -> '.join([site.label, *(h.label for h in hops)])})" if hops else ""
            yield file.diagnostic(
                self, site, related=file.chain(hops), call=f"{site.label}()" if site.kind == "call" else site.label,
                function=function.name, chain=chain,
            )  # fmt: skip

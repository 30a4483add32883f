"""v0"""
from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import FunctionEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function


class LazyLoadUnderAsyncSession(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{relation}` {label} {chain}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """v0"""
        for site in function.sites:
            if "S" in site.effect.letters and "L" in site.effect.letters:
                yield file.diagnostic(self, site, related=file.chain(site.effect.hops), relation=site.effect.leaf, label=site.label,
                  chain=" -> ".join(f"{h.path}:{h.line}" for h in site.effect.hops))

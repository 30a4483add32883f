"""v0"""
from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import ClassEvent, FunctionEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.loops import per_item


class LazyLoadInSerializer(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{field}` reads the lazy `{relation}` {chain}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """v0"""
        repeated = {f.site[:4] for f in per_item(function)}
        for site in function.sites:
            letters = site.effect.letters
            if "V" in letters and ("P" in letters or site[:4] in repeated):
                yield file.diagnostic(self, site, related=file.chain(site.effect.hops), field=site.effect.leaf, relation=site.effect.subject,
                  chain=" -> ".join(f"{h.path}:{h.line}" for h in site.effect.hops)+ " S"*("S" in letters))
        served = file.world.serializers.served_by_handler(function.frame)
        if served and served.many:
            for walk in served.walks:
                yield file.diagnostic(self, function, field=f"{walk.schema}.{walk.field}", relation=walk.relation, chain=".".join(walk.path)+ " S"*walk.is_async)

    @on(ClassEvent)
    def view(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """v0"""
        served = file.world.serializers.served_by_view(cls.key)
        if served:
            for walk in served.walks:
                yield file.diagnostic(self, cls, field=f"{walk.schema}.{walk.field}", relation=walk.relation, chain=f"{walk.path} {walk.place}")

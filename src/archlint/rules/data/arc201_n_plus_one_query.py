"""A query that runs once per item of a loop: N items, N+1 queries.

## What it does

## Why is this bad?

## How to fix

## Not reported

## References
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import FunctionEvent, Rule, on
from archlint.model.summary import Block
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.loops import hidden, per_item


class NPlusOneQuery(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "Query{subject} runs once per item of `{iterable}`{chain}; {advice}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report queries inside loops, direct or below project functions."""
        if file.role:
            return
        reported: set[tuple[int, ...]] = set()
        seen: set[tuple[int, ...]] = set()
        for found in per_item(function):
            site, effect = found.site, found.site.effect
            reported.add(site[:4])
            if "Q" not in effect.letters or "U" in effect.letters or not found.dependent:
                continue
            if effect.hops and "I" in effect.letters or len(effect.hops) > (3 if "W" in effect.letters else 4):
                # The item costs files or requests of its own, or the query is an aside of something bigger.
                continue
            if "M" in effect.letters and "RelatedManager" not in effect.leaf:
                continue
            if site[:2] in seen:
                continue
            seen.add(site[:2])
            iterable = describe(found.iterable, function.scope)
            loop_line = function.scope.blocks[found.loop][Block.LINE]
            related = (
                Related(file._span(loop_line, 0, loop_line, 1), f"the loop over `{iterable}`"),
                *file.chain(effect.hops),
            )
            yield file.diagnostic(
                self,
                site,
                related=related,
                subject=f" on `{effect.subject}`" if effect.subject else "",
                iterable=iterable,
                chain=f" via {' -> '.join([site.label, *(h.label for h in effect.hops)])}"
                if effect.hops
                else "",
                advice="write all rows at once"
                if "W" in effect.letters
                else "load all rows before the loop with one `IN` query or eager loading",
            )
        for site in hidden(function):
            effect = site.effect
            if "Q" not in effect.letters or "I" in effect.letters or site[:4] in reported:
                continue
            yield file.diagnostic(
                self,
                site,
                related=file.chain(effect.hops),
                subject=f" on `{effect.subject}`" if effect.subject else "",
                iterable=f"the loop in {site.label}()",
                chain=f" via {' -> '.join([site.label, *(h.label for h in effect.hops)])}",
                advice="load all rows before the loop with one `IN` query or eager loading",
            )

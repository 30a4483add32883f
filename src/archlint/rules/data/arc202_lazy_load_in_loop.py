"""A relation that is loaded by a query of its own for every row of a loop.

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


class LazyLoadInLoop(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "`{relation}` is lazy-loaded for every item of `{iterable}`{chain}; load it with the query ({advice})"
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report lazy relations read inside loops, direct or below project functions."""
        if file.role:
            return
        queried = {f.site[:4] for f in per_item(function) if "Q" in f.site.effect.letters}
        reported = {f.site[:4] for f in per_item(function)}
        seen: set[tuple[object, str]] = set()
        lines: set[tuple[int, int]] = set()
        for found in per_item(function):
            site, effect = found.site, found.site.effect
            if (
                "L" not in effect.letters
                or "S" in effect.letters
                or not found.dependent
                or site[:4] in queried
            ):
                continue
            # Once read, the relation of an item is loaded: later reads of it, and those in a second loop over
            # the same rows, are the same finding; so are the alternatives of one condition (`a.x or a.y`).
            rows = repr(found.iterable) if found.iterable and found.iterable[0] == "n" else found.loop
            if (rows, effect.leaf) in seen or (found.loop, site.line) in lines:
                continue
            seen.add((rows, effect.leaf))
            lines.add((found.loop, site.line))
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
                relation=effect.leaf,
                iterable=iterable,
                chain=f" via {' -> '.join([site.label, *(h.label for h in effect.hops)])}"
                if effect.hops
                else "",
                advice="`selectinload`/`joinedload`, or `select_related`/`prefetch_related`",
            )
        for site in hidden(function):
            effect = site.effect
            if "L" not in effect.letters or "Q" in effect.letters or site[:4] in reported:
                continue
            yield file.diagnostic(
                self,
                site,
                related=file.chain(effect.hops),
                relation=effect.leaf,
                iterable=f"the loop in {site.label}()",
                chain=f" via {' -> '.join([site.label, *(h.label for h in effect.hops)])}",
                advice="`selectinload`/`joinedload`, or `select_related`/`prefetch_related`",
            )

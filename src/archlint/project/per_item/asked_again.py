"""Queries that a comprehension sends again for each item although no item decides what they ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.flow import call_mentions, dependents, source_of
from archlint.model.summary import Block
from archlint.project.per_item.loops import PerItem
from archlint.project.per_item.one_by_one import is_search
from archlint.project.repetition.memory import is_remembered

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.function import Function

_COMPREHENSIONS = frozenset(("comp", "acomp"))
#: Writes; what may have been loaded; what stands beside files and requests, or is reached seldom.
_OTHERWISE = frozenset("WUIRO")
_SPELLED_OUT = frozenset("ltedk")


def asked_again(function: Function) -> Iterator[PerItem]:
    """The calls in comprehensions that run the same query for each item.

    Nothing but the items changes from one pass of a comprehension to the next, so the answer is the same. How
    many items there are need not be known: the query can stand before the loop. Only calls count: what is
    read, or walked again, may be kept by its object.
    """
    scope = function.scope
    for site in function.repeated_sites:
        loop = site.block
        if scope.blocks[loop][Block.KIND] in _COMPREHENSIONS and _repeats(function, site, loop):
            yield PerItem(site, loop, scope.blocks[loop][Block.EXPR], False, False)


def _repeats(function: Function, site: Site, loop: int) -> bool:
    scope, effect = function.scope, site.effect
    if site.kind != "call" or "Q" not in effect.letters or _OTHERWISE & effect.letters:
        return False
    if site.callee is not None and site.callee.kind == "class":
        # A class may keep its one object.
        return False
    if not effect.hops and effect.leaf.endswith(" iteration"):
        return False
    iterable = source_of(scope.blocks[loop][Block.EXPR], scope)
    around = [b for b in scope.ancestors(loop) if scope.blocks[b][Block.KIND] in _COMPREHENSIONS]
    return (
        iterable is not None
        and iterable[0] not in _SPELLED_OUT
        and not any(call_mentions(scope, site.call, dependents(scope, b)) for b in around)
        and not is_search(scope, loop, site)
        and not is_remembered(scope, loop, site.order, site.call, loop)
    )

"""How much else a pass of a loop does: a batch is asked for where the query is what the loop is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Block, Call
from archlint.project.per_item.background import is_background
from archlint.project.per_item.settled import settles_each

if TYPE_CHECKING:
    from archlint.project.function import Function
    from archlint.project.per_item.loops import PerItem

#: Calls, queries and branches of a pass that deals with one thing from beginning to end.
_CALLS, _QUERIES, _BRANCHES = 24, 6, 6
_CONDITIONS = frozenset(("if", "else", "case"))


def is_in_background(function: Function, found: PerItem) -> bool:
    """Whether only tasks, commands and workers lead to a loop, and a helper asks on its behalf.

    What a task itself asks in its loop is as easily seen, and mended, as elsewhere.
    """
    world, path = function.file.world, function.file.name
    return bool(found.site.effect.hops) and is_background(world, path, function.scope)


def is_involved(function: Function, found: PerItem) -> bool:
    """Whether a pass does a lot beside its query, rarely comes to it, commits, or walks a tree."""
    scope = function.scope
    if scope.blocks[found.loop][Block.KIND] == "" and not found.resolver:
        # The loop of a framework, or of `map()`; a resolver is itself the pass.
        return False
    inside = [row for row in scope.calls if found.loop in scope.ancestors(row[Call.BLOCK])]
    queries = {
        site[:2]
        for site in function.repeated_sites
        if "Q" in site.effect.letters and found.loop in scope.ancestors(site.block)
    }
    branches = sum(
        row[Block.KIND] in _CONDITIONS and found.loop in scope.ancestors(index)
        for index, row in enumerate(scope.blocks)
    )
    if len(inside) > _CALLS or len(queries) >= _QUERIES or branches >= _BRANCHES:
        return True
    turns = sum(
        scope.blocks[b][Block.KIND] in _CONDITIONS
        for b in scope.ancestors(found.site.block)
        if b > found.loop
    )
    return turns > 1 or _calls_itself(function, found) or settles_each(function, found.loop, found.site.call)


def _calls_itself(function: Function, found: PerItem) -> bool:
    """Whether a function walks a tree, and calls itself for each branch."""
    callee = found.site.callee
    return callee is not None and callee.name == f"{function.file.name}:{function.scope.index}"

"""Query sets that a comprehension collects, one for each item, and that ``itertools.chain`` then walks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.flow import call_mentions, dependents, source_of
from archlint.model.summary import Block, Call, Expr
from archlint.project.effects import Site, describe
from archlint.project.per_item.loops import PerItem
from archlint.project.repetition.iteration import repeated_in
from archlint.project.words import original_word

if TYPE_CHECKING:
    from archlint.project.function import Function

#: By the last word of what walks all the collections that it is given, its name.
_WALKS = {"chain": "itertools.chain", "from_iterable": "itertools.chain.from_iterable"}


def collected(function: Function) -> Iterator[PerItem]:
    """The calls that make a query set of each item for a chain to walk."""
    world, scope, frame = function.file.world, function.scope, function.frame
    chained = _chained(function) if function.file.mentions(("itertools",)) else ()
    for _, _, value, loop in chained:
        if value is None or value[0] != "c" or repeated_in(world, frame, loop) != loop:
            continue
        row = scope.calls[value[1]]
        if not call_mentions(scope, value[1], dependents(scope, loop)):
            continue
        queries = world.evaluator.eval(value, frame, row[Call.BLOCK], row[Call.ORDER])
        for effect in world.effects.of_walk(queries):
            where = row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]
            label = describe(value, scope)
            site = Site(*where, loop, row[Call.ORDER], value[1], "call", label, effect)
            if not {"U", "W"} & effect.letters:
                yield PerItem(site, loop, scope.blocks[loop][Block.EXPR], True, False)


def _chained(function: Function) -> Iterator[Expr]:
    """The comprehensions that a chain is given."""
    world, scope, frame = function.file.world, function.scope, function.frame
    for index, row in enumerate(scope.calls):
        name = _WALKS.get(original_word(row[Call.FUNC], frame), "")
        given = row[Call.ARGS][0] if len(row[Call.ARGS]) == 1 else None
        if not name or given is None:
            continue
        if name == "itertools.chain":
            given = given[1] if given[0] == "*" else None
        made = source_of(given, scope)
        if made is None or made[0] != "p":
            continue
        callee = world.evaluator.callee(index, frame)
        if callee is not None and callee.name == name:
            yield made

"""What runs once per item: the effects inside loops, without the loops that are no iteration over data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.flow import call_mentions, dependents, mentions
from archlint.model.summary import Block, Call, Expr, Read, Scope
from archlint.project.effects import Site, loop_around, runs_once
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.function import Function

#: Words that name a source of batches; each pass of such a loop serves many rows.
_BATCHES = re.compile(r"(?i)(batch|chunk|page|slice|window|bucket|partition)")
_COUNTERS = frozenset(("range", "itertools.count", "itertools.repeat", "itertools.cycle"))


class PerItem(NamedTuple):
    """A site that runs once per item of a loop."""

    site: Site
    loop: int
    iterable: Expr
    dependent: bool  # whether it uses the item


def per_item(function: Function) -> Iterator[PerItem]:
    """The sites of a function that run once per item of a loop over data."""
    scope = function.scope
    names: dict[int, frozenset[str]] = {}
    for site in function.sites:
        loop = loop_around(scope, site.block)
        if loop is None or _in_handler(scope, site.block, loop) or runs_once(site.block, scope):
            continue
        while loop is not None:
            if loop not in names:
                names[loop] = dependents(scope, loop)
            iterable = scope.blocks[loop][Block.EXPR]
            if not _serves_batches(function, iterable, loop) and not _is_constant(function, iterable, loop):
                yield PerItem(site, loop, iterable, _uses(site, names[loop], scope))
                break
            loop = loop_around(scope, scope.blocks[loop][Block.PARENT])


def _uses(site: Site, names: frozenset[str], scope: Scope) -> bool:
    if site.index >= 0:
        return call_mentions(scope, site.index, names)
    for row in scope.reads:
        if (row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN]) == site[:4]:
            return mentions(row[Read.VALUE], names, scope)
    for row in scope.blocks:
        if row[Block.ORDER] == site.order:
            return mentions(row[Block.EXPR], names, scope)
    return any(mentions(row[0], names, scope) for row in scope.withs if row[7] == site.order)


def _in_handler(scope: Scope, block: int, loop: int) -> bool:
    """Whether a block is the rare path of a loop: an ``except`` clause."""
    while block > loop:
        if scope.blocks[block][Block.KIND] == "except":
            return True
        block = scope.blocks[block][Block.PARENT]
    return False


def _serves_batches(function: Function, iterable: Expr, loop: int) -> bool:
    """Whether each item stands for many rows: chunks, pages, a range with a step."""
    if iterable is None:
        return True
    scope = function.scope
    if iterable[0] == "c":
        row = scope.calls[iterable[1]]
        callee = row[Call.FUNC]
        word = (
            "" if callee is None else callee[1] if callee[0] == "n" else callee[2] if callee[0] == "a" else ""
        )
        if word == "range":
            return True
        if word == "enumerate" and row[Call.ARGS]:
            return _serves_batches(function, row[Call.ARGS][0], loop)
        if isinstance(word, str) and _BATCHES.search(word):
            return True
    if iterable[0] == "n" and re.fullmatch(r"(?i)(batches|chunks|pages|slices|windows)", iterable[1]):
        return True
    item = function.file.world.evaluator.iterate(_value(function, iterable, loop))
    return (
        item is not None and item.kind == "inst" and item.name in ("list", "django.db.models.QuerySet", "set")
    )


def _is_constant(function: Function, iterable: Expr, loop: int) -> bool:
    """Whether a loop runs over something the program text fixes: a literal, an enum, model classes."""
    if iterable is None:
        return True
    if iterable[0] in ("l", "t", "e"):
        return all(e is not None and e[0] in ("k", "n", "a", "t", "f") for e in iterable[1])
    if iterable[0] in ("d", "k"):
        return True
    value = _value(function, iterable, loop)
    for member in members(value):
        if member.kind == "class":
            return True
        if member.kind == "inst" and member.name in ("list", "tuple", "set", "frozenset"):
            if any(_is_fixed(m) for a in member.args for m in members(a)):
                return True
    return False


def _is_fixed(value: Type) -> bool:
    return value.kind in ("class", "func", "lib") or bool(value.facts and value.facts[0].startswith("="))


def _value(function: Function, iterable: Expr, loop: int) -> Type | None:
    row = function.scope.blocks[loop]
    return function.file.world.evaluator.eval(iterable, function.frame, row[Block.PARENT], row[Block.ORDER])

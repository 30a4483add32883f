"""Loops and statements that take many rows at once: pages, chunks, the rows of each key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.model.flow import dependents, followers, has_comprehension, is_item, mentions, parts, unwrapped
from archlint.model.summary import Bind, Block, Call, Expr, Scope
from archlint.project.identifiers import word_list
from archlint.project.repetition.dependence import uses
from archlint.project.repetition.written import MANY, iterated
from archlint.project.types import Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Words that name a source of batches; each pass of such a loop serves many rows.
_BATCHES = re.compile(r"(?i)(batch|chunk|page|slice|window|bucket|partition)")
_GROUPS = re.compile(r"(?i)(batch|chunk|slices|windows|bucket|partition|shard|tenant)")
#: The last word of what names one row, whatever the row is called.
_KEYS = frozenset(("id", "ids", "pk", "pks", "uuid", "uuids"))
_COLLECTED = ([["n", "list"]], [["n", "set"]])
_ZIPS = frozenset(("zip", "itertools.zip_longest"))


def serves_batches(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether each item stands for many rows: chunks, pages, a range with a step."""
    if iterable is None:
        return True
    scope = frame.scope
    for name, rows in scope.binds.items():
        bound = (row for row in rows if row[Bind.BLOCK] == loop)
        if _names_group(name) and any(is_item(row[Bind.EXPR], iterable) for row in bound):
            return True
    source = unwrapped(iterable, scope)
    if source is not None and source[0] == "c":
        row = scope.calls[source[1]]
        word, args = last_word(row[Call.FUNC]), row[Call.ARGS]
        if word == "range":
            return not _counts_items(scope, args)
        if len(args) == 1 and args[0] is not None and args[0][0] == "*":
            # `zip(*[iter(ids)] * 100)` cuts a list into groups.
            return any(m.name in _ZIPS for m in members(world.evaluator.callee(source[1], frame)))
        if _BATCHES.search(word):
            return not _gives_rows(world, world.evaluator.iterate(iterated(world, frame, iterable, loop)))
    elif _names_group(last_word(source)):
        return True
    item = world.evaluator.iterate(iterated(world, frame, iterable, loop))
    return item is not None and item.kind == "inst" and item.name in MANY


def _gives_rows(world: World, item: Type | None) -> bool:
    """Whether an item is certainly a row: ``Paginator(...).get_page(1)`` is walked row by row."""
    return item is not None and item.kind == "inst" and world.models.is_model(item.name)


def _counts_items(scope: Scope, args: list[Expr]) -> bool:
    """Whether a range counts the items of something one by one: ``range(len(rows))``."""
    last = args[-1] if args[:-1] in ([], [["k", 0]]) else None
    return last is not None and last[0] == "c" and scope.calls[last[1]][Call.FUNC] == ["n", "len"]


def _names_group(name: str) -> bool:
    """Whether a name speaks of many rows at once, as ``chunks`` does; ``chunk_id`` is the key of one row."""
    found = _GROUPS.search(name)
    return found is not None and (found[0].lower() == "tenant" or word_list(name)[-1] not in _KEYS)


def uses_group(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether a site takes a whole collection of the item: one call then serves a group of rows."""
    scope = frame.scope
    iterable = scope.blocks[loop][Block.EXPR]
    if site.call < 0 and not _walks_answer(scope, site):
        return False
    if site.call >= 0 and (_selects_group(scope, site, loop) or _looks_group_up(world, frame, site, loop)):
        return True
    groups = {
        position
        for member in members(world.evaluator.iterate(iterated(world, frame, iterable, loop)))
        if member.kind == "inst" and member.name == "tuple"
        for position, part in enumerate(member.args)
        if part is not None and _is_group(part)
    }
    if _walks_gathered(iterable, scope):
        groups.add(1)
    if not groups:
        return False
    parts = [["s", ["i", iterable], ["k", position]] for position in groups]
    return uses(site, followers(scope, loop, lambda expr: expr in parts), scope)


def _walks_answer(scope: Scope, site: Site) -> bool:
    """Whether a site is a loop over what a call gives: ``for row in rows.filter(pk__in=keys)``."""
    return site.kind == "iterate" and any(
        row[Block.ORDER] == site.order and row[Block.EXPR] is not None and row[Block.EXPR][0] == "c"
        for row in scope.blocks
    )


def _selects_group(scope: Scope, site: Site, loop: int) -> bool:
    """Whether a statement is given all rows of the item: ``[row.id for row in rows if row.key == key]``."""
    names = dependents(scope, loop)
    for operator, left, right, *_, block, _ in scope.compares:
        row = scope.blocks[block]
        if (
            operator == "=="
            and row[Block.KIND] == "comp"
            and loop in scope.ancestors(block)
            and not mentions(row[Block.EXPR], names, scope)
            and mentions(left, names, scope) != mentions(right, names, scope)
            and has_comprehension(["c", site.call], block, scope)
        ):
            return True
    return False


def _looks_group_up(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether a site takes what a dictionary holds under the item: ``for key in by_key: ... by_key[key]``."""
    scope, row = frame.scope, frame.scope.blocks[loop]
    holder = unwrapped(row[Block.EXPR], scope)
    if holder is None or holder[0] != "n":
        return False
    lookups = [
        ["s", holder, ["n", name]]
        for name, rows in scope.binds.items()
        if any(r[Bind.BLOCK] == loop and r[Bind.EXPR] == ["i", row[Block.EXPR]] for r in rows)
    ]
    held = (world.evaluator.eval(lookup, frame, loop, row[Block.ORDER]) for lookup in lookups)
    if not any(_is_group(m) for value in held for m in members(value)) and not _gathers(holder[1], scope):
        return False

    def is_lookup(expr: Expr) -> bool:
        return any(part in lookups for part in parts(expr, scope))

    return is_lookup(["c", site.call]) or uses(site, followers(scope, loop, is_lookup), scope)


def _walks_gathered(iterable: Expr, scope: Scope) -> bool:
    """Whether a loop walks what a dictionary gathered: ``for key, rows in by_key.items()``."""
    func = scope.calls[iterable[1]][Call.FUNC] if iterable is not None and iterable[0] == "c" else None
    return (
        func is not None
        and func[0] == "a"
        and func[2] == "items"
        and func[1] is not None
        and func[1][0] == "n"
        and _gathers(func[1][1], scope)
    )


def _gathers(name: str, scope: Scope) -> bool:
    """Whether a dictionary keeps a collection under each key: made or filled as such."""
    made = [row[Bind.EXPR] for row in scope.binds.get(name, ())]
    makers = [scope.calls[expr[1]] for expr in made if expr is not None and expr[0] == "c"]
    if any(last_word(row[Call.FUNC]) == "defaultdict" and row[Call.ARGS][:1] in _COLLECTED for row in makers):
        return True
    filler = ["a", ["n", name], "setdefault"]
    fills = (row for row in scope.calls if (row[Call.FUNC] or [])[:3] == filler)
    return any(row[Call.ARGS][1:] == [["l", []]] for row in fills)


def _is_group(value: Type) -> bool:
    if value.kind != "inst":
        return False
    if value.name == "tuple":
        # `tuple[Row, ...]`
        return len(value.args) == 1
    if value.name == "dict":
        inner = value.args[1] if len(value.args) > 1 else None
        return inner is not None and inner.kind == "inst" and inner.name in MANY
    return value.name in MANY

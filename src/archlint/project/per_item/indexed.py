"""Query sets that are asked for their rows by number: ``for n in range(rows.count()): rows[n]``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.flow import is_item, parts
from archlint.model.summary import Bind, Block, Call, Expr, Scope
from archlint.project.effects import Site
from archlint.project.per_item.loops import PerItem
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.function import Function

_LOOPS = frozenset(("for", "comp"))
#: Builtins that load all rows into the query set: numbers are free from then on.
_LOADS = frozenset(("list", "tuple", "set", "sorted", "len", "bool", "enumerate", "zip"))


def indexed(function: Function) -> Iterator[PerItem]:
    """The places where a query set, not loaded yet, is asked for the row of each number of a range."""
    world, scope, frame = function.file.world, function.scope, function.frame
    for loop, row in enumerate(scope.blocks):
        for rows, number in sorted(_asked_by_number(scope, loop)) if _counts(scope, loop) else ():
            block, order = row[Block.PARENT], row[Block.ORDER]
            found = world.evaluator.eval(["n", rows], frame, block, order)
            for effect in () if _is_loaded(scope, rows) else world.effects.of_index(found):
                where = _place(function, loop, rows, number)
                if where is not None:
                    site = Site(*where, loop, order, -1, "index", f"{rows}[{number}]", effect)
                    yield PerItem(site, loop, row[Block.EXPR], True, False)


def _place(function: Function, loop: int, rows: str, number: str) -> tuple[int, int, int, int] | None:
    """Where ``rows[number]`` stands in a loop: the summary does not say it, the tree does."""
    first, last = function.scope.blocks[loop][Block.LINE], function.scope.end_line
    for node in function.file.events(ast.Subscript):
        if isinstance(node, ast.Subscript) and first <= node.lineno <= last:
            names = (node.value, node.slice)
            if [name.id for name in names if isinstance(name, ast.Name)] == [rows, number]:
                return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
    return None


def _counts(scope: Scope, loop: int) -> bool:
    """Whether a loop counts to a number that the text does not say."""
    kind, _, _, iterable, *_ = scope.blocks[loop]
    if kind not in _LOOPS or iterable is None or iterable[0] != "c":
        return False
    row = scope.calls[iterable[1]]
    return row[Call.FUNC] == ["n", "range"] and not all(a is not None and a[0] == "k" for a in row[Call.ARGS])


def _asked_by_number(scope: Scope, loop: int) -> set[tuple[str, str]]:
    """The names that are asked for the item of a loop, ``rows[number]``, with the item's name."""
    iterable = scope.blocks[loop][Block.EXPR]
    numbers = [
        ["n", name]
        for name, rows in scope.binds.items()
        if all(row[Bind.BLOCK] == loop and is_item(row[Bind.EXPR], iterable) for row in rows)
    ]
    return {
        (part[1][1], part[2][1])
        for expr in (_values(scope) if numbers else ())
        for part in parts(expr, scope)
        if part[0] == "s" and part[2] in numbers and part[1] is not None and part[1][0] == "n"
    }


def _values(scope: Scope) -> Iterator[Expr]:
    """What names are bound to, what calls are made on and given, and what is returned."""
    for rows in scope.binds.values():
        yield from (row[Bind.EXPR] for row in rows)
    for row in scope.calls:
        yield from (row[Call.FUNC], *row[Call.ARGS])
    yield from (expr for expr, *_ in scope.returns)


def _is_loaded(scope: Scope, rows: str) -> bool:
    """Whether a query set is walked or tested somewhere, which loads it, or is more than one thing."""
    name: Expr = ["n", rows]
    return (
        len(scope.binds.get(rows, ())) != 1
        or any(row[Block.EXPR] in (name, ["m", "not", name, None]) for row in scope.blocks)
        or any(row[Call.ARGS][:1] == [name] and last_word(row[Call.FUNC]) in _LOADS for row in scope.calls)
    )

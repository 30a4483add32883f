"""Queries that ask for one row, by a limit or a slice: ``select(Post).order_by(func.random()).limit(1)``."""

from __future__ import annotations

from archlint.knowledge.loading import RUNS
from archlint.model.flow import source_of
from archlint.model.summary import Block, Call, Expr, Scope

#: The slices ``[:1]`` and ``[0:1]``.
_FIRST = (["sl", None, ["k", 1]], ["sl", ["k", 0], ["k", 1]])
#: What a function must not go on with, by the sign and the number its length is compared with.
_NOT_ONE = ((">", 1), (">=", 2), ("!=", 1))
_LEAVES = ("return", "raise")


def is_single(loop: int, scope: Scope) -> bool:
    """Whether a loop is over one item at the most: ``rows.limit(1)``, ``rows[:1]``, or a checked length."""
    iterable = scope.blocks[loop][Block.EXPR]
    return _has_limit(iterable, scope) or _is_checked(iterable, loop, scope)


def _is_checked(iterable: Expr, loop: int, scope: Scope) -> bool:
    """Whether a function has left where there are several: ``if len(rows) > 1: return``."""
    around = scope.ancestors(scope.blocks[loop][Block.PARENT])
    return any(
        row[Block.KIND] == "if"
        and row[Block.EXIT] in _LEAVES
        and row[Block.PARENT] in around
        and row[Block.ORDER] < scope.blocks[loop][Block.ORDER]
        and _says_several(row[Block.EXPR], iterable, scope)
        for row in scope.blocks[:loop]
    )


def _says_several(test: Expr, iterable: Expr, scope: Scope) -> bool:
    if test is None or test[0] != "m" or test[2] is None or test[2][0] != "c" or test[3] is None:
        return False
    row = scope.calls[test[2][1]]
    is_length = row[Call.FUNC] == ["n", "len"] and row[Call.ARGS] == [iterable]
    return is_length and test[3][0] == "k" and (test[1], test[3][1]) in _NOT_ONE


def _has_limit(iterable: Expr, scope: Scope) -> bool:
    expr = source_of(iterable, scope)
    if expr is not None and expr[0] == "s":
        return expr[2] in _FIRST
    while expr is not None and expr[0] in ("a", "c", "w"):
        if expr[0] != "c":
            expr = expr[1]
            continue
        row = scope.calls[expr[1]]
        func, args = row[Call.FUNC], row[Call.ARGS]
        if func is None or func[0] != "a":
            return False
        if func[2] == "limit":
            return bool(args[:1] == [["k", 1]])
        expr = source_of(args[0], scope) if func[2] in RUNS and args else func[1]
    return False

"""Queries that ask for one row, by a limit or a slice: ``select(Post).order_by(func.random()).limit(1)``."""

from __future__ import annotations

from archlint.knowledge.loading import RUNS
from archlint.model.flow import source_of
from archlint.model.summary import Call, Expr, Scope

#: The slices ``[:1]`` and ``[0:1]``.
_FIRST = (["sl", None, ["k", 1]], ["sl", ["k", 0], ["k", 1]])


def is_single(iterable: Expr, scope: Scope) -> bool:
    """Whether the query behind an iterable has a limit of one: ``rows.limit(1)``, ``rows[:1]``."""
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

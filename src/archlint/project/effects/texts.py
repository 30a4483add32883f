"""What a function puts into texts, by f-strings, ``%`` and ``format``: objects then say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model.summary import ANNOTATION, LOOPS, Bind, Block, Call, Expr, Scope

#: What may hold an object, by the tag of the expression.
_OBJECTS = frozenset(("n", "a", "s"))
_LISTS = frozenset(("l", "t", "e"))


class Put(NamedTuple):
    """Something that is put into a text, and the place of the expression around it."""

    expr: Expr
    around: Expr
    line: int
    block: int
    order: int


def put_into_texts(scope: Scope) -> Iterator[Put]:
    """What a function returns in a text, and what its loops put into some: the rest happens once."""
    repeated = {
        b
        for b in range(1, len(scope.blocks))
        if any(scope.blocks[around][Block.KIND] in LOOPS for around in scope.ancestors(b))
    }
    if repeated:
        yield from (put for put in _in_statements(scope) if put.block in repeated)
    for given, at, order, line in scope.returns:
        for expr, block in _objects(given, at):
            yield Put(expr, None, line, block, order)


def _in_statements(scope: Scope) -> Iterator[Put]:
    """Everything that calls are given and names are bound to as part of a text."""
    for index, row in enumerate(scope.calls):
        if not row[Call.FLAGS] & ANNOTATION:
            args = [*row[Call.ARGS], *(expr for _, expr in row[Call.KEYWORDS])]
            for given in (["j", args],) if _formats(row[Call.FUNC]) else args:
                for expr, block in _objects(given, row[Call.BLOCK]):
                    yield Put(expr, ["c", index], row[Call.LINE], block, row[Call.ORDER])
    for rows in scope.binds.values():
        for row in rows:
            for expr, block in _objects(row[Bind.EXPR], row[Bind.BLOCK]):
                yield Put(expr, None, row[Bind.LINE], block, row[Bind.ORDER])


def _formats(callee: Expr) -> bool:
    """Whether a callee is the ``format`` of a text that stands there."""
    return (
        callee is not None
        and callee[0] == "a"
        and callee[2] == "format"
        and callee[1] is not None
        and callee[1][0] == "k"
    )


def _objects(expr: Expr, block: int) -> Iterator[tuple[Expr, int]]:
    """The objects in the texts that an expression holds, with the blocks they are met in."""
    if expr is None:
        return
    tag = expr[0]
    if tag == "j":
        yield from ((part, block) for part in expr[1] if part is not None and part[0] in _OBJECTS)
    elif tag == "p":
        yield from _objects(expr[2], expr[3])
    elif tag == "b" and expr[1] == "%" and expr[2] is not None and expr[2][0] == "k":
        parts = expr[3][1] if expr[3] is not None and expr[3][0] == "t" else [expr[3]]
        yield from ((part, block) for part in parts if part is not None and part[0] in _OBJECTS)
    elif tag in _LISTS:
        for item in expr[1]:
            yield from _objects(item, block)
    elif tag == "d":
        for _, value in expr[1]:
            yield from _objects(value, block)

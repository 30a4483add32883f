"""Every use of a name in a scope: called upon, passed on, given back, kept.

What becomes of an object is read from this: one that is only called upon stays where it is, one that is
returned or stored has another keeper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model.summary import Bind, Block, Call, Expr, Param, Read, Scope, Store, Summary


class Use(NamedTuple):
    """One use of a name.

    ========  =====================================================  ========================
    kind      the name is                                            detail
    ========  =====================================================  ========================
    method    the receiver of a call                                 method
    called    called itself                                          ``""``
    passed    an argument, or part of one                            keyword, or position
    read      read an attribute of                                   attribute
    set       given an attribute or an item                          attribute
    stored    kept under an attribute or an item of something else   attribute
    bound     (part of) the value of another name                    that name
    entered   the context of a ``with``                              ``""``
    returned  given back                                             ``""``
    yielded   given out by a generator                               ``""``
    looped    iterated                                               ``""``
    tested    (part of) the condition of a branch                    ``""``
    enclosed  used by a function inside this one                     ``""``
    ========  =====================================================  ========================
    """

    kind: str
    detail: str
    call: int  # the row of the call for method, called, passed; otherwise -1
    block: int
    order: int
    line: int


def uses(summary: Summary, scope: Scope, name: str) -> list[Use]:
    """The uses of a local name, in order of evaluation."""
    found = [use for kind in _KINDS for use in kind(scope, name)]
    found += [
        Use("enclosed", "", -1, 0, 0, inner.line)
        for inner in _inner(summary, scope, name)
        if _occurs(inner, name)
    ]
    return sorted(found, key=lambda use: (use.order, use.kind, use.detail))


def _of_calls(scope: Scope, name: str) -> Iterator[Use]:
    for index, row in enumerate(scope.calls):
        func = row[Call.FUNC]
        place = (index, row[Call.BLOCK], row[Call.ORDER], row[Call.LINE])
        if func is not None and func[0] == "a" and holds(func[1], name):
            yield Use("method", func[2], *place)
        elif holds(func, name):
            yield Use("called", "", *place)
        for position, expr in enumerate(row[Call.ARGS]):
            if holds(expr, name):
                yield Use("passed", str(position), *place)
        for key, expr in row[Call.KEYWORDS]:
            if holds(expr, name):
                yield Use("passed", key or "**", *place)


def _of_rows(scope: Scope, name: str) -> Iterator[Use]:
    for row in scope.reads:
        if holds(row[Read.VALUE], name):
            yield Use("read", row[Read.ATTR], -1, row[Read.BLOCK], row[Read.ORDER], row[Read.LINE])
    for row in scope.stores:
        place = (-1, row[Store.BLOCK], row[Store.ORDER], row[Store.LINE])
        if holds(row[Store.VALUE], name):
            yield Use("set", row[Store.ATTR], *place)
        if holds(row[Store.EXPR], name):
            yield Use("stored", row[Store.ATTR], *place)
    for expr, _, line, _, _, _, block, order in scope.withs:
        if holds(expr, name):
            yield Use("entered", "", -1, block, order, line)
    for expr, block, order, line in scope.returns:
        if holds(expr, name):
            yield Use("returned", "", -1, block, order, line)
    for expr, block, order, _ in scope.yields:
        if holds(expr, name):
            yield Use("yielded", "", -1, block, order, scope.line)


def _of_names(scope: Scope, name: str) -> Iterator[Use]:
    for other, rows in scope.binds.items():
        for row in rows:
            expr = row[Bind.EXPR]
            while expr is not None and expr[0] == "s":
                expr = expr[1]
            # Entering and iterating are uses of their own.
            is_part = expr is not None and expr[0] in ("en", "aen", "i", "ai") and expr[1] == ["n", name]
            if not is_part and holds(row[Bind.EXPR], name):
                yield Use("bound", other, -1, row[Bind.BLOCK], row[Bind.ORDER], row[Bind.LINE])


def _of_blocks(scope: Scope, name: str) -> Iterator[Use]:
    for row in scope.blocks:
        if holds(row[Block.EXPR], name):
            kind = "tested" if row[Block.KIND] in ("if", "else", "while") else "looped"
            yield Use(kind, "", -1, row[Block.PARENT], row[Block.ORDER], row[Block.LINE])


def holds(expr: Expr, name: str) -> bool:
    """Whether the value of an expression is, or contains, what a name stands for."""
    pending = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        tag = here[0]
        if tag == "n" and len(here) == 2:
            if here[1] == name:
                return True
        elif tag in ("a", "c", "f", "cl", "k", "im", "gs"):
            # Attributes and calls have rows of their own: they make something else of it.
            continue
        elif tag == "s" and len(here) == 3:
            pending.append(here[1])
        elif tag == "p" and len(here) == 4:
            pending.append(here[2])
        elif tag == "m" and len(here) == 4:
            if here[1] == "and":
                pending += here[2:]
        else:
            pending += [part for part in here if isinstance(part, list)]
    return False


def _inner(summary: Summary, scope: Scope, name: str) -> Iterator[Scope]:
    """The functions inside a scope for which the name means the same."""
    inside = {scope.index}
    for other in summary.scopes[scope.index + 1 :]:
        if other.parent not in inside:
            continue
        if other.kind != "class" and (
            name in other.binds or any(row[Param.NAME] == name for row in other.params)
        ):
            continue
        inside.add(other.index)
        yield other


def _occurs(scope: Scope, name: str) -> bool:
    return any(True for kind in _KINDS for _ in kind(scope, name))


_KINDS = (_of_calls, _of_rows, _of_names, _of_blocks)


def mentioned(scope: Scope) -> Iterator[Expr]:
    """Every expression of a scope from which a name or an attribute may be read."""
    for row in scope.calls:
        yield row[Call.FUNC]
        yield from row[Call.ARGS]
        yield from (expr for _, expr in row[Call.KEYWORDS])
    yield from (row[Read.VALUE] for row in scope.reads)
    for row in scope.stores:
        yield row[Store.VALUE]
        yield row[Store.EXPR]
    for rows in scope.binds.values():
        yield from (row[Bind.EXPR] for row in rows)
    yield from (row[0] for row in scope.withs)
    yield from (row[0] for row in scope.returns)
    yield from (row[0] for row in scope.yields)
    yield from (row[Block.EXPR] for row in scope.blocks)


def atoms(expr: Expr) -> Iterator[Expr]:
    """The names and attributes inside an expression, calls and functions excepted."""
    pending = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        if here[0] == "n" and len(here) == 2:
            yield here
        elif here[0] == "a" and len(here) == 4:
            yield here
            pending.append(here[1])
        elif here[0] not in ("c", "f", "cl", "k", "im", "gs"):
            pending += [part for part in here if isinstance(part, list)]

"""What becomes of the value of a call: dropped, tested, read, kept under a name, or handed on.

A summary tells where the value goes directly (``uses``); where a name leads, the syntax tree tells
(``loads``), which is looked at only when there is a reason.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from archlint.model.index import Index
from archlint.model.summary import (
    ANNOTATION,
    AWAITED,
    DECORATOR,
    STATEMENT,
    Bind,
    Block,
    Call,
    Expr,
    Read,
    Scope,
    Test,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_TESTS = (ast.If, ast.While, ast.IfExp, ast.Assert)


class Use(NamedTuple):
    """Where the value of a call goes.

    ``dropped``, ``tested``, ``compared``, ``read`` (an attribute), ``indexed``, ``iterated``, ``entered``,
    ``computed``, ``shown`` (in an f-string), ``bound`` to a name, ``given`` to the call in row ``detail``,
    ``held`` by a collection that is given, ``returned`` by a function, ``listed`` in a collection that it
    returns, or ``inside`` of one.
    """

    call: int
    kind: str
    detail: str = ""


def uses(scope: Scope) -> list[Use]:
    """The values of a scope's calls that do not leave it at once; one use for each call."""
    found: dict[int, Use] = {}
    for use in _uses(scope):
        flags = scope.calls[use.call][Call.FLAGS]
        if not flags & (AWAITED | ANNOTATION | DECORATOR):
            found.setdefault(use.call, use)
    return [found[index] for index in sorted(found)]


def _uses(scope: Scope) -> list[Use]:
    found: list[Use] = []
    for index, row in enumerate(scope.calls):
        if row[Call.FLAGS] & STATEMENT:
            found.append(Use(index, "dropped"))
        _note(found, row[Call.FUNC], "")
        for expr in (*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])):
            _note(found, expr, "given", str(index))
    for read in scope.reads:
        _note(found, read[Read.VALUE], "read", read[Read.ATTR])
    for block in scope.blocks:
        _note(found, block[Block.EXPR], _ASKED_BY.get(block[Block.KIND], ""))
    for test in scope.tests:
        _note(found, test[Test.TEST], "tested")
    for row in scope.withs:
        _note(found, row[0], "" if row[1] else "entered")
    for name, rows in scope.binds.items():
        for row in rows:
            _note(found, row[Bind.EXPR], "bound", name)
    for row in scope.returns:
        _note(found, row[0], "returned")
    for row in scope.yields:
        _note(found, row[0], "")
    for row in scope.stores:
        _note(found, row[2], "")
    for row in scope.compares:
        _note(found, row[1], "compared")
        _note(found, row[2], "compared")
    return found


#: Lists, tuples, sets and comprehensions.
_LISTS = frozenset("ltep")
#: How the items of a collection are used, by how it is used itself.
_INNER = {"returned": "inside", "listed": "inside", "inside": "inside", "given": "held", "held": "held"}
_ASKED_BY = {"if": "tested", "while": "tested", "for": "iterated", "comp": "iterated"}


def _note(found: list[Use], expr: Expr, kind: str, detail: str = "") -> None:
    """Note the uses inside an expression whose own value goes where ``kind`` says."""
    if not isinstance(expr, list) or not expr:
        return
    tag = expr[0]
    if tag in ("n", "k"):
        return  # most of them are
    if tag == "c":
        if kind:
            found.append(Use(expr[1], kind, detail))
    elif tag == "a":
        _note(found, expr[1], "read", expr[2])
    elif tag == "s":
        _note(found, expr[1], "indexed")
        _note(found, expr[2], "")
    elif tag == "b":
        for side in expr[2:4]:
            _note(found, side, kind if kind == "returned" and side and side[0] in _LISTS else "computed")
    elif tag == "m":
        asked = "tested" if expr[1] in ("and", "not") else "compared"
        _note(found, expr[2], asked)
        _note(found, expr[3], asked)
    elif tag == "j":
        for part in expr[1]:
            _note(found, part, "shown")
    elif tag == "o":
        for part in expr[1:]:
            _note(found, part, kind if kind in ("tested", "returned") else "")
    else:
        item = "listed" if kind == "returned" and tag in _LISTS else _INNER.get(kind, "")
        for part in _parts(expr):
            _note(found, part, item, detail)


def _parts(expr: Expr) -> list[Expr]:
    """What a collection is made of."""
    if expr[0] in ("l", "t", "e"):
        return list(expr[1])
    if expr[0] == "d":
        return [part for pair in expr[1] for part in pair]
    return [expr[2]] if expr[0] == "p" else []


# -- names --------------------------------------------------------------------------------------------


def node_of(index: Index, row: list[object]) -> ast.Call | None:
    """The syntax node of a row of calls."""
    place = tuple(row[Call.LINE : Call.END_COLUMN + 1])
    for node in index.nodes(ast.Call):
        if (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == place:
            return node
    return None


def call_of(scope: Scope, node: ast.Call) -> int | None:
    """The row of calls, by number, in a scope for a syntax node."""
    place = [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]
    return next(
        (i for i, row in enumerate(scope.calls) if row[Call.LINE : Call.END_COLUMN + 1] == place), None
    )


def loads(index: Index, node: ast.AST) -> list[ast.Name] | None:
    """Every read of the local name that a value is assigned to; None when it may be read elsewhere."""
    statement = index.parent(node)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        return None
    owner = index.enclosing(statement, _FUNCTIONS)
    name = targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""
    if (
        not name
        or owner is None
        or isinstance(index.enclosing(statement, (ast.ClassDef, *_FUNCTIONS)), ast.ClassDef)
    ):
        return None
    outer: list[ast.Global | ast.Nonlocal] = [*index.nodes(ast.Global), *index.nodes(ast.Nonlocal)]
    if any(name in declared.names for declared in outer):
        return None
    found = [
        n for n in ast.walk(owner) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
    ]
    if isinstance(statement, ast.NamedExpr):
        return None
    return found


def asked(index: Index, node: ast.expr) -> Use | None:
    """How a read of a name asks something of its value, in place; None when the value is handed on."""
    parent = index.parent(node)
    kind, detail = "", ""
    if isinstance(parent, ast.Attribute):
        kind, detail = "read", parent.attr
    elif isinstance(parent, ast.Subscript) and parent.value is node:
        kind = "indexed"
    elif isinstance(parent, ast.Compare):
        kind = "compared"
    elif isinstance(parent, ast.BinOp):
        kind = "computed"
    elif isinstance(parent, ast.FormattedValue):
        kind = "shown"
    elif isinstance(parent, ast.For | ast.comprehension) and parent.iter is node:
        kind = "" if isinstance(parent, ast.comprehension) and parent.is_async else "iterated"
    elif isinstance(parent, ast.withitem) and isinstance(index.parent(parent), ast.With):
        kind = "entered"
    elif is_test(index, node):
        kind = "tested"
    elif isinstance(parent, ast.Return | ast.List | ast.Tuple | ast.Set | ast.Dict):
        kind = _returned(index, node)
    elif isinstance(parent, ast.keyword) and parent.arg is not None:
        kind, detail = "given", parent.arg + "="
    elif (
        isinstance(parent, ast.Call)
        and node in parent.args
        and isinstance(parent.func, ast.Name | ast.Attribute)
    ):
        kind = "given"
        detail = parent.func.id if isinstance(parent.func, ast.Name) else f".{parent.func.attr}"
    return Use(-1, kind, detail) if kind else None


def _returned(index: Index, node: ast.expr) -> str:
    """How a function returns a value: by itself, in a collection, further inside; ``""`` if it does not."""
    kind = "returned"
    parent = index.parent(node)
    while isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.Dict):
        kind = "listed" if kind == "returned" and not isinstance(parent, ast.Dict) else "inside"
        parent = index.parent(parent)
    while isinstance(parent, ast.BinOp):
        parent = index.parent(parent)
    return kind if isinstance(parent, ast.Return) else ""


def is_test(index: Index, node: ast.expr) -> bool:
    """Whether a value is asked for its truth alone."""
    here: ast.AST = node
    parent = index.parent(here)
    while isinstance(parent, ast.BoolOp) or (
        isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    ):
        if isinstance(parent, ast.UnaryOp):
            return True
        here, parent = parent, index.parent(parent)
    if isinstance(parent, ast.comprehension):
        return here in parent.ifs
    return isinstance(parent, _TESTS) and parent.test is here


def waits_after(index: Index, node: ast.AST) -> bool:
    """Whether the function around a node awaits something after it, or in a loop around it."""
    owner = index.enclosing(node, _FUNCTIONS)
    if owner is None:
        return False
    start = node.lineno if isinstance(node, ast.expr) else 0
    loop = index.enclosing(node, (ast.While, ast.For, ast.AsyncFor))
    if loop is not None and index.enclosing(loop, _FUNCTIONS) is owner:
        start = min(start, loop.lineno - 1)
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield)
    return any(
        isinstance(here, waits) and here.lineno > start and index.enclosing(here, _FUNCTIONS) is owner
        for here in ast.walk(owner)
    )

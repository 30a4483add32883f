"""The names that code gives to what a call returns: what a value is kept as says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.summary import Bind, Call, Expr, Scope, Store


def names_given(index: int, scope: Scope) -> Iterator[str]:
    """Variables, attributes, keys and keywords that a call's result gets, and a function that returns it."""
    for name, rows in scope.binds.items():
        if any(leads_to(row[Bind.EXPR], index, scope) for row in rows):
            yield name
    for row in scope.stores:
        if leads_to(row[Store.EXPR], index, scope):
            yield row[Store.ATTR].strip("[]")
    for row in scope.calls:
        for keyword, expr in row[Call.KEYWORDS]:
            if keyword is not None and leads_to(expr, index, scope):
                yield keyword
    if scope.kind == "function" and any(leads_to(row[0], index, scope) for row in scope.returns):
        yield scope.name


def leads_to(expr: Expr, index: int, scope: Scope) -> bool:
    """Whether an expression is a method chain, slice or text around a call."""
    while expr is not None:
        if expr == ["c", index]:
            return True
        if expr[0] == "c":
            func = scope.calls[expr[1]][Call.FUNC]
            expr = func[1] if func is not None and func[0] == "a" else None
        elif expr[0] in ("s", "a"):
            expr = expr[1]
        elif expr[0] in ("j", "o"):
            parts = expr[1] if expr[0] == "j" else expr[1:]
            return any(leads_to(e, index, scope) for e in parts)
        elif expr[0] == "b":
            return leads_to(expr[2], index, scope) or leads_to(expr[3], index, scope)
        else:
            return False
    return False

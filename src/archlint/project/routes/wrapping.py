"""Decorators of the project that a handler may stand below without another function being served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Param, Scope, Store

if TYPE_CHECKING:
    from archlint.project.world import World

#: Methods that only look into a mapping.
_LOOKS = frozenset(("get", "keys", "values", "items", "copy"))
#: A function that makes a decorator, and the decorator.
_DEEP = 2


def hands_on(world: World, name: str, *, result: bool, depth: int = _DEEP) -> bool:
    """Whether a decorator of the project passes on what a handler gets and, with ``result``, its answer."""
    decorator = world.function(name)
    if decorator is None or not decorator.returns or decorator.is_generator or decorator.is_async:
        return False
    path = name.rpartition(":")[0]
    given = next((p[Param.NAME] for p in decorator.params if p[Param.KIND] in "/."), "")
    return all(
        _is_handed_on(world, path, row[0], decorator, given, result, depth) for row in decorator.returns
    )


def _is_handed_on(
    world: World, path: str, way: Expr, decorator: Scope, given: str, result: bool, depth: int
) -> bool:
    if way is None:
        return False
    if way[0] == "n" and way[1] == given and given not in decorator.binds:
        return True
    if way[0] == "c" and decorator.calls[way[1]][Call.ARGS] == [["n", given]]:
        # `decorator(function)`, where the brackets after `@timed` may be left out.
        way = decorator.calls[way[1]][Call.FUNC]
    index = _inner(way, decorator)
    if index is None:
        return False
    inner = world.summary(path).scopes[index]
    return _passes_on(world, path, inner, given, result) or (
        depth > 1 and hands_on(world, f"{path}:{index}", result=result, depth=depth - 1)
    )


def _inner(expr: Expr, scope: Scope) -> int | None:
    """The function of a scope that an expression names."""
    rows = scope.binds.get(expr[1], ()) if expr is not None and expr[0] == "n" else ()
    made = rows[0][Bind.EXPR] if len(rows) == 1 else None
    return made[1] if made is not None and made[0] == "f" else None


def _passes_on(world: World, path: str, inner: Scope, given: str, result: bool) -> bool:
    """Whether a wrapper has the signature of what it wraps, and calls it with all that it gets."""
    if not any(
        d is not None
        and d[0] == "c"
        and world.evaluator.decorator_name(path, inner, d) == "functools.wraps"
        and world.summary(path).scopes[inner.parent].calls[d[1]][Call.ARGS][:1] == [["n", given]]
        for d in inner.decorators
    ):
        return False
    calls = [i for i, row in enumerate(inner.calls) if row[Call.FUNC] == ["n", given]]
    if not calls or not all(_gives_all(inner.calls[i], inner) for i in calls) or _changes(inner):
        return False
    return not result or all(_is_result(row[0], calls, inner) for row in inner.returns)


def _gives_all(row: list[Any], inner: Scope) -> bool:
    positions: list[Expr] = []
    keywords: list[list[Expr]] = []
    for param in inner.params:
        name: Expr = ["n", param[Param.NAME]]
        if param[Param.KIND] == "**":
            keywords.append([None, name])
        else:
            positions.append(["*", name] if param[Param.KIND] == "*" else name)
    has_rest = {"*", "**"} <= {param[Param.KIND] for param in inner.params}
    return has_rest and row[Call.ARGS] == positions and row[Call.KEYWORDS] == keywords


def _changes(inner: Scope) -> bool:
    """Whether a wrapper binds one of its parameters anew, or writes into it."""
    names = {param[Param.NAME] for param in inner.params}
    rest: list[Expr] = [["n", param[Param.NAME]] for param in inner.params if param[Param.KIND] == "**"]
    return (
        not names.isdisjoint(inner.binds)
        or any(row[Store.VALUE] in rest for row in inner.stores)
        or any(func[1] in rest and func[2] not in _LOOKS for func in _methods(inner))
    )


def _methods(inner: Scope) -> Iterator[list[Any]]:
    for row in inner.calls:
        if row[Call.FUNC] is not None and row[Call.FUNC][0] == "a":
            yield row[Call.FUNC]


def _is_result(expr: Expr, calls: list[int], inner: Scope) -> bool:
    """Whether a return of a wrapper is what the wrapped function gave."""
    if expr is not None and expr[0] == "w":
        expr = expr[1]
    if expr is not None and expr[0] == "n":
        rows = inner.binds.get(expr[1], ())
        return bool(rows) and all(_is_made(row[Bind.EXPR], calls) for row in rows)
    return _is_made(expr, calls)


def _is_made(expr: Expr, calls: list[int]) -> bool:
    if expr is not None and expr[0] == "w":
        expr = expr[1]
    return expr is not None and expr[0] == "c" and expr[1] in calls

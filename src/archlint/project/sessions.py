"""Sessions and connections: which values are some, where they were opened, whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import resources as known
from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Functions that only hand on what another made, one inside the other.
_DEEP = 3
_COMMIT = frozenset(("commit",))


def kind_of(world: World, value: Type | None, table: dict[str, str] | None = None) -> str:
    """``sync`` or ``async`` for a session (or what else ``table`` lists), ``""`` for anything else."""
    found = ""
    for member in members(value):
        if member.kind != "inst":
            return ""
        bases = world.classes.library_bases(member.name)
        kinds = {kind for name, kind in (known.SESSIONS if table is None else table).items() if name in bases}
        if not kinds:
            return ""
        found = min(kinds)
    return found


def is_scoped(world: World, value: Type | None) -> bool:
    """Whether a value stands for one session per thread, task or request."""
    return any(known.SCOPED_SESSIONS & world.classes.library_bases(member.name) for member in members(value))


def is_transactional(world: World, value: Type | None) -> bool:
    """Whether a value is a session or a connection."""
    return bool(kind_of(world, value) or kind_of(world, value, known.CONNECTIONS))


def committed(world: World, row: list[Any], callee: Type | None) -> bool:
    """Whether a call commits the transaction of a session or connection."""
    return asked_of_session(world, row, callee, _COMMIT)


def asked_of_session(world: World, row: list[Any], callee: Type | None, words: frozenset[str]) -> bool:
    """Whether a call is a method, of one of these names, of a session or connection."""
    func = row[Call.FUNC]
    if func is None or func[0] != "a" or func[2] not in words:
        return False
    return any(m.kind == "lib" and m.args and is_transactional(world, m.args[0]) for m in members(callee))


def opens(world: World, expr: Expr, frame: Frame, depth: int = _DEEP) -> str:
    """The name of what an expression opens anew (a class, a factory, a function); ``""`` if it does not.

    A function of the project opens what it returns if every path of it opens one.
    """
    if expr is not None and expr[0] == "w":
        expr = expr[1]
    if expr is None or expr[0] != "c" or depth == 0:
        return ""
    row = frame.scope.calls[expr[1]]
    names = [
        _opened(world, callee, row, frame, depth)
        for callee in members(world.evaluator.callee(expr[1], frame))
    ]
    return names[0] if names and all(names) else ""


def _opened(world: World, callee: Type, row: list[Any], frame: Frame, depth: int) -> str:
    classes = world.classes
    if callee.kind == "inst" and known.SESSION_FACTORIES & classes.library_bases(callee.name):
        return callee.name
    if (
        callee.kind in ("class", "lib")
        and not callee.args
        and known.SESSIONS.keys() & classes.library_bases(callee.name)
    ):
        return "" if known.SCOPED_SESSIONS & classes.library_bases(callee.name) else callee.name
    if callee.kind == "lib":
        return callee.name if callee.name in known.OPENS else ""
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or scope.is_generator or not scope.returns or scope.decorators:
        return ""
    path = callee.name.rpartition(":")[0]
    inner = world.evaluator.frame(path, scope.index, world.evaluator.bindings(callee, row, frame), 3)
    names = [returned_opening(world, expr, inner, depth - 1) for expr, *_ in scope.returns]
    return names[0] if all(names) else ""


def returned_opening(world: World, expr: Expr, frame: Frame, depth: int) -> str:
    """What a returned expression opens, itself or by the one name that it was bound to."""
    if expr is not None and expr[0] == "n":
        rows = frame.scope.binds.get(expr[1], ())
        if len(rows) != 1:
            return ""
        expr = rows[0][Bind.EXPR]
    return opens(world, expr, frame, depth)


def root(expr: Expr) -> Expr:
    """The name that an attribute path starts from."""
    while expr is not None and expr[0] == "a":
        expr = expr[1]
    return expr


def opened_here(scope: Scope, expr: Expr, since: int = 0) -> bool:
    """Whether a session or connection was opened, or fetched by a call, after a point of this scope."""
    start = root(expr)
    if start is None or start[0] != "n":
        return start is not None and start[0] in ("c", "w", "en", "aen")
    rows = [row for row in scope.binds.get(start[1], ()) if row[Bind.ORDER] > since]
    return any(
        row[Bind.EXPR] is not None and row[Bind.EXPR][0] in ("c", "w", "en", "aen", "o", "s", "i", "ai")
        for row in rows
    )


def is_parameter(scope: Scope, expr: Expr) -> bool:
    """Whether an attribute path starts from a parameter."""
    start = root(expr)
    return start is not None and start[0] == "n" and any(p[Param.NAME] == start[1] for p in scope.params)

"""What outlives a request: background work that is given something of the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import resources as known
from archlint.model.summary import STATEMENT, Bind, Call, Expr, Param, Scope
from archlint.model.uses import uses
from archlint.project.asynchrony.concurrency import held_sessions
from archlint.project.effects import describe
from archlint.project.guards import passed
from archlint.project.limits import FUEL
from archlint.project.sessions import is_scoped, kind_of
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_DEEP = 3
#: The last words of what starts background work.
_STARTERS = frozenset(name.rpartition(".")[2] for name in known.BACKGROUND)


class Handed(NamedTuple):
    """A session of the request that background work is given."""

    row: list[Any]
    session: str
    starter: str
    how: str  # "response": the framework runs it; "task": an event loop, a thread, a queue


def handed_over(world: World, frame: Frame) -> Iterator[Handed]:
    """The sessions injected into a handler or dependency that it gives to work which outlives it."""
    names = _injected_names(world, frame) or _lent_names(world, frame)
    if not names:
        return
    names |= _made_with(world, frame, names)
    for index, row in enumerate(frame.scope.calls):
        for starter, how, given in _background(world, index, row, frame):
            session = _session_in(world, frame, row, given, names)
            if session:
                yield Handed(row, session, starter, how)
                break


def _injected_names(world: World, frame: Frame) -> set[str]:
    """The parameters of a handler or dependency that the framework fills from dependencies."""
    scope = frame.scope
    kind = world.reach.entry((frame.path, scope.index)) if scope.params else ""
    if kind not in ("route", "dependency"):
        return set()
    return {row[Param.NAME] for row in scope.params if _is_injected(world, frame, row)}


def _lent_names(world: World, frame: Frame) -> set[str]:
    """The parameters by which a function that starts background work gets the sessions of handlers."""
    scope = frame.scope
    if not any(last_word(row[Call.FUNC]) in _STARTERS for row in scope.calls):
        return set()
    names = (row[Param.NAME] for row in scope.params)
    sessions = [name for name in names if kind_of(world, world.evaluator.name(name, frame, 0, 0))]
    found: set[str] = set()
    for caller in world.taint.callers(frame.path, scope) if sessions else ():
        other = world.evaluator.frame(caller.path, caller.scope)
        injected = _injected_names(world, other) - other.scope.binds.keys()
        bound = bool(caller.func.args) and world.evaluator.takes_receiver(caller.func)
        for name in sessions:
            given = passed(name, scope, bound, caller.row)[1]
            if given is not None and given[0] == "n" and given[1] in injected:
                found.add(name)
    return found


def _made_with(world: World, frame: Frame, names: set[str]) -> set[str]:
    """The objects of the project that a handler makes of what was injected: ``Mailer(session)``."""
    found = set()
    for name, rows in frame.scope.binds.items():
        expr = rows[0][Bind.EXPR] if len(rows) == 1 else None
        if expr is None or expr[0] != "c":
            continue
        given = arguments_of(frame.scope.calls[expr[1]])
        if any(e is not None and e[0] == "n" and e[1] in names for e in given):
            callees = members(world.evaluator.callee(expr[1], frame))
            if any(callee.kind == "class" and is_project(callee.name) for callee in callees):
                found.add(name)
    return found


def _is_injected(world: World, frame: Frame, row: list[Any]) -> bool:
    outer = frame.outer
    if outer is None:
        return False
    expr = row[Param.DEFAULT]
    if expr is not None and expr[0] == "c":
        return any(m.name in known.DEPENDS for m in members(world.evaluator.callee(expr[1], outer)))
    # An annotation of a class that no request can fill: `Annotated[..., Depends()]` or an alias of it.
    value = world.evaluator.name(row[Param.NAME], frame, 0, 0)
    return bool(kind_of(world, value)) or _is_service(world, value)


def _is_service(world: World, value: Type | None) -> bool:
    found = [m for m in members(value) if m.kind == "inst" and is_project(m.name)]
    return bool(found) and all(not world.models.is_model(m.name) for m in found)


def _background(
    world: World, index: int, row: list[Any], frame: Frame
) -> Iterator[tuple[str, str, list[Expr]]]:
    """Where a call starts background work: the starter, who runs it, and what it is given."""
    for member in members(world.evaluator.callee(index, frame)):
        if member.kind == "func":
            for given in _started(world, member, row):
                if _is_let_go(world, row, frame, index):
                    yield describe(row[Call.FUNC], frame.scope), "task", [given]
        if member.kind not in ("lib", "class"):
            continue
        how = known.BACKGROUND.get(member.name)
        arguments = [*row[Call.ARGS], *(e for k, e in row[Call.KEYWORDS] if k not in ("name", "daemon"))]
        if how == "coroutine":
            if row[Call.ARGS] and _is_let_go(world, row, frame, index):
                yield member.name, "task", row[Call.ARGS][:1]
        elif how is not None:
            yield member.name, how, arguments


def _started(world: World, callee: Type, row: list[Any]) -> Iterator[Expr]:
    """What a call gives a plain function of the project that makes a task of it."""
    scope = world.function(callee.name)
    if scope is None or scope.is_async or scope.is_generator:
        return
    frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), FUEL)
    for index, inner in enumerate(scope.calls):
        coroutine = inner[Call.ARGS][0] if inner[Call.ARGS] else None
        if coroutine is not None and coroutine[0] == "n" and coroutine[1] not in scope.binds:
            found = members(world.evaluator.callee(index, frame))
            if any(known.BACKGROUND.get(m.name) == "coroutine" for m in found if m.kind == "lib"):
                bound = bool(callee.args) and world.evaluator.takes_receiver(callee)
                yield passed(coroutine[1], scope, bound, row)[1]


def _is_let_go(world: World, row: list[Any], frame: Frame, index: int) -> bool:
    """Whether nobody in this function waits for a task: it is dropped, or only kept in a collection."""
    if row[Call.FLAGS] & STATEMENT:
        return True
    scope = frame.scope
    name = next(
        (n for n, rows in scope.binds.items() if any(r[Bind.EXPR] == ["c", index] for r in rows)),
        "",
    )
    if not name:
        return False
    found = uses(world.summary(frame.path), scope, name)
    kept = [u for u in found if u.kind == "passed" and _keeps(scope, u.call)]
    marked = [u for u in found if u.kind == "method" and u.detail == "add_done_callback"]
    return bool(kept or marked) and len(kept) + len(marked) == len(found)


def _keeps(scope: Scope, call: int) -> bool:
    func = scope.calls[call][Call.FUNC]
    return func is not None and func[0] == "a" and func[2] in ("add", "append")


def _session_in(world: World, frame: Frame, row: list[Any], given: list[Expr], names: set[str]) -> str:
    """The injected session among what background work is given."""
    for expr in given:
        found = _one(world, frame, row, expr, names)
        if found:
            return found
    return ""


def _one(world: World, frame: Frame, row: list[Any], expr: Expr, names: set[str]) -> str:
    if expr is None:
        return ""
    scope = frame.scope
    if expr[0] in ("n", "f"):
        if expr[0] == "f" or expr[1] not in names:
            return _enclosed(world, frame, row, expr, names)
        if expr[1] in scope.binds:
            return ""
        value = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return str(expr[1]) if kind_of(world, value) and not is_scoped(world, value) else ""
    if expr[0] in ("t", "l"):
        return _session_in(world, frame, row, expr[1], names)
    if expr[0] == "d":
        return _session_in(world, frame, row, [value for _, value in expr[1]], names)
    if expr[0] == "a" and expr[1] is not None and expr[1][0] == "n" and expr[1][1] in names:
        # A bound method of an injected object.
        callee = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return _held(world, scope, expr, callee)
    if expr[0] == "c":
        inner = scope.calls[expr[1]]
        func = inner[Call.FUNC]
        found = _session_in(world, frame, inner, arguments_of(inner), names)
        if not found and func is not None and func[0] == "n":
            return _enclosed(world, frame, inner, func, names)
        if found or func is None or func[0] != "a":
            return found
        if func[1] is not None and func[1][0] == "n" and func[1][1] in names:
            return _held(world, scope, func, world.evaluator.callee(expr[1], frame)) or _one(
                world, frame, inner, func[1], names
            )
    return ""


def _enclosed(world: World, frame: Frame, row: list[Any], expr: Expr, names: set[str]) -> str:
    """The injected session that a function inside this one uses."""
    scope, summary = frame.scope, world.summary(frame.path)
    value = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
    lines = {
        inner.line
        for member in members(value)
        if member.kind == "func" and (inner := world.function(member.name)) is not None
        if member.name == f"{frame.path}:{inner.index}" and inner.parent == scope.index
    }
    for name in sorted(names) if lines else ():
        if any(use.kind == "enclosed" and use.line in lines for use in uses(summary, scope, name)):
            found = _one(world, frame, row, ["n", name], names)
            if found:
                return found
    return ""


def _held(world: World, scope: Scope, expr: Expr, callee: Type | None) -> str:
    """The session that a method of an injected object works on."""
    for member in members(callee):
        for attr in sorted(held_sessions(world, member, _DEEP, "")):
            return f"{describe(expr[1], scope)}.{attr}"
    return ""

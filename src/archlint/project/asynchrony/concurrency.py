"""Coroutines that run at the same time or after the request, and the sessions they work on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import resources as known
from archlint.model.flow import dependents
from archlint.model.summary import AWAITED, LOOPS, Bind, Block, Call, Expr, Param, Read, Scope, Store
from archlint.project.effects import describe
from archlint.project.sessions import is_scoped, kind_of, root
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Methods of the same object that a method is followed into.
_DEEP = 3


class Started(NamedTuple):
    """A coroutine that is started beside others."""

    row: list[Any]  # the call that starts it
    coroutine: int  # the row of the call that makes the coroutine; -1 where a function is handed over
    repeated: bool  # whether the same place starts several
    inner: int  # the block whose loop repeats it


class Shared(NamedTuple):
    """A session that several coroutines use at the same time."""

    row: list[Any]
    starter: str
    session: str


def shared_sessions(world: World, frame: Frame) -> Iterator[Shared]:
    """The asynchronous sessions of a function that it gives to coroutines which run together."""
    groups: dict[str, list[tuple[Started, str]]] = {}
    for started, group, starter in starts(world, frame):
        for session in sorted(_sessions_of(world, frame, started)):
            groups.setdefault(f"{group}:{session}", []).append((started, starter))
    told: set[tuple[int, int]] = set()
    for key, found in groups.items():
        first, starter = found[0]
        place = (first.row[Call.LINE], first.row[Call.COLUMN])
        if place not in told and (len(found) > 1 or first.repeated):
            # The repositories of one unit of work hold the same session: one of them is enough to tell.
            told.add(place)
            yield Shared(first.row, starter, key.partition(":")[2])


def starts(world: World, frame: Frame) -> Iterator[tuple[Started, str, str]]:
    """Every start of a coroutine beside others, with the group it runs in and the name of the starter."""
    scope = frame.scope
    for index, row in enumerate(scope.calls):
        name = starter_of(world, index, frame)
        how = known.CONCURRENT.get(name)
        if how is None:
            continue
        loop = around(scope, row[Call.BLOCK])
        if how == "many":
            for started in _given(scope, row, row[Call.ARGS]):
                yield started, str(index), name
        elif how == "list":
            for started in _given(scope, row, [["*", e] for e in row[Call.ARGS][:1]]):
                yield started, str(index), name
        elif how == "one" and row[Call.ARGS]:
            first = row[Call.ARGS][0]
            if first is not None and first[0] == "c" and not _is_awaited_at_once(row):
                yield Started(row, first[1], loop is not None, row[Call.BLOCK]), "tasks", name
        elif how == "function" and row[Call.ARGS]:
            yield Started(row, -1, loop is not None, row[Call.BLOCK]), "tasks", name


def starter_of(world: World, index: int, frame: Frame) -> str:
    """The qualified name of what a call calls, when that is a library's."""
    names = [m.name for m in members(world.evaluator.callee(index, frame)) if m.kind == "lib"]
    return names[0] if names else ""


def around(scope: Scope, block: int) -> int | None:
    """The innermost loop around a block, ``while`` loops included."""
    for ancestor in scope.ancestors(block):
        if scope.blocks[ancestor][Block.KIND] in LOOPS:
            return ancestor
    return None


def _is_awaited_at_once(row: list[Any]) -> bool:
    return bool(row[Call.FLAGS] & AWAITED)


def _given(scope: Scope, row: list[Any], args: list[Expr]) -> Iterator[Started]:
    for expr in args:
        if expr is None:
            continue
        if expr[0] == "c":
            yield Started(row, expr[1], False, row[Call.BLOCK])
        elif expr[0] == "*":
            yield from _spread(scope, row, expr[1], 2)


def _spread(scope: Scope, row: list[Any], expr: Expr, depth: int) -> Iterator[Started]:
    """The coroutines in a list: written out, made by a comprehension, or appended in a loop."""
    if expr is None or depth < 0:
        return
    if expr[0] == "p" and expr[2] is not None and expr[2][0] == "c":
        inner = scope.calls[expr[2][1]]
        task = inner[Call.ARGS][0] if _makes_task(inner) and inner[Call.ARGS] else expr[2]
        if task is not None and task[0] == "c":
            yield Started(row, task[1], True, expr[3])
    elif expr[0] in ("l", "t"):
        for item in expr[1]:
            if item is not None and item[0] == "c":
                yield Started(row, item[1], False, row[Call.BLOCK])
            elif item is not None and item[0] == "*":
                yield from _spread(scope, row, item[1], depth - 1)
    elif expr[0] == "n":
        for bind in scope.binds.get(expr[1], ()):
            yield from _spread(scope, row, bind[Bind.EXPR], depth - 1)
        for call in scope.calls:
            if (
                call[Call.FUNC] is not None
                and call[Call.FUNC][:3] == ["a", expr, "append"]
                and call[Call.ARGS]
            ):
                item = call[Call.ARGS][0]
                if item is not None and item[0] == "c":
                    loop = around(scope, call[Call.BLOCK])
                    yield Started(row, item[1], loop is not None, call[Call.BLOCK])


def _makes_task(row: list[Any]) -> bool:
    func = row[Call.FUNC]
    return func is not None and func[-2 if func[0] == "a" else -1] in ("create_task", "ensure_future")


def _sessions_of(world: World, frame: Frame, started: Started) -> set[str]:
    """The asynchronous sessions, by their path in this function, that a started coroutine works on."""
    scope = frame.scope
    if started.coroutine >= 0:
        row = scope.calls[started.coroutine]
        func, given = row[Call.FUNC], arguments_of(row)
        callees = members(world.evaluator.callee(started.coroutine, frame))
    else:
        row = started.row
        func, given = row[Call.ARGS][0], row[Call.ARGS][1:]
        callees = members(world.evaluator.eval(func, frame, row[Call.BLOCK], row[Call.ORDER]))
    if any(_is_serial(world, callee) for callee in callees):
        return set()
    loop = around(scope, started.inner) if started.repeated else None
    found = set()
    for expr in given:
        if _is_async_session(world, expr, frame, row) and not _is_own(scope, expr, loop):
            found.add(describe(expr, scope))
    if func is not None and func[0] == "a":
        if _is_async_session(world, func[1], frame, row) and not _is_own(scope, func[1], loop):
            found.add(describe(func[1], scope))
        elif not _is_own(scope, func[1], loop):
            held = {attr for callee in callees for attr in held_sessions(world, callee, _DEEP)}
            common = _handed_on(world, frame, func[1], row) if held else ""
            found.update([common] if common else (f"{describe(func[1], scope)}.{attr}" for attr in held))
    return found


def _handed_on(world: World, frame: Frame, expr: Expr, row: list[Any]) -> str:
    """The session that the owner of an object made it with: repositories of one unit of work share theirs."""
    if expr is None or expr[0] != "a":
        return ""
    owner = world.evaluator.eval(expr[1], frame, row[Call.BLOCK], row[Call.ORDER])
    if owner is None or owner.kind != "inst" or not is_project(owner.name):
        return ""
    for base in world.classes.mro(owner.name):
        info = world.classes.info(base.name) if is_project(base.name) else None
        for index in info.methods.values() if info is not None else ():
            inner = world.evaluator.frame(base.name.rpartition(":")[0], index)
            for store in inner.scope.stores:
                if store[Store.VALUE] == ["n", "self"] and store[Store.ATTR] == expr[2]:
                    given = _session_given(world, inner, store[Store.EXPR])
                    return f"{describe(expr[1], frame.scope)}.{given}" if given else ""
    return ""


def _session_given(world: World, frame: Frame, made: Expr) -> str:
    """The name of the asynchronous session among the arguments of a call."""
    if made is None or made[0] != "c":
        return ""
    row = frame.scope.calls[made[1]]
    for expr in arguments_of(row):
        if _is_async_session(world, expr, frame, row):
            return str(expr[2] if expr[0] == "a" else expr[1])
    return ""


def _is_async_session(world: World, expr: Expr, frame: Frame, row: list[Any]) -> bool:
    if expr is None or expr[0] not in ("n", "a"):
        return False
    value = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
    return kind_of(world, value) == "async" and not is_scoped(world, value)


def _is_own(scope: Scope, expr: Expr, loop: int | None) -> bool:
    """Whether each pass of the loop that starts the coroutines has one of its own."""
    start = root(expr)
    if start is None or start[0] != "n":
        return True
    if loop is None:
        return False
    if start[1] in dependents(scope, loop):
        return True
    return any(loop in scope.ancestors(row[Bind.BLOCK]) for row in scope.binds.get(start[1], ()))


def held_sessions(world: World, callee: Type, depth: int, kind: str = "async") -> set[str]:
    """The attribute paths of its object through which a method uses a session of a kind (any for ``""``).

    A path may lead through other objects: ``uow.orders.session`` for a unit of work that holds repositories.
    """
    scope = world.function(callee.name) if callee.kind == "func" and callee.args and depth else None
    receiver = callee.args[0] if callee.args else None
    if scope is None or not scope.params or receiver is None or _is_serial(world, callee):
        return set()
    if receiver.kind != "inst" or not is_project(receiver.name):
        return set()
    found: set[str] = set()
    for path in sorted(_paths(scope, ["n", scope.params[0][Param.NAME]])):
        value = _reached(world, receiver, path)
        told = kind_of(world, value)
        if told and (not kind or told == kind) and not is_scoped(world, value):
            found.add(".".join(path))
        else:
            holder = ".".join(path[:-1])
            methods = (member for member in members(value) if member.kind == "func")
            inner = {p for method in methods for p in held_sessions(world, method, depth - 1, kind)}
            found |= {f"{holder}.{p}" if holder else p for p in inner}
    return found


def _reached(world: World, value: Type | None, path: tuple[str, ...]) -> Type | None:
    for attr in path:
        value = world.evaluator.attribute(value, attr)
    return value


def _paths(scope: Scope, me: Expr) -> set[tuple[str, ...]]:
    """The attribute paths below its receiver that a method reads or calls."""
    ends = [["a", row[Read.VALUE], row[Read.ATTR]] for row in scope.reads]
    ends += [row[Call.FUNC] for row in scope.calls if row[Call.FUNC] is not None]
    return {path for end in ends if (path := _path_below(end, me))}


def _path_below(expr: Expr, me: Expr) -> tuple[str, ...]:
    """``("a", "b")`` for ``self.a.b``; empty for what starts elsewhere."""
    path: tuple[str, ...] = ()
    while expr is not None and expr[0] == "a":
        path = (expr[2], *path)
        expr = expr[1]
    return path if expr == me else ()


def _is_serial(world: World, callee: Type) -> bool:
    """Whether a function holds a lock, or a semaphore of one, so that its runs follow one another."""
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None:
        return False
    path = callee.name.rpartition(":")[0]
    frame = world.evaluator.frame(path, scope.index, (), 3)
    for row in scope.withs:
        for member in members(world.evaluator.eval(row[0], frame, row[6], row[7])):
            if member.name in known.LOCKS or member.name in known.SEMAPHORES:
                return True
    return False

"""Who has to close what: the openings of a function that nobody else takes over.

What is returned, kept under an attribute, used by an inner function or passed to something unknown has
another keeper. What is passed to a function of the project stays here unless that keeps or closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge import resources as known
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.model.uses import Use, uses
from archlint.project.sessions import kind_of, opens
from archlint.project.types import Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Calls that an object is followed through.
_DEEP = 3
_OF_POOLS = frozenset(("acquire", "getconn"))
#: Builtins and library functions that look at an object and let it go.
_LOOKS = frozenset(("print", "repr", "str", "id", "type", "isinstance", "bool", "len", "hasattr", "getattr"))
#: Uses after which somebody else has the object.
_KEEPS = frozenset(("returned", "stored", "bound", "enclosed", "called"))


class Opening(NamedTuple):
    """Something opened in a function, and by what name it is known there."""

    name: str
    opened: str  # qualified name of the class, factory or function
    call: int  # the row of the call that opened it
    block: int
    order: int


class Verdict(NamedTuple):
    """Why an opening is not closed on every path; ``how`` is empty when it is, or when that is not known."""

    how: str  # "never", "unless"
    close: Use | None = None


_FINE = Verdict("")


def openings(world: World, frame: Frame) -> Iterator[Opening]:
    """The sessions and connections that a function opens by a plain assignment."""
    scope = frame.scope
    for name, rows in scope.binds.items():
        for row in rows:
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "w":
                expr = expr[1]
            if expr is None or expr[0] != "c":
                continue
            opened = opens(world, expr, frame)
            is_guest = opened and _is_on_connection(world, expr, frame)
            if opened and not is_guest and not _is_kept_too(scope, row[Bind.EXPR], name):
                yield Opening(name, opened, expr[1], row[Bind.BLOCK], row[Bind.ORDER])


def _is_on_connection(world: World, expr: Expr, frame: Frame) -> bool:
    """Whether a session is opened on a connection that exists already: closing it would give back none."""
    row = frame.scope.calls[expr[1]]
    bound = [expr for key, expr in row[Call.KEYWORDS] if key == "bind"] or row[Call.ARGS][:1]
    values = (world.evaluator.eval(given, frame, row[Call.BLOCK], row[Call.ORDER]) for given in bound)
    return any(kind_of(world, value, known.CONNECTIONS) for value in values)


def closing(world: World, frame: Frame, opening: Opening) -> str:
    """The code that closes what was opened; empty where its type is not known, or a pool takes it back."""
    if opening.opened.rpartition(".")[2] in _OF_POOLS:
        return ""
    value = world.evaluator.name(opening.name, frame, opening.block, opening.order + 1)
    known_as = {
        member
        for kind in members(value)
        for cls in world.classes.library_bases(kind.name)
        if kind.kind == "inst" and (member := world.evaluator.library.member(cls, "close")) is not None
    }
    waits = {"A" in member.effects for member in known_as}
    if len(waits) != 1:
        return ""
    return f"await {opening.name}.close()" if waits.pop() else f"{opening.name}.close()"


def _is_kept_too(scope: Scope, expr: Expr, name: str) -> bool:
    """Whether one assignment gives the object to an attribute or another name as well."""
    return any(row[2] is expr or row[2] == expr for row in scope.stores) or any(
        other != name and any(row[Bind.EXPR] == expr for row in rows) for other, rows in scope.binds.items()
    )


def judge(world: World, frame: Frame, opening: Opening) -> Verdict:
    """Whether, and how, an opening may stay open when the function ends."""
    scope = frame.scope
    summary = world.summary(frame.path)
    found = [
        use
        for use in uses(summary, scope, opening.name)
        if use.kind == "enclosed" or use.order > opening.order
    ]
    closes = [use for use in found if _closes(use, scope)]
    for use in found:
        if use in closes:
            continue
        if use.kind in _KEEPS or use.kind == "entered":
            return _FINE
        works_with = use.kind == "passed" and bool(closes) and _only_works_with(world, frame, use)
        if use.kind == "passed" and not works_with and takes_over(world, frame, use, _DEEP):
            return _FINE
    if not closes:
        if len(scope.binds[opening.name]) > 1 or not found:
            return _FINE
        return Verdict("never")
    if _is_certain(scope, closes):
        return _FINE
    between = [u for u in found if u.order < closes[-1].order and u.kind in ("method", "passed", "yielded")]
    return Verdict("unless", closes[-1]) if any(u not in closes for u in between) else _FINE


def _closes(use: Use, scope: Scope) -> bool:
    """Whether a use gives the object up: by a method of its own, or back to its pool."""
    if use.kind == "passed":
        return last_word(scope.calls[use.call][Call.FUNC]) in known.TAKES_BACK
    return use.kind == "method" and use.detail in known.CLOSES


def _only_works_with(world: World, frame: Frame, use: Use) -> bool:
    """Whether an object is passed to instances of the project that never close anything: a repository."""
    callees = members(world.evaluator.callee(use.call, frame))
    return bool(callees) and all(
        callee.kind == "class"
        and not any(world.classes.method(callee.name, name) for name in (*known.CLOSES, "__del__"))
        for callee in callees
    )


def _is_certain(scope: Scope, closes: list[Use]) -> bool:
    """Whether a close runs in a ``finally``, or both after the work and in a handler."""
    kinds = {scope.blocks[b][Block.KIND] for use in closes for b in scope.ancestors(use.block)}
    return "finally" in kinds or ("except" in kinds and len(closes) > 1)


def takes_over(world: World, frame: Frame, use: Use, depth: int) -> bool:
    """Whether the callee of a call keeps, closes or hides the object that is passed to it."""
    row = frame.scope.calls[use.call]
    callees = members(world.evaluator.callee(use.call, frame))
    if not callees:
        return True
    return any(_one_takes(world, frame, callee, row, use, depth) for callee in callees)


def _one_takes(world: World, frame: Frame, callee: Type, row: list[Expr], use: Use, depth: int) -> bool:
    if callee.kind == "lib":
        return callee.name not in _LOOKS
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or depth == 0 or scope.is_generator:
        return True
    name = _parameter(world, callee, scope, use)
    if not name:
        return True
    path = callee.name.rpartition(":")[0]
    inner = world.evaluator.frame(path, scope.index, world.evaluator.bindings(callee, row, frame), 3)
    for found in uses(world.summary(path), scope, name):
        if found.kind in _KEEPS or found.kind in ("entered", "yielded"):
            return True
        if found.kind == "method" and found.detail in known.CLOSES:
            return True
        if found.kind == "passed" and takes_over(world, inner, found, depth - 1):
            return True
    return False


def _parameter(world: World, callee: Type, scope: Scope, use: Use) -> str:
    """The parameter that receives an argument; empty when it cannot be told."""
    names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
    if not use.detail.isdigit():
        return use.detail if any(p[Param.NAME] == use.detail for p in scope.params) else ""
    offset = 1 if callee.args and world.evaluator.takes_receiver(callee) else 0
    position = int(use.detail) + offset
    return names[position] if position < len(names) else ""


def left_open_by_with(world: World, frame: Frame) -> Iterator[tuple[list[Expr], str]]:
    """The ``with`` blocks that end a fresh connection's transaction only, with the connection's class."""
    scope = frame.scope
    for row in scope.withs:
        opened = opens(world, row[0], frame) if not row[1] else ""
        if not opened:
            continue
        value = world.evaluator.eval(row[0], frame, row[6], row[7])
        kinds = [
            m.name for m in members(value) if known.WITH_KEEPS_OPEN & world.classes.library_bases(m.name)
        ]
        if kinds and not _is_closed_later(world, frame, row):
            yield row, kinds[0]


def _is_closed_later(world: World, frame: Frame, row: list[Expr]) -> bool:
    """Whether the connection of a ``with`` is closed by name, or may be somewhere else."""
    scope = frame.scope
    names = [n for n, rows in scope.binds.items() if any(r[Bind.EXPR] == ["en", row[0]] for r in rows)]
    if not names:
        return False
    for use in uses(world.summary(frame.path), scope, names[0]):
        if (
            use.kind in _KEEPS
            or use.kind == "yielded"
            or (use.kind == "method" and use.detail in known.CLOSES)
        ):
            return True
        if use.kind == "passed" and takes_over(world, frame, use, _DEEP):
            return True
    return False

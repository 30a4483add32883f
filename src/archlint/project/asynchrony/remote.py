"""Awaited work that leaves the process, and what keeps its amount small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.outbound import ANSWERS, LOCAL, READS
from archlint.knowledge.resources import SEMAPHORES
from archlint.model.summary import AWAITED, Call, Expr, Scope
from archlint.project.effects import describe
from archlint.project.identifiers import name_words
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Project calls followed to the library call that does the work.
_DEPTH = 3
_LIMITS = frozenset(
    ("semaphore", "sem", "limit", "limits", "limiter", "limited", "throttle", "throttler", "lock", "locks")
)


def awaits_remote(world: World, callee: Type, depth: int = _DEPTH) -> str:
    """The library call over the network that a coroutine function awaits; empty when it awaits none."""
    if callee.kind == "lib":
        return callee.name if _is_awaitable(world, callee) and not callee.name.startswith(LOCAL) else ""
    scope = world.function(callee.name) if callee.kind == "func" and depth else None
    if scope is None or not scope.is_async:
        return ""
    frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 2)
    for index in awaited_calls(scope):
        for inner in members(world.evaluator.callee(index, frame)):
            found = awaits_remote(world, inner, depth - 1)
            if found:
                return found
    return ""


def _is_awaitable(world: World, callee: Type) -> bool:
    library = world.evaluator.library
    if callee.args:
        cls, _, method = callee.name.rpartition(".")
        signature = library.member(cls, method)
    else:
        signature = library.function(callee.name)
    return signature is not None and "A" in signature.effects


def awaited_calls(scope: Scope) -> list[int]:
    """The calls of a scope that are awaited, or entered with ``async with``."""
    found = [index for index, row in enumerate(scope.calls) if row[Call.FLAGS] & AWAITED]
    entered = [row[0] for row in scope.withs if row[1]]
    return found + [expr[1] for expr in entered if expr is not None and expr[0] == "c"]


def only_reads(world: World, index: int, frame: Frame, depth: int = 2) -> bool:
    """Whether a call, itself or in a function of the project, makes a request that reads, and no more."""
    found = members(world.evaluator.callee(index, frame))
    return bool(found) and all(_reads(world, callee, depth) for callee in found)


def _reads(world: World, callee: Type, depth: int) -> bool:
    if callee.kind == "lib":
        return callee.name in READS
    scope = world.function(callee.name) if callee.kind == "func" and depth else None
    if scope is None or not scope.is_async or scope.is_generator or is_limited(world, callee):
        return False
    frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 2)
    reads = False
    for index in awaited_calls(scope):
        if is_answer(world, index, frame):
            continue
        if not only_reads(world, index, frame, depth - 1):
            return False
        reads = True
    return reads


def is_answer(world: World, index: int, frame: Frame) -> bool:
    """Whether a call takes the rest of an answer: ``await response.json()``."""
    found = members(world.evaluator.callee(index, frame))
    return bool(found) and all(callee.name.startswith(ANSWERS) for callee in found)


def is_limited(world: World, callee: Type) -> bool:
    """Whether a function waits for its turn: at a semaphore, a limiter or a lock."""
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None:
        return False
    frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 2)
    return any(_limits(world, row[0], frame, row[6], row[7]) for row in scope.withs)


def _limits(world: World, expr: Expr, frame: Frame, block: int, order: int) -> bool:
    found = members(world.evaluator.eval(expr, frame, block, order))
    if any(m.name in SEMAPHORES for m in found):
        return True
    return not _LIMITS.isdisjoint(name_words(describe(expr, frame.scope)))

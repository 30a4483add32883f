"""Passes of a loop that stand for themselves: what one has written stays, or goes, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Block, Call, Expr, Scope
from archlint.project.guards import is_usual
from archlint.project.limits import FUEL
from archlint.project.sessions import asked_of_session
from archlint.project.types import members
from archlint.project.witness import Sought, in_except

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.types import Type
    from archlint.project.world import World

#: Methods of sessions that keep what was written, or begin what can be taken back alone.
_SETTLES = frozenset(("commit", "begin_nested"))
_BRANCHES = frozenset(("if", "else", "try"))


def _is_settled(world: World, row: list[Any], callee: Type | None, _frame: Frame) -> str:
    return callee.name if callee is not None and asked_of_session(world, row, callee, _SETTLES) else ""


_SETTLED = Sought("settled", _SETTLES, _is_settled)


def settles_each(function: Function, loop: int, call: int) -> bool:
    """Whether each pass of a loop commits or opens a savepoint, or the helper does that this call asks.

    A statement and its commit, and nothing else, are no step of their own.
    """
    world, frame, scope = function.file.world, function.frame, function.scope
    for index, row in enumerate(scope.calls):
        block = row[Call.BLOCK]
        if loop not in scope.ancestors(block) or in_except(scope, block) or is_checkpoint(scope, block, loop):
            continue
        found = world.witnesses.of_call(_SETTLED, index, frame, 1 if index == call else 0)
        if found is not None and is_usual(found.guard, scope):
            return not found.leaf.endswith(".commit") or not _does_nothing_else(world, frame, loop, call)
    return False


def _does_nothing_else(world: World, frame: Frame, loop: int, call: int) -> bool:
    """Whether a pass only asks the session, itself or in the helper that it calls, in one way."""
    scope = frame.scope
    inside = [b for b in range(len(scope.blocks)) if loop in scope.ancestors(b)]
    if any(scope.blocks[b][Block.KIND] in _BRANCHES for b in inside):
        return False
    for index, row in enumerate(scope.calls):
        if row[Call.BLOCK] not in inside:
            continue
        callees = members(world.evaluator.callee(index, frame))
        if not callees or any(c.kind == "func" and index != call for c in callees):
            return False
        for callee in callees:
            helper = world.function(callee.name) if callee.kind == "func" else None
            if helper is not None:
                bound = tuple(sorted(world.evaluator.bindings(callee, row, frame)))
                path = callee.name.rpartition(":")[0]
                below = world.evaluator.frame(path, helper.index, bound, FUEL - 2)
                if not _does_nothing_else(world, below, 0, -1):
                    return False
    return True


def is_checkpoint(scope: Scope, block: int, loop: int) -> bool:
    """Whether a condition inside the loop counts: ``if index % 500 == 0``, ``if len(batch) >= size``."""
    for ancestor in scope.ancestors(block):
        if ancestor == loop:
            return False
        row = scope.blocks[ancestor]
        if row[Block.KIND] in ("if", "else") and _counts(row[Block.EXPR]):
            return True
    return False


def _counts(test: Expr) -> bool:
    pending = [test]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        if here[0] == "b" and here[1] == "%":
            return True
        if here[0] == "m" and here[1] in (">", ">=", "<", "<=", "=="):
            return True
        pending += [part for part in here if isinstance(part, list)]
    return False

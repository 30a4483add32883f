"""Expressions that are meant to give another value each time they are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.columns import FRESH
from archlint.model.summary import Call, Expr
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_DEEP = 2


def fresh_call(world: World, expr: Expr, frame: Frame, depth: int = _DEEP) -> str:
    """The name of the call in an expression whose value is another each time; ``""`` if there is none."""
    pending = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        tag = here[0]
        if tag == "c":
            row = frame.scope.calls[here[1]]
            found = _name(world, here[1], frame, depth)
            if found:
                return found
            func = row[Call.FUNC]
            pending += row[Call.ARGS]
            if func is not None and func[0] == "a":
                pending.append(func[1])
        elif tag in ("a", "w", "s"):
            pending.append(here[1])
        elif tag in ("b", "o", "j"):
            pending += [part for part in here if isinstance(part, list)]
            if tag == "j":
                pending += here[1]
    return ""


def _name(world: World, index: int, frame: Frame, depth: int) -> str:
    for callee in members(world.evaluator.callee(index, frame)):
        if callee.kind == "lib" and callee.name in FRESH:
            return callee.name
        scope = world.function(callee.name) if callee.kind == "func" and depth else None
        if scope is None or scope.is_generator or scope.is_async or not scope.returns:
            continue
        inner = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 3)
        names = [fresh_call(world, expr, inner, depth - 1) for expr, *_ in scope.returns]
        if all(names):
            return names[0]
    return ""

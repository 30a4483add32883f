"""Dependencies that commit when the handler has returned: what it changed is written then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.resources import CONTEXT_DECORATORS
from archlint.model.summary import Block, Call, Scope
from archlint.project.sessions import committed
from archlint.project.tables.transactions import transaction_at
from archlint.project.types import members
from archlint.project.witness import in_except
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

#: Context managers of the project that enter each other.
_WRAPPED = 2
#: Dependencies of dependencies.
_DEEP = 4


def is_committed_for(function: Function) -> bool:
    """Whether a dependency of a handler commits after it: ``yield session``, then ``session.commit()``."""
    world = function.file.world
    if world.words.files(CALLS, "commit") or world.words.files(CALLS, "begin"):
        return any(_commits(world, *place, _WRAPPED) for place in _depended_on(world, function))
    return False


def _depended_on(world: World, function: Function) -> Iterator[tuple[str, Scope]]:
    """The functions that a handler depends on, those included that they depend on themselves."""
    table, seen = world.route_table, set()
    front = [(function.file.name, function.scope)]
    for _ in range(_DEEP):
        below = []
        for path, scope in front:
            for expr, spot, _via in table.facts.dependencies_of(path, scope):
                for made in table.follower.follow(expr, spot):
                    where, found = table.facts.called(made)
                    if found is not None and (where, found.index) not in seen:
                        seen.add((where, found.index))
                        below.append((where, found))
        yield from below
        front = below


def _commits(world: World, path: str, scope: Scope, depth: int) -> bool:
    """Whether a generator commits behind its ``yield``, itself or by the context managers around it."""
    if len(scope.yields) != 1:
        return False
    frame = world.evaluator.frame(path, scope.index)
    _, block, order, _ = scope.yields[0]
    if transaction_at(world, frame, block):
        return True
    for index, row in enumerate(scope.calls):
        if row[Call.ORDER] > order and last_word(row[Call.FUNC]) == "commit":
            is_commit = committed(world, row, world.evaluator.callee(index, frame))
            if is_commit and not in_except(scope, row[Call.BLOCK]):
                return True
    return depth > 0 and any(
        _commits(world, *place, depth - 1) for place in _entered(world, frame, scope.ancestors(block))
    )


def _entered(world: World, frame: Frame, around: list[int]) -> Iterator[tuple[str, Scope]]:
    """The context managers of the project that hold a block."""
    scope = frame.scope
    for row in scope.withs:
        made, place = row[0], (row[6], row[7])
        if made is None or made[0] != "c" or _body(scope, place) not in around:
            continue
        for callee in members(world.evaluator.callee(made[1], frame)):
            inner = world.function(callee.name) if callee.kind == "func" else None
            path = callee.name.rpartition(":")[0]
            if inner is not None and any(
                world.evaluator.decorator_name(path, inner, d) in CONTEXT_DECORATORS for d in inner.decorators
            ):
                yield path, inner


def _body(scope: Scope, place: tuple[int, int]) -> int:
    """The block of the `with` statement at a place; -1 for none."""
    blocks = (
        index
        for index, row in enumerate(scope.blocks)
        if row[Block.KIND] == "with" and row[Block.PARENT] == place[0] and row[Block.ORDER] > place[1]
    )
    return next(blocks, -1)

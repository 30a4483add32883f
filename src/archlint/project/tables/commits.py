"""Commits: where a transaction ends, and where it ends once per item of a loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.flow import dependents, mentions
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Scope, Store
from archlint.project.chains import is_optional
from archlint.project.effects import hop_of
from archlint.project.guards import is_off, is_usual, switches
from archlint.project.per_item.by_hand import is_seldom
from archlint.project.per_item.one_by_one import acts_outside, fills_missing
from archlint.project.per_item.settled import is_checkpoint
from archlint.project.repetition.iteration import loop_around, repeated_in
from archlint.project.sessions import committed, is_transactional, opened_here
from archlint.project.types import Type, members
from archlint.project.witness import Found, Sought, in_except
from archlint.project.words import CALLS, arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World


def _is_commit(world: World, row: list[Any], callee: Type | None, frame: Frame) -> str:
    """A commit of a session that was handed in: one opened by the function itself is its own affair."""
    if not committed(world, row, callee) or callee is None:
        return ""
    return "" if opened_here(frame.scope, row[Call.FUNC][1]) else callee.name


def _has_opened(world: World, row: list[Any], frame: Frame) -> bool:
    """Whether a call passes, or is made on, a session that this function has opened."""
    func = row[Call.FUNC]
    given = arguments_of(row)
    if func is not None and func[0] == "a":
        given.append(func[1])
    return any(
        expr is not None
        and expr[0] == "n"
        and opened_here(frame.scope, expr)
        and is_transactional(world, world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER]))
        for expr in given
    )


COMMIT = Sought("commit", frozenset(("commit",)), _is_commit, _has_opened)


def writes_out(world: World, index: int, frame: Frame, changed: Expr) -> bool:
    """Whether a call commits, itself, as a unit of work, or in a function that is handed the changed row."""
    row = frame.scope.calls[index]
    func = row[Call.FUNC]
    is_commit = func is not None and func[0] == "a" and func[2] == "commit"
    if is_commit and committed(world, row, world.evaluator.callee(index, frame)):
        return True
    given = arguments_of(row)
    if not is_commit and changed not in given:
        return False
    found = world.witnesses.of_call(COMMIT, index, frame)
    return found is not None and is_usual(found.guard, frame.scope)


#: Methods of sessions and connections that change rows.
_WRITES = frozenset(("add", "add_all", "delete", "merge", "create", "save"))


class CommitPerItem(NamedTuple):
    """A call that commits once per item of a loop."""

    call: list[Any]
    loop: int
    found: Found


def per_item(function: Function) -> Iterator[CommitPerItem]:
    """The calls that commit, themselves or further down, on every pass of a loop over data."""
    world, scope = function.file.world, function.scope
    if not world.words.files(CALLS, "commit") or not any(b[Block.KIND] in LOOPS for b in scope.blocks):
        return
    frame = function.frame
    for index, row in enumerate(scope.calls):
        if loop_around(scope, row[Call.BLOCK]) is None:
            continue
        loop = repeated_in(world, frame, row[Call.BLOCK])
        if loop is None or in_except(scope, loop):
            continue
        if is_checkpoint(scope, row[Call.BLOCK], loop) or survives(scope, row[Call.BLOCK], loop):
            continue
        if has_own_session(world, frame, loop):
            continue
        is_direct = last_word(row[Call.FUNC]) == "commit" and not any(
            member.kind == "func" for member in members(world.evaluator.callee(index, frame))
        )
        found = (
            _direct(world, index, frame, loop) if is_direct else world.witnesses.of_call(COMMIT, index, frame)
        )
        if found is None or not is_usual(found.guard, scope) or _is_switched_off(scope, row, found):
            continue
        if any(is_optional(world, hop) for hop in found.hops[1:]) or fills_missing(
            scope, row[Call.BLOCK], loop
        ):
            continue
        if not acts_outside(function, loop) and not is_seldom(world, frame):
            yield CommitPerItem(row, loop, found)


def _is_switched_off(scope: Scope, row: list[Any], found: Found) -> bool:
    """Whether a flag of the function itself, off by default, asks for the commit."""
    return is_off(scope, found.switches | switches(scope, row[Call.BLOCK], row[Call.ORDER]))


def marks_progress(scope: Scope, loop: int) -> bool:
    """Whether the passes of a loop only write down, on an object from outside, how far they have come."""
    inside = [b for b in range(len(scope.blocks)) if loop in scope.ancestors(b)]
    items = dependents(scope, loop)
    stores = [row for row in scope.stores if row[Store.BLOCK] in inside]
    words = {last_word(row[Call.FUNC]) for row in scope.calls if row[Call.BLOCK] in inside}
    local = {name for name, rows in scope.binds.items() if any(row[Bind.BLOCK] in inside for row in rows)}
    return (
        bool(stores)
        and not words & _WRITES
        and not any(mentions(row[Store.VALUE], items | local, scope) for row in stores)
    )


def _direct(world: World, index: int, frame: Frame, loop: int) -> Found | None:
    """A commit in the loop itself, of a session that was opened before."""
    scope = frame.scope
    row = scope.calls[index]
    callee = world.evaluator.callee(index, frame)
    if callee is None or not committed(world, row, callee) or marks_progress(scope, loop):
        return None
    is_new = opened_here(scope, row[Call.FUNC][1], scope.blocks[loop][Block.ORDER])
    return None if is_new else Found(callee.name, (hop_of(frame.path, row, scope),))


def survives(scope: Scope, block: int, loop: int) -> bool:
    """Whether the pass has a ``try`` with handlers of its own: then each item stands or falls alone."""
    for ancestor in scope.ancestors(block):
        if ancestor == loop:
            return False
        row = scope.blocks[ancestor]
        if row[Block.KIND] == "tryelse" or (row[Block.KIND] == "try" and any(scope.handlers(ancestor))):
            return True
    return False


def has_own_session(world: World, frame: Frame, loop: int) -> bool:
    """Whether each pass of a loop opens a session or transaction."""
    scope = frame.scope
    inside = [b for b in range(len(scope.blocks)) if loop in scope.ancestors(b)]
    if any(row[6] in inside for row in scope.withs):
        return True
    for rows in scope.binds.values():
        for row in rows:
            expr = row[Bind.EXPR]
            if row[Bind.BLOCK] in inside and expr is not None and expr[0] in ("c", "w", "en", "aen"):
                value = world.evaluator.eval(expr, frame, row[Bind.BLOCK], row[Bind.ORDER])
                if is_transactional(world, value):
                    return True
    return False

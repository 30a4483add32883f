"""What is sent between a change and the commit of the session in the same function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import outside as known
from archlint.model.summary import STATEMENT, Call, Scope
from archlint.project.guards import is_usual
from archlint.project.sessions import committed
from archlint.project.tables.commits import COMMIT
from archlint.project.tables.transactions import SENT, Early, changes, transaction_at
from archlint.project.witness import in_except
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

#: What holds the transaction: a session that a later statement commits.
SESSION = "a session"
_HOPS = 2
#: Methods of sessions by which a row is new or goes.
_APPEARS = frozenset(("add", "add_all", "delete"))


class _Place(NamedTuple):
    block: int
    order: int


class _Change(NamedTuple):
    place: _Place
    appears: bool  # a row is new or goes


def sent_before_commit(function: Function) -> Iterator[Early]:
    """The calls that put work on a queue or send mail while a change waits for its commit.

    A call whose result is used is left alone: `job.task_id = run.delay(job.id).id` has to come first. So is
    mail beside a column that is set: noting that it went out is the last step, and meant to be.
    """
    world, frame, scope = function.file.world, function.frame, function.scope
    if frame.path not in world.words.files(CALLS, "commit"):
        return
    commits = [
        _Place(row[Call.BLOCK], row[Call.ORDER])
        for index, row in enumerate(scope.calls)
        if last_word(row[Call.FUNC]) == "commit" and _commits(index, row, frame, world)
    ]
    if not commits:
        return
    changed: list[_Change] | None = None
    for index, row in enumerate(scope.calls):
        here = _Place(row[Call.BLOCK], row[Call.ORDER])
        if not row[Call.FLAGS] & STATEMENT or not _is_committed_later(scope, here, commits):
            continue
        if in_except(scope, here.block) or transaction_at(world, frame, here.block):
            continue
        found = world.witnesses.of_call(SENT, index, frame, _HOPS)
        if found is None or found.leaf.startswith(known.HTTP) or found.switches:
            continue
        if not is_usual(found.guard, scope):
            continue
        if changed is None:
            changed = list(_changed(function))
        of_mail = found.leaf in known.MAIL
        if _is_open(scope, here, [p.place for p in changed if p.appears or not of_mail], commits):
            yield Early(row, found, SESSION)


def _commits(index: int, row: list[Any], frame: Frame, world: World) -> bool:
    """Whether a call commits a session, itself or as a unit of work that holds one."""
    if committed(world, row, world.evaluator.callee(index, frame)):
        return True
    found = world.witnesses.of_call(COMMIT, index, frame)
    return found is not None and is_usual(found.guard, frame.scope)


def _changed(function: Function) -> Iterator[_Change]:
    """Where rows change, here or in a function that is called: ``orders.add(order)``."""
    world, frame, scope = function.file.world, function.frame, function.scope
    added = {row[Call.ORDER] for row in scope.calls if last_word(row[Call.FUNC]) in _APPEARS}
    for block, order in changes(function):
        yield _Change(_Place(block, order), order in added)
    below = {
        (write.hops[0].line, write.hops[0].column): write.method in _APPEARS
        for write in world.api.writes.of(frame, _HOPS)
        if len(write.hops) > 1
    }
    for row in scope.calls:
        appears = below.get((row[Call.LINE], row[Call.COLUMN]))
        if appears is not None:
            yield _Change(_Place(row[Call.BLOCK], row[Call.ORDER]), appears)


def _is_committed_later(scope: Scope, here: _Place, commits: list[_Place]) -> bool:
    """Whether every path from a place that goes on comes to a commit."""
    around = scope.ancestors(here.block)
    return any(place.order > here.order and place.block in around for place in commits)


def _is_open(scope: Scope, here: _Place, changed: list[_Place], commits: list[_Place]) -> bool:
    """Whether a change lies before a place, on its path, without a commit between them."""
    around = scope.ancestors(here.block)
    last = max((place.order for place in commits if place.order < here.order), default=-1)
    return any(last < place.order < here.order and place.block in around for place in changed)

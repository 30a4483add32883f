"""What is sent between a change and the commit of the session in the same function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge import outside as known
from archlint.model.summary import STATEMENT, Call, Scope
from archlint.project.guards import is_usual
from archlint.project.sessions import committed
from archlint.project.tables.transactions import SENT, Early, changes, transaction_at
from archlint.project.witness import in_except
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.function import Function

#: What holds the transaction: a session that a later statement commits.
SESSION = "a session"
_HOPS = 2
#: Methods of sessions by which a row is new or goes.
_APPEARS = frozenset(("add", "add_all", "delete"))


class _Place(NamedTuple):
    block: int
    order: int


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
        if last_word(row[Call.FUNC]) == "commit"
        and committed(world, row, world.evaluator.callee(index, frame))
    ]
    if not commits:
        return
    appearing = {
        _Place(row[Call.BLOCK], row[Call.ORDER])
        for row in scope.calls
        if last_word(row[Call.FUNC]) in _APPEARS
    }
    changed: list[_Place] | None = None
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
            changed = [_Place(*place) for place in changes(function)]
        of_mail = found.leaf in known.MAIL
        if _is_open(scope, here, [p for p in changed if not of_mail or p in appearing], commits):
            yield Early(row, found, SESSION)


def _is_committed_later(scope: Scope, here: _Place, commits: list[_Place]) -> bool:
    """Whether every path from a place that goes on comes to a commit."""
    around = scope.ancestors(here.block)
    return any(place.order > here.order and place.block in around for place in commits)


def _is_open(scope: Scope, here: _Place, changed: list[_Place], commits: list[_Place]) -> bool:
    """Whether a change lies before a place, on its path, without a commit between them."""
    around = scope.ancestors(here.block)
    last = max((place.order for place in commits if place.order < here.order), default=-1)
    return any(last < place.order < here.order and place.block in around for place in changed)

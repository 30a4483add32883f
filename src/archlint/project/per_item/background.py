"""What runs in the background only: tasks, commands and workers lead to it, and no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from archlint.knowledge.background import COMMANDS, CONTEXTS, RESTS, SERVING, SIGNAL
from archlint.model.summary import Block, Call, Expr, Param, Scope
from archlint.project.roles import role_of
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.reach import Place
    from archlint.project.world import World

#: Calls followed upward, and functions looked at.
_HOPS, _MOST = 5, 60
_SCRIPTS = frozenset(("script", "migration"))


def is_background(world: World, path: str, scope: Scope) -> bool:
    """Whether tasks, commands and workers lead to a function, and nothing else does."""
    front: list[Place] = [(path, scope.index)]
    seen = set(front)
    begins = False
    for _ in range(_HOPS):
        above: list[Place] = []
        for place in front:
            here = world.summary(place[0]).scopes[place[1]]
            if _is_served(world, place, here):
                return False
            callers = world.reach.callers(place)
            rounds = [caller for caller in callers if _is_in_rounds(world, place, caller)]
            if _begins_work(world, place, here) or rounds:
                begins = True
            elif not callers:
                return False
            above += [caller for caller in callers if caller not in seen and caller not in rounds]
            seen.update(callers)
        front = above
        if len(seen) > _MOST:
            return False
    return begins and not front


def _is_served(world: World, place: Place, scope: Scope) -> bool:
    """Whether a framework calls a function to answer a request, or because rows were written for one."""
    if world.reach.entry(place) in ("route", "dependency"):
        return True
    names = [str(p[Param.NAME]) for p in scope.params]
    if CONTEXTS.intersection(names[:3]) or tuple(names[:2]) == SIGNAL:
        return True
    owner = _owner(world, place, scope)
    return bool(owner) and (
        bool(world.frameworks.routes.views.framework_of(owner))
        or bool(SERVING & world.classes.library_bases(owner))
    )


def _begins_work(world: World, place: Place, scope: Scope) -> bool:
    """Whether a function is a task of a queue, a command or a part of a script."""
    if role_of(place[0]) in _SCRIPTS or world.reach.entry(place) == "task":
        return True
    owner = _owner(world, place, scope)
    return bool(owner) and bool(COMMANDS & world.classes.library_bases(owner))


def _owner(world: World, place: Place, scope: Scope) -> str:
    """The class whose method a function is."""
    parent = world.summary(place[0]).scopes[scope.parent] if scope.parent >= 0 else None
    return f"{place[0]}:{scope.parent}" if parent is not None and parent.kind == "class" else ""


def _is_in_rounds(world: World, place: Place, caller: Place) -> bool:
    """Whether a worker calls a function again and again, and rests in between."""
    summary = world.summary(caller[0])
    scope, renamed = summary.scopes[caller[1]], summary.renamed
    rests = [row[Call.BLOCK] for row in scope.calls if _called(row[Call.FUNC], renamed) in RESTS]
    calls = world.reach.calls(place, caller)
    return bool(calls) and all(_shares_round(scope, scope.calls[call][Call.BLOCK], rests) for call in calls)


def _shares_round(scope: Scope, block: int, rests: Iterable[int]) -> bool:
    rounds = {b for b in scope.ancestors(block) if scope.blocks[b][Block.KIND] == "while"}
    return any(not rounds.isdisjoint(scope.ancestors(rest)) for rest in rests)


def _called(func: Expr, renamed: Mapping[str, str]) -> str:
    """The last word of a callee, in the words of the module that defines it."""
    word = last_word(func)
    return renamed.get(word, word)

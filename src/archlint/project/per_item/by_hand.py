"""What runs now and then, and may take its time: at the start, once after an upgrade, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge import lifecycle
from archlint.knowledge.background import FACTORIES
from archlint.model.summary import Param, Scope
from archlint.project.callers import MAX_FILES
from archlint.project.identifiers import word_list
from archlint.project.roles import role_of
from archlint.project.words import CALLS, IMPORTS

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Words of functions that put right or fill in what is stored, once, or make what a program begins with.
_ONCE = lifecycle.CONVERTS | lifecycle.STARTS
#: Functions on the way up that are looked at.
_MOST = 8
#: Names that are shorter say nothing of who is meant.
_TELLING = 8
#: Decorators that leave a function to its callers.
_PLAIN = (["n", "staticmethod"], ["n", "classmethod"])


def is_seldom(world: World, frame: Frame) -> bool:
    """Whether nobody waits for a function."""
    if world.reach.entry((frame.path, frame.scope.index)) == "route":
        return False
    return (
        _is_told(frame.scope)
        or _is_ready(world, frame)
        or _makes_up_rows(world, frame)
        or _is_run_by_hand(world, frame.scope)
    )


def _is_told(scope: Scope) -> bool:
    """Whether a function converts what is stored, or fills it in: its name or its parameters say so."""
    words = word_list(scope.name)
    if not _ONCE.isdisjoint(words) or (words[1:] and words[0] in lifecycle.MAKES_READY):
        return True
    return any("migration" in p[Param.NAME] or p[Param.NAME] == "schema_editor" for p in scope.params)


def _is_ready(world: World, frame: Frame) -> bool:
    """Whether a function is what Django calls when the application has started."""
    receiver = frame.self_type() if frame.scope.name == "ready" else None
    return receiver is not None and "django.apps.AppConfig" in world.classes.library_bases(receiver.name)


def _makes_up_rows(world: World, frame: Frame) -> bool:
    """Whether a function belongs to a factory of rows for tests and demonstrations."""
    receiver = frame.self_type()
    return receiver is not None and any(
        base.startswith(FACTORIES) for base in world.classes.library_bases(receiver.name)
    )


def _is_run_by_hand(world: World, scope: Scope) -> bool:
    """Whether all chains of calls to a function begin in commands, scripts or migrations.

    Who calls a function is told by its name alone: a namesake that is called elsewhere makes the answer "no".
    """
    pending, seen = [scope], {scope.name}
    begins = False
    while pending:
        here = pending.pop()
        paths = _users(world, here.name)
        served = {path for path in paths if role_of(path) not in ("script", "migration")}
        begins |= served != paths
        callers = [(p, caller) for p in sorted(served) for caller, *_ in world.calls.ending(p, here.name)]
        if not paths or len(paths) > MAX_FILES or {path for path, _ in callers} != served:
            # Where it is imported and not called, it goes by another name, or is handed on.
            return False
        if not all(_is_telling(scope) for scope in (here, *(caller for _, caller in callers))):
            return False
        new = {caller.name: caller for _, caller in callers if caller.name not in seen}
        seen |= new.keys()
        pending += new.values()
        if len(seen) > _MOST:
            return False
    return begins


def _users(world: World, name: str) -> set[str]:
    """The files that call a name or import it, but for tests."""
    words = world.words
    return {
        path for path in (*words.files(CALLS, name), *words.files(IMPORTS, name)) if role_of(path) != "test"
    }


def _is_telling(scope: Scope) -> bool:
    """Whether the calls of a function can be found by its name: a decorator may hand it to anybody."""
    return (
        scope.kind == "function"
        and len(scope.name) >= _TELLING
        and scope.name[:2] != "__"
        and all(decorator in _PLAIN for decorator in scope.decorators)
    )

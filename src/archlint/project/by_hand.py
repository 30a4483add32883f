"""What people run by hand, now and then: functions that only commands, scripts and migrations call.

Nobody waits for such a function, and it may take its time. Who calls a function is told by its name
alone: a namesake that is called elsewhere makes the answer "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.project.callers import MAX_FILES
from archlint.project.roles import role_of
from archlint.project.words import CALLS, IMPORTS

if TYPE_CHECKING:
    from archlint.model.summary import Scope
    from archlint.project.world import World

#: Functions on the way up that are looked at.
_MOST = 8
#: Names that are shorter say nothing of who is meant.
_TELLING = 8
#: Decorators that leave a function to its callers.
_PLAIN = (["n", "staticmethod"], ["n", "classmethod"])


def is_run_by_hand(world: World, scope: Scope) -> bool:
    """Whether all chains of calls to a function begin in commands, scripts or migrations."""
    pending, seen = [scope], {scope.name}
    begins = False
    while pending:
        here = pending.pop()
        paths = _users(world, here.name)
        served = {path for path in paths if not _is_for_hands(path)}
        begins |= served != paths
        callers = [(p, caller) for p in sorted(served) for caller, *_ in world.callers.calls_in(p, here.name)]
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


def _is_for_hands(path: str) -> bool:
    """Whether a file holds commands or migrations; a folder of commands may also be a layer of a service."""
    folders = path.split("/")[:-1]
    return role_of(path) in ("script", "migration") and ("commands" not in folders or "management" in folders)


def _is_telling(scope: Scope) -> bool:
    """Whether the calls of a function can be found by its name: a decorator may hand it to anybody."""
    return (
        scope.kind == "function"
        and len(scope.name) >= _TELLING
        and scope.name[:2] != "__"
        and all(decorator in _PLAIN for decorator in scope.decorators)
    )

"""One finding for each cause of waiting: where the same helper is called again, the first call tells.

A cause is a helper that is called together with the library call at the end of its chain. One coroutine
function tells every cause once, at its first call. A cause that many coroutine functions of a file share is
told by the first of them, with the others as related places. Other files count for themselves: what is told
of a file never depends on which files were looked at before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Related
from archlint.project.asynchrony.blocking import Stall

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

#: Up to so many coroutine functions of a file each tell a cause they share: each has to be changed.
MOST = 5
_Key = tuple[object, ...]


class Cause(NamedTuple):
    """What is told at one place: the stall there, and the other places it stands for."""

    stall: Stall
    others: tuple[Stall, ...]

    @property
    def more(self) -> str:
        """How many other places there are, for a message."""
        count = len(self.others)
        return f" (and {count} more call{'s' if count > 1 else ''} in this file)" if count else ""

    def related(self, file: File) -> tuple[Related, ...]:
        """The hops down to what waits, and the other places."""
        here = tuple(Related(file.locate(other.site), "ends in the same call") for other in self.others)
        return (*file.chain(self.stall.site.effect.hops), *here)


def causes(function: Function, rule: str) -> Iterator[Cause]:
    """What a rule has to report of a function."""
    for stall in function.stalls:
        if stall.rule != rule:
            continue
        found = function.file.causes.get(_key(stall))
        if found is None:
            yield Cause(stall, ())
            continue
        # By function, in document order: each with the places that share the cause.
        owners = list(found)
        own = found[function.scope.index]
        if stall is not own[0]:
            continue
        if len(owners) <= MOST:
            yield Cause(stall, tuple(own[1:]))
        elif function.scope.index == owners[0]:
            yield Cause(
                stall, tuple(other for part in found.values() for other in part if other is not stall)
            )


def gather(file: File) -> dict[_Key, dict[int, list[Stall]]]:
    """The stalls of a file that have the same cause, by function."""
    found: dict[_Key, dict[int, list[Stall]]] = {}
    for function in file.functions:
        for stall in function.stalls:
            if stall.site.effect.hops:
                found.setdefault(_key(stall), {}).setdefault(function.scope.index, []).append(stall)
    return found


def _key(stall: Stall) -> _Key:
    """The helper that is called, the place where it ends up, and how much that matters here."""
    site = stall.site
    if not site.effect.hops:
        return ("", id(stall))
    last = site.effect.hops[-1]
    helper = site.callee.name if site.callee is not None else site.label
    return stall.rule, stall.impact, helper, last.path, last.line, last.column

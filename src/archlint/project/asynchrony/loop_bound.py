"""Whether a call needs the thread of the event loop, so that no other thread can run it as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.offload import ON_LOOP
from archlint.knowledge.tasks import LOOP_BOUND
from archlint.model.summary import Call
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.effects import Hop, Site
    from archlint.project.world import World

_WORDS = frozenset(name.rpartition(".")[2] for name in LOOP_BOUND)


def is_handed_to_loop(site: Site) -> bool:
    """Whether a site hands the event loop what it is to call by itself: ``loop.call_soon(work)``."""
    return site.callee is not None and site.callee.name in ON_LOOP


def is_loop_bound(site: Site, world: World) -> bool:
    """Whether a function on the way to the call that waits asks for the running loop, or starts a task."""
    return any(_asks(path, scope, world) for path, scope in _on_the_way(site.effect.hops, world))


def _on_the_way(hops: tuple[Hop, ...], world: World) -> Iterator[tuple[str, int]]:
    """The functions in which the hops stand."""
    for hop in hops:
        around = [s for s in world.summary(hop.path).scopes if s.line <= hop.line <= s.end_line]
        functions = [s for s in around if s.kind == "function"]
        if functions:
            yield hop.path, max(functions, key=lambda s: s.line).index


def _asks(path: str, index: int, world: World) -> bool:
    frame = world.evaluator.frame(path, index)
    return any(
        last_word(row[Call.FUNC]) in _WORDS
        and any(
            m.kind == "lib" and m.name in LOOP_BOUND for m in members(world.evaluator.callee(call, frame))
        )
        for call, row in enumerate(frame.scope.calls)
    )

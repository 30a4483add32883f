"""Whether what a chain of calls leads to is reported further down already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archlint.project.effects import Hop, Site
from archlint.project.limits import ASKS_TWICE, FUEL

if TYPE_CHECKING:
    from archlint.project.evaluate import Frame
    from archlint.project.world import World


def shown_below(world: World, site: Site, shows: Callable[[World, Site, Frame], bool]) -> bool:
    """Whether a function on the way from a site to its effect shows it by itself.

    Looked at alone, without what its callers pass: then the finding stands there.
    """
    for hop in site.effect.hops:
        frame = frame_at(world, hop)
        if frame is None:
            continue
        for below in world.effects.sites(frame):
            if (below.line, below.column) == (hop.line, hop.column) and shows(world, below, frame):
                return True
    return False


def frame_at(world: World, hop: Hop) -> Frame | None:
    """The function around a hop, evaluated on its own."""
    found = None
    for scope in world.summary(hop.path).scopes:
        if scope.kind in ("function", "lambda") and scope.line <= hop.line <= scope.end_line:
            found = scope
    return None if found is None else world.evaluator.frame(hop.path, found.index, (), ASKS_TWICE + FUEL)

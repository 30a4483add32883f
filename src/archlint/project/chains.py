"""Where along a chain of calls, or for which class, an effect can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from archlint.model.flow import left_before
from archlint.model.summary import Block, Call, Param, Read, Scope
from archlint.project.effects import Hop, Site
from archlint.project.guards import is_usual_branch
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.serialization.serializers import VALIDATE
from archlint.project.types import inst

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World


#: Blocks that are always entered.
_CERTAIN = ("", "with", "awith", "try")
#: Classes with type arguments for which a method of their generic base is looked at.
_CONTEXTS = 12


def shown_below(world: World, site: Site, shows: Callable[[World, Site, Frame], bool]) -> bool:
    """Whether a function on the way from a site to its effect shows it by itself.

    Looked at alone, without what its callers pass: then the finding stands there.
    """
    for hop in site.effect.hops:
        alone = frame_at(world, hop)
        if alone is None:
            continue
        places = [(alone, False), *((inner, True) for _, inner in contexts(world, alone))]
        for frame, is_one_of_many in places:
            for below in world.effects.sites(frame):
                if (below.line, below.column) != (hop.line, hop.column) or not shows(world, below, frame):
                    continue
                # What one class of a family shows says nothing of the rows of another.
                if not is_one_of_many or below.effect.leaf == site.effect.leaf:
                    return True
    return False


def frame_at(world: World, hop: Hop) -> Frame | None:
    """The function around a hop, evaluated on its own."""
    found = None
    for scope in world.summary(hop.path).scopes:
        if scope.kind in ("function", "lambda") and scope.line <= hop.line <= scope.end_line:
            found = scope
    return None if found is None else world.evaluator.frame(hop.path, found.index, (), ASKS_TWICE + FUEL)


def is_optional(world: World, hop: Hop) -> bool:
    """Whether a step of a chain stands under a condition or in a loop of its function."""
    frame = frame_at(world, hop)
    if frame is None:
        return True
    scope = frame.scope
    place = place_of(scope, hop)
    if place is None:
        return False
    block, order = place
    around = scope.ancestors(block)
    unsure = [b for b in around if scope.blocks[b][Block.KIND] not in _CERTAIN]
    return (
        not all(is_usual_branch(scope, b) for b in unsure)
        or _is_found_before(scope, around, order)
        or _is_kept_before(scope, around, order)
    )


def place_of(scope: Scope, hop: Hop) -> tuple[int, int] | None:
    """Block and order of the call, or the read of a property, that is a step of a chain."""
    for call in scope.calls:
        if (call[Call.LINE], call[Call.COLUMN]) == (hop.line, hop.column):
            return call[Call.BLOCK], call[Call.ORDER]
    for read in scope.reads:
        if (read[Read.LINE], read[Read.COLUMN]) == (hop.line, hop.column):
            return read[Read.BLOCK], read[Read.ORDER]
    return None


def _is_found_before(scope: Scope, around: list[int], order: int) -> bool:
    """Whether a function gives what it has found, and goes on for nothing only: ``if tag: return tag``."""
    return any(
        expr is not None
        and expr[0] == "n"
        and given <= order
        and scope.blocks[block][Block.PARENT] in around
        and block not in around
        and scope.blocks[block][Block.KIND] == "if"
        and scope.blocks[block][Block.EXPR] in (expr, ["m", "is not", expr, ["k", None]])
        for expr, block, given, *_ in scope.returns
    )


def _is_kept_before(scope: Scope, around: list[int], order: int) -> bool:
    """Whether a function goes on only if its object keeps no answer: ``if self.record: return …``."""
    tests = (
        scope.blocks[b][Block.EXPR]
        for b in left_before(scope, around, order)
        if scope.blocks[b][Block.EXIT] == "return"
    )
    kept = (t[2] if t is not None and t[:2] == ["m", "is not"] and t[3] == ["k", None] else t for t in tests)
    return any(expr is not None and expr[0] == "a" for expr in kept)


def contexts(world: World, frame: Frame) -> Iterator[tuple[str, Frame]]:
    """A method that validates rows through a schema of its class, as the subclasses run it; with their names.

    The base of a family of repositories does not know its schema: the subclasses name it, as a type
    argument or as a class attribute.
    """
    scope, outer = frame.scope, frame.outer
    if outer is None or outer.scope.kind != "class" or not scope.params or not _validates(scope):
        return
    owner = f"{frame.path}:{scope.parent}"
    for key in world.classes.subclasses(owner)[:_CONTEXTS]:
        info = world.classes.info(key)
        if info is not None and world.classes.method(key, scope.name) == (frame.path, scope):
            bound = ((scope.params[0][Param.NAME], inst(key)),)
            yield info.name, world.evaluator.frame(frame.path, scope.index, bound, FUEL)


def _validates(scope: Scope) -> bool:
    return any(
        row[Call.FUNC] is not None and row[Call.FUNC][0] == "a" and row[Call.FUNC][2] in VALIDATE
        for row in scope.calls
    )

"""What runs once per item: the effects inside loops over data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.flow import mentions
from archlint.model.summary import Block, Call, Expr, Param
from archlint.project.applied import applied
from archlint.project.iteration import (
    in_own_transaction,
    is_assigned,
    is_for_one_item,
    is_search,
    is_spliced,
    is_unit_of_work,
    repeated_in,
    uses_group,
    uses_item,
)
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.function import Function


#: The loop of a framework around a method that computes a column.
_LIST_PAGE: Expr = ["n", "list_display"]


class PerItem(NamedTuple):
    """A site that runs once per item of a loop."""

    site: Site
    loop: int
    iterable: Expr
    dependent: bool  # whether it uses the item


def per_item(function: Function) -> Iterator[PerItem]:
    """The sites of a function that run once per item of a loop over data."""
    world, frame = function.file.world, function.frame
    if world.frameworks.conventions.is_column(frame.path, frame.scope):
        row = frozenset((frame.scope.params[1][Param.NAME],))
        for site in function.sites:
            about = site.about if site.about is not None else ["c", site.call] if site.call >= 0 else None
            yield PerItem(site, 0, _LIST_PAGE, about is not None and mentions(about, row, frame.scope))
        return
    for found in applied(world, frame):
        yield PerItem(found.site, found.block, found.iterable, found.dependent)
    if not function.repeated_sites:
        return
    for site in function.repeated_sites:
        loop = repeated_in(world, frame, site.block)
        if loop is None or is_search(frame.scope, loop, site.call) or uses_group(world, frame, site, loop):
            continue
        if in_own_transaction(world, frame, site, loop) or is_unit_of_work(frame.scope, site, loop):
            continue
        if is_spliced(frame.scope, site, loop) or is_for_one_item(frame.scope, site, loop):
            continue
        if "L" in site.effect.letters and is_assigned(site, loop, frame.scope):
            continue
        yield PerItem(site, loop, frame.scope.blocks[loop][Block.EXPR], uses_item(site, loop, frame.scope))


def hidden(function: Function) -> Iterator[Site]:
    """Calls that hand a function or rows to a project function whose loop queries per item.

    Only those whose loop shows nothing when it is looked at on its own: then this call is where
    the defect can be seen and mended.
    """
    effects = function.file.world.effects
    for site in function.looping_calls:
        callee = site.callee
        if "N" not in site.effect.letters or callee is None or callee.kind != "func":
            continue
        if not _hands_over_many(function, site):
            continue
        loop = site.effect.loop
        if not effects.shows_alone(loop, loop) and not effects.shows_alone(callee.name, loop):
            yield site


def _hands_over_many(function: Function, site: Site) -> bool:
    """Whether a call passes a function, or rows by the collection."""
    world, frame = function.file.world, function.frame
    row = frame.scope.calls[site.call]
    values = [*row[Call.ARGS], *(expr for _, expr in row[Call.KEYWORDS])]
    for expr in values:
        for member in members(world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])):
            if member.kind == "func":
                return True
            if any("row" in item.facts for part in member.args for item in members(part)):
                return True
    return False

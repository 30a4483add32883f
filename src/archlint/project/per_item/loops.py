"""What runs once per item: the effects inside loops over data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.flow import dependents, mentions, unwrapped
from archlint.model.summary import Block, Call, Expr, Param, Scope
from archlint.project.chains import frame_at, is_optional, place_of
from archlint.project.effects import Site, describe
from archlint.project.effects.base import place
from archlint.project.guards import passed
from archlint.project.per_item.applied import applied
from archlint.project.per_item.by_hand import is_seldom
from archlint.project.per_item.one_by_one import (
    acts_outside,
    asks_each,
    claims_each,
    copies_rows,
    costs_more,
    fills_missing,
    in_own_transaction,
    is_for_one_item,
    is_locked,
    is_search,
    is_spliced,
    is_task,
    is_unit_of_work,
    locks_each,
    names_column,
    sets_own_value,
)
from archlint.project.per_item.saving import is_saved_by_its_class
from archlint.project.repetition.dependence import uses
from archlint.project.repetition.few import holds_few
from archlint.project.repetition.groups import uses_group
from archlint.project.repetition.iteration import (
    holds_failures,
    in_handler,
    is_assigned,
    loop_around,
    loop_of_item,
    repeated_in,
    uses_item,
)
from archlint.project.repetition.memory import is_remembered
from archlint.project.repetition.written import is_written_out
from archlint.project.types import Type, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.effects import Effect, Hop
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World


#: What asks for tables and columns, not for rows.
_INSPECTOR = "sqlalchemy.engine.Inspector."
#: Libraries that check one thing at a time and write it.
_CHECKING = ("django.forms.", "rest_framework.serializers.")
#: Asks whether one row is unique, among other things.
_CHECK = ".full_clean"
#: Functions that say so.
_ONE_BY_ONE = re.compile(r"(?i)individual|one_by_one")
#: Models of what was done: their rows go with the deed.
_RECORDS = re.compile(r"(^|[a-z])(Log|Audit)([A-Z]|$)")
#: Calls of a helper that does one thing.
_SMALL = 8
#: Calls, and queries, of a function that deals with one thing from beginning to end.
_LONG, _MANY_QUERIES = 40, 8
#: Statements of one pass that may stand beside a write.
_BESIDE = 2
#: Chains of so many calls count only if no call on the way is optional.
_DEEP = 3


class PerItem(NamedTuple):
    """A site that runs once per item of a loop."""

    site: Site
    loop: int
    iterable: Expr
    dependent: bool  # whether it uses the item
    deliberate: bool  # whether its items are taken one by one on purpose, or part of something bigger
    resolver: bool = False  # whether a library asks for it, object by object, and no loop of the project does


def per_item(function: Function) -> Iterator[PerItem]:
    """The sites of a function that run once per item of a loop over data."""
    world, frame = function.file.world, function.frame
    rows = world.frameworks.conventions.rows_around(frame.path, frame.scope)
    if rows is not None:
        yield from _of_row(function, function.sites, 1, rows)
        return
    listed = world.frameworks.graphql.listed_type(frame.path, frame.scope)
    if listed:
        sites = (*function.sites, *_answered(world, frame))
        yield from (
            found._replace(resolver=True) for found in _of_row(function, sites, 0, ["n", f"[{listed}]"])
        )
        return
    for found in applied(world, frame):
        locked = is_locked(found.site, found.iterable, frame.scope)
        yield PerItem(found.site, found.block, found.iterable, found.dependent, locked)
    if not function.repeated_sites or is_seldom(world, frame):
        return
    for site in function.repeated_sites:
        loop = loop_of_item(world, frame, site)
        if loop is None or _is_no_repeat(world, frame, site, loop):
            continue
        uses = uses_item(world, site, loop, frame.scope)
        deliberate = _is_deliberate(function, site, loop)
        yield PerItem(site, loop, frame.scope.blocks[loop][Block.EXPR], uses, deliberate)


def _of_row(function: Function, sites: Iterable[Site], position: int, rows: Expr) -> Iterator[PerItem]:
    """The sites of a method that a framework calls for each row of a list, which is one of its parameters."""
    scope, world = function.scope, function.file.world
    row = scope.params[position][Param.NAME]
    for site in sites:
        needs = world.dependence.needs(function.file.name, scope, site)
        about_row = uses(site, frozenset((row,)), scope) if needs is None else row in needs
        hops = site.effect.hops
        # What a helper loads with a row of its own making is no matter of the list.
        is_own = not hops or bool(site.effect.root) or "L" not in site.effect.letters
        yield PerItem(site, 0, rows, about_row and is_own, is_far(world, site.effect))


def is_far(world: World, effect: Effect) -> bool:
    """Whether an effect is a long way off, or at the end of one that not every call goes."""
    return len(effect.hops) >= _DEEP or any(is_optional(world, hop) for hop in effect.hops)


def _answered(world: World, frame: Frame) -> Iterator[Site]:
    """The query sets that the resolver of a list answers: the library runs them."""
    if not world.frameworks.graphql.answers_list(frame.path, frame.scope):
        return
    for expr, block, order, line in frame.scope.returns:
        for effect in world.effects.of_walk(world.evaluator.eval(expr, frame, block, order)):
            where = (*place(expr, frame.scope, line), block, order)
            yield Site(*where, -1, "iterate", describe(expr, frame.scope), effect, None, expr)


def _is_no_repeat(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether a site inside a loop does not run for each item by itself, or does so for a reason."""
    scope = frame.scope
    return (
        site.effect.leaf.startswith(_INSPECTOR)
        or in_handler(scope, loop, 0)
        or holds_failures(scope, scope.blocks[loop][Block.EXPR])
        or is_search(scope, loop, site)
        or uses_group(world, frame, site, loop)
        or is_remembered(scope, site.block, site.order, site.call, loop)
        or in_own_transaction(world, frame, site, loop)
        or asks_each(world, frame, site, loop)
        or is_unit_of_work(scope, site, loop)
        or is_spliced(scope, site, loop)
        or is_for_one_item(scope, site, loop)
        or ("L" in site.effect.letters and is_assigned(site, loop, scope))
    )


def _is_deliberate(function: Function, site: Site, loop: int) -> bool:
    """Whether items are taken one by one on purpose, as parts of something bigger, or are few."""
    world, scope = function.file.world, function.scope
    return (
        fills_missing(scope, site.block, loop)
        or names_column(scope, site, loop)
        or is_locked(site, scope.blocks[loop][Block.EXPR], scope)
        or locks_each(scope, loop)
        or claims_each(scope, loop)
        or copies_rows(scope, loop)
        or sets_own_value(scope, site, loop)
        or is_task(scope, site.call)
        or bool(_ONE_BY_ONE.search(function.name))
        or _is_checked(site)
        or ("W" in site.effect.letters and is_saved_by_its_class(world, function.frame, site))
        or _is_relation_of_item(site, loop, scope)
        or costs_more(function, loop)
        or not is_certain(function, site, loop)
        or ("W" in site.effect.letters and acts_outside(function, loop, site.call))
        or ("W" in site.effect.letters and not is_plain_write(function, site, loop))
        or _is_for_few(world, function.frame, loop)
        or _is_attempt(world, site)
        or _is_shown_below(world, site)
        or _is_job(world, site)
    )


def _is_shown_below(world: World, site: Site) -> bool:
    """Whether a loop further down queries for items of its own: the finding stands there."""
    loop = site.effect.loop
    return "N" in site.effect.letters and bool(loop) and world.effects.shows_alone(loop, loop)


def _is_job(world: World, site: Site) -> bool:
    """Whether a function on the way does so much for an item that nobody would do it for many at once."""
    if _is_own_save(site):
        return False
    frames = (frame_at(world, hop) for hop in site.effect.hops)
    return any(
        len(frame.scope.calls) >= _LONG
        or len({s[:2] for s in world.effects.sites(frame) if "Q" in s.effect.letters}) >= _MANY_QUERIES
        for frame in frames
        if frame is not None
    )


def _is_checked(site: Site) -> bool:
    """Whether a row is checked by itself, or written by a form or a serializer that has done so."""
    leaf = site.effect.leaf
    return leaf.endswith(_CHECK) or ("W" in site.effect.letters and leaf.startswith(_CHECKING))


def _is_relation_of_item(site: Site, loop: int, scope: Scope) -> bool:
    """Whether a relation of the item itself is changed: ``add`` takes many rows, but for one owner."""
    if "M" not in site.effect.letters or site.call < 0:
        return False
    return mentions(scope.calls[site.call][Call.FUNC], dependents(scope, loop), scope)


def _is_attempt(world: World, site: Site) -> bool:
    """Whether a function on the way takes back what failed and goes on: an attempt for each item."""
    frames = (frame_at(world, hop) for hop in site.effect.hops)
    return any(_goes_on_after_failure(frame.scope) for frame in frames if frame is not None)


def _goes_on_after_failure(scope: Scope) -> bool:
    return any(
        scope.blocks[b][Block.KIND] == "except" and scope.blocks[b][Block.EXIT] != "raise"
        for row in scope.calls
        if last_word(row[Call.FUNC]) == "rollback"
        for b in scope.ancestors(row[Call.BLOCK])
    )


def _is_for_few(world: World, frame: Frame, loop: int | None) -> bool:
    """Whether a loop and all loops over data around it have a handful of items each."""
    scope = frame.scope
    while loop is not None:
        if not holds_few(world, frame, scope.blocks[loop][Block.EXPR], loop):
            return False
        loop = repeated_in(world, frame, scope.blocks[loop][Block.PARENT])
    return True


def is_certain(function: Function, site: Site, loop: int) -> bool:
    """Whether a chain of calls runs for each item: not under a condition, nor deep below conditions.

    What the loop asks itself is seen at one glance. A chain is worth a change only if items do reach its end.
    """
    hops = site.effect.hops
    if len(hops) < _DEEP - 1 or _is_own_save(site):
        return True
    return not _is_conditional(function, site, loop) and not is_seldom_reached(function, site)


def is_seldom_reached(function: Function, site: Site) -> bool:
    """Whether a chain is long, and one of its calls optional: most items may not come to its end."""
    hops = site.effect.hops
    return len(hops) >= _DEEP and any(is_optional(function.file.world, hop) for hop in hops)


def _is_conditional(function: Function, site: Site, loop: int) -> bool:
    """Whether a place stands under a condition of the loop's body whose other side has no query."""
    scope = function.scope
    for block in scope.ancestors(site.block):
        if block == loop:
            return False
        kind, parent, _, test, *_ = scope.blocks[block]
        if kind not in ("if", "else") or (test is not None and test[0] == "o"):
            # `if not wanted or row.fits(wanted):` is a filter that most rows may pass.
            continue
        others = [
            index
            for index, row in enumerate(scope.blocks)
            if row[Block.KIND] in ("if", "else")
            and row[Block.EXPR] == test
            and index != block
            and (row[Block.PARENT] == parent or index == parent or row[Block.PARENT] == block)
        ]
        if not any(
            "Q" in other.effect.letters and set(others) & set(scope.ancestors(other.block))
            for other in function.repeated_sites
            if other.block != site.block
        ):
            return True
    return False


def is_plain_write(function: Function, site: Site, loop: int) -> bool:
    """Whether a write could be lifted out of the loop: it stands there, or is all that a small helper does.

    What writes under conditions, beside other statements, or further down, is part of something bigger.
    """
    world, scope = function.file.world, function.scope
    if _RECORDS.search(site.effect.subject):
        return False
    beside = {
        other.call
        for other in function.repeated_sites
        if "Q" in other.effect.letters and loop in scope.ancestors(other.block)
    }
    if len(beside) > _BESIDE or any(
        scope.blocks[b][Block.KIND] in ("if", "else") for b in scope.ancestors(site.block) if b > loop
    ):
        return False
    hops = site.effect.hops
    if not hops or _is_own_save(site):
        return True
    return all(_does_little(world, hop) for hop in hops)


def _does_little(world: World, hop: Hop) -> bool:
    """Whether the function around a step of a chain is a small one without branches."""
    frame = frame_at(world, hop)
    if frame is None:
        return False
    branches = any(row[Block.KIND] in ("if", "else", "try") for row in frame.scope.blocks)
    return len(frame.scope.calls) <= _SMALL and not branches


def _is_own_save(site: Site) -> bool:
    """Whether a row is saved by the method of its class, which ends in that of the library."""
    return site.label.rpartition(".")[2] in ("save", "delete", "asave") and all(
        hop.label.startswith("super()") for hop in site.effect.hops
    )


def hidden(function: Function) -> Iterator[Site]:
    """Calls that hand a function or rows to a project function whose loop queries per item.

    Only those whose loop shows nothing when it is looked at on its own: then this call is where
    the defect can be seen and mended.
    """
    effects = function.file.world.effects
    for site in function.looping_calls(lambda call: _hands_over_many(function, call)):
        callee = site.callee
        if "N" not in site.effect.letters or callee is None or callee.kind != "func":
            continue
        loop = site.effect.loop
        if _loops_itself(function, site) or _hands_over_written(function, site):
            continue
        if not effects.shows_alone(loop, loop) and not effects.shows_alone(callee.name, loop):
            yield site


def _loops_itself(function: Function, site: Site) -> bool:
    """Whether the loop is one of a function that was handed over, which the callee calls once."""
    world = function.file.world
    handed = {m.name for value in _handed(function, site.call) for m in members(value) if m.kind == "func"}
    scope = world.function(site.callee.name) if site.callee is not None else None
    names = {row[Param.NAME] for row in scope.params} if scope is not None else set()
    for hop in site.effect.hops:
        frame = frame_at(world, hop)
        place = f"{frame.path}:{frame.scope.index}" if frame is not None else ""
        if place in handed:
            return True
        if place == site.effect.loop:
            return False
        if hop.label in names:
            return True
    return False


def _hands_over_written(function: Function, site: Site) -> bool:
    """Whether the loop below walks a list that the call itself writes down: ``totals([order])``."""
    callee = site.callee
    scope = function.file.world.function(callee.name) if callee is not None else None
    if callee is None or scope is None or site.effect.loop != callee.name:
        return False
    place = place_of(scope, site.effect.hops[0])
    loop = loop_around(scope, place[0]) if place is not None else None
    walked = unwrapped(scope.blocks[loop][Block.EXPR], scope) if loop is not None else None
    if walked is None or walked[0] != "n":
        return False
    _, given = passed(str(walked[1]), scope, bool(callee.args), function.scope.calls[site.call])
    return is_written_out(given)


def _hands_over_many(function: Function, call: int) -> bool:
    """Whether a call passes a function, or rows by the collection."""
    for value in _handed(function, call):
        for member in members(value):
            if member.kind == "func":
                return True
            if any("row" in item.facts for part in member.args for item in members(part)):
                return True
    return False


def _handed(function: Function, call: int) -> Iterator[Type | None]:
    """What a call passes."""
    row = function.scope.calls[call]
    for expr in arguments_of(row):
        yield function.file.world.evaluator.eval(expr, function.frame, row[Call.BLOCK], row[Call.ORDER])

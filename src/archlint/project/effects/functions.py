"""What functions of the project do when they are called: the effects below, by the shortest chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archlint.model.branches import Branches
from archlint.model.summary import Bind, Call, Scope, Summary
from archlint.project.effects.base import (
    BUSY,
    KEPT,
    KINDS,
    PER_ROW,
    Effect,
    Hop,
    Site,
    doubts,
    is_other_io,
    length,
    method_of,
    root_parameter,
)
from archlint.project.guards import all_of, either, guard_of, needed_at
from archlint.project.limits import FUEL
from archlint.project.rarity import is_for_developers, rarity
from archlint.project.repetition.groups import uses_group
from archlint.project.repetition.iteration import (
    in_handler,
    loop_of_item,
    repeated_in,
    runs_once,
    uses_item,
)
from archlint.project.repetition.memory import is_for_few, is_remembered
from archlint.project.repetition.renewal import is_renewal
from archlint.project.rows.stored import is_for_new_rows
from archlint.project.types import Type, is_project
from archlint.project.waiting import STALLS, fills_once, is_nap, is_off_loop, runs_elsewhere, wrappers

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Effects that belong to one row: lazy loads and what cached properties keep.
_OF_ROW = KEPT | {"L"}
#: An abstract method waits when one of so many of its implementations does.
_FEW = 3


class Functions:
    """Questions about what functions of the project do.

    The number of calls that may be followed is part of every answer's key; an answer that never used
    its depth up holds for all larger ones.
    """

    def __init__(self, world: World, sites: Callable[[Frame, int], tuple[Site, ...]]) -> None:
        self.world = world
        self._sites = sites
        self._functions: dict[tuple[Any, ...], tuple[Effect, ...]] = world.answers()
        self._whole: dict[tuple[Any, ...], tuple[tuple[Effect, ...], int]] = world.answers()
        self._branches: dict[tuple[str, int], Branches] = world.answers()
        # Of the answer being computed: how many calls deep it looked, and whether the depth stopped it.
        self._used = 0
        self._is_cut = False

    def below(self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int) -> list[Effect]:
        """The effects of a project function one call further down; nothing once the depth is used up."""
        if depth <= 0:
            self._is_cut = True
            return []
        return list(self.of_function(func, bindings, depth - 1))

    def setter(self, value: Type, name: str, depth: int) -> list[Effect]:
        """The effects of setting a property."""
        for base in self.world.classes.mro(value.name):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for row in info.scope.binds.get(name, ()) if info is not None else ():
                func = f"{base.name.rpartition(':')[0]}:{row[Bind.EXPR][1]}" if _is_function(row) else ""
                scope = self.world.function(func) if func else None
                if scope is not None and any(
                    d is not None and d[2:3] == ["setter"] for d in scope.decorators
                ):
                    return self.below(Type("func", func, (value,)), (), depth)
        return []

    def special(self, value: Type, name: str, depth: int) -> list[Effect]:
        """The effects of a method that Python calls by itself: ``__str__``, ``__enter__``."""
        method = self.world.classes.method(value.name, name)
        return [] if method is None else self.below(method_of(value, method), (), depth)

    def of_function(
        self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int
    ) -> tuple[Effect, ...]:
        """What calling a project function does: at most one effect of each kind, by the shortest chain."""
        key = (func, tuple(sorted(bindings)))
        whole = self._whole.get(key)
        if whole is not None and whole[1] <= depth:
            self._used = max(self._used, whole[1] + 1)
            return whole[0]
        cut = self._functions.get((key, depth))
        if cut is not None:
            self._is_cut = True
            return cut
        used, is_cut = self._used, self._is_cut
        self._used, self._is_cut = 0, False
        found = self._of_function(func, bindings, depth)
        if self._is_cut:
            self._functions[key, depth] = found
        else:
            # The depth was never used up: the answer holds for every depth that is enough for it.
            self._whole[key] = (found, self._used)
        self._used, self._is_cut = max(used, self._used + 1), is_cut or self._is_cut
        return found

    def _of_function(
        self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int
    ) -> tuple[Effect, ...]:
        scope = self.world.function(func.name)
        if scope is None:
            return ()
        path = func.name.rpartition(":")[0]
        evaluator = self.world.evaluator
        names = self.decorators(func, scope)
        kind = evaluator.method_kind(path, scope)
        around = {} if scope.is_async else self._around(names, depth)
        if kind != "cached" and fills_once(names, self.world):
            # A cached property is filled once for each row that it belongs to.
            return tuple(dict.fromkeys(around.values()))
        receiver = func.args[0] if func.args else None
        if receiver is not None and self.world.classes.is_abstract(path, scope):
            return self.overrides(receiver, scope, bindings, depth)
        if receiver is not None and scope.params and kind != "static":
            bindings = ((scope.params[0][0], receiver), *bindings)
        frame = evaluator.frame(path, scope.index, bindings, FUEL - 2)
        sites = self._sites(frame, depth)
        best = self._best(sites, frame)
        for kind in around.keys() - best.keys():
            best[kind] = around[kind]
        if any(is_other_io(site.effect) for site in sites):
            best = {kind: effect._replace(letters=effect.letters | {"I"}) for kind, effect in best.items()}
        found = dict.fromkeys(best[kind] for kind in KINDS if kind in best)
        if not runs_elsewhere(names, self.world):
            return tuple(found)
        return tuple(effect._replace(letters=effect.letters - STALLS | {"A"}) for effect in found)

    def _around(self, names: list[str], depth: int) -> dict[str, Effect]:
        """How the decorators of a plain function make its callers wait, beside the function itself."""
        found: dict[str, Effect] = {}
        for name in names:
            decorator = self.world.function(name) if ":" in name else None
            if decorator is None:
                continue
            path = name.rpartition(":")[0]
            for wrapper, given in wrappers(decorator, self.world.summary(path).scopes):
                if wrapper.is_async or wrapper.is_generator:
                    continue
                frame = self.world.evaluator.frame(path, wrapper.index, (), FUEL - 2)
                calls = wrapper.calls
                sites = tuple(
                    site
                    for site in self._sites(frame, depth)
                    if site.call < 0 or calls[site.call][Call.FUNC] != given
                )
                for kind, effect in self._best(sites, frame).items():
                    if kind in BUSY:
                        found.setdefault(kind, effect._replace(letters=effect.letters - PER_ROW))
        return found

    def decorators(self, func: Type, scope: Scope) -> list[str]:
        """The names of the decorators of a function of the project."""
        path = func.name.rpartition(":")[0]
        return [self.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators]

    def _best(self, sites: tuple[Site, ...], frame: Frame) -> dict[str, Effect]:
        """Of the effects of each kind the one that tells most."""
        best: dict[str, Effect] = {}
        waiting = (s.block for s in sites if s.effect.letters & BUSY and "A" not in s.effect.letters)
        busy = frozenset(around for block in set(waiting) for around in frame.scope.ancestors(block))
        for site in sites:
            if runs_once(site.block, frame.scope) or is_for_new_rows(frame, site.block):
                continue
            candidate = self._told_above(site, frame, busy)
            for kind in KINDS:
                if kind not in candidate.letters:
                    continue
                known = best.get(kind)
                if known is None or _rank(candidate, kind) < _rank(known, kind):
                    best[kind] = candidate
                if known is not None and kind == "Q":
                    # Any of the queries counts, whichever is told.
                    told = best[kind]
                    best[kind] = told._replace(
                        needs=_both(known.needs, candidate.needs),
                        guard=either(known.guard, candidate.guard, told.guard),
                    )
        return best

    def _told_above(self, site: Site, frame: Frame, busy: frozenset[int]) -> Effect:
        """The effect of a site as the callers of its function see it, one hop longer."""
        scope, effect = frame.scope, site.effect
        letters = _heard(site, self._branches_of(frame), busy, self.world.summary(frame.path))
        if (
            in_handler(scope, site.block, 0)
            or is_remembered(scope, site.block, site.order, site.call)
            or is_for_few(scope, site.block)
        ):
            # The rare path: it costs nothing as a rule.
            letters = letters - PER_ROW
        root = root_parameter(site.about, scope) if letters & _OF_ROW else ""
        if letters & KEPT and not root:
            # Whose answer is kept, nobody above can tell.
            letters = letters - PER_ROW
        loop = effect.loop
        multiplied = "" if loop else self._multiplied(site, letters, frame)
        if multiplied:
            letters, loop = letters | {multiplied}, f"{frame.path}:{scope.index}"
        return Effect(
            letters,
            effect.leaf,
            effect.subject,
            (Hop(frame.path, *site[:4], site.label), *effect.hops),
            loop,
            root,
            all_of(
                guard_of(scope, site.block, site.order, site.call), needed_at(scope, site.block), effect.guard
            ),
            self.world.dependence.needs(frame.path, scope, site) if "Q" in letters else None,
        )

    def _branches_of(self, frame: Frame) -> Branches:
        key = (frame.path, frame.scope.index)
        found = self._branches.get(key)
        if found is None:
            found = self._branches[key] = Branches(frame.scope)
        return found

    def _multiplied(self, site: Site, letters: frozenset[str], frame: Frame) -> str:
        """The letter that a loop around a site adds: N for a query, P for what a schema reads."""
        world, scope = self.world, frame.scope
        if letters & {"Q", "L"} and not {"M", "S", "U"} & letters:
            around = loop_of_item(world, frame, site)
            is_per_item = (
                around is not None
                and uses_item(world, site, around, scope)
                and not uses_group(world, frame, site, around)
            )
            return "N" if is_per_item else ""
        return "P" if "V" in letters and repeated_in(world, frame, site.block) is not None else ""

    def overrides(
        self,
        receiver: Type,
        scope: Scope,
        bindings: tuple[tuple[str, Type], ...],
        depth: int,
        counts: Callable[[str], bool] | None = None,
    ) -> tuple[Effect, ...]:
        """An abstract method does what the project's overrides of it do, in the classes that count."""
        found: dict[str, Effect] = {}
        bodies = waiting = 0
        for key, path, target in self.world.classes.implementations(receiver.name, scope.name):
            if (counts is not None and not counts(key)) or self.world.classes.is_abstract(path, target):
                continue
            func = Type("func", f"{path}:{target.index}", (Type("inst", key, receiver.args),))
            below = self.of_function(func, bindings, depth)
            bodies += 1
            waiting += any(effect.letters & BUSY and "O" not in effect.letters for effect in below)
            for effect in below:
                for kind in KINDS:
                    if kind in effect.letters:
                        found.setdefault(kind, effect)
        if waiting * _FEW < bodies:
            # One unusual implementation out of many does not tell what its callers do.
            found = {kind: effect._replace(letters=effect.letters - STALLS) for kind, effect in found.items()}
        if any(is_other_io(effect) for effect in found.values()):
            found = {kind: effect._replace(letters=effect.letters | {"I"}) for kind, effect in found.items()}
        return tuple(dict.fromkeys(found.values()))


def _is_function(row: list[Any]) -> bool:
    """Whether a name is given a function by its definition."""
    return row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "f"


def _heard(site: Site, branches: Branches, busy: frozenset[int], summary: Summary) -> frozenset[str]:
    """The letters of a place for the callers of its function, without the waits they do not see."""
    scope, letters = branches.scope, site.effect.letters
    if scope.is_async:
        # What blocks inside a coroutine function is reported there, not at every await of it.
        letters = letters - {"B", "C"}
    elif "A" in letters:
        # A coroutine made in a plain function does nothing before somebody awaits it.
        letters = letters - {"B"}
    if "D" in letters:
        # A tiny disk operation alone is no finding, and must not hide a longer wait further down.
        letters = letters - {"B", "D"}
    if not letters & STALLS:
        return letters
    if not site.effect.hops and _is_aside(site, scope):
        return letters - STALLS
    if is_off_loop(scope, site.block, site.order) or is_renewal(site, scope, summary):
        return letters - STALLS
    if not letters & BUSY:
        return letters
    if is_for_developers(scope, site.block, site.order, summary):
        return letters | {"O"}
    return rarity(branches, site.block, letters, busy)


def _is_aside(site: Site, scope: Scope) -> bool:
    """Whether a call waits where something has failed: a nap before a retry, undoing what is half done."""
    if in_handler(scope, site.block, 0) and is_nap(site.effect.leaf, site.call, scope):
        return True
    return site.block != 0 and site.effect.leaf.endswith(".rollback")


def _rank(effect: Effect, kind: str) -> tuple[int, bool, bool, bool, int]:
    """Sure and short chains first; a network or a query is told rather than a file or a lazy relation."""
    against = doubts(effect) if kind == "B" else 0
    if "O" in effect.letters:
        against += 3
    is_idle = kind == "Q" and effect.needs is not None and not effect.needs
    return against, is_idle, not KEPT.isdisjoint(effect.letters), bool(effect.guard), length(effect)


def _both(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    return None if left is None or right is None else left | right

"""Answers that are computed once, what becomes of them in a cycle, and which fuel they hold for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from archlint.project.ledger import Answers
from archlint.project.limits import ASKS

if TYPE_CHECKING:
    from archlint.project.types import Type
    from archlint.project.world import World

V = TypeVar("V")

#: More fuel than any question has.
_NEVER = ASKS


class Deep:
    """An answer that holds for some fuel only: a call was entered for it, or was not for want of fuel."""

    __slots__ = ("asks", "found", "needs")

    def __init__(self, found: Any, needs: int, *, asks: bool = False) -> None:
        """``needs`` is the least fuel; ``asks`` says that it depends on whether callers may be asked."""
        self.found = found
        self.needs = needs
        self.asks = asks


#: What a table gives for a question that was not answered yet; "unknown" is an answer.
UNASKED: Any = Deep(None, _NEVER)
#: Stands in a table for answers that are kept for each fuel, or for each way of asking callers.
_APART = Deep(None, _NEVER)


class Memo:
    """Keeps answers in tables; those that met themselves on the way are not kept.

    A question carries fuel, and most answers are the same for any: they enter no call, or are through
    before the fuel is used up. What the answer under way has used is noted, so that it is kept for every
    fuel that gives the same.
    """

    def __init__(self, world: World) -> None:
        self._active: set[Any] = set()
        self._cut: set[Any] = set()
        self._provisional: list[tuple[dict[Any, Any], Any, Any]] = []
        # Answers at the head of a cycle, each with the guards of all that rested on it.
        self._heads: dict[Any, tuple[Deep, frozenset[Any]]] = world.answers()
        # Of the answer under way: the fuel it needs, at least 0 once a call was entered, and whether
        # it depends on asking callers.
        self._needs, self._asks = -1, False

    def once(self, table: dict[Any, V], key: Any, guard: Any, compute: Callable[[], V], unfinished: V) -> V:
        """Compute once; answers that met themselves on the way are forgotten when the cycle ends.

        Where a cycle is entered decides what is found in it. The answer at its head is kept, but for
        questions from outside only: one from within the cycle is answered as if it were the first.
        """
        known = table.get(key, UNASKED)
        if known is not UNASKED:
            return cast("V", known)
        needs, asks = self._needs, self._asks
        found, is_settled = self._answer(guard, compute, unfinished)
        # The key names no fuel: whatever the asker has, it is the same.
        self._needs, self._asks = needs, asks
        if is_settled:
            table[key] = found
            if self._cut:
                self._provisional.append((table, key, guard))
        return found

    def apart(self, compute: Callable[[], V]) -> V:
        """Compute something with a fuel of its own: whoever asks, it is the same."""
        needs, asks = self._needs, self._asks
        found = compute()
        self._needs, self._asks = needs, asks
        return found

    def at_fuel(
        self,
        known: Deep,
        table: dict[Any, Any],
        key: Any,
        fuel: int,
        guard: Any,
        compute: Callable[[], Type | None],
        *,
        may_ask: bool = True,
    ) -> Type | None:
        """The answer to a question with fuel, where its table gives ``known`` for it.

        The table holds it under ``key`` when it is the same for all fuels (as it is) or for all that are
        enough (as ``Deep``), under the key and the level of asking when callers matter, and under the key
        and the fuel when that was used up. ``may_ask`` is off for questions that never ask for callers.
        """
        level, depth = divmod(fuel, ASKS)
        if known is not UNASKED:
            if known.needs > depth:
                known = table.get((key, -1 - level), UNASKED)
                if known.needs > depth:
                    known = table.get((key, fuel), UNASKED)
            if known is not UNASKED:
                self._rest_on(known)
                kept: Type | None = known.found
                return kept
            if isinstance(table, Answers):
                table.begin(key)
        needs, asks = self._needs, self._asks
        self._needs, self._asks = -1, False
        found, is_settled = self._answer(guard, compute, None)
        answer = Deep(found, self._needs, asks=self._asks and may_ask)
        self._needs, self._asks = needs, asks
        self._rest_on(answer)
        if is_settled:
            self._keep(table, key, fuel, guard, answer)
        return found

    def _keep(self, table: dict[Any, Any], key: Any, fuel: int, guard: Any, answer: Deep) -> None:
        level, depth = divmod(fuel, ASKS)
        if not self._cut and answer.needs <= depth:
            if not answer.asks:
                table[key] = answer if answer.needs > 0 else answer.found
                return
            place = (key, -1 - level)
        else:
            place = (key, fuel)
        if isinstance(table, Answers):
            table.keep(key, place, answer)
        else:
            table[place] = answer
        if self._cut:
            self._provisional.append((table, place, guard))
        if key not in table:
            table[key] = _APART

    def _rest_on(self, answer: Deep) -> None:
        """The answer under way rests on another one."""
        self._needs = max(self._needs, answer.needs)
        if answer.asks:
            self._asks = True

    def asking(self) -> None:
        """The answer under way depends on whether callers are asked."""
        self._asks = True

    def entering(self) -> None:
        """The answer under way enters a call, or would with more fuel: either way it needs some."""
        self._needs = max(self._needs, 0)

    def inside(self, compute: Callable[[], V]) -> V:
        """Compute something with one fuel less than the answer under way has."""
        needs, self._needs = self._needs, -1
        found = compute()
        # Where no call was entered, none is counted.
        self._needs = max(needs, self._needs + 1 if self._needs >= 0 else -1)
        return found

    def _answer(self, guard: Any, compute: Callable[[], V], unfinished: V) -> tuple[V, bool]:
        """An answer, and whether it may be kept."""
        if guard in self._active:
            self._cut.add(guard)
            return unfinished, False
        head = self._heads.get(guard)
        if head is not None and self._active.isdisjoint(head[1]):
            self._rest_on(head[0])
            return cast("V", head[0].found), False
        self._active.add(guard)
        cycle: frozenset[Any] | None = None
        try:
            found = compute()
        finally:
            self._active.discard(guard)
            if self._cut:
                cycle = self._end_of_cycle(guard)
        if cycle is not None:
            self._heads[guard] = (Deep(found, self._needs, asks=self._asks), cycle)
        return found, cycle is None

    def pass_through(self, guard: Any, compute: Callable[[], V]) -> V | None:
        """Compute an answer that is not kept, but may be part of a cycle; None when it meets itself."""
        if guard in self._active:
            self._cut.add(guard)
            return None
        self._active.add(guard)
        try:
            return compute()
        finally:
            self._active.discard(guard)
            self._end_of_cycle(guard)
            if self._cut:
                self._provisional.append(({}, guard, guard))

    def _end_of_cycle(self, guard: Any) -> frozenset[Any] | None:
        """Forget the answers that rested on ``guard`` once nothing unfinished is left; their guards, then."""
        if guard not in self._cut:
            return None
        self._cut.discard(guard)
        if self._cut:
            return None
        cycle = frozenset((guard, *(inner for _, _, inner in self._provisional)))
        for table, key, _ in self._provisional:
            table.pop(key, None)
        self._provisional.clear()
        return cycle

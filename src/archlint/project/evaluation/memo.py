"""Answers that are computed once, and what becomes of them in a cycle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from archlint.project.world import World

V = TypeVar("V")

#: What a table gives for a question that was not answered yet; "unknown" is an answer.
UNASKED: Any = object()


class Memo:
    """Keeps answers in tables; those that met themselves on the way are not kept."""

    def __init__(self, world: World) -> None:
        self._active: set[Any] = set()
        self._cut: set[Any] = set()
        self._provisional: list[tuple[dict[Any, Any], Any, Any]] = []
        # Answers at the head of a cycle, each with the guards of all that rested on it.
        self._heads: dict[Any, tuple[Any, frozenset[Any]]] = world.answers()

    def once(self, table: dict[Any, V], key: Any, guard: Any, compute: Callable[[], V], unfinished: V) -> V:
        """Compute once; answers that met themselves on the way are forgotten when the cycle ends.

        Where a cycle is entered decides what is found in it. The answer at its head is kept, but for
        questions from outside only: one from within the cycle is answered as if it were the first.
        """
        known = table.get(key, UNASKED)
        if known is not UNASKED:
            return cast("V", known)
        if guard in self._active:
            self._cut.add(guard)
            return unfinished
        head = self._heads.get(guard)
        if head is not None and self._active.isdisjoint(head[1]):
            return cast("V", head[0])
        self._active.add(guard)
        cycle: frozenset[Any] | None = None
        try:
            found = compute()
        finally:
            self._active.discard(guard)
            if self._cut:
                cycle = self._end_of_cycle(guard)
        if cycle is not None:
            self._heads[guard] = (found, cycle)
            return found
        table[key] = found
        if self._cut:
            self._provisional.append((table, key, guard))
        return found

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

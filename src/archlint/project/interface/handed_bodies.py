"""Bodies of requests that a handler leaves to others: to a method beside it, to a function of the project.

A function is followed that is given the body, or that takes it itself from the request that it is given or
that its view class keeps. Nothing is said where something on the way may know what belongs into the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.bodies import CHECKS
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Call, Scope
from archlint.project.called import Called
from archlint.project.identifiers import name_words
from archlint.project.interface.raw_bodies import Raw, RawBodies, is_one_of
from archlint.project.words import parts_of

if TYPE_CHECKING:
    from archlint.project.effects import Hop
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function

#: Functions that hand a body on to each other.
_DEEPEST = 2


class Reading(NamedTuple):
    """The keys that functions read of a body, and the calls that lead to them."""

    keys: frozenset[str] = frozenset()
    hops: tuple[Hop, ...] = ()


class HandedBodies:
    """Questions about bodies that a handler does not read itself."""

    def __init__(self, bodies: RawBodies) -> None:
        self._bodies = bodies
        self._world = bodies.world

    def of(self, function: Function, raw: Raw | None) -> Reading:
        """What others read of the body that a handler takes as it comes."""
        if self._bodies.is_decorated(function):
            return Reading()
        wanted = self._bodies.wanted(function)
        return self._read(function.frame, raw or _NOTHING, wanted, _DEEPEST) or Reading()

    def _read(self, frame: Frame, raw: Raw, wanted: tuple[str, ...], depth: int) -> Reading | None:
        """The keys read by one function and by those it hands the body to; None where something checks it."""
        keys = _keys(frame.scope, raw)
        hops: list[Hop] = []
        for index, row in enumerate(frame.scope.calls):
            if row[Call.FLAGS] & (ANNOTATION | DECORATOR):
                continue
            called = Called(self._world, frame, index)
            below = list(self._below(called, raw, wanted)) if depth else []
            if not below and self._bodies.looks_at(called, raw):
                return None
            for inner, held in below:
                found = self._read(inner, held, wanted, depth - 1)
                if found is None or not CHECKS.isdisjoint(name_words(inner.scope.name)):
                    return None
                keys |= found.keys
                hops += (called.hop, *found.hops) if found.keys else ()
        return Reading(keys, tuple(hops))

    def _below(self, called: Called, raw: Raw, wanted: tuple[str, ...]) -> Iterator[tuple[Frame, Raw]]:
        """The functions of the project that a call gives the body or the request, and what they hold."""
        row, frame = called.row, called.frame
        for callee, scope, given in self._bodies.handed(called.index, row, frame):
            names = {name for name, expr in given.items() if name and self._bodies.is_body(expr, raw)}
            is_own = row[Call.FUNC][:2] == ["a", ["n", "self"]]
            if (
                not names
                and not is_own
                and not any(self._bodies.is_request(e, frame) for e in given.values())
            ):
                continue
            inner = self._bodies.inner(callee, scope, row, frame)
            held = self._held(inner, names - scope.binds.keys(), wanted)
            if held.names or held.exprs:
                yield inner, held

    def _held(self, frame: Frame, names: set[str], wanted: tuple[str, ...]) -> Raw:
        """What a function holds of a body: parameters, and what it takes from the request itself."""
        exprs = self._bodies.taken(frame, wanted)
        for name, rows in frame.scope.binds.items():
            if exprs and rows and all(is_one_of(row[Bind.EXPR], exprs) for row in rows):
                names.add(name)
        return self._bodies.with_items(Raw((), frozenset(names), tuple(exprs), frozenset()), frame.scope)


_NOTHING = Raw((), frozenset(), (), frozenset())


def _keys(scope: Scope, raw: Raw) -> frozenset[str]:
    """The keys that a function reads from a body."""
    found: set[Any] = set()
    for part in parts_of(scope):
        if part[0] == "s" and len(part) > 2 and _is_held(part[1], raw):
            found.add(part[2][1] if part[2] is not None and part[2][0] == "k" else None)
    for row in scope.calls:
        func = row[Call.FUNC]
        is_get = func is not None and func[0] == "a" and func[2] in ("get", "pop") and row[Call.ARGS]
        if is_get and _is_held(func[1], raw) and (row[Call.ARGS][0] or [""])[0] == "k":
            found.add(row[Call.ARGS][0][1])
    return frozenset(key for key in found if isinstance(key, str))


def _is_held(expr: Any, raw: Raw) -> bool:
    return is_one_of(expr, list(raw.exprs)) or (expr is not None and expr[0] == "n" and expr[1] in raw.names)

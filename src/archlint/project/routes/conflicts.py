"""Routes that another route keeps requests from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archlint.project.routes.entry import Place, RouteEntry
from archlint.project.routes.graph import Graph, Item, Node
from archlint.project.routes.patterns import Pattern, Segment, covers, pattern

#: Frameworks that ask their routes in the order of registration.
_IN_ORDER = frozenset(("fastapi", "starlette", "django", "drf"))
#: Keywords that make two equal paths different routes.
_APART = frozenset(("host", "subdomain", "subdomains", "defaults", "name_matching", "constraints"))


class Conflict(NamedTuple):
    """A route that is never asked, and the one that answers in its place."""

    entry: RouteEntry
    winner: RouteEntry
    same: bool  # whether both have the same path; else the winner's is wider


class Conflicts:
    """All conflicts of a table."""

    def __init__(self, entries: Iterable[RouteEntry]) -> None:
        self._found: dict[Place, list[Conflict]] = {}
        groups: dict[tuple[str, str], list[tuple[RouteEntry, Pattern]]] = {}
        written: dict[tuple[str, str], list[RouteEntry]] = {}
        for entry in entries:
            taken = pattern(entry.tail, entry.framework) if entry.tail is not None else None
            if taken is None and entry.tail is not None and entry.framework == "django":
                written.setdefault((entry.base, entry.tail), []).append(entry)
            if taken is not None and not entry.keywords & _APART:
                family = "django" if entry.framework in ("django", "drf") else entry.framework
                family = "asgi" if family in ("fastapi", "starlette") else family
                groups.setdefault((entry.base, family), []).append((entry, taken))
        found = [conflict for group in groups.values() for conflict in _conflicts(group)]
        for conflict in (*found, *_written_twice(written.values())):
            self._found.setdefault(conflict.entry.place, []).append(conflict)

    def at(self, place: Place) -> tuple[Conflict, ...]:
        """The conflicts of what is registered at a place."""
        return tuple(self._found.get(place, ()))


def _conflicts(group: list[tuple[RouteEntry, Pattern]]) -> Iterator[Conflict]:
    index = _Index()
    for entry, taken in group:
        index.add(taken, entry)
    for entry, taken in group:
        best: Conflict | None = None
        for other, wide in index.covering(taken):
            if not _hides(other, entry):
                continue
            same = wide.shape == taken.shape
            if not same and entry.framework not in _IN_ORDER:
                continue
            conflict = Conflict(entry, other, same)
            if best is None or (best.winner.before(other) is False) or (same and not best.same):
                best = conflict
        if best is not None:
            yield best


def _written_twice(groups: Iterable[list[RouteEntry]]) -> Iterator[Conflict]:
    """Regular expressions that are written alike: what they match need not be known."""
    for group in groups:
        for entry in group:
            winner = next((other for other in group if _hides(other, entry)), None)
            if winner is not None:
                yield Conflict(entry, winner, same=True)


def _hides(other: RouteEntry, entry: RouteEntry) -> bool:
    """Whether another route always answers instead, given that its path matches."""
    if other.place == entry.place or (other.handler, other.name) == (entry.handler, entry.name):
        return False
    if not other.branches <= entry.branches or other.before(entry) is not True:
        return False
    if entry.framework in ("django", "drf"):
        # Django takes the first pattern that fits, whatever the method.
        return True
    return (
        bool(other.methods) and bool(entry.methods) and _answered(entry.methods) <= _answered(other.methods)
    )


def _answered(methods: tuple[str, ...]) -> frozenset[str]:
    return frozenset(methods) - {"OPTIONS", "HEAD"} or frozenset(methods)


class Late(NamedTuple):
    """A route or router that is added to a router after that was included."""

    item: Item
    router: Node
    include: Item


def late_additions(graph: Graph) -> dict[Place, Late]:
    """What is added to routers of FastAPI when they have been copied already, by place."""
    includes: dict[str, list[Item]] = {}
    for owner in graph.nodes.values():
        for item in owner.items:
            if item.child:
                includes.setdefault(item.child, []).append(item)
    found: dict[Place, Late] = {}
    for key, around in sorted(includes.items()):
        node = graph.nodes[key]
        if (
            node.framework != "fastapi"
            or node.is_app
            or any(item.word != "include_router" for item in around)
        ):
            continue
        for item in node.items:
            if all(include.step.earlier(item.step) is True for include in around):
                found.setdefault(item.place, Late(item, node, around[0]))
    return found


class _Index:
    """Patterns by their segments, so that those that may cover another are found without asking all."""

    def __init__(self) -> None:
        self.literal: dict[Segment, _Index] = {}
        self.other: list[tuple[Segment, _Index]] = []
        self.here: list[tuple[RouteEntry, Pattern]] = []
        self.rest: list[tuple[RouteEntry, Pattern]] = []

    def add(self, taken: Pattern, entry: RouteEntry) -> None:
        """Add a pattern."""
        node = self
        *head, last = taken.segments
        is_rest = len(last) == 1 and last[0][1] in (".*", ".+")
        for segment in head if is_rest else taken.segments:
            node = node._child(segment)
        (node.rest if is_rest else node.here).append((entry, taken))

    def _child(self, segment: Segment) -> _Index:
        if all(not matches for _, matches in segment):
            return self.literal.setdefault(segment, _Index())
        for known, child in self.other:
            if known == segment:
                return child
        self.other.append((segment, _Index()))
        return self.other[-1][1]

    def covering(self, taken: Pattern) -> Iterator[tuple[RouteEntry, Pattern]]:
        """The entries whose patterns match all that this one does."""
        for entry, wide in self._walk(taken.segments, 0):
            if covers(wide, taken):
                yield entry, wide

    def _walk(self, segments: tuple[Segment, ...], depth: int) -> Iterator[tuple[RouteEntry, Pattern]]:
        yield from self.rest
        if depth == len(segments):
            yield from self.here
            return
        segment = segments[depth]
        if segment in self.literal:
            yield from self.literal[segment]._walk(segments, depth + 1)
        for _, child in self.other:
            yield from child._walk(segments, depth + 1)

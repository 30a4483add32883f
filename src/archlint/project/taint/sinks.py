"""Calls that act on a text: which argument it is, and whose text arrives there."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.core.diagnostic import Diagnostic, Fix, Related
from archlint.knowledge.untrusted import CLIENT
from archlint.model.summary import ANNOTATION, DECORATOR, Call, Expr
from archlint.project.effects import Hop, describe
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.guards import guard_of
from archlint.project.taint.flow import Flow
from archlint.project.taint.origins import ITEM, KEY, Source
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.core.rule import Rule
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.world import World

#: Position of an argument (-1: the receiver, -2: by keyword alone) and its keyword.
Place = tuple[int, str]


class Sink(NamedTuple):
    """A call that acts on one of its arguments."""

    call: int
    row: list[Any]
    name: str  # qualified name of the function, as the table has it
    value: Expr
    keyword: str


class Arrival(NamedTuple):
    """Text of a client where it acts."""

    sink: Sink
    label: str
    source: Source

    @property
    def anchor(self) -> tuple[int, int, int, int]:
        """The place of the call."""
        row = self.sink.row
        return row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]


class Sinks:
    """Questions about the calls of one table."""

    def __init__(self, world: World, table: Mapping[str, Place]) -> None:
        self.world = world
        self.table = table

    @cached_property
    def words(self) -> frozenset[str]:
        """The last words of the functions of the table."""
        return frozenset(name.rpartition(".")[2] for name in self.table)

    def of(self, frame: Frame) -> Iterator[Sink]:
        """The calls of a frame that the table lists, each with its argument."""
        for index, row in enumerate(frame.scope.calls):
            if row[Call.FLAGS] & (ANNOTATION | DECORATOR):
                continue
            if called_word(row[Call.FUNC], frame) in self.words:
                sink = self._sink(index, row, frame)
                if sink is not None:
                    yield sink

    def calls(self, index: int, frame: Frame, functions: Container[str]) -> bool:
        """Whether a call is one of some functions."""
        callees = members(self.world.evaluator.callee(index, frame))
        return any(name in functions for callee in callees for name in self._names(callee))

    def _sink(self, index: int, row: list[Any], frame: Frame) -> Sink | None:
        for callee in members(self.world.evaluator.callee(index, frame)):
            for name in self._names(callee):
                place = self.table.get(name)
                if place is not None:
                    value = argument(row, place)
                    if value is not None:
                        return Sink(index, row, name, value, place[1])
        return None

    def _names(self, callee: Type) -> list[str]:
        """The names under which the table may list a function."""
        if callee.kind == "class":
            if self.world.classes.method(callee.name, "__init__") is not None:
                return []
            return sorted(self.world.classes.library_bases(callee.name))
        if callee.kind != "lib":
            return []
        method = callee.name.rpartition(".")[2]
        names = [callee.name]
        receiver = callee.args[0] if callee.args else None
        if receiver is not None:
            lineage = (
                sorted(self.world.classes.library_bases(receiver.name))
                if is_project(receiver.name)
                else self.world.evaluator.library.mro(receiver.name)
            )
            names += [f"{name}.{method}" for name in lineage]
        else:
            names += [
                f"{name}.{method}"
                for name in self.world.evaluator.library.mro(callee.name.rpartition(".")[0])
            ]
        return names


def argument(row: list[Any], place: Place) -> Expr:
    """The argument of a call at a place."""
    position, keyword = place
    if position == -1:
        func = row[Call.FUNC]
        return func[1] if func is not None and func[0] == "a" else None
    args = row[Call.ARGS]
    for key, value in row[Call.KEYWORDS]:
        if key == keyword:
            return value
    if 0 <= position < len(args) and not any(a is not None and a[0] == "*" for a in args[: position + 1]):
        return args[position]
    return None


def arrivals(
    function: Function, sinks: Sinks, flow: Flow, parts: frozenset[str] = CLIENT
) -> Iterator[Arrival]:
    """Where text of a client arrives at a sink; ``parts`` are the parts of a request that count."""
    # Many tables are asked about each function, and it calls what few of them list.
    if sinks.words.isdisjoint(function.called_words):
        return
    frame = function.frame
    for sink in sinks.of(frame):
        found = arrival(sink, sink.value, frame, flow, parts)
        if found is not None:
            yield found


def arrival(
    sink: Sink, value: Expr, frame: Frame, flow: Flow, parts: frozenset[str] = CLIENT
) -> Arrival | None:
    """The client's text that arrives at one argument."""
    row = sink.row
    block, order = row[Call.BLOCK], row[Call.ORDER]
    guard = guard_of(frame.scope, block, order)
    sources = flow.sources(value, frame, block, order - 1, guard=guard)
    kept = [s for s in sources if s.origin.kind == "request" and s.origin.part in parts]
    if not kept:
        return None
    first = min(kept, key=lambda s: (len(s.hops), s.origin))
    return Arrival(sink, describe(row[Call.FUNC], frame.scope), first)


def label_of(source: Source) -> str:
    """A source as a reader would write it."""
    origin = source.origin
    path = [p for p in origin.path if p not in (ITEM, KEY) and p[:1] != "#"]
    name = origin.name
    if path and path == [name]:
        return name
    return ".".join([name, *path])


def report(rule: Rule, file: File, found: Arrival, fix: Fix | None = None, **values: str) -> Diagnostic:
    """A finding at a sink, with the calls that lead there as related places."""
    hop = Hop(file.name, *found.anchor, found.label)
    given: dict[str, Any] = {"source": label_of(found.source), "sink": found.label, **values}
    return file.diagnostic(rule, hop, related=related(found.source.hops, file), fix=fix, **given)


def related(hops: tuple[Hop, ...], file: File) -> tuple[Related, ...]:
    """The calls that bring a value, as related places."""
    return tuple(Related(file.hop_location(hop), f"called here as `{hop.label}()`") for hop in hops)

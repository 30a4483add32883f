"""Stored passwords and their hashes in plain dicts that handlers answer with, built there or in a helper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.exposure import SENSITIVE
from archlint.model.summary import Bind, Call, Expr, Read, Store
from archlint.project.effects import Hop
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.identifiers import name_words
from archlint.project.types import members
from archlint.project.words import decorators, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

_PASSWORDS = frozenset(("password", "passwd", "pwd", "pw", "pass"))
#: What such a column may be called, of which ``password`` alone may also be that of a server.
_NAMES = frozenset(name for name in SENSITIVE if name_words(name) & _PASSWORDS)
_BROAD = frozenset(("password", "passwd"))
#: Words of decorators that send what a schema leaves of an answer.
_SCHEMED = frozenset(
    ("marshal", "marshals", "response", "responses", "output", "serialize", "serializer", "schema")
)
_DEPTH = 2
_DEEP = 10


class Spot(NamedTuple):
    """An expression, and the point at which it is read."""

    expr: Expr
    frame: Frame
    block: int
    order: int


class Sent(NamedTuple):
    """A key of an answer that is a stored password, where the column is read, and the line of the return."""

    key: str
    place: Hop
    line: int


class SentDicts:
    """Questions about answers that are plain dicts."""

    def __init__(self, world: World) -> None:
        self.world = world

    def passwords(self, function: Function) -> Iterator[Sent]:
        """The stored passwords among what a handler sends without a schema."""
        table = self.world.route_table
        entries = table.of(function.file.name, function.scope)
        if any(":" in m.name for entry in entries for m in members(entry.response[1])):
            return
        if any(
            name_words(last_word(d)) & _SCHEMED for d in decorators(function.scope, function.file.summary)
        ):
            return
        for answer in table.answers.of(function.file.name, function.scope):
            spot = Spot(answer.data, function.frame, answer.block, answer.order)
            for key, value in self._items(spot, _DEEP, _DEPTH):
                if self._is_stored(key, value):
                    yield Sent(key, _place(value), answer.line)

    def _items(self, spot: Spot, deep: int, calls: int) -> Iterator[tuple[str, Spot]]:
        """The keys of the dicts that an expression comes to, with what they hold."""
        expr = spot.expr
        if expr is None or deep == 0:
            return
        inner: list[Spot] = []
        if expr[0] == "d":
            for key, value in expr[1]:
                inner.append(spot._replace(expr=value))
                if key is not None and key[0] == "k" and key[1] in _NAMES:
                    yield key[1], inner[-1]
        elif expr[0] == "n":
            yield from self._stores(expr, spot)
            inner = list(self._bound(expr, spot))
        elif expr[0] == "c":
            inner = list(self._returned(spot, calls))
            calls -= 1
        elif expr[0] in ("l", "t", "e"):
            inner = [spot._replace(expr=item) for item in expr[1]]
        elif expr[0] in ("w", "*", "p", "o"):
            given = expr[1:] if expr[0] == "o" else [expr[2] if expr[0] == "p" else expr[1]]
            inner = [spot._replace(expr=item) for item in given]
        for below in inner:
            yield from self._items(below, deep - 1, calls)

    def _stores(self, name: Expr, spot: Spot) -> Iterator[tuple[str, Spot]]:
        """``data["password_hash"] = user.password_hash``."""
        for row in spot.frame.scope.stores:
            key = row[Store.ATTR][1:-1] if row[Store.ATTR][:1] == "[" else ""
            if row[Store.VALUE] == name and key in _NAMES and row[Store.ORDER] < spot.order:
                yield key, Spot(row[Store.EXPR], spot.frame, row[Store.BLOCK], row[Store.ORDER] - 1)

    def _bound(self, name: Expr, spot: Spot) -> Iterator[Spot]:
        """What a name stands for, and what is put into the list that it names."""
        rows, _ = visible_bindings(spot.frame.scope, name[1], spot.block, spot.order)
        for row in rows:
            yield Spot(row[Bind.EXPR], spot.frame, row[Bind.BLOCK], row[Bind.ORDER] - 1)
        for row in spot.frame.scope.calls:
            if row[Call.FUNC] is not None and row[Call.FUNC][:3] == ["a", name, "append"] and row[Call.ARGS]:
                yield Spot(row[Call.ARGS][0], spot.frame, row[Call.BLOCK], row[Call.ORDER])

    def _returned(self, spot: Spot, calls: int) -> Iterator[Spot]:
        """What a call comes to: a dict of keywords, a text made of a dict, or what a function returns."""
        row = spot.frame.scope.calls[spot.expr[1]]
        at = Spot(None, spot.frame, row[Call.BLOCK], row[Call.ORDER])
        if row[Call.FUNC] == ["n", "dict"] and not row[Call.ARGS]:
            pairs = [[["k", key], value] for key, value in row[Call.KEYWORDS] if key is not None]
            yield at._replace(expr=["d", pairs])
        elif last_word(row[Call.FUNC]) == "dumps" and row[Call.ARGS]:
            yield at._replace(expr=row[Call.ARGS][0])
        bodies = self.world.api.raw_bodies
        for callee, scope, _ in bodies.handed(spot.expr[1], row, spot.frame) if calls else ():
            inner = bodies.inner(callee, scope, row, spot.frame)
            for expr, block, order, _line in scope.returns:
                yield Spot(expr, inner, block, order)

    def _is_stored(self, key: str, value: Spot) -> bool:
        """Whether a value is read from a row, or from what was one, under such a name."""
        expr = value.expr
        if expr is None or expr[0] not in ("a", "s"):
            return False
        if expr[0] == "s":
            return expr[2] == ["k", key] and key not in _BROAD
        if expr[2] not in _NAMES:
            return False
        owners = members(self.world.evaluator.eval(expr[1], value.frame, value.block, value.order))
        shown, is_model = self.world.api.shown, self.world.models.is_model
        return any(o.kind == "inst" and is_model(o.name) and shown.is_column(o.name, expr[2]) for o in owners)


def _place(value: Spot) -> Hop:
    """Where a value is read; the start of its file where that is not kept."""
    expr, path = value.expr, value.frame.path
    if expr[0] == "a" and len(expr) > 3 and expr[3] is not None:
        row = value.frame.scope.reads[expr[3]]
        return Hop(path, row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN], expr[2])
    return Hop(path, 0, 0, 0, 0, "")

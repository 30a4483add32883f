"""What a function does with the database itself: not through what it calls, and not to a row it was given.

An access is a call on a session, connection or cursor that was handed in or made here, or a query that
starts at a model here: ``Order.objects.filter(...)``, ``session.query(Order)``, ``Order.select()``. A query
that a function of the project returned, and one over the relations of a row, start elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.databases import CONNECTION_WORK, CONNECTIONS, NO_WORK
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Call, Expr
from archlint.project.effects import describe
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.ledger import settle
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Steps followed back from a query to where it starts.
_STEPS = 12
_MANAGER = "django.db.models.Manager"


class DataAccess(NamedTuple):
    """One place where a function works on the database itself."""

    line: int
    column: int
    end_line: int
    end_column: int
    label: str
    models: tuple[str, ...]  # the keys of the models it is about, as far as they are known
    call: int


class DataAccesses:
    """Finds the accesses of functions; answers are kept by function."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[Any, ...], tuple[DataAccess, ...]] = world.answers()

    def of(self, frame: Frame) -> tuple[DataAccess, ...]:
        """The accesses of one function, in the order of the text; of a chain of calls, the outermost."""
        found = self._known.get(frame.key)
        if found is None:
            found = settle(self._known, frame.key, (), lambda: tuple(self._outermost(frame)))
        return found

    def _outermost(self, frame: Frame) -> Iterator[DataAccess]:
        found: dict[tuple[int, int], DataAccess] = {}
        for index, row in enumerate(frame.scope.calls):
            if row[Call.FLAGS] & (ANNOTATION | DECORATOR):
                continue
            models = self._models(index, row, frame)
            if models is None:
                continue
            place = (row[Call.LINE], row[Call.COLUMN])
            known = found.get(place)
            end = (row[Call.END_LINE], row[Call.END_COLUMN])
            if known is None or end >= (known.end_line, known.end_column):
                label = describe(row[Call.FUNC], frame.scope)
                found[place] = DataAccess(*place, *end, label, models, index)
        for place in sorted(found):
            yield found[place]

    def _models(self, index: int, row: list[Any], frame: Frame) -> tuple[str, ...] | None:
        """The models that a call works on; None when it is no access."""
        for callee in members(self.world.evaluator.callee(index, frame)):
            receiver = callee.args[0] if callee.args and callee.kind == "lib" else None
            method = callee.name.rpartition(".")[2]
            if receiver is None or method in NO_WORK:
                continue
            if self.is_connection(receiver):
                return self._named(row, frame) if method in CONNECTION_WORK else None
            if self._is_query(receiver) or (
                self._is_model(receiver, "class") and self._asks(index, callee.name, frame)
            ):
                found = self._start(row[Call.FUNC], frame, row[Call.BLOCK], row[Call.ORDER], _STEPS)
                return None if found is None else (found,) if found else ()
            if receiver.kind == "inst" and not self.world.models.is_model(receiver.name):
                return () if self._queries(callee.name) else None
        return None

    # -- receivers ------------------------------------------------------------------------------

    def is_connection(self, value: Type) -> bool:
        """Whether a value is a session or connection of SQLAlchemy."""
        if value.kind != "inst":
            return False
        return not CONNECTIONS.isdisjoint(self.world.classes.library_bases(value.name))

    def _is_query(self, value: Type) -> bool:
        if self.world.orm.is_query(value):
            return True
        return value.kind == "inst" and _MANAGER in self.world.classes.library_bases(value.name)

    def _is_model(self, value: Type, kind: str) -> bool:
        return value.kind == kind and self.world.models.is_model(value.name)

    def _asks(self, index: int, name: str, frame: Frame) -> bool:
        """Whether a class method of a model queries, or makes a query."""
        made = members(self.world.evaluator.call(index, frame))
        return self._queries(name) or any(self._is_query(m) for m in made)

    def _queries(self, name: str) -> bool:
        cls, _, method = name.rpartition(".")
        signature = self.world.evaluator.library.member(cls, method)
        return signature is not None and "Q" in signature.effects

    # -- models ---------------------------------------------------------------------------------

    def _named(self, row: list[Any], frame: Frame) -> tuple[str, ...]:
        """The models among the arguments of a call: classes, rows, statements about them."""
        values = self.world.evaluator.arguments(row, frame)
        return tuple(dict.fromkeys(m for value in values for m in self.models_in(value)))

    def models_in(self, value: Type | None) -> tuple[str, ...]:
        """The models that a value is about: a class, a row, or whatever holds rows."""
        found: list[str] = []
        self._collect(value, found, 3)
        return tuple(dict.fromkeys(found))

    def _collect(self, value: Type | None, found: list[str], depth: int) -> None:
        for member in members(value):
            if member.kind in ("inst", "class") and self.world.models.is_model(member.name):
                found.append(member.name)
            elif depth:
                for argument in member.args:
                    self._collect(argument, found, depth - 1)

    # -- where queries start --------------------------------------------------------------------

    def _start(self, expr: Expr, frame: Frame, block: int, order: int, steps: int) -> str | None:
        """The model at which a query starts here, ``""`` when it is not known; None: it starts elsewhere."""
        if expr is None or steps == 0:
            return None
        evaluator = self.world.evaluator
        tag = expr[0]
        if tag in ("w", "s"):
            return self._start(expr[1], frame, block, order, steps - 1)
        if tag == "c":
            return self._start_of_call(expr[1], frame, steps)
        if tag == "a":
            owner = evaluator.eval(expr[1], frame, block, order)
            if owner is not None and self._is_model(owner, "class"):
                return owner.name
            return self._start(expr[1], frame, block, order, steps - 1)
        if tag == "n":
            rows, _ = visible_bindings(frame.scope, expr[1], block, order)
            starts = (
                self._start(r[Bind.EXPR], frame, r[Bind.BLOCK], r[Bind.ORDER] - 1, steps - 1) for r in rows
            )
            return next((found for found in starts if found is not None), None)
        return None

    def _start_of_call(self, index: int, frame: Frame, steps: int) -> str | None:
        row = frame.scope.calls[index]
        callee = self.world.evaluator.callee(index, frame)
        if callee is None or callee.kind != "lib" or not callee.args or callee.args[0] is None:
            return None
        if self.is_connection(callee.args[0]):
            return next(iter(self._named(row, frame)), "")
        return self._start(row[Call.FUNC], frame, row[Call.BLOCK], row[Call.ORDER], steps - 1)

"""What a function writes to the tables of the project, itself or through the functions it calls.

Only writes of rows whose model is known count: ``row.save()``, ``Model.objects.create(...)``,
``query.update(...)``, ``session.add(row)``, ``session.execute(insert(Model))``, and columns set on a queried
row before a commit; with ``Counted`` others too. What an error handler writes, and what is made only because
it was not found, is told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.databases import WRITE_STATEMENTS, WRITES
from archlint.knowledge.sinks import STATEMENTS
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.effects import Hop, describe, hop_of
from archlint.project.ledger import settle
from archlint.project.limits import FUEL
from archlint.project.repetition.iteration import in_handler
from archlint.project.rows.columns import set_on_rows
from archlint.project.rows.statements import TABLE, Change, change
from archlint.project.tables.commits import writes_out
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World


class Write(NamedTuple):
    """One write: what it writes in the end, and the calls between the function asked about and that."""

    label: str  # the call or assignment that writes, as it is written
    method: str  # its last word
    model: str  # the key of the model
    keywords: tuple[str, ...]  # of the call that writes: the columns, as a rule
    hops: tuple[Hop, ...]  # from the function asked about to the write
    functions: tuple[str, ...]  # the names of the functions between
    fills_gap: bool  # whether it stands where something was not found


class Counted(NamedTuple):
    """Which writes count besides those of known methods."""

    stated: bool = False  # statements given as text
    flushed: bool = False  # columns set on rows without a commit: the caller sees to that


_KNOWN = Counted()


class Writes:
    """Questions about writes; answers are kept by function and depth."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[Any, ...], tuple[Write, ...]] = world.answers()

    def of(self, frame: Frame, depth: int, counted: Counted = _KNOWN) -> tuple[Write, ...]:
        """The writes of a function, through at most ``depth`` calls."""
        key = (frame.key, depth, counted)
        found = self._known.get(key)
        if found is None:
            found = settle(self._known, key, (), lambda: tuple(self._find(frame, depth, counted)))
        return found

    def _find(self, frame: Frame, depth: int, counted: Counted) -> Iterator[Write]:
        scope = frame.scope
        for index, row in enumerate(scope.calls):
            if row[Call.FLAGS] & (ANNOTATION | DECORATOR) or in_handler(scope, row[Call.BLOCK], 0):
                continue
            gap = _fills_gap(scope, row[Call.BLOCK], row[Call.ORDER])
            hop = hop_of(frame.path, row, scope)
            for callee in members(self.world.evaluator.callee(index, frame)):
                if callee.kind == "lib":
                    model = self._written(callee, row, frame)
                    if model:
                        keywords = tuple(_columns(row, scope))
                        method = callee.name.rpartition(".")[2]
                        yield Write(hop.label, method, model, keywords, (hop,), (), gap)
                    elif counted.stated and (said := self._stated(callee, row, frame)) is not None:
                        model, gap = f"{TABLE}{said.table}", gap or said.fills_gap
                        yield Write(hop.label, said.method, model, said.columns, (hop,), (), gap)
                elif callee.kind == "func" and depth:
                    yield from self._below(callee, row, frame, depth, hop, gap, counted)
        yield from self._set(frame, counted.flushed)

    def _set(self, frame: Frame, flushed: bool) -> Iterator[Write]:
        """The columns set on queried rows before a commit, or before a function that commits gets the row."""
        scope = frame.scope
        for row, model in set_on_rows(self.world, frame) if scope.stores else ():
            block, order, attr = row[Store.BLOCK], row[Store.ORDER], row[Store.ATTR]
            is_written = (flushed and self.world.models.orm_of(model) == "sqlalchemy") or any(
                order < call[Call.ORDER] and writes_out(self.world, index, frame, row[Store.VALUE])
                for index, call in enumerate(scope.calls)
            )
            if not is_written or in_handler(scope, block, 0):
                continue
            place = (row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN])
            label = f"{describe(['a', row[Store.VALUE], attr, None], scope)} ="
            gap = _fills_gap(scope, block, order)
            yield Write(label, "commit", model, (attr,), (Hop(frame.path, *place, label),), (), gap)

    def _below(
        self,
        callee: Type,
        row: list[Any],
        frame: Frame,
        depth: int,
        hop: Hop,
        gap: bool,
        counted: Counted,
    ) -> Iterator[Write]:
        scope = self.world.function(callee.name)
        if scope is None or scope.is_generator:
            return
        evaluator = self.world.evaluator
        bindings = dict(evaluator.bindings(callee, row, frame))
        if callee.args and callee.args[0] is not None and scope.params:
            bindings.setdefault(scope.params[0][Param.NAME], callee.args[0])
        path = callee.name.rpartition(":")[0]
        inner = evaluator.frame(path, scope.index, tuple(bindings.items()), FUEL - 2)
        for write in self.of(inner, depth - 1, counted):
            yield write._replace(
                hops=(hop, *write.hops),
                functions=(scope.name, *write.functions),
                fills_gap=gap or write.fills_gap,
            )

    def _written(self, callee: Type, row: list[Any], frame: Frame) -> str:
        """The model that a library call writes to; empty when it writes none, or none that is known."""
        receiver = callee.args[0] if callee.args else None
        cls, _, method = callee.name.rpartition(".")
        if receiver is None:
            return ""
        if self.world.api.accesses.is_connection(receiver):
            return self._sent(method, row, frame)
        signature = self.world.evaluator.library.member(cls, method)
        if signature is None or "W" not in signature.effects:
            return ""
        return next((m for m in self.world.api.accesses.models_in(receiver) if is_project(m)), "")

    def _stated(self, callee: Type, row: list[Any], frame: Frame) -> Change | None:
        """What a statement changes that a connection of a library is given as text."""
        if callee.name.rpartition(".")[2] not in STATEMENTS or not row[Call.ARGS] or not callee.args:
            return None
        return change(self.world.taint.statements.statement(row[Call.ARGS][0], frame))

    def _sent(self, method: str, row: list[Any], frame: Frame) -> str:
        """The model of what is given to a session or connection to be written."""
        values = self.world.evaluator.arguments(row, frame)
        if method not in WRITES:
            kinds = {m.name for value in values[:1] for m in members(value)}
            if not kinds or not kinds <= WRITE_STATEMENTS:
                return ""
        models = (m for value in values[:1] for m in self.world.api.accesses.models_in(value))
        return next((m for m in models if is_project(m)), "")


def _columns(row: list[Any], scope: Scope) -> Iterator[str]:
    """The columns that a write names: keywords, their ``update_fields``, a dict, ``values``."""
    for key, expr in row[Call.KEYWORDS]:
        if key == "update_fields" and expr is not None and expr[0] in ("l", "t", "e"):
            yield from (str(item[1]) for item in expr[1] if item is not None and item[0] == "k")
        elif key:
            yield key
    for argument in row[Call.ARGS]:
        if argument is not None and argument[0] == "d":
            keys = [key for key, _ in argument[1] if key is not None and key[0] in "kna"]
            yield from (last_word(key) or str(key[1]) for key in keys)
        else:
            yield from _values(argument, scope, 8)


def _values(expr: Expr, scope: Scope, depth: int) -> Iterator[str]:
    """The columns that the ``values`` in a chain of calls name."""
    if expr is None or depth == 0:
        return
    if expr[0] == "n":
        rows = scope.binds.get(expr[1])
        yield from _values(rows[-1][Bind.EXPR] if rows else None, scope, depth - 1)
    elif expr[0] == "a":
        yield from _values(expr[1], scope, depth - 1)
    elif expr[0] == "c":
        row = scope.calls[expr[1]]
        if last_word(row[Call.FUNC]) == "values":
            yield from (key for key, _ in row[Call.KEYWORDS] if key)
        yield from _values(row[Call.FUNC], scope, depth - 1)


def _fills_gap(scope: Scope, block: int, order: int) -> bool:
    """Whether a place is reached only where something was missing: ``if not x``, after ``if x: return``."""
    around = scope.ancestors(block)
    for index in around:
        row = scope.blocks[index]
        if row[Block.KIND] == "if" and _is_absence(row[Block.EXPR]):
            return True
        if row[Block.KIND] == "else" and _is_presence(row[Block.EXPR]):
            return True
    return any(
        row[Block.KIND] == "if"
        and row[Block.EXIT] == "return"
        and row[Block.PARENT] in around
        and row[Block.LAST] < order
        and _is_presence(row[Block.EXPR])
        for row in scope.blocks
    )


def _is_absence(test: Expr) -> bool:
    if test is None or test[0] != "m":
        return False
    if test[1] == "and":
        return _is_absence(test[2]) or _is_absence(test[3])
    return test[1] == "not" or (test[1] in ("is", "==") and ["k", None] in test[2:4])


def _is_presence(test: Expr) -> bool:
    if test is None:
        return False
    return test[0] in ("n", "a", "c", "w") or (test[0] == "m" and test[1] in ("is not", "!=", "in"))

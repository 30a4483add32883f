"""Whole tables that a handler reads with a statement in SQL and answers with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.knowledge.paging import SMALL
from archlint.model.summary import Bind, Block, Call, Expr, Scope, Test
from archlint.project.identifiers import word_list
from archlint.project.taint.pieces import pieces_of
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_SELECT = re.compile(r"(?is)^\s*select\s+(.*?)\s+from\s+[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)(.*)$")
#: What makes fewer rows of a table.
_FEWER = re.compile(
    r"(?i)\b(?:where|limit|fetch|top|group\s+by|distinct|having|union|offset|join|rownum)\b"
    r"|\b(?:count|sum|avg|min|max|exists)\s*\("
)
#: Columns that say that rows come about in the course of time.
_GROWS = re.compile(r"(?i)\b\w+_(?:at|on|time|date)\b|\b(?:created|updated|timestamp|date|\w+_id)\b")
_FETCHES = frozenset(("fetch", "fetch_all", "fetchall", "all"))
_EXECUTES = frozenset(("execute", "exec_driver_sql"))
_VIEWS = frozenset(("mappings", "tuples", "unique"))
#: Calls that say something about rows, and do not show them.
_TELLS = frozenset(("len", "sum", "min", "max", "any", "all", "bool", "set", "next", "debug", "info"))
_DEEP = 2


def whole_table(world: World, frame: Frame, depth: int = _DEEP) -> str:
    """The table all of whose rows a function returns; empty when it is not certain that it does."""
    for index, row in enumerate(frame.scope.calls):
        is_fetch = last_word(row[Call.FUNC]) in _FETCHES
        if not (is_fetch or depth) or not _Way(frame.scope, index).is_returned():
            continue
        table = _fetched(row, frame, world) if is_fetch else ""
        table = table or (_below(world, index, frame, depth) if depth else "")
        if table:
            return table
    return ""


def _below(world: World, index: int, frame: Frame, depth: int) -> str:
    callee = world.evaluator.callee(index, frame)
    scope = world.function(callee.name) if callee is not None and callee.kind == "func" else None
    if callee is None or scope is None or not scope.returns or scope.is_generator:
        return ""
    return whole_table(world, world.evaluator.frame(callee.name.rpartition(":")[0], scope.index), depth - 1)


def _fetched(row: list[Any], frame: Frame, world: World) -> str:
    """The table whose rows a call fetches by a statement that is written down."""
    func = row[Call.FUNC]
    if func is None or func[0] != "a":
        return ""
    if row[Call.ARGS]:  # connection.fetch("SELECT …")
        return _table(row, frame, world) if func[2] != "all" else ""
    base = _unwrapped(func[1])
    while base is not None and base[0] == "c":  # session.execute(…).mappings().all()
        made = frame.scope.calls[base[1]]
        if last_word(made[Call.FUNC]) in _EXECUTES:
            return _table(made, frame, world)
        is_view = last_word(made[Call.FUNC]) in _VIEWS and made[Call.FUNC][0] == "a"
        base = _unwrapped(made[Call.FUNC][1]) if is_view else None
    if base is None or base[0] != "n":
        return ""
    return _kept(base, row, frame, world)


def _kept(name: Expr, row: list[Any], frame: Frame, world: World) -> str:
    """The same for a cursor, or the result of a statement, that a name holds."""
    ran = [
        other
        for other in frame.scope.calls
        if other[Call.FUNC] is not None
        and other[Call.FUNC][:2] == ["a", name]
        and other[Call.FUNC][2] in _EXECUTES
        and other[Call.ORDER] < row[Call.ORDER]
    ]
    if ran:
        return _table(ran[0], frame, world) if len(ran) == 1 else ""
    rows = frame.scope.binds.get(name[1], ())
    made = _unwrapped(rows[0][Bind.EXPR]) if len(rows) == 1 else None
    call = frame.scope.calls[made[1]] if made is not None and made[0] == "c" else None
    return _table(call, frame, world) if call is not None and last_word(call[Call.FUNC]) in _EXECUTES else ""


def _unwrapped(expr: Expr) -> Expr:
    return expr[1] if expr is not None and expr[0] == "w" else expr


def _table(row: list[Any], frame: Frame, world: World) -> str:
    """The table all of whose rows a statement selects, if they come about in the course of time."""
    if len(row[Call.ARGS]) != 1:
        return ""
    texts = []
    for piece in pieces_of(row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER]):
        constant = (
            world.values.of(piece.expr, frame, piece.block, piece.order) if piece.text is None else None
        )
        texts.append(piece.text if constant is None else constant.value)
    if not all(isinstance(text, str) for text in texts):
        return ""
    found = _SELECT.match("".join(map(str, texts)))
    if found is None or _FEWER.search(found[0]) or not _GROWS.search(found[0]):
        return ""
    noun = (word_list(found[2]) or [""])[-1]
    return "" if noun in SMALL or noun.removesuffix("s") in SMALL else found[2]


class _Way:
    """Whether a function returns what a call gives, row by row perhaps."""

    def __init__(self, scope: Scope, index: int) -> None:
        self.scope = scope
        self.index = index
        self.names: set[str] = set()
        for _ in range(3):
            for name, rows in scope.binds.items():
                if any(self._carries(row[Bind.EXPR]) for row in rows):
                    self.names.add(name)

    def is_returned(self) -> bool:
        """Whether some value that is returned shows the rows."""
        return any(self._carries(row[0]) for row in self.scope.returns)

    def _carries(self, expr: Expr) -> bool:
        if expr is None:
            return False
        tag = expr[0]
        if tag == "c":
            return expr[1] == self.index or self._is_handed_on(expr[1])
        if tag == "n":
            return expr[1] in self.names
        if tag == "p":
            return self._runs_over(expr[3])
        if tag == "d":
            return any(self._carries(value) for _, value in expr[1])
        if tag in ("w", "*"):
            return self._carries(expr[1])
        return tag in ("l", "t") and any(self._carries(item) for item in expr[1])

    def _is_handed_on(self, index: int) -> bool:
        row = self.scope.calls[index]
        if last_word(row[Call.FUNC]) in _TELLS:
            return False
        return any(self._carries(expr) for expr in arguments_of(row))

    def _runs_over(self, block: int) -> bool:
        """Whether a comprehension without a condition runs over the rows."""
        blocks = self.scope.blocks
        kind = blocks[block][Block.KIND] if block >= 0 else ""
        is_chosen = any(test[Test.BLOCK] == block for test in self.scope.tests)
        return kind in ("comp", "acomp") and not is_chosen and self._carries(blocks[block][Block.EXPR])

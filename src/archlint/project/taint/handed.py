"""Functions that are not called where they are named: threads, background tasks, queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.model.summary import Call, Expr, Scope
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.taint.callers import Caller
from archlint.project.taint.origins import MAX_CALLS, MAX_FILES
from archlint.project.types import Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.taint.flow import Flow

#: Calls that give what the function gives.
_THREADS = frozenset(("to_thread", "run_in_threadpool", "run_in_executor", "run_sync"))
_WRAPPERS = frozenset(("sync_to_async", "async_to_sync", "database_sync_to_async", "asyncify", "syncify"))


class Handed:
    """Questions about calls that hand a function on, with the arguments it will get."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def forward(self, index: int, row: list[Any], frame: Frame) -> tuple[Type, list[Any]] | None:
        """The function whose result a call gives in the end, and the call that would give it directly."""
        callee = row[Call.FUNC]
        word = called_word(callee, frame)
        if word in _THREADS:
            position = known.HANDS_OVER[word]
            if len(row[Call.ARGS]) > position:
                func = self._function(row[Call.ARGS][position], row, frame)
                return (func, _direct(row, position)) if func is not None else None
        if callee is not None and callee[0] == "c":
            inner = frame.scope.calls[callee[1]]
            if called_word(inner[Call.FUNC], frame) in _WRAPPERS and inner[Call.ARGS]:
                func = self._function(inner[Call.ARGS][0], inner, frame)
                return (func, row) if func is not None else None
        return None

    def _function(self, expr: Expr, row: list[Any], frame: Frame) -> Type | None:
        value = self.flow.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return next((m for m in members(value) if m.kind == "func"), None)

    def callers(self, path: str, scope: Scope) -> Iterator[Caller]:
        """Calls that lead to a function later or elsewhere."""
        word = scope.name
        if scope.kind != "function" or word.startswith("__") or len(word) < 3:
            return
        world = self.flow.world
        paths = world.mentioning(word)
        if len(paths) > MAX_FILES:
            return
        target, count = f"{path}:{scope.index}", 0
        for name in paths:
            spellings = world.calls.spellings(name, word)
            for caller, index, row in world.calls.handing(name, word):
                if count >= MAX_CALLS:
                    return
                frame = world.evaluator.frame(name, caller.index)
                found = self._handed(spellings, row, frame)
                if found is None:
                    continue
                expr, direct = found
                func = self._function(expr, row, frame)
                if func is not None and func.name == target:
                    count += 1
                    yield Caller(name, caller.index, index, func, direct)

    def _handed(self, words: frozenset[str], row: list[Any], frame: Frame) -> tuple[Expr, list[Any]] | None:
        """The expression of a function that a call hands on, and the call that it will be."""
        callee = row[Call.FUNC]
        if callee is None:
            return None
        if callee[0] == "a" and last_word(callee[1]) in words:
            if callee[2] in known.TASK_CALLS:
                return callee[1], row
            if callee[2] in known.TASK_APPLIES:
                return callee[1], _applied(row)
        position = known.HANDS_OVER.get(called_word(callee, frame), -1)
        args = row[Call.ARGS]
        if 0 <= position < len(args) and last_word(args[position]) in words:
            return args[position], _direct(row, position)
        return None


def _direct(row: list[Any], position: int) -> list[Any]:
    """A call with the arguments behind the function alone."""
    direct = list(row)
    direct[Call.ARGS] = row[Call.ARGS][position + 1 :]
    return direct


def _applied(row: list[Any]) -> list[Any]:
    """``apply_async((a, b), {"c": d})`` as the call ``(a, b, c=d)``."""
    given = {k: v for k, v in row[Call.KEYWORDS] if k in ("args", "kwargs")}
    if row[Call.ARGS]:
        given.setdefault("args", row[Call.ARGS][0])
    if len(row[Call.ARGS]) > 1:
        given.setdefault("kwargs", row[Call.ARGS][1])
    args, kwargs = given.get("args"), given.get("kwargs")
    direct = list(row)
    direct[Call.ARGS] = args[1] if args is not None and args[0] in ("t", "l") else []
    pairs = kwargs[1] if kwargs is not None and kwargs[0] == "d" else []
    direct[Call.KEYWORDS] = [[k[1], v] for k, v in pairs if k is not None and k[0] == "k"]
    return direct

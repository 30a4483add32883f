"""Coroutines that nobody awaits, with what is done to them instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.tasks import (
    ASKING_METHODS,
    ASKS_VALUE,
    COROUTINE_ATTRIBUTES,
    ENCODES,
    LOG_METHODS,
    PLAIN_CALLERS,
    SHOWS_VALUE,
)
from archlint.model.summary import Call, Expr
from archlint.project.asynchrony.coroutines import calls_coroutine, gives_coroutine
from archlint.project.asynchrony.plain import returns_plain_items, returns_result, sends_result, takes_plain
from archlint.project.effects import describe
from archlint.project.types import members
from archlint.project.uses import Use, asked, call_of, loads, node_of, uses
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File

_PLAIN_WORDS = frozenset(name.rpartition(".")[2] for name in PLAIN_CALLERS)
_ENCODING_WORDS = frozenset(name.rpartition(".")[2] for name in ENCODES)
_ASKING_WORDS = frozenset(name.rpartition(".")[2] for name in ASKING_METHODS)


class Unawaited(NamedTuple):
    """A call that gives a coroutine which is never awaited; ``use`` is what is asked of it."""

    row: list[Any]
    use: Use


def unawaited(file: File, frame: Frame) -> Iterator[Unawaited]:
    """The coroutines of one scope that are never awaited."""
    for use in uses(frame.scope):
        if _is_own(use) or not calls_coroutine(file.world, use.call, frame) or _is_meant(file, frame, use):
            continue
        row = frame.scope.calls[use.call]
        found: Use | None = use
        if use.kind == "bound":
            found = _of_name(file, frame, row)
        elif _is_handed_on(file, frame, use):
            continue
        if found is not None:
            yield Unawaited(row, found)


class Handed(NamedTuple):
    """A call that runs a coroutine function as a plain one; ``name`` is how that is written."""

    row: list[Any]
    name: str


def handed_as_plain(file: File, frame: Frame) -> Iterator[Handed]:
    """The calls of one scope that are given a coroutine function and drop the coroutine it gives."""
    evaluator = file.world.evaluator
    for index, row in enumerate(frame.scope.calls):
        if original_word(row[Call.FUNC], frame) not in _PLAIN_WORDS:
            continue
        given = _callback(file, index, row, frame)
        if given is None or given[0] not in ("n", "a"):
            continue
        found = members(evaluator.eval(given, frame, row[Call.BLOCK], row[Call.ORDER]))
        if found and all(value.kind == "func" and gives_coroutine(file.world, value) for value in found):
            yield Handed(row, describe(given, frame.scope))


def _callback(file: File, index: int, row: list[Any], frame: Frame) -> Expr:
    """The function that a call is given to run as a plain one."""
    library = file.world.evaluator.library
    for callee in members(file.world.evaluator.callee(index, frame)):
        cls, _, method = callee.name.rpartition(".")
        names = [f"{base}.{method}" for base in library.mro(cls)] if callee.args else [callee.name]
        for name in names:
            if name in PLAIN_CALLERS:
                position, keyword = PLAIN_CALLERS[name]
                args = row[Call.ARGS]
                named = next((expr for key, expr in row[Call.KEYWORDS] if key == keyword), None)
                return args[position] if position < len(args) else named
    return None


def _is_own(use: Use) -> bool:
    """Whether something is asked that a coroutine, or another awaitable, answers itself: ``__await__``."""
    return use.kind == "read" and (use.detail in COROUTINE_ATTRIBUTES or use.detail[:2] == "__")


def _is_meant(file: File, frame: Frame, use: Use) -> bool:
    """Whether a function may well return a coroutine on purpose, by itself or in a collection."""
    if use.kind == "returned":
        return not returns_result(file.world, frame)
    if use.kind == "listed":
        return not (returns_plain_items(file.world, frame) or sends_result(file.world, frame))
    return use.kind == "inside" and not sends_result(file.world, frame)


def _is_handed_on(file: File, frame: Frame, use: Use) -> bool:
    """Whether a coroutine goes into a call that may await it."""
    if use.kind == "given":
        return not _asks(file, frame, int(use.detail), ["c", use.call])
    return use.kind == "held" and not _encodes(file, frame, int(use.detail))


def _asks(file: File, frame: Frame, taker: int, given: Expr) -> bool:
    """Whether a call that is given a coroutine takes it for its result."""
    row = frame.scope.calls[taker]
    func = row[Call.FUNC]
    word = last_word(func)
    if func is None:
        return False
    if func[0] == "n" and word in ASKS_VALUE | SHOWS_VALUE:
        return word not in frame.scope.binds
    if _encodes(file, frame, taker):
        return given in row[Call.ARGS][:1] or any(expr == given for _, expr in row[Call.KEYWORDS])
    callees = members(file.world.evaluator.callee(taker, frame))
    if word in _ASKING_WORDS:
        return bool(callees) and all(callee.name in ASKING_METHODS for callee in callees)
    return takes_plain(file.world, callees, row, given)


def _encodes(file: File, frame: Frame, taker: int) -> bool:
    """Whether a call writes what it is given as text, with all that is in it."""
    if original_word(frame.scope.calls[taker][Call.FUNC], frame) not in _ENCODING_WORDS:
        return False
    callees = members(file.world.evaluator.callee(taker, frame))
    return bool(callees) and all(callee.name in ENCODES for callee in callees)


def _of_name(file: File, frame: Frame, row: list[Any]) -> Use | None:
    """What is asked of a coroutine under the name it is assigned to; None when the name is handed on."""
    node = node_of(file.index, row)
    found = loads(file.index, node) if node is not None else None
    if found is None:
        return None
    first: Use | None = None
    for name in found:
        use = asked(file.index, name)
        if use is None or _is_own(use) or _is_meant(file, frame, use):
            return None
        if use.kind == "given" and not _is_asking_word(use.detail) and not _asked_by_call(file, frame, name):
            return None
        first = first or use
    return first or Use(-1, "unused")


def _is_asking_word(word: str) -> bool:
    return word in ASKS_VALUE | SHOWS_VALUE or word[1:] in LOG_METHODS


def _asked_by_call(file: File, frame: Frame, name: ast.Name) -> bool:
    """Whether the call that a name is given to takes the coroutine under it for its result."""
    node = file.index.enclosing(name, (ast.Call,))
    taker = call_of(frame.scope, node) if isinstance(node, ast.Call) else None
    return taker is not None and _asks(file, frame, taker, ["n", name.id])

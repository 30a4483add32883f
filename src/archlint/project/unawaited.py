"""Coroutines that nobody awaits, with what is done to them instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.tasks import ASKS_VALUE, COROUTINE_ATTRIBUTES, LOG_METHODS, SHOWS_VALUE
from archlint.model.summary import Call
from archlint.project.coroutines import calls_coroutine
from archlint.project.uses import Use, asked, loads, node_of, uses
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File


class Unawaited(NamedTuple):
    """A call that gives a coroutine which is never awaited; ``use`` is what is asked of it."""

    row: list[Any]
    use: Use


def unawaited(file: File, frame: Frame) -> Iterator[Unawaited]:
    """The coroutines of one scope that are never awaited."""
    for use in uses(frame.scope):
        row = frame.scope.calls[use.call]
        if use.kind == "given" and not _asks(frame, use):
            continue
        if _is_own(use):
            continue
        if not calls_coroutine(file.world, use.call, frame):
            continue
        found: Use | None = use
        if use.kind == "bound":
            found = _of_name(file, row)
        if found is not None:
            yield Unawaited(row, found)


def _is_own(use: Use) -> bool:
    """Whether something is asked that a coroutine, or another awaitable, answers itself: ``__await__``."""
    return use.kind == "read" and (use.detail in COROUTINE_ATTRIBUTES or use.detail[:2] == "__")


def _asks(frame: Frame, use: Use) -> bool:
    """Whether a call that is given a coroutine asks it for its items, its truth or its text."""
    func = frame.scope.calls[int(use.detail)][Call.FUNC]
    word = last_word(func)
    if func is None or func[0] != "n" or word not in ASKS_VALUE | SHOWS_VALUE:
        return False
    return word not in frame.scope.binds


def _of_name(file: File, row: list[Any]) -> Use | None:
    """What is asked of a coroutine under the name it is assigned to; None when the name is handed on."""
    node = node_of(file.index, row)
    found = loads(file.index, node) if node is not None else None
    if found is None:
        return None
    first: Use | None = None
    for name in found:
        use = asked(file.index, name)
        if use is None or _is_own(use):
            return None
        if use.kind == "given" and not _is_asking_word(use.detail):
            return None
        first = first or use
    return first or Use(-1, "unused")


def _is_asking_word(word: str) -> bool:
    return word in ASKS_VALUE | SHOWS_VALUE or word[1:] in LOG_METHODS

"""Calls that start an event loop where one is running already, directly or through plain functions.

The functions that start a loop are few, so they are found first, and their callers after them by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.tasks import MAKES_LOOP_RUNNER, RUNS_LOOP
from archlint.model.summary import ANNOTATION, DECORATOR, Block, Call, Scope
from archlint.project.effects import Hop, hop_of
from archlint.project.ledger import concluded
from archlint.project.types import Type, members
from archlint.project.words import CALLS, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Plain functions followed between the coroutine function and the loop that is started.
_MAX_HOPS = 3
#: A name that more files than this call is too common to be searched for.
_MAX_FILES = 40
_WORDS = ("run", "run_until_complete", "run_forever", MAKES_LOOP_RUNNER.rpartition(".")[2])
#: Whoever asks these knows that a loop may be running.
_ASKS_LOOP = frozenset(("get_running_loop", "_get_running_loop", "is_running", "current_async_library"))

Place = tuple[str, int, int]


class OwnLoops:
    """Answers which calls of coroutine functions end in a loop of their own."""

    def __init__(self, world: World) -> None:
        self.world = world

    def chain(self, path: str, scope: int, call: int) -> tuple[Hop, ...] | None:
        """The hops from a call in a coroutine function to the start of a loop; None when there is none."""
        return self._found.get((path, scope, call))

    @concluded
    def _found(self) -> dict[Place, tuple[Hop, ...]]:
        return {} if self._is_patched() else dict(self._search())

    def _is_patched(self) -> bool:
        """Whether the project imports what lets loops run inside each other."""
        return any(
            expr is not None and expr[0] == "im" and expr[1] == "nest_asyncio"
            for path in self.world.mentioning("nest_asyncio")
            for scope in self.world.summary(path).scopes
            for rows in scope.binds.values()
            for _, _, expr, *_ in rows
        )

    def _search(self) -> Iterator[tuple[Place, tuple[Hop, ...]]]:
        starters: dict[str, tuple[Hop, ...]] = {}
        for word in _WORDS:
            for path, scope, index in self._places(word):
                frame = self.world.evaluator.frame(path, scope.index)
                if self._starts(index, frame) and not _is_guarded(scope, index):
                    if scope.is_async:
                        yield (path, scope.index, index), ()
                    elif _is_certain(scope, index) and scope.kind == "function" and not scope.is_generator:
                        starters.setdefault(
                            f"{path}:{scope.index}", (hop_of(path, scope.calls[index], scope),)
                        )
        for _ in range(_MAX_HOPS):
            reached: dict[str, tuple[Hop, ...]] = {}
            for key in sorted(starters):
                yield from self._callers(key, starters[key], starters, reached)
            starters = reached

    def _starts(self, index: int, frame: Frame) -> bool:
        row = frame.scope.calls[index]
        found = members(self.world.evaluator.callee(index, frame))
        if found and all(callee.kind == "lib" and callee.name in RUNS_LOOP for callee in found):
            return True
        func = row[Call.FUNC]
        if func is None or func[0] != "c":
            return False
        made = self.world.evaluator.callee(func[1], frame)
        return made is not None and made.kind == "lib" and made.name == MAKES_LOOP_RUNNER

    def _callers(
        self,
        key: str,
        hops: tuple[Hop, ...],
        known: dict[str, tuple[Hop, ...]],
        reached: dict[str, tuple[Hop, ...]],
    ) -> Iterator[tuple[Place, tuple[Hop, ...]]]:
        function = self.world.function(key)
        if function is None:
            return
        word = function.name
        if word == "__init__":
            owner = self.world.summary(key.rpartition(":")[0]).scopes[function.parent]
            word = owner.name
        if word[:2] == "__":
            return
        for path, scope, index in self._places(word):
            frame = self.world.evaluator.frame(path, scope.index)
            found = members(self.world.evaluator.callee(index, frame))
            if (
                not found
                or not all(self._key(callee) == key for callee in found)
                or _is_guarded(scope, index)
            ):
                continue
            if scope.is_async:
                yield (path, scope.index, index), hops
            elif _is_certain(scope, index) and not scope.is_generator:
                own = f"{path}:{scope.index}"
                if own not in known:
                    reached.setdefault(own, (hop_of(path, scope.calls[index], scope), *hops))

    def _key(self, callee: Type) -> str:
        if callee.kind != "class":
            return callee.name if callee.kind == "func" else ""
        method = self.world.classes.method(callee.name, "__init__")
        return f"{method[0]}:{method[1].index}" if method is not None else ""

    def _places(self, word: str) -> Iterator[tuple[str, Scope, int]]:
        """The calls of a name, by itself or as it was imported, outside decorators, in functions."""
        words = self.world.words
        paths = sorted({*words.files(CALLS, word), *words.files(IMPORTS, word)})
        if word not in _WORDS and len(paths) > _MAX_FILES:
            return
        for path in paths:
            summary = self.world.summary(path)
            names = {word, *(new for new, old in summary.renamed.items() if old == word)}
            for scope in summary.scopes:
                if scope.kind != "function":
                    continue
                for index, row in enumerate(scope.calls):
                    func = row[Call.FUNC]
                    if func is not None and func[0] == "c" and word == _WORDS[-1]:
                        func = scope.calls[func[1]][Call.FUNC]
                    if last_word(func) in names and not row[Call.FLAGS] & (ANNOTATION | DECORATOR):
                        yield path, scope, index


def _is_certain(scope: Scope, index: int) -> bool:
    """Whether a function makes a call whatever it is given: a condition may be there to avoid it."""
    block = scope.calls[index][Call.BLOCK]
    return not any(scope.blocks[b][Block.KIND] in ("if", "else", "case") for b in scope.ancestors(block))


def _is_guarded(scope: Scope, index: int) -> bool:
    """Whether a call is made only where no loop runs: its function asks, or an error said so."""
    if any(last_word(row[Call.FUNC]) in _ASKS_LOOP for row in scope.calls):
        return True
    block = scope.calls[index][Call.BLOCK]
    kinds = [scope.blocks[b][Block.KIND] for b in scope.ancestors(block)]
    return "except" in kinds or ("try" in kinds and _survives(scope, block))


def _survives(scope: Scope, block: int) -> bool:
    """Whether the ``RuntimeError`` of a nested loop is caught around a block."""
    tries = [b for b in scope.ancestors(block) if scope.blocks[b][Block.KIND] == "try"]
    return any(last_word(row[Block.EXPR]) == "RuntimeError" for b in tries for row in scope.handlers(b))

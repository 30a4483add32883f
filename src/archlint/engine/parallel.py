"""Many files in several processes; the result never depends on how many."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archlint import RECURSION_LIMIT
from archlint.engine.dispatch import failure
from archlint.engine.linter import Linter, Options, Outcome

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from types import FrameType

    from archlint.engine.discovery import Target

Work = tuple[int, "Target"]

_CHUNKS_PER_JOB = 8
_LARGEST_CHUNK = 64

_linter: Linter | None = None


def outcomes(
    options: Options, work: Sequence[Work], jobs: int, context: BaseContext | None = None
) -> Iterator[tuple[int, Outcome]]:
    """The outcome of every file with its index, in any order."""
    # Neighbours share imports: a chunk of them asks for fewer summaries than a random draw.
    size = min(_LARGEST_CHUNK, max(1, len(work) // (jobs * _CHUNKS_PER_JOB)))
    chunks = [work[start : start + size] for start in range(0, len(work), size)]
    done: set[int] = set()
    pool = _pool(options, min(jobs, len(chunks)), context)
    interrupts = _Interrupts()
    try:
        futures = [pool.submit(_check_chunk, chunk) for chunk in chunks]
        for future in as_completed(futures):
            for index, outcome in future.result():
                done.add(index)
                yield index, outcome
    except BrokenProcessPool:
        if interrupts.seen:
            raise KeyboardInterrupt from None
        yield from _one_by_one(options, [item for item in work if item[0] not in done], context)
    finally:
        interrupts.release()
        pool.shutdown(wait=True, cancel_futures=True)


class _Interrupts:
    """Whether Ctrl-C was pressed: it ends the workers too, and Python loses it inside of a finaliser."""

    def __init__(self) -> None:
        self.seen = False
        self._before: Any = None
        with suppress(ValueError):  # not the main thread, which alone gets signals
            self._before = signal.signal(signal.SIGINT, self._note)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self.seen = True
        raise KeyboardInterrupt

    def release(self) -> None:
        """Give Ctrl-C back to whom it belonged."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


def _one_by_one(
    options: Options, work: Sequence[Work], context: BaseContext | None
) -> Iterator[tuple[int, Outcome]]:
    """After a worker died: every file in a process that may die alone, so that only one is lost."""
    pool = _pool(options, 1, context)
    try:
        for item in work:
            try:
                yield from pool.submit(_check_chunk, [item]).result()
            except BrokenProcessPool as error:
                index, target = item
                yield index, Outcome((failure("A process of archlint", target.display, error),))
                pool = _pool(options, 1, context)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(options: Options, jobs: int, context: BaseContext | None) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        jobs,
        mp_context=context or multiprocessing.get_context(),
        initializer=_start,
        initargs=(options,),
    )


def _start(options: Options) -> None:
    """Prepare a worker: at Ctrl-C it goes without a word, the parent says what is to be said."""
    gc.disable()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    global _linter  # noqa: PLW0603 - a worker has no other place to keep what its files share
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _linter = Linter(options)


def _check_chunk(chunk: Sequence[Work]) -> list[tuple[int, Outcome]]:
    linter = _linter
    if linter is None:
        raise RuntimeError("the worker was not started by archlint")
    found = [(index, linter.check(target)) for index, target in chunk]
    linter.flush()
    return found

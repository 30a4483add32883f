"""A line on standard error that says how far a long run has come; only for people."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

_PATIENCE = 0.6
_INTERVAL = 0.1


class Progress:
    """Shows ``123/4000 files`` once a run takes longer than one waits without wondering."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, done: int, total: int) -> None:
        """Say how many files are done."""
        now = time.monotonic()
        if self._enabled and now >= self._next:
            self._next, self._shown = now + _INTERVAL, True
            sys.stderr.write(f"\r\x1b[K{done}/{total} files")
            sys.stderr.flush()

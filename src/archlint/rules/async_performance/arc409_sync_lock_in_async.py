"""A lock of threads held across `await` stops the event loop, and with it the task that holds the lock.

## What it does

Reports `with lock:` in a coroutine function where the lock is one of `threading` or `multiprocessing` (`Lock`, `RLock`,
`Semaphore`, `Condition` and kin) and the body awaits something. The lock's type is followed through module globals,
attributes of `self`, factories and parameters, also across files.

## Why is this bad?

While the body waits, another task may come to the same lock. It does not wait as a task would: it stops the whole
thread. The holder runs on that thread, so it never gets to release the lock, and the process hangs. An `RLock` is
no way out: it belongs to the thread, so every task of that thread is let in, and nothing is protected.

## How to fix

Use the lock that waits as a task does:

```python
lock = asyncio.Lock()            # instead of threading.Lock()

async def refresh() -> None:
    async with lock:
        cache.update(await fetch())
```

Where threads share the data as well, await first and hold the lock for the assignment alone.

## Not reported

* Bodies without `await`, `async for`, `async with` or `yield`: a lock held for a moment is right.
* Locks whose type is not known; locks of files (`filelock`), which other processes hold.
* `lock.acquire()` on its own: ARC401 reports it as blocking.
* Tests.
* flake8-async and ruff have no such check.

## References

* [asyncio: synchronization primitives](https://docs.python.org/3/library/asyncio-sync.html)
* [asyncio: concurrency and multithreading](https://docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.blocks import asyncio_lock
from archlint.project.types import members

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield)


class SyncLockInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = (
        "`with {lock}` holds a lock of threads across `await`: {effect}; use `asyncio.Lock` with `async with`"
    )
    answers = ("area E", "area I", "dimension 4", "checklist 8")

    invalid = (
        Case(
            "import threading\n\n"
            "lock = threading.Lock()\n\n\n"
            "async def refresh(client, cache):\n"
            "    with lock:  # ARC409\n"
            "        cache.update(await client.fetch())\n",
            fixed=(
                "import asyncio\n"
                "import threading\n"
                "\n"
                "lock = asyncio.Lock()\n"
                "\n"
                "\n"
                "async def refresh(client, cache):\n"
                "    async with lock:  # ARC409\n"
                "        cache.update(await client.fetch())\n"
            ),
            title="module lock",
        ),
        Case(
            {
                "state.py": "from threading import RLock\n\n\n"
                "class State:\n    def __init__(self):\n        self._lock = RLock()\n",
                "app.py": "from state import State\n\n\n"
                "class Session(State):\n"
                "    async def save(self, rows):\n"
                "        with self._lock:  # ARC409\n"
                "            async for row in rows:\n"
                "                self.last = row\n",
            },
            title="inherited attribute, a lock that lets every task in",
        ),
        Case(
            "import multiprocessing\nimport threading\n\n\n"
            "async def write(path, other):\n"
            "    guard = multiprocessing.Lock()\n"
            "    with guard, open(path) as stream:  # ARC409\n"
            "        async with other:\n"
            "            return stream.read()\n\n\n"
            "async def stream(rows, slots: threading.BoundedSemaphore):\n"
            "    with slots:  # ARC409\n"
            "        for row in rows:\n"
            "            yield row\n",
            title="processes, semaphores, a generator that stops in the middle",
        ),
    )
    valid = (
        Case(
            "import asyncio\nimport threading\n\n"
            "lock = asyncio.Lock()\nguard = threading.Lock()\n\n\n"
            "async def refresh(client, cache):\n"
            "    async with lock:\n"
            "        found = await client.fetch()\n"
            "    with guard:\n"
            "        cache.update(found)\n",
            title="the right lock; held for a moment",
        ),
        Case(
            "import threading\n\n"
            "lock = threading.Lock()\n\n\n"
            "def refresh(client):\n"
            "    with lock:\n"
            "        return client.fetch()\n\n\n"
            "async def make(client):\n"
            "    with lock:\n"
            "        async def later():\n"
            "            await client.fetch()\n\n"
            "    return later\n",
            title="threads; what only a nested function awaits",
        ),
        Case(
            "async def refresh(client, lock):\n    with lock:\n        return await client.fetch()\n",
            title="a lock of unknown type",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report locks of threads that a coroutine function holds while it waits."""
        if not function.is_async or file.role == "test":
            return
        for row in function.scope.withs:
            if row[1]:
                continue
            kind = _lock(function, row)
            if not kind or not _waits(file, row):
                continue
            effect = "another task that wants it stops the event loop, and the holder with it"
            if kind.endswith("RLock"):
                effect = "every task of the thread is let in"
            place = file.place(*row[2:6])
            fix = asyncio_lock(file, place)
            yield file.diagnostic(self, place, fix=fix, lock=describe(row[0], function.scope), effect=effect)


def _lock(function: Function, row: list[Any]) -> str:
    """The class of the lock that a `with` enters; empty when it is none."""
    evaluator = function.file.world.evaluator
    found = members(evaluator.eval(row[0], function.frame, row[6], row[7]))
    kinds = [m.name for m in found if m.kind == "inst" and "threading.Lock" in evaluator.library.mro(m.name)]
    return kinds[0] if kinds and len(kinds) == len(found) else ""


def _waits(file: File, row: list[Any]) -> bool:
    """Whether the body of a `with` gives way to other tasks."""
    for node in file.index.nodes(ast.With):
        starts = [(item.context_expr.lineno, item.context_expr.col_offset) for item in node.items]
        if (row[2], row[3]) in starts:
            return any(_gives_way(statement) for statement in node.body)
    return False


def _gives_way(node: ast.AST) -> bool:
    if isinstance(node, _FUNCTIONS):
        return False
    return isinstance(node, _WAITS) or any(_gives_way(child) for child in ast.iter_child_nodes(node))

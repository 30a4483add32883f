"""A task that nobody keeps may be collected before it is done, and its error is lost.

## What it does

Reports `asyncio.create_task`, `asyncio.ensure_future` and `loop.create_task` whose task is dropped, or kept
only under a local name that is never read (or only given a done callback) in a function that does not wait for
anything afterwards. Functions of the project that do nothing but start a task and return it are followed: then
the call of the function is reported.

## Why is this bad?

The event loop holds its tasks by weak references. A task that waits for something which only the task itself
refers to can be collected in the middle of its work: it stops without a word. And an exception in a task that
nobody awaits is reported, at best, when the task is collected, far from its cause.

## How to fix

Let a task group wait for it, or keep it until it is done:

```python
_background: set[asyncio.Task] = set()

def in_background(work: Coroutine) -> None:
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
```

In FastAPI, `BackgroundTasks.add_task` runs work after the response and keeps it.

## Not reported

* Tasks of a `TaskGroup`, a nursery or a scope: these keep what they start.
* Tasks that are awaited, gathered, cancelled, returned, stored, put into a collection or passed to a call.
* A local name in a function that awaits something further on: its frame keeps the task while it runs.
* Receivers of unknown type (`loop.create_task` of an untyped parameter).
* Tests; start-up code and scripts keep medium impact, for the error is lost there as well.
* Compared with ruff's RUF006 and flake8-async's ASYNC300: functions that hand on a task are followed, loops that
  are attributes or results of functions are typed, a chained `.add_done_callback(...)` is not mistaken for a
  reference; a local name is left alone where the frame keeps it alive.

## References

* [asyncio.create_task: save a reference to the result](https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task)
* [ruff: RUF006](https://docs.astral.sh/ruff/rules/asyncio-dangling-task/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.asynchrony.coroutines import spawns
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.event_loop import kept_task
from archlint.project.uses import asked, loads, node_of, uses, waits_after

_CALLBACK = "add_done_callback"


class DanglingTask(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = (
        "The task of `{call}()` is not kept: it can be collected before it is done and its error is lost; "
        "hold it in a set until it is done, or start it in a `TaskGroup`"
    )
    answers = ("area E", "area J", "dimension 4", "checklist 8")

    invalid = (
        Case(
            "import asyncio\n\nfrom fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            "async def index(document): ...\n\n\n"
            '@app.post("/documents")\n'
            "async def upload(document: dict):\n"
            "    asyncio.create_task(index(document))  # ARC405\n"
            '    return {"status": "queued"}\n',
            fixed=(
                "import asyncio\n"
                "\n"
                "from fastapi import FastAPI\n"
                "\n"
                "_background_tasks: set[asyncio.Task[object]] = set()\n"
                "\n"
                "app = FastAPI()\n"
                "\n"
                "\n"
                "async def index(document): ...\n"
                "\n"
                "\n"
                '@app.post("/documents")\n'
                "async def upload(document: dict):\n"
                "    task = asyncio.create_task(index(document))  # ARC405\n"
                "    _background_tasks.add(task)\n"
                "    task.add_done_callback(_background_tasks.discard)\n"
                '    return {"status": "queued"}\n'
            ),
            title="route handler that fires and forgets",
        ),
        Case(
            "import asyncio\n\n\n"
            "class Adapter:\n"
            "    def log(self, record):\n"
            "        asyncio.ensure_future(self.write(record))  # ARC405\n\n"
            "    async def write(self, record): ...\n\n"
            "    async def run(self):\n"
            "        def done(task):\n"
            "            asyncio.create_task(self.write(task))  # ARC405\n\n"
            "        await asyncio.sleep(1)\n"
            "        return done\n",
            fixed=(
                "import asyncio\n"
                "\n"
                "_background_tasks: set[asyncio.Task[object]] = set()\n"
                "\n"
                "\n"
                "class Adapter:\n"
                "    def log(self, record):\n"
                "        task = asyncio.ensure_future(self.write(record))  # ARC405\n"
                "        _background_tasks.add(task)\n"
                "        task.add_done_callback(_background_tasks.discard)\n"
                "\n"
                "    async def write(self, record): ...\n"
                "\n"
                "    async def run(self):\n"
                "        def done(task):\n"
                "            background_task = asyncio.create_task(self.write(task))  # ARC405\n"
                "            _background_tasks.add(background_task)\n"
                "            background_task.add_done_callback(_background_tasks.discard)\n"
                "\n"
                "        await asyncio.sleep(1)\n"
                "        return done\n"
            ),
            title="plain method, callback",
        ),
        Case(
            "import asyncio\n\n\n"
            "class Worker:\n"
            "    def __init__(self):\n"
            "        self.loop = asyncio.get_event_loop()\n\n"
            "    async def beat(self): ...\n\n"
            "    def start(self):\n"
            "        self.loop.create_task(self.beat())  # ARC405\n"
            "        unused = asyncio.get_running_loop().create_task(self.beat())  # ARC405\n\n"
            "    def stop(self):\n"
            "        task = asyncio.create_task(self.beat())  # ARC405\n"
            "        task.add_done_callback(print)\n"
            "        asyncio.create_task(self.beat()).add_done_callback(print)  # ARC405\n",
            title="loop kept by self, unused name, done callback alone",
        ),
        Case(
            {
                "background.py": "import asyncio\n\n\n"
                "def start(work, name=None):\n"
                "    task = asyncio.create_task(work, name=name)\n"
                "    task.add_done_callback(print)\n"
                "    return task\n",
                "app.py": "from background import start\n\n\n"
                "async def notify(user): ...\n\n\n"
                "async def register(user):\n"
                "    start(notify(user))  # ARC405\n"
                "    return user\n",
            },
            title="a function that starts the task and hands it back",
        ),
    )
    valid = (
        Case(
            "import asyncio\n\n\n"
            "async def work(): ...\n\n\n"
            "async def main(tasks, service):\n"
            "    async with asyncio.TaskGroup() as group:\n"
            "        group.create_task(work())\n"
            "    tasks.add(asyncio.create_task(work()))\n"
            "    service.task = asyncio.create_task(work())\n"
            "    task = asyncio.create_task(work())\n"
            "    tasks.add(task)\n"
            "    task.add_done_callback(tasks.discard)\n"
            "    await asyncio.create_task(work())\n"
            "    first = asyncio.create_task(work())\n"
            "    await asyncio.gather(first, asyncio.create_task(work()))\n"
            "    return asyncio.create_task(work())\n",
            title="groups, sets, attributes, awaited, returned",
        ),
        Case(
            {
                "background.py": "import asyncio\n\n_running = set()\n\n\n"
                "def start(work):\n"
                "    task = asyncio.create_task(work)\n"
                "    _running.add(task)\n"
                "    task.add_done_callback(_running.discard)\n"
                "    return task\n",
                "app.py": "from background import start\n\n\n"
                "async def notify(user): ...\n\n\n"
                "async def register(user):\n"
                "    start(notify(user))\n",
            },
            title="a function that keeps the task itself",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def beat(): ...\n\n\n"
            "async def serve(server):\n"
            "    heartbeat = asyncio.create_task(beat())\n"
            "    await server.wait_closed()\n\n\n"
            "async def poll(loop, server):\n"
            "    loop.create_task(beat())\n"
            "    task = asyncio.create_task(beat())\n"
            "    try:\n"
            "        await server.wait_closed()\n"
            "    finally:\n"
            "        task.cancel()\n",
            title="kept by the frame that waits; a loop of unknown type",
        ),
        Case(
            {"tests/test_app.py": "import asyncio\n\n\nasync def test_a(a):\n    asyncio.create_task(a())\n"},
            title="tests",
        ),
    )

    mentions = ("async",)

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report tasks that nothing refers to."""
        if file.role == "test":
            return
        for use in uses(function.scope):
            if use.kind not in ("dropped", "bound") and (use.kind, use.detail) != ("read", _CALLBACK):
                continue
            if not spawns(file.world, use.call, function.frame):
                continue
            row = function.scope.calls[use.call]
            if use.kind == "bound" and not _is_forgotten(file, row):
                continue
            at = file.span(row)
            yield file.diagnostic(
                self, at, fix=kept_task(file, at), call=describe(row[Call.FUNC], function.scope)
            )


def _is_forgotten(file: File, row: list[object]) -> bool:
    """Whether the name that a task is assigned to keeps it no longer than its function runs on."""
    node = node_of(file.index, row)
    found = loads(file.index, node) if node is not None else None
    if node is None or found is None or waits_after(file.index, node):
        return False
    uses_of_name = [asked(file.index, name) for name in found]
    return all(use is not None and (use.kind, use.detail) == ("read", _CALLBACK) for use in uses_of_name)

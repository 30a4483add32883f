"""A cancellation that a handler ends does not cancel anything.

## What it does

Reports handlers of `CancelledError`, of `BaseException` and bare `except:` around an `await` that do not raise
again, where the coroutine function then goes on: in a `while` loop around the handler, or in a coroutine function of
the project that awaits this one.

## Why is this bad?

`task.cancel()`, a timeout, a task group that gives up and the shutdown of the server all work by raising
`CancelledError` inside the coroutine, once. A loop that catches it runs on, and whoever waits for the task waits
for ever; the server is killed after its grace period, in the middle of its work. A function that catches it
returns to a caller that knows nothing and goes on with a missing result.

## How to fix

Clean up and raise again; what must run in any case belongs into `finally`:

```python
while True:
    try:
        await poll()
    except asyncio.CancelledError:
        logger.info("stopping")
        raise                        # instead of falling through to the next round
    except Exception:
        logger.exception("poll failed")
```

## Not reported

* Functions that cancel tasks themselves (`task.cancel()`), and `try` blocks that await a task, a future, `gather`,
  `wait` or `shield`: the cancellation may be that of the other one.
* Handlers that raise, exit, or note what happened in a variable or attribute.
* The outermost function of a task, and route handlers: nobody goes on after them.
* Functions that are there to end things (`close`, `stop`, `shutdown`, ...), and `for` loops.
* Bare `except:` without a loop around it; handlers that return something, by which the caller can know.
* Tests.
* Compared with flake8-async's ASYNC103 and ASYNC104, which report every handler without `raise`: half of those in
  published backends belong to the idiom `task.cancel()`, `await task`, and most others end a task.

## References

* [asyncio: task cancellation](https://docs.python.org/3/library/asyncio-task.html#task-cancellation)
* [flake8-async: ASYNC103](https://flake8-async.readthedocs.io/en/latest/rules.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.asynchrony.cancellation import swallowed
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.event_loop import ended_cancellation


class CancelledSwallowed(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "`{caught}` ends a cancellation, and {effect}; raise it again"
    answers = ("area J", "dimension 4", "checklist 89")
    mentions = ("CancelledError", "BaseException", "except:", "Cancelled")

    invalid = (
        Case(
            "import asyncio\nimport logging\n\n"
            "logger = logging.getLogger(__name__)\n\n\n"
            "async def poll(): ...\n\n\n"
            "async def worker(queue):\n"
            "    while True:\n"
            "        try:\n"
            "            job = await queue.get()\n"
            "            await job.run()\n"
            "        except asyncio.CancelledError:  # ARC411\n"
            '            logger.info("cancelled")\n\n\n'
            "async def watch(queue):\n"
            "    while True:\n"
            "        try:\n"
            "            await poll()\n"
            "        except:  # ARC411\n"
            '            logger.exception("poll failed")\n'
            "            await asyncio.sleep(1)\n\n\n"
            "async def listen(queue):\n"
            "    while not queue.closed:\n"
            "        try:\n"
            "            async for message in queue:\n"
            "                print(message)\n"
            "        except BaseException as error:  # ARC411\n"
            '            logger.error("%s", error)\n'
            "            continue\n",
            fixed=(
                "import asyncio\n"
                "import logging\n"
                "\n"
                "logger = logging.getLogger(__name__)\n"
                "\n"
                "\n"
                "async def poll(): ...\n"
                "\n"
                "\n"
                "async def worker(queue):\n"
                "    while True:\n"
                "        try:\n"
                "            job = await queue.get()\n"
                "            await job.run()\n"
                "        except asyncio.CancelledError:  # ARC411\n"
                '            logger.info("cancelled")\n'
                "            raise\n"
                "\n"
                "\n"
                "async def watch(queue):\n"
                "    while True:\n"
                "        try:\n"
                "            await poll()\n"
                "        except Exception:  # ARC411\n"
                '            logger.exception("poll failed")\n'
                "            await asyncio.sleep(1)\n"
                "\n"
                "\n"
                "async def listen(queue):\n"
                "    while not queue.closed:\n"
                "        try:\n"
                "            async for message in queue:\n"
                "                print(message)\n"
                "        except Exception as error:  # ARC411\n"
                '            logger.error("%s", error)\n'
                "            continue\n"
            ),
            title="loops that run on",
        ),
        Case(
            "from asyncio import CancelledError\n\n\n"
            "async def fetch(client, url):\n"
            "    try:\n"
            "        return await client.get(url)\n"
            "    except (CancelledError, ValueError):  # ARC411\n"
            "        return None\n\n\n"
            "async def collect(client, urls):\n"
            "    return [await fetch(client, url) for url in urls]\n",
            title="a caller that goes on without the result",
        ),
        Case(
            {
                "store.py": "import asyncio\n\n\n"
                "class Store:\n"
                "    async def save(self, row):\n"
                "        try:\n"
                "            await self.pool.execute(row)\n"
                "        except asyncio.CancelledError:  # ARC411\n"
                "            pass\n",
                "app.py": "from store import Store\n\n\n"
                "async def import_all(store: Store, rows):\n"
                "    for row in rows:\n"
                "        await store.save(row)\n",
            },
            title="awaited in another file",
        ),
    )
    valid = (
        Case(
            "import asyncio\n\n\n"
            "async def worker(queue):\n"
            "    while True:\n"
            "        try:\n"
            "            await queue.get()\n"
            "        except asyncio.CancelledError:\n"
            "            print('stopping')\n"
            "            raise\n"
            "        except Exception:\n"
            "            continue\n\n\n"
            "async def other(queue):\n"
            "    while True:\n"
            "        try:\n"
            "            await queue.get()\n"
            "        except asyncio.CancelledError:\n"
            "            break\n",
            title="raised again, or the loop is left",
        ),
        Case(
            "import asyncio\nimport contextlib\n\n\n"
            "class Service:\n"
            "    async def stop(self):\n"
            "        self.task.cancel()\n"
            "        try:\n"
            "            await self.task\n"
            "        except asyncio.CancelledError:\n"
            "            pass\n\n"
            "    async def wait(self):\n"
            "        while True:\n"
            "            try:\n"
            "                await self.task\n"
            "            except asyncio.CancelledError:\n"
            "                self.restart()\n\n"
            "    async def run(self):\n"
            "        await self.stop()\n"
            "        await self.wait()\n",
            title="the cancellation of another task",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def work(job):\n"
            "    try:\n"
            "        await job.run()\n"
            "    except asyncio.CancelledError:\n"
            "        print('cancelled')\n\n\n"
            "async def start(job):\n"
            "    async with asyncio.TaskGroup() as group:\n"
            "        group.create_task(work(job))\n\n\n"
            "async def once(job):\n"
            "    stopped = False\n"
            "    while not stopped:\n"
            "        try:\n"
            "            await job.run()\n"
            "        except asyncio.CancelledError:\n"
            "            stopped = True\n\n\n"
            "async def pause(delay):\n"
            "    try:\n"
            "        await asyncio.sleep(delay)\n"
            "    except asyncio.CancelledError:\n"
            "        return False\n"
            "    return True\n\n\n"
            "async def patient(job):\n"
            "    while await pause(1):\n"
            "        await job.run()\n",
            title="outermost function of a task; noted; told to the caller",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report handlers after which a cancelled coroutine function goes on."""
        if not function.is_async or file.role == "test":
            return
        for found in swallowed(function):
            effect = "the loop runs on" if found.goes_on else "whoever awaits this function goes on"
            fix = ended_cancellation(file, found.handler)
            yield file.diagnostic(self, found.handler, fix=fix, caught=found.caught, effect=effect)

"""An event loop cannot be started inside one that runs: the call always raises.

## What it does

Reports `asyncio.run`, `loop.run_until_complete`, `Runner.run`, `anyio.run`, `trio.run` and `async_to_sync(f)(...)`
in the body of a coroutine function, and calls there of plain functions of the project that end in one, up to
three further calls away and across files.

## Why is this bad?

`asyncio.run() cannot be called from a running event loop`: the path does not work at all, and is usually one
that nobody has tried, such as a fallback or an error handler. The coroutine that was passed is lost as well.

## How to fix

In a coroutine function, await:

```python
async def refresh() -> None:
    await load()                 # instead of asyncio.run(load())
```

A helper for both worlds is better split: a coroutine function, and a plain one that calls `asyncio.run` and is
used from plain code alone. Where plain code must run it, `await asyncio.to_thread(helper)` gives it a
thread without a loop.

## Not reported

* Functions and lambdas that are handed over, to a thread for example, rather than called.
* Functions that ask for a running loop (`get_running_loop`, `is_running`), and calls in an `except` clause or in a
  `try` that catches `RuntimeError`.
* Plain functions that start the loop under a condition: it may be there to avoid just this, such as a loader that
  starts a loop for addresses of a kind that its callers never pass.
* Projects that import `nest_asyncio`.
* Tests; names that more than forty files call; generators.
* flake8-async and ruff have no such check.

## References

* [asyncio.run](https://docs.python.org/3/library/asyncio-runner.html#asyncio.run)
* [asgiref: async_to_sync](https://docs.djangoproject.com/en/stable/topics/async/#async-to-sync)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Call
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.remedies.event_loop import awaited_argument


class AsyncioRunInAsync(Rule):
    """See the module."""

    impact = Impact.HIGH
    fixes = ("unsafe",)
    message = (
        "`{call}()` starts an event loop inside the running one{chain} and raises RuntimeError; {advice}"
    )
    answers = ("anti-pattern 2", "area E", "dimension 4", "checklist 8")

    invalid = (
        Case(
            "import asyncio\n\n\n"
            "async def load(): ...\n\n\n"
            "async def refresh():\n"
            "    asyncio.run(load())  # ARC408\n"
            "    loop = asyncio.get_event_loop()\n"
            "    return loop.run_until_complete(load())  # ARC408\n",
            fixed=(
                "import asyncio\n"
                "\n"
                "\n"
                "async def load(): ...\n"
                "\n"
                "\n"
                "async def refresh():\n"
                "    await load()  # ARC408\n"
                "    loop = asyncio.get_event_loop()\n"
                "    return await load()  # ARC408\n"
            ),
            title="run and run_until_complete",
        ),
        Case(
            "import anyio\nimport trio\nfrom asgiref.sync import async_to_sync\n\n\n"
            "async def load(): ...\n\n\n"
            "async def refresh():\n"
            "    anyio.run(load)  # ARC408\n"
            "    trio.run(load)  # ARC408\n"
            "    async_to_sync(load)()  # ARC408\n",
            title="anyio, trio, asgiref",
        ),
        Case(
            {
                "loader.py": "import asyncio\n\n\n"
                "async def load(key): ...\n\n\n"
                "def load_now(key):\n"
                "    return asyncio.run(load(key))\n\n\n"
                "class Catalogue:\n"
                "    def get(self, key):\n"
                "        return load_now(key)\n",
                "app.py": "from fastapi import FastAPI\n\nfrom loader import Catalogue\n\n"
                "app = FastAPI()\n"
                "catalogue = Catalogue()\n\n\n"
                '@app.get("/items/{key}")\n'
                "async def read(key: str):\n"
                "    return catalogue.get(key)  # ARC408\n\n\n"
                '@app.get("/plain/{key}")\n'
                "def plain(key: str):\n"
                "    return catalogue.get(key)\n",
            },
            title="through plain functions of another file",
        ),
    )
    valid = (
        Case(
            "import asyncio\n\n\nasync def main(): ...\n\n\n"
            'def start():\n    asyncio.run(main())\n\n\nif __name__ == "__main__":\n    asyncio.run(main())\n',
            title="plain code",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def load(): ...\n\n\n"
            "async def refresh():\n"
            "    def work():\n"
            "        return asyncio.run(load())\n\n"
            "    await asyncio.to_thread(work)\n"
            "    await asyncio.to_thread(lambda: asyncio.run(load()))\n",
            title="in a thread",
        ),
        Case(
            "import asyncio\nimport concurrent.futures\n\n\n"
            "async def load(): ...\n\n\n"
            "def load_now():\n"
            "    try:\n"
            "        asyncio.get_running_loop()\n"
            "    except RuntimeError:\n"
            "        return asyncio.run(load())\n"
            "    with concurrent.futures.ThreadPoolExecutor() as pool:\n"
            "        return pool.submit(asyncio.run, load()).result()\n\n\n"
            "def try_now():\n"
            "    try:\n"
            "        return asyncio.run(load())\n"
            "    except RuntimeError:\n"
            "        return None\n\n\n"
            "def load_remote(key):\n"
            '    if key.startswith("s3:"):\n'
            "        return asyncio.run(load())\n"
            "    return None\n\n\n"
            "async def refresh():\n"
            "    try_now()\n"
            '    load_remote("local")\n'
            "    return load_now()\n",
            title="asks for the running loop, catches the error, or has a condition",
        ),
        Case(
            {
                "app.py": "import asyncio\nimport nest_asyncio\n\nnest_asyncio.apply()\n\n\n"
                "async def load(): ...\n\n\nasync def refresh():\n    asyncio.run(load())\n"
            },
            title="nest_asyncio",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the calls of a coroutine function that start a loop."""
        if not function.is_async or file.role == "test":
            return
        for index, row in enumerate(function.scope.calls):
            hops = file.world.own_loops.chain(file.name, function.scope.index, index)
            if hops is None:
                continue
            call = describe(row[Call.FUNC], function.scope)
            yield file.diagnostic(
                self,
                file.span(row),
                related=file.chain(hops),
                fix=None if hops else awaited_argument(file, file.span(row)),
                call=call,
                chain=f" via {' -> '.join(h.label for h in hops)}" if hops else "",
                advice=f"give it a coroutine function to await, or run it with `asyncio.to_thread({call}, ...)`"
                if hops
                else "await the coroutine",
            )

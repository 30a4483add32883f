"""Requests that do not need one another, made one after the other.

## What it does

Reports a `for` loop, or a comprehension, over data that awaits one HTTP request which only reads (`get`, `head`) for
each item, directly or in a function of the project, where no request needs the answer of the one before.

This rule is off by default: one after the other may be what the other side asks for.

## Why is this bad?

The loop takes the sum of all answers' times instead of the longest. Fifty requests of 100 ms are five seconds of
waiting in which the process does nothing for this caller.

## How to fix

```python
slots = asyncio.Semaphore(10)

async def price(item: Item) -> Price:
    async with slots:
        return (await client.get(f"/prices/{item.id}")).json()

prices = await asyncio.gather(*(price(item) for item in items))    # instead of a loop of awaits
```

## Not reported

* Writing requests: their order may matter. Queries: one session serves one task at a time (see ARC201 for these).
* Loops that stop at the first answer that will do, or use something of the pass before.
* Loops that await anything else: a pause, a lock, a query, a message.
* `while` and `async for` loops, literals, constants and chunks; functions that enter a semaphore or a limiter.
* Tests, scripts.
* ruff has no such check; wemake-python-styleguide's WPS476 reports every `await` in a loop.

## References

* [asyncio.gather](https://docs.python.org/3/library/asyncio-task.html#asyncio.gather)
* [asyncio.TaskGroup](https://docs.python.org/3/library/asyncio-task.html#asyncio.TaskGroup)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.flow import call_mentions, dependents
from archlint.model.summary import Bind, Block, Call, Scope
from archlint.project.asynchrony.remote import awaited_calls, is_answer, only_reads
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.repetition.iteration import repeated_in


class SequentialAwaitInLoop(Rule):
    """See the module."""

    impact = Impact.LOW
    default = False
    message = (
        "`{call}()` is awaited for one item of `{items}` after the other; "
        "start the requests together with `asyncio.gather` or a `TaskGroup`, held back by a semaphore"
    )
    answers = ("area E", "dimension 4")
    mentions = ("async",)

    invalid = (
        Case(
            "import httpx\n\n\n"
            "async def prices(client: httpx.AsyncClient, items):\n"
            "    found = []\n"
            "    for item in items:\n"
            '        response = await client.get(f"/prices/{item}")  # ARC406\n'
            "        found.append(response.json())\n"
            "    return found\n",
            title="httpx",
        ),
        Case(
            {
                "client.py": "import aiohttp\n\n\n"
                "class Prices:\n"
                "    def __init__(self, session: aiohttp.ClientSession):\n"
                "        self.session = session\n\n"
                "    async def one(self, item):\n"
                '        async with self.session.get(f"/prices/{item}") as response:\n'
                "            return await response.json()\n\n"
                "    async def many(self, items):\n"
                "        for item in items:\n"
                "            async with self.session.get(item) as response:  # ARC406\n"
                "                print(await response.text())\n",
                "app.py": "from client import Prices\n\n\n"
                "async def total(prices: Prices, items):\n"
                "    return sum([await prices.one(item) for item in items])  # ARC406\n",
            },
            title="aiohttp, through a method of another file, in a comprehension",
        ),
        Case(
            "import httpx\n\n\n"
            "async def load(urls):\n"
            "    pages = {}\n"
            "    async with httpx.AsyncClient() as client:\n"
            "        for url in urls:\n"
            "            if url not in pages:\n"
            "                try:\n"
            "                    pages[url] = (await client.get(url)).text  # ARC406\n"
            "                except httpx.HTTPError:\n"
            "                    continue\n"
            "    return pages\n",
            title="under a condition, with a handler",
        ),
    )
    valid = (
        Case(
            "import asyncio\n\nimport httpx\n\n\n"
            "async def load(client: httpx.AsyncClient, urls):\n"
            "    await asyncio.gather(*[client.get(url) for url in urls])\n"
            "    for url in urls:\n"
            "        await client.post(url)\n"
            "    for url in urls:\n"
            "        await client.get(url)\n"
            "        await asyncio.sleep(1)\n"
            "    for _ in range(3):\n"
            "        await client.get(urls[0])\n"
            '    for url in ("a", "b"):\n'
            "        await client.get(url)\n",
            title="together, writing, with a pause, retries, constants",
        ),
        Case(
            "import httpx\n\n\n"
            "async def first(client: httpx.AsyncClient, urls):\n"
            "    for url in urls:\n"
            "        response = await client.get(url)\n"
            "        if response.is_success:\n"
            "            return response\n\n\n"
            "async def walk(client: httpx.AsyncClient, steps):\n"
            '    cursor = ""\n'
            "    for step in steps:\n"
            '        page = (await client.get(step, params={"cursor": cursor})).json()\n'
            '        cursor = page["next"]\n',
            title="stops at the first; needs the pass before",
        ),
        Case(
            "from sqlalchemy.ext.asyncio import AsyncSession\n\n\n"
            "async def load(db: AsyncSession, client, keys):\n"
            "    for key in keys:\n"
            "        await db.get(object, key)\n"
            "        await client.get(key)\n",
            title="queries; a client of unknown type",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report loops whose requests could be made together."""
        scope = function.scope
        if not function.is_async or file.role in ("test", "script", "migration"):
            return
        seen: set[int] = set()
        for index in awaited_calls(scope):
            block = scope.calls[index][Call.BLOCK]
            if not _in_loop(scope, block) or not only_reads(file.world, index, function.frame):
                continue
            loop = repeated_in(file.world, function.frame, block)
            if loop is None or loop in seen or not _is_independent(function, loop, index):
                continue
            seen.add(loop)
            row = scope.calls[index]
            items = describe(scope.blocks[loop][Block.EXPR], scope)
            yield file.diagnostic(self, file.span(row), call=describe(row[Call.FUNC], scope), items=items)


def _in_loop(scope: Scope, block: int) -> bool:
    return any(scope.blocks[b][Block.KIND] in ("for", "comp") for b in scope.ancestors(block))


def _is_independent(function: Function, loop: int, call: int) -> bool:
    """Whether the passes of a loop make a request each, for their item, and need nothing of one another."""
    scope, world = function.scope, function.file.world
    if scope.blocks[loop][Block.KIND] not in ("for", "comp"):
        return False
    inside = {loop}
    for index, row in enumerate(scope.blocks):
        if row[Block.PARENT] in inside:
            inside.add(index)
    if any(scope.blocks[b][Block.EXIT] in ("break", "return") for b in inside):
        return False
    for other in awaited_calls(scope):
        if scope.calls[other][Call.BLOCK] not in inside or other == call:
            continue
        if not is_answer(world, other, function.frame):
            return False
    if any(row[1] and row[6] in inside and row[0] != ["c", call] for row in scope.withs):
        return False
    return call_mentions(scope, call, dependents(scope, loop)) and not call_mentions(
        scope, call, _carried(scope, inside)
    )


def _carried(scope: Scope, inside: set[int]) -> frozenset[str]:
    """The names that a pass leaves to the next: bound before the loop, and again inside it."""
    found = set()
    for name, rows in scope.binds.items():
        places = [row[Bind.BLOCK] in inside for row in rows]
        if any(places) and not all(places):
            found.add(name)
    return frozenset(found)

"""`gather(*[...])` starts everything at once, however much it is.

## What it does

Reports `asyncio.gather(*...)` of one coroutine for each item of data (rows of a query, a parameter, what a call gave),
where that coroutine, itself or through functions of the project, talks to a network service or a database and
nothing holds it back.

This rule is off by default: how much is too much, no linter knows. In published backends four of nineteen alarms were
about a handful of items.

## Why is this bad?

Ten items are ten requests, ten thousand are ten thousand sockets, file descriptors and rows in memory in the same
moment. The other side answers with errors or a ban, the pool of connections times out, and one large input
brings down a service that worked for months.

## How to fix

```python
slots = asyncio.Semaphore(20)

async def limited(url: str) -> Page:
    async with slots:
        return await fetch(url)

pages = await asyncio.gather(*(limited(url) for url in urls))
```

Or go through chunks (`itertools.batched`), or use a queue with a fixed number of workers.

## Not reported

* Coroutine functions that enter a semaphore, a lock or a limiter.
* Literals, enumerations, constants, slices and chunks; settings and registries.
* Coroutines that only sleep or compute, or whose work is unknown.
* Tasks that are started one by one in a loop; task groups.
* Tests, scripts.
* ruff and flake8-async have no such check.

## References

* [asyncio.Semaphore](https://docs.python.org/3/library/asyncio-sync.html#asyncio.Semaphore)
* [httpx: pool limits](https://www.python-httpx.org/advanced/resource-limits/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import LOOPS, Block, Call, Expr
from archlint.project.asynchrony.remote import awaits_remote, is_limited
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.repetition.iteration import repeated_in
from archlint.project.types import members
from archlint.project.waiting import calls_given


class UnboundedGather(Rule):
    """See the module."""

    impact = Impact.LOW
    default = False
    message = (
        "`gather` starts `{call}` for every item of `{items}` at once, and each goes to `{work}`; "
        "hold them back with a semaphore, or go through chunks"
    )
    answers = ("area E", "dimension 4", "checklist 91")
    mentions = ("gather",)

    invalid = (
        Case(
            "import asyncio\n\nimport httpx\nfrom fastapi import FastAPI\n\nfrom tools import clocked\n\n"
            "app = FastAPI()\nclient = httpx.AsyncClient()\n\n\n"
            "async def fetch(url):\n"
            "    with clocked(url):\n"
            "        return (await client.get(url)).text\n\n\n"
            '@app.post("/pages")\n'
            "async def pages(urls: list[str]):\n"
            "    return await asyncio.gather(*[fetch(url) for url in urls])  # ARC412\n",
            title="`lock` inside another word",
        ),
        Case(
            "import asyncio\n\nimport httpx\nfrom fastapi import FastAPI\n\n"
            "app = FastAPI()\nclient = httpx.AsyncClient()\n\n\n"
            "async def fetch(url):\n"
            "    return (await client.get(url)).text\n\n\n"
            '@app.post("/pages")\n'
            "async def pages(urls: list[str]):\n"
            "    return await asyncio.gather(*[fetch(url) for url in urls])  # ARC412\n",
            title="the body of a request",
        ),
        Case(
            {
                "models.py": "from django.db import models\n\n\nclass Shop(models.Model):\n"
                "    url = models.URLField()\n",
                "sync.py": "import asyncio\n\nimport aiohttp\n\nfrom models import Shop\n\n\n"
                "async def check(session: aiohttp.ClientSession, shop):\n"
                "    async with session.get(shop.url) as response:\n"
                "        return response.status\n\n\n"
                "async def check_all(session: aiohttp.ClientSession):\n"
                "    jobs = [check(session, shop) async for shop in Shop.objects.all()]\n"
                "    return await asyncio.gather(*jobs, return_exceptions=True)  # ARC412\n",
            },
            title="rows of a query, under a name",
        ),
        Case(
            "from asyncio import gather\n\nfrom redis.asyncio import Redis\n\n\n"
            "async def load(redis: Redis, keys):\n"
            "    jobs = []\n"
            "    for key in keys:\n"
            "        jobs.append(redis.get(key))\n"
            "    return await gather(*jobs)  # ARC412\n",
            title="appended in a loop",
        ),
    )
    valid = (
        Case(
            """\
import asyncio

import httpx


async def lines(client: httpx.AsyncClient, address: str):
    async with client.stream("GET", address) as response:
        async for line in response.aiter_lines():
            yield line


async def stop(client: httpx.AsyncClient, addresses: list[str]):
    streams = [lines(client, address) for address in addresses]
    await asyncio.gather(*(stream.aclose() for stream in streams))
""",
            title="the end of generators",
        ),
        Case(
            "import asyncio\n\nimport httpx\n\n"
            "client = httpx.AsyncClient()\nslots = asyncio.Semaphore(5)\n"
            'SITES = ("a", "b")\n\n\n'
            "async def fetch(url):\n"
            "    async with slots:\n"
            "        return await client.get(url)\n\n\n"
            "async def pages(urls):\n"
            "    await asyncio.gather(*[fetch(url) for url in urls])\n"
            "    await asyncio.gather(*[client.get(url) for url in SITES])\n"
            "    return await asyncio.gather(*[client.get(url) for url in urls[:10]])\n",
            title="a semaphore, a constant, a slice",
        ),
        Case(
            "import asyncio\n\nimport httpx\n\nclient = httpx.AsyncClient()\n\n\n"
            "async def pages(one, two):\n"
            "    return await asyncio.gather(client.get(one), client.get(two))\n",
            title="written out",
        ),
        Case(
            "import asyncio\n\n\n"
            "async def wait(seconds):\n    await asyncio.sleep(seconds)\n\n\n"
            "async def all_of(items, handle):\n"
            "    await asyncio.gather(*[wait(item) for item in items])\n"
            "    await asyncio.gather(*[handle(item) for item in items])\n",
            title="no work outside, unknown work",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report gathers of one remote call for each item of data."""
        if not function.is_async or file.role in ("test", "script", "migration"):
            return
        world, frame, scope = file.world, function.frame, function.scope
        for index, row in enumerate(scope.calls):
            starred = [e for e in row[Call.ARGS] if e is not None and e[0] == "*"]
            if not starred or {m.name for m in members(world.evaluator.callee(index, frame))} != {
                "asyncio.gather"
            }:
                continue
            for given in sorted({i for expr in starred for i in calls_given(expr, scope, 2)}):
                found = _found(function, given)
                if found is not None:
                    items, work = found
                    call = f"{describe(scope.calls[given][Call.FUNC], scope)}()"
                    yield file.diagnostic(self, file.span(row), call=call, items=items, work=work)
                    break


def _found(function: Function, call: int) -> tuple[str, str] | None:
    """The items and the remote call, if a coroutine is made for each of many items and is not held back."""
    world, frame, scope = function.file.world, function.frame, function.scope
    loop = repeated_in(world, frame, scope.calls[call][Call.BLOCK])
    if loop is None or scope.blocks[loop][Block.KIND] not in LOOPS - {"while"}:
        return None
    iterable = scope.blocks[loop][Block.EXPR]
    if _is_cut(iterable):
        return None
    callees = members(world.evaluator.callee(call, frame))
    if any(is_limited(world, callee) for callee in callees):
        return None
    work = next((w for callee in callees if (w := awaits_remote(world, callee))), "")
    return (describe(iterable, scope), work) if work else None


def _is_cut(iterable: Expr) -> Any:
    """Whether only a slice of a collection is gone through."""
    return iterable is not None and iterable[0] == "s" and (iterable[2] or [""])[0] == "sl"

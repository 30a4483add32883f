"""`gather(return_exceptions=True)` turns errors into results; who drops the results drops the errors.

## What it does

Reports `asyncio.gather(..., return_exceptions=True)` as a statement of its own, or assigned to a local name that is
never read, or only counted.

## Why is this bad?

With `return_exceptions=True` nothing is raised, nothing is logged and nothing is warned of: an exception becomes an
item of a list. When the list is dropped, every failure of every coroutine vanishes, and the code after it says
that all went well.

## How to fix

Look at the results, or let the first error be raised:

```python
results = await asyncio.gather(*jobs, return_exceptions=True)
for job, result in zip(jobs, results):
    if isinstance(result, BaseException):
        logger.error("job %s failed", job, exc_info=result)
```

A `TaskGroup` raises the errors of all its tasks together.

## Not reported

* Functions that end things (`close`, `stop`, `shutdown`, `cancel`, ...), `finally` and `except` blocks, what stands
  after the `yield` of a generator, functions that cancel tasks, and gathered calls of such methods.
* Coroutine functions of the project that handle every exception of theirs.
* Tasks that were started in other functions, whose results somebody may look at there.
* Tests, scripts.
* ruff and flake8-async have no such check.

## References

* [asyncio.gather](https://docs.python.org/3/library/asyncio-task.html#asyncio.gather)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.model.summary import Block, Call
from archlint.project.asynchrony.cancellation import cleans_up
from archlint.project.asynchrony.coroutines import handles_errors, spawns
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.types import members
from archlint.project.uses import loads, node_of
from archlint.project.waiting import calls_given
from archlint.project.words import last_word


class GatherErrorsDropped(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = (
        "`gather(return_exceptions=True)` returns the errors and nobody looks at them: failures vanish; "
        "check the results for exceptions, or leave `return_exceptions` out"
    )
    answers = ("area F", "area J", "checklist 89")
    mentions = ("return_exceptions",)

    invalid = (
        Case(
            "import asyncio\n\n\n"
            "async def notify(user): ...\n\n\n"
            "async def notify_all(users):\n"
            "    await asyncio.gather(*[notify(user) for user in users], return_exceptions=True)  # ARC413\n"
            '    return {"notified": len(users)}\n',
            title="statement",
        ),
        Case(
            "from asyncio import gather\n\n\n"
            "async def save(row): ...\n\n\n"
            "async def import_rows(rows):\n"
            "    jobs = []\n"
            "    for row in rows:\n"
            "        jobs.append(save(row))\n"
            "    results = await gather(*jobs, return_exceptions=True)  # ARC413\n"
            "    return len(jobs)\n",
            title="a name that nobody reads",
        ),
        Case(
            {
                "mail.py": "async def send(to):\n    await connect(to)\n",
                "app.py": "import asyncio\n\nimport mail\n\n\n"
                "class Orders:\n"
                "    async def confirm(self, order):\n"
                "        if order.ready:\n"
                "            await asyncio.gather(  # ARC413\n"
                "                self.store(order), mail.send(order.email), return_exceptions=True\n"
                "            )\n\n"
                "    async def store(self, order): ...\n",
            },
            title="in a branch, over several lines",
        ),
        Case(
            """\
import asyncio

import httpx


async def ping(client: httpx.AsyncClient, urls: list[str]) -> int:
    answers = await asyncio.gather(*(client.get(url) for url in urls), return_exceptions=True)  # ARC413
    return len(answers)


async def alive(client: httpx.AsyncClient, urls: list[str]) -> int:
    answers = await asyncio.gather(*(client.get(url) for url in urls), return_exceptions=True)
    return len(answers) - sum(isinstance(answer, Exception) for answer in answers)
""",
            title="results that are only counted",
        ),
    )
    valid = (
        Case(
            "import asyncio\n\n\n"
            "async def save(row): ...\n\n\n"
            "async def import_rows(rows):\n"
            "    results = await asyncio.gather(*map(save, rows), return_exceptions=True)\n"
            "    for result in results:\n"
            "        if isinstance(result, Exception):\n"
            "            print(result)\n"
            "    await asyncio.gather(save(1), save(2))\n"
            "    return await asyncio.gather(save(3), return_exceptions=True)\n",
            title="looked at, raised, returned",
        ),
        Case(
            "import asyncio\n\n\n"
            "class Pool:\n"
            "    async def shutdown(self):\n"
            "        await asyncio.gather(*self.tasks, return_exceptions=True)\n\n"
            "    async def run(self, jobs):\n"
            "        tasks = [asyncio.create_task(job()) for job in jobs]\n"
            "        try:\n"
            "            await asyncio.wait(tasks)\n"
            "        finally:\n"
            "            await asyncio.gather(*tasks, return_exceptions=True)\n\n"
            "    async def replace(self, clients):\n"
            "        await asyncio.gather(*(client.close() for client in clients), return_exceptions=True)\n",
            title="cleaning up",
        ),
        Case(
            "import asyncio\nimport logging\n\n"
            "logger = logging.getLogger(__name__)\n\n\n"
            "async def notify(user):\n"
            "    try:\n"
            "        await user.send()\n"
            "    except Exception:\n"
            '        logger.exception("not sent")\n\n\n'
            "async def notify_all(users):\n"
            "    await asyncio.gather(*[notify(user) for user in users], return_exceptions=True)\n"
            "    if tasks := [asyncio.create_task(notify(user)) for user in users]:\n"
            "        await asyncio.gather(*tasks, return_exceptions=True)\n",
            title="coroutines that handle their errors",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report gathered errors that nobody looks at."""
        if file.role in ("test", "script") or cleans_up(function.name):
            return
        for index, row in enumerate(function.scope.calls):
            if ["return_exceptions", ["k", True]] not in row[Call.KEYWORDS]:
                continue
            found = members(file.world.evaluator.callee(index, function.frame))
            if not found or any(callee.name != "asyncio.gather" for callee in found):
                continue
            if _is_dropped(file, row) and not _is_cleaning_up(function, row) and _may_fail(function, row):
                yield file.diagnostic(self, file.span(row))


def _is_dropped(file: File, row: list[Any]) -> bool:
    node = node_of(file.index, row)
    parent = file.index.parent(node) if node is not None else None
    if node is None or not isinstance(parent, ast.Await | ast.Expr):
        return False
    value: ast.AST = parent if isinstance(parent, ast.Await) else node
    if isinstance(file.index.parent(value), ast.Expr):
        return True
    reads = loads(file.index, value)
    return reads is not None and all(_is_counted(file.index.parent(read)) for read in reads)


def _is_counted(node: ast.AST | None) -> bool:
    """``len(results)``: how many were asked, not what became of them."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"


def _is_cleaning_up(function: Function, row: list[Any]) -> bool:
    scope = function.scope
    kinds = {scope.blocks[b][Block.KIND] for b in scope.ancestors(row[Call.BLOCK])}
    if kinds & {"finally", "except"} or any(order < row[Call.ORDER] for _, _, order, _ in scope.yields):
        return True
    return any(last_word(other[Call.FUNC]) == "cancel" for other in scope.calls)


def _may_fail(function: Function, row: list[Any]) -> bool:
    """Whether a gathered call is known, and may raise an error that means something."""
    scope, world = function.scope, function.file.world
    given = sorted({i for expr in row[Call.ARGS] for i in calls_given(expr, scope, 3)})
    started = [i for i in given if spawns(world, i, function.frame)]
    for index in (
        *given,
        *(j for i in started for e in scope.calls[i][Call.ARGS] for j in calls_given(e, scope, 1)),
    ):
        if index in started or cleans_up(last_word(scope.calls[index][Call.FUNC])):
            continue
        given_type = members(world.evaluator.call(index, function.frame))
        if any(m.kind == "inst" and not m.name.startswith("asyncio.") for m in given_type):
            continue
        callees = members(world.evaluator.callee(index, function.frame))
        if not any(handles_errors(world, callee) for callee in callees):
            return True
    return False

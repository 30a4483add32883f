"""Waiting for a job where it was queued undoes the queue, and inside a worker it can stop all workers.

## What it does

Reports calls that wait for the result of a job (Celery's `AsyncResult.get`, `.join` of a group, RQ's `latest_result`
with a timeout, Dramatiq's `get_result(block=True)`, Huey's `get(blocking=True)`) in route handlers, dependencies and
tasks, and in functions that these call. The receiver's type decides: what `.delay`, `.apply_async`, a signature or
`AsyncResult(...)` gave.

## Why is this bad?

In a request, the thread of the web server waits for a worker to become free: a busy queue makes the site stand
still. In a task, the worker waits for another worker. As soon as every worker waits for a job that no worker is
left to run, nothing moves any more.

## How to fix

Answer with the id of the job and let the client ask for its state; let one job start the next:

```python
def invoice(request, order_id):
    job = render.delay(order_id)
    return Response({"job": job.id}, status=202)     # instead of job.get()


chain(fetch.s(order_id), render.s()).delay()     # instead of render.delay(fetch.delay(order_id).get())
```

## Not reported

* Results that are known to be there: the function asks `ready()`, `successful()` or the state of the same result.
* `disable_sync_subtasks=False` and `allow_join_result()` in tasks: whoever writes these has thought about it.
* `.apply()`, which runs the job here and now; receivers of unknown type.
* Coroutine functions: there ARC401 reports the call, for it stops the event loop.
* Command lines, scripts, tests, and functions that no handler or task leads to.
* ruff has no such check.

## References

* [Celery: avoid launching synchronous subtasks](https://docs.celeryq.dev/en/stable/userguide/tasks.html#avoid-launching-synchronous-subtasks)
* [RQ: results](https://python-rq.org/docs/results/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.knowledge.jobs import ASKS_STATE, WAITS, WAITS_IF_TOLD
from archlint.model.summary import Call, Read, Scope
from archlint.project.effects import describe
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.types import members
from archlint.project.words import may_call

_WORDS = frozenset(name.rpartition(".")[2] for name in WAITS)
_TASKS = "from celery import shared_task\n\n\n@shared_task\ndef render(order_id): ...\n"


class BlockingTaskResult(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "`{call}()` waits for a job inside {place}: {effect}; {advice}"
    answers = ("area E", "area J", "checklist 49")

    invalid = (
        Case(
            {
                "tasks.py": _TASKS,
                "views.py": "from rest_framework.decorators import api_view\n\n"
                "from tasks import render\n\n\n"
                "def rendered(order_id):\n"
                "    result = render.delay(order_id)\n"
                "    return result.get(timeout=10)  # ARC415\n\n\n"
                '@api_view(["POST"])\n'
                "def invoice(request, pk):\n"
                "    render.apply_async(args=[pk]).get()  # ARC415\n"
                "    render.s(pk).delay().wait()  # ARC415\n"
                "    return rendered(pk)\n",
            },
            title="in a view, and below it",
        ),
        Case(
            {
                "tasks.py": "from celery import group\n" + _TASKS + "\n\n"
                "@shared_task\ndef publish(order_id):\n"
                "    return upload(render.delay(order_id).get())  # ARC415\n\n\n"
                "@shared_task\ndef publish_all(orders):\n"
                "    job = group(render.s(order) for order in orders).apply_async()\n"
                "    return job.join()  # ARC415\n\n\n"
                "def upload(page): ...\n",
            },
            title="a task that waits for a task, and for a group of them",
        ),
        Case(
            "import dramatiq\nfrom flask import Flask\nfrom redis import Redis\nfrom rq import Queue\n\n"
            "app = Flask(__name__)\n"
            "queue = Queue(connection=Redis())\n\n\n"
            "@dramatiq.actor(store_results=True)\ndef pack(key): ...\n\n\n"
            "def label(key): ...\n\n\n"
            '@app.post("/ship/<key>")\n'
            "def ship(key):\n"
            "    pack.send(key).get_result(block=True)  # ARC415\n"
            "    job = queue.enqueue(label, key)\n"
            "    return job.latest_result(timeout=60)  # ARC415\n",
            title="Dramatiq and RQ",
        ),
    )
    valid = (
        Case(
            {
                "tasks.py": _TASKS,
                "views.py": "from celery.result import AsyncResult, allow_join_result\n"
                "from rest_framework.decorators import api_view\n\n"
                "from tasks import render\n\n\n"
                '@api_view(["GET"])\n'
                "def state(request, job):\n"
                "    result = AsyncResult(job)\n"
                "    if result.ready():\n"
                "        return result.get()\n"
                '    return {"job": render.delay(job).id, "now": render.apply(args=[job]).get()}\n',
            },
            title="known to be there; an id; run here and now",
        ),
        Case(
            {
                "tasks.py": _TASKS + "\n\nfrom celery.result import allow_join_result\n\n\n"
                "@shared_task\ndef publish(order_id):\n"
                "    render.delay(order_id).get(disable_sync_subtasks=False)\n"
                "    with allow_join_result():\n"
                "        return render.delay(order_id).get()\n",
            },
            title="somebody has thought about it",
        ),
        Case(
            {
                "tasks.py": _TASKS,
                "report.py": "from tasks import render\n\n\n"
                "def main():\n    print(render.delay(1).get())\n\n\n"
                "def count(results):\n    return [result.get() for result in results]\n",
            },
            title="a script; results of unknown type",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report calls that wait for a job where a request or another job waits for them."""
        if function.is_async or file.role in ("test", "script", "migration"):
            return
        world, scope = file.world, function.scope
        for index, row in enumerate(scope.calls):
            if not may_call(row[Call.FUNC], _WORDS, function.frame):
                continue
            found = {m.name for m in members(world.evaluator.callee(index, function.frame))}
            if len(found) != 1 or not found <= WAITS or not _waits(row, found.pop()) or _knows(row, scope):
                continue
            served = world.reach.served(file.name, scope)
            if served is None or (served.kind == "task" and _is_allowed(row, function)):
                continue
            in_task = served.kind == "task"
            yield file.diagnostic(
                self,
                file.span(row),
                call=describe(row[Call.FUNC], scope),
                place="a task" if in_task else "a request",
                effect="the workers can all wait for one another"
                if in_task
                else "the request stands still until a worker is free",
                advice="let the first job start the next (`chain`)"
                if in_task
                else "answer with the id of the job and let the client ask for its state",
            )


def _waits(row: list[Any], name: str) -> bool:
    """Whether a call waits as it is written."""
    word = WAITS_IF_TOLD.get(name)
    if word is None:
        return True
    return any(key == word and expr not in (["k", False], ["k", 0]) for key, expr in row[Call.KEYWORDS])


def _knows(row: list[Any], scope: Scope) -> bool:
    """Whether the function asks for the state of the same result."""
    receiver = row[Call.FUNC][1]
    asked = [other[Call.FUNC] for other in scope.calls] + [
        ["a", read[Read.VALUE], read[Read.ATTR]] for read in scope.reads
    ]
    return any(f is not None and f[0] == "a" and f[2] in ASKS_STATE and _same(f[1], receiver) for f in asked)


def _same(left: Any, right: Any) -> bool:
    if left is None or right is None or left[0] != right[0]:
        return False
    if left[0] == "a":
        return bool(left[2] == right[2]) and _same(left[1], right[1])
    return bool(left[0] == "n" and left == right)


def _is_allowed(row: list[Any], function: Function) -> bool:
    """Whether a task says that it may wait."""
    if ["disable_sync_subtasks", ["k", False]] in row[Call.KEYWORDS]:
        return True
    evaluator = function.file.world.evaluator
    entered = (row[0] for row in function.scope.withs if row[0] is not None and row[0][0] == "c")
    return any(
        callee.name.endswith("allow_join_result")
        for expr in entered
        for callee in members(evaluator.callee(expr[1], function.frame))
    )

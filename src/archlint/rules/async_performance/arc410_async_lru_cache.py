"""A cache in front of a coroutine function keeps the coroutine, which can be awaited only once.

## What it does

Reports `lru_cache`, `cache` and `cached_property` of functools, `cachetools.cached` and their kin where they wrap a
coroutine function, an asynchronous generator, or a plain function that returns another one's coroutine; as a
decorator and as a call (`cached = lru_cache(load)`). Names are resolved through imports and aliases.

## Why is this bad?

The first call works. Every later one gets the same coroutine object out of the cache, and awaiting it raises
`RuntimeError: cannot reuse already awaited coroutine`; a generator gives nothing the second time. A
test that calls the function once sees none of it.

## How to fix

Use a cache that knows coroutines, or cache the plain part of the work:

```python
from async_lru import alru_cache

@alru_cache(maxsize=128)         # instead of @lru_cache(maxsize=128)
async def rates(day: date) -> Rates: ...
```

## Not reported

* `async_lru`, `aiocache`, the `cached_property` of the package of that name: they keep the result.
* Functions that return a task or a future: these may be awaited more than once.
* A cache above a decorator that turns the coroutine function into a plain one, or into nobody knows what.
* Tests.
* ruff and flake8-async have no such check: B019 is about methods of any kind and what they keep alive (12 in 17
  applications, none a coroutine function); pylint has none either.

## References

* [functools.lru_cache](https://docs.python.org/3/library/functools.html#functools.lru_cache)
* [async-lru](https://pypi.org/project/async-lru/)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, FunctionEvent, ModuleEvent, Rule, on
from archlint.knowledge.tasks import KEEPS_RESULT
from archlint.model.summary import DECORATOR, Call
from archlint.project.asynchrony.coroutines import gives_coroutine, is_coroutine_function
from archlint.project.evaluation.frames import Frame
from archlint.project.file import Anchor, File
from archlint.project.function import Function
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.types import members
from archlint.project.words import may_call


class AsyncLruCache(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "`{cache}` keeps the {kind} that `{function}` gives, not its result, and it can be awaited only once; "
        "use a cache for coroutines such as `async_lru.alru_cache`"
    )
    answers = ("area E", "dimension 4", "checklist 14")
    mentions = ("cache",)

    invalid = (
        Case(
            "from functools import cache, cached_property, lru_cache\n\n\n"
            "@lru_cache(maxsize=128)\n"
            "async def rates(day): ...  # ARC410\n\n\n"
            "@cache\n"
            "async def settings():  # ARC410\n"
            "    yield 1\n\n\n"
            "class Account:\n"
            "    @cached_property\n"
            "    async def owner(self): ...  # ARC410\n",
            title="functools",
        ),
        Case(
            "import cachetools\nfrom cachetools import TTLCache, cached\n\n\n"
            "@cached(cache=TTLCache(maxsize=10, ttl=60))\n"
            "async def rates(day): ...  # ARC410\n\n\n"
            "@cachetools.func.ttl_cache(maxsize=10)\n"
            "async def prices(day): ...  # ARC410\n",
            title="cachetools",
        ),
        Case(
            {
                "rates.py": "import httpx\n\n\nasync def fetch(day):\n"
                "    async with httpx.AsyncClient() as client:\n        return await client.get(day)\n",
                "app.py": "import functools\n\nimport rates\n\n"
                "cached_rates = functools.lru_cache(maxsize=4)(rates.fetch)  # ARC410\n\n\n"
                "@functools.lru_cache\n"
                "def today(day):  # ARC410\n"
                "    return rates.fetch(day)\n\n\n"
                "def setup():\n"
                "    return functools.cache(rates.fetch)  # ARC410\n",
            },
            title="as a call, and through a plain function",
        ),
        Case(
            "import functools\n\n\n"
            "def logged(function):\n"
            "    @functools.wraps(function)\n"
            "    async def run(*args):\n"
            "        return await function(*args)\n\n"
            "    return run\n\n\n"
            "@functools.lru_cache\n"
            "@logged\n"
            "async def rates(day): ...  # ARC410\n",
            title="above a decorator that keeps it a coroutine function",
        ),
    )
    valid = (
        Case(
            "from functools import lru_cache\n\nfrom async_lru import alru_cache\n\n\n"
            "@alru_cache(maxsize=128)\nasync def rates(day): ...\n\n\n"
            "@lru_cache\ndef settings(): ...\n",
            title="the right cache; a plain function",
        ),
        Case(
            "import asyncio\nfrom functools import lru_cache\n\n\n"
            "async def load(key): ...\n\n\n"
            "@lru_cache\ndef loading(key):\n    return asyncio.ensure_future(load(key))\n",
            title="a task may be awaited twice",
        ),
        Case(
            "import functools\n\nfrom asgiref.sync import async_to_sync\nfrom vendor import shared\n\n\n"
            "@functools.lru_cache\n@async_to_sync\nasync def rates(day): ...\n\n\n"
            "@functools.lru_cache\n@shared\nasync def prices(day): ...\n\n\n"
            "def lru_cache(function):\n    return function\n\n\n"
            "@lru_cache\nasync def own(day): ...\n",
            title="no coroutine function below the cache; a decorator of that name",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report caches that decorate a coroutine function, or are called with one."""
        if file.role == "test":
            return
        names = function.decorator_names
        for position, name in enumerate(names):
            if name in KEEPS_RESULT:
                below = function.scope.decorators[position + 1 :]
                if is_coroutine_function(file.world, file.name, function.scope, below):
                    yield self._found(function.name, name, function.scope.is_generator, function, file)
                break
        yield from self._calls(function.frame, file)

    @on(ModuleEvent)
    def module(self, file: File, _same: File) -> Iterator[Diagnostic]:
        """Report the same of calls at the top of a module."""
        if file.role != "test":
            yield from self._calls(file.world.evaluator.frame(file.name, 0, (), ASKS_TWICE + FUEL), file)

    def _calls(self, frame: Frame, file: File) -> Iterator[Diagnostic]:
        evaluator = file.world.evaluator
        for index, row in enumerate(frame.scope.calls):
            func = row[Call.FUNC]
            if row[Call.FLAGS] & DECORATOR or len(row[Call.ARGS]) != 1 or func is None:
                continue
            if not may_call(func if func[0] != "c" else frame.scope.calls[func[1]][Call.FUNC], _WORDS, frame):
                continue
            made = evaluator.callee(func[1] if func[0] == "c" else index, frame)
            if made is None or made.kind != "lib" or made.name not in KEEPS_RESULT:
                continue
            given = members(evaluator.eval(row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER]))
            if given and all(m.kind == "func" and gives_coroutine(file.world, m) for m in given):
                scope = file.world.function(given[0].name)
                name = scope.name if scope is not None else "it"
                yield self._found(name, made.name, False, file.span(row), file)

    def _found(self, name: str, cache: str, generator: bool, anchor: Anchor, file: File) -> Diagnostic:
        word = cache.rpartition(".")[2]
        return file.diagnostic(
            self,
            anchor,
            cache=word,
            kind="generator" if generator else "coroutine",
            function=name,
        )


_WORDS = frozenset(name.rpartition(".")[2] for name in KEEPS_RESULT)

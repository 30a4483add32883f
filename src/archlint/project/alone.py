"""Where waiting on the event loop keeps nobody waiting: start-up, scripts, the way out of the program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.model.summary import AWAITED, Block, Call, Expr, Scope, Summary
from archlint.project.types import members
from archlint.project.words import last_word, renamed_imports

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.function import Function

_STARTUP = re.compile(r"(?:^|_)(?:lifespan|startup|shutdown|teardown|bootstrap|initiali[sz]e|main)(?:_|$)")
_STOP = re.compile(
    r"(?:^|_)(?:stop|close|aclose|aexit|disconnect|dispose|terminate|finali[sz]e|cleanup)(?:_|$)"
)
#: Threads, pools and processes of the program itself.
WORKERS = ("threading.", "concurrent.futures.", "multiprocessing.")
_LOOP_STOPS = frozenset(("asyncio.AbstractEventLoop.stop", "tornado.ioloop.IOLoop.stop"))
#: Coroutine functions followed from a private one up to the one that a loop is started for.
_STEPS = 3


def runs_alone(function: Function) -> bool:
    """Whether a coroutine function runs while the loop serves nobody else: start-up, scripts."""
    if function.file.role == "script" or _STARTUP.search(function.name):
        return True
    summary = function.file.summary
    if _is_started(function.name, summary, _STEPS):
        return True
    for decorator in function.scope.decorators:
        if decorator is not None and decorator[0] == "c":
            row = summary.scopes[function.scope.parent].calls[decorator[1]]
            callee, args = row[Call.FUNC], row[Call.ARGS]
            if callee is not None and callee[0] == "a" and callee[2] == "on_event" and args:
                return True
    return False


def ends_workers(function: Function, site: Site) -> bool:
    """Whether a place waits for the threads that its object ends for good: ``stop``, ``close``."""
    return site.effect.leaf.startswith(WORKERS) and bool(_STOP.search(function.name))


def ends_program(function: Function, block: int) -> bool:
    """Whether a block is left together with the loop or the program: ``loop.stop(); return``."""
    scope = function.scope
    for ancestor in scope.ancestors(block):
        if ancestor and any(
            _is_end(index, function) for index, row in enumerate(scope.calls) if row[Call.BLOCK] == ancestor
        ):
            return True
    return False


def _is_end(index: int, function: Function) -> bool:
    scope = function.scope
    callee = function.file.world.evaluator.callee(index, function.frame)
    names = {member.name for member in members(callee) if member.kind == "lib"}
    if "sys.exit" in names:
        return True
    is_left = scope.blocks[scope.calls[index][Call.BLOCK]][Block.EXIT] in ("return", "raise")
    return is_left and not names.isdisjoint(_LOOP_STOPS)


def _is_started(name: str, summary: Summary, steps: int) -> bool:
    """Whether a loop is started for a function, or for the one that alone awaits a private function."""
    renamed = renamed_imports(summary)
    if any(_starts(row, scope, name, renamed) for scope in summary.scopes for row in scope.calls):
        return True
    if steps == 0 or not name.startswith("_") or name.startswith("__"):
        return False
    callers = [
        (scope, row) for scope in summary.scopes for row in scope.calls if last_word(row[Call.FUNC]) == name
    ]
    return bool(callers) and all(
        row[Call.FLAGS] & AWAITED and scope.is_async and _is_started(scope.name, summary, steps - 1)
        for scope, row in callers
    )


def _starts(row: list[Any], scope: Scope, name: str, renamed: dict[str, str]) -> bool:
    """Whether a call starts a loop for a function: ``asyncio.run(main())``, ``anyio.run(main)``."""
    word = _word(row[Call.FUNC])
    if renamed.get(word, word) not in ("run", "run_until_complete") or not row[Call.ARGS]:
        return False
    given = row[Call.ARGS][0]
    if given is not None and given[0] == "c":
        given = scope.calls[given[1]][Call.FUNC]
    return _word(given) == name


def _word(expr: Expr) -> str:
    if expr is None or expr[0] not in ("n", "a"):
        return ""
    return str(expr[1] if expr[0] == "n" else expr[2])

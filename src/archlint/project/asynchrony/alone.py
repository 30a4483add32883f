"""Where waiting on the event loop keeps nobody waiting: start-up, scripts, the way out of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import lifecycle
from archlint.model.summary import AWAITED, Block, Call, Scope, Summary
from archlint.project.callers import MAX_FILES
from archlint.project.identifiers import name_words
from archlint.project.limits import FUEL
from archlint.project.roles import role_of
from archlint.project.types import members
from archlint.project.words import CALLS, IMPORTS, items_of, last_word

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.function import Function
    from archlint.project.world import World

#: Words of functions that run before the application serves anybody, or after.
_AROUND = lifecycle.STARTS | lifecycle.SHUTS_DOWN | lifecycle.INITIALIZES
#: Threads, pools and processes of the program itself.
WORKERS = ("threading.", "concurrent.futures.", "multiprocessing.")
_LOOP_STOPS = frozenset(("asyncio.AbstractEventLoop.stop", "tornado.ioloop.IOLoop.stop"))
#: Decorators of the language, which hand a function to nobody.
_PLAIN = frozenset(("staticmethod", "classmethod"))
_EVENTS = [[event] for event in sorted(lifecycle.EVENTS)]
#: Coroutine functions followed upward to the one that the program starts with.
_STEPS = 3


def runs_alone(function: Function) -> bool:
    """Whether a coroutine function runs while the loop serves nobody else: start-up, scripts."""
    file = function.file
    return file.role == "script" or _is_alone(file.name, function.scope, file.world, _STEPS)


def _is_alone(path: str, scope: Scope, world: World, steps: int) -> bool:
    """Whether a coroutine function belongs to the start, or is awaited by such functions only."""
    summary = world.summary(path)
    if _is_hook(scope, summary):
        return True
    if _is_started(scope.name, path, world):
        return steps == 0 or not _is_served_too(path, scope, world, steps)
    if _is_named_so(scope.name) and world.reach.served(path, scope) is None:
        return True
    if steps == 0 or scope.name.startswith("__") or _is_called_back(path, scope, world):
        return False
    users = _users(path, scope, world)
    return bool(users) and all(
        _registers(row, scope.name)
        if is_handed_on
        else row[Call.FLAGS] & AWAITED and user.is_async and _is_alone(other, user, world, steps - 1)
        for other, user, row, is_handed_on in users
    )


def _is_served_too(path: str, scope: Scope, world: World, steps: int) -> bool:
    """Whether what a plain function starts a loop for is awaited on the loop of a server as well.

    A library gives both: ``async def load()``, and ``def load_now(): return asyncio.run(load())``.
    """
    return any(
        row[Call.FLAGS] & AWAITED and user.is_async and not _is_alone(other, user, world, steps - 1)
        for other, user, row, is_handed_on in _users(path, scope, world, surely=True)
        if not is_handed_on
    )


def _is_named_so(name: str) -> bool:
    """Whether a function is for the start or the end of a program, by its name."""
    words = name_words(name)
    is_main = bool(words & lifecycle.MAIN) and words <= lifecycle.MAIN | lifecycle.BESIDE_MAIN
    return is_main or not _AROUND.isdisjoint(words)


def _is_called_back(path: str, scope: Scope, world: World) -> bool:
    """Whether somebody else may call a function as well: a framework, whoever a decorator gives it to."""
    if world.reach.entry((path, scope.index)):
        return True
    names = (world.evaluator.decorator_name(path, scope, d) for d in scope.decorators)
    return not all(":" in name or name in _PLAIN for name in names)


def _is_hook(scope: Scope, summary: Summary) -> bool:
    """Whether a function is for the start or the end of an application: ``@app.on_event("startup")``."""
    for decorator in scope.decorators:
        if decorator is not None and decorator[0] == "c":
            row = summary.scopes[scope.parent].calls[decorator[1]]
            callee, args = row[Call.FUNC], row[Call.ARGS]
            if callee is not None and callee[0] == "a" and callee[2] == "on_event" and args:
                return True
    return False


def _users(
    path: str, scope: Scope, world: World, *, surely: bool = False
) -> list[tuple[str, Scope, list[Any], bool]]:
    """The calls that may be of a function, or are surely, in the project or, for a private name, in its file.

    The last item tells the calls that are given the function: whoever they call may run it when they like.
    """
    name, target, words = scope.name, f"{path}:{scope.index}", world.words
    paths = () if name.startswith("_") else (*words.files(CALLS, name), *words.files(IMPORTS, name))
    if len(paths) > MAX_FILES:
        return []
    found: list[tuple[str, Scope, list[Any], bool]] = []
    for other in sorted({path, *(p for p in paths if role_of(p) != "test")}):
        names = {name, *(new for new, old in world.summary(other).renamed.items() if old == name)}
        for user, index, row in (call for word in sorted(names) for call in world.calls.ending(other, word)):
            callee = world.evaluator.callee(index, world.evaluator.frame(other, user.index, (), FUEL))
            if (callee is None and not surely) or any(member.name == target for member in members(callee)):
                found.append((other, user, row, False))
        for user, _, row in (call for word in sorted(names) for call in world.calls.given(other, word)):
            if last_word(row[Call.FUNC]) not in names:
                found.append((other, user, row, True))
    return found


def _registers(row: list[Any], name: str) -> bool:
    """Whether a call gives a function to the start or the end of an application."""
    func, args = row[Call.FUNC], row[Call.ARGS]
    word = last_word(func)
    given = [expr for key, expr in row[Call.KEYWORDS] if key in lifecycle.HOOKS]
    if word in ("append", "extend") and func[0] == "a" and last_word(func[1]) in lifecycle.HOOKS:
        given += args
    elif word == "add_event_handler" and args and args[0] is not None and args[0][1:] in _EVENTS:
        given += args[1:]
    return name in map(last_word, items_of(given))


def ends_workers(function: Function, site: Site) -> bool:
    """Whether a place waits for the threads that its object ends for good: ``stop``, ``close``."""
    return site.effect.leaf.startswith(WORKERS) and not lifecycle.ENDS.isdisjoint(name_words(function.name))


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


def _is_started(name: str, path: str, world: World) -> bool:
    """Whether a loop is started for a function."""
    calls = (call for word in ("run", "run_until_complete") for call in world.calls.named(path, word))
    return any(_starts(row, scope, name) for scope, _, row in calls)


def _starts(row: list[Any], scope: Scope, name: str) -> bool:
    """Whether a call runs a function: ``asyncio.run(main())``, ``anyio.run(main)``."""
    given = row[Call.ARGS][0] if row[Call.ARGS] else None
    if given is not None and given[0] == "c":
        given = scope.calls[given[1]][Call.FUNC]
    return last_word(given) == name

"""Handlers that end a cancellation, and what becomes of the coroutine function after them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge import lifecycle
from archlint.model.summary import AWAITED, Block, Call
from archlint.project.identifiers import name_words
from archlint.project.roles import role_of
from archlint.project.types import members
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

_CANCELLED = frozenset(
    ("asyncio.CancelledError", "asyncio.exceptions.CancelledError", "trio.Cancelled", "BaseException")
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_Loop = ast.While | ast.For | ast.AsyncFor
_LEAVES = (ast.Return, ast.Break, ast.Raise)
#: Calls that wait for tasks given to them: a cancellation may be theirs.
_WAITS_FOR = frozenset(("gather", "wait", "wait_for", "shield", "as_completed", "wrap_future"))
_CLEANS_UP = lifecycle.LETS_GO | {"lifespan"}
#: A name that more files call is not searched for callers.
_MAX_FILES = 40


class Swallowed(NamedTuple):
    """A handler that ends a cancellation."""

    handler: ast.ExceptHandler
    caught: str
    goes_on: bool  # whether a loop around it goes on; otherwise a caller does


def cleans_up(name: str) -> bool:
    """Whether a function is there to end things, by its name."""
    return not _CLEANS_UP.isdisjoint(name_words(name))


def swallowed(function: Function) -> Iterator[Swallowed]:
    """The handlers of a coroutine function after which it goes on as if it had not been cancelled."""
    file = function.file
    candidates = _handlers(function)
    if not candidates or any(last_word(row[Call.FUNC]) in _ENDS_TASKS for row in function.scope.calls):
        return
    for handler, caught in candidates:
        block = file.index.parent(handler)
        if not isinstance(block, ast.Try) or not _waits_for_work(block.body):
            continue
        if _raises(handler.body) or _is_handled_before(block, handler) or _keeps_in_mind(handler):
            continue
        loop = _loop_around(file, handler)
        if loop is not None and not any(isinstance(n, _LEAVES) for n in _own(handler.body)):
            if _can_end(loop, block):
                continue
            yield Swallowed(handler, caught, True)
        elif (
            caught != "except"
            and not _tells(handler)
            and not cleans_up(function.name)
            and _is_awaited(function)
        ):
            yield Swallowed(handler, caught, False)


_ENDS_TASKS = frozenset(
    ("cancel", "uncancel", "cancelling", "cancelled", "cancel_tasks", "fail_after", "move_on_after")
)


def _handlers(function: Function) -> list[tuple[ast.ExceptHandler, str]]:
    """The handlers of a function that catch a cancellation, with how they are written."""
    evaluator, frame = function.file.world.evaluator, function.frame
    lines: dict[int, str] = {}
    for row in function.scope.blocks:
        if row[Block.KIND] != "except":
            continue
        if row[Block.EXPR] is None:
            lines[row[Block.LINE]] = "except"
            continue
        value = evaluator.eval(row[Block.EXPR], frame, row[Block.PARENT], row[Block.ORDER])
        names = [
            m.name for v in members(value) for m in (v.args if v.name == "tuple" else (v,)) if m is not None
        ]
        for name in names:
            if name in _CANCELLED:
                lines[row[Block.LINE]] = f"except {name.rpartition('.')[2]}"
    if not lines:
        return []
    found = [
        (node, lines[node.lineno])
        for node in function.file.index.nodes(ast.ExceptHandler)
        if node.lineno in lines
    ]
    return [(node, text) for node, text in found if (node.type is None) == (text == "except")]


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of statements, without those of functions inside them."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _FUNCTIONS):
            pending += ast.iter_child_nodes(node)


def _waits_for_work(body: list[ast.stmt]) -> bool:
    """Whether the statements await calls, and no task that somebody else may have cancelled."""
    waits = False
    for node in _own(body):
        if isinstance(node, ast.AsyncFor | ast.AsyncWith):
            waits = True
        if not isinstance(node, ast.Await):
            continue
        call = node.value
        if not isinstance(call, ast.Call) or _callee_word(call) in _WAITS_FOR:
            return False
        waits = True
    return waits


def _callee_word(call: ast.Call) -> str:
    func = call.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _raises(body: list[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Raise) for node in _own(body)) or any(
        isinstance(node, ast.Call) and _callee_word(node) in ("exit", "_exit", "abort") for node in _own(body)
    )


def _tells(handler: ast.ExceptHandler) -> bool:
    """Whether a handler returns something by which the caller can know: ``return False``."""
    returned = [node.value for node in _own(handler.body) if isinstance(node, ast.Return)]
    return any(v is not None and not (isinstance(v, ast.Constant) and v.value is None) for v in returned)


def _is_handled_before(block: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Whether an earlier handler of the same ``try`` takes the cancellation."""
    for other in block.handlers:
        if other is handler:
            return False
        text = ast.unparse(other.type) if other.type is not None else ""
        if "Cancelled" in text or "BaseException" in text:
            return True
    return False


def _keeps_in_mind(handler: ast.ExceptHandler) -> bool:
    """Whether the handler notes the cancellation, to act on it later."""
    if handler.name and any(
        isinstance(n, ast.Name) and n.id == handler.name for n in _passed_on(handler.body)
    ):
        return True
    return any(isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) for node in _own(handler.body))


def _passed_on(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in _own(body):
        if isinstance(node, ast.Call) and _callee_word(node) not in _LOGS:
            yield from (*node.args, *(k.value for k in node.keywords))


_LOGS = frozenset(
    ("debug", "info", "warning", "error", "exception", "critical", "log", "print", "str", "repr", "format")
)


def _loop_around(file: File, handler: ast.ExceptHandler) -> _Loop | None:
    """The loop that goes on after a handler; None when its function ends."""
    loop = file.index.enclosing(handler, (ast.While, ast.For, ast.AsyncFor, *_FUNCTIONS))
    return loop if isinstance(loop, ast.While | ast.For | ast.AsyncFor) else None


def _can_end(loop: _Loop, block: ast.Try) -> bool:
    """Whether a loop ends soon after all: over a few things, or right behind the ``try``."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return True
    if block in loop.body:
        behind = loop.body[loop.body.index(block) + 1 :]
        return any(isinstance(node, _LEAVES) for node in behind)
    return False


def _is_awaited(function: Function) -> bool:
    """Whether other coroutine functions of the project await this one, and go on when it returns."""
    if function.route is not None:
        return False
    world = function.file.world
    paths = world.words.files(CALLS, function.name)
    if len(paths) > _MAX_FILES:
        return False
    key = f"{function.file.name}:{function.scope.index}"
    for path in paths:
        if role_of(path) == "test":
            continue
        for caller, index, row in world.calls.ending(path, function.name):
            if not row[Call.FLAGS] & AWAITED or caller.kind != "function":
                continue
            frame = world.evaluator.frame(path, caller.index)
            if any(m.kind == "func" and m.name == key for m in members(world.evaluator.callee(index, frame))):
                return True
    return False

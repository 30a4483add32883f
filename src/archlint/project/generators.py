"""Generators that set something up, hand it out by `yield` and clean up afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import resources as known
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.project.effects import describe
from archlint.project.sessions import root
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_APPLICATIONS = frozenset(
    ("fastapi.FastAPI", "starlette.applications.Starlette", "litestar.Litestar", "litestar.app.Litestar")
)
_CONTEXT_VARIABLE = "contextvars.ContextVar"


def kind_of_generator(world: World, path: str, scope: Scope) -> str:
    """``context`` for a decorated context manager, ``dependency`` for an injected one, ``""`` for others."""
    names = {world.evaluator.decorator_name(path, scope, d) for d in scope.decorators}
    if names & known.CONTEXT_DECORATORS:
        return "context"
    return "dependency" if (path, scope.index) in world.reach.injected else ""


def left_by_generator(world: World, frame: Frame) -> list[Any] | None:
    """The cleanup that a failing request, or body of a ``with``, skips in a generator that serves one."""
    if not frame.scope.yields or not kind_of_generator(world, frame.path, frame.scope):
        return None
    return None if is_lifespan(world, frame) else skipped_cleanup(world, frame)


def is_lifespan(world: World, frame: Frame) -> bool:
    """Whether a generator surrounds the life of an application: no request raises in it."""
    scope = frame.scope
    if "lifespan" in scope.name:
        return True
    for row in scope.params:
        value = world.evaluator.name(row[Param.NAME], frame, 0, 0)
        if any(
            m.kind == "inst" and _APPLICATIONS & world.classes.library_bases(m.name) for m in members(value)
        ):
            return True
    return False


def skipped_cleanup(world: World, frame: Frame) -> list[Any] | None:
    """The first call after the last ``yield`` that cleans up and that an exception at the ``yield`` skips."""
    scope = frame.scope
    _, block, order, _ = scope.yields[-1]
    if any(scope.blocks[b][Block.KIND] in ("for", "afor", "while") for b in scope.ancestors(block)):
        return None
    for row in scope.calls:
        if row[Call.ORDER] <= order or not _cleans_up(world, row, frame):
            continue
        kinds = {scope.blocks[b][Block.KIND] for b in scope.ancestors(row[Call.BLOCK])}
        if kinds & {"finally", "except"} or _is_held(scope, row, block):
            continue
        if not _is_repeated(scope, row):
            return row
    return None


def _cleans_up(world: World, row: list[Any], frame: Frame) -> bool:
    func = row[Call.FUNC]
    if func is None or func[0] not in ("a", "n"):
        return False
    scope = frame.scope
    callee = world.evaluator.eval(func, frame, row[Call.BLOCK], row[Call.ORDER])
    if any(m.kind == "lib" and m.name in known.CLEANS_UP_FUNCTIONS for m in members(callee)):
        return any(_is_made_before(scope, expr, row[Call.ORDER]) for expr in row[Call.ARGS])
    if func[0] != "a":
        return False
    if func[2] == "reset" and len(row[Call.ARGS]) == 1:
        owner = world.evaluator.eval(func[1], frame, row[Call.BLOCK], row[Call.ORDER])
        return any(m.name == _CONTEXT_VARIABLE for m in members(owner))
    return func[2] in known.CLEANS_UP and _is_made_before(scope, func[1], row[Call.ORDER])


def _is_made_before(scope: Scope, expr: Expr, order: int) -> bool:
    """Whether a local name holds what a call of this function has made, or taken, before the ``yield``."""
    start = root(expr)
    if start is None or start[0] != "n" or start is not expr:
        return False
    first = scope.yields[-1][2]
    return any(
        row[Bind.ORDER] < min(first, order) and _is_result(row[Bind.EXPR])
        for row in scope.binds.get(start[1], ())
    )


def _is_result(expr: Expr) -> bool:
    while expr is not None and expr[0] in ("w", "s"):
        expr = expr[1]
    return expr is not None and expr[0] == "c"


def _is_held(scope: Scope, row: list[Any], block: int) -> bool:
    """Whether a ``with`` around the ``yield`` holds the same thing."""
    func = row[Call.FUNC]
    if func is None or func[0] != "a" or func[1] is None or func[1][0] != "n":
        return False
    name = func[1][1]
    around = scope.ancestors(block)
    if any(entered[0] == func[1] and entered[6] in around for entered in scope.withs):
        return True
    return any(
        b[Bind.EXPR] is not None and b[Bind.EXPR][0] in ("en", "aen") for b in scope.binds.get(name, ())
    )


def _is_repeated(scope: Scope, row: list[Any]) -> bool:
    """Whether a ``finally`` or an ``except`` makes the same call."""
    text = describe(row[Call.FUNC], scope)
    return any(
        other is not row
        and describe(other[Call.FUNC], scope) == text
        and {scope.blocks[b][Block.KIND] for b in scope.ancestors(other[Call.BLOCK])} & {"finally", "except"}
        for other in scope.calls
    )

"""Generators that set something up, hand it out by `yield` and clean up afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import resources as known
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.effects import describe
from archlint.project.identifiers import name_words
from archlint.project.sessions import root
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_APPLICATIONS = frozenset(
    ("fastapi.FastAPI", "starlette.applications.Starlette", "litestar.Litestar", "litestar.app.Litestar")
)
_CONTEXT_VARIABLE = "contextvars.ContextVar"


class Skipped(NamedTuple):
    """Something that an exception at a ``yield`` skips: how it is written, and its span."""

    label: str
    place: tuple[int, int, int, int]


def kind_of_generator(world: World, path: str, scope: Scope) -> str:
    """``context`` for a decorated context manager, ``dependency`` for an injected one, ``""`` for others."""
    names = {world.evaluator.decorator_name(path, scope, d) for d in scope.decorators}
    if names & known.CONTEXT_DECORATORS:
        return "context"
    return "dependency" if (path, scope.index) in world.reach.injected else ""


def left_by_generator(world: World, frame: Frame) -> Skipped | None:
    """The cleanup that a failing request, or body of a ``with``, skips in a generator that serves one."""
    if not frame.scope.yields or not kind_of_generator(world, frame.path, frame.scope):
        return None
    return None if is_lifespan(world, frame) else skipped_cleanup(world, frame)


def is_lifespan(world: World, frame: Frame) -> bool:
    """Whether a generator surrounds the life of an application: no request raises in it."""
    scope = frame.scope
    if "lifespan" in name_words(scope.name):
        return True
    for row in scope.params:
        value = world.evaluator.name(row[Param.NAME], frame, 0, 0)
        if any(
            m.kind == "inst" and _APPLICATIONS & world.classes.library_bases(m.name) for m in members(value)
        ):
            return True
    return False


def skipped_cleanup(world: World, frame: Frame) -> Skipped | None:
    """The first cleanup after the last ``yield`` that an exception at the ``yield`` skips."""
    scope = frame.scope
    _, block, order, _ = scope.yields[-1]
    if any(scope.blocks[b][Block.KIND] in ("for", "afor", "while") for b in scope.ancestors(block)):
        return None
    for row in scope.calls:
        if row[Call.ORDER] <= order or not _cleans_up(world, row, frame):
            continue
        is_safe = _is_guarded(scope, row[Call.BLOCK]) or _is_held(scope, row, block)
        if not is_safe and not _is_repeated(scope, row):
            place = (row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])
            return Skipped(describe(row[Call.FUNC], scope), place)
    return _skipped_restoring(scope, order)


def _is_guarded(scope: Scope, block: int) -> bool:
    """Whether a place is reached after an exception, too."""
    return any(scope.blocks[b][Block.KIND] in ("finally", "except") for b in scope.ancestors(block))


def _skipped_restoring(scope: Scope, order: int) -> Skipped | None:
    """An attribute that gets its old value back after the ``yield``, or is switched off again."""
    first = scope.yields[0][2]
    for row in scope.stores:
        if row[Store.ORDER] <= order or _is_guarded(scope, row[Store.BLOCK]):
            continue
        target = (row[Store.VALUE], row[Store.ATTR])
        before = [r for r in scope.stores if r[Store.ORDER] < first and _target(r) == _target(row)]
        again = [r for r in scope.stores if _is_guarded(scope, r[Store.BLOCK]) and _target(r) == _target(row)]
        if before and not again and _restores(scope, row[Store.EXPR], target, before[-1][Store.EXPR]):
            place = (row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN])
            return Skipped(f"{describe(row[Store.VALUE], scope)}.{row[Store.ATTR]} = ...", place)
    return None


def _target(row: list[Any]) -> tuple[Any, str]:
    """What a store stores to; where an attribute on the way is read makes no difference."""
    return _path(row[Store.VALUE]), row[Store.ATTR]


def _path(expr: Expr) -> Any:
    return (*_path(expr[1]), expr[2]) if expr is not None and expr[0] == "a" else (expr,)


def _restores(scope: Scope, value: Expr, target: tuple[Expr, str], before: Expr) -> bool:
    """Whether a value is what the attribute was before, or switches off what was switched on."""
    if value is not None and value[0] == "n":
        kept = [row[Bind.EXPR] for row in scope.binds.get(value[1], ())]
        wanted = (*_path(target[0]), target[1])
        return len(kept) == 1 and kept[0] is not None and kept[0][0] == "a" and _path(kept[0]) == wanted
    return before == ["k", True] and value in (["k", False], ["k", None])


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

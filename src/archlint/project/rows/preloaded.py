"""What a function has loaded on a row by other means than the query the row came from.

Under an ``AsyncSession`` a lazy relation cannot be read, so working code loads it beforehand: with
``awaitable_attrs``, with ``refresh``, with a query of its own whose loader options fill the same rows,
by assigning it, or because the session holds the related row already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Block, Call, Expr, Param, Read, Scope, Store
from archlint.model.uses import uses
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.rows.relations import Relation
    from archlint.project.world import World

_LOADERS = frozenset(("selectinload", "joinedload", "subqueryload", "immediateload", "contains_eager"))
_SYNC_SIDE = frozenset(("run_sync", "greenlet_spawn"))
_SELECTS = frozenset(("select", "query", "add_columns", "with_only_columns"))
#: Project functions followed below a call that may load a relation.
_DEPTH = 2


def is_preloaded(world: World, frame: Frame, block: int, order: int, model: str, relation: str) -> bool:
    """Whether ``relation`` may be loaded already when a function comes to ``order``."""
    scope = frame.scope
    return (
        _loads(world, frame, relation, order, _DEPTH)
        or any(row[Store.ATTR] == relation and row[Store.ORDER] < order for row in scope.stores)
        or is_tested(scope, block, relation)
        or runs_in_greenlet(world, frame)
        or _in_session(world, frame, order, model, relation)
    )


def _loads(world: World, frame: Frame, relation: str, order: int, depth: int) -> bool:
    scope = frame.scope
    for read in scope.reads:
        if read[Read.ATTR] == relation and read[Read.ORDER] < order and _is_awaitable(read[Read.VALUE]):
            return True
    for index, row in enumerate(scope.calls):
        if row[Call.ORDER] >= order:
            continue
        word = _word(row[Call.FUNC])
        if any(_last(a) == relation for a in row[Call.ARGS]) and _is_loader(world, frame, index, word):
            return True
        if word == "refresh" and _refreshes(row, relation):
            return True
        if (
            depth
            and (row[Call.ARGS] or row[Call.KEYWORDS] or word)
            and _below(world, frame, index, relation, depth)
        ):
            return True
    return False


def _is_loader(world: World, frame: Frame, index: int, word: str) -> bool:
    """Whether a call is a loader option, under whatever name it was imported."""
    if word in _LOADERS:
        return True
    callee = world.evaluator.callee(index, frame)
    return callee is not None and callee.kind == "lib" and callee.name.rpartition(".")[2] in _LOADERS


def _below(world: World, frame: Frame, index: int, relation: str, depth: int) -> bool:
    """Whether a project function called earlier loads the relation."""
    for callee in members(world.evaluator.callee(index, frame)):
        scope = world.function(callee.name) if callee.kind == "func" else None
        if scope is None:
            continue
        path = callee.name.rpartition(":")[0]
        inner = world.evaluator.frame(path, scope.index, (), 2)
        if _loads(world, inner, relation, 1 << 60, depth - 1):
            return True
    return False


def _is_awaitable(expr: Expr) -> bool:
    return expr is not None and expr[0] == "a" and expr[2] == "awaitable_attrs"


def _refreshes(row: list[Any], relation: str) -> bool:
    """``refresh(obj, ["relation"])``; names that cannot be read count as this one."""
    names = dict(row[Call.KEYWORDS]).get(
        "attribute_names", row[Call.ARGS][1] if len(row[Call.ARGS]) > 1 else None
    )
    if names is None:
        return False
    if names[0] not in ("l", "t", "e"):
        return True
    return any(e is None or e[0] != "k" or e[1] == relation for e in names[1])


def is_tested(scope: Scope, block: int, relation: str) -> bool:
    """Whether a test around a place names the relation or looks into the row's state."""
    return any(
        scope.blocks[b][Block.KIND] == "if" and _asks(scope.blocks[b][Block.EXPR], scope, relation, 6)
        for b in scope.ancestors(block)
    )


def _asks(expr: Expr, scope: Scope, relation: str, depth: int) -> bool:
    if not isinstance(expr, list) or not expr or depth == 0:
        return False
    if expr[0] == "k":
        return bool(expr[1] == relation)
    if expr[0] == "a" and len(expr) == 4 and expr[2] in ("unloaded", "__dict__"):
        return True
    if expr[0] == "c" and len(expr) == 2 and isinstance(expr[1], int):
        row = scope.calls[expr[1]]
        return any(_asks(e, scope, relation, depth - 1) for e in (row[Call.FUNC], *row[Call.ARGS]))
    return any(_asks(part, scope, relation, depth - 1) for part in expr[1:] if isinstance(part, list))


def runs_in_greenlet(world: World, frame: Frame) -> bool:
    """Whether a function is handed to ``run_sync``, where lazy loading works."""
    mine = (["f", frame.scope.index], ["n", frame.scope.name])
    return any(
        _word(row[Call.FUNC]) in _SYNC_SIDE and any(a in mine for a in row[Call.ARGS])
        for scope in world.summary(frame.path).scopes
        for row in scope.calls
    )


def _in_session(world: World, frame: Frame, order: int, model: str, relation: str) -> bool:
    """Whether the row that a to-one relation leads to may be in the session already.

    Reading such a relation looks into the session first: a row of that class at hand is taken as
    a sign that it is found there. A parameter that is never used has chosen no rows: it says who may call.
    """
    found = world.relations.of(model, relation)
    if found is None or found.many:
        return False
    scope = frame.scope
    summary = world.summary(frame.path)
    names = (row[Param.NAME] for row in scope.params if uses(summary, scope, row[Param.NAME]))
    values = [world.evaluator.name(name, frame, 0, 0) for name in names]
    calls = (index for index, row in enumerate(scope.calls) if row[Call.ORDER] < order)
    return any(_holds(value, found.target, 3) for value in values) or any(
        _gives(world, frame, index, found.target) for index in calls
    )


def is_asked_for(world: World, frame: Frame, loop: int, order: int, relation: Relation) -> bool:
    """Whether a pass has asked for the row that a to-one relation leads to: the session knows it then."""
    if relation.many or relation.orm != "sqlalchemy":
        return False
    scope = frame.scope
    return any(
        row[Call.ORDER] < order
        and loop in scope.ancestors(row[Call.BLOCK])
        and _gives(world, frame, index, relation.target)
        for index, row in enumerate(scope.calls)
    )


def _gives(world: World, frame: Frame, index: int, target: str) -> bool:
    """Whether a call gives rows of a class, or begins a query for them."""
    values = [world.evaluator.call(index, frame)]
    row = frame.scope.calls[index]
    if _word(row[Call.FUNC]) in _SELECTS:
        values += [world.evaluator.instantiate_all(a) for a in world.evaluator.arguments(row, frame)]
    return any(_holds(value, target, 3) for value in values)


def _holds(value: Type | None, target: str, depth: int) -> bool:
    for member in members(value):
        if member.kind == "inst" and is_project(member.name) and member.name == target:
            return True
        holds = member.kind == "coro" or member.name in ("list", "set", "tuple", "dict")
        if depth and holds and any(_holds(a, target, depth - 1) for a in member.args):
            return True
    return False


def _word(callee: Expr) -> str:
    if callee is None:
        return ""
    return str(callee[1]) if callee[0] == "n" else str(callee[2]) if callee[0] == "a" else ""


def _last(expr: Expr) -> str:
    return str(expr[2]) if expr is not None and expr[0] == "a" else ""

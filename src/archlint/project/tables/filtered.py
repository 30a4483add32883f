"""Rows of a whole table that Python goes through to find some of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.relations import COLUMNS
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr
from archlint.model.uses import uses
from archlint.project.rows.columns import Column, column_of
from archlint.project.tables.loaded_rows import is_whole_table
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.world import World

_END = 1 << 60
_ITERATES = LOOPS - {"while"}
#: Functions of the project that are followed to a query, and names and copies inside each of them.
_CALLS, _STEPS = 2, 6


class Filtered(NamedTuple):
    """The model whose rows are gone through, and the column they are chosen by."""

    model: str
    column: str


def goes_through_table(function: Function) -> bool:
    """Whether a function iterates all rows of a table: few do, and only these are read more closely."""
    scope, frame, world = function.scope, function.frame, function.file.world
    iterated = [row[Block.EXPR] for row in scope.blocks if row[Block.KIND] in _ITERATES]
    iterated += [
        row[Call.ARGS][-1] for row in scope.calls if row[Call.FUNC] == ["n", "filter"] and row[Call.ARGS]
    ]
    return any(_is_whole(world, frame, expr) for expr in iterated)


def filtered_model(file: File, iterated: ast.expr, columns: list[str]) -> Filtered | None:
    """The model and column of a loop over all rows of a table; ``?name`` asks a column for its truth."""
    if isinstance(iterated, ast.Await):
        iterated = iterated.value
    if not isinstance(iterated, ast.Call | ast.Name):
        return None
    function = file.function_at(iterated)
    if function is None:
        return None
    frame = function.frame
    expr = _lowered(file, frame, iterated)
    if expr is None or not _is_whole(file.world, frame, expr):
        return None
    row = _row(file, frame, expr)
    info = file.world.classes.info(row.name) if row is not None else None
    if row is None or info is None:
        return None
    for name in columns:
        column = column_of(file.world, row.name, name.lstrip("?"))
        if column is not None and (name[0] != "?" or _is_flag(column)):
            return Filtered(info.name, column.name)
        if column is None and name[0] != "?" and _is_key(file.world, row.name, name):
            return Filtered(info.name, name)
    return None


def _is_key(world: World, key: str, name: str) -> bool:
    """Whether an attribute is a relation to one row, or the raw key that Django keeps beside it."""
    for attr in (name, name.removesuffix("_id")):
        relation = world.relations.of(key, attr)
        if relation is not None and world.classes.find(key, attr) is not None:
            return not relation.many and not relation.generic
    return False


def _is_whole(world: World, frame: Frame, expr: Expr, calls: int = _CALLS, steps: int = _STEPS) -> bool:
    """Whether an expression holds all rows of a model, queried here or by functions of the project.

    ``rows = list(rows)`` leads back to itself: names are followed so many steps only.
    """
    if not steps:
        return False
    call = frame.scope.calls[expr[1]] if expr is not None and expr[0] == "c" else None
    if call is not None and call[Call.FUNC] == ["n", "list"] and call[Call.ARGS]:
        return _is_whole(world, frame, call[Call.ARGS][0], calls, steps - 1)
    if is_whole_table(world, frame, expr):
        return True
    if expr is not None and expr[0] == "n":
        rows = frame.scope.binds.get(expr[1], ())
        return len(rows) == 1 and _is_whole(world, frame, rows[0][Bind.EXPR], calls, steps - 1)
    if expr is not None and expr[0] == "w":
        return _is_whole(world, frame, expr[1], calls, steps - 1)
    if call is None or not calls:
        return False
    callees = members(world.evaluator.callee(expr[1], frame))
    if len(callees) != 1 or callees[0].kind != "func":
        return False
    returned = world.api.listing.returned(callees[0], call, frame)
    return bool(returned) and all(_is_whole(world, at.frame, at.expr, calls - 1) for at in returned)


def _lowered(file: File, frame: Frame, node: ast.expr) -> Expr:
    """The summary's expression for a call or for a name that is used here only."""
    scope = frame.scope
    if isinstance(node, ast.Name):
        found = uses(file.world.summary(frame.path), scope, node.id)
        return ["n", node.id] if len(found) == 1 and len(scope.binds.get(node.id, ())) == 1 else None
    place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    for index, row in enumerate(scope.calls):
        if tuple(row[Call.LINE : Call.END_COLUMN + 1]) == place:
            return ["c", index]
    return None


def _row(file: File, frame: Frame, expr: Expr) -> Type | None:
    """The one model whose rows an expression gives."""
    evaluator = file.world.evaluator
    value = evaluator.awaited_or_self(evaluator.eval(expr, frame, 0, _END))
    rows = members(evaluator.iterate(value) or evaluator.iterate(value, True))
    if len(rows) != 1 or rows[0].kind != "inst" or not is_project(rows[0].name):
        return None
    return rows[0] if file.world.models.is_model(rows[0].name) else None


def _is_flag(column: Column) -> bool:
    """Whether a column is true or false."""
    if COLUMNS.get(column.made) == "bool":
        return True
    words = [
        str(part) for expr in (*column.row[Call.ARGS], column.annotation) if expr for part in _names(expr)
    ]
    return bool({"Boolean", "bool", "BOOLEAN"} & set(words))


def _names(expr: Expr) -> list[str]:
    found: list[str] = []
    pending = [expr]
    while pending:
        here = pending.pop()
        if isinstance(here, list):
            pending += here
        elif isinstance(here, str):
            found.append(here)
    return found


def names_in(node: ast.expr) -> set[str]:
    """The names that an expression uses."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}

"""Conditions of SQLAlchemy by which all rows of a query share a key, and so the row that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Methods whose arguments must all hold.
CONDITIONS = frozenset(("where", "filter", "filter_by"))


def shared(world: World, found: Type, row: list[Any], frame: Frame) -> list[str]:
    """The relations, as facts ``~name``, that lead all rows of a query to the same row."""
    models = [m.name for m in members(found.args[0] if found.args else None) if m.kind == "inst"]
    columns = list(_compared(world, row, frame))
    return [
        f"~{relation}"
        for model in models
        for owner, column in columns
        if not owner or world.classes.is_subclass(model, owner)
        for relation in (column, *world.relations.along(model, column))
    ]


def _compared(world: World, row: list[Any], frame: Frame) -> Iterator[tuple[str, str]]:
    """The columns that a call demands one value of, each with its model where it is named."""
    for key, expr in row[Call.KEYWORDS]:
        if key is not None and expr != ["k", None]:
            yield "", key
    for expr in row[Call.ARGS]:
        if expr is None or expr[:2] != ["m", "=="]:
            continue
        for side, other in ((expr[2], expr[3]), (expr[3], expr[2])):
            owner = _owner(world, side, row, frame)
            if owner and not _owner(world, other, row, frame):
                yield owner, side[2]


def _owner(world: World, expr: Expr, row: list[Any], frame: Frame) -> str:
    """The class whose attribute an expression is: ``Order.customer_id``."""
    if expr is None or expr[0] != "a":
        return ""
    value = world.evaluator.eval(expr[1], frame, row[Call.BLOCK], row[Call.ORDER])
    return value.name if value is not None and value.kind in ("class", "lib") else ""

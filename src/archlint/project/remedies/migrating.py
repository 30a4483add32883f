"""Migrations that can be taken back, and that fill the rows which are there."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.model.summary import Expr
from archlint.project.remedies.places import call_at, text_of
from archlint.project.rows.columns import columns_of, keyword
from archlint.project.tables.migrations import Operation, column_call

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.world import World

#: Texts as Alembic and the database say them.
_TRUTH = {True: "sqlalchemy:true", False: "sqlalchemy:false"}


def reversible(file: File, location: Location, keyword: str) -> Fix | None:
    """``noop`` as the way back of an operation of Django: what it did stays."""
    node = call_at(file, location)
    if node is None or not isinstance(node.func, ast.Name | ast.Attribute):
        return None
    recipe = Recipe.of("keyword", location, name=keyword, code=f"{text_of(file, node.func)}.noop")
    return Fix("Say that nothing has to be undone", Applicability.UNSAFE, recipes=(recipe,))


def filled(file: File, operation: Operation) -> Fix | None:
    """``server_default`` for a new column: the default that it, or its model, gives new rows in Python."""
    row = column_call(operation)
    if row is None:
        return None
    default = keyword(row, "default") or _default_in_model(file.world, operation)
    value = default[1] if default is not None and default[0] == "k" else None
    if isinstance(value, bool):
        recipe = Recipe.of("keyword", file.span(row), _TRUTH[value], name="server_default", code="$0()")
    elif isinstance(value, str | int | float):
        code = json.dumps(str(value), ensure_ascii=False)
        recipe = Recipe.of("keyword", file.span(row), name="server_default", code=code)
    else:
        return None
    return Fix("Fill the rows that are there with the default", Applicability.UNSAFE, recipes=(recipe,))


def _default_in_model(world: World, operation: Operation) -> Expr:
    """The default of the column in the one model of its table."""
    models = [
        f"{path}:{scope.index}"
        for path, scope in world.models.classes()
        if operation.table in world.models.tables(scope)
        and world.models.orm_of(f"{path}:{scope.index}") == "sqlalchemy"
    ]
    columns = columns_of(world, models[0]).values() if len(models) == 1 else ()
    found = [column for column in columns if operation.column == column.stored]
    given = [keyword(column.row, name) for column in found for name in ("server_default", "default")]
    return next((expr for expr in given if expr is not None), None)

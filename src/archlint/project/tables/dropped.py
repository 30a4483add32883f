"""Columns that a migration drops while the code still uses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Read
from archlint.project.roles import role_of
from archlint.project.rows.columns import columns_of
from archlint.project.tables.migrations import Operation
from archlint.project.types import members
from archlint.project.words import DEFINES

if TYPE_CHECKING:
    from archlint.project.world import World

_DROPS = {"drop_column": "add_column", "RemoveField": "AddField"}


class Dropped(NamedTuple):
    """A dropped column and a place that uses it."""

    operation: Operation
    model: str
    path: str
    line: int
    how: str  # "declares", "reads"


def still_used(world: World, path: str) -> Iterator[Dropped]:
    """The columns that the newest migration of a line drops and that the code declares or reads."""
    migrations = world.migrations
    operations: list[Operation] = []
    if migrations.revision(path) is not None:
        if any(head.path == path for head in migrations.heads(path)):
            operations = migrations.upgrade(path)
    elif "/migrations/" in f"/{path}" and migrations.is_django_head(path):
        operations = migrations.django(path)
    for each in operations:
        added = _DROPS.get(each.kind)
        if added is None or not each.table or not each.column:
            continue
        if any(o.kind == added and (o.table, o.column) == (each.table, each.column) for o in operations):
            # Dropped and made anew: the column stays.
            continue
        for model in _models(world, path, each):
            found = _declared(world, model, each) or _read(world, model, each)
            if found is not None:
                yield found
                break


def _models(world: World, path: str, operation: Operation) -> list[str]:
    """The models, by their keys, of the table that an operation changes."""
    if operation.kind == "RemoveField":
        app = path.rpartition("/migrations/")[0]
        return [
            f"{home}:{scope.index}"
            for home in world.modules.files()
            if home.startswith(f"{app}/")
            and "/migrations/" not in home
            and operation.table in _text(world, home).lower()
            for scope in world.summary(home).scopes
            if scope.kind == "class"
            and scope.name.lower() == operation.table
            and world.models.orm_of(f"{home}:{scope.index}") == "django"
        ]
    found = []
    for home in world.words.files(DEFINES, "__tablename__"):
        for scope in world.summary(home).scopes:
            rows = scope.binds.get("__tablename__", ()) if scope.kind == "class" else ()
            if rows and rows[-1][Bind.EXPR] == ["k", operation.table] and role_of(home) != "test":
                found.append(f"{home}:{scope.index}")
    return found


def _text(world: World, path: str) -> str:
    return (world.read(path) or b"").decode("utf-8", "replace")


def _declared(world: World, model: str, operation: Operation) -> Dropped | None:
    info = world.classes.info(model)
    if info is None:
        return None
    if world.models.orm_of(model) == "django":
        rows = info.scope.binds.get(operation.column, ())
        if rows and rows[-1][Bind.EXPR] is not None and rows[-1][Bind.EXPR][0] == "c":
            return Dropped(operation, info.name, info.path, rows[-1][Bind.LINE], "declares")
        return None
    for column in columns_of(world, model).values():
        if column.stored == operation.column:
            line = column.owner.binds[column.name][-1][Bind.LINE]
            return Dropped(operation, info.name, column.path, line, "declares")
    return None


def _read(world: World, model: str, operation: Operation) -> Dropped | None:
    """The first read of an attribute of that name on a row of the model, outside migrations and tests."""
    info = world.classes.info(model)
    if info is None or world.classes.find(model, operation.column) is not None:
        # Something else has the name now: a property, an association.
        return None
    for path in world.mentioning(operation.column):
        if role_of(path) in ("test", "migration"):
            continue
        for scope in world.summary(path).scopes:
            for row in scope.reads:
                if row[Read.ATTR] != operation.column or row[Read.VALUE] == ["n", "self"]:
                    continue
                frame = world.evaluator.frame(path, scope.index, (), 3)
                value = world.evaluator.eval(row[Read.VALUE], frame, row[Read.BLOCK], row[Read.ORDER])
                if any(m.kind in ("inst", "class") and m.name == model for m in members(value)):
                    return Dropped(operation, info.name, path, row[Read.LINE], "reads")
    return None

"""Columns that a migration drops while the code still uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Read, Scope
from archlint.project.evaluation.frames import END, called_word
from archlint.project.roles import role_of
from archlint.project.rows.columns import columns_of
from archlint.project.tables.migrations import Operation
from archlint.project.types import Type, members
from archlint.project.words import CALLS, arguments_of, last_word, parts_of_row

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Methods of query sets that name columns by texts.
_BY_TEXT = frozenset(
    (
        "values",
        "values_list",
        "order_by",
        "only",
        "defer",
        "distinct",
        "bulk_update",
        "select_related",
        "dates",
    )
)
#: Lists of an administration page that name columns.
_LISTS = frozenset(
    ("list_display", "list_filter", "search_fields", "ordering", "fields", "readonly_fields", "list_editable")
)
_COMPUTES = frozenset(("annotate", "alias", "aggregate", "extra"))
_STATEMENT = re.compile(r"(?i)\s*(?:select|insert|update|delete|with)\b")
_TABLES = re.compile(r"(?i)\b(?:from|join|into|update)\s+[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)")
_DROPS = {"drop_column": "add_column", "RemoveField": "AddField"}


class Dropped(NamedTuple):
    """A dropped column and a place that uses it."""

    operation: Operation
    model: str
    path: str
    line: int
    how: str  # "declares", "reads", "names"


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
        found = next(_uses(world, path, each), None)
        if found is not None:
            yield found


def _uses(world: World, path: str, operation: Operation) -> Iterator[Dropped]:
    """The places that use a dropped column, the declaration first."""
    models = _models(world, path, operation)
    for model in models:
        found = _declared(world, model, operation)
        if found is not None:
            yield found
    if operation.kind == "drop_column":
        yield from _in_tables(world, operation)
    for model in models:
        if world.classes.find(model, operation.column) is None:
            # Else something else has the name now: a property, an association.
            yield from _Uses(world, model, operation).found()
    yield from _in_statements(world, path, operation)


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
    return [
        f"{home}:{scope.index}"
        for home, scope in world.models.classes()
        if operation.table in world.models.tables(scope)
        and role_of(home) != "test"
        and world.models.orm_of(f"{home}:{scope.index}") == "sqlalchemy"
    ]


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


def _in_tables(world: World, operation: Operation) -> Iterator[Dropped]:
    """``Table("users", metadata, Column("nickname", …))``."""
    for path in world.words.files(CALLS, "Table"):
        if role_of(path) in ("test", "migration"):
            continue
        for scope in world.summary(path).scopes:
            frame = world.evaluator.frame(path, scope.index)
            for row in scope.calls:
                if _first(row) != ["k", operation.table] or called_word(row[Call.FUNC], frame) != "Table":
                    continue
                columns = (scope.calls[e[1]] for e in row[Call.ARGS] if e is not None and e[0] == "c")
                for column in columns:
                    is_column = called_word(column[Call.FUNC], frame) == "Column"
                    if is_column and _first(column) == ["k", operation.column]:
                        yield Dropped(operation, operation.table, path, column[Call.LINE], "declares")


def _in_statements(world: World, path: str, operation: Operation) -> Iterator[Dropped]:
    """Statements in SQL about the table alone that name the column."""
    table = operation.table
    if operation.kind == "RemoveField":
        table = f"{path.rpartition('/migrations/')[0].rpartition('/')[2]}_{table}"
    column = re.compile(rf"(?i)(?<!%\()(?<![\w:]){re.escape(operation.column)}(?!\w)")
    for home in world.mentioning(operation.column):
        if role_of(home) in ("test", "migration"):
            continue
        for scope in world.summary(home).scopes:
            for line, text in _statements(scope):
                if set(_TABLES.findall(text)) == {table} and column.search(text):
                    yield Dropped(operation, table, home, line, "names")


def _statements(scope: Scope) -> Iterator[tuple[int, str]]:
    """The statements that a function gives to calls, or keeps under a name, with their lines."""
    given = [(row[Call.LINE], expr) for row in scope.calls for expr in arguments_of(row)]
    given += [(row[Bind.LINE], row[Bind.EXPR]) for rows in scope.binds.values() for row in rows]
    for line, expr in given:
        pieces = expr[1] if expr is not None and expr[0] == "j" else [expr]
        texts = [str(piece[1]) if piece is not None and piece[0] == "k" else "?" for piece in pieces]
        text = "".join(texts)
        if _STATEMENT.match(text):
            yield line, text


class _Uses:
    """Where code uses a column of one model, migrations and tests left out."""

    def __init__(self, world: World, model: str, operation: Operation) -> None:
        self.world = world
        self.model = model
        self.column = operation.column
        self.operation = operation

    def found(self) -> Iterator[Dropped]:
        """All uses."""
        info = self.world.classes.info(self.model)
        for path in self.world.mentioning(self.column) if info is not None else ():
            if role_of(path) in ("test", "migration"):
                continue
            scopes = self.world.summary(path).scopes
            if any(self._makes(row) for scope in scopes for row in scope.calls):
                continue
            for scope in scopes:
                frame = self.world.evaluator.frame(path, scope.index, (), 3)
                for line, how in (*self._reads(frame), *self._calls(frame), *self._class(path, scope)):
                    yield Dropped(self.operation, info.name if info is not None else "", path, line, how)

    def _makes(self, row: list[Any]) -> bool:
        """Whether a query computes something of this name: ``annotate(nickname=…)``."""
        return last_word(row[Call.FUNC]) in _COMPUTES and any(k == self.column for k, _ in row[Call.KEYWORDS])

    def _reads(self, frame: Frame) -> Iterator[tuple[int, str]]:
        for row in frame.scope.reads:
            if row[Read.ATTR] != self.column or row[Read.VALUE] == ["n", "self"]:
                continue
            if self._is_of_model(row[Read.VALUE], frame, row[Read.BLOCK], row[Read.ORDER]):
                yield row[Read.LINE], "reads"

    def _calls(self, frame: Frame) -> Iterator[tuple[int, str]]:
        """What queries and constructors are given: ``User.nickname``, ``nickname="x"``, ``"-nickname"``."""
        for index, row in enumerate(frame.scope.calls):
            place = (row[Call.BLOCK], row[Call.ORDER])
            given = [part for expr in arguments_of(row) for part in parts_of_row(expr)]
            if any(
                part[0] == "a" and part[2] == self.column and self._is_of_model(part[1], frame, *place)
                for part in given
            ):
                yield row[Call.LINE], "reads"
            keys = [str(key) for key, _ in row[Call.KEYWORDS] if key is not None]
            texts = [part[1] for part in given if part[0] == "k" and isinstance(part[1], str)]
            texts = texts if last_word(row[Call.FUNC]) in _BY_TEXT else []
            if not any(self._names(text) for text in (*keys, *texts)):
                continue
            if any(self._is_about(callee) for callee in members(self.world.evaluator.callee(index, frame))):
                yield row[Call.LINE], "names"

    def _class(self, path: str, scope: Scope) -> Iterator[tuple[int, str]]:
        """Serializers, forms and pages of the administration that list the column."""
        if scope.kind != "class":
            return
        fields = self.world.serializers.rest.fields
        key = f"{path}:{scope.index}"
        model = fields.model(key)
        listed = fields.texts_of_meta(key, ("fields", "read_only_fields")) or set()
        if model is not None and model.name == self.model and self.column in listed:
            yield scope.line, "names"
        outer = self.world.evaluator.frame(path, max(scope.parent, 0), (), 3)
        registered = [outer.scope.calls[d[1]] for d in scope.decorators if d is not None and d[0] == "c"]
        if key == self.model or any(
            last_word(row[Call.FUNC]) == "register" and self._is_of_model(_first(row), outer, 0, END)
            for row in registered
        ):
            for name in _LISTS & scope.binds.keys():
                bind = scope.binds[name][-1]
                if any(
                    part[0] == "k" and self._names(str(part[1])) for part in parts_of_row(bind[Bind.EXPR])
                ):
                    yield bind[Bind.LINE], "names"

    def _is_of_model(self, expr: Expr, frame: Frame, block: int, order: int) -> bool:
        value = self.world.evaluator.eval(expr, frame, block, order)
        return any(m.kind in ("inst", "class") and m.name == self.model for m in members(value))

    def _is_about(self, callee: Type) -> bool:
        """Whether the model is made, or a query of it is asked."""
        if callee.kind == "class":
            return callee.name == self.model
        receiver = callee.args[0] if callee.kind == "lib" and callee.args else None
        return receiver is not None and self.model in (
            receiver.name,
            *(a.name for a in receiver.args if a is not None),
        )

    def _names(self, text: str) -> bool:
        return text.lstrip("-").partition("__")[0] == self.column


def _first(row: list[Any]) -> Expr:
    return row[Call.ARGS][0] if row[Call.ARGS] else None

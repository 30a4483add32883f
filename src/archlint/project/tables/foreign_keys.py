"""Foreign keys of SQLAlchemy models: which have an index, and what looks rows up by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.model.uses import atoms
from archlint.project.effects.base import model_of
from archlint.project.ledger import concluded
from archlint.project.roles import role_of
from archlint.project.rows.columns import Column, columns_of, is_true, keyword
from archlint.project.settings.requirements import asks_for
from archlint.project.tables.migrations import batch_table
from archlint.project.types import is_project, members
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_CREATE_INDEX = re.compile(
    r'(?is)create\s+(?:unique\s+)?index.*?\bon\s+(?:only\s+)?"?([\w.]+)"?[^(]*\(\s*"?(\w+)'
)
_INDEXES = ("create_index", "create_unique_constraint", "create_primary_key")
#: Calls whose arguments say by which columns rows are looked up.
_LOOKUPS = frozenset(
    ("where", "filter", "filter_by", "order_by", "join", "outerjoin", "having", "and_", "or_", "exists")
)
_CASCADES = frozenset(("CASCADE", "SET NULL", "SET DEFAULT"))
_MYSQL = ("pymysql", "mysqlclient", "aiomysql", "asyncmy", "mysql-connector-python")
_OTHERS = ("psycopg2", "psycopg2-binary", "psycopg", "asyncpg", "pg8000", "aiosqlite")


class ForeignKey(NamedTuple):
    """A foreign key without an index, and what makes the database look rows up by it."""

    column: Column
    used: str


class ForeignKeys:
    """Questions about keys and indexes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._lookups: dict[str, str] = world.answers()

    def unindexed(self, path: str, scope: Scope) -> Iterator[ForeignKey]:
        """The foreign keys of a class that no index serves, and that something looks rows up by."""
        key = f"{path}:{scope.index}"
        if self.world.models.orm_of(key) != "sqlalchemy" or self.indexes_itself:
            return
        columns = columns_of(self.world, key)
        leading = self._leading(path, scope)
        primary = [c.name for c in columns.values() if _is_any(c, "primary_key")]
        table = self._table(scope)
        for column in columns.values():
            call = self._foreign_key(column)
            if call is None or not self._is_declared_for(key, column, scope):
                continue
            if _is_any(column, "index") or _is_any(column, "unique") or column.name in primary[:1]:
                continue
            if {column.name, column.stored} & leading or (table, column.stored) in self.migrated:
                continue
            # A table that people fill by hand is read through at once when a row elsewhere is deleted.
            cascade = _cascade(call) if self.world.api.listing.grows(key) else ""
            used = cascade or self._looked_up(key, scope.name, column)
            if used:
                yield ForeignKey(column, used)

    def _is_declared_for(self, key: str, column: Column, scope: Scope) -> bool:
        """Whether a class is the one to report a column for: its own, or that of a base without a table."""
        if column.owner is scope:
            return True
        base = f"{column.path}:{column.owner.index}"
        if self.world.models.orm_of(base) == "sqlalchemy":
            return False
        tables = [
            k for k in self.world.classes.subclasses(base) if self.world.models.orm_of(k) == "sqlalchemy"
        ]
        return tables[:1] == [key]

    @property
    def indexes_itself(self) -> bool:
        """Whether the project runs on MySQL alone, which makes an index for every foreign key."""
        asks = self.world
        return any(asks_for(asks, name) for name in _MYSQL) and not any(
            asks_for(asks, name) for name in _OTHERS
        )

    def _foreign_key(self, column: Column) -> list[object] | None:
        """The call of `ForeignKey` in a column; its own call where `Field(foreign_key=...)` says it."""
        for expr in (*column.row[Call.ARGS], keyword(column.row, "sa_column")):
            if expr is None or expr[0] != "c":
                continue
            call = column.owner.calls[expr[1]]
            if self._word(column.path, call[Call.FUNC]) == "ForeignKey":
                return call
            if self._word(column.path, call[Call.FUNC]) == "Column":
                inner = self._foreign_key(column._replace(row=call))
                if inner is not None:
                    return inner
        return column.row if keyword(column.row, "foreign_key") is not None else None

    def _word(self, path: str, expr: Expr) -> str:
        """The last word of a callee, as the library calls it."""
        word = last_word(expr)
        return self.world.summary(path).renamed.get(word, word)

    @staticmethod
    def _table(scope: Scope) -> str:
        rows = scope.binds.get("__tablename__", ())
        expr = rows[-1][Bind.EXPR] if rows else None
        # SQLModel names the table after the class.
        return str(expr[1]) if expr is not None and expr[0] == "k" else scope.name.lower()

    def _leading(self, path: str, scope: Scope) -> set[str]:
        """The first columns of the composite keys and indexes that a class, or its module, declares."""
        found = set()
        for row in scope.calls:
            word = self._word(path, row[Call.FUNC])
            given = row[Call.ARGS][1:] if word == "Index" else row[Call.ARGS]
            if word in ("Index", "UniqueConstraint", "PrimaryKeyConstraint") and given:
                found.add(_column_word(given[0]))
        for row in self.world.summary(path).scopes[0].calls:
            if self._word(path, row[Call.FUNC]) == "Index" and len(row[Call.ARGS]) > 1:
                first = row[Call.ARGS][1]
                if any(atom == ["n", scope.name] for atom in atoms(first)):
                    found.add(_column_word(first))
        return found

    # -- migrations -------------------------------------------------------------------------------

    @concluded
    def migrated(self) -> frozenset[tuple[str, str]]:
        """Tables and the first columns of the indexes that migrations create."""
        return frozenset(self._read_migrations())

    def _read_migrations(self) -> Iterator[tuple[str, str]]:
        words = self.world.words
        for path in sorted(
            {p for word in (*_INDEXES, "create_table") for p in words.files(CALLS, word)}
            | {p for p in words.files(CALLS, "execute") if role_of(p) == "migration"}
        ):
            for scope in self.world.summary(path).scopes:
                for row in scope.calls:
                    yield from self._created(scope, row)

    def _created(self, scope: Scope, row: list[Any]) -> Iterator[tuple[str, str]]:
        word = last_word(row[Call.FUNC])
        args: list[Expr] = row[Call.ARGS]
        if word in _INDEXES:
            names = [expr for expr in args if expr is not None and expr[0] == "l"]
            listed = names[0] if names else keyword(row, "columns")
            first = listed[1][0] if listed is not None and listed[0] == "l" and listed[1] else None
            tables = [keyword(row, "table_name"), *args[:2]]
            if first is not None and first[0] == "k":
                # Helpers of projects name the table first, Alembic the index.
                for table in (
                    batch_table(scope, row[Call.FUNC], row[Call.ORDER]) or "",
                    *(t[1] for t in tables if t is not None and t[0] == "k"),
                ):
                    yield str(table), str(first[1])
        elif word == "create_table" and args and args[0] is not None and args[0][0] == "k":
            for column in _keys_of_table(scope, args[1:]):
                yield str(args[0][1]), column
        elif word in ("execute", "text"):
            for expr in args[:1]:
                if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
                    for table_name, column in _CREATE_INDEX.findall(expr[1]):
                        yield table_name.rpartition(".")[2], column

    # -- lookups ------------------------------------------------------------------------------------

    def _looked_up(self, key: str, model: str, column: Column) -> str:
        """Where a query filters, joins or sorts by a column; ``""`` if none is found."""
        ident = f"{key}.{column.name}"
        if ident not in self._lookups:
            self._lookups[ident] = self._search(key, model, column)
        return self._lookups[ident]

    def _search(self, key: str, model: str, column: Column) -> str:
        for path in self.world.mentioning(column.name):
            if role_of(path) in ("test", "migration"):
                continue
            for scope in self.world.summary(path).scopes:
                for index, row in enumerate(scope.calls):
                    if last_word(row[Call.FUNC]) in _LOOKUPS and self._mentions(
                        key, path, scope, index, column
                    ):
                        return f"{path}:{row[Call.LINE]}"
        return ""

    def _mentions(self, key: str, path: str, scope: Scope, index: int, column: Column) -> bool:
        row = scope.calls[index]
        frame = self.world.evaluator.frame(path, scope.index, (), 3)
        for expr in row[Call.ARGS]:
            for atom in atoms(expr):
                if atom[0] == "a" and atom[2] == column.name:
                    owner = self.world.evaluator.eval(atom[1], frame, row[Call.BLOCK], row[Call.ORDER])
                    if any(m.kind == "class" and self._is_same(m.name, key) for m in members(owner)):
                        return True
        if last_word(row[Call.FUNC]) == "filter_by" and keyword(row, column.name) is not None:
            owner = self.world.evaluator.eval(row[Call.FUNC][1], frame, row[Call.BLOCK], row[Call.ORDER])
            return any(self._is_same(model_of(m, self.world), key) for m in members(owner))
        return False

    def _is_same(self, name: str, key: str) -> bool:
        return name == key or (is_project(name) and self.world.classes.is_subclass(name, key))


def _is_any(column: Column, name: str) -> bool:
    """Whether a column sets a keyword, itself or in its `sa_column`."""
    inner = keyword(column.row, "sa_column")
    rows = [column.row, *([column.owner.calls[inner[1]]] if inner is not None and inner[0] == "c" else [])]
    return any(is_true(row, name) for row in rows)


def _cascade(call: list[object]) -> str:
    """What the database does to the rows when the one they point to is deleted."""
    given = keyword(call, "ondelete")
    return (
        str(given[1]).upper()
        if given is not None and given[0] == "k" and str(given[1]).upper() in _CASCADES
        else ""
    )


def _column_word(expr: Expr) -> str:
    """The column that an index names: as text, as an attribute or as a local name."""
    if expr is not None and expr[0] == "k":
        return str(expr[1])
    return last_word(expr)


def _keys_of_table(scope: Scope, args: list[Expr]) -> Iterator[str]:
    """The first columns of the keys and indexes that `create_table` makes."""
    for expr in args:
        row = scope.calls[expr[1]] if expr is not None and expr[0] == "c" else None
        first = row[Call.ARGS][0] if row is not None and row[Call.ARGS] else None
        if row is None or first is None or first[0] != "k":
            continue
        word = last_word(row[Call.FUNC])
        is_key = any(is_true(row, name) for name in ("index", "unique"))
        if word in ("UniqueConstraint", "PrimaryKeyConstraint") or (word == "Column" and is_key):
            yield str(first[1])

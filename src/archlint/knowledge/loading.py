"""How queries are loaded whole, and which calls narrow them."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Methods that bring all rows of a query into memory.
LOADS_ALL: frozenset[str] = frozenset(
    (
        "sqlalchemy.orm.Query.all",
        "sqlalchemy.engine.ScalarResult.all",
        "sqlalchemy.engine.ScalarResult.fetchall",
        "sqlalchemy.engine.Result.all",
        "sqlalchemy.engine.Result.fetchall",
        "sqlalchemy.engine.CursorResult.all",
        "sqlalchemy.engine.CursorResult.fetchall",
        "flask_sqlalchemy.BaseQuery.all",
    )
)

#: Functions that begin a statement.
SELECTS: frozenset[str] = frozenset(("sqlalchemy.select", "sqlmodel.select", "sqlalchemy.future.select"))

#: Methods of sessions that run the statement they are given.
RUNS: frozenset[str] = frozenset(("execute", "scalars", "exec", "stream", "stream_scalars"))

#: By class of a library, the method that loads for all objects what others ask for each.
LOADS_AHEAD: dict[str, str] = {"guardian.core.ObjectPermissionChecker": "prefetch_perms"}

#: Methods of a chain that leave all rows in: whatever else is called may narrow the query.
LEAVES_ALL: frozenset[str] = frozenset(
    (
        "all",
        "scalars",
        "execute",
        "exec",
        "unique",
        "fetchall",
        "query",
        "select",
        "options",
        "order_by",
        "select_related",
        "prefetch_related",
        "only",
        "defer",
        "using",
        "get_queryset",
        "iterator",
    )
)

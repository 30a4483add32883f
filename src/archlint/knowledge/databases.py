"""Objects on which a function works on the database itself, and what of them is such work."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Sessions and connections of SQLAlchemy; those of drivers are known by the letter Q of their methods.
CONNECTIONS: frozenset[str] = frozenset(
    (
        "sqlalchemy.orm.Session",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.engine.Connection",
        "sqlalchemy.engine.Engine",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.ext.asyncio.AsyncConnection",
        "sqlalchemy.ext.asyncio.async_scoped_session",
        "sqlmodel.Session",
        "sqlmodel.ext.asyncio.session.AsyncSession",
    )
)

#: Methods of these that read or write rows. Those that only end a transaction are none.
CONNECTION_WORK: frozenset[str] = frozenset(
    (
        "query",
        "get",
        "get_one",
        "execute",
        "exec",
        "scalar",
        "scalars",
        "stream",
        "stream_scalars",
        "add",
        "add_all",
        "delete",
        "delete_all",
        "merge",
        "merge_all",
        "bulk_save_objects",
        "bulk_insert_mappings",
        "bulk_update_mappings",
    )
)

#: Methods of queries and of drivers that touch no row by themselves.
NO_WORK: frozenset[str] = frozenset(
    (
        "commit",
        "rollback",
        "flush",
        "prepare",
        "begin",
        "close",
        "ping",
        "none",
        "as_manager",
        "db_manager",
        "connect",
        "get_queryset",
        "connection",
        "cursor",
    )
)

#: Methods of sessions that write the rows they are given.
WRITES: frozenset[str] = frozenset(
    (
        "add",
        "add_all",
        "delete",
        "delete_all",
        "merge",
        "bulk_save_objects",
        "bulk_insert_mappings",
        "bulk_update_mappings",
    )
)
#: Statements that write when a connection runs them.
WRITE_STATEMENTS: frozenset[str] = frozenset(("sqlalchemy.Insert", "sqlalchemy.Update", "sqlalchemy.Delete"))

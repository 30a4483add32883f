"""What SQL database drivers return, query and block on.

``dbapi.Connection`` and ``dbapi.Cursor`` stand for what PEP 249 asks of every synchronous driver; the
drivers derive from them. Fetching reads rows of a query that was counted when it was executed: it
blocks, but is no query of its own. Statements are text, so ``execute`` carries no ``W``;
``executemany`` is for writing.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # synchronous drivers connect, and block, at once
    "psycopg2.connect": "B -> psycopg2.extensions.connection", "psycopg.connect": "B -> psycopg.Connection",
    "pymysql.connect": "B -> pymysql.connections.Connection", "MySQLdb.connect": "B -> MySQLdb.connections.Connection",
    "mysql.connector.connect": "B -> mysql.connector.MySQLConnection",
    "mariadb.connect": "B -> dbapi.Connection", "pyodbc.connect": "B -> pyodbc.Connection",
    "pymssql.connect": "B -> dbapi.Connection", "cx_Oracle.connect": "B -> cx_Oracle.Connection",
    "oracledb.connect": "B -> oracledb.Connection", "trino.dbapi.connect": "-> trino.dbapi.Connection",
    "prestodb.dbapi.connect": "-> dbapi.Connection", "pyhive.hive.connect": "B -> dbapi.Connection",
    "pyhive.presto.connect": "-> dbapi.Connection", "pg8000.connect": "B -> dbapi.Connection",
    "pg8000.dbapi.connect": "B -> dbapi.Connection", "redshift_connector.connect": "B -> dbapi.Connection",
    "vertica_python.connect": "B -> dbapi.Connection", "ibm_db_dbi.connect": "B -> dbapi.Connection",
    "turbodbc.connect": "B -> dbapi.Connection", "fdb.connect": "B -> dbapi.Connection",
    "teradatasql.connect": "B -> dbapi.Connection", "pyathena.connect": "-> dbapi.Connection",
    "pymonetdb.connect": "B -> dbapi.Connection", "jaydebeapi.connect": "B -> dbapi.Connection",
    "duckdb.connect": "BF -> duckdb.DuckDBPyConnection", "duckdb.query": "BQ -> duckdb.DuckDBPyRelation",
    "duckdb.sql": "BQ -> duckdb.DuckDBPyRelation", "duckdb.execute": "BQ -> duckdb.DuckDBPyConnection",
    "psycopg2.extras.execute_values": "BQWM", "psycopg2.extras.execute_batch": "BQWM",
    "psycopg2.extras.register_uuid": "", "psycopg2.extras.wait_select": "B",

    "oracledb.create_pool": "B -> oracledb.ConnectionPool",
    # asynchronous drivers
    "asyncpg.connect": "A -> asyncpg.Connection", "asyncpg.create_pool": "-> asyncpg.Pool",
    "aiopg.connect": "-> aiopg.Connection", "aiopg.create_pool": "-> aiopg.Pool",
    "aiopg.sa.create_engine": "-> aiopg.sa.Engine",
    "aiomysql.connect": "-> aiomysql.Connection", "aiomysql.create_pool": "-> aiomysql.Pool",
    "aiomysql.sa.create_engine": "-> aiopg.sa.Engine", "asyncmy.connect": "-> aiomysql.Connection",
    "asyncmy.create_pool": "-> aiomysql.Pool", "aiosqlite.connect": "-> aiosqlite.Connection",
    "aioodbc.connect": "-> aioodbc.Connection", "aioodbc.create_pool": "-> aioodbc.Pool",
    "oracledb.connect_async": "A -> oracledb.AsyncConnection",
    "oracledb.create_pool_async": "-> oracledb.AsyncConnectionPool",
    "mysql.connector.aio.connect": "A -> mysql.connector.aio.MySQLConnection",
}

CLASSES: dict[str, dict[str, str]] = {
    # ---------------------------------------------------------------- PEP 249
    "dbapi.Connection": {
        "<bases>": "",
        "<enter>": "-> $self", "cursor": "-> dbapi.Cursor", "commit": "B", "rollback": "B", "close": "B",
        "execute": "BQ -> dbapi.Cursor", "executemany": "BQWM -> dbapi.Cursor", "ping": "B", "begin": "B",
        "@autocommit": "bool",
    },
    "dbapi.Cursor": {
        "<bases>": "",
        "<enter>": "-> $self", "execute": "BQ -> $self", "executemany": "BQWM -> $self", "callproc": "BQ",
        "fetchone": "B -> tuple | None", "fetchmany": "B -> list[tuple]", "fetchall": "B -> list[tuple]",
        "<iter>": "B -> tuple", "nextset": "B", "close": "", "setinputsizes": "", "mogrify": "-> bytes",
        "@rowcount": "int", "@lastrowid": "int", "@description": "list[tuple]", "@connection": "dbapi.Connection",
    },
    # ---------------------------------------------------------------- PostgreSQL
    "psycopg2.extensions.connection": {
        "<bases>": "dbapi.Connection",
        "cursor": "-> psycopg2.extensions.cursor", "reset": "B", "poll": "", "set_session": "",
        "set_isolation_level": "", "cancel": "B", "@notices": "list[str]", "@closed": "int",
    },
    "psycopg2.extensions.cursor": {
        "<bases>": "dbapi.Cursor",
        "copy_from": "BQM", "copy_to": "BQM", "copy_expert": "BQM", "scroll": "B", "@query": "bytes",
        "@statusmessage": "str",
    },
    "psycopg2.extras.DictCursor": {"<bases>": "psycopg2.extensions.cursor"},
    "psycopg2.extras.RealDictCursor": {
        "<bases>": "psycopg2.extensions.cursor",
        "fetchone": "B -> dict | None", "fetchmany": "B -> list[dict]", "fetchall": "B -> list[dict]",
        "<iter>": "B -> dict",
    },
    "psycopg2.extras.NamedTupleCursor": {"<bases>": "psycopg2.extensions.cursor"},
    "psycopg2.pool.AbstractConnectionPool": {
        "<bases>": "",
        "<init>": "B", "getconn": "B -> psycopg2.extensions.connection", "putconn": "", "closeall": "B",
    },
    "psycopg2.pool.SimpleConnectionPool": {"<bases>": "psycopg2.pool.AbstractConnectionPool"},
    "psycopg2.pool.ThreadedConnectionPool": {"<bases>": "psycopg2.pool.AbstractConnectionPool"},
    "psycopg.Connection": {
        "<bases>": "dbapi.Connection",
        "connect": "B -> $cls", "cursor": "-> psycopg.Cursor", "execute": "BQ -> psycopg.Cursor",
        "transaction": "-> psycopg.Transaction", "pipeline": "-> psycopg.Pipeline", "notifies": "B -> list[?]",
        "@info": "?",
    },
    "psycopg.Cursor": {
        "<bases>": "dbapi.Cursor",
        "stream": "BQ -> list[tuple]", "copy": "BQM -> ?", "results": "B -> list[$self]", "scroll": "B",
    },
    "psycopg.Transaction": {"<bases>": "", "<enter>": "B -> $self"},
    "psycopg.Pipeline": {"<bases>": "", "<enter>": "-> $self", "sync": "B"},
    "psycopg.AsyncConnection": {
        "<bases>": "",
        "<aenter>": "-> $self", "connect": "A -> $cls", "cursor": "-> psycopg.AsyncCursor",
        "execute": "AQ -> psycopg.AsyncCursor", "commit": "A", "rollback": "A", "close": "A",
        "transaction": "-> psycopg.AsyncTransaction", "pipeline": "-> psycopg.AsyncPipeline",
        "set_autocommit": "A", "notifies": "A -> list[?]",
    },
    "psycopg.AsyncCursor": {
        "<bases>": "",
        "<aenter>": "-> $self", "execute": "AQ -> $self", "executemany": "AQWM", "stream": "AQ -> list[tuple]",
        "fetchone": "A -> tuple | None", "fetchmany": "A -> list[tuple]", "fetchall": "A -> list[tuple]",
        "<aiter>": "-> tuple", "copy": "AQM -> ?", "close": "A", "@rowcount": "int",
    },
    "psycopg.AsyncTransaction": {"<bases>": "", "<aenter>": "-> $self"},
    "psycopg.AsyncPipeline": {"<bases>": "", "<aenter>": "-> $self", "sync": "A"},
    "psycopg_pool.ConnectionPool": {
        "<bases>": "",
        "<enter>": "-> $self", "connection": "B -> psycopg.Connection", "getconn": "B -> psycopg.Connection",
        "putconn": "", "open": "B", "close": "B", "wait": "B", "check": "B",
    },
    "psycopg_pool.NullConnectionPool": {"<bases>": "psycopg_pool.ConnectionPool"},
    "psycopg_pool.AsyncConnectionPool": {
        "<bases>": "",
        "<aenter>": "-> $self", "connection": "-> psycopg.AsyncConnection",
        "getconn": "A -> psycopg.AsyncConnection", "putconn": "A", "open": "A", "close": "A", "wait": "A",
        "check": "A",
    },
    "asyncpg.Connection": {
        "<bases>": "",
        "fetch": "AQ -> list[asyncpg.Record]", "fetchrow": "AQ -> asyncpg.Record | None", "fetchval": "AQ -> ?",
        "fetchmany": "AQM -> list[asyncpg.Record]", "execute": "AQ -> str", "executemany": "AQWM",
        "prepare": "A -> asyncpg.prepared_stmt.PreparedStatement", "cursor": "-> asyncpg.cursor.CursorFactory",
        "copy_from_query": "AQM", "copy_from_table": "AQM", "copy_to_table": "AQWM",
        "copy_records_to_table": "AQWM", "transaction": "-> asyncpg.transaction.Transaction", "close": "A",
        "reset": "A", "add_listener": "A", "remove_listener": "A", "set_type_codec": "A",
        "is_in_transaction": "-> bool", "is_closed": "-> bool", "terminate": "",
    },
    # a pool offers the queries of a connection
    "asyncpg.Pool": {
        "<bases>": "asyncpg.Connection",
        "<aenter>": "-> $self", "<await>": "-> $self", "acquire": "-> asyncpg.pool.PoolAcquireContext",
        "release": "A", "expire_connections": "A", "get_size": "-> int", "get_idle_size": "-> int",
    },
    "asyncpg.pool.PoolAcquireContext": {
        "<bases>": "", "<aenter>": "-> asyncpg.Connection", "<await>": "-> asyncpg.Connection",
    },
    "asyncpg.transaction.Transaction": {
        "<bases>": "", "<aenter>": "-> $self", "start": "A", "commit": "A", "rollback": "A",
    },
    "asyncpg.prepared_stmt.PreparedStatement": {
        "<bases>": "",
        "fetch": "AQ -> list[asyncpg.Record]", "fetchrow": "AQ -> asyncpg.Record | None", "fetchval": "AQ -> ?",
        "fetchmany": "AQM -> list[asyncpg.Record]", "executemany": "AQWM",
        "cursor": "-> asyncpg.cursor.CursorFactory", "explain": "AQ -> ?",
    },
    "asyncpg.cursor.CursorFactory": {
        "<bases>": "", "<aiter>": "Q -> asyncpg.Record", "<await>": "Q -> asyncpg.cursor.Cursor",
    },
    "asyncpg.cursor.Cursor": {
        "<bases>": "", "fetch": "AQ -> list[asyncpg.Record]", "fetchrow": "AQ -> asyncpg.Record | None",
        "forward": "AQ -> int",
    },
    "asyncpg.Record": {
        "<bases>": "", "<getitem>": "-> ?", "get": "-> ?", "keys": "-> list[str]", "values": "-> list[?]",
        "items": "-> list[tuple[str, ?]]", "<iter>": "-> ?", "<len>": "",
    },
    "aiopg.Connection": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "cursor": "-> aiopg.Cursor", "commit": "A",
        "rollback": "A", "close": "",
    },
    "aiopg.Cursor": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "execute": "AQ", "executemany": "AQWM", "callproc": "AQ",
        "fetchone": "A -> tuple | None", "fetchmany": "A -> list[tuple]", "fetchall": "A -> list[tuple]",
        "<aiter>": "-> tuple", "begin": "-> asyncpg.transaction.Transaction", "close": "", "@rowcount": "int",
    },
    "aiopg.Pool": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "acquire": "-> aiopg.Connection", "cursor": "-> aiopg.Cursor",
        "release": "", "close": "", "wait_closed": "A", "clear": "A",
    },
    "aiopg.sa.Engine": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "acquire": "-> aiopg.sa.SAConnection", "close": "",
        "wait_closed": "A",
    },
    "aiopg.sa.SAConnection": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "execute": "AQ -> aiopg.sa.result.ResultProxy",
        "scalar": "AQ -> ?", "begin": "-> asyncpg.transaction.Transaction",
        "begin_nested": "-> asyncpg.transaction.Transaction", "close": "A",
    },
    "aiopg.sa.result.ResultProxy": {
        "<bases>": "",
        "fetchone": "A -> ?", "fetchall": "A -> list[?]", "fetchmany": "A -> list[?]", "first": "A -> ?",
        "scalar": "A -> ?", "<aiter>": "-> ?", "@rowcount": "int",
    },
    # ---------------------------------------------------------------- MySQL
    "pymysql.connections.Connection": {
        "<bases>": "dbapi.Connection",
        "<init>": "B", "cursor": "-> pymysql.cursors.Cursor", "query": "BQ", "select_db": "B",
        "show_warnings": "BQ", "escape": "-> str", "escape_string": "-> str", "@open": "bool",
    },
    "pymysql.cursors.Cursor": {"<bases>": "dbapi.Cursor", "execute": "BQ -> int", "executemany": "BQWM -> int"},
    "pymysql.cursors.DictCursor": {
        "<bases>": "pymysql.cursors.Cursor",
        "fetchone": "B -> dict | None", "fetchmany": "B -> list[dict]", "fetchall": "B -> list[dict]",
        "<iter>": "B -> dict",
    },
    "pymysql.cursors.SSCursor": {"<bases>": "pymysql.cursors.Cursor"},
    "MySQLdb.connections.Connection": {"<bases>": "dbapi.Connection", "<init>": "B", "query": "BQ", "select_db": "B"},
    "MySQLdb.cursors.Cursor": {"<bases>": "dbapi.Cursor", "execute": "BQ -> int", "executemany": "BQWM -> int"},
    "MySQLdb.cursors.DictCursor": {
        "<bases>": "MySQLdb.cursors.Cursor", "fetchone": "B -> dict | None", "fetchall": "B -> list[dict]",
        "<iter>": "B -> dict",
    },
    "mysql.connector.MySQLConnection": {
        "<bases>": "dbapi.Connection",
        "<init>": "B", "cursor": "-> mysql.connector.cursor.MySQLCursor", "cmd_query": "BQ", "reconnect": "B",
        "start_transaction": "B", "is_connected": "B -> bool",
    },
    "mysql.connector.cursor.MySQLCursor": {"<bases>": "dbapi.Cursor"},
    "mysql.connector.pooling.MySQLConnectionPool": {
        "<bases>": "", "<init>": "B", "get_connection": "B -> mysql.connector.MySQLConnection",
    },
    "mysql.connector.aio.MySQLConnection": {
        "<bases>": "",
        "<aenter>": "-> $self", "cursor": "A -> mysql.connector.aio.cursor.MySQLCursor", "commit": "A",
        "rollback": "A", "close": "A", "start_transaction": "A",
    },
    "mysql.connector.aio.cursor.MySQLCursor": {
        "<bases>": "",
        "<aenter>": "-> $self", "execute": "AQ", "executemany": "AQWM", "callproc": "AQ",
        "fetchone": "A -> tuple | None", "fetchmany": "A -> list[tuple]", "fetchall": "A -> list[tuple]",
        "<aiter>": "-> tuple", "close": "A",
    },
    "aiomysql.Connection": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "cursor": "-> aiomysql.Cursor", "commit": "A",
        "rollback": "A", "begin": "A", "ping": "A", "select_db": "A", "autocommit": "A", "query": "AQ",
        "close": "", "ensure_closed": "A",
    },
    "aiomysql.Cursor": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "execute": "AQ -> int", "executemany": "AQWM -> int",
        "callproc": "AQ", "fetchone": "A -> tuple | None", "fetchmany": "A -> list[tuple]",
        "fetchall": "A -> list[tuple]", "<aiter>": "-> tuple", "close": "A", "@rowcount": "int",
        "@lastrowid": "int",
    },
    "aiomysql.DictCursor": {
        "<bases>": "aiomysql.Cursor",
        "fetchone": "A -> dict | None", "fetchmany": "A -> list[dict]", "fetchall": "A -> list[dict]",
        "<aiter>": "-> dict",
    },
    "aiomysql.Pool": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "acquire": "-> aiomysql.Connection", "release": "",
        "close": "", "wait_closed": "A", "clear": "A",
    },
    # ---------------------------------------------------------------- SQLite, ODBC, Oracle
    "aiosqlite.Connection": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "cursor": "-> aiosqlite.Cursor",
        "execute": "-> aiosqlite.Query", "executemany": "-> aiosqlite.QueryMany",
        "executescript": "-> aiosqlite.Query", "execute_fetchall": "AQ -> list[sqlite3.Row]",
        "execute_insert": "AQW -> sqlite3.Row | None", "commit": "A", "rollback": "A", "close": "A",
        "backup": "A", "iterdump": "AQ -> list[str]", "create_function": "A",
        "@total_changes": "int", "@in_transaction": "bool",
    },
    # awaited or entered; both run it and give the cursor
    "aiosqlite.Query": {"<bases>": "", "<await>": "Q -> aiosqlite.Cursor", "<aenter>": "Q -> aiosqlite.Cursor"},
    "aiosqlite.QueryMany": {
        "<bases>": "", "<await>": "QWM -> aiosqlite.Cursor", "<aenter>": "QWM -> aiosqlite.Cursor",
    },
    "aiosqlite.Cursor": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "execute": "AQ -> $self", "executemany": "AQWM -> $self",
        "executescript": "AQ -> $self", "fetchone": "A -> sqlite3.Row | None",
        "fetchmany": "A -> list[sqlite3.Row]", "fetchall": "A -> list[sqlite3.Row]", "<aiter>": "-> sqlite3.Row",
        "close": "A", "@rowcount": "int", "@lastrowid": "int",
    },
    "pyodbc.Connection": {"<bases>": "dbapi.Connection", "cursor": "-> pyodbc.Cursor", "execute": "BQ -> pyodbc.Cursor"},
    "pyodbc.Cursor": {
        "<bases>": "dbapi.Cursor",
        "fetchval": "B -> ?", "tables": "BQ -> $self", "columns": "BQ -> $self", "commit": "B", "rollback": "B",
        "@fast_executemany": "bool",
    },
    "aioodbc.Connection": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "cursor": "-> aiomysql.Cursor", "execute": "AQ -> aiomysql.Cursor",
        "commit": "A", "rollback": "A", "close": "A",
    },
    "aioodbc.Pool": {
        "<bases>": "",
        "<aenter>": "-> $self", "<await>": "-> $self", "acquire": "-> aioodbc.Connection", "release": "A", "close": "",
        "wait_closed": "A",
    },
    "oracledb.Connection": {
        "<bases>": "dbapi.Connection",
        "<init>": "B", "cursor": "-> oracledb.Cursor", "is_healthy": "-> bool", "@version": "str",
    },
    "oracledb.Cursor": {
        "<bases>": "dbapi.Cursor",
        "callfunc": "BQ -> ?", "parse": "B", "prepare": "", "var": "-> ?", "executemany": "BQWM",
    },
    "oracledb.ConnectionPool": {
        "<bases>": "",
        "<enter>": "-> $self", "acquire": "B -> oracledb.Connection", "release": "B", "close": "B", "drop": "B",
    },
    "oracledb.AsyncConnection": {
        "<bases>": "",
        "<aenter>": "-> $self", "cursor": "-> oracledb.AsyncCursor", "execute": "AQ", "executemany": "AQWM",
        "fetchone": "AQ -> tuple | None", "fetchall": "AQ -> list[tuple]", "fetchmany": "AQ -> list[tuple]",
        "callproc": "AQ", "callfunc": "AQ -> ?", "commit": "A", "rollback": "A", "close": "A", "ping": "A",
    },
    "oracledb.AsyncCursor": {
        "<bases>": "",
        "<enter>": "-> $self", "<aenter>": "-> $self", "execute": "AQ", "executemany": "AQWM", "callproc": "AQ",
        "callfunc": "AQ -> ?", "fetchone": "A -> tuple | None", "fetchmany": "A -> list[tuple]",
        "fetchall": "A -> list[tuple]", "<aiter>": "-> tuple", "close": "",
    },
    "oracledb.AsyncConnectionPool": {
        "<bases>": "", "<aenter>": "-> $self", "acquire": "A -> oracledb.AsyncConnection", "release": "A",
        "close": "A",
    },
    "cx_Oracle.Connection": {
        "<bases>": "dbapi.Connection", "<init>": "B", "cursor": "-> oracledb.Cursor",
    },
    "cx_Oracle.SessionPool": {
        "<bases>": "", "<init>": "B", "acquire": "B -> cx_Oracle.Connection", "release": "B", "close": "B",
    },
    # ---------------------------------------------------------------- analytical engines
    "trino.dbapi.Connection": {"<bases>": "dbapi.Connection", "cursor": "-> trino.dbapi.Cursor"},
    "trino.dbapi.Cursor": {"<bases>": "dbapi.Cursor", "cancel": "B", "describe": "BQ -> list", "genall": "B -> list"},
    "duckdb.DuckDBPyConnection": {
        "<bases>": "",
        "<enter>": "-> $self", "execute": "BQ -> $self", "executemany": "BQWM -> $self",
        "sql": "BQ -> duckdb.DuckDBPyRelation", "query": "BQ -> duckdb.DuckDBPyRelation",
        "cursor": "-> $self", "fetchone": "B -> tuple | None", "fetchall": "B -> list[tuple]",
        "fetchmany": "B -> list[tuple]", "df": "B -> pandas.DataFrame", "fetchdf": "B -> pandas.DataFrame",
        "register": "", "table": "-> duckdb.DuckDBPyRelation", "commit": "B", "begin": "B", "rollback": "B",
        "close": "",
    },
    "duckdb.DuckDBPyRelation": {
        "<bases>": "",
        "filter": "-> $self", "project": "-> $self", "order": "-> $self", "limit": "-> $self", "join": "-> $self",
        "aggregate": "-> $self", "fetchall": "B -> list[tuple]", "fetchone": "B -> tuple | None",
        "df": "B -> pandas.DataFrame", "to_df": "B -> pandas.DataFrame", "show": "B",
    },
}

ALIASES: dict[str, str] = {
    "psycopg2._psycopg.connection": "psycopg2.extensions.connection",
    "psycopg2._psycopg.cursor": "psycopg2.extensions.cursor",
    "psycopg2cffi.connect": "psycopg2.connect", "psycopg2.extras.DictConnection": "psycopg2.extensions.connection",
    "psycopg2.extras.RealDictConnection": "psycopg2.extensions.connection",
    "psycopg2.pool.PersistentConnectionPool": "psycopg2.pool.ThreadedConnectionPool",
    "psycopg.connection.Connection": "psycopg.Connection", "psycopg.cursor.Cursor": "psycopg.Cursor",
    "psycopg.connection_async.AsyncConnection": "psycopg.AsyncConnection",
    "psycopg.cursor_async.AsyncCursor": "psycopg.AsyncCursor",
    "psycopg_pool.pool.ConnectionPool": "psycopg_pool.ConnectionPool",
    "psycopg_pool.pool_async.AsyncConnectionPool": "psycopg_pool.AsyncConnectionPool",
    "asyncpg.connection.Connection": "asyncpg.Connection", "asyncpg.pool.Pool": "asyncpg.Pool",
    "asyncpg.connection.connect": "asyncpg.connect", "asyncpg.pool.create_pool": "asyncpg.create_pool",
    "asyncpg.pool.PoolConnectionProxy": "asyncpg.Connection", "asyncpg.protocol.Record": "asyncpg.Record",
    "aiopg.connection.Connection": "aiopg.Connection", "aiopg.connection.Cursor": "aiopg.Cursor",
    "aiopg.pool.Pool": "aiopg.Pool", "aiopg.sa.engine.Engine": "aiopg.sa.Engine",
    "aiomysql.sa.Engine": "aiopg.sa.Engine", "aiomysql.sa.SAConnection": "aiopg.sa.SAConnection",
    "aiopg.sa.connection.SAConnection": "aiopg.sa.SAConnection",
    "aiomysql.cursors.Cursor": "aiomysql.Cursor", "aiomysql.cursors.DictCursor": "aiomysql.DictCursor",
    "aiomysql.SSCursor": "aiomysql.Cursor", "aiomysql.SSDictCursor": "aiomysql.DictCursor",
    "asyncmy.Connection": "aiomysql.Connection", "asyncmy.Pool": "aiomysql.Pool",
    "asyncmy.cursors.Cursor": "aiomysql.Cursor", "asyncmy.cursors.DictCursor": "aiomysql.DictCursor",
    "aiosqlite.core.Connection": "aiosqlite.Connection", "aiosqlite.core.connect": "aiosqlite.connect",
    "aiosqlite.cursor.Cursor": "aiosqlite.Cursor",
    "pymysql.Connection": "pymysql.connections.Connection", "pymysql.Connect": "pymysql.connect",
    "pymysql.cursors.SSDictCursor": "pymysql.cursors.DictCursor",
    "MySQLdb.Connection": "MySQLdb.connections.Connection", "MySQLdb.Connect": "MySQLdb.connect",
    "mysql.connector.connection.MySQLConnection": "mysql.connector.MySQLConnection",
    "cx_Oracle.Cursor": "oracledb.Cursor", "oracledb.pool.ConnectionPool": "oracledb.ConnectionPool",
}

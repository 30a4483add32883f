"""Sessions and connections: what opens one, what ends it, and who else may hold it.

A class counts with all classes that derive from it.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Sessions of ORMs: one unit of work each, for one task at a time.
SESSIONS: dict[str, str] = {
    "sqlalchemy.orm.Session": "sync",
    "sqlalchemy.ext.asyncio.AsyncSession": "async",
}

#: Stand-ins that keep a session of their own for each thread, task or request.
SCOPED_SESSIONS: frozenset[str] = frozenset((
    "sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session",
))

#: What makes sessions when it is called.
SESSION_FACTORIES: frozenset[str] = frozenset((
    "sqlalchemy.orm.sessionmaker", "sqlalchemy.ext.asyncio.async_sessionmaker",
))

#: Connections that are held until they are closed.
CONNECTIONS: dict[str, str] = {
    "dbapi.Connection": "sync", "sqlalchemy.engine.Connection": "sync", "sqlite3.Connection": "sync",
    "pymysql.connections.Connection": "sync", "pyodbc.Connection": "sync", "oracledb.Connection": "sync",
    "sqlalchemy.ext.asyncio.AsyncConnection": "async", "psycopg.AsyncConnection": "async",
    "asyncpg.Connection": "async", "aiosqlite.Connection": "async", "aiomysql.Connection": "async",
    "aiopg.Connection": "async", "mysql.connector.aio.MySQLConnection": "async", "oracledb.AsyncConnection": "async",
    "tortoise.BaseDBAsyncClient": "async",
}

#: Functions and methods that open a connection which the caller has to close.
OPENS: frozenset[str] = frozenset((
    "psycopg2.connect", "psycopg.connect", "pymysql.connect", "MySQLdb.connect", "mysql.connector.connect",
    "mariadb.connect", "pyodbc.connect", "pymssql.connect", "cx_Oracle.connect", "oracledb.connect",
    "pg8000.connect", "pg8000.dbapi.connect", "redshift_connector.connect", "sqlite3.connect", "asyncpg.connect",
    "aiosqlite.connect", "aiomysql.connect", "aiopg.connect", "psycopg.Connection.connect",
    "psycopg.AsyncConnection.connect", "sqlalchemy.engine.Engine.connect", "sqlalchemy.engine.Engine.raw_connection",
    "sqlalchemy.ext.asyncio.AsyncEngine.connect", "asyncpg.Pool.acquire", "aiopg.Pool.acquire", "aiomysql.Pool.acquire",
    "psycopg2.pool.AbstractConnectionPool.getconn", "psycopg_pool.ConnectionPool.getconn",
    "psycopg_pool.AsyncConnectionPool.getconn",
))

#: Connections whose `with` ends the transaction and leaves the connection open.
WITH_KEEPS_OPEN: frozenset[str] = frozenset((
    "sqlite3.Connection", "psycopg2.extensions.connection", "pyodbc.Connection",
))

#: Methods that give a session or connection back.
CLOSES: frozenset[str] = frozenset(("close", "aclose", "close_all", "terminate", "invalidate", "detach", "__exit__", "__aexit__"))

#: Methods of pools that take a connection back.
TAKES_BACK: frozenset[str] = frozenset(("release", "putconn"))

#: Context managers that close what they are given.
CLOSING: frozenset[str] = frozenset(("contextlib.closing", "contextlib.aclosing"))

#: Methods that end what a generator has set up, whatever the object is.
CLEANS_UP: frozenset[str] = frozenset((
    "close", "aclose", "release", "disconnect", "dispose", "shutdown", "terminate", "kill", "cleanup", "remove",
    "rollback", "unlink", "rmdir", "stop", "aclose_all", "quit", "logout", "unsubscribe", "reset",
))

#: Functions that end what a generator has set up, given it as an argument.
CLEANS_UP_FUNCTIONS: frozenset[str] = frozenset((
    "os.unlink", "os.remove", "os.rmdir", "shutil.rmtree", "os.close",
))

#: Decorators that make a generator a context manager.
CONTEXT_DECORATORS: frozenset[str] = frozenset((
    "contextlib.contextmanager", "contextlib.asynccontextmanager",
))

#: What names a function that a framework calls for a handler: its argument, or what it yields.
DEPENDS: frozenset[str] = frozenset((
    "fastapi.Depends", "fastapi.Security", "fastapi.params.Depends", "litestar.di.Provide",
))

#: Start several coroutines that run at the same time: how they are given.
CONCURRENT: dict[str, str] = {
    "asyncio.gather": "many", "asyncio.create_task": "one", "asyncio.ensure_future": "one",
    "asyncio.TaskGroup.create_task": "one", "asyncio.AbstractEventLoop.create_task": "one",
    "asyncio.wait": "list", "asyncio.as_completed": "list",
    "anyio.abc.TaskGroup.start_soon": "function", "trio.Nursery.start_soon": "function",
}

#: Start work that goes on when the function has returned, and who runs it: the framework after the ``response``,
#: or a ``task`` of an event loop, a thread or a queue; ``coroutine``: if nobody waits for it.
BACKGROUND: dict[str, str] = {
    "starlette.background.BackgroundTasks.add_task": "response", "starlette.background.BackgroundTask": "response",
    "fastapi.BackgroundTasks.add_task": "response",
    "asyncio.create_task": "coroutine", "asyncio.ensure_future": "coroutine",
    "asyncio.AbstractEventLoop.create_task": "coroutine", "threading.Thread": "task", "threading.Timer": "task",
    "concurrent.futures.Executor.submit": "task", "concurrent.futures.ThreadPoolExecutor.submit": "task",
    "celery.app.task.Task.delay": "task", "celery.app.task.Task.apply_async": "task",
}

#: Locks, and semaphores when made with one permit: what they hold runs one after the other.
LOCKS: frozenset[str] = frozenset(("asyncio.Lock", "anyio.Lock", "trio.Lock"))
SEMAPHORES: frozenset[str] = frozenset(("asyncio.Semaphore", "asyncio.BoundedSemaphore", "anyio.Semaphore"))

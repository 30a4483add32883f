"""Calls that take a callable and run it away from the caller: in a thread, a process or a later job.

What the callable does is not the caller's doing; calling it in the argument list still is.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # await the result of a thread
    "asyncio.to_thread": "AT", "anyio.to_thread.run_sync": "AT", "anyio.to_process.run_sync": "AT",
    "anyio.to_interpreter.run_sync": "AT",
    "starlette.concurrency.run_in_threadpool": "AT", "starlette.concurrency.iterate_in_threadpool": "AT",
    "trio.to_thread.run_sync": "AT",
    "twisted.internet.threads.deferToThread": "AT", "twisted.internet.threads.deferToThreadPool": "AT",
    "litestar.concurrency.sync_to_thread": "AT",
    # decorators and wrappers that turn a sync function into an awaitable one
    "asgiref.sync.sync_to_async": "T", "channels.db.database_sync_to_async": "T",
    "asyncer.asyncify": "T", "aiofiles.os.wrap": "T", "aiofiles.ospath.wrap": "T",
    "aiofiles.base.wrap": "T",
    # sync code that reaches back into a loop
    "anyio.from_thread.run": "BT", "anyio.from_thread.run_sync": "BT", "trio.from_thread.run": "BT",
    "trio.from_thread.run_sync": "BT",
    "asgiref.sync.async_to_sync": "B",
    "anyio.from_thread.start_blocking_portal": "-> anyio.from_thread.BlockingPortal",
    # pools
    "multiprocessing.Pool": "-> multiprocessing.pool.Pool",
    "joblib.delayed": "T",
    "gevent.spawn": "T", "gevent.spawn_later": "T", "eventlet.spawn": "T", "eventlet.spawn_n": "T",
    "_thread.start_new_thread": "T",
    "tqdm.contrib.concurrent.thread_map": "BT", "tqdm.contrib.concurrent.process_map": "BT",
    "ray.remote": "T", "dask.delayed": "T",
    "ray.get": "B", "ray.wait": "B", "dask.compute": "B",
}

CLASSES: dict[str, dict[str, str]] = {
    # pools
    "concurrent.futures.Executor": {
        "<enter>": "-> $self",
        "submit": "T -> concurrent.futures.Future",
        "map": "T -> list",
        "shutdown": "B", "__exit__": "B",
    },
    "concurrent.futures.ThreadPoolExecutor": {
        "<bases>": "concurrent.futures.Executor",
    },
    "concurrent.futures.ProcessPoolExecutor": {
        "<bases>": "concurrent.futures.Executor",
    },
    "concurrent.futures.InterpreterPoolExecutor": {
        "<bases>": "concurrent.futures.Executor",
    },
    "multiprocessing.pool.Pool": {
        "<enter>": "-> $self",
        "map": "BT -> list", "starmap": "BT -> list",
        "apply": "BT",
        "apply_async": "T -> multiprocessing.pool.AsyncResult",
        "map_async": "T -> multiprocessing.pool.AsyncResult",
        "starmap_async": "T -> multiprocessing.pool.AsyncResult",
        "imap": "T -> list", "imap_unordered": "T -> list",
        "join": "B",
        "close": "", "terminate": "",
    },
    "multiprocessing.pool.ThreadPool": {
        "<bases>": "multiprocessing.pool.Pool",
    },
    "multiprocessing.pool.AsyncResult": {
        "get": "B", "wait": "B",
        "ready": "-> bool", "successful": "-> bool",
    },
    "threading.Thread": {
        "<init>": "T",
        "join": "B",
        "start": "", "run": "",
        "is_alive": "-> bool",
    },
    "threading.Timer": {
        "<bases>": "threading.Thread",
        "<init>": "T",
        "cancel": "",
    },
    "multiprocessing.Process": {
        "<init>": "T",
        "join": "B",
        "start": "", "run": "", "terminate": "", "kill": "", "close": "",
        "is_alive": "-> bool",
    },
    "joblib.Parallel": {
        "<enter>": "-> $self",
        "<call>": "B -> list",
    },
    "anyio.from_thread.BlockingPortal": {
        "<enter>": "-> $self", "<aenter>": "-> $self",
        "call": "BT",
        "start_task_soon": "T -> concurrent.futures.Future",
    },
    # jobs after the response: a sync function runs in a thread of the pool
    "starlette.background.BackgroundTask": {
        "<init>": "T",
        "<call>": "A",
    },
    "starlette.background.BackgroundTasks": {
        "<bases>": "starlette.background.BackgroundTask",
        "<init>": "",
        "add_task": "T",
    },
    # schedulers
    "apscheduler.schedulers.base.BaseScheduler": {
        "add_job": "T", "scheduled_job": "T",
        "start": "", "shutdown": "", "pause": "", "resume": "", "remove_job": "", "get_jobs": "",
        "get_job": "", "reschedule_job": "", "pause_job": "", "resume_job": "", "modify_job": "",
        "add_listener": "",
    },
    "apscheduler.schedulers.asyncio.AsyncIOScheduler": {
        "<bases>": "apscheduler.schedulers.base.BaseScheduler",
    },
    "apscheduler.schedulers.background.BackgroundScheduler": {
        "<bases>": "apscheduler.schedulers.base.BaseScheduler",
    },
    "apscheduler.schedulers.blocking.BlockingScheduler": {
        "<bases>": "apscheduler.schedulers.base.BaseScheduler",
        "start": "B",
    },
    "apscheduler.AsyncScheduler": {
        "<aenter>": "-> $self",
        "add_schedule": "AT", "add_job": "AT", "run_job": "AT",
        "start_in_background": "A", "run_until_stopped": "A", "stop": "A",
    },
}

#: What is called on the event loop, by the method that it is handed to: its place among the arguments.
ON_LOOP: dict[str, int] = {
    "asyncio.AbstractEventLoop.call_soon": 0, "asyncio.AbstractEventLoop.call_soon_threadsafe": 0,
    "asyncio.AbstractEventLoop.call_later": 1, "asyncio.AbstractEventLoop.call_at": 1,
    "asyncio.AbstractEventLoop.add_reader": 1, "asyncio.AbstractEventLoop.add_writer": 1,
    "asyncio.Future.add_done_callback": 0, "asyncio.Task.add_done_callback": 0,
}

#: The same for methods that call it themselves, there and then.
AT_ONCE: dict[str, int] = {"contextvars.Context.run": 0}

ALIASES: dict[str, str] = {
    # schedulers
    "multiprocessing.context.Process": "multiprocessing.Process",
    "multiprocessing.process.BaseProcess": "multiprocessing.Process",
    "multiprocessing.dummy.Pool": "multiprocessing.pool.ThreadPool",
    "multiprocessing.context.Pool": "multiprocessing.Pool",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.process.ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures._base.Executor": "concurrent.futures.Executor",
    "asyncio.threads.to_thread": "asyncio.to_thread",
    "fastapi.concurrency.run_in_threadpool": "starlette.concurrency.run_in_threadpool",
    "fastapi.concurrency.iterate_in_threadpool": "starlette.concurrency.iterate_in_threadpool",
    "fastapi.BackgroundTasks": "starlette.background.BackgroundTasks",
    "fastapi.background.BackgroundTasks": "starlette.background.BackgroundTasks",
    "asgiref.sync.SyncToAsync": "asgiref.sync.sync_to_async",
    "asgiref.sync.AsyncToSync": "asgiref.sync.async_to_sync",
}

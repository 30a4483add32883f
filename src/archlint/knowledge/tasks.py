"""Coroutines and tasks: which awaitables run by themselves, what makes a task, what keeps one."""

from __future__ import annotations

#: Awaitables (letter A) that run without being awaited: futures, and what the library has started itself.
STARTED = (
    "asyncio.gather",
    "asyncio.shield",
    "asyncio.wrap_future",
    "asyncio.AbstractEventLoop.run_in_executor",
    "motor.",
    "tornado.",
    "twisted.",
    "treq.",
    "grpc.aio.",
    "zmq.asyncio.",
    "aiokafka.",
    "faust.",
)

#: What gives an asynchronous generator or iterator: it is iterated, never awaited.
ASYNC_ITERATORS = frozenset(
    ("django.db.models.QuerySet.aiterator", "django.db.models.Manager.aiterator",
     "psycopg.AsyncConnection.notifies", "psycopg.AsyncCursor.stream", "aiosqlite.Connection.iterdump",
     "ormar.QuerySet.iterate", "databases.Database.iterate", "databases.core.Connection.iterate",
     "fsspec.AbstractFileSystem._walk", "google.cloud.firestore.AsyncQuery.stream",
     "elasticsearch_dsl.AsyncSearch.scan", "elasticsearch.helpers.async_scan",
     "elasticsearch.helpers.async_streaming_bulk",
     "httpx.Response.aiter_bytes", "httpx.Response.aiter_raw", "httpx.Response.aiter_text",
     "httpx.Response.aiter_lines",
     "redis.asyncio.Redis.scan_iter", "redis.asyncio.Redis.sscan_iter", "redis.asyncio.Redis.hscan_iter",
     "redis.asyncio.Redis.zscan_iter", "redis.asyncio.client.PubSub.listen",
     "starlette.requests.Request.stream", "starlette.websockets.WebSocket.iter_text",
     "starlette.websockets.WebSocket.iter_bytes", "starlette.websockets.WebSocket.iter_json",
     "langchain_core.language_models.BaseChatModel.astream",
     "langchain_core.language_models.BaseChatModel.astream_events",
     "langchain_core.runnables.RunnableSequence.astream",
     "langchain_core.runnables.RunnableSequence.astream_events",
     "langgraph.graph.state.CompiledStateGraph.astream",
     "langgraph.graph.state.CompiledStateGraph.astream_events",
     "cohere.AsyncClient.chat_stream", "cohere.AsyncClient.generate_stream", "replicate.Client.async_stream",
     "replicate.async_stream", "starlette.concurrency.iterate_in_threadpool", "opensearchpy.helpers.async_scan",
     "opensearchpy.helpers.async_streaming_bulk",
     "stripe.APIResource.auto_paging_iter_async", "twilio.rest.Resource.stream_async")
)  # fmt: skip

#: Functions that start a coroutine as a task, of which the event loop keeps a weak reference only.
SPAWNS = frozenset(
    (
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.AbstractEventLoop.create_task",
    )
)

#: What works in the thread of a running event loop alone.
LOOP_BOUND = SPAWNS | {
    "asyncio.get_running_loop",
    "asyncio.current_task",
    "asyncio.AbstractEventLoop.call_soon",
    "asyncio.AbstractEventLoop.call_later",
    "asyncio.AbstractEventLoop.call_at",
    "asyncio.AbstractEventLoop.create_future",
}

#: Decorators under which a coroutine function stays one.
KEEPS_COROUTINE = frozenset(
    (
        "staticmethod",
        "classmethod",
        "abc.abstractmethod",
        "abc.abstractclassmethod",
        "typing.override",
        "typing_extensions.override",
        "typing.final",
        "typing_extensions.final",
        "typing.no_type_check",
        "typing_extensions.deprecated",
        "warnings.deprecated",
        "functools.wraps",
        "functools.lru_cache",
        "functools.cache",
        "tenacity.retry",
        "backoff.on_exception",
        "backoff.on_predicate",
        "stamina.retry",
        "pydantic.validate_call",
        "pydantic.validate_arguments",
        "async_lru.alru_cache",
        "aiocache.cached",
        "sentry_sdk.trace",
        "langsmith.traceable",
        "traceloop.sdk.decorators.workflow",
        "rest_framework.decorators.api_view",
        "asgiref.sync.sync_to_async",
        "channels.db.database_sync_to_async",
    )
)

#: What a coroutine object offers; everything else asked of one is asked of its result.
COROUTINE_ATTRIBUTES = frozenset(
    ("send", "throw", "close", "cr_await", "cr_code", "cr_frame", "cr_origin", "cr_running", "cr_suspended")
)

#: Builtins that ask their argument for its items or its truth: a coroutine has neither.
ASKS_VALUE = frozenset(
    ("len", "list", "tuple", "set", "dict", "sorted", "sum", "any", "all", "min", "max", "int", "float",
     "bool", "frozenset", "enumerate", "reversed", "iter", "next")
)  # fmt: skip
#: Methods of collections and texts that go through what they are given.
ASKING_METHODS = frozenset(
    ("list.extend", "set.update", "set.union", "set.intersection", "set.difference", "dict.update", "str.join",
     "collections.deque.extend")
)  # fmt: skip
#: What writes its first argument, and all that is in it, as JSON, or sends it.
ENCODES = frozenset(
    ("json.dumps", "json.dump", "orjson.dumps", "ujson.dumps", "flask.jsonify", "django.http.HttpResponse",
     "django.http.JsonResponse", "rest_framework.response.Response", "starlette.responses.Response",
     "starlette.responses.JSONResponse", "starlette.responses.HTMLResponse",
     "starlette.responses.PlainTextResponse", "fastapi.responses.ORJSONResponse",
     "fastapi.responses.UJSONResponse")
)  # fmt: skip
#: Builtins and methods of loggers that show their argument: nobody awaits it there.
SHOWS_VALUE = frozenset(("print", "str", "repr"))
LOG_METHODS = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "success", "trace")
)

#: Functions that run an event loop of their own until their argument is done: an error inside a running one.
RUNS_LOOP = frozenset(
    (
        "asyncio.run",
        "asyncio.AbstractEventLoop.run_until_complete",
        "asyncio.AbstractEventLoop.run_forever",
        "asyncio.Runner.run",
        "anyio.run",
        "trio.run",
    )
)
#: A wrapper whose result does so when it is called.
MAKES_LOOP_RUNNER = "asgiref.sync.async_to_sync"

#: Decorators that keep what the first call gave: a coroutine can be awaited only once.
KEEPS_RESULT = frozenset(
    (
        "functools.lru_cache",
        "functools.cache",
        "functools.cached_property",
        "cachetools.cached",
        "cachetools.cachedmethod",
        "cachetools.func.lru_cache",
        "cachetools.func.ttl_cache",
        "cachetools.func.lfu_cache",
        "cachetools.func.fifo_cache",
        "cachetools.func.rr_cache",
        "methodtools.lru_cache",
        "fastcache.clru_cache",
        "django.utils.functional.cached_property",
        "werkzeug.utils.cached_property",
    )
)

#: Calls that run a function as a plain one, whatever it gives: its position and its keyword.
PLAIN_CALLERS: dict[str, tuple[int, str]] = {
    "asyncio.to_thread": (0, "func"),
    "anyio.to_thread.run_sync": (0, "func"),
    "anyio.to_process.run_sync": (0, "func"),
    "starlette.concurrency.run_in_threadpool": (0, "func"),
    "asyncio.AbstractEventLoop.run_in_executor": (1, "func"),
    "asyncio.AbstractEventLoop.call_soon": (0, "callback"),
    "asyncio.AbstractEventLoop.call_soon_threadsafe": (0, "callback"),
    "asyncio.AbstractEventLoop.call_later": (1, "callback"),
    "asyncio.AbstractEventLoop.call_at": (1, "callback"),
    "asyncio.AbstractEventLoop.add_signal_handler": (1, "callback"),
    "concurrent.futures.Executor.submit": (0, "fn"),
    "threading.Thread": (1, "target"),
    "threading.Timer": (1, "function"),
    "multiprocessing.Process": (1, "target"),
    "atexit.register": (0, "func"),
    "signal.signal": (1, "handler"),
}

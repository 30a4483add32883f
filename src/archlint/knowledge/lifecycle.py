"""Words of function names that say when in the life of a program a function runs."""

from __future__ import annotations

#: Before the application serves anybody, or around its whole life.
STARTS: frozenset[str] = frozenset(("lifespan", "startup", "bootstrap"))

#: What applications keep the functions under that they call before they serve anybody, or after:
#: `app.on_startup.append(f)` of aiohttp, `Starlette(on_startup=[f])`, `FastAPI(lifespan=f)`.
HOOKS: frozenset[str] = frozenset(("on_startup", "on_shutdown", "on_cleanup", "cleanup_ctx", "lifespan"))
#: What `add_event_handler` is told first.
EVENTS: frozenset[str] = frozenset(("startup", "shutdown"))

#: What makes an application ready.
INITIALIZES: frozenset[str] = frozenset(("initialize", "initialise"))

#: The first of several words: what makes something ready that the application works with.
MAKES_READY: frozenset[str] = INITIALIZES | frozenset(("init",))

#: What a program begins with; nothing else stands in such a name but the other words.
MAIN: frozenset[str] = frozenset(("main", "amain"))
BESIDE_MAIN: frozenset[str] = frozenset(("a", "async", "run"))

#: When the application has stopped serving.
SHUTS_DOWN: frozenset[str] = frozenset(("shutdown", "teardown"))

#: What ends an object for good.
ENDS: frozenset[str] = SHUTS_DOWN | frozenset(
    ("stop", "close", "aclose", "aexit", "disconnect", "dispose", "terminate", "finalize", "finalise", "cleanup")
)

#: What ends work that goes on, or waits for its end.
LETS_GO: frozenset[str] = ENDS | frozenset(
    ("shut", "clean", "cancel", "kill", "finish", "exit", "end", "reset", "drain", "join")
)

#: What puts right or fills in what is stored, once.
CONVERTS: frozenset[str] = frozenset(
    ("migrate", "migration", "migrations", "repair", "backfill", "seed", "fixup")
)

"""What a route is, for every framework alike."""

from __future__ import annotations

from typing import NamedTuple

#: HTTP verbs that decorators and methods of view classes are named after.
VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "trace"))

#: What the methods of a REST view set answer to.
ACTIONS = {
    "list": "GET", "retrieve": "GET", "create": "POST", "update": "PUT", "partial_update": "PATCH",
    "destroy": "DELETE",
}  # fmt: skip

#: Methods that answer every request of a view class.
DISPATCH = {"flask": "dispatch_request", "tornado": "on_message"}
#: Frameworks that call a plain handler in a thread, away from the event loop.
THREADED = frozenset(("fastapi", "starlette", "flask", "django"))
HANDLER_NAMES = VERBS | ACTIONS.keys() | frozenset(DISPATCH.values())


class Route(NamedTuple):
    """A function that answers requests.

    ``methods`` are in capitals and empty when they are not written down; ``path`` is what the
    handler's own declaration says, without the prefixes of routers it is mounted below.
    """

    framework: str
    methods: tuple[str, ...]
    path: str

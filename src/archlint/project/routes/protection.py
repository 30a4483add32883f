"""How the routes around a route are protected, and which routes are meant for everybody."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.access import PROVING_PARAMETERS, PUBLIC_WORDS
from archlint.model.summary import Param
from archlint.project.identifiers import name_words
from archlint.project.ledger import concluded

if TYPE_CHECKING:
    from archlint.project.routes.entry import RouteEntry
    from archlint.project.world import World

_LABEL = re.compile(r"`([^`]+)`")
#: Fewer neighbours than this say nothing.
_FEW = 3
#: The share of protected routes that makes an open one stand out: in its file, in its application.
_IN_FILE, _IN_APPLICATION = 0.6, 0.8


class Siblings(NamedTuple):
    """The comparable routes beside one: how many are protected, of how many, and by what."""

    protected: int
    total: int
    label: str


class Protection:
    """Compares routes; made once for each project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[str, str], list[RouteEntry]] = world.answers()

    def is_public(self, entry: RouteEntry) -> bool:
        """Whether a route is meant for everybody, or proves its caller by a link or signature."""
        # The class of a view says it where its method is called `post`; `SignUp` is one word there.
        name = entry.name.replace(".", "_")
        said = name_words(entry.path or entry.tail or "") | name_words(name)
        said |= name_words(name.replace("SignUp", "Signup"))
        if said & (PUBLIC_WORDS | PROVING_PARAMETERS):
            return True
        if entry.handler is None:
            return False
        scope = self.world.summary(entry.handler[0]).scopes[entry.handler[1]]
        return any(name_words(p[Param.NAME]) & PROVING_PARAMETERS for p in scope.params)

    def beside(self, entry: RouteEntry) -> Siblings | None:
        """The routes beside an open one, if so many of them are protected that it stands out."""
        if entry.handler is None or not entry.app:
            return None
        near = self._others(entry, entry.handler[0])
        found = _compared(near, _IN_FILE) if len(near) >= _FEW else None
        # Reading is often open where writing is not: then the routes that write are compared alone.
        writing = [e for e in near if e.mutating]
        if found is not None or any(e.authenticated.answer == "no" for e in writing):
            return found
        return _compared([e for e in self._others(entry, "") if e.mutating], _IN_APPLICATION)

    def _others(self, entry: RouteEntry, path: str) -> list[RouteEntry]:
        """The comparable routes of the application, or of one file of it."""
        key = (entry.app, path)
        if key not in self._known:
            self._known[key] = [
                e
                for e in self._groups.get(key, [])
                # A protected route counts whatever it is called.
                if e.authenticated.answer == "yes"
                or (e.authenticated.answer == "no" and not self.is_public(e))
            ]
        return [e for e in self._known[key] if e.handler != entry.handler]

    @concluded
    def _groups(self) -> dict[tuple[str, str], list[RouteEntry]]:
        """The routes by application, and by application and file."""
        found: dict[tuple[str, str], list[RouteEntry]] = {}
        for other in self.world.route_table.all():
            if other.handler is not None and other.app:
                found.setdefault((other.app, other.handler[0]), []).append(other)
                found.setdefault((other.app, ""), []).append(other)
        return found


def _compared(others: list[RouteEntry], share: float) -> Siblings | None:
    by_handler = {e.handler: e for e in others}
    protected = [e for e in by_handler.values() if e.authenticated.answer == "yes"]
    if len(protected) < _FEW or len(protected) < share * len(by_handler):
        return None
    labels = Counter(m[1] for e in protected if (m := _LABEL.search(e.authenticated.reason)) is not None)
    label = min(labels, key=lambda name: (-labels[name], name)) if labels else ""
    return Siblings(len(protected), len(by_handler), label)

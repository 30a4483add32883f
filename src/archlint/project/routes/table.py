"""The route table: every handler under every path of every application of the project.

Rules ask ``file.world.route_table``::

    table.of(path, scope)      # the entries of one handler: as many as it has paths and applications
    table.all()                # all entries, sorted
    table.registered_in(path)  # entries whose registration is written in a file
    table.conflicts.at(place)  # what keeps requests from the routes registered at a place
    table.late                 # what is added to routers after they were included

A :class:`~archlint.project.routes.entry.RouteEntry` says: ``framework``, ``methods``, ``path`` (full; None
when a prefix on the way is unknown or no known application serves the route), ``app``, ``handler`` (file and
scope index), ``name``, ``place`` (where it is registered), ``mutating``, ``before(other)`` (order of
registration), ``branches`` (the conditions it hangs on), and, computed when asked: ``dependencies``
(outermost first), ``authenticated`` (``yes``, ``no``, ``unknown`` with the reason), ``bodies``,
``response``, ``status``, ``documented``, ``responses``, ``paginated``. ``base`` and ``tail`` compare two
entries of which only the path below a common point is known.

The table is made once, in the order of the files, from summaries alone. Everything that is not certain
is None or ``unknown``: rules then stay silent. Registrations in tests are not part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Scope
from archlint.project.ledger import concluded
from archlint.project.routes.access import Access
from archlint.project.routes.answers import Answers
from archlint.project.routes.conflicts import Conflicts, Late, late_additions
from archlint.project.routes.declared import Declarations
from archlint.project.routes.entry import Place, RouteEntry
from archlint.project.routes.facts import Facts
from archlint.project.routes.follow import Follower
from archlint.project.routes.graph import Graph, Node
from archlint.project.routes.handlers import Handlers
from archlint.project.routes.hooks import Hooks
from archlint.project.routes.parameters import Parameters
from archlint.project.routes.protection import Protection
from archlint.project.routes.routers import Registrations, Routers, calling, decorating
from archlint.project.routes.texts import Texts
from archlint.project.routes.urlconf import UrlConfs
from archlint.project.words import CALLS, DECORATES, IMPORTS

if TYPE_CHECKING:
    from archlint.project.world import World

_NONE: tuple[RouteEntry, ...] = ()
#: Calls that lists of routes are made with.
_LISTED = ("path", "re_path", "url", "register", "extend", "append")


class _Made(NamedTuple):
    """The table: all entries, sorted, the same by handler and by file, and the graph they were found in."""

    entries: tuple[RouteEntry, ...]
    by_handler: dict[tuple[str, int], tuple[RouteEntry, ...]]
    by_file: dict[str, tuple[RouteEntry, ...]]
    graph: Graph


class RouteTable:
    """All routes of a project; made when first asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.follower = Follower(world)
        self.texts = Texts(world, self.follower)
        self.facts = Facts(world, self.follower, self.texts)
        self.access = Access(world, self.follower, self.texts, self.facts)
        self.parameters = Parameters(world, self.follower, self.texts, self.facts)
        self.answers = Answers(world, self.follower, self.texts)
        self.protection = Protection(world)
        self._handlers = Handlers(world, self.follower)
        self._registrations = Registrations(world)

    def all(self) -> tuple[RouteEntry, ...]:
        """Every entry, sorted by application, path and method."""
        return self._made.entries

    def of(self, path: str, scope: Scope) -> tuple[RouteEntry, ...]:
        """The entries that a function handles."""
        return self._made.by_handler.get((path, scope.index), _NONE)

    def registered_in(self, path: str) -> tuple[RouteEntry, ...]:
        """The entries whose registration is written in a file."""
        if path not in self._candidates and not self._has_lists(path):
            return _NONE
        return self._made.by_file.get(path, _NONE)

    @property
    def nodes(self) -> dict[str, Node]:
        """The applications and routers, by their keys."""
        return self._made.graph.nodes

    @concluded
    def conflicts(self) -> Conflicts:
        """The routes that others keep requests from."""
        return Conflicts(self.all())

    @concluded
    def late(self) -> dict[Place, Late]:
        """What is added to routers after they were included, by place."""
        return late_additions(self._made.graph)

    def _has_lists(self, path: str) -> bool:
        """Whether a file may have a list of Tornado's handlers, which are called so."""
        return b"andlers" in (self.world.read(path) or b"")

    @concluded
    def _candidates(self) -> frozenset[str]:
        """The files that may register something, by their words: what is not among them needs no table."""
        words = self.world.words
        found = decorating(words) | calling(words)
        found |= {p for word in _LISTED for use in (CALLS, IMPORTS) for p in words.files(use, word)}
        return frozenset(found.union(words.files(DECORATES, "expose")))

    @concluded
    def _made(self) -> _Made:
        graph = Graph()
        routers = Routers(self.world, graph, self.follower, self.texts, self._handlers, self._registrations)
        routers.read()
        UrlConfs(self.world, routers).read()
        Declarations(self.world, routers).read()
        Hooks(self.world, self.follower, routers).read()
        entries = sorted((RouteEntry(self, served) for served in graph.served()), key=lambda entry: entry.key)
        by_handler: dict[tuple[str, int], tuple[RouteEntry, ...]] = {}
        by_file: dict[str, tuple[RouteEntry, ...]] = {}
        for entry in entries:
            if entry.handler is not None:
                by_handler[entry.handler] = (*by_handler.get(entry.handler, ()), entry)
            by_file[entry.place.path] = (*by_file.get(entry.place.path, ()), entry)
        return _Made(tuple(entries), by_handler, by_file, graph)

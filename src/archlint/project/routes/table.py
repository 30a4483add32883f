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

from functools import cached_property
from typing import TYPE_CHECKING

from archlint.model.summary import Scope
from archlint.project.routes.access import Access
from archlint.project.routes.answers import Answers
from archlint.project.routes.conflicts import Conflicts, Late, late_additions
from archlint.project.routes.declared import Declarations
from archlint.project.routes.entry import Place, RouteEntry
from archlint.project.routes.facts import Facts
from archlint.project.routes.follow import Follower
from archlint.project.routes.graph import Graph
from archlint.project.routes.handlers import Handlers
from archlint.project.routes.hooks import Hooks
from archlint.project.routes.parameters import Parameters
from archlint.project.routes.protection import Protection
from archlint.project.routes.routers import Routers
from archlint.project.routes.texts import Texts
from archlint.project.routes.urlconf import UrlConfs
from archlint.project.words import CALLS, DECORATES, IMPORTS

if TYPE_CHECKING:
    from archlint.project.world import World

_NONE: tuple[RouteEntry, ...] = ()
_DJANGO = ("path", "re_path", "url", "register", "extend")


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
        self.graph = Graph()
        self.protection = Protection(world)
        handlers = Handlers(world, self.follower)
        self._routers = Routers(world, self.graph, self.follower, self.texts, handlers)
        self._all: tuple[RouteEntry, ...] | None = None
        self._by_handler: dict[tuple[str, int], tuple[RouteEntry, ...]] = {}
        self._by_file: dict[str, tuple[RouteEntry, ...]] = {}

    def all(self) -> tuple[RouteEntry, ...]:
        """Every entry, sorted by application, path and method."""
        if self._all is None:
            self._all = self._make()
            for entry in self._all:
                if entry.handler is not None:
                    self._by_handler[entry.handler] = (*self._by_handler.get(entry.handler, ()), entry)
                self._by_file[entry.place.path] = (*self._by_file.get(entry.place.path, ()), entry)
        return self._all

    def of(self, path: str, scope: Scope) -> tuple[RouteEntry, ...]:
        """The entries that a function handles."""
        self.all()
        return self._by_handler.get((path, scope.index), _NONE)

    def registered_in(self, path: str) -> tuple[RouteEntry, ...]:
        """The entries whose registration is written in a file."""
        if self._all is None and path not in self._candidates and not self._has_lists(path):
            return _NONE
        self.all()
        return self._by_file.get(path, _NONE)

    @cached_property
    def conflicts(self) -> Conflicts:
        """The routes that others keep requests from."""
        return Conflicts(self.all())

    @cached_property
    def late(self) -> dict[Place, Late]:
        """What is added to routers after they were included, by place."""
        self.all()
        return late_additions(self.graph)

    def _has_lists(self, path: str) -> bool:
        """Whether a file may have a list of Tornado's handlers, which are called so."""
        return b"andlers" in (self.world.read(path) or b"")

    @cached_property
    def _candidates(self) -> frozenset[str]:
        """The files that may register something, by their words: what is not among them needs no table."""
        words = self.world.words
        found = self._routers.decorating() | self._routers.calling()
        found |= {p for word in _DJANGO for use in (CALLS, IMPORTS) for p in words.files(use, word)}
        return frozenset(found.union(words.files(DECORATES, "expose")))

    def _make(self) -> tuple[RouteEntry, ...]:
        routers = self._routers
        routers.read()
        UrlConfs(self.world, routers).read()
        Declarations(self.world, routers).read()
        Hooks(self.world, self.follower, routers).read()
        self.access.nodes = self.graph.nodes
        found = [RouteEntry(self, served) for served in self.graph.served()]
        return tuple(sorted(found, key=lambda entry: entry.key))

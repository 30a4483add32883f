"""Applications and routers, what is registered on them, and the paths that follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archlint.model.summary import Expr
from archlint.project.routes.entry import Layer, Place, Step
from archlint.project.routes.follow import Spot

#: A route may be reached over so many routers, and a table have so many routes.
_DEEPEST, _MOST = 12, 40_000


class Handler(NamedTuple):
    """A function or class that answers, and the decorators applied where it is registered."""

    place: tuple[str, int]  # file and scope index
    name: str
    methods: tuple[str, ...]  # what a method of a view class answers; empty for a function
    wrappers: tuple[tuple[Expr, Spot], ...] = ()
    view: str = ""  # key of the view class that is registered, which may inherit the function


class Item(NamedTuple):
    """Something registered on a router: a route (with ``handler``) or another router (with ``child``)."""

    path: str | None  # of the route, or the prefix of the child, its own included; None: unknown
    methods: tuple[str, ...]
    handler: Handler | None
    child: str  # key of a node; empty for a route
    layer: Layer
    place: Place
    step: Step
    branches: frozenset[tuple[str, int, int]]
    word: str = ""  # the name of the method that registers it


class Node:
    """An application or a router."""

    def __init__(self, key: str, framework: str, is_app: bool, layer: Layer, prefix: str | None) -> None:
        self.key = key
        self.framework = framework
        self.is_app = is_app
        self.app = key  # what the application is called
        self.layer = layer
        self.prefix = prefix  # its own; None: unknown
        self.items: list[Item] = []
        self.hooks: list[tuple[str, Expr, Spot]] = []  # what runs before every route: kind, function or class
        self.bases: list[str] = []  # nodes whose items are also this one's: the class it is made of
        self.has_parent = False


class Served(NamedTuple):
    """A route item met on the way from a root."""

    item: Item
    framework: str
    tail: str | None
    base: str
    app: str
    steps: tuple[Step, ...]
    layers: tuple[Layer, ...]
    branches: frozenset[tuple[str, int, int]]


class _Way(NamedTuple):
    """How far the walk has come."""

    tail: str
    base: str
    app: str
    steps: tuple[Step, ...]
    layers: tuple[Layer, ...]
    branches: frozenset[tuple[str, int, int]]
    seen: tuple[str, ...]


class Graph:
    """All nodes of a project."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def add(self, item: Item, owner: Node) -> None:
        """Register something on a node, once."""
        if item not in owner.items:
            owner.items.append(item)
            if item.child:
                self.nodes[item.child].has_parent = True

    def served(self) -> Iterator[Served]:
        """Every route under every path from every root, roots in the order of their keys."""
        count = 0
        for key in sorted(self.nodes):
            node = self.nodes[key]
            if node.has_parent and not node.is_app:
                continue
            if node.has_parent and node.is_app:
                # A mounted application is served below its parent only.
                continue
            for found in self._walk(node, _start(node)):
                count += 1
                if count > _MOST:
                    return
                yield found

    def _walk(self, node: Node, way: _Way) -> Iterator[Served]:
        if node.key in way.seen or len(way.seen) > _DEEPEST:
            return
        way = way._replace(seen=(*way.seen, node.key), layers=(*way.layers, node.layer))
        for key in (node.key, *node.bases):
            for item in self.nodes[key].items if key in self.nodes else ():
                yield from self._item(item, node, way)

    def _item(self, item: Item, node: Node, way: _Way) -> Iterator[Served]:
        steps = (*way.steps, item.step)
        layers = (*way.layers, item.layer)
        branches = way.branches | item.branches
        if not item.child:
            tail = join(node.framework, way.tail, item.path) if item.path is not None else None
            yield Served(item, node.framework, tail, way.base, way.app, steps, layers, branches)
            return
        child = self.nodes[item.child]
        prefix = item.path
        if prefix is None:
            # From here on paths are known only below this point.
            # Two turns of a loop add two prefixes.
            base = f"{item.step.owner}>{item.step.when}"
            below = way._replace(tail="", base=base)
        else:
            below = way._replace(tail=join(node.framework, way.tail, prefix))
        yield from self._walk(child, below._replace(steps=steps, layers=layers, branches=branches))


def _start(node: Node) -> _Way:
    app = node.app if node.is_app else ""
    tail = node.prefix or ""
    # A root whose own prefix is unknown serves nothing at a known path.
    base = node.app if node.is_app and node.prefix is not None else node.key
    return _Way(tail, base, app, (), (), frozenset(), ())


def join(framework: str, prefix: str, path: str) -> str:
    """A path below a prefix, as the framework puts them together."""
    if framework in ("flask", "quart", "sanic") and prefix and path:
        return f"{prefix.rstrip('/')}/{path.lstrip('/')}"
    if framework == "aiohttp" or path.startswith("/"):
        return prefix.rstrip("/") + path if prefix.endswith("/") else prefix + path
    return prefix + path

"""Rows that a template shows one by one, with what each of its loops reads of them.

The loop of a template is a display like those of serializers: it is told from others by its file and number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.templates import ASKS, DIRECTORIES, RENDERERS, VIEWS, Renderer
from archlint.model.flow import source_of
from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.conventions import LIST_VIEW
from archlint.project.ledger import settle
from archlint.project.limits import FUEL
from archlint.project.serialization.rest.fields import TEMPLATE, Source
from archlint.project.serialization.templates.markup import (
    Alias,
    Choice,
    Included,
    Loop,
    Node,
    Path,
    Shown,
    parse,
)
from archlint.project.types import Type, members, union

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Templates included one by another that are followed.
_DEPTH = 3
#: The value behind a name of a template.
_Values = Callable[[str], "Type | None"]


class _Reading(NamedTuple):
    """Where the reading of a loop's body is: the template, and the names that lead to the row."""

    path: str
    names: dict[str, Path]
    depth: int


class Templates:
    """Questions about templates; answers are kept by file and loop."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._parsed: dict[str, tuple[Node, ...]] = world.answers()
        self._sources: dict[str, tuple[Source, ...]] = world.answers()

    def rendered(self, callee: Type, row: list[Any], frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """Rows that a call renders, each with the loop of the template that shows it."""
        path, given = self._asked(callee, row, frame)

        def value(key: str) -> Type | None:
            expr = given.get(key)
            return self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER]) if expr else None

        yield from self._walked(self._nodes(path), path, value, _DEPTH)

    def unescaped(self, index: int, frame: Frame) -> Iterator[tuple[Expr, tuple[str, int]]]:
        """The values that a call gives a template which shows them as they are, each with the place there."""
        for callee in members(self.world.evaluator.callee(index, frame)):
            path, given = self._asked(callee, frame.scope.calls[index], frame)
            for key, place in self._raw(self._nodes(path), path, _DEPTH):
                if key in given:
                    yield given[key], place

    def _asked(self, callee: Type, row: list[Any], frame: Frame) -> tuple[str, dict[str, Expr]]:
        """The template that a call renders, with the values that it gives; an empty path for none."""
        renderer = RENDERERS.get(callee.name)
        name = _template(row, renderer) if renderer is not None else ""
        path = self._find(name, frame.path) if name else ""
        return path, _given(row, renderer, frame.scope) if renderer is not None and path else {}

    def _raw(self, nodes: Iterable[Node], path: str, depth: int) -> Iterator[tuple[str, tuple[str, int]]]:
        """The names that a template shows as they are; what loops and aliases bind is something else."""
        for node in nodes:
            if isinstance(node, Shown) and node.raw and len(node.path) == 1:
                yield node.path[0], (path, node.line)
            elif isinstance(node, Choice):
                yield from self._raw(node.body, path, depth)
            elif isinstance(node, Loop):
                yield from (
                    found for found in self._raw(node.body, path, depth) if found[0] not in node.names
                )
            elif isinstance(node, Included) and depth:
                included = self._find(node.name, path)
                known = dict(node.given)
                for name, place in self._raw(self._nodes(included), included, depth - 1):
                    source = known.get(name, (name,))
                    if len(source) == 1:
                        yield source[0], place

    def viewed(self, view: str) -> Iterator[tuple[Type, Type, bool]]:
        """Rows that a generic view of Django gives its template by itself, with the loops of the template."""
        path = self._page_of(view)
        shown = self.world.frameworks.conventions.shown
        if path:
            yield from self._walked(
                self._nodes(path), path, lambda key: shown(Type("inst", view), key), _DEPTH
            )

    def added(self, view: str, frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """Rows that ``get_context_data`` of a view adds: ``context["orders"] = ...``."""
        stores = {store[Store.ATTR]: store for store in frame.scope.stores if store[Store.ATTR][:1] == "["}
        path = self._page_of(view) if stores else ""

        def value(key: str) -> Type | None:
            store = stores.get(f"[{key}]")
            if store is None:
                return None
            return self.world.evaluator.eval(store[Store.EXPR], frame, store[Store.BLOCK], store[Store.ORDER])

        if path:
            yield from self._walked(self._nodes(path), path, value, _DEPTH)

    def sources(self, key: str) -> tuple[Source, ...]:
        """What one pass of a loop reads of its row."""
        if key not in self._sources:
            return settle(self._sources, key, (), lambda: tuple(self._read(key)))
        return self._sources[key]

    # -- files ------------------------------------------------------------------------------------

    def _page_of(self, view: str) -> str:
        """The template of a generic view: the one that it names, or that a list or a detail view takes."""
        classes = self.world.classes
        bases = classes.library_bases(view)
        if not any(base.startswith(VIEWS) for base in bases) or classes.method(view, "get_template_names"):
            return ""
        named = classes.find(view, "template_name")
        if named is not None:
            expr = named[1][Bind.EXPR]
            name = str(expr[1]) if expr is not None and expr[0] == "k" else ""
        else:
            row = self.world.frameworks.conventions.view_row(Type("inst", view))
            info = classes.info(row.name) if row is not None else None
            application = info.path.partition("/models")[0].rpartition("/")[2] if info is not None else ""
            kind = "list" if LIST_VIEW in bases else "detail"
            name = f"{application}/{info.name.lower()}_{kind}.html" if info is not None else ""
        return self._find(name, view.rpartition(":")[0]) if name else ""

    def _find(self, name: str, near: str) -> str:
        """The template of a name beside a module, or above it; ``""`` where there is none."""
        folders = near.split("/")[:-1]
        while True:
            for directory in DIRECTORIES:
                path = "/".join((*folders, directory, name))
                if self._nodes(path):
                    return path
            if not folders:
                return ""
            folders.pop()

    def _nodes(self, path: str) -> tuple[Node, ...]:
        """The nodes of a template; none where there is no such file, or it reads nothing."""
        if not path:
            return ()
        if path not in self._parsed:
            return settle(self._parsed, path, (), lambda: parse(self._text(path)))
        return self._parsed[path]

    def _text(self, path: str) -> str:
        return (self.world.read(path) or b"").decode("utf-8", "replace")

    # -- rows -------------------------------------------------------------------------------------

    def _walked(
        self, nodes: Iterable[Node], path: str, value: _Values, depth: int
    ) -> Iterator[tuple[Type, Type, bool]]:
        """The rows of the loops of a template, conditions of the page left aside."""
        for node in nodes:
            if isinstance(node, Choice):
                yield from self._walked(node.body, path, value, depth)
            elif isinstance(node, Alias):
                value = _also(value, {node.name: self._along(node.path, value)})
            elif isinstance(node, Included) and depth:
                given = {name: self._along(source, value) for name, source in node.given}
                found = self._find(node.name, path)
                yield from self._walked(self._nodes(found), found, _also(value, given), depth - 1)
            elif isinstance(node, Loop) and node.over:
                yield from self._looped(node, path, value, depth)

    def _looped(self, loop: Loop, path: str, value: _Values, depth: int) -> Iterator[tuple[Type, Type, bool]]:
        walked = self._along(loop.over, value)
        items = union(self.world.evaluator.iterate(member) for member in members(walked))
        rows = [m for m in members(items) if m.kind == "inst" and self.world.models.is_model(m.name)]
        if rows and len(loop.names) == 1:
            yield from ((row, Type(TEMPLATE, f"{path}|{loop.number}"), True) for row in rows)
            return
        parts = items.args if items is not None and len(items.args) == len(loop.names) > 1 else (items,)
        inner = dict(zip(loop.names, parts, strict=False)) if len(parts) == len(loop.names) else {}
        yield from self._walked(loop.body, path, _also(value, inner), depth)

    def _along(self, path: Path, value: _Values) -> Type | None:
        """The value behind a path: methods are called, as templates do."""
        here = value(path[0])
        for attr in path[1:]:
            found = union(self.world.evaluator.attribute(member, attr) for member in members(here))
            here = union(self._called(member, attr) for member in members(found))
        return here

    def _called(self, value: Type, name: str) -> Type | None:
        evaluator = self.world.evaluator
        receiver = value.args[0] if value.args else None
        if value.kind == "func":
            return evaluator.result_of(value, (), FUEL - 2)
        if value.kind != "lib" or receiver is None:
            return value
        signature = evaluator.library.member(receiver.name, name)
        return evaluator.instantiate_signature(signature, receiver, (), None) if signature else None

    # -- what is read -----------------------------------------------------------------------------

    def _read(self, key: str) -> Iterator[Source]:
        path, _, number = key.rpartition("|")
        for loop in _loops(self._nodes(path)):
            if loop.number == int(number):
                found: dict[Path, Source] = {}
                self._collect(loop.body, _Reading(path, {loop.names[0]: ()}, _DEPTH), found)
                yield from found.values()

    def _collect(self, nodes: Iterable[Node], at: _Reading, found: dict[Path, Source]) -> None:
        for node in nodes:
            if isinstance(node, Shown):
                self._show(node, at, found)
            elif isinstance(node, Alias):
                self._show(Shown(node.path, node.line), at, found)
                if node.path[0] in at.names:
                    at.names[node.name] = (*at.names[node.path[0]], *node.path[1:])
            elif isinstance(node, Loop):
                self._nest(node, at, found)
            elif isinstance(node, Choice):
                for test in node.tests[:1]:
                    self._show(Shown(test, node.line), at, found)
                if not any(test[0] in at.names for test in node.tests):
                    self._collect(node.body, at, found)
            elif at.depth:
                included = self._find(node.name, at.path)
                given = {n: (*at.names[p[0]], *p[1:]) for n, p in node.given if p[0] in at.names}
                names = {**{n: p for n, p in at.names.items() if n not in dict(node.given)}, **given}
                self._collect(self._nodes(included), _Reading(included, names, at.depth - 1), found)

    def _show(self, shown: Shown, at: _Reading, found: dict[Path, Source]) -> None:
        path = _relative(shown.path, at.names)
        if path == () and shown.whole:
            path = ("__str__",)
        if path:
            place = (at.path, shown.line)
            found.setdefault(path, Source(".".join(shown.path), path, "row", None, place))

    def _nest(self, loop: Loop, at: _Reading, found: dict[Path, Source]) -> None:
        """A loop in a loop: over rows that the outer one leads to, or over something else."""
        path = _relative(loop.over, at.names) if loop.over else None
        if path:
            nested = Type(TEMPLATE, f"{at.path}|{loop.number}") if len(loop.names) == 1 else None
            source = Source(".".join(loop.over), path, "row", nested, (at.path, loop.line))
            found.setdefault((*path, str(loop.number)), source)
        names = {name: path for name, path in at.names.items() if name not in loop.names}
        self._collect(loop.body, at._replace(names=names), found)


def _relative(path: Path, names: dict[str, Path]) -> Path | None:
    """The attributes from the row to what a path reads; None where it starts elsewhere."""
    start = names.get(path[0])
    if start is None:
        return None
    found = (*start, *path[1:])
    return found[:-1] if len(found) > 1 and found[-1] in ASKS else found


def _loops(nodes: Iterable[Node]) -> Iterator[Loop]:
    for node in nodes:
        if isinstance(node, Loop | Choice):
            if isinstance(node, Loop):
                yield node
            yield from _loops(node.body)


def _also(value: _Values, known: dict[str, Type | None]) -> _Values:
    """Names of a template, with some that it gives itself."""
    return lambda name: known[name] if name in known else value(name)


def _template(row: list[Any], renderer: Renderer) -> str:
    """The name of the template that a call renders, if the call says it by a text."""
    keywords = dict(row[Call.KEYWORDS])
    exprs = [keywords.get(renderer.name), *row[Call.ARGS][renderer.template : renderer.template + 2]]
    return next((e[1] for e in exprs if e is not None and e[0] == "k" and isinstance(e[1], str)), "")


def _given(row: list[Any], renderer: Renderer, scope: Scope) -> dict[str, Expr]:
    """The values that a call gives a template, by name, as far as the program text lists them."""
    keywords: dict[str, Expr] = dict(row[Call.KEYWORDS])
    if renderer.context < 0:
        return keywords
    context = keywords.get(renderer.values)
    for expr in row[Call.ARGS][renderer.context : renderer.context + 2]:
        context = context or (expr if expr is not None and expr[0] in ("d", "n") else None)
    found: dict[str, Expr] = {}
    whole = source_of(context, scope) if context is not None else None
    if whole is not None and whole[0] == "d":
        found = {key[1]: value for key, value in whole[1] if key is not None and key[0] == "k"}
    for store in scope.stores:
        if store[Store.VALUE] == context and store[Store.ATTR].startswith("["):
            found[store[Store.ATTR][1:-1]] = store[Store.EXPR]
    return found

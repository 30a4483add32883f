"""Object types of GraphQL: which of them come in lists, and what their resolvers are handed.

The library calls the resolver of a field once for every object of a list that the field is asked of. No loop
of the project shows it: what shows it is a list, or a page, whose items have that type.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.graphql import (
    CONNECTIONS,
    FIELDS,
    HINTS,
    LIBRARIES,
    LISTS,
    MUTATIONS,
    OBJECT_TYPES,
    OPTIMIZERS,
    PAGES,
    WRAPPERS,
)
from archlint.model.summary import Bind, Call, Expr, Param, Scope, Summary
from archlint.project.evaluation.frames import END
from archlint.project.ledger import settle
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, decorators, last_word, parts_of_row

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_OBJECTS, _LISTS, _PAGES = frozenset(OBJECT_TYPES), frozenset(LISTS), frozenset(PAGES)
_CONNECTIONS, _MUTATIONS = frozenset(CONNECTIONS), frozenset(MUTATIONS)
_FIELDS = frozenset(FIELDS)
#: What strawberry gives to a resolver by itself.
_GIVEN = frozenset(("info", "root", "parent"))
#: Annotations that promise a whole list, and the end of the names of those that promise a page.
_ANNOTATED, _PAGED = frozenset(("list", "List", "Sequence", "Iterable")), "Connection"
_PREFIX = "resolve_"
#: What loads relations along with rows, by the last word of a call.
_LOOKUPS = ("select_related", "prefetch_related")
_LOADERS = (*_LOOKUPS, "joinedload", "selectinload", "subqueryload")


class _Items(NamedTuple):
    """What a list, or what may be one, has items of."""

    expr: Expr
    stands_in: int  # the scope of the expression
    made_in: int  # the scope of the list
    call: int  # the call that makes the list; -1 for an annotation, which says so itself


class GraphQL:
    """Questions about object types and their resolvers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._listed: dict[str, bool] = world.answers()
        self._loaded: dict[str, tuple[str, ...]] = world.answers()
        self._listing: dict[str, tuple[_Items, ...]] = world.answers()

    # -- resolvers ----------------------------------------------------------------------------------

    def resolves(self, path: str, scope: Scope) -> bool:
        """Whether a method resolves a field of an object type."""
        if scope.kind != "function" or scope.parent <= 0 or not scope.name.startswith(_PREFIX):
            return False
        return bool(scope.params and _OBJECTS & self.world.classes.library_bases(f"{path}:{scope.parent}"))

    def _is_decorated(self, path: str, scope: Scope) -> bool:
        """Whether a method resolves the field that a decorator makes of it."""
        if scope.kind != "function" or scope.parent <= 0 or not scope.params or not scope.decorators:
            return False
        decorates = self.world.evaluator.decorator_name
        return any(decorates(path, scope, decorator) in _FIELDS for decorator in scope.decorators)

    def listed_type(self, path: str, scope: Scope) -> str:
        """The name of the object type that a method resolves a field of, if that comes in lists."""
        if self.resolves(path, scope):
            is_one_by_one = not self._is_hinted(path, scope) and not self._is_page(path, scope)
        else:
            is_one_by_one = self._is_decorated(path, scope) and not _is_asked_of_one(scope)
        if not is_one_by_one:
            return ""
        key = f"{path}:{scope.parent}"
        info = self.world.classes.info(key)
        return info.name if info is not None and self._is_listed(key) else ""

    def _is_hinted(self, path: str, scope: Scope) -> bool:
        """Whether a resolver tells an optimizer what it reads."""
        return any(last_word(d) in HINTS for d in decorators(scope, self.world.summary(path)))

    def answers_list(self, path: str, scope: Scope) -> bool:
        """Whether the field that a method resolves is a list, which the library walks as a whole."""
        return any(made & _LISTS for made, _ in self._field(path, scope))

    def _is_page(self, path: str, scope: Scope) -> bool:
        """Whether the field that a method resolves is a page: one query cannot answer many of them."""
        return any(
            made & _PAGES or any(self._is_connection(member) for member in members(item))
            for made, item in self._field(path, scope)
        )

    def _is_connection(self, value: Type) -> bool:
        return is_project(value.name) and bool(self.world.classes.library_bases(value.name) & _CONNECTIONS)

    def _field(self, path: str, scope: Scope) -> Iterator[tuple[frozenset[str], Type | None]]:
        """What the field that a method resolves is made of, from outside in: classes and first arguments."""
        found = self.world.classes.find(f"{path}:{scope.parent}", scope.name[len(_PREFIX) :])
        if found is None:
            return
        info, bind = found
        evaluator, summary = self.world.evaluator, self.world.summary(info.path)
        frame = evaluator.frame(info.path, info.scope.index, (), 2)
        expr = bind[Bind.EXPR]
        while expr is not None and expr[0] == "c":
            row, index = info.scope.calls[expr[1]], expr[1]
            expr = row[Call.ARGS][0] if row[Call.ARGS] else None
            if expr is not None and expr[0] == "f":
                returns = summary.scopes[expr[1]].returns
                expr = returns[0][0] if returns else None
            item = evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
                module, _, name = expr[1].rpartition(".")
                item = evaluator.imported(module, name, info.path, 2) if module else item
            yield self._makes(index, frame), item

    # -- lists --------------------------------------------------------------------------------------

    def _is_listed(self, key: str) -> bool:
        return (
            settle(self._listed, key, False, lambda: self._find_listed(key))
            if key not in self._listed
            else self._listed[key]
        )

    def _find_listed(self, key: str) -> bool:
        info = self.world.classes.info(key)
        if info is None:
            return False
        typed = {path for library in LIBRARIES for path in self.world.mentioning(library)}
        near = sorted(
            typed & {*self.world.mentioning(info.name)},
            key=lambda path: (path != info.path, dirname(path) != dirname(info.path), path),
        )
        return any(self._lists(path, key, info.name) for path in near)

    def _lists(self, path: str, key: str, name: str) -> bool:
        """Whether a file has a list or a page of objects of a type."""
        return any(self._pages(path, scope, key) for scope in self.world.summary(path).scopes) or any(
            self._has_list(items, path, key, name) for items in self._items(path)
        )

    def _items(self, path: str) -> tuple[_Items, ...]:
        """What the lists of a file have items of, as far as its text says so."""
        if path not in self._listing:
            self._listing[path] = tuple(_listing(self.world.summary(path)))
        return self._listing[path]

    def _has_list(self, items: _Items, path: str, key: str, name: str) -> bool:
        """Whether a list, or what may be one, has many objects of a type."""
        if not self._is_type(items, path, key, name):
            return False
        frame = self.world.evaluator.frame(path, items.made_in, (), 2)
        return items.call < 0 or bool(self._makes(items.call, frame) & (_LISTS | _PAGES))

    def _is_type(self, item: _Items, path: str, key: str, name: str) -> bool:
        """Whether what a list has items of is an object type."""
        expr = item.expr
        if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
            is_own = expr[1] == "self" and key == f"{path}:{item.stands_in}"
            return is_own or expr[1].rpartition(".")[2] == name
        if last_word(expr) not in self.world.calls.spellings(path, name):
            return False
        frame = self.world.evaluator.frame(path, item.stands_in, (), 2)
        return any(member.name == key for member in members(self.world.evaluator.eval(expr, frame, 0, END)))

    def _pages(self, path: str, scope: Scope, key: str) -> bool:
        """Whether a scope is the ``Meta`` of a page of such objects."""
        if scope.kind != "class" or scope.name != "Meta" or "node" not in scope.binds:
            return False
        if not self.world.classes.library_bases(f"{path}:{scope.parent}") & _CONNECTIONS:
            return False
        frame = self.world.evaluator.frame(path, scope.index, (), 2)
        return any(
            member.name == key
            for row in scope.binds["node"]
            for member in members(
                self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
            )
        )

    def _makes(self, index: int, frame: Frame) -> frozenset[str]:
        """The classes that a call makes an object of, with their bases."""
        found: set[str] = set()
        for member in members(self.world.evaluator.callee(index, frame)):
            found.add(member.name)
            if member.kind == "class" and is_project(member.name):
                found |= self.world.classes.library_bases(member.name)
        return frozenset(found)

    # -- rows ---------------------------------------------------------------------------------------

    def row(self, model: Type) -> Type:
        """A row as a resolver gets it: with what the queries of the project's lists may have loaded."""
        return model._replace(facts=tuple(sorted({"row", *self._loaded_with(model.name)})))

    def _loaded_with(self, model: str) -> tuple[str, ...]:
        if model not in self._loaded:
            settle(self._loaded, model, ("?",), lambda: tuple(sorted(set(self._find_loaded(model)))))
        return self._loaded[model]

    def _find_loaded(self, model: str) -> Iterator[str]:
        """What lists of GraphQL load together with rows of a model, as facts of such a row."""
        if any(self.world.mentioning(name) for name in OPTIMIZERS):
            yield "?"
            return
        info = self.world.classes.info(model)
        own = info.path if info is not None else ""
        typed = {*self.world.mentioning("graphene")} & {*self.world.mentioning("ObjectType")}
        folders = {dirname(path) for path in typed}
        for word in _LOADERS:
            for path in self.world.words.files(CALLS, word):
                if path == own or dirname(path) in folders:
                    yield from self._loads(path, word, model)

    def _loads(self, path: str, word: str, model: str) -> Iterator[str]:
        for scope, _, row in self.world.calls.ending(path, word):
            if self._is_in_mutation(path, scope):
                continue
            if word not in _LOOKUPS:
                yield from (f"+{last_word(expr)}" for expr in row[Call.ARGS])
                continue
            frame = self.world.evaluator.frame(path, scope.index, (), 2)
            queried = self._queried(row, frame)
            for loaded in self.world.loading.related(row, frame, word):
                if loaded != "?":
                    yield from self._of_model(loaded.strip("+").split("."), queried, model)
                elif not queried or model in queried:
                    yield loaded

    def _is_in_mutation(self, path: str, scope: Scope) -> bool:
        """Whether a query is one of a mutation, which answers one object."""
        return scope.parent > 0 and bool(
            _MUTATIONS & self.world.classes.library_bases(f"{path}:{scope.parent}")
        )

    def _queried(self, row: list[Any], frame: Frame) -> frozenset[str]:
        """The models whose rows a query answers, as far as that is known."""
        if row[Call.FUNC] is None or row[Call.FUNC][0] != "a":
            return frozenset()
        value = self.world.evaluator.eval(row[Call.FUNC][1], frame, row[Call.BLOCK], row[Call.ORDER])
        rows = [part for member in members(value) if member.args for part in members(member.args[0])]
        return frozenset(part.name for part in rows if self.world.models.is_model(part.name))

    def _of_model(self, names: list[str], queried: frozenset[str], model: str) -> Iterator[str]:
        """Those names of a path of relations that are relations of a model."""
        for start in queried or {""}:
            here = start
            for name in names:
                relation = self.world.relations.of(here or model, name)
                if relation is not None and here in ("", model):
                    yield f"+{name}"
                here = relation.target if relation is not None and here else ""


def _listing(summary: Summary) -> Iterator[_Items]:
    """What calls are given first, and what annotations such as ``list[T]`` and ``Connection[T]`` promise."""
    for scope in summary.scopes:
        for index, row in enumerate(scope.calls):
            if row[Call.ARGS]:
                expr, inner = _item(row[Call.ARGS][0], scope, summary)
                if last_word(expr) or (expr is not None and expr[0] == "k"):
                    yield _Items(expr, inner.index, scope.index, index)
        annotations = [
            scope.returns_annotation,
            *(row[Bind.ANNOTATION] for rows in scope.binds.values() for row in rows),
        ]
        for part in parts_of_row(annotations):
            if part[0] == "s" and (last_word(part[1]) in _ANNOTATED or last_word(part[1]).endswith(_PAGED)):
                for item in parts_of_row([part[2]]):
                    if item[0] in ("n", "a", "k"):
                        yield _Items(item, scope.index, scope.index, -1)


def _is_asked_of_one(scope: Scope) -> bool:
    """Whether a field takes arguments or is a page: what one object is asked about in detail."""
    names = (p[Param.NAME] for p in scope.params[1:] if p[Param.KIND] not in ("*", "**"))
    paged = (last_word(part).endswith(_PAGED) for part in parts_of_row([scope.returns_annotation]))
    return not _GIVEN.issuperset(names) or any(paged)


def _item(expr: Expr, scope: Scope, summary: Summary) -> tuple[Expr, Scope]:
    """What a list has items of, and where that stands: ``T`` in ``List(NonNull(T))``, ``List(lambda: T)``."""
    while expr is not None:
        if expr[0] == "c" and last_word(scope.calls[expr[1]][Call.FUNC]) in WRAPPERS:
            args = scope.calls[expr[1]][Call.ARGS]
            expr = args[0] if args else None
        elif expr[0] == "f":
            scope = summary.scopes[expr[1]]
            expr = scope.returns[0][0] if scope.returns else None
        else:
            break
    return expr, scope

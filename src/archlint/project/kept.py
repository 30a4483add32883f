"""What code keeps for others by name: entries of registries, and attributes set on a library's objects.

``PROVIDERS[name] = cls`` in a decorator says what ``PROVIDERS[name]()`` gives, ``app.state.redis = Redis()``
at start-up what ``request.app.state.redis`` is in a handler. Both are asked from the place of use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from archlint.knowledge import lifecycle
from archlint.model.summary import Call, Expr, Param, Scope, Store, Summary
from archlint.project.application_settings import SETTINGS, ApplicationSettings
from archlint.project.identifiers import name_words
from archlint.project.limits import ASKS, FUEL
from archlint.project.roles import role_of
from archlint.project.rows.loading import LOADER
from archlint.project.types import CALLABLE, STR, Type, inst, is_project, members, union
from archlint.project.words import DECORATES, KEEPS, decorators, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Library classes whose objects keep things under texts.
KEEPERS = frozenset(("aiohttp.web.Application", SETTINGS))
_STATE, _APPLICATION = "starlette.datastructures.State", "starlette.applications.Starlette"
_LIFESPAN = "asynccontextmanager"
#: More files, or stores, than this are not looked at.
_MAX_FILES, _MAX_STORES = 30, 12
#: Library classes made to be filled by the project, with the name that an untyped one goes by.
_USUAL_NAMES = {_STATE: "state", "aiohttp.web.Application": "app"}


class Kept:
    """Answers what a registry holds and what the project hangs on a library's objects."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._attributes: dict[tuple[str, str], Type | None] = world.answers()
        self._stores: dict[str, dict[str, list[tuple[Scope, int]]]] = world.answers()
        self._entries: dict[tuple[str, int, str], Type | None] = world.answers()
        self._decorated: dict[tuple[str, int], Type | None] = world.answers()
        self._settings = ApplicationSettings(world)

    # -- library objects ------------------------------------------------------------------------

    def attribute(self, value: Type, attr: str) -> Type | None:
        """What the project stores as ``value.attr``, or as ``value["attr"]`` for ``[attr]``."""
        if value.kind != "inst" or "." not in value.name:
            return None
        if not self.world.words.files(KEEPS, attr) and value.name != _STATE:
            return None
        key = (value.name, attr)
        return self.world.evaluator.memo(
            self._attributes, key, ("kept", key), lambda: self._find_attribute(*key), None
        )

    def item(self, value: Type, index: Expr, key: Type | None) -> Type | None:
        """What an application keeps under a text or an ``AppKey``."""
        if key is not None and key.name == "aiohttp.web.AppKey":
            return key.args[0] if key.args else None
        if index is None or index[0] != "k":
            return None
        stored = self.attribute(value, f"[{index[1]}]")
        return union((stored, self._settings.entry(str(index[1])))) if value.name == SETTINGS else stored

    def _find_attribute(self, owner: str, attr: str) -> Type | None:
        paths = [p for p in self.world.words.files(KEEPS, attr) if role_of(p) != "test"]
        if len(paths) > _MAX_FILES:
            return None
        found: list[Type | None] = []
        for path in paths:
            for scope, row in self._stores_to(path, attr):
                if len(found) < _MAX_STORES and self._is_on(row, owner, path, scope):
                    found.append(self._stored(row, path, scope))
        if owner == _STATE:
            found += self._from_lifespans(attr)
        return union(found)

    def _stores_to(self, path: str, attr: str) -> Iterator[tuple[Scope, list[Any]]]:
        """The stores of a file to an attribute: it is asked for many, and read once."""
        table = self._stores.get(path)
        if table is None:
            table = self._stores[path] = _by_attribute(self.world.summary(path))
        for scope, index in table.get(attr, ()):
            yield scope, scope.stores[index]

    def _from_lifespans(self, attr: str) -> Iterator[Type | None]:
        """What the life of a Starlette application gives its requests: ``yield {"http": client}``."""
        paths = self.world.words.files(DECORATES, _LIFESPAN)
        for path in paths if len(paths) <= _MAX_FILES else ():
            for scope in self.world.summary(path).scopes:
                if scope.is_async and scope.yields and self._is_of_application(path, scope):
                    for expr, block, order, _ in scope.yields:
                        for key, item in expr[1] if expr is not None and expr[0] == "d" else ():
                            if key == ["k", attr]:
                                yield self._given(item, path, scope, block, order)

    def _is_of_application(self, path: str, scope: Scope) -> bool:
        """Whether a generator is given the application alone, and is about its whole life."""
        evaluator = self.world.evaluator
        names = [evaluator.decorator_name(path, scope, decorator) for decorator in scope.decorators]
        if len(scope.params) != 1 or f"contextlib.{_LIFESPAN}" not in names:
            return False
        name = scope.params[0][Param.NAME]
        frame = evaluator.frame(path, scope.index, (), FUEL)
        given = evaluator.eval(["n", name], frame, 0, 0)
        if given is None:
            return not lifecycle.STARTS.isdisjoint(name_words(scope.name))
        return any(self._are_related(m.name, _APPLICATION) for m in members(given) if not is_project(m.name))

    def _is_on(self, row: list[Any], owner: str, path: str, scope: Scope) -> bool:
        """Whether a store is made on an object of a class, or on what usually is one."""
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index, (), FUEL)
        target = evaluator.eval(row[Store.VALUE], frame, row[Store.BLOCK], row[Store.ORDER])
        if target is None:
            return last_word(row[Store.VALUE]) == _USUAL_NAMES.get(owner)
        return any(
            m.kind == "inst" and not is_project(m.name) and self._are_related(m.name, owner)
            for m in members(target)
        )

    def _are_related(self, one: str, other: str) -> bool:
        library = self.world.evaluator.library
        return one == other or one in library.mro(other) or other in library.mro(one)

    # -- registries -----------------------------------------------------------------------------

    def filled(self, value: Type | None, path: str, owner: int, name: str) -> Type | None:
        """An empty dict or list of a module or class with what the code of its file puts into it."""
        if value is None or value.kind != "inst" or value.name not in ("dict", "list"):
            return value
        if any(value.args) and not (value.args[-1] is not None and value.args[-1].name == CALLABLE):
            return value
        key = (path, owner, name)
        held = self.world.evaluator.memo(
            self._entries, key, ("entries", key), lambda: self._find_entries(*key), None
        )
        if held is None:
            return value
        return inst("dict", STR, held) if value.name == "dict" else inst("list", held)

    def _find_entries(self, path: str, owner: int, name: str) -> Type | None:
        summary = self.world.summary(path)
        home = summary.scopes[owner]
        found: list[Type | None] = []
        for scope in summary.scopes:
            for row in scope.stores:
                is_entry = row[Store.ATTR][:1] == "[" and _is_of(row[Store.VALUE], home, name)
                if is_entry and len(found) < _MAX_STORES:
                    found.append(self._stored(row, path, scope))
            for row in scope.calls:
                to = _appends_to(row)
                if to is not None and len(found) < _MAX_STORES and _is_of(to, home, name):
                    item = row[Call.ARGS][0]
                    found.append(self._given(item, path, scope, row[Call.BLOCK], row[Call.ORDER]))
        return union(m for value in found for m in members(value) if self.is_service(m))

    def starts_empty(self, declared: Type | None, value: Type | None) -> bool:
        """Whether services are declared to fill what is empty yet: ``clients: dict[str, Client] = {}``."""
        if declared is None or value is None or not declared.args or any(value.args):
            return False
        return value.name == declared.name and self.is_service(declared.args[-1])

    def gathered(self, value: Type, name: str, frame: Frame) -> Type:
        """An empty list or dict of a function with the services and rows that the function puts into it."""
        scope = frame.scope
        if scope.kind != "function":
            return value
        appended = [(to, _put(row)) for row in scope.calls if (to := _appends_to(row)) is not None]
        if value.name == "list":
            held = self._held((put for to, put in appended if to == ["n", name]), frame)
            held = union((held, self._extended_with(name, frame)))
            return inst("list", held) if held is not None else value
        grouped = self._held((put for to, put in appended if _is_entry(to, name, scope)), frame)
        stores = (row for row in scope.stores if _stores_entry(row, name))
        stored = self._held(((r[Store.EXPR], r[Store.BLOCK], r[Store.ORDER]) for r in stores), frame)
        held = union((inst("list", grouped) if grouped is not None else None, stored))
        return inst("dict", None, held) if held is not None else value

    def _extended_with(self, name: str, frame: Frame) -> Type | None:
        """The rows and loader options of what a list is extended with: ``orders.extend(query)``."""
        evaluator = self.world.evaluator
        func = ["a", ["n", name], "extend", None]
        puts = (_put(row) for row in frame.scope.calls if row[Call.FUNC] == func)
        items = (evaluator.iterate(evaluator.eval(expr, frame, block, order)) for expr, block, order in puts)
        extended = (m for item in islice(items, _MAX_STORES) for m in members(item))
        return union(m for m in extended if "row" in m.facts or m.name == LOADER)

    def _held(self, items: Iterable[tuple[Expr, int, int]], frame: Frame) -> Type | None:
        """What is put into a collection, of services and rows."""
        evaluate, puts = self.world.evaluator.eval, islice(items, _MAX_STORES)
        given = (evaluate(expr, frame, block, order) for expr, block, order in puts)
        return union(m for item in given for m in members(item) if self.is_service(m) or "row" in m.facts)

    def is_service(self, value: Type | None) -> bool:
        """Whether an entry is a thing that works, rather than data."""
        if value is None:
            return False
        if value.kind in ("class", "func"):
            return True
        if value.kind != "inst" or not (is_project(value.name) or "." in value.name):
            return False
        return not self.world.orm.is_query(value) and not (
            is_project(value.name) and self.world.models.is_model(value.name)
        )

    def _stored(self, row: list[Any], path: str, scope: Scope) -> Type | None:
        return self._given(row[Store.EXPR], path, scope, row[Store.BLOCK], row[Store.ORDER])

    def _given(self, expr: Expr, path: str, scope: Scope, block: int, order: int) -> Type | None:
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index, (), FUEL + ASKS)
        found = evaluator.eval(expr, frame, block, order)
        if scope.name == "__init_subclass__" and scope.params and expr == ["n", scope.params[0][Param.NAME]]:
            keys = self.world.classes.subclasses(f"{path}:{scope.parent}")
            return union(Type("class", key) for key in keys)
        if (found is None or found.name == CALLABLE) and expr is not None and expr[0] == "n":
            return self._registered(expr[1], path, scope) or found
        return found

    # -- decorators that register ---------------------------------------------------------------

    def _registered(self, name: str, path: str, scope: Scope) -> Type | None:
        """What the project decorates with the function whose parameter is stored."""
        summary = self.world.summary(path)
        while scope.kind == "function" and all(p[Param.NAME] != name for p in scope.params):
            scope = summary.scopes[scope.parent]
        if scope.kind != "function":
            return None
        outer = summary.scopes[scope.parent]
        made = outer.kind == "function" and any(row[0] == ["n", scope.name] for row in outer.returns)
        target = outer if made else scope
        key = (path, target.index)
        return self.world.evaluator.memo(
            self._decorated, key, ("decorated", key), lambda: self._find_decorated(path, target), None
        )

    def _find_decorated(self, path: str, target: Scope) -> Type | None:
        paths = self.world.words.files(DECORATES, target.name)
        if len(paths) > _MAX_FILES:
            return None
        key = f"{path}:{target.index}"
        return union(
            found for p in paths if role_of(p) != "test" for found in self._decorated_in(p, key, target)
        )

    def _decorated_in(self, path: str, key: str, target: Scope) -> Iterator[Type]:
        summary = self.world.summary(path)
        renamed = summary.renamed
        for scope in summary.scopes:
            for decorator, said in zip(scope.decorators, decorators(scope, summary), strict=True):
                word = last_word(said)
                if target.name in (word, renamed.get(word)) and self._names(path, scope, decorator) == key:
                    kind = "class" if scope.kind == "class" else "func"
                    yield Type(kind, f"{path}:{scope.index}")

    def _names(self, path: str, scope: Scope, decorator: Expr) -> str:
        return self.world.evaluator.decorator_name(path, scope, decorator)


def _by_attribute(summary: Summary) -> dict[str, list[tuple[Scope, int]]]:
    """The places of all stores; a table must not hold on to the rows of a whole file."""
    found: dict[str, list[tuple[Scope, int]]] = {}
    for scope in summary.scopes:
        for index, row in enumerate(scope.stores):
            found.setdefault(row[Store.ATTR], []).append((scope, index))
    return found


def _appends_to(row: list[Any]) -> Expr:
    """The list that a call appends to; None when it does something else."""
    func = row[Call.FUNC]
    appends = func is not None and func[0] == "a" and func[2] == "append" and row[Call.ARGS]
    return func[1] if appends else None


def _put(row: list[Any]) -> tuple[Expr, int, int]:
    """The first argument of a call, and where it stands."""
    return row[Call.ARGS][0] if row[Call.ARGS] else None, row[Call.BLOCK], row[Call.ORDER]


def _stores_entry(row: list[Any], name: str) -> bool:
    """Whether a store puts something into the dict of a name: ``orders[key] = order``."""
    return bool(row[Store.ATTR][:1] == "[" and row[Store.VALUE] == ["n", name])


def _is_entry(expr: Expr, name: str, scope: Scope) -> bool:
    """Whether an expression is a list inside a dict: ``orders[key]``, ``orders.setdefault(key, [])``."""
    if expr is not None and expr[0] == "c":
        func = scope.calls[expr[1]][Call.FUNC]
        return func is not None and func[0] == "a" and func[1:3] == [["n", name], "setdefault"]
    return expr is not None and expr[0] == "s" and expr[1] == ["n", name]


def _is_of(target: Expr, home: Scope, name: str) -> bool:
    """Whether an expression is the dict ``name`` of a module, or of a class by its name or receiver."""
    if target is None:
        return False
    if home.kind == "module":
        return bool(target[0] == "n" and target[1] == name)
    if target[0] != "a" or target[2] != name or target[1] is None:
        return False
    return bool(target[1][0] == "n" and target[1][1] in ("self", "cls", home.name))

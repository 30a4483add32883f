"""Whether a project keeps its queries in a layer of their own, told by what its modules do.

A module belongs to the data layer when it answers no requests, several of its functions work on the
database themselves, and handlers of other modules call some of them, or call a service that does. Methods
that a row has do not count: a model that looks after itself is no repository. Names of modules and packages
say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.ledger import settle
from archlint.project.limits import FUEL
from archlint.project.roles import role_of
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: A module with fewer functions that query is no layer.
_FEWEST = 3
#: Services that may stand between a handler and the layer.
_BETWEEN = 1
#: A model that more files than this import is looked for in the first of them only, and the callers of a
#: name that more files call in those alone that answer requests.
_MAX_FILES = 60
#: Files that import a model, of which the nearest are looked at.
_MAX_USERS = 200
#: Classes of these packages that are no place for queries: forms, views, serializers, middleware, admins.
_FRAMEWORKS = (
    "django.", "rest_framework.", "django_filters.", "import_export.", "graphene", "strawberry.",
    "flask_admin.", "flask_appbuilder.", "wtforms.", "marshmallow.", "starlette.", "fastapi.", "celery.",
)  # fmt: skip
_STORES = frozenset(("django.db.models.Manager", "django.db.models.QuerySet"))


class Place(NamedTuple):
    """A function of the data layer."""

    path: str
    line: int
    name: str


class Layers:
    """Questions about the data layer of one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._handlers: dict[str, bool] = world.answers()
        self._working: dict[str, tuple[tuple[Scope, tuple[str, ...]], ...]] = world.answers()
        self._called: dict[str, bool] = world.answers()
        self._by_handlers: dict[tuple[str, int, int], bool] = world.answers()
        self._of_model: dict[str, Place | None] = world.answers()
        self._modules: dict[str, frozenset[str]] = world.answers()

    def of_model(self, key: str) -> Place | None:
        """A function of the data layer that works on a model itself."""
        if key not in self._of_model:
            self._of_model[key] = self._find(key)
        return self._of_model[key]

    def answers_requests(self, path: str) -> bool:
        """Whether a module holds handlers of routes."""
        found = self._handlers.get(path)
        if found is None:
            route = self.world.frameworks.route
            scopes = self.world.summary(path).scopes
            found = self._handlers[path] = any(route(path, scope) is not None for scope in scopes)
        return found

    def is_layer(self, path: str) -> bool:
        """Whether a module belongs to the data layer."""
        found = self._called.get(path)
        if found is None:
            found = settle(self._called, path, False, lambda: self._is_used_as_layer(path))
        return found

    def _is_used_as_layer(self, path: str) -> bool:
        return (
            len(self._at_work(path)) >= _FEWEST
            and not self.answers_requests(path)
            and any(self._is_called(path, scope) for scope, _ in self._at_work(path))
        )

    def _find(self, key: str) -> Place | None:
        found = [place for path in self._users(key) for place in self._in_module(key, path)]
        if found:
            return max(found, key=lambda ranked: ranked[0])[1]
        if self.world.models.orm_of(key) == "django":
            return None
        return self._inherited(key, Type("class", key), key) or self._repository(key)

    def _in_module(self, key: str, path: str) -> Iterator[tuple[tuple[bool, bool, int, int], Place]]:
        """A function of a module that is a place for the rows of a model, with what speaks for it."""
        working = [s for s, models in self._at_work(path) if key in models and self._is_about(key, path, s)]
        if not working or not self.is_layer(path):
            return
        called = [scope for scope in working if self._is_called(path, scope)]
        offered = [scope for scope in called or working if not scope.name.startswith("_")]
        if offered and self._suffices(key, path, working, [s for s in called if s in offered]):
            is_mostly = 2 * len(working) >= self._functions(path)
            rank = (bool(called), is_mostly, len(called), len(working))
            yield rank, Place(path, offered[0].line, offered[0].qualname)

    def _users(self, key: str) -> list[str]:
        """The files that may work on a model: its own, those that import it, those that import its module."""
        info = self.world.classes.info(key)
        if info is None:
            return list(self.world.words.files(IMPORTS, key.rpartition(".")[2])[:_MAX_FILES])
        folders = info.path.split("/")[:-1]

        def distance(path: str) -> int:
            """How near a file stands to the model: what stands beside it is likely its layer."""
            shared = takewhile(lambda pair: pair[0] == pair[1], zip(folders, path.split("/"), strict=False))
            return -len(list(shared))

        found = [info.path, *sorted(self.world.words.files(IMPORTS, info.name), key=distance)[:_MAX_USERS]]
        for part in reversed(self.world.modules.module_name(info.path).split(".")):
            importing = [p for p in self.world.words.files(IMPORTS, part) if self._imports(p, info.path)]
            found += sorted(importing, key=distance)[:_MAX_USERS]
        return list(dict.fromkeys(found))

    def _imports(self, path: str, module: str) -> bool:
        """Whether a file imports another as a module, or a package around it: ``import shop.models``."""
        imported = self._modules.get(path)
        if imported is None:
            imported = self._modules[path] = frozenset(self._modules_in(path))
        return module in imported or any(
            module.startswith(found.removesuffix("__init__.py") or ":") for found in imported
        )

    def _modules_in(self, path: str) -> Iterator[str]:
        """The project's files and packages that the names of a module are imported as."""
        for rows in self.world.summary(path).scopes[0].binds.values():
            expr = rows[-1][Bind.EXPR]
            if expr is not None and expr[0] == "im":
                name = expr[1] if expr[2] is None else f"{expr[1]}.{expr[2]}"
                yield self.world.modules.find(name, path) or ""

    def _suffices(self, key: str, path: str, working: list[Scope], called: list[Scope]) -> bool:
        """Whether a module is the place for the rows of a model, by how many functions work on them."""
        at_work = len(self._at_work(path))
        mostly = 2 * at_work >= self._functions(path)
        if self.world.models.orm_of(key) == "django":
            # Queries are at home in any module there: it takes more to speak of a layer.
            return mostly and len(called) > 0 and len(working) > 1
        own = any(f"{path}:{scope.parent}" == key for scope in working)
        chiefly = 2 * len(working) >= at_work
        return mostly or own or len(called) > 1 or (chiefly and len(called) > 0)

    def _is_about(self, key: str, path: str, scope: Scope) -> bool:
        """Whether a function works on one model alone, or gives rows of it; others it needs on the way."""
        models = next(models for found, models in self._at_work(path) if found is scope)
        if models == (key,):
            return True
        result = self.world.evaluator.result_of(Type("func", f"{path}:{scope.index}"), (), FUEL)
        return key in self.world.api.accesses.models_in(result)

    def _functions(self, path: str) -> int:
        scopes = self.world.summary(path).scopes
        return sum(s.kind == "function" and scopes[s.parent].kind in ("module", "class") for s in scopes)

    def _repository(self, key: str) -> Place | None:
        """A method that a repository class of a model inherits from a general one."""
        for path in self._users(key):
            if _is_aside(path) or self.answers_requests(path):
                continue
            for scope in self.world.summary(path).scopes:
                owner = f"{path}:{scope.index}"
                if scope.kind == "class" and self._is_for(owner, scope, key):
                    place = self._inherited(owner, Type("inst", owner), key)
                    if place is not None:
                        return place
        return None

    def _is_for(self, owner: str, scope: Scope, key: str) -> bool:
        """Whether a class names one model in its body or as an argument of a base, and is none itself."""
        if self.world.models.is_model(owner) or len(self.world.classes.mro(owner)) < 2:
            return False
        path = owner.rpartition(":")[0]
        body = [rows[-1][Bind.EXPR] for rows in scope.binds.values()]
        given = [base[2] for _, base in scope.bases if base is not None and base[0] == "s"]
        arguments = [
            part for expr in given if expr is not None for part in (expr[1] if expr[0] == "t" else [expr])
        ]
        return self._names(key, body, path, scope.index) or self._names(key, arguments, path, scope.parent)

    def _names(self, key: str, exprs: list[Expr], path: str, index: int) -> bool:
        """Whether one of the expressions of a scope is a model."""
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, index, (), FUEL)
        return any(
            evaluator.eval(expr, frame, 0, 1 << 60) == Type("class", key)
            for expr in exprs
            if expr is not None and expr[0] in ("n", "a")
        )

    def _inherited(self, owner: str, receiver: Type, key: str) -> Place | None:
        """A method of a class or of its bases that works on a model and that handlers call."""
        evaluator = self.world.evaluator
        kind = "class" if receiver.kind == "class" else ""
        for base in self.world.classes.mro(owner):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            for index in sorted(info.methods.values()):
                scope = self.world.summary(info.path).scopes[index]
                if not scope.params or evaluator.method_kind(info.path, scope) != kind:
                    continue
                bindings = ((scope.params[0][Param.NAME], receiver),)
                accesses = self.world.api.accesses.of(evaluator.frame(info.path, index, bindings, FUEL))
                if any(key in a.models for a in accesses) and self._is_called(info.path, scope):
                    holder = self.world.classes.info(owner)
                    shown = f"{holder.name}.{scope.name}" if holder is not None else scope.qualname
                    return Place(info.path, scope.line, shown)
        return None

    def _at_work(self, path: str) -> tuple[tuple[Scope, tuple[str, ...]], ...]:
        """The functions of a module that work on the database themselves, with the models they work on."""
        found = self._working.get(path)
        if found is None:
            found = self._working[path] = () if _is_aside(path) else tuple(self._working_in(path))
        return found

    def _working_in(self, path: str) -> list[tuple[Scope, tuple[str, ...]]]:
        scopes = self.world.summary(path).scopes
        found = []
        for scope in scopes:
            if scope.kind != "function" or scopes[scope.parent].kind not in ("module", "class"):
                continue
            if self._is_of_framework(path, scope):
                continue
            frame = self.world.evaluator.frame(path, scope.index, (), FUEL)
            accesses = self.world.api.accesses.of(frame)
            if accesses:
                found.append((scope, tuple(dict.fromkeys(m for a in accesses for m in a.models))))
        return found

    def _is_of_framework(self, path: str, scope: Scope) -> bool:
        """Whether a function is a method of a row, or of a form, serializer, admin … of a framework."""
        if self.world.summary(path).scopes[scope.parent].kind != "class":
            return False
        owner = f"{path}:{scope.parent}"
        if self.world.models.is_model(owner):
            return self.world.evaluator.method_kind(path, scope) not in ("class", "static")
        bases = self.world.classes.library_bases(owner)
        return any(base.startswith(_FRAMEWORKS) and base not in _STORES for base in bases)

    def _is_called(self, path: str, scope: Scope, between: int = _BETWEEN) -> bool:
        """Whether a handler, in whatever module, calls a function, itself or through a service."""
        key = (path, scope.index, between)
        found = self._by_handlers.get(key)
        if found is None:
            found = self._by_handlers[key] = self._has_calling_handler(path, scope, between)
        return found

    def _has_calling_handler(self, path: str, scope: Scope, between: int) -> bool:
        target = f"{path}:{scope.index}"
        others = self._mentioning(path, scope.name)
        handling = [other for other in others if self.answers_requests(other)]
        if any(True for other in handling for _ in self._callers(other, scope.name, target)):
            return True
        if not between or len(others) > _MAX_FILES:
            return False
        return any(
            self._is_called(other, caller, between - 1)
            for other in others
            if other not in handling
            for caller in self._callers(other, scope.name, target)
        )

    def _mentioning(self, path: str, name: str) -> list[str]:
        """The other modules in which a name is called, under a new name perhaps."""
        files = self.world.words.files
        found = sorted({*files(CALLS, name), *files(IMPORTS, name)})
        return [other for other in found if other != path and not _is_aside(other)]

    def _callers(self, path: str, name: str, target: str) -> Iterator[Scope]:
        """The functions of a module that call another."""
        summary = self.world.summary(path)
        words = {name, *(new for new, old in summary.renamed.items() if old == name)}
        for caller in summary.scopes:
            if caller.kind == "function" and self._calls(path, caller, words, target):
                yield caller

    def _calls(self, path: str, caller: Scope, words: set[str], target: str) -> bool:
        evaluator = self.world.evaluator
        frame = None
        for index, row in enumerate(caller.calls):
            if last_word(row[Call.FUNC]) not in words:
                continue
            frame = frame or evaluator.frame(path, caller.index, (), FUEL)
            if any(c.kind == "func" and c.name == target for c in members(evaluator.callee(index, frame))):
                return True
        return False


def _is_aside(path: str) -> bool:
    """Whether a file is no part of the application: a test, a migration, a script."""
    return bool(role_of(path))

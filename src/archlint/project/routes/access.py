"""Who may call a route: what runs before the handler, and whether it refuses strangers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.access import (
    HARMLESS,
    MIXINS,
    REQUIRES,
    SCHEMES,
)
from archlint.model.summary import Bind, Call, Expr, Read, Scope
from archlint.project.routes.decorated import DECLARE
from archlint.project.routes.entry import Answer, Dependency, RouteEntry
from archlint.project.routes.facts import Facts
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.permissions import Permissions
from archlint.project.routes.refusals import Refusals, with_nested
from archlint.project.routes.route import VERBS
from archlint.project.routes.stated import Stated
from archlint.project.routes.texts import Texts
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_YES, _NO, _UNKNOWN = "yes", "no", "unknown"
#: Methods of a middleware that run before views.
_HOOKS = ("dispatch", "__call__", "process_request", "process_view")
#: What says that a hook looks at the path, and may let some requests through.
_PATHS = frozenset(("path", "endpoint", "url", "rel_url", "blueprint", "url_rule", "full_path", "path_info"))

Declared = tuple[Dependency, tuple[Expr, Spot] | None]


class Access:
    """Answers what stands in front of a route."""

    def __init__(self, world: World, follower: Follower, texts: Texts, facts: Facts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts
        self.facts = facts
        self.permissions = Permissions(world, follower, texts)
        self.stated = Stated(follower, texts, facts)
        self._functions: dict[tuple[str, int], Answer] = world.answers()
        self.refusals = Refusals(world, follower, texts)

    # -- what is declared -------------------------------------------------------------------------

    def dependencies(self, entry: RouteEntry) -> tuple[Dependency, ...]:
        """All that runs before the handler, outermost first."""
        return tuple(dependency for dependency, _ in self.declared(entry))

    def declared(self, entry: RouteEntry) -> tuple[Declared, ...]:
        """The same, each with the expression that names it."""
        found = [*self._hooks(entry), *self._layers(entry)]
        stated = self.stated.of(entry)
        if stated is not None and not self.texts.is_nothing(*stated):
            dependency, source = self.one(*stated, "auth")
            found.append((dependency._replace(label=f"auth={dependency.label}"), source))
        found += [self.one(expr, spot, "decorator") for expr, spot in entry.wrappers]
        if entry.handler is not None:
            path, index = entry.handler
            scope = self.world.summary(path).scopes[index]
            if scope.kind == "class":
                found += [*self._of_class(f"{path}:{index}", ""), *self._class_decorators(path, scope)]
            else:
                found += self._of_function(entry, path, scope)
        return tuple(found)

    def _class_decorators(self, path: str, scope: Scope) -> Iterator[Declared]:
        """``@method_decorator(login_required, name="dispatch")`` and its like."""
        for expr, spot in self.decorators(path, scope):
            row = self.follower.scope(spot).calls[expr[1]] if expr[0] == "c" else None
            if row is not None and last_word(row[Call.FUNC]) == "method_decorator" and row[Call.ARGS]:
                inner = row[Call.ARGS][0]
                listed = inner[1] if inner is not None and inner[0] in ("l", "t") else [inner]
                for item in listed:
                    yield self.one(item, spot, "class")
            else:
                yield self.one(expr, spot, "class")

    def one(self, expr: Expr, spot: Spot, via: str) -> Declared:
        """A dependency that an expression names."""
        label = _label(expr, self.follower.scope(spot))
        line = self._line(expr, spot)
        value = self.follower.evaluate(expr, spot)
        return Dependency(label, value, via, (spot.path, line)), (expr, spot)

    def _line(self, expr: Expr, spot: Spot) -> int:
        scope = self.follower.scope(spot)
        if expr is not None and expr[0] == "c":
            return int(scope.calls[expr[1]][Call.LINE])
        for row in scope.calls:
            if row[Call.ORDER] == spot.order:
                return int(row[Call.LINE])
        return scope.line

    def _layers(self, entry: RouteEntry) -> Iterator[Declared]:
        for layer in entry.layers:
            given = self.facts.given(layer.expr, layer.spot, "dependencies")
            if given is None or self.texts.is_nothing(*given):
                continue
            elements = self.follower.elements(*given)
            if elements is None:
                yield (
                    Dependency("?", None, layer.kind, (layer.spot.path, self._line(layer.expr, layer.spot))),
                    None,
                )
                continue
            for element in elements:
                yield from self._depends(element, layer.kind)

    def _depends(self, element: Made, via: str) -> Iterator[Declared]:
        """``Depends(x)`` in a list of dependencies."""
        for made in self.follower.follow(element.expr, element.spot):
            if made.expr[0] != "c":
                continue
            row = self.follower.row(made)
            target = row[Call.ARGS][0] if row[Call.ARGS] else dict(row[Call.KEYWORDS]).get("dependency")
            spot = made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
            yield (
                self.one(target, spot, via)
                if target is not None
                else (
                    Dependency("?", None, via, (made.spot.path, row[Call.LINE])),
                    None,
                )
            )

    def _of_function(self, entry: RouteEntry, path: str, scope: Scope) -> Iterator[Declared]:
        outer = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else scope
        if outer.kind == "class":
            key = entry.view or f"{path}:{outer.index}"
            yield from self._of_class(key, scope.name)
            info = self.world.classes.info(key)
            if info is not None:
                yield from self._class_decorators(info.path, info.scope)
            if info is not None and (info.path, info.scope.index) != (path, outer.index):
                yield from self._class_decorators(path, outer)
        for expr, spot in self.decorators(path, scope):
            yield self.one(expr, spot, "decorator")
        if entry.framework == "fastapi":
            for expr, spot, via in self.facts.dependencies_of(path, scope):
                yield self.one(expr, spot, via)

    def decorators(self, path: str, scope: Scope) -> Iterator[tuple[Expr, Spot]]:
        """The decorators of a function, those that declare routes left out."""
        if scope.parent < 0:
            return
        outer = self.world.summary(path).scopes[scope.parent]
        for decorator in scope.decorators:
            if decorator is None:
                continue
            spot = Spot(path, outer.index, 0, scope_order(outer, scope))
            if decorator[0] == "c":
                row = outer.calls[decorator[1]]
                word = last_word(row[Call.FUNC])
                if (
                    row[Call.FUNC] is not None
                    and row[Call.FUNC][0] == "a"
                    and (word in VERBS or word in DECLARE)
                ):
                    continue
                spot = Spot(path, outer.index, row[Call.BLOCK], row[Call.ORDER])
            yield decorator, spot

    def _of_class(self, key: str, method: str) -> Iterator[Declared]:
        """Decorators that the body of a view class lists, for all methods or one, and bases that refuse."""
        for name in ("decorators", "method_decorators"):
            found = self.world.classes.find(key, name)
            if found is None:
                continue
            info, row = found
            spot = Spot(info.path, info.scope.index, row[Bind.BLOCK], row[Bind.ORDER])
            listed = row[Bind.EXPR]
            if listed is not None and listed[0] == "d" and all(key is not None for key, _ in listed[1]):
                # `method_decorators = {"post": [login_required]}` of flask-restx.
                listed = next((value for key, value in listed[1] if key == ["k", method]), ["l", []])
            elements = self.follower.elements(listed, spot)
            for element in elements or ():
                yield self.one(element.expr, element.spot, "class")
            if elements is None:
                yield Dependency("?", None, "class", (info.path, row[Bind.LINE])), None
        bases = self.world.classes.library_bases(key)
        for base in sorted(MIXINS & bases):
            path = key.rpartition(":")[0]
            info_of_class = self.world.classes.info(key)
            line = info_of_class.scope.line if info_of_class is not None else 1
            yield Dependency(base.rpartition(".")[2], Type("lib", base), "class", (path, line)), None
            return

    def _hooks(self, entry: RouteEntry) -> Iterator[Declared]:
        for layer in entry.layers:
            if layer.kind not in ("app", "router") or layer.expr is None:
                continue
            row = self.follower.scope(layer.spot).calls[layer.expr[1]]
            node = self.world.route_table.nodes.get(f"{layer.spot.path}:{row[Call.LINE]}:{row[Call.COLUMN]}")
            for via, expr, spot in node.hooks if node is not None else ():
                yield self.one(expr, spot, via)

    # -- verdicts ---------------------------------------------------------------------------------

    def authenticated(self, entry: RouteEntry) -> Answer:
        """Whether strangers are refused before or by a route."""
        special = self.permissions.of(entry, self)
        if special is not None and special.answer == _YES:
            return special
        unknown = special if special is not None and special.answer == _UNKNOWN else None
        for dependency, source in self.declared(entry):
            answer = self.verdict(dependency, source)
            if answer.answer == _YES:
                return Answer(_YES, f"`{dependency.label}` ({dependency.via}): {answer.reason}")
            if answer.answer == _UNKNOWN and unknown is None:
                unknown = Answer(_UNKNOWN, f"`{dependency.label}` ({dependency.via}): {answer.reason}")
        if unknown is not None:
            return unknown
        if not entry.app:
            return Answer(_UNKNOWN, "no known application serves this route")
        if self.stated.is_opened(entry):
            return Answer(_UNKNOWN, "opened on purpose by `auth=None`")
        if entry.handler is not None:
            scope = self.world.summary(entry.handler[0]).scopes[entry.handler[1]]
            found = self.refusals.of(entry.handler[0], scope)
            if found:
                return Answer(_UNKNOWN, f"the handler itself refuses: {found}")
        found = self._refused_in(entry.view) if entry.view else ""
        if found:
            return Answer(_UNKNOWN, f"a method of the view refuses: {found}")
        return Answer(_NO, "nothing that runs before the handler refuses")

    def _refused_in(self, key: str) -> str:
        """Where a method of a view class, its own or inherited, refuses, called or not."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for index in sorted(info.methods.values()) if info is not None else ():
                scope = self.world.summary(info.path).scopes[index] if info is not None else None
                found = self.refusals.of(info.path, scope) if info is not None and scope is not None else ""
                if found:
                    return found
        return ""

    def verdict(self, dependency: Dependency, source: tuple[Expr, Spot] | None) -> Answer:
        """Whether one dependency refuses strangers."""
        target = dependency.target
        if target is not None and target.kind == "lib" and target.name in MIXINS:
            return Answer(_YES, "a base class that refuses")
        if source is None:
            return Answer(_UNKNOWN, "not resolved")
        if dependency.via == "auth":
            return self.stated.verdict(*source, self)
        return self.of_source(*source, dependency.via)

    def of_source(self, expr: Expr, spot: Spot, via: str = "") -> Answer:
        """Whether what an expression names refuses strangers."""
        hook = via in ("hook", "middleware")
        # `except ImportError: login_required = None` stands in for a missing module.
        targets = [made for made in self._targets(expr, spot) if made.expr != ["k", None]]
        answers = [self._of_made(made, hook) for made in targets]
        if not answers:
            target = self.follower.evaluate(expr, spot)
            return self._of_library(
                target.name if target is not None and target.kind == "lib" else "", None, None
            )
        best = {answer.answer: answer for answer in reversed(answers)}
        if via == "security" and _YES not in best:
            return best.get(_UNKNOWN) or Answer(
                _UNKNOWN, "declared as `Security()`, yet nothing was seen to refuse"
            )
        return (
            best[_YES]
            if len(best) == 1 and _YES in best
            else best.get(_UNKNOWN) or best.get(_NO) or answers[0]
        )

    def refuses(self, expr: Expr, spot: Spot) -> bool:
        """Whether a decorator turns strangers away."""
        return self.verdict(*self.one(expr, spot, "decorator")).answer == _YES

    def _targets(self, expr: Expr, spot: Spot) -> Iterator[Made]:
        """What a dependency or decorator is; a call of a library, or of a class, stands for itself."""
        yield from self.follower.follow(expr, spot)

    def _of_made(self, made: Made, hook: bool) -> Answer:
        tag = made.expr[0]
        path = made.spot.path
        if tag == "f":
            scope = self.world.summary(path).scopes[made.expr[1]]
            return self._of_hook(path, scope) if hook else self.of_function(path, scope)
        if tag == "cl":
            return self._of_class_object(f"{path}:{made.expr[1]}", hook)
        value = self.follower.evaluate(made.expr, made.spot)
        if tag == "c":
            return self._of_call(made, hook)
        if value is not None and value.kind == "lib":
            return self._of_library(value.name, None, made)
        return Answer(_UNKNOWN, "not resolved")

    def _of_call(self, made: Made, hook: bool) -> Answer:
        row = self.follower.row(made)
        for callee in members(self.follower.callee(made)):
            if callee.kind == "class":
                method = self.world.classes.method(callee.name, "__call__")
                if method is not None:
                    return self.of_function(*method)
                bases = self.world.classes.library_bases(callee.name)
                scheme = next((b for b in sorted(bases) if b in SCHEMES), "")
                return (
                    self._of_library(scheme, row, made)
                    if scheme
                    else self._of_class_object(callee.name, hook)
                )
            if callee.kind == "lib":
                return self._of_library(callee.name, row, made)
            if callee.kind == "func":
                scope = self.world.function(callee.name)
                if scope is not None:
                    return self.of_function(callee.name.rpartition(":")[0], scope)
            if callee.kind == "inst" and not is_project(callee.name):
                return self._of_library(callee.name, row, made)
        return Answer(_UNKNOWN, "not resolved")

    def _of_class_object(self, key: str, hook: bool) -> Answer:
        """A class as dependency or middleware."""
        names = _HOOKS if hook else ("__init__",)
        for name in names:
            method = self.world.classes.method(key, name)
            if method is not None:
                return self._of_hook(*method) if hook else self.of_function(*method)
        return Answer(_NO, "its constructor does not refuse")

    def of_middleware(self, made: Type) -> tuple[Answer, tuple[str, ...]]:
        """Whether a middleware of the project may refuse, and below which paths alone it does."""
        hook = self._hook_of(made)
        if hook is None:
            return Answer(_NO, "has no method that runs before views"), ()
        return self._of_hook(*hook), self.refusals.below(*hook)

    def _hook_of(self, made: Type) -> tuple[str, Scope] | None:
        """The function that runs before views, of a middleware that is a class or a function."""
        if made.kind == "func":
            scope = self.world.function(made.name)
            return (made.name.rpartition(":")[0], scope) if scope is not None else None
        return next((m for name in _HOOKS if (m := self.world.classes.method(made.name, name))), None)

    def _of_library(self, name: str, row: list[Any] | None, made: Made | None) -> Answer:
        if name in SCHEMES:
            given = dict(row[Call.KEYWORDS]).get("auto_error") if row is not None else None
            if given is not None and made is not None and self.texts.constant(given, made.spot) is not True:
                return Answer(_NO, "the scheme lets requests without credentials pass")
            return Answer(_YES, "a security scheme")
        if name in REQUIRES:
            keyword = REQUIRES[name][1:]
            given = dict(row[Call.KEYWORDS]).get(keyword) if row is not None and keyword else None
            if given is not None and made is not None and self.texts.constant(given, made.spot) is not False:
                return Answer(_NO, f"`{keyword}=` lets everybody pass")
            return Answer(_YES, name)
        if name and (name.startswith(HARMLESS) or name in HARMLESS):
            return Answer(_NO, "has nothing to do with users")
        return Answer(_UNKNOWN, f"what `{name}` does is not known" if name else "not resolved")

    # -- functions of the project -----------------------------------------------------------------

    def _of_hook(self, path: str, scope: Scope) -> Answer:
        """A function that runs before every route: one that looks at the path may let this one through."""
        found = self.refusals.of(path, scope, tests=False)
        if not found:
            tested = self.refusals.of(path, scope, 0)
            if tested and any(last_word(row[Call.FUNC]) == "redirect" for row in scope.calls):
                return Answer(_UNKNOWN, f"may redirect; {tested}")
            return Answer(_NO, "does not refuse")
        for inner in with_nested(self.world, path, scope):
            if any(row[Read.ATTR] in _PATHS for row in inner.reads) or any(
                e == ["k", "path"] for row in inner.calls for e in row[Call.ARGS]
            ):
                return Answer(_UNKNOWN, f"decides by the path; {found}")
        return Answer(_YES, found)

    def of_function(self, path: str, scope: Scope) -> Answer:
        """Whether a function that runs before the handler refuses strangers, by itself or by what it uses."""
        key = (path, scope.index)
        guard = ("access", key)
        unfinished = Answer(_NO, "asked already")
        return self.world.evaluator.memo(
            self._functions, key, guard, lambda: self._function(path, scope), unfinished
        )

    def _function(self, path: str, scope: Scope) -> Answer:
        found = self.refusals.of(path, scope)
        if found:
            return Answer(_YES, found)
        unknown: Answer | None = None
        for expr, spot, via in self.facts.dependencies_of(path, scope):
            dependency, source = self.one(expr, spot, via)
            answer = self.verdict(dependency, source)
            if answer.answer == _YES:
                return Answer(_YES, f"`{dependency.label}`: {answer.reason}")
            if answer.answer == _UNKNOWN:
                unknown = unknown or Answer(_UNKNOWN, f"`{dependency.label}`: {answer.reason}")
        for expr, spot in self.decorators(path, scope):
            answer = self.verdict(*self.one(expr, spot, "decorator"))
            if answer.answer == _YES:
                return answer
        for decorator in scope.decorators:
            # `@wraps(view)`: the signature, and with it the dependencies, of another function.
            if (
                unknown is None
                and self.world.evaluator.decorator_name(path, scope, decorator) == "functools.wraps"
            ):
                unknown = Answer(_UNKNOWN, "stands for another function")
        if unknown is None and self._hands_request_on(path, scope):
            unknown = Answer(_UNKNOWN, "hands the request to something unknown")
        return unknown or Answer(_NO, "does not refuse")

    def _hands_request_on(self, path: str, scope: Scope) -> bool:
        """Whether a function gives its request, or credentials from it, to something unknown."""
        frame = self.world.evaluator.frame(path, scope.index, (), 3)
        names = set()
        for param in scope.params:
            declared = self.facts.declared(param, path, scope)
            marker = self.facts.marker(param, path, scope)
            if (marker is not None and marker[0] in ("header", "cookie", "depends")) or any(
                m.name.endswith((".Request", ".HTTPConnection", ".WebSocket")) for m in members(declared)
            ):
                names.add(param[0])
        if not names:
            return False
        for row in scope.calls:
            given = [e for e in arguments_of(row) if _root(e) in names]
            if given:
                callee = self.world.evaluator.eval(row[Call.FUNC], frame, row[Call.BLOCK], row[Call.ORDER])
                if callee is None or (callee.kind == "lib" and not callee.name.startswith(HARMLESS)):
                    return True
        return False


def scope_order(outer: Scope, scope: Scope) -> int:
    """The order number at which a definition is bound in the scope around it."""
    for row in outer.binds.get(scope.name, ()):
        if row[Bind.EXPR] is not None and row[Bind.EXPR][1:] == [scope.index]:
            return int(row[Bind.ORDER]) - 1
    return 1 << 60


def _root(expr: Expr) -> str:
    """The name at the root of ``a``, ``a.b`` and ``a[b]``."""
    while expr is not None and expr[0] in ("a", "s", "w"):
        expr = expr[1]
    return str(expr[1]) if expr is not None and expr[0] == "n" else ""


def _label(expr: Expr, scope: Scope) -> str:
    """An expression as it is written, in short."""
    if expr is None:
        return "?"
    if expr[0] == "n":
        return str(expr[1])
    if expr[0] == "a":
        return f"{_label(expr[1], scope)}.{expr[2]}"
    if expr[0] == "c":
        return f"{_label(scope.calls[expr[1]][Call.FUNC], scope)}(…)"
    if expr[0] == "f":
        return "lambda"
    return "?"

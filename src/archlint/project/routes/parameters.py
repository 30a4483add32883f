"""Which path parameters a handler takes, itself or through what it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.access import HARMLESS, REQUIRES
from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.routes.entry import RouteEntry
from archlint.project.routes.facts import DEPENDS, Facts
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.patterns import pattern
from archlint.project.routes.texts import Texts
from archlint.project.routes.wrapping import hands_on
from archlint.project.types import members
from archlint.project.words import CALLS, DECORATES

if TYPE_CHECKING:
    from archlint.project.routes.access import Access
    from archlint.project.world import World

_REQUESTS = (".Request", ".HTTPConnection", ".WebSocket")
#: Methods of Django's views that see the parameters before the handler does.
_BEFORE = ("dispatch", "setup", "initial", "initialize_request")
_DEEP = 6


class UnknownError(Exception):
    """Something may take parameters that cannot be seen."""


class Parameters:
    """Compares path parameters with signatures."""

    def __init__(self, world: World, follower: Follower, texts: Texts, facts: Facts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts
        self.facts = facts

    def missing(self, entry: RouteEntry, access: Access) -> tuple[str, ...]:
        """The path parameters that nothing takes; empty where that is not certain."""
        scope = self.facts.handler(entry)
        if scope is None or entry.handler is None or scope.kind != "function":
            return ()
        path = entry.handler[0]
        try:
            if entry.framework == "fastapi":
                return self._of_fastapi(entry, path, scope, access)
            if entry.framework in ("flask", "quart", "django", "drf"):
                return self._of_call(entry, path, scope, access)
        except UnknownError:
            pass
        return ()

    # -- FastAPI ----------------------------------------------------------------------------------

    def _of_fastapi(self, entry: RouteEntry, path: str, scope: Scope, access: Access) -> tuple[str, ...]:
        if not self.facts.is_declared(entry) or self._is_wrapped(entry, path, scope, access):
            return ()
        layer = entry.layers[-1]
        row = self.follower.scope(layer.spot).calls[layer.expr[1]]
        place = next(
            (e for k, e in row[Call.KEYWORDS] if k == "path"), row[Call.ARGS][0] if row[Call.ARGS] else None
        )
        text = self.texts.text(place, layer.spot)
        own = pattern(text, "fastapi") if text is not None else None
        if own is None or not own.parameters:
            return ()
        taken = self._taken(path, scope, set(), _DEEP)
        for dependency, source in access.declared(entry):
            if dependency.via in ("app", "router", "include", "route"):
                if source is None:
                    raise UnknownError
                for made in self._followed(self.follower.follow(*source)):
                    taken |= self._below(made, set(), _DEEP)
        return tuple(name for name in own.parameters if name not in taken)

    def _taken(self, path: str, scope: Scope, seen: set[tuple[str, int]], depth: int) -> set[str]:
        """The names that FastAPI may fill from the path, in a function and in what it depends on."""
        if (path, scope.index) in seen:
            return set()
        if depth == 0:
            raise UnknownError
        seen.add((path, scope.index))
        found: set[str] = set()
        for param in scope.params:
            if param[Param.KIND] in ("*", "**"):
                raise UnknownError
            declared = self.facts.declared(param, path, scope)
            if any(member.name.endswith(_REQUESTS) for member in members(declared)):
                # A dependency wants a header or a cookie of it, a handler anything.
                if len(seen) == 1 or self.world.mentioning("path_params"):
                    raise UnknownError
                continue
            marker = self.facts.marker(param, path, scope)
            if marker is None:
                found.add(param[Param.NAME])
            elif marker[0] == "path":
                found |= self._aliased(param[Param.NAME], marker[1], declared is not None)
            elif marker[0] in DEPENDS:
                target = self.facts.depends(param, path, scope)
                if target is None:
                    raise UnknownError
                for made in self._followed(self.follower.follow(*target)):
                    found |= self._below(made, seen, depth - 1)
        return found

    def _aliased(self, name: str, made: Made, is_known: bool) -> set[str]:
        given = dict(self.follower.row(made)[Call.KEYWORDS])
        alias = given.get("alias", given.get("validation_alias"))
        if alias is None:
            if not is_known:
                raise UnknownError
            return {name}
        text = self.texts.text(alias, made.spot)
        if text is None:
            raise UnknownError
        return {text}

    @staticmethod
    def _followed(made: tuple[Made, ...]) -> tuple[Made, ...]:
        if not made:
            raise UnknownError
        return made

    def _below(self, made: Made, seen: set[tuple[str, int]], depth: int) -> set[str]:
        """What a dependency takes: a function, a class, or an object that is called."""
        if made.expr[0] == "cl" or (made.expr[0] == "c" and self._is_scheme(made)):
            key = f"{made.spot.path}:{made.expr[1]}" if made.expr[0] == "cl" else ""
            if not key:
                return set()
            info = self.world.classes.info(key)
            if info is None or "__init__" not in info.methods:
                # The fields of a model or a dataclass may come from the path.
                raise UnknownError
        path, scope = self.facts.called(made)
        if scope is None:
            raise UnknownError
        plain = [p for p in scope.params if p[Param.NAME] not in ("self", "cls")]
        return self._taken(path, scope, seen, depth) if plain else set()

    def _is_scheme(self, made: Made) -> bool:
        return any(m.name.startswith("fastapi.security.") for m in members(self.follower.callee(made)))

    # -- frameworks that call with the parameters -------------------------------------------------

    def _of_call(self, entry: RouteEntry, path: str, scope: Scope, access: Access) -> tuple[str, ...]:
        if entry.tail is None or any(param[Param.KIND] == "**" for param in scope.params):
            return ()
        if self._is_wrapped(entry, path, scope, access) or self._is_preprocessed(entry, path, scope):
            return ()
        own = pattern(entry.tail, entry.framework)
        names = {param[Param.NAME] for param in scope.params}
        has_rest = any(param[Param.KIND] == "*" for param in scope.params)
        if own is None or has_rest:
            return ()
        return tuple(name for name in own.parameters if name not in names)

    def _is_preprocessed(self, entry: RouteEntry, path: str, scope: Scope) -> bool:
        """Whether something takes parameters away before the handler is called."""
        if entry.framework in ("flask", "quart"):
            words = self.world.words
            return any(
                words.files(use, word)
                for use in (DECORATES, CALLS)
                for word in ("url_value_preprocessor", "app_url_value_preprocessor")
            )
        outer = self.world.summary(path).scopes[max(scope.parent, 0)]
        if outer.kind != "class":
            return False
        return any(self.world.classes.method(f"{path}:{outer.index}", name) is not None for name in _BEFORE)

    def _is_wrapped(self, entry: RouteEntry, path: str, scope: Scope, access: Access) -> bool:
        """Whether a decorator stands between the framework and the handler that may change the parameters."""
        found = [*entry.wrappers, *access.decorators(path, scope)]
        for dependency, source in access.declared(entry):
            if dependency.via == "class" and source is not None:
                found.append(source)
        return any(not self.keeps(expr, spot, result=False) for expr, spot in found)

    def keeps(self, expr: Expr, spot: Spot, *, result: bool = True) -> bool:
        """Whether a decorator is known to pass on what it is given and, with ``result``, what is returned."""
        callee = expr
        if expr is not None and expr[0] == "c":
            callee = self.follower.scope(spot).calls[expr[1]][Call.FUNC]
        values = members(self.follower.evaluate(callee, spot))
        return bool(values) and all(
            (v.kind == "lib" and _keeps(v.name))
            or (v.kind == "func" and hands_on(self.world, v.name, result=result))
            for v in values
        )


def _keeps(name: str) -> bool:
    """Whether a decorator of a library passes on what it is given."""
    return name in REQUIRES or name.startswith(HARMLESS) or name in ("staticmethod", "classmethod")

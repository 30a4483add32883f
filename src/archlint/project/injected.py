"""What is passed to parameters by others than callers: by decorators that add arguments, by containers.

``@with_session`` hands its function a session that no call of it names; a container of dependency-injector
says what every constructor is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.types import Type, members, union
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_PROVIDERS = "dependency_injector.providers."
_CONSTRUCTING = ("Factory", "Singleton", "ThreadSafeSingleton", "ContextLocalSingleton", "Resource")
#: More files than this are not looked at.
_MAX_FILES = 30

_NOTHING: dict[str, Type | None] = {}


class Injected:
    """Answers what a parameter is given beside the calls of its function."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._given: dict[tuple[str, int], dict[str, Type | None]] = world.answers()

    def parameter(self, name: str, frame: Frame) -> Type | None:
        """What decorators or containers pass for a parameter."""
        scope = frame.scope
        if scope.name != "__init__" and not scope.decorators:
            return None
        key = (frame.path, scope.index)
        find = self._by_containers if scope.name == "__init__" else self._by_decorators
        found = self.world.evaluator.memo(
            self._given, key, ("injected", key), lambda: find(frame.path, scope), _NOTHING
        )
        return found.get(name)

    # -- containers -----------------------------------------------------------------------------

    def _by_containers(self, path: str, scope: Scope) -> dict[str, Type | None]:
        found: dict[str, list[Type]] = {}
        for word in _CONSTRUCTING:
            paths = self.world.words.files(CALLS, word)
            for place in paths if len(paths) <= _MAX_FILES else ():
                for caller in self.world.summary(place).scopes:
                    for row in caller.calls:
                        if last_word(row[Call.FUNC]) == word and row[Call.ARGS] and row[Call.KEYWORDS]:
                            self._provided(found, f"{path}:{scope.index}", place, caller, row)
        return {name: union(values) for name, values in found.items()}

    def _provided(
        self, found: dict[str, list[Type]], target: str, path: str, caller: Scope, row: list[Any]
    ) -> None:
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, caller.index, (), 2)
        made = evaluator.eval(row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER])
        method = (
            self.world.classes.method(made.name, "__init__")
            if made is not None and made.kind == "class"
            else None
        )
        if made is None or method is None or f"{method[0]}:{method[1].index}" != target:
            return
        func = Type("func", target, (evaluator.instantiate(made),))
        shifted = [*row]
        shifted[Call.ARGS] = row[Call.ARGS][1:]
        for name, value in evaluator.bindings(func, shifted, frame):
            for member in members(value):
                provides = member.kind == "inst" and member.name.startswith(_PROVIDERS)
                given = (member.args[0] if member.args else None) if provides else member
                if given is not None:
                    found.setdefault(name, []).append(given)

    # -- decorators -----------------------------------------------------------------------------

    def _by_decorators(self, path: str, scope: Scope) -> dict[str, Type | None]:
        """The arguments that a decorator of the project puts in front of those of the caller."""
        evaluator = self.world.evaluator
        found: dict[str, list[Type]] = {}
        for decorator in scope.decorators:
            name = evaluator.decorator_name(path, scope, decorator)
            made = self.world.function(name) if ":" in name else None
            if made is None:
                continue
            home = name.rpartition(":")[0]
            for wrapper, row in self._calls_of_parameter(home, made):
                frame = evaluator.frame(home, wrapper.index, (), 3)
                func = Type("func", f"{path}:{scope.index}")
                for parameter, value in evaluator.bindings(func, row, frame):
                    found.setdefault(parameter, []).append(value)
        return {name: union(values) for name, values in found.items()}

    def _calls_of_parameter(self, path: str, decorator: Scope) -> list[tuple[Scope, list[Any]]]:
        """The calls, in the functions inside a decorator, of the function that it decorates."""
        scopes = self.world.summary(path).scopes
        found = []
        for scope in scopes:
            names: list[Expr] = []
            parent = scope.parent
            while scope.index != decorator.index and parent >= 0:
                around = scopes[parent]
                if around.kind == "function" and around.params:
                    names.append(["n", around.params[0][Param.NAME]])
                if parent == decorator.index:
                    found += [(scope, row) for row in scope.calls if row[Call.FUNC] in names]
                    break
                parent = around.parent
        return found

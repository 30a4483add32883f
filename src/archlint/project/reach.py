"""Who calls a function, and whether a request or a task leads to it.

Callers are looked up by the word of the function's name and confirmed by evaluation. A function that is
handed to a framework (`Depends(get_user)`) is called by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.resources import DEPENDS
from archlint.knowledge.shapes import DECORATED
from archlint.model.summary import Call, Scope
from archlint.project.types import members
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: Calls followed upward from a function.
HOPS = 4
#: A name that more files call is too common to be followed.
_MAX_FILES = 40

Place = tuple[str, int]


class Served(NamedTuple):
    """The handler or task at the upper end of a chain of calls."""

    kind: str  # "route", "task", "dependency"
    path: str
    scope: Scope


class Reach:
    """Answers which requests and tasks lead to a function."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._callers: dict[Place, tuple[Place, ...]] = {}
        self._entries: dict[Place, str] = {}
        self._injected: frozenset[Place] | None = None

    def served(self, path: str, scope: Scope) -> Served | None:
        """The nearest handler, task or dependency that leads to a function, itself included."""
        seen = {(path, scope.index)}
        front: list[Place] = [(path, scope.index)]
        for _ in range(HOPS):
            above: list[Place] = []
            for place in front:
                found = self.world.summary(place[0]).scopes[place[1]]
                kind = self.entry(place)
                if kind:
                    return Served(kind, place[0], found)
                for caller in self.callers(place):
                    if caller not in seen:
                        seen.add(caller)
                        above.append(caller)
            front = above
        return None

    def entry(self, place: Place) -> str:
        """What a framework calls a function as: ``route``, ``task``, ``dependency``; ``""`` for none."""
        if place not in self._entries:
            self._entries[place] = self._entry(*place)
        return self._entries[place]

    def _entry(self, path: str, index: int) -> str:
        scope = self.world.summary(path).scopes[index]
        if scope.kind != "function":
            return ""
        if self.world.frameworks.route(path, scope) is not None:
            return "route"
        if self.is_task(path, scope):
            return "task"
        return "dependency" if (path, index) in self.injected else ""

    def is_task(self, path: str, scope: Scope) -> bool:
        """Whether a decorator makes a function a task of a queue."""
        names = (self.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators)
        return any(name in DECORATED for name in names)

    @property
    def injected(self) -> frozenset[Place]:
        """The functions that are handed to a framework as dependencies."""
        if self._injected is None:
            found: set[Place] = set()
            for word in sorted({name.rpartition(".")[2] for name in DEPENDS}):
                for path in self.world.words.files(CALLS, word):
                    found.update(self._injected_in(path, word))
            self._injected = frozenset(found)
        return self._injected

    def _injected_in(self, path: str, word: str) -> Iterator[Place]:
        evaluator = self.world.evaluator
        for scope in self.world.summary(path).scopes:
            for index, row in enumerate(scope.calls):
                if last_word(row[Call.FUNC]) != word:
                    continue
                frame = evaluator.frame(path, scope.index, (), 3)
                callee = evaluator.callee(index, frame)
                if callee is None or callee.name not in DEPENDS:
                    continue
                given = [*row[Call.ARGS][:1], *(e for k, e in row[Call.KEYWORDS] if k == "dependency")]
                for expr in given:
                    for target in members(evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])):
                        if target.kind == "func":
                            home, _, number = target.name.rpartition(":")
                            yield home, int(number)
                        elif target.kind == "class":
                            method = self.world.classes.method(target.name, "__init__")
                            if method is not None:
                                yield method[0], method[1].index

    def callers(self, place: Place) -> tuple[Place, ...]:
        """The functions that call a function, of the whole project but its tests."""
        if place not in self._callers:
            self._callers[place] = tuple(sorted(set(self._find_callers(*place))))
        return self._callers[place]

    def _find_callers(self, path: str, index: int) -> Iterator[Place]:
        evaluator = self.world.evaluator
        scopes = self.world.summary(path).scopes
        scope = scopes[index]
        word = scopes[scope.parent].name if scope.name == "__init__" else scope.name
        if scope.kind == "lambda":
            yield path, scope.parent
            return
        if scope.parent > 0 and scopes[scope.parent].kind != "class":
            # A function inside another runs when that one does, as far as can be told.
            yield path, scope.parent
        paths = self.world.words.files(CALLS, word)
        if len(paths) > _MAX_FILES:
            paths = (path,) if path in paths else ()
        target = f"{path}:{index}"
        for other in paths:
            if "test" in other:
                continue
            for caller, row_index, _ in self.world.callers._calls(other, word):
                if caller.kind not in ("function", "lambda"):
                    continue
                frame = evaluator.frame(other, caller.index, (), 3)
                for callee in members(evaluator.callee(row_index, frame)):
                    name = callee.name
                    if callee.kind == "class":
                        method = self.world.classes.method(name, "__init__")
                        name = f"{method[0]}:{method[1].index}" if method is not None else ""
                    if name == target:
                        yield other, caller.index

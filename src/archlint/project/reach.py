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
from archlint.project.ledger import concluded
from archlint.project.roles import role_of
from archlint.project.types import members
from archlint.project.words import CALLS, IMPORTS

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
        self._callers: dict[Place, dict[Place, tuple[int, ...]]] = world.answers()
        self._entries: dict[Place, str] = world.answers()

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

    @concluded
    def injected(self) -> frozenset[Place]:
        """The functions that are handed to a framework as dependencies."""
        words, found = self.world.words, set[Place]()
        for word in sorted({name.rpartition(".")[2] for name in DEPENDS}):
            for path in sorted({*words.files(CALLS, word), *words.files(IMPORTS, word)}):
                found.update(self._injected_in(path, word))
        return frozenset(found)

    def _injected_in(self, path: str, word: str) -> Iterator[Place]:
        evaluator = self.world.evaluator
        for scope, index, row in self.world.calls.declared(path, word):
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
        return tuple(self._calls_of(place))

    def calls(self, place: Place, caller: Place) -> tuple[int, ...]:
        """The calls of a function in one of its callers; none in the function around a nested one."""
        return self._calls_of(place).get(caller, ())

    def _calls_of(self, place: Place) -> dict[Place, tuple[int, ...]]:
        found = self._callers.get(place)
        if found is None:
            rows: dict[Place, list[int]] = {}
            for caller, index in self._find_calls(*place):
                known = rows.setdefault(caller, [])
                if index is not None and index not in known:
                    known.append(index)
            found = self._callers[place] = {caller: tuple(rows[caller]) for caller in sorted(rows)}
        return found

    def _find_calls(self, path: str, index: int) -> Iterator[tuple[Place, int | None]]:
        scopes = self.world.summary(path).scopes
        scope = scopes[index]
        if scope.kind == "lambda":
            yield (path, scope.parent), None
            return
        if scope.parent > 0 and scopes[scope.parent].kind != "class":
            # A function inside another runs when that one does, as far as can be told.
            yield (path, scope.parent), None
        word = scopes[scope.parent].name if scope.name == "__init__" else scope.name
        words = self.world.words
        paths = words.files(CALLS, word)
        if len(paths) > _MAX_FILES:
            paths = (path,) if path in paths else ()
        else:
            paths = tuple(sorted({*paths, *words.files(IMPORTS, word)}))
        for other in paths:
            if role_of(other) != "test":
                yield from self._calls_in(other, word, f"{path}:{index}")

    def _calls_in(self, other: str, word: str, target: str) -> Iterator[tuple[Place, int]]:
        evaluator = self.world.evaluator
        renamed = self.world.summary(other).renamed
        for name in sorted({word, *(new for new, old in renamed.items() if old == word)}):
            for caller, row_index, _ in self.world.calls.ending(other, name):
                if caller.kind not in ("function", "lambda"):
                    continue
                frame = evaluator.frame(other, caller.index, (), 3)
                for callee in members(evaluator.callee(row_index, frame)):
                    key = callee.name
                    if callee.kind == "class":
                        method = self.world.classes.method(key, "__init__")
                        key = f"{method[0]}:{method[1].index}" if method is not None else ""
                    if key == target:
                        yield (other, caller.index), row_index

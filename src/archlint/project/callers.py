"""What the callers of a function pass it, for parameters that say nothing themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Param, Scope
from archlint.project.limits import ASKS, FUEL
from archlint.project.roles import role_of
from archlint.project.types import Type, members, union
from archlint.project.words import CALLS

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: A name that more files than this mention is too common to be searched for.
MAX_FILES = 60
#: More calls than this are not evaluated.
MAX_CALLS = 40
#: A class with more subclasses than this says little about what any of them is given.
MAX_HEIRS = 8
_NOTHING: dict[str, Type | None] = {}


class Callers:
    """Answers where a function is called, and with what."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[str, int, int, str], dict[str, Type | None]] = world.answers()

    def parameter(self, name: str, frame: Frame) -> Type | None:
        """What all known callers pass for a parameter of a function without annotations."""
        if frame.scope.kind != "function":
            return None
        receiver = self._receiver(frame) if frame.scope.name == "__init__" else ""
        key = (frame.path, frame.scope.index, frame.fuel // ASKS, receiver)
        known = self.world.evaluator.memo(
            self._known, key, ("callers", key), lambda: self._search(frame), _NOTHING
        )
        return known.get(name)

    def _search(self, frame: Frame) -> dict[str, Type | None]:
        scope = frame.scope
        target = f"{frame.path}:{scope.index}"
        found: dict[str, list[Type]] = {}
        # An `__init__` is looked up from anywhere, and its callers are then told by themselves alone.
        fuel = max(frame.fuel - ASKS, FUEL) if frame.fuel >= ASKS else FUEL
        most = MAX_CALLS if fuel >= ASKS else MAX_CALLS // 3
        calls = 0
        nearer = self._nearer(frame)
        for path, word in self._places(frame, nearer):
            if role_of(path) == "test":
                continue
            for caller, index, row in self.world.calls.named(path, word):
                if word == "__init__" and f"{path}:{caller.parent}" not in nearer:
                    continue
                if calls < most:
                    calls += 1
                    self._collect(found, path, caller, index, row, target, fuel)
        return {name: union(values) for name, values in found.items()}

    def _places(self, frame: Frame, nearer: list[str]) -> list[tuple[str, str]]:
        """The files that may call a function, each with the word it is called by there."""
        scope, words = frame.scope, self.world.words
        names = [scope.name]
        if scope.name == "__init__" and frame.outer is not None:
            # An inherited constructor is called by the name of the subclass, or through its `super()`.
            names = self._classes(frame) or [frame.outer.scope.name]
        found: list[tuple[str, str]] = []
        for word in names:
            is_telling = len(word) >= 4 or (len(word) >= 2 and scope.name == "__init__")
            paths = words.files(CALLS, word) if is_telling and word[:2] != "__" else ()
            found += [(path, word) for path in paths] if len(paths) <= MAX_FILES else []
        return found + [(path, "__init__") for path in sorted({key.rpartition(":")[0] for key in nearer})]

    def _classes(self, frame: Frame) -> list[str]:
        """The names of the receiver's class and of the few subclasses that leave its constructor as it is.

        Annotations speak for themselves: a type variable stands for one class in each subclass.
        """
        key = self._receiver(frame)
        info = self.world.classes.info(key) if key else None
        if info is None:
            return []
        if any(row[Param.ANNOTATION] is not None for row in frame.scope.params):
            return [info.name]
        method = self.world.classes.method(key, "__init__")
        below = self.world.classes.subclasses(key)
        heirs = [
            heir.name
            for name in (below if len(below) <= MAX_HEIRS else ())
            if (heir := self.world.classes.info(name)) is not None
            and self.world.classes.method(name, "__init__") == method
        ]
        return list(dict.fromkeys([info.name, *heirs]))

    @staticmethod
    def _receiver(frame: Frame) -> str:
        """The class whose object a constructor fills."""
        receiver = frame.self_type()
        return receiver.name if receiver is not None else ""

    def _nearer(self, frame: Frame) -> list[str]:
        """The classes, with constructors of their own, between the receiver's and the one asked for."""
        if frame.scope.name != "__init__":
            return []
        receiver, owner = self._receiver(frame), f"{frame.path}:{frame.scope.parent}"
        found: list[str] = []
        for base in self.world.classes.mro(receiver) if receiver else ():
            if base.name == owner:
                break
            info = self.world.classes.info(base.name)
            if info is not None and "__init__" in info.methods:
                found.append(base.name)
        return found

    def _collect(
        self,
        found: dict[str, list[Type]],
        path: str,
        caller: Scope,
        index: int,
        row: list[Any],
        target: str,
        fuel: int,
    ) -> None:
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, caller.index, (), fuel)
        for callee in members(evaluator.callee(index, frame)):
            func = callee
            if callee.kind == "class":
                method = self.world.classes.method(callee.name, "__init__")
                if method is None:
                    continue
                func = Type("func", f"{method[0]}:{method[1].index}", (evaluator.instantiate(callee),))
            if func.kind == "func" and func.name == target:
                for name, value in evaluator.bindings(func, row, frame):
                    if value.kind == "func":
                        # What a passed function does is told where it is passed.
                        continue
                    found.setdefault(name, []).append(value)


def wants_callers(scope: Scope, name: str) -> bool:
    """Whether a parameter is worth the search: plain, positional or keyword, not the receiver."""
    for position, row in enumerate(scope.params):
        if row[Param.NAME] == name:
            return row[Param.KIND] in "/.k" and not (position == 0 and name in ("self", "cls"))
    return False


def makes_functions(scope: Scope) -> bool:
    """Whether a function returns one that it defines: who calls that says nothing of what this was given."""
    returned = [row[0] for row in scope.returns if row[0] is not None]
    names = {expr[1] for expr in returned if expr[0] == "n" and expr[1] in scope.binds}
    made = [row[Bind.EXPR] for name in names for row in scope.binds[name]]
    return any(expr is not None and expr[0] == "f" for expr in (*returned, *made))

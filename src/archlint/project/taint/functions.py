"""What a project function gives for what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.evaluation.frames import Frame
from archlint.project.limits import FUEL
from archlint.project.taint.origins import DEPTH, NONE, Origins, Path
from archlint.project.taint.validators import Validators
from archlint.project.types import Type

if TYPE_CHECKING:
    from archlint.project.world import World


class Functions(Validators):
    """Questions about the results of project functions."""

    def __init__(self, world: World, *, believes: bool = False) -> None:
        super().__init__(world, believes=believes)
        self._returns: dict[tuple[Any, ...], Origins] = world.answers()

    def seen_from(self, symbolic: Origins, func: Type, row: list[Any], frame: Frame) -> Origins:
        """Origins inside a called function, in terms of the caller's own values."""
        scope = self.world.function(func.name)
        callee = row[Call.FUNC]
        receiver = callee[1] if callee is not None and callee[0] == "a" else None
        if scope is None:
            return NONE
        return self.substitute(symbolic, func, receiver, row, frame, row[Call.BLOCK], row[Call.ORDER], DEPTH)

    def result(
        self, func: Type, receiver: Expr, row: list[Any] | None, frame: Frame, block: int, order: int,
        path: Path, depth: int,
    ) -> Origins:  # fmt: skip
        """What calling a project function gives, in terms of the caller's own values."""
        scope = self.world.function(func.name)
        if scope is None or depth <= 0 or scope.is_generator:
            return NONE
        symbolic = self.returned(func, path, depth - 1)
        return self.substitute(symbolic, func, receiver, row, frame, block, order, depth)

    def returned(self, func: Type, path: Path, depth: int) -> Origins:
        """The origins of a function's result, symbolic in its parameters."""
        key = (func, path, depth)
        found = self._returns.get(key)
        if found is None:
            found = self._returns[key] = self._find_returned(func, path, depth)
        return found

    def _find_returned(self, func: Type, path: Path, depth: int) -> Origins:
        scope = self.world.function(func.name)
        if scope is None:
            return NONE
        frame = self.frame_of(func, scope)
        found = [
            self.origins(expr, frame, block, order, path, depth)
            for expr, block, order, _ in scope.returns[:12]
        ]
        return NONE.union(*found)

    def frame_of(self, func: Type, scope: Scope) -> Frame:
        """The frame of a function with its receiver bound."""
        evaluator = self.world.evaluator
        path = func.name.rpartition(":")[0]
        bindings: tuple[tuple[str, Type], ...] = ()
        receiver = func.args[0] if func.args and scope.params else None
        if receiver is not None and evaluator.method_kind(path, scope) != "static":
            bindings = ((scope.params[0][Param.NAME], receiver),)
        return evaluator.frame(path, scope.index, bindings, FUEL - 1)

    def substitute(
        self, symbolic: Origins, func: Type, receiver: Expr, row: list[Any] | None,
        frame: Frame, block: int, order: int, depth: int,
    ) -> Origins:  # fmt: skip
        """Replace the callee's parameters by the origins of the arguments."""
        scope = self.world.function(func.name)
        if scope is None:
            return NONE
        found: list[Origins] = []
        for origin in sorted(symbolic):
            if origin.kind != "param":
                found.append(frozenset((origin,)))
                continue
            if func.args and scope.params and origin.name == scope.params[0][Param.NAME]:
                if receiver is not None:
                    found.append(self.origins(receiver, frame, block, order, origin.path, depth))
                continue
            given = self.argument(func, scope, row, origin.name, origin.path) if row is not None else None
            if given is not None:
                found.append(self.origins(given[0], frame, block, order, given[1], depth))
        return NONE.union(*found)

    def argument(
        self, func: Type, scope: Scope, row: list[Any], name: str, path: Path = ()
    ) -> tuple[Expr, Path] | None:
        """The expression that a call gives for a parameter, and the access path into it."""
        params = scope.params
        offset = 0
        if func.args and params:
            module = func.name.rpartition(":")[0]
            offset = 0 if self.world.evaluator.method_kind(module, scope) == "static" else 1
        kind = next((p[Param.KIND] for p in params if p[Param.NAME] == name), "")
        positional = [p[Param.NAME] for p in params if p[Param.KIND] in "/."][offset:]
        wanted, rest = (path[0], path[1:]) if kind == "**" and path else (name, path)
        if name in positional and kind != "**":
            index = positional.index(name)
            args = row[Call.ARGS]
            if index < len(args) and not any(a is not None and a[0] == "*" for a in args[: index + 1]):
                return args[index], path
        for key, value in row[Call.KEYWORDS]:
            if key == wanted:
                return value, rest
        for key, value in row[Call.KEYWORDS]:
            if key is None:
                return value, (wanted, *rest)
        return None

"""What a call does: of the project's functions, classes and instances, and of libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.effects.base import Effect, method_of, subject_of, without_stall
from archlint.project.effects.functions import Functions
from archlint.project.effects.library import LibraryCalls
from archlint.project.guards import handed_on, is_open
from archlint.project.types import Type, is_project, members
from archlint.project.virtual_files import names_virtual
from archlint.project.waiting import (
    IN_MEMORY,
    STALLS,
    handed_over,
    is_awaited_otherwise,
    is_done,
    is_iterated,
    is_plain_generator,
    is_set_not_to_block,
    is_told_not_to_wait,
    is_unread,
    qualified,
)
from archlint.project.words import arguments_of

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: What making an object runs: its constructor, or what follows one that a decorator or a base class writes.
_MAKING = ("__init__", "__post_init__", "__attrs_post_init__", "model_post_init")


class Calls:
    """Questions about calls, whatever is called."""

    def __init__(self, world: World, functions: Functions) -> None:
        self.world = world
        self.library = LibraryCalls(world, functions)
        self._functions = functions
        self._handed: dict[tuple[str, int], frozenset[int]] = world.answers()

    def effects(self, callee: Type, index: int, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """What calling one of the things does that a callee may be."""
        if self.world.declared:
            declared = self._declared_effects(callee)
            if declared is not None:
                return declared
        if callee.kind == "func":
            return self._function_effects(callee, index, row, frame, depth)
        if callee.kind == "class":
            return [*self._constructor_effects(callee, row, frame, depth), *self._served(callee, row, frame)]
        if callee.kind == "lib":
            found = [*self.library.effects(callee, row, frame, depth), *self._served(callee, row, frame)]
            # Most calls do nothing, whatever else is said of them.
            if found and (
                index in self._handed_over(frame)
                or is_told_not_to_wait(callee.name, row, self.world.summary(frame.path))
                or is_done(callee, row, frame.scope)
                or is_unread(callee.name, index, frame.scope)
                or (callee.name.startswith("socket.") and self._is_set_not_to_block(row, frame))
                or self._is_in_memory(found, row, frame)
            ):
                # Awaiting what a blocking call gives is an error: the object is another than it seems.
                return [without_stall(e) for e in found]
            return found
        if callee.kind == "inst":
            return self._instance_effects(callee, row, frame, depth)
        return ()

    def _is_set_not_to_block(self, row: list[Any], frame: Frame) -> bool:
        """Whether a socket was told not to block, by the function or by another method of its class."""
        scopes = self.world.summary(frame.path).scopes
        owner = scopes[frame.scope.parent] if frame.scope.parent >= 0 else None
        is_method = owner is not None and owner.kind == "class"
        methods = [s for s in scopes if s.parent == frame.scope.parent] if is_method else []
        return is_set_not_to_block(row, frame.scope, methods)

    def _served(self, callee: Type, row: list[Any], frame: Frame) -> Iterable[Effect]:
        """What a schema reads of the rows it is filled from: V, with P where one call serves many rows."""
        served = self.world.serializers.served_by_call(callee, row, frame)
        if served is None:
            return ()
        first = served.walks[0]
        letters = {"V", *("P" if served.many else ""), *("S" if first.is_async else "")}
        owner = f"{frame.path}:{frame.scope.index}" if served.many else ""
        return [Effect(frozenset(letters), first.label, first.relation, (), owner)]

    def _is_in_memory(self, found: list[Effect], row: list[Any], frame: Frame) -> bool:
        """Whether what would read or write a file is given one that lives in memory."""
        if not any("F" in e.letters for e in found):
            return False
        if names_virtual(row, frame, self.world.evaluator):
            return True
        for expr in arguments_of(row):
            value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            if any(m.kind == "inst" and m.name in IN_MEMORY for m in members(value)):
                return True
        return False

    def _declared_effects(self, callee: Type) -> Iterable[Effect] | None:
        """What the settings say of a call; None when they say nothing."""
        name = qualified(callee, self.world)
        if not name:
            return None
        if self.world.declared.alternative(name) is not None:
            return [Effect(frozenset("B"), name, "", ())]
        return () if self.world.declared.offloads(name) else None

    def _handed_over(self, frame: Frame) -> frozenset[int]:
        key = (frame.path, frame.scope.index)
        found = self._handed.get(key)
        if found is None:
            found = self._handed[key] = handed_over(frame.scope)
        return found

    def _function_effects(
        self, callee: Type, index: int, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        evaluator = self.world.evaluator
        bindings = evaluator.bindings(callee, row, frame)
        scope = self.world.function(callee.name)
        if scope is None:
            return ()
        receiver = callee.args[0] if callee.args else None
        inherits = self._inheriting(callee, scope, row, frame) if receiver is not None and depth > 0 else None
        if receiver is not None and inherits is not None:
            below = list(self._functions.overrides(receiver, scope, bindings, depth - 1, inherits))
        else:
            below = self._functions.below(callee, bindings, depth)
        found = self._reached(below, callee, scope, row, frame.scope)
        if not any(e.letters & STALLS for e in found):
            return found
        if is_plain_generator(scope, self._functions.decorators(callee, scope)):
            if not is_iterated(index, frame.scope):
                return [without_stall(e) for e in found]
        elif index in self._handed_over(frame):
            result = evaluator.result_of(callee, bindings, frame.fuel)
            varies = not scope.is_async and _is_variable(row[Call.FUNC], frame)
            if varies or is_awaited_otherwise(scope, result):
                return [without_stall(e) for e in found]
        return found

    def _inheriting(
        self, callee: Type, scope: Scope, row: list[Any], frame: Frame
    ) -> Callable[[str], bool] | None:
        """For ``self.turn()`` with ``turn`` abstract: whether a subclass runs the method at hand at all."""
        owner, func = frame.outer, row[Call.FUNC]
        if owner is None or owner.scope.kind != "class" or not frame.scope.params:
            return None
        if func is None or func[0] != "a" or func[1] != ["n", frame.scope.params[0][0]]:
            return None
        classes = self.world.classes
        if not classes.is_abstract(callee.name.rpartition(":")[0], scope):
            return None

        def runs(key: str) -> bool:
            method = classes.method(key, frame.scope.name)
            return method is not None and (method[0], method[1].index) == (frame.path, frame.scope.index)

        return runs

    def _reached(
        self, found: list[Effect], callee: Type, scope: Scope, row: list[Any], caller: Scope
    ) -> list[Effect]:
        """The effects this call does not switch off by what it passes; guards as the caller sees them."""
        if not any(e.guard for e in found):
            return found
        bound = bool(callee.args) and self.world.evaluator.takes_receiver(callee)
        return [
            e._replace(guard=handed_on(e.guard, scope, bound, row, caller))
            for e in found
            if is_open(e.guard, scope, bound, row)
        ]

    def _instance_effects(self, callee: Type, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        evaluator = self.world.evaluator
        if callee.name == "archlint.Offloaded":
            target = callee.args[0] if callee.args else None
            if target is not None and target.kind == "lib" and target.args:
                # `sync_to_async(Model.objects.get)(pk=key)`
                effects = self.library.effects(target, row, frame, depth)
                return [e._replace(letters=e.letters - STALLS | {"A"}) for e in effects if "Q" in e.letters]
            return self.library.offloaded(target, depth)
        if is_project(callee.name):
            method = evaluator.attribute(callee, "__call__", frame.fuel)
            if method is not None and method.kind == "func":
                return self._functions.below(method, evaluator.bindings(method, row, frame), depth)
            return ()
        signature = evaluator.library.member(callee.name, "<call>")
        if signature is not None and signature.effects:
            return [Effect(signature.effects, f"{callee.name}()", subject_of(callee, self.world), ())]
        return ()

    def _constructor_effects(
        self, callee: Type, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        methods = (self.world.classes.method(callee.name, name) for name in _MAKING)
        method = next((found for found in methods if found is not None), None)
        found: list[Effect] = []
        evaluator = self.world.evaluator
        if method is not None:
            func = method_of(evaluator.instantiate(callee), method)
            below = self._functions.below(func, evaluator.bindings(func, row, frame), depth)
            found += self._reached(below, func, method[1], row, frame.scope)
        else:
            for base in self.world.classes.library_bases(callee.name):
                signature = evaluator.library.member(base, "<init>")
                if signature is not None and signature.effects:
                    found.append(Effect(signature.effects, base, "", ()))
        return found


def _is_variable(callee: Expr, frame: Frame) -> bool:
    """Whether a function is called by a variable: what is awaited may then be another function."""
    here: Frame | None = frame
    while callee is not None and callee[0] == "n" and here is not None and here.scope.kind != "module":
        rows = here.scope.binds.get(callee[1])
        if rows is not None:
            return any(row[Bind.EXPR] is None or row[Bind.EXPR][0] not in ("f", "im") for row in rows)
        if any(row[0] == callee[1] for row in here.scope.params):
            return True
        here = here.outer
    return False

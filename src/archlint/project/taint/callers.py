"""Who calls a function with what, up to the handler that a framework calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.effects import Hop, describe
from archlint.project.evaluation.frames import Frame
from archlint.project.guards import handed_on, is_open
from archlint.project.taint.entries import Entries
from archlint.project.taint.functions import Functions
from archlint.project.taint.origins import DEPTH, MAX_CALLS, MAX_FILES, Origin, Origins, Path, Source
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.world import World


class Caller(NamedTuple):
    """A call of a function: where it stands, the function as the call sees it, and what the call gives."""

    path: str
    scope: int
    call: int
    func: Type
    row: list[Any]


class Upwards(Functions):
    """Questions that lead to callers."""

    def __init__(self, world: World, *, believes: bool = False) -> None:
        super().__init__(world, believes=believes)
        self.entries = Entries(self)
        self._callers: dict[tuple[str, int], tuple[Caller, ...]] = world.answers()

    def sources(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH,
        guard: str = "",
    ) -> tuple[Source, ...]:  # fmt: skip
        """Where a value comes from, through the callers of this function.

        With a ``guard`` (see ``project.guards``) only through those that get behind it.
        """
        symbolic = self.origins(expr, frame, block, order, path)
        return self.resolved(symbolic, frame.path, frame.scope, depth, guard)

    def resolved(
        self, symbolic: Origins, path: str, scope: Scope, depth: int = DEPTH, guard: str = ""
    ) -> tuple[Source, ...]:
        """Origins with every parameter followed to what callers, or a framework, give for it."""
        found: dict[Origin, tuple[Hop, ...]] = {}
        for origin in sorted(symbolic):
            steps = (
                self.of_parameter(origin, path, scope, depth, guard)
                if origin.kind == "param"
                else (Source(origin, ()),)
            )
            for source in steps:
                known_hops = found.get(source.origin)
                if known_hops is None or len(source.hops) < len(known_hops):
                    found[source.origin] = source.hops
        return tuple(Source(origin, hops) for origin, hops in found.items())

    def of_parameter(
        self, origin: Origin, path: str, scope: Scope, depth: int, guard: str = ""
    ) -> tuple[Source, ...]:
        """Where what a parameter brings comes from."""
        owner = self.owner_of(origin.name, path, scope)
        row = next((p for p in owner.params if p[Param.NAME] == origin.name), None)
        if row is None:
            return ()
        part = self.part_of(row, origin.path, path, owner)
        if part:
            return (Source(Origin("request", origin.name, origin.path or (origin.name,), part), ()),)
        if depth <= 0:
            return ()
        found: list[Source] = []
        callers = self.callers(path, owner)
        for caller_path, caller_index, _, func, call in callers:
            caller = self.world.summary(caller_path).scopes[caller_index]
            given = self.argument(func, owner, call, origin.name, origin.path)
            if given is None or not is_open(guard, owner, bool(func.args), call):
                continue
            frame = self.world.evaluator.frame(caller_path, caller_index)
            # Before the call itself, which may be what judges the value.
            symbolic = self.origins(given[0], frame, call[Call.BLOCK], call[Call.ORDER] - 1, given[1])
            hop = Hop(
                caller_path, call[Call.LINE], call[Call.COLUMN], call[Call.END_LINE], call[Call.END_COLUMN],
                describe(call[Call.FUNC], caller),
            )  # fmt: skip
            further = handed_on(guard, owner, bool(func.args), call, caller)
            below = self.resolved(symbolic, caller_path, caller, depth - 1, further)
            found += [Source(source.origin, (hop, *source.hops)) for source in below]
        if not callers and origin.path and self.entries.is_filled_with_request(row, path, owner, origin.path):
            return (Source(Origin("request", origin.name, origin.path), ()),)
        return tuple(found)

    def part_of(self, row: list[Any], fields: Path, path: str, scope: Scope) -> str:
        """The part of a request that a framework fills a parameter from; empty when none."""
        return "body" if self.entries.is_requested(row, fields, path, scope) else ""

    def owner_of(self, name: str, path: str, scope: Scope) -> Scope:
        """The scope whose parameter a name is: this one, or a function around it."""
        here = scope
        while all(p[Param.NAME] != name for p in here.params) and here.parent >= 0:
            here = self.world.summary(path).scopes[here.parent]
        return here

    def callers(self, path: str, scope: Scope) -> tuple[Caller, ...]:
        """The calls of a function."""
        key = (path, scope.index)
        if key not in self._callers:
            self._callers[key] = tuple(self.find_callers(path, scope))
        return self._callers[key]

    def find_callers(self, path: str, scope: Scope) -> Iterator[Caller]:
        """The calls of a function, looked for by its name."""
        word = scope.name
        owner = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        if word == "__init__" and owner is not None:
            word = owner.name
        if scope.kind != "function" or word.startswith("__"):
            return
        paths = self.world.mentioning(word)
        if len(paths) > MAX_FILES:
            return
        count = 0
        for name in paths:
            for caller, index, row in self.world.calls.named(name, word):
                if count >= MAX_CALLS:
                    return
                func = self._calls(path, scope, name, caller, index)
                if func is not None:
                    count += 1
                    yield Caller(name, caller.index, index, func, row)

    def _calls(self, path: str, scope: Scope, caller_path: str, caller: Scope, index: int) -> Type | None:
        """The function as this call sees it, if it is the one that is called."""
        target = f"{path}:{scope.index}"
        evaluator = self.world.evaluator
        callees = members(evaluator.callee(index, evaluator.frame(caller_path, caller.index)))
        is_method = scope.parent >= 0 and self.world.summary(path).scopes[scope.parent].kind == "class"
        owner = f"{path}:{scope.parent}"
        for callee in callees:
            if callee.kind == "class":
                init = self.world.classes.method(callee.name, "__init__")
                if init is not None and f"{init[0]}:{init[1].index}" == target:
                    return Type("func", target, (Type("inst", callee.name),))
            if callee.kind != "func":
                continue
            if callee.name == target:
                return callee
            other = self.world.function(callee.name)
            if is_method and other is not None and other.name == scope.name and callee.args:
                base = f"{callee.name.rpartition(':')[0]}:{other.parent}"
                if self.world.classes.is_subclass(owner, base):
                    return Type("func", target, callee.args)
        callee_expr = caller.calls[index][Call.FUNC]
        if not callees and is_method and callee_expr[0] == "a" and self._is_only(path, scope):
            return Type("func", target, (Type("inst", owner),))
        return None

    def _is_only(self, path: str, scope: Scope) -> bool:
        """Whether no other function of the project has this name: then an untyped call means this one."""
        if len(scope.name) < 6:
            return False
        found = 0
        for name in self.world.mentioning(f"def {scope.name}("):
            found += sum(
                s.name == scope.name and s.kind == "function" for s in self.world.summary(name).scopes
            )
        return found == 1

"""Which keys a mapping has that a function builds, where all of them can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Param, Scope, Store
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_DEPTH = 4
#: Functions that look at a mapping and leave it as it is.
_HARMLESS = frozenset(
    ("encode", "len", "str", "print", "dumps", "debug", "info", "dict", "sorted", "copy", "get")
)


def keys_of(world: World, expr: Expr, frame: Frame, block: int, order: int) -> frozenset[str] | None:
    """The keys of a mapping at a point of a function; None when some may be unknown."""
    return _Keys(world, frame).of(expr, block, order, _DEPTH)


class _Keys:
    """The keys of the mappings of one function, as one call sees it.

    ``rest`` are the names that the call has for the parameter ``**extra``.
    """

    def __init__(self, world: World, frame: Frame, rest: frozenset[str] | None = None) -> None:
        self.world = world
        self.frame = frame
        self.rest = rest

    def of(self, expr: Expr, block: int, order: int, depth: int) -> frozenset[str] | None:
        if expr is None or depth <= 0:
            return None
        tag = expr[0]
        if tag == "d":
            return self._display(expr, block, order, depth)
        if tag == "n":
            return self._name(expr[1], block, order, depth)
        if tag == "c":
            return self._call(expr[1], depth)
        if tag == "b" and expr[1] == "|":
            left = self.of(expr[2], block, order, depth - 1)
            right = self.of(expr[3], block, order, depth - 1)
            return None if left is None or right is None else left | right
        return None

    def _display(self, expr: Expr, block: int, order: int, depth: int) -> frozenset[str] | None:
        found: set[str] = set()
        for key, value in expr[1]:
            if key is None:
                inner = self.of(value, block, order, depth - 1)
                if inner is None:
                    return None
                found |= inner
            elif key[0] == "k":
                found.add(str(key[1]))
            else:
                constant = self.world.values.of(key, self.frame, block, order)
                if constant is None or not isinstance(constant.value, str):
                    return None
                found.add(constant.value)
        return frozenset(found)

    def _name(self, name: str, block: int, order: int, depth: int) -> frozenset[str] | None:
        scope = self.frame.scope
        if self.rest is not None and [name, "**"] in [[p[Param.NAME], p[Param.KIND]] for p in scope.params]:
            return self.rest if name not in scope.binds else None
        rows, covered = visible_bindings(scope, name, block, order)
        if not covered or len(rows) != 1:
            return None
        row = rows[0]
        found = self.of(row[Bind.EXPR], row[Bind.BLOCK], row[Bind.ORDER] - 1, depth - 1)
        if found is None or _is_handed_out(scope.calls, name, row[Bind.ORDER], order):
            return None
        added = set(found)
        for store in scope.stores:
            if store[Store.VALUE] == ["n", name] and row[Bind.ORDER] < store[Store.ORDER] < order:
                if store[Store.ATTR] == "[]":
                    return None
                added.add(store[Store.ATTR].strip("[]"))
        for call in scope.calls:
            func = call[Call.FUNC]
            if func is None or func[0] != "a" or func[1] != ["n", name]:
                continue
            if not row[Bind.ORDER] < call[Call.ORDER] < order:
                continue
            if func[2] == "update":
                for arg in call[Call.ARGS]:
                    more = self.of(arg, call[Call.BLOCK], call[Call.ORDER], depth - 1)
                    if more is None:
                        return None
                    added |= more
                if any(k is None for k, _ in call[Call.KEYWORDS]):
                    return None
                added.update(k for k, _ in call[Call.KEYWORDS])
            elif func[2] == "setdefault" and call[Call.ARGS] and (call[Call.ARGS][0] or [""])[0] == "k":
                added.add(str(call[Call.ARGS][0][1]))
        return frozenset(added)

    def _call(self, index: int, depth: int) -> frozenset[str] | None:
        row = self.frame.scope.calls[index]
        func, args = row[Call.FUNC], row[Call.ARGS]
        if func == ["n", "dict"]:
            found = {k for k, _ in row[Call.KEYWORDS]}
            if None in found or len(args) > 1:
                return None
            inner = self.of(args[0], row[Call.BLOCK], row[Call.ORDER], depth - 1) if args else frozenset()
            return None if inner is None else inner | {str(k) for k in found}
        if func is not None and func[0] == "a" and func[2] == "copy" and not args:
            return self.of(func[1], row[Call.BLOCK], row[Call.ORDER], depth - 1)
        for callee in members(self.world.evaluator.callee(index, self.frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" else None
            if scope is None or len(scope.returns) != 1 or scope.is_generator:
                return None
            inner_frame = self.world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
            expr, block, order, _ = scope.returns[0]
            return _Keys(self.world, inner_frame, _rest(row, scope)).of(expr, block, order, depth - 1)
        return None


def _is_handed_out(calls: list[list[Any]], name: str, since: int, until: int) -> bool:
    """Whether something else may have put keys into the mapping meanwhile."""
    for call in calls:
        if not since < call[Call.ORDER] < until or last_word(call[Call.FUNC]) in _HARMLESS:
            continue
        if ["n", name] in call[Call.ARGS] or any(e == ["n", name] for _, e in call[Call.KEYWORDS]):
            return True
    return False


def _rest(row: list[Any], scope: Scope) -> frozenset[str] | None:
    """The keywords of a call that the function it calls has no parameter for; None when some are unknown."""
    if any(key is None for key, _ in row[Call.KEYWORDS]):
        return None
    return frozenset(key for key, _ in row[Call.KEYWORDS]) - {p[Param.NAME] for p in scope.params}

"""Which keys a mapping has that a function builds, where all of them can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Store
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


def keys_of(
    world: World, expr: Expr, frame: Frame, block: int, order: int, depth: int = _DEPTH
) -> frozenset[str] | None:
    """The keys of a mapping at a point of a function; None when some may be unknown."""
    if expr is None or depth <= 0:
        return None
    tag = expr[0]
    if tag == "d":
        return _display(world, expr, frame, block, order, depth)
    if tag == "n":
        return _name(world, expr[1], frame, block, order, depth)
    if tag == "c":
        return _call(world, expr[1], frame, depth)
    if tag == "b" and expr[1] == "|":
        left = keys_of(world, expr[2], frame, block, order, depth - 1)
        right = keys_of(world, expr[3], frame, block, order, depth - 1)
        return None if left is None or right is None else left | right
    return None


def _display(
    world: World, expr: Expr, frame: Frame, block: int, order: int, depth: int
) -> frozenset[str] | None:
    found: set[str] = set()
    for key, value in expr[1]:
        if key is None:
            inner = keys_of(world, value, frame, block, order, depth - 1)
            if inner is None:
                return None
            found |= inner
        elif key[0] == "k":
            found.add(str(key[1]))
        else:
            constant = world.values.of(key, frame, block, order)
            if constant is None or not isinstance(constant.value, str):
                return None
            found.add(constant.value)
    return frozenset(found)


def _name(world: World, name: str, frame: Frame, block: int, order: int, depth: int) -> frozenset[str] | None:
    scope = frame.scope
    rows, covered = visible_bindings(scope, name, block, order)
    if not covered or len(rows) != 1:
        return None
    row = rows[0]
    found = keys_of(world, row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER] - 1, depth - 1)
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
                more = keys_of(world, arg, frame, call[Call.BLOCK], call[Call.ORDER], depth - 1)
                if more is None:
                    return None
                added |= more
            if any(k is None for k, _ in call[Call.KEYWORDS]):
                return None
            added.update(k for k, _ in call[Call.KEYWORDS])
        elif func[2] == "setdefault" and call[Call.ARGS] and (call[Call.ARGS][0] or [""])[0] == "k":
            added.add(str(call[Call.ARGS][0][1]))
    return frozenset(added)


def _is_handed_out(calls: list[list[Any]], name: str, since: int, until: int) -> bool:
    """Whether something else may have put keys into the mapping meanwhile."""
    for call in calls:
        if not since < call[Call.ORDER] < until or last_word(call[Call.FUNC]) in _HARMLESS:
            continue
        if ["n", name] in call[Call.ARGS] or any(e == ["n", name] for _, e in call[Call.KEYWORDS]):
            return True
    return False


def _call(world: World, index: int, frame: Frame, depth: int) -> frozenset[str] | None:
    row = frame.scope.calls[index]
    func, args = row[Call.FUNC], row[Call.ARGS]
    if func == ["n", "dict"]:
        found = {k for k, _ in row[Call.KEYWORDS]}
        if None in found or len(args) > 1:
            return None
        inner = (
            keys_of(world, args[0], frame, row[Call.BLOCK], row[Call.ORDER], depth - 1)
            if args
            else frozenset()
        )
        return None if inner is None else inner | {str(k) for k in found}
    if func is not None and func[0] == "a" and func[2] == "copy" and not args:
        return keys_of(world, func[1], frame, row[Call.BLOCK], row[Call.ORDER], depth - 1)
    for callee in members(world.evaluator.callee(index, frame)):
        scope = world.function(callee.name) if callee.kind == "func" else None
        if scope is None or len(scope.returns) != 1 or scope.is_generator:
            return None
        inner_frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
        expr, block, order, _ = scope.returns[0]
        return keys_of(world, expr, inner_frame, block, order, depth - 1)
    return None

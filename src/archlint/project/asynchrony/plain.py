"""Places that take a value as it is, where a coroutine would stand in for its own result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Param
from archlint.project.evaluation.frames import END
from archlint.project.evaluation.signatures import SEQUENCE_NAMES
from archlint.project.routes.route import THREADED
from archlint.project.types import BUILTIN_CLASSES, Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_EITHER = frozenset(("typing.Optional", "typing.Union"))
_ANNOTATED = frozenset(("typing.Annotated", "typing_extensions.Annotated"))
_COLLECTIONS = frozenset(("list", "tuple", "set", "frozenset"))
_AWAITABLES = frozenset(
    ("object", "typing.Any", "typing.Awaitable", "typing.Coroutine", "asyncio.Future", "asyncio.Task")
)
#: Builtin classes that say nothing about an object.
_ANYTHING = frozenset(("object", "type", "property"))


def takes_plain(world: World, callees: tuple[Type, ...], row: list[Any], given: Expr) -> bool:
    """Whether a call of the project hands a value to a parameter that is declared as no awaitable."""
    return bool(callees) and all(_takes_plain(world, callee, row, given) for callee in callees)


def _takes_plain(world: World, callee: Type, row: list[Any], given: Expr) -> bool:
    if callee.kind == "class" and is_project(callee.name):
        made = world.classes.method(callee.name, "__init__")
        if made is None:
            return _has_plain_fields(
                world, callee.name, [name for name, e in row[Call.KEYWORDS] if e == given]
            )
        callee = Type("func", f"{made[0]}:{made[1].index}", (callee,))
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or scope.kind != "function":
        return False
    frame = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
    names = [name for name, expr in world.evaluator.given(callee, row) if expr == given]
    params = {param[Param.NAME]: param for param in scope.params}
    return bool(names) and all(
        params[name][Param.KIND] not in ("*", "**")
        and frame.outer is not None
        and promises_plain(world, params[name][Param.ANNOTATION], frame.outer)
        for name in names
    )


def _has_plain_fields(world: World, key: str, names: list[str]) -> bool:
    """Whether fields of a data class or model, which its constructor takes, are declared as no awaitables."""
    for name in names:
        found = world.classes.find(key, name)
        if found is None:
            return False
        owner, row = found
        frame = world.evaluator.frame(owner.path, owner.scope.index)
        if not promises_plain(world, row[Bind.ANNOTATION], frame):
            return False
    return bool(names)


def returns_result(world: World, frame: Frame) -> bool:
    """Whether a function is to return a result, and no coroutine that its caller awaits (once more).

    A framework that calls it needs that; a coroutine function declares it, or does it on another way.
    """
    if sends_result(world, frame):
        return True
    declared = frame.scope.returns_annotation
    if not frame.scope.is_async:
        return False
    if declared is not None:
        found = members(world.evaluator.annotation(declared, frame.outer)) if frame.outer is not None else ()
        return bool(found) and all(value.kind == "inst" and value.name not in _AWAITABLES for value in found)
    return any(row[0] is not None and row[0][0] == "w" for row in frame.scope.returns)


def sends_result(world: World, frame: Frame) -> bool:
    """Whether a framework sends what a function returns, and awaits nothing of it."""
    route = world.frameworks.route(frame.path, frame.scope)
    return route is not None and (frame.scope.is_async or route.framework in THREADED)


def returns_plain_items(world: World, frame: Frame) -> bool:
    """Whether a coroutine function is declared to return a collection of what is no awaitable."""
    declared = frame.scope.returns_annotation
    if declared is None or declared[0] != "s" or frame.outer is None or not frame.scope.is_async:
        return False
    head = world.evaluator.eval(declared[1], frame.outer, 0, END)
    name = SEQUENCE_NAMES.get(head.name, head.name) if head is not None else ""
    index = declared[2]
    elements = index[1] if index is not None and index[0] == "t" else [index]
    return name in _COLLECTIONS and promises_plain(world, elements[0], frame.outer)


def promises_plain(world: World, annotation: Expr, frame: Frame) -> bool:
    """Whether an annotation rules out coroutines, whichever of its alternatives it is."""
    if annotation is None:
        return False
    evaluator = world.evaluator
    tag = annotation[0]
    if tag == "k":
        return annotation[1] is None
    if tag == "b":
        return all(promises_plain(world, side, frame) for side in annotation[2:4])
    if tag == "s":
        head = evaluator.eval(annotation[1], frame, 0, END)
        index = annotation[2]
        elements = index[1] if index is not None and index[0] in ("t", "l") else [index]
        if head is not None and head.name in _EITHER:
            return all(promises_plain(world, element, frame) for element in elements)
        if head is not None and head.name in _ANNOTATED:
            return promises_plain(world, elements[0], frame)
    found = members(evaluator.annotation(annotation, frame))
    return bool(found) and all(_is_plain(world, value) for value in found)


def _is_plain(world: World, value: Type) -> bool:
    if value.kind != "inst" or value.name in _ANYTHING:
        return False
    if is_project(value.name):
        is_protocol = "typing.Protocol" in world.classes.library_bases(value.name)
        return not is_protocol and world.evaluator.attribute(value, "__await__") is None
    return value.name in BUILTIN_CLASSES

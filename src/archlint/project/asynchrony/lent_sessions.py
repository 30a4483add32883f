"""Asynchronous sessions in the hands of plain functions, which cannot await what they ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Call, Param, Scope
from archlint.project.sessions import kind_of
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World


class Lent(NamedTuple):
    """A call that hands over an asynchronous session; ``asked`` is what is asked of it there."""

    row: list[Any]
    asked: str


def lent_sessions(world: World, frame: Frame) -> Iterator[Lent]:
    """The calls of a coroutine function that lend an asynchronous session to a plain function."""
    for index, row in enumerate(frame.scope.calls if frame.scope.is_async else ()):
        if not row[Call.ARGS] and not row[Call.KEYWORDS]:
            continue
        for callee in members(world.evaluator.callee(index, frame)):
            asked = _asked(world, callee, row, frame)
            if asked:
                yield Lent(row, asked)
                break


def _asked(world: World, callee: Type, row: list[Any], frame: Frame) -> str:
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or scope.is_async or scope.is_generator:
        return ""
    declared = _plain_sessions(world, callee.name.rpartition(":")[0], scope)
    for name, expr in world.evaluator.given(callee, row) if declared else ():
        if name in declared:
            value = world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            if kind_of(world, value) == "async":
                return _use(world, scope, name, members(value))
    return ""


def _plain_sessions(world: World, path: str, scope: Scope) -> set[str]:
    """The parameters of a function that are declared as synchronous sessions."""
    outer = world.evaluator.frame(path, scope.index).outer
    declared = [param for param in scope.params if param[Param.ANNOTATION] is not None]
    if outer is None:
        return set()
    kinds = ((p, kind_of(world, world.evaluator.annotation(p[Param.ANNOTATION], outer))) for p in declared)
    return {param[Param.NAME] for param, kind in kinds if kind == "sync"}


def _use(world: World, scope: Scope, name: str, sessions: tuple[Type, ...]) -> str:
    """What a function asks of a parameter that only a plain session answers."""
    itself = ["n", name]
    if any(row[0] == itself and not row[1] for row in scope.withs):
        return f"with {name}"
    for row in scope.calls:
        func = row[Call.FUNC]
        if func is not None and func[0] == "a" and func[1] == itself:
            found = [_effects(world, session, func[2]) for session in sessions]
            if all("A" in effects for effects in found):
                return f"{name}.{func[2]}()"
    return ""


def _effects(world: World, session: Type, method: str) -> frozenset[str] | str:
    library = world.evaluator.library
    for base in sorted(world.classes.library_bases(session.name)):
        signature = library.member(base, method)
        if signature is not None:
            return signature.effects
    return ""

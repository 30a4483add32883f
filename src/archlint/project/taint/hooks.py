"""Methods that a base class leaves to its subclasses: ``clause = self.where(params)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Expr, Scope
from archlint.project.roles import role_of
from archlint.project.types import Type, is_project

if TYPE_CHECKING:
    from archlint.project.world import World

#: With more implementations, which of them a text comes through says little.
_MOST = 12


def implementations(func: Type, world: World) -> list[Type]:
    """The methods of subclasses that stand in for one which is abstract, or answers with constants alone."""
    receiver = func.args[0] if func.args else None
    scope = world.function(func.name)
    if receiver is None or receiver.kind != "inst" or scope is None or not is_project(receiver.name):
        return []
    if not _is_constant(scope) and not world.classes.is_abstract(func.name.rpartition(":")[0], scope):
        return []
    heirs = [key for key in world.classes.subclasses(receiver.name) if not role_of(key.rpartition(":")[0])]
    found = []
    for key in heirs if len(heirs) <= _MOST else ():
        info = world.classes.info(key)
        index = info.methods.get(scope.name) if info is not None else None
        if info is not None and index is not None:
            found.append(Type("func", f"{info.path}:{index}", (Type("inst", key, receiver.args),)))
    return found


def _is_constant(scope: Scope) -> bool:
    return bool(scope.returns) and not scope.calls and all(_is_plain(row[0]) for row in scope.returns)


def _is_plain(expr: Expr) -> bool:
    if expr is not None and expr[0] in ("t", "l", "e"):
        return all(_is_plain(item) for item in expr[1])
    return expr is None or expr[0] == "k" or (expr[0] == "d" and not expr[1])

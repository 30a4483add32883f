"""Validators of pydantic that see the whole object before its fields are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.types import Type, is_project
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_DECORATORS = frozenset(("model_validator", "root_validator"))
#: What their keywords say where they run first.
_FIRST = (["mode", ["k", "before"]], ["mode", ["k", "wrap"]], ["pre", ["k", True]])


def replaces_object(world: World, schema: Type) -> bool:
    """Whether a schema may put something else in the place of the object before reading it."""
    for base in world.classes.mro(schema.name):
        info = world.classes.info(base.name) if is_project(base.name) else None
        if info is None:
            continue
        scopes = world.summary(info.path).scopes
        for index in info.methods.values():
            runs_first = any(_is_before(d, scopes[info.scope.index]) for d in scopes[index].decorators)
            if runs_first and not _hands_on(scopes[index]):
                return True
    return False


def _hands_on(scope: Scope) -> bool:
    """Whether a validator returns the object that it is given, in every case."""
    given = [["n", row[Param.NAME]] for row in scope.params[:2] if row[Param.NAME] not in scope.binds]
    return bool(scope.returns) and all(row[0] in given for row in scope.returns)


def _is_before(decorator: Expr, owner: Scope) -> bool:
    """Whether a decorator makes a validator of the whole object that runs before its fields are read."""
    if decorator is None or decorator[0] != "c":
        return False
    row = owner.calls[decorator[1]]
    return last_word(row[Call.FUNC]) in _DECORATORS and any(
        keyword in _FIRST for keyword in row[Call.KEYWORDS]
    )

"""Who uses a name that a module or a class holds for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Param, Scope
from archlint.model.uses import atoms, mentioned
from archlint.project.roles import role_of
from archlint.project.types import members
from archlint.project.words import IMPORTS

if TYPE_CHECKING:
    from archlint.project.world import World

#: A module that more files import is looked at in these only.
_MAX_FILES = 60

Place = tuple[str, Scope]


def users(world: World, path: str, name: str) -> Iterator[Place]:
    """The functions that use a global name of a module, in this module and in those that import it."""
    module = world.modules.module_name(path).rpartition(".")[2]
    others = {*world.words.files(IMPORTS, name), *world.words.files(IMPORTS, module)}
    for other in [path, *sorted(others - {path})[:_MAX_FILES]]:
        if role_of(other) == "test":
            continue
        for scope in world.summary(other).scopes:
            if scope.kind in ("function", "lambda") and _uses(world, other, scope, path, name):
                yield other, scope


def _uses(world: World, other: str, scope: Scope, path: str, name: str) -> bool:
    for expr in mentioned(scope):
        for atom in atoms(expr):
            if atom[0] == "n" and leads_to(world, other, scope, atom[1], path, name):
                return True
            if atom[0] == "a" and atom[2] == name and _is_module(world, other, scope, atom[1], path):
                return True
    return False


def leads_to(world: World, other: str, scope: Scope, word: str, path: str, name: str) -> bool:
    """Whether a word of a scope means the global name of a module."""
    if word in scope.binds or any(row[Param.NAME] == word for row in scope.params):
        rows = scope.binds.get(word, ())
        return any(_imports(world, row[Bind.EXPR], other, path, name) for row in rows)
    if other == path and word == name:
        return not _hidden(world, other, scope, word)
    rows = world.summary(other).scopes[0].binds.get(word, ())
    return any(_imports(world, row[Bind.EXPR], other, path, name) for row in rows)


def _imports(world: World, expr: object, other: str, path: str, name: str) -> bool:
    return (
        isinstance(expr, list)
        and bool(expr)
        and expr[0] == "im"
        and expr[2] == name
        and world.modules.find(expr[1], other) == path
    )


def _hidden(world: World, path: str, scope: Scope, word: str) -> bool:
    """Whether a function around a scope has a local of that name."""
    scopes = world.summary(path).scopes
    here = scopes[scope.parent]
    while here.index > 0:
        if here.kind != "class" and (word in here.binds or any(p[Param.NAME] == word for p in here.params)):
            return True
        here = scopes[here.parent]
    return False


def _is_module(world: World, other: str, scope: Scope, expr: object, path: str) -> bool:
    frame = world.evaluator.frame(other, scope.index, (), 2)
    return any(
        m.kind == "module" and m.name == path for m in members(world.evaluator.eval(expr, frame, 0, 1 << 60))
    )


def methods_reading(world: World, path: str, owner: Scope, name: str) -> Iterator[Place]:
    """The methods of a class that use one of its attributes by their receiver or by the class's name."""
    for scope in world.summary(path).scopes:
        if scope.kind != "function" or scope.parent != owner.index or not scope.params:
            continue
        receivers = (["n", scope.params[0][Param.NAME]], ["n", owner.name])
        if any(
            atom[0] == "a" and atom[2] == name and atom[1] in receivers
            for expr in mentioned(scope)
            for atom in atoms(expr)
        ) or any(row[0] in [["a", r, name, None] for r in receivers] for row in scope.reads):
            yield path, scope

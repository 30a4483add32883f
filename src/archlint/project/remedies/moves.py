"""Things in the wrong order: a route behind one that hides it, an inclusion too early, decorators swapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import call_at

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.routes.entry import Place

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def route_first(file: File, hidden: Place, hiding: Place) -> Fix | None:
    """A route moved in front of the one that hides it, where both stand in one block or one list."""
    if hidden.path != file.name or hiding.path != file.name:
        return None
    first, second = call_at(file, file.locate(hiding)), call_at(file, file.locate(hidden))
    if first is None or second is None:
        return None
    recipe = _item_first(file, second, first) or _statement_first(file, second, first)
    if recipe is None:
        return None
    return Fix("Move it in front of the route that hides it", Applicability.UNSAFE, recipes=(recipe,))


def included_last(file: File, added: list[Place], include: Place) -> Fix | None:
    """An inclusion moved behind the last thing that is added to its router, where all stand in one block."""
    if {place.path for place in (*added, include)} != {file.name}:
        return None
    moved = _statement(file, call_at(file, file.locate(include)))
    later = [_statement(file, call_at(file, file.locate(place))) for place in added]
    block = _block(file, moved)
    if not isinstance(moved, ast.Expr) or any(one not in block for one in later):
        return None
    last = max((one for one in later if one is not None), key=lambda one: one.lineno)
    passed = block[block.index(moved) + 1 : block.index(last) + 1]
    if _owner(moved) & {name for one in passed for name in _names(one)}:
        # What is done with the application in between may count on what was included.
        return None
    apart = (2 if moved.col_offset == 0 else 1) if isinstance(last, _DEFINITIONS) else 0
    place = {"behind": str(last.end_lineno), "apart": str(apart), "kind": "statement"}
    recipe = Recipe.of("move", file.locate(moved), **place)
    return Fix("Include it behind what is added to it", Applicability.UNSAFE, recipes=(recipe,))


def decorator_below(file: File, decorator: ast.expr, route: ast.expr, *, is_known: bool) -> Fix | None:
    """A decorator moved below the one that registers the function.

    One of a library keeps the name and the parameters of what it wraps; with one of the project
    that has to be looked at.
    """
    at = file.locate(decorator)
    whole = Location(at.path, at.line, at.column - 1, at.end_line, at.end_column)
    recipe = Recipe.of("move", whole, behind=str(route.end_lineno), kind="decorator")
    applicability = Applicability.SAFE if is_known else Applicability.UNSAFE
    return Fix("Move it below the decorator that registers", applicability, recipes=(recipe,))


def _statement(file: File, node: ast.AST | None) -> ast.stmt | None:
    """The statement that a call is, or the definition that it decorates."""
    outer = file.index.parent(node) if node is not None else None
    return outer if isinstance(outer, ast.Expr | ast.FunctionDef | ast.AsyncFunctionDef) else None


def _block(file: File, statement: ast.stmt | None) -> list[ast.stmt]:
    """The statements of the block that one stands in."""
    parent = file.index.parent(statement) if statement is not None else None
    body = getattr(parent, "body", None)
    return body if isinstance(body, list) and statement in body else []


def _statement_first(file: File, later: ast.Call, earlier: ast.Call) -> Recipe | None:
    moved, before = _statement(file, later), _statement(file, earlier)
    block = _block(file, before)
    if moved is None or before is None or moved not in block:
        return None
    passed = block[block.index(before) : block.index(moved)]
    if _needs(moved) & {name for one in passed for name in _binds(one)}:
        return None
    kind = "definition" if isinstance(moved, _DEFINITIONS) else "statement"
    return Recipe.of("move", _whole(file, moved), before=str(_whole(file, before).line), kind=kind)


def _item_first(file: File, later: ast.Call, earlier: ast.Call) -> Recipe | None:
    """An item of a list moved in front of another one, where each has lines of its own."""
    owner = file.index.parent(later)
    if not isinstance(owner, ast.List) or owner is not file.index.parent(earlier):
        return None
    lines = later.lineno, later.end_lineno or 0
    others = [(item.lineno, item.end_lineno or 0) for item in owner.elts if item is not later]
    if any(start <= lines[1] and end >= lines[0] for start, end in others) or owner.lineno == earlier.lineno:
        return None
    return Recipe.of("move", file.locate(later), before=str(earlier.lineno), kind="item")


def _owner(statement: ast.Expr) -> set[str]:
    """What a statement calls a method of."""
    func = statement.value.func if isinstance(statement.value, ast.Call) else None
    return set(_names(func.value)) if isinstance(func, ast.Attribute) else set()


def _names(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _whole(file: File, statement: ast.stmt) -> Location:
    """The place of a statement with its decorators."""
    line, end = statement.lineno, statement.end_lineno or statement.lineno
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    line = min((line, *(decorator.lineno for decorator in decorators)))
    return file.place(line, statement.col_offset, end, statement.end_col_offset or 0)


def _needs(statement: ast.stmt) -> set[str]:
    """The names that a statement uses when it is run: of a definition all but its body."""
    parts: list[ast.AST] = [statement]
    if isinstance(statement, _DEFINITIONS):
        parts = [*statement.decorator_list, statement.args]
        parts += [statement.returns] if statement.returns is not None else []
    return {name for part in parts for name in _names(part)}


def _binds(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    imported = [n for n in ast.walk(statement) if isinstance(n, ast.alias)]
    return names | {(alias.asname or alias.name).partition(".")[0] for alias in imported}

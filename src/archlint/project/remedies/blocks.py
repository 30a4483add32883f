"""Statements that stand in the wrong block: a commit inside its loop, a cleanup outside of ``finally``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.project.remedies.places import FUNCTIONS, call_at, statement_around

if TYPE_CHECKING:
    from archlint.project.file import File

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CLOSES = frozenset(("close", "aclose", "release"))


def once_after_loop(file: File, location: Location) -> Fix | None:
    """The last statement of a loop, done once behind it."""
    statement = _statement_of(file, location)
    loop = file.index.parent(statement) if statement is not None else None
    if statement is None or not isinstance(loop, ast.For | ast.AsyncFor) or loop.orelse:
        return None
    if loop.body[-1] is not statement or len(loop.body) == 1 or _is_inside_loop(file, loop):
        return None
    if any(isinstance(n, ast.Return | ast.Yield | ast.YieldFrom) for s in loop.body for n in ast.walk(s)):
        # What was done so far would be lost, or seen before it is there.
        return None
    recipe = Recipe.of("dedent", file.locate(statement))
    return Fix("Commit once, after the loop", Applicability.UNSAFE, recipes=(recipe,))


def _is_inside_loop(file: File, node: ast.AST) -> bool:
    here = file.index.parent(node)
    while here is not None and not isinstance(here, FUNCTIONS):
        if isinstance(here, _LOOPS):
            return True
        here = file.index.parent(here)
    return False


def closed_in_any_case(file: File, location: Location) -> Fix | None:
    """``try: yield … finally:`` around what follows a ``yield``, if that does nothing but close."""
    statement = _statement_of(file, location)
    owner = file.index.parent(statement) if statement is not None else None
    if statement is None or not isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    if statement not in owner.body:
        return None
    start = max((i for i, s in enumerate(owner.body) if _yields(s)), default=-1)
    tail = owner.body[start + 1 :]
    if start < 0 or not tail or not isinstance(owner.body[start], ast.Expr):
        return None
    if sum(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(owner)) != 1:
        return None
    if not all(_closes(s) for s in tail):
        return None
    recipe = Recipe.of("finally", file.locate(owner.body[start]))
    return Fix("Close it in a `finally`", Applicability.SAFE, recipes=(recipe,))


def closed_at_last(file: File, location: Location, code: str) -> Fix | None:
    """``try`` and ``finally`` around what follows the opening of something, which some code closes."""
    node = call_at(file, location)
    statement = statement_around(file, node) if node is not None else None
    owner = file.index.parent(statement) if statement is not None else None
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(
        owner, ast.FunctionDef | ast.AsyncFunctionDef
    ):
        return None
    if not code or any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(owner)):
        return None
    recipe = Recipe.of("guard", file.locate(statement), code=code)
    return Fix("Close it in a `finally`", Applicability.UNSAFE, recipes=(recipe,))


def _yields(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Yield) for node in ast.walk(statement))


def _closes(statement: ast.stmt) -> bool:
    node = _call(statement)
    return (
        node is not None
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CLOSES
        and not node.args
        and not node.keywords
    )


def _call(statement: ast.stmt) -> ast.Call | None:
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    return value if isinstance(value, ast.Call) else None


def _statement_of(file: File, location: Location) -> ast.stmt | None:
    """The statement that is nothing but the call at a place."""
    node = call_at(file, location)
    outer = file.index.parent(node) if node is not None else None
    if isinstance(outer, ast.Await):
        outer = file.index.parent(outer)
    return outer if isinstance(outer, ast.Expr) else None


def asyncio_lock(file: File, location: Location) -> Fix | None:
    """A lock of the module that only coroutine functions of it enter, as one of asyncio's."""
    name = next(
        (
            node.id
            for node in file.index.nodes(ast.Name)
            if node.lineno == location.line and file.locate(node) == location
        ),
        "",
    )
    made = [
        statement
        for statement in file.tree.body
        if isinstance(statement, ast.Assign) and [ast.unparse(t) for t in statement.targets] == [name]
    ]
    value = made[0].value if len(made) == 1 else None
    if not isinstance(value, ast.Call) or value.args or value.keywords or not _makes_lock(value):
        return None
    if any(path != file.name for path in file.world.mentioning(name)):
        # Another file may enter it, too.
        return None
    edits = []
    for node in file.index.nodes(ast.Name):
        if node.id != name or node is made[0].targets[0]:
            continue
        item = file.index.parent(node)
        block = file.index.parent(item) if item is not None else None
        owner = file.index.enclosing(node, FUNCTIONS)
        if (
            not isinstance(block, ast.With)
            or not isinstance(owner, ast.AsyncFunctionDef)
            or len(block.items) > 1
        ):
            return None
        at = file.locate(block)
        edits.append(Edit(Location(at.path, at.line, at.column, at.line, at.column), "async "))
    recipe = Recipe.of("replace", file.locate(value), "asyncio", code="$0.Lock()")
    return Fix("Use `asyncio.Lock`", Applicability.UNSAFE, tuple(edits), (recipe,))


def _makes_lock(value: ast.Call) -> bool:
    return ast.unparse(value.func) in ("threading.Lock", "Lock")

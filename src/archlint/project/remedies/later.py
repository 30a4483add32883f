"""What a request sends out, sent when it is safe: behind the commit, behind the answer, by its key."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import FUNCTIONS, call_at, free_name, keyword_of, last_name, text_of

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

_BACKGROUND = ("background_tasks", "background")
_BLOCKS: tuple[type[ast.Try | ast.With | ast.AsyncWith], ...] = (ast.Try, ast.With, ast.AsyncWith)


def after_commit(file: File, location: Location) -> Fix | None:
    """``transaction.on_commit(partial(send, …))`` for a call whose result nobody uses.

    What it is given is worked out at once, as before.
    """
    node = call_at(file, location)
    if node is None or not isinstance(file.index.parent(node), ast.Expr) or not _is_direct(node):
        return None
    owner = file.index.enclosing(node, FUNCTIONS)
    if not isinstance(owner, ast.FunctionDef) or not _is_of_default_database(file, node, owner):
        return None
    function, given = text_of(file, node.func), _given(file, node)
    imports = ("django.db:transaction", *(("functools:partial",) if given else ()))
    deferred = f"$1({function},{given})" if given else function
    recipe = Recipe.of("replace", location, *imports, code=f"$0.on_commit({deferred})")
    return Fix("Send it after the commit", Applicability.UNSAFE, recipes=(recipe,))


def _is_direct(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name | ast.Attribute)


def _given(file: File, node: ast.Call) -> str:
    """The text of the arguments of a call, as it follows another argument."""
    given = text_of(file, node)[len(text_of(file, node.func)) :].strip()[1:-1]
    if not given.strip():
        return ""
    return given if given[0].isspace() else f" {given}"


def _is_of_default_database(file: File, node: ast.Call, owner: ast.FunctionDef) -> bool:
    """Whether the transaction around a call is of the default database, and no error is caught in it."""
    here: ast.AST | None = node
    while here is not None and here is not owner:
        if isinstance(here, ast.Try) and here.handlers:
            # What fails after the commit would be caught no more.
            return False
        if isinstance(here, ast.With) and (opened := _atomic(item.context_expr for item in here.items)):
            return _is_plain(opened)
        here = file.index.parent(here)
    opened = _atomic(owner.decorator_list)
    return opened is None or _is_plain(opened)


def _atomic(expressions: Iterable[ast.expr]) -> ast.expr | None:
    """``transaction.atomic`` among some expressions, called or not."""
    return next(
        (one for one in expressions if last_name(one.func if isinstance(one, ast.Call) else one) == "atomic"),
        None,
    )


def _is_plain(opened: ast.expr) -> bool:
    return not isinstance(opened, ast.Call) or (not opened.args and keyword_of(opened, "using") is None)


def after_answer(file: File, function: Function, location: Location) -> Fix | None:
    """A background task of FastAPI for a call whose result nobody uses, in the handler itself."""
    node, route = call_at(file, location), function.route
    owner = file.node_of(function)
    if node is None or owner is None or route is None or route.framework != "fastapi" or not _is_direct(node):
        return None
    outer = file.index.parent(node)
    waits = isinstance(outer, ast.Await)
    if not isinstance(file.index.parent(outer) if waits and outer is not None else outer, ast.Expr):
        return None
    if file.index.enclosing(node, _BLOCKS) is not None or owner.args.posonlyargs:
        # What fails behind the answer is caught by nobody, and what was opened is closed by then.
        return None
    name, parameter = _background(file, owner)
    if not name:
        return None
    given = _given(file, node)
    code = f"{name}.add_task({text_of(file, node.func)}{',' if given else ''}{given})"
    place = file.locate(outer) if waits and outer is not None else location
    recipes = [Recipe.of("replace", place, code=code)]
    if parameter:
        at = file.locate(function)
        recipes.append(Recipe.of("parameter", at, "fastapi:BackgroundTasks", code=f"{name}: $0"))
    return Fix("Send it after the answer", Applicability.UNSAFE, recipes=tuple(recipes))


def _background(file: File, owner: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, bool]:
    """What the background tasks of a handler are called, and whether they have to be asked for."""
    for arg in (*owner.args.args, *owner.args.kwonlyargs):
        if arg.annotation is not None and text_of(file, arg.annotation).endswith("BackgroundTasks"):
            return arg.arg, False
    return free_name(file, owner.body[0], _BACKGROUND), True

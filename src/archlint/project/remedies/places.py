"""Nodes by their places, and what the text of a file allows there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Location
from archlint.model.summary import Call

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function

#: What has names of its own.
FUNCTIONS: tuple[type[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda], ...] = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
)


def call_at(file: File, location: Location) -> ast.Call | None:
    """The call that stands at exactly a place."""
    calls = file.index.beginning(ast.Call, location.line)
    return next((node for node in calls if file.locate(node) == location), None)


def text_of(file: File, node: ast.AST) -> str:
    """The text of a node as it stands in the file."""
    at = file.locate(node)
    lines = file.lines[at.line - 1 : at.end_line]
    lines[-1] = lines[-1][: at.end_column]
    lines[0] = lines[0][at.column :]
    return "".join(lines)


def statement_around(file: File, node: ast.AST) -> ast.stmt | None:
    """The statement that a node is part of."""
    here: ast.AST | None = node
    while here is not None and not isinstance(here, ast.stmt):
        here = file.index.parent(here)
    return here


def free_name(file: File, node: ast.AST, candidates: Iterable[str]) -> str:
    """The first of some names that means nothing yet in the function around a node."""
    owner = file.index.enclosing(node, FUNCTIONS)
    lines = range(owner.lineno, (owner.end_lineno or owner.lineno) + 1) if owner is not None else None
    taken = {n.id for n in file.index.nodes(ast.Name) if lines is None or n.lineno in lines}
    taken |= {a.arg for a in file.index.nodes(ast.arg) if lines is None or a.lineno in lines}
    return next((name for name in candidates if name not in taken), "")


def last_name(node: ast.expr) -> str:
    """The last word of a name with dots; empty for any other expression."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def name_of(node: ast.expr) -> str:
    """The last word by which a variable, an attribute or an item goes: ``key`` of ``config["key"]``."""
    if isinstance(node, ast.Subscript):
        return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""
    return last_name(node)


def keyword_of(node: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def integer(node: ast.expr | None) -> int | None:
    """The number that a literal is."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if type(value) is int else None


def keeps_comments(file: File, node: ast.AST, *parts: ast.AST) -> bool:
    """Whether these parts of a node hold all comments in it (or all that may be one)."""
    return text_of(file, node).count("#") == sum(text_of(file, part).count("#") for part in parts)


def assigned(file: File, name: ast.Name) -> ast.expr | None:
    """The one value that a local name is given."""
    owner = file.index.enclosing(name, FUNCTIONS)
    if owner is None:
        return None
    stores = [
        node
        for node in ast.walk(owner)
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store)
    ]
    statement = file.index.parent(stores[0]) if len(stores) == 1 else None
    return statement.value if isinstance(statement, ast.Assign) else None


def module_seen_from(file: File, path: str) -> str:
    """The name by which a file imports another one: such as begins like an import that it has already."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    tops = {name.partition(".")[0] for name in _imported(file)}
    names = [".".join(parts[start:]) for start in range(len(parts))]
    seen = [name for name in names if file.world.modules.find(name, file.name) == path]
    return next((name for name in seen if name.partition(".")[0] in tops), seen[-1] if seen else "")


def _imported(file: File) -> Iterator[str]:
    """The modules that a file imports, but for those by relative names."""
    for node in file.index.nodes(ast.Import):
        yield from (alias.name for alias in node.names)
    for source in file.index.nodes(ast.ImportFrom):
        if not source.level:
            yield source.module or ""


def default_of(file: File, argument: ast.arg) -> ast.expr | None:
    """The default of a parameter."""
    arguments = file.index.parent(argument)
    if not isinstance(arguments, ast.arguments):
        return None
    positional = (*arguments.posonlyargs, *arguments.args)
    pairs = zip(reversed(positional), reversed(arguments.defaults), strict=False)
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next((value for arg, value in (*pairs, *named) if arg is argument), None)


def called_in(file: File, node: ast.Call) -> tuple[Function, int] | None:
    """The function around a call, and the row of the call in its summary."""
    function = file.function_at(node)
    place = [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]
    calls = function.scope.calls if function is not None else []
    index = next((i for i, row in enumerate(calls) if row[Call.LINE : Call.END_COLUMN + 1] == place), None)
    return (function, index) if function is not None and index is not None else None

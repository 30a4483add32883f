"""Nodes by their places, and what the text of a file allows there."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Location

if TYPE_CHECKING:
    from archlint.project.file import File

_SCOPES: tuple[type[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda], ...] = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
)


def call_at(file: File, location: Location) -> ast.Call | None:
    """The call that stands at exactly a place."""
    for node in file.index.nodes(ast.Call):
        if node.lineno == location.line and file.locate(node) == location:
            return node
    return None


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
    owner = file.index.enclosing(node, _SCOPES) or file.tree
    taken = {name.id for name in ast.walk(owner) if isinstance(name, ast.Name)}
    taken |= {arg.arg for arg in ast.walk(owner) if isinstance(arg, ast.arg)}
    return next((name for name in candidates if name not in taken), "")

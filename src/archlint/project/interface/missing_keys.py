"""Keys that are read where the error of a missing one is caught."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlint.model.index import Index

_TRIES = (ast.Try, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def may_be_missing(node: ast.Subscript, index: Index) -> bool:
    """Whether a key is read where the error of a missing one is caught: ``except KeyError``."""
    around = index.enclosing(node, _TRIES)
    while isinstance(around, ast.Try):
        caught = {name for handler in around.handlers if handler.type for name in _errors(handler.type)}
        inside = around.body[0].lineno <= node.lineno <= (around.body[-1].end_lineno or node.lineno)
        if inside and caught & {"KeyError", "LookupError"}:
            return True
        around = index.enclosing(around, _TRIES)
    return False


def _errors(caught: ast.expr) -> Iterator[str]:
    for node in ast.walk(caught):
        if isinstance(node, ast.Name):
            yield node.id

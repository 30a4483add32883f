"""Which part of a handler can move to a function of its own, and what it would take with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

from archlint.model.weight import FunctionNode, is_data, is_guard, is_log, is_text, without_docstring

_SUFFIX = re.compile(r"(?i)_?(view|endpoint|handler|route|controller|api|resource|viewset|view_set)$")


class Extraction(NamedTuple):
    """A run of lines to move, and the function that would take them."""

    first: int
    last: int
    name: str
    parameters: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The call that would stand in the handler."""
        return f"{self.name}({', '.join(self.parameters)})"


def plan(node: FunctionNode, owner: str = "") -> Extraction:
    """The extraction for a handler; ``owner`` is the name of its class."""
    moved = _moved(without_docstring(node.body))
    first = moved[0].lineno
    last = moved[-1].end_lineno or moved[-1].lineno
    return Extraction(first, last, _name(node.name, owner), _parameters(node, moved))


def _moved(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements between the refusals at the top and the answer at the bottom."""
    start, end = 0, len(body)
    while start < end - 1 and _stays(body[start]):
        start += 1
    while end > start + 1 and _answers(body[end - 1]):
        end -= 1
    return body[start:end]


def _stays(statement: ast.stmt) -> bool:
    return is_guard(statement) or is_text(statement) or is_log(statement) or _reads(statement)


def _reads(statement: ast.stmt) -> bool:
    """Whether a statement only takes something from the request."""
    return isinstance(statement, (ast.Assign, ast.AnnAssign)) and is_data(statement.value)


def _answers(statement: ast.stmt) -> bool:
    return is_log(statement) or (isinstance(statement, ast.Return) and is_data(statement.value))


def _parameters(node: FunctionNode, moved: list[ast.stmt]) -> tuple[str, ...]:
    """The handler's names that the moved statements read, in order of their first use."""
    arguments = node.args
    known = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    known |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    before = [s for s in without_docstring(node.body) if s.lineno < moved[0].lineno]
    known |= {n.id for n in _names(before) if isinstance(n.ctx, ast.Store)}
    known -= {"self", "cls"}
    found: dict[str, None] = {}
    for name in _names(moved):
        if name.id in known and isinstance(name.ctx, ast.Load):
            found[name.id] = None
    return tuple(found)


def _names(body: Iterable[ast.stmt]) -> list[ast.Name]:
    names = [n for s in body for n in ast.walk(s) if isinstance(n, ast.Name)]
    return sorted(names, key=lambda n: (n.lineno, n.col_offset))


def _name(handler: str, owner: str) -> str:
    bare = _SUFFIX.sub("", handler) or handler
    if not owner:
        return bare
    return f"{bare}_{_snake(_SUFFIX.sub('', owner) or owner)}"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()

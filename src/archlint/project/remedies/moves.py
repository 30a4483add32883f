"""Things in the wrong order: a route behind one that hides it, an inclusion too early, decorators swapped.

What moves takes its comments along; the lines between stay as they are.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.routes.entry import Place

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def route_first(file: File, hidden: Place, hiding: Place) -> Fix | None:
    """A route moved in front of the one that hides it, where both stand in one block or one list."""
    if hidden.path != file.name or hiding.path != file.name:
        return None
    first, second = _node_at(file, hiding), _node_at(file, hidden)
    if first is None or second is None:
        return None
    edits = _list_item_first(file, second, first) or _statement_first(file, second, first)
    if not edits:
        return None
    return Fix("Move it in front of the route that hides it", Applicability.UNSAFE, edits=edits)


def included_last(file: File, added: list[Place], include: Place) -> Fix | None:
    """An inclusion moved behind the last thing that is added to its router, where all stand in one block."""
    if {place.path for place in (*added, include)} != {file.name}:
        return None
    statements = [_statement(file, _node_at(file, place)) for place in (*added, include)]
    *later, moved = statements
    block = _block(file, moved)
    if not isinstance(moved, ast.Expr) or block is None or any(one not in block for one in later):
        return None
    last = max((one for one in later if one is not None), key=lambda one: one.lineno)
    lines = _lines(file, moved)
    if lines is None or _lines(file, last) is None:
        return None
    gap = _newline(file) * (2 if isinstance(last, _DEFINITIONS) and moved.col_offset == 0 else 1)
    text = gap * isinstance(last, _DEFINITIONS) + "".join(file.lines[lines[0] - 1 : lines[1]])
    edits = (_deleted(file, lines, blank=True), _inserted(file, (last.end_lineno or 0) + 1, text))
    return Fix("Include it behind what is added to it", Applicability.UNSAFE, edits=edits)


def decorator_below(file: File, decorator: ast.expr, route: ast.expr, *, is_known: bool) -> Fix | None:
    """A decorator moved below the one that registers the function.

    One of a library keeps the name and the parameters of what it wraps; with one of the project
    that has to be looked at.
    """
    ends = (decorator.end_lineno or 0), (route.end_lineno or 0)
    if not decorator.lineno <= ends[0] < route.lineno <= ends[1]:
        return None
    text = "".join(file.lines[decorator.lineno - 1 : ends[0]])
    edits = _deleted(file, (decorator.lineno, ends[0])), _inserted(file, ends[1] + 1, text)
    applicability = Applicability.SAFE if is_known else Applicability.UNSAFE
    return Fix("Move it below the decorator that registers", applicability, edits=edits)


# -- finding ------------------------------------------------------------------------------------------


def _node_at(file: File, place: Place) -> ast.expr | None:
    at = file.locate(place)
    return next(
        (node for node in file.index.nodes(ast.Call) if node.lineno == at.line and file.locate(node) == at),
        None,
    )


def _statement(file: File, node: ast.AST | None) -> ast.stmt | None:
    """The statement that a call is, or the definition that it decorates."""
    outer = file.index.parent(node) if node is not None else None
    return outer if isinstance(outer, ast.Expr | ast.FunctionDef | ast.AsyncFunctionDef) else None


def _block(file: File, statement: ast.stmt | None) -> list[ast.stmt] | None:
    parent = file.index.parent(statement) if statement is not None else None
    body = getattr(parent, "body", None)
    return body if isinstance(body, list) and statement in body else None


def _lines(file: File, statement: ast.stmt) -> tuple[int, int] | None:
    """The lines of a statement with its decorators and the comments on top of it, if it has them alone."""
    decorators = getattr(statement, "decorator_list", ())
    first = min((statement.lineno, *(decorator.lineno for decorator in decorators)))
    last = statement.end_lineno or 0
    block = _block(file, statement) or []
    if any(one is not statement and one.lineno <= last and (one.end_lineno or 0) >= first for one in block):
        return None
    while first > 1 and file.lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first, last


# -- moving -------------------------------------------------------------------------------------------


def _statement_first(file: File, later: ast.expr, earlier: ast.expr) -> tuple[Edit, ...]:
    moved, before = _statement(file, later), _statement(file, earlier)
    block = _block(file, before)
    if moved is None or before is None or block is None or moved not in block:
        return ()
    passed = block[block.index(before) : block.index(moved)]
    lines, start = _lines(file, moved), _lines(file, before)
    if lines is None or start is None or _needs(moved) & {name for one in passed for name in _binds(one)}:
        return ()
    blank = _blank_above(file, start[0]) if isinstance(moved, _DEFINITIONS) else ()
    text = "".join((*file.lines[lines[0] - 1 : lines[1]], *blank))
    if not text.endswith(("\n", "\r")):
        text += _newline(file)
    return _inserted(file, start[0], text), _deleted(file, lines, blank=isinstance(moved, _DEFINITIONS))


def _list_item_first(file: File, later: ast.expr, earlier: ast.expr) -> tuple[Edit, ...]:
    """An item of a list moved in front of another one, where each has lines of its own."""
    owner = file.index.parent(later)
    if not isinstance(owner, ast.List) or owner is not file.index.parent(earlier):
        return ()
    lines = later.lineno, later.end_lineno or 0
    around = [(item.lineno, item.end_lineno or 0) for item in owner.elts if item is not later]
    is_alone = all(end < lines[0] or start > lines[1] for start, end in around)
    ends = file.lines[lines[1] - 1][later.end_col_offset or 0 :].lstrip()
    if not is_alone or not ends.startswith(",") or owner.lineno == lines[0] or owner.end_lineno == lines[1]:
        return ()
    if owner.lineno == earlier.lineno:
        return ()
    text = "".join(file.lines[lines[0] - 1 : lines[1]])
    return _inserted(file, earlier.lineno, text), _deleted(file, lines)


def _needs(statement: ast.stmt) -> set[str]:
    """The names that a statement uses when it is run: of a definition all but its body."""
    parts: list[ast.AST] = [statement]
    if isinstance(statement, _DEFINITIONS):
        parts = [*statement.decorator_list, statement.args]
        parts += [statement.returns] if statement.returns is not None else []
    return {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}


def _binds(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    imported = [n for n in ast.walk(statement) if isinstance(n, ast.alias)]
    return names | {(alias.asname or alias.name).partition(".")[0] for alias in imported}


def _blank_above(file: File, line: int) -> tuple[str, ...]:
    """The blank lines above a line."""
    first = line
    while first > 1 and not file.lines[first - 2].strip():
        first -= 1
    return tuple(file.lines[first - 1 : line - 1])


def _deleted(file: File, lines: tuple[int, int], *, blank: bool = False) -> Edit:
    """Lines less; with ``blank`` also the blank ones above them, if there are more below."""
    ends = lines[1] >= len(file.lines) or not file.lines[lines[1]].strip()
    first = lines[0] - (len(_blank_above(file, lines[0])) if blank and ends else 0)
    return Edit(Location(file.display, first, 0, lines[1] + 1, 0), "")


def _inserted(file: File, line: int, text: str) -> Edit:
    return Edit(Location(file.display, line, 0, line, 0), text)


def _newline(file: File) -> str:
    first = file.lines[0] if file.lines else "\n"
    return first[len(first.rstrip("\r\n")) :] or "\n"

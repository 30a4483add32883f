"""Blocks: a statement moved out of one, others put into ``try`` and ``finally``."""

from __future__ import annotations

import libcst as cst
from libcst import matchers

from archlint.core.diagnostic import Edit, Location, Recipe
from archlint.fixes.document import Document
from archlint.fixes.patches import indent


def dedent(document: Document, recipe: Recipe) -> list[Edit] | None:
    """The last statement of a block, behind that block."""
    node = document.statement(recipe.location)
    body = document.parents.get(node) if node is not None else None
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(body, cst.IndentedBlock):
        return None
    block = document.parents.get(body)
    if body.body[-1] is not node or len(body.body) == 1 or block is None:
        return None
    lines, at = document.lines, document.location(node)
    inner, outer = indent(lines, at), indent(lines, document.location(block))
    if not inner.startswith(outer) or _has_text_over_lines(document, node):
        return None
    return [
        Edit(Location(at.path, line, 0, line, len(inner) - len(outer)), "")
        for line in range(at.line, at.end_line + 1)
        if lines[line - 1].startswith(inner)
    ]


def to_finally(document: Document, recipe: Recipe) -> list[Edit] | None:
    """A statement in a ``try``, and everything behind it in its block in the ``finally``."""
    node = document.statement(recipe.location)
    body = document.parents.get(node) if node is not None else None
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(body, cst.IndentedBlock):
        return None
    tail = body.body[body.body.index(node) + 1 :]
    if not tail or any(_has_text_over_lines(document, part) for part in (node, *tail)):
        return None
    lines, at, last = document.lines, document.location(node), document.location(tail[-1])
    outer, newline = indent(lines, at), document.newline
    step = _step(document, body)
    behind = next(line for line in range(at.end_line + 1, last.end_line + 1) if lines[line - 1].strip())
    edits = []
    for line in range(at.line, last.end_line + 1):
        opens = {at.line: "try", behind: "finally"}.get(line)
        if opens:
            edits.append(Edit(Location(at.path, line, 0, line, 0), f"{outer}{opens}:{newline}"))
        if lines[line - 1].strip():
            edits.append(Edit(Location(at.path, line, 0, line, 0), step))
    return edits


def guard(document: Document, recipe: Recipe) -> list[Edit] | None:
    """``try`` around what follows a statement, up to where it is closed, and ``finally`` around that."""
    node = document.statement(recipe.location)
    body = document.parents.get(node) if node is not None else None
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(body, cst.IndentedBlock):
        return None
    code, tail = recipe.value("code"), list(body.body[body.body.index(node) + 1 :])
    closing = next(
        (index for index, part in enumerate(tail) if document.code(part).strip() == code), len(tail)
    )
    inner = tail[:closing]
    if not inner or any(_has_text_over_lines(document, part) for part in inner):
        return None
    lines, first, last = document.lines, document.location(inner[0]), document.location(inner[-1])
    outer, newline, step = indent(lines, first), document.newline, _step(document, body)
    begin = document.location(node).end_line + 1
    begin = next(line for line in range(begin, first.line + 1) if lines[line - 1].strip())
    edits = [Edit(Location(document.path, begin, 0, begin, 0), f"{outer}try:{newline}")]
    inside = [line for line in range(begin, last.end_line + 1) if lines[line - 1].strip()]
    edits += [Edit(Location(document.path, line, 0, line, 0), step) for line in inside]
    if closing < len(tail):
        at = document.location(tail[closing])
        return [*edits, Edit(Location(at.path, at.line, 0, at.line, 0), f"{outer}finally:{newline}{step}")]
    end = Location(document.path, last.end_line + 1, 0, last.end_line + 1, 0)
    ended = "" if lines[last.end_line - 1].endswith(("\n", "\r")) else newline
    return [*edits, Edit(end, f"{ended}{outer}finally:{newline}{outer}{step}{code}{newline}")]


def _step(document: Document, body: cst.IndentedBlock) -> str:
    """How much deeper a block stands than what it belongs to."""
    lines, outer = document.lines, document.location(document.parents[body])
    return indent(lines, document.location(body.body[0])).removeprefix(indent(lines, outer))


def _has_text_over_lines(document: Document, node: cst.CSTNode) -> bool:
    """Whether a text in the code spans lines, so that moving these would change it."""
    texts = matchers.findall(node, matchers.SimpleString() | matchers.FormattedString())
    return any("\n" in document.code(text) for text in texts)

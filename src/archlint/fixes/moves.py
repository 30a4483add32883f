"""Whole lines that move: statements with the comments on top of them, items of a list, decorators."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.core.diagnostic import Edit, Location, Recipe
from archlint.fixes.document import Document

#: What takes the comments above it along, and what is set apart by blank lines.
_COMMENTED = frozenset(("definition", "statement", "item"))
_SPACED = frozenset(("definition", "statement"))


def move(document: Document, recipe: Recipe) -> list[Edit] | None:
    """Lines moved in front of others, or behind them."""
    lines, at, kind = document.lines, recipe.location, recipe.value("kind")
    if lines[at.line - 1][: at.column].strip() or not _ends(lines[at.end_line - 1][at.end_column :], kind):
        return None
    newline = document.newline
    first = _with_comments(lines, at.line) if kind in _COMMENTED else at.line
    moved = [
        line if line.endswith(("\n", "\r")) else line + newline for line in lines[first - 1 : at.end_line]
    ]
    if recipe.value("before"):
        goal = _with_comments(lines, int(recipe.value("before")))
        moved += _blank_above(lines, goal) if kind == "definition" else []
    else:
        goal = int(recipe.value("behind")) + 1
        moved = [newline] * int(recipe.value("apart", "0")) + moved
    if goal > len(lines) and not lines[-1].endswith(("\n", "\r")):
        moved = [newline, *moved]
    start = first
    if kind in _SPACED and (at.end_line == len(lines) or not lines[at.end_line].strip()):
        start -= len(_blank_above(lines, first))
    return [
        Edit(Location(at.path, goal, 0, goal, 0), "".join(moved)),
        Edit(Location(at.path, start, 0, at.end_line + 1, 0), ""),
    ]


def _ends(rest: str, kind: str) -> bool:
    """Whether nothing but a comment follows on the last line; items of a list end with a comma."""
    if kind == "item":
        if not rest.startswith(","):
            return False
        rest = rest[1:]
    return not rest.strip() or rest.lstrip().startswith("#")


def _with_comments(lines: Sequence[str], line: int) -> int:
    """The first of the comments that stand right above a line, or that line."""
    while line > 1 and lines[line - 2].lstrip().startswith("#"):
        line -= 1
    return line


def _blank_above(lines: Sequence[str], line: int) -> list[str]:
    """The blank lines above a line."""
    first = line
    while first > 1 and not lines[first - 2].strip():
        first -= 1
    return list(lines[first - 1 : line - 1])

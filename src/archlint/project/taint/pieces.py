"""The pieces of a text that a program puts together: what it writes itself, and what it puts in."""

from __future__ import annotations

import re
from typing import NamedTuple

from archlint.model.summary import Bind, Call, Expr
from archlint.project.evaluation.frames import Frame, called_word, visible_bindings
from archlint.project.taint.origins import Path

_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*[\d.]*[sdrifxa]")
_BRACES = re.compile(r"\{([^{}]*)\}")
#: Functions and methods whose result reads as their argument, or receiver, does.
_AROUND = frozenset(("text", "dedent", "SQL", "TextClause", "RawSQL", "literal_column"))
_AFTER = frozenset(("strip", "lstrip", "rstrip", "format_map"))
_DEPTH = 8


class Piece(NamedTuple):
    """A piece of a text: ``text`` where the program writes it, else the expression that is put in."""

    text: str | None
    expr: Expr
    block: int
    order: int


def pieces_of(expr: Expr, frame: Frame, block: int, order: int, depth: int = _DEPTH) -> list[Piece]:
    """The pieces of a text in order, through names that are bound here."""
    if expr is None or depth == 0:
        return [Piece(None, expr, block, order)]
    tag = expr[0]
    if tag == "k":
        return [Piece(expr[1] if isinstance(expr[1], str) else str(expr[1]), expr, block, order)]
    if tag == "j":
        return [p for part in expr[1] for p in pieces_of(part, frame, block, order, depth - 1)]
    if tag == "b" and expr[1] == "+":
        left = pieces_of(expr[2], frame, block, order, depth - 1)
        return left + pieces_of(expr[3], frame, block, order, depth - 1)
    if tag == "b" and expr[1] == "%":
        given = expr[3]
        values = list(given[1]) if given is not None and given[0] in ("t", "l") else [given]
        if given is not None and given[0] == "d":
            values = [v for _, v in given[1]]
        return _filled(pieces_of(expr[2], frame, block, order, depth - 1), _PERCENT, values)
    if tag == "n":
        rows, _ = visible_bindings(frame.scope, expr[1], block, order)
        if rows and rows[0][Bind.EXPR] is not None and rows[0][Bind.EXPR][0] in ("k", "j", "b", "c", "n"):
            row = rows[0]
            return pieces_of(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER] - 1, depth - 1)
    if tag == "c":
        return _of_call(expr, frame, block, order, depth)
    return [Piece(None, expr, block, order)]


def _of_call(expr: Expr, frame: Frame, block: int, order: int, depth: int) -> list[Piece]:
    row = frame.scope.calls[expr[1]]
    func, word = row[Call.FUNC], called_word(row[Call.FUNC], frame)
    if word in _AROUND and row[Call.ARGS]:
        return pieces_of(row[Call.ARGS][0], frame, block, order, depth - 1)
    if func is not None and func[0] == "a" and word in _AFTER:
        return pieces_of(func[1], frame, block, order, depth - 1)
    if func is not None and func[0] == "a" and word == "format":
        values = [*row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]
        return _filled(pieces_of(func[1], frame, block, order, depth - 1), _BRACES, values)
    return [Piece(None, expr, block, order)]


def _filled(template: list[Piece], mark: re.Pattern[str], values: list[Expr]) -> list[Piece]:
    """A text with the values put into its places, in order."""
    found: list[Piece] = []
    rest = list(values)
    for piece in template:
        if piece.text is None:
            found.append(piece)
            continue
        last = 0
        for match in mark.finditer(piece.text):
            found.append(piece._replace(text=piece.text[last : match.start()]))
            found.append(Piece(None, rest.pop(0) if rest else None, piece.block, piece.order))
            last = match.end()
        found.append(piece._replace(text=piece.text[last:]))
    return found


def written(pieces: list[Piece]) -> str:
    """What the program writes itself, with a mark for each value that is put in."""
    return "".join("\0" if p.text is None else p.text for p in pieces)


def leads_nowhere(args: list[Expr], path: Path) -> bool:
    """Whether pieces of a split name stay in a folder: components, or an ending, which cannot go up."""
    separator = args[0][1] if args and args[0] is not None and args[0][0] == "k" else ""
    return separator in ("/", "\\") or (separator == "." and path[:1] not in ((), ("#0",)))


def is_trimming(args: list[Expr]) -> bool:
    """Whether a replacement changes an end of a text alone: ``re.sub(r"^https?://", "", url)``."""
    pattern = args[0][1] if args and args[0] is not None and args[0][0] == "k" else ""
    return isinstance(pattern, str) and (pattern[:1] == "^" or pattern[-1:] == "$") and "[^" not in pattern

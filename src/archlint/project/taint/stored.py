"""Text that people have typed into rows, on its way into HTML that a program puts together.

A whole stored page may have been cleaned when it was saved. A name or title between the tags of the program
is no page: nobody cleans it, and it is shown wrong even when it is harmless.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.knowledge.columns import TYPED_WORDS
from archlint.model.summary import Bind, Call, Expr
from archlint.project.evaluation.frames import Frame, visible_bindings
from archlint.project.identifiers import name_words
from archlint.project.rows.columns import column_of, is_text
from archlint.project.taint.pieces import Piece, pieces_of
from archlint.project.taint.sinks import Sink
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.world import World

_TAG = re.compile(r"<[a-zA-Z/]")


def typed_text(sink: Sink, frame: Frame, world: World) -> str:
    """The column, as ``member.name``, whose text stands between tags as it is; empty when none does."""
    pieces = pieces_of(sink.value, frame, sink.row[Call.BLOCK], sink.row[Call.ORDER] - 1)
    if not any(piece.text and _TAG.search(piece.text) for piece in pieces):
        return ""
    return next(filter(None, (_column(piece, frame, world) for piece in pieces if piece.text is None)), "")


def _column(piece: Piece, frame: Frame, world: World) -> str:
    expr = _kept_as(piece, frame)
    if expr is None or expr[0] != "a" or not name_words(expr[2]) & TYPED_WORDS:
        return ""
    value = world.evaluator.eval(expr[1], frame, piece.block, piece.order)
    for member in members(value):
        if member.kind != "inst" or not world.models.is_model(member.name):
            continue
        column = column_of(world, member.name, expr[2])
        info = world.classes.info(member.name)
        if column is not None and info is not None and is_text(world, column):
            return f"{info.name}.{expr[2]}"
    return ""


def _kept_as(piece: Piece, frame: Frame) -> Expr:
    """What a piece is, through a name that is bound once: ``name = member.name``."""
    expr = piece.expr
    if expr is None or expr[0] != "n":
        return expr
    rows, covered = visible_bindings(frame.scope, expr[1], piece.block, piece.order)
    return rows[0][Bind.EXPR] if len(rows) == 1 and covered else expr

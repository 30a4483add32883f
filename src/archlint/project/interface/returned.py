"""What an answer is made of: every expression that goes into what a function returns, names followed back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Call, Expr
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.types import Type
from archlint.project.words import arguments_of

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_MOST = 200
_DEEP = 12


class Part(NamedTuple):
    """An expression inside what is returned, and the point at which it is read."""

    expr: Expr
    frame: Frame
    block: int
    order: int
    line: int  # of the return statement

    def value(self, world: World) -> Type | None:
        """What it evaluates to."""
        return world.evaluator.eval(self.expr, self.frame, self.block, self.order)


def parts(frame: Frame) -> Iterator[Part]:
    """The expressions that a function's answers are made of, outermost first."""
    found = 0
    for expr, block, order, line in frame.scope.returns:
        for part in _inside(Part(expr, frame, block, order, line), _DEEP):
            found += 1
            if found > _MOST:
                return
            yield part


def _inside(part: Part, depth: int) -> Iterator[Part]:
    expr = part.expr
    if expr is None or depth == 0:
        return
    yield part
    inner: list[Expr] = []
    tag = expr[0]
    if tag == "n":
        rows, _ = visible_bindings(part.frame.scope, expr[1], part.block, part.order)
        for row in rows:
            earlier = part._replace(expr=row[Bind.EXPR], block=row[Bind.BLOCK], order=row[Bind.ORDER] - 1)
            yield from _inside(earlier, depth - 1)
    elif tag == "c":
        row = part.frame.scope.calls[expr[1]]
        inner = arguments_of(row)
        part = part._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
    elif tag in ("l", "t", "e", "o", "j"):
        inner = list(expr[1]) if tag != "o" else list(expr[1:])
    elif tag == "d":
        inner = [value for _, value in expr[1]]
    elif tag in ("w", "*"):
        inner = [expr[1]]
    elif tag == "p":
        inner = [expr[2]]
    for item in inner:
        yield from _inside(part._replace(expr=item), depth - 1)

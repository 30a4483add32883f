"""Branches that only rows take which are not stored yet: ``if not self.pk:`` in a method of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.flow import conjuncts
from archlint.model.summary import Bind, Block, Expr, Param, Scope

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame

#: Attributes that hold the key of a row: empty until it is stored.
KEYS = frozenset(("pk", "id"))
#: Comparisons with None that say that there is no key.
_EMPTY = frozenset(("is", "=="))


def is_for_new_rows(frame: Frame, block: int) -> bool:
    """Whether a method that was called on a row of a query comes to a block for new rows only."""
    receiver, scope = frame.self_type(), frame.scope
    if receiver is None or not scope.params or "row" not in receiver.facts or "new" in receiver.facts:
        return False
    own: Expr = ["n", scope.params[0][Param.NAME]]
    return any(
        scope.blocks[b][Block.KIND] == "if"
        and any(_is_new(part, own, scope) for part in conjuncts(scope.blocks[b][Block.EXPR]))
        for b in scope.ancestors(block)
    )


def _is_new(test: Expr, own: Expr, scope: Scope) -> bool:
    """Whether a test holds for rows without a key; it may have been kept under a name: ``is_new``."""
    if test is not None and test[0] == "n":
        binds = scope.binds.get(test[1], ())
        test = binds[0][Bind.EXPR] if len(binds) == 1 else None
    if test is None:
        return False
    if test[0] == "m" and (test[1] == "not" or (test[1] in _EMPTY and test[3] == ["k", None])):
        return _is_key(test[2], own)
    return (
        test[0] == "a" and test[2] == "adding" and test[1] is not None and test[1][:3] == ["a", own, "_state"]
    )


def _is_key(expr: Expr, own: Expr) -> bool:
    return expr is not None and expr[0] == "a" and expr[1] == own and expr[2] in KEYS

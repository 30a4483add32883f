"""What is waited for once, because the module, the object or a dictionary keeps it from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.flow import same_path
from archlint.model.summary import Bind, Block, Expr, Scope, Store, Summary
from archlint.project.repetition.memory import is_kept, is_known

if TYPE_CHECKING:
    from archlint.project.effects import Site

_OWN = (["n", "self"], ["n", "cls"])


def is_renewal(site: Site, scope: Scope, summary: Summary) -> bool:
    """Whether a place waits for what is kept then, or for what memory does not know.

    Writing to the database fills no memory: ``if not row.due: row.due = today(); row.save()``. A file is
    the way out for what a table in memory does not have: ``if key in TEXTS: return TEXTS[key]``.
    """
    letters = site.effect.letters
    if "W" in letters:
        return False
    return (
        is_kept(scope, site.block, site.order, site.call)
        or ("F" in letters and is_known(scope, site.block, site.order))
        or any(_renews(block, scope, summary) for block in scope.ancestors(site.block))
    )


def _renews(block: int, scope: Scope, summary: Summary) -> bool:
    """Whether a branch renews what is kept: ``if seen != _seen: ...; _seen = seen``."""
    row = scope.blocks[block]
    test = row[Block.EXPR]
    if row[Block.KIND] != "if" or test is None:
        return False
    if any(_is_put_back(part, scope, block) for part in (test[1:] if test[0] == "o" else (test,))):
        return True
    return test[0] == "m" and any(_is_assigned(side, summary, scope, block) for side in (test[2], test[3]))


def _is_put_back(test: Expr, scope: Scope, block: int) -> bool:
    """Whether a branch fills the attribute that it asks for, of an object that lives on."""
    if test is None or test[0] != "m" or test[1] not in ("is", "not") or test[2] is None:
        return False
    if (test[1] == "is" and test[3] != ["k", None]) or test[2][0] != "a":
        return False
    return any(
        row[Store.BLOCK] == block
        and row[Store.ATTR] == test[2][2]
        and same_path(row[Store.VALUE], test[2][1])
        for row in scope.stores
    )


def _is_assigned(expr: Expr, summary: Summary, scope: Scope, block: int) -> bool:
    """Whether a branch gives a global name, or a private attribute, the value it is compared with."""
    if expr is None:
        return False
    if expr[0] == "n":
        given = (row[Bind.EXPR] for row in summary.scopes[0].binds.get(expr[1], ()))
        return any(e is not None and e[0] == "gs" and e[1] == scope.index and e[3] == block for e in given)
    if expr[0] != "a" or expr[1] not in _OWN or expr[2][:1] != "_":
        return False
    return any(
        row[Store.BLOCK] == block and row[Store.ATTR] == expr[2] and row[Store.VALUE] == expr[1]
        for row in scope.stores
    )

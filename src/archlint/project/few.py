"""Collections that hold a handful of items, however many rows there are: roles of a user, tags of a post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.written import are_rows, iterated, unwrapped

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Names of what hangs on one thing by twos and threes; `tag_names` and `roles_to_add` are such as well.
_FEW = re.compile(
    r"(?i)(^|_)(tags?|labels?|roles?|groups?|scopes?|teams?|owners?|secrets?|alias(es)?|attachments?|add_?ons?)"
    r"(_(ids?|names?|keys?|slugs?|refs?|list|data|dicts?|blobs?|to_[a-z]+))*$"
)
#: What is read off a collection without choosing among its items.
_LOOKUPS = frozenset(("get", "pop", "all", "filter", "exclude", "order_by", "select_related", "iterator"))
#: Names that a name is followed through.
_STEPS = 4


def holds_few(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether the items of a loop are few by their kind. Rows that a query of their own finds may be many."""
    scope = frame.scope
    name, is_part = _name_of(iterable, scope)
    if not _FEW.search(name):
        return False
    return is_part or not are_rows(world, iterated(world, frame, iterable, loop))


def _name_of(expr: Expr, scope: Scope) -> tuple[str, bool]:
    """What an iterable is called, and whether it is a part of something: ``post.tags``, ``data["tags"]``."""
    for _ in range(_STEPS):
        expr = unwrapped(expr, scope)
        if expr is None:
            break
        if expr[0] == "o":
            # `data.tags or []`
            expr = expr[1]
        elif expr[0] == "w":
            expr = expr[1]
        elif expr[0] == "n":
            rows = scope.binds.get(expr[1], ())
            if _FEW.search(expr[1]) or len(rows) != 1:
                return expr[1], False
            expr = rows[0][Bind.EXPR]
        elif expr[0] == "a":
            return expr[2], True
        elif expr[0] == "s":
            return (expr[2][1], True) if _is_text(expr[2]) else ("", False)
        elif expr[0] == "c":
            func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
            if func is None or func[0] != "a" or func[2] not in _LOOKUPS:
                break
            if func[2] in ("get", "pop"):
                return (args[0][1], True) if args and _is_text(args[0]) else ("", False)
            expr = func[1]
        else:
            break
    return "", False


def _is_text(expr: Expr) -> bool:
    return expr is not None and expr[0] == "k" and isinstance(expr[1], str)

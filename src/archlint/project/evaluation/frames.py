"""One scope under evaluation, and which bindings reach a point of it."""

from __future__ import annotations

from typing import Any

from archlint.model.summary import Bind, Block, Expr, Param, Scope
from archlint.project.types import Type
from archlint.project.words import last_word

#: Behind everything else in a scope.
END = 1 << 60


class Ground:
    """A scope with what is known of its parameters, and what is answered about it."""

    __slots__ = ("bound", "calls", "names", "parameters", "path", "scope")

    def __init__(
        self,
        path: str,
        scope: Scope,
        bound: dict[str, Type],
        calls: dict[Any, Any],
        names: dict[Any, Any],
    ) -> None:
        """``calls`` and ``names`` will hold the answers; see ``memo`` for those that depend on fuel."""
        self.path = path
        self.scope = scope
        self.parameters = frozenset(row[Param.NAME] for row in scope.params)
        self.bound = bound
        self.calls = calls
        self.names = names


class Frame:
    """One scope under evaluation, with what is known of its parameters."""

    __slots__ = ("bound", "calls", "fuel", "key", "names", "outer", "parameters", "path", "scope")

    def __init__(self, key: tuple[Any, ...], ground: Ground, outer: Frame | None) -> None:
        """The frame of the fuel that ``key`` ends with."""
        self.key = key
        self.fuel: int = key[-1]
        self.outer = outer
        # Asked for too often to go through the ground.
        self.path = ground.path
        self.scope = ground.scope
        self.parameters = ground.parameters
        self.bound = ground.bound
        self.calls = ground.calls
        self.names = ground.names

    def owns(self, name: str) -> bool:
        """Whether a name is the scope's own; what others mean does not depend on the place of their use."""
        return name in self.scope.binds or name in self.parameters

    def param(self, name: str) -> list[Any] | None:
        """The row of a parameter."""
        for row in self.scope.params:
            if row[Param.NAME] == name:
                return row
        return None

    def self_type(self) -> Type | None:
        """The receiver of the method this frame is in, or of the method around it."""
        frame: Frame | None = self
        while frame is not None:
            if (
                frame.scope.kind == "function"
                and frame.outer is not None
                and frame.outer.scope.kind == "class"
            ):
                params = frame.scope.params
                return frame.bound.get(params[0][Param.NAME]) if params else None
            frame = frame.outer
        return None


def called_word(func: Expr, frame: Frame) -> str:
    """The last word of a callee, as the module that it is imported from calls it."""
    if func is not None and func[0] == "n":
        here: Frame | None = frame
        while here is not None:
            for row in here.scope.binds.get(func[1], ()):
                if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im" and row[Bind.EXPR][2]:
                    return str(row[Bind.EXPR][2])
            here = here.outer
    return last_word(func)


def outer_is_class(frame: Frame) -> bool:
    """Whether a frame is a method."""
    return frame.outer is not None and frame.outer.scope.kind == "class"


def visible_bindings(scope: Scope, name: str, block: int, order: int) -> tuple[list[list[Any]], bool]:
    """The bindings of a name that may reach a point, and whether they cover every path to it.

    The last binding in a block around the point covers all paths; later ones in branches
    beside it are alternatives, unless their branch leaves or excludes the point. So is what
    functions give to a global name.
    """
    rows = scope.binds.get(name, ())
    if not rows:
        return [], False
    around = scope.ancestors(block)
    inside = frozenset(around)
    blocks = scope.blocks
    found: list[list[Any]] = []
    for row in reversed(rows):
        if row[Bind.ORDER] > order:
            continue
        row_block = row[Bind.BLOCK]
        if row_block in inside:
            found.append(row)
            if _is_given_elsewhere(row):
                continue
            return found, True
        if order < END and _cannot_reach(blocks, row_block, inside, around):
            continue
        if order == END and any(
            blocks[b][Block.KIND] in ("comp", "acomp") for b in scope.ancestors(row_block)
        ):
            continue
        found.append(row)
        # A branch whose other half covers the point too would end the search; unions are safe instead.
    return found, False


def _is_given_elsewhere(row: list[Any]) -> bool:
    """Whether a function gives the value to a global name: it may run before, after or never."""
    expr = row[Bind.EXPR]
    return expr is not None and expr[0] == "gs"


def _is_caught(blocks: list[list[Any]], start: int, around: list[int]) -> bool:
    """Whether a place is in an ``except`` or ``finally`` of this ``try``, reached from any line of it."""
    parent = blocks[start][Block.PARENT]
    return blocks[start][Block.KIND] == "try" and any(
        blocks[block][Block.KIND] in ("except", "finally")
        and blocks[block][Block.PARENT] == parent
        and not any(
            row[Block.KIND] == "try" and row[Block.PARENT] == parent for row in blocks[start + 1 : block]
        )
        for block in around
    )


def _cannot_reach(blocks: list[list[Any]], start: int, inside: frozenset[int], around: list[int]) -> bool:
    block = start
    while block not in inside and block >= 0:
        row = blocks[block]
        if row[Block.KIND] in ("comp", "acomp"):
            return True
        if row[Block.EXIT] in ("return", "raise", "continue", "break"):
            return not _is_caught(blocks, block, around)
        if row[Block.KIND] == "if" and any(
            blocks[b][Block.KIND] == "else" and blocks[b][Block.ORDER] == row[Block.LAST] + 1 for b in around
        ):
            return True
        block = row[Block.PARENT]
    return False

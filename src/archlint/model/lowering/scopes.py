"""The state of one pass over a tree: the scope, the block and the running order number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archlint.model.lowering.narrowing import Told
from archlint.model.summary import Expr, Scope, Summary


class Scopes:
    """Opens and closes scopes and blocks, and notes what names are bound to."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.summary = Summary()
        self.scope: Scope = Scope(0, "module", "", "", -1, 1, 0)
        self.block = 0
        self.order = 0
        self.depth = 0
        self.flags = 0
        self.imported: set[str] = set()
        self.global_names: list[set[str]] = [set()]

    def open_scope(self, kind: str, name: str, line: int, column: int) -> tuple[Any, ...]:
        """Enter a scope; gives what ``close_scope`` needs to go back."""
        outer = (self.scope, self.block, self.order, self.flags, self.depth)
        parent = self.scope
        infix = ".<locals>." if parent.kind in ("function", "lambda") else "."
        qualname = f"{parent.qualname}{infix}{name}" if parent.kind != "module" else name
        scope = Scope(len(self.summary.scopes), kind, name, qualname, parent.index, line, column)
        self.summary.scopes.append(scope)
        self.scope, self.block, self.order, self.flags, self.depth = scope, 0, 0, 0, 0
        self.global_names.append(set())
        return outer

    def close_scope(self, outer: tuple[Any, ...]) -> None:
        """Leave a scope for the one around it."""
        self.close_block(0)
        self.scope.finish()
        self.global_names.pop()
        self.scope, self.block, self.order, self.flags, self.depth = outer

    def open_block(self, kind: str, line: int, expr: Expr = None) -> int:
        """Enter a block of the scope; gives the block around it."""
        blocks = self.scope.blocks
        self.order += 1
        blocks.append([kind, self.block, line, expr, self.order, 0, ""])
        outer, self.block = self.block, len(blocks) - 1
        return outer

    def close_block(self, block: int) -> None:
        """Note where a block ends."""
        self.order += 1
        self.scope.blocks[block][5] = self.order

    def narrow(self, facts: Iterable[Told], block: int, start: int | None = None) -> None:
        """Note what names are known to be in a block from here on, or from an order on until here."""
        for path, classes, holds in facts:
            since, until = (self.order, 0) if start is None else (start, self.order)
            self.scope.narrowings.append([path, classes, holds, block, since, until])

    def bind(self, name: str, expr: Expr, line: int, annotation: Expr = None) -> None:
        """Note what a name stands for from here on."""
        self.order += 1
        if name in self.global_names[-1] and self.scope.kind != "module":
            # An assignment to a global, made elsewhere: evaluated in its own scope, seen from the module.
            expr = ["gs", self.scope.index, expr, self.block, self.order]
            self.summary.scopes[0].binds.setdefault(name, []).append([0, 0, expr, annotation, line])
            return
        self.scope.binds.setdefault(name, []).append([self.block, self.order, expr, annotation, line])

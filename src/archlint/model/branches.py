"""Which branches of a scope exclude each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.model.summary import Block, Scope

#: Stands for going past all branches.
PAST = -1


class Branches:
    """The alternatives of the branches of one scope, looked up once for each of them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._blocks = scope.blocks
        self._below: dict[int, list[int]] = defaultdict(list)
        for index, row in enumerate(scope.blocks):
            self._below[row[Block.PARENT]].append(index)
        self._ways: dict[int, tuple[int, ...]] = {}

    def ways(self, block: int) -> tuple[int, ...]:
        """The ways to go of which a block is one; ``PAST`` for going past all of them."""
        found = self._ways.get(block)
        if found is None:
            found = self._ways[block] = tuple(self._find(block))
        return found

    def _find(self, block: int) -> Iterator[int]:
        if self._blocks[block][Block.KIND] == "case":
            yield from self._inside(self._blocks[block][Block.PARENT], "case")
            return
        here = self._first(block)
        while here >= 0:
            yield here
            other = self._partner(here, "else")
            if other < 0:
                yield PAST
                return
            inner = self._inside(other, "if")
            if len(inner) != 1:
                yield other
                return
            here = inner[0]

    def _first(self, block: int) -> int:
        """The ``if`` that a chain of ``elif`` begins with."""
        blocks = self._blocks
        first = block if blocks[block][Block.KIND] == "if" else self._partner(block, "if")
        while first >= 0 and blocks[blocks[first][Block.PARENT]][Block.KIND] == "else":
            before = self._partner(blocks[first][Block.PARENT], "if")
            if before < 0:
                break
            first = before
        return first

    def _inside(self, parent: int, kind: str) -> list[int]:
        return [i for i in self._below[parent] if self._blocks[i][Block.KIND] == kind]

    def _partner(self, block: int, kind: str) -> int:
        """The other half of a branch: an ``else`` comes after all of its ``if``."""
        row = self._blocks[block]
        beside = [
            other
            for other in self._inside(row[Block.PARENT], kind)
            if self._blocks[other][Block.EXPR] == row[Block.EXPR]
        ]
        if kind == "else":
            return next((other for other in beside if other > block), PAST)
        return next((other for other in reversed(beside) if other < block), PAST)

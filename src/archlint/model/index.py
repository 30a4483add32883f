"""Nodes of a tree by class, with parents, from one walk without recursion."""

from __future__ import annotations

import ast
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)

_SKIPPED = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


class Index:
    """Lists of nodes by exact class, in document order."""

    def __init__(self, tree: ast.AST) -> None:
        self._by_class: dict[type[ast.AST], list[ast.AST]] = {}
        self._parents: dict[int, ast.AST] = {}
        stack = [tree]
        while stack:
            node = stack.pop()
            self._by_class.setdefault(type(node), []).append(node)
            children = [c for c in ast.iter_child_nodes(node) if not isinstance(c, _SKIPPED)]
            for child in children:
                self._parents[id(child)] = node
            stack += reversed(children)

    def nodes(self, kind: type[N]) -> list[N]:
        """All nodes of exactly this class."""
        return self._by_class.get(kind, [])  # type: ignore[return-value]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node."""
        return self._parents.get(id(node))

    def enclosing(self, node: ast.AST, kinds: tuple[type[N], ...]) -> N | None:
        """The innermost node of these classes around a node."""
        here = self.parent(node)
        while here is not None:
            if isinstance(here, kinds):
                return here
            here = self.parent(here)
        return None

"""Page sizes that clients name: where they come in, whether they are bounded, whether a query obeys them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.project.limits import FUEL
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Names by which clients ask for a number of rows.
SIZES = frozenset(
    ("limit", "page_size", "per_page", "size", "count", "pagesize", "max_results", "take", "top")
)
_BOUNDS = frozenset(("le", "lt", "max_value"))
_LIMITS = frozenset(("limit", "fetchmany"))
_CALLS = 2


class PageSizes:
    """Questions about page sizes."""

    def __init__(self, world: World) -> None:
        self.world = world

    def is_open_parameter(self, path: str, scope: Scope, param: list[Any]) -> bool:
        """Whether a parameter of a FastAPI handler is a plain integer of the query, without a bound."""
        facts = self.world.route_table.facts
        declared = facts.declared(param, path, scope)
        if not members(declared) or any(m.name not in ("int", "None") for m in members(declared)):
            return False
        outer = self.world.evaluator.frame(path, max(scope.parent, 0), (), 3)
        exprs = [param[Param.ANNOTATION], param[Param.DEFAULT]]
        if any(self._is_bounded(expr, outer.scope) for expr in exprs):
            return False
        marker = facts.marker(param, path, scope)
        if marker is None:
            return not _is_name_of_other(param[Param.ANNOTATION])
        row = facts.follower.row(marker[1])
        return marker[0] == "query" and not any(
            key in _BOUNDS or key is None for key, _ in row[Call.KEYWORDS]
        )

    def _is_bounded(self, expr: Expr, scope: Scope) -> bool:
        """Whether a call inside of an annotation or a default states an upper bound."""
        if not isinstance(expr, list):
            return False
        if expr[:1] == ["c"] and isinstance(expr[1], int):
            row = scope.calls[expr[1]]
            return last_word(row[Call.FUNC]) in ("Le", "Lt", "Interval") or any(
                key in _BOUNDS for key, _ in row[Call.KEYWORDS]
            )
        return any(self._is_bounded(part, scope) for part in expr if isinstance(part, list))

    def asked_for(self, frame: Frame) -> Iterator[tuple[str, int]]:
        """The names that a handler binds to a page size of the query string, with their lines."""
        strings = self.world.api.query_strings
        for name, rows in frame.scope.binds.items():
            if len(rows) == 1 and strings.key(rows[0][Bind.EXPR], frame) in SIZES:
                yield name, rows[0][Bind.LINE]

    # -- towards the query --------------------------------------------------------------------------

    def reaches_limit(self, frame: Frame, name: str, calls: int = _CALLS) -> bool:
        """Whether a number is given to the ``limit`` of a query as it came."""
        scope = frame.scope
        is_parameter = any(p[Param.NAME] == name for p in scope.params)
        binds = len(scope.binds.get(name, ()))
        if binds > 1 or (is_parameter and self._is_bound_anew(scope, name)) or _is_compared(scope, name):
            return False
        return any(self._passes(index, row, name, frame, calls) for index, row in enumerate(scope.calls))

    @staticmethod
    def _is_bound_anew(scope: Scope, name: str) -> bool:
        return any(row[Bind.ORDER] > 0 and row[Bind.EXPR] is not None for row in scope.binds.get(name, ()))

    def _passes(self, index: int, row: list[Any], name: str, frame: Frame, calls: int) -> bool:
        positions = [i for i, expr in enumerate(row[Call.ARGS]) if expr == ["n", name]]
        words = [key for key, expr in row[Call.KEYWORDS] if expr == ["n", name] and key]
        if not positions and not words:
            return False
        evaluator = self.world.evaluator
        for callee in members(evaluator.callee(index, frame)):
            if callee.kind == "lib" and callee.args and callee.name.rpartition(".")[2] in _LIMITS:
                receiver = callee.args[0]
                return receiver is not None and (
                    self.world.orm.is_query(receiver) or "Select" in receiver.name
                )
            scope = self.world.function(callee.name) if callee.kind == "func" and calls else None
            if scope is None:
                continue
            names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
            names = names[1:] if callee.args else names
            inner = {names[i] for i in positions if i < len(names)} | set(words)
            path = callee.name.rpartition(":")[0]
            below = evaluator.frame(path, scope.index, evaluator.bindings(callee, row, frame), FUEL - 2)
            return any(self.reaches_limit(below, word, calls - 1) for word in sorted(inner))
        return False

    @staticmethod
    def argument(scope: Scope, name: str, tree: ast.Module) -> ast.arg | None:
        """The syntax node of a parameter."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno == scope.line:
                arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                return next((a for a in arguments if a.arg == name), None)
        return None


def _is_name_of_other(annotation: Expr) -> bool:
    """Whether an annotation is an alias, which may bring a bound: anything but ``int`` written out."""
    if annotation is None:
        return True
    if annotation[0] == "n":
        return bool(annotation[1] != "int")
    if annotation[0] == "b":
        return all(side != ["n", "int"] for side in annotation[2:4])
    if annotation[0] == "s":
        inner = annotation[2]
        return last_word(annotation[1]) not in ("Optional", "Annotated") or (
            inner != ["n", "int"] and (inner is None or inner[0] != "t" or inner[1][0] != ["n", "int"])
        )
    return True


def _is_compared(scope: Scope, name: str) -> bool:
    """Whether a test of the function compares a name for order, or something clamps it."""
    if any(_orders(row[Block.EXPR], name) for row in scope.blocks):
        return True
    return any(
        last_word(row[Call.FUNC]) in ("min", "max", "clamp") and ["n", name] in row[Call.ARGS]
        for row in scope.calls
    )


def _orders(test: Expr, name: str) -> bool:
    if test is None or test[0] != "m":
        return False
    if test[1] in ("<", "<=", ">", ">="):
        return ["n", name] in test[2:4] or _orders(test[2], name)
    return any(_orders(side, name) for side in test[2:4])

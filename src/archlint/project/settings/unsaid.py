"""What a function of the project gives when the environment says nothing: ``env_bool("DEBUG", True)``.

The function is followed the way it goes then: a variable that is not there is None, or raises KeyError, and
the branches are taken that this leads to. A loop over names that are written out is its first round.
Where a condition is unknown, so is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.project.guards import passed
from archlint.project.settings.static import UNSET, Value
from archlint.project.settings.values import DEPTH, Values

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.types import Type

_TYPES: dict[str, type] = {"bool": bool, "str": str, "int": int, "float": float}
#: What the text of a file says that reads the environment by itself or through something else.
_READING = ("env", "decouple")
#: Functions that hand a look-up on to each other.
_DEEPEST = 3
_CAUGHT = ("KeyError", "LookupError", "Exception")


class FollowingValues(Values):
    """Static values, through functions of the project that read the environment."""

    nesting = 0  # functions that led here

    def followed(self, callee: Type, inner: Frame, row: list[Any], frame: Frame, depth: int) -> Value | None:
        """What a call of a function that reads the environment comes to; None where that is unknown."""
        given = [*row[Call.ARGS], *(expr for _, expr in row[Call.KEYWORDS])]
        if self.nesting == _DEEPEST or not any(e is not None and e[0] in ("k", "n", "j") for e in given):
            return None
        if not any(inner.path in self.world.mentioning(word) for word in _READING):
            return None
        bound = bool(callee.args) and self.world.evaluator.takes_receiver(callee)
        arguments: dict[str, Value | None] = {}
        for param in inner.scope.params:
            name, default = param[Param.NAME], param[Param.DEFAULT]
            is_given, expr = passed(name, inner.scope, bound, row)
            if is_given:
                arguments[name] = self.at(expr, row, frame, depth)
            elif inner.outer is not None:
                arguments[name] = self.of(default, inner.outer, line=inner.scope.line, depth=depth)
        return _Run(self, inner, arguments).result()


class _Run(FollowingValues):
    """One call of a function where the environment says nothing."""

    def __init__(self, values: FollowingValues, frame: Frame, arguments: dict[str, Value | None]) -> None:
        super().__init__(values.world, None)
        self._frame = frame
        self._scope: Scope = frame.scope
        self._arguments = arguments
        self._nothing = values.absent  # what a caller takes for a variable that is not there
        self.nesting = values.nesting + 1
        self._variable = ""  # what the way taken depends on

    def result(self) -> Value | None:
        """What the first return gives that is reached."""
        for expr, block, order, line in self._scope.returns:
            reached = self._is_reached(block)
            if reached is None:
                return None
            if self._has_left(order):
                return Value(UNSET, self._frame.path, line, self._variable)
            if not reached or any(self._raises(b) for b in self._around(block, "try")):
                continue
            found = self.of(expr, self._frame, block, order, line, DEPTH)
            variable = self._variable or (found.variable if found is not None else "")
            if found is None or not variable:
                return None
            return found._replace(
                value=self._nothing if found.value is None else found.value, variable=variable
            )
        return None

    def parameter(self, frame: Frame, name: str) -> Value | None:
        """What the call gives a parameter."""
        return self._arguments.get(name) if frame.scope is self._scope else None

    def binding(
        self, scope: Scope, name: str, frame: Frame, block: int, order: int, depth: int
    ) -> Value | None:
        """What the last assignment gives that is reached before a point."""
        if scope is not self._scope:
            return super().binding(scope, name, frame, block, order, depth)
        for row in reversed(scope.binds[name]):
            reached = row[Bind.ORDER] <= order and self._is_reached(row[Bind.BLOCK])
            if reached is None:
                return None
            if reached:
                place = (row[Bind.BLOCK], row[Bind.ORDER] - 1, row[Bind.LINE])
                if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "i":
                    names = self.of(row[Bind.EXPR][1], frame, *place, depth)
                    return names.value[0] if names is not None and isinstance(names.value, tuple) else None
                return self.of(row[Bind.EXPR], frame, *place, depth)
        return self.parameter(frame, name)

    def _is_reached(self, block: int) -> bool | None:
        """Whether the way leads into a block, as far as the conditions around it say."""
        for index in self._scope.ancestors(block):
            row = self._scope.blocks[index]
            kind, around = row[Block.KIND], (row[Block.PARENT], row[Block.ORDER])
            if kind in ("if", "else"):
                held = self._holds(row[Block.EXPR], *around)
                if held is None:
                    return None
                if held is not (kind == "if"):
                    return False
            elif kind in ("except", "tryelse"):
                raised = self._raises(self._try_of(index))
                if raised is not (kind == "except") or (raised and not _catches(row[Block.EXPR])):
                    return False
            elif kind == "for" and row[Block.EXPR] is not None and row[Block.EXPR][0] in ("l", "t"):
                # One name after the other is looked up: the first round goes like all of them.
                if not row[Block.EXPR][1]:
                    return False
            elif kind not in ("", "with", "try", "finally"):
                return None
        return True

    def _holds(self, test: Expr, block: int, order: int) -> bool | None:
        """Whether a condition is true; ``or`` and ``and`` need not know all of their parts."""
        if test is not None and (test[0] == "o" or test[:2] == ["m", "and"]):
            decisive: bool = test[0] == "o"
            parts = [self._holds(part, block, order) for part in test[1 if decisive else 2 :]]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        if test is not None and test[:2] == ["m", "not"]:
            inner = self._holds(test[2], block, order)
            return None if inner is None else not inner
        found = self._instance(test, block, order) or self.of(test, self._frame, block, order, depth=DEPTH)
        if found is None or not found.is_set or isinstance(found.value, tuple | dict):
            return None
        self._variable = self._variable or found.variable
        return bool(found.value)

    def _instance(self, test: Expr, block: int, order: int) -> Value | None:
        """``isinstance(value, bool)`` of a value that is known."""
        row = self._scope.calls[test[1]] if test is not None and test[0] == "c" else None
        if row is None or row[Call.FUNC] != ["n", "isinstance"] or len(row[Call.ARGS]) != 2:
            return None
        kind = _TYPES.get(row[Call.ARGS][1][1]) if (row[Call.ARGS][1] or [""])[0] == "n" else None
        found = self.of(row[Call.ARGS][0], self._frame, block, order, depth=DEPTH)
        if kind is None or found is None or not found.is_set:
            return None
        return found._replace(value=isinstance(found.value, kind))

    def _has_left(self, order: int) -> bool:
        """Whether the way ends with an error before a point."""
        return any(
            row[Block.EXIT] == "raise" and row[Block.LAST] < order and index and self._is_reached(index)
            for index, row in enumerate(self._scope.blocks)
        )

    def _around(self, block: int, kind: str) -> list[int]:
        return [b for b in self._scope.ancestors(block) if self._scope.blocks[b][Block.KIND] == kind]

    def _try_of(self, handler: int) -> int:
        """The ``try`` that a handler belongs to."""
        blocks = self._scope.blocks
        return next(
            i
            for i in range(handler - 1, -1, -1)
            if blocks[i][Block.KIND] == "try" and blocks[i][Block.PARENT] == blocks[handler][Block.PARENT]
        )

    def _raises(self, block: int) -> bool:
        """Whether something in a ``try`` wants a variable that has to be there: ``os.environ[name]``."""
        for expr, order in self._expressions_in(block):
            if expr[:1] == ["s"] and self.dotted(expr[1], self._frame) == "os.environ":
                key = self.of(expr[2], self._frame, block, order, depth=DEPTH)
                self._variable = self._variable or (str(key.value) if key is not None else "?")
                return True
        return False

    def _expressions_in(self, block: int) -> Iterator[tuple[list[Any], int]]:
        """What a block binds, returns and hands on, with the order of each."""
        scope = self._scope
        found = [(expr, order) for expr, here, order, _ in scope.returns if here == block]
        for rows in scope.binds.values():
            found += [(row[Bind.EXPR], row[Bind.ORDER]) for row in rows if row[Bind.BLOCK] == block]
        for row in scope.calls:
            if row[Call.BLOCK] == block:
                func = row[Call.FUNC]
                receiver = [func[1]] if func is not None and func[0] == "a" else []
                found += [(expr, row[Call.ORDER]) for expr in (*receiver, *row[Call.ARGS])]
        return ((expr, order) for expr, order in found if expr is not None)


def _catches(handler: Expr) -> bool:
    """Whether an ``except`` takes the error of a variable that is not there."""
    named = handler[1] if handler is not None and handler[0] == "t" else [handler]
    return any(expr is None or expr[-1] in _CAUGHT for expr in named)

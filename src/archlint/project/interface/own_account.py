"""Serializers of REST framework by which people change their own account.

Whoever names the columns of a serializer decides what an administrator may change; in the hands of the
account's owner the same columns hand out rights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.flow import source_of
from archlint.model.summary import Call, Expr, Param
from archlint.project.types import inst, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Class, Function
    from archlint.project.world import World

_SERIALIZER = "rest_framework.serializers.ModelSerializer"
_UPDATES = "rest_framework.mixins.UpdateModelMixin"


class OwnAccount:
    """Questions about such serializers in one project."""

    def __init__(self, world: World) -> None:
        self.world = world

    def handed(self, function: Function) -> Iterator[tuple[int, str, list[str]]]:
        """``ProfileSerializer(request.user, data=request.data)``: the call, the model, what grants rights."""
        scope, evaluator = function.scope, self.world.evaluator
        for index, row in enumerate(scope.calls):
            args = row[Call.ARGS]
            if not args or "data" not in dict(row[Call.KEYWORDS]):
                continue
            is_own = self._is_caller(args[0], function.frame)
            for callee in members(evaluator.callee(index, function.frame)) if is_own else ():
                model, columns = self._open(callee.name) if callee.kind == "class" else ("", [])
                if columns:
                    yield index, model, columns

    def viewed(self, view: Class) -> tuple[str, list[str]]:
        """What a view takes that updates whatever ``get_object`` gives it: the caller."""
        own = self.world.classes.method(view.key, "get_object")
        if own is None or _UPDATES not in self.world.classes.library_bases(view.key):
            return "", []
        path, scope = own
        bound = tuple((param[Param.NAME], inst(view.key)) for param in scope.params[:1])
        frame = self.world.evaluator.frame(path, scope.index, bound)
        if not scope.returns or not all(self._is_caller(row[0], frame) for row in scope.returns):
            return "", []
        found = self.world.serializers.rest.views.serializer_of(inst(view.key), "update")
        for member in members(found):
            model, columns = self._open(member.name)
            if columns:
                return model, columns
        return "", []

    def _open(self, serializer: str) -> tuple[str, list[str]]:
        is_modelled = _SERIALIZER in self.world.classes.library_bases(serializer)
        return self.world.api.shown.open_to_oneself(serializer) if is_modelled else ("", [])

    def _is_caller(self, expr: Expr, frame: Frame) -> bool:
        """Whether an expression is ``request.user``, or a name for it."""
        expr = source_of(expr, frame.scope)
        is_user = expr is not None and expr[0] == "a" and expr[2] == "user"
        return is_user and self.world.api.raw_bodies.is_request(expr[1], frame)

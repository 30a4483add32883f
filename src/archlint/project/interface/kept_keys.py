"""Bodies that went through a schema of marshmallow which keeps the keys that it does not name.

``class Meta: unknown = INCLUDE`` lets every key pass, whether the handler loads the body or a decorator does
that is given the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.untrusted import PARSES
from archlint.model.summary import Bind, Call, Expr, Param
from archlint.project.interface.open_bodies import raw_of
from archlint.project.interface.raw_bodies import Raw
from archlint.project.routes.refusals import with_nested
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.function import Function
    from archlint.project.world import World

_LOADS = frozenset(("load", "loads"))


class KeptKeys:
    """Questions about such bodies in one project."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, function: Function) -> Iterator[tuple[Raw, str]]:
        """What a handler holds of each such body, and the schema."""
        scope, frame = function.scope, function.frame
        for index, row in enumerate(scope.calls):
            func = row[Call.FUNC]
            if func is None or func[0] != "a" or func[2] not in _LOADS:
                continue
            value = self.world.evaluator.eval(func[1], frame, row[Call.BLOCK], row[Call.ORDER])
            given = dict(row[Call.KEYWORDS]).get("unknown")
            for member in members(value):
                if member.kind != "inst" or not self.world.serializers.marshmallow.is_schema(member.name):
                    continue
                if self._keeps(member.name) if given is None else self._is_include(given, frame.path):
                    yield raw_of(scope, [["c", index]]), member.name
        yield from self._decorated(function)

    def _decorated(self, function: Function) -> Iterator[tuple[Raw, str]]:
        """``@with_body(OrderSchema)``, whose handler is given what the schema has loaded."""
        free = self._unrouted(function)
        outer = function.file.summary.scopes[max(function.scope.parent, 0)]
        frame = self.world.evaluator.frame(function.file.name, outer.index)
        for decorator in function.scope.decorators if len(free) == 1 else ():
            if decorator is None or decorator[0] != "c" or not self._loads(function, decorator):
                continue
            row = outer.calls[decorator[1]]
            for expr in row[Call.ARGS]:
                value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
                for member in members(value):
                    if self.world.serializers.marshmallow.is_schema(member.name) and self._keeps(member.name):
                        yield Raw((), frozenset(free), (), frozenset()), member.name

    def _unrouted(self, function: Function) -> list[str]:
        """The parameters of a handler that no path fills."""
        entries = self.world.route_table.of(function.file.name, function.scope)
        paths = " ".join(entry.path or "" for entry in entries)
        names = [p[Param.NAME] for p in function.scope.params if p[Param.NAME] != "self"]
        return [name for name in names if f"{name}>" not in paths] if entries else []

    def _loads(self, function: Function, decorator: Expr) -> bool:
        """Whether a decorator loads bodies: by what the project's own calls, or a library's by its name."""
        name = self.world.evaluator.decorator_name(function.file.name, function.scope, decorator)
        made = self.world.function(name) if ":" in name else None
        if made is None:
            return name.rpartition(".")[2] in PARSES
        inside = with_nested(self.world, name.rpartition(":")[0], made)
        return any(last_word(row[Call.FUNC]) in _LOADS for scope in inside for row in scope.calls)

    def _keeps(self, schema: str) -> bool:
        """Whether a schema says that it keeps unknown keys."""
        classes = self.world.classes
        meta = classes.find(schema, "Meta")
        inner = meta[1][Bind.EXPR] if meta is not None else None
        if meta is None or inner is None or inner[0] != "cl":
            return False
        found = classes.find(f"{meta[0].path}:{inner[1]}", "unknown")
        return found is not None and self._is_include(found[1][Bind.EXPR], found[0].path)

    def _is_include(self, expr: Expr, path: str) -> bool:
        word = last_word(expr)
        return self.world.summary(path).renamed.get(word, word) == "INCLUDE"

"""Parameters that webargs and its relatives fill: ``@use_args``, ``@use_kwargs``, ``@blp.arguments``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.taint.origins import Path
from archlint.project.types import is_project, members

if TYPE_CHECKING:
    from archlint.project.taint.flow import Flow


class ParsedArguments:
    """Questions about them, for one kind of attack."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.world = flow.world

    def part_of(self, row: list[Any], fields: Path, path: str, scope: Scope) -> str:
        """The part of a request that fills a parameter with any text under these fields; empty when none."""
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        for decorator in scope.decorators:
            call = outer.scope.calls[decorator[1]] if decorator is not None and decorator[0] == "c" else None
            if call is None or not self._parses(call, outer):
                continue
            given = dict(call[Call.KEYWORDS])
            by_name = called_word(call[Call.FUNC], outer) == "use_kwargs" or given.get("as_kwargs") == [
                "k",
                True,
            ]
            named, rest = (row[Param.NAME], fields) if by_name else (fields[0] if fields else "", fields[1:])
            if rest or not named or not (by_name or self._is_first(row, scope)):
                continue
            schema = call[Call.ARGS][0] if call[Call.ARGS] else None
            if self._is_open(schema, named, outer, call):
                location = given.get("location")
                return known.LOCATIONS.get(location[1] if location is not None else "json", "")
        return ""

    def _parses(self, call: list[Any], outer: Frame) -> bool:
        """Whether a decorator is one that fills parameters, by its import or the object it belongs to."""
        func = call[Call.FUNC]
        if called_word(func, outer) not in known.PARSES:
            return False
        owner = func[1] if func[0] == "a" else func
        names = [self.world.values.dotted(func, outer)]
        for member in members(self.flow.eval(owner, outer, call[Call.BLOCK], call[Call.ORDER])):
            names += [member.name, *self.flow.lineage(member.name)]
        return any(name.startswith(known.PARSERS) for name in names)

    @staticmethod
    def _is_first(row: list[Any], scope: Scope) -> bool:
        """Whether a parameter is the one that takes what was parsed; places of the path come by name."""
        names = [p[Param.NAME] for p in scope.params if p[Param.NAME] not in ("self", "cls")]
        return names[:1] == [row[Param.NAME]]

    def _is_open(self, schema: Expr, field: str, frame: Frame, call: list[Any]) -> bool:
        """Whether a schema, or a dict of fields, has a field that takes any text."""
        display, holder = _display(schema, frame)
        if display is not None:
            declared = next((value for key, value in display[1] if key == ["k", field]), None)
            if declared is None or declared[0] != "c":
                return False
            row = holder.scope.calls[declared[1]]
            return called_word(row[Call.FUNC], holder) in known.OPEN_FIELDS and "validate" not in dict(
                row[Call.KEYWORDS]
            )
        value = self.flow.eval(schema, frame, call[Call.BLOCK], call[Call.ORDER])
        return any(
            is_project(m.name) and self.flow.declarations.form_field(m.name, field) for m in members(value)
        )


def _display(schema: Expr, frame: Frame) -> tuple[Expr, Frame]:
    """The dict of fields that is written down, here or under a name, and the scope it stands in."""
    if schema is not None and schema[0] == "d":
        return schema, frame
    here: Frame | None = frame if schema is not None and schema[0] == "n" else None
    while here is not None:
        rows = here.scope.binds.get(schema[1], ())
        bound = rows[0][Bind.EXPR] if len(rows) == 1 else None
        if bound is not None and bound[0] == "d":
            return bound, here
        here = here.outer if not rows else None
    return None, frame

"""Archives that a client sends: what they hold and the names in them are the client's, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.model.summary import Bind, Call, Expr
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame
from archlint.project.taint.origins import NONE, Origin, Origins, Path
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.world import World

#: Parts of a request that may be an archive.
_CONTENTS = frozenset(("upload", "body", "form"))


class Archives:
    """Questions about archives in one project."""

    def __init__(self, world: World) -> None:
        self.world = world

    def names(self, callee: Expr, frame: Frame, path: Path) -> Origins:
        """The names that ``archive.namelist()`` gives."""
        if not self.is_sent(callee[1], frame):
            return NONE
        return frozenset((Origin("request", f"{describe(callee, frame.scope)}()", path, "filename"),))

    def opened(self, name: str, row: list[Any]) -> list[Expr]:
        """What a call reads its archive, or a file in it, from."""
        if name in known.ARCHIVE_CONTENTS:
            return [row[Call.FUNC][1]]
        return _file_of(name, row)

    def is_sent(self, archive: Expr, frame: Frame) -> bool:
        """Whether an archive was opened from what a client sent."""
        rows = frame.scope.binds.get(archive[1], ()) if archive is not None and archive[0] == "n" else ()
        return any(self._is_opened(value, frame) for value in (archive, *(row[Bind.EXPR] for row in rows)))

    def _is_opened(self, expr: Expr, frame: Frame) -> bool:
        while expr is not None and expr[0] in ("en", "w"):
            expr = expr[1]
        if expr is None or expr[0] != "c":
            return False
        row = frame.scope.calls[expr[1]]
        callees = members(self.world.evaluator.callee(expr[1], frame))
        opener = next((callee.name for callee in callees if callee.name in known.ARCHIVES), "")
        # Conditions ask for names in archives themselves: they are not asked for the archive again.
        flow = self.world.flow("data").unconditional
        return any(
            source.origin.kind == "request" and source.origin.part in _CONTENTS
            for value in _file_of(opener, row)
            for source in flow.sources(value, frame, row[Call.BLOCK], row[Call.ORDER] - 1)
        )


def _file_of(opener: str, row: list[Any]) -> list[Expr]:
    """What a call opens as an archive."""
    keyword, position = known.ARCHIVES.get(opener, ("", -1))
    given = [value for key, value in row[Call.KEYWORDS] if key == keyword]
    return given + row[Call.ARGS][position : position + 1] if position >= 0 else given

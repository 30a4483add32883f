"""What a commit expires: attributes of rows that are read when their transaction has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Read, Scope
from archlint.project.guards import is_usual
from archlint.project.ledger import concluded
from archlint.project.roles import role_of
from archlint.project.rows.columns import column_of
from archlint.project.sessions import committed, kind_of
from archlint.project.tables.commits import COMMIT
from archlint.project.types import members
from archlint.project.words import CALLS, IMPORTS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_FACTORY = "sqlalchemy.ext.asyncio.async_sessionmaker"
_SYNC_FACTORY = "sqlalchemy.orm.sessionmaker"
_SESSION = "sqlalchemy.ext.asyncio.AsyncSession"
_KEYWORD = "expire_on_commit"
_ASYNC = "sqlalchemy.ext.asyncio."


class Expiring(NamedTuple):
    """A factory of asynchronous sessions whose commits expire their objects, or a session made so."""

    path: str
    row: list[Any]
    made: str


class ReadAfter(NamedTuple):
    """A use of a row after a commit that has expired it."""

    path: str
    line: int
    label: str


class AfterCommit:
    """Answers where rows of asynchronous sessions are read after a commit."""

    def __init__(self, world: World) -> None:
        self.world = world

    def expiring(self, path: str) -> Iterator[Expiring]:
        """The factories and sessions of a file that keep `expire_on_commit` on."""
        for scope in self.world.summary(path).scopes:
            for index, row in enumerate(scope.calls):
                made = self._made(path, scope, index, row)
                if made and self._expires(row):
                    yield Expiring(path, row, made)

    def _made(self, path: str, scope: Scope, index: int, row: list[Any]) -> str:
        word = last_word(row[Call.FUNC])
        if not word or not (row[Call.ARGS] or row[Call.KEYWORDS]):
            return ""
        frame = self.world.evaluator.frame(path, scope.index, (), 3)
        for callee in members(self.world.evaluator.callee(index, frame)):
            if callee.kind not in ("lib", "class") or (callee.kind == "lib" and callee.args):
                continue
            bases = self.world.classes.library_bases(callee.name)
            if callee.name == _FACTORY:
                return "async_sessionmaker"
            if callee.name == _SYNC_FACTORY and self._is_async(row, frame):
                return "sessionmaker"
            if _SESSION in bases and "async_scoped_session" not in callee.name:
                return "AsyncSession"
        return ""

    def _is_async(self, row: list[Any], frame: Frame) -> bool:
        given = self.world.evaluator.keyword(row, "class_", frame)
        return any(_SESSION in self.world.classes.library_bases(m.name) for m in members(given))

    @staticmethod
    def _expires(row: list[Any]) -> bool:
        given = [expr for key, expr in row[Call.KEYWORDS] if key in (_KEYWORD, None)]
        return not given or given == [["k", True]]

    def is_configured_later(self) -> bool:
        """Whether the project switches it off by `configure`, or reads attributes by awaiting them."""
        world = self.world
        if world.words.files(IMPORTS, "AsyncAttrs"):
            return True
        for path in world.words.files(CALLS, "configure"):
            for scope in world.summary(path).scopes:
                if any(
                    key == _KEYWORD
                    for row in scope.calls
                    for key, _ in row[Call.KEYWORDS]
                    if _is_configure(row)
                ):
                    return True
        return False

    @concluded
    def reads(self) -> tuple[ReadAfter, ...]:
        """The uses of expired rows in the project, one for each function."""
        return tuple(self._find_reads())

    def _find_reads(self) -> Iterator[ReadAfter]:
        for path in self.world.words.files(CALLS, "commit"):
            if role_of(path) == "test":
                continue
            for scope in self.world.summary(path).scopes:
                if scope.kind == "function" and scope.is_async:
                    found = self._in_function(path, scope)
                    if found is not None:
                        yield found

    def _in_function(self, path: str, scope: Scope) -> ReadAfter | None:
        frame = self.world.evaluator.frame(path, scope.index)
        for index, row in enumerate(scope.calls):
            func = row[Call.FUNC]
            if func is None or func[0] != "a" or func[2] != "commit":
                continue
            found = self._after(frame, row) if self._commits(index, row, frame) else None
            if found is not None:
                return found
        return None

    def _commits(self, index: int, row: list[Any], frame: Frame) -> bool:
        """Whether a call commits an asynchronous session, itself or as a unit of work that holds one."""
        if committed(self.world, row, self.world.evaluator.callee(index, frame)):
            owner = self.world.evaluator.eval(row[Call.FUNC][1], frame, row[Call.BLOCK], row[Call.ORDER])
            return kind_of(self.world, owner) == "async"
        found = self.world.witnesses.of_call(COMMIT, index, frame)
        return found is not None and is_usual(found.guard, frame.scope) and found.leaf.startswith(_ASYNC)

    def _after(self, frame: Frame, commit: list[Any]) -> ReadAfter | None:
        """The first column of a row that is read behind a commit, on every path through it."""
        scope = frame.scope
        for row in scope.reads:
            expr = row[Read.VALUE]
            if row[Read.ORDER] <= commit[Call.ORDER] or expr is None or expr[0] != "n":
                continue
            if commit[Call.BLOCK] not in scope.ancestors(row[Read.BLOCK]):
                continue
            if _is_renewed(scope, expr[1], commit[Call.ORDER], row[Read.ORDER]):
                continue
            if self._is_column(expr, row, frame):
                return ReadAfter(frame.path, row[Read.LINE], f"{expr[1]}.{row[Read.ATTR]}")
        return None

    def _is_column(self, expr: Expr, row: list[Any], frame: Frame) -> bool:
        value = self.world.evaluator.eval(expr, frame, row[Read.BLOCK], row[Read.ORDER])
        found = members(value)
        return bool(found) and all(
            m.kind == "inst"
            and self.world.models.orm_of(m.name) == "sqlalchemy"
            and bool({"row", "new", "async"} & set(m.facts))
            and column_of(self.world, m.name, row[Read.ATTR]) is not None
            for m in found
        )


def _is_configure(row: list[Any]) -> bool:
    return last_word(row[Call.FUNC]) == "configure"


def _is_old_item(scope: Scope, expr: Expr, start: int) -> bool:
    """Whether a name is bound to an item of a list that was loaded before a point."""
    if expr is None or expr[0] != "i" or expr[1] is None or expr[1][0] != "n":
        return False
    rows = scope.binds.get(expr[1][1], ())
    return bool(rows) and all(row[Bind.ORDER] < start for row in rows)


def _is_renewed(scope: Scope, name: str, start: int, end: int) -> bool:
    """Whether a row is refreshed, or another one is bound to its name, between two points."""
    if any(
        start < row[Bind.ORDER] <= end and not _is_old_item(scope, row[Bind.EXPR], start)
        for row in scope.binds.get(name, ())
    ):
        return True
    for row in scope.calls:
        if start < row[Call.ORDER] <= end and last_word(row[Call.FUNC]) in ("refresh", "run_sync", "merge"):
            return True
    return False

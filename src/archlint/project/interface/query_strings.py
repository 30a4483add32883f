"""What handlers read from the query string of a request, by the type of the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.paging import PARSERS, QUERY_STRINGS
from archlint.model.summary import Bind, Call, Expr
from archlint.project.called import Called
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_ATTRIBUTES = frozenset(name for names in QUERY_STRINGS.values() for name in names)
_GETS = frozenset(("get", "getlist", "get_list", "getone"))
#: Functions that turn the text of a parameter into what it means.
_READS = (["n", "int"], ["n", "float"], ["n", "str"])


class QueryStrings:
    """Questions about query strings."""

    def __init__(self, world: World) -> None:
        self.world = world

    def key(self, expr: Expr, frame: Frame) -> str:
        """The key that ``request.args.get("limit")``, ``int(request.query["limit"])`` reads; else empty."""
        if expr is None or expr[0] not in ("c", "s"):
            return ""
        if expr[0] == "s":
            return self._named(expr[1], expr[2], frame)
        row = frame.scope.calls[expr[1]]
        func, first = row[Call.FUNC], row[Call.ARGS][0] if row[Call.ARGS] else None
        if func in _READS:
            return self.key(first, frame)
        is_get = func is not None and func[0] == "a" and func[2] in _GETS
        return self._named(func[1], first, frame) if is_get else ""

    def keys(self, frame: Frame) -> Iterator[str]:
        """The keys that a function reads."""
        scope = frame.scope
        bound = (row[Bind.EXPR] for rows in scope.binds.values() for row in rows)
        given = (expr for row in scope.calls for expr in row[Call.ARGS])
        for expr in (*(["c", index] for index in range(len(scope.calls))), *bound, *given):
            name = self.key(expr, frame)
            if name:
                yield name

    def _named(self, owner: Expr, key: Expr, frame: Frame) -> str:
        if key is None or key[0] != "k" or not isinstance(key[1], str):
            return ""
        is_asked = self._is_query_string(owner, frame) or self._is_parsed(owner, key, frame)
        return key[1] if is_asked else ""

    def _is_parsed(self, owner: Expr, key: Expr, frame: Frame) -> bool:
        """``args = parser.parse_args()``, where the parser takes any number under this key."""
        rows = frame.scope.binds.get(owner[1], ()) if owner is not None and owner[0] == "n" else ()
        made = rows[0][Bind.EXPR] if len(rows) == 1 else owner
        if made is None or made[0] != "c":
            return False
        called = Called(self.world, frame, made[1])
        func = called.row[Call.FUNC]
        if called.word != "parse_args" or func[0] != "a" or PARSERS.isdisjoint(called.names()):
            return False
        scopes = (frame.scope, self.world.summary(frame.path).scopes[0])
        taken = ["a", func[1], "add_argument"]
        return any(
            row[Call.FUNC] is not None and row[Call.FUNC][:3] == taken and row[Call.ARGS][:1] == [key]
            and _takes_any(dict(row[Call.KEYWORDS]))
            for scope in scopes for row in scope.calls
        )  # fmt: skip

    def _is_query_string(self, expr: Expr, frame: Frame) -> bool:
        if expr is None or expr[0] != "a" or expr[2] not in _ATTRIBUTES:
            return False
        value = self.world.evaluator.eval(expr[1], frame, 0, 1 << 60)
        return any(
            expr[2] in QUERY_STRINGS.get(name, ())
            for member in members(value)
            for name in (member.name, *self.world.classes.library_bases(member.name))
        )


def _takes_any(declared: dict[str | None, Expr]) -> bool:
    """Whether an argument of a parser is a number as it comes: no range, no choice."""
    return declared.get("type", ["n", "int"]) == ["n", "int"] and "choices" not in declared

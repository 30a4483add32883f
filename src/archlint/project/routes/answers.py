"""What a handler answers with: the data and the status code of each of its returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.access import ANSWERS
from archlint.model.summary import Call, Expr, Scope
from archlint.project.routes.follow import Follower, Spot
from archlint.project.routes.texts import Texts
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.world import World

#: The status code is stated, but not known.
SOME_CODE = -1


class Answer(NamedTuple):
    """One return of a handler.

    ``data`` is the expression of what is sent, a dict for ``jsonify(error=...)``, None where there is none or
    it is not known; ``code`` is None where the return states none.
    """

    data: Expr
    code: int | None
    library: str  # the class or function of a library that makes the response; empty for plain data
    block: int
    order: int
    line: int


class Answers:
    """Reads the returns of handlers."""

    def __init__(self, world: World, follower: Follower, texts: Texts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts

    def of(self, path: str, scope: Scope) -> Iterator[Answer]:
        """Every return of a function."""
        for expr, block, order, line in scope.returns:
            spot = Spot(path, scope.index, block, order)
            yield self._answer(expr, spot, line)

    def type(self, answer: Answer, path: str, scope: Scope) -> Type | None:
        """The type of what is sent."""
        return self.follower.evaluate(answer.data, Spot(path, scope.index, answer.block, answer.order))

    def _answer(self, expr: Expr, spot: Spot, line: int) -> Answer:
        plain = Answer(expr, None, "", spot.block, spot.order, line)
        if expr is None:
            return plain
        if expr[0] == "w":
            return self._answer(expr[1], spot, line)
        if expr[0] == "t" and len(expr[1]) in (2, 3):
            # Flask: `return {"error": "..."}, 404`
            inner = self._answer(expr[1][0], spot, line)
            code = self.texts.code(expr[1][1], spot)
            is_headers = expr[1][1] is not None and expr[1][1][0] == "d"
            return inner if is_headers else inner._replace(code=SOME_CODE if code is None else code)
        if expr[0] != "c":
            return plain
        row = self.follower.scope(spot).calls[expr[1]]
        at = spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        for callee in members(self.follower.evaluate(row[Call.FUNC], at)):
            if callee.kind == "lib" and callee.name in ANSWERS:
                return self._made(callee.name, row, at, plain)
        return plain

    def _made(self, name: str, row: list[Any], at: Spot, plain: Answer) -> Answer:
        place, names, code_place, code_names = ANSWERS[name]
        given = dict(row[Call.KEYWORDS])
        args = row[Call.ARGS]
        data = next((given[n] for n in names if n in given), None)
        if data is None and 0 <= place < len(args):
            data = args[place]
        stated = next((given[n] for n in code_names if n in given), None)
        if stated is None and 0 <= code_place < len(args):
            stated = args[code_place]
        code = None
        if stated is not None or None in given:
            found = self.texts.code(stated, at) if stated is not None else None
            code = SOME_CODE if found is None else found
        if data is None and name == "flask.jsonify" and given:
            data = ["d", [[["k", key] if key is not None else None, value] for key, value in given.items()]]
        return plain._replace(data=data, code=code, library=name)

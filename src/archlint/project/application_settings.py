"""What a Tornado application is given by name: ``Application(handlers, db=session)``, ``**settings``.

All its handlers read these as ``self.settings["db"]``. The dictionary is followed from the call of the
application through names and attributes to where it is written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.limits import ASKS, FUEL
from archlint.project.roles import role_of
from archlint.project.types import Type, members, union
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: What the settings of an application are typed as.
SETTINGS = "tornado.web.Settings"
_APPLICATION = "tornado.web.Application"
#: Names and attributes followed from the application back to the dictionary.
_STEPS = 4


class _Given(NamedTuple):
    """An expression where it stands."""

    expr: Expr
    path: str
    scope: Scope
    block: int
    order: int


class ApplicationSettings:
    """Answers what the applications of a project keep for their handlers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._entries: dict[str, Type | None] = world.answers()

    def entry(self, name: str) -> Type | None:
        """What ``settings[name]`` is."""
        return self.world.evaluator.memo(
            self._entries, name, ("settings", name), lambda: self._find(name), None
        )

    def _find(self, name: str) -> Type | None:
        evaluator = self.world.evaluator
        return union(
            evaluator.eval(
                given.expr,
                evaluator.frame(given.path, given.scope.index, (), FUEL + ASKS),
                given.block,
                given.order,
            )
            for path in self.world.words.files(CALLS, _APPLICATION.rpartition(".")[2])
            if role_of(path) != "test"
            for given in self._given_in(path, name)
        )

    def _given_in(self, path: str, name: str) -> Iterator[_Given]:
        evaluator = self.world.evaluator
        for scope in self.world.summary(path).scopes:
            for index, row in enumerate(scope.calls):
                if last_word(row[Call.FUNC]) != _APPLICATION.rpartition(".")[2]:
                    continue
                callee = evaluator.callee(index, evaluator.frame(path, scope.index, (), FUEL))
                if any(member.name == _APPLICATION for member in members(callee)):
                    yield from self._keywords(row, path, scope, name, _STEPS)

    def _keywords(self, row: list[Any], path: str, scope: Scope, name: str, steps: int) -> Iterator[_Given]:
        """What a call is given under a name, as a keyword or in a dictionary with two stars."""
        for key, expr in row[Call.KEYWORDS]:
            given = _Given(expr, path, scope, row[Call.BLOCK], row[Call.ORDER])
            if key == name:
                yield given
            elif key is None:
                yield from self._held(given, name, steps)

    def _held(self, given: _Given, name: str, steps: int) -> Iterator[_Given]:
        """The values that a dictionary has under a name, wherever it is written down."""
        expr, path, scope = given.expr, given.path, given.scope
        if expr is None or steps == 0:
            return
        if expr[0] == "d":
            yield from (given._replace(expr=value) for key, value in expr[1] if key == ["k", name])
        elif expr[0] == "c" and scope.calls[expr[1]][Call.FUNC] == ["n", "dict"]:
            yield from self._keywords(scope.calls[expr[1]], path, scope, name, steps - 1)
        elif expr[0] == "n":
            for row in scope.binds.get(expr[1], ()):
                bound = given._replace(expr=row[Bind.EXPR], block=row[Bind.BLOCK], order=row[Bind.ORDER])
                yield from self._held(bound, name, steps - 1)
        elif expr[0] == "a" and expr[1] == ["n", "self"]:
            for stored in self._stored(path, expr):
                yield from self._held(stored, name, steps - 1)

    def _stored(self, path: str, attribute: Expr) -> Iterator[_Given]:
        """What the methods of a file store in an attribute of their object."""
        for scope in self.world.summary(path).scopes:
            for row in scope.stores:
                if row[Store.VALUE] == attribute[1] and row[Store.ATTR] == attribute[2]:
                    yield _Given(row[Store.EXPR], path, scope, row[Store.BLOCK], row[Store.ORDER])

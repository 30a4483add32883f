"""The place where a function answers 401 or 403, or asks who the caller is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.access import REFUSES, REFUSES_WITH_CODE, REFUSING_CODES, TESTS_OF_USERS
from archlint.model.summary import Bind, Call, Read, Scope
from archlint.project.ledger import concluded
from archlint.project.routes.follow import Follower, Spot
from archlint.project.routes.prefixes import prefixes_at
from archlint.project.routes.texts import Texts
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, DECORATES, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: What sends strangers to the page where they log in.
_REDIRECTS = frozenset(("redirect", "HttpResponseRedirect", "redirect_to_login"))
#: Calls followed from a dependency to the place that refuses.
HOPS = 5


class Refusals:
    """Looks for refusals in functions of the project and what they call."""

    def __init__(self, world: World, follower: Follower, texts: Texts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts
        self._refusals: dict[tuple[str, int, int, bool], str] = world.answers()

    def of(self, path: str, scope: Scope, hops: int = HOPS, *, tests: bool = True) -> str:
        """The place where a function, or what it calls, answers 401 or 403; empty when it never does.

        With ``tests``, asking whether the user is known or may do something counts as well.
        """
        key = (path, scope.index, hops, tests)
        return self.world.evaluator.memo(
            self._refusals, key, ("refusal", key), lambda: self._refusal(path, scope, hops, tests), ""
        )

    def _refusal(self, path: str, scope: Scope, hops: int, tests: bool) -> str:
        for inner in with_nested(self.world, path, scope):
            spot = Spot(path, inner.index)
            for row in inner.calls:
                at = spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
                if tests and last_word(row[Call.FUNC]) in TESTS_OF_USERS:
                    return f"tests `{last_word(row[Call.FUNC])}` in {path}:{row[Call.LINE]}"
                for callee in members(self.follower.evaluate(row[Call.FUNC], at)):
                    found = self._refusing_call(callee, row, at, hops, tests)
                    if found:
                        return found
            for read in inner.reads if tests else ():
                if read[Read.ATTR] in TESTS_OF_USERS:
                    return f"tests `{read[Read.ATTR]}` in {path}:{read[Read.LINE]}"
            for expr, block, order, line in inner.returns:
                if expr is not None and expr[0] == "t" and len(expr[1]) in (2, 3):
                    # Flask: `return {"error": "..."}, 401`
                    code = self.texts.code(expr[1][1], Spot(path, inner.index, block, order))
                    if code in REFUSING_CODES:
                        return f"{code} in {path}:{line}"
        return ""

    def below(self, path: str, scope: Scope) -> tuple[str, ...]:
        """The beginnings of the paths below which alone a function refuses; empty when it may anywhere."""
        found: set[str] = set()
        for inner in with_nested(self.world, path, scope):
            for row in inner.calls:
                at = Spot(path, inner.index, row[Call.BLOCK], row[Call.ORDER])
                callees = members(self.follower.evaluate(row[Call.FUNC], at))
                refuses = any(self._refusing_call(callee, row, at, HOPS, tests=False) for callee in callees)
                if refuses or last_word(row[Call.FUNC]) in _REDIRECTS:
                    beginnings = prefixes_at(inner, row[Call.BLOCK], row[Call.ORDER])
                    if not beginnings:
                        return ()
                    found.update(beginnings)
        return tuple(sorted(found))

    def _refusing_call(self, callee: Type, row: list[Any], at: Spot, hops: int, tests: bool) -> str:
        place = f"{at.path}:{row[Call.LINE]}"
        if callee.kind == "lib":
            if callee.name in REFUSES:
                return f"{callee.name.rpartition('.')[2]} in {place}"
            code = self._code(callee.name, row, at)
            return f"{code} in {place}" if code in REFUSING_CODES else ""
        if callee.kind == "class":
            refusing = self._refusing_class(callee.name, row, at)
            return f"{refusing} in {place}" if refusing else ""
        scope = self.world.function(callee.name) if callee.kind == "func" and hops > 0 else None
        if scope is None:
            return ""
        return self.of(callee.name.rpartition(":")[0], scope, hops - 1, tests=tests)

    def _code(self, name: str, row: list[Any], at: Spot) -> int | None:
        """The status code with which a call of a library answers."""
        shape = REFUSES_WITH_CODE.get(name)
        if shape is None:
            return None
        position, keywords = shape
        for key, expr in row[Call.KEYWORDS]:
            if key in keywords:
                return self.texts.code(expr, at)
        args = row[Call.ARGS]
        return self.texts.code(args[position], at) if 0 <= position < len(args) else None

    def _refusing_class(self, key: str, row: list[Any], at: Spot) -> str:
        """An exception or response of the project that stands for 401 or 403."""
        info = self.world.classes.info(key)
        if info is None:
            return ""
        bases = self.world.classes.library_bases(key)
        if REFUSES & bases:
            return info.name
        if not any(b == "Exception" or b.endswith(("Exception", "Error", "Response")) for b in bases):
            return ""
        for base in self.world.classes.mro(key):
            inner = self.world.classes.info(base.name) if is_project(base.name) else None
            if inner is None:
                continue
            spot = Spot(inner.path, inner.scope.index)
            for name in sorted(inner.scope.binds):
                if "code" in name.lower() or "status" in name.lower():
                    code = self.texts.code(inner.scope.binds[name][-1][Bind.EXPR], spot)
                    if code is not None:
                        return info.name if code in REFUSING_CODES else ""
            made = inner.methods.get("__init__")
            if made is not None:
                code = self._constructed_code(
                    inner.path, self.world.summary(inner.path).scopes[made], row, at
                )
                if code is not None:
                    return info.name if code in REFUSING_CODES else ""
        for http in sorted(bases & REFUSES_WITH_CODE.keys()):
            if self._code(http, row, at) in REFUSING_CODES:
                return info.name
        for path, scope in self._handled(key):
            if self.of(path, scope, 1, tests=False):
                return info.name
        return ""

    # -- handlers of exceptions -------------------------------------------------------------------

    def _handled(self, key: str) -> Iterator[tuple[str, Scope]]:
        """The functions that answer for an exception: ``@app.exception_handler(Denied)``."""
        for caught, path, scope in self._handlers:
            if self.world.classes.is_subclass(key, caught):
                yield path, scope

    @concluded
    def _handlers(self) -> list[tuple[str, str, Scope]]:
        return list(self._find_handlers())

    def _find_handlers(self) -> Iterator[tuple[str, str, Scope]]:
        words = self.world.words
        for path in sorted(
            {p for word in ("exception_handler", "errorhandler") for p in words.files(DECORATES, word)}
        ):
            summary = self.world.summary(path)
            for scope in summary.scopes:
                for decorator in scope.decorators:
                    row = (
                        summary.scopes[scope.parent].calls[decorator[1]]
                        if decorator and decorator[0] == "c"
                        else None
                    )
                    if row is not None and last_word(row[Call.FUNC]) in ("exception_handler", "errorhandler"):
                        for caught in self._caught(row, Spot(path, scope.parent)):
                            yield caught, path, scope
        for word in ("add_exception_handler", "register_error_handler"):
            for path in words.files(CALLS, word):
                for scope, _, row in self.world.calls.ending(path, word):
                    spot = Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER])
                    for made in (
                        self.follower.follow(row[Call.ARGS][1], spot) if len(row[Call.ARGS]) > 1 else ()
                    ):
                        if made.expr[0] == "f":
                            home = made.spot.path
                            for caught in self._caught(row, spot):
                                yield caught, home, self.world.summary(home).scopes[made.expr[1]]

    def _caught(self, row: list[Any], spot: Spot) -> Iterator[str]:
        """The project's exception classes that a registration names."""
        first = row[Call.ARGS][0] if row[Call.ARGS] else None
        for member in members(self.follower.evaluate(first, spot)):
            if member.kind == "class":
                yield member.name

    def _constructed_code(self, path: str, scope: Scope, row: list[Any], at: Spot) -> int | None:
        """The code that a constructor passes to the exception it derives from."""
        func = Type("func", f"{path}:{scope.index}", (None,))
        names = self.follower.arguments(func, scope, path, row, at)
        for call in scope.calls:
            if last_word(call[Call.FUNC]) == "__init__":
                spot = Spot(path, scope.index, call[Call.BLOCK], call[Call.ORDER], names)
                for key, expr in call[Call.KEYWORDS]:
                    if key is not None and "code" in key:
                        return self.texts.code(expr, spot)
                if call[Call.ARGS]:
                    return self.texts.code(call[Call.ARGS][0], spot)
        return None


def with_nested(world: World, path: str, scope: Scope) -> Iterator[Scope]:
    """A function and the functions in it."""
    inside = {scope.index}
    yield scope
    for other in world.summary(path).scopes[scope.index + 1 :]:
        if other.parent in inside and other.kind in ("function", "lambda"):
            inside.add(other.index)
            yield other

"""Who may call a route of django-ninja: ``auth=`` of the operation, its routers, and the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Expr
from archlint.project.routes.entry import Answer, RouteEntry
from archlint.project.routes.facts import Facts
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.texts import Texts

if TYPE_CHECKING:
    from archlint.project.routes.access import Access

_YES, _NO, _UNKNOWN = "yes", "no", "unknown"
_FRAMEWORK = "django-ninja"


class Stated:
    """Answers about the keyword ``auth``."""

    def __init__(self, follower: Follower, texts: Texts, facts: Facts) -> None:
        self.follower = follower
        self.texts = texts
        self.facts = facts

    def of(self, entry: RouteEntry) -> tuple[Expr, Spot] | None:
        """What is given where it counts: the innermost says it; of a router, the call that includes it."""
        if entry.framework != _FRAMEWORK:
            return None
        given = [(layer.kind, self.facts.given(layer.expr, layer.spot, "auth")) for layer in entry.layers]
        for index in range(len(given) - 1, -1, -1):
            kind, found = given[index]
            if found is not None:
                outer, included = given[index - 1] if index else ("", None)
                return included if (kind, outer) == ("router", "include") and included else found
        return None

    def is_opened(self, entry: RouteEntry) -> bool:
        """Whether somebody decided that everybody may call a route: ``auth=None``."""
        found = self.of(entry)
        return found is not None and self.texts.is_nothing(*found)

    def verdict(self, expr: Expr, spot: Spot, access: Access) -> Answer:
        """Whether strangers are refused: of several ways to sign in, each must ask for something."""
        elements = self.follower.elements(expr, spot)
        ways = [Made(expr, spot)] if elements is None else elements
        answers = [self._way(way, access) for way in ways]
        for answer in (_NO, _UNKNOWN):
            found = next((a for a in answers if a.answer == answer), None)
            if found is not None:
                return found
        return answers[0] if answers else Answer(_UNKNOWN, "not resolved")

    def _way(self, way: Made, access: Access) -> Answer:
        made = [m for m in self.follower.follow(way.expr, way.spot) if m.expr != ["k", None]]
        if len(made) == 1 and made[0].expr[0] == "f":
            # Whoever gets nothing from it is refused.
            return Answer(_YES, "a function that recognises the caller")
        return access.of_source(way.expr, way.spot)

"""Sleeps that take no time, since the objects at hand are made with a delay of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Call, Expr, Scope, Store
from archlint.project.guards import passed
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.effects import Effect
    from archlint.project.world import World


def sleeps_for_nothing(effect: Effect, path: str, world: World) -> bool:
    """Whether a method sleeps as long as its object was told, and a file makes such objects with 0 only."""
    if effect.leaf != "time.sleep" or len(effect.hops) != 1:
        return False
    hop = effect.hops[0]
    scopes = world.summary(hop.path).scopes
    for scope in scopes:
        for row in scope.calls:
            if row[Call.LINE : Call.END_LINE] == [hop.line, hop.column] and scope.parent >= 0:
                delay = row[Call.ARGS][0] if row[Call.ARGS] else None
                return _is_made_idle(delay, scopes, scope.parent, path, world)
    return False


def _is_made_idle(delay: Expr, scopes: list[Scope], owner: int, path: str, world: World) -> bool:
    init = next((s for s in scopes if s.parent == owner and s.name == "__init__"), None)
    if delay is None or delay[0] != "a" or delay[1] != ["n", "self"] or init is None:
        return False
    given = [s[Store.EXPR] for s in init.stores if s[Store.ATTR] == delay[2] and s[Store.VALUE] == delay[1]]
    if len(given) != 1 or given[0] is None or given[0][0] != "n":
        return False
    summary = world.summary(path)
    names = summary.renamed
    made = [
        passed(given[0][1], init, True, row)
        for scope in summary.scopes
        for row in scope.calls
        if names.get(last_word(row[Call.FUNC]), last_word(row[Call.FUNC])) == scopes[owner].name
    ]
    return bool(made) and all(expr is not None and expr[:2] == ["k", 0] for _, expr in made)

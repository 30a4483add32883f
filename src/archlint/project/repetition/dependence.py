"""On which parameters of a function an effect below it depends.

A chain of calls repeats a query per item only if the item reaches the query: a helper that is given
the item and looks up the current user is no query per item. An effect's ``needs`` are the parameters
whose values go into its calls; None when something on the way is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archlint.model.flow import call_mentions, mentions
from archlint.model.summary import STATEMENT, Bind, Block, Call, Expr, Param, Read, Scope, Store

if TYPE_CHECKING:
    from archlint.project.effects import Effect, Site
    from archlint.project.types import Type
    from archlint.project.world import World

#: Methods that walk what they are given.
CONSUMING = frozenset(("str.join", "list.extend", "set.update"))
#: Decorators that leave the parameters where they are.
_PLAIN = frozenset(
    ("staticmethod", "classmethod", "property", "abstractmethod", "override", "cached_property")
)


class Dependence:
    """What the names of each function are made from."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._made: dict[tuple[str, int], dict[str, frozenset[str] | None]] = world.answers()

    def needs(self, path: str, scope: Scope, site: Site) -> frozenset[str] | None:
        """The parameters of a function that reach the effect of one of its places."""
        parent = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        if parent is None or parent.kind in ("function", "lambda"):
            # A nested function sees the names around it.
            return None
        exprs = self.passed(site, scope)
        if exprs is None:
            return None
        return self._parameters(path, scope, exprs)

    def passed(self, site: Site, scope: Scope) -> list[Expr] | None:
        """The expressions of a place that reach its effect; None when that is not known."""
        if site.call < 0:
            if site.about is None:
                return None
            needs = site.effect.needs if site.effect.hops else None
            return [] if needs is not None and not needs else [site.about]
        row = scope.calls[site.call]
        if not site.effect.hops or site.effect.needs is None or site.callee is None:
            return _everything(row)
        return self._arguments(site.effect, site.callee, row)

    def reaches(self, site: Site, names: frozenset[str], scope: Scope) -> bool | None:
        """Whether any of these names reaches the effect of a place; None when it has to be guessed."""
        if not site.effect.hops or site.effect.needs is None:
            return None
        exprs = self.passed(site, scope)
        if exprs is None or any(expr is None for expr in exprs):
            return None
        return any(mentions(expr, names, scope) for expr in exprs)

    def _arguments(self, effect: Effect, callee: Type, row: list[Any]) -> list[Expr]:
        """What a call passes for the parameters that an effect of the callee needs."""
        scope = self.world.function(callee.name) if callee.kind == "func" else None
        needs = effect.needs or frozenset()
        known = {p[Param.NAME] for p in scope.params} if scope is not None else set()
        if scope is None or not needs <= known or not _keeps_parameters(scope) or _spreads(row):
            return _everything(row) if needs else []
        found: list[Expr] = []
        names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
        if callee.args and names and self.world.evaluator.takes_receiver(callee):
            func = row[Call.FUNC]
            if names[0] in needs:
                found.append(func[1] if func is not None and func[0] == "a" else func)
            names = names[1:]
        gathers = any(p[Param.KIND] in ("*", "**") and p[Param.NAME] in needs for p in scope.params)
        args = row[Call.ARGS]
        found += [a for name, a in zip(names, args, strict=False) if name in needs]
        found += args[len(names) :] if gathers else []
        found += [e for key, e in row[Call.KEYWORDS] if key in needs or (gathers and key not in known)]
        return found

    def _parameters(self, path: str, scope: Scope, exprs: Iterable[Expr]) -> frozenset[str] | None:
        graph = self._graph(path, scope)
        params = {p[Param.NAME] for p in scope.params}
        found: set[str] = set()
        pending: list[str] = []
        seen: set[str] = set()
        for expr in exprs:
            names = _names(expr, scope)
            if names is None:
                return None
            pending += names
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in params:
                found.add(name)
            if name == "super" and scope.params:
                found.add(scope.params[0][Param.NAME])
            made = graph.get(name, frozenset())
            if made is None:
                return None
            pending += made
        return frozenset(found)

    def _graph(self, path: str, scope: Scope) -> dict[str, frozenset[str] | None]:
        """For each local name the names it is made from; None when one of its values is unknown."""
        key = (path, scope.index)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _graph_of(scope)
        return made


def uses(site: Site, names: frozenset[str], scope: Scope) -> bool:
    """Whether what a site works on is made from any of these names."""
    if site.about is not None:
        return mentions(site.about, names, scope)
    if site.call >= 0 and site.callee is not None and site.callee.name in CONSUMING:
        return any(mentions(expr, names, scope) for expr in scope.calls[site.call][Call.ARGS])
    if site.call >= 0:
        return call_mentions(scope, site.call, names)
    for row in scope.reads:
        if (row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN]) == site[:4]:
            return mentions(row[Read.VALUE], names, scope)
    for row in scope.blocks:
        if row[Block.ORDER] == site.order:
            return mentions(row[Block.EXPR], names, scope)
    return any(mentions(row[0], names, scope) for row in scope.withs if row[7] == site.order)


def _graph_of(scope: Scope) -> dict[str, frozenset[str] | None]:
    found: dict[str, set[str] | None] = {}

    def add(name: str, expr: Expr) -> None:
        names = _names(expr, scope)
        known = found.setdefault(name, set())
        if names is None or known is None:
            found[name] = None
        else:
            known |= names

    for name, rows in scope.binds.items():
        for row in rows:
            add(name, row[Bind.EXPR])
    for store in scope.stores:
        root = _root(store[Store.VALUE])
        if root:
            add(root, store[Store.EXPR])
    for row in scope.calls:
        # `ids.append(item)`: what a list is given is part of it.
        if row[Call.FLAGS] & STATEMENT and row[Call.FUNC] is not None and row[Call.FUNC][0] == "a":
            root = _root(row[Call.FUNC][1])
            if root:
                for expr in (*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])):
                    add(root, expr)
    return {name: None if names is None else frozenset(names) for name, names in found.items()}


def _root(expr: Expr) -> str:
    while expr is not None and expr[0] in ("a", "s", "w"):
        expr = expr[1]
    return str(expr[1]) if expr is not None and expr[0] == "n" else ""


def _names(expr: Expr, scope: Scope) -> set[str] | None:
    """The names of this scope in an expression; None when a part of it was not recorded."""
    found: set[str] = set()
    pending: list[Expr] = [expr]
    while pending:
        here = pending.pop()
        if here is None or not here:
            return None
        tag = here[0]
        if tag == "n":
            found.add(str(here[1]))
        elif tag == "c":
            pending += _everything(scope.calls[here[1]])
        elif tag == "p":
            pending.append(here[2])
            block = here[3]
            while block >= 0 and scope.blocks[block][Block.KIND] in ("comp", "acomp"):
                pending.append(scope.blocks[block][Block.EXPR])
                block = scope.blocks[block][Block.PARENT]
        elif tag in ("l", "t", "e", "j"):
            pending += here[1]
        elif tag == "d":
            pending += [part for key, value in here[1] for part in (key or ["k", None], value)]
        elif tag in ("k", "im", "cl", "sl", "ex"):
            pass
        elif tag in ("a", "w", "i", "ai", "en", "aen", "*", "y"):
            pending.append(here[1])
        elif tag in ("s", "o"):
            pending += here[1:]
        elif tag in ("b", "m"):
            pending.append(here[2])
            if here[1] != "not":
                pending.append(here[3])
        else:
            return None
    return found


def _everything(row: list[Any]) -> list[Expr]:
    return [row[Call.FUNC], *row[Call.ARGS], *(expr for _, expr in row[Call.KEYWORDS])]


def _spreads(row: list[Any]) -> bool:
    return any(e is not None and e[0] == "*" for e in row[Call.ARGS]) or any(
        key is None for key, _ in row[Call.KEYWORDS]
    )


def _keeps_parameters(scope: Scope) -> bool:
    return all(
        d is not None and d[0] in ("n", "a") and d[1 if d[0] == "n" else 2] in _PLAIN
        for d in scope.decorators
    )

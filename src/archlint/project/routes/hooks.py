"""What runs before every route of an application: middleware and ``before_request`` functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr, Scope
from archlint.project.roles import role_of
from archlint.project.routes.follow import Follower, Spot
from archlint.project.routes.graph import Node
from archlint.project.routes.routers import Routers
from archlint.project.types import members
from archlint.project.words import CALLS, DECORATES, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: Methods that take what runs before; `application`: on a blueprint, too, it holds for the application.
_ADDING = {
    "before_request": "hook", "before_app_request": "application", "add_middleware": "middleware",
    "middleware": "middleware", "on_request": "hook",
}  # fmt: skip
_KEYWORDS = ("middlewares", "middleware")


class Hooks:
    """Writes the hooks of applications and routers to their nodes."""

    def __init__(self, world: World, follower: Follower, routers: Routers) -> None:
        self.world = world
        self.follower = follower
        self.routers = routers

    def read(self) -> None:
        """Read every file of the project that adds hooks, and the constructors of all known nodes."""
        words = self.world.words
        decorating = {p for w in sorted(_ADDING) for p in words.files(DECORATES, w)}
        calling = {p for w in sorted(_ADDING) for p in words.files(CALLS, w)}
        for path in sorted(decorating | calling):
            if role_of(path) == "test":
                continue
            for scope in self.world.summary(path).scopes:
                self._decorated(path, scope)
                for row in scope.calls:
                    self._called(path, scope, row)
        for key in sorted(self.routers.graph.nodes):
            self._constructed(self.routers.graph.nodes[key])

    def _decorated(self, path: str, scope: Scope) -> None:
        if scope.kind != "function" or scope.parent < 0:
            return
        outer = self.world.summary(path).scopes[scope.parent]
        for decorator in scope.decorators:
            callee = (
                outer.calls[decorator[1]][Call.FUNC]
                if decorator is not None and decorator[0] == "c"
                else decorator
            )
            if callee is not None and callee[0] == "a" and callee[2] in _ADDING:
                spot = Spot(path, outer.index)
                self._hook(callee, ["f", scope.index], spot)

    def _called(self, path: str, scope: Scope, row: list[Any]) -> None:
        callee = row[Call.FUNC]
        if callee is not None and callee[0] == "a" and callee[2] in _ADDING and row[Call.ARGS]:
            given = row[Call.ARGS][0]
            if given is not None and given[0] in ("n", "a", "c"):
                self._hook(callee, given, Spot(path, scope.index, row[Call.BLOCK], row[Call.ORDER]))

    def _hook(self, callee: Expr, given: Expr, spot: Spot) -> None:
        via = _ADDING[callee[2]]
        for node in self.routers.nodes(callee[1], spot):
            targets = [node]
            if via == "application":
                targets = [
                    n for n in self.routers.graph.nodes.values() if n.is_app and n.framework == node.framework
                ]
            for target in targets:
                target.hooks.append(("hook" if via == "application" else via, given, spot))

    def _constructed(self, node: Node) -> None:
        """``Application(middlewares=[...])`` and ``Starlette(middleware=[Middleware(Auth)])``."""
        if node.layer.expr is None or node.layer.expr[0] != "c":
            return
        row = self.follower.scope(node.layer.spot).calls[node.layer.expr[1]]
        spot = node.layer.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        for key, expr in row[Call.KEYWORDS]:
            if key not in _KEYWORDS:
                continue
            for element in self.follower.elements(expr, spot) or ():
                node.hooks.append(("middleware", *self._unwrapped(element.expr, element.spot)))

    def _unwrapped(self, expr: Expr, spot: Spot) -> tuple[Expr, Spot]:
        if expr is not None and expr[0] == "c":
            row = self.follower.scope(spot).calls[expr[1]]
            if last_word(row[Call.FUNC]) == "Middleware" and row[Call.ARGS]:
                names = [m.name for m in members(self.follower.evaluate(row[Call.FUNC], spot))]
                if names == ["starlette.middleware.Middleware"]:
                    return row[Call.ARGS][0], spot
        return expr, spot

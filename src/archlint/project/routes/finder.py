"""Tells which route a function handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Scope
from archlint.project.routes.decorated import Decorated
from archlint.project.routes.registered import Registered
from archlint.project.routes.route import Route
from archlint.project.routes.view_classes import ViewClasses

if TYPE_CHECKING:
    from archlint.project.world import World


class Routes:
    """Asks decorators first, then the class, then the calls that register handlers."""

    def __init__(self, world: World) -> None:
        self.decorated = Decorated(world)
        self.views = ViewClasses(world)
        self.registered = Registered(world, self.views)

    def of(self, path: str, scope: Scope) -> Route | None:
        """The route that a function handles, if it is a handler."""
        if scope.kind != "function":
            return None
        return (
            self.decorated.route(path, scope)
            or self.views.route(path, scope)
            or self.registered.route(path, scope)
        )

    def pattern(self, path: str, scope: Scope, route: Route) -> str:
        """The path pattern that leads to a handler: where it is declared, or else where it is registered."""
        if route.path:
            return route.path
        found = self.registered.route(path, scope)
        return found.path if found is not None else ""

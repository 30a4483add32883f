"""Functions and view classes behind what is handed over as a handler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.routing import VIEW_METHODS
from archlint.model.summary import Call, Expr
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.graph import Handler
from archlint.project.routes.view_classes import ViewClasses

if TYPE_CHECKING:
    from archlint.project.world import World

_DEEP = 5
Wrappers = tuple[tuple[Expr, Spot], ...]


class Handlers:
    """Finds the functions that answer."""

    def __init__(self, world: World, follower: Follower) -> None:
        self.world = world
        self.follower = follower
        self.views = ViewClasses(world)

    def of(self, expr: Expr, spot: Spot, framework: str) -> list[Handler]:
        """The handlers that an expression hands over."""
        return [
            handler
            for made, wrappers in self.targets(expr, spot)
            for handler in self.of_made(made, framework, wrappers)
        ]

    def targets(
        self, expr: Expr, spot: Spot, wrappers: Wrappers = (), depth: int = _DEEP
    ) -> Iterator[tuple[Made, Wrappers]]:
        """The functions and classes below wrappers: ``login_required(View.as_view())``."""
        if expr is None or depth == 0:
            return
        for made in self.follower.follow(expr, spot, calls=False):
            if made.expr[0] in ("f", "cl"):
                yield made, wrappers
            elif made.expr[0] == "c":
                yield from self._called(made, wrappers, depth - 1)

    def _called(self, made: Made, wrappers: Wrappers, depth: int) -> Iterator[tuple[Made, Wrappers]]:
        row = self.follower.row(made)
        callee = row[Call.FUNC]
        spot = made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        if callee is not None and callee[0] == "a" and callee[2] == "as_view":
            yield from self.targets(callee[1], spot, wrappers, depth)
            return
        below = (*wrappers, (callee, spot))
        found = False
        for argument in row[Call.ARGS][:3]:
            if argument is None or argument[0] not in ("n", "a", "c", "f"):
                continue
            for target in self.targets(argument, spot, below, depth):
                found = True
                yield target
        if not found:
            for other in self.follower.follow(made.expr, spot):
                if other.expr[0] in ("f", "cl"):
                    yield other, wrappers

    def of_made(self, made: Made, framework: str, wrappers: Wrappers = ()) -> list[Handler]:
        """The handlers in a function or a view class."""
        path, index = made.spot.path, made.expr[1]
        scope = self.world.summary(path).scopes[index]
        if made.expr[0] == "f":
            return [Handler((path, index), scope.qualname, (), wrappers)]
        key = f"{path}:{index}"
        family = self.views.framework_of(key) or framework
        found = []
        for name, method in self.views.handler_names(key, family).items():
            target = self.world.classes.method(key, name)
            if target is not None:
                place = (target[0], target[1].index)
                found.append(
                    Handler(place, f"{scope.qualname}.{name}", (method,) if method else (), wrappers, key)
                )
        return found + self._inherited(key, {m for h in found for m in h.methods}, wrappers)

    def _inherited(self, key: str, own: set[str], wrappers: Wrappers) -> list[Handler]:
        """What a view class answers by its library base alone: the class stands for itself."""
        path, _, index = key.rpartition(":")
        bases = self.world.classes.mro(key)
        answered = next((VIEW_METHODS[b.name] for b in bases if b.name in VIEW_METHODS), ())
        methods = tuple(m for m in answered if m not in own)
        if own and not methods:
            return []
        name = self.world.summary(path).scopes[int(index)].qualname
        return [Handler((path, int(index)), name, methods, wrappers)]

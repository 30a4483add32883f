"""What frameworks add to plain Python: handlers, and values that arrive by convention rather than by call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.knowledge.shapes import DECORATED
from archlint.model.summary import Scope
from archlint.project.conventions import Conventions
from archlint.project.graphql import GraphQL
from archlint.project.routes.finder import Routes
from archlint.project.routes.route import Route
from archlint.project.types import Type, inst

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

__all__ = ["Frameworks", "Route"]

_TASK_METHODS = frozenset(
    (
        "delay", "apply_async", "apply", "s", "si", "signature", "delay_on_commit", "send", "enqueue",
        "send_with_options", "message", "schedule", "defer", "defer_async", "kiq",
    )
)  # fmt: skip
_TASK = "celery.app.task.Task"


class Frameworks:
    """Conventions of the web frameworks, REST layers, admins and task queues."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.routes = Routes(world)
        self.graphql = GraphQL(world)
        self.conventions = Conventions(world, self.routes, self.graphql)

    def route(self, path: str, scope: Scope) -> Route | None:
        """The route that a function handles."""
        return self.routes.of(path, scope)

    def parameter(self, name: str, frame: Frame) -> Type | None:
        """What an unannotated parameter is by convention."""
        return self.conventions.parameter(name, frame)

    def receiver(self, path: str, scope: Scope) -> Type | None:
        """The first parameter of a method, where it is no instance of the class."""
        return self.conventions.receiver(path, scope)

    def function_attribute(self, func: Type, attr: str) -> Type | None:
        """Attributes of function objects: Celery tasks have ``.delay``, Dramatiq's actors ``.send``."""
        if attr in _TASK_METHODS:
            for name in self._decorators(func):
                owner = DECORATED.get(name, "")
                if self.world.evaluator.library.member(owner, attr) is not None:
                    return Type("lib", f"{owner}.{attr}", (inst(owner),))
        if attr in ("delay", "apply_async"):
            return Type("lib", f"{_TASK}.{attr}", (inst(_TASK),))
        if attr in _TASK_METHODS:
            return Type("lib", f"celery.Task.{attr}")
        return None

    def _decorators(self, func: Type) -> list[str]:
        scope = self.world.function(func.name)
        path = func.name.rpartition(":")[0]
        evaluator = self.world.evaluator
        return (
            [evaluator.decorator_name(path, scope, d) for d in scope.decorators] if scope is not None else []
        )

    def instance_attribute(self, value: Type, attr: str) -> Type | None:
        """Attributes that a framework's base class gives to the project's classes."""
        return self.conventions.instance_attribute(value, attr)

    def library_attribute(self, value: Type, attr: str) -> Type | None:
        """Attributes of library objects that are the project's own: ``request.user``."""
        return self.conventions.request_user(value) if attr == "user" else None

    def ready_made(self, name: str) -> Type | None:
        """What an object of a library stands for in this project, where the project says it."""
        return self.conventions.signed_in() if name == "flask_login.current_user" else None

    def inherited(self, receiver: Type, method: str) -> Type | None:
        """What a method inherited from a framework's class answers for a class of the project."""
        if method in ("get_queryset", "get_object", "save"):
            return self.conventions.inherited(receiver, method)
        return None

"""What frameworks add to plain Python: values that arrive by convention rather than by call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Scope
from archlint.project.types import Type, inst, is_project

if TYPE_CHECKING:
    from archlint.project.evaluate import Frame
    from archlint.project.world import World

_TASK_METHODS = frozenset(
    ("delay", "apply_async", "apply", "s", "si", "signature", "delay_on_commit", "send", "enqueue")
)


class Route(NamedTuple):
    """A function that answers requests."""

    framework: str
    methods: tuple[str, ...]
    path: str


class Frameworks:
    """Conventions of Django, DRF, FastAPI, Flask and Celery."""

    def __init__(self, world: World) -> None:
        self.world = world

    def parameter(self, name: str, frame: Frame) -> Type | None:
        """What an unannotated parameter is by convention."""
        return None

    def function_attribute(self, func: Type, attr: str) -> Type | None:
        """Attributes of function objects: Celery tasks have ``.delay``."""
        if attr in _TASK_METHODS:
            return Type("lib", f"celery.Task.{attr}")
        return None

    def instance_attribute(self, value: Type, attr: str) -> Type | None:
        """Attributes that a framework's base class gives to the project's classes."""
        if attr in ("object", "instance") and is_project(value.name):
            model = self.declared_model(value)
            return model
        return None

    def declared_model(self, value: Type) -> Type | None:
        """A row of the model that a generic view, serializer or factory names."""
        classes = self.world.classes
        found = classes.find(value.name, "model")
        if found is None:
            return None
        info, row = found
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
        model = self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
        if model is not None and model.kind == "class" and self.world.orm.is_model(model.name):
            return inst(model.name)._replace(facts=("row",))
        return None

    def route(self, path: str, scope: Scope) -> Route | None:
        """The route that a function handles."""
        return None

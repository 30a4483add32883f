"""What a class uses of itself and leaves to its heirs to define: the session of a mixin, a hook of a base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.project.roles import role_of
from archlint.project.types import Type, inst, is_project, union

if TYPE_CHECKING:
    from archlint.project.world import World

#: More classes than this are too many to speak for what they derive from.
_MOST = 4
#: Project calls followed to what an attribute of an heir is.
_FUEL = 3


class Heirs:
    """Questions about classes that complete another."""

    def __init__(self, world: World) -> None:
        self.world = world

    def attribute(self, value: Type, attr: str) -> Type | None:
        """What all heirs of a class call by a name that the class itself does not define."""
        if attr[:2] == "__" or self.world.models.is_model(value.name) or self._defines(value.name, attr):
            # A row is of the class that it was asked for. What is stored, and unknown, each call may tell.
            return None
        heirs = [
            key
            for key in self.world.classes.subclasses(value.name)
            if role_of(key.rpartition(":")[0]) != "test"
        ]
        if not 0 < len(heirs) <= _MOST:
            return None
        if not all(self._defines(key, attr) for key in heirs):
            return None
        evaluator = self.world.evaluator
        found = evaluator.apart(lambda: [evaluator.attribute(inst(key), attr, _FUEL) for key in heirs])
        return union(found) if None not in found else None

    def _defines(self, key: str, attr: str) -> bool:
        """Whether the project, not a library, gives the objects of a class an attribute."""
        classes = self.world.classes
        return classes.find(key, attr) is not None or any(
            attr in classes.stores(base.name) for base in classes.mro(key) if is_project(base.name)
        )

"""Which values hold many rows that a schema may be filled from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.project.types import Type, is_project

if TYPE_CHECKING:
    from archlint.project.world import World

#: Built-in classes that hold their type argument many times.
SEQUENCES = frozenset(("list", "set", "tuple", "frozenset", "collections.deque"))


def is_series(value: Type, world: World) -> bool:
    """Whether a value is walked for its rows: a sequence, a class of a library that holds some, a query."""
    return value.kind == "inst" and (
        value.name in SEQUENCES or not is_project(value.name) or world.orm.is_query(value)
    )

"""Which of two types to believe: what an annotation says, or what the code shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.project.types import Type, better, is_project

if TYPE_CHECKING:
    from archlint.project.classes import Classes


def more_telling(declared: Type | None, shown: Type | None, classes: Classes) -> Type | None:
    """The more telling of both.

    A generic repository shows rows of its base model, and a factory makes no more than its base
    class: the annotation names the class then, what was loaded with the rows is still shown.
    """
    if declared is None or shown is None or declared.kind != "inst" or shown.kind != "inst":
        return better(declared, shown)
    if declared.name != shown.name:
        if is_project(declared.name) and classes.is_subclass(declared.name, shown.name):
            return declared._replace(facts=shown.facts or declared.facts)
        return better(declared, shown)
    if declared.args and len(declared.args) == len(shown.args):
        pairs = zip(declared.args, shown.args, strict=True)
        return shown._replace(args=tuple(more_telling(one, other, classes) for one, other in pairs))
    return better(declared, shown)

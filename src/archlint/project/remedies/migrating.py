"""Migrations that can be taken back."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import call_at, text_of

if TYPE_CHECKING:
    from archlint.project.file import File


def reversible(file: File, location: Location, keyword: str) -> Fix | None:
    """``noop`` as the way back of an operation of Django: what it did stays."""
    node = call_at(file, location)
    if node is None or not isinstance(node.func, ast.Name | ast.Attribute):
        return None
    recipe = Recipe.of("keyword", location, name=keyword, code=f"{text_of(file, node.func)}.noop")
    return Fix("Say that nothing has to be undone", Applicability.UNSAFE, recipes=(recipe,))

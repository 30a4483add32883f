"""Defaults that are made anew for each row: the function in the place of its result."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.project.remedies.places import call_at, text_of

if TYPE_CHECKING:
    from archlint.project.file import File

_MESSAGE = "Pass the function"


def made_anew(file: File, location: Location, *, is_factory: bool, in_django: bool) -> Fix | None:
    """The function that a default is the result of, or a lambda around it.

    ``is_factory``: the constructor takes it as ``default_factory``. Migrations of Django cannot
    write down a lambda.
    """
    node = call_at(file, location)
    function = _function(file, node, in_django=in_django) if node is not None else ""
    parent = file.index.parent(node) if node is not None else None
    if not function or "\n" in function:
        return None
    if isinstance(parent, ast.AnnAssign):
        code = f"$0(default_factory={function})"
        recipe = Recipe.of("replace", location, "pydantic:Field", code=code)
        return Fix(_MESSAGE, Applicability.SAFE, recipes=(recipe,))
    if isinstance(parent, ast.keyword) and not is_factory:
        recipe = Recipe.of("replace", location, code=function)
        return Fix(_MESSAGE, Applicability.SAFE, recipes=(recipe,))
    if is_factory and isinstance(parent, ast.keyword | ast.Call):
        whole = file.locate(parent) if isinstance(parent, ast.keyword) else location
        return Fix(_MESSAGE, Applicability.SAFE, edits=(Edit(whole, f"default_factory={function}"),))
    return None


def _function(file: File, node: ast.Call, *, in_django: bool) -> str:
    if not node.args and not node.keywords and isinstance(node.func, ast.Name | ast.Attribute):
        return text_of(file, node.func)
    return "" if in_django else f"lambda: {text_of(file, node)}"


def new_collection(file: File, location: Location, kind: str) -> Fix | None:
    """``list`` in the place of the one empty list that a constructor is given, and so for dictionaries."""
    node = call_at(file, location)
    given = [
        keyword.value
        for keyword in (node.keywords if node is not None else ())
        if (isinstance(keyword.value, ast.List) and kind == "list" and not keyword.value.elts)
        or (isinstance(keyword.value, ast.Dict) and kind == "dict" and not keyword.value.keys)
    ]
    if len(given) != 1 or "#" in text_of(file, given[0]):
        return None
    recipe = Recipe.of("replace", file.locate(given[0]), code=kind)
    return Fix(f"Pass `{kind}`", Applicability.SAFE, recipes=(recipe,))

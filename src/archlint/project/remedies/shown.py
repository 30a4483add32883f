"""Fields that clients may send and never get to see."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.project.remedies.places import text_of

if TYPE_CHECKING:
    from archlint.project.file import File

_MESSAGE = "Leave it out of what is sent"


def never_shown(file: File, line: int, name: str) -> Fix | None:
    """A field of pydantic that is left out of what is sent."""
    field = next(
        (
            node
            for node in file.index.nodes(ast.AnnAssign)
            if node.lineno == line and isinstance(node.target, ast.Name) and node.target.id == name
        ),
        None,
    )
    if field is None or "Annotated" in text_of(file, field.annotation):
        return None
    declares = "sqlmodel:Field" if file.mentions(("sqlmodel",)) else "pydantic:Field"
    value = field.value
    if isinstance(value, ast.Call) and text_of(file, value.func).rpartition(".")[2] == "Field":
        recipe = Recipe.of("keyword", file.locate(value), name="exclude", code="True")
        return Fix(_MESSAGE, Applicability.UNSAFE, recipes=(recipe,))
    if value is not None:
        recipe = Recipe.of("wrap", file.locate(value), declares, code="$0({self}, exclude=True)")
    else:
        at = file.locate(field)
        code = f"{text_of(file, field)} = $0(exclude=True)"
        recipe = Recipe.of("statement", at, declares, code=code)
    return Fix(_MESSAGE, Applicability.UNSAFE, recipes=(recipe,))


def load_only(file: File, line: int) -> Fix | None:
    """A field of marshmallow that is read and never written."""
    field = next((node for node in file.index.nodes(ast.Assign) if node.lineno == line), None)
    return _with_keyword(file, field, "load_only")


def write_only(file: File, line: int, name: str) -> Fix | None:
    """A field of a serializer of Django REST framework: where it is declared, or in ``extra_kwargs``."""
    owner = next((node for node in file.index.nodes(ast.ClassDef) if node.lineno == line), None)
    if owner is None:
        return None
    if (declared := _assigned_in(owner).get(name)) is not None:
        return _with_keyword(file, declared, "write_only")
    meta = next((one for one in owner.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
    options = _assigned_in(meta) if meta is not None else {}
    if "fields" not in options or "extra_kwargs" in options:
        return None
    code = f'extra_kwargs = {{"{name}": {{"write_only": True}}}}'
    recipe = Recipe.of("after", file.locate(options["fields"]), code=code)
    return Fix(_MESSAGE, Applicability.UNSAFE, recipes=(recipe,))


def _assigned_in(owner: ast.ClassDef) -> dict[str, ast.Assign]:
    """The statements of a class body that give a name a value."""
    return {
        one.targets[0].id: one
        for one in owner.body
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name)
    }


def _with_keyword(file: File, field: ast.Assign | None, name: str) -> Fix | None:
    if field is None or not isinstance(field.value, ast.Call):
        return None
    recipe = Recipe.of("keyword", file.locate(field.value), name=name, code="True")
    return Fix(_MESSAGE, Applicability.UNSAFE, recipes=(recipe,))

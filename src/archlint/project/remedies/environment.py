"""Secrets and switches that belong into the environment."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.project.remedies.places import text_of

if TYPE_CHECKING:
    from archlint.project.file import File


def from_environment(file: File, node: ast.Constant, name: str) -> Fix | None:
    """``os.environ["NAME"]`` for a secret in the source; no default where it was one.

    Whoever runs the program has to set it from then on, and to change the secret, which is known.
    """
    parent = file.index.parent(node)
    message = f"Read `{name.upper()}` from the environment"
    if isinstance(parent, ast.AnnAssign) and parent.value is node and _is_settings_field(file, parent):
        at, end = file.locate(parent.annotation), file.locate(node)
        gap = Location(at.path, at.end_line, at.end_column, end.end_line, end.end_column)
        return Fix("Leave out the default", Applicability.UNSAFE, edits=(Edit(gap, ""),))
    if isinstance(parent, ast.Call) and text_of(file, parent.func) in _LOOKS_UP and parent.args[1:] == [node]:
        code = f"$0.environ[{text_of(file, parent.args[0])}]"
        recipe = Recipe.of("replace", file.locate(parent), "os", code=code)
        return Fix("Leave out the default", Applicability.UNSAFE, recipes=(recipe,))
    if isinstance(parent, ast.keyword) and parent.arg == "default":
        declared = file.index.parent(parent)
        if declared is None or not isinstance(file.index.parent(declared), ast.AnnAssign):
            return None
        recipe = Recipe.of("without", file.locate(declared), name="default")
        return Fix("Leave out the default", Applicability.UNSAFE, recipes=(recipe,))
    is_plain = isinstance(parent, ast.Assign | ast.keyword) and parent.value is node
    if not is_plain or not name.isidentifier() or not isinstance(node.value, str):
        return None
    recipe = Recipe.of("replace", file.locate(node), "os", code=f'$0.environ["{name.upper()}"]')
    return Fix(message, Applicability.UNSAFE, recipes=(recipe,))


_LOOKS_UP = frozenset(("os.environ.get", "os.getenv", "environ.get", "getenv"))


def _is_settings_field(file: File, field: ast.AnnAssign) -> bool:
    owner = file.class_at(field)
    return owner is not None and file.world.values.is_settings_class(owner.key)


def switched_by_environment(file: File, node: ast.expr | None) -> Fix | None:
    """Off unless the environment says otherwise, in the place of ``True``."""
    if not isinstance(node, ast.Constant) or node.value is not True:
        return None
    recipe = Recipe.of("replace", file.locate(node), "os", code='$0.environ.get("DEBUG") == "1"')
    return Fix("Read `DEBUG` from the environment", Applicability.UNSAFE, recipes=(recipe,))

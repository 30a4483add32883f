"""What the list of an admin reads of each row by a name: properties and methods of the model, its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.summary import Expr
from archlint.project.admins import LIST_DISPLAY
from archlint.project.effects import MAX_HOPS, Effect, Site
from archlint.project.effects.base import method_of
from archlint.project.per_item.loops import PerItem, is_far
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.function import Class

_ROWS: Expr = ["n", LIST_DISPLAY]


def columns(cls: Class) -> Iterator[PerItem]:
    """What the list of an admin asks of each of its rows; each query and each relation once."""
    world = cls.file.world
    admins = world.frameworks.conventions.admins
    names = list(admins.asks_of_rows(cls.key)) if cls.file.mentions(("admin", "Admin")) else []
    seen: set[tuple[bool, str]] = set()
    for row in members(admins.row(cls.key)) if names else ():
        for name in names:
            method = world.classes.method(row.name, name)
            func = method_of(row, method) if method is not None and "row" in row.facts else None
            for effect in world.effects.of_function(func, (), MAX_HOPS - 1) if func is not None else ():
                is_load = "L" in effect.letters
                if (is_load and not effect.root) or (is_load, effect.leaf) in seen:
                    # What a helper loads with a row of its own making is no matter of the list.
                    continue
                seen.add((is_load, effect.leaf))
                yield PerItem(_site(cls, name, effect), 0, _ROWS, True, is_far(world, effect))


def _site(cls: Class, name: str, effect: Effect) -> Site:
    """An effect at the place where the list names a column; at the class where it has no list."""
    node = next(_named(cls, name), None)
    if node is None:
        place = cls.scope.line, cls.scope.column, cls.scope.line, cls.scope.column + len("class")
    else:
        place = node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
    return Site(*place, 0, 0, -1, "column", name, effect)


def _named(cls: Class, name: str) -> Iterator[ast.expr]:
    for node in cls.file.index.nodes(ast.ClassDef):
        if (node.lineno, node.col_offset) == (cls.scope.line, cls.scope.column):
            lists = (s.value for s in node.body if isinstance(s, ast.Assign) and _is_list(s.targets))
            for item in (item for value in lists for item in ast.walk(value)):
                if isinstance(item, ast.Constant) and item.value == name:
                    yield item


def _is_list(targets: list[ast.expr]) -> bool:
    return [target.id for target in targets if isinstance(target, ast.Name)] == [LIST_DISPLAY]

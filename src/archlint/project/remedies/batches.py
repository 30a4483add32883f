"""Rows fetched by their keys, all at once: ``[get(key) for key in keys]`` with one query."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.project.remedies.places import FUNCTIONS, call_at, free_name, statement_around, text_of
from archlint.project.rows.columns import primary_key

if TYPE_CHECKING:
    from archlint.project.effects.base import Site
    from archlint.project.file import File

_NAMES = ("rows_by_key", "found_by_key")
#: Collections that can be gone through twice, and keys that compare equal to those of rows.
_COLLECTIONS = frozenset(("list", "List", "set", "Set", "tuple", "Tuple", "Sequence", "frozenset"))
_KEYS = frozenset(("int", "UUID", "uuid.UUID", "str"))
_GETS = {"get": "in_bulk", "aget": "ain_bulk"}


class _Batch(NamedTuple):
    """How all rows are fetched, and how one of them is then found."""

    query: str
    one: str
    imports: tuple[str, ...] = ()


def fetched_at_once(file: File, site: Site) -> Fix | None:
    """One query in front of the statement, and a look-up in its rows for each key."""
    node = call_at(file, file.locate(site))
    if node is None or site.effect.hops:
        return None
    outer = file.index.parent(node)
    waits = isinstance(outer, ast.Await)
    item = outer if waits and outer is not None else node
    made = file.index.parent(item)
    if not isinstance(made, ast.ListComp) or made.elt is not item or len(made.generators) != 1:
        return None
    loop, statement = made.generators[0], statement_around(file, made)
    if (
        loop.ifs
        or loop.is_async
        or not isinstance(loop.target, ast.Name)
        or not isinstance(loop.iter, ast.Name)
    ):
        return None
    name = free_name(file, node, _NAMES)
    if not name or not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
        return None
    wait = "await " if waits else ""
    batch = _django(file, node, loop, wait) or _sqlalchemy(file, node, loop, wait)
    if batch is None or not isinstance(file.index.parent(statement), ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    recipes = (
        Recipe.of("before", file.locate(statement), *batch.imports, code=f"{name} = {batch.query}"),
        Recipe.of("replace", file.locate(item), code=f"{name}{batch.one}"),
    )
    return Fix("Fetch all rows with one query", Applicability.UNSAFE, recipes=recipes)


def _keys(file: File, keys: ast.Name) -> str:
    """The type of the keys that a parameter holds; empty where it may be gone through only once."""
    owner = file.index.enclosing(keys, FUNCTIONS)
    annotation = (
        next(
            (arg.annotation for arg in (*owner.args.args, *owner.args.kwonlyargs) if arg.arg == keys.id), None
        )
        if owner is not None
        else None
    )
    if not isinstance(annotation, ast.Subscript) or text_of(file, annotation.value) not in _COLLECTIONS:
        return ""
    kind = text_of(file, annotation.slice)
    return kind if kind in _KEYS else ""


def _django(file: File, node: ast.Call, loop: ast.comprehension, wait: str) -> _Batch | None:
    """``Model.objects.get(pk=key)``: ``in_bulk`` raises KeyError for a row that is missing."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in _GETS or node.args or len(node.keywords) != 1:
        return None
    key, manager = node.keywords[0], func.value
    if not isinstance(manager, ast.Attribute) or manager.attr != "objects" or key.arg not in ("pk", "id"):
        return None
    assert isinstance(loop.target, ast.Name)
    assert isinstance(loop.iter, ast.Name)
    is_key = isinstance(key.value, ast.Name) and key.value.id == loop.target.id
    if not is_key or _keys(file, loop.iter) in ("", "str"):
        # A number as text finds its row, but is not its key.
        return None
    return _Batch(f"{wait}{text_of(file, manager)}.{_GETS[func.attr]}({loop.iter.id})", f"[{loop.target.id}]")


def _sqlalchemy(file: File, node: ast.Call, loop: ast.comprehension, wait: str) -> _Batch | None:
    """``session.get(Model, key)``, which gives None for a row that is missing."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr != "get" or len(node.args) != 2 or node.keywords:
        return None
    model, key = node.args
    assert isinstance(loop.target, ast.Name)
    assert isinstance(loop.iter, ast.Name)
    is_key = isinstance(key, ast.Name) and key.id == loop.target.id
    if not isinstance(model, ast.Name) or not is_key or not _keys(file, loop.iter):
        return None
    named = {primary_key(file.world, one) for one in file.world.models.called(model.id)}
    column = named.pop() if len(named) == 1 else ""
    if not column:
        return None
    rows = (
        f"{text_of(file, func.value)}.scalars($0({model.id}).where({model.id}.{column}.in_({loop.iter.id})))"
    )
    code = f"{{row.{column}: row for row in {wait}{rows}}}"
    return _Batch(code, f".get({loop.target.id})", ("sqlalchemy:select",))

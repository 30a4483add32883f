"""Work on rows that the database does better: counting them, changing a number, awaiting a query."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import FUNCTIONS, assigned, call_at, statement_around, text_of

if TYPE_CHECKING:
    from archlint.project.file import File

_LOOPS: tuple[type[ast.For | ast.AsyncFor | ast.While], ...] = (ast.For, ast.AsyncFor, ast.While)
_EXISTS = {"count": "exists", "acount": "aexists"}
#: Comparisons of a count: whether they hold when there are rows.
_MEANS_ANY = {
    (ast.Gt, 0): True,
    (ast.NotEq, 0): True,
    (ast.GtE, 1): True,
    (ast.Eq, 0): False,
    (ast.Lt, 1): False,
    (ast.LtE, 0): False,
}
#: What may still be done with a row whose column is an expression until it is read again.
_WRITES = frozenset(("save", "asave", "add", "merge", "refresh", "refresh_from_db", "arefresh_from_db"))


def counted_by_database(file: File, location: Location) -> Fix | None:
    """``rows.count()`` for ``len(rows)`` of a Django query set."""
    node = call_at(file, location)
    if node is None or len(node.args) != 1 or node.keywords:
        return None
    rows = node.args[0]
    source = assigned(file, rows) if isinstance(rows, ast.Name) else rows
    if not isinstance(source, ast.Attribute) and not (
        isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute)
    ):
        return None
    if text_of(file, node).count("#") > text_of(file, rows).count("#"):
        return None
    recipe = Recipe.of("replace", location, code=f"{text_of(file, rows)}.count()")
    return Fix("Count with `.count()`", Applicability.SAFE, recipes=(recipe,))


def asked_for_any(file: File, location: Location) -> Fix | None:
    """``rows.exists()`` for a count of a Django query set that is only compared with nothing."""
    node = call_at(file, location)
    if node is None or not isinstance(node.func, ast.Attribute) or node.args or node.keywords:
        return None
    method = _EXISTS.get(node.func.attr)
    if method is None:
        return None
    code = f"{text_of(file, node.func.value)}.{method}()"
    whole: ast.expr = node
    outer = file.index.parent(node)
    if isinstance(outer, ast.Await):
        code, whole, outer = f"await {code}", outer, file.index.parent(outer)
    if isinstance(outer, ast.Compare) and outer.left is whole:
        means_any = _means_any(outer)
        if means_any is None:
            return None
        code, whole = code if means_any else f"not {code}", outer
    elif not (isinstance(outer, ast.If | ast.While | ast.IfExp) and outer.test is whole) and not (
        isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not)
    ):
        return None
    if text_of(file, whole).count("#") > code.count("#"):
        return None
    recipe = Recipe.of("replace", file.locate(whole), code=code)
    return Fix(f"Ask with `.{method}()`", Applicability.SAFE, recipes=(recipe,))


def _means_any(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1 or not isinstance(node.comparators[0], ast.Constant):
        return None
    number = node.comparators[0].value
    if type(number) is not int:
        return None
    return _MEANS_ANY.get((type(node.ops[0]), number))


def changed_in_sql(file: File, location: Location, owner: str, orm: str) -> Fix | None:
    """A number that the database changes: ``F("stock") - 1``, or ``Product.stock - 1`` with SQLAlchemy.

    Until it is read again the attribute is an expression and no number, so that nothing may be done
    with the row but to write it.
    """
    target = next(
        (
            node
            for node in file.index.nodes(ast.Attribute)
            if isinstance(node.ctx, ast.Store) and node.lineno == location.line
        ),
        None,
    )
    statement = statement_around(file, target) if target is not None else None
    if target is None or statement is None or not isinstance(target.value, ast.Name):
        return None
    if target.value.id == "self" or _is_read_later(file, statement, target, target.value.id):
        return None
    imports: tuple[str, ...] = ()
    if orm in ("django", "tortoise"):
        imports = ("django.db.models:F",) if orm == "django" else ("tortoise.expressions:F",)
        column = f'$0("{target.attr}")'
    elif _is_known(file, owner):
        column = f"{owner}.{target.attr}"
    else:
        return None
    recipe = _with_column(file, statement, target, column, imports)
    if recipe is None:
        return None
    return Fix("Let the database change it", Applicability.UNSAFE, recipes=(recipe,))


def _with_column(
    file: File, statement: ast.stmt, target: ast.Attribute, column: str, imports: tuple[str, ...]
) -> Recipe | None:
    name = text_of(file, target)
    if isinstance(statement, ast.AugAssign):
        value = text_of(file, statement.value)
        if "\n" in text_of(file, statement):
            return None
        if not isinstance(
            statement.value, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript
        ):
            value = f"({value})"
        sign = _SIGNS.get(type(statement.op))
        code = f"{name} = {column} {sign} {value}"
        return Recipe.of("statement", file.locate(statement), *imports, code=code) if sign else None
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp):
        read = statement.value.left
        if isinstance(read, ast.Attribute) and text_of(file, read) == name and len(statement.targets) == 1:
            return Recipe.of("replace", file.locate(read), *imports, code=column)
    return None


_ATOMS = (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript)
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def _is_known(file: File, name: str) -> bool:
    """Whether a class goes by its own name in this file."""
    rows = file.summary.scopes[0].binds.get(name)
    return rows is not None and len(rows) == 1


def _is_read_later(file: File, statement: ast.stmt, target: ast.Attribute, name: str) -> bool:
    """Whether a column is read again, or the row written more than once or given away."""
    owner = file.index.enclosing(statement, FUNCTIONS)
    if owner is None or not _is_local(owner, name) or _outlives_pass(file, statement, name):
        return True
    inside = {id(node) for node in ast.walk(statement)}
    writes = 0
    for node in ast.walk(owner):
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        if id(node) in inside or (node.lineno, node.col_offset) < (statement.lineno, statement.col_offset):
            continue
        word = _use(file, node)
        if word not in _WRITES and (not word.startswith(".") or word == f".{target.attr}"):
            return True
        writes += word in ("save", "asave")
    return writes > 1


def _is_local(owner: ast.AST, name: str) -> bool:
    """Whether a name is bound in a function; what was given to it may be read by whoever gave it."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(owner)
    )


def _use(file: File, node: ast.Name) -> str:
    """What a row is used for: the method it is given to or that is called on it, or ``.attribute``."""
    outer = file.index.parent(node)
    call = file.index.parent(outer) if outer is not None else None
    if isinstance(outer, ast.Attribute):
        return outer.attr if isinstance(call, ast.Call) and call.func is outer else f".{outer.attr}"
    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute):
        return outer.func.attr
    return ""


def _outlives_pass(file: File, statement: ast.stmt, name: str) -> bool:
    """Whether a loop around a statement comes back to it with the same row."""
    loop = file.index.enclosing(statement, _LOOPS)
    if loop is None or file.index.enclosing(loop, FUNCTIONS) is not file.index.enclosing(
        statement, FUNCTIONS
    ):
        return False
    return not any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(loop)
    )

"""From a row back to the query that it comes from, through the functions of the project that hand rows on.

Every step has to be read: a name that is bound once, a loop over the rows, a call of the one function
that it can mean, which returns in one place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Location
from archlint.knowledge.relations import WHOLE_ROWS
from archlint.project.remedies.places import FUNCTIONS, called_in
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.file import File

#: Methods of a session that take the query.
_RUNS = frozenset(("scalars", "scalar", "execute", "exec", "stream", "stream_scalars"))
#: Methods of a result or an old query that hand its rows on.
_RESULTS = frozenset(
    ("all", "scalars", "unique", "first", "one", "one_or_none", "scalar_one", "scalar_one_or_none")
)
#: Methods of a query set of Django that give one of its rows.
_ONE_ROW = frozenset(("get", "aget", "afirst", "alast", "earliest", "aearliest", "latest", "alatest", "last"))
#: Steps of an SQLAlchemy query after which its rows are still whole.
_CLAUSES = frozenset(
    (
        "where",
        "filter",
        "filter_by",
        "order_by",
        "limit",
        "offset",
        "distinct",
        "join",
        "outerjoin",
        "join_from",
        "options",
        "group_by",
        "having",
        "select_from",
        "with_for_update",
        "execution_options",
        "yield_per",
        "enable_eagerloads",
        "slice",
        "populate_existing",
    )
)
_COPIES = frozenset(("list", "tuple", "sorted", "reversed"))
#: Steps that are followed.
_DEPTH = 10


class Query(NamedTuple):
    """A query that can be given a loader option."""

    file: File
    node: ast.expr
    model: str  # the code of the model; empty where only the type of the rows tells
    orm: str  # "sqlalchemy", "django"; "get" for a row by its key
    steps: frozenset[str]


def query_of(file: File, node: ast.expr) -> Query | None:
    """The query that an expression's rows, or its one row, come from."""
    for _ in range(_DEPTH):
        handed_on = _returned(file, node) if isinstance(node, ast.Call) else None
        if handed_on is not None:
            file, node = handed_on
            continue
        found = _as_query(file, node)
        if found is not None:
            return found
        following = _source(file, node)
        if following is None:
            return None
        node = following
    return None


def _returned(file: File, node: ast.Call) -> tuple[File, ast.expr] | None:
    """What the one function of the project that a call means returns, and in which file."""
    found = called_in(file, node)
    callees = members(file.world.evaluator.callee(found[1], found[0].frame)) if found is not None else ()
    callee = callees[0] if len(callees) == 1 and callees[0].kind == "func" else None
    scope = file.world.function(callee.name) if callee is not None else None
    if callee is None or scope is None or scope.is_generator or scope.kind != "function":
        return None
    other = file.beside(callee.name.rpartition(":")[0])
    made = other.definition(scope) if other is not None else None
    if other is None or made is None:
        return None
    returns = [
        n for n in ast.walk(made) if isinstance(n, ast.Return) and other.index.enclosing(n, FUNCTIONS) is made
    ]
    value = returns[0].value if len(returns) == 1 else None
    return (other, value) if value is not None else None


def _source(file: File, node: ast.expr) -> ast.expr | None:
    """The expression that the rows of another one come from."""
    if isinstance(node, ast.Name):
        return _bound(file, node)
    if isinstance(node, ast.Await):
        return node.value
    if isinstance(node, ast.Subscript):
        return node.value
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name):
        return node.args[0] if node.func.id in _COPIES and node.args else None
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in _RUNS and node.args:
            return node.args[0]
        rows = node.func.value
        if node.func.attr in _RESULTS and not node.args:
            return rows
        if node.func.attr in _ONE_ROW and (query := _as_query(file, rows)) and query.orm == "django":
            return rows
    return None


def _as_query(file: File, node: ast.expr) -> Query | None:
    """The expression itself, if it is a chain of steps from a model."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "iterator":
        # What it gives is no query any more.
        rows = node.func.value
        query = _as_query(file, rows)
        if query is None and isinstance(rows, ast.Attribute):
            query = Query(file, rows, "", "django", frozenset())
        return query._replace(steps=query.steps | {"iterator"}) if query is not None else None
    if isinstance(node, ast.Attribute):
        model = ast.unparse(node.value) if node.attr == "objects" else ""
        return Query(file, node, model, "django", frozenset()) if model else None
    steps: set[str] = set()
    here: ast.expr = node
    while isinstance(here, ast.Call):
        if _names(here.func, "select") and len(here.args) == 1 and steps <= _CLAUSES:
            return _of_model(file, node, here.args[0], "sqlalchemy", steps)
        if not isinstance(here.func, ast.Attribute):
            return None
        if here.func.attr == "query" and len(here.args) == 1 and steps <= _CLAUSES:
            return _of_model(file, node, here.args[0], "sqlalchemy", steps)
        if here.func.attr == "get" and len(here.args) == 2 and not steps:
            return _of_model(file, node, here.args[0], "get", steps)
        steps.add(here.func.attr)
        here = here.func.value
    if isinstance(here, ast.Attribute) and steps and steps <= WHOLE_ROWS:
        model = ast.unparse(here.value) if here.attr == "objects" else ""
        if not model and steps == {"all"}:
            # What is prefetched for a related manager would be loaded again.
            return None
        return Query(file, node, model, "django", frozenset(steps))
    return None


def _of_model(file: File, node: ast.expr, model: ast.expr, orm: str, steps: set[str]) -> Query | None:
    if (
        not isinstance(model, ast.Name | ast.Attribute)
        or not ast.unparse(model).rpartition(".")[2][:1].isupper()
    ):
        return None
    return Query(file, node, ast.unparse(model), orm, frozenset(steps))


def _names(node: ast.expr, word: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == word) or (
        isinstance(node, ast.Attribute) and node.attr == word and isinstance(node.value, ast.Name)
    )


def _bound(file: File, name: ast.Name) -> ast.expr | None:
    """What a name was given: the loop around it, or the one assignment of the function."""
    here: ast.AST | None = name
    while here is not None and not isinstance(here, FUNCTIONS):
        for target, source in _loops(here):
            if isinstance(target, ast.Name) and target.id == name.id and not _contains(source, name):
                return source
        here = file.index.parent(here)
    if here is None:
        return None
    stores = [
        node
        for node in ast.walk(here)
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store)
    ]
    if len(stores) != 1:
        return None
    statement = file.index.parent(stores[0])
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return statement.value
    if isinstance(statement, ast.AnnAssign | ast.NamedExpr):
        return statement.value
    if isinstance(statement, ast.For | ast.AsyncFor) and statement.target is stores[0]:
        return statement.iter
    return None


def _loops(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.For | ast.AsyncFor):
        yield node.target, node.iter
    for generator in getattr(node, "generators", ()):
        yield generator.target, generator.iter


def _contains(tree: ast.AST, node: ast.AST) -> bool:
    return any(inner is node for inner in ast.walk(tree))


def node_at(file: File, location: Location) -> ast.expr | None:
    """The call or attribute at exactly a place."""
    for kind in (ast.Call, ast.Attribute):
        for node in file.index.beginning(kind, location.line):
            if file.locate(node) == location:
                return node
    return None

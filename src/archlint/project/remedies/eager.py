"""Relations loaded with the rows: a loader option for the query that feeds a loop or fills a name.

Only a query in the same function is changed, one whose every step can be read: where the rows come
from anywhere else, what else relies on that query is not known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import FUNCTIONS, text_of

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.file import File

#: Methods of a session that take the query.
_RUNS = frozenset(("scalars", "scalar", "execute", "exec", "stream", "stream_scalars"))
#: Methods of a result or an old query that hand its rows on.
_RESULTS = frozenset(
    ("all", "scalars", "unique", "first", "one", "one_or_none", "scalar_one", "scalar_one_or_none")
)
#: Steps of a Django query set after which its rows are still whole.
_STEPS = frozenset(
    (
        "all",
        "filter",
        "exclude",
        "order_by",
        "distinct",
        "annotate",
        "alias",
        "reverse",
        "using",
        "select_for_update",
        "select_related",
        "prefetch_related",
    )
)
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


class _Query(NamedTuple):
    """A query that can be given a loader option."""

    node: ast.expr
    model: str  # the code of the model; empty where only the type of the rows tells
    orm: str  # "sqlalchemy", "django"; "get" for a row by its key
    steps: frozenset[str]


def eager(file: File, site: Site, relation: str) -> Fix | None:
    """The relation (``Model.attribute``) that a site reads, loaded by the query of the row."""
    owner, _, attribute = relation.rpartition(".")
    world = file.world
    found = {world.relations.of(key, attribute) for key in world.models.called(owner)}
    node = _node_at(file, file.locate(site))
    if node is None or len(found) != 1 or None in found:
        return None
    known = found.pop()
    assert known is not None
    plans = {recipe for recipe in _plans(file, node, site, owner, attribute, many=known.many) if recipe}
    if len(plans) != 1:
        return None
    (recipe,) = plans
    return Fix(f"Load `{relation}` with the query", Applicability.UNSAFE, recipes=(recipe,))


def prefetched(file: File, site: Site) -> Fix | None:
    """The rows that ``row.relation.all()`` asks for in a loop, loaded by Django with those of the loop."""
    node = _node_at(file, file.locate(site))
    if node is None or site.effect.hops or isinstance(file.index.parent(node), ast.Attribute):
        return None
    if isinstance(node, ast.Call):
        if node.args or node.keywords or not isinstance(node.func, ast.Attribute) or node.func.attr != "all":
            return None
        node = node.func.value
    base, path = _path(node)
    query = _query(file, base) if base is not None and len(path) == 1 else None
    if query is None or query.orm != "django" or not query.model:
        return None
    world = file.world
    named = world.models.called(query.model.rpartition(".")[2])
    known = [world.relations.of(key, path[0]) for key in named]
    if len(known) != 1 or known[0] is None or not known[0].many:
        return None
    recipe = _django(query, file.locate(query.node), path[0], many=True)
    if recipe is None:
        return None
    return Fix(f"Prefetch `{path[0]}`", Applicability.UNSAFE, recipes=(recipe,))


def _plans(
    file: File, node: ast.expr, site: Site, owner: str, attribute: str, *, many: bool
) -> Iterator[Recipe | None]:
    """A recipe for each query that a row of this expression can come from."""
    if site.kind == "read" and not site.effect.hops:
        base, path = _path(node)
        if base is not None and path and path[-1] == attribute:
            query = _query(file, base)
            if query is not None and (len(path) > 1 or _is_of(query, owner)):
                yield _recipe(file, query, tuple(path), many=many)
        return
    for candidate in _candidates(node):
        query = _query(file, candidate)
        if query is not None and query.model and _is_of(query, owner):
            yield _recipe(file, query, (attribute,), many=many)


def _is_of(query: _Query, owner: str) -> bool:
    return not query.model or query.model.rpartition(".")[2] == owner


def _path(node: ast.expr) -> tuple[ast.expr | None, list[str]]:
    """The row that an attribute is read of, and the attributes on the way."""
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.insert(0, node.attr)
        node = node.value
    return (node if isinstance(node, ast.Name) else None), path


def _candidates(node: ast.expr) -> Iterator[ast.expr]:
    """What a call or a property is given: its object and its arguments."""
    if isinstance(node, ast.Attribute):
        yield node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        yield from node.args
        yield from (keyword.value for keyword in node.keywords)


def _recipe(file: File, query: _Query, path: tuple[str, ...], *, many: bool) -> Recipe | None:
    at = file.locate(query.node)
    if query.orm == "django":
        return _django(query, at, "__".join(path), many=many)
    if len(path) != 1:
        return None
    option = f"$0({query.model}.{path[0]})"
    if query.orm == "sqlalchemy":
        return Recipe.of("option", at, "sqlalchemy.orm:selectinload", code=f"options({option})")
    assert isinstance(query.node, ast.Call)
    given = next((keyword.value for keyword in query.node.keywords if keyword.arg == "options"), None)
    if given is None:
        return Recipe.of("keyword", at, "sqlalchemy.orm:selectinload", name="options", code=f"[{option}]")
    if not isinstance(given, ast.List) or not given.elts:
        return None
    known = text_of(file, given).removesuffix("]").rstrip().rstrip(",")
    return Recipe.of("replace", file.locate(given), "sqlalchemy.orm:selectinload", code=f"{known}, {option}]")


def _django(query: _Query, at: Location, path: str, *, many: bool) -> Recipe | None:
    # A lock on an outer join is refused by PostgreSQL.
    method = "prefetch_related" if many or "select_for_update" in query.steps else "select_related"
    if method == "prefetch_related" and "iterator" in query.steps:
        # Streamed rows are prefetched only if somebody says in chunks of how many.
        return None
    return Recipe.of("option", at, code=f'{method}("{path}")')


# -- from a row back to its query -----------------------------------------------------------------


def _query(file: File, node: ast.expr, depth: int = 6) -> _Query | None:
    """The query that an expression's rows, or its one row, come from."""
    while depth > 0:
        depth -= 1
        found = _as_query(node)
        if found is not None:
            return found
        following = _source(file, node)
        if following is None:
            return None
        node = following
    return None


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
        if node.func.attr in _RESULTS and not node.args:
            return node.func.value
    return None


def _as_query(node: ast.expr) -> _Query | None:
    """The expression itself, if it is a chain of steps from a model."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "iterator":
        # What it gives is no query any more.
        rows = node.func.value
        query = _as_query(rows)
        if query is None and isinstance(rows, ast.Attribute):
            query = _Query(rows, "", "django", frozenset())
        return query._replace(steps=query.steps | {"iterator"}) if query is not None else None
    if isinstance(node, ast.Attribute):
        model = ast.unparse(node.value) if node.attr == "objects" else ""
        return _Query(node, model, "django", frozenset()) if model else None
    steps: set[str] = set()
    here: ast.expr = node
    while isinstance(here, ast.Call):
        if _names(here.func, "select") and len(here.args) == 1 and steps <= _CLAUSES:
            return _of_model(node, here.args[0], "sqlalchemy", steps)
        if not isinstance(here.func, ast.Attribute):
            return None
        if here.func.attr == "query" and len(here.args) == 1 and steps <= _CLAUSES:
            return _of_model(node, here.args[0], "sqlalchemy", steps)
        if here.func.attr == "get" and len(here.args) == 2 and not steps:
            return _of_model(node, here.args[0], "get", steps)
        steps.add(here.func.attr)
        here = here.func.value
    if isinstance(here, ast.Attribute) and steps and steps <= _STEPS:
        model = ast.unparse(here.value) if here.attr == "objects" else ""
        if not model and steps == {"all"}:
            # What is prefetched for a related manager would be loaded again.
            return None
        return _Query(node, model, "django", frozenset(steps))
    return None


def _of_model(node: ast.expr, model: ast.expr, orm: str, steps: set[str]) -> _Query | None:
    if (
        not isinstance(model, ast.Name | ast.Attribute)
        or not ast.unparse(model).rpartition(".")[2][:1].isupper()
    ):
        return None
    return _Query(node, ast.unparse(model), orm, frozenset(steps))


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


def _node_at(file: File, location: Location) -> ast.expr | None:
    """The call or attribute at exactly a place."""
    for kind in (ast.Call, ast.Attribute):
        for node in file.index.nodes(kind):
            if node.lineno == location.line and file.locate(node) == location:
                return node
    return None

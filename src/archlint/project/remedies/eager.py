"""Relations loaded with the rows: a loader option for the query that feeds a loop or fills a name.

The query may stand in another function or file, as long as every step from the rows back to it can be
read. Whoever else uses that query gets the relation, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.project.effects import Site
from archlint.project.function import Function
from archlint.project.remedies.places import text_of
from archlint.project.remedies.queries import Query, node_at, query_of

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.serialization.rest.walks import Walk
    from archlint.project.world import World

_SELECTIN, _JOINED = "sqlalchemy.orm:selectinload", "sqlalchemy.orm:joinedload"
_ANY_LOADER = "`selectinload`/`joinedload`, or `select_related`/`prefetch_related`"
#: By ORM, and by whether the relation leads to many rows.
_LOADERS = {
    ("sqlalchemy", False): "`joinedload`",
    ("sqlalchemy", True): "`selectinload`",
    ("django", False): "`select_related`",
    ("django", True): "`prefetch_related`",
    ("tortoise", False): "`prefetch_related`",
    ("tortoise", True): "`prefetch_related`",
    ("peewee", False): "a join that selects it",
    ("peewee", True): "`prefetch`",
}


def eager(file: File, site: Site, relation: str) -> Fix | None:
    """The relation (``Model.attribute``) that a site reads, loaded by the query of the row."""
    owner, _, attribute = relation.rpartition(".")
    known = file.world.relations.called(relation)
    node = node_at(file, file.locate(site))
    if node is None or known is None:
        return None
    plans = {
        recipe
        for recipe in _plans(file, node, site, owner, attribute, many=known.many or known.generic)
        if recipe
    }
    if len(plans) != 1:
        return None
    return _fix(file, f"Load `{relation}` with the query", plans.pop())


def loaders(world: World, relation: str) -> str:
    """What loads a relation (``Model.attribute``) with its rows, as advice."""
    known = world.relations.called(relation)
    if known is None:
        return _ANY_LOADER
    return _LOADERS.get((known.orm, known.many or known.generic), _ANY_LOADER)


def _fix(file: File, message: str, recipe: Recipe) -> Fix:
    """A fix that says where the query stands if that is another file."""
    at = recipe.location
    where = f" in {at.path}:{at.line}" if at.path != file.display else ""
    return Fix(f"{message}{where}", Applicability.UNSAFE, recipes=(recipe,))


def eager_walks(file: File, anchor: object, walks: tuple[Walk, ...]) -> Fix | None:
    """All relations that serialising rows reads, loaded by the query that the rows come from."""
    walks = tuple(_with_below(walks))
    queries = {query for node in _rows(file, anchor) if (query := query_of(file, node)) is not None}
    if len(queries) != 1 or any(
        not walk.path or walk.style not in ("django", "sqlalchemy") for walk in walks
    ):
        return None
    query = queries.pop()
    if query.orm == "get" or "iterator" in query.steps:
        return None
    recipe = _loading_in_django(query, walks) if query.orm == "django" else _loading_options(query, walks)
    return None if recipe is None else _fix(file, "Load the relations with the query", recipe)


def _with_below(walks: tuple[Walk, ...]) -> Iterator[Walk]:
    for walk in walks:
        yield walk
        yield from _with_below(walk.below)


def _loading_in_django(query: Query, walks: tuple[Walk, ...]) -> Recipe:
    """``select_related("a", "a__b").prefetch_related("c")``."""
    paths: dict[str, list[str]] = {"select_related": [], "prefetch_related": []}
    for walk in walks:
        paths[_method(query, many=walk.many)].append(f'"{"__".join(walk.path)}"')
    calls = [f"{method}({', '.join(dict.fromkeys(named))})" for method, named in paths.items() if named]
    return Recipe.of("option", query.file.locate(query.node), code=".".join(calls))


def _loading_options(query: Query, walks: tuple[Walk, ...]) -> Recipe | None:
    """``options(selectinload(Model.a), selectinload(Model.b))``; of the rows themselves only."""
    for walk in walks:
        owner = walk.relation.rpartition(".")[0]
        if len(walk.path) != 1 or not query.model or not _is_of(query, owner):
            return None
    options = dict.fromkeys(f"$0({query.model}.{walk.path[0]})" for walk in walks)
    code = f"options({', '.join(options)})"
    return Recipe.of("option", query.file.locate(query.node), _SELECTIN, code=code)


def _rows(file: File, anchor: object) -> Iterator[ast.expr]:
    """The expressions that hold the rows which are serialised at a place."""
    if isinstance(anchor, Site):
        node = node_at(file, file.locate(anchor))
        yield from _candidates(node) if node is not None else ()
        return
    if isinstance(anchor, ast.expr):
        yield anchor
        return
    made = file.node_of(anchor) if isinstance(anchor, Function) else anchor
    if isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef):
        returns = [node.value for node in ast.walk(made) if isinstance(node, ast.Return)]
        yield from (returns[0],) if len(returns) == 1 and returns[0] is not None else ()


def prefetched(file: File, site: Site) -> Fix | None:
    """The rows that ``row.relation.all()`` asks for in a loop, loaded by Django with those of the loop."""
    node = node_at(file, file.locate(site))
    if node is None or site.effect.hops or isinstance(file.index.parent(node), ast.Attribute):
        return None
    if isinstance(node, ast.Call):
        if node.args or node.keywords or not isinstance(node.func, ast.Attribute) or node.func.attr != "all":
            return None
        node = node.func.value
    base, path = _path(node)
    query = query_of(file, base) if base is not None and len(path) == 1 else None
    if query is None or query.orm != "django" or not query.model:
        return None
    world = file.world
    named = world.models.called(query.model.rpartition(".")[2])
    known = [world.relations.of(key, path[0]) for key in named]
    if len(known) != 1 or known[0] is None or not known[0].many:
        return None
    recipe = _django(query, path[0], many=True)
    return None if recipe is None else _fix(file, f"Prefetch `{path[0]}`", recipe)


def _plans(
    file: File, node: ast.expr, site: Site, owner: str, attribute: str, *, many: bool
) -> Iterator[Recipe | None]:
    """A recipe for each query that a row of this expression can come from."""
    if site.kind == "read" and not site.effect.hops:
        base, path = _path(node)
        if base is not None and path and path[-1] == attribute:
            query = query_of(file, base)
            if query is not None and (len(path) > 1 or _is_of(query, owner)):
                yield _recipe(query, tuple(path), many=many)
        return
    for candidate in _candidates(node):
        query = query_of(file, candidate)
        if query is not None and query.model and _is_of(query, owner):
            yield _recipe(query, (attribute,), many=many)


def _is_of(query: Query, owner: str) -> bool:
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


def _recipe(query: Query, path: tuple[str, ...], *, many: bool) -> Recipe | None:
    if query.orm == "django":
        return _django(query, "__".join(path), many=many)
    if len(path) != 1:
        return None
    option = f"$0({query.model}.{path[0]})"
    at = query.file.locate(query.node)
    if query.orm == "sqlalchemy":
        return Recipe.of("option", at, _SELECTIN, code=f"options({option})")
    assert isinstance(query.node, ast.Call)
    # A second query for one row saves nothing; PostgreSQL refuses a lock on an outer join.
    is_locked = any(keyword.arg == "with_for_update" for keyword in query.node.keywords)
    loader = _SELECTIN if is_locked else _JOINED
    given = next((keyword.value for keyword in query.node.keywords if keyword.arg == "options"), None)
    if given is None:
        return Recipe.of("keyword", at, loader, name="options", code=f"[{option}]")
    if not isinstance(given, ast.List) or not given.elts:
        return None
    known = text_of(query.file, given).removesuffix("]").rstrip().rstrip(",")
    return Recipe.of("replace", query.file.locate(given), loader, code=f"{known}, {option}]")


def _django(query: Query, path: str, *, many: bool) -> Recipe | None:
    method = _method(query, many=many)
    if method == "prefetch_related" and "iterator" in query.steps:
        # Streamed rows are prefetched only if somebody says in chunks of how many.
        return None
    at = query.file.locate(query.node)
    return Recipe.of("option", at, code=f'{method}("{path}")')


def _method(query: Query, *, many: bool) -> str:
    # A lock on an outer join is refused by PostgreSQL.
    return "prefetch_related" if many or "select_for_update" in query.steps else "select_related"

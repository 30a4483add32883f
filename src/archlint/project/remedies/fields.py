"""Declarations that say too little: a field that may be None, a page size without a bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import (
    call_at,
    default_of,
    integer,
    keyword_of,
    last_name,
    module_seen_from,
    text_of,
)

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.interface.page_sizes import Size

#: The bound of a page where the code names no other number.
_PAGE = 100
#: Base classes of paginations, and the attribute that says how large a page is.
_PAGINATIONS = {
    "rest_framework.pagination.PageNumberPagination": "page_size",
    "rest_framework.pagination.CursorPagination": "page_size",
    "rest_framework.pagination.LimitOffsetPagination": "default_limit",
}
#: How files say what they mean that are written for older versions of Python, too.
_OLDER = ("Optional[", "Union[", "List[", "Dict[")


def optional(file: File, line: int, name: str) -> Fix | None:
    """``name: str | None`` for a field whose default is None; ``Optional[str]`` where files write that."""
    field = next(
        (
            node
            for node in file.index.nodes(ast.AnnAssign)
            if node.lineno == line and isinstance(node.target, ast.Name) and node.target.id == name
        ),
        None,
    )
    annotation = _innermost(field.annotation) if field is not None else None
    if annotation is None or isinstance(annotation, ast.Constant):
        # What stands in quotes may be more than a name.
        return None
    at = file.locate(annotation)
    if file.mentions(_OLDER):
        recipe = Recipe.of("wrap", at, "typing:Optional", code="$0[{self}]")
    else:
        recipe = Recipe.of("wrap", at, code="{self} | None")
    # Of a table it makes a column that may be NULL.
    owner = file.index.enclosing(annotation, (ast.ClassDef,))
    is_table = owner is not None and any(keyword.arg == "table" for keyword in owner.keywords)
    applicability = Applicability.UNSAFE if is_table else Applicability.SAFE
    return Fix("Say that it may be None", applicability, recipes=(recipe,))


def _innermost(annotation: ast.expr) -> ast.expr | None:
    """The type itself: the first element of ``Annotated``."""
    if not isinstance(annotation, ast.Subscript) or last_name(annotation.value) != "Annotated":
        return annotation
    inner = annotation.slice
    return _innermost(inner.elts[0]) if isinstance(inner, ast.Tuple) and inner.elts else None


# -- page sizes -----------------------------------------------------------------------------------


def bounded_size(file: File, size: Size, framework: str) -> Fix | None:
    """``le=`` where a page size is declared: by a handler, by a dependency, as a field of a model."""
    home = file.beside(size.path)
    if home is None:
        return None
    if size.owner.kind == "class":
        return _bounded_field(home, size)
    node = home.definition(size.owner)
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if node is not None else ()
    argument = next((argument for argument in given if argument.arg == size.declared), None)
    return _bounded_parameter(home, argument, framework) if argument is not None else None


def _bounded_field(file: File, size: Size) -> Fix | None:
    """``Field(20, le=100)`` in a model of pydantic."""
    if not file.world.api.schemas.is_schema(f"{size.path}:{size.owner.index}"):
        return None
    lines = range(size.owner.line, size.owner.end_line + 1)
    field = next(
        (
            node
            for node in file.index.nodes(ast.AnnAssign)
            if node.lineno in lines and isinstance(node.target, ast.Name) and node.target.id == size.declared
        ),
        None,
    )
    value = field.value if field is not None else None
    if isinstance(value, ast.Call) and last_name(value.func) == "Field":
        given = value.args[0] if value.args else keyword_of(value, "default")
        if _is_none(given):
            return None
        return _bound(Recipe.of("keyword", file.locate(value), name="le", code=str(_page(given))))
    if integer(value) is None:
        return None
    code = f"$0({{self}}, le={_page(value)})"
    return _bound(Recipe.of("wrap", file.locate(value), "pydantic:Field", code=code))


def _bounded_parameter(file: File, argument: ast.arg, framework: str) -> Fix | None:
    """``le=`` for a page size that FastAPI or django-ninja reads from the query string."""
    if argument.annotation is None:
        return None
    default = default_of(file, argument)
    if _is_none(default):
        return None  # whoever asks for no page would still get all rows
    for declared in (default, argument.annotation):
        for node in ast.walk(declared) if declared is not None else ():
            if isinstance(node, ast.Call) and last_name(node.func) == "Query":
                given = node.args[0] if node.args else keyword_of(node, "default")
                largest = _page(given if declared is default else default)
                if declared is default and _is_none(given):
                    return None
                return _bound(Recipe.of("keyword", file.locate(node), name="le", code=str(largest)))
    if isinstance(default, ast.Call) or isinstance(argument.annotation, ast.Constant):
        return None
    if framework == "django-ninja":
        if default is None:
            return None
        code = f"$0({{self}}, le={_page(default)})"
        return _bound(Recipe.of("wrap", file.locate(default), "ninja:Query", code=code))
    code = f"$0[{{self}}, $1(le={_page(default)})]"
    at = file.locate(argument.annotation)
    return _bound(Recipe.of("wrap", at, "typing:Annotated", "fastapi:Query", code=code))


def _is_none(default: ast.expr | None) -> bool:
    return isinstance(default, ast.Constant) and default.value is None


def _page(default: ast.expr | None) -> int:
    """The largest page: never less than the one that clients get who do not ask."""
    text = default.value if isinstance(default, ast.Constant) else None
    number = int(text) if isinstance(text, str) and text.isdecimal() else integer(default)
    return max(_PAGE, number or 0)


def bounded_value(file: File, line: int) -> Fix | None:
    """``min(…)`` around a page size that a Flask handler reads from the query string."""
    statement = next((node for node in file.index.nodes(ast.Assign) if node.lineno == line), None)
    return bounded_call(file, file.locate(statement.value)) if statement is not None else None


def bounded_call(file: File, location: Location) -> Fix | None:
    """``min(…)`` around the call that makes a number of a text of the query string."""
    value = call_at(file, location)
    if value is None:
        return None
    if isinstance(value.func, ast.Name) and value.func.id == "int":
        asked = value.args[0] if value.args else None
        default = asked.args[1] if isinstance(asked, ast.Call) and len(asked.args) > 1 else None
        largest = _page(default)
    else:
        default = value.args[1] if len(value.args) > 1 else keyword_of(value, "default")
        kind = keyword_of(value, "type")
        if integer(default) is None or not isinstance(kind, ast.Name) or kind.id != "int":
            # Nothing is asked for as None or as text, which has no smaller one.
            return None
        largest = _page(default)
    return _bound(Recipe.of("wrap", file.locate(value), code=f"min({{self}}, {largest})"))


def bounded_class(file: File, line: int, size: str, bound: str) -> Fix | None:
    """The largest page of a pagination class, behind the attribute that says how large one usually is."""
    owner = next((node for node in file.index.nodes(ast.ClassDef) if node.lineno == line), None)
    set_here = {
        statement.targets[0].id: statement
        for statement in (owner.body if owner is not None else ())
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    if not set_here:
        return None
    page = _page(set_here[size].value if size in set_here else None)
    if bound in set_here:  # as `None`
        return _bound(Recipe.of("replace", file.locate(set_here[bound].value), code=str(page)))
    last = set_here.get(size) or list(set_here.values())[-1]
    return _bound(Recipe.of("after", file.locate(last), code=f"{bound} = {page}"))


def paged(file: File, line: int) -> Fix | None:
    """The project's own pagination for a list view, if there is one alone that says how large a page is."""
    owner = next((node for node in file.index.nodes(ast.ClassDef) if node.lineno == line), None)
    last = next(
        (
            one
            for one in (owner.body if owner is not None else ())
            if isinstance(one, ast.Assign)
            and text_of(file, one.targets[0]) in ("queryset", "serializer_class")
        ),
        None,
    )
    found = sorted(_paginations(file)) if last is not None else []
    if last is None or len(found) != 1:
        return None
    path, name = found[0]
    module = module_seen_from(file, path)
    if not module or path == file.name:
        return None
    recipe = Recipe.of("after", file.locate(last), f"{module}:{name}", code="pagination_class = $0")
    return Fix(f"Page it with `{name}`", Applicability.UNSAFE, recipes=(recipe,))


def _paginations(file: File) -> Iterator[tuple[str, str]]:
    """The pagination classes of a project that say how large a page is."""
    world = file.world
    for path in {path for base in _PAGINATIONS for path in world.mentioning(base.rpartition(".")[2])}:
        for scope in world.summary(path).scopes:
            key = f"{path}:{scope.index}"
            if scope.kind != "class" or _PAGINATIONS.keys().isdisjoint(world.classes.library_bases(key)):
                continue
            sizes = {size for size in _PAGINATIONS.values() if size in scope.binds}
            if sizes and scope.parent == 0:
                yield path, scope.name


def _bound(recipe: Recipe) -> Fix:
    return Fix("Set an upper bound", Applicability.UNSAFE, recipes=(recipe,))

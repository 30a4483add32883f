"""What a route handler takes: path parameters it lacks, a body that belongs into the query."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.project.remedies.places import text_of
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.routes.entry import RouteEntry

#: Parameters that frameworks fill by their place.
_GIVEN = ("self", "cls", "request")
_LISTS = ("list", "set", "List", "Set")


def with_parameter(file: File, function: Function, entry: RouteEntry, name: str) -> Fix | None:
    """The path parameter that a handler lacks; none where one of its own may be meant under another name."""
    node = file.node_of(function)
    if node is None or entry.framework not in ("fastapi", "flask", "django") or node.args.posonlyargs:
        return None
    positional = node.args.args
    first = [arg.arg for arg in positional[:2] if arg.arg in _GIVEN]
    required = positional[len(first) : len(positional) - len(node.args.defaults)]
    in_path = set(_names_in_path(entry))
    if (
        any(arg.arg not in in_path for arg in required if not _is_injected(arg))
        or node.args.kwarg is not None
    ):
        return None
    code = f"{name}: str" if entry.framework == "fastapi" else name
    recipe = Recipe.of("parameter", file.locate(function), code=code, after=first[-1] if first else "")
    return Fix(f"Add the parameter `{name}`", Applicability.UNSAFE, recipes=(recipe,))


def _is_injected(arg: ast.arg) -> bool:
    """Whether a dependency or a request is what a parameter asks for, by its annotation."""
    return isinstance(arg.annotation, ast.Subscript) and ast.unparse(arg.annotation.value).endswith(
        "Annotated"
    )


def _names_in_path(entry: RouteEntry) -> tuple[str, ...]:
    shown = entry.shown.replace("<", "{").replace(">", "}")
    parts = (part.partition("}")[0] for part in shown.split("{")[1:])
    if entry.framework == "fastapi":
        return tuple(part.partition(":")[0] for part in parts)
    return tuple(part.rpartition(":")[2] for part in parts)


#: What one value of a query string can be.
_PLAIN = frozenset(
    (
        "str",
        "int",
        "float",
        "bool",
        "None",
        "uuid.UUID",
        "datetime.datetime",
        "datetime.date",
        "decimal.Decimal",
    )
)


def _fits_query(file: File, function: Function, name: str) -> bool:
    """Whether a query string can hold all fields of a parameter's model."""
    kinds = members(_declared(file, function, name))
    columns = file.world.api.schemas.columns(kinds[0].name) if len(kinds) == 1 else ()
    return bool(columns) and all(
        column.type is not None and all(_is_plain(part) for part in members(column.type))
        for column in columns
    )


def _declared(file: File, function: Function, name: str) -> Type | None:
    """What a parameter is by its annotation."""
    return file.world.evaluator.name(name, function.frame, 0, 0)


def _is_plain(value: Type) -> bool:
    """Whether a value can be written in a query string: one, or a list of such."""
    if value.name in ("list", "set"):
        return all(item is not None and item.name in _PLAIN for item in value.args)
    return value.name in _PLAIN


def _is_in_query(file: File, arg: ast.arg) -> bool:
    """Whether a parameter may come from the query string as well: FastAPI wants a model alone."""
    if arg.annotation is None:
        return arg.arg not in _GIVEN
    text = text_of(file, arg.annotation).removeprefix("Optional[").partition("|")[0].strip(" ]")
    return text in _PLAIN or text.startswith(("list[", "List[", "set[", "Literal["))


def in_query(file: File, function: Function, name: str) -> Fix | None:
    """A parameter of a FastAPI handler that is read from the query string instead of a body."""
    node, route = file.node_of(function), function.route
    if node is None or route is None or route.framework != "fastapi":
        return None
    positional = node.args.args
    plain = positional[: len(positional) - len(node.args.defaults)]
    plain += [
        arg for arg, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value is None
    ]
    found = next((arg for arg in plain if arg.arg == name), None)
    annotation = found.annotation if found is not None else None
    if isinstance(annotation, ast.Name | ast.Attribute):
        if not _fits_query(file, function, name) or any(
            _is_in_query(file, arg) for arg in (*positional, *node.args.kwonlyargs) if arg is not found
        ):
            return None
    elif (
        not isinstance(annotation, ast.Subscript)
        or ast.unparse(annotation.value) not in _LISTS
        # FastAPI refuses to start with a list of models there.
        or not all(_is_plain(kind) for kind in members(_declared(file, function, name)))
    ):
        return None
    recipe = Recipe.of(
        "replace",
        file.locate(annotation),
        "typing:Annotated",
        "fastapi:Query",
        code=f"$0[{text_of(file, annotation)}, $1()]",
    )
    return Fix("Read it from the query string", Applicability.UNSAFE, recipes=(recipe,))

"""What a route answers with: the code that fits, no body where none may be, everything documented."""

from __future__ import annotations

import ast
from http import HTTPStatus
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.project.remedies.places import FUNCTIONS, assigned, call_at, keeps_comments, keyword_of, text_of

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.routes.entry import Place

_EFFECTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_DRF = "rest_framework.response.Response"
#: Keys under which a failure is told in one text.
_TEXTS = frozenset(("error", "detail"))


def without_body(file: File, place: ast.Return | None, framework: str, library: str) -> Fix | None:
    """A return that sends nothing; what it computes has to have no effect, or is still done.

    ``library`` is what makes the response; empty where the framework makes it from plain data.
    """
    value = place.value if place is not None else None
    if place is None or value is None or "#" in text_of(file, place) or _tells_failure(value):
        return None
    recipe = _of_response(file, value, framework, library)
    if recipe is None and framework == "fastapi" and not isinstance(value, ast.Call | ast.Tuple):
        owner = file.index.enclosing(place, FUNCTIONS)
        if not isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef) or owner.returns is not None:
            return None
        if not _has_effects(value):
            recipe = Recipe.of("replace", file.locate(value), code="None")
        elif isinstance(value, ast.Await) and owner.body[-1] is place:
            recipe = Recipe.of("statement", file.locate(place), code=text_of(file, value))
    return None if recipe is None else Fix("Send no body", Applicability.UNSAFE, recipes=(recipe,))


def _tells_failure(value: ast.expr) -> bool:
    """Whether a body has a key for failures: then the status is wrong, and the body is meant."""
    dicts = (node for node in ast.walk(value) if isinstance(node, ast.Dict))
    return any(isinstance(key, ast.Constant) and key.value in _TEXTS for node in dicts for key in node.keys)


def _of_response(file: File, value: ast.expr, framework: str, library: str) -> Recipe | None:
    """The response of a library without its content."""
    if framework == "flask" and isinstance(value, ast.Tuple) and _is_plain(value.elts[0]):
        return Recipe.of("replace", file.locate(value.elts[0]), code='""')
    if not isinstance(value, ast.Call) or len(value.args) != 1 or not _is_plain(value.args[0]):
        return None
    name = "status" if library == _DRF else "status_code"
    code = keyword_of(value, name)
    if code is None or len(value.keywords) != 1:
        return None
    if framework in ("fastapi", "starlette"):
        made = "starlette.responses:Response" if framework == "starlette" else "fastapi:Response"
        return Recipe.of("replace", file.locate(value), made, code=f"$0({name}={text_of(file, code)})")
    if library != _DRF:
        return None
    made = f"{text_of(file, value.func)}({name}={text_of(file, code)})"
    return Recipe.of("replace", file.locate(value), code=made)


def _is_plain(node: ast.expr) -> bool:
    """Whether a value is worked out without an effect; ``jsonify`` has none, either."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "jsonify":
        return not any(_has_effects(part) for part in (*node.args, *(k.value for k in node.keywords)))
    return not _has_effects(node)


def _has_effects(node: ast.expr) -> bool:
    return any(isinstance(part, _EFFECTS) for part in ast.walk(node))


# -- failures -----------------------------------------------------------------------------------------


def not_found(file: File, place: ast.Return | None, framework: str) -> Fix | None:
    """404 for a failure that is told where something looked up turned out to be None."""
    value = place.value if place is not None else None
    if place is None or value is None or not _is_missing(file, place):
        return None
    recipe = _with_404(file, place, value, framework)
    return None if recipe is None else Fix("Answer with 404", Applicability.UNSAFE, recipes=(recipe,))


def _with_404(file: File, place: ast.Return, value: ast.expr, framework: str) -> Recipe | None:
    if framework == "fastapi":
        text = _text_of_failure(value)
        if text is None or not keeps_comments(file, place, text) or _is_caught(file, place):
            return None
        code = f"raise $0(404, {text_of(file, text)})"
        return Recipe.of("statement", file.locate(place), "fastapi:HTTPException", code=code)
    if framework in ("flask", "quart"):
        if isinstance(value, ast.Tuple):
            return None
        at = file.locate(value)
        return Recipe.of("replace", at, code=f"{text_of(file, value)}, 404")
    if framework in ("django", "aiohttp") and isinstance(value, ast.Call):
        return Recipe.of("keyword", file.locate(value), name="status", code="404")
    return None


def _text_of_failure(value: ast.expr) -> ast.expr | None:
    """The one text of ``{"error": text}``."""
    if not isinstance(value, ast.Dict) or len(value.keys) != 1:
        return None
    key = value.keys[0]
    return value.values[0] if isinstance(key, ast.Constant) and key.value in _TEXTS else None


def _is_missing(file: File, place: ast.Return) -> bool:
    """Whether a return stands right below ``if row is None`` or ``if not row``, of something looked up."""
    outer = file.index.parent(place)
    if not isinstance(outer, ast.If) or place not in outer.body:
        return False
    test = outer.test
    if isinstance(test, ast.Compare):
        is_none = isinstance(test.ops[0], ast.Is) and ast.unparse(test.comparators[0]) == "None"
        name = test.left if is_none and len(test.ops) == 1 else None
    else:
        name = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    source = assigned(file, name) if isinstance(name, ast.Name) else None
    source = source.value if isinstance(source, ast.Await) else source
    return isinstance(source, ast.Call) and bool(source.args or source.keywords)


def _is_caught(file: File, node: ast.AST) -> bool:
    """Whether an exception raised here would be caught in this function."""
    here: ast.AST | None = node
    while here is not None and not isinstance(here, ast.FunctionDef | ast.AsyncFunctionDef):
        above = file.index.parent(here)
        if isinstance(above, ast.Try) and above.handlers and here in above.body:
            return True
        here = above
    return False


# -- documents ----------------------------------------------------------------------------------------


def documented(file: File, places: set[Place], code: int) -> Fix | None:
    """``responses={404: …}`` in the decorators that register a handler, all of them in this file."""
    if code not in set(HTTPStatus) or any(place.path != file.name for place in places):
        return None
    text = f'{{"description": "{HTTPStatus(code).phrase}"}}'
    recipes = []
    for place in sorted(places):
        node = call_at(file, file.locate(place))
        given = keyword_of(node, "responses") if node is not None else None
        if node is not None and given is None:
            location = file.locate(node)
            recipes.append(Recipe.of("keyword", location, name="responses", code=f"{{{code}: {text}}}"))
        elif isinstance(given, ast.Dict) and given.values:
            recipes.append(Recipe.of("item", file.locate(given), code=f"{code}: {text}"))
        else:
            return None
    return Fix(f"Document {code}", Applicability.UNSAFE, recipes=tuple(recipes))


def annotated(file: File, function: Function) -> Fix | None:
    """``-> Model`` for a handler whose every return builds that model."""
    node = file.node_of(function)
    if node is None or node.returns is not None:
        return None
    names = {
        returned.value.func.id
        if isinstance(returned.value, ast.Call) and isinstance(returned.value.func, ast.Name)
        else ""
        for returned in ast.walk(node)
        if isinstance(returned, ast.Return)
    }
    name = names.pop() if len(names) == 1 else ""
    value = file.world.evaluator.name(name, function.frame, 0, 0) if name else None
    if value is None or value.kind != "class" or not file.world.api.schemas.is_schema(value.name):
        return None
    if not isinstance(node.body[-1], ast.Return | ast.Raise) or not _is_defined_above(file, name, node):
        return None
    recipe = Recipe.of("returns", file.locate(function), code=name)
    return Fix("Say what it returns", Applicability.UNSAFE, recipes=(recipe,))


def _is_defined_above(file: File, name: str, node: ast.stmt) -> bool:
    """Whether the module has a name when the definition is run."""
    return any(
        (isinstance(one, ast.ClassDef) and one.name == name)
        or (
            isinstance(one, ast.ImportFrom)
            and any((alias.asname or alias.name) == name for alias in one.names)
        )
        for one in file.tree.body
        if one.lineno < node.lineno
    )

"""What a route answers with: the code that fits, no body where none may be, everything documented."""

from __future__ import annotations

import ast
from http import HTTPStatus
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Fix, Recipe
from archlint.knowledge.access import ANSWERS
from archlint.project.evaluation.frames import END
from archlint.project.remedies.places import FUNCTIONS, assigned, call_at, keeps_comments, keyword_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.routes.answers import Answer
    from archlint.project.routes.entry import Place, RouteEntry
    from archlint.project.types import Type

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


def failed(file: File, place: ast.Return | None, framework: str, library: str) -> Fix | None:
    """The status of a failure: 404 for what was looked up and is None, 500 for what nobody expected.

    ``library`` is what makes the response; empty where the framework makes it from plain data.
    """
    value = place.value if place is not None else None
    code = _code_of_failure(file, place) if place is not None else 0
    if place is None or value is None or not code:
        return None
    recipe = (_raised(file, place, value, code) if framework == "fastapi" else None) or _with_code(
        file, value, framework, library, code
    )
    return None if recipe is None else Fix(f"Answer with {code}", Applicability.UNSAFE, recipes=(recipe,))


def _code_of_failure(file: File, place: ast.Return) -> int:
    """The status that is certain at a place; 0 where it depends on what the failure means."""
    if _is_missing(file, place):
        return 404
    handler = file.index.parent(place)
    kind = handler.type if isinstance(handler, ast.ExceptHandler) else place
    is_any = kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
    return 500 if is_any else 0


def _raised(file: File, place: ast.Return, value: ast.expr, code: int) -> Recipe | None:
    """``raise HTTPException`` with the one text of a failure."""
    text = _text_of_failure(value)
    if text is None or not keeps_comments(file, place, text) or _is_caught(file, place):
        return None
    handler = file.index.parent(place)
    cause = f" from {handler.name}" if isinstance(handler, ast.ExceptHandler) and handler.name else ""
    raised = f"raise $0({code}, {text_of(file, text)}){cause}"
    return Recipe.of("statement", file.locate(place), "fastapi:HTTPException", code=raised)


def _with_code(file: File, value: ast.expr, framework: str, library: str, code: int) -> Recipe | None:
    """The same answer, with a status."""
    at = file.locate(value)
    if framework in ("flask", "quart"):
        return (
            None
            if isinstance(value, ast.Tuple)
            else Recipe.of("replace", at, code=f"{text_of(file, value)}, {code}")
        )
    names = ANSWERS[library][3] if library else ()
    if isinstance(value, ast.Call) and names:
        return Recipe.of("keyword", at, name=names[0], code=str(code))
    owner = file.index.enclosing(value, FUNCTIONS)
    is_open = isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef) and owner.returns is None
    if framework != "fastapi" or not is_open or not _is_json(value):
        return None
    made = f"$0({{self}}, status_code={code})"
    return Recipe.of("wrap", at, "fastapi.responses:JSONResponse", code=made)


def _is_json(value: ast.expr) -> bool:
    """Whether a value certainly is what JSON can say, without a model among it."""
    if isinstance(value, ast.Dict):
        return all(one is not None and _is_json(one) for one in (*value.keys, *value.values))
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in ("str", "repr", "len")
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant)
        and (value.value is None or isinstance(value.value, str | int | float))
    )


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


# -- registrations ------------------------------------------------------------------------------------


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


def created(file: File, function: Function, answers: list[Answer]) -> Fix | None:
    """201 for what a handler created: where FastAPI registers it, or with each answer of its own."""
    framework = function.route.framework if function.route is not None else ""
    is_plain = [not answer.library and framework == "fastapi" for answer in answers]
    recipes: list[Recipe | None] = []
    if any(is_plain):
        recipes += _registered(file, file.world.route_table.of(file.name, function.scope))
    for answer in (answer for answer, plain in zip(answers, is_plain, strict=True) if not plain):
        place = file.return_at(answer.line)
        value = place.value if place is not None else None
        recipes.append(_with_code(file, value, framework, answer.library, 201) if value is not None else None)
    found = tuple(recipe for recipe in recipes if recipe is not None)
    if not found or len(found) < len(recipes):
        return None
    return Fix("Answer with 201", Applicability.UNSAFE, recipes=found)


def _registered(file: File, entries: tuple[RouteEntry, ...]) -> Iterator[Recipe | None]:
    for place in sorted({entry.place for entry in entries}):
        node = call_at(file, file.locate(place)) if place.path == file.name else None
        at = file.locate(node) if node is not None else None
        yield Recipe.of("keyword", at, name="status_code", code="201") if at is not None else None


def without_code(file: File, entries: tuple[RouteEntry, ...]) -> Fix | None:
    """No code where a handler is registered: 200."""
    nodes = [
        call_at(file, file.locate(place)) if place.path == file.name else None
        for place in sorted({entry.place for entry in entries})
    ]
    recipes = tuple(
        Recipe.of("without", file.locate(node), name="status_code")
        for node in nodes
        if node is not None and keyword_of(node, "status_code") is not None
    )
    if not recipes or len(recipes) < len(nodes):
        return None
    return Fix("Answer with 200", Applicability.UNSAFE, recipes=recipes)


# -- types --------------------------------------------------------------------------------------------


def annotated(file: File, function: Function) -> Fix | None:
    """``-> Model``, ``-> list[Model]`` for a handler whose every return is that model, or a list of such."""
    node = file.node_of(function)
    if node is None or node.returns is not None or not isinstance(node.body[-1], ast.Return | ast.Raise):
        return None
    evaluator = file.world.evaluator
    kinds = {
        evaluator.awaited_or_self(evaluator.eval(expr, function.frame, block, order))
        for expr, block, order, _ in function.scope.returns
    }
    kind = kinds.pop() if len(kinds) == 1 else None
    is_list = kind is not None and kind.name == "list" and len(kind.args) == 1
    model = kind.args[0] if kind is not None and is_list else kind
    if model is None or model.kind != "inst" or not file.world.api.schemas.is_schema(model.name):
        return None
    name = _called_above(file, model, node)
    if not name:
        return None
    code = f"list[{name}]" if is_list else name
    recipe = Recipe.of("returns", file.locate(function), code=code)
    return Fix("Say what it returns", Applicability.UNSAFE, recipes=(recipe,))


def _called_above(file: File, model: Type, node: ast.stmt) -> str:
    """The name by which the module knows a class when the definition is run; empty if it does not."""
    evaluator = file.world.evaluator
    module = evaluator.frame(file.name, 0, (), 3)
    for one in file.tree.body:
        if one.lineno >= node.lineno:
            break
        names = [one.name] if isinstance(one, ast.ClassDef) else []
        if isinstance(one, ast.ImportFrom):
            names = [alias.asname or alias.name for alias in one.names]
        for name in names:
            known = evaluator.name(name, module, 0, END)
            if known is not None and (known.kind, known.name) == ("class", model.name):
                return name
    return ""

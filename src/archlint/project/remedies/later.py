"""What a request sends out, sent when it is safe: behind the commit, behind the answer, by its key."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.project.remedies.places import (
    FUNCTIONS,
    call_at,
    free_name,
    keyword_of,
    last_name,
    module_seen_from,
    text_of,
)

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.types import Type

_BACKGROUND = ("background_tasks", "background")
_BLOCKS: tuple[type[ast.Try | ast.With | ast.AsyncWith], ...] = (ast.Try, ast.With, ast.AsyncWith)


def after_commit(file: File, location: Location) -> Fix | None:
    """``transaction.on_commit(partial(send, …))`` for a call whose result nobody uses.

    What it is given is worked out at once, as before.
    """
    node = call_at(file, location)
    if node is None or not isinstance(file.index.parent(node), ast.Expr) or not _is_direct(node):
        return None
    owner = file.index.enclosing(node, FUNCTIONS)
    if not isinstance(owner, ast.FunctionDef) or not _is_of_default_database(file, node, owner):
        return None
    function, given = text_of(file, node.func), _given(file, node)
    imports = ("django.db:transaction", *(("functools:partial",) if given else ()))
    deferred = f"$1({function},{given})" if given else function
    recipe = Recipe.of("replace", location, *imports, code=f"$0.on_commit({deferred})")
    return Fix("Send it after the commit", Applicability.UNSAFE, recipes=(recipe,))


def _is_direct(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name | ast.Attribute)


def _given(file: File, node: ast.Call) -> str:
    """The text of the arguments of a call, as it follows another argument."""
    given = text_of(file, node)[len(text_of(file, node.func)) :].strip()[1:-1]
    if not given.strip():
        return ""
    return given if given[0].isspace() else f" {given}"


def _is_of_default_database(file: File, node: ast.Call, owner: ast.FunctionDef) -> bool:
    """Whether the transaction around a call is of the default database, and no error is caught in it."""
    here: ast.AST | None = node
    while here is not None and here is not owner:
        if isinstance(here, ast.Try) and here.handlers:
            # What fails after the commit would be caught no more.
            return False
        if isinstance(here, ast.With) and (opened := _atomic(item.context_expr for item in here.items)):
            return _is_plain(opened)
        here = file.index.parent(here)
    opened = _atomic(owner.decorator_list)
    return opened is None or _is_plain(opened)


def _atomic(expressions: Iterable[ast.expr]) -> ast.expr | None:
    """``transaction.atomic`` among some expressions, called or not."""
    return next(
        (one for one in expressions if last_name(one.func if isinstance(one, ast.Call) else one) == "atomic"),
        None,
    )


def _is_plain(opened: ast.expr) -> bool:
    return not isinstance(opened, ast.Call) or (not opened.args and keyword_of(opened, "using") is None)


def after_answer(file: File, function: Function, location: Location) -> Fix | None:
    """A background task of FastAPI for a call whose result nobody uses, in the handler itself."""
    node, route = call_at(file, location), function.route
    owner = file.node_of(function)
    if node is None or owner is None or route is None or route.framework != "fastapi" or not _is_direct(node):
        return None
    outer = file.index.parent(node)
    waits = isinstance(outer, ast.Await)
    if not isinstance(file.index.parent(outer) if waits and outer is not None else outer, ast.Expr):
        return None
    if file.index.enclosing(node, _BLOCKS) is not None or owner.args.posonlyargs:
        # What fails behind the answer is caught by nobody, and what was opened is closed by then.
        return None
    name, parameter = _background(file, owner)
    if not name:
        return None
    given = _given(file, node)
    code = f"{name}.add_task({text_of(file, node.func)}{',' if given else ''}{given})"
    place = file.locate(outer) if waits and outer is not None else location
    recipes = [Recipe.of("replace", place, code=code)]
    if parameter:
        at = file.locate(function)
        recipes.append(Recipe.of("parameter", at, "fastapi:BackgroundTasks", code=f"{name}: $0"))
    return Fix("Send it after the answer", Applicability.UNSAFE, recipes=tuple(recipes))


def _background(file: File, owner: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, bool]:
    """What the background tasks of a handler are called, and whether they have to be asked for."""
    for arg in (*owner.args.args, *owner.args.kwonlyargs):
        if arg.annotation is not None and text_of(file, arg.annotation).endswith("BackgroundTasks"):
            return arg.arg, False
    return free_name(file, owner.body[0], _BACKGROUND), True


# -- rows of jobs -------------------------------------------------------------------------------------


def by_key(file: File, location: Location, job: Type | None, row: int | str, model: str) -> Fix | None:
    """The key of a row for a job of Django's models, which then fetches the row itself.

    ``row`` is the position or the keyword of the argument, ``model`` the class of the row. Nobody else may
    start the job, or call it: they would hand over a row still.
    """
    node = call_at(file, location)
    scope = file.world.function(job.name) if job is not None and job.kind == "func" else None
    home = file.beside(job.name.rpartition(":")[0]) if job is not None and scope is not None else None
    task = home.definition(scope) if home is not None and scope is not None else None
    argument = _argument(task, row) if task is not None else None
    if node is None or home is None or task is None or argument is None or _uses(file, task.name) != 1:
        return None
    given = keyword_of(node, row) if isinstance(row, str) else node.args[row]
    loaded = _loaded(home, task, argument.arg, model)
    if given is None or loaded is None or not isinstance(given, ast.Name | ast.Attribute | ast.Call):
        return None
    name = f"{argument.arg}_id"
    recipes = (Recipe.of("wrap", file.locate(given), code="{self}.pk"), loaded)
    edits = [Edit(home.locate(argument), name)]
    for keyword in node.keywords:
        if keyword.arg == row:
            at = file.locate(keyword)
            edits.append(Edit(attrs.evolve(at, end_line=at.line, end_column=at.column + len(row)), name))
    where = f" in {home.display}:{task.lineno}" if home is not file else ""
    message = f"Pass its key and load it in the job{where}"
    return Fix(message, Applicability.UNSAFE, edits=tuple(edits), recipes=recipes)


def _argument(task: ast.FunctionDef | ast.AsyncFunctionDef, row: int | str) -> ast.arg | None:
    """The parameter that is given the row, if it has no default and keeps its value."""
    given = task.args.args[1:] if task.args.args[:1] and task.args.args[0].arg == "self" else task.args.args
    required = given[: len(given) - len(task.args.defaults)] if task.args.defaults else given
    if isinstance(row, int):
        found = required[row] if row < len(required) else None
    else:
        found = next((argument for argument in required if argument.arg == row), None)
    names = {argument.arg for argument in (*given, *task.args.kwonlyargs)}
    names |= {node.id for node in ast.walk(task) if isinstance(node, ast.Name)}
    stored = {n.id for n in ast.walk(task) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if found is None or found.arg in stored or f"{found.arg}_id" in names or task.args.posonlyargs:
        return None
    return found


def _uses(file: File, name: str) -> int:
    """How often the project names a function, its definition and imports left out."""
    found = 0
    for path in file.world.mentioning(name):
        other = file.beside(path)
        for kind in (ast.Name, ast.Attribute, ast.Constant) if other is not None else ():
            for node in other.index.nodes(kind) if other is not None else ():
                said = node.value if isinstance(node, ast.Constant) else last_name(node)
                found += isinstance(said, str) and said.rpartition(".")[2] == name
    return found


def _loaded(home: File, task: ast.FunctionDef | ast.AsyncFunctionDef, name: str, model: str) -> Recipe | None:
    """The row of a key, fetched in front of the first statement of a job."""
    world, body = home.world, task.body[1:] if ast.get_docstring(task) is not None else task.body
    path, info = model.rpartition(":")[0], world.classes.info(model)
    is_alone = bool(body) and not home.lines[body[0].lineno - 1][: body[0].col_offset].strip()
    if info is None or not is_alone or world.models.orm_of(model) != "django":
        return None
    get = "await $0.objects.aget" if isinstance(task, ast.AsyncFunctionDef) else "$0.objects.get"
    code = f"{name} = {get}(pk={name}_id)"
    if path == home.name:
        return Recipe.of("before", home.locate(body[0]), code=code.replace("$0", info.name))
    module = module_seen_from(home, path)
    if not module or home.name in world.importing.imported(path):
        # The two modules would import one another.
        return None
    return Recipe.of("before", home.locate(body[0]), f"{module}:{info.name}", code=code)

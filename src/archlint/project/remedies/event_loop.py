"""Calls on an event loop: awaited, moved to a thread, or started as a task that somebody keeps."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.knowledge.resources import DEPENDS
from archlint.project.asynchrony.loop_bound import is_handed_to_loop, is_loop_bound
from archlint.project.remedies.eager import eager
from archlint.project.remedies.places import FUNCTIONS, call_at, free_name, keeps_comments, last_name, text_of
from archlint.project.routes.route import THREADED
from archlint.project.words import CALLS, IMPORTS

if TYPE_CHECKING:
    from archlint.project.asynchrony.blocking import Stall
    from archlint.project.asynchrony.causes import Cause
    from archlint.project.effects import Site
    from archlint.project.file import File
    from archlint.project.function import Function

#: Libraries with event loops of their own, on which asyncio's threads are of no use.
_OTHER_LOOPS = ("import trio", "from trio", "import curio")
_SLEEP = "time.sleep"
_KEPT = "_background_tasks"
_TASK_NAMES = ("task", "background_task", "new_task")


def off_the_loop(stall: Stall, file: File) -> Fix | None:
    """The call of a stall, awaited: ``asyncio.sleep`` for a sleep, a thread for anything else."""
    location = file.locate(stall.site)
    node = awaitable_call(file, location) if not is_handed_to_loop(stall.site) else None
    if node is None or file.mentions(_OTHER_LOOPS) or _is_lazy(stall, node, file):
        return None
    if stall.site.effect.leaf == _SLEEP and not stall.site.effect.hops:
        if len(node.args) != 1 or node.keywords:
            return None
        recipe = Recipe.of("call", location, "asyncio", callee="$0.sleep", **{"await": "yes"})
        return Fix("Sleep with `await asyncio.sleep`", Applicability.SAFE, recipes=(recipe,))
    if is_loop_bound(stall.site, file.world):
        return None
    recipe = Recipe.of("thread", location, "asyncio", runner="$0.to_thread", **{"await": "yes"})
    return Fix("Run it with `await asyncio.to_thread`", Applicability.UNSAFE, recipes=(recipe,))


def cause_off_the_loop(cause: Cause, file: File) -> Fix | None:
    """All the calls of one cause, moved off the loop: one of them left alone would be the next finding."""
    stalls = (cause.stall, *cause.others)
    fixes = [fix for stall in stalls if (fix := off_the_loop(stall, file)) is not None]
    if len(fixes) < len(stalls):
        return None
    is_safe = all(fix.applicability is Applicability.SAFE for fix in fixes)
    return Fix(
        fixes[0].message,
        Applicability.SAFE if is_safe else Applicability.UNSAFE,
        recipes=tuple(recipe for fix in fixes for recipe in fix.recipes),
    )


def _is_lazy(stall: Stall, node: ast.Call, file: File) -> bool:
    """Whether the work is done while the result is iterated: a thread would only start it."""
    callee = stall.site.callee
    if callee is not None and callee.kind in ("func", "method"):
        scope = file.world.function(callee.name)
        return scope is not None and scope.is_generator
    outer = file.index.parent(node)
    return isinstance(outer, ast.For | ast.AsyncFor | ast.comprehension) and outer.iter is node


def awaitable_call(file: File, location: Location) -> ast.Call | None:
    """The call at a place, if ``await`` may stand before it and its value is used up there and then."""
    node = call_at(file, location)
    if node is None:
        return None
    owner = file.index.enclosing(node, FUNCTIONS)
    if not isinstance(owner, ast.AsyncFunctionDef):
        return None
    inner: ast.AST | None = node
    while inner is not None and inner is not owner:
        outer = file.index.parent(inner)
        if isinstance(outer, ast.GeneratorExp | ast.Await | ast.withitem | ast.YieldFrom):
            return None
        if isinstance(outer, ast.AsyncFunctionDef) and inner not in outer.body:
            # Defaults and decorators run before there is a loop to wait on.
            return None
        inner = outer
    return node


def awaited(file: File, location: Location) -> Fix | None:
    """``await`` in front of a call that makes a coroutine."""
    if awaitable_call(file, location) is None:
        return None
    recipe = Recipe.of("wrap", location, code="await {self}")
    return Fix("Await it", Applicability.UNSAFE, recipes=(recipe,))


def awaited_argument(file: File, location: Location) -> Fix | None:
    """``await load()`` in the place of ``run(load())``, ``run(load)`` or ``wrap(load)()``."""
    node = awaitable_call(file, location)
    if node is None or node.keywords or file.mentions(_OTHER_LOOPS):
        return None
    code = _coroutine_of(file, node)
    if not code or text_of(file, node).count("#") > code.count("#"):
        # A comment between the parentheses would be lost.
        return None
    recipe = Recipe.of("replace", location, code=f"await {code}")
    return Fix("Await the coroutine", Applicability.UNSAFE, recipes=(recipe,))


def _coroutine_of(file: File, node: ast.Call) -> str:
    """The code of the coroutine that a call runs to its end."""
    if isinstance(node.func, ast.Call):
        if len(node.func.args) != 1 or node.func.keywords:
            return ""
        return _call_of(file, node.func.args[0], node.args)
    if not node.args:
        return ""
    first, *others = node.args
    if isinstance(first, ast.Call):
        return "" if others else text_of(file, first)
    return _call_of(file, first, others)


def _call_of(file: File, function: ast.expr, arguments: list[ast.expr]) -> str:
    if not isinstance(function, ast.Name | ast.Attribute):
        return ""
    return f"{text_of(file, function)}({', '.join(text_of(file, argument) for argument in arguments)})"


def kept_task(file: File, location: Location) -> Fix | None:
    """A set of the module that holds the task of a statement until it is done."""
    node = call_at(file, location)
    statement = file.index.parent(node) if node is not None else None
    owner = file.index.enclosing(node, FUNCTIONS) if node is not None else None
    if statement is None or owner is None or isinstance(owner, ast.Lambda):
        return None
    values = {}
    if isinstance(statement, ast.Expr):
        name = values["target"] = free_name(file, statement, _TASK_NAMES)
    elif isinstance(statement, ast.Assign) and [type(t) for t in statement.targets] == [ast.Name]:
        name = ast.unparse(statement.targets[0])
    else:
        return None
    if not name or (free_name(file, file.tree, (_KEPT,)) != _KEPT and not _is_kept_already(file)):
        return None
    values["code"] = f"{_KEPT}.add({name})\n{name}.add_done_callback({_KEPT}.discard)"
    recipes = [Recipe.of("after", file.locate(statement), **values)]
    if not _is_kept_already(file):
        code = f"{_KEPT}: set[$0.Task[object]] = set()"
        recipes.append(Recipe.of("constant", file.locate(None), "asyncio", code=code))
    return Fix(f"Keep the task in `{_KEPT}` until it is done", Applicability.UNSAFE, recipes=tuple(recipes))


def _is_kept_already(file: File) -> bool:
    """Whether the module has such a set of its own."""
    return any(
        isinstance(node, ast.AnnAssign | ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value) == "set()"
        and any(isinstance(n, ast.Name) and n.id == _KEPT for n in ast.walk(node))
        for node in file.tree.body
    )


def ended_cancellation(file: File, handler: ast.ExceptHandler) -> Fix | None:
    """The cancellation raised again, or not caught at all where the handler is for any exception."""
    at = file.locate(handler)
    if handler.type is None:
        point = Location(at.path, at.line, at.column + len("except"), at.line, at.column + len("except"))
        return Fix(
            "Catch `Exception`, which is no cancellation",
            Applicability.UNSAFE,
            edits=(Edit(point, " Exception"),),
        )
    if isinstance(handler.type, ast.Name) and handler.type.id == "BaseException":
        recipe = Recipe.of("replace", file.locate(handler.type), code="Exception")
        return Fix("Catch `Exception`, which is no cancellation", Applicability.UNSAFE, recipes=(recipe,))
    if isinstance(handler.type, ast.Tuple) or _leaves_early(handler):
        return None
    last = handler.body[-1]
    if isinstance(last, ast.Continue | ast.Pass | ast.Break | ast.Return):
        recipe = Recipe.of("statement", file.locate(last), code="raise")
    else:
        recipe = Recipe.of("append", at, code="raise")
    return Fix("Raise the cancellation again", Applicability.UNSAFE, recipes=(recipe,))


def _leaves_early(handler: ast.ExceptHandler) -> bool:
    """Whether the handler may be left before its last statement."""
    return any(
        isinstance(node, ast.Continue | ast.Break | ast.Return) and node is not handler.body[-1]
        for statement in handler.body
        for node in ast.walk(statement)
    )


#: Query methods of Django that have an asynchronous twin, named with an ``a`` in front.
_TWINS = frozenset(
    (
        "aggregate",
        "bulk_create",
        "bulk_update",
        "contains",
        "count",
        "create",
        "delete",
        "earliest",
        "exists",
        "first",
        "get",
        "get_or_create",
        "in_bulk",
        "last",
        "latest",
        "save",
        "update",
        "update_or_create",
    )
)
_LOOPING = ("asyncio", "anyio", "get_running_loop", "create_task")


def off_the_database(cause: Cause, function: Function, file: File) -> Fix | None:
    """A synchronous query out of a coroutine function: Django's twin of it, or a plain handler."""
    site = cause.stall.site
    relation = file.world.relations.called(site.effect.leaf) if site.kind == "read" else None
    if relation is not None and relation.orm == "django":
        return eager(file, site, site.effect.leaf)
    if not site.effect.leaf.startswith("django."):
        return plain_handler(function, file)
    if site.effect.leaf == _ITERATION and not site.effect.hops:
        return None if cause.others else _iterated(file, site)
    location = file.locate(site)
    node = awaitable_call(file, location)
    if node is None or cause.others or site.kind != "call" or _is_lazy(cause.stall, node, file):
        return None
    if not site.effect.hops:
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in _TWINS:
            return None
        callee = f"{text_of(file, node.func.value)}.a{node.func.attr}"
        recipe = Recipe.of("call", location, callee=callee, **{"await": "yes"})
        return Fix(f"Await `.a{node.func.attr}()`", Applicability.UNSAFE, recipes=(recipe,))
    callee = f"$0({text_of(file, node.func)})"
    recipe = Recipe.of("call", location, "asgiref.sync:sync_to_async", callee=callee, **{"await": "yes"})
    return Fix("Await it through `sync_to_async`", Applicability.UNSAFE, recipes=(recipe,))


#: What runs the query of a query set without a call of its own.
_ITERATION = "django.db.models.QuerySet iteration"
_ITEMS = ("row", "found_row")


def _iterated(file: File, site: Site) -> Fix | None:
    """A query set gone through by ``async for``, counted or tested by its twins."""
    location = file.locate(site)
    if site.kind == "iterate":
        return _looped(file, location)
    node = awaitable_call(file, location)
    if node is None:
        return None
    if site.kind == "test":
        # A query set with a name may be gone through below: one query would become two.
        recipe = Recipe.of("wrap", location, code="await {self}.aexists()")
        return Fix("Await `.aexists()`", Applicability.UNSAFE, recipes=(recipe,))
    rows = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if not isinstance(node.func, ast.Name) or rows is None or not keeps_comments(file, node, rows):
        return None
    text, item = text_of(file, rows), free_name(file, node, _ITEMS)
    if node.func.id == "len" and isinstance(rows, ast.Call):
        recipe = Recipe.of("replace", location, code=f"await {text}.acount()")
        return Fix("Await `.acount()`", Applicability.UNSAFE, recipes=(recipe,))
    if node.func.id != "list" or not item or isinstance(rows, ast.Starred):
        return None
    recipe = Recipe.of("replace", location, code=f"[{item} async for {item} in {text}]")
    return Fix("Go through it with `async for`", Applicability.UNSAFE, recipes=(recipe,))


def _looped(file: File, location: Location) -> Fix | None:
    """``async`` in front of the ``for`` of a loop or a display; a generator would be another thing then."""
    loops: list[ast.For | ast.comprehension] = [
        *file.index.nodes(ast.For),
        *file.index.nodes(ast.comprehension),
    ]
    loop = next((loop for loop in loops if file.locate(loop.iter) == location), None)
    display = file.index.parent(loop) if isinstance(loop, ast.comprehension) else loop
    owner = file.index.enclosing(display, FUNCTIONS) if display is not None else None
    if loop is None or isinstance(display, ast.GeneratorExp) or not isinstance(owner, ast.AsyncFunctionDef):
        return None
    line, column = loop.target.lineno, file.locate(loop.target).column
    head = file.lines[line - 1][:column].rstrip()
    if not head.endswith("for"):
        return None
    at = Location(location.path, line, len(head) - 3, line, len(head) - 3)
    edits = (Edit(at, "async "),)
    return Fix("Go through it with `async for`", Applicability.UNSAFE, edits=edits)


def plain_handler(function: Function, file: File) -> Fix | None:
    """``def`` for a handler or a dependency that awaits nothing: the framework runs it in a thread."""
    node, route = file.node_of(function), function.route
    if not isinstance(node, ast.AsyncFunctionDef):
        return None
    if route is None and (file.name, function.scope.index) not in file.world.reach.injected:
        return None
    if route is not None and route.framework not in THREADED:
        return None
    if any(isinstance(part, _NEEDS_ASYNC) or getattr(part, "is_async", 0) for part in ast.walk(node)):
        return None
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    names |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    if names.intersection(_LOOPING) or _is_called(file, node.name, is_handler=route is not None):
        return None
    recipe = Recipe.of("def", file.locate(function))
    return Fix("Make it a plain `def`, which runs in a thread", Applicability.UNSAFE, recipes=(recipe,))


_NEEDS_ASYNC = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield, ast.YieldFrom)
_ASKS = frozenset(name.rpartition(".")[2] for name in DEPENDS)


def _is_called(file: File, name: str, *, is_handler: bool) -> bool:
    """Whether anybody besides the framework may call a handler or a dependency."""
    words = file.world.words
    importers = words.files(IMPORTS, name)
    if words.files(CALLS, name) or (is_handler and importers):
        return True
    files = [other for path in (file.name, *sorted(importers)) if (other := file.beside(path)) is not None]
    return any(
        node.id == name and not _is_asked_for(other, node)
        for other in files
        for node in other.index.nodes(ast.Name)
    )


def _is_asked_for(file: File, node: ast.Name) -> bool:
    """Whether a name is what ``Depends`` is given."""
    outer = file.index.parent(node)
    return isinstance(outer, ast.Call) and outer.func is not node and last_name(outer.func) in _ASKS

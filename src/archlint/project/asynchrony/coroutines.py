"""What gives a coroutine, which does nothing until it is awaited, and what gives a task, which does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.tasks import ASYNC_ITERATORS, KEEPS_COROUTINE, SPAWNS, STARTED
from archlint.model.summary import AWAITED, Bind, Block, Call, Expr, Param, Scope
from archlint.project.types import CALLABLE, PERHAPS, Type, is_project, members
from archlint.project.words import CALLS, DEFINES, IMPORTS, arguments_of, last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Functions that only hand on what another one gives, followed one into the other.
_DEPTH = 3


def calls_coroutine(world: World, index: int, frame: Frame) -> bool:
    """Whether a call certainly gives a coroutine."""
    if not _may_give(world, index, frame):
        return False
    found = members(world.evaluator.callee(index, frame))
    if any(callee.name == CALLABLE for callee in found) and any(map(_tells_apart, _around(frame))):
        return False
    return bool(found) and all(gives_coroutine(world, callee) for callee in found)


def _around(frame: Frame) -> Iterator[Scope]:
    """A function and the functions that it stands in."""
    here: Frame | None = frame
    while here is not None and here.scope.kind in ("function", "lambda"):
        yield here.scope
        here = here.outer


def _tells_apart(scope: Scope) -> bool:
    """Whether a function asks which of its callables are coroutine functions."""
    return any(last_word(row[Call.FUNC]) in _TELLS for row in scope.calls)


def _may_give(world: World, index: int, frame: Frame) -> bool:
    """Whether the name of a callee is that of some awaitable, of a project function or a variable."""
    func = frame.scope.calls[index][Call.FUNC]
    if func is None or func[0] not in ("n", "a") or (func[0] == "n" and func[1] in frame.scope.binds):
        return func is not None
    word = original_word(func, frame)
    if word in world.evaluator.library.awaitable_words or world.words.files(DEFINES, word):
        return True
    return any(_is_variable(func, scope) for scope in _around(frame))


def _is_variable(func: Expr, scope: Scope) -> bool:
    """Whether a callee is a name that a function binds, or an attribute of its first parameter."""
    if func is None or func[0] == "a":
        return func is not None and bool(scope.params) and func[1] == ["n", scope.params[0][Param.NAME]]
    return func[1] in scope.binds or any(row[Param.NAME] == func[1] for row in scope.params)


def gives_coroutine(world: World, callee: Type, depth: int = _DEPTH) -> bool:
    """Whether calling something certainly gives a coroutine that nobody has started."""
    if callee.kind == "func":
        return _function_gives(world, callee, depth) and not _is_overridden(world, callee)
    if callee.kind == "lib":
        return _library_gives(world, callee)
    if callee.kind != "inst":
        return False
    if callee.name == "archlint.Offloaded":
        return True
    if callee.name == CALLABLE:
        given = callee.args[-1] if callee.args else None
        return given is not None and given.kind == "coro" and PERHAPS not in given.facts
    if is_project(callee.name):
        method = world.evaluator.attribute(callee, "__call__", 2)
        return method is not None and method.kind == "func" and gives_coroutine(world, method, depth - 1)
    signature = world.evaluator.library.member(callee.name, "<call>")
    return signature is not None and "A" in signature.effects


def _library_gives(world: World, callee: Type) -> bool:
    library = world.evaluator.library
    if callee.name.startswith(STARTED) or callee.name in ASYNC_ITERATORS:
        return False
    if callee.args:
        cls, _, method = callee.name.rpartition(".")
        signature = library.member(cls, method)
        names = [f"{base}.{method}" for base in library.mro(cls)]
        if any(name.startswith(STARTED) or name in ASYNC_ITERATORS for name in names):
            return False
    else:
        signature = library.function(callee.name)
    return signature is not None and "A" in signature.effects


def _function_gives(world: World, func: Type, depth: int) -> bool:
    scope = world.function(func.name)
    if scope is None or scope.is_generator or scope.kind not in ("function", "lambda") or depth <= 0:
        return False
    path = func.name.rpartition(":")[0]
    if not scope.is_async and not _hands_on(world, path, scope, depth):
        names = [world.evaluator.decorator_name(path, scope, d) for d in scope.decorators]
        return any(name in _MAKES_COROUTINE for name in names) or _is_made_one(world, path, scope)
    return all(_keeps(world, path, scope, d) for d in scope.decorators)


#: Questions by which a decorator tells coroutine functions from others.
_TELLS = frozenset(
    ("iscoroutinefunction", "is_coroutine_function", "isasyncgenfunction", "isawaitable", "iscoroutine")
)
_MAKES_COROUTINE = frozenset(("asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"))


def _hands_on(world: World, path: str, scope: Scope, depth: int) -> bool:
    """Whether a plain function returns, on every way, the coroutine that another one gives."""
    if not scope.returns:
        return False
    frame = world.evaluator.frame(path, scope.index, (), depth)
    for expr, _, _, _ in scope.returns:
        if expr is None or expr[0] != "c" or scope.calls[expr[1]][Call.FLAGS] & AWAITED:
            return False
        found = members(world.evaluator.callee(expr[1], frame))
        if not found or not all(gives_coroutine(world, callee, depth - 1) for callee in found):
            return False
    return True


def _is_overridden(world: World, func: Type) -> bool:
    """Whether a method has overrides in the project that give something else."""
    receiver, scope = func.args[0] if func.args else None, world.function(func.name)
    if receiver is None or scope is None or not is_project(receiver.name):
        return False
    for key in world.classes.subclasses(receiver.name):
        info = world.classes.info(key)
        index = info.methods.get(scope.name) if info is not None else None
        if info is None or index is None:
            continue
        own = world.function(f"{info.path}:{index}")
        if own is not None and own.is_async != scope.is_async:
            return True
    return False


def is_coroutine_function(world: World, path: str, scope: Scope, decorators: list[Expr]) -> bool:
    """Whether a function gives coroutines, or asynchronous generators, behind some of its decorators."""
    if not scope.is_async and (scope.is_generator or not _hands_on(world, path, scope, _DEPTH)):
        return False
    return all(_keeps(world, path, scope, d) for d in decorators)


# -- decorators ---------------------------------------------------------------------------------------


def _keeps(world: World, path: str, scope: Scope, decorator: Expr) -> bool:
    """Whether a coroutine function is still one behind a decorator."""
    name = world.evaluator.decorator_name(path, scope, decorator)
    if name in KEEPS_COROUTINE:
        return True
    if ":" not in name:
        return world.frameworks.routes.decorated.route(path, scope) is not None
    made = world.function(name)
    is_call = decorator is not None and decorator[0] == "c"
    return made is not None and _wraps(world, name.rpartition(":")[0], made, 2 if is_call else 1)


def _is_made_one(world: World, path: str, scope: Scope) -> bool:
    """Whether a decorator of the project puts a coroutine function in the place of a plain function."""
    for decorator in scope.decorators:
        name = world.evaluator.decorator_name(path, scope, decorator)
        made = world.function(name) if ":" in name else None
        is_call = decorator is not None and decorator[0] == "c"
        if made is not None and _gives_one(world, name.rpartition(":")[0], made, 2 if is_call else 1):
            return True
        if not _keeps(world, path, scope, decorator):
            return False
    return False


def _gives_one(world: World, path: str, decorator: Scope, depth: int) -> bool:
    """Whether a decorator of the project returns a coroutine function, whatever it is given."""
    scopes = world.summary(path).scopes
    ways = [_named(way, decorator, scopes) for row in decorator.returns for way in _ways(row[0])]
    return bool(ways) and all(
        inner is not None
        and (
            _gives_one(world, path, inner, depth - 1)
            if depth > 1
            else inner.is_async
            and not inner.is_generator
            and all(_keeps(world, path, inner, d) for d in inner.decorators)
        )
        for inner in ways
    )


def _wraps(world: World, path: str, decorator: Scope, depth: int) -> bool:
    """Whether a decorator of the project returns a coroutine function if it is given one.

    Where it tells the two kinds of functions apart, one of the things that it returns must be one.
    """
    scopes = world.summary(path).scopes
    given = [p[Param.NAME] for p in decorator.params if p[Param.KIND] in "/."][:1]
    ways = [way for row in decorator.returns for way in _ways(row[0])]
    kept = [_is_kept(world, path, way, decorator, scopes, given, depth) for way in ways]
    return any(kept) if _tells_apart(decorator) else bool(kept) and all(kept)


def _ways(expr: Expr) -> list[Expr]:
    return expr[1:] if expr is not None and expr[0] == "o" else [expr]


def _is_kept(
    world: World, path: str, way: Expr, decorator: Scope, scopes: list[Scope], given: list[str], depth: int
) -> bool:
    if way is not None and way[0] == "n" and way[1] in given and way[1] not in decorator.binds:
        return True
    inner = _named(way, decorator, scopes)
    if inner is None:
        return False
    if depth > 1 and any(_named(w, inner, scopes) for row in inner.returns for w in _ways(row[0])):
        return _wraps(world, path, inner, 1)
    return (inner.is_async and not inner.is_generator) or _calls_given(inner, given)


def _named(expr: Expr, scope: Scope, scopes: list[Scope]) -> Scope | None:
    """The function of a scope that an expression names."""
    if expr is None or expr[0] != "n":
        return None
    made = (row[Bind.EXPR] for row in scope.binds.get(expr[1], ()))
    return next((scopes[e[1]] for e in made if e is not None and e[0] == "f"), None)


def _calls_given(inner: Scope, given: list[str]) -> bool:
    """Whether a wrapper returns what the wrapped function gives, unawaited."""
    exprs = [row[0] for row in inner.returns]
    return bool(exprs) and all(
        e is not None and e[0] == "c" and inner.calls[e[1]][Call.FUNC] in [["n", name] for name in given]
        for e in exprs
    )


def handles_errors(world: World, callee: Type) -> bool:
    """Whether a function of the project lets no exception of the calls in it out."""
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or not scope.calls:
        return False
    survived = {
        index
        for index, row in enumerate(scope.blocks)
        if row[Block.KIND] == "try" and _survives_all(scope, index)
    }
    return all(
        survived.intersection(scope.ancestors(row[Call.BLOCK]))
        for row in scope.calls
        if row[Call.FLAGS] & AWAITED
    )


def _survives_all(scope: Scope, block: int) -> bool:
    """Whether a handler of a ``try`` takes every exception, and raises none."""
    for row in scope.handlers(block):
        if row[Block.EXPR] is None or last_word(row[Block.EXPR]) in ("Exception", "BaseException"):
            return bool(row[Block.EXIT] != "raise")
    return False


_SPAWNING = frozenset(name.rpartition(".")[2] for name in SPAWNS)


# -- tasks --------------------------------------------------------------------------------------------


def spawns(world: World, index: int, frame: Frame) -> bool:
    """Whether a call starts a task that nothing but its result keeps."""
    word = original_word(frame.scope.calls[index][Call.FUNC], frame)
    if word not in _SPAWNING:
        files = frozenset(world.words.files(DEFINES, word))
        if not files or files.isdisjoint(_spawning_files(world)):
            return False
    found = members(world.evaluator.callee(index, frame))
    return bool(found) and all(_gives_task(world, callee, 2) for callee in found)


def _spawning_files(world: World) -> set[str]:
    """The files that start tasks, under whatever name they import what starts them."""
    words = world.words
    return {path for name in _SPAWNING for use in (CALLS, IMPORTS) for path in words.files(use, name)}


def _gives_task(world: World, callee: Type, depth: int) -> bool:
    if callee.kind == "lib":
        return callee.name in SPAWNS
    scope = world.function(callee.name) if callee.kind == "func" and depth else None
    if scope is None or scope.is_async or scope.is_generator or not scope.returns or scope.decorators:
        return False
    path = callee.name.rpartition(":")[0]
    frame = world.evaluator.frame(path, scope.index, (), depth)
    return all(_returns_task(world, expr, frame, depth) for expr, _, _, _ in scope.returns)


def _returns_task(world: World, expr: Expr, frame: Frame, depth: int) -> bool:
    scope = frame.scope
    if expr is not None and expr[0] == "n":
        rows = scope.binds.get(expr[1], ())
        if len(rows) != 1 or _keeps_name(scope, expr[1]):
            return False
        expr = rows[0][Bind.EXPR]
    if expr is None or expr[0] != "c" or scope.calls[expr[1]][Call.FLAGS] & AWAITED:
        return False
    found = members(world.evaluator.callee(expr[1], frame))
    return bool(found) and all(_gives_task(world, callee, depth - 1) for callee in found)


def _keeps_name(scope: Scope, name: str) -> bool:
    """Whether a function hands a value on besides returning it: ``tasks.add(task)``, ``self.task = task``."""
    sought = ["n", name]
    return any(sought in arguments_of(row) for row in scope.calls) or any(
        row[2] == sought for row in scope.stores
    )

"""Whether a call really makes the thread wait, and where it does not although its callee could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from archlint.model.summary import AWAITED, Bind, Block, Call, Expr, Scope, Summary
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: The fact of an object whose methods fail rather than wait.
NO_WAIT = "nowait"
#: Files that live in memory.
IN_MEMORY = frozenset(("io.BytesIO", "io.StringIO"))
_OPEN_FILES = ("zipfile.", "tarfile.", "wave.", "gzip.", "bz2.", "lzma.", "io.")
#: The letters that say how a call keeps the thread busy.
STALLS = frozenset("BCDF")

#: Callees, by their last word, whose arguments are awaitables.
_TAKES_AWAITABLES = frozenset(
    (
        "gather", "create_task", "ensure_future", "wait_for", "shield", "as_completed",
        "run_until_complete", "run_coroutine_threadsafe", "async_to_sync", "iscoroutine", "isawaitable",
    )
)  # fmt: skip
_ITERATES_ARGUMENT = frozenset(
    (
        "list", "set", "tuple", "sorted", "sum", "any", "all", "min", "max", "dict", "frozenset", "next",
        "deque", "join", "extend", "update", "writelines",
    )
)  # fmt: skip
#: Classes and functions that wait, or not, as an argument tells them.
_MAY_NOT_WAIT = (
    "queue.", "threading.", "multiprocessing.", "concurrent.futures.", "filelock.", "redis.lock.", "fcntl.",
    "time.sleep", "select.", "portalocker.", "psycopg_pool.", "os.wait",
)  # fmt: skip
_NO_WAIT_FLAGS = frozenset(("LOCK_NB", "LOCK_UN", "WNOHANG"))
_AS_THEY_ARE: Mapping[str, str] = {}
_WAIT_WORDS = frozenset(("block", "blocking", "wait"))
#: The methods of what a pool gives for a call.
FUTURE = "concurrent.futures.Future."
#: Calls that find something there where their object was asked first.
_ASKED_FIRST = {
    FUTURE: ("done", "cancelled"),
    "queue.Queue.get": ("empty",),
    "queue.SimpleQueue.get": ("empty",),
}
#: Seconds that a retry may sleep.
_NAP = 0.05
_CONTEXT_MANAGER = "contextlib.contextmanager"
_FILLS_ONCE = re.compile(r"(?i)(?:^|_)(?:cached?|memoi[sz]ed?|once|singleton)(?:_|$|method$)")


def handed_over(scope: Scope) -> frozenset[int]:
    """The calls of a scope whose result is awaited, there or by the call or block that it is given to."""
    found = {i for i, row in enumerate(scope.calls) if row[Call.FLAGS] & AWAITED}
    for row in scope.calls:
        if last_word(row[Call.FUNC]) in _TAKES_AWAITABLES:
            for expr in row[Call.ARGS]:
                found.update(calls_given(expr, scope, 3))
    for row in scope.withs:
        if row[1]:
            found.update(calls_given(row[0], scope, 0))
    for row in scope.blocks:
        if row[Block.KIND] in ("afor", "acomp"):
            found.update(calls_given(row[Block.EXPR], scope, 0))
    return frozenset(found)


def calls_given(expr: Expr, scope: Scope, depth: int) -> Iterator[int]:
    """The calls whose results an expression holds; names and ``tasks.values()`` are followed."""
    if expr is None:
        return
    tag = expr[0]
    inner: list[Expr] = []
    if tag == "c":
        yield expr[1]
        func = scope.calls[expr[1]][Call.FUNC]
        if func is not None and func[0] == "a" and func[2] == "values":
            inner = [func[1]]
    elif tag == "n" and depth:
        inner = [row[Bind.EXPR] for row in scope.binds.get(expr[1], ())]
        inner += [row[Call.ARGS][0] for row in scope.calls if _adds_to(row, expr)]
        depth -= 1
    elif tag in ("*", "p"):
        inner = [expr[1 if tag == "*" else 2]]
    elif tag in ("l", "t", "e"):
        inner = expr[1]
    elif tag == "d":
        inner = [value for _, value in expr[1]]
    elif tag == "o":
        inner = expr[1:]
    for item in inner:
        yield from calls_given(item, scope, depth)


def _adds_to(row: list[Any], collection: Expr) -> bool:
    """Whether a call puts something into a collection: ``tasks.append(load(url))``."""
    func = row[Call.FUNC]
    if func is None or func[0] != "a" or func[2] not in ("append", "add") or not row[Call.ARGS]:
        return False
    return bool(func[1] == collection)


def is_set_not_to_block(row: list[Any], scope: Scope, methods: Iterable[Scope]) -> bool:
    """Whether the socket that a call is made on was told not to block.

    In the same scope, by a method of the same class (``methods``) for an attribute of ``self``, or in another
    place, where the call is ready to hear that it would have to wait.
    """
    func = row[Call.FUNC]
    if func is None or func[0] != "a":
        return False
    is_own = func[1] is not None and func[1][:2] == ["a", ["n", "self"]]
    scopes = (scope, *methods) if is_own else (scope,)
    return any(_sets_not_to_block(func[1], one) for one in scopes) or _expects_to_wait(row, scope)


def _sets_not_to_block(made: Expr, scope: Scope) -> bool:
    for other in scope.calls:
        said = other[Call.FUNC]
        if said is None or said[0] != "a" or not _same(said[1], made) or not other[Call.ARGS]:
            continue
        if said[2] in ("setblocking", "settimeout") and _says_no(other[Call.ARGS][0]):
            return True
    return False


def _expects_to_wait(row: list[Any], scope: Scope) -> bool:
    """Whether a call stands in a ``try`` for what a socket raises instead of waiting."""
    for block in scope.ancestors(row[Call.BLOCK]):
        for handler in scope.handlers(block) if scope.blocks[block][Block.KIND] == "try" else ():
            kinds = handler[Block.EXPR]
            named = kinds[1] if kinds is not None and kinds[0] == "t" else [kinds]
            if any(last_word(kind) == "BlockingIOError" for kind in named):
                return True
    return False


def is_told_not_to_wait(name: str, row: list[Any], summary: Summary) -> bool:
    """Whether a call of a library function that may wait says that it must not: ``get(block=False)``."""
    if not name.startswith(_MAY_NOT_WAIT):
        return False
    names = summary.renamed
    return _keyword_says_no(row) or any(_says_no(expr, names) for expr in row[Call.ARGS])


def is_made_not_to_wait(name: str, row: list[Any]) -> bool:
    """Whether a lock is made to fail at once when it is held: ``FileLock(path, timeout=0)``."""
    return name.startswith(_MAY_NOT_WAIT) and _keyword_says_no(row)


def is_in_memory(name: str, arguments: tuple[Type | None, ...]) -> bool:
    """Whether an archive or a sound is opened from a file that lives in memory."""
    return name.startswith(_OPEN_FILES) and any(a is not None and a.name in IN_MEMORY for a in arguments)


def _keyword_says_no(row: list[Any]) -> bool:
    for key, expr in row[Call.KEYWORDS]:
        if key in _WAIT_WORDS and expr == ["k", False]:
            return True
        if key == "timeout" and expr is not None and expr[0] == "k" and expr[1] == 0:
            return True
    return False


def _says_no(expr: Expr, names: Mapping[str, str] = _AS_THEY_ARE) -> bool:
    if expr is None:
        return False
    if expr[0] == "k":
        return expr[1] is False or (expr[1] == 0 and not isinstance(expr[1], bool))
    if expr[0] == "b":
        return _says_no(expr[2], names) or _says_no(expr[3], names)
    if expr[0] == "n":
        return names.get(expr[1], expr[1]) in _NO_WAIT_FLAGS
    return expr[0] == "a" and expr[2] in _NO_WAIT_FLAGS


def is_nap(leaf: str, call: int, scope: Scope) -> bool:
    """Whether a call sleeps for a few milliseconds only."""
    args = scope.calls[call][Call.ARGS] if leaf == "time.sleep" and call >= 0 else []
    if not args or args[0] is None or args[0][0] != "k":
        return False
    return isinstance(args[0][1], int | float) and args[0][1] <= _NAP


def is_iterated(index: int, scope: Scope) -> bool:
    """Whether what a call gives is iterated in the same scope; a generator does nothing before that."""
    targets = [["c", index]]
    for name, rows in scope.binds.items():
        if any(row[2] == targets[0] for row in rows):
            targets.append(["n", name])
    if any(row[Block.KIND] in ("for", "comp") and row[Block.EXPR] in targets for row in scope.blocks):
        return True
    if any(is_from and expr in targets for expr, _, _, is_from in scope.yields):
        return True
    return any(
        argument in targets or (argument is not None and argument[0] == "*" and argument[1] in targets)
        for row in scope.calls
        if last_word(row[Call.FUNC]) in _ITERATES_ARGUMENT
        for argument in row[Call.ARGS]
    )


def is_off_loop(scope: Scope, block: int, order: int) -> bool:
    """Whether a place is for threads without a running loop: behind ``if loop is not None: return``."""
    loops = {
        name for name, rows in scope.binds.items() if any(_asks_loop(row[Bind.EXPR], scope) for row in rows)
    }
    around = scope.ancestors(block)
    for index, row in enumerate(scope.blocks):
        kind, test = row[Block.KIND], row[Block.EXPR]
        if kind == "except" and index in around and test == ["n", "RuntimeError"]:
            asked = (c for c in scope.calls if c[Call.ORDER] < row[Block.ORDER] and _names_loop(c[Call.FUNC]))
            if any(scope.blocks[c[Call.BLOCK]][Block.KIND] == "try" for c in asked):
                return True
        if kind not in ("if", "else") or not loops:
            continue
        is_there, is_not = _tells(test, loops, there=True), _tells(test, loops, there=False)
        if index in around and (is_not if kind == "if" else is_there):
            return True
        left = kind == "if" and row[Block.EXIT] in ("return", "raise") and row[Block.LAST] <= order
        if left and is_there and row[Block.PARENT] in around and index not in around:
            return True
    return False


def _asks_loop(expr: Expr, scope: Scope) -> bool:
    return expr is not None and expr[0] == "c" and _names_loop(scope.calls[expr[1]][Call.FUNC])


def _names_loop(callee: Expr) -> bool:
    return "running_loop" in last_word(callee)


def _tells(test: Expr, names: set[str], *, there: bool) -> bool:
    """Whether a test says that one of these variables holds something, or nothing."""
    if test is None:
        return False
    if test[0] == "n":
        return there and test[1] in names
    if test[0] != "m" or test[2] is None or test[2][0] != "n" or test[2][1] not in names:
        return False
    if test[1] == "not":
        return not there
    return bool(test[3] == ["k", None] and test[1] == ("is not" if there else "is"))


def is_done(callee: Type, row: list[Any], scope: Scope) -> bool:
    """Whether something is taken when it is there: ``f.done() and f.result()``.

    A future of a class of the project's own comes from no pool: it holds what was put into it.
    """
    func = row[Call.FUNC]
    receiver = callee.args[0] if callee.args else None
    if callee.name.startswith(FUTURE) and receiver is not None and is_project(receiver.name):
        return True
    questions = next((asked for made, asked in _ASKED_FIRST.items() if callee.name.startswith(made)), ())
    if not questions or func is None or func[0] != "a":
        return False
    asked = (other[Call.FUNC] for other in scope.calls if other[Call.ORDER] < row[Call.ORDER])
    return any(f is not None and f[0] == "a" and f[2] in questions and _same(f[1], func[1]) for f in asked)


def is_unread(name: str, index: int, scope: Scope) -> bool:
    """Whether a call of a library makes a generator that somebody else reads: ``answer.iter_content()``."""
    return name.rpartition(".")[2].startswith("iter_") and not is_iterated(index, scope)


def _same(left: Expr, right: Expr) -> bool:
    return left is not None and right is not None and bool(left[:3] == right[:3])


def is_plain_generator(scope: Scope, decorators: list[str]) -> bool:
    """Whether calling a function runs none of its body."""
    return scope.is_generator and not scope.is_async and _CONTEXT_MANAGER not in decorators


def fills_once(decorators: list[str], world: World) -> bool:
    """Whether a function keeps its answers, so that only the first call does the work."""
    return any(
        _FILLS_ONCE.search(plain_name(name, world)) and not _always_runs(name, world) for name in decorators
    )


def _always_runs(name: str, world: World) -> bool:
    """Whether a decorator of the project does nothing but call what it decorates, each time anew.

    ``create_cache_folder`` keeps nothing, whatever it is called.
    """
    decorator = world.function(name) if ":" in name else None
    if decorator is None:
        return False
    scopes = world.summary(name.rpartition(":")[0]).scopes
    put = list(wrappers(decorator, scopes))
    return bool(put) and all(
        _returns_call(inner, given) and given[1] not in scopes[inner.parent].binds for inner, given in put
    )


def _returns_call(inner: Scope, given: Expr) -> bool:
    """Whether all that a function returns is what another one gives, on a way that leaves nothing out."""
    if len(inner.returns) != 1 or inner.stores:
        return False
    expr, block, _, _ = inner.returns[0]
    if expr is None or expr[0] != "c" or block != 0:
        return False
    row = inner.calls[expr[1]]
    return bool(row[Call.FUNC] == given and row[Call.BLOCK] == 0)


def plain_name(name: str, world: World) -> str:
    """The last word of the name of a decorator, of a library's or the project's own."""
    scope = world.function(name) if ":" in name else None
    return scope.name if scope is not None else name.rpartition(".")[2]


def runs_elsewhere(decorators: list[str], world: World) -> bool:
    """Whether a decorator makes a plain function run in a thread, or calls it in a coroutine function."""
    for name in decorators:
        signature = world.evaluator.library.function(name)
        if signature is not None and "T" in signature.effects:
            return True
        scope = world.function(name) if ":" in name else None
        path = name.rpartition(":")[0]
        if scope is not None and scope.kind == "function" and _gives_away(scope, path, world):
            return True
    return False


def _gives_away(decorator: Scope, path: str, world: World) -> bool:
    """Whether what a decorator returns does not call the decorated function there and then."""
    for inner, given in wrappers(decorator, world.summary(path).scopes):
        is_called = any(row[Call.FUNC] == given for row in inner.calls)
        if inner.is_async or (not is_called and any(given in arguments_of(row) for row in inner.calls)):
            return True
    return False


def wrappers(decorator: Scope, scopes: Sequence[Scope], depth: int = 2) -> Iterator[tuple[Scope, list[str]]]:
    """What a decorator puts in the place of a function, and the name that it knows the function by."""
    for expr, _, _, _ in decorator.returns:
        if expr is None or expr[0] != "n":
            continue
        rows = decorator.binds.get(expr[1], ())
        inner = next((scopes[row[2][1]] for row in rows if row[2] is not None and row[2][0] == "f"), None)
        if inner is None:
            continue
        made = (row[0] for row in inner.returns if row[0] is not None and row[0][0] == "n")
        if depth > 1 and any(name[1] in inner.binds for name in made):
            # A decorator with arguments: the decorator proper is what it returns.
            yield from wrappers(inner, scopes, depth - 1)
        elif decorator.params:
            yield inner, ["n", decorator.params[0][0]]


def is_awaited_otherwise(scope: Scope, result: Type | None) -> bool:
    """Whether an awaited call of a plain ``def`` cannot run that body as it stands.

    A decorator has made it awaitable, or the call reaches an ``async`` override: the body gives no
    awaitable itself.
    """
    if scope.is_async or any(m.kind == "coro" for m in members(result)):
        return False
    return bool(scope.decorators) or result is not None


class Declared:
    """What the project's settings say about its own and its vendors' calls."""

    def __init__(self, blocking: Mapping[str, str], offloading: tuple[str, ...]) -> None:
        self.blocking = dict(blocking)
        self.offloading = offloading

    def __bool__(self) -> bool:
        return bool(self.blocking or self.offloading)

    def alternative(self, name: str) -> str | None:
        """What to use instead of a call declared as blocking; None when it is not declared."""
        for pattern, alternative in self.blocking.items():
            if fnmatchcase(name, pattern):
                return alternative
        return None

    def offloads(self, name: str) -> bool:
        """Whether a project function is declared to run its argument in a thread."""
        return any(fnmatchcase(name, pattern) for pattern in self.offloading)


def qualified(callee: Type, world: World) -> str:
    """The dotted name under which settings know a callee."""
    if callee.kind not in ("func", "class", "lib"):
        return ""
    if ":" not in callee.name:
        return callee.name
    scope = world.function(callee.name)
    module = world.modules.module_name(callee.name.rpartition(":")[0])
    return f"{module}.{scope.qualname}" if scope is not None else ""

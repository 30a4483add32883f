"""What expressions of a scope hold, and which names depend on which inside one loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.model.summary import Bind, Block, Call, Expr, Scope

#: Takes its items, each once, from its first argument.
_FROM_KEYS: Expr = ["a", ["n", "dict"], "fromkeys", None]
#: Calls whose items are those of their receiver or first argument.
SAME_ITEMS = frozenset(
    (
        "items",
        "values",
        "keys",
        "get",
        "copy",
        "list",
        "set",
        "sorted",
        "enumerate",
        "reversed",
        "tuple",
        "iter",
    )
)


_LEAVES = frozenset(("return", "raise", "continue"))
#: Methods that take one item out of a collection.
_TAKES = frozenset(("pop", "popleft"))


def dependents(scope: Scope, loop: int) -> frozenset[str]:
    """The names that hold an item of the loop, or something made from one."""
    kind, start = scope.blocks[loop][Block.KIND], scope.blocks[loop][Block.EXPR]
    if kind == "while":
        return followers(scope, loop, lambda expr: _is_taken(expr, start, scope))
    return followers(scope, loop, lambda expr: is_item(expr, start))


def takes_items(scope: Scope, loop: int) -> bool:
    """Whether a ``while`` loop takes what a collection holds, until nothing is left: ``row = rows.pop()``.

    One that puts things in as well searches, or descends a tree; what objects keep is a queue of others.
    """
    keeper = scope.blocks[loop][Block.EXPR]
    if keeper is None or keeper[0] != "n":
        return False
    used = {
        row[Call.FUNC][2]
        for row in scope.calls
        if loop in scope.ancestors(row[Call.BLOCK])
        and row[Call.FUNC] is not None
        and row[Call.FUNC][:2] == ["a", keeper]
    }
    is_bound = any(loop in scope.ancestors(row[Bind.BLOCK]) for row in scope.binds.get(keeper[1], ()))
    return bool(used) and used <= _TAKES and not is_bound


def _is_taken(expr: Expr, keeper: Expr, scope: Scope) -> bool:
    """Whether an expression is an item taken out of a collection: ``rows.pop()``, ``queue.popleft()``."""
    func = scope.calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else None
    return func is not None and func[:2] == ["a", keeper] and func[2] in _TAKES


def followers(scope: Scope, loop: int, is_root: Callable[[Expr], bool]) -> frozenset[str]:
    """The names bound by the loop itself to what ``is_root`` accepts, or made from these in its body."""
    inside = {loop}
    for index, row in enumerate(scope.blocks):
        if row[Block.PARENT] in inside:
            inside.add(index)
    rows = sorted(
        (
            (row[Bind.ORDER], name, row[Bind.EXPR], row[Bind.BLOCK])
            for name, found in scope.binds.items()
            for row in found
            if row[Bind.BLOCK] in inside
        ),
        key=lambda item: (item[0], item[1]),
    )
    names: set[str] = set()
    for _ in range(2):
        for _, name, expr, block in rows:
            if (block == loop and is_root(expr)) or mentions(expr, names, scope):
                names.add(name)
    return frozenset(names)


def conjuncts(test: Expr) -> list[Expr]:
    """The conditions that all hold where a test holds."""
    found: list[Expr] = []
    while test is not None and test[0] == "m" and test[1] == "and":
        found.append(test[3])
        test = test[2]
    return [test, *found]


def left_before(scope: Scope, around: list[int], order: int) -> Iterator[int]:
    """The branches that have left the function, or the turn of a loop, before a place inside these blocks."""
    for index, row in enumerate(scope.blocks):
        if (
            row[Block.KIND] == "if"
            and row[Block.EXIT] in _LEAVES
            and row[Block.LAST] <= order
            and row[Block.PARENT] in around
            and index not in around
        ):
            yield index


def is_item(expr: Expr, iterable: Expr) -> bool:
    """Whether an expression is (a part of) an item of this iterable."""
    while expr is not None and expr[0] == "s":
        expr = expr[1]
    return expr is not None and expr[0] in ("i", "ai") and expr[1] == iterable


def mentions(expr: Expr, names: Iterable[str], scope: Scope) -> bool:
    """Whether an expression uses any of these names."""
    wanted = names if isinstance(names, set | frozenset) else set(names)
    if not wanted:
        return False
    pending: list[Expr] = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        tag = here[0]
        if tag == "n" and len(here) == 2:
            if here[1] in wanted:
                return True
        elif tag == "c" and len(here) == 2 and isinstance(here[1], int):
            row = scope.calls[here[1]]
            pending += [row[Call.FUNC], *row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])]
        elif tag == "p" and len(here) == 4:
            pending.append(here[2])
            block = here[3]
            while block >= 0 and scope.blocks[block][Block.KIND] in ("comp", "acomp"):
                pending.append(scope.blocks[block][Block.EXPR])
                block = scope.blocks[block][Block.PARENT]
        else:
            pending += [part for part in here if isinstance(part, list)]
    return False


def call_mentions(scope: Scope, index: int, names: frozenset[str]) -> bool:
    """Whether a call's receiver or arguments use any of these names."""
    return mentions(["c", index], names, scope)


def has_call(expr: Expr, call: int, scope: Scope) -> bool:
    """Whether a call stands somewhere in an expression."""
    return any(here[0] == "c" and here[1] == call for here in parts(expr, scope))


def has_comprehension(expr: Expr, block: int, scope: Scope) -> bool:
    """Whether the comprehension of a block stands somewhere in an expression."""
    return any(here[0] == "p" and here[3] == block for here in parts(expr, scope))


def parts(expr: Expr, scope: Scope) -> Iterator[Expr]:
    """An expression and all that stands in it, the arguments of calls as well."""
    pending: list[Expr] = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        if isinstance(here[0], str):
            yield here
        if here[0] == "c" and len(here) == 2 and isinstance(here[1], int):
            row = scope.calls[here[1]]
            pending += [row[Call.FUNC], *row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])]
        else:
            pending += [part for part in here if isinstance(part, list)]


def is_super(func: Expr, method: str, scope: Scope) -> bool:
    """Whether a callee is ``super().method``."""
    return (
        func is not None
        and func[0] == "a"
        and func[2] == method
        and func[1] is not None
        and func[1][0] == "c"
        and scope.calls[func[1][1]][Call.FUNC] == ["n", "super"]
    )


def same_path(left: Expr, right: Expr) -> bool:
    """Whether two expressions are the same name or the same attribute of the same path."""
    while left is not None and right is not None and left[0] == right[0] == "a" and left[2] == right[2]:
        left, right = left[1], right[1]
    return left is not None and right is not None and left[0] == right[0] == "n" and left[1] == right[1]


def unwrapped(expr: Expr, scope: Scope) -> Expr:
    """An iterable without the calls that only reorder, copy or pair its items."""
    for _ in range(6):
        if expr is None or expr[0] != "c":
            return expr
        row = scope.calls[expr[1]]
        func = row[Call.FUNC]
        if func is not None and func[0] == "a" and func[2] in SAME_ITEMS - {"get"} and not row[Call.ARGS]:
            expr = func[1]
        elif row[Call.ARGS] and (
            func == _FROM_KEYS or (func is not None and func[0] == "n" and func[1] in SAME_ITEMS)
        ):
            expr = row[Call.ARGS][0]
        else:
            return expr
    return expr


def source_of(iterable: Expr, scope: Scope) -> Expr:
    """What an iterable is, looked up through a name that is bound once."""
    expr = unwrapped(iterable, scope)
    rows = scope.binds.get(expr[1], ()) if expr is not None and expr[0] == "n" else ()
    return unwrapped(rows[0][Bind.EXPR], scope) if len(rows) == 1 else expr

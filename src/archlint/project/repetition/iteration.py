"""Which blocks of a function run once per item of data, and which only look like it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.flow import (
    conjuncts,
    dependents,
    parts,
    same_path,
    takes_items,
)
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Scope, Store
from archlint.project.repetition.dependence import uses
from archlint.project.repetition.groups import serves_batches
from archlint.project.repetition.single import is_single
from archlint.project.repetition.written import (
    are_rows,
    are_strategies,
    is_constant,
    is_local_literal,
    is_written_name,
)

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Loops over the items of something.
_FOR = frozenset(("for", "afor", "comp", "acomp"))
#: Methods that put an item into a list or a set.
_FILLS = frozenset(("append", "add", "extend", "update"))


def repeated_in(world: World, frame: Frame, block: int) -> int | None:
    """The innermost loop over data that runs a block once per item; None when there is none.

    Loops over literals, enums and counters, chunks of a batch, a single row, retries and rare paths are none.
    """
    scope = frame.scope
    loop = loop_around(scope, block)
    if loop is None or _is_rare(world, frame, block, loop):
        return None
    while loop is not None:
        if _is_over_data(world, frame, loop):
            return loop
        loop = loop_around(scope, scope.blocks[loop][Block.PARENT])
    return None


def loop_of_item(world: World, frame: Frame, site: Site) -> int | None:
    """The innermost loop over data whose item reaches a site; the innermost of all, if none does.

    ``for order in orders: for tag in tags: order.customer`` asks for each order, whatever the tags are.
    """
    for loop in loops_around(frame.scope, site.block):
        if _is_rare(world, frame, site.block, loop):
            break
        if _is_over_data(world, frame, loop) and uses_item(world, site, loop, frame.scope):
            return loop
    return repeated_in(world, frame, site.block)


def _is_rare(world: World, frame: Frame, block: int, loop: int) -> bool:
    """Whether the passes of a loop come to a block when something has failed, or once."""
    scope = frame.scope
    return in_handler(scope, block, loop) or runs_once(
        block, scope, loop if _is_short_lived(world, frame) else 0
    )


def _is_over_data(world: World, frame: Frame, loop: int) -> bool:
    """Whether data decides how many items a loop has."""
    iterable = frame.scope.blocks[loop][Block.EXPR]
    return (
        not are_strategies(world, frame, iterable, loop)
        and not serves_batches(world, frame, iterable, loop)
        and not is_constant(world, frame, iterable, loop)
        and not is_single(loop, frame.scope)
    )


def loop_around(scope: Scope, block: int) -> int | None:
    """The innermost ``for`` loop or comprehension around a block, unless the block leaves it at once."""
    while block > 0:
        row = scope.blocks[block]
        if _is_walk(scope, block):
            return None if row[Block.EXIT] in ("return", "break", "raise") else block
        if row[Block.KIND] in LOOPS:
            return None
        if row[Block.EXIT] in ("return", "break", "raise"):
            return None
        block = row[Block.PARENT]
    return None


def _is_walk(scope: Scope, block: int) -> bool:
    """Whether a block is a loop that takes one item of a collection after the other."""
    kind = scope.blocks[block][Block.KIND]
    return kind in _FOR or (kind == "while" and takes_items(scope, block))


def loops_around(scope: Scope, block: int) -> Iterator[int]:
    """The ``for`` loops and comprehensions around a block, the innermost first, that go on after it.

    A ``break`` ends the innermost loop only. Nobody knows how often a ``while`` loop does something, if ever.
    """
    is_left = False
    while block > 0:
        row = scope.blocks[block]
        is_walk = _is_walk(scope, block)
        if row[Block.EXIT] in ("return", "raise") or (row[Block.KIND] in LOOPS and not is_walk):
            return
        is_left = is_left or row[Block.EXIT] == "break"
        if is_walk:
            if not is_left:
                yield block
            is_left = False
        block = row[Block.PARENT]


def _is_short_lived(world: World, frame: Frame) -> bool:
    """Whether a method is one of a row or of a view: what these keep, they keep for one request."""
    outer = frame.outer
    if outer is None or outer.scope.kind != "class":
        return False
    owner = f"{frame.path}:{outer.scope.index}"
    return world.models.is_model(owner) or bool(world.frameworks.routes.views.framework_of(owner))


def runs_once(block: int, scope: Scope, loop: int = 0) -> bool:
    """Whether a block fills a cache on first use: ``if x is None: x = ...``.

    What ``self`` keeps does not count for blocks around ``loop``, which then runs for each ``self``.
    """
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        test = row[Block.EXPR]
        if ancestor < loop and ["n", "self"] in parts(test, scope):
            continue
        if row[Block.KIND] == "if" and any(
            _remembers(scope, part, ancestor) or _is_missing(part, scope) for part in conjuncts(test)
        ):
            return True
        if row[Block.KIND] != "if" or test is None or test[0] != "m" or test[1] not in ("is", "not"):
            continue
        subject = test[2]
        if test[1] == "is" and test[3] != ["k", None]:
            continue
        if subject is not None and subject[0] == "a":
            asks = test[1] == "is" or ["n", "property"] in scope.decorators
            if asks and subject[1] == ["n", "self"] and subject[2][:1] == "_":
                return True
            if any(_is_kept_in(s, subject, ancestor) for s in scope.stores):
                return True
        elif subject is not None and subject[0] == "n":
            name = subject[1]
            if name not in scope.binds and all(p[0] != name for p in scope.params):
                return True
    return _returns_kept(scope, block, is_kept_by_self=not loop)


def _is_missing(test: Expr, scope: Scope) -> bool:
    """Whether a test asks for what a cache did not have: ``if row is None``, ``if not row``."""
    if test is None or test[0] != "m" or (test[1] != "not" and (test[1] != "is" or test[3] != ["k", None])):
        return False
    return test[2] is not None and test[2][0] == "n" and _is_cached(test[2][1], scope, 3)


def _is_cached(name: str, scope: Scope, depth: int) -> bool:
    """Whether a variable holds what came out of a cache, perhaps through another one."""
    return any(_asks_cache(bind[Bind.EXPR], scope, depth) for bind in scope.binds.get(name, ()))


def _asks_cache(expr: Expr, scope: Scope, depth: int) -> bool:
    """Whether a value came out of a cache: ``organizer.cache.get("domain")``."""
    if expr is None:
        return False
    if expr[0] == "o":
        return any(_asks_cache(part, scope, depth) for part in expr[1:])
    if expr[0] == "n":
        return depth > 0 and _is_cached(expr[1], scope, depth - 1)
    callee = scope.calls[expr[1]][Call.FUNC] if expr[0] == "c" else None
    if callee is None or callee[0] != "a" or not callee[2].startswith(("get", "aget")):
        return False
    keeper = callee[1]
    word = "" if keeper is None else keeper[1] if keeper[0] == "n" else keeper[2] if keeper[0] == "a" else ""
    return "cache" in str(word).lower()


def _remembers(scope: Scope, test: Expr, block: int) -> bool:
    """Whether ``if key not in known:`` fills ``known``: one query for each distinct key."""
    if test is None or test[0] != "m" or test[1] != "not in" or test[3] is None:
        return False
    known = test[3]
    if known[0] == "n" and known[1] in scope.binds:
        # A dictionary of this very call: the items decide how many keys there are.
        return False
    if known[0] == "a" and any(_fills(row, test[2], known, block, scope) for row in scope.calls):
        return True
    return any(
        block in scope.ancestors(store[Store.BLOCK])
        and str(store[Store.ATTR]).startswith("[")
        and same_path(store[Store.VALUE], known)
        for store in scope.stores
    )


def _fills(row: list[Any], key: Expr, known: Expr, block: int, scope: Scope) -> bool:
    """Whether a call tells the owner of a collection to take a key in: ``store.load([key])``."""
    func = row[Call.FUNC]
    return (
        row[Call.BLOCK] == block
        and func is not None
        and func[0] == "a"
        and any(key in parts(arg, scope) for arg in row[Call.ARGS])
        and same_path(func[1], known[1])
    )


def _is_kept_in(store: list[Any], subject: Expr, block: int) -> bool:
    """Whether a store fills the tested attribute in a block: of ``self``, or with what a call gives."""
    if (
        store[Store.BLOCK] != block
        or store[Store.ATTR] != subject[2]
        or not _same(store[Store.VALUE], subject[1])
    ):
        return False
    expr = store[Store.EXPR]
    return subject[1] in (["n", "self"], ["n", "cls"]) or (expr is not None and expr[0] in ("c", "w"))


def _returns_kept(scope: Scope, block: int, *, is_kept_by_self: bool) -> bool:
    """Whether the function begins with ``if x is not None: return x`` and fills x afterwards."""
    around = set(scope.ancestors(block))
    for index, row in enumerate(scope.blocks):
        test = row[Block.EXPR]
        if row[Block.KIND] != "if" or row[Block.EXIT] != "return" or index in around or test is None:
            continue
        if test[0] == "m" and test[1] == "is not" and test[3] == ["k", None]:
            test = test[2]
        if row[Block.PARENT] not in around or test is None or test[0] not in ("n", "a"):
            continue
        if not is_kept_by_self and test[:2] == ["a", ["n", "self"]]:
            continue
        if test[0] == "n" and _is_cached(test[1], scope, 3):
            return True
        if not any(b == index and e is not None and e[:3] == test[:3] for e, b, _, _ in scope.returns):
            continue
        if test[0] == "n" and test[1] not in scope.binds and all(p[0] != test[1] for p in scope.params):
            return True
        if test[0] != "a" or (test[1] == ["n", "self"] and ["n", "property"] not in scope.decorators):
            # What an object keeps lives as long as the object: for one call, perhaps.
            continue
        if any(s[Store.ATTR] == test[2] and _same(s[Store.VALUE], test[1]) for s in scope.stores):
            return True
    return False


def _same(left: Expr, right: Expr) -> bool:
    return left is not None and right is not None and left[:2] == right[:2]


def uses_item(world: World, site: Site, loop: int, scope: Scope) -> bool:
    """Whether the item of a loop reaches the effect of a site inside it."""
    names = dependents(scope, loop)
    found = world.dependence.reaches(site, names, scope)
    return uses(site, names, scope) if found is None else found


def is_assigned(site: Site, loop: int, scope: Scope) -> bool:
    """Whether the pass gave the relation that a site reads to its row before: ``row.parent = parent``."""
    attr = site.effect.leaf.rpartition(".")[2]
    return any(
        store[Store.ATTR] == attr
        and store[Store.ORDER] < site.order
        and loop in scope.ancestors(store[Store.BLOCK])
        and same_path(store[Store.VALUE], site.about)
        for store in scope.stores
    )


def is_data(world: World, frame: Frame, iterable: Expr, block: int, order: int) -> bool:
    """Whether an iterable outside a loop holds rows, or something a caller passed: nothing written down."""
    if iterable is None or iterable[0] not in ("n", "a", "c", "w", "s"):
        return False
    if iterable[0] == "n" and is_local_literal(frame.scope, iterable[1]):
        return False
    value = world.evaluator.eval(iterable, frame, block, order)
    if are_rows(world, value):
        return True
    item = world.evaluator.iterate(value)
    return iterable[0] == "n" and not is_written_name(iterable[1]) and (item is None or item.kind != "class")


def in_handler(scope: Scope, block: int, loop: int) -> bool:
    """Whether a block is the rare path of a loop: an ``except`` clause."""
    while block > loop:
        if scope.blocks[block][Block.KIND] == "except":
            return True
        block = scope.blocks[block][Block.PARENT]
    return False


def holds_failures(scope: Scope, iterable: Expr) -> bool:
    """Whether only ``except`` clauses fill a collection: what could not be handled, as a rule nothing."""
    if iterable is None or iterable[0] != "n":
        return False
    fills = [
        row[Call.BLOCK]
        for row in scope.calls
        if row[Call.FUNC] is not None
        and row[Call.FUNC][:2] == ["a", iterable]
        and row[Call.FUNC][2] in _FILLS
    ]
    return bool(fills) and all(in_handler(scope, block, 0) for block in fills)

"""Which blocks of a function run once per item of data, and which only look like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.model.flow import (
    call_mentions,
    conjuncts,
    dependents,
    followers,
    has_call,
    has_comprehension,
    is_item,
    mentions,
    same_path,
)
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Read, Scope, Store
from archlint.project.types import Type, members
from archlint.project.words import last_word
from archlint.project.written import (
    MANY,
    are_rows,
    are_strategies,
    is_constant,
    is_local_literal,
    is_written_name,
    iterated,
)

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Words that name a source of batches; each pass of such a loop serves many rows.
_BATCHES = re.compile(r"(?i)(batch|chunk|page|slice|window|bucket|partition)")
_GROUPS = re.compile(r"(?i)(batch|chunk|slices|windows|bucket|partition|shard|tenant)")
#: Classes of sessions and transactions, by their last word.
_TRANSACTIONS = re.compile(r"(?i)(session|atomic|transaction|savepoint|begin)$")
#: Exceptions of jobs that fail: another host, the disk, the database as a whole.
_BROAD = frozenset(
    (
        "BaseException",
        "Exception",
        "OSError",
        "IOError",
        "RuntimeError",
        "HTTPException",
        "SQLAlchemyError",
        "DatabaseError",
        "OperationalError",
    )
)
_STARTS = frozenset(("create_task", "ensure_future", "start_soon", "run_coroutine_threadsafe"))
_ZIPS = frozenset(("zip", "itertools.zip_longest"))
#: Functions that open one, by a word of their names.
_OPENS = re.compile(r"(?i)session|atomic|transaction|savepoint|(^|_)begin($|_)|unit_of_work")


def repeated_in(world: World, frame: Frame, block: int) -> int | None:
    """The innermost loop over data that runs a block once per item; None when there is none.

    Loops over literals, enums and counters, chunks of a batch, retries and rare paths are none.
    """
    scope = frame.scope
    loop = loop_around(scope, block)
    if loop is None or in_handler(scope, block, loop) or runs_once(block, scope):
        return None
    while loop is not None:
        iterable = scope.blocks[loop][Block.EXPR]
        if (
            not are_strategies(world, frame, iterable, loop)
            and not _serves_batches(world, frame, iterable, loop)
            and not is_constant(world, frame, iterable, loop)
        ):
            return loop
        loop = loop_around(scope, scope.blocks[loop][Block.PARENT])
    return None


def is_unit_of_work(scope: Scope, site: Site, loop: int) -> bool:
    """Whether each pass stands for itself: a call whose every failure the loop survives is a job."""
    if not site.effect.hops:
        return False
    for block in scope.ancestors(site.block):
        if block == loop:
            return False
        if scope.blocks[block][Block.KIND] == "try" and _survives_all(scope, block):
            return True
    return False


def is_for_one_item(scope: Scope, site: Site, loop: int) -> bool:
    """Whether a site is reached for one item only: ``if key == "roles":`` inside a loop over keys."""
    names = {
        n
        for n, rows in scope.binds.items()
        if any(r[Bind.BLOCK] == loop and is_item(r[Bind.EXPR], scope.blocks[loop][Block.EXPR]) for r in rows)
    }
    for block in scope.ancestors(site.block):
        if block == loop:
            return False
        row = scope.blocks[block]
        if row[Block.KIND] == "if" and any(_names_one(part, names) for part in conjuncts(row[Block.EXPR])):
            return True
    return False


def fills_missing(scope: Scope, site: Site, loop: int) -> bool:
    """Whether a site makes what a lookup of the same pass did not find: the lookup is the query per item."""
    for block in scope.ancestors(site.block):
        if block == loop:
            return False
        row = scope.blocks[block]
        if row[Block.KIND] == "if" and any(_misses(part, scope, loop) for part in conjuncts(row[Block.EXPR])):
            return True
    return False


def _misses(test: Expr, scope: Scope, loop: int) -> bool:
    """Whether a test says that a call of the pass gave nothing."""
    if (
        test is None
        or test[0] != "m"
        or not (test[1] == "not" or (test[1] == "is" and test[3] == ["k", None]))
    ):
        return False
    if test[2] is None or test[2][0] != "n":
        return False
    for row in scope.binds.get(test[2][1], ()):
        expr = row[Bind.EXPR]
        while expr is not None and expr[0] == "w":
            expr = expr[1]
        if expr is not None and expr[0] == "c" and loop in scope.ancestors(row[Bind.BLOCK]):
            return True
    return False


def _names_one(test: Expr, names: set[str]) -> bool:
    return (
        test is not None
        and test[0] == "m"
        and test[1] == "=="
        and any(
            side is not None and side[0] == "n" and side[1] in names and other is not None and other[0] == "k"
            for side, other in ((test[2], test[3]), (test[3], test[2]))
        )
    )


def _survives_all(scope: Scope, block: int) -> bool:
    """Whether a ``try`` has a handler for all that may fail outside, which does not leave the loop."""
    parent = scope.blocks[block][Block.PARENT]
    for row in scope.blocks[block + 1 :]:
        if row[Block.PARENT] != parent:
            continue
        if row[Block.KIND] != "except":
            if row[Block.KIND] in ("try", "for", "while", "if", "with"):
                return False
            continue
        if _is_broad(row[Block.EXPR]):
            return row[Block.EXIT] not in ("raise", "return", "break")
    return False


def _is_broad(kinds: Expr) -> bool:
    """Whether a handler is for whatever goes wrong outside, not for what was not found."""
    if kinds is not None and kinds[0] == "t":
        return any(_is_broad(kind) for kind in kinds[1])
    return kinds is None or last_word(kinds) in _BROAD


def is_spliced(scope: Scope, site: Site, loop: int) -> bool:
    """Whether the item is the statement, or a part of its text: another table each time, no batch."""
    if site.call < 0 or site.effect.hops:
        return False
    first = scope.calls[site.call][Call.ARGS][:1]
    expr = first[0] if first else None
    if expr is not None and expr[0] == "c" and scope.calls[expr[1]][Call.ARGS]:
        expr = scope.calls[expr[1]][Call.ARGS][0]
    func = scope.calls[site.call][Call.FUNC]
    if expr is not None and expr[0] == "n" and func is not None and func[0] == "a" and func[2] == "execute":
        # `for statement in statements: cursor.execute(statement)`
        outer = scope.blocks[loop][Block.EXPR]
        if any(r[Bind.BLOCK] == loop and is_item(r[Bind.EXPR], outer) for r in scope.binds.get(expr[1], ())):
            return True
    return expr is not None and expr[0] == "j" and mentions(expr, dependents(scope, loop), scope)


def is_search(scope: Scope, loop: int, call: int) -> bool:
    """Whether a loop looks for one fitting row: what the call gives is returned from inside the loop."""
    if call < 0:
        return False
    if any(
        row[Call.FUNC] in (["n", "any"], ["n", "next"])
        and row[Call.ARGS][:1]
        and row[Call.ARGS][0] is not None
        and row[Call.ARGS][0][0] == "p"
        and row[Call.ARGS][0][3] == loop
        for row in scope.calls
    ):
        return True
    if _stops_at(scope, loop, call):
        return True
    given = {
        name
        for name, rows in scope.binds.items()
        for row in rows
        if loop in scope.ancestors(row[Bind.BLOCK]) and _contains_call(row[Bind.EXPR], call, scope)
    }
    return any(
        expr is not None and expr[0] == "n" and expr[1] in given and loop in scope.ancestors(block)
        for expr, block, _, _ in scope.returns
    )


def _stops_at(scope: Scope, loop: int, call: int) -> bool:
    """Whether the loop ends with the first item that passes: ``if is_busy(row): return True``."""
    return any(
        row[Block.KIND] == "if"
        and row[Block.EXIT] in ("return", "break")
        and row[Block.PARENT] == loop
        and row[Block.EXPR] in (["c", call], ["w", ["c", call]])
        for row in scope.blocks
    )


def is_task(scope: Scope, call: int) -> bool:
    """Whether a coroutine is started as a task of its own."""
    return call >= 0 and any(
        row[Call.ARGS][:1] == [["c", call]] and _last_word(["c", index], scope) in _STARTS
        for index, row in enumerate(scope.calls)
    )


def _contains_call(expr: Expr, call: int, scope: Scope) -> bool:
    """Whether an expression is this call, awaited or as the receiver of further calls."""
    for _ in range(8):
        if expr is None:
            return False
        if expr[0] == "c":
            if expr[1] == call:
                return True
            expr = scope.calls[expr[1]][Call.FUNC]
        elif expr[0] in ("w", "a", "s"):
            expr = expr[1]
        else:
            return False
    return False


def loop_around(scope: Scope, block: int) -> int | None:
    """The innermost ``for`` loop or comprehension around a block, unless the block leaves it at once."""
    while block > 0:
        row = scope.blocks[block]
        if row[Block.KIND] in ("for", "afor", "comp", "acomp"):
            return None if row[Block.EXIT] in ("return", "break", "raise") else block
        if row[Block.KIND] in LOOPS:
            return None
        if row[Block.EXIT] in ("return", "break", "raise"):
            return None
        block = row[Block.PARENT]
    return None


def runs_once(block: int, scope: Scope) -> bool:
    """Whether a block fills a cache on first use: ``if x is None: x = ...``."""
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        test = row[Block.EXPR]
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
    return _returns_kept(scope, block)


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
    if known[0] == "a" and any(_fills(row, test[2], known, block) for row in scope.calls):
        return True
    return any(
        block in scope.ancestors(store[Store.BLOCK])
        and str(store[Store.ATTR]).startswith("[")
        and same_path(store[Store.VALUE], known)
        for store in scope.stores
    )


def _fills(row: list[Any], key: Expr, known: Expr, block: int) -> bool:
    """Whether a call tells the owner of a collection to take a key in: ``store.load(key)``."""
    func = row[Call.FUNC]
    return (
        row[Call.BLOCK] == block
        and func is not None
        and func[0] == "a"
        and key in row[Call.ARGS]
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


def _returns_kept(scope: Scope, block: int) -> bool:
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


def in_own_transaction(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether each pass opens a session or transaction of its own: then it is meant to stand alone."""
    scope = frame.scope
    around = scope.ancestors(site.block)
    for expr, _, *_, block, order in scope.withs:
        if order < site.order and block in around and loop in scope.ancestors(block):
            if _OPENS.search(_last_word(expr, scope)):
                return True
            for member in members(world.evaluator.eval(expr, frame, block, order)):
                names = [member.name, *(m.name for a in member.args for m in members(a))]
                if any(_TRANSACTIONS.search(name) for name in names):
                    return True
    return False


def _last_word(expr: Expr, scope: Scope) -> str:
    """The name of what a call calls."""
    func = scope.calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else None
    return "" if func is None else str(func[1] if func[0] == "n" else func[2] if func[0] == "a" else "")


def names_column(scope: Scope, site: Site, loop: int) -> bool:
    """Whether the item is the name of a column or a class: ``getattr(schema, item)`` in the statement."""
    if site.call < 0:
        return False
    names = dependents(scope, loop)
    return any(
        row[Call.FUNC] == ["n", "getattr"]
        and len(row[Call.ARGS]) > 1
        and mentions(row[Call.ARGS][1], names, scope)
        and has_call(["c", site.call], index, scope)
        for index, row in enumerate(scope.calls)
        if loop in scope.ancestors(row[Call.BLOCK])
    )


def uses_group(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether a site takes a whole collection of the item: one call then serves a group of rows."""
    scope = frame.scope
    iterable = scope.blocks[loop][Block.EXPR]
    if site.call < 0:
        return False
    if _selects_group(frame.scope, site, loop):
        return True
    groups = {
        position
        for member in members(world.evaluator.iterate(iterated(world, frame, iterable, loop)))
        if member.kind == "inst" and member.name == "tuple"
        for position, part in enumerate(member.args)
        if part is not None and _is_group(part)
    }
    if not groups:
        return False
    parts = [["s", ["i", iterable], ["k", position]] for position in groups]
    return uses(site, followers(scope, loop, lambda expr: expr in parts), scope)


def _selects_group(scope: Scope, site: Site, loop: int) -> bool:
    """Whether a statement is given all rows of the item: ``[row.id for row in rows if row.key == key]``."""
    names = dependents(scope, loop)
    for operator, left, right, *_, block, _ in scope.compares:
        row = scope.blocks[block]
        if (
            operator == "=="
            and row[Block.KIND] == "comp"
            and loop in scope.ancestors(block)
            and not mentions(row[Block.EXPR], names, scope)
            and mentions(left, names, scope) != mentions(right, names, scope)
            and has_comprehension(["c", site.call], block, scope)
        ):
            return True
    return False


def _is_group(value: Type) -> bool:
    if value.kind != "inst":
        return False
    if value.name == "tuple":
        # `tuple[Row, ...]`
        return len(value.args) == 1
    if value.name == "dict":
        inner = value.args[1] if len(value.args) > 1 else None
        return inner is not None and inner.kind == "inst" and inner.name in MANY
    return value.name in MANY


def uses(site: Site, names: frozenset[str], scope: Scope) -> bool:
    """Whether what a site works on is made from any of these names."""
    if site.about is not None:
        return mentions(site.about, names, scope)
    if site.call >= 0:
        return call_mentions(scope, site.call, names)
    for row in scope.reads:
        if (row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN]) == site[:4]:
            return mentions(row[Read.VALUE], names, scope)
    for row in scope.blocks:
        if row[Block.ORDER] == site.order:
            return mentions(row[Block.EXPR], names, scope)
    return any(mentions(row[0], names, scope) for row in scope.withs if row[7] == site.order)


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


def _serves_batches(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether each item stands for many rows: chunks, pages, a range with a step."""
    if iterable is None:
        return True
    scope = frame.scope
    for name, rows in scope.binds.items():
        bound = (row for row in rows if row[Bind.BLOCK] == loop)
        if _GROUPS.search(name) and any(is_item(row[Bind.EXPR], iterable) for row in bound):
            return True
    if iterable[0] == "c":
        row = scope.calls[iterable[1]]
        callee = row[Call.FUNC]
        word = (
            "" if callee is None else callee[1] if callee[0] == "n" else callee[2] if callee[0] == "a" else ""
        )
        if word == "range":
            return True
        args = row[Call.ARGS]
        if len(args) == 1 and args[0] is not None and args[0][0] == "*":
            # `zip(*[iter(ids)] * 100)` cuts a list into groups.
            return any(m.name in _ZIPS for m in members(world.evaluator.callee(iterable[1], frame)))
        if word == "enumerate" and row[Call.ARGS]:
            return _serves_batches(world, frame, row[Call.ARGS][0], loop)
        if isinstance(word, str) and _BATCHES.search(word):
            return True
    if iterable[0] in ("n", "a") and _GROUPS.search(iterable[1] if iterable[0] == "n" else iterable[2]):
        return True
    item = world.evaluator.iterate(iterated(world, frame, iterable, loop))
    return item is not None and item.kind == "inst" and item.name in MANY

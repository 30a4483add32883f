"""Which blocks of a function run once per item of data, and which only look like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.model.flow import call_mentions, conjuncts, dependents, followers, is_item, mentions
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Param, Read, Scope, Store
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluate import Frame
    from archlint.project.world import World

#: Words that name a source of batches; each pass of such a loop serves many rows.
_BATCHES = re.compile(r"(?i)(batch|chunk|page|slice|window|bucket|partition)")
_GROUPS = re.compile(r"(?i)(batch|chunk|slices|windows|bucket)")
#: Classes of sessions and transactions, by their last word.
_TRANSACTIONS = re.compile(r"(?i)(session|atomic|transaction|savepoint|begin)$")
#: Last words of names for what the program's authors or its operators wrote down: never data-sized.
_WRITTEN_DOWN = re.compile(
    r"(?i)(^|_)(conf|config|configs|configuration|settings)(_|$)|(^|_)(cleaned_data|columns?|cols|fields|fieldsets|filters|tables|indexes|constraints|plugins|"
    r"backends|handlers|providers|validators|hooks|middlewares?|processors|adapters|executors|engines|drivers|strategies|types|meta|formsets?|loaders|renderers|checkers)$"
)


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
            not _are_strategies(world, frame, iterable, loop)
            and not _serves_batches(world, frame, iterable, loop)
            and not _is_constant(world, frame, iterable, loop)
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
    """Whether a ``try`` has a handler for every exception that does not leave the loop."""
    parent = scope.blocks[block][Block.PARENT]
    for row in scope.blocks[block + 1 :]:
        if row[Block.PARENT] != parent:
            continue
        if row[Block.KIND] != "except":
            if row[Block.KIND] in ("try", "for", "while", "if", "with"):
                return False
            continue
        if row[Block.EXPR] in (None, ["n", "Exception"], ["n", "BaseException"]):
            return row[Block.EXIT] not in ("raise", "return", "break")
    return False


def is_spliced(scope: Scope, site: Site, loop: int) -> bool:
    """Whether the item becomes part of the statement's text: another table or schema each time, no batch."""
    if site.call < 0 or site.effect.hops:
        return False
    first = scope.calls[site.call][Call.ARGS][:1]
    expr = first[0] if first else None
    if expr is not None and expr[0] == "c" and scope.calls[expr[1]][Call.ARGS]:
        expr = scope.calls[expr[1]][Call.ARGS][0]
    return expr is not None and expr[0] == "j" and mentions(expr, dependents(scope, loop), scope)


def is_search(scope: Scope, loop: int, call: int) -> bool:
    """Whether a loop looks for one fitting row: what the call gives is returned from inside the loop."""
    if call < 0:
        return False
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
        and _same_path(store[Store.VALUE], known)
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
        and _same_path(func[1], known[1])
    )


def _same_path(left: Expr, right: Expr) -> bool:
    """Whether two expressions are the same name or the same attribute of the same path."""
    while left is not None and right is not None and left[0] == right[0] == "a" and left[2] == right[2]:
        left, right = left[1], right[1]
    return left is not None and right is not None and left[0] == right[0] == "n" and left[1] == right[1]


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


def uses_item(site: Site, loop: int, scope: Scope) -> bool:
    """Whether a site inside a loop uses the item."""
    return uses(site, dependents(scope, loop), scope)


def is_assigned(site: Site, loop: int, scope: Scope) -> bool:
    """Whether the pass gave the relation that a site reads to its row before: ``row.parent = parent``."""
    attr = site.effect.leaf.rpartition(".")[2]
    return any(
        store[Store.ATTR] == attr
        and store[Store.ORDER] < site.order
        and loop in scope.ancestors(store[Store.BLOCK])
        and _same_path(store[Store.VALUE], site.about)
        for store in scope.stores
    )


def in_own_transaction(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether each pass opens a session or transaction of its own: then it is meant to stand alone."""
    scope = frame.scope
    around = scope.ancestors(site.block)
    for expr, _, *_, block, order in scope.withs:
        if order < site.order and block in around and loop in scope.ancestors(block):
            for member in members(world.evaluator.eval(expr, frame, block, order)):
                names = [member.name, *(m.name for a in member.args for m in members(a))]
                if any(_TRANSACTIONS.search(name) for name in names):
                    return True
    return False


def uses_group(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether a site takes a whole collection of the item: one call then serves a group of rows."""
    scope = frame.scope
    iterable = scope.blocks[loop][Block.EXPR]
    if site.call < 0:
        return False
    groups = {
        position
        for member in members(world.evaluator.iterate(_value(world, frame, iterable, loop)))
        if member.kind == "inst" and member.name == "tuple"
        for position, part in enumerate(member.args)
        if part is not None and _is_group(part)
    }
    if not groups:
        return False
    parts = [["s", ["i", iterable], ["k", position]] for position in groups]
    return uses(site, followers(scope, loop, lambda expr: expr in parts), scope)


def _is_group(value: Type) -> bool:
    if value.kind != "inst":
        return False
    if value.name == "dict":
        inner = value.args[1] if len(value.args) > 1 else None
        return inner is not None and inner.kind == "inst" and inner.name in _MANY
    return value.name in _MANY


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
    if iterable[0] == "n" and _is_local_literal(frame.scope, iterable[1]):
        return False
    value = world.evaluator.eval(iterable, frame, block, order)
    if _are_rows(world, value):
        return True
    item = world.evaluator.iterate(value)
    return iterable[0] == "n" and not _is_written_name(iterable[1]) and (item is None or item.kind != "class")


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
        if word == "enumerate" and row[Call.ARGS]:
            return _serves_batches(world, frame, row[Call.ARGS][0], loop)
        if isinstance(word, str) and _BATCHES.search(word):
            return True
    if iterable[0] in ("n", "a") and _GROUPS.search(iterable[1] if iterable[0] == "n" else iterable[2]):
        return True
    item = world.evaluator.iterate(_value(world, frame, iterable, loop))
    return item is not None and item.kind == "inst" and item.name in _MANY


#: Calls whose items are those of their receiver or first argument.
_SAME_ITEMS = frozenset(
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
#: Library classes whose instances are parts of a schema.
_SCHEMA = frozenset(("Table", "Column", "Index", "ForeignKeyConstraint", "Field"))
#: Items that are themselves many.
_MANY = frozenset(("list", "set", "django.db.models.QuerySet"))
_DATA_BASES = frozenset(("pydantic.BaseModel", "typing.NamedTuple", "typing.TypedDict", "dict", "tuple"))


def _are_strategies(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether the items are objects that do things (backends, checks, handlers), not rows of data."""
    found = members(world.evaluator.iterate(_value(world, frame, iterable, loop)))
    return bool(found) and all(
        m.kind == "inst"
        and is_project(m.name)
        and not world.orm.is_model(m.name)
        and not _is_data(world, m.name)
        for m in found
    )


def _is_data(world: World, key: str) -> bool:
    """Whether a class holds values: fields declared in its body, a record base, or no methods."""
    info = world.classes.info(key)
    if info is None or world.classes.library_bases(key) & _DATA_BASES:
        return True
    return (
        bool(info.scope.decorators)
        or not info.methods
        or any(row[Bind.ANNOTATION] is not None for rows in info.scope.binds.values() for row in rows)
    )


def _is_walked(scope: Scope, loop: int) -> bool:
    """Whether the body walks each item: then an item is itself a group of things, not a row."""
    iterable = scope.blocks[loop][Block.EXPR]
    targets = [
        ["n", name]
        for name, rows in scope.binds.items()
        for row in rows
        if row[Bind.BLOCK] == loop and row[Bind.EXPR] is not None and row[Bind.EXPR] == ["i", iterable]
    ]
    return any(
        row[Block.KIND] in ("for", "comp") and row[Block.EXPR] in targets and loop in scope.ancestors(index)
        for index, row in enumerate(scope.blocks)
    )


def _is_constant(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether a loop runs over something the program text fixes: a literal, an enum, model classes."""
    if iterable is None or (iterable[0] == "c" and _yields_once(world, frame, iterable[1])):
        return True
    if iterable[0] in ("l", "t", "e"):
        return all(e is not None and e[0] in ("k", "n", "a", "t", "f") for e in iterable[1])
    if iterable[0] in ("d", "k") or (iterable[0] == "c" and _answers_literal(world, frame, iterable[1])):
        return True
    if iterable[0] == "n" and _is_local_literal(frame.scope, iterable[1]):
        return True
    value = _value(world, frame, iterable, loop)
    if world.evaluator.iterate(value) is None and _is_of_module(world, frame, iterable):
        return True
    if (
        _is_written_down(iterable, frame.scope) or _is_class_constant(world, frame, iterable)
    ) and not _are_rows(world, value):
        return True
    for member in members(value):
        if member.kind == "class":
            return True
        if (
            member.kind == "inst"
            and member.name in ("list", "tuple", "set", "frozenset")
            and any(_is_fixed(m) for a in member.args for m in members(a))
        ):
            return True
    return any(
        m.name.rpartition(".")[2] in _SCHEMA and not is_project(m.name)
        for m in members(world.evaluator.iterate(value))
    )


def _is_of_module(world: World, frame: Frame, iterable: Expr, depth: int = 2) -> bool:
    """Whether an iterable of unknown kind hangs on a name of the module: a registry, filled at import."""
    scope = frame.scope
    while iterable is not None:
        if iterable[0] == "c":
            call, iterable = iterable[1], scope.calls[iterable[1]][Call.FUNC]
            if (
                iterable in (["n", "sorted"], ["n", "list"], ["n", "reversed"])
                and scope.calls[call][Call.ARGS]
            ):
                iterable = scope.calls[call][Call.ARGS][0]
            elif (
                iterable is None
                or iterable[0] != "a"
                or iterable[2] not in ("values", "items", "keys", "get")
            ):
                return depth > 0 and _answers_registry(world, frame, call, depth)
        elif iterable[0] in ("a", "s"):
            iterable = iterable[1]
        elif iterable[0] == "n":
            name = iterable[1]
            if name in scope.binds or any(row[Param.NAME] == name for row in scope.params):
                return False
            module = world.summary(frame.path).scopes[0]
            if scope.kind == "module" or name not in module.binds:
                return False
            # What hangs on a library's object (`request.json["ids"]`) is whatever arrives there.
            held = world.evaluator.module_global(frame.path, name)
            return held is None or held.kind != "inst" or is_project(held.name) or "." not in held.name
        else:
            return False
    return False


def _answers_registry(world: World, frame: Frame, call: int, depth: int) -> bool:
    """Whether a call gives a registry: all that the function returns hangs on a name of its module."""
    callee = world.evaluator.callee(call, frame)
    scope = world.function(callee.name) if callee is not None and callee.kind == "func" else None
    if callee is None or scope is None or not scope.returns:
        return False
    inner = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 1)
    return all(
        expr is not None and expr[0] in ("a", "s", "n", "c") and _is_of_module(world, inner, expr, depth - 1)
        for expr, *_ in scope.returns
    )


def _are_rows(world: World, value: Type | None) -> bool:
    """Whether a value is known to hold rows of a database."""
    return any(
        m.kind == "inst" and is_project(m.name) and world.orm.is_model(m.name)
        for m in members(world.evaluator.iterate(value))
    )


def _is_written_down(expr: Expr, scope: Scope) -> bool:
    """Whether the items are configuration or parts of a schema, by what the code calls them."""
    for _ in range(8):
        if expr is None:
            return False
        tag = expr[0]
        if tag == "n":
            rows = scope.binds.get(expr[1], ())
            if _is_written_name(expr[1]):
                return True
            if len(rows) != 1:
                return False
            expr = rows[0][Bind.EXPR]
        elif tag == "a":
            if _is_written_name(expr[2]):
                return True
            expr = expr[1] if expr[1] is not None and expr[1][0] != "c" else None
        elif tag == "c":
            row = scope.calls[expr[1]]
            func = row[Call.FUNC]
            if func is None:
                return False
            if func[0] == "a" and func[2] in _SAME_ITEMS:
                expr = func[1]
            elif func[0] == "n" and func[1] in _SAME_ITEMS and row[Call.ARGS]:
                expr = row[Call.ARGS][0]
            else:
                return bool(
                    _WRITTEN_DOWN.search(func[1] if func[0] == "n" else func[2] if func[0] == "a" else "")
                )
        elif tag in ("s", "o", "w"):
            expr = expr[1]
        else:
            return False
    return False


def _is_class_constant(world: World, frame: Frame, expr: Expr) -> bool:
    """Whether an attribute of the receiver is written out in the body of its class."""
    if expr is None or expr[0] != "a" or expr[1] not in (["n", "self"], ["n", "cls"]):
        return False
    receiver = frame.self_type()
    if receiver is None or not is_project(receiver.name):
        return False
    for base in world.classes.mro(receiver.name):
        info = world.classes.info(base.name) if is_project(base.name) else None
        rows = info.scope.binds.get(expr[2], ()) if info is not None else ()
        if rows and rows[-1][Bind.EXPR] is not None:
            made = rows[-1][Bind.EXPR]
            return made[0] in ("l", "t", "e", "d") and bool(made[1])
    return False


def _is_written_name(name: str) -> bool:
    return bool(_WRITTEN_DOWN.search(name)) or (name.isupper() and len(name) > 2)


def _yields_once(world: World, frame: Frame, call: int) -> bool:
    """Whether a call makes a generator without a loop: ``for db in get_db()`` runs once."""
    callees = members(world.evaluator.callee(call, frame))
    return bool(callees) and all(_is_plain_generator(world, callee) for callee in callees)


def _answers_literal(world: World, frame: Frame, call: int) -> bool:
    """Whether a call of a project function gives a list that is written out there."""
    callees = members(world.evaluator.callee(call, frame))
    scopes = [world.function(callee.name) if callee.kind == "func" else None for callee in callees]
    return bool(scopes) and all(
        scope is not None and bool(scope.returns) and all(_is_display(expr) for expr, *_ in scope.returns)
        for scope in scopes
    )


def _is_local_literal(scope: Scope, name: str) -> bool:
    """Whether a local name stands for a list that is written out and never grows."""
    rows = scope.binds.get(name, ())
    if not rows or any(p[0] == name for p in scope.params):
        return False
    grown = any(
        row[Call.FUNC] is not None and row[Call.FUNC][0] == "a" and row[Call.FUNC][1] == ["n", name]
        for row in scope.calls
    )
    return not grown and all(_is_written_out(row[Bind.EXPR]) for row in rows)


def _is_written_out(expr: Expr) -> bool:
    """Whether a value is a list that the text spells out, or one of several such."""
    if expr is not None and expr[0] == "o":
        return all(_is_written_out(part) for part in expr[1:])
    return _is_display(expr) and bool(expr[1])


def _is_display(expr: Expr) -> bool:
    return expr is not None and expr[0] in ("l", "t", "e") and all(e is None or e[0] != "*" for e in expr[1])


def _is_plain_generator(world: World, callee: Type) -> bool:
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or not scope.is_generator:
        return False
    around = {b for _, block, _, _ in scope.yields for b in scope.ancestors(block)}
    return not any(is_from for *_, is_from in scope.yields) and not any(
        scope.blocks[b][Block.KIND] in LOOPS for b in around
    )


def _is_fixed(value: Type) -> bool:
    if value.kind == "inst" and value.name == "tuple" and value.args:
        # The items of a constant mapping, or of a registry of classes.
        return any(_is_fixed(m) for m in members(value.args[0])) or any(
            m.kind in ("class", "func") for a in value.args[1:] for m in members(a)
        )
    return value.kind in ("class", "func", "lib") or bool(value.facts and value.facts[0].startswith("="))


def _value(world: World, frame: Frame, iterable: Expr, loop: int) -> Type | None:
    row = frame.scope.blocks[loop]
    return world.evaluator.eval(iterable, frame, row[Block.PARENT], row[Block.ORDER])

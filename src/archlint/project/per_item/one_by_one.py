"""Loops that take their items one by one on purpose: jobs, searches, a transaction for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.flow import conjuncts, dependents, has_call, is_item, mentions, source_of
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Scope, Store
from archlint.project.effects import is_other_io
from archlint.project.rows.statements import is_on_schema
from archlint.project.rows.stored import KEYS
from archlint.project.sessions import is_transactional
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

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
_LOCKS = re.compile(r"(?i)(?<![bc])lock|for_update")
#: Functions that tell somebody, or have somebody begin.
_TELLS = re.compile(
    r"(?i)(^|_)(send|notify|publish|emit|mail|announce|delay|apply_async|enqueue|submit|schedule|start)(_|$)"
)
_UPDATES = frozenset(("update", "aupdate"))
_STARTS = frozenset(("create_task", "ensure_future", "start_soon", "run_coroutine_threadsafe"))
#: Functions that open one, by a word of their names.
_OPENS = re.compile(r"(?i)session|atomic|transaction|savepoint|(^|_)begin($|_)|unit_of_work")


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


def _survives_all(scope: Scope, block: int) -> bool:
    """Whether a ``try`` has a handler for all that may fail outside, which does not leave the loop."""
    for row in scope.handlers(block):
        if _is_broad(row[Block.EXPR]):
            return row[Block.EXIT] not in ("raise", "return", "break")
    return False


def _is_broad(kinds: Expr) -> bool:
    """Whether a handler is for whatever goes wrong outside, not for what was not found."""
    if kinds is not None and kinds[0] == "t":
        return any(_is_broad(kind) for kind in kinds[1])
    return kinds is None or last_word(kinds) in _BROAD


def is_for_one_item(scope: Scope, site: Site, loop: int) -> bool:
    """Whether a site is reached for one item only: ``if key == "roles":`` inside a loop over keys.

    So it is with ``if row == self:``, where no loop around gives another row.
    """
    names = {
        n
        for n, rows in scope.binds.items()
        if any(r[Bind.BLOCK] == loop and is_item(r[Bind.EXPR], scope.blocks[loop][Block.EXPR]) for r in rows)
    }
    is_alone = not any(scope.blocks[b][Block.KIND] in LOOPS for b in scope.ancestors(loop) if b != loop)
    varying = dependents(scope, loop) if is_alone else None
    for block in scope.ancestors(site.block):
        if block == loop:
            return False
        row = scope.blocks[block]
        if row[Block.KIND] == "if" and any(
            _names_one(part, names, varying, scope) for part in conjuncts(row[Block.EXPR])
        ):
            return True
    return False


def _names_one(test: Expr, names: set[str], varying: frozenset[str] | None, scope: Scope) -> bool:
    """Whether a test compares an item itself with a constant, or with what is the same in all passes."""
    return (
        test is not None
        and test[0] == "m"
        and test[1] in ("==", "is")
        and any(
            side is not None
            and side[0] == "n"
            and side[1] in names
            and other is not None
            and (other[0] == "k" or (varying is not None and not mentions(other, varying, scope)))
            for side, other in ((test[2], test[3]), (test[3], test[2]))
        )
    )


def fills_missing(scope: Scope, place: int, loop: int) -> bool:
    """Whether a block makes what a lookup of the same pass did not find: the lookup is the query per item."""
    for block in scope.ancestors(place):
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


def is_spliced(scope: Scope, site: Site, loop: int) -> bool:
    """Whether the item is the statement, or a part of its text: another table each time, no batch."""
    if site.call < 0:
        return False
    if site.effect.hops:
        return _passes_statement(scope, site.call, loop)
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


def _passes_statement(scope: Scope, call: int, loop: int) -> bool:
    """Whether a helper is given a statement on a table that the item names: ``run(f"DROP TABLE {name}")``."""
    names = dependents(scope, loop)
    return any(
        arg is not None and arg[0] == "j" and mentions(arg, names, scope) and is_on_schema(arg, scope)
        for arg in scope.calls[call][Call.ARGS]
    )


def claims_each(scope: Scope, loop: int) -> bool:
    """Whether a pass tests how many rows a statement changed: it takes each row unless another was faster."""
    return any(
        row[Block.KIND] == "if"
        and loop in scope.ancestors(index)
        and any(_is_of_count(part) for part in conjuncts(row[Block.EXPR]))
        for index, row in enumerate(scope.blocks)
    )


def _is_of_count(test: Expr) -> bool:
    if test is not None and test[0] == "m":
        test = test[2]
    return test is not None and test[0] == "a" and test[2] == "rowcount"


def is_search(scope: Scope, loop: int, site: Site) -> bool:
    """Whether a loop looks for one fitting row: what the call gives is returned from inside the loop."""
    call = site.call
    if call < 0:
        return _stops_at(scope, loop, lambda test: _is_read(test, site))
    if any(
        row[Call.FUNC] in (["n", "any"], ["n", "next"])
        and row[Call.ARGS][:1]
        and row[Call.ARGS][0] is not None
        and row[Call.ARGS][0][0] == "p"
        and row[Call.ARGS][0][3] == loop
        for row in scope.calls
    ):
        return True
    if _stops_at(scope, loop, lambda test: test in (["c", call], ["w", ["c", call]])):
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


def _stops_at(scope: Scope, loop: int, is_asked: Callable[[Expr], bool]) -> bool:
    """Whether the loop ends with the first item that passes: ``if is_busy(row): return True``."""
    return any(
        row[Block.KIND] == "if"
        and row[Block.EXIT] in ("return", "break")
        and row[Block.PARENT] == loop
        and is_asked(row[Block.EXPR])
        for row in scope.blocks
    )


def _is_read(expr: Expr, site: Site) -> bool:
    """Whether an expression is the attribute that a site reads: ``row.is_busy``."""
    attr = site.label.rpartition(".")[2]
    return expr is not None and expr[0] == "a" and expr[1] == site.about and expr[2] == attr


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


def is_task(scope: Scope, call: int) -> bool:
    """Whether a coroutine is started as a task of its own."""
    return call >= 0 and any(
        row[Call.ARGS][:1] == [["c", call]] and last_word(row[Call.FUNC]) in _STARTS for row in scope.calls
    )


def in_own_transaction(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether each pass opens a session or transaction of its own: then it is meant to stand alone."""
    scope = frame.scope
    around = scope.ancestors(site.block)
    for expr, _, *_, block, order in scope.withs:
        if order < site.order and block in around and loop in scope.ancestors(block):
            if _OPENS.search(_word_of_call(expr, scope)):
                return True
            for member in members(world.evaluator.eval(expr, frame, block, order)):
                names = [member.name, *(m.name for a in member.args for m in members(a))]
                if any(_TRANSACTIONS.search(name) for name in names):
                    return True
    return False


def asks_each(world: World, frame: Frame, site: Site, loop: int) -> bool:
    """Whether each item is a session or connection that is asked: ``for db in shards: db.execute(...)``."""
    row = frame.scope.calls[site.call] if site.call >= 0 and not site.effect.hops else None
    func = row[Call.FUNC] if row is not None else None
    if row is None or func is None or func[0] != "a":
        return False
    if not mentions(func[1], dependents(frame.scope, loop), frame.scope):
        return False
    return is_transactional(world, world.evaluator.eval(func[1], frame, row[Call.BLOCK], row[Call.ORDER]))


def _word_of_call(expr: Expr, scope: Scope) -> str:
    """The name of what a call calls; empty for what is no call."""
    return last_word(scope.calls[expr[1]][Call.FUNC]) if expr is not None and expr[0] == "c" else ""


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


def costs_more(function: Function, loop: int) -> bool:
    """Whether each pass reads files or sends requests of its own: its queries are the least of it."""
    scope = function.scope
    return any(is_other_io(s.effect) and loop in scope.ancestors(s.block) for s in function.repeated_sites)


def acts_outside(function: Function, loop: int, call: int = -1) -> bool:
    """Whether the passes of a loop, beside one call, send mail, write files or tell somebody: to be noted."""
    scope = function.scope
    return costs_more(function, loop) or any(
        _TELLS.search(last_word(row[Call.FUNC])) and loop in scope.ancestors(row[Call.BLOCK])
        for index, row in enumerate(scope.calls)
        if index != call
    )


def locks_each(scope: Scope, loop: int) -> bool:
    """Whether a pass, of this loop or one around it, locks a row: rows are then taken one after the other.

    What locks a part of the program, or a number of the database, is entered by ``with``.
    """
    guards = [expr for expr, *_ in scope.withs]
    loops = [b for b in scope.ancestors(loop) if scope.blocks[b][Block.KIND] in LOOPS]
    return any(
        any(_LOCKS.search(word) for word in _names_in(row))
        and not set(loops).isdisjoint(scope.ancestors(row[Call.BLOCK]))
        and ["c", index] not in guards
        for index, row in enumerate(scope.calls)
    )


def _names_in(row: list[Any]) -> Iterator[str]:
    """What a call calls, and the constants that it is given: ``execute(LOCK_ROWS, key)``."""
    yield last_word(row[Call.FUNC])
    yield from (word for word in map(last_word, row[Call.ARGS]) if word.isupper())


def sets_own_value(scope: Scope, site: Site, loop: int) -> bool:
    """Whether rows that hang on the item get a value of its own: ``item.parts.update(kind=item.kind)``.

    Where a key tells the row, many can be written at once; conditions of all kinds have no common statement.
    """
    row = _update_of(scope, site)
    if row is None:
        return False
    names = dependents(scope, loop)
    if not any(key is not None and mentions(expr, names, scope) for key, expr in row[Call.KEYWORDS]):
        return False
    return not _is_found_by_key(row[Call.FUNC][1], scope)


def _update_of(scope: Scope, site: Site) -> list[Any] | None:
    """The update that a site is, or whose rows it reads by a property: ``item.linked.update(...)``."""
    if site.call >= 0:
        row = scope.calls[site.call]
        return row if last_word(row[Call.FUNC]) in _UPDATES and not site.effect.hops else None
    return next(
        (
            row
            for row in scope.calls
            if last_word(row[Call.FUNC]) in _UPDATES
            and row[Call.FUNC][0] == "a"
            and _is_read(row[Call.FUNC][1], site)
        ),
        None,
    )


def _is_found_by_key(expr: Expr, scope: Scope) -> bool:
    """Whether a query set was narrowed to one row: ``filter(pk=...)``."""
    while expr is not None and expr[0] in ("c", "a"):
        if expr[0] == "c":
            row = scope.calls[expr[1]]
            if any(key in KEYS for key, _ in row[Call.KEYWORDS]):
                return True
            expr = row[Call.FUNC]
        else:
            expr = expr[1]
    return False


def copies_rows(scope: Scope, loop: int) -> bool:
    """Whether a pass makes a new row of the item, ``row.pk = None``: a thing is copied with all its parts."""
    names = dependents(scope, loop)
    return any(
        store[Store.ATTR] in KEYS
        and store[Store.EXPR] == ["k", None]
        and loop in scope.ancestors(store[Store.BLOCK])
        and mentions(store[Store.VALUE], names, scope)
        for store in scope.stores
    )


def is_locked(site: Site, iterable: Expr, scope: Scope) -> bool:
    """Whether the rows of a loop are locked, or a chain locks the row it asks for: one by one, then."""
    source = source_of(iterable, scope)
    while source is not None and source[0] in ("c", "a"):
        if source[0] == "a" and _LOCKS.search(source[2]):
            return True
        source = scope.calls[source[1]][Call.FUNC] if source[0] == "c" else source[1]
    return any(_LOCKS.search(label) for label in (site.label, *(hop.label for hop in site.effect.hops)))

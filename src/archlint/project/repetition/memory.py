"""Values that are kept: a query that fills a gap runs once for what it fills, not once per item."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.flow import conjuncts, has_call, is_item, left_before, mentions, same_path
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope, Store

#: Attributes that tell the rows of a table apart.
_OWN_KEYS = frozenset(("id", "pk", "uuid"))


def is_remembered(scope: Scope, block: int, order: int, call: int = -1, loop: int = -1) -> bool:
    """Whether a place runs only for what is not known yet: it is kept then, or set on the row."""
    if is_kept(scope, block, order, call, loop):
        return True
    left = [test for _, test in _left_before(scope, scope.ancestors(block), order, loop)]
    return loop < 0 and call >= 0 and _gives_missing(left, call, scope)


def is_kept(scope: Scope, block: int, order: int, call: int = -1, loop: int = -1) -> bool:
    """Whether a place runs only for what a dictionary, an attribute or a name does not hold yet.

    A dictionary of the function itself lives as long as one call: it counts for a loop that it was
    made before, not for the callers of the function.
    """
    around = scope.ancestors(block)
    for ancestor in around:
        row = scope.blocks[ancestor]
        if ancestor == loop:
            break
        if row[Block.KIND] == "else" and _is_memo(
            _held_in(row[Block.EXPR], scope), row[Block.EXPR], scope, loop
        ):
            return True
        if row[Block.KIND] == "if":
            for part in conjuncts(row[Block.EXPR]):
                if _is_memo(_missing_in(part, scope), part, scope, loop):
                    return True
                if _fills_gap(part, scope, ancestor):
                    return True
    left = _left_before(scope, around, order, loop)
    if any(_is_memo(_held_in(test, scope), test, scope, loop) for _, test in left):
        return True
    return call >= 0 and _fills_name(scope, call, loop)


def is_known(scope: Scope, block: int, order: int) -> bool:
    """Whether a place runs only for what a table, filled by whomever, does not hold.

    ``if key in TEXTS: return TEXTS[key].strip()``, or the same with ``get``.
    """
    for branch, test in _left_before(scope, scope.ancestors(block), order, -1):
        keeper = _held_in(test, scope)
        if keeper is None or keeper[0] not in ("n", "a") or not _outlives(keeper, scope, -1):
            continue
        found = ["s", keeper, test[2]] if test[0] == "m" and test[1] == "in" else _subject(test)
        if any(branch == at and _starts_with(expr, found, scope) for expr, at, *_ in scope.returns):
            return True
    return False


def _subject(test: Expr) -> Expr:
    """What a test asks to be there: ``found`` and ``found is not None``."""
    return test[2] if test[0] == "m" else test


def _starts_with(expr: Expr, wanted: Expr, scope: Scope) -> bool:
    """Whether an expression is another one, a name of it, or methods and attributes of it."""
    while expr is not None and expr != wanted and expr[0] in ("a", "c"):
        expr = expr[1] if expr[0] == "a" else scope.calls[expr[1]][Call.FUNC]
    if expr is None or expr == wanted:
        return expr is not None
    return expr[0] == "n" and any(row[Bind.EXPR] == wanted for row in scope.binds.get(expr[1], ()))


def is_for_few(scope: Scope, block: int) -> bool:
    """Whether a function gives its argument back as a rule, and asks under a condition only."""
    if not any(
        scope.blocks[b][Block.KIND] == "if" and scope.blocks[b][Block.EXIT] == "return"
        for b in scope.ancestors(block)
    ):
        return False
    params = [p[Param.NAME] for p in scope.params]
    return any(
        around == 0
        and expr is not None
        and expr[0] == "n"
        and expr[1] in params
        and expr[1] not in scope.binds
        for expr, around, *_ in scope.returns
    )


def _is_memo(keeper: Expr, test: Expr, scope: Scope, loop: int) -> bool:
    """Whether a tested dictionary holds what the place gives, for fewer keys than there are items."""
    if keeper is None or not _outlives(keeper, scope, loop) or not _is_filled(keeper, scope):
        return False
    key = test[2] if test[0] == "m" and test[1] in ("in", "not in") else None
    if key is not None and key[0] == "a" and key[2] in _OWN_KEYS:
        # What tells rows apart is as good as the row.
        key = key[1]
    if loop < 0 or key is None or key[0] != "n" or keeper[0] != "n" or keeper[1] not in scope.binds:
        return True
    # `if row not in found: found[row] = ...` still asks for every row.
    iterable = scope.blocks[loop][Block.EXPR]
    return not any(
        row[Bind.BLOCK] == loop and is_item(row[Bind.EXPR], iterable) for row in scope.binds.get(key[1], ())
    )


def _missing_in(test: Expr, scope: Scope) -> Expr:
    """The dictionary that lacks a key by a test: ``key not in known``, ``known.get(key) is None``."""
    if test is None or test[0] != "m":
        return None
    if test[1] == "not in":
        return test[3]
    if test[1] == "not" or (test[1] == "is" and test[3] == ["k", None]):
        return _asked(test[2], scope)
    return None


def _held_in(test: Expr, scope: Scope) -> Expr:
    """The dictionary of which a test says that it has a key."""
    if test is None:
        return None
    if test[0] == "m" and test[1] == "in":
        return test[3]
    if test[0] == "m" and test[1] == "is not" and test[3] == ["k", None]:
        return _asked(test[2], scope)
    return _asked(test, scope) if test[0] in ("n", "c") else None


def _asked(expr: Expr, scope: Scope) -> Expr:
    """The dictionary that a value was looked up in by ``get``."""
    if expr is not None and expr[0] == "n":
        found = [_asked_by_call(row[Bind.EXPR], scope) for row in scope.binds.get(expr[1], ())]
        return next((keeper for keeper in found if keeper is not None), None)
    return _asked_by_call(expr, scope)


def _asked_by_call(expr: Expr, scope: Scope) -> Expr:
    if expr is not None and expr[0] == "w":
        expr = expr[1]
    if expr is None or expr[0] != "c":
        return None
    func = scope.calls[expr[1]][Call.FUNC]
    return func[1] if func is not None and func[0] == "a" and func[2] == "get" else None


def _outlives(keeper: Expr, scope: Scope, loop: int) -> bool:
    rows = scope.binds.get(keeper[1], ()) if keeper is not None and keeper[0] == "n" else ()
    if loop < 0:
        return not rows
    return not any(loop in scope.ancestors(row[Bind.BLOCK]) for row in rows)


def _is_filled(keeper: Expr, scope: Scope) -> bool:
    """Whether the function stores something in a dictionary under a key."""
    return any(
        str(store[Store.ATTR]).startswith("[") and same_path(store[Store.VALUE], keeper)
        for store in scope.stores
    )


def _left_before(scope: Scope, around: list[int], order: int, loop: int) -> Iterator[tuple[int, Expr]]:
    """The branches that left before a place, with a condition: ``if key in known: return known[key]``."""
    for index in left_before(scope, around, order):
        if loop < 0 or loop in scope.ancestors(index):
            yield from ((index, part) for part in conjuncts(scope.blocks[index][Block.EXPR]))


def _gives_missing(left: list[Expr], call: int, scope: Scope) -> bool:
    """Whether a call is for rows that lack what it gives: ``if row.code: return``, ``row.code = find()``."""
    kept = [attr for attr in map(_tested_attribute, left) if attr is not None]
    if not kept:
        return False
    given = {
        name
        for name, rows in scope.binds.items()
        if any(has_call(row[Bind.EXPR], call, scope) for row in rows)
    }
    return any(
        same_path(["a", store[Store.VALUE], store[Store.ATTR]], attr)
        and (has_call(store[Store.EXPR], call, scope) or mentions(store[Store.EXPR], given, scope))
        for store in scope.stores
        for attr in kept
    )


def _tested_attribute(test: Expr) -> Expr:
    """The attribute of which a test says that it is set."""
    if test is not None and test[0] == "m" and test[1] == "is not" and test[3] == ["k", None]:
        test = test[2]
    return test if test is not None and test[0] == "a" else None


def _fills_gap(test: Expr, scope: Scope, block: int) -> bool:
    """Whether ``if row.parts is None:`` fills what the function gives: ``return row.parts``."""
    if test is None or test[0] != "m" or test[1] != "is" or test[3] != ["k", None]:
        return False
    subject = test[2]
    if subject is None or subject[0] != "a":
        return False
    return any(
        same_path(_told(expr, scope), subject) and around == scope.blocks[block][Block.PARENT]
        for expr, around, *_ in scope.returns
    )


def _told(expr: Expr, scope: Scope) -> Expr:
    """What a return statement gives, without a cast around it."""
    if expr is not None and expr[0] == "c":
        func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
        if args and (func == ["n", "cast"] or (func is not None and func[0] == "a" and func[2] == "cast")):
            return args[-1]
    return expr


def _fills_name(scope: Scope, call: int, loop: int) -> bool:
    """Whether a call stands in ``x = x or call()``."""
    for name, rows in scope.binds.items() if loop >= 0 else ():
        if all(loop in scope.ancestors(row[Bind.BLOCK]) for row in rows if row[Bind.EXPR] != ["k", None]):
            continue
        for row in rows:
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "o" and expr[1] == ["n", name] and has_call(expr, call, scope):
                return True
    return any(
        store[Store.EXPR] is not None
        and store[Store.EXPR][0] == "o"
        and same_path(store[Store.EXPR][1], ["a", store[Store.VALUE], store[Store.ATTR], None])
        and has_call(store[Store.EXPR], call, scope)
        for store in scope.stores
    )

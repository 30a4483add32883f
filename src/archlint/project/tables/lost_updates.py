"""Numbers of rows that are read, changed in Python and written back without a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.identifiers import name_words
from archlint.project.rows.columns import column_of, is_number
from archlint.project.tables.commits import writes_out
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Words of calls that lock the rows of a query, or everything.
_LOCKS = frozenset(("select_for_update", "with_for_update", "with_lockmode", "pg_advisory_lock"))
_LOCK_WORDS = frozenset(("lock", "locks", "locked", "mutex", "semaphore"))
#: Builtins that a number passes through.
_CLAMPS = (["n", "max"], ["n", "min"], ["n", "round"], ["n", "int"], ["n", "abs"])
#: Methods that write a row, by ORM.
_SAVES = {"django": ("save", "asave"), "tortoise": ("save",), "peewee": ("save",)}
#: Methods that write some columns of many rows at once.
_SAVES_MANY = frozenset(("bulk_update", "abulk_update"))
#: Attributes by which an ORM notices that somebody else has changed the row.
_VERSIONS = re.compile(r"(?i)(^|_)(version|revision|lock_version)(_id)?$")


class LostUpdate(NamedTuple):
    """A number that is changed in Python."""

    store: list[Any]
    owner: str  # name of the model
    orm: str
    operator: str


def lost_updates(world: World, frame: Frame) -> Iterator[LostUpdate]:
    """The stores of a function that write back a number of a queried row, changed by an operator."""
    scope = frame.scope
    for row in scope.stores:
        operator = _operator(scope, row)
        if not operator:
            continue
        found = _model(world, frame, row)
        if found is None or _is_locked(world, frame, row[Store.VALUE]):
            continue
        info = world.classes.info(found.name)
        orm = world.models.orm_of(found.name)
        if info is not None and _is_written(world, frame, row, orm) and not _is_versioned(world, found):
            yield LostUpdate(row, info.name, orm, operator)


def _operator(scope: Scope, row: list[Any]) -> str:
    """The operator by which an attribute is made from itself, directly or by one local name."""
    attr, expr = row[Store.ATTR], row[Store.EXPR]
    if attr[:1] == "[" or row[Store.VALUE] is None or row[Store.VALUE][0] != "n" or _VERSIONS.search(attr):
        return ""
    if expr is not None and expr[0] == "n":
        expr = _only(scope, expr[1], row[Store.ORDER])
    expr = _bounded(scope, expr)
    if expr is None or expr[0] != "b" or expr[1] not in ("+", "-", "*"):
        return ""
    sides = [expr[2]] if expr[1] == "-" else [expr[2], expr[3]]
    itself = (row[Store.VALUE], attr)
    return str(expr[1]) if any(_reads(scope, side, itself, row[Store.ORDER]) for side in sides) else ""


def _bounded(scope: Scope, expr: Expr) -> Expr:
    """What a number is before it is clamped or rounded: ``a - b`` of ``max(a - b, 0)``."""
    if expr is None or expr[0] != "c" or scope.calls[expr[1]][Call.FUNC] not in _CLAMPS:
        return expr
    return next((e for e in scope.calls[expr[1]][Call.ARGS] if e is not None and e[0] == "b"), None)


def _reads(scope: Scope, expr: Expr, attribute: tuple[Expr, str], order: int) -> bool:
    """Whether an expression is an attribute, also by a local name or as `(row.count or 0)`."""
    if expr is not None and expr[0] == "n":
        expr = _only(scope, expr[1], order)
    if expr is not None and expr[0] == "o" and len(expr) == 3 and expr[2] is not None and expr[2][0] == "k":
        expr = expr[1]
    return expr is not None and expr[0] == "a" and (expr[1], expr[2]) == attribute


def _only(scope: Scope, name: str, order: int) -> Expr:
    """The value of a local name that is bound once before a point."""
    rows = [r for r in scope.binds.get(name, ()) if r[Bind.ORDER] < order]
    return rows[0][Bind.EXPR] if len(rows) == 1 else None


def _model(world: World, frame: Frame, row: list[Any]) -> Type | None:
    """The model whose queried row is stored to, if the attribute is a number of it."""
    value = world.evaluator.eval(row[Store.VALUE], frame, row[Store.BLOCK], row[Store.ORDER])
    found = members(value)
    for member in found:
        if member.kind != "inst" or not is_project(member.name) or "new" in member.facts:
            return None
        if not {"row", "?"} & set(member.facts):
            return None
        column = column_of(world, member.name, row[Store.ATTR])
        if column is None or not is_number(world, column):
            return None
    return found[0] if found else None


def _is_locked(world: World, frame: Frame, expr: Expr) -> bool:
    """Whether the function, or the one the row comes from, locks rows or holds a lock."""
    scope = frame.scope
    if _locks(scope):
        return True
    for bind in scope.binds.get(expr[1], ()):
        made = bind[Bind.EXPR]
        while made is not None and made[0] in ("w", "i", "ai", "s", "o"):
            made = made[1]
        for _ in range(6):
            if made is None or made[0] != "c":
                break
            for callee in members(world.evaluator.callee(made[1], frame)):
                inner = world.function(callee.name) if callee.kind == "func" else None
                if inner is not None and _locks(inner):
                    return True
            func = scope.calls[made[1]][Call.FUNC]
            made = func[1] if func is not None and func[0] == "a" else None
    return False


def _locks(scope: Scope) -> bool:
    for row in scope.calls:
        if last_word(row[Call.FUNC]) in _LOCKS or any(
            key == "with_for_update" for key, _ in row[Call.KEYWORDS]
        ):
            return True
    for row in scope.withs:
        expr = row[0]
        while expr is not None and expr[0] == "c":
            expr = scope.calls[expr[1]][Call.FUNC]
        if _names_lock(expr) or (expr is not None and expr[0] == "a" and _names_lock(expr[1])):
            return True
    return any(_names_lock(row[Call.FUNC]) for row in scope.calls)


def _names_lock(expr: Expr) -> bool:
    return not _LOCK_WORDS.isdisjoint(name_words(last_word(expr)))


def _is_written(world: World, frame: Frame, row: list[Any], orm: str) -> bool:
    """Whether the function writes the row afterwards: by `save` of the object, or by a commit."""
    scope = frame.scope
    for index, call in enumerate(scope.calls):
        func = call[Call.FUNC]
        if call[Call.ORDER] < row[Store.ORDER] or func is None:
            continue
        if func[0] == "a" and func[2] in _SAVES.get(orm, ()) and func[1] == row[Store.VALUE]:
            return True
        if func[0] == "a" and func[2] in _SAVES_MANY and orm in _SAVES and _is_among(scope, call, row):
            return True
        if orm == "sqlalchemy" and writes_out(world, index, frame, row[Store.VALUE]):
            return True
    return False


def _is_among(scope: Scope, call: list[Any], row: list[Any]) -> bool:
    """Whether a call that writes one column of many rows writes that of the row that is stored to."""
    given = {**dict(enumerate(call[Call.ARGS])), **dict(call[Call.KEYWORDS])}
    fields = given.get(1, given.get("fields"))
    rows, changed = given.get(0, given.get("objs")), row[Store.VALUE]
    if (
        rows is None
        or fields is None
        or fields[0] not in ("l", "t")
        or ["k", row[Store.ATTR]] not in fields[1]
    ):
        return False
    items = [bind[Bind.EXPR] for bind in scope.binds.get(changed[1], ())]
    if ["i", rows] in items or ["ai", rows] in items:
        return True
    return any(
        func is not None and func[0] == "a" and func[1] == rows and func[2] == "append" and args == [changed]
        for func, args, *_ in scope.calls
    )


def _is_versioned(world: World, model: Type) -> bool:
    """Whether the ORM counts the versions of a row: then the second writer fails."""
    for base in world.classes.mro(model.name):
        info = world.classes.info(base.name) if is_project(base.name) else None
        if info is None:
            continue
        for row in info.scope.calls:
            if "Version" in last_word(row[Call.FUNC]):
                return True
        for rows in info.scope.binds.get("__mapper_args__", ()):
            expr = rows[Bind.EXPR]
            if expr is not None and expr[0] == "d" and any(k == ["k", "version_id_col"] for k, _ in expr[1]):
                return True
    return False

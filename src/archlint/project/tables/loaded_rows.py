"""Queries that load all their rows, and what the code then does with them: count, or look for some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import loading as known
from archlint.model.summary import Bind, Block, Call, Expr
from archlint.model.uses import mentioned, uses
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Functions of the project that are followed to a statement.
_CALLS = 2
_QUERY_SET = "django.db.models.QuerySet"
_TORTOISE = "tortoise.queryset.QuerySet"
_MANAGER = "django.db.models.Manager"
#: Facts of rows that are in memory already, or may be.
_LOADED = frozenset(("prefetched", "maybe"))


class Counted(NamedTuple):
    """A call that counts more than it has to."""

    row: list[Any]
    orm: str
    how: str  # "len": all rows are loaded; "zero": the count is only compared with nothing


def counted(world: World, frame: Frame) -> Iterator[Counted]:
    """The places of a function that load rows to count them, or count them to ask for any."""
    scope = frame.scope
    for index, row in enumerate(scope.calls):
        if row[Call.FUNC] == ["n", "len"] and len(row[Call.ARGS]) == 1:
            orm = _rows_only_counted(world, frame, row)
            if orm:
                yield Counted(scope.calls[index], orm, "len")
    # `if total := orders.count()` uses the number.
    seen = {
        r[Bind.EXPR][1] for rows in scope.binds.values() for r in rows if (r[Bind.EXPR] or [""])[0] == "c"
    }
    for expr in mentioned(scope):
        for call in _compared_with_nothing(expr):
            orm = _is_count(world, frame, call)
            if orm and call not in seen:
                seen.add(call)
                yield Counted(scope.calls[call], orm, "zero")
    for block in scope.blocks:
        test = block[Block.EXPR]
        if block[Block.KIND] == "if" and test is not None and test[0] == "c" and test[1] not in seen:
            orm = _is_count(world, frame, test[1])
            if orm:
                seen.add(test[1])
                yield Counted(scope.calls[test[1]], orm, "zero")


def _rows_only_counted(world: World, frame: Frame, row: list[Any]) -> str:
    """The ORM whose query is loaded for nothing but `len`; ``""`` where the rows are used."""
    expr, scope = row[Call.ARGS][0], frame.scope
    if expr is not None and expr[0] == "n":
        binds = scope.binds.get(expr[1], ())
        found = uses(world.summary(frame.path), scope, expr[1])
        if len(binds) != 1 or len(found) != 1:
            return ""
        expr = binds[0][Bind.EXPR]
    return loads(world, frame, expr)


def loads(world: World, frame: Frame, expr: Expr) -> str:
    """The ORM of a query that an expression loads whole; ``""`` for anything else."""
    is_awaited = expr is not None and expr[0] == "w"
    if is_awaited:
        expr = expr[1]
    if expr is None or expr[0] != "c" or _is_bounded(world, frame, expr):
        return ""
    for callee in members(world.evaluator.callee(expr[1], frame)):
        if callee.kind == "lib" and callee.name in known.LOADS_ALL:
            return "sqlalchemy"
    value = world.evaluator.call(expr[1], frame)
    if is_awaited and _is_query_set(world, value, _TORTOISE):
        return "tortoise"
    return "django" if _is_query_set(world, value) else ""


def _is_query_set(world: World, value: Type | None, cls: str = _QUERY_SET) -> bool:
    found = members(value)
    return bool(found) and all(
        m.kind == "inst" and cls in world.classes.library_bases(m.name) and not _LOADED & set(m.facts)
        for m in found
    )


def _is_bounded(world: World, frame: Frame, expr: Expr) -> bool:
    """Whether a chain of calls asks for a page only, or for the rows that it changes."""
    return bool({"limit", "slice", "fetchmany", "returning"} & set(chain(world, frame, expr)[0]))


def chain(world: World, frame: Frame, expr: Expr, calls: int = _CALLS) -> tuple[list[str], Expr]:
    """The methods of a chain of calls, last first, with those of its statement, and what it starts from.

    A statement may come from a function of the project, such as the ``base_query()`` of a repository.
    """
    scope = frame.scope
    words: list[str] = []
    for _ in range(40):
        if expr is None:
            break
        if expr[0] == "w":
            expr = expr[1]
        elif expr[0] == "n" and len(scope.binds.get(expr[1], ())) == 1:
            inner = scope.binds[expr[1]][0][Bind.EXPR]
            if inner is None or inner[0] not in ("c", "w"):
                break
            expr = inner
        elif expr[0] == "c":
            row = scope.calls[expr[1]]
            func = row[Call.FUNC]
            callees = members(world.evaluator.callee(expr[1], frame))
            if any(m.name in known.SELECTS for m in callees):
                return [*words, "select"], expr
            if calls and len(callees) == 1 and callees[0].kind == "func":
                made = world.api.listing.returned(callees[0], row, frame)
                more, start = (
                    chain(world, made[0].frame, made[0].expr, calls - 1) if len(made) == 1 else ([], None)
                )
                if more[-1:] == ["select"]:
                    return words + more, start
            if func is None or func[0] != "a":
                words.append(str(func[1]) if func is not None and func[0] == "n" else "")
                break
            words.append(str(func[2]))
            if func[2] in known.RUNS and row[Call.ARGS]:
                # The statement says what is asked for.
                more, start = chain(world, frame, row[Call.ARGS][0], calls)
                return words + more, start
            expr = func[1]
        elif expr[0] == "s":
            words.append("[]")
            expr = expr[1]
        else:
            break
    return words, expr


def is_whole_table(world: World, frame: Frame, expr: Expr) -> bool:
    """Whether a query asks for all rows of a model: nothing narrows it, and it starts from the model."""
    words, start = chain(world, frame, expr)
    if not words or not set(words) <= known.LEAVES_ALL:
        return False
    if start is not None and start[0] == "c":
        return words[-1] == "select"
    if start is not None and start[0] == "a":
        owner = world.evaluator.eval(start[1], frame, 0, 1 << 60)
        if any(m.kind == "class" for m in members(owner)):
            return True
    return "query" in words


def _compared_with_nothing(expr: Expr) -> Iterator[int]:
    """The calls that are compared with zero in an expression: ``> 0``, ``== 0``, ``>= 1``, ``not``."""
    pending = [expr]
    while pending:
        here = pending.pop()
        if not isinstance(here, list) or not here:
            continue
        if here[0] == "m" and len(here) == 4 and here[2] is not None and here[2][0] in ("c", "w"):
            call = here[2] if here[2][0] == "c" else here[2][1]
            if call is not None and call[0] == "c" and (here[1] == "not" or _is_nothing(here[1], here[3])):
                yield call[1]
        if here[0] not in ("f", "cl", "k", "im"):
            pending += [part for part in here if isinstance(part, list)]


def _is_nothing(operator: str, right: Expr) -> bool:
    if right == ["k", 0] and right[1] is not False:
        return operator in (">", "==", "!=")
    return right == ["k", 1] and right[1] is not True and operator in (">=", "<")


def _is_count(world: World, frame: Frame, index: int) -> str:
    """The ORM of a query that a call counts; ``""`` if it does not, or the rows may be in memory."""
    for callee in members(world.evaluator.callee(index, frame)):
        if callee.kind != "lib" or not callee.args or callee.args[0] is None:
            continue
        method = callee.name.rpartition(".")[2]
        receiver = callee.args[0]
        bases = world.classes.library_bases(receiver.name)
        if (
            method in ("count", "acount")
            and {_QUERY_SET, _MANAGER} & bases
            and not _LOADED & set(receiver.facts)
        ):
            return "django"
        if method == "count" and "sqlalchemy.orm.Query" in bases:
            return "sqlalchemy"
    return ""

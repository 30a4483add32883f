"""Where a transaction is open, and what leaves the program before it is committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import outside as known
from archlint.knowledge.resources import CONTEXT_DECORATORS
from archlint.model.summary import Bind, Block, Call, Expr, Scope, Store
from archlint.project.guards import is_usual
from archlint.project.limits import ASKS
from archlint.project.roles import role_of
from archlint.project.rows.columns import set_on_rows
from archlint.project.sessions import is_transactional
from archlint.project.types import Type, members
from archlint.project.waiting import wrappers
from archlint.project.witness import Found, Sought, in_except
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

_HOPS = 2
#: Context managers of the project that enter each other.
_WRAPPED = 2


class Early(NamedTuple):
    """A call that is noticed outside before the transaction around it is committed."""

    row: list[Any]
    found: Found
    how: str  # what opens the transaction


def _is_sent(world: World, row: list[Any], callee: Type | None, frame: Frame) -> str:
    for member in members(callee):
        if member.kind not in ("lib", "inst") or member.name.startswith(known.UNSURE):
            continue
        name = member.name
        if name in known.MAIL or _enqueues(world, member):
            break
        if name.startswith(known.HTTP) and name.rpartition(".")[2] in known.HTTP_WRITES:
            break
    else:
        return ""
    if _waits_itself(world, row, frame):
        return ""
    if frame.fuel < ASKS and open_blocks(world, frame) and transaction_at(world, frame, row[Call.BLOCK]):
        # Reported where the transaction is opened.
        return ""
    return name


def _waits_itself(world: World, row: list[Any], frame: Frame) -> bool:
    """Whether a task has a base class of the project that sends in its own way, such as after the commit."""
    func = row[Call.FUNC]
    if func is None or func[0] != "a":
        return False
    for member in members(world.evaluator.eval(func[1], frame, row[Call.BLOCK], row[Call.ORDER])):
        scope = world.function(member.name) if member.kind == "func" else None
        if scope is None or not scope.decorators:
            continue
        path = member.name.rpartition(":")[0]
        outer = world.evaluator.frame(path, max(scope.parent, 0), (), 3)
        for decorator in scope.decorators:
            made = outer.scope.calls[decorator[1]] if decorator is not None and decorator[0] == "c" else None
            if made is None:
                continue
            base = world.evaluator.keyword(made, "base", outer)
            if any(
                world.classes.method(m.name, name) for m in members(base) for name in ("apply_async", "delay")
            ):
                return True
    return False


def _enqueues(world: World, callee: Type) -> bool:
    """Whether the tables say that a call puts work on a queue."""
    library = world.evaluator.library
    if callee.kind == "inst":
        signature = library.member(callee.name, "<call>")
    elif callee.args:
        cls, _, method = callee.name.rpartition(".")
        signature = library.member(cls, method)
    else:
        signature = library.function(callee.name)
    return signature is not None and "E" in signature.effects


SENT = Sought("sent", known.WORDS, _is_sent)


def early_effects(function: Function) -> Iterator[Early]:
    """The calls of a function that are noticed outside while its transaction is open and has changes."""
    world, frame, scope = function.file.world, function.frame, function.scope
    whole = _held_by_all(world, frame)
    if not whole and not scope.withs:
        return
    blocks = open_blocks(world, frame)
    if not whole and not blocks:
        return
    writes: list[int] | None = None
    for index, row in enumerate(scope.calls):
        how = whole or transaction_at(world, frame, row[Call.BLOCK])
        if not how or in_except(scope, row[Call.BLOCK]):
            continue
        found = world.witnesses.of_call(SENT, index, frame, _HOPS)
        if found is None or not is_usual(found.guard, frame.scope) or found.switches:
            continue
        if writes is None:
            writes = [block for block, _ in changes(function)]
        if any(whole or transaction_at(world, frame, block) for block in writes):
            yield Early(row, found, how)


def changes(function: Function) -> Iterator[tuple[int, int]]:
    """Block and order of where a function changes rows, or notes a change for the next flush."""
    yield from ((site.block, site.order) for site in function.sites if "W" in site.effect.letters)
    models = function.file.world.models
    for row, model in set_on_rows(function.file.world, function.frame):
        if models.orm_of(model) == "sqlalchemy":
            yield row[Store.BLOCK], row[Store.ORDER]
    for index, row in enumerate(function.scope.calls):
        if last_word(row[Call.FUNC]) in known.NOTED:
            for member in members(function.file.world.evaluator.callee(index, function.frame)):
                if (
                    member.kind == "lib"
                    and member.args
                    and is_transactional(function.file.world, member.args[0])
                ):
                    yield row[Call.BLOCK], row[Call.ORDER]


def open_blocks(world: World, frame: Frame, depth: int = _WRAPPED) -> dict[int, str]:
    """The blocks of a function whose `with` holds a transaction, with its description."""
    scope = frame.scope
    found: dict[int, str] = {}
    for row in scope.withs:
        how = _opens(world, row[0], frame, (row[6], row[7]), depth)
        body = next(
            (
                index
                for index, block in enumerate(scope.blocks)
                if block[Block.KIND] == "with"
                and block[Block.PARENT] == row[6]
                and block[Block.ORDER] > row[7]
            ),
            None,
        )
        if how and body is not None:
            found[body] = how
    return found


def transaction_at(world: World, frame: Frame, block: int, depth: int = _WRAPPED) -> str:
    """What holds the transaction around a block; ``""`` for none."""
    blocks = open_blocks(world, frame, depth)
    return next((blocks[b] for b in frame.scope.ancestors(block) if b in blocks), "")


def _opens(world: World, expr: Expr, frame: Frame, place: tuple[int, int], depth: int) -> str:
    value = world.evaluator.eval(expr, frame, *place)
    if any(m.kind == "inst" and m.name in known.TRANSACTIONS for m in members(value)):
        return "transaction.atomic" if any("django" in m.name for m in members(value)) else "a transaction"
    if expr is None or expr[0] != "c":
        return ""
    for callee in members(world.evaluator.callee(expr[1], frame)):
        if callee.kind == "func":
            return _held_where_it_yields(world, callee.name, depth)
    func = frame.scope.calls[expr[1]][Call.FUNC]
    if func is None or func[0] != "a" or func[2] != "begin":
        return ""
    owner = world.evaluator.eval(func[1], frame, *place)
    bases = {base for m in members(owner) for base in world.classes.library_bases(m.name)}
    return "begin()" if known.BEGIN & bases else ""


def _held_where_it_yields(world: World, name: str, depth: int) -> str:
    """What holds the transaction around the ``yield`` of a context manager of the project."""
    scope = world.function(name) if depth else None
    if scope is None or not scope.yields or not scope.decorators:
        return ""
    path = name.rpartition(":")[0]
    if not any(
        world.evaluator.decorator_name(path, scope, d) in CONTEXT_DECORATORS for d in scope.decorators
    ):
        return ""
    frame = world.evaluator.frame(path, scope.index)
    held = {transaction_at(world, frame, block, depth - 1) for _, block, _, _ in scope.yields}
    return held.pop() if len(held) == 1 else ""


def _held_by_all(world: World, frame: Frame) -> str:
    """What holds a transaction around a whole function: its decorator, or the setting for all requests."""
    scope = frame.scope
    names = [world.evaluator.decorator_name(frame.path, scope, d) for d in scope.decorators]
    if known.ATOMIC.intersection(names):
        return "transaction.atomic"
    for name in names:
        how = _held_by_decorator(world, name) if ":" in name else ""
        if how:
            return how
    if known.NOT_ATOMIC.intersection(names) or not atomic_requests(world):
        return ""
    route = world.frameworks.route(frame.path, scope)
    return (
        "ATOMIC_REQUESTS"
        if route is not None and route.framework in ("django", "drf", "django-ninja")
        else ""
    )


def _held_by_decorator(world: World, name: str) -> str:
    """What holds the transaction around the functions behind a decorator of the project."""
    scope = world.function(name)
    if scope is None or scope.yields:
        return _held_where_it_yields(world, name, _WRAPPED)
    path = name.rpartition(":")[0]
    for wrapper, given in wrappers(scope, world.summary(path).scopes):
        frame = world.evaluator.frame(path, wrapper.index)
        whole = [world.evaluator.decorator_name(path, wrapper, d) for d in wrapper.decorators]
        if known.ATOMIC.intersection(whole):
            return "transaction.atomic"
        for row in wrapper.calls:
            if row[Call.FUNC] == given:
                return transaction_at(world, frame, row[Call.BLOCK])
    return ""


def atomic_requests(world: World) -> bool:
    """Whether the settings of a Django project hold every request in a transaction."""
    for path in world.mentioning("ATOMIC_REQUESTS"):
        if role_of(path) != "test" and any(_sets(scope) for scope in world.summary(path).scopes):
            return True
    return False


def _sets(scope: Scope) -> bool:
    for row in scope.stores:
        if row[Store.ATTR] == "[ATOMIC_REQUESTS]" and row[Store.EXPR] == ["k", True]:
            return True
    if any(row[Bind.EXPR] == ["k", True] for row in scope.binds.get("ATOMIC_REQUESTS", ())):
        return True
    return any(_has_pair(row[Bind.EXPR]) for row in scope.binds.get("DATABASES", ()))


def _has_pair(expr: Expr) -> bool:
    if not isinstance(expr, list) or not expr:
        return False
    if expr[0] == "d":
        return any((k == ["k", "ATOMIC_REQUESTS"] and v == ["k", True]) or _has_pair(v) for k, v in expr[1])
    return False

"""Builtins and functions of the standard library whose results no signature can say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Param
from archlint.project.types import (
    ATTRGETTER,
    BYTES,
    COLLECTIONS,
    ENTERED,
    GENERIC_ALIAS,
    INT,
    STR,
    Type,
    better,
    coro,
    inst,
    is_project,
    union,
)

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator
    from archlint.project.evaluation.frames import Frame


def builtin_method(receiver: Type, method: str) -> Type | None:
    """What a method of a builtin collection or string gives."""
    name, args = receiver.name, receiver.args
    if name == "dict" and len(args) == 2:
        if method == "values":
            return inst("list", args[1])
        if method == "keys":
            return inst("list", args[0])
        if method == "items":
            return inst("list", inst("tuple", args[0], args[1]))
        if method in ("get", "pop", "setdefault"):
            return args[1]
        if method == "copy":
            return receiver
    elif name in COLLECTIONS and args:
        if method in ("pop", "popleft"):
            return args[0]
        if method in ("copy", "union", "difference", "intersection"):
            return receiver
    elif name == "str":
        if method in ("split", "rsplit", "splitlines"):
            return inst("list", STR)
        if method == "encode":
            return BYTES
        return STR if not method.startswith(("is", "starts", "ends", "find", "count", "index")) else None
    return None


def _special_enumerate(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("list", inst("tuple", INT, self.iterate(args[0]) if args else None))


def _special_zip(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return inst("list", Type("inst", "tuple", tuple(self.iterate(a) for a in self.arguments(row, frame))))


def _special_same_items(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("list", self.iterate(args[0])) if args else None


def _special_second_items(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("list", self.iterate(args[1])) if len(args) > 1 else None


def _special_chain(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return inst("list", union(self.iterate(a) for a in self.arguments(row, frame)))


def _special_chain_of(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return inst("list", union(self.iterate(self.iterate(a)) for a in self.arguments(row, frame)))


def _special_pairs(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    item = next((self.iterate(a) for a in self.arguments(row, frame)), None)
    return inst("list", inst("tuple", item, item))


def _special_groups(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    item = next((self.iterate(a) for a in self.arguments(row, frame)), None)
    return inst("list", inst("list", item))


def _special_map(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    if len(args) < 2 or args[0] is None:
        return inst("list", None)
    func = args[0]
    if func.kind in ("class", "lib"):
        return inst("list", self.instantiate_all(func))
    item = self.iterate(args[1])
    scope = self.world.function(func.name) if func.kind == "func" else None
    if scope is None or not scope.params or item is None:
        return inst("list", None)
    return inst("list", self.result_of(func, ((scope.params[0][Param.NAME], item),), frame.fuel))


def _special_next(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return self.iterate(args[0]) if args else None


def _special_next_async(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return coro(self.iterate(args[0], True)) if args else None


def _special_first(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return args[0] if args else None


def _special_super(_self: Evaluator, _row: list[Any], frame: Frame) -> Type | None:
    receiver = frame.self_type()
    owner = frame
    while owner.outer is not None and owner.outer.scope.kind != "class":
        owner = owner.outer
    if receiver is None or owner.outer is None:
        return None
    return Type("super", f"{owner.path}:{owner.outer.scope.index}", (receiver,))


def _special_new(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return self.instantiate(args[0]) if args and args[0] is not None and args[0].kind == "class" else None


def _special_type(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    if len(args) == 1 and args[0] is not None and args[0].kind == "inst":
        return Type("class" if is_project(args[0].name) else "lib", args[0].name)
    return None


def _special_getattr(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    if len(args) >= 2 and args[1] is not None and args[1].facts and args[1].facts[0].startswith("="):
        return self.attribute(args[0], args[1].facts[0][1:], frame.fuel)
    return None


def _special_attrgetter(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    paths = [a.facts[0] if a is not None and a.facts else "" for a in self.arguments(row, frame)]
    return Type("inst", ATTRGETTER, (), tuple(paths)) if all(p[:1] == "=" for p in paths) else None


def _special_groupby(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("list", inst("tuple", None, inst("list", self.iterate(args[0]) if args else None)))


def _special_defaultdict(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    made = args[0] if args else None
    if made is not None:
        made = (
            self.instantiate_all(made)
            if made.kind in ("lib", "class")
            else self.result_of(made, (), frame.fuel)
        )
    return inst("dict", None, made)


def _special_partial(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return args[0] if args else None


def _special_cast(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    expr = row[Call.ARGS][0] if row[Call.ARGS] else None
    if expr is not None and expr[0] == "k" and str(expr[1]).isidentifier():
        expr = ["n", expr[1]]
    declared = self.annotation(expr, frame)
    given = next(iter(self.arguments(row, frame)[1:]), None)
    if declared is None or given is None:
        return declared or given
    is_more = given.name == declared.name or (
        is_project(declared.name) and self.world.classes.is_subclass(given.name, declared.name)
    )
    return better(declared, given) if is_more else declared


def _special_gather(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    results = tuple(self.awaited(a) for a in self.arguments(row, frame))
    if len(results) == 1 and row[Call.ARGS][0] is not None and row[Call.ARGS][0][0] == "*":
        return coro(inst("list", results[0]))
    return coro(Type("inst", "tuple", results))


def _special_task(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("asyncio.Task", self.awaited(args[0]) if args else None)


def _special_thread(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    if not args or args[0] is None:
        return coro(None)
    return coro(
        self.result_of(args[0], (), frame.fuel) if args[0].kind == "func" else self.library_result(args[0])
    )


def _special_sync_to_async(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    return inst("archlint.Offloaded", args[0] if args else None)


def _special_context_manager(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    """``get_db = contextmanager(get_session)``: what decorates a function is called with it."""
    args = self.arguments(row, frame)
    func = args[0] if args else None
    return func._replace(facts=(ENTERED,)) if func is not None and func.kind == "func" else None


def _special_type_arguments(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    args = self.arguments(row, frame)
    alias = args[0] if args else None
    return Type("inst", "tuple", alias.args) if alias is not None and alias.name == GENERIC_ALIAS else None


def _special_user_model(self: Evaluator, _row: list[Any], _frame: Frame) -> Type | None:
    key = self.world.models.user_model()
    return Type("class", key) if key else Type("lib", "django.contrib.auth.models.User")


def _special_entered(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return inst("contextlib.AbstractContextManager", next(iter(self.arguments(row, frame)), None))


def _special_enter(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return next((self.entered(a, frame.fuel) for a in self.arguments(row, frame)), None)


def _special_enter_async(self: Evaluator, row: list[Any], frame: Frame) -> Type | None:
    return coro(next((self.entered(a, frame.fuel, True) for a in self.arguments(row, frame)), None))


SPECIAL_CALLS: dict[str, Callable[[Evaluator, list[Any], Frame], Type | None]] = {
    "enumerate": _special_enumerate,
    "zip": _special_zip,
    "itertools.zip_longest": _special_zip,
    "sorted": _special_same_items,
    "reversed": _special_same_items,
    "iter": _special_same_items,
    "list": _special_same_items,
    "set": _special_same_items,
    "itertools.islice": _special_same_items,
    "collections.deque": _special_same_items,
    "asyncio.as_completed": _special_same_items,
    "itertools.cycle": _special_same_items,
    "itertools.accumulate": _special_same_items,
    "itertools.compress": _special_same_items,
    "random.sample": _special_same_items,
    "random.choice": _special_next,
    "itertools.chain": _special_chain,
    "itertools.chain.from_iterable": _special_chain_of,
    "itertools.takewhile": _special_second_items,
    "itertools.dropwhile": _special_second_items,
    "itertools.filterfalse": _special_second_items,
    "heapq.nlargest": _special_second_items,
    "heapq.nsmallest": _special_second_items,
    "itertools.pairwise": _special_pairs,
    "itertools.batched": _special_groups,
    "tqdm.tqdm": _special_same_items,
    "filter": _special_second_items,
    "map": _special_map,
    "next": _special_next,
    "heapq.heappop": _special_next,
    "anext": _special_next_async,
    "max": _special_next,
    "min": _special_next,
    "copy.copy": _special_first,
    "copy.deepcopy": _special_first,
    "super": _special_super,
    "object.__new__": _special_new,
    "type": _special_type,
    "getattr": _special_getattr,
    "functools.partial": _special_partial,
    ATTRGETTER: _special_attrgetter,
    "contextlib.contextmanager": _special_context_manager,
    "contextlib.asynccontextmanager": _special_context_manager,
    "collections.defaultdict": _special_defaultdict,
    "itertools.groupby": _special_groupby,
    "typing.cast": _special_cast,
    "typing.get_args": _special_type_arguments,
    "asyncio.gather": _special_gather,
    "asyncio.create_task": _special_task,
    "asyncio.ensure_future": _special_task,
    "asyncio.wait_for": _special_first,
    "asyncio.shield": _special_first,
    "asyncio.to_thread": _special_thread,
    "starlette.concurrency.run_in_threadpool": _special_thread,
    "anyio.to_thread.run_sync": _special_thread,
    "asgiref.sync.sync_to_async": _special_sync_to_async,
    "channels.db.database_sync_to_async": _special_sync_to_async,
    "django.contrib.auth.get_user_model": _special_user_model,
    "contextlib.closing": _special_entered,
    "contextlib.nullcontext": _special_entered,
    "contextlib.ExitStack.enter_context": _special_enter,
    "contextlib.AsyncExitStack.enter_context": _special_enter,
    "contextlib.AsyncExitStack.enter_async_context": _special_enter_async,
}

"""Functions that Python itself calls once per item: ``map(f, rows)``, ``sorted(rows, key=f)``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.flow import followers, mentions
from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.effects import MAX_HOPS, Site, describe
from archlint.project.evaluation.calls import informative
from archlint.project.repetition.dependence import uses
from archlint.project.repetition.iteration import is_data
from archlint.project.types import ATTRGETTER, Type, members
from archlint.project.words import original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Callables that take the function first and the items second.
_FUNCTION_FIRST = frozenset(
    ("map", "filter", "itertools.filterfalse", "itertools.takewhile", "itertools.dropwhile")
)
#: Callables that take the items first and the function as ``key``.
_GROUPBY = "itertools.groupby"
_KEYED = frozenset(("sorted", "min", "max", _GROUPBY))
_WORDS = frozenset(name.rpartition(".")[2] for name in (*_FUNCTION_FIRST, *_KEYED, "list.sort"))


class Applied(NamedTuple):
    """A site that runs once per item of an iterable that a call walks."""

    site: Site
    block: int
    iterable: Expr
    dependent: bool


def applied(world: World, frame: Frame) -> Iterator[Applied]:
    """The sites inside functions that calls of a frame apply to each item."""
    for index, row in enumerate(frame.scope.calls):
        if original_word(row[Call.FUNC], frame) not in _WORDS:
            continue
        callee = world.evaluator.callee(index, frame)
        given = _given(callee, row)
        if given is None or not is_data(world, frame, given[1], row[Call.BLOCK], row[Call.ORDER]):
            continue
        for target in members(world.evaluator.eval(given[0], frame, row[Call.BLOCK], row[Call.ORDER])):
            if target.kind == "func":
                yield from _inside(world, frame, target, index, given[0], given[1])
            elif target.name == ATTRGETTER:
                yield from _got(world, frame, target, index, given[1])


def _given(callee: Type | None, row: list[Any]) -> tuple[Expr, Expr] | None:
    """The function and the items of a call that applies one to the other."""
    args = row[Call.ARGS]
    key = next((expr for name, expr in row[Call.KEYWORDS] if name == "key"), None)
    if callee is None or callee.kind != "lib":
        return None
    if callee.name == "list.sort":
        return (key, row[Call.FUNC][1]) if key is not None else None
    if callee.args or not args:
        return None
    if callee.name in _FUNCTION_FIRST:
        return (args[0], args[1]) if len(args) == 2 else None
    if callee.name == _GROUPBY and len(args) == 2:
        return args[1], args[0]
    return (key, args[0]) if callee.name in _KEYED and len(args) == 1 and key is not None else None


def _got(world: World, frame: Frame, getter: Type, index: int, iterable: Expr) -> Iterator[Applied]:
    """What ``attrgetter("customer.name")`` loads of each item."""
    row, evaluator = frame.scope.calls[index], world.evaluator
    item = evaluator.iterate(evaluator.eval(iterable, frame, row[Call.BLOCK], row[Call.ORDER]))
    place = (row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])
    where = (*place, row[Call.BLOCK], row[Call.ORDER])
    for path in (fact[1:] for fact in getter.facts):
        for effect in world.effects.of_path(item, path):
            site = Site(*where, -1, "read", f'attrgetter("{path}")', effect, None, ["i", iterable])
            yield Applied(site, row[Call.BLOCK], iterable, True)


def _inside(
    world: World, frame: Frame, target: Type, index: int, func: Expr, iterable: Expr
) -> Iterator[Applied]:
    row = frame.scope.calls[index]
    scope = world.function(target.name)
    name = _item_parameter(world, target, scope) if scope is not None else ""
    if scope is None or not name or scope.is_async:
        return
    evaluator = world.evaluator
    item = evaluator.iterate(evaluator.eval(iterable, frame, row[Call.BLOCK], row[Call.ORDER]))
    bindings = ((name, item),) if item is not None and informative(item) else ()
    receiver = ((scope.params[0][Param.NAME], target.args[0]),) if target.args and target.args[0] else ()
    path = target.name.rpartition(":")[0]
    inner = evaluator.frame(path, scope.index, (*receiver, *bindings), frame.fuel)
    names = followers(scope, 0, lambda expr: mentions(expr, {name}, scope)) | {name}
    sites = [s for s in world.effects.sites(inner) if s.effect.letters & {"Q", "L"} and uses(s, names, scope)]
    if scope.kind == "lambda":
        for site in sites:
            yield Applied(site, row[Call.BLOCK], iterable, True)
        return
    place = (row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])
    if sites:
        for effect in world.effects.of_function(target, bindings, MAX_HOPS - 1):
            if effect.letters & {"Q", "L"}:
                label = describe(func, frame.scope)
                yield Applied(
                    Site(*place, row[Call.BLOCK], row[Call.ORDER], index, "call", label, effect, target),
                    row[Call.BLOCK],
                    iterable,
                    True,
                )


def _item_parameter(world: World, target: Type, scope: Scope) -> str:
    """The parameter that gets the item."""
    names = [str(p[Param.NAME]) for p in scope.params if p[Param.KIND] in "/."]
    if target.args and world.evaluator.takes_receiver(target):
        names = names[1:]
    return names[0] if names else ""

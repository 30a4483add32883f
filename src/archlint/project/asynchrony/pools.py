"""Clients and pools that are made anew for every request.

Three questions: does a request lead to the place, is the object given up after the call, and would one
object serve every caller just as well, because nothing of the request goes into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.pools import BORROWED, NEUTRAL, PER_REQUEST, SETTINGS, WORDS
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Call, Expr, Param, Scope, Store
from archlint.project.effects import describe
from archlint.project.reach import HOPS
from archlint.project.repetition.iteration import runs_once
from archlint.project.types import is_project, members
from archlint.project.waiting import fills_once
from archlint.project.words import arguments_of, may_call

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.reach import Place
    from archlint.project.world import World

#: Names followed back through assignments.
_DEPTH = 4
#: What a client is given after it was made; a shared one would carry it over to the next caller.
_STATE = frozenset(("auth", "headers", "cookies", "cert", "proxies", "params", "verify"))
#: Libraries whose objects use an engine while they live, which is not long.
_BORROWERS = ("sqlalchemy.", "sqlmodel.", "contextlib.", "pandas.")
_SINGLETON = frozenset(("_instance", "__instance", "_instances", "instance", "__new__"))


class Made(NamedTuple):
    """A client that is made for every request."""

    row: list[Any]
    name: str
    entry: tuple[str, Scope]


def made_per_request(function: Function, table: frozenset[str]) -> Iterator[Made]:
    """The clients of a table that a function makes whenever a request comes."""
    scope, world = function.scope, function.file.world
    # Asked about every function, for several tables, and few make a client.
    if WORDS.isdisjoint(function.called_words):
        return
    for index, row in enumerate(scope.calls):
        if row[Call.FLAGS] & (ANNOTATION | DECORATOR) or not may_call(row[Call.FUNC], WORDS, function.frame):
            continue
        if _callee(world, index, function.frame) not in table:
            continue
        if _is_kept(world, function.file.name, scope, index) or not is_alike(world, index, function.frame):
            continue
        entry = entry_of(world, (function.file.name, scope.index))
        if entry is not None:
            yield Made(row, describe(row[Call.FUNC], scope), entry)


def _callee(world: World, index: int, frame: Frame) -> str:
    found = members(world.evaluator.callee(index, frame))
    return found[0].name if len(found) == 1 and found[0].kind == "lib" else ""


# -- who leads there ----------------------------------------------------------------------------------


def entry_of(world: World, place: Place) -> tuple[str, Scope] | None:
    """The handler or dependency that runs a function for every request, with no cache in between."""
    seen, front = {place}, [place]
    for _ in range(HOPS):
        above: list[Place] = []
        for here in front:
            scope = world.summary(here[0]).scopes[here[1]]
            if _answers_once(world, here[0], scope):
                continue
            if world.reach.entry(here) in ("route", "dependency"):
                return here[0], scope
            for caller in world.reach.callers(here):
                if caller not in seen and _calls_each_time(world, here, caller):
                    seen.add(caller)
                    above.append(caller)
        front = above
    return None


def _answers_once(world: World, path: str, scope: Scope) -> bool:
    """Whether a function keeps what it made: by a decorator, or because its class has one object only."""
    names = [world.evaluator.decorator_name(path, scope, d) for d in scope.decorators]
    if fills_once(names, world):
        return True
    if scope.name != "__init__":
        return False
    info = world.classes.info(f"{path}:{scope.parent}")
    owner = info.scope if info is not None else None
    return (
        owner is None
        or bool(_SINGLETON & owner.binds.keys())
        or any(k == "metaclass" for k, _ in owner.bases)
    )


def _calls_each_time(world: World, place: Place, caller: Place) -> bool:
    """Whether a caller calls a function on every run, and gives up what it gets."""
    rows = world.reach.calls(place, caller)
    if not rows:
        # A function inside another one.
        return True
    outer = world.summary(caller[0]).scopes[caller[1]]
    return any(not _is_kept(world, caller[0], outer, index) for index in rows)


def _is_kept(world: World, path: str, scope: Scope, index: int) -> bool:
    """Whether what a call gives outlives its function: a global, an attribute, an entry of a cache."""
    row = scope.calls[index]
    if runs_once(row[Call.BLOCK], scope):
        return True
    value: Expr = ["c", index]
    values = _held_in(scope, [value, ["w", value]])
    taking = [
        i for i, row in enumerate(scope.calls) if _is_given(row, values) and _takes(world, path, scope, i)
    ]
    while taking:
        holders = [["c", i] for i in taking if _only_holds(world, path, scope, i)]
        if len(holders) < len(taking):
            return True
        # The objects that hold it live no longer than their own holders.
        known = {repr(expr) for expr in values}
        values = _held_in(scope, [*values, *holders])
        added = [expr for expr in values if repr(expr) not in known]
        taking = [
            i for i, row in enumerate(scope.calls) if _is_given(row, added) and _takes(world, path, scope, i)
        ]
    for rows in world.summary(path).scopes[0].binds.values():
        for bind in rows:
            expr = bind[Bind.EXPR]
            if expr is not None and expr[0] == "gs" and expr[1] == scope.index and expr[2] in values:
                return True
    own = scope.params[0][Param.NAME] if scope.params and scope.name == "__init__" else ""
    return any(
        _holds(store[Store.EXPR], values) and (not own or store[Store.VALUE] != ["n", own])
        for store in scope.stores
    )


def _held_in(scope: Scope, values: list[Expr]) -> list[Expr]:
    """The values, and the variables that hold one of them."""
    names = [name for name, rows in scope.binds.items() if any(_holds(b[Bind.EXPR], values) for b in rows)]
    return [*values, *(["n", name] for name in names if ["n", name] not in values)]


def _only_holds(world: World, path: str, scope: Scope, index: int) -> bool:
    """Whether a call makes an object of the project that keeps what it is given in attributes alone."""
    found = members(world.evaluator.callee(index, world.evaluator.frame(path, scope.index, (), 3)))
    if len(found) != 1 or found[0].kind != "class" or not is_project(found[0].name):
        return False
    init = world.classes.method(found[0].name, "__init__")
    if init is None or _answers_once(world, *init):
        return False
    own, given = init[1].params[0][Param.NAME], {p[Param.NAME] for p in init[1].params}
    return all(
        row[Store.VALUE] == ["n", own] for row in init[1].stores if _named(row[Store.EXPR], given)
    ) and not any(
        _named(e, given) or _named(row[Call.FUNC], {own})
        for row in init[1].calls
        if not row[Call.FLAGS] & (ANNOTATION | DECORATOR)
        for e in (*arguments_of(row), None)
    )


def _named(expr: Expr, names: set[str]) -> bool:
    """Whether an expression is one of these variables, or a method of one."""
    if expr is not None and expr[0] == "a":
        expr = expr[1]
    return expr is not None and expr[0] == "n" and expr[1] in names


def _is_given(row: list[Any], values: list[Expr]) -> bool:
    return any(_holds(e, values) for e in arguments_of(row))


def _takes(world: World, path: str, scope: Scope, index: int) -> bool:
    """Whether a call that is given an object may keep it: a constructor, or nobody knows what."""
    found = members(world.evaluator.callee(index, world.evaluator.frame(path, scope.index, (), 3)))
    return not found or any(_may_keep(m.kind, m.name) for m in found)


def _may_keep(kind: str, name: str) -> bool:
    if kind == "lib":
        return name.rpartition(".")[2][:1].isupper() and not name.startswith(_BORROWERS)
    return kind != "func"


def _holds(expr: Expr, values: list[Expr]) -> bool:
    if expr in values:
        return True
    return expr is not None and expr[0] in ("o", "en", "aen") and any(part in values for part in expr[1:])


# -- whether one would do for all ---------------------------------------------------------------------


def is_alike(world: World, index: int, frame: Frame) -> bool:
    """Whether a client is made with the same settings on every call, and given no others afterwards."""
    row = frame.scope.calls[index]
    if any(key is None or key in BORROWED for key, _ in row[Call.KEYWORDS]):
        return False
    settings = [*row[Call.ARGS], *(e for key, e in row[Call.KEYWORDS] if key not in NEUTRAL)]
    func = row[Call.FUNC]
    if func is not None and func[0] == "a" and func[1] is not None and func[1][0] == "c":
        # `boto3.Session(...).client("s3")`
        settings.append(func[1])
    elif func is not None and func[0] == "a" and _is_local(func[1], frame):
        settings.append(func[1])
    if not all(is_shared(world, e, frame, row[Call.BLOCK], row[Call.ORDER]) for e in settings):
        return False
    return not _is_changed(world, index, frame)


def _is_local(expr: Expr, frame: Frame) -> bool:
    return expr is not None and expr[0] == "n" and expr[1] in frame.scope.binds


def _is_changed(world: World, index: int, frame: Frame) -> bool:
    """Whether a client is told something of its caller after it was made: ``session.auth = ...``."""
    scope = frame.scope
    made: list[Expr] = [["c", index], ["en", ["c", index]], ["aen", ["c", index]]]
    owners: set[tuple[Any, ...]] = {
        ("n", n) for n, rows in scope.binds.items() if any(row[Bind.EXPR] in made for row in rows)
    }
    owners |= {
        ("a", _place(row[Store.VALUE]), row[Store.ATTR]) for row in scope.stores if row[Store.EXPR] in made
    }
    for row in scope.stores:
        if _is_state_of(row[Store.VALUE], row[Store.ATTR], owners):
            told = row[Store.EXPR]
            if not is_shared(world, told, frame, row[Store.BLOCK], row[Store.ORDER]):
                return True
    for row in scope.calls:
        func = row[Call.FUNC]
        if func is None or func[0] != "a" or func[1] is None:
            continue
        if func[2] == "mount" and _place(func[1]) in owners:
            return True
        if func[1][0] == "a" and _is_state_of(func[1], "", owners):
            given = arguments_of(row)
            if not all(is_shared(world, e, frame, row[Call.BLOCK], row[Call.ORDER]) for e in given):
                return True
    return False


def _is_state_of(value: Expr, attr: str, owners: set[tuple[Any, ...]]) -> bool:
    """Whether ``value.attr``, or ``value[key]``, is what a client sends along with every call."""
    if attr in _STATE:
        return _place(value) in owners
    return value is not None and value[0] == "a" and value[2] in _STATE and _place(value[1]) in owners


def _place(expr: Expr) -> tuple[Any, ...]:
    """A name or a chain of attributes, wherever it is read."""
    if expr is None or expr[0] not in ("n", "a"):
        return ()
    return ("n", expr[1]) if expr[0] == "n" else ("a", _place(expr[1]), expr[2])


def is_shared(world: World, expr: Expr, frame: Frame, block: int, order: int, depth: int = _DEPTH) -> bool:
    """Whether an expression has the same value for every request: constants, settings, the environment."""
    if expr is None or depth == 0:
        return False
    tag = expr[0]
    if tag in ("k", "f", "cl"):
        return True
    if tag == "n":
        return _is_shared_name(world, expr[1], frame, block, order, depth)
    if tag == "a":
        return _is_settings(world, expr[1], frame, block, order) or (
            expr[1] is not None
            and expr[1][0] in ("n", "a", "c", "s")
            and is_shared(world, expr[1], frame, block, order, depth)
        )
    if tag == "c":
        return _is_shared_call(world, expr[1], frame, depth)
    parts = _PARTS.get(tag)
    return parts is not None and all(
        is_shared(world, part, frame, block, order, depth) for part in parts(expr)
    )


_PARTS: dict[str, Any] = {
    "j": lambda e: e[1],
    "b": lambda e: e[2:],
    "o": lambda e: e[1:],
    "s": lambda e: e[1:],
    "l": lambda e: e[1],
    "t": lambda e: e[1],
    "d": lambda e: [part for pair in e[1] for part in pair],
}


def _is_shared_name(world: World, name: str, frame: Frame, block: int, order: int, depth: int) -> bool:
    here: Frame | None = frame
    while here is not None:
        scope = here.scope
        if scope.kind in ("function", "lambda"):
            if any(p[Param.NAME] == name for p in scope.params):
                return _is_settings(world, ["n", name], frame, block, order)
            rows = scope.binds.get(name)
            if rows:
                return here is frame and all(_is_shared_bind(world, row, frame, depth) for row in rows)
        elif name in scope.binds:
            break
        here = here.outer
    value = world.evaluator.name(name, frame, block, order)
    return not any(m.name in PER_REQUEST or "row" in m.facts for m in members(value))


def _is_shared_bind(world: World, row: list[Any], frame: Frame, depth: int) -> bool:
    expr = row[Bind.EXPR]
    if expr is not None and expr[0] == "im":
        return True
    return is_shared(world, expr, frame, row[Bind.BLOCK], row[Bind.ORDER], depth - 1)


def _is_settings(world: World, expr: Expr, frame: Frame, block: int, order: int) -> bool:
    """Whether an expression is an object of the process's settings."""
    found = members(world.evaluator.eval(expr, frame, block, order))
    return bool(found) and all(
        m.kind == "inst"
        and (
            m.name in SETTINGS
            or (is_project(m.name) and bool(SETTINGS & world.classes.library_bases(m.name)))
        )
        for m in found
    )


def _is_shared_call(world: World, index: int, frame: Frame, depth: int) -> bool:
    """Whether a call gives the same for all: the settings, or a library function of what is shared."""
    row = frame.scope.calls[index]
    if _is_settings(world, ["c", index], frame, row[Call.BLOCK], row[Call.ORDER]):
        return True
    func = row[Call.FUNC]
    found = members(world.evaluator.callee(index, frame))
    if not found or any(m.kind != "lib" or m.name in PER_REQUEST for m in found):
        return False
    given = arguments_of(row)
    if func is not None and func[0] == "a":
        given.append(func[1])
    return all(is_shared(world, e, frame, row[Call.BLOCK], row[Call.ORDER], depth - 1) for e in given)

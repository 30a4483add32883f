"""Lists of rows that a handler answers with, and whether anything limits how many there are.

What a handler returns is followed back to the query it was filled from: through names, comprehensions,
serializers and functions of the project. A list is unbounded only where every step on the way is known, none
of them cuts it (a limit, a slice, a page, a filter that leaves one row or one owner's) and the query starts
at a model or a statement about one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.databases import CONNECTION_WORK
from archlint.knowledge.paging import (
    BOUNDS,
    DATED,
    KEEPS,
    NARROW,
    PAGE_WORDS,
    PAGINATORS,
    PASSES,
    SERIALIZES,
    SMALL,
    VIEW_PASSES,
)
from archlint.model.summary import Bind, Block, Call, Expr, Param, Read, Scope, Test
from archlint.project.evaluation.frames import outer_is_class, visible_bindings
from archlint.project.guards import passed
from archlint.project.identifiers import name_words, word_list
from archlint.project.limits import FUEL
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_STEPS = 24
_CALLS = 3
_FILTERS = frozenset(("filter", "where", "filter_by", "exclude", "find"))
_SPANS = frozenset(
    ("gt", "gte", "lt", "lte", "range", "date", "year", "month", "search", "icontains", "contains")
)
#: Words of functions that cut what they return.
_MAKES_PAGES = PAGE_WORDS | PAGINATORS
#: How a field of SQLModel leads to another table.
_LEADS = "foreign_key"
#: Models of libraries that bring a date along: when somebody joined, or signed in.
_PEOPLE = frozenset(
    ("django.contrib.auth.models.AbstractUser", "django.contrib.auth.models.AbstractBaseUser")
)
_MANAGER = "django.db.models.Manager"
_REST = "rest_framework."
#: Steps that following a function which makes no rows, but what is shown of them, takes.
_BELOW = 6


class At(NamedTuple):
    """An expression and the point at which it is read."""

    expr: Expr
    frame: Frame
    block: int
    order: int


class Listing:
    """Questions about the lists that functions return."""

    def __init__(self, world: World) -> None:
        self.world = world

    def grows(self, model: str) -> bool:
        """Whether the rows of a model come about in the course of time: they belong to others, or are dated.

        A table without either, or one that is named like a list of settings, is filled by hand and small.
        """
        info = self.world.classes.info(model)
        if info is None or _noun(info.name) in SMALL:
            return False
        if not _PEOPLE.isdisjoint(self.world.classes.library_bases(model)):
            return True
        for base in self.world.classes.mro(model):
            found = self.world.classes.info(base.name) if is_project(base.name) else None
            if found is not None and self._is_dated(found):
                return True
        return False

    def _is_dated(self, info: ClassInfo) -> bool:
        """Whether a class has a column for a moment, or one that leads to another table."""
        old = self.world.summary(info.path).renamed
        for row in info.scope.calls:
            for expr in (row[Call.FUNC], *row[Call.ARGS]):
                if old.get(last_word(expr), last_word(expr)) in DATED:
                    return True
            if any(key == _LEADS for key, _ in row[Call.KEYWORDS]):
                return True
        declared = (rows[-1][Bind.ANNOTATION] for rows in info.scope.binds.values())
        return any(old.get(word, word) == "datetime" for a in declared for word in _words(a, 4))

    def of_view(self, key: str) -> str:
        """The model all of whose rows a list view of Django REST framework gives; empty when not certain."""
        listed = self.world.serializers.rest.views.list_view(key)
        if not listed:
            return ""
        method = self.world.classes.method(key, "get_queryset")
        if method is None:
            return listed[0][0].name if self._of_attribute(key) else ""
        path, scope = method
        if (
            any(row[Read.ATTR] in ("kwargs", "query_params", "GET") for row in scope.reads)
            or not scope.params
        ):
            return ""
        bindings = ((scope.params[0][Param.NAME], Type("inst", key)),)
        frame = self.world.evaluator.frame(path, scope.index, bindings, FUEL)
        found = [self.origin(At(e, frame, b, o), _STEPS, _CALLS) for e, b, o, _ in scope.returns]
        return self._common(found)

    def _of_attribute(self, key: str) -> str:
        """The model all of whose rows the ``queryset`` of a view holds, or ``""``."""
        found = self.world.classes.find(key, "queryset")
        if found is None:
            return ""
        info, row = found
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), FUEL)
        return self.origin(At(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER]), _STEPS, _CALLS)

    def unbounded(self, frame: Frame) -> str:
        """The model all of whose rows a function returns; empty when it is not certain that it does."""
        for expr, block, order, _ in frame.scope.returns:
            for at in self._series(At(expr, frame, block, order), _STEPS):
                model = self.origin(at, _STEPS, _CALLS)
                if model:
                    return model
        return ""

    # -- what is returned -----------------------------------------------------------------------

    def _series(self, at: At, steps: int) -> Iterator[At]:
        """The series of rows inside what is returned."""
        expr = at.expr
        if expr is None or steps == 0:
            return
        if self._is_rows(at):
            yield at
            return
        tag = expr[0]
        if tag in ("w", "*"):
            yield from self._series(at._replace(expr=expr[1]), steps - 1)
        elif tag == "n":
            for earlier in (*self._bindings(at), *_filled_from(at)):
                yield from self._series(earlier, steps - 1)
        elif tag == "a":
            if expr[2] in SERIALIZES:
                yield from self._series(at._replace(expr=expr[1]), steps - 1)
        elif tag in ("l", "t", "e"):
            for item in expr[1]:
                yield from self._series(at._replace(expr=item), steps - 1)
        elif tag == "d":
            for _, value in expr[1]:
                yield from self._series(at._replace(expr=value), steps - 1)
        elif tag == "p":
            first = self._iterable(at)
            if first is not None:
                yield from self._series(first, steps - 1)
        elif tag == "c":
            yield from self._inside_call(at, steps)

    def _inside_call(self, at: At, steps: int) -> Iterator[At]:
        row = at.frame.scope.calls[at.expr[1]]
        func = row[Call.FUNC]
        inner = at._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        callee = next(iter(members(self.world.evaluator.callee(at.expr[1], at.frame))), None)
        if callee is not None and callee.kind == "func":
            returned = self.returned(callee, row, at.frame) if steps > _BELOW else []
            shown = [list(self._series(each, steps - _BELOW)) for each in returned]
            yield from (self._given(s, callee, row, inner) for each in shown for s in each if all(shown))
        elif callee is not None and (
            callee.kind == "class" or _passes(callee) or _method(callee) in SERIALIZES
        ):
            for expr in arguments_of(row):
                yield from self._series(inner._replace(expr=expr), steps - 1)
        is_method = func is not None and func[0] == "a"
        if is_method and (func[2] in SERIALIZES or (callee is not None and _shows_columns(callee))):
            yield from self._series(inner._replace(expr=func[1]), steps - 1)

    def _is_rows(self, at: At) -> bool:
        value = self.world.evaluator.eval(at.expr, at.frame, at.block, at.order)
        return bool(self._models_of(value))

    def _models_of(self, value: Type | None) -> list[str]:
        """The models of the rows that a series holds."""
        found = []
        for member in members(value):
            if member.kind != "inst" or self.world.models.is_model(member.name):
                continue
            items = members(self.world.evaluator.iterate(member))
            found += [i.name for i in items if "row" in i.facts and self.world.models.is_model(i.name)]
            if _MANAGER in self.world.classes.library_bases(member.name) and member.args:
                found += [m.name for m in members(member.args[0]) if self.world.models.is_model(m.name)]
        return found

    # -- where it comes from --------------------------------------------------------------------

    def origin(self, at: At, steps: int, calls: int) -> str:
        """The model all of whose rows a series holds, or ``""``."""
        expr = at.expr
        if expr is None or steps == 0:
            return ""
        tag = expr[0]
        if tag in ("w", "*"):
            return self.origin(at._replace(expr=expr[1]), steps - 1, calls)
        if tag == "n":
            found = self._bindings(at)
            return self._common([self.origin(b, steps - 1, calls) for b in found]) or self._itself(at)
        if tag == "p":
            first = self._iterable(at)
            return self.origin(first, steps - 1, calls) if first is not None else ""
        if tag == "a":
            owner = self.world.evaluator.eval(expr[1], at.frame, at.block, at.order)
            is_model = owner is not None and owner.kind == "class" and self.world.models.is_model(owner.name)
            return owner.name if owner is not None and is_model else ""
        if tag == "c":
            return self._origin_of_call(at, steps, calls)
        return ""

    def _itself(self, at: At) -> str:
        """The model of a query set in its own methods; whether it was whole, their callers know."""
        params = at.frame.scope.params
        if (
            not outer_is_class(at.frame)
            or not params
            or at.expr != ["n", params[0][Param.NAME]]
            or at.expr[1] in at.frame.scope.binds
        ):
            return ""
        value = at.frame.bound.get(at.expr[1])
        is_query = value is not None and value.kind == "inst" and self.world.orm.is_query(value)
        return self._common(self._models_of(value)) if is_query else ""

    @staticmethod
    def _common(found: list[str]) -> str:
        """What all alternatives agree on."""
        return found[0] if found and all(f == found[0] for f in found) else ""

    def _origin_of_call(self, at: At, steps: int, calls: int) -> str:
        row = at.frame.scope.calls[at.expr[1]]
        inner = at._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        callees = members(self.world.evaluator.callee(at.expr[1], at.frame))
        if len(callees) != 1:
            return ""
        callee = callees[0]
        if callee.kind == "func":
            return self._origin_of_function(callee, row, inner, calls)
        if callee.kind != "lib":
            return ""
        word = _method(callee)
        if _passes(callee) and row[Call.ARGS]:
            return self.origin(inner._replace(expr=row[Call.ARGS][0]), steps - 1, calls)
        if not callee.args:
            return self._selected(row, at.frame) if word == "select" else ""
        if word in BOUNDS or word not in KEEPS or _narrows(word, row, at.frame.scope):
            return ""
        receiver = callee.args[0]
        if word == "get_queryset" and callee.name.startswith(_REST):
            return self._of_attribute(receiver.name) if receiver is not None else ""
        if receiver is not None and receiver.kind == "class" and self.world.models.is_model(receiver.name):
            return receiver.name
        if receiver is not None and self.world.api.accesses.is_connection(receiver):
            if word == "query":
                return self._selected(row, at.frame)
            if word in CONNECTION_WORK and row[Call.ARGS]:
                return self.origin(inner._replace(expr=row[Call.ARGS][0]), steps - 1, calls)
            return ""
        func = row[Call.FUNC]
        return self.origin(inner._replace(expr=func[1]), steps - 1, calls) if func[0] == "a" else ""

    def _selected(self, row: list[Any], frame: Frame) -> str:
        """The one model whose whole rows a statement selects."""
        values = self.world.evaluator.arguments(row, frame)
        if len(values) != 1 or values[0] is None or values[0].kind != "class":
            return ""
        return values[0].name if self.world.models.is_model(values[0].name) else ""

    def _origin_of_function(self, callee: Type, row: list[Any], at: At, calls: int) -> str:
        if calls == 0:
            return ""
        receiver, func = callee.args[0] if callee.args else None, row[Call.FUNC]
        is_query = receiver is not None and func[0] == "a" and self.world.orm.is_query(receiver)
        # A method of a query set goes on from what it is called on.
        if is_query and not self.origin(at._replace(expr=func[1]), _STEPS, calls - 1):
            return ""
        returned = [self._given(r, callee, row, at) for r in self.returned(callee, row, at.frame)]
        return self._common([self.origin(each, _STEPS, calls - 1) for each in returned])

    def _given(self, inner: At, callee: Type, row: list[Any], at: At) -> At:
        """What the caller gave, where a function goes on from a parameter as it is."""
        name = inner.expr[1] if inner.expr is not None and inner.expr[0] == "n" else ""
        if inner.frame.param(name) is None or name in inner.frame.scope.binds:
            return inner
        bound = bool(callee.args) and self.world.evaluator.takes_receiver(callee)
        is_passed, expr = passed(name, inner.frame.scope, bound, row)
        return at._replace(expr=expr) if is_passed else inner

    def returned(self, callee: Type, row: list[Any], frame: Frame) -> list[At]:
        """What a function of the project returns, called as it is here; nothing where that is a page."""
        scope = self.world.function(callee.name)
        if scope is None or scope.is_generator or name_words(scope.name) & _MAKES_PAGES:
            return []
        evaluator = self.world.evaluator
        bindings = dict(evaluator.bindings(callee, row, frame))
        if callee.args and callee.args[0] is not None and scope.params:
            bindings.setdefault(scope.params[0][Param.NAME], callee.args[0])
        path = callee.name.rpartition(":")[0]
        inner = evaluator.frame(path, scope.index, tuple(bindings.items()), FUEL - 2)
        return [At(expr, inner, b, order) for expr, b, order, _ in scope.returns if not _is_empty(expr)]

    # -- names and comprehensions ---------------------------------------------------------------

    def _bindings(self, at: At) -> list[At]:
        """What a name may hold; nothing when one of its bindings cannot be read."""
        rows, _ = visible_bindings(at.frame.scope, at.expr[1], at.block, at.order)
        found = [
            At(row[Bind.EXPR], at.frame, row[Bind.BLOCK], row[Bind.ORDER] - 1)
            for row in rows
            if not _is_empty(row[Bind.EXPR]) and not _is_choice_of_client(row, at)
        ]
        return [] if any(f.expr is None for f in found) else found

    def _iterable(self, at: At) -> At | None:
        """The first iterable of a comprehension without conditions on its rows."""
        scope, block = at.frame.scope, at.expr[3]
        blocks, outer = scope.blocks, None
        chosen = {row[Test.BLOCK] for row in scope.tests}
        while block >= 0 and blocks[block][Block.KIND] in ("comp", "acomp"):
            if block in chosen:
                return None
            outer, block = blocks[block], blocks[block][Block.PARENT]
        return None if outer is None else At(outer[Block.EXPR], at.frame, block, outer[Block.ORDER])


def _passes(callee: Type) -> bool:
    """Whether a function hands a series on, or shows it row by row."""
    return callee.name in PASSES or (callee.name.startswith(_REST) and _method(callee) in VIEW_PASSES)


def _method(callee: Type) -> str:
    """The last word of what is called."""
    return callee.name.rpartition(".")[2]


def _shows_columns(callee: Type) -> bool:
    """Whether a method of Django gives dicts in place of the rows of a query."""
    return callee.kind == "lib" and callee.name.startswith("django.db.") and _method(callee) == "values"


def _filled_from(at: At) -> Iterator[At]:
    """What a loop runs over that appends something to a list for every item."""
    scope = at.frame.scope
    for row in scope.calls:
        block = scope.blocks[row[Call.BLOCK]]
        appends = row[Call.FUNC] in (["a", at.expr, "append", None], ["a", at.expr, "extend", None])
        if appends and block[Block.KIND] in ("for", "afor"):
            yield At(block[Block.EXPR], at.frame, block[Block.PARENT], block[Block.ORDER])


def _is_choice_of_client(row: list[Any], at: At) -> bool:
    """Whether a name is narrowed only where an optional parameter is given: ``if a: query = query...``."""
    scope = at.frame.scope
    block = scope.blocks[row[Bind.BLOCK]]
    if block[Block.KIND] != "if" or not _starts_from(row[Bind.EXPR], at.expr, scope):
        return False
    optional = {
        p[Param.NAME] for p in scope.params if p[Param.DEFAULT] == ["k", None]
    } - at.frame.bound.keys()
    test = block[Block.EXPR]
    if test is not None and test[0] == "m" and test[1] == "is not":
        test = test[2]
    return test is not None and test[0] == "n" and test[1] in optional


def _starts_from(expr: Expr, name: Expr, scope: Scope) -> bool:
    """Whether a chain of calls starts from a name."""
    while expr is not None and expr[0] in ("c", "a", "w"):
        expr = scope.calls[expr[1]][Call.FUNC] if expr[0] == "c" else expr[1]
    return bool(expr == name)


def _noun(name: str) -> str:
    """The last word of a class name, in lower case and the singular."""
    last = (word_list(name.removesuffix("Model").removesuffix("Table")) or [""])[-1]
    return last if last in SMALL else last.removesuffix("s")


def _words(expr: Expr, depth: int) -> Iterator[str]:
    """The names in an annotation."""
    if expr is None or depth == 0:
        return
    if expr[0] in ("n", "a"):
        yield last_word(expr)
    elif expr[0] == "s":
        yield from _words(expr[2], depth - 1)
    elif expr[0] == "b":
        yield from (word for side in expr[2:4] for word in _words(side, depth - 1))
    elif expr[0] == "t":
        yield from (word for item in expr[1] for word in _words(item, depth - 1))


def _is_empty(expr: Expr) -> bool:
    """``[]``, ``None``: what is returned where there is nothing."""
    return expr is not None and ((expr[0] in ("l", "t", "d") and not expr[1]) or expr == ["k", None])


def _narrows(word: str, row: list[Any], scope: Scope) -> bool:
    """Whether a filter leaves few rows: those of one key or owner, or of a span of time."""
    if word not in _FILTERS:
        return False
    for key, value in row[Call.KEYWORDS]:
        if key is None or _is_caller(value):
            return True
        head, *rest = key.split("__")
        if head in NARROW and (not rest or rest[-1] in ("id", "pk", "in", "exact", "iexact")):
            return True
        if not _SPANS.isdisjoint(rest) or rest[-1:] in (["id"], ["pk"]):
            return True
    return any(_is_narrow(expr, scope) for expr in row[Call.ARGS])


def _is_caller(expr: Expr) -> bool:
    """Whether a value is who makes the request, or a key of theirs: ``request.user``, ``current_user.id``."""
    if expr is not None and expr[0] == "a" and expr[2] in ("id", "pk"):
        expr = expr[1]
    if expr is not None and expr[0] == "a":
        return expr[2] in ("user", "auth") and last_word(expr[1]) == "request"
    return expr is not None and expr[0] == "n" and expr[1] in ("current_user", "me")


def _is_narrow(expr: Expr, scope: Scope) -> bool:
    """Whether a condition compares a key or an owner for equality, or anything for order."""
    if expr is None or expr[0] in ("n", "*"):
        return True
    if expr[0] == "c":
        row = scope.calls[expr[1]]
        word, func = last_word(row[Call.FUNC]), row[Call.FUNC]
        if word in ("and_", "Q"):
            return _narrows("filter", row, scope)
        if word in ("in_", "between"):
            return word == "between" or (func[0] == "a" and last_word(func[1]) in NARROW)
        return word == "contains"
    if expr[0] == "b":
        return expr[1] == "&" and any(_is_narrow(side, scope) for side in expr[2:4])
    if expr[0] == "m":
        if expr[1] == "==":
            return any(last_word(side) in NARROW or _is_caller(side) for side in expr[2:4])
        return expr[1] not in ("!=", "is", "is not", "not")
    return False

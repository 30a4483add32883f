"""Evaluation of summaries across files: what an expression is.

Answers are computed on question and memoised. Each frame carries *fuel*, the number of
further project calls that may be entered; the memo is keyed by it, so that an answer depends
on the question alone, never on the order in which questions were asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.evaluation.annotations import Annotations
from archlint.project.evaluation.attributes import Attributes
from archlint.project.evaluation.calls import Calls
from archlint.project.evaluation.expressions import Expressions
from archlint.project.evaluation.frames import END, Frame
from archlint.project.evaluation.library_calls import LibraryCalls
from archlint.project.evaluation.memo import Memo
from archlint.project.evaluation.names import Names
from archlint.project.evaluation.protocols import Protocols
from archlint.project.evaluation.signatures import Signatures
from archlint.project.ledger import settle
from archlint.project.library import library
from archlint.project.limits import FUEL
from archlint.project.types import Type, inst

if TYPE_CHECKING:
    from archlint.project.world import World

_PROPERTIES = frozenset(
    (
        "property",
        "functools.cached_property",
        "django.utils.functional.cached_property",
        "werkzeug.utils.cached_property",
        "sqlalchemy.ext.hybrid.hybrid_property",
        "cached_property.cached_property",
        "abc.abstractproperty",
    )
)
CACHED_PROPERTIES = frozenset(p for p in _PROPERTIES if "cached" in p)
#: Bytes for a frame and its answers, measured over several projects.
_FRAME = 2700


class Evaluator:
    """Types of expressions in one project: its parts, under one name, and the frames they share."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.library = library()
        self._frames: dict[tuple[Any, ...], Frame] = world.answers()
        # Those of whose parameters nothing is known from a call: most of them, and asked for all the time.
        self._plain: dict[tuple[str, int, int], Frame] = world.answers()
        memo = Memo(world)
        # The parts ask each other a few million times in a run: what they answer is looked up once.
        self.memo, self.pass_through = memo.once, memo.pass_through
        expressions = Expressions(self)
        self.eval, self.item = expressions.eval, expressions.item
        names = Names(self)
        self.name, self.binding, self.narrow = names.name, names.binding, names.narrow
        self.imported, self.module_global = names.imported, names.module_global
        annotations = Annotations(self)
        self.annotation, self.provided = annotations.annotation, annotations.provided
        calls = Calls(self)
        self.call, self.callee, self.result_of = calls.call, calls.callee, calls.result_of
        self.arguments, self.keyword, self.bindings = calls.arguments, calls.keyword, calls.bindings
        self.takes_receiver, self.given = calls.takes_receiver, calls.given
        library_calls = LibraryCalls(self)
        self.library_call, self.library_result = library_calls.library_call, library_calls.library_result
        self.method_result, self.given_parameter = library_calls.method_result, library_calls.given_parameter
        signatures = Signatures(self)
        self.instantiate_signature, self.symbol = signatures.instantiate_signature, signatures.symbol
        self.instantiate, self.instantiate_all = signatures.instantiate, signatures.instantiate_all
        self.class_of, self.library_thing = signatures.class_of, signatures.library_thing
        protocols = Protocols(self)
        self.awaited, self.awaited_or_self = protocols.awaited, protocols.awaited_or_self
        self.iterate, self.entered = protocols.iterate, protocols.entered
        self.item_of_own = protocols.item_of_own
        attributes = Attributes(self)
        self.attribute, self.library_member = attributes.attribute, attributes.library_member

    @property
    def weight(self) -> int:
        """What is kept in memory, in bytes, about: nearly all answers hang on a frame."""
        return _FRAME * len(self._frames)

    def frame(
        self,
        path: str,
        index: int,
        bindings: Iterable[tuple[str, Type]] = (),
        fuel: int = FUEL,
        outer: Frame | None = None,
    ) -> Frame:
        """The frame of a scope in which some parameters are known from the call."""
        if bindings or outer is not None:
            return self._frame(path, index, bindings, fuel, outer)
        key = (path, index, fuel)
        found = self._plain.get(key)
        if found is None:
            found = self._plain[key] = self._frame(path, index, (), fuel, None)
        return found

    def _frame(
        self,
        path: str,
        index: int,
        bindings: Iterable[tuple[str, Type]],
        fuel: int,
        outer: Frame | None,
    ) -> Frame:
        scope = self.world.summary(path).scopes[index]
        if outer is None and scope.parent >= 0:
            outer = self.frame(path, scope.parent, (), fuel)
        known = tuple(sorted(bindings))
        key = (path, index, known, outer.key if outer is not None and outer.bound else None, fuel)
        found = self._frames.get(key)
        if found is None:
            calls, names = self.world.answers(path), self.world.answers(path)
            new = Frame(key, path, scope, dict(known), outer, fuel, calls, names)
            found = settle(self._frames, key, new, lambda: self._with_receiver(new))
        return found

    def _with_receiver(self, frame: Frame) -> Frame:
        """The frame of a method with its receiver bound, as far as that is known."""
        self._bind_receiver(frame)
        return frame

    def _bind_receiver(self, frame: Frame) -> None:
        scope = frame.scope
        if (
            scope.kind != "function"
            or not scope.params
            or frame.outer is None
            or frame.outer.scope.kind != "class"
        ):
            return
        first = scope.params[0][Param.NAME]
        if first in frame.bound:
            return
        kind = self.method_kind(frame.path, scope)
        owner = f"{frame.path}:{scope.parent}"
        if kind == "static":
            return
        row = self.world.frameworks.receiver(frame.path, scope)
        if row is not None:
            frame.bound[first] = row
            return
        if kind == "class" or scope.name == "__new__":
            frame.bound[first] = Type("class", owner)
        elif self.world.models.orm_of(owner) == "django":
            # What the rows that this method is called on have loaded, their callers know.
            frame.bound[first] = Type("inst", owner, (), ("?",))
        else:
            frame.bound[first] = inst(owner)

    def method_kind(self, path: str, scope: Scope) -> str:
        """``static``, ``class``, ``property``, ``cached`` or ``""`` from the decorators of a function."""
        for decorator in scope.decorators:
            name = self.decorator_name(path, scope, decorator)
            if name == "staticmethod":
                return "static"
            if name in ("classmethod", "abc.abstractclassmethod", "sqlalchemy.orm.declared_attr"):
                return "class"
            if name in _PROPERTIES:
                return "cached" if name in CACHED_PROPERTIES else "property"
            if name.endswith((".setter", ".deleter", ".expression", ".getter")):
                return "accessor"
        return ""

    def decorator_name(self, path: str, scope: Scope, decorator: Expr) -> str:
        """The qualified name of a decorator, or its last word when it cannot be resolved."""
        if decorator is None:
            return ""
        if decorator[0] == "n" and decorator[1] in ("property", "staticmethod", "classmethod"):
            return str(decorator[1])
        if decorator[0] == "a" and decorator[2] in ("setter", "deleter", "expression", "getter"):
            return f".{decorator[2]}"
        outer = self.frame(path, scope.parent, (), 1)
        if decorator[0] == "c":
            row = outer.scope.calls[decorator[1]]
            value = self.eval(row[Call.FUNC], outer, row[Call.BLOCK], row[Call.ORDER])
        else:
            value = self.eval(decorator, outer, 0, END)
        return value.name if value is not None and value.kind in ("lib", "func", "class") else ""

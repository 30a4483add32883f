"""Evaluation of summaries across files: what an expression is.

Answers are computed on question and memoised. Each frame carries *fuel*, the number of
further project calls that may be entered; an answer is kept for every fuel that gives the same, so that
it depends on the question alone, never on the order in which questions were asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.evaluation.annotations import Annotations
from archlint.project.evaluation.attributes import Attributes
from archlint.project.evaluation.calls import Calls
from archlint.project.evaluation.expressions import Expressions
from archlint.project.evaluation.frames import END, Frame, Ground
from archlint.project.evaluation.library_calls import LibraryCalls
from archlint.project.evaluation.memo import Memo
from archlint.project.evaluation.names import Names
from archlint.project.evaluation.narrowing import Conditions
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
#: Bytes for a scope with its frames and answers, measured over a project.
_GROUND = 5000


class Evaluator:
    """Types of expressions in one project: its parts, under one name, and the frames they share."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.library = library()
        self._frames: dict[tuple[Any, ...], Frame] = world.answers()
        self._grounds: dict[tuple[Any, ...], Ground] = world.answers()
        memo = Memo(world)
        # The parts ask each other a few million times in a run: what they answer is looked up once.
        self.memo, self.at_fuel, self.pass_through = memo.once, memo.at_fuel, memo.pass_through
        self.asking, self.entering = memo.asking, memo.entering
        self.inside, self.apart = memo.inside, memo.apart
        expressions = Expressions(self)
        self.eval, self.item = expressions.eval, expressions.item
        names = Names(self)
        self.name, self.binding = names.name, names.binding
        self.narrow = Conditions(self).narrow
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
        """What is kept in memory, in bytes, about: nearly all answers hang on a ground."""
        return _GROUND * len(self._grounds)

    def frame(
        self, path: str, index: int, bindings: Iterable[tuple[str, Type]] = (), fuel: int = FUEL
    ) -> Frame:
        """The frame of a scope in which some parameters are known from the call."""
        key = (path, index, tuple(sorted(bindings)) if bindings else (), fuel)
        found = self._frames.get(key)
        if found is None:
            ground = self._ground(path, index, key[2])
            parent = ground.scope.parent
            outer = self.frame(path, parent, (), fuel) if parent >= 0 else None
            found = self._frames[key] = Frame(key, ground, outer)
        return found

    def _ground(self, path: str, index: int, bindings: tuple[tuple[str, Type], ...]) -> Ground:
        """What the frames of all fuels have in common."""
        key = (path, index, bindings)
        found = self._grounds.get(key)
        if found is None:
            scope = self.world.summary(path).scopes[index]
            new = Ground(path, scope, dict(bindings), self.world.answers(path), self.world.answers(path))
            found = settle(self._grounds, key, new, lambda: self._with_receiver(new))
        return found

    def _with_receiver(self, ground: Ground) -> Ground:
        """A method with its receiver bound, as far as that is known."""
        scope, path = ground.scope, ground.path
        if scope.kind != "function" or not scope.params:
            return ground
        first = scope.params[0][Param.NAME]
        if first not in ground.bound and self.world.summary(path).scopes[scope.parent].kind == "class":
            receiver = self._receiver(path, scope)
            if receiver is not None:
                ground.bound[first] = receiver
        return ground

    def _receiver(self, path: str, scope: Scope) -> Type | None:
        """The first parameter of a method that nobody has told: what it is for all calls."""
        kind = self.method_kind(path, scope)
        if kind == "static":
            return None
        owner = f"{path}:{scope.parent}"
        row = self.world.frameworks.receiver(path, scope)
        if row is not None:
            return row
        if kind == "class" or scope.name == "__new__":
            return Type("class", owner)
        if self.world.models.orm_of(owner) == "django":
            # What the rows that this method is called on have loaded, their callers know.
            return Type("inst", owner, (), ("?",))
        return inst(owner)

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
        block, order = 0, END
        if decorator[0] == "c":
            row = outer.scope.calls[decorator[1]]
            decorator, block, order = row[Call.FUNC], row[Call.BLOCK], row[Call.ORDER]
        value = self.apart(lambda: self.eval(decorator, outer, block, order))
        return value.name if value is not None and value.kind in ("lib", "func", "class") else ""

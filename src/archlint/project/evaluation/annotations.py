"""Annotations: the instance that each of them promises, and what FastAPI injects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Expr
from archlint.project.evaluation.frames import END
from archlint.project.evaluation.narrowing import more_telling
from archlint.project.evaluation.part import Part
from archlint.project.evaluation.signatures import DEPENDS, SEQUENCE_NAMES
from archlint.project.types import NONE, PERHAPS, Type, coro, inst, is_project, members, shallow, union

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame

#: One of a few texts that the annotation spells out.
_ONE_OF = Type("inst", "str", (), ("=",))
#: A row of Django, and what its query adds to it.
_ANNOTATED_ROW = "django_stubs_ext.WithAnnotations"
_TRANSPARENT = frozenset(
    (
        "typing.Annotated",
        "typing.Optional",
        "typing.Union",
        "typing.Final",
        "typing.ClassVar",
        "typing.Required",
        "typing.NotRequired",
        "typing.ReadOnly",
        _ANNOTATED_ROW,
        "typing_extensions.Annotated",
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.DynamicMapped",
        "sqlalchemy.orm.WriteOnlyMapped",
        "typing.Awaitable",
        "typing.Coroutine",
        "dataclasses.InitVar",
        "strawberry.Private",
        "strawberry.Maybe",
        "pydantic.SerializeAsAny",
        "pydantic.SkipValidation",
        # `filters: Query[Filters]` of django-ninja.
        *(f"ninja.{place}" for place in ("Query", "Path", "Header", "Cookie", "Body", "Form", "File")),
    )
)
#: Those that promise nothing by themselves: `LIMIT: Final = 10` is what it is given.
_EMPTY = frozenset(("typing.Any", "object", "typing.TypeVar", "typing.Final", "typing.ClassVar"))


def _either(values: Sequence[Type | None]) -> Type | None:
    """One of several values; an awaitable beside nothing, or beside what is unknown, need not be one."""
    found = union(values)
    if found is None or found.kind != "coro" or all(value == found for value in values):
        return found
    return found._replace(facts=(PERHAPS,))


class Annotations(Part):
    """What annotations promise."""

    def annotation(self, expr: Expr, frame: Frame, inner: Frame | None = None) -> Type | None:
        """The instance that an annotation promises."""
        if expr is None:
            return None
        tag = expr[0]
        if tag == "k":
            return NONE if expr[1] is None else None
        if tag == "b" and expr[1] == "|":
            return _either([self.annotation(side, frame, inner) for side in expr[2:4]])
        if tag == "s":
            return self._generic(expr, frame, inner)
        if tag not in ("n", "a"):
            return None
        if tag == "n":
            bound = self._type_variable(expr[1], frame, inner)
            if bound is not None:
                return bound
            alias = self._alias(expr[1], frame)
            if alias is not None:
                return alias
        else:
            owner = self.evaluator.eval(expr[1], frame, 0, END)
            if owner is not None and owner.kind == "module" and not owner.name.endswith("/"):
                alias = self._alias_in(owner.name, expr[2], frame.fuel)
                if alias is not None:
                    return alias
        return self._promised(self.evaluator.eval(expr, frame, 0, END))

    def _promised(self, value: Type | None) -> Type | None:
        if value is None:
            return None
        if value.kind == "union":
            # `if TYPE_CHECKING:` binds the class, `else:` another one, or Any.
            return union(self._promised(m) for m in value.args)
        if value.kind == "lib":
            if value.name in _EMPTY:
                return None
            return self.evaluator.instantiate(value)
        if value.kind == "class":
            return self.evaluator.instantiate(value)
        if value.kind == "inst" and value.name == "type" and value.args:
            return value.args[0]
        if value.kind == "inst" and value.facts[:1] == ("alias",):
            return value._replace(facts=())
        return None

    def _alias(self, name: str, frame: Frame) -> Type | None:
        """``SessionDep = Annotated[Session, Depends(get_db)]``: the alias is read as an annotation."""
        here: Frame | None = frame
        while here is not None and name not in here.scope.binds:
            here = here.outer
        if here is None:
            return self._alias_of_all(name, frame)
        # `date: date` in a class body names itself.
        return self.evaluator.pass_through(("alias in", here.key, name), lambda: self._alias_of(name, here))

    def _alias_of_all(self, name: str, frame: Frame) -> Type | None:
        """An alias that ``from module import *`` brings."""
        for module in self.world.summary(frame.path).stars:
            path = self.world.modules.find(module, frame.path)
            found = self._alias_in(path, name, frame.fuel) if path and path[-1] != "/" else None
            if found is not None:
                return found
        return None

    def _alias_of(self, name: str, frame: Frame) -> Type | None:
        found = (self._alias_row(row, frame) for row in reversed(frame.scope.binds[name]))
        return next((f for f in found if f is not None), None)

    def _alias_row(self, row: list[Any], frame: Frame) -> Type | None:
        expr, annotation = row[Bind.EXPR], row[Bind.ANNOTATION]
        if expr is None:
            return self.annotation(annotation, frame) if annotation is not None else None
        if expr[0] == "im":
            path = self.world.modules.find(expr[1], frame.path)
            if path is None or path.endswith("/") or expr[2] is None:
                return None
            return self._alias_in(path, expr[2], frame.fuel)
        if expr[0] == "s" or (expr[0] == "b" and expr[1] == "|"):
            return self.annotation(expr, frame)
        return None

    def _alias_in(self, path: str, name: str, fuel: int) -> Type | None:
        """An alias of another module."""
        return self.evaluator.pass_through(
            ("alias", path, name), lambda: self._alias(name, self.evaluator.frame(path, 0, (), fuel))
        )

    def _generic(self, expr: Expr, frame: Frame, inner: Frame | None) -> Type | None:
        head = self.evaluator.eval(expr[1], frame, 0, END)
        index = expr[2]
        elements = index[1] if index is not None and index[0] in ("t", "l") else [index]
        if head is None:
            return None
        name = head.name
        if name in _TRANSPARENT:
            if name.endswith("Annotated"):
                return self._annotated(elements, frame, inner)
            if name in ("typing.Coroutine", "typing.Awaitable"):
                return coro(self.annotation(elements[-1], frame, inner))
            if name == _ANNOTATED_ROW:
                elements = elements[:1]
            given = [self.annotation(e, frame, inner) for e in elements]
            return _either([*given, None] if name == "typing.Optional" else given)
        if name in ("typing.Literal", "typing_extensions.Literal"):
            return _ONE_OF
        args = tuple(self.annotation(e, frame, inner) for e in elements)
        if head.kind == "lib":
            name = SEQUENCE_NAMES.get(name, name)
            if name == "type":
                return self.evaluator.class_of(args[0])
            if name == "tuple" and len(elements) == 2 and elements[1] is None:
                return inst("tuple", args[0])
            if name == "list":
                args = args[:1]
            return shallow(Type("inst", name, args))
        if head.kind == "class":
            return shallow(Type("inst", head.name, args))
        return None

    def _annotated(self, elements: Sequence[Expr], frame: Frame, inner: Frame | None) -> Type | None:
        declared = self.annotation(elements[0], frame, inner)
        for extra in elements[1:]:
            if extra is not None and extra[0] == "c":
                provided = self.provided(self.evaluator.call(extra[1], frame), frame.fuel)
                if provided is not None:
                    return more_telling(declared, provided, self.world.classes)
                default = self.evaluator.call(extra[1], frame)
                if default is not None and default.name in DEPENDS and not default.args:
                    return declared
        return declared

    def _type_variable(self, name: str, frame: Frame, inner: Frame | None) -> Type | None:
        """A type variable stands for what the receiver's class, or the call, binds it to."""
        if inner is None:
            inner = frame
        receiver = inner.self_type()
        if receiver is None or receiver.kind not in ("inst", "class") or not is_project(receiver.name):
            return None
        return self.world.classes.type_variables(receiver).get(name)

    def provided(self, default: Type | None, fuel: int) -> Type | None:
        """What FastAPI injects for a ``Depends(f)`` default or annotation."""
        if default is None or default.kind != "inst" or default.name not in DEPENDS or not default.args:
            return None
        target = default.args[0]
        if target is None:
            return None
        if target.kind == "class" or (target.kind == "lib" and self.library.is_class(target.name)):
            return self.evaluator.instantiate(target)
        result = self.evaluator.awaited_or_self(self.evaluator.result_of(target, (), fuel))
        for member in members(result):
            if member.kind == "inst" and member.name == "contextlib.AbstractContextManager":
                return member.args[0] if member.args else None
            if (
                member.kind == "inst"
                and member.name == "list"
                and target.kind in ("func", "inst")
                and self._is_generator(target)
            ):
                return member.args[0]
        return result

    def _is_generator(self, target: Type) -> bool:
        scope = self.world.function(target.name)
        return scope is not None and scope.is_generator

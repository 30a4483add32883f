"""Which of two types to believe: what an annotation or a condition says, or what the code shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Expr, Narrowing, Scope, Store
from archlint.project.evaluation.part import Part
from archlint.project.types import Type, better, is_project, members, union

if TYPE_CHECKING:
    from archlint.project.classes import Classes
    from archlint.project.evaluation.frames import Frame


class Conditions(Part):
    """What conditions tell of the classes of names and attributes."""

    def narrow(self, path: str, value: Type | None, frame: Frame, block: int, order: int) -> Type | None:
        """Apply what conditions before a point tell of a name, or of a path of attributes."""
        for row in frame.scope.narrowings:
            if row[Narrowing.PATH] != path or not _tells(frame.scope, row, block, order):
                continue
            classes = self._tested(row[Narrowing.CLASSES], frame, row[Narrowing.BLOCK], order)
            if classes is not None:
                value = (self._one_of if row[Narrowing.HOLDS] else self._none_of)(classes, value)
        return value

    def _tested(self, classes: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """The instances of the classes of a test, one or a tuple of them, or of tuples of them."""
        if classes[0] == "t":
            return union(self._tested(part, frame, block, order) for part in classes[1])
        return self.evaluator.instantiate_all(self.evaluator.eval(classes, frame, block, order))

    def _one_of(self, narrowed: Type, value: Type | None) -> Type | None:
        """The alternatives of a value that pass a test; the tested classes when it is none of them."""
        found: list[Type | None] = []
        for cls in members(narrowed):
            matching = [m for m in members(value) if self._is_a(m, cls)]
            wider = [m for m in members(value) if self._is_a(cls, m)]
            if matching or wider:
                # What was loaded with a row is known of its base class too.
                found += matching or [cls._replace(facts=m.facts) for m in wider]
            elif not is_project(cls.name):
                found.append(better(cls, value))
            else:
                found.append(cls)
        return union(found)

    def _none_of(self, narrowed: Type, value: Type | None) -> Type | None:
        kept = [m for m in members(value) if not any(self._is_a(m, cls) for cls in members(narrowed))]
        return union(kept) if kept else value

    def _is_a(self, value: Type, cls: Type) -> bool:
        return (
            value.kind == cls.kind == "inst"
            and is_project(value.name)
            and is_project(cls.name)
            and self.world.classes.is_subclass(value.name, cls.name)
        )


def _tells(scope: Scope, narrowing: list[Any], block: int, order: int) -> bool:
    """Whether a condition was passed on every way to a point, and tells of the value that is there."""
    until = narrowing[Narrowing.UNTIL] or order
    is_behind = narrowing[Narrowing.ORDER] <= order <= until
    is_around = is_behind and narrowing[Narrowing.BLOCK] in scope.ancestors(block)
    return is_around and not _is_bound_between(scope, narrowing, order)


def _is_bound_between(scope: Scope, narrowing: list[Any], order: int) -> bool:
    """Whether the name, or the attribute, is given anew between a condition that tells of it and a point."""
    name, _, rest = narrowing[Narrowing.PATH].partition(".")
    since, attribute = narrowing[Narrowing.ORDER], rest.rpartition(".")[2]
    return any(since < row[Bind.ORDER] <= order for row in scope.binds.get(name, ())) or any(
        since < row[Store.ORDER] <= order and row[Store.ATTR] == attribute for row in scope.stores
    )


def more_telling(declared: Type | None, shown: Type | None, classes: Classes) -> Type | None:
    """The more telling of both.

    A generic repository shows rows of its base model, and a factory makes no more than its base
    class: the annotation names the class then, what was loaded with the rows is still shown.
    """
    if declared is None or shown is None or declared.kind != "inst" or shown.kind != "inst":
        return better(declared, shown)
    if declared.name != shown.name:
        if is_project(declared.name) and classes.is_subclass(declared.name, shown.name):
            return declared._replace(facts=shown.facts or declared.facts)
        return better(declared, shown)
    if declared.args and len(declared.args) == len(shown.args):
        pairs = zip(declared.args, shown.args, strict=True)
        return shown._replace(args=tuple(more_telling(one, other, classes) for one, other in pairs))
    return better(declared, shown)

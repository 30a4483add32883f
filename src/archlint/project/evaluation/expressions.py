"""Expressions of a summary, tag by tag."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archlint.model.summary import Block, Expr, Read
from archlint.project.evaluation.part import Part
from archlint.project.kept import KEEPERS
from archlint.project.library import parse
from archlint.project.rows.loading import holds_options, together
from archlint.project.types import BOOL, COLLECTIONS, INT, NONE, STR, Type, inst, is_project, members, union
from archlint.project.words import chain_of

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator
    from archlint.project.evaluation.frames import Frame

#: What views of Django give their templates.
_CONTEXT = "django.views.generic.Context"
#: Operators that the tables may say something about: the methods of the left and of the right side.
_OPERATORS = {"/": ("__truediv__", "__rtruediv__"), "|": ("__or__", "__ror__")}

_Handler = Callable[["Expr", "Frame", int, int], "Type | None"]


class Expressions(Part):
    """What an expression is at a point of a frame."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self._handlers: dict[str, _Handler] = {
            "a": self._attribute,
            "k": lambda expr, *_: _constant(expr[1]),
            "s": self._subscript,
            "o": self._alternatives,
            "im": self._imported,
            "p": self._comprehension_over,
            "b": self._binary,
            "m": lambda *_: BOOL,
            "j": lambda *_: STR,
            "gs": self._global,
            **dict.fromkeys(("w", "i", "ai", "en", "aen", "ex"), self._derived),
            **dict.fromkeys(("f", "cl"), self._definition),
            **dict.fromkeys(("l", "t", "e", "d"), self._display),
        }

    def eval(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """What an expression is at a point of a frame; None when that cannot be known."""
        if expr is None:
            return None
        tag = expr[0]
        if tag == "n":
            return self.evaluator.name(expr[1], frame, block, order)
        if tag == "c":
            return self.evaluator.call(expr[1], frame)
        handler = self._handlers.get(tag)
        return None if handler is None else handler(expr, frame, block, order)

    def _attribute(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        if expr[3] is not None:
            row = frame.scope.reads[expr[3]]
            block, order = row[Read.BLOCK], row[Read.ORDER]
        value = self.evaluator.attribute(self.eval(expr[1], frame, block, order), expr[2], frame.fuel)
        if frame.scope.narrowings:
            return self.evaluator.narrow(".".join(chain_of(expr)), value, frame, block, order)
        return value

    def _alternatives(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        found = [self.eval(e, frame, block, order) for e in expr[1:]]
        if _is_given(expr, frame) and all(value is not None and value.kind == "class" for value in found):
            # `schema = schema or self.schema`, called with a schema.
            return found[0]
        return together(found)

    def _derived(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """What awaiting, iterating, entering or catching a value gives."""
        tag = expr[0]
        value = self.eval(expr[1], frame, block, order)
        if tag == "w":
            return self.evaluator.awaited(value)
        if tag == "ex":
            return self.evaluator.instantiate_all(value)
        if tag in ("i", "ai"):
            return self.evaluator.iterate(value, tag == "ai")
        return self.evaluator.entered(value, frame.fuel, tag == "aen")

    def _definition(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type:
        return Type("func" if expr[0] == "f" else "class", f"{frame.path}:{expr[1]}")

    def _comprehension_over(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type:
        inner = expr[3]
        value = self.eval(expr[2], frame, inner, frame.scope.blocks[inner][Block.LAST])
        return self._comprehension(expr[1], value)

    def _global(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type | None:
        inner = self.evaluator.frame(frame.path, expr[1], (), frame.fuel)
        return self.eval(expr[2], inner, expr[3], expr[4])

    def _imported(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type | None:
        return self.evaluator.imported(expr[1], expr[2], frame.path, frame.fuel)

    def _comprehension(self, kind: str, value: Type | None) -> Type:
        if kind == "dict":
            pair = value.args if value is not None and value.kind == "inst" and value.name == "tuple" else ()
            return inst("dict", *(pair if len(pair) == 2 else (None, None)))
        return inst("set" if kind == "set" else "list", value)

    def _display(self, expr: Expr, frame: Frame, block: int, order: int) -> Type:
        if expr[0] == "d":
            keys = union(self.eval(k, frame, block, order) for k, _ in expr[1] if k is not None)
            values = union(self.eval(v, frame, block, order) for k, v in expr[1] if k is not None)
            return inst("dict", keys, values)
        items = [self.item(e, frame, block, order) for e in expr[1]]
        if expr[0] == "t":
            return Type("inst", "tuple", tuple(items[:12]))
        return inst("list" if expr[0] == "l" else "set", together(items))

    def item(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """An element of a display or an argument; of a starred one, what it is unpacked to."""
        if expr is not None and expr[0] == "*":
            return self.evaluator.iterate(self.eval(expr[1], frame, block, order))
        return self.eval(expr, frame, block, order)

    def _binary(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        left = self.eval(expr[2], frame, block, order)
        if expr[1] in _OPERATORS:
            joined = self._joined(expr[1], left, self.eval(expr[3], frame, block, order))
            if joined is not None:
                return joined
        if left is not None:
            if holds_options(left):
                return together((left, self.eval(expr[3], frame, block, order)))
            if expr[1] == "%" and left.name == "str":
                return STR
            if left.kind == "inst":
                return left._replace(facts=()) if left.name == "str" else left
            return None
        right = self.eval(expr[3], frame, block, order)
        return right if right is not None and right.name in ("str", "list") else None

    def _joined(self, sign: str, left: Type | None, right: Type | None) -> Type | None:
        """``base / name`` and ``prompt | model`` for what the tables know to have the operator."""
        forward, backward = _OPERATORS[sign]
        for value, operator in ((left, forward), (right, backward)):
            for member in members(value):
                signature = self.library.member(member.name, operator) if member.kind == "inst" else None
                if signature is not None:
                    return self.evaluator.instantiate_signature(signature, member, (), None)
        return None

    def _subscript(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        value = self.eval(expr[1], frame, block, order)
        if value is None:
            return None
        index = expr[2]
        return union(self._item_of(v, index, frame, block, order) for v in members(value))

    def _item_of(self, value: Type, index: Expr, frame: Frame, block: int, order: int) -> Type | None:
        is_slice = index is not None and index[0] == "sl"
        if value.kind in ("class", "lib"):
            # `Repository[User]`: a class with type arguments.
            elements = index[1] if index is not None and index[0] == "t" else [index]
            return value._replace(args=tuple(self.evaluator.annotation(e, frame) for e in elements))
        if value.kind != "inst":
            return None
        if value.name == "tuple":
            if (
                index is not None
                and index[0] == "k"
                and isinstance(index[1], int)
                and -len(value.args) <= index[1] < len(value.args)
            ):
                return value.args[index[1]]
            return union(value.args)
        if value.name in ("dict", _CONTEXT):
            return self._under_key(value, index)
        if value.name in KEEPERS:
            return self.world.kept.item(value, index, self.eval(index, frame, block, order))
        if value.name in COLLECTIONS:
            return value if is_slice else (value.args[0] if value.args else None)
        if value.name == "str":
            return STR
        if is_slice and (self.world.orm.is_query(value) or value.name in self.library.slices):
            text = self.library.slices.get(value.name, "-> $self")
            return self.evaluator.instantiate_signature(parse(text), value, (), None)
        if value.name in self.library.first_items and index == ["k", 0]:
            return value.args[0] if value.args else None
        if is_project(value.name):
            return self.evaluator.item_of_own(value, index, frame.fuel)
        signature = self.library.member(value.name, "<getitem>")
        return self.evaluator.instantiate_signature(signature, value, (), None) if signature else None

    def _under_key(self, value: Type, key: Expr) -> Type | None:
        """A value of a dict, or of what a view gives its template, where some keys have a meaning."""
        if value.name == "dict":
            return value.args[1] if len(value.args) == 2 else None
        view = value.args[0] if value.args else None
        if view is None or key is None or key[0] != "k":
            return None
        return self.world.frameworks.conventions.shown(view, str(key[1]))


def _is_given(expr: Expr, frame: Frame) -> bool:
    """Whether the first of several alternatives is a parameter that the call at hand fills."""
    first = expr[1] if expr is not None else None
    return first is not None and first[0] == "n" and first[1] in frame.bound


def _constant(value: object) -> Type | None:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return Type("inst", "str", (), (f"={value}",)) if len(value) <= 80 else STR
    if isinstance(value, int):
        return INT
    return Type("inst", "float")

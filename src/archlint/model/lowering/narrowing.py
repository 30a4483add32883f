"""What conditions tell of the classes of names, and where that holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

from archlint.model.summary import Expr

_IS, _IS_NOT = (ast.Is, ast.Eq), (ast.IsNot, ast.NotEq)


class Told(NamedTuple):
    """A name (or ``self.x``, a path of names) is of these classes, or of none of them."""

    path: str
    classes: Expr
    holds: bool


def told(test: ast.expr, holds: bool) -> Iterator[Told]:
    """What is known of classes where a condition holds, or where it does not."""
    if type(test) is ast.UnaryOp and type(test.op) is ast.Not:
        yield from told(test.operand, not holds)
    elif type(test) is ast.BoolOp and (type(test.op) is ast.And) is holds:
        for value in test.values:
            yield from told(value, holds)
    elif type(test) is ast.Call and _is_call_of(test, "isinstance", 2):
        yield from _tells(test.args[0], test.args[1], holds)
    elif type(test) is ast.Compare and len(test.ops) == 1 and _is_call_of(test.left, "type", 1):
        # `type(x) is A` fails for subclasses of A too, and then says nothing of A itself.
        is_told = isinstance(test.ops[0], _IS if holds else _IS_NOT)
        yield from _tells(test.left.args[0], test.comparators[0], True) if is_told else ()


def told_by_pattern(subject: ast.expr, pattern: ast.pattern) -> Iterator[Told]:
    """What a ``case`` tells of its subject and of the name that it captures it in."""
    paths = [_path_of(subject)]
    while type(pattern) is ast.MatchAs and pattern.pattern is not None:
        paths.append(pattern.name or "")
        pattern = pattern.pattern
    patterns = pattern.patterns if type(pattern) is ast.MatchOr else [pattern]
    classes = [_class_expr(p.cls) for p in patterns if type(p) is ast.MatchClass]
    if len(classes) == len(patterns) and all(classes):
        yield from (Told(path, ["t", classes], True) for path in paths if path)


def _tells(subject: ast.expr, classes: ast.expr, holds: bool) -> Iterator[Told]:
    path = _path_of(subject.target if type(subject) is ast.NamedExpr else subject)
    found = _class_expr(classes)
    if path and found is not None:
        yield Told(path, found, holds)


def _is_call_of(node: ast.expr, name: str, arguments: int) -> TypeGuard[ast.Call]:
    is_named = type(node) is ast.Call and type(node.func) is ast.Name and node.func.id == name
    return is_named and len(node.args) == arguments  # type: ignore[attr-defined]


def _path_of(node: ast.expr) -> str:
    """A name or a path of attributes as text; empty for anything else."""
    words: list[str] = []
    while type(node) is ast.Attribute:
        words.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(words)]) if type(node) is ast.Name else ""


def _class_expr(node: ast.expr) -> Expr:
    """The classes of a test as an expression, which is to leave no rows of its own: names, tuples, unions."""
    if type(node) is ast.Name:
        return ["n", node.id]
    if type(node) is ast.Attribute:
        value = _class_expr(node.value)
        return None if value is None else ["a", value, node.attr, None]
    parts: Sequence[ast.expr] = ()
    if type(node) is ast.Tuple:
        parts = node.elts
    elif type(node) is ast.BinOp and type(node.op) is ast.BitOr:
        parts = (node.left, node.right)
    classes = [_class_expr(part) for part in parts]
    return ["t", classes] if classes and all(classes) else None

"""The calls of a file that may be calls of certain library functions, with what they are given."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archlint.model.summary import ANNOTATION, Bind, Call, Expr, Scope
from archlint.project.effects import Hop, describe, hop_of
from archlint.project.types import Type, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.settings.static import Value
    from archlint.project.world import World

_END = 1 << 60


class Called:
    """One call, seen in its scope."""

    def __init__(self, world: World, frame: Frame, index: int, word: str = "") -> None:
        """``word`` is the last word of the callee in the words of the module that defines it."""
        self.world = world
        self.frame = frame
        self.scope: Scope = frame.scope
        self.index = index
        self.row: list[Any] = self.scope.calls[index]
        self.word = word or last_word(self.row[Call.FUNC])

    @property
    def hop(self) -> Hop:
        """The place of the call."""
        return hop_of(self.frame.path, self.row, self.scope)

    @property
    def label(self) -> str:
        """The callee as the code writes it."""
        return describe(self.row[Call.FUNC], self.scope)

    @property
    def callees(self) -> tuple[Type, ...]:
        """What is called, as far as it is known."""
        return members(self.world.evaluator.callee(self.index, self.frame))

    def names(self) -> tuple[str, ...]:
        """Qualified names of the library things that are called; a method under all its classes."""
        found: dict[str, None] = {}
        for callee in self.callees:
            if callee.kind == "lib":
                found[callee.name] = None
                method = callee.name.rpartition(".")[2]
                receiver = callee.args[0] if callee.args else None
                if receiver is not None:
                    for cls in self.lineage(receiver):
                        found[f"{cls}.{method}"] = None
            elif callee.kind == "class":
                for name in sorted(self.world.classes.library_bases(callee.name)):
                    found[name] = None
        if not found:
            for name in self._guessed():
                found[name] = None
        return tuple(found)

    def _guessed(self) -> Iterator[str]:
        """Methods of library objects that the tables know nothing of, and what imports alone tell."""
        func = self.row[Call.FUNC]
        if func is None or func[0] != "a":
            return
        for value in self.receivers():
            if value.kind in ("inst", "lib") and not value.args:
                for cls in self.lineage(value):
                    yield f"{cls}.{func[2]}"

    def receivers(self) -> tuple[Type, ...]:
        """What the method is called on."""
        func = self.row[Call.FUNC]
        if func is None or func[0] != "a":
            return ()
        return members(
            self.world.evaluator.eval(func[1], self.frame, self.row[Call.BLOCK], self.row[Call.ORDER])
        )

    def lineage(self, value: Type) -> tuple[str, ...]:
        """The library classes that a value is an instance of."""
        if ":" in value.name:
            return tuple(sorted(self.world.classes.library_bases(value.name)))
        return self.world.evaluator.library.mro(value.name) or (value.name,)

    # -- arguments --------------------------------------------------------------------------

    def argument(self, keyword: str, position: int | None = None) -> Expr:
        """The expression given for a parameter; None when it is not given."""
        for key, expr in self.row[Call.KEYWORDS]:
            if key == keyword:
                return expr
        args = self.row[Call.ARGS]
        if position is not None and position < len(args):
            if any(a is not None and a[0] == "*" for a in args[: position + 1]):
                return None
            return args[position]
        return None

    def has(self, keyword: str, position: int | None = None) -> bool:
        """Whether a parameter is given at all, whatever its value."""
        args = self.row[Call.ARGS]
        if any(key == keyword for key, _ in self.row[Call.KEYWORDS]):
            return True
        is_unpacked = any(keyword in mapping for mapping in self._unpacked if mapping is not None)
        return is_unpacked or (position is not None and position < len(args))

    @property
    def is_open(self) -> bool:
        """Whether ``*args`` or ``**kwargs`` may give further arguments than those that are known."""
        return None in self._unpacked or any(a is not None and a[0] == "*" for a in self.row[Call.ARGS])

    def value(self, keyword: str, position: int | None = None) -> Value | None:
        """The static value given for a parameter, by itself or in a mapping that is unpacked."""
        expr = self.argument(keyword, position)
        if expr is not None:
            return self.value_of(expr)
        known = [mapping for mapping in self._unpacked if mapping is not None and keyword in mapping]
        return known[0][keyword] if known else None

    @cached_property
    def _unpacked(self) -> tuple[dict[str, Value | None] | None, ...]:
        """What each ``**options`` gives; None for those of which not every key is known."""
        given = (self.value_of(expr) for key, expr in self.row[Call.KEYWORDS] if key is None)
        return tuple(v.value if v is not None and isinstance(v.value, dict) else None for v in given)

    def value_of(self, expr: Expr) -> Value | None:
        """The static value of an expression at the place of the call."""
        row = self.row
        return self.world.values.of(expr, self.frame, row[Call.BLOCK], row[Call.ORDER], row[Call.LINE])

    def type_of(self, expr: Expr) -> tuple[Type, ...]:
        """What an expression is at the place of the call."""
        return members(
            self.world.evaluator.eval(expr, self.frame, self.row[Call.BLOCK], self.row[Call.ORDER])
        )

    def imported(self, expr: Expr) -> str:
        """The qualified name of a library thing named by an expression."""
        for value in self.type_of(expr):
            if value.kind == "lib" and not value.args:
                return value.name
        return ""


def calls(file: File, words: frozenset[str]) -> Iterator[Called]:
    """The calls of a file whose callee ends with one of these words, in document order of their scopes."""
    places = sorted((*place, word) for word in words for place in file.call_words.get(word, ()))
    for scope, index, word in places:
        yield Called(file.world, file.world.evaluator.frame(file.name, scope), index, word)


def call_words(scopes: list[Scope], renamed: dict[str, str]) -> dict[str, list[tuple[int, int]]]:
    """From the last word of a callee, as its module calls it, to the rows: scope and index."""
    found: dict[str, list[tuple[int, int]]] = {}
    for scope in scopes:
        for index, row in enumerate(scope.calls):
            if not row[Call.FLAGS] & ANNOTATION:
                word = last_word(row[Call.FUNC])
                found.setdefault(renamed.get(word, word), []).append((scope.index, index))
    return found


def renamed_words(scopes: list[Scope]) -> dict[str, str]:
    """What ``import … as`` or ``name = module.function`` calls by another name."""
    found: dict[str, str] = {}
    for scope in scopes:
        for name, rows in scope.binds.items():
            for row in rows:
                expr = row[Bind.EXPR]
                if expr is None:
                    continue
                if expr[0] == "im" and expr[2] not in (None, name):
                    found[name] = expr[2]
                elif expr[0] == "a" and expr[2] != name:
                    found.setdefault(name, expr[2])
    return found

"""Schemas in the positions of an API: what a body may hold, what a response shows.

Built on the route table: a model is *received* where a handler reads it from the body of a request, and
*given* where a handler declares it as its response. What stands inside lists, optionals, pages and fields of
other models counts as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.ledger import concluded, settle
from archlint.project.routes.facts import SIGNED
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.routes.entry import RouteEntry
    from archlint.project.world import World

_BASES = frozenset(("pydantic.BaseModel", "sqlmodel.SQLModel"))
#: Keywords of a registration by which it leaves fields out.
_LEAVES_OUT = ("response_model_exclude", "response_model_include")
_HIDES = frozenset(
    ("field_serializer", "model_serializer", "validator", "field_validator", "model_validator")
)
_DEEP = 3


class Column(NamedTuple):
    """One field of a schema, its own or inherited."""

    name: str
    type: Type | None
    default: Expr
    has_default: bool
    path: str
    line: int
    is_excluded: bool
    is_silent: bool  # left out of what ``repr()`` and logs show


class Use(NamedTuple):
    """A handler that receives or gives a model."""

    entry: RouteEntry
    path: str
    line: int
    name: str
    is_nested: bool  # the model stands inside another one


class Schemas:
    """Questions about the schemas of one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._columns: dict[str, tuple[Column, ...]] = world.answers()

    # -- models -----------------------------------------------------------------------------------

    def is_schema(self, key: str) -> bool:
        """Whether a class is a pydantic model, table or not."""
        return is_project(key) and not _BASES.isdisjoint(self.world.classes.library_bases(key))

    def name_of(self, key: str) -> str:
        """The name of a class."""
        info = self.world.classes.info(key)
        return info.name if info is not None else key.rpartition(".")[2]

    def columns(self, key: str) -> tuple[Column, ...]:
        """The fields of a schema or of a table, those of its bases included."""
        found = self._columns.get(key)
        if found is None:
            found = settle(self._columns, key, (), lambda: tuple(self._read_columns(key)))
        return found

    def _read_columns(self, key: str) -> Iterator[Column]:
        seen: set[str] = set()
        classes, evaluator = self.world.classes, self.world.evaluator
        for base in classes.mro(key):
            info = classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            frame = evaluator.frame(info.path, info.scope.index, (), 3)
            for name, rows in info.scope.binds.items():
                row = rows[-1]
                if name in seen or name in info.methods or name.startswith(("_", "model_config")):
                    continue
                seen.add(name)
                if row[Bind.ANNOTATION] is None or _is_relation(row[Bind.EXPR], info.scope):
                    continue
                calls = [*_calls(row[Bind.EXPR]), *_calls(row[Bind.ANNOTATION])]
                said = [pair for index in calls for pair in info.scope.calls[index][Call.KEYWORDS]]
                excluded = any((word, value) == ("exclude", ["k", True]) for word, value in said)
                silent = any((word, value) == ("repr", ["k", False]) for word, value in said)
                declared = evaluator.annotation(row[Bind.ANNOTATION], frame)
                has_default = self._has_default(row[Bind.EXPR], info.scope.calls)
                default, line = row[Bind.EXPR], row[Bind.LINE]
                yield Column(name, declared, default, has_default, info.path, line, excluded, silent)

    @staticmethod
    def _has_default(expr: Expr, calls: list[list[object]]) -> bool:
        if expr is None:
            return False
        if expr[0] != "c":
            return bool(expr != ["k", ...])
        row = calls[expr[1]]
        keywords = {key for key, _ in row[Call.KEYWORDS]}
        return bool(keywords & {"default", "default_factory"}) or bool(row[Call.ARGS])

    def models_in(self, value: Type | None, depth: int = 4) -> Iterator[str]:
        """The schemas that a type names, inside lists, optionals and pages."""
        for member in members(value):
            if member.kind == "inst" and self.is_schema(member.name):
                yield member.name
            if depth and member.kind in ("inst", "coro"):
                for argument in member.args:
                    yield from self.models_in(argument, depth - 1)

    def with_parts(self, key: str, depth: int = _DEEP) -> dict[str, bool]:
        """A schema and those of its fields; whether each stands inside another."""
        found = {key: False}
        edge = [key]
        for _ in range(depth):
            below = []
            for owner in edge:
                for column in self.columns(owner):
                    if column.is_excluded:
                        continue
                    below += [m for m in self.models_in(column.type) if m not in found]
                    found.update((m, True) for m in self.models_in(column.type) if m not in found)
            edge = below
        return found

    def masks(self, key: str, name: str) -> bool:
        """Whether a method of the class changes how a field is given or kept: it may hide the value."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            scopes = self.world.summary(info.path).scopes
            for index in info.methods.values():
                for decorator in scopes[index].decorators:
                    word = last_word(decorator)
                    if decorator is not None and decorator[0] == "c":
                        row = info.scope.calls[decorator[1]]
                        word = last_word(row[Call.FUNC])
                        named = [a[1] for a in row[Call.ARGS] if a is not None and a[0] == "k"]
                        if word in _HIDES and (word.startswith("model") or name in named or "*" in named):
                            return True
                    elif word in ("model_serializer", "root_validator"):
                        return True
        return False

    # -- positions --------------------------------------------------------------------------------

    def received(self, key: str) -> list[Use]:
        """The handlers that read a model from the body of a request."""
        return self._uses[0].get(key, [])

    def given(self, key: str) -> list[Use]:
        """The handlers that declare a model, or one that holds it, as their response."""
        return self._uses[1].get(key, [])

    @concluded
    def _uses(self) -> tuple[dict[str, list[Use]], dict[str, list[Use]]]:
        """Who reads each model from a body, and who answers with it."""
        received: dict[str, list[Use]] = {}
        given: dict[str, list[Use]] = {}
        for entry in self.world.route_table.all():
            if entry.framework not in SIGNED or entry.handler is None:
                continue
            path, index = entry.handler
            scope = self.world.summary(path).scopes[index]
            for body in entry.bodies:
                if body.kind != "json":
                    continue
                for model in dict.fromkeys(self.models_in(body.type)):
                    use = Use(entry, path, scope.line, scope.name, False)
                    received.setdefault(model, []).append(use)
            if any(self.world.route_table.facts.keyword(entry, word) is not None for word in _LEAVES_OUT):
                continue
            for model in dict.fromkeys(self.models_in(entry.response[1])):
                for part, is_nested in self.with_parts(model).items():
                    use = Use(entry, path, scope.line, scope.name, is_nested)
                    given.setdefault(part, []).append(use)
        return received, given


def _is_relation(expr: Expr, scope: Scope) -> bool:
    """``Relationship(...)`` of SQLModel: no field, and in no answer."""
    return (
        expr is not None and expr[0] == "c" and last_word(scope.calls[expr[1]][Call.FUNC]) == "Relationship"
    )


def _calls(expr: Expr) -> Iterator[int]:
    """The calls in a default or in the extras of an annotation."""
    if expr is None:
        return
    if expr[0] == "c":
        yield expr[1]
    elif expr[0] == "s":
        yield from _calls(expr[2])
    elif expr[0] == "t":
        for item in expr[1]:
            yield from _calls(item)

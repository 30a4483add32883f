"""What pydantic's schemas, and those built on them, read of the objects they are filled from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.ledger import settle
from archlint.project.types import Type, inst, is_project, union

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.world import World

_SCHEMA = "pydantic.BaseModel"
_TRANSPARENT = frozenset(("Optional", "Union", "Annotated", "Required", "Final"))
_TYPED = frozenset(("list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple"))
_LISTS = _TYPED | {"Sequence", "Iterable", "Collection"}
_ALIASES = ("validation_alias", "alias")
#: Schemas that ask ``resolve_<field>`` for a field.
RESOLVING = frozenset(("ninja.Schema", "ninja.ModelSchema"))


class Field(NamedTuple):
    """One field of a schema."""

    name: str
    attribute: str  # what is read from the object
    type: Type | None
    place: tuple[str, int]


class SchemaFields:
    """Questions about the fields of schemas; answers are kept by schema."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[Type, tuple[Field, ...]] = world.answers()

    def is_schema(self, key: str) -> bool:
        """Whether a class is a pydantic model that is no table."""
        return (
            is_project(key)
            and _SCHEMA in self.world.classes.library_bases(key)
            and not self.world.models.is_model(key)
        )

    def of(self, schema: Type) -> tuple[Field, ...]:
        """The fields of a schema, those of its bases included."""
        plain = Type("inst", schema.name, schema.args)
        found = self._known.get(plain)
        if found is None:
            found = settle(self._known, plain, (), lambda: tuple(self._read_fields(plain)))
        return found

    def _read_fields(self, schema: Type) -> Iterator[Field]:
        seen: set[str] = set()
        classes = self.world.classes
        for base in classes.mro(schema.name):
            info = classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            for name, rows in info.scope.binds.items():
                row = rows[-1]
                if name in seen or row[Bind.ANNOTATION] is None or name.startswith(("_", "model_config")):
                    continue
                seen.add(name)
                attribute = self._attribute(name, row[Bind.EXPR], info)
                if attribute and not _is_class_variable(row[Bind.ANNOTATION]):
                    kind = self._type(row[Bind.ANNOTATION], info, classes.type_variables(schema))
                    yield Field(name, attribute, kind, (info.path, row[Bind.LINE]))

    @staticmethod
    def _attribute(name: str, expr: Expr, info: ClassInfo) -> str:
        """The attribute a field is read from: its alias, if it has one; empty when that is unknown."""
        if expr is None or expr[0] != "c":
            return name
        keywords = dict(info.scope.calls[expr[1]][Call.KEYWORDS])
        for key in _ALIASES:
            if key in keywords:
                alias = keywords[key]
                return str(alias[1]) if alias is not None and alias[0] == "k" else ""
        return name

    def _type(self, expr: Expr, info: ClassInfo, variables: dict[str, Type], depth: int = 4) -> Type | None:
        """The type of a field, type variables replaced by what the schema binds them to."""
        if expr is None or depth == 0:
            return None
        if expr[0] == "n" and expr[1] in variables:
            return variables[expr[1]]
        if expr[0] == "b" and expr[1] == "|":
            return union(self._type(e, info, variables, depth - 1) for e in expr[2:4])
        if expr[0] == "s" and expr[1] is not None and expr[1][0] in ("n", "a"):
            word = expr[1][1] if expr[1][0] == "n" else expr[1][2]
            elements = expr[2][1] if expr[2] is not None and expr[2][0] == "t" else [expr[2]]
            if word in _TRANSPARENT:
                elements = elements[:1] if word == "Annotated" else elements
                return union(self._type(e, info, variables, depth - 1) for e in elements)
            if word in _LISTS and elements:
                return inst("list", self._type(elements[0], info, variables, depth - 1))
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 3)
        return self.world.evaluator.annotation(expr, frame)

    def reads_attributes(self, key: str) -> bool:
        """Whether a schema's own configuration lets it be filled from objects."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                if base.name in ("sqlmodel.SQLModel", *RESOLVING):
                    return True
                continue
            if info.scope.bases and any(
                k in ("from_attributes", "orm_mode") and e == ["k", True] for k, e in info.scope.bases
            ):
                return True
            for name in ("model_config", "Config"):
                rows = info.scope.binds.get(name)
                if rows and (answer := self._configured(info, rows[-1][Bind.EXPR])) is not None:
                    return answer
        return False

    def _configured(self, info: ClassInfo, expr: Expr) -> bool | None:
        settings: list[tuple[str, Expr]] = []
        if expr is None:
            return None
        if expr[0] == "c":
            settings = [(k, e) for k, e in info.scope.calls[expr[1]][Call.KEYWORDS]]
        elif expr[0] == "d":
            settings = [(k[1], v) for k, v in expr[1] if k is not None and k[0] == "k"]
        elif expr[0] == "cl":
            inner: Scope = self.world.summary(info.path).scopes[expr[1]]
            settings = [(n, rows[-1][Bind.EXPR]) for n, rows in inner.binds.items()]
        for key, value in settings:
            if key in ("from_attributes", "orm_mode"):
                return bool(value == ["k", True])
        return None


def _is_class_variable(annotation: Expr) -> bool:
    return (
        annotation is not None
        and annotation[0] == "s"
        and annotation[1] is not None
        and annotation[1][-1 if annotation[1][0] == "n" else 2] == "ClassVar"
    )

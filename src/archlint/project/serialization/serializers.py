"""What filling schemas and serializers from rows loads: one query per row for every unloaded relation.

A schema with ``from_attributes`` (``orm_mode`` before version 2) reads each of its fields from the
object it is given. Where the object is a row of the database and the field a lazy relation, that
read is a query. FastAPI does the same to what a handler returns, whatever the schema says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.templates import RENDERERS
from archlint.model.summary import Call, Expr, Param
from archlint.project.ledger import settle
from archlint.project.routes.facts import answered
from archlint.project.serialization.marshalled import MarshalledFields
from archlint.project.serialization.marshmallow import DUMPS, MarshmallowSchemas
from archlint.project.serialization.rest.fields import FIELDS, TEMPLATE
from archlint.project.serialization.rest.walks import Above, Bindings, Rest, Walk
from archlint.project.serialization.schemas import RESOLVING, Field, SchemaFields
from archlint.project.serialization.series import SEQUENCES, is_series
from archlint.project.serialization.templates.rendered import Templates
from archlint.project.serialization.validators import replaces_object
from archlint.project.types import Type, inst, is_project, members, union

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.rows.relations import Relation
    from archlint.project.world import World

#: Methods of a schema class that read the fields of the object they are given.
VALIDATE = frozenset(("model_validate", "from_orm", "validate"))
_SCHEMA_CLASSES = ("pydantic.", "sqlmodel.", "ninja.")
_PARSE_AS = frozenset(("pydantic.parse_obj_as", "pydantic.tools.parse_obj_as"))
_ADAPTERS = frozenset(("pydantic.TypeAdapter.validate_python",))
#: Classes that hold a page of what their type argument says.
_PAGES = ("fastapi_pagination.", "typing.", "collections.abc.")
#: Frameworks that fill the declared response from whatever object a handler returns.
_FILLS_FROM_ROWS = frozenset(("fastapi", "django-ninja"))
_VERBS = frozenset(("get", "post", "put", "patch", "delete", "api_route"))
#: Nested schemas followed.
_DEPTH = 3


class Served(NamedTuple):
    """Walks at one place; ``many`` says that the place itself runs over many rows."""

    walks: tuple[Walk, ...]
    many: bool


class Serializers:
    """Questions about schemas that are filled from rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._walks: dict[tuple[Type, Type], tuple[Walk, ...]] = world.answers()
        self._handlers: dict[tuple[Any, ...], Served | None] = world.answers()
        self.schemas = SchemaFields(world)
        self.rest = Rest(world, self)
        self.marshmallow = MarshmallowSchemas(world)
        self.marshalled = MarshalledFields(world)
        self.templates = Templates(world)

    # -- rows through schemas -----------------------------------------------------------------

    def unloaded(self, row: Type, attr: str) -> Relation | None:
        """The relation that reading an attribute as a whole loads: for Django the related managers too."""
        orm = self.world.orm
        found = orm.is_lazy(row, attr)
        if found is not None or row.kind != "inst" or "row" not in row.facts or "?" in row.facts:
            return found
        relation = self.world.relations.of(row.name, attr)
        if relation is None or relation.orm != "django" or not relation.many or not relation.target:
            return None
        if f"+{attr}" in row.facts or any(f.startswith(f"+{attr}.") for f in row.facts):
            return None
        return relation

    def walks(self, rows: Type | None, schema: Type) -> tuple[Walk, ...]:
        """The relations that filling a schema from these rows loads one row at a time."""
        if rows is None:
            return ()
        key = (rows, schema)
        found = self._walks.get(key)
        if found is None:
            found = settle(self._walks, key, (), lambda: tuple(self._find_walks(rows, schema)))
        return found

    def _find_walks(self, rows: Type, schema: Type) -> Iterator[Walk]:
        if schema.kind in (FIELDS, TEMPLATE) or self._names_what_it_reads(schema.name):
            return (w for row in members(rows) for w in self.rest.walk(row, schema))
        return self._walk(rows, schema, (), _DEPTH)

    def _names_what_it_reads(self, key: str) -> bool:
        return self.rest.fields.is_serializer(key) or self.marshmallow.is_schema(key)

    def name_of(self, value: Type) -> str:
        """The class name of a row or schema, for messages."""
        if value.kind == TEMPLATE:
            return ""
        if value.kind == FIELDS:
            return self.marshalled.name_of(value)
        info = self.world.classes.info(value.name)
        return info.name if info is not None else "?"

    def _walk(self, rows: Type, schema: Type, above: tuple[str, ...], depth: int) -> Iterator[Walk]:
        known = [m for m in members(rows) if m.kind == "inst" and self.world.models.is_model(m.name)]
        if not known or depth == 0 or replaces_object(self.world, schema):
            return
        for field in self.schemas.of(schema):
            resolver = self._resolver(schema, field, known)
            if resolver is not None:
                yield from self._loaded_by(*resolver, known[0], schema, field, above)
                continue
            found = [self.unloaded(m, field.attribute) for m in known]
            path = (*above, field.attribute)
            first = found[0]
            is_relation = all(self.world.relations.of(m.name, field.attribute) is not None for m in known)
            below = self._below(known, field, path, depth) if is_relation else ()
            if first is not None and all(f is not None for f in found):
                path = (*above, first.name)
                label = f"{self.name_of(known[0])}.{first.name}"
                is_async = all("async" in m.facts for m in known)
                yield Walk(
                    self.name_of(schema),
                    field.name,
                    label,
                    path,
                    first.many or first.generic,
                    is_async,
                    field.place,
                    first.orm,
                    below,
                )
            elif is_relation:
                yield from below
            elif len(known) == 1:
                yield from self._computed(known[0], schema, field, above)

    def _below(self, known: list[Type], field: Field, path: tuple[str, ...], depth: int) -> tuple[Walk, ...]:
        """What the rows behind a relation load in turn."""
        value = self.world.evaluator.attribute(union(known), field.attribute)
        return tuple(
            walk
            for rows, nested, _ in self.pairs(value, field.type)
            for walk in self._walk(rows, nested, path, depth - 1)
        )

    def _computed(self, row: Type, schema: Type, field: Field, above: tuple[str, ...]) -> Iterator[Walk]:
        """A property of the model that loads a relation or queries."""
        method = self.world.classes.method(row.name, field.attribute)
        if method is None or self.world.evaluator.method_kind(*method) not in ("property", "cached"):
            return
        func = Type("func", f"{method[0]}:{method[1].index}", (row,))
        yield from self._loaded_by(func, (), row, schema, field, above)

    def _resolver(self, schema: Type, field: Field, known: list[Type]) -> tuple[Type, Bindings] | None:
        """``resolve_total(obj)`` of a django-ninja schema, which is asked instead of the row's attribute."""
        found = self.world.classes.method(schema.name, f"resolve_{field.name}")
        if found is None or not RESOLVING & self.world.classes.library_bases(schema.name):
            return None
        path, scope = found
        position = 0 if self.world.evaluator.method_kind(path, scope) == "static" else 1
        given = [(row[Param.NAME], known[0]) for row in scope.params[position : position + 1]]
        return Type("func", f"{path}:{scope.index}", (schema,)), tuple(given)

    def _loaded_by(
        self, func: Type, given: Bindings, row: Type, schema: Type, field: Field, above: tuple[str, ...]
    ) -> Iterator[Walk]:
        """What a function that computes a field of a row loads or queries."""
        if "row" in row.facts and "?" not in row.facts:
            yield from self.rest.computed(row, func, given, field, self.name_of(schema), Above(above))

    def pairs(
        self, value: Type | None, declared: Type | None, many: bool = False, depth: int = 4
    ) -> Iterator[tuple[Type, Type, bool]]:
        """Rows with the schema they are read by, and whether there are many of them."""
        if value is None or declared is None or depth == 0:
            return
        rows = union(
            m
            for m in members(value)
            if m.kind == "inst" and is_project(m.name) and self.world.models.is_model(m.name)
        )
        schemas = [
            m
            for m in members(declared)
            if m.kind == "inst" and (self.schemas.is_schema(m.name) or self.marshmallow.is_schema(m.name))
        ]
        if rows is not None and len(schemas) == 1:
            yield rows, schemas[0], many
        items = union(
            self.world.evaluator.iterate(m)
            for m in members(value)
            if rows is None and is_series(m, self.world)
        )
        if items is None:
            return
        for member in members(declared):
            if member.kind == "inst" and member.args and self._holds_many(member):
                yield from self.pairs(items, member.args[0], True, depth - 1)

    @staticmethod
    def _holds_many(value: Type) -> bool:
        return value.name in SEQUENCES or value.name.startswith(_PAGES)

    # -- places ---------------------------------------------------------------------------------

    def served_by_call(self, callee: Type, row: list[Any], frame: Frame) -> Served | None:
        """What a call that validates rows loads."""
        pairs: list[tuple[Type, Type, bool]] = []
        if callee.name in RENDERERS:
            pairs = list(self.templates.rendered(callee, row, frame))
        elif callee.kind == "class":
            if self.schemas.is_schema(callee.name):
                pairs = list(self._constructed(callee, row, frame))
            else:
                pairs = list(self.rest.views.pairs(callee, row, frame))
        elif callee.kind == "lib":
            word = callee.name.rpartition(".")[2]
            if callee.args and word in VALIDATE and callee.name.startswith(_SCHEMA_CLASSES):
                pairs = list(self._validated(self._schema_of(callee.args[0]), row, frame, 0))
            elif (fields := self.marshalled.marshalled(callee, row, frame)) is not None and row[Call.ARGS]:
                spot = (row[Call.BLOCK], row[Call.ORDER])
                pairs = list(self.marshalled.pairs(row[Call.ARGS][0], fields, frame, *spot))
            elif callee.args and callee.name in _ADAPTERS:
                receiver = callee.args[0]
                declared = receiver.args[0] if receiver is not None and receiver.args else None
                pairs = list(self._validated(declared, row, frame, 0))
            elif callee.args and word in DUMPS:
                declared = self.marshmallow.dumped(callee, row, frame)
                pairs = list(self._validated(declared, row, frame, 0))
                pairs += self._validated(inst("list", declared), row, frame, 0) if declared else ()
            elif word == "get_serializer":
                pairs = list(self.rest.views.pairs(callee, row, frame))
            elif callee.name == "map":
                pairs = list(self._mapped(row, frame))
            elif callee.name in _PARSE_AS and row[Call.ARGS]:
                declared = self.world.evaluator.annotation(row[Call.ARGS][0], frame)
                pairs = list(self._validated(declared, row, frame, 1))
        return self._served(pairs)

    def _served(self, pairs: list[tuple[Type, Type, bool]]) -> Served | None:
        if not pairs:
            return None  # as for nearly every call
        for wanted in (True, False):
            found = dict.fromkeys(
                w for rows, schema, many in pairs if many is wanted for w in self.walks(rows, schema)
            )
            each = () if wanted else tuple(walk for walk in found if walk.each)
            if found:
                return Served(each or tuple(found), wanted or bool(each))
        return None

    @staticmethod
    def _schema_of(receiver: Type | None) -> Type | None:
        if receiver is None or receiver.kind not in ("class", "inst"):
            return None
        return Type("inst", receiver.name, receiver.args)

    def _mapped(self, row: list[Any], frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """``map(Schema.model_validate, rows)``."""
        arguments = self.world.evaluator.arguments(row, frame)
        target = arguments[0] if len(arguments) > 1 else None
        if (
            target is None
            or target.kind != "lib"
            or not target.args
            or not target.name.startswith(_SCHEMA_CLASSES)
        ):
            return
        if target.name.rpartition(".")[2] in VALIDATE:
            yield from self.pairs(arguments[1], inst("list", self._schema_of(target.args[0])))

    def _validated(
        self, declared: Type | None, row: list[Any], frame: Frame, position: int
    ) -> Iterator[tuple[Type, Type, bool]]:
        args = row[Call.ARGS]
        expr = args[position] if len(args) > position else None
        for key, value in row[Call.KEYWORDS]:
            if key == "obj":
                expr = value
        if expr is not None:
            given = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            yield from self.pairs(given, declared)

    def _constructed(self, callee: Type, row: list[Any], frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """``Page(items=rows)``: nested schemas that are filled from attributes."""
        keywords = dict(row[Call.KEYWORDS])
        if not any(e is not None and e[0] in ("n", "a", "c", "w") for e in keywords.values()):
            return
        for field in self.schemas.of(callee):
            expr = keywords.get(field.name)
            if expr is None or field.type is None:
                continue
            value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            for rows, schema, many in self.pairs(value, field.type):
                if self.schemas.reads_attributes(schema.name):
                    yield rows, schema, many

    # -- list views and handlers --------------------------------------------------------------------------

    def served_by_view(self, key: str) -> Served | None:
        """What a view class loads when it lists its rows, or shows one with the lists that belong to it."""
        views = self.rest.views
        pairs = [(*pair, True) for pair in views.list_view(key)]
        listed = self._served(pairs or list(self.templates.viewed(key)))
        if listed is not None:
            return listed
        shown = self._served([(*pair, False) for pair in views.detail_view(key)])
        return shown if shown is not None and shown.many else None

    def served_by_context(self, view: str, frame: Frame) -> Served | None:
        """What the template of a view loads of the rows that its ``get_context_data`` adds."""
        return self._served(list(self.templates.added(view, frame)))

    def served_by_handler(self, frame: Frame) -> Served | None:
        """What FastAPI loads when it serialises what a handler returns."""
        if frame.key not in self._handlers:
            self._handlers[frame.key] = self._served_by_handler(frame)
        return self._handlers[frame.key]

    def _served_by_handler(self, frame: Frame) -> Served | None:
        declared = self._response(frame)
        if declared is None:
            return None
        pairs: list[tuple[Type, Type, bool]] = []
        for expr, block, order, _ in frame.scope.returns:
            pairs += self._returned(expr, declared, frame, block, order)
        return self._served(pairs)

    def _response(self, frame: Frame) -> Type | None:
        """The response model that a handler's decorator or return annotation declares."""
        scope, outer = frame.scope, frame.outer
        if outer is None:
            return None
        for decorator in scope.decorators:
            row = outer.scope.calls[decorator[1]] if decorator is not None and decorator[0] == "c" else None
            callee = row[Call.FUNC] if row is not None else None
            fields = self.marshalled.responded(row, outer) if row is not None else None
            if fields is not None:
                return fields
            dumped = self.marshmallow.responded(row, outer) if row is not None else None
            if dumped is not None:
                return inst("list", dumped[0]) if dumped[1] else dumped[0]
            if row is None or callee is None or callee[0] != "a" or callee[2] not in _VERBS:
                continue
            route = self.world.frameworks.route(frame.path, scope)
            if route is None or route.framework not in _FILLS_FROM_ROWS:
                return None
            keywords = dict(row[Call.KEYWORDS])
            declared = keywords.get("response_model", keywords.get("response", scope.returns_annotation))
            return self.world.evaluator.annotation(answered(declared), outer)
        return None

    def _returned(
        self, expr: Expr, declared: Type, frame: Frame, block: int, order: int
    ) -> list[tuple[Type, Type, bool]]:
        if expr is not None and expr[0] == "t" and len(expr[1]) == 2:
            # `return 200, rows` of django-ninja, `return rows, 200` of Flask
            expr = expr[1][0 if declared.kind == FIELDS else 1]
        if declared.kind == FIELDS:
            return list(self.marshalled.pairs(expr, declared, frame, block, order))
        given = self.world.evaluator.eval(expr, frame, block, order)
        found = list(self.pairs(given, declared))
        if expr is not None and expr[0] == "d":
            for schema in members(declared):
                if schema.kind == "inst" and self.schemas.is_schema(schema.name):
                    found += self._displayed(expr, schema, frame, block, order)
        return found

    def _displayed(
        self, expr: Expr, schema: Type, frame: Frame, block: int, order: int
    ) -> Iterator[tuple[Type, Type, bool]]:
        """``return {"items": rows}``."""
        fields = {f.name: f.type for f in self.schemas.of(schema)}
        for key, value in expr[1]:
            if key is not None and key[0] == "k" and key[1] in fields:
                given = self.world.evaluator.eval(value, frame, block, order)
                yield from self.pairs(given, fields[key[1]])

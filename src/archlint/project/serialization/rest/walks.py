"""What serialising a row loads by queries of its own: relations, method fields, nested serializers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from archlint.model.summary import Block, Call, Param, Read, Scope
from archlint.project.serialization.rest.fields import (
    FIELDS,
    TEMPLATE,
    TO_REPRESENTATION,
    SerializerFields,
    Source,
    calls,
)
from archlint.project.serialization.rest.views import RestViews
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.effects import Hop
    from archlint.project.serialization.serializers import Serializers
    from archlint.project.world import World

#: Parameters of a function that are known, by name.
Bindings = tuple[tuple[str, Type], ...]

_DEPTH = 3
#: Calls followed below a method of a serializer or a property of a model.
_HOPS = 3


class Walk(NamedTuple):
    """Something that serialising one row loads by a query of its own."""

    schema: str  # class name of the schema with the field; empty for a template
    field: str
    relation: str  # ``Model.relation``, or the model that is queried
    path: tuple[str, ...]  # relation names from the outermost row, empty when unknown
    many: bool  # whether the path leads to many rows, or to some that no join reaches
    is_async: bool
    place: tuple[str, int]  # file and line of the field
    style: str  # the ORM of the relation, or "query"
    below: tuple[Walk, ...] = ()  # what its rows load in turn, once they are there
    each: bool = False  # whether even one row loads it many times: for each row of a collection of its own

    @property
    def label(self) -> str:
        """The field as messages name it."""
        return f"{self.schema}.{self.field}" if self.schema else self.field


class Shown(Protocol):
    """A field as a schema or a serializer declares it."""

    @property
    def name(self) -> str:
        """What the field is called."""

    @property
    def place(self) -> tuple[str, int]:
        """File and line of the field."""


class Above(NamedTuple):
    """The way from the outermost row to the one at hand, and whether it leads through many rows."""

    path: tuple[str, ...] = ()
    many: bool = False


_HERE = Above()


class Rest:
    """Questions about serializers and schemas that name what they read, and about views that list rows."""

    def __init__(self, world: World, serializers: Serializers) -> None:
        self.world = world
        self.serializers = serializers
        self.fields = SerializerFields(world)
        self.views = RestViews(world, self.fields)

    def walk(self, row: Type, serializer: Type, above: Above = _HERE, depth: int = _DEPTH) -> Iterator[Walk]:
        """The queries that serialising one row runs."""
        if depth == 0 or "?" in row.facts or "row" not in row.facts:
            return
        owner = self.serializers.name_of(serializer)
        for source in self._sources(serializer):
            if source.ends == "method":
                yield from self._method(row, serializer, source, owner, above)
            else:
                yield from self._along(row, source, owner, above, depth)

    def _sources(self, serializer: Type) -> tuple[Source, ...]:
        """What a serializer reads, whichever library it belongs to."""
        if serializer.kind == TEMPLATE:
            return self.serializers.templates.sources(serializer.name)
        if serializer.kind == FIELDS:
            return self.serializers.marshalled.sources(serializer.name)
        marshmallow = self.serializers.marshmallow
        fields = marshmallow if marshmallow.is_schema(serializer.name) else self.fields
        return fields.sources(serializer.name)

    def _along(self, row: Type, source: Source, owner: str, above: Above, depth: int) -> Iterator[Walk]:
        """The relations on the way to what one field shows."""
        here: Type | None = row
        for position, attr in enumerate(source.path):
            if here is None or here.kind != "inst" or not self.world.models.is_model(here.name):
                return
            last = position == len(source.path) - 1
            relation = self.world.relations.of(here.name, attr)
            if relation is None:
                if last:
                    yield from self._computed(here, attr, source, owner, above)
                return
            missing, each = self.serializers.unloaded(here, attr), above.many
            above = Above((*above.path, attr), above.many or relation.many)
            if missing is not None and not (last and source.ends == "key" and not missing.many):
                label = f"{self.serializers.name_of(here)}.{attr}"
                further = self._beyond(here, attr, many=relation.many)
                rest = source._replace(path=source.path[position + 1 :])
                ways = () if last else members(further)
                below = tuple(w for m in ways for w in self._along(m, rest, owner, above, depth))
                many, place, waits = above.many or missing.generic, source.place, "async" in here.facts
                yield Walk(
                    owner, source.name, label, above.path, many, waits, place, missing.orm, below, each
                )
                if not last:
                    return
            here = self._beyond(here, attr, many=relation.many)
        for member in members(here) if source.nested is not None or source.ends == "text" else ():
            if source.ends == "text":
                yield from self._computed(member, "__str__", source, owner, above)
            elif source.ends == "field":
                yield from self._shown(member, source, owner, above)
            else:
                yield from self.walk(member, source.nested, above, depth - 1)  # type: ignore[arg-type]

    def _beyond(self, row: Type, attr: str, *, many: bool) -> Type | None:
        """A row that a relation leads to."""
        value = self.world.orm.attribute(row, attr)
        # A manager of many rows holds one of them as its argument; serializers call its `all()`.
        return value.args[0] if many and value is not None and value.args else value

    def _computed(self, row: Type, attr: str, source: Source, owner: str, above: Above) -> Iterator[Walk]:
        """A property or method of the model that queries."""
        found = self.world.classes.method(row.name, attr)
        if found is not None and not (attr == "__str__" and _chooses(found[1])):
            func = Type("func", f"{found[0]}:{found[1].index}", (row,))
            yield from self.computed(row, func, (), source, owner, above)

    def _shown(self, row: Type, source: Source, owner: str, above: Above) -> Iterator[Walk]:
        """What a field class of the project reads of the row that it shows."""
        field = source.nested
        found = self.world.classes.method(field.name, TO_REPRESENTATION) if field is not None else None
        if found is None or len(found[1].params) < 2 or not self.world.models.is_model(row.name):
            return
        func = Type("func", f"{found[0]}:{found[1].index}", (field,))
        given = ((found[1].params[1][Param.NAME], row),)
        yield from self.computed(row, func, given, source, owner, above)

    def _method(
        self, row: Type, serializer: Type, source: Source, owner: str, above: Above
    ) -> Iterator[Walk]:
        """``get_total(self, obj)`` of a ``SerializerMethodField``."""
        found = self.world.classes.method(serializer.name, source.path[0])
        if found is None or len(found[1].params) < 2:
            return
        func = Type("func", f"{found[0]}:{found[1].index}", (serializer,))
        source = source._replace(place=(found[0], found[1].line))
        given = ((found[1].params[1][Param.NAME], row),)
        yield from self.computed(row, func, given, source, owner, above)

    def computed(
        self, row: Type, func: Type, given: Bindings, shown: Shown, owner: str, above: Above
    ) -> Iterator[Walk]:
        """What a function that computes a field of a row loads or queries."""
        scope = self.world.function(func.name)
        if scope is None or _looks_for_loaded(scope):
            return
        is_async = "async" in row.facts
        for effect in self.world.effects.of_function(func, given, _HOPS):
            letters = effect.letters
            if shown.name == TO_REPRESENTATION and _is_extra(scope, effect.hops[0]):
                # What it adds on request is no matter of every list.
                continue
            if "L" in letters:
                model, _, attr = effect.leaf.rpartition(".")
                is_own = len(effect.hops) == 1 and model == self.serializers.name_of(row)
                path = (*above.path, attr) if is_own else ()
                style = self.world.models.orm_of(row.name)
                walk = Walk(owner, shown.name, effect.leaf, path, above.many, is_async, shown.place, style)
                yield walk._replace(each=above.many)
                return
            if "Q" in letters and not letters & {"W", "U"}:  # "U": a query unless somebody has prefetched it
                queried = effect.subject or effect.leaf
                walk = Walk(owner, shown.name, queried, (), above.many, is_async, shown.place, "query")
                yield walk._replace(each=above.many)
                return


def _chooses(scope: Scope) -> bool:
    """Whether a function gives one of several values: ``self.name or self.owner.email``."""
    return len(scope.returns) != 1 or scope.returns[0][0] is None or scope.returns[0][0][0] == "o"


def _is_extra(scope: Scope, hop: Hop) -> bool:
    """Whether a step of a method stands under a condition."""
    place = (hop.line, hop.column)
    blocks = [row[Call.BLOCK] for row in scope.calls if (row[Call.LINE], row[Call.COLUMN]) == place]
    blocks += [row[Read.BLOCK] for row in scope.reads if (row[Read.LINE], row[Read.COLUMN]) == place]
    return any(
        scope.blocks[b][Block.KIND] in ("if", "else") for block in blocks for b in scope.ancestors(block)
    )


def _looks_for_loaded(scope: Scope) -> bool:
    """Whether a method first looks whether somebody has loaded or computed the value already."""
    if any(row[Read.ATTR] == "_prefetched_objects_cache" for row in scope.reads):
        return True
    return calls(scope, "hasattr") or calls(scope, "getattr")

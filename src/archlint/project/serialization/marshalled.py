"""What fields of flask-restful and flask-restx read of the objects they marshal.

A schema there is no class but a display, ``{"name": fields.String, "owner": fields.Nested(owner)}``, or such
a display handed to ``api.model``. It is told from others by the assignment that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr
from archlint.project.ledger import settle
from archlint.project.routes.follow import Made, Spot
from archlint.project.serialization.rest.fields import FIELDS, Source
from archlint.project.serialization.series import SEQUENCES, is_series
from archlint.project.types import Type, members
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_LIBRARIES = ("flask_restful.", "flask_restx.", "flask_restplus.")
#: Calls that fill fields from the object they are given first.
_MARSHAL = "marshal"
#: Decorators that do so with what a handler returns.
_RESPONDS = frozenset(("marshal_with", "marshal_list_with"))
#: Methods of an API that give a display of fields a name; the display comes last, behind what it adds to.
_MODELS = frozenset(("model", "inherit", "clone", "extend"))
#: Fields that read no attribute of their name.
_FREE = frozenset(("Url", "FormattedString", "ClassName", "Polymorph", "Wildcard"))
_RAW = "Raw"
#: Pages in pages that are followed.
_DEPTH = 3


class MarshalledFields:
    """Questions about displays of fields."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sources: dict[str, tuple[Source, ...]] = world.answers()

    def name_of(self, schema: Type) -> str:
        """The name that a display of fields is bound to."""
        bound = self._bound(schema.name)
        return bound[0] if bound is not None else "?"

    def marshalled(self, callee: Type, row: list[Any], frame: Frame) -> Type | None:
        """The fields that a call of ``marshal(rows, fields)`` fills."""
        if not callee.name.startswith(_LIBRARIES) or callee.name.rpartition(".")[2] != _MARSHAL:
            return None
        given = dict(row[Call.KEYWORDS])
        expr = given.get("fields", row[Call.ARGS][1] if len(row[Call.ARGS]) > 1 else None)
        return self._schema(expr, Spot(frame.path, frame.scope.index, row[Call.BLOCK], row[Call.ORDER]))

    def responded(self, row: list[Any], outer: Frame) -> Type | None:
        """The fields by which a decorator marshals what a handler returns."""
        if original_word(row[Call.FUNC], outer) not in _RESPONDS or not row[Call.ARGS]:
            return None
        spot = Spot(outer.path, outer.scope.index, row[Call.BLOCK], row[Call.ORDER])
        for callee in members(self.world.evaluator.eval(row[Call.FUNC], outer, spot.block, spot.order)):
            if callee.kind == "lib" and callee.name.startswith(_LIBRARIES):
                return self._schema(row[Call.ARGS][0], spot)
        return None

    def sources(self, key: str) -> tuple[Source, ...]:
        """What marshalling one object reads of it."""
        if key not in self._sources:
            return settle(self._sources, key, (), lambda: tuple(self._read(key)))
        return self._sources[key]

    # -- rows by fields --------------------------------------------------------------------------

    def pairs(
        self, expr: Expr, fields: Type, frame: Frame, block: int, order: int
    ) -> Iterator[tuple[Type, Type, bool]]:
        """Rows with the fields they are shown by, and whether there are many of them.

        ``marshal(rows, fields)``, and ``marshal({"data": rows}, fields)`` where a field shows the rows.
        """
        if expr is None or expr[0] != "d":
            yield from self._filled(self.world.evaluator.eval(expr, frame, block, order), fields)
            return
        shown = {key[1]: value for key, value in expr[1] if key is not None and key[0] == "k"}
        for source in self.sources(fields.name):
            if source.nested is not None and source.path[0] in shown:
                given = self.world.evaluator.eval(shown[source.path[0]], frame, block, order)
                yield from self._filled(given, source.nested)

    def _filled(
        self, value: Type | None, fields: Type, many: bool = False, depth: int = _DEPTH
    ) -> Iterator[tuple[Type, Type, bool]]:
        """Rows with the fields that are filled from them; what is no row is a page, or a list, of some."""
        for member in members(value) if depth else ():
            if member.kind == "inst" and self.world.models.is_model(member.name):
                yield member, fields, many
                continue
            pages = [] if member.name in SEQUENCES else list(self._page(member, fields))
            for inner, nested in pages:
                yield from self._filled(inner, nested, many, depth - 1)
            if not pages and is_series(member, self.world):
                yield from self._filled(self.world.evaluator.iterate(member), fields, True, depth - 1)

    def _page(self, value: Type, fields: Type) -> Iterator[tuple[Type, Type]]:
        """What the attributes of a page hold, each with the fields it is shown by."""
        for source in self.sources(fields.name):
            if source.nested is not None and len(source.path) == 1:
                held = self.world.evaluator.attribute(value, source.path[0])
                if held is not None and held.kind == "inst":
                    yield held, source.nested

    # -- displays ---------------------------------------------------------------------------------

    def _schema(self, expr: Expr, spot: Spot) -> Type | None:
        """The display that an expression leads to, if it is a single one that is bound to a name."""
        made = self.world.route_table.follower.follow(expr, spot)
        if len(made) != 1 or not self._displays(made[0]):
            return None
        at = made[0].spot
        key = f"{at.path}:{at.scope}:{at.order}"
        return Type(FIELDS, key) if self._bound(key) is not None else None

    def _displays(self, made: Made) -> tuple[tuple[Expr, Spot], ...]:
        """The displays that make up a schema: those that it adds to first."""
        if made.expr[0] == "d":
            return ((made.expr, made.spot),)
        if made.expr[0] != "c":
            return ()
        follower = self.world.route_table.follower
        row = follower.row(made)
        if last_word(row[Call.FUNC]) not in _MODELS or not row[Call.ARGS]:
            return ()
        callee = follower.callee(made)
        if callee is None or callee.kind != "lib" or not callee.name.startswith(_LIBRARIES):
            return ()
        parts = [follower.follow(expr, made.spot) for expr in row[Call.ARGS][1:]]
        return tuple(display for part in parts for one in part for display in self._displays(one))

    def _bound(self, key: str) -> tuple[str, Made, int] | None:
        """The name that holds a schema, what makes it, and the line; None where no name does."""
        path, scope, order = key.rsplit(":", 2)
        for name, rows in self.world.summary(path).scopes[int(scope)].binds.items():
            for row in rows:
                if row[Bind.ORDER] == int(order):
                    spot = Spot(path, int(scope), row[Bind.BLOCK], row[Bind.ORDER])
                    return name, Made(row[Bind.EXPR], spot), row[Bind.LINE]
        return None

    # -- fields -----------------------------------------------------------------------------------

    def _read(self, key: str) -> Iterator[Source]:
        bound = self._bound(key)
        if bound is None:
            return
        _, made, line = bound
        found: dict[str, Source] = {}
        for display, spot in self._displays(made):
            for source in self._shown(display, spot, (made.spot.path, line)):
                found[source.name] = source
        yield from found.values()

    def _shown(self, display: Expr, spot: Spot, place: tuple[str, int]) -> Iterator[Source]:
        for name, value in display[1] if display is not None else ():
            if name is None:
                for made in self.world.route_table.follower.follow(value, spot):
                    for inner, where in self._displays(made):
                        yield from self._shown(inner, where, place)
            elif name[0] == "k" and isinstance(name[1], str):
                source = self._field(name[1], value, spot, place)
                if source is not None:
                    yield source

    def _field(self, name: str, expr: Expr, spot: Spot, place: tuple[str, int]) -> Source | None:
        """What one field reads; None where it reads nothing, or is told by a function."""
        word, row = self._kind(expr, spot)
        if not word or word in _FREE:
            return None
        attribute: Expr = ["k", name]
        nested = None
        if row is not None:
            given = dict(row[Call.KEYWORDS])
            attribute = given.get("attribute", attribute)
            inner = given.get("cls_or_instance", row[Call.ARGS][0] if row[Call.ARGS] else None)
            if word == "List":
                word, row = self._kind(inner, spot)
                inner = row[Call.ARGS][0] if row is not None and row[Call.ARGS] else None
            if word == "Nested":
                nested = self._schema(inner, spot)
        if attribute is None or attribute[0] != "k" or not isinstance(attribute[1], str):
            return None
        return Source(name, tuple(attribute[1].split(".")), "row", nested, place)

    def _kind(self, expr: Expr, spot: Spot) -> tuple[str, list[Any] | None]:
        """The word of a field's class in the library, and the call that makes the field, if one does."""
        follower = self.world.route_table.follower
        row = None
        if expr is not None and expr[0] == "c":
            row = follower.scope(spot).calls[expr[1]]
            expr = row[Call.FUNC]
        kind = follower.evaluate(expr, spot)
        if kind is None or kind.kind not in ("lib", "class"):
            return "", None
        if kind.kind == "lib":
            return (kind.name.rpartition(".")[2] if kind.name.startswith(_LIBRARIES) else ""), row
        bases = self.world.classes.library_bases(kind.name)
        is_field = any(base.startswith(_LIBRARIES) and ".fields." in base for base in bases)
        is_own = self.world.classes.method(kind.name, "output") is not None
        return (_RAW if is_field and not is_own else ""), row

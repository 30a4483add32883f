"""What schemas of marshmallow read of the objects they dump, as far as class bodies say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr
from archlint.project.ledger import settle
from archlint.project.routes.follow import Spot
from archlint.project.serialization.rest.fields import Source
from archlint.project.types import Type, is_project
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_SCHEMA = "marshmallow.Schema"
_AUTOMATIC = "marshmallow_sqlalchemy.SQLAlchemyAutoSchema"
#: Methods of schemas that read objects.
DUMPS = frozenset(("dump", "dumps", "jsonify"))
#: Decorators that dump what a handler returns.
_RESPONDS = frozenset(("response", "marshal_with", "output"))
_NESTED = frozenset(("Nested", "Pluck"))
#: Fields that hold another field for each item.
_HOLDS = frozenset(("List", "RelatedList"))
#: Options by which a schema leaves fields out.
_CUTS = ("only", "exclude")
#: Methods that decide what is read when the schema is used.
_DECIDES = frozenset(("get_attribute", "dump", "_serialize"))
_PREPARES = ("marshmallow.pre_dump", "marshmallow.decorators.pre_dump")


class MarshmallowSchemas:
    """Questions about schemas of marshmallow."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sources: dict[str, tuple[Source, ...]] = world.answers()

    def is_schema(self, key: str) -> bool:
        """Whether a class is a schema of marshmallow."""
        return is_project(key) and _SCHEMA in self.world.classes.library_bases(key)

    def dumped(self, callee: Type, row: list[Any], frame: Frame) -> Type | None:
        """The schema whose ``dump`` is called, if it dumps all of its fields."""
        receiver = callee.args[0] if callee.args else None
        func = row[Call.FUNC]
        if receiver is None or func is None or func[0] != "a" or not self.is_schema(receiver.name):
            return None
        return receiver if self._is_whole(func[1], frame, row) else None

    def responded(self, row: list[Any], outer: Frame) -> tuple[Type, bool] | None:
        """The schema by which a decorator dumps what a handler returns, and whether it dumps a list."""
        if last_word(row[Call.FUNC]) not in _RESPONDS:
            return None
        for expr in row[Call.ARGS]:
            value = self.world.evaluator.eval(expr, outer, row[Call.BLOCK], row[Call.ORDER])
            if value is not None and value.kind in ("inst", "class") and self.is_schema(value.name):
                is_many = self._given(expr, outer, row).get("many") == ["k", True]
                whole = self._is_whole(expr, outer, row)
                return (Type("inst", value.name), is_many) if whole else None
        return None

    def _given(self, expr: Expr, frame: Frame, row: list[Any]) -> dict[str | None, Expr]:
        """The options that a schema is made with."""
        follower = self.world.route_table.follower
        spot = Spot(frame.path, frame.scope.index, row[Call.BLOCK], row[Call.ORDER])
        found: dict[str | None, Expr] = {}
        for made in follower.follow(expr, spot):
            if made.expr[0] == "c":
                found |= dict(follower.row(made)[Call.KEYWORDS])
        return found

    def _is_whole(self, expr: Expr, frame: Frame, row: list[Any]) -> bool:
        given = self._given(expr, frame, row)
        return not any(name in given for name in (*_CUTS, None))

    # -- fields -----------------------------------------------------------------------------------

    def sources(self, key: str) -> tuple[Source, ...]:
        """What dumping one object reads of it."""
        if key not in self._sources:
            return settle(self._sources, key, (), lambda: tuple(self._read(key)))
        return self._sources[key]

    def _read(self, key: str) -> Iterator[Source]:
        classes = self.world.classes
        infos = [classes.info(base.name) for base in classes.mro(key) if is_project(base.name)]
        known = [info for info in infos if info is not None]
        if any(self._decides(info) for info in known):
            return
        hidden = self.world.serializers.rest.fields.texts_of_meta(key, ("exclude", "load_only"))
        if hidden is None:
            return
        seen = set(hidden)
        for info in known:
            for name, rows in info.scope.binds.items():
                if name in seen:
                    continue
                seen.add(name)
                source = self._declared(name, rows[-1], info)
                if source is not None:
                    yield source
        yield from self._automatic(key, seen)

    def _decides(self, info: ClassInfo) -> bool:
        """Whether a class reads its objects in a way of its own."""
        if _DECIDES & info.methods.keys():
            return True
        scopes = self.world.summary(info.path).scopes
        return any(
            self.world.evaluator.decorator_name(info.path, scopes[index], decorator) in _PREPARES
            for index in info.methods.values()
            for decorator in scopes[index].decorators
        )

    def _declared(self, name: str, bind: list[Any], info: ClassInfo) -> Source | None:
        expr = bind[Bind.EXPR]
        word, row = self._field(expr, info)
        if row is None:
            return None
        given = dict(row[Call.KEYWORDS])
        attribute = given.get("attribute", ["k", name])
        if given.get("load_only") == ["k", True] or attribute is None or attribute[0] != "k":
            return None
        place, path = (info.path, bind[Bind.LINE]), tuple(str(attribute[1]).split("."))
        first = row[Call.ARGS][0] if row[Call.ARGS] else None
        if word in _HOLDS:
            word, inner = self._field(first, info)
            if inner is None:
                return Source(name, path, "row", None, place)
            row = inner
            first = inner[Call.ARGS][0] if word in _NESTED and inner[Call.ARGS] else None
        if word == "Method":
            named = given.get("serialize", first)
            if named is None or named[0] != "k":
                return None
            return Source(name, (str(named[1]),), "method", None, place)
        if word in ("Function", "Constant"):
            return None
        nested = self._nested(first, info, row) if word == "Nested" else None
        return Source(name, path, "row", nested, place)

    def _field(self, expr: Expr, info: ClassInfo) -> tuple[str, list[Any] | None]:
        """The word of a field's class, and the call that makes the field."""
        if expr is None or expr[0] != "c":
            return "", None
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 3)
        callee = self.world.evaluator.callee(expr[1], frame)
        names = [] if callee is None else [callee.name]
        if callee is not None and callee.kind == "class":
            names = sorted(self.world.classes.library_bases(callee.name))
        fields = [n for n in names if n.startswith(("marshmallow", "flask_marshmallow", "apiflask.fields"))]
        return (fields[0].rpartition(".")[2], info.scope.calls[expr[1]]) if fields else ("", None)

    def _nested(self, expr: Expr, info: ClassInfo, row: list[Any]) -> Type | None:
        """The schema of a nested field, if it dumps all of its fields."""
        if any(key in _CUTS or key is None for key, _ in row[Call.KEYWORDS]):
            return None
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 3)
        if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
            expr = ["n", info.name if expr[1] == "self" else expr[1].rpartition(".")[2]]
        value = self.world.evaluator.eval(expr, frame, 0, 1 << 60)
        whole = expr is not None and (expr[0] != "c" or self._is_whole(expr, frame, row))
        is_schema = value is not None and value.kind in ("class", "inst") and self.is_schema(value.name)
        return Type("inst", value.name) if value is not None and is_schema and whole else None

    def _automatic(self, key: str, seen: set[str]) -> Iterator[Source]:
        """The relations that a schema takes over from its model: their keys."""
        rest = self.world.serializers.rest.fields
        model = rest.model(key)
        if _AUTOMATIC not in self.world.classes.library_bases(key) or model is None:
            return
        if rest.constant_of_meta(key, "include_relationships") != ["k", True]:
            return
        info = self.world.classes.info(key)
        place = (info.path, info.scope.line) if info is not None else ("", 0)
        for name in sorted(rest.relations_of(model.name) - seen):
            yield Source(name, (name,), "row", None, place)

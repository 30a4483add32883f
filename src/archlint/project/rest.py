"""What Django REST framework serializers read of a row: relations, method fields, nested serializers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Block, Call, Expr, Param, Read, Scope, Store
from archlint.project.limits import FUEL
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.evaluation.frames import Frame
    from archlint.project.serializers import Serializers
    from archlint.project.world import World

_SERIALIZER = "rest_framework.serializers.BaseSerializer"
_LIST_MIXIN = "rest_framework.mixins.ListModelMixin"
#: Fields that read the row itself, or nothing of it.
_FREE = frozenset(("HyperlinkedIdentityField", "HiddenField", "SerializerMethodField", "CurrentUserDefault"))
#: Relation fields that take the key from the row when the relation leads to one row.
_BY_KEY = frozenset(("PrimaryKeyRelatedField", "HyperlinkedRelatedField"))
#: Methods that decide about fields when the serializer is used: the class body no longer tells.
_DECIDES = frozenset(("get_fields", "get_field_names"))
_DEPTH = 3
#: Calls followed below a method of a serializer or a property of a model.
_HOPS = 3
_LOADS = frozenset(("select_related", "prefetch_related"))
#: Methods of query sets that answer rows of the same model.
_CHAIN = frozenset(
    (
        "all",
        "filter",
        "exclude",
        "order_by",
        "distinct",
        "annotate",
        "alias",
        "using",
        "reverse",
        "only",
        "defer",
        "none",
        "select_for_update",
        *_LOADS,
    )
)


class Walk(NamedTuple):
    """Something that serialising one row loads by a query of its own."""

    schema: str  # class name of the schema with the field
    field: str
    relation: str  # ``Model.relation``, or the model that is queried
    path: tuple[str, ...]  # relation names from the outermost row, empty when unknown
    many: bool  # whether the path leads to many rows
    is_async: bool
    place: tuple[str, int]  # file and line of the field
    style: str  # the ORM of the relation, or "query"
    below: tuple[Walk, ...] = ()  # what its rows load in turn, once they are there


class Source(NamedTuple):
    """One thing that a serializer reads of a row."""

    name: str
    path: tuple[str, ...]  # attributes from the row
    ends: str  # "key" (the key is enough), "row", "method"
    nested: Type | None
    place: tuple[str, int]


class Above(NamedTuple):
    """The way from the outermost row to the one at hand, and whether it leads through many rows."""

    path: tuple[str, ...] = ()
    many: bool = False


_HERE = Above()


class Rest:
    """Questions about REST framework serializers and the views that list rows through them."""

    def __init__(self, world: World, serializers: Serializers) -> None:
        self.world = world
        self.serializers = serializers
        self._sources: dict[str, tuple[Source, ...]] = {}

    def is_serializer(self, key: str) -> bool:
        """Whether a class is a serializer."""
        return is_project(key) and _SERIALIZER in self.world.classes.library_bases(key)

    # -- the fields of a serializer -----------------------------------------------------------

    def sources(self, key: str) -> tuple[Source, ...]:
        """What a serializer reads, as far as its class body says so."""
        if key not in self._sources:
            self._sources[key] = ()
            self._sources[key] = tuple(self._read_sources(key))
        return self._sources[key]

    def _read_sources(self, key: str) -> Iterator[Source]:
        classes = self.world.classes
        dropped = self._dropped(key)
        if dropped is None:
            return
        listed = self.listed_fields(key)
        seen: set[str] = set(dropped)
        for base in classes.mro(key):
            info = classes.info(base.name) if is_project(base.name) else None
            for name, rows in info.scope.binds.items() if info is not None else ():
                if name in seen:
                    continue
                source = self._declared(name, rows[-1], info)  # type: ignore[arg-type]
                if source is not None or rows[-1][Bind.EXPR] == ["k", None]:
                    seen.add(name)
                if source is not None and (listed is None or name in listed):
                    yield source
        yield from self._automatic(key, listed, seen)

    def _dropped(self, key: str) -> frozenset[str] | None:
        """The fields that methods may take away when the serializer is used; None when that may be any."""
        dropped: set[str] = set()
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            scopes = self.world.summary(info.path).scopes
            if _DECIDES & info.methods.keys():
                return None
            if "to_representation" in info.methods and not _calls(
                scopes[info.methods["to_representation"]], "super"
            ):
                return None
            if "__init__" in info.methods:
                popped = _popped(scopes[info.methods["__init__"]])
                if popped is None:
                    return None
                dropped |= popped
        return frozenset(dropped)

    def _declared(self, name: str, bind: list[Any], info: ClassInfo) -> Source | None:
        """A field that the class body declares."""
        expr = bind[Bind.EXPR]
        if expr is None or expr[0] != "c":
            return None
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 3)
        row = info.scope.calls[expr[1]]
        callee = self.world.evaluator.callee(expr[1], frame)
        if callee is None or callee.kind not in ("lib", "class") or callee.args:
            return None
        keywords = dict(row[Call.KEYWORDS])
        place = (info.path, bind[Bind.LINE])
        if keywords.get("write_only") == ["k", True]:
            return Source(name, (), "row", None, place)
        source = keywords.get("source")
        if source is not None and (source[0] != "k" or not isinstance(source[1], str)):
            return Source(name, (), "row", None, place)
        path = tuple(str(source[1]).split(".")) if source is not None else (name,)
        if path == ("*",):
            path = ()
        if callee.kind == "class":
            if self.is_serializer(callee.name):
                return Source(name, path, "row", Type("inst", callee.name), place)
            word = self._library_word(callee.name)
        else:
            if not callee.name.startswith(("rest_framework.", "drf_")):
                return None
            word = callee.name.rpartition(".")[2]
        if word == "SerializerMethodField":
            method = keywords.get("method_name", row[Call.ARGS][0] if row[Call.ARGS] else None)
            text = str(method[1]) if method is not None and method[0] == "k" else f"get_{name}"
            return Source(name, (text,), "method", None, place)
        many = keywords.get("many") == ["k", True]
        if (word in _FREE and not many) or not word.endswith("Field"):
            return Source(name, (), "row", None, place)
        by_key = word in _BY_KEY and keywords.get("lookup_field") in (None, ["k", "pk"])
        return Source(name, path, "key" if by_key else "row", None, place)

    def _library_word(self, key: str) -> str:
        """The framework's field class that a field class of the project reads its value like."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None and {"get_attribute", "to_representation"} & info.methods.keys():
                return ""
            if info is None and base.name.startswith("rest_framework."):
                return base.name.rpartition(".")[2]
        return ""

    def _automatic(self, key: str, listed: frozenset[str] | None, seen: set[str]) -> Iterator[Source]:
        """Fields that ``Meta.fields`` names without a declaration."""
        meta = self._meta(key)
        model = self.model(key)
        if meta is None or model is None or listed is None:
            return
        info, _ = meta
        nested = self._constant(info, "depth")
        deep = nested is not None and nested[0] == "k" and nested[1] not in (0, None, False)
        line = info.scope.binds["fields"][-1][Bind.LINE] if "fields" in info.scope.binds else info.scope.line
        for name in sorted(listed - seen):
            yield Source(name, (name,), "row" if deep else "key", None, (info.path, line))

    def model(self, key: str) -> Type | None:
        """The model of a model serializer."""
        meta = self._meta(key)
        if meta is None:
            return None
        info, _ = meta
        found = self.world.classes.find(info.key, "model")
        if found is None:
            return None
        owner, row = found
        frame = self.world.evaluator.frame(owner.path, owner.scope.index, (), 2)
        value = self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
        return value if value is not None and value.kind == "class" else None

    def _meta(self, key: str) -> tuple[ClassInfo, Scope] | None:
        found = self.world.classes.find(key, "Meta")
        expr = found[1][Bind.EXPR] if found is not None else None
        if found is None or expr is None or expr[0] != "cl":
            return None
        info = self.world.classes.info(f"{found[0].path}:{expr[1]}")
        return (info, info.scope) if info is not None else None

    def _constant(self, info: ClassInfo, name: str) -> Expr:
        found = self.world.classes.find(info.key, name)
        return found[1][Bind.EXPR] if found is not None else None

    def listed_fields(self, key: str) -> frozenset[str] | None:
        """The names in ``Meta.fields``; None when they cannot be read."""
        meta = self._meta(key)
        if meta is None:
            return None
        found = self.world.classes.find(meta[0].key, "fields")
        if found is not None and found[1][Bind.EXPR] != ["k", "__all__"]:
            names = self._names(found[1][Bind.EXPR], found[0], 4)
            return frozenset(names) if names is not None else None
        excluded = self.world.classes.find(meta[0].key, "exclude")
        without = self._names(excluded[1][Bind.EXPR], excluded[0], 4) if excluded is not None else []
        model = self.model(key)
        if model is None or without is None or (found is None and excluded is None):
            return None
        declared = {name for base in self._project_bases(key) for name in base.scope.binds}
        return frozenset((declared | self._forward(model.name)) - set(without))

    def _project_bases(self, key: str) -> list[ClassInfo]:
        infos = [self.world.classes.info(b.name) for b in self.world.classes.mro(key) if is_project(b.name)]
        return [info for info in infos if info is not None]

    def _forward(self, model: str) -> set[str]:
        """The relations that a model declares as fields; generic relations are no fields of it."""
        return {
            name
            for info in self._project_bases(model)
            for name, rows in info.scope.binds.items()
            if self.world.relations.of(model, name) and not _is_generic(rows[-1][Bind.EXPR], info.scope)
        }

    def _names(self, expr: Expr, info: ClassInfo, depth: int) -> list[str] | None:
        """The strings of a list or tuple, of sums of such, and of ``Other.Meta.fields``."""
        if expr is None or depth == 0:
            return None
        if expr[0] in ("l", "t", "e"):
            found: list[str] = []
            for item in expr[1]:
                if item is not None and item[0] == "*":
                    inner = self._names(item[1], info, depth - 1)
                    if inner is None:
                        return None
                    found += inner
                elif item is not None and item[0] == "k":
                    found.append(str(item[1]))
                else:
                    return None
            return found
        if expr[0] == "b" and expr[1] == "+":
            left, right = (self._names(e, info, depth - 1) for e in expr[2:4])
            return left + right if left is not None and right is not None else None
        if expr[0] == "a":
            frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
            owner = self.world.evaluator.eval(expr[1], frame, 0, 1 << 60)
            if owner is not None and owner.kind == "class":
                bound = self.world.classes.find(owner.name, expr[2])
                return self._names(bound[1][Bind.EXPR], bound[0], depth - 1) if bound is not None else None
        return None

    # -- rows through serializers ---------------------------------------------------------------

    def walk(self, row: Type, serializer: Type, above: Above = _HERE, depth: int = _DEPTH) -> Iterator[Walk]:
        """The queries that serialising one row runs."""
        if depth == 0 or "?" in row.facts or "row" not in row.facts:
            return
        info = self.world.classes.info(serializer.name)
        owner = info.name if info is not None else "?"
        for source in self.sources(serializer.name):
            if source.ends == "method":
                yield from self._method(row, serializer, source, owner, above)
            else:
                yield from self._along(row, source, owner, above, depth)

    def _along(self, row: Type, source: Source, owner: str, above: Above, depth: int) -> Iterator[Walk]:
        """The relations on the way to what one field shows."""
        here: Type | None = row
        for position, attr in enumerate(source.path):
            if here is None or here.kind != "inst" or not self.world.models.is_model(here.name):
                return
            last = position == len(source.path) - 1
            relation = self.world.relations.of(here.name, attr)
            if relation is None:
                if last and source.nested is None:
                    yield from self._computed(here, attr, source, owner, above)
                return
            missing = self.serializers.unloaded(here, attr)
            above = Above((*above.path, attr), above.many or relation.many)
            if missing is not None and not (last and source.ends == "key" and not missing.many):
                label = f"{self.serializers.name_of(here)}.{attr}"
                further = self._beyond(here, attr, many=relation.many)
                rest = source._replace(path=source.path[position + 1 :])
                ways = () if last else members(further)
                below = tuple(w for m in ways for w in self._along(m, rest, owner, above, depth))
                many, place = above.many, source.place
                yield Walk(owner, source.name, label, above.path, many, False, place, missing.orm, below)
                if not last:
                    return
            here = self._beyond(here, attr, many=relation.many)
        if source.nested is not None:
            for member in members(here):
                yield from self.walk(member, source.nested, above, depth - 1)

    def _beyond(self, row: Type, attr: str, *, many: bool) -> Type | None:
        """A row that a relation leads to."""
        value = self.world.orm.attribute(row, attr)
        # A manager of many rows holds one of them as its argument; serializers call its `all()`.
        return value.args[0] if many and value is not None and value.args else value

    def _computed(self, row: Type, attr: str, source: Source, owner: str, above: Above) -> Iterator[Walk]:
        """A property or method of the model that queries."""
        found = self.world.classes.method(row.name, attr)
        if found is not None:
            func = Type("func", f"{found[0]}:{found[1].index}", (row,))
            yield from self._queries(row, func, (), source, owner, above)

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
        yield from self._queries(row, func, given, source, owner, above)

    def _queries(
        self,
        row: Type,
        func: Type,
        bindings: tuple[tuple[str, Type], ...],
        source: Source,
        owner: str,
        above: Above,
    ) -> Iterator[Walk]:
        scope = self.world.function(func.name)
        if scope is None or _looks_for_loaded(scope):
            return
        for effect in self.world.effects.of_function(func, bindings, _HOPS):
            letters = effect.letters
            if "L" in letters:
                model, _, attr = effect.leaf.rpartition(".")
                is_own = len(effect.hops) == 1 and model == self.serializers.name_of(row)
                path = (*above.path, attr) if is_own else ()
                yield Walk(owner, source.name, effect.leaf, path, above.many, False, source.place, "django")
                return
            if "Q" in letters and effect.subject and "W" not in letters:
                yield Walk(owner, source.name, effect.subject, (), above.many, False, source.place, "query")
                return

    # -- views ------------------------------------------------------------------------------------

    def list_view(self, key: str) -> tuple[Type, Type] | None:
        """The rows and the serializer with which a view class answers its list."""
        classes = self.world.classes
        if _LIST_MIXIN not in classes.library_bases(key):
            return None
        override = classes.method(key, "list")
        if override is not None and not _calls(override[1], "super"):
            return None
        serializer = self.serializer_of(Type("inst", key), "list")
        rows = self.rows_of(key, serializer) if serializer is not None else None
        return (rows, serializer) if serializer is not None and rows is not None else None

    def rows_of(self, key: str, serializer: Type) -> Type | None:
        """The rows that a view lists, with what its query set has loaded."""
        evaluator = self.world.evaluator
        view = Type("inst", key)
        method = evaluator.attribute(view, "get_queryset")
        found = self.world.classes.method(key, "get_queryset")
        value = None
        if found is not None and method is not None:
            value = evaluator.result_of(method, (), FUEL)
        elif found is None:
            value = self.world.frameworks.inherited(view, "get_queryset")
        sets = [m for m in members(value) if m.kind == "inst" and m.args and self.world.orm.is_query(m)]
        if value is None and found is not None:
            return self._spelled_rows(found[1], serializer)
        if not sets or len(sets) != len(members(value)):
            return None
        rows = [
            m
            for s in sets
            for m in members(s.args[0])
            if m.kind == "inst" and self.world.models.is_model(m.name)
        ]
        return rows[0] if len(rows) == 1 else None

    def _spelled_rows(self, scope: Scope, serializer: Type) -> Type | None:
        """Rows of the serializer's model, where only the spelling of the query set is known.

        ``self.request.user.orders.select_related("customer")``: whatever the user is, these are the
        rows of the serializer, and what is loaded with them stands in the chain.
        """
        model = self.model(serializer.name)
        if model is None or not self.world.models.is_model(model.name):
            return None
        loaded: set[str] = {"row"}
        for expr, _, _, _ in scope.returns:
            if not _spelled(expr, scope, 12):
                return None
        for row in scope.calls:
            callee = row[Call.FUNC]
            if callee is not None and callee[0] == "a" and callee[2] in _LOADS:
                if not row[Call.ARGS] or any(a is None or a[0] != "k" for a in row[Call.ARGS]):
                    return None
                loaded |= {f"+{str(a[1]).replace('__', '.')}" for a in row[Call.ARGS]}
        return Type("inst", model.name, (), tuple(sorted(loaded)))

    def serializer_of(self, view: Type, action: str) -> Type | None:
        """The serializer class that a view uses for an action, as an instance."""
        found = self.world.classes.method(view.name, "get_serializer_class")
        if found is not None:
            path, scope = found
            frame = self.world.evaluator.frame(path, scope.index, ((scope.params[0][Param.NAME], view),), 3)
            returns = [r for r in scope.returns if _serves(scope, r[1], action) is not False]
            chosen = [r for r in returns if _serves(scope, r[1], action)]
            candidates = {
                member.name: None
                for expr, block, order, _ in chosen or returns
                for member in members(self.world.evaluator.eval(expr, frame, block, order))
                if member.kind == "class"
            }
            names = list(candidates)
            if len(names) != 1:
                return None
            return Type("inst", names[0]) if self.is_serializer(names[0]) else None
        bound = self.world.classes.find(view.name, "serializer_class")
        if bound is None:
            return None
        info, row = bound
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
        value = self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
        if value is None or value.kind != "class" or not self.is_serializer(value.name):
            return None
        return Type("inst", value.name)

    def pairs(self, callee: Type, row: list[Any], frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """``OrderSerializer(rows, many=True)`` and ``self.get_serializer(rows, many=True)``."""
        serializer = None
        if callee.kind == "class" and self.is_serializer(callee.name):
            serializer = Type("inst", callee.name)
        elif callee.name.startswith("rest_framework.") and callee.args and callee.args[0] is not None:
            serializer = self.serializer_of(callee.args[0], frame.scope.name)
        if serializer is None:
            return
        keywords = dict(row[Call.KEYWORDS])
        expr = keywords.get("instance", row[Call.ARGS][0] if row[Call.ARGS] else None)
        if expr is None or "data" in keywords:
            return
        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        many = keywords.get("many") == ["k", True]
        for member in members(value):
            for item in members(self.world.evaluator.iterate(member) if many else member):
                if item.kind == "inst" and self.world.models.is_model(item.name):
                    yield item, serializer, many


def _spelled(expr: Expr, scope: Scope, depth: int) -> bool:
    """Whether an expression is a chain of query set methods on a manager of some object's."""
    if expr is None or depth == 0:
        return False
    if expr[0] == "c":
        callee = scope.calls[expr[1]][Call.FUNC]
        return (
            callee is not None
            and callee[0] == "a"
            and callee[2] in _CHAIN
            and _spelled(callee[1], scope, depth - 1)
        )
    if expr[0] == "n":
        rows = scope.binds.get(expr[1], ())
        return bool(rows) and all(
            ["n", expr[1]] == row[Bind.EXPR] or _spelled(row[Bind.EXPR], scope, depth - 1) for row in rows
        )
    if expr[0] == "o":
        return all(_spelled(e, scope, depth - 1) for e in expr[1:])
    return expr[0] == "a" and expr[1] is not None and expr[1][0] == "a"


def _is_generic(expr: Expr, scope: Scope) -> bool:
    """Whether a class attribute is a ``GenericRelation`` or ``GenericForeignKey``."""
    callee = scope.calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else None
    if callee is None or callee[0] not in ("n", "a"):
        return False
    return str(callee[1] if callee[0] == "n" else callee[2]).startswith("Generic")


def _calls(scope: Scope, name: str) -> bool:
    return any(row[Call.FUNC] == ["n", name] for row in scope.calls)


def _popped(scope: Scope) -> set[str] | None:
    """The names that a method pops from ``self.fields``; None when it does something else with them."""
    names: set[str] = set()
    understood = 0
    for row in scope.calls:
        callee = row[Call.FUNC]
        if callee is not None and callee[0] == "a" and _is_fields(callee[1]):
            first = row[Call.ARGS][0] if row[Call.ARGS] else None
            if callee[2] != "pop" or first is None or first[0] != "k":
                return None
            names.add(str(first[1]))
            understood += 1
    # `self.fields["owner"].queryset = ...` changes how a field behaves, not whether it is there.
    understood += sum(
        1
        for row in scope.stores
        if row[Store.VALUE] and row[Store.VALUE][0] == "s" and _is_fields(row[Store.VALUE][1])
    )
    return names if sum(1 for row in scope.reads if row[Read.ATTR] == "fields") <= understood else None


def _is_fields(expr: Expr) -> bool:
    return expr is not None and expr[0] == "a" and expr[2] == "fields"


def _looks_for_loaded(scope: Scope) -> bool:
    """Whether a method first looks whether somebody has loaded or computed the value already."""
    if any(row[Read.ATTR] == "_prefetched_objects_cache" for row in scope.reads):
        return True
    return _calls(scope, "hasattr") or _calls(scope, "getattr")


def _serves(scope: Scope, block: int, action: str) -> bool | None:
    """Whether the tests of ``self.action`` around a return say that it serves an action; None without any."""
    answer = None
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        test = row[Block.EXPR]
        if row[Block.KIND] == "else":
            before = [
                b for b in scope.blocks if b[Block.KIND] == "if" and b[Block.LAST] + 1 == row[Block.ORDER]
            ]
            if any(_names_action(b[Block.EXPR], action) for b in before):
                return False
        elif row[Block.KIND] == "if" and _about_action(test):
            if not _names_action(test, action):
                return False
            answer = True
    return answer


def _names_action(test: Expr, action: str) -> bool:
    """Whether a test holds for an action, as far as it compares ``self.action`` with names."""
    if not _about_action(test):
        return False
    return (action in _constants(test)) is not (test[0] == "m" and test[1] in ("!=", "not in", "not"))


def _about_action(test: Expr) -> bool:
    return bool(_attributes(test) & {"action", "method"})


def _attributes(expr: Expr) -> set[str]:
    if not isinstance(expr, list) or not expr:
        return set()
    found = {expr[2]} if expr[0] == "a" and len(expr) == 4 else set()
    for part in expr[1:]:
        if isinstance(part, list):
            found |= _attributes(part)
    return found


def _constants(expr: Expr) -> set[str]:
    if not isinstance(expr, list) or not expr:
        return set()
    if expr[0] == "k":
        return {str(expr[1])}
    found: set[str] = set()
    for part in expr:
        if isinstance(part, list):
            found |= _constants(part)
    return found

"""The fields of serializers: what each of them reads of a row, as far as class bodies say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Read, Scope, Store
from archlint.project.ledger import settle
from archlint.project.types import Type, is_project

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.world import World

#: The kinds of types that stand for a display of fields, and for a loop of a template.
FIELDS, TEMPLATE = "fields", "template"
_SERIALIZER = "rest_framework.serializers.BaseSerializer"
#: Fields that read the row itself, or nothing of it.
_FREE = frozenset(("HyperlinkedIdentityField", "HiddenField", "SerializerMethodField", "CurrentUserDefault"))
#: Relation fields that take the key from the row when the relation leads to one row.
_BY_KEY = frozenset(("PrimaryKeyRelatedField", "HyperlinkedRelatedField"))
#: The method that makes of a row what is sent.
TO_REPRESENTATION = "to_representation"
#: Methods that decide about fields when the serializer is used: the class body no longer tells.
_DECIDES = frozenset(("get_fields", "get_field_names"))


class Source(NamedTuple):
    """One thing that a serializer reads of a row."""

    name: str
    path: tuple[str, ...]  # attributes from the row
    ends: str  # "key" (the key is enough), "row", "text", "method", "field" (a field of the project shows it)
    nested: Type | None  # the serializer or the field that is given what the path leads to
    place: tuple[str, int]


class SerializerFields:
    """Questions about the fields of serializers and the models behind them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sources: dict[str, tuple[Source, ...]] = world.answers()

    def is_serializer(self, key: str) -> bool:
        """Whether a class is a serializer."""
        return is_project(key) and _SERIALIZER in self.world.classes.library_bases(key)

    def sources(self, key: str) -> tuple[Source, ...]:
        """What a serializer reads, as far as its class body says so."""
        if key not in self._sources:
            return settle(self._sources, key, (), lambda: tuple(self._read_sources(key)))
        return self._sources[key]

    def _read_sources(self, key: str) -> Iterator[Source]:
        classes = self.world.classes
        yield from self._by_hand(key)
        dropped = self._dropped(key)
        if dropped is None:
            return
        listed = self.listed(key)
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

    def _by_hand(self, key: str) -> Iterator[Source]:
        """What the serializer's own method puts beside the fields, or in their place."""
        found = self.world.classes.method(key, TO_REPRESENTATION)
        if found is not None:
            yield Source(TO_REPRESENTATION, (TO_REPRESENTATION,), "method", None, (found[0], found[1].line))

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
            if TO_REPRESENTATION in info.methods and not calls(
                scopes[info.methods[TO_REPRESENTATION]], "super"
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
            if self._shows_by_itself(callee.name):
                return Source(name, path, "field", Type("inst", callee.name), place)
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
        ends = "key" if by_key else "text" if word == "StringRelatedField" else "row"
        return Source(name, path, ends, None, place)

    def _shows_by_itself(self, key: str) -> bool:
        """Whether a field class of the project is given the value it shows: the row, or one it leads to."""
        classes = self.world.classes
        bases = (base for base in classes.library_bases(key) if base.startswith("rest_framework."))
        words = {base.rpartition(".")[2] for base in bases}
        return (
            any(word.endswith("Field") for word in words)
            and not words & _BY_KEY
            and classes.method(key, TO_REPRESENTATION) is not None
            and classes.method(key, "get_attribute") is None
        )

    def _library_word(self, key: str) -> str:
        """The framework's field class that a field class of the project reads its value like."""
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None and {"get_attribute", TO_REPRESENTATION} & info.methods.keys():
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

    def model(self, key: str, *, of_library: bool = False) -> Type | None:
        """The model of a model serializer, one of a library such as Django's ``User`` only when asked."""
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
        if value is None:
            return None
        is_library = value.kind == "lib" and not value.args and self.world.models.is_model(value.name)
        return value if value.kind == "class" or (of_library and is_library) else None

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

    def listed(self, key: str) -> frozenset[str] | None:
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
        return frozenset((declared | self.relations_of(model.name)) - set(without))

    def texts_of_meta(self, key: str, names: tuple[str, ...]) -> set[str] | None:
        """The texts that lists of ``Meta`` name; None where one of them cannot be read."""
        meta = self._meta(key)
        found: set[str] = set()
        for name in names if meta is not None else ():
            bound = self.world.classes.find(meta[0].key, name) if meta is not None else None
            texts = self._names(bound[1][Bind.EXPR], bound[0], 4) if bound is not None else []
            if texts is None:
                return None
            found.update(texts)
        return found

    def constant_of_meta(self, key: str, name: str) -> Expr:
        """What an attribute of ``Meta`` is given."""
        meta = self._meta(key)
        return self._constant(meta[0], name) if meta is not None else None

    def _project_bases(self, key: str) -> list[ClassInfo]:
        infos = [self.world.classes.info(b.name) for b in self.world.classes.mro(key) if is_project(b.name)]
        return [info for info in infos if info is not None]

    def relations_of(self, model: str) -> set[str]:
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


def _is_generic(expr: Expr, scope: Scope) -> bool:
    """Whether a class attribute is a ``GenericRelation`` or ``GenericForeignKey``."""
    callee = scope.calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else None
    if callee is None or callee[0] not in ("n", "a"):
        return False
    return str(callee[1] if callee[0] == "n" else callee[2]).startswith("Generic")


def calls(scope: Scope, name: str) -> bool:
    """Whether a function calls a name."""
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
    understood += sum(_fields_on_the_way(row[Store.VALUE]) for row in scope.stores)
    return names if sum(1 for row in scope.reads if row[Read.ATTR] == "fields") <= understood else None


def _fields_on_the_way(expr: Expr) -> int:
    """How many times a path asks for one of the fields: ``self.fields["lines"].child.fields["owner"]``."""
    found = 0
    while expr is not None and expr[0] in ("a", "s"):
        found += expr[0] == "s" and _is_fields(expr[1])
        expr = expr[1]
    return found


def _is_fields(expr: Expr) -> bool:
    return expr is not None and expr[0] == "a" and expr[2] == "fields"

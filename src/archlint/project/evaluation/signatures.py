"""What the signatures of the knowledge tables promise, and instances of classes."""

from __future__ import annotations

from typing import Any

from archlint.project.evaluation.part import Part
from archlint.project.library import Signature, TypeExpr
from archlint.project.types import BUILTIN_CLASSES, NONE, Type, coro, inst, is_project, members, union

SEQUENCE_NAMES = {
    "typing.List": "list",
    "typing.Sequence": "list",
    "typing.Iterable": "list",
    "typing.Iterator": "list",
    "typing.Collection": "list",
    "typing.MutableSequence": "list",
    "typing.Generator": "list",
    "collections.abc.Sequence": "list",
    "collections.abc.Iterable": "list",
    "collections.abc.Iterator": "list",
    "collections.abc.Collection": "list",
    "collections.abc.Generator": "list",
    "collections.abc.MutableSequence": "list",
    "typing.AsyncIterator": "list",
    "typing.AsyncGenerator": "list",
    "typing.AsyncIterable": "list",
    "collections.abc.AsyncIterator": "list",
    "collections.abc.AsyncGenerator": "list",
    "collections.abc.AsyncIterable": "list",
    "typing.Set": "set",
    "typing.FrozenSet": "frozenset",
    "collections.abc.Set": "set",
    "typing.AbstractSet": "set",
    "typing.Dict": "dict",
    "typing.Mapping": "dict",
    "typing.MutableMapping": "dict",
    "typing.DefaultDict": "dict",
    "collections.abc.Mapping": "dict",
    "collections.abc.MutableMapping": "dict",
    "collections.defaultdict": "dict",
    "collections.OrderedDict": "dict",
    "typing.OrderedDict": "dict",
    "typing.Tuple": "tuple",
    "typing.Type": "type",
    "typing.Text": "str",
}
DEPENDS = frozenset(("fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"))


class Signatures(Part):
    """Signatures of libraries, filled in for a receiver and arguments."""

    def instantiate_signature(
        self,
        signature: Signature,
        receiver: Type | None,
        arguments: tuple[Type | None, ...],
        row: list[Any] | None,
    ) -> Type | None:
        """The result of a library signature for a receiver and arguments."""
        result = self._type_of(signature.result, receiver, arguments)
        return coro(result) if "A" in signature.effects else result

    def _type_of(
        self, expr: TypeExpr | None, receiver: Type | None, arguments: tuple[Type | None, ...]
    ) -> Type | None:
        if expr is None or expr.name == "?":
            return None
        name = expr.name
        if name == "|":
            return union(self._type_of(a, receiver, arguments) for a in expr.args)
        if name[0] == "$":
            return self.symbol(name, receiver, arguments)
        if name == "type" and expr.args:
            made = self._type_of(expr.args[0], receiver, arguments)
            # A class that knows something of its instances: `Manager.from_queryset(OwnQuerySet)`.
            return inst("type", made) if made is not None and made.args else self.class_of(made)
        args = tuple(self._type_of(a, receiver, arguments) for a in expr.args)
        return NONE if name == "None" else Type("inst", SEQUENCE_NAMES.get(name, name), args)

    def symbol(self, name: str, receiver: Type | None, arguments: tuple[Type | None, ...]) -> Type | None:
        """What a symbol of a signature stands for: the receiver, its type arguments, an argument."""
        if name == "$self":
            return receiver
        if name == "$cls":
            return self.instantiate(receiver) if receiver is not None else None
        if name in ("$t", "$u"):
            args = receiver.args if receiver is not None else ()
            position = 0 if name == "$t" else 1
            return args[position] if len(args) > position else None
        rest = name[1:]
        if rest.startswith("arg"):
            head, _, field = rest[3:].partition(".")
            value = arguments[int(head)] if head.isdigit() and int(head) < len(arguments) else None
            if field == "t":
                return union(m.args[0] for m in members(value) if m.args)
            return value
        if rest.isdigit():
            value = arguments[int(rest)] if int(rest) < len(arguments) else None
            return self.instantiate_all(value)
        return None

    def instantiate(self, cls: Type) -> Type | None:
        """An instance of a class object."""
        if cls.kind == "inst":
            return cls
        name = SEQUENCE_NAMES.get(cls.name, cls.name)
        if cls.kind == "lib" and (
            self.library.is_class(name) or name in BUILTIN_CLASSES or _looks_like_class(name)
        ):
            # A `sessionmaker` that says nothing else makes sessions.
            usual = self.library.parameters.get(name, "").partition("=")[2] if not cls.args else ""
            return Type("inst", name, (inst(usual),) if usual else cls.args)
        return Type("inst", name, cls.args) if cls.kind == "class" else None

    def instantiate_all(self, value: Type | None) -> Type | None:
        """Instances of every class among the alternatives (a tuple of classes counts as all of them)."""
        found = []
        for member in members(value):
            if member.kind in ("class", "lib"):
                found.append(self.instantiate(member))
            elif member.kind == "inst" and member.name == "tuple":
                found += [self.instantiate_all(a) for a in member.args]
        return union(found)

    def class_of(self, value: Type | None) -> Type | None:
        """The class object of an instance."""
        if value is None or value.kind != "inst":
            return None
        return Type("class" if is_project(value.name) else "lib", value.name)

    def library_thing(self, name: str) -> Type | None:
        """A library thing by its qualified name, or what the tables say is ready made under it."""
        ready = self.library.object(name)
        if ready is None:
            return Type("lib", name)
        return self.world.frameworks.ready_made(name) or self.instantiate_signature(ready, None, (), None)


def _looks_like_class(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() and not last.isupper()

"""What awaiting, iterating, entering and indexing a value gives."""

from __future__ import annotations

from archlint.model.summary import Bind, Expr
from archlint.project.evaluation.part import Part
from archlint.project.types import COLLECTIONS, Type, is_project, members, union

_NAMED_TUPLES = frozenset(("typing.NamedTuple", "typing_extensions.NamedTuple"))
_TYPED_DICTS = frozenset(("typing.TypedDict", "typing_extensions.TypedDict"))


class Protocols(Part):
    """The protocols of the language."""

    def awaited(self, value: Type | None) -> Type | None:
        """What awaiting a value gives."""
        found = []
        for member in members(value):
            if member.kind == "coro":
                found.append(member.args[0])
            elif member.kind == "inst":
                signature = self.library.member(member.name, "<await>")
                found.append(
                    self.evaluator.instantiate_signature(signature, member, (), None) if signature else None
                )
                if signature is None and member.name in ("asyncio.Task", "asyncio.Future"):
                    found.append(member.args[0] if member.args else None)
        return union(self.awaited(f) if f is not None and f.kind == "coro" else f for f in found)

    def iterate(self, value: Type | None, is_async: bool = False) -> Type | None:
        """What iterating a value gives."""
        found = []
        for member in members(value):
            if member.kind == "coro":
                continue
            if member.kind != "inst":
                continue
            if member.name == "tuple":
                found.append(union(member.args))
            elif member.name == "dict" or member.name in COLLECTIONS:
                found.append(member.args[0] if member.args else None)
            elif is_project(member.name):
                method = self.evaluator.attribute(member, "__aiter__" if is_async else "__iter__", 2)
                if method is not None and method.kind == "func":
                    found.append(self._iterated(self.evaluator.result_of(method, (), 2), is_async))
                elif self.world.orm.is_query(member):
                    found.append(self.world.orm.rows(member.args[0]) if member.args else None)
            else:
                signature = self.library.member(member.name, "<aiter>" if is_async else "<iter>")
                if signature is not None:
                    item = self.evaluator.instantiate_signature(signature, member, (), None)
                    if item is not None and item.kind == "coro":
                        item = item.args[0]
                    found.append(self.world.orm.row_of(item, member))
        return union(found)

    def _iterated(self, iterator: Type | None, is_async: bool) -> Type | None:
        """What an iterator of the project gives: by its ``__next__`` if it is an object of its own."""
        found = []
        for member in members(iterator):
            if member.kind != "inst" or not is_project(member.name):
                found.append(self.iterate(member))
                continue
            step = self.evaluator.attribute(member, "__anext__" if is_async else "__next__", 2)
            if step is not None and step.kind == "func":
                found.append(self.awaited_or_self(self.evaluator.result_of(step, (), 2)))
        return union(found)

    def item_of_own(self, value: Type, index: Expr, fuel: int) -> Type | None:
        """What an object of the project has under a key, or at a position."""
        method = self.evaluator.attribute(value, "__getitem__", fuel)
        if method is not None:
            return self.evaluator.result_of(method, (), fuel)
        name = self._field(value.name, index)
        return self.evaluator.attribute(value, name, fuel) if name else None

    def _field(self, key: str, index: Expr) -> str:
        """The field of a ``NamedTuple`` at a position, of a ``TypedDict`` under a text; or nothing."""
        info = self.world.classes.info(key)
        if info is None or index is None or index[0] != "k":
            return ""
        fields = [name for name, rows in info.scope.binds.items() if rows[0][Bind.ANNOTATION] is not None]
        bases, place = self.world.classes.library_bases(key), index[1]
        if not _NAMED_TUPLES.isdisjoint(bases) and type(place) is int and place < len(fields):
            return fields[place]
        return place if not _TYPED_DICTS.isdisjoint(bases) and place in fields else ""

    def entered(self, value: Type | None, fuel: int, is_async: bool = False) -> Type | None:
        """What ``with value as x`` binds to x."""
        found = []
        for member in members(value):
            if member.kind == "coro" and is_async:
                # What may be awaited or entered alike: `async with session.get(url) as response`.
                found.append(member.args[0])
            if member.kind != "inst":
                continue
            if member.name == "contextlib.AbstractContextManager":
                found.append(member.args[0] if member.args else None)
            elif is_project(member.name):
                method = self.evaluator.attribute(member, "__aenter__" if is_async else "__enter__", fuel)
                if method is not None and method.kind == "func":
                    found.append(self.awaited_or_self(self.evaluator.result_of(method, (), fuel)))
                elif method is not None and method.kind == "lib" and method.args:
                    found.append(member)
            else:
                signature = self.library.member(member.name, "<aenter>" if is_async else "<enter>")
                if signature is None:
                    found.append(member)
                else:
                    found.append(
                        self.awaited_or_self(
                            self.evaluator.instantiate_signature(signature, member, (), None)
                        )
                    )
        return union(found)

    def awaited_or_self(self, value: Type | None) -> Type | None:
        """The result of a coroutine, or the value itself."""
        return self.awaited(value) if value is not None and value.kind == "coro" else value

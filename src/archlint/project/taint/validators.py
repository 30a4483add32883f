"""Whether the validators of a class leave a field as the client sent it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Call, Scope, Store
from archlint.project.evaluation.frames import called_word
from archlint.project.taint.origins import NONE, Origin, Origins, Path
from archlint.project.taint.requests import Requests
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.world import World


class Validators(Requests):
    """Questions about validators.

    Some are asked of a twin that ``believes`` that no validator changes anything, while reading one.
    """

    def __init__(self, world: World, *, believes: bool = False) -> None:
        super().__init__(world)
        self._believing: Validators = self if believes else self._believer()
        self._kept: dict[tuple[str, str], bool] = world.answers()

    def _believer(self) -> Validators:
        return type(self)(self.world, believes=True)

    def keeps(self, key: str, field: str) -> bool:
        """Whether the validators of a class leave a field as the client sent it."""
        if self._believing is self:
            return True
        if (key, field) not in self._kept:
            self._kept[key, field] = all(
                self.passes_on(path, scope, field) for path, scope in self._validators(key, field)
            )
        return self._kept[key, field]

    def _validators(self, key: str, field: str) -> Iterator[tuple[str, Scope]]:
        named = (f"validate_{field}", f"clean_{field}", "validate", "clean", "to_internal_value",
                 "model_post_init", "__post_init__", "__attrs_post_init__")  # fmt: skip
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            for rows in info.scope.binds.values():
                for row in rows:
                    if row[Bind.EXPR] is None or row[Bind.EXPR][0] != "f":
                        continue
                    scope = self.world.summary(info.path).scopes[row[Bind.EXPR][1]]
                    if scope.name in named or self._is_decorated(info.path, info.scope, scope, field):
                        yield info.path, scope

    def _is_decorated(self, path: str, owner: Scope, scope: Scope, field: str) -> bool:
        """Whether a method is a validator of the field, or of the whole object."""
        frame = self.world.evaluator.frame(path, owner.index)
        for decorator in scope.decorators:
            if decorator is None or decorator[0] != "c":
                name = decorator[-1] if decorator and decorator[0] == "n" else ""
                if name in ("root_validator", "post_load", "pre_load"):
                    return True
                continue
            row = owner.calls[decorator[1]] if decorator[1] < len(owner.calls) else None
            word = called_word(row[Call.FUNC], frame) if row is not None else ""
            if word in ("model_validator", "root_validator", "post_load", "pre_load"):
                return True
            named = row is not None and any(a in (["k", field], ["k", "*"]) for a in row[Call.ARGS])
            if named and word in ("validator", "field_validator", "validates"):
                return True
        return False

    def passes_on(self, path: str, scope: Scope, field: str) -> bool:
        """Whether a validator leaves the field as it is."""
        if any(s[Store.ATTR] in (field, f"[{field}]") for s in scope.stores):
            return False
        if scope.name in ("validate", "clean", "to_internal_value") or "post" in scope.name:
            return True
        frame = self.world.evaluator.frame(path, scope.index)
        for expr, block, order, _ in scope.returns:
            if expr is None or expr[0] not in ("n", "a", "c", "b", "o"):
                continue
            if not self._believing.origins(expr, frame, block, order, (), 2):
                return False
        return True

    def request_of(self, bag: str, holder: Type | None, path: Path) -> Origins:
        """A field of a bag, unless the class that holds it replaces the field on the way."""
        for member in members(holder):
            is_class = member.kind == "inst" and is_project(member.name)
            if path and is_class and not self.keeps(member.name, path[0]):
                return NONE
        return frozenset((Origin("request", bag, path),))

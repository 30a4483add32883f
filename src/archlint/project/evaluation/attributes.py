"""What an attribute of a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.project.evaluation.memo import UNASKED, Deep
from archlint.project.evaluation.part import Part
from archlint.project.limits import ASKS, FUEL
from archlint.project.types import GENERIC_ALIAS, Type, is_project, members, shallow, union

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator

#: Where Python keeps what stands in brackets behind a generic class.
_WRITTEN = frozenset(("__orig_bases__", "__orig_class__"))


class Attributes(Part):
    """Attributes of modules, classes, instances and library things."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self._attributes: dict[tuple[Type, str], Any] = self.world.answers()

    def attribute(self, value: Type | None, attr: str, fuel: int = FUEL) -> Type | None:
        """What ``value.attr`` is."""
        if value is None:
            return None
        if value.kind == "union":
            return union(self.attribute(m, attr, fuel) for m in members(value))
        fuel %= ASKS
        key = (value, attr)
        found: Type | Deep | None = self._attributes.get(key, UNASKED)
        if not isinstance(found, Deep):
            return found
        return self.evaluator.at_fuel(
            found,
            self._attributes,
            key,
            fuel,
            ("attr", key, fuel),
            lambda: shallow(self._attribute(value, attr, fuel)),
            may_ask=False,
        )

    def _attribute(self, value: Type, attr: str, fuel: int) -> Type | None:
        kind = value.kind
        if attr in _WRITTEN and is_project(value.name) and kind in ("class", "inst"):
            return self._written(value, attr)
        if kind == "module":
            return self._module_attribute(value.name, attr, fuel)
        if kind == "lib":
            return self._library_attribute(value, attr)
        if kind == "class":
            return self.world.classes.class_attribute(value, attr, fuel)
        if kind == "inst":
            return self._instance_attribute(value, attr, fuel)
        if kind == "func":
            return self.world.frameworks.function_attribute(value, attr)
        if kind == "super":
            return self.world.classes.super_attribute(value, attr)
        return None

    def _written(self, value: Type, attr: str) -> Type | None:
        """``Base[Order]`` as it was written, for ``get_args(cls.__orig_bases__[0])[0]``."""
        known = self.world.classes.type_variables(value).values()
        alias = Type("inst", GENERIC_ALIAS, tuple(self.evaluator.class_of(argument) for argument in known))
        return alias if attr == "__orig_class__" else Type("inst", "tuple", (alias,))

    def _module_attribute(self, path: str, attr: str, fuel: int) -> Type | None:
        if not path.endswith("/"):
            found = self.evaluator.module_global(path, attr, fuel)
            if found is not None:
                return found
        directory = (
            path
            if path.endswith("/")
            else path.rpartition("/")[0] + "/"
            if path.endswith("__init__.py")
            else ""
        )
        if directory:
            module = f"{directory}{attr}.py"
            if self.world.modules.listing(directory.rstrip("/")) >= {f"{attr}.py"}:
                return Type("module", module)
            if "__init__.py" in self.world.modules.listing(f"{directory}{attr}"):
                return Type("module", f"{directory}{attr}/__init__.py")
            if self.world.modules.is_namespace(f"{directory}{attr}"):
                return Type("module", f"{directory}{attr}/")
        if path.endswith("/"):
            name = f"{self.world.modules.beside(path)}.{attr}"
            return self.evaluator.library_thing(self.library.canonical(name))
        return None

    def _library_attribute(self, value: Type, attr: str) -> Type | None:
        if value.args:
            return None
        name = self.library.canonical(f"{value.name}.{attr}")
        if self.library.is_class(value.name):
            signature = self.library.member(value.name, f"@{attr}")
            if signature is not None:
                return self.evaluator.instantiate_signature(signature, value, (), None)
            signature = self.library.member(value.name, attr)
            if signature is not None:
                return Type("lib", f"{value.name}.{attr}", (value,))
        return self.evaluator.library_thing(name)

    def _instance_attribute(self, value: Type, attr: str, fuel: int) -> Type | None:
        related = self.world.orm.attribute(value, attr)
        if related is not None:
            return related
        if is_project(value.name):
            return self.world.classes.instance_attribute(value, attr, fuel)
        own = self.world.frameworks.library_attribute(value, attr)
        found = own if own is not None else self.library_member(value, value.name, attr)
        if found is None and value.name.startswith("django.db.models."):
            return self.attribute(self.world.orm.own_class(value), attr, fuel)
        return found if found is not None else self.world.kept.attribute(value, attr)

    def library_member(self, value: Type, cls: str, attr: str) -> Type | None:
        """A member that an instance has from a library class."""
        signature = self.library.member(cls, f"@{attr}")
        if signature is not None:
            return self.world.orm.row_of(
                self.evaluator.instantiate_signature(signature, value, (), None), value
            )
        if self.library.member(cls, attr) is not None or cls in (
            "list",
            "dict",
            "set",
            "tuple",
            "str",
            "bytes",
            "frozenset",
        ):
            return Type("lib", f"{cls}.{attr}", (value,))
        made = self.library.member(cls, "<any>") if attr[:2] != "__" else None
        return self.evaluator.instantiate_signature(made, value, (), None) if made is not None else None

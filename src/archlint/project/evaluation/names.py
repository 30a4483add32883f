"""What a name means at a point: bindings, parameters, closures, imports and globals."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Expr, Param
from archlint.project.callers import makes_functions, wants_callers
from archlint.project.evaluation.frames import END, outer_is_class, visible_bindings
from archlint.project.evaluation.memo import UNASKED, Deep
from archlint.project.evaluation.narrowing import more_telling
from archlint.project.evaluation.part import Part
from archlint.project.evaluation.signatures import DEPENDS
from archlint.project.limits import ASKS, FUEL
from archlint.project.rows.loading import holds_options
from archlint.project.types import NONE, STR, Type, better, inst, union

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator
    from archlint.project.evaluation.frames import Frame

_BUILTIN_NAMES = frozenset(dir(builtins)) | {"reveal_type"}
#: What ``[]``, ``{}`` and ``defaultdict(list)`` are before anything is known to be in them.
_EMPTY = (inst("list", None), inst("dict", None, None), inst("dict", None, inst("list")))


class Names(Part):
    """Names of one project."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self._globals: dict[tuple[str, str], Type | None] = self.world.answers()

    def name(self, name: str, frame: Frame, block: int, order: int) -> Type | None:
        """What a name means at a point of a frame, through closures, module and builtins."""
        is_own = frame.owns(name)
        # What is not the scope's own means the same wherever it is used.
        place = (name, block, order) if is_own else name
        found: Type | Deep | None = frame.names.get(place, UNASKED)
        if not isinstance(found, Deep):
            return found
        return self.evaluator.at_fuel(
            found,
            frame.names,
            place,
            frame.fuel,
            (frame, place),
            lambda: self._local(name, frame, block, order) if is_own else self._outer(name, frame),
        )

    def _outer(self, name: str, frame: Frame) -> Type | None:
        """What a name means that the scope around, the module or Python itself defines."""
        here = frame.outer
        while here is not None:
            if here.scope.kind != "class" and here.owns(name):
                if here.scope.kind == "module":
                    return self.module_global(here.path, name, frame.fuel)
                return self._local(name, here, 0, END)
            here = here.outer
        return self._star(name, frame) or (Type("lib", name) if name in _BUILTIN_NAMES else None)

    def _star(self, name: str, frame: Frame) -> Type | None:
        for module in self.world.summary(frame.path).stars:
            found = self.imported(module, name, frame.path, frame.fuel, strict=True)
            if found is not None:
                return found
        return None

    def _local(self, name: str, frame: Frame, block: int, order: int) -> Type | None:
        rows, covered = visible_bindings(frame.scope, name, block, order)
        if not rows and frame.scope.kind == "class":
            # The body of a class reads the name around it until it binds its own.
            return self._outer(name, frame)
        found = self._given(name, rows, frame)
        if not covered:
            found.append(self._param(name, frame))
        value = self.world.orm.loaded_later(name, union(found), frame, order)
        if value in _EMPTY:
            value = self.world.kept.gathered(value, name, frame)
        if value is not None and holds_options(value):
            value = self.world.loading.grown(value, name, frame)
        return self.evaluator.narrow(name, value, frame, block, order) if frame.scope.narrowings else value

    def _given(self, name: str, rows: list[list[Any]], frame: Frame) -> list[Type | None]:
        """What bindings give a name, each at least what one of them declares it to be."""
        found = [self.binding(row, frame) for row in rows]
        annotation = _annotation(frame.scope.binds[name]) if rows else None
        if annotation is None or all(row[Bind.ANNOTATION] is not None for row in rows):
            return found
        declared = self.evaluator.annotation(annotation, frame)
        return [more_telling(declared, value, self.world.classes) for value in found]

    def binding(self, row: list[Any], frame: Frame) -> Type | None:
        """What one binding of a name gives it."""
        expr, annotation = row[Bind.EXPR], row[Bind.ANNOTATION]
        declared = self.evaluator.annotation(annotation, frame) if annotation is not None else None
        if declared is not None and expr is None:
            return declared
        # In `rows = rows or []` the name still means what it meant before.
        value = self.evaluator.eval(expr, frame, row[Bind.BLOCK], row[Bind.ORDER] - 1)
        if declared is not None and value is not None and value.name in DEPENDS:
            # FastAPI fills the attribute of a class for each request.
            return more_telling(declared, self.evaluator.provided(value, frame.fuel), self.world.classes)
        if self.world.kept.starts_empty(declared, value):
            return declared
        if value is not None and any(value.args):
            # `groups: dict[str, list[Item]] = defaultdict(list)` shows less than it declares.
            return more_telling(declared, value, self.world.classes)
        return better(declared, value)

    def _param(self, name: str, frame: Frame) -> Type | None:
        row = frame.param(name)
        if row is None:
            return None
        declared = self._declared(row, frame)
        bound = frame.bound.get(name)
        if bound is not None:
            return more_telling(declared, bound, self.world.classes)
        outer = frame.outer
        if outer is not None and row[Param.DEFAULT] is not None and row[Param.KIND] not in "***":
            default = self.evaluator.eval(row[Param.DEFAULT], outer, 0, END)
            provided = self.evaluator.provided(default, frame.fuel) if default is not None else None
            if provided is not None:
                return more_telling(declared, provided, self.world.classes)
            if declared is None and default != NONE:
                is_telling = default is not None and default.kind == "inst" and default.name != "object"
                return default if is_telling else None
        return self._customary(name, declared, frame)

    def _declared(self, row: list[Any], frame: Frame) -> Type | None:
        """What the annotation of a parameter promises."""
        if frame.outer is None or row[Param.ANNOTATION] is None:
            return None
        declared = self.world.orm.of_caller(
            self.evaluator.annotation(row[Param.ANNOTATION], frame.outer, frame)
        )
        if row[Param.KIND] == "*":
            return inst("tuple", declared)
        return inst("dict", STR, declared) if row[Param.KIND] == "**" else declared

    def _customary(self, name: str, declared: Type | None, frame: Frame) -> Type | None:
        """What frameworks and callers pass for a parameter of which no call is at hand."""
        by_convention = None
        if declared is None or outer_is_class(frame):
            by_convention = self.world.frameworks.parameter(name, frame)
        if declared is not None:
            # A convention adds where the row comes from; what it is, the annotation says.
            same = by_convention is not None and by_convention.name == declared.name
            return by_convention if same else declared
        if by_convention is None and wants_callers(frame.scope, name):
            given = self.world.injected.parameter(name, frame)
            if given is not None:
                return given
            self.evaluator.asking()
            if frame.fuel >= ASKS or frame.scope.name == "__init__" or makes_functions(frame.scope):
                return self.world.callers.parameter(name, frame)
        return by_convention

    def imported(
        self, module: str, name: str | None, importer: str, fuel: int, strict: bool = False
    ) -> Type | None:
        """What ``from module import name`` (or ``import module``) gives in a file."""
        if not module and name is not None:
            # `from . import x` in a folder without `__init__.py`: x is a module beside this one.
            return self.imported(name, None, importer, fuel, strict)
        path = self.world.modules.home(module, name, importer)
        if path is None:
            if self._is_left_out(module, importer):
                return None
            if strict and module.partition(".")[0] not in self.library.roots:
                return None
            qualified = module if name is None else f"{module}.{name}"
            canonical = self.library.canonical(qualified)
            if strict and canonical not in self.library.classes and canonical not in self.library.functions:
                return None
            return self.evaluator.library_thing(canonical)
        if name is None:
            return Type("module", path)
        if not path.endswith("/"):
            found = self.module_global(path, name, fuel)
            if found is not None:
                return found
        below = self.world.modules.find(f"{module}.{name}", importer)
        return Type("module", below) if below is not None else None

    def _is_left_out(self, module: str, importer: str) -> bool:
        """Whether a module of a package of the project is not there: made later, or optional."""
        package = self.world.modules.find(module.rpartition(".")[0], importer)
        return package is not None and package.endswith("__init__.py")

    def module_global(self, path: str, name: str, fuel: int = FUEL) -> Type | None:
        """What a module-level name is, seen from outside its module."""
        if self.world.summary(path) is None:
            return None
        return self.evaluator.memo(
            self._globals, (path, name), ("global", path, name), lambda: self._module_global(path, name), None
        )

    def _module_global(self, path: str, name: str) -> Type | None:
        frame = self.evaluator.frame(path, 0, (), FUEL)
        if name in frame.scope.binds:
            return self.world.kept.filled(self._local(name, frame, 0, END), path, 0, name)
        return self._star(name, frame)


def _annotation(rows: list[list[Any]]) -> Expr:
    """The first annotation among bindings; few have one."""
    for row in rows:
        if row[Bind.ANNOTATION]:
            return row[Bind.ANNOTATION]
    return None

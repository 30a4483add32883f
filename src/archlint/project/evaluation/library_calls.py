"""What calls of library functions, classes and methods give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.project.evaluation.part import Part
from archlint.project.evaluation.signatures import DEPENDS
from archlint.project.limits import FUEL
from archlint.project.specials import SPECIAL_CALLS, builtin_method
from archlint.project.types import BUILTIN_CLASSES, Type, inst, is_project
from archlint.project.virtual_files import PATHS, names_virtual
from archlint.project.waiting import NO_WAIT, is_in_memory, is_made_not_to_wait

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame


class LibraryCalls(Part):
    """Calls that leave the project."""

    def library_result(self, func: Type) -> Type | None:
        """What calling a library function, or a class, without arguments gives."""
        if func.kind == "lib" and not func.args:
            if self.library.is_class(func.name):
                return self.evaluator.instantiate(func)
            signature = self.library.function(func.name)
            if signature is not None:
                return self.evaluator.instantiate_signature(signature, None, (), None)
        if func.kind == "class":
            return self.evaluator.instantiate(func)
        if func.kind == "inst" and is_project(func.name):
            method = self.evaluator.attribute(func, "__call__", FUEL)
            return (
                self.evaluator.result_of(method, (), FUEL)
                if method is not None and method.kind == "func"
                else None
            )
        return None

    def library_call(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        """What a call of a library thing gives."""
        name = func.name
        special = SPECIAL_CALLS.get(name)
        if special is not None:
            return special(self.evaluator, row, frame)
        if func.args:
            receiver = func.args[0]
            cls, _, method = name.rpartition(".")
            if receiver is None:
                return None
            return self.method_result(receiver, cls, method, row, frame)
        signature = self.library.function(name)
        arguments = self.evaluator.arguments(row, frame)
        if name in DEPENDS:
            target = arguments[0] if arguments else self.evaluator.keyword(row, "dependency", frame)
            return Type("inst", name, (target,) if target is not None else ())
        if signature is not None:
            found = self.evaluator.instantiate_signature(signature, None, arguments, row)
            if found is not None and found.kind == "inst" and self._asks_no_disk(name, arguments, row, frame):
                return found._replace(facts=(NO_WAIT,))
            return self.world.orm.refine(found, name, None, row, frame)
        if (
            self.library.is_class(name)
            or name[name.rfind(".") + 1 :][:1].isupper()
            or name in BUILTIN_CLASSES
        ):
            made = self.evaluator.instantiate(func)
            if made is not None and (
                is_made_not_to_wait(name, row) or self._asks_no_disk(name, arguments, row, frame)
            ):
                return made._replace(facts=(NO_WAIT,))
            params = self.library.parameters.get(name)
            if made is not None and params is not None:
                return made._replace(args=(self.given_parameter(row, params, frame),))
            if made is not None and name in ("list", "set", "tuple", "frozenset", "sorted") and arguments:
                return inst(name, self.evaluator.iterate(arguments[0]))
            return made
        return None

    def _asks_no_disk(
        self, name: str, arguments: tuple[Type | None, ...], row: list[Any], frame: Frame
    ) -> bool:
        """Whether a file or a path is made that has to do with memory only."""
        files = (*arguments, self.evaluator.keyword(row, "fileobj", frame))
        return is_in_memory(name, files) or (name in PATHS and names_virtual(row, frame, self.evaluator))

    def method_result(
        self, receiver: Type, cls: str, method: str, row: list[Any] | None, frame: Frame
    ) -> Type | None:
        """What calling a library method on a receiver gives."""
        builtin = builtin_method(receiver, method)
        if builtin is not None:
            return builtin
        signature = self.library.member(cls, method)
        if signature is None:
            return None
        inherited = self.world.frameworks.inherited(receiver, method)
        if inherited is not None:
            return inherited
        arguments = self.evaluator.arguments(row, frame) if row is not None else ()
        found = self.evaluator.instantiate_signature(signature, receiver, arguments, row)
        if found is not None and NO_WAIT in receiver.facts and found.name.startswith("io."):
            return found._replace(facts=(NO_WAIT,))
        return self.world.orm.refine(found, f"{cls}.{method}", receiver, row, frame)

    def given_parameter(self, row: list[Any], params: str, frame: Frame) -> Type | None:
        """The type argument of a class, read from the arguments of its constructor."""
        source, _, default = params.partition("=")
        value = None
        for place in source.split("|"):
            if place.startswith("$arg"):
                value = self.evaluator.symbol(place, None, self.evaluator.arguments(row, frame))
            else:
                value = self.evaluator.instantiate_all(self.evaluator.keyword(row, place, frame))
            if value is not None:
                break
        if value is not None and value.kind in ("class", "lib"):
            value = self.evaluator.instantiate(value)
        return value or (inst(default) if default else None)

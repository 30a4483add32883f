"""Functions and classes as rules see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Scope
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.repetition.iteration import loops_around
from archlint.project.types import Type, members
from archlint.project.words import DEFINES, LOOP_IN, SERVES, last_word, may_serialise

if TYPE_CHECKING:
    from archlint.project.asynchrony.blocking import Stall
    from archlint.project.effects import Site
    from archlint.project.file import File
    from archlint.project.frameworks import Route
    from archlint.project.per_item.loops import PerItem


class Function:
    """One function of the file under review."""

    def __init__(self, file: File, scope: Scope) -> None:
        self.file = file
        self.scope = scope
        self.name = scope.name
        self.qualname = scope.qualname
        self.is_async = scope.is_async

    @cached_property
    def frame(self) -> Frame:
        """The function evaluated on its own: parameters by annotation and convention."""
        return self.file.world.evaluator.frame(self.file.name, self.scope.index, (), ASKS_TWICE + FUEL)

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every place of the function that has an effect."""
        return self.file.world.effects.sites(self.frame)

    @cached_property
    def stalls(self) -> tuple[Stall, ...]:
        """The places of a coroutine function that stop its event loop."""
        from archlint.project.asynchrony.blocking import find

        return tuple(find(self))

    @cached_property
    def repeated_sites(self) -> tuple[Site, ...]:
        """The sites inside loops."""
        if not any(row[Block.KIND] in LOOPS for row in self.scope.blocks):
            return ()
        if "sites" in self.__dict__:
            return tuple(s for s in self.sites if any(loops_around(self.scope, s.block)))
        return self.file.world.effects.repeated_sites(self.frame)

    @cached_property
    def per_item(self) -> tuple[PerItem, ...]:
        """The sites that run once per item of a loop over data."""
        from archlint.project.per_item.loops import per_item

        return tuple(per_item(self))

    @cached_property
    def serving_calls(self) -> tuple[Site, ...]:
        """The sites of calls that may serialise rows, themselves or one call further."""
        words = self.file.world.words
        renamed = self.file.world.summary(self.file.name).renamed
        indices = [
            index
            for index, row in enumerate(self.scope.calls)
            if may_serialise(row, renamed)
            or words.files(SERVES, last_word(row[Call.FUNC]))
            or (row[Call.KEYWORDS] and self._makes_object(index, row))
        ]
        return self.file.world.effects.call_sites(self.frame, indices) if indices else ()

    def _makes_object(self, index: int, row: list[Any]) -> bool:
        """Whether a call makes an object of a class of the project."""
        world = self.file.world
        if not world.words.files(DEFINES, self._called(row[Call.FUNC])):
            return False
        return any(m.kind == "class" for m in members(world.evaluator.callee(index, self.frame)))

    def looping_calls(self, wanted: Callable[[int], bool]) -> tuple[Site, ...]:
        """The sites of calls, outside loops, of names under which the project has a function with a loop.

        What a call does costs a look at all that it leads to: only those that are ``wanted`` get it.
        """
        words = self.file.world.words
        indices = [
            index
            for index, row in enumerate(self.scope.calls)
            if (row[Call.ARGS] or row[Call.KEYWORDS])
            and words.files(LOOP_IN, self._called(row[Call.FUNC]))
            and wanted(index)
        ]
        return self.file.world.effects.call_sites(self.frame, indices) if indices else ()

    def _called(self, func: Expr) -> str:
        """The last word of a callee, in the words of the file that defines it."""
        if func is not None and func[0] == "n":
            module = self.file.world.summary(self.file.name).scopes[0]
            for scope in (self.scope, module):
                for row in scope.binds.get(func[1], ()):
                    if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im" and row[Bind.EXPR][2]:
                        return str(row[Bind.EXPR][2])
        return last_word(func)

    @cached_property
    def called_words(self) -> frozenset[str]:
        """The last words of what is called, as written here and as the module that it comes from calls it."""
        callees = [row[Call.FUNC] for row in self.scope.calls]
        return frozenset((*map(last_word, callees), *(called_word(func, self.frame) for func in callees)))

    @cached_property
    def route(self) -> Route | None:
        """The route this function handles, if it is a handler."""
        return self.file.world.frameworks.route(self.file.name, self.scope)

    @property
    def type(self) -> Type:
        """The function object as a value."""
        return Type("func", f"{self.file.name}:{self.scope.index}")

    @cached_property
    def decorator_names(self) -> tuple[str, ...]:
        """Qualified names of the decorators, empty strings where unknown."""
        evaluator = self.file.world.evaluator
        return tuple(evaluator.decorator_name(self.file.name, self.scope, d) for d in self.scope.decorators)


class Class:
    """One class of the file under review."""

    def __init__(self, file: File, scope: Scope) -> None:
        self.file = file
        self.scope = scope
        self.name = scope.name
        self.key = f"{file.name}:{scope.index}"

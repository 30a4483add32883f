"""What calls of libraries do, and what iterating does, as the knowledge tables tell it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from archlint.knowledge.loading import LOADS_AHEAD
from archlint.knowledge.offload import AT_ONCE, ON_LOOP
from archlint.knowledge.shapes import TEXTS
from archlint.model.summary import Call
from archlint.project.effects.base import SURE, UNSURE, Effect, subject_of
from archlint.project.repetition.dependence import CONSUMING
from archlint.project.rows.statements import changes_schema
from archlint.project.types import Type, is_project, members
from archlint.project.waiting import FUTURE, NO_WAIT, STALLS
from archlint.project.words import CALLS

if TYPE_CHECKING:
    from archlint.project.effects.functions import Functions
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Builtins that take every item of what they are given.
_CONSUMERS = frozenset(
    (
        "list", "set", "tuple", "sorted", "len", "sum", "any", "all", "min", "max", "dict", "frozenset",
        "next", "bool", "map", "filter", "enumerate", "zip", "reversed",
    )
)  # fmt: skip
_TEXTS = frozenset(TEXTS)
_CALLS_GIVEN = {**ON_LOOP, **AT_ONCE}
_DONE_CALLBACK = ".add_done_callback"
_FREE_WHEN_PREFETCHED = frozenset(
    ("all", "count", "exists", "<iter>", "<len>", "<bool>", "<contains>", "iterator")
)
#: The methods that Python calls for it, of the project's own classes: the first that is there.
_SPECIAL = {"<iter>": ("__iter__",), "<len>": ("__len__",), "<bool>": ("__bool__", "__len__")}
#: Facts of what is iterated without a wait.
_READY = frozenset(("prefetched", NO_WAIT))
#: These send what is pending, or (merge) find the row in the session as a rule.
_ENDS_TRANSACTION = frozenset(("commit", "flush", "prepare", "merge"))


class LibraryCalls:
    """Questions about calls that leave the project."""

    def __init__(self, world: World, functions: Functions) -> None:
        self.world = world
        self._functions = functions

    def effects(self, callee: Type, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """The effects of a call of a library function, method or class."""
        if callee.args:
            return self._method_effects(callee, callee.args[0], row, frame, depth)
        if callee.name in _TEXTS:
            return self._told(row, frame, depth)
        if callee.name in _CONSUMERS:
            asked = "<len>" if callee.name == "len" else "<iter>"
            return [*self._consumed(row, frame, depth, asked), *self._mapped(callee.name, row, frame, depth)]
        library = self.world.evaluator.library
        signature = library.function(callee.name)
        if signature is None:
            made = library.member(callee.name, "<init>")
            return [] if made is None or not made.effects else [Effect(made.effects, callee.name, "", ())]
        if "T" in signature.effects:
            target = self._argument(row, 0, frame)
            return self._given_away(signature.effects, callee.name, target, depth)
        subject = subject_of(self._argument(row, 0, frame), self.world) if "Q" in signature.effects else ""
        return [Effect(signature.effects, callee.name, subject, ())] if signature.effects else ()

    def _method_effects(
        self, callee: Type, receiver: Type | None, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        if callee.name in CONSUMING:
            return self._consumed(row, frame, depth)
        if callee.name in _CALLS_GIVEN:
            target = self._argument(row, _CALLS_GIVEN[callee.name], frame)
            found = self._given_here(target, depth)
            if not callee.name.endswith(_DONE_CALLBACK):
                return found
            # The future that such a callback gets is done.
            return [e for e in found if not e.leaf.startswith(FUTURE)]
        cls, _, method = callee.name.rpartition(".")
        signature = self.world.evaluator.library.member(cls, method)
        if signature is None or not signature.effects or receiver is None:
            return ()
        letters = signature.effects
        if "T" in letters:
            target = self._argument(row, 1 if method == "run_in_executor" else 0, frame)
            return self._given_away(letters, callee.name, target, depth)
        is_free_if_loaded = method in _FREE_WHEN_PREFETCHED
        if "prefetched" in receiver.facts and is_free_if_loaded:
            return ()
        if cls in LOADS_AHEAD and self.world.words.files(CALLS, LOADS_AHEAD[cls]):
            # Which objects it was given cannot be told.
            return ()
        if "Q" in letters and (method in _ENDS_TRANSACTION or changes_schema(row, frame.scope)):
            # Sending what is pending is no query per item; committing in a loop has a rule of its own.
            letters = letters - {"Q", "W"}
        if NO_WAIT in receiver.facts:
            letters = letters - {"B", "D", "F"}
        if "maybe" in receiver.facts and is_free_if_loaded:
            letters = letters | UNSURE
        return [Effect(letters, callee.name, subject_of(receiver, self.world), ())]

    def iteration(self, value: Type | None, member: str, depth: int) -> list[Effect]:
        """What iterating, measuring or testing a value does; at most one effect of a library."""
        library = self.world.evaluator.library
        for alternative in members(value):
            if alternative.kind != "inst" or not _READY.isdisjoint(alternative.facts):
                return []
        for alternative in members(value):
            names = [alternative.name]
            if is_project(alternative.name):
                names = sorted(self.world.classes.library_bases(alternative.name))
            for name in names:
                signature = library.member(name, member)
                if signature is not None and signature.effects & {"Q", "B"}:
                    letters = signature.effects | (UNSURE if "maybe" in alternative.facts else SURE)
                    return [Effect(letters, f"{name} iteration", subject_of(alternative, self.world), ())]
        return [e for own in members(value) for e in self._special(own, member, depth)]

    def _special(self, value: Type, member: str, depth: int) -> list[Effect]:
        """What an object of the project does when it is iterated, measured or tested."""
        if not is_project(value.name):
            return []
        names = (n for n in _SPECIAL.get(member, ()) if self.world.classes.method(value.name, n) is not None)
        return [e for name in islice(names, 1) for e in self._functions.special(value, name, depth)]

    def _argument(self, row: list[Any], position: int, frame: Frame) -> Type | None:
        args = row[Call.ARGS]
        if position >= len(args):
            return None
        return self.world.evaluator.eval(args[position], frame, row[Call.BLOCK], row[Call.ORDER])

    def _given_away(
        self, letters: frozenset[str], name: str, target: Type | None, depth: int
    ) -> Iterable[Effect]:
        """A callable given to a pool, which the caller may wait for (``pool.map``)."""
        found = list(self.offloaded(target, depth))
        return [*found, Effect(frozenset("B"), name, "", ())] if "B" in letters else found

    def _given_here(self, target: Type | None, depth: int) -> Iterable[Effect]:
        """A callable that is called in this thread, now or when the event loop comes to it."""
        scope = self.world.function(target.name) if target is not None and target.kind == "func" else None
        if target is None or scope is None or scope.is_async or scope.is_generator:
            return ()
        return self._functions.below(target, (), depth)

    def offloaded(self, target: Type | None, depth: int) -> Iterable[Effect]:
        """A callable run in a thread: it still queries, but blocks nobody."""
        if target is None or target.kind != "func":
            return ()
        scope = self.world.function(target.name)
        if scope is None:
            return ()
        found = self._functions.below(target, (), depth)
        return [e._replace(letters=e.letters - STALLS | {"A"}) for e in found if e.letters & {"Q", "L", "V"}]

    def _consumed(self, row: list[Any], frame: Frame, depth: int, member: str = "<iter>") -> Iterable[Effect]:
        """``list(queryset)``: the query runs here."""
        found = []
        callee = row[Call.FUNC]
        skipped = 1 if callee in (["n", "map"], ["n", "filter"]) else 0
        for expr in row[Call.ARGS][skipped : skipped + 1]:
            if expr is not None and expr[0] != "p":
                value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
                found += self.iteration(value, member, depth)
        return found

    def _told(self, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """``str(row)``: what the object does to describe itself."""
        found: list[Effect] = []
        for member in members(self._argument(row, 0, frame)):
            if member.kind == "inst" and is_project(member.name):
                found += self._functions.special(member, "__str__", depth)
        return found

    def _mapped(self, name: str, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """``map(fetch, urls)`` makes the thread wait as a loop of calls does; queries it repeats unseen."""
        target = self._argument(row, 0, frame) if name in ("map", "filter") else None
        scope = self.world.function(target.name) if target is not None and target.kind == "func" else None
        if target is None or scope is None or scope.is_async or scope.is_generator:
            return ()
        below = self._functions.below(target, (), depth)
        return [e._replace(letters=e.letters & {"B", "C", "F", "D", "R"}) for e in below if "B" in e.letters]

"""Chains of calls that lead to a call of some kind: the first commit, the first message sent.

Each kind is a `Sought`: words that a matching call must end in, and a test. Depth limits the hops and is
part of every key, so that answers do not depend on who asks first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import ANNOTATION, DECORATOR, Call, Scope
from archlint.project.effects import Hop, hop_of
from archlint.project.guards import guard_of, handed_on, is_off, is_open, switched_on, switches
from archlint.project.types import Type, members
from archlint.project.words import CALLS, DEFINES, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Project calls followed below a call.
DEPTH = 3

Bindings = tuple[tuple[str, Type], ...]


class Sought(NamedTuple):
    """A kind of call: its name, the last words of its callees, and whether one really is of the kind.

    ``matches`` gets the world, the row, the callee and the frame, and answers with a name or ``""``.
    ``ends`` says whether what happens below a call is the affair of the function that calls, not of its
    callers.
    """

    name: str
    words: frozenset[str]
    matches: Callable[[World, list[Any], Type | None, Frame], str]
    ends: Callable[[World, list[Any], Frame], bool] | None = None


class Found(NamedTuple):
    """A call of the kind and the hops that lead to it, itself included."""

    leaf: str
    hops: tuple[Hop, ...]
    guard: str = ""
    switches: frozenset[str] = frozenset()


class Witnesses:
    """Answers by which chain a call leads to a call of a kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._below: dict[tuple[Type, Bindings, str, int], Found | None] = world.answers()

    def of_call(self, sought: Sought, index: int, frame: Frame, depth: int = DEPTH) -> Found | None:
        """The chain from a call, which is its first hop, and its only one if it is of the kind itself."""
        row = frame.scope.calls[index]
        if row[Call.FLAGS] & (ANNOTATION | DECORATOR):
            return None
        word = self._word(frame.path, row)
        is_word = word in sought.words
        if not is_word and not (depth and self._may_lead(sought, word)):
            return None
        callee = self.world.evaluator.callee(index, frame)
        hop = hop_of(frame.path, row, frame.scope)
        if is_word:
            leaf = sought.matches(self.world, row, callee, frame)
            if leaf:
                return Found(leaf, (hop,))
        for member in members(callee):
            if member.kind == "func" and depth:
                found = self._called(sought, member, row, frame, depth)
                if found is not None:
                    return found._replace(hops=(hop, *found.hops))
        return None

    def _word(self, path: str, row: list[Any]) -> str:
        """The last word of a callee, as the file that defines it calls it."""
        word = last_word(row[Call.FUNC])
        return self.world.summary(path).renamed.get(word, word)

    def _may_lead(self, sought: Sought, word: str) -> bool:
        """Whether the project has functions of this name, and any call of the kind."""
        words = self.world.words
        return any(words.files(CALLS, w) for w in sought.words) and bool(words.files(DEFINES, word))

    def _called(self, sought: Sought, func: Type, row: list[Any], frame: Frame, depth: int) -> Found | None:
        scope = self.world.function(func.name)
        if scope is None or scope.is_generator:
            return None
        bindings = self.world.evaluator.bindings(func, row, frame)
        found = self.below(sought, func, bindings, depth - 1)
        if found is None:
            return None
        bound = bool(func.args) and self.world.evaluator.takes_receiver(func)
        if not is_open(found.guard, scope, bound, row):
            return None
        on = switched_on(found.switches, scope, bound, row, frame.scope)
        if on is None:
            return None
        return found._replace(guard=handed_on(found.guard, scope, bound, row, frame.scope), switches=on)

    def below(self, sought: Sought, func: Type, bindings: Bindings, depth: int = DEPTH) -> Found | None:
        """The shortest chain from the body of a project function."""
        key = (func, tuple(sorted(bindings)), sought.name, depth)
        if key not in self._below:
            self._below[key] = self._search(sought, func, bindings, depth)
        return self._below[key]

    def _search(self, sought: Sought, func: Type, bindings: Bindings, depth: int) -> Found | None:
        scope = self.world.function(func.name)
        if scope is None:
            return None
        receiver = func.args[0] if func.args else None
        if receiver is not None and scope.params and self.world.evaluator.takes_receiver(func):
            bindings = ((scope.params[0][0], receiver), *bindings)
        path = func.name.rpartition(":")[0]
        frame = self.world.evaluator.frame(path, scope.index, bindings, 3)
        best: Found | None = None
        for index, row in enumerate(scope.calls):
            if in_except(scope, row[Call.BLOCK]):
                continue
            found = self.of_call(sought, index, frame, depth)
            if found is None or (len(found.hops) > 1 and sought.ends and sought.ends(self.world, row, frame)):
                continue
            guard = guard_of(scope, row[Call.BLOCK], row[Call.ORDER]) or found.guard
            on = found.switches | switches(scope, row[Call.BLOCK], row[Call.ORDER])
            found = found._replace(guard=guard, switches=on)
            if best is None or _rank(found, scope) < _rank(best, scope):
                best = found
        return best


def _rank(found: Found, scope: Scope) -> tuple[bool, bool, int]:
    """Certain and short chains first."""
    return is_off(scope, found.switches), bool(found.guard or found.switches), len(found.hops)


def in_except(scope: Scope, block: int) -> bool:
    """Whether a block is the rare path: inside an ``except`` clause."""
    return any(scope.blocks[b][0] == "except" for b in scope.ancestors(block))

"""What each answer rests on, so that a changed file costs only the answers that rest on it.

An editor asks again after every keystroke. A ledger notes, while an answer is computed, what is
read and which other answers are used; a change then ends the validity of what rests on it, and
of nothing else. Runs over whole trees change no file and keep their answers in plain tables.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

V = TypeVar("V")

_MISSING: Any = object()


class Basis:
    """What answers rest on: a thing outside (a file, a question about all files), or other bases."""

    __slots__ = ("dependents", "holds", "parts")

    def __init__(self, parts: frozenset[Basis]) -> None:
        self.holds = True
        self.parts = parts
        self.dependents: set[Basis] = set()
        for part in parts:
            part.dependents.add(self)


class Ledger:
    """The answers under way, and the basis of each that is finished."""

    def __init__(self) -> None:
        self._outside: dict[Hashable, Basis] = {}
        self._joint: dict[frozenset[Basis], Basis] = {}
        #: What has been used since the innermost answer was begun.
        self.used: set[Basis] = set()
        self._begun: list[tuple[Answers, Any, set[Basis]]] = []
        self._anything = Basis(frozenset())

    def read(self, thing: Hashable) -> None:
        """Note that the present answer rests on a thing outside."""
        basis = self._outside.get(thing)
        if basis is None:
            basis = self._outside[thing] = Basis(frozenset())
        self.used.add(basis)

    def begin(self, table: Answers, key: Any) -> None:
        """An answer is not there: what is used from here on, until it is stored, is what it rests on."""
        self._begun.append((table, key, self.used))
        self.used = set()

    def end(self, table: Answers, key: Any) -> Basis:
        """An answer is stored: its basis. What was begun after it and never stored is part of it."""
        begun = self._begun
        for position in range(len(begun) - 1, -1, -1):
            if begun[position][0] is table and begun[position][1] == key:
                break
        else:
            # Nobody asked before: what led here is not known.
            self.used.add(self._anything)
            return self._anything
        self._read_named((table.about, key))
        while len(begun) > position:
            used = self.used
            self.used = begun.pop()[2]
            if len(begun) > position:
                self.used |= used
        basis = self._basis_of(used)
        self.used.add(basis)
        return basis

    def _read_named(self, key: Any) -> None:
        """The files that a key names: their scopes are often handed over with it."""
        for part in key:
            if isinstance(part, str):
                if ".py" in part or ".ipynb" in part:
                    self.read(part.rpartition(":")[0] or part)
            elif isinstance(part, tuple):
                self._read_named(part)
            elif (path := getattr(part, "path", None)) is not None:  # of a frame
                self.read(path)

    def _basis_of(self, used: set[Basis]) -> Basis:
        if len(used) == 1:
            return next(iter(used))
        parts = frozenset(used)
        basis = self._joint.get(parts)
        if basis is None:
            basis = self._joint[parts] = Basis(parts)
        return basis

    def forget(self, things: Iterable[Hashable]) -> None:
        """Things outside have changed: no answer that rests on one of them holds any more."""
        self.used, self._begun = set(), []
        ended = [self._anything]
        self._anything = Basis(frozenset())
        ended += [basis for thing in things if (basis := self._outside.pop(thing, None)) is not None]
        while ended:
            basis = ended.pop()
            if basis.holds:
                basis.holds = False
                ended += basis.dependents
                basis.dependents = set()
                self._joint.pop(basis.parts, None)
                for part in basis.parts:
                    part.dependents.discard(basis)


class Answers(dict[Any, Any]):
    """A table of answers that tells a ledger what happens to it.

    It is used as a plain table would be: look an answer up, compute it when it is not there, store it.
    In it stands each answer with its basis: keys are long, and are looked up once for both.
    """

    __slots__ = ("_ledger", "about")

    def __init__(self, ledger: Ledger, about: str = "") -> None:
        """``about`` names the file that the answers are about where their keys do not."""
        super().__init__()
        self.about = about
        self._ledger = ledger

    def begin(self, key: Any) -> None:
        """Say that an answer is computed now, though something stands in its place meanwhile."""
        self._ledger.begin(self, key)

    def __contains__(self, key: Any) -> bool:
        kept = dict.get(self, key)
        if kept is not None and kept[0].holds:
            self._ledger.used.add(kept[0])
            return True
        self._ledger.begin(self, key)
        return False

    def __getitem__(self, key: Any) -> Any:
        basis, found = dict.__getitem__(self, key)
        if not basis.holds:
            raise KeyError(key)
        self._ledger.used.add(basis)
        return found

    def get(self, key: Any, default: Any = None) -> Any:
        """The answer under a key, if it still holds."""
        kept = dict.get(self, key)
        if kept is not None and kept[0].holds:
            self._ledger.used.add(kept[0])
            return kept[1]
        self._ledger.begin(self, key)
        return default

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, (self._ledger.end(self, key), value))

    def keep(self, asked: Any, key: Any, value: Any) -> None:
        """Store under a key what was looked for under another one."""
        super().__setitem__(key, (self._ledger.end(self, asked), value))

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        """Forget an answer."""
        kept = super().pop(key) if default is _MISSING else super().pop(key, None)
        return default if kept is None else kept[1]


def settle(table: dict[Any, V], key: Any, unfinished: V, compute: Callable[[], V]) -> V:
    """Compute an answer; whoever asks for it meanwhile gets ``unfinished``."""
    table[key] = unfinished
    if isinstance(table, Answers):
        table.begin(key)
    found = table[key] = compute()
    return found


class concluded(Generic[V]):  # noqa: N801 - used as `property` is
    """A property that is computed once and kept among the answers of the instance's world."""

    def __init__(self, compute: Callable[[Any], V]) -> None:
        self._compute = compute
        self._name = ""
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type) -> V:
        attributes = instance.__dict__
        table = attributes.get("_concluded")
        if table is None:
            table = attributes["_concluded"] = instance.world.answers()
        if self._name not in table:
            table[self._name] = self._compute(instance)
        found: V = table[self._name]
        return found

"""The calls of each file by the words in them: who may call a function is asked by many, of many files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge.untrusted import HANDS_OVER, TASK_APPLIES, TASK_CALLS
from archlint.model.summary import ANNOTATION, Bind, Call, Scope, Summary
from archlint.project.words import RENAMES, arguments_of, items_of, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: A call: the scope it stands in, its row there, and the row itself.
Row = tuple[Scope, int, list[Any]]
#: The places alone: a table must not hold on to the rows of a whole file.
_Table = dict[str, list[tuple[Scope, int]]]


class CallIndex:
    """Look-up of calls; each file is read once for each kind of question."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ending: dict[str, _Table] = world.answers()
        self._handing: dict[str, _Table] = world.answers()
        self._given: dict[str, _Table] = world.answers()
        self._aliases: dict[str, dict[str, frozenset[str]]] = world.answers()

    def ending(self, path: str, word: str) -> list[Row]:
        """The calls of a file whose callee, as it is written there, ends in a word."""
        table = self._ending.get(path)
        if table is None:
            table = self._ending[path] = _by_last_word(self.world.summary(path))
        return _rows(table, word)

    def named(self, path: str, word: str) -> list[Row]:
        """The same for what is called so in its own module, imported ``as`` something else perhaps."""
        return [row for row in self.declared(path, word) if not row[2][Call.FLAGS] & ANNOTATION]

    def declared(self, path: str, word: str) -> list[Row]:
        """The same with the calls in parameters: ``Annotated[…, Depends(…)]`` and defaults."""
        spellings = self.spellings(path, word)
        if len(spellings) == 1:
            return self.ending(path, word)
        return _in_order(row for each in sorted(spellings) for row in self.ending(path, each))

    def handing(self, path: str, word: str) -> list[Row]:
        """The calls that may hand a function of this name to something that calls it later or elsewhere."""
        table = self._handing.get(path)
        if table is None:
            table = self._handing[path] = self._by_handed_word(path)
        spellings = self.spellings(path, word)
        if len(spellings) == 1:
            return _rows(table, word)
        return _in_order(row for each in sorted(spellings) for row in _rows(table, each))

    def given(self, path: str, word: str) -> list[Row]:
        """The calls of a file that are given something whose name ends in a word, alone or in a list."""
        table = self._given.get(path)
        if table is None:
            table = self._given[path] = _by_argument(self.world.summary(path))
        return _rows(table, word)

    def spellings(self, path: str, word: str) -> frozenset[str]:
        """The names that a file has for something: its own, and those of ``import … as``."""
        if self.world.words.lacks(path, RENAMES, word):
            return frozenset((word,))
        table = self._aliases.get(path)
        if table is None:
            table = self._aliases[path] = _aliases(self.world.summary(path))
        return table.get(word) or frozenset((word,))

    def _by_handed_word(self, path: str) -> _Table:
        takers = frozenset().union(*(self.spellings(path, word) for word in HANDS_OVER))
        found: _Table = {}
        for scope in self.world.summary(path).scopes:
            for index, row in enumerate(scope.calls):
                callee = row[Call.FUNC]
                if callee is None or row[Call.FLAGS] & ANNOTATION:
                    continue
                words: set[str] = set()
                if callee[0] == "a" and (callee[2] in TASK_CALLS or callee[2] in TASK_APPLIES):
                    words.add(last_word(callee[1]))
                if last_word(callee) in takers:
                    words.update(map(last_word, row[Call.ARGS]))
                for word in words:
                    found.setdefault(word, []).append((scope, index))
        return found


def _by_last_word(summary: Summary) -> _Table:
    found: _Table = {}
    for scope in summary.scopes:
        for index, row in enumerate(scope.calls):
            found.setdefault(last_word(row[Call.FUNC]), []).append((scope, index))
    return found


def _by_argument(summary: Summary) -> _Table:
    found: _Table = {}
    for scope in summary.scopes:
        for index, row in enumerate(scope.calls):
            for word in set(map(last_word, items_of(arguments_of(row)))):
                found.setdefault(word, []).append((scope, index))
    return found


def _rows(table: _Table, word: str) -> list[Row]:
    return [(scope, index, scope.calls[index]) for scope, index in table.get(word, ())]


def _aliases(summary: Summary) -> dict[str, frozenset[str]]:
    """From a word to the names that imports of a file give it, itself among them."""
    found: dict[str, set[str]] = {}
    for scope in summary.scopes:
        for name, rows in scope.binds.items():
            for row in rows:
                expr = row[Bind.EXPR]
                if expr is not None and expr[0] == "im" and expr[2] not in (None, name):
                    found.setdefault(expr[2], {expr[2]}).add(name)
    return {word: frozenset(names) for word, names in found.items()}


def _in_order(rows: Any) -> list[Row]:
    """Rows in the order of the file, each once."""
    return [row for _, row in sorted({(row[0].index, row[1]): row for row in rows}.items())]

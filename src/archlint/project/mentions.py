"""Which files mention a word, told from the words of each, which are a fraction of its text."""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlint.project.world import World

_LETTERS = frozenset(f"{string.ascii_letters}{string.digits}_".encode())
#: Blanks for all that is no part of a word: a regular expression finds the words in three times the time.
_BLANKED = bytes(byte if byte in _LETTERS else 32 for byte in range(256))


def vocabulary(content: bytes) -> bytes:
    """Every word of a text, once: a part of a word is in here if it is in the text, and only then."""
    return b" ".join(dict.fromkeys(_words(content)))


def _words(text: bytes) -> list[bytes]:
    return text.translate(_BLANKED).split()


@cache
def _parted(words: tuple[str, ...]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Those that are words, or parts of one, and those that hold anything else, such as ``.get(``."""
    encoded = [word.encode() for word in words]
    plain = tuple(word for word in encoded if _words(word) == [word])
    return plain, tuple(word for word in encoded if word not in plain)


def mentions(content: bytes, known: bytes, words: tuple[str, ...]) -> bool:
    """Whether a text with a known vocabulary contains any of these."""
    plain, others = _parted(words)
    for word in plain:  # asked by every rule of every file: a loop is twice as fast as ``any``
        if word in known:
            return True
    return any(word in content for word in others)


class Mentioned:
    """Which words one text contains; all rules ask it, and checks for every function of a file."""

    def __init__(self, content: bytes, before: Mentioned | None = None) -> None:
        """``before`` is of an earlier text of the same file: few words come and go with a change."""
        self.vocabulary = vocabulary(content)
        self._content = content
        self._found: dict[tuple[str, ...], bool] = {}
        if before is not None:
            differing = b" ".join({*before.vocabulary.split()} ^ {*self.vocabulary.split()})
            for words, found in before._found.items():
                plain, others = _parted(words)
                if not others and not any(word in differing for word in plain):
                    self._found[words] = found

    def any_of(self, words: tuple[str, ...]) -> bool:
        """Whether the text contains any of these."""
        found = self._found.get(words)
        if found is None:
            found = self._found[words] = mentions(self._content, self.vocabulary, words)
        return found


class Mentions:
    """From a word to the files whose text contains it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._vocabularies: dict[str, bytes] = {}
        #: What has been found so far.
        self.known: dict[str, tuple[str, ...]] = {}

    def of(self, word: str) -> tuple[str, ...]:
        """The files whose text contains a word, sorted."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = tuple(self._search(word.encode()))
        return found

    def replace(self, path: str, old: bytes, new: bytes) -> None:
        """Correct what was found in the text that a file had before."""
        self._vocabularies.pop(path, None)
        if path not in self._world.modules.files():
            return
        # Of words, few come and go with a change; what holds anything else is sought in full.
        differing = b" ".join(sorted({*_words(old)} ^ {*_words(new)}))
        for word, paths in self.known.items():
            plain, _ = _parted((word,))
            if plain and plain[0] not in differing:
                continue
            sought = word.encode()
            if (sought in old) != (sought in new):
                self.known[word] = tuple(sorted({*paths} ^ {path}))

    def _search(self, sought: bytes) -> list[str]:
        parts = _words(sought)
        paths = list(self._world.modules.files())
        for part in parts:
            paths = [path for path in paths if part in self._vocabulary(path)]
        if parts == [sought]:
            return paths
        return [path for path in paths if sought in (self._world.read(path) or b"")]

    def _vocabulary(self, path: str) -> bytes:
        found = self._vocabularies.get(path)
        if found is None:
            found = self._vocabularies[path] = vocabulary(self._world.read(path) or b"")
        return found

"""A world whose files change under an editor: a keystroke costs the answers that rest on it, not all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from archlint.model.summary import Summary
from archlint.project.cache import SummaryCache
from archlint.project.ledger import Answers, Ledger
from archlint.project.mentions import Mentioned
from archlint.project.waiting import Declared
from archlint.project.words import WordIndex, Words
from archlint.project.world import World

V = TypeVar("V")


class LiveWorld(World):
    """Keeps a ledger of what each answer rests on."""

    def __init__(
        self,
        root: Path,
        *,
        cache: SummaryCache | None = None,
        overlay: Mapping[str, bytes] | None = None,
        declared: Declared | None = None,
    ) -> None:
        self.ledger = Ledger()
        self._parsed: tuple[str, ast.Module] | None = None
        self._latest: tuple[str, Mentioned] | None = None
        super().__init__(root, cache=cache, overlay=overlay, declared=declared)
        self.words = LiveWords(self)

    def answers(self, about: str = "") -> dict[Any, Any]:
        """A table that keeps what still holds after a change."""
        return Answers(self.ledger, about)

    def aside(self, ask: Callable[..., V], *args: Any) -> V:
        """Ask something that the answer under way does not rest on."""
        used, self.ledger.used = self.ledger.used, set()
        try:
            return ask(*args)
        finally:
            self.ledger.used = used

    def replace(self, path: str, content: bytes | None) -> None:
        """Take another text for a file, and forget the answers that rested on the old one."""
        summary, text, words = self._state(path)
        mentions = dict(self.mentions.known)
        self._take(path, content)
        now, new_text, new_words = self._state(path)
        changed: list[Hashable] = [("text", path)] if text != new_text else []
        if not summary.says(now):
            changed.append(path)
        # Where nothing has changed it is the same tuple, as long as the project has files.
        changed += [
            ("word", word) for word, paths in self.mentions.known.items() if mentions[word] is not paths
        ]
        changed += differences(words, new_words)
        self.ledger.forget(changed)

    def _state(self, path: str) -> tuple[Summary, bytes | None, Words]:
        return super().summary(path), super().read(path), self.words.words_of(path)

    def tree_of(self, path: str, digest: str) -> ast.Module | None:
        """The tree that the summary of a changed text was made from, once: the rules need it next."""
        parsed, self._parsed = self._parsed, None
        is_same = parsed is not None and parsed[0] == path and self._digests.get(path) == digest
        return parsed[1] if parsed is not None and is_same else None

    def _lower(self, path: str, tree: ast.Module) -> Summary:
        self._parsed = (path, tree)
        return super()._lower(path, tree)

    def mentioned(self, path: str, content: bytes) -> Mentioned:
        """Which words a text contains, as far as it can be told from the text before the last keystroke."""
        before = self._latest[1] if self._latest is not None and self._latest[0] == path else None
        found = Mentioned(content, before)
        self._latest = (path, found)
        return found

    # -- what is read -----------------------------------------------------------------------------

    def summary(self, path: str) -> Summary:
        """The summary of a file, noted as read."""
        self.ledger.read(path)
        return self.aside(super().summary, path)

    def digest(self, path: str) -> str:
        """A fingerprint of a file's bytes, noted as read."""
        self.ledger.read(("text", path))
        return self.aside(super().digest, path)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, noted as read."""
        self.ledger.read(("text", path))
        return super().read(path)

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files whose text contains a word, noted as asked."""
        self.ledger.read(("word", word))
        return self.aside(super().mentioning, word)


class LiveWords(WordIndex):
    """The words of a world that keeps a ledger."""

    def __init__(self, world: LiveWorld) -> None:
        super().__init__(world)
        self._live = world

    def files(self, use: str, word: str) -> tuple[str, ...]:
        """The files that use a word in this way, noted as asked."""
        self._live.ledger.read((use, word))
        return self._live.aside(super().files, use, word)


def differences(before: Words, after: Words) -> Iterator[tuple[str, str]]:
    """The uses of words that are in one of two files only."""
    for use in sorted(before.keys() | after.keys()):
        for word in sorted({*before.get(use, ())} ^ {*after.get(use, ())}):
            yield use, word

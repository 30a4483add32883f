"""Which rules run on a file, with ruff's precedence.

Within one layer the longest selector wins and a tie is ignored: ``ignore = ["ARC2"]`` with
``extend-select = ["ARC201"]`` keeps ARC201, and ``select = ["ARC"]`` with
``ignore = ["ARC401"]`` drops it. A layer with ``select`` starts afresh; one without changes what
the layers below have chosen. An opt-in rule is chosen by its full code, its name or ``ALL``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.settings import PerFileIgnore, Selectors, Settings, SettingsError, nearest
from archlint.engine.registry import INTERNAL, UNUSED, UNUSED_NAME, Registry

if TYPE_CHECKING:
    from archlint.engine.patterns import PatternSet

_FAMILY = re.compile(r"ARC[0-9]?$")
_PREFIX = re.compile(r"ARC[0-9]{0,3}$")

#: How far a selector decides: longer is more specific, a full code or a name the most.
_EXACT = len("ARC000")


class Matched(NamedTuple):
    """The rules that one selector names."""

    specificity: int
    codes: tuple[str, ...]


class Selection:
    """The chosen rules of one set of settings; loads a rule only to ask whether it is opt-in."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings = settings
        self._registry = registry
        self._matched: dict[str, Matched] = {}
        self._chosen = self._choose()
        self._per_file = [(entry, *self._read(entry)) for entry in settings.per_file_ignores]
        self._enabled: tuple[str, ...] | None = None
        self._keys: dict[frozenset[str], str] = {}

    def enabled(self) -> tuple[str, ...]:
        """The codes that run, sorted."""
        if self._enabled is None:
            self._enabled = tuple(
                code for code, surely in sorted(self._chosen.items()) if surely or self._is_default(code)
            )
        return self._enabled

    def enabled_in(self, path: str) -> tuple[str, ...]:
        """The codes that run in one file, sorted."""
        enabled, ignored = self.enabled(), self._ignored_in(path)
        return tuple(code for code in enabled if code not in ignored) if ignored else enabled

    def key_in(self, path: str) -> str:
        """The choice for one file as a text, without loading any rule."""
        ignored = self._ignored_in(path)
        found = self._keys.get(ignored)
        if found is None:
            chosen = sorted(self._chosen.items())
            words = (f"{code}!" if surely else code for code, surely in chosen if code not in ignored)
            found = self._keys[ignored] = " ".join(words)
        return found

    def keep_only(self, codes: Container[str]) -> None:
        """Leave out the rules that nobody would see."""
        self._chosen = {code: surely for code, surely in self._chosen.items() if code in codes}
        self._enabled = None
        self._keys.clear()

    def _ignored_in(self, path: str) -> frozenset[str]:
        """The codes that ``per-file-ignores`` takes away from one file."""
        if not self._per_file:
            return frozenset()
        name = path.rpartition("/")[2]
        codes: set[str] = set()
        for entry, pattern, named in self._per_file:
            if pattern.matches(name, path) != entry.negated:
                codes |= named
        return frozenset(codes)

    def _is_default(self, code: str) -> bool:
        try:
            return self._registry.load(code).default
        except Exception:  # noqa: BLE001 - a rule that cannot be loaded is reported when it runs
            return True

    def _choose(self) -> dict[str, bool]:
        """Code of every chosen rule -> whether it is chosen even if it is opt-in."""
        chosen = dict.fromkeys(self._registry.entries, False)
        carried: tuple[str, ...] = ()
        for layer in self._settings.selectors:
            updates = self._updates(layer, carried)
            carried = ()
            if layer.select is not None:
                chosen = {}
                carried = () if layer.select or layer.extend_select else layer.ignore
            for code, surely in updates.items():
                if surely is None:
                    chosen.pop(code, None)
                else:
                    chosen[code] = surely or chosen.get(code, False)
        return chosen

    def _updates(self, layer: Selectors, carried: Sequence[str]) -> dict[str, bool | None]:
        """What one layer says of each rule it names: chosen (surely or by default), or ``None``."""
        wanted = [
            (self._match(word, layer.source), True) for word in (*(layer.select or ()), *layer.extend_select)
        ]
        unwanted = [(self._match(word, layer.source), False) for word in (*layer.ignore, *carried)]
        updates: dict[str, bool | None] = {}
        # Sorting is stable: among equals what is unwanted comes last, so that a tie is ignored.
        for matched, select in sorted(wanted + unwanted, key=lambda pair: pair[0].specificity):
            surely = matched.specificity in {0, _EXACT}
            for code in matched.codes:
                updates[code] = (surely or bool(updates.get(code))) if select else None
        return updates

    def _read(self, entry: PerFileIgnore) -> tuple[PatternSet, frozenset[str]]:
        from archlint.engine.patterns import PatternSet  # few projects have per-file ignores

        source = f"per-file-ignores of `{entry.pattern}`"
        codes = frozenset(code for word in entry.selectors for code in self._match(word, source).codes)
        return PatternSet([entry.pattern.lstrip("!")], entry.base), codes

    def _match(self, word: str, source: str) -> Matched:
        matched = self._matched.get(word)
        if matched is None:
            matched = self._matched[word] = match(word, self._registry, source)
        return matched


def match(word: str, registry: Registry, source: str) -> Matched:
    """The rules a selector names; raises ``SettingsError`` for a word that names none."""
    if word == "ALL":
        return Matched(0, tuple(registry.entries))
    if word in {UNUSED, UNUSED_NAME}:
        return Matched(_EXACT, (UNUSED,))
    if (code := registry.code_of(word)) is not None:
        return Matched(_EXACT, (code,))
    if _PREFIX.match(word):
        codes = tuple(code for code in registry.entries if code.startswith(word))
        if codes or _FAMILY.match(word) or word == INTERNAL:
            return Matched(len(word), codes)
    known = [*registry.entries, *registry.names, UNUSED, UNUSED_NAME, "ALL"]
    where = f"{source}: " if source else ""
    raise SettingsError(f"{where}unknown rule `{word}`{nearest(word, known)}")


def check_words(words: Iterable[str], registry: Registry, source: str) -> None:
    """Refuse selectors that name no rule, before any file is read."""
    for word in words:
        match(word, registry, source)

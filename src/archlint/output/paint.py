"""Colours of terminal text, and text that a terminal can show."""

from __future__ import annotations

import unicodedata

import attrs

TAB = "    "


@attrs.frozen
class Paint:
    """Wraps text in the escape sequences of a terminal, or leaves it alone."""

    enabled: bool

    def _wrap(self, text: str, *codes: str) -> str:
        return "".join(f"\x1b[{code}m" for code in codes) + text + "\x1b[0m" if self.enabled else text

    def bold(self, text: str) -> str:
        """Paths and messages."""
        return self._wrap(text, "1")

    def code(self, text: str) -> str:
        """Rule codes and the marks under the source."""
        return self._wrap(text, "1", "91")

    def frame(self, text: str) -> str:
        """Line numbers, arrows and bars, and the marks of related places."""
        return self._wrap(text, "1", "94")

    def accent(self, text: str) -> str:
        """Separators and the sign of a fix."""
        return self._wrap(text, "36")

    def label(self, text: str) -> str:
        """The word ``help``."""
        return self._wrap(text, "1", "96")

    def warning(self, text: str) -> str:
        """The word ``note``."""
        return self._wrap(text, "1", "33")

    def removed(self, text: str) -> str:
        """A line that a fix removes."""
        return self._wrap(text, "31")

    def added(self, text: str) -> str:
        """A line that a fix adds."""
        return self._wrap(text, "32")


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\ufffd" if "\x7f" <= character < "\xa0" else character


def visible(text: str) -> str:
    """The text with tabs widened and control characters, which could steer a terminal, made visible."""
    return text if text.isprintable() else "".join(map(_shown, text))


def width(text: str) -> int:
    """Columns that visible text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

"""The words that an identifier is made of."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def word_list(name: str) -> list[str]:
    """The words of an identifier, lower case, in their order: ``OAuth2Token`` is o, auth, 2, token."""
    return [word.lower() for word in _WORD.findall(name)]


def name_words(name: str) -> frozenset[str]:
    """The words of an identifier, lower case."""
    return frozenset(word_list(name))

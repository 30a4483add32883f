"""Identities of findings that survive moved lines: no line number goes into them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context


def fingerprints(diagnostics: Sequence[Diagnostic], context: Context) -> list[str]:
    """One hexadecimal identity for each diagnostic.

    It is made of the code, the relative path, the enclosing symbol and the text of the line
    without its spacing; of equals, the second and later ones are told apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for diagnostic in diagnostics:
        key = _key(diagnostic, context)
        found.append(_digest((*key, str(seen[key]))))
        seen[key] += 1
    return found


def _key(diagnostic: Diagnostic, context: Context) -> tuple[str, ...]:
    location = diagnostic.location
    path = PurePath(context.relative(location.path)).as_posix()
    text = " ".join(context.line(location.path, location.line).split())
    return (diagnostic.code, path, diagnostic.symbol, text)


def _digest(parts: tuple[str, ...]) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=8).hexdigest()

"""Path patterns: what they match, and whether one matches all that another does."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

#: What the converters of each family match; the converter without a name stands under ``""``.
_STARLETTE = {
    "": r"[^/]+",
    "str": r"[^/]+",
    "int": r"[0-9]+",
    "float": r"[0-9]+(\.[0-9]+)?",
    "path": ".*",
    "uuid": "uuid",
}
_DJANGO = {
    "": r"[^/]+",
    "str": r"[^/]+",
    "int": r"[0-9]+",
    "slug": r"[-a-zA-Z0-9_]+",
    "path": ".+",
    "uuid": "uuid",
}
_FLASK = {
    "": r"[^/]+", "string": r"[^/]+", "default": r"[^/]+", "int": r"[0-9]+", "float": r"[0-9]+\.[0-9]+",
    "path": ".+", "uuid": "uuid",
}  # fmt: skip
_DRF = {**_DJANGO, "": r"[^/.]+"}
_BRACES = frozenset(("fastapi", "starlette", "aiohttp", "django-ninja", "litestar"))
_FAMILIES = {"django": _DJANGO, "drf": _DRF, "flask": _FLASK, "quart": _FLASK, "sanic": _FLASK}
_BRACE = re.compile(r"\{([a-zA-Z_]\w*)(?::([^{}]*))?\}")
_ANGLE = re.compile(r"<(?:([^<>:]*):)?([^<>:]+)>")
#: Which converters match everything that others match.
_DIGITS, _WORDS = frozenset((r"[0-9]+", "uuid")), r"[-a-zA-Z0-9_]+"
_WIDER = {
    r"[^/]+": _DIGITS | {r"[^/.]+", r"[0-9]+(\.[0-9]+)?", r"[0-9]+\.[0-9]+", _WORDS},
    r"[^/.]+": _DIGITS | {_WORDS},
    _WORDS: _DIGITS,
}
_UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"

#: A piece of a segment: literal text with an empty converter, or a parameter's name with what it matches.
Piece = tuple[str, str]
Segment = tuple[Piece, ...]


class Pattern(NamedTuple):
    """A path, taken apart at its slashes; converters tell parameters from literal text."""

    segments: tuple[Segment, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters, from left to right."""
        return tuple(text for segment in self.segments for text, matches in segment if matches)

    @property
    def shape(self) -> tuple[Segment, ...]:
        """The pattern without the names of its parameters: equal for paths that match the same."""
        return tuple(tuple(("", m) if m else (t, m) for t, m in segment) for segment in self.segments)


@lru_cache(maxsize=4096)
def pattern(path: str, framework: str) -> Pattern | None:
    """A path as its framework reads it; None where it cannot be taken apart."""
    if framework in _BRACES:
        found, converters, group = _BRACE, _STARLETTE, (1, 2)
    elif framework in _FAMILIES:
        if any(sign in path for sign in ("(", "\\", "[", "^", "$", "|")):
            return None
        found, converters, group = _ANGLE, _FAMILIES[framework], (2, 1)
    else:
        return None
    pieces: list[Piece] = []
    start = 0
    for match in found.finditer(path):
        matches = converters.get(match[group[1]] or "")
        if matches is None:
            return None
        pieces += [(path[start : match.start()], ""), (match[group[0]].strip(), matches)]
        start = match.end()
    pieces.append((path[start:], ""))
    if any(sign in text for text, matches in pieces if not matches for sign in "{}<>"):
        return None
    return Pattern(_split(pieces))


def _split(pieces: list[Piece]) -> tuple[Segment, ...]:
    segments: list[list[Piece]] = [[]]
    for text, matches in pieces:
        if matches:
            segments[-1].append((text, matches))
            continue
        first, *rest = text.split("/")
        if first:
            segments[-1].append((first, ""))
        segments += [[(part, "")] if part else [] for part in rest]
    return tuple(tuple(segment) for segment in segments)


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether every path that one pattern matches is matched by another."""
    first, second = wide.segments, narrow.segments
    if first and len(first[-1]) == 1 and first[-1][0][1] in (".*", ".+"):
        head = first[:-1]
        if len(second) <= len(head):
            return False
        # `.+` wants something: an empty last segment is nothing.
        is_something = first[-1][0][1] == ".*" or bool(second[len(head)]) or len(second) > len(head) + 1
        return is_something and all(_covers(a, b) for a, b in zip(head, second, strict=False))
    return len(first) == len(second) and all(_covers(a, b) for a, b in zip(first, second, strict=True))


def _covers(wide: Segment, narrow: Segment) -> bool:
    if _shape(wide) == _shape(narrow):
        return True
    if len(narrow) == 1 and not narrow[0][1]:
        return _matches(wide, narrow[0][0])
    if len(wide) != 1 or not wide[0][1]:
        return False
    matches = wide[0][1]
    if matches in (".*", ".+") or any(piece[1] in (".*", ".+") for piece in narrow):
        return False
    if len(narrow) == 1:
        return narrow[0][1] in _WIDER.get(matches, frozenset())
    # Text and parameters side by side: as wide as a whole segment, never wider.
    return bool(narrow) and matches == r"[^/]+"


def _shape(segment: Segment) -> Segment:
    return tuple(("", matches) if matches else (text, matches) for text, matches in segment)


def _matches(segment: Segment, text: str) -> bool:
    regex = "".join(re.escape(t) if not m else f"(?:{_UUID if m == 'uuid' else m})" for t, m in segment)
    return bool(segment) and any(m for _, m in segment) and re.fullmatch(regex, text) is not None

"""What a template reads, as a tree: its loops, conditions, aliases, other templates, and the values it shows.

Django's language and Jinja's share what is needed here; a template that cannot be followed reads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from archlint.knowledge.templates import KEEPS_ROWS, LEAVES_RAW, LOOP_NAMES, OPERATORS, SAFE, SET_ASIDE

#: A name and the attributes that are read behind it.
Path: TypeAlias = tuple[str, ...]

_TOKEN = re.compile(r"\{\{(?P<value>[^{}]{0,2000})\}\}|\{%(?P<tag>[^{}%]{0,2000})%\}")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)*")
_LOOP = re.compile(r"for\s+(?P<names>[\w\s,()]+?)\s+in\s+(?P<over>.+)", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_TAIL = re.compile(r"\s+(?:if|recursive|reversed)\b.*", re.DOTALL)
#: Templates that are longer, in characters, or nested deeper were not written by hand: they read nothing.
_LONGEST, _DEEPEST = 1_000_000, 60
_FILTER = re.compile(r"\|\s*(\w+)")
_GIVEN = re.compile(r"(\w+)\s*=\s*([A-Za-z_]\w*(?:\.\w+)*)")
_CALLED_BY = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)\s+as\s+(\w+)")
#: Tags that begin another branch.
_BRANCHES = frozenset(("elif", "else", "elseif", "empty"))


class Shown(NamedTuple):
    """A value that is read."""

    path: Path
    line: int
    whole: bool = False  # whether the value itself is shown, as text
    raw: bool = False  # whether it is shown as it is, without escaping


class Loop(NamedTuple):
    """A loop over the rows behind a path; the path is empty where it cannot be read."""

    names: tuple[str, ...]
    over: Path
    body: list[Node]
    line: int
    number: int  # among the loops of its template, in the order of their ends


class Choice(NamedTuple):
    """A condition, with what stands in all of its branches."""

    tests: tuple[Path, ...]
    body: list[Node]
    line: int


class Alias(NamedTuple):
    """Another name for the value behind a path."""

    name: str
    path: Path
    line: int


class Included(NamedTuple):
    """Another template, with the names it gets besides those that are there."""

    name: str
    given: tuple[tuple[str, Path], ...]
    line: int


Node: TypeAlias = Shown | Loop | Choice | Alias | Included


class _Open(NamedTuple):
    """A block that has not ended."""

    word: str
    line: int
    text: str
    body: list[Node]


class _MismatchError(Exception):
    """Blocks that do not end in the order in which they begin, or too many of them."""


def parse(text: str) -> tuple[Node, ...]:
    """The nodes of a template."""
    if len(text) > _LONGEST:
        return ()
    try:
        return _Parser().parse(_without_comments(text))
    except _MismatchError:
        return ()


def _without_comments(text: str) -> str:
    """A template without what stands between ``{#`` and ``#}``; its lines keep their numbers."""
    kept: list[str] = []
    end = 0
    while (start := text.find("{#", end)) >= 0 and (close := text.find("#}", start + 2)) >= 0:
        kept += (text[end:start], "\n" * text.count("\n", start, close))
        end = close + 2
    return "".join((*kept, text[end:]))


class _Parser:
    """The blocks that are open while a template is read."""

    def __init__(self) -> None:
        self.open = [_Open("", 0, "", [])]
        self.loops = 0
        #: For each block that says so, whether it escapes what is shown in it.
        self.escapes: list[bool] = []

    def parse(self, text: str) -> tuple[Node, ...]:
        line, end = 1, 0
        for token in _TOKEN.finditer(text):
            line, end = line + text.count("\n", end, token.start()), token.start()
            tag = (token["tag"] or "").strip("-+ \n\t")
            word = tag.split(None, 1)[0] if tag else ""
            if self.open[-1].word in SET_ASIDE:
                if word == f"end{self.open[-1].word}":
                    self.open.pop()
            elif token["value"] is not None:
                self._value(token["value"], line)
            elif word:
                self._tag(word, tag, line)
            if len(self.open) > _DEEPEST:
                raise _MismatchError
        if len(self.open) != 1:
            raise _MismatchError
        return tuple(self.open[0].body)

    def _value(self, text: str, line: int) -> None:
        found = list(paths(text))
        body = self.open[-1].body
        filters = set(_FILTER.findall(_STRING.sub("", text)))
        is_raw = filters <= LEAVES_RAW and (not filters.isdisjoint(SAFE) or not all(self.escapes[-1:]))
        for path in found:
            if len(path) > 1:
                body.append(Shown(path, line, raw=is_raw))
            elif len(found) == 1 and "[" not in text and "(" not in text:
                body.append(Shown(path, line, whole=True, raw=is_raw))

    def _tag(self, word: str, text: str, line: int) -> None:
        body = self.open[-1].body
        if word == "for" or _is_condition(word) or word in SET_ASIDE:
            self.open.append(_Open(word, line, text, []))
        elif word == "endfor" or _is_condition(word.removeprefix("end")):
            self._end(word)
        elif word in _BRANCHES:
            self._branch(word, text, line)
        elif word == "autoescape":
            self.escapes.append(text.rsplit(maxsplit=1)[-1] not in ("off", "false"))
        elif word == "endautoescape":
            self.escapes = self.escapes[:-1]
        elif word in ("with", "set"):
            body += (Alias(name, tuple(path.split(".")), line) for name, path in _aliases(text))
        elif word == "include":
            name = _STRING.search(text)
            if name is not None:
                given = tuple((key, tuple(path.split("."))) for key, path in _GIVEN.findall(text))
                body.append(Included(name[0][1:-1], given, line))
        elif not word.startswith("end"):
            body += (Shown(path, line) for path in paths(text[len(word) :]) if len(path) > 1)

    def _branch(self, word: str, text: str, line: int) -> None:
        opened = self.open[-1]
        if opened.word == "for":
            # What is shown where there are no rows.
            self.open.append(_Open("else", line, "", []))
        elif _is_condition(opened.word):
            opened.body.extend(Shown(path, line) for path in paths(text[len(word) :]) if len(path) > 1)

    def _end(self, word: str) -> None:
        if word == "endfor" and self.open[-1].word == "else":
            self.open.pop()
        if f"end{self.open[-1].word}" != word:
            raise _MismatchError
        opened = self.open.pop()
        self.open[-1].body.append(self._loop(opened) if word == "endfor" else _choice(opened))

    def _loop(self, opened: _Open) -> Loop:
        self.loops += 1
        match = _LOOP.match(opened.text)
        names = tuple(re.findall(r"\w+", match["names"])) if match is not None else ()
        over = _rows(match["over"]) if match is not None else ()
        return Loop(names, over, opened.body, opened.line, self.loops)


def _is_condition(word: str) -> bool:
    return word in ("if", "ifchanged", "ifequal", "ifnotequal")


def _choice(opened: _Open) -> Choice:
    return Choice(tuple(paths(opened.text[len(opened.word) :])), opened.body, opened.line)


def _rows(text: str) -> Path:
    """The path of what a loop walks; empty where a filter may leave rows out, or it is no plain path."""
    first, *filters = _TAIL.sub("", text).replace("()", "").split("|")
    words = {part.partition(":")[0].partition("(")[0].strip() for part in filters}
    is_plain = _PLAIN.fullmatch(first.strip()) is not None and words <= KEEPS_ROWS
    return tuple(first.strip().split(".")) if is_plain else ()


def _aliases(text: str) -> Iterator[tuple[str, str]]:
    yield from _GIVEN.findall(text)
    yield from ((name, path) for path, name in _CALLED_BY.findall(text))


def paths(text: str) -> Iterator[Path]:
    """The paths that an expression reads, without those that are called with arguments."""
    plain = _STRING.sub(lambda match: " " * len(match[0]), text).replace("()", "")
    for match in _NAME.finditer(plain):
        path = tuple(match[0].split("."))
        behind = plain[match.end() :].lstrip()
        if path[0] in OPERATORS or path[0] in LOOP_NAMES or (behind[:1] == "=" and behind[:2] != "=="):
            continue
        if plain[: match.start()].rstrip()[-1:] == "|":
            continue
        if behind[:1] == "(":
            path = path[:-1]
        if path:
            yield path

"""Comments that hide findings: flake8's, ruff's and our own.

Every surface hides the union of what flake8 and ruff hide, so that a finding is never shown by
one and hidden by the other:

* ``# noqa`` and ``# noqa: ARC201`` on the line of the finding. As in flake8 a code may be a
  prefix, what cannot be read as codes hides everything, and several lines joined by a string or
  a backslash count as one. As in ruff the blank after ``#`` may be missing.
* ``# flake8: noqa`` on a line of its own hides the whole file, with or without codes.
* ``# ruff: noqa`` and ``# ruff: noqa: ARC201`` on a line of its own hide in the whole file.
* ``# ruff: ignore[ARC201]`` behind code hides on that line; on a line of its own in the statement
  that follows. ``# ruff: disable[ARC201]`` hides down to ``# ruff: enable[ARC201]`` of the same
  indentation, or to the end of the block; ``# ruff: file-ignore[ARC201]`` in the whole file.
* ``# archlint:`` takes the place of ``# ruff:`` in all of these, but for ``noqa``.

Codes in brackets are full codes or names of rules, and a reason may follow.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

import attrs

from archlint.core.diagnostic import Diagnostic
from archlint.core.source import decode, split_lines

_WORTH_A_LOOK = re.compile(rb"noqa|(?:ruff|archlint)\s*:", re.IGNORECASE)

_FLAKE8_FILE = re.compile(r"\s*#\x20flake8[:=]\s*noqa", re.IGNORECASE)
_FLAKE8_LINE = re.compile(r"#\x20noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_RUFF_CODES = r"[A-Z]+[0-9]+(?:[\s,]*[A-Z]+[0-9]+)*"
_RUFF_LINE = re.compile(rf"#\s*(?i:noqa)(?:\s*:\s*(?P<codes>{_RUFF_CODES})|(?![\w:])(?!\s*:))")
_RUFF_FILE = re.compile(rf"#\s*ruff\s*:\s*noqa(?:\s*:\s*(?P<codes>{_RUFF_CODES})|(?![\w:])(?!\s*:))")
_BRACKETS = re.compile(
    r"#\s*(?:ruff|archlint)\s*:\s*(?P<verb>ignore|disable|enable|file-ignore)\s*\[(?P<codes>[^\]]*)\]"
)
_CODE = re.compile(r"[A-Z]+[0-9]+")
_LAYOUT = frozenset((tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER))


def visible(found: Sequence[Diagnostic], content: bytes | str) -> list[Diagnostic]:
    """The findings that no comment of the file hides."""
    if not found or not _WORTH_A_LOOK.search(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    ):
        return list(found)
    comments = Suppressions(content if isinstance(content, str) else _readable(content))
    return [diagnostic for diagnostic in found if not comments.hide(diagnostic)]


def _readable(content: bytes) -> str:
    try:
        return decode(content)
    except (SyntaxError, UnicodeDecodeError):
        # Python has read the file all the same: the odd bytes stand in a comment.
        return content.decode("latin-1")


@attrs.frozen
class Comment:
    """A comment, where it stands, and what it stands beside."""

    line: int
    column: int
    text: str
    #: Whether nothing stands before the comment on its line.
    alone: bool
    #: Whether the comment stands between the lines of one statement.
    inside: bool
    #: How many blanks stand before it.
    blanks: int


@attrs.frozen
class Span:
    """Lines in which a comment hides some codes or names; ``None`` stands for all of them."""

    comment: Comment
    first: int
    last: float
    words: tuple[str, ...] | None
    #: Whether the beginning of a code is enough.
    prefixes: bool = False
    #: The comment that ends the region, where one does.
    closing: Comment | None = None

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is hidden."""
        if self.words is None:
            return self._covers(diagnostic)
        return any(self.hides_by(word, diagnostic) for word in self.words)

    def hides_by(self, word: str, diagnostic: Diagnostic) -> bool:
        """Whether a finding is hidden because of one of the words."""
        named = word in {diagnostic.code, diagnostic.name}
        prefix = self.prefixes and diagnostic.code.startswith(word)
        return (named or prefix) and self._covers(diagnostic)

    def _covers(self, diagnostic: Diagnostic) -> bool:
        return self.first <= diagnostic.location.line <= self.last


class Suppressions:
    """What the comments of one file hide."""

    def __init__(self, text: str) -> None:
        self._lines = split_lines(text)
        self._whole_file = any(_FLAKE8_FILE.match(line) for line in self._lines)
        self._layout = _Layout(self._lines)
        #: What each comment hides, but for those that hide the whole file from flake8.
        self.spans = list(_spans(self._layout))

    def hide(self, diagnostic: Diagnostic) -> bool:
        """Whether some comment hides the finding."""
        if self._whole_file or any(span.hides(diagnostic) for span in self.spans):
            return True
        first, last = self._layout.joined(diagnostic.location.line)
        return _flake8_hides(diagnostic.code, "".join(self._lines[first - 1 : last]))

    def listed(self, row: int) -> tuple[int, tuple[str, ...]] | None:
        """Where the list of codes of a ``# noqa`` comment on a line ends, and the codes."""
        for comment in self._layout.comments:
            match = _RUFF_LINE.search(comment.text) if comment.line == row else None
            if match is not None and match["codes"]:
                return comment.column + match.end(), tuple(_CODE.findall(match["codes"]))
        return None

    def noqa_row(self, line: int) -> int:
        """The line at whose end a ``# noqa`` for ``line`` must stand."""
        return self._layout.joined(line)[1]


def _flake8_hides(code: str, joined: str) -> bool:
    match = _FLAKE8_LINE.search(joined)
    if match is None:
        return False
    if match["codes"] is None:
        return True
    codes = tuple(word for word in re.split(r"[,\s]", match["codes"]) if word)
    return code.startswith(codes)


class _Layout:
    """Where comments stand, which lines are joined, and where statements begin and end."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.comments: list[Comment] = []
        #: First and last line of what flake8 takes for one line, and of each logical line
        #: together with its indentation; both in order.
        self.physical: list[tuple[int, int]] = []
        self.logical: list[tuple[int, int, int]] = []
        self._blank = {number for number, line in enumerate(lines, 1) if not line.strip()}
        # Where the parser reads more than this tokenizer can, what was seen until then counts.
        with suppress(tokenize.TokenError, SyntaxError):
            self._read(tokenize.generate_tokens(io.StringIO("".join(lines)).readline))
        self._starts = [first for first, _ in self.physical]

    def _read(self, tokens: Iterator[tokenize.TokenInfo]) -> None:
        joined: tuple[int, int] | None = None
        statement: tuple[int, int] | None = None
        for token in tokens:
            kind, (first, column), last = token.type, token.start, token.end[0]
            if kind in {tokenize.ENDMARKER, tokenize.DEDENT}:
                continue
            joined = (min(joined[0], first), max(joined[1], last)) if joined else (first, last)
            if kind == tokenize.COMMENT:
                before = token.line[:column]
                alone = first == last and not before.strip()
                blanks = len(before) - len(before.rstrip())
                inside = statement is not None
                self.comments.append(Comment(first, column, token.string, alone, inside, blanks))
            elif kind not in _LAYOUT and kind != tokenize.NEWLINE and statement is None:
                statement = (first, column)
            if kind in {tokenize.NL, tokenize.NEWLINE}:
                self.physical.append(joined)
                joined = None
            if kind == tokenize.NEWLINE and statement is not None:
                self.logical.append((statement[0], first, statement[1]))
                statement = None

    def joined(self, line: int) -> tuple[int, int]:
        """First and last of the lines that count as one with ``line``."""
        index = bisect_right(self._starts, line) - 1
        if index >= 0 and line <= self.physical[index][1]:
            return self.physical[index]
        return line, line

    def next_code(self, comment: Comment) -> tuple[int, int]:
        """What a comment on a line of its own speaks of: the statement, or the line inside one."""
        if comment.inside:
            bare = self._blank | {other.line for other in self.comments if other.alone}
            following = (span for span in self.physical if span[0] > comment.line and span[0] not in bare)
            return next(following, (comment.line, comment.line))
        following_statements = ((first, last) for first, last, _ in self.logical if first > comment.line)
        return next(following_statements, (comment.line, comment.line))

    def end_of_block(self, comment: Comment) -> float:
        """The last line of the block in which a comment stands on a line of its own."""
        for first, _, indentation in self.logical:
            if first > comment.line and indentation < comment.column:
                return first - 1
        return float("inf")


def _spans(layout: _Layout) -> Iterator[Span]:
    regions: list[_Region] = []
    for comment in layout.comments:
        yield from _noqa_spans(comment, layout)
        for match in _BRACKETS.finditer(comment.text):
            words = tuple(word for part in match["codes"].split(",") if (word := part.strip()))
            verb = match["verb"]
            if verb == "ignore":
                first, last = layout.next_code(comment) if comment.alone else (comment.line, comment.line)
                yield Span(comment, first, last, words)
            elif not comment.alone:
                continue
            elif verb == "disable":
                regions.append(_Region(comment, words))
            elif verb == "enable":
                yield from _closed(regions, _Region(comment, words), layout)
            elif comment.column == 0:
                yield Span(comment, 1, float("inf"), words)
    for opening, words in regions:
        yield Span(opening, opening.line, layout.end_of_block(opening), words)


def _noqa_spans(comment: Comment, layout: _Layout) -> Iterator[Span]:
    if (match := _RUFF_LINE.search(comment.text)) is not None:
        first, last = layout.joined(comment.line)
        yield Span(comment, first, last, _codes(match), prefixes=True)
    if comment.alone and (match := _RUFF_FILE.match(comment.text)) is not None:
        yield Span(comment, 1, float("inf"), _codes(match))


def _codes(match: re.Match[str]) -> tuple[str, ...] | None:
    return None if match["codes"] is None else tuple(_CODE.findall(match["codes"]))


class _Region(NamedTuple):
    """A comment that opens or closes a region, and what it names."""

    comment: Comment
    words: tuple[str, ...]


def _closed(regions: list[_Region], closing: _Region, layout: _Layout) -> Iterator[Span]:
    """The region that an ``enable`` comment ends: the last with its indentation and its codes."""
    end = closing.comment
    for index in range(len(regions) - 1, -1, -1):
        opening, words = regions[index]
        if (
            words == closing.words
            and opening.column == end.column
            and layout.end_of_block(opening) >= end.line
        ):
            del regions[index]
            yield Span(opening, opening.line, end.line, words, closing=end)
            return

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
class _Span:
    """Lines in which some codes or names are hidden; ``None`` stands for all of them."""

    first: int
    last: float
    words: frozenset[str] | None

    def hides(self, diagnostic: Diagnostic) -> bool:
        if not self.first <= diagnostic.location.line <= self.last:
            return False
        return self.words is None or diagnostic.code in self.words or diagnostic.name in self.words


class Suppressions:
    """What the comments of one file hide."""

    def __init__(self, text: str) -> None:
        self._lines = split_lines(text)
        self._whole_file = any(_FLAKE8_FILE.match(line) for line in self._lines)
        self._layout = _Layout(self._lines)
        self._spans = list(_spans(self._layout))

    def hide(self, diagnostic: Diagnostic) -> bool:
        """Whether some comment hides the finding."""
        if self._whole_file or any(span.hides(diagnostic) for span in self._spans):
            return True
        first, last = self._layout.joined(diagnostic.location.line)
        return _flake8_hides(diagnostic.code, "".join(self._lines[first - 1 : last]))

    def comments(self) -> list[Written]:
        """The comments that name codes or rules, each with the lines that it speaks of."""
        return [written for comment in self._layout.comments for written in _written(comment, self._layout)]

    def noqa_row(self, line: int) -> int:
        """The line at whose end a ``# noqa`` for ``line`` must stand."""
        return self._layout.joined(line)[1]


@attrs.frozen
class Written:
    """One comment with codes or names in it, and where it hides them."""

    line: int
    column: int
    end: int
    first: int
    last: float
    words: tuple[str, ...]

    def hides(self, word: str, diagnostic: Diagnostic) -> bool:
        """Whether it hides a finding, and by this word."""
        inside = self.first <= diagnostic.location.line <= self.last
        return inside and (diagnostic.name == word or diagnostic.code.startswith(word))


def _written(comment: _Comment, layout: _Layout) -> Iterator[Written]:
    def made(words: Sequence[str], first: int, last: float) -> Written:
        end = comment.column + len(comment.text)
        return Written(comment.line, comment.column, end, first, last, tuple(words))

    whole = _RUFF_FILE.match(comment.text) if comment.alone else None
    line = _RUFF_LINE.search(comment.text) if whole is None else None
    if whole is not None and whole["codes"]:
        yield made(_CODE.findall(whole["codes"]), 1, float("inf"))
    elif line is not None and line["codes"]:
        yield made(_CODE.findall(line["codes"]), *layout.joined(comment.line))
    for match in _BRACKETS.finditer(comment.text):
        words = [word for part in match["codes"].split(",") if (word := part.strip())]
        if match["verb"] == "ignore":
            first, last = layout.next_code(comment) if comment.alone else (comment.line, comment.line)
            yield made(words, first, last)
        elif comment.alone and match["verb"] == "disable":
            yield made(words, comment.line, layout.end_of_block(comment))
        elif comment.alone and match["verb"] == "file-ignore":
            yield made(words, 1, float("inf"))


def _flake8_hides(code: str, joined: str) -> bool:
    match = _FLAKE8_LINE.search(joined)
    if match is None:
        return False
    if match["codes"] is None:
        return True
    codes = tuple(word for word in re.split(r"[,\s]", match["codes"]) if word)
    return code.startswith(codes)


@attrs.frozen
class _Comment:
    line: int
    column: int
    text: str
    #: Whether nothing stands before the comment on its line.
    alone: bool
    #: Whether the comment stands between the lines of one statement.
    inside: bool


class _Layout:
    """Where comments stand, which lines are joined, and where statements begin and end."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.comments: list[_Comment] = []
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
                alone = not token.line[:column].strip() if first == last else False
                self.comments.append(_Comment(first, column, token.string, alone, statement is not None))
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

    def next_code(self, comment: _Comment) -> tuple[int, int]:
        """What a comment on a line of its own speaks of: the statement, or the line inside one."""
        if comment.inside:
            bare = self._blank | {other.line for other in self.comments if other.alone}
            following = (span for span in self.physical if span[0] > comment.line and span[0] not in bare)
            return next(following, (comment.line, comment.line))
        following_statements = ((first, last) for first, last, _ in self.logical if first > comment.line)
        return next(following_statements, (comment.line, comment.line))

    def end_of_block(self, comment: _Comment) -> float:
        """The last line of the block in which a comment stands on a line of its own."""
        for first, _, indentation in self.logical:
            if first > comment.line and indentation < comment.column:
                return first - 1
        return float("inf")


def _spans(layout: _Layout) -> Iterator[_Span]:
    open_regions: list[tuple[_Comment, tuple[str, ...]]] = []
    for comment in layout.comments:
        yield from _noqa_spans(comment, layout)
        for match in _BRACKETS.finditer(comment.text):
            words = tuple(word for part in match["codes"].split(",") if (word := part.strip()))
            verb = match["verb"]
            if verb == "ignore":
                first, last = layout.next_code(comment) if comment.alone else (comment.line, comment.line)
                yield _Span(first, last, frozenset(words))
            elif not comment.alone:
                continue
            elif verb == "disable":
                open_regions.append((comment, words))
            elif verb == "enable":
                yield from _closed(open_regions, comment, words, layout)
            elif comment.column == 0:
                yield _Span(1, float("inf"), frozenset(words))
    for opening, words in open_regions:
        yield _Span(opening.line, layout.end_of_block(opening), frozenset(words))


def _noqa_spans(comment: _Comment, layout: _Layout) -> Iterator[_Span]:
    if (match := _RUFF_LINE.search(comment.text)) is not None:
        first, last = layout.joined(comment.line)
        yield _Span(first, last, _codes(match))
    if comment.alone and (match := _RUFF_FILE.match(comment.text)) is not None:
        yield _Span(1, float("inf"), _codes(match))


def _codes(match: re.Match[str]) -> frozenset[str] | None:
    return None if match["codes"] is None else frozenset(_CODE.findall(match["codes"]))


def _closed(
    regions: list[tuple[_Comment, tuple[str, ...]]],
    closing: _Comment,
    words: tuple[str, ...],
    layout: _Layout,
) -> Iterator[_Span]:
    """The region that an ``enable`` comment ends: the last with its indentation and its codes."""
    for index in range(len(regions) - 1, -1, -1):
        opening, opened = regions[index]
        if (
            opened == words
            and opening.column == closing.column
            and layout.end_of_block(opening) >= closing.line
        ):
            del regions[index]
            yield _Span(opening.line, closing.line, frozenset(words))
            return

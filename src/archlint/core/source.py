"""From bytes to text and syntax tree: encodings, byte order marks, and grammar newer than ours.

``ast`` knows the grammar of the running Python only. PEP 758 (``except A, B:``) is rewritten
so that every position stays right; any other newer syntax is named in the error, because a
file that needs a newer Python is not a broken file.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import suppress

_COOKIE = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t\f]*#.*?coding[:=]", re.MULTILINE)

#: Syntax that a line may show, the first Python that has it, and how to call it.
_NEWER: tuple[tuple[str, tuple[int, int], str], ...] = (
    (
        r"^\s*(?:async\s+)?(?:def|class)\s+\w+\s*\[[^\]]*=",
        (3, 13),
        "a type parameter with a default",
    ),
    (r"^\s*(?:async\s+)?def\s+\w+\s*\[", (3, 12), "a function with type parameters"),
    (r"^\s*class\s+\w+\s*\[", (3, 12), "a class with type parameters"),
    (r"^\s*type\s+\w+\s*(?:\[.*\])?\s*=", (3, 12), "a `type` statement"),
    (r"\b(?:[tT]|[rR][tT]|[tT][rR])[\"']", (3, 14), "a template string"),
    (r"^\s*except\*?\s[^#(]*,", (3, 14), "`except` with several types and no parentheses"),
)
_NESTED_QUOTES = "an f-string that reuses its quotes or holds a backslash"


def digest(content: bytes) -> str:
    """The key of a file's content in every cache."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def decode(content: bytes) -> str:
    """The text of a Python file, by its byte order mark or PEP 263 comment, without the mark.

    Raises ``SyntaxError`` for an unknown encoding and ``UnicodeDecodeError`` for bytes that
    do not fit it.
    """
    head = content[:400]
    if b"coding" not in head or not _COOKIE.search(head):
        return content.decode("utf-8-sig")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def split_lines(text: str) -> list[str]:
    """The lines as the parser counts them, ends kept: form feeds and the like end no line."""
    return io.StringIO(text, newline=None).readlines()


def parse(source: str | bytes, filename: str = "<unknown>") -> ast.Module:
    """The tree of a file; raises what ``ast.parse`` raises.

    Bytes are decoded by Python itself. Only after a failure is PEP 758 tried.
    """
    try:
        with warnings.catch_warnings():
            # What the compiler thinks of an escape in somebody's string is not ours to tell.
            warnings.simplefilter("ignore")
            return ast.parse(source, filename)
    except SyntaxError as error:
        if error.msg != "multiple exception types must be parenthesized":
            raise
        text = source if isinstance(source, str) else decode(source)
        rewritten = _with_bars(text)
        if rewritten is None:
            raise
        return _without_bars(ast.parse(rewritten[0], filename), rewritten[1])


def _with_bars(text: str) -> tuple[str, set[int]] | None:
    """The text with ``except A, B:`` written as ``except A| B:``, and the lines where that is so."""
    lines = split_lines(text)
    changed: set[int] = set()
    # A text that breaks off later is rewritten as far as it can be read: the parser then tells why.
    with suppress(tokenize.TokenError, SyntaxError):
        for row, column in _bare_commas(text):
            line = lines[row - 1]
            lines[row - 1] = line[:column] + "|" + line[column + 1 :]
            changed.add(row)
    return ("".join(lines), changed) if changed else None


def _bare_commas(text: str) -> Iterator[tuple[int, int]]:
    """Where commas stand between the unparenthesised types of ``except`` clauses."""
    pending: list[tuple[int, int]] = []
    depth, inside, fresh = 0, False, True
    for kind, word, start, _, _ in tokenize.generate_tokens(io.StringIO(text).readline):
        if kind in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}:
            fresh, inside = True, False
            continue
        if kind in {tokenize.NL, tokenize.COMMENT}:
            continue
        if fresh and word == "except":
            inside, pending, depth = True, [], 0
        elif inside and word in {"(", "[", "{"}:
            depth += 1
        elif inside and word in {")", "]", "}"}:
            depth -= 1
        elif inside and depth == 0 and word == ",":
            pending.append(start)
        elif inside and depth == 0 and word in {":", "as"}:
            if word == ":":
                yield from pending
            inside = False
        fresh = False


def _without_bars(tree: ast.Module, lines: set[int]) -> ast.Module:
    """Turn the bars of the rewriting back into the tuple that the file means."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ExceptHandler)
            and isinstance(node.type, ast.BinOp)
            and node.type.lineno in lines
        ):
            parts: list[ast.expr] = []
            left: ast.expr = node.type
            while isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitOr):
                parts.append(left.right)
                left = left.left
            parts.append(left)
            node.type = ast.copy_location(ast.Tuple(parts[::-1], ast.Load()), node.type)
    return tree


def newer_grammar(error: SyntaxError, text: str) -> str | None:
    """What the file uses that this Python cannot read, or ``None`` if it looks simply broken."""
    running = sys.version_info[:2]
    lines = split_lines(text)
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    for pattern, version, what in _NEWER:
        if version > running and re.search(pattern, line):
            return _needs(what, version)
    if running < (3, 12) and (error.msg or "").startswith("f-string"):
        return _needs(_NESTED_QUOTES, (3, 12))
    return None


def _needs(what: str, version: tuple[int, int]) -> str:
    ours = ".".join(map(str, sys.version_info[:2]))
    return (
        f"the file needs Python {version[0]}.{version[1]} or newer ({what}) and archlint runs on {ours}; "
        f"run archlint with the newer Python"
    )

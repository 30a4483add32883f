"""Text and trees from bytes: encodings, lines, grammar newer than the running Python's."""

from __future__ import annotations

import ast
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.core.source import decode, digest, newer_grammar, parse, split_lines

old_grammar = pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python knows the syntax")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"a = 1\r\n", "a = 1\r\n"),
        ("é".encode(), "é"),
        (b"\xef\xbb\xbfa", "a"),
        (b"# -*- coding: latin-1 -*-\n\xe9", "# -*- coding: latin-1 -*-\né"),
        (b"#!python\n# vim: fileencoding=cp1252 :\n\x80", "#!python\n# vim: fileencoding=cp1252 :\n€"),
        (b"\n\n# coding: latin-1\n", "\n\n# coding: latin-1\n"),
        (b"encoding = 'coding: klingon'\n", "encoding = 'coding: klingon'\n"),
        (b"\xef\xbb\xbf# coding: utf-8\n\xc3\xa9", "# coding: utf-8\né"),
    ],
)  # fmt: skip
def test_decode(content: bytes, text: str):
    assert decode(content) == text


def test_decode_failures():
    with pytest.raises(UnicodeDecodeError):
        decode(b"\xff")
    with pytest.raises(SyntaxError, match="unknown encoding: klingon"):
        decode(b"# coding: klingon\n")
    with pytest.raises(SyntaxError, match="encoding problem"):
        # Python refuses a mark and another encoding; what is read as text must be what is parsed.
        decode(b"\xef\xbb\xbf# coding: latin-1\n")


def test_lines_end_where_the_parser_ends_them():
    assert split_lines("a\r\nb\rc\nd\x0ce\x1cf\u2028g\x85h") == [
        "a\n",
        "b\n",
        "c\n",
        "d\x0ce\x1cf\u2028g\x85h",
    ]
    assert split_lines("") == []


@given(st.binary(max_size=200))
def test_digests_tell_contents_apart(content: bytes):
    assert digest(content) == digest(bytes(content))
    assert digest(content) != digest(content + b"\n")


@old_grammar
@pytest.mark.parametrize(
    "text",
    [
        "try: pass\nexcept A, B: pass\n",
        "try:\n    pass\nexcept A, b.C, d[0], e(1, 2):\n    x\n",
        "try:\n    pass\nexcept*A,B : # c, d:\n    {1: 2}\n",
        "try: pass\nexcept A, \\\n    B:\n    pass\nexcept (C, D) as e:\n    pass\nexcept E as f: pass\n",
        "def f():\n  try:\n    a, b = 1, 2\n  except A, B:\n    try: pass\n    except C, D, E: raise\n",
        "x = 'except A, B:'\ntry: pass\nexcept é, B: ß = 1\n",
    ],
)
def test_except_without_parentheses(text: str):
    """The tree is that of the text with parentheses, and every other position is as written."""
    with pytest.raises(SyntaxError):
        ast.parse(text)
    tree = parse(text)
    assert ast.dump(parse(text.encode())) == ast.dump(tree)
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)):
        if isinstance(handler.type, ast.Tuple):
            assert len(handler.type.elts) > 1
            for part in handler.type.elts:
                assert ast.get_source_segment(text, part) == ast.unparse(part)
    assert "except A| B" not in ast.unparse(tree)
    ast.parse(ast.unparse(tree))


@old_grammar
@pytest.mark.parametrize(
    "text", ["try: pass\nexcept A, B as e: pass\n", "try: pass\nexcept A, B: pass\nx = (\n"]
)
def test_what_is_broken_all_the_same(text: str):
    with pytest.raises(SyntaxError):
        parse(text)


def test_broken_is_not_newer():
    for text in ("x = (\n", "def f(:\n", "typ A = int\n", "class A[:\n", "print 'a'\n"):
        with pytest.raises(SyntaxError) as caught:
            parse(text)
        expected = text.startswith("class A[") and sys.version_info < (3, 12)
        assert bool(newer_grammar(caught.value, text)) == expected

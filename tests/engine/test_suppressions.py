"""Which comments hide a finding, in the words of flake8 and of ruff."""

from __future__ import annotations

import argparse
import re
from textwrap import dedent

import pytest
from flake8.processor import FileProcessor
from flake8.violation import Violation
from hypothesis import given
from hypothesis import strategies as st

from archlint.core.diagnostic import Diagnostic, Location
from archlint.core.source import split_lines
from archlint.engine.suppressions import Suppressions, visible


def found_at(line: int, code: str = "ARC401", name: str = "blocking-call-in-async") -> Diagnostic:
    return Diagnostic(code, name, "message", Location("app.py", line, 0, line, 1))


def shown(text: str, code: str = "ARC401") -> list[int]:
    """The lines with the word ``bad`` on which a finding would be shown."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.search(r"\bbad\b", line)]
    return [d.location.line for d in visible([found_at(line, code) for line in lines], text)]


HIDING = [
    "# noqa",
    "#noqa",
    "#   noqa",
    "# NOQA",
    "# NoQa",
    "# noqa: ARC401",
    "# noqa:ARC401",
    "#noqa: ARC401",
    "# noqa : ARC401",
    "# noqa: ARC4",
    "# noqa: ARC201, ARC401",
    "# noqa: ARC201 ARC401",
    "# noqa:ARC201,ARC401",
    "# noqa: ARC401 because it is a test",
    "# noqa: ARC401  # why",
    "# type: ignore # noqa: ARC401",
    "# noqa: blocking-call-in-async",
    "# noqa:  ARC999",
    "# noqa:",
    "# ruff: ignore[ARC401]",
    "# ruff: ignore[ARC401] because",
    "#ruff:ignore[ARC401]",
    "# ruff: ignore [ARC401]",
    "# ruff: ignore[E501, ARC401]",
    "# ruff: ignore[ARC401,]",
    "# ruff: ignore[blocking-call-in-async]",
    "# hello # ruff: ignore[ARC401]",
    "# archlint: ignore[ARC401] because",
    "# archlint: ignore[blocking-call-in-async] because",
    "#archlint:ignore[ blocking-call-in-async ]",
]
SHOWING = [
    "",
    "# nothing",
    "# noqa: ARC402",
    "# noqa: arc401",
    "# noqa: ARC4011",
    "# ruff: ignore[ARC4]",
    "# ruff: ignore[arc401]",
    "# ruff: ignore[]",
    "# ruff: ignore",
    "# RUFF: ignore[ARC401]",
    "# ruff: noqa",
    "# ruff: noqa: ARC401",
    "# ruff: disable[ARC401]",
    "# ruff: file-ignore[ARC401]",
    "# archlint: ignore",
    "# archlint: ignore[other-name]",
    "# flake8: noqa",
]


@pytest.mark.parametrize("comment", HIDING)
def test_comment_behind_code_hides_its_line_only(comment: str):
    assert shown(f"bad()  {comment}\nbad()\n") == [2]


@pytest.mark.parametrize("comment", SHOWING)
def test_comment_behind_code_hides_nothing(comment: str):
    assert shown(f"bad()  {comment}\nbad()\n") == [1, 2]


@pytest.mark.parametrize(
    ("comment", "hides"),
    [
        ("# ruff: noqa", True),
        ("#ruff:noqa", True),
        ("# ruff: noqa: ARC401", True),
        ("# ruff: noqa: E501, ARC401", True),
        ("# ruff: noqa: ARC4", False),
        ("# ruff: noqa: E501", False),
        ("# RUFF: noqa", False),
        ("# ruff: noqaz", False),
        ("# flake8: noqa", True),
        ("# flake8=noqa", True),
        ("# FLAKE8: NOQA", True),
        ("# flake8: noqa: E501", True),
        ("#flake8: noqa", False),
        ("# ruff: file-ignore[ARC401]", True),
        ("# ruff: file-ignore[E501]", False),
        ("# archlint: file-ignore[blocking-call-in-async] old code", True),
    ],
)
@pytest.mark.parametrize("layout", ["{}\nbad()\nbad()\n", "bad()\nbad()\n{}\n"])
def test_comment_for_the_whole_file(comment: str, hides: bool, layout: str):
    text = layout.format(comment)
    assert bool(shown(text)) is not hides


def test_file_ignore_must_not_be_indented():
    assert shown("if a:\n    # ruff: file-ignore[ARC401]\n    bad()\n") == [3]


@pytest.mark.parametrize("tool", ["ruff", "archlint"])
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# TOOL: ignore[ARC401]\nbad(\n    bad,\n    bad)\nbad\n", [5]),
        ("# TOOL: ignore[ARC401]\n\nbad\nbad\n", [4]),
        ("# TOOL: ignore[ARC401]\n# more\nbad\nbad\n", [4]),
        ("# TOOL: ignore[ARC401]\nbad; bad\nbad\n", [3]),
        ("def f():\n    # TOOL: ignore[ARC401]\n    if (bad or\n            bad):\n        bad\n", [5]),
        ("f(\n    # TOOL: ignore[ARC401]\n    bad,\n    bad)\n", [4]),
        ("f(\n    # TOOL: ignore[ARC401]\n\n    # more\n    bad,\n    bad)\n", [6]),
        ("# TOOL: ignore[ARC401]\n@bad\ndef bad(): pass\n", [3]),
        ("@bad\n# TOOL: ignore[ARC401]\ndef bad(\n    a=bad):\n    bad\n", [1, 5]),
        ("if a:\n    b\n    # TOOL: ignore[ARC401]\nbad\nbad\n", [5]),
        ("f(\n    bad,\n    2)  # TOOL: ignore[ARC401]\n", [2]),
        ("f(  # TOOL: ignore[ARC401]\n    bad)\n", [2]),
    ],
)
def test_ignore_on_a_line_of_its_own(tool: str, text: str, lines: list[int]):
    assert shown(text.replace("TOOL", tool)) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# ruff: disable[ARC401]\nbad\n# ruff: enable[ARC401]\nbad\n", [4]),
        ("bad\n# ruff: disable[ARC401]\nbad\nbad\n", [1]),
        ("def f():\n  # ruff: disable[ARC401]\n  bad\n  if a:\n    bad\nbad\n", [6]),
        ("# ruff: disable[ARC401, E1]\nbad\n# ruff: enable[ARC401]\nbad\n", []),
        ("# ruff: disable[ARC401, E1]\nbad\n# ruff: enable[E1, ARC401]\nbad\n", []),
        ("bad  # ruff: disable[ARC401]\nbad\n", [1, 2]),
        ("if a:\n  # ruff: disable[ARC401]\n  if b:\n    # ruff: enable[ARC401]\n    bad\n  bad\nbad", [7]),
        ("# ruff: disable[ARC401]\n" * 2 + "bad\n# ruff: enable[ARC401]\n" * 2 + "bad\n", [7]),
        ("# archlint: disable[x, ARC401]\nbad\n# archlint: enable[x, ARC401]\nbad\n", [4]),
    ],
)
def test_regions(text: str, lines: list[int]):
    assert shown(text) == lines


def test_lines_joined_by_a_string_or_a_backslash_count_as_one():
    assert shown('bad("""\n""")  # noqa: ARC401\nbad\n') == [3]
    assert shown("bad + \\\n    1  # noqa: ARC401\nbad\n") == [3]
    assert shown("bad(\n    1)  # noqa: ARC401\n") == [1]


def test_comments_in_strings_count_only_where_flake8_counts_them():
    assert shown('bad("# noqa")\n') == []
    assert shown('bad("# ruff: ignore[ARC401]")\n') == [1]
    assert shown('x = """\n# ruff: noqa\n"""\nbad\n') == [4]


def test_row_for_a_new_noqa_is_the_last_of_the_joined_lines():
    comments = Suppressions('bad("""\n\n""")\nbad(\n1)\n')
    assert [comments.noqa_row(line) for line in (1, 2, 3, 4, 5)] == [3, 3, 3, 4, 5]


def test_text_that_the_tokenizer_cannot_read_is_looked_at_line_by_line():
    assert shown("bad  # noqa\nx = '\nbad  # noqa: ARC401\nbad\n") == [4]


def test_other_line_ends_and_encodings():
    text = "bad\r\nbad  # noqa: ARC401\r\nbad\f\n# é"
    found = [found_at(line) for line in (1, 2, 3)]
    assert [d.location.line for d in visible(found, text.encode())] == [1, 3]
    latin = ("# coding: latin-1\nbad  # é noqa\nbad  # é # noqa\n").encode("latin-1")
    assert [d.location.line for d in visible([found_at(2), found_at(3)], latin)] == [2]


LINES = st.sampled_from(
    [
        "bad",
        "bad  # noqa",
        "bad  # noqa: ARC401",
        "bad  # noqa: ARC1",
        "bad(",
        ")",
        "if bad:",
        "    bad",
        "    # ruff: ignore[ARC401]",
        "# ruff: disable[ARC401]",
        "# ruff: enable[ARC401]",
        "    # ruff: disable[ARC401]",
        '"""',
        "",
        "'bad",
        "\\",
        "\x0c",
        "# é 𝄞 # archlint: ignore[ARC401]",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_any_text_gives_a_subset_in_order(lines: list[str]):
    text = "\n".join(lines)
    found = [found_at(number) for number in range(1, len(lines) + 2)]
    kept = visible(found, text)
    assert kept == [diagnostic for diagnostic in found if diagnostic in kept]
    assert visible(kept, text) == kept


@given(st.lists(LINES, max_size=12))
def test_what_flake8_hides_is_hidden(lines: list[str]):
    text = "".join(f"{line}\n" for line in lines)
    options = argparse.Namespace(
        max_line_length=79, max_doc_length=None, indent_size=4, hang_closing=False, verbose=0
    )
    processor = FileProcessor("app.py", options, split_lines(text))
    for number, line in enumerate(processor.lines, 1):
        physical = processor.noqa_line_for(number) or line
        violation = Violation("ARC401", "app.py", number, 1, "message", physical)
        if violation.is_inline_ignored(disable_noqa=False):
            assert visible([found_at(number)], text) == []


@given(st.lists(LINES, max_size=8))
def test_a_blanket_comment_behind_every_line_leaves_nothing(lines: list[str]):
    text = "\n".join(f"{line}  # noqa" for line in lines if "noqa" not in line and line != "\\")
    found = [found_at(number) for number in range(1, text.count("\n") + 2)] if text else []
    assert visible(found, text) == []


def test_documented_example():
    text = dedent(
        """\
        async def f():
            # archlint: ignore[blocking-call-in-async] a start-up task
            bad()
            bad()
        """
    )
    assert shown(text) == [4]

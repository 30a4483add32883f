"""Suppressions that hide nothing."""

from __future__ import annotations

import pytest

from archlint.core.diagnostic import Diagnostic, Location
from archlint.engine.unused import unused
from archlint.fixes.patches import applied

NAMES = {"blocking-call-in-async": "ARC401", "n-plus-one-query": "ARC201", "global-session": "ARC205"}
RAN = ("ARC201", "ARC401", "ARC402")


def findings(text: str) -> list[Diagnostic]:
    """What hides nothing; `bad` stands for a finding of ARC401."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "bad" in line]
    found = [
        Diagnostic("ARC401", "blocking-call-in-async", "message", Location("app.py", line, 0, line, 1))
        for line in lines
    ]
    return unused(text, "app.py", found, NAMES, RAN)


def idle(text: str) -> list[tuple[int, str]]:
    """Line and words of what hides nothing."""
    return [(one.location.line, one.message.partition(" hide")[0]) for one in findings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bad  # noqa: ARC401", []),
        ("bad  # noqa: ARC4", []),
        ("bad  # noqa", []),
        ("good  # noqa", []),
        ("good  # noqa: E501", []),
        ("good  # noqa: ARC401", [(1, "`ARC401`")]),
        ("bad  # noqa: ARC401, ARC402, E501", [(1, "`ARC402`")]),
        ("good  # noqa: ARC201, ARC402", [(1, "`ARC201`, `ARC402`")]),
        # A rule that has not run may well have something to hide.
        ("good  # noqa: ARC205", []),
        ("good  # noqa: ARC000", []),
        ("good  # archlint: ignore[global-session]", []),
        # No rule has this code, or this name.
        ("good  # noqa: ARC999, ARCTIC1", [(1, "`ARC999`")]),
        ("good  # noqa: ARC4011", [(1, "`ARC4011`")]),
        ("bad  # archlint: ignore[blocking-cal-in-async]", [(1, "`blocking-cal-in-async`")]),
        ("good  # ruff: ignore[unused-import]", []),
        # Brackets take full codes.
        ("bad  # archlint: ignore[ARC4]", [(1, "`ARC4`")]),
        ("bad  # archlint: ignore[blocking-call-in-async] why", []),
        ("good  # archlint: ignore[n-plus-one-query]", [(1, "`n-plus-one-query`")]),
        ("# ruff: noqa: ARC401\nbad", []),
        ("# ruff: noqa: ARC201\nbad", [(1, "`ARC201`")]),
        ("# ruff: file-ignore[ARC401]\ngood", [(1, "`ARC401`")]),
        # A region ends where it is closed ...
        ("# ruff: disable[ARC401]\nbad\n# ruff: enable[ARC401]\n", []),
        ("# ruff: disable[ARC401]\ngood\n# ruff: enable[ARC401]\nbad\n", [(1, "`ARC401`")]),
        # ... or else with its block.
        ("def f():\n    # ruff: disable[ARC401]\n    good\nbad\n", [(2, "`ARC401`")]),
        ("def f():\n    # ruff: disable[ARC401]\n    good\n    bad\n", []),
        # Of two regions, one in the other, each is judged by what stands in it.
        (
            "# ruff: disable[ARC401]\nbad\n# ruff: disable[ARC402]\nbad\n# ruff: enable[ARC402]\n",
            [(3, "`ARC402`")],
        ),
        ("if x:\n    # archlint: disable[ARC401]\n    bad\n    # archlint: enable[ARC401]\n", []),
        # A closing comment hides nothing, and needs no reason to.
        ("good\n# ruff: enable[ARC401]\n", []),
        ('x = """\nbad\n"""  # noqa: ARC401', []),
        ("good  # noqa: ARC401\n# ruff: disable[ARC201]\n", [(1, "`ARC401`"), (2, "`ARC201`")]),
    ],
)
def test_what_hides_nothing(text: str, expected: list[tuple[int, str]]) -> None:
    assert idle(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Both ends of a region go, or say less.
        ("# ruff: disable[ARC401] why\ngood\n# ruff: enable[ARC401]\nbad\n", "good\nbad\n"),
        (
            "# ruff: disable[ARC401, ARC402]\nbad\n# ruff: enable[ARC401, ARC402]\n",
            "# ruff: disable[ARC401]\nbad\n# ruff: enable[ARC401]\n",
        ),
        ("def f():\n    # archlint: disable[ARC201]\n    good\n", "def f():\n    good\n"),
        (
            "# ruff: disable[ARC401]\nbad\n# ruff: disable[ARC402]\nbad\n# ruff: enable[ARC402]\n",
            "# ruff: disable[ARC401]\nbad\nbad\n",
        ),
    ],
)
def test_what_a_fix_leaves_of_a_region(text: str, expected: str) -> None:
    edits = [edit for one in findings(text) if one.fix is not None for edit in one.fix.edits]
    assert applied(text, edits) == expected
    assert findings(expected) == []

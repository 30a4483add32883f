"""Every case of every rule: exactly the marked lines are reported, and each finding is well made."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from archlint.core.diagnostic import Diagnostic, Location
from harness import Example, examples, marked, reported, run, starts

EXAMPLES = examples()
CURRENT = [example for example in EXAMPLES if not example.case.missed]
MISSED = [example for example in EXAMPLES if example.case.missed]


def ids(chosen: list[Example]) -> list[str]:
    return [example.label for example in chosen]


def checked(found: list[Diagnostic], example: Example) -> list[Diagnostic]:
    for diagnostic in found:
        check_diagnostic(diagnostic, example)
    return found


def check_diagnostic(diagnostic: Diagnostic, example: Example) -> None:
    rule, files = example.rule, example.case.files
    assert (diagnostic.code, diagnostic.name) == (rule.code, rule.name), diagnostic
    assert diagnostic.message, diagnostic
    assert diagnostic.message == " ".join(diagnostic.message.split()), "a message stands on one line"
    for _, field, _, _ in string.Formatter().parse(rule.message):
        assert not field or f"{{{field}}}" not in diagnostic.message, f"unfilled: {diagnostic.message}"
    at = diagnostic.location
    check_span(at, files)
    assert (at.line, at.column) in starts(files[at.path]), f"no node begins at {at}"
    for related in diagnostic.related:
        assert related.message
        check_span(related.location, files)


def check_span(at: Location, files: dict[str, str]) -> None:
    lines = files[at.path].splitlines()
    assert 1 <= at.line <= at.end_line <= len(lines), at
    assert 0 <= at.column <= len(lines[at.line - 1]), at
    assert 0 <= at.end_column <= len(lines[at.end_line - 1]), at
    assert (at.line, at.column) < (at.end_line, at.end_column), at


@pytest.mark.parametrize("example", CURRENT, ids=ids(CURRENT))
def test_case(example: Example, tree: Path) -> None:
    found = checked(run(example.rule, tree, example.case), example)
    expected = marked(example.case.files, example.rule.code)
    assert bool(expected) == example.reports, "invalid cases carry marks, valid ones do not"
    assert reported(found) == expected, "\n".join(d.message for d in found)


@pytest.mark.parametrize("example", MISSED, ids=ids(MISSED))
def test_known_miss(example: Example, tree: Path) -> None:
    assert example.case.why, "a known miss says what it would take"
    expected = marked(example.case.files, example.rule.code)
    assert expected, "a known miss marks the lines that should be reported"
    found = checked(run(example.rule, tree, example.case), example)
    assert not found, f"promote this case: {reported(found)} is reported now"

"""JUnit's XML: each finding is a failed test case, each file a suite."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.severity import severity

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
    "\r": "&#13;",
    "\t": "&#9;",
}


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    return "\n".join(_document(diagnostics, context)) + "\n"


def _document(diagnostics: Sequence[Diagnostic], context: Context) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    count = len(diagnostics)
    yield f'<testsuites name="archlint" tests="{count or 1}" skipped="0" failures="{count}" errors="0">'
    if not diagnostics:
        counts = 'tests="1" skipped="0" errors="0" failures="0"'
        yield f'    <testsuite name="archlint" {counts} package="org.archlint">'
        yield '        <testcase name="No errors found" classname="archlint"/>'
        yield "    </testsuite>"
    for path, found in groupby(diagnostics, key=lambda d: d.location.path):
        yield from _suite(context.absolute(path), list(found))
    yield "</testsuites>"


def _suite(path: str, diagnostics: list[Diagnostic]) -> Iterator[str]:
    count = len(diagnostics)
    counts = f'tests="{count}" skipped="0" errors="0" failures="{count}"'
    yield f'    <testsuite name={_quoted(path)} {counts} package="org.archlint">'
    for diagnostic in diagnostics:
        yield from _case(os.path.splitext(path)[0], diagnostic)  # noqa: PTH122 - pathlib drops "./" and "//"
    yield "    </testsuite>"


def _case(class_name: str, diagnostic: Diagnostic) -> Iterator[str]:
    location, message = diagnostic.location, diagnostic.message
    name = _quoted(f"org.archlint.{diagnostic.code}")
    place = f'line="{location.line}" column="{location.column + 1}"'
    text = _escaped(f"line {location.line}, col {location.column + 1}, {message}")
    yield f"        <testcase name={name} classname={_quoted(class_name)} {place}>"
    yield "            <properties>"
    yield f'                <property name="severity" value="{severity(diagnostic)}"/>'
    yield "            </properties>"
    yield f"            <failure message={_quoted(message)}>{text}</failure>"
    yield "        </testcase>"


def _escaped(text: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in _FORBIDDEN.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'

"""The lowering takes whatever Python takes, and what it makes survives the cache."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given, settings

from archlint.model.lowering import lower
from archlint.model.summary import Block, Call, Read, Scope, Store, Summary
from fuzz.sources import FUZZED, REAL, parses, valid
from fuzz.zoo import ZOO

fuzzed = settings(FUZZED, max_examples=400)


def stored(summary: Summary) -> str:
    return summary.to_text()


def restored(summary: Summary) -> str:
    """The same after it was read from the disk and folded in memory, and all rows were asked for."""
    for read in (Summary.from_text(stored(summary)), Summary.unfold(summary.fold())):
        assert [(s.head(), s.rows()) for s in read.scopes] == [(s.head(), s.rows()) for s in summary.scopes]
    return stored(read)


def problems(summary: Summary, text: str) -> list[str]:
    """What is wrong with a summary, in words."""
    lines = text.count("\n") + text.count("\r") + 1
    found = []
    for index, scope in enumerate(summary.scopes):
        if scope.index != index or scope.parent >= index:
            found.append(f"scope {index} says {scope.index} below {scope.parent}")
        found += [f"{scope.qualname}: {problem}" for problem in _scope_problems(scope, lines)]
    return found


def _scope_problems(scope: Scope, lines: int) -> list[str]:
    found = []
    for index, block in enumerate(scope.blocks):
        if block[Block.PARENT] >= index:
            found.append(f"block {index} below {block[Block.PARENT]}")
        if block[Block.LAST] < block[Block.ORDER]:
            found.append(f"block {index} is left before it is entered")
    tables = ((scope.calls, Call, 10), (scope.reads, Read, 8), (scope.stores, Store, 10))
    for rows, columns, width in tables:
        found += [problem for row in rows for problem in _row_problems(row, columns, width, scope, lines)]
    return found


def _row_problems(row: list[Any], columns: Any, width: int, scope: Scope, lines: int) -> list[str]:
    found = []
    if len(row) != width:
        found.append(f"{columns.__name__} row of {len(row)} columns")
    if not 1 <= row[columns.LINE] <= row[columns.END_LINE] <= lines:
        found.append(f"{columns.__name__} row at lines {row[columns.LINE]}-{row[columns.END_LINE]}")
    block = scope.blocks[row[columns.BLOCK]]
    if not block[Block.ORDER] <= row[columns.ORDER] <= block[Block.LAST]:
        found.append(f"{columns.__name__} row of order {row[columns.ORDER]} outside of its block")
    return found


@fuzzed
@given(valid)
def test_any_program(text: str):
    summary = lower(ast.parse(text), "package.inner")

    assert problems(summary, text) == []
    assert stored(lower(ast.parse(text), "package.inner")) == stored(summary)
    assert restored(summary) == stored(summary)


@pytest.mark.parametrize("text", [text for text in ZOO if parses(text)])
def test_rare_syntax(text: str):
    summary = lower(ast.parse(text))

    assert problems(summary, text) == []
    assert restored(summary) == stored(summary)


def test_real_files():
    for text in REAL:
        assert problems(lower(ast.parse(text)), text) == []


@pytest.mark.parametrize("head", ["f()", "def f(): pass", "x: int", "@d\nclass A: a.b", "from a import b"])
def test_package_moves_relative_imports_only(head: str):
    assert stored(lower(ast.parse(head), "")) == stored(lower(ast.parse(head), "a.b"))

"""Every fix of every rule, on every case: what it must never break, and what it must bring about."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import attrs
import pytest

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Selectors
from archlint.engine.discovery import Target
from archlint.engine.linter import Options
from archlint.fixes.repair import Repair, repair
from archlint.fixes.repair import write as write_out
from harness import Example, examples, marked, run, write

EXAMPLES = [example for example in examples() if example.kind == "invalid"]
FIXED = [example for example in EXAMPLES if example.case.fixed is not None]


def mended(example: Example, root: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Repair:
    monkeypatch.chdir(root)
    write(root, files)
    found = run(example.rule, root, example.case, files)
    targets = [Target(str(root / name), name) for name in files if name.endswith(".py")]
    chosen = Selectors("the test", select=(example.rule.code,))
    options = attrs.evolve(Options(overrides=example.case.settings, cache=False), selectors=chosen)
    return repair(targets, found, options, lambda diagnostic: diagnostic.fix is not None)


def shown(example: Example) -> str:
    """The file whose mended text a case shows."""
    return next(iter(marked(example.case.files, example.rule.code)))


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def fixable(found: list[Diagnostic]) -> list[Diagnostic]:
    return [diagnostic for diagnostic in found if diagnostic.fix]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.label for example in EXAMPLES])
def test_fixes_hold(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict(example.case.files)
    outcome = mended(example, tree, files, monkeypatch)
    assert not outcome.refused
    for path in outcome.changed:
        ast.parse(outcome.texts[path])
        assert comments(outcome.texts[path]) == comments(files[path]), "comments survive"
    assert bool(outcome.changed) == bool(outcome.fixed)
    if outcome.changed:
        after = {**files, **outcome.texts}
        again = mended(example, tree, after, monkeypatch)
        assert not again.changed, "what is mended needs no mending"
        assert len(again.remaining) == len(outcome.remaining)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.label for example in EXAMPLES])
def test_every_offered_fix_can_be_made(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = mended(example, tree, dict(example.case.files), monkeypatch)
    assert not fixable(outcome.remaining), [d.fix for d in fixable(outcome.remaining)]


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_fixed_text(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = mended(example, tree, dict(example.case.files), monkeypatch)
    first = shown(example)
    assert outcome.texts.get(first, example.case.files[first]) == example.case.fixed


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_line_ends_survive(example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: text.replace("\n", "\r\n") for name, text in example.case.files.items()}
    outcome = mended(example, tree, files, monkeypatch)
    first = shown(example)
    expected = (example.case.fixed or "").replace("\n", "\r\n")
    assert outcome.texts.get(first, files[first]) == expected


@pytest.mark.parametrize("example", FIXED, ids=[example.label for example in FIXED])
def test_marks_of_the_byte_order_survive(
    example: Example, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(example.case.files)
    first = shown(example)
    files[first] = "\ufeff" + files[first]
    outcome = mended(example, tree, files, monkeypatch)
    write_out(outcome)
    assert (tree / first).read_bytes().decode() == f"\ufeff{example.case.fixed}"


def test_rules_with_fixes_show_one() -> None:
    shown = {example.rule.code for example in FIXED}
    for example in EXAMPLES:
        source = Path(str(__import__(type(example.rule).__module__, fromlist=["x"]).__file__))
        offers = re.search(r"\bfix=", source.read_text(encoding="utf-8"))
        assert not offers or example.rule.code in shown, f"{example.rule.code} shows no fixed text"

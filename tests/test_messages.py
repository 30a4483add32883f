"""The exact line, column, code, message and chain of every finding of every case."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.core.rule import Rule
from harness import rules
from telling import FOLDER, told

KEPT = [rule for rule in rules() if (FOLDER / f"{rule.code}.txt").exists()]


@pytest.mark.parametrize("rule", KEPT, ids=[rule.code for rule in KEPT])
def test_messages(rule: Rule, tree: Path) -> None:
    expected = (FOLDER / f"{rule.code}.txt").read_text(encoding="utf-8")

    assert told(rule, tree) == expected, f"if this is meant: python tests/telling.py {rule.code}"


def test_texts_belong_to_rules() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {rule.code for rule in KEPT}

"""The exact line, column, code, message and chain of every finding of every case."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.core.rule import Rule
from harness import rules
from telling import FOLDER, told

RULES = rules()


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_messages(rule: Rule, tree: Path) -> None:
    expected = (FOLDER / f"{rule.code}.txt").read_text(encoding="utf-8")

    assert told(rule, tree) == expected, f"if this is meant: python tests/telling.py {rule.code}"


def test_every_rule_has_its_text_and_every_text_its_rule() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {rule.code for rule in RULES}

"""Every anti-pattern and every area of a review is answered by a rule, and no rule answers anything else."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from archlint.core.rule import Rule
from harness import rules

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE, RULES = generator(), rules()
ITEMS = [("anti-pattern", key) for key in GENERATE.ANTI_PATTERNS] + [("area", key) for key in GENERATE.AREAS]
WORDS = re.compile(
    r"anti-pattern [1-8][a-c]?|area [A-J]|checklist \d{1,3}|dimension [1-6]|principle [1-5]"
    r"|red flag [A-Za-z-]+"
)


@pytest.mark.parametrize(("kind", "key"), ITEMS)
def test_every_item_is_answered(kind: str, key: str) -> None:
    assert GENERATE.answering(RULES, kind, key)


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_rules_answer_items_that_exist(rule: Rule) -> None:
    assert rule.answers
    for word in rule.answers:
        assert WORDS.fullmatch(word), word


def test_the_table_names_every_rule_that_says_so() -> None:
    text = "\n".join(GENERATE.coverage(RULES))
    for rule in RULES:
        if any(word.startswith(("anti-pattern", "area")) for word in rule.answers):
            assert f"[{rule.code}]({rule.name}.md)" in text

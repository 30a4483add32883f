"""What every rule owes its readers, whoever wrote it."""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path

import pytest

from archlint.core.rule import Rule
from archlint.engine.registry import installed
from harness import rules

ROOT = Path(__file__).parents[2]
RULES = rules()
SECTIONS = ("What it does", "Why is this bad?", "How to fix", "Not reported", "References")
#: A name says what is wrong, so that "allow <name>" reads well; it gives no advice.
ADVICE = re.compile(r"^(avoid|do-not|dont|no|never|prefer|use|should|must|require)-|-(used|check|rule)$")

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


def module_text(rule: Rule) -> str:
    return Path(str(sys.modules[type(rule).__module__].__file__)).read_text(encoding="utf-8")


def documentation(rule: Rule) -> str:
    return sys.modules[type(rule).__module__].__doc__ or ""


def catalogue() -> dict[str, str]:
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (ARC\d{3}) \| ([a-z0-9-]+) \|$", text, re.MULTILINE))


def test_codes_and_names_are_unique() -> None:
    files = [path.stem for path in (ROOT / "src/archlint/rules").glob("*/arc*.py")]
    codes = [name.partition("_")[0] for name in files]
    names = [name.partition("_")[2] for name in files]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    assert len(files) == len(RULES)


def test_catalogue_is_sound() -> None:
    taken = catalogue()
    assert len(taken) >= 134
    assert list(taken) == sorted(taken)
    assert len(set(taken.values())) == len(taken)


@each_rule
def test_code_and_name_are_those_of_the_catalogue(rule: Rule) -> None:
    assert catalogue().get(rule.code) == rule.name


def test_readme_lists_the_rules() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (ARC\d{3}) \| `?([a-z0-9-]+)`? \|", text, re.MULTILINE))
    assert listed == {entry.code: entry.name for entry in installed().entries.values()}


@each_rule
def test_name(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)
    assert not ADVICE.search(rule.name)


@each_rule
def test_family_folder_holds_one_digit(rule: Rule) -> None:
    folder = type(rule).__module__.split(".")[-2]
    siblings = {other.code[3] for other in RULES if type(other).__module__.split(".")[-2] == folder}
    assert siblings == {rule.code[3]}


@each_rule
def test_documentation_has_its_sections(rule: Rule) -> None:
    text = documentation(rule)
    summary = text.partition("\n")[0]
    assert 10 <= len(summary) <= 110
    assert summary.endswith(".")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE))[:5] == SECTIONS
    for section in SECTIONS:
        body = text.partition(f"## {section}\n")[2].partition("\n## ")[0].strip()
        assert len(body) > 20, f"`## {section}` is empty"
    references = text.partition("## References\n")[2]
    assert re.search(r"https://\S+", references)


@each_rule
def test_documented_code_is_python(rule: Rule) -> None:
    for block in re.findall(r"```python\n(.*?)```", documentation(rule), re.DOTALL):
        compile(block, rule.code, "exec", flags=0x2000, dont_inherit=True)  # top-level await is allowed


@each_rule
def test_message_is_a_template(rule: Rule) -> None:
    assert rule.message
    assert not rule.message.endswith(".")
    fields = [field for _, field, _, _ in string.Formatter().parse(rule.message) if field is not None]
    assert all(re.fullmatch(r"[a-z_]+", field) for field in fields)


@each_rule
def test_metadata(rule: Rule) -> None:
    assert rule.answers, "say which items of the review catalogue the rule answers"
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.since)
    assert rule.checks(), "a rule subscribes to something"
    assert isinstance(rule.mentions, tuple)


@each_rule
def test_cases(rule: Rule) -> None:
    current = [case for case in rule.invalid if not case.missed]
    assert len(current) >= 3
    assert len(rule.valid) >= 3
    assert not [case for case in rule.valid if case.missed], "a known miss is an invalid case"
    for case in (*rule.invalid, *rule.valid):
        assert case.files
        for name, text in case.files.items():
            assert not name.startswith(("/", ".")), name
            assert "\t" not in text, "the twins add the tabs"
            if name.endswith(".py"):
                compile(text, name, "exec", dont_inherit=True)


@each_rule
def test_rule_keeps_no_state(rule: Rule) -> None:
    for node in ast.walk(ast.parse(module_text(rule))):
        assert not isinstance(node, ast.Global)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            assert getattr(node.value, "id", "") != "self", f"line {node.lineno}"

"""What the hand-written pages say of the code is so."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from archlint.core.rule import Rule
from harness import examples, marked, reported, run

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")])
FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
TUTORIAL = (ROOT / "docs" / "adding-a-rule.md").read_text(encoding="utf-8")


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def named(pattern: str) -> list[str]:
    return sorted({word for page in PAGES for word in re.findall(pattern, prose(page))})


@pytest.fixture(scope="module")
def paths() -> set[str]:
    """Every file and folder of the checkout, with a slash before it and folders with one behind."""
    tops = (".ci", "src", "docs", "tests", "bench", "corpus", "examples")
    return {
        f"/{path.relative_to(ROOT).as_posix()}{'/' if path.is_dir() else ''}"
        for top in tops
        for path in (ROOT / top, *(ROOT / top).rglob("*"))
    }


@pytest.mark.parametrize("path", named(r"`([a-z_./]+/[a-z_./]*|(?!app\b)[a-z_]+\.py)`"))
def test_paths_that_are_named_exist(path: str, paths: set[str]) -> None:
    assert any(known.endswith(f"/{path}") for known in paths)


@pytest.mark.parametrize("name", named(r"`(archlint(?:\.[a-z_]+)+)`"))
def test_modules_that_are_named_exist(name: str) -> None:
    assert importlib.util.find_spec(name) is not None


@pytest.fixture(scope="module")
def taught() -> Iterator[Rule]:
    """The rule of the tutorial."""
    code = next(c for c in re.findall(r"^````python\n(.*?)^````$", TUTORIAL, re.MULTILINE | re.DOTALL))
    module = ModuleType("tutorial.arc605_sleep_in_test")
    sys.modules[module.__name__] = module
    exec(compile(code, "adding-a-rule.md", "exec"), vars(module))
    yield module.SleepInTest()
    del sys.modules[module.__name__]


def test_the_rule_of_the_tutorial_works(taught: Rule, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert (taught.code, taught.name) == ("ARC605", "sleep-in-test")
    found = examples([taught])
    assert len(found) >= 6
    for example in found:
        tree = tmp_path_factory.mktemp("project")
        assert reported(run(taught, tree, example.case)) == marked(example.case.files, "ARC605"), (
            example.label
        )

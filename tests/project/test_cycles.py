"""What is found in a cycle of definitions does not depend on what was asked before."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from archlint.project.project import Project

FILES = {
    "first.py": "import second, third\n\n\nclass One: ...\n\n\nX = {'x': second.Y, 'one': One()}\n",
    "second.py": "import first, third\n\n\nclass Two: ...\n\n\nY = {'y': third.Z, 'two': Two()}\n",
    "third.py": "import first, second\n\nZ = [first.X or second.Y]\n",
}
NAMES = [("first.py", "X"), ("second.py", "Y"), ("third.py", "Z")]


@pytest.fixture
def circle(tree: Path) -> Path:
    (tree / "pyproject.toml").touch()
    for name, text in FILES.items():
        (tree / name).write_text(text)
    return tree


@pytest.mark.parametrize("order", list(permutations(NAMES)))
def test_globals_in_any_order(circle: Path, order: list[tuple[str, str]]):
    alone = {name: Project(circle).world.evaluator.module_global(*name) for name in NAMES}
    evaluator = Project(circle).world.evaluator

    assert {name: evaluator.module_global(*name) for name in order} == alone
    assert {name: evaluator.module_global(*name) for name in NAMES} == alone

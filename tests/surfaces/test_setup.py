"""``archlint init`` and ``archlint doctor``: what they find, write, and leave as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from surfaces.shop import archlint

PYPROJECT = """\
# The shop.
[project]
name = "shop"  # its name

[tool.ruff]
line-length = 100

[tool.ruff.lint]
select = ["E", "F"]  # for now
"""
HOOKS = """\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.16.4
    hooks:
      - id: ruff-check
"""


@pytest.fixture
def shop(tree: Path) -> Path:
    (tree / "pyproject.toml").write_text(PYPROJECT)
    (tree / ".pre-commit-config.yaml").write_text(HOOKS)
    return tree


def test_everything_is_written_and_the_layout_kept(shop: Path):
    result = archlint(shop, "init", "--yes")
    assert result.code == 0
    text = (shop / "pyproject.toml").read_text()
    assert text.startswith(PYPROJECT.removesuffix("\n"))
    assert 'external = ["ARC"]' in text
    assert "[tool.archlint]" in text
    hooks = (shop / ".pre-commit-config.yaml").read_text()
    assert hooks.startswith(HOOKS)
    assert "      - id: archlint\n" in hooks
    again = archlint(shop, "init", "--yes")
    assert (again.code, again.out) == (0, "Everything is set up.\n")
    assert archlint(shop, "doctor").out.endswith("Nothing is missing.\n")


def test_nothing_is_written_unless_agreed(shop: Path):
    result = archlint(shop, "init", "--diff")
    assert '    +external = ["ARC"]' in result.lines
    assert (shop / "pyproject.toml").read_text() == PYPROJECT
    assert archlint(shop, "init", stdin="n\nn\nn\n").code == 0
    assert (shop / "pyproject.toml").read_text() == PYPROJECT
    assert (shop / ".pre-commit-config.yaml").read_text() == HOOKS


def test_foreign_codes_that_are_there_stay(shop: Path):
    (shop / "ruff.toml").write_text('[lint]\nexternal = ["WPS"] # others\n')
    archlint(shop, "init", "--yes")
    assert (shop / "ruff.toml").read_text() == '[lint]\nexternal = ["WPS", "ARC"] # others\n'


def test_the_doctor_names_what_is_missing(shop: Path):
    (shop / "setup.cfg").write_text("[flake8]\nselect = E,F\n")
    result = archlint(shop, "doctor")
    assert result.code == 1
    assert '- pyproject.toml: ruff\'s lint.external = ["ARC"] is missing' in result.out
    assert "- .pre-commit-config.yaml: the hook `archlint` is missing" in result.out
    assert "- setup.cfg: flake8's `select` leaves out ARC" in result.out
    (shop / "pyproject.toml").write_text('[tool.archlint]\nselect = ["ARC9999"]\n')
    assert "unknown rule `ARC9999`" in archlint(shop, "doctor").out


def test_broken_toml_is_told_and_left_alone(shop: Path):
    (shop / "pyproject.toml").write_text("[tool\n")
    result = archlint(shop, "init", "--yes")
    assert "pyproject.toml: cannot be read as TOML" in result.out
    assert (shop / "pyproject.toml").read_text() == "[tool\n"

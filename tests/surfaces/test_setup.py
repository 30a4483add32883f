"""``archlint init`` and ``archlint doctor``: what they find, write, and leave as it is."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from archlint.surfaces.cli.setup_files import Step, missing
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
    assert "- setup.cfg: ARC in flake8's `select` is missing" in result.out
    (shop / "pyproject.toml").write_text('[tool.archlint]\nselect = ["ARC9999"]\n')
    assert "unknown rule `ARC9999`" in archlint(shop, "doctor").out


def test_what_only_some_need_is_a_hint(shop: Path, monkeypatch: pytest.MonkeyPatch):
    archlint(shop, "init", "--yes")

    def version(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    result = archlint(shop, "doctor")
    assert (result.code, result.lines[-1]) == (0, "Nothing is missing.")
    assert "(the language server needs pygls: `pip install 'archlint[lsp]'`)" in result.lines


def test_broken_toml_is_told_and_left_alone(shop: Path):
    (shop / "pyproject.toml").write_text("[tool\n")
    result = archlint(shop, "init", "--yes")
    assert "pyproject.toml: cannot be read as TOML" in result.out
    assert (shop / "pyproject.toml").read_text() == "[tool\n"


#: Settings of ruff in all the ways that TOML knows, and how they are told about us.
TABLES = {
    '[tool.ruff.lint.isort]\nknown = ["a"]\n': '[tool.ruff.lint]\nexternal = ["ARC"]\n',
    'tool.ruff.lint.select = ["E"]\n': 'tool.ruff.lint.external = ["ARC"]\n',
    '[tool.ruff]\nlint = {select = ["E"]}\n': 'lint = {select = ["E"],external = ["ARC"]}\n',
    "[tool.ruff]\nlint.external = []\n": 'lint.external = ["ARC"]\n',
    '[tool.ruff]\nexternal = ["V"]  # old\n': 'external = ["V", "ARC"]  # old\n',
    '[tool.ruff]\nselect = ["E"]\n\n[build-system]\nx = []\n': '[tool.ruff.lint]\nexternal = ["ARC"]\n',
    '[tool.ruff.lint]\nexternal = [\n  "ABC", # abc\n]\n': '  "ABC", # abc\n  "ARC",\n]\n',
    "[tool]\nruff.line-length = 3\n": '[tool.ruff.lint]\nexternal = ["ARC"]\n',
}


@pytest.mark.parametrize("text", TABLES)
@pytest.mark.parametrize(("mark", "end"), [("", "\n"), ("\ufeff", "\n"), ("", "\r\n")])
def test_every_spelling_is_kept(tree: Path, text: str, mark: str, end: str):
    before = (mark + text + "\n[tool.poetry]\nname = 'x'  # its name\n").replace("\n", end)
    (tree / "pyproject.toml").write_bytes(before.encode())
    assert archlint(tree, "init", "--yes").code == 0
    after = (tree / "pyproject.toml").read_bytes().decode()
    assert TABLES[text].replace("\n", end) in after
    assert f"name = 'x'  # its name{end}" in after
    assert after.startswith(mark)
    assert after.count("\r") == (after.count("\n") if end == "\r\n" else 0)
    assert archlint(tree, "doctor").code == 0


def test_what_cannot_be_written_safely_is_said(tree: Path):
    (tree / "pyproject.toml").write_text("tool = {ruff = {}}\n")
    result = archlint(tree, "init", "--yes")
    assert "is missing: " in result.out
    assert "add it by hand" in result.out
    assert "Everything is set up." not in result.out
    assert 'external = ["ARC"]' not in (tree / "pyproject.toml").read_text()


def test_files_that_are_no_text_are_left_alone(tree: Path):
    for name in ("pyproject.toml", ".pre-commit-config.yaml", "setup.cfg"):
        (tree / name).write_bytes(b"# \xe9\n")
    result = archlint(tree, "init", "--yes")
    assert (result.code, result.err) == (0, "")
    assert result.out.count("pyproject.toml: is not UTF-8") == 1
    assert (tree / "pyproject.toml").read_bytes() == b"# \xe9\n"
    assert archlint(tree, "doctor").code == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("select = E,F\n", "select = E,F,ARC\n"),
        ("select: E, F\nignore = W\n", "select: E, F, ARC\nignore = W\n"),
        ("select =\n    E,\n    F,\n\nignore = W\n", "select =\n    E,\n    F,\n    ARC\n\nignore = W\n"),
        ("select =\n    E\n    F\n", "select =\n    E\n    F\n    ARC\n"),
        ("select =\n    E,\n    F\n", "select =\n    E,\n    F,\n    ARC\n"),
        ("select = E,ARC2\n", "select = E,ARC2\n"),
        ("ignore = W\n", "ignore = W\n"),
    ],
)
def test_the_selection_of_flake8(tree: Path, before: str, after: str):
    head, tail = "[other]\nselect = X\n\n[flake8]\n", "\n[more]\nx = 1\n"
    (tree / "tox.ini").write_text(head + before + tail)
    assert archlint(tree, "init", "--yes").code == 0
    assert (tree / "tox.ini").read_text() == head + after + tail


def test_hooks_keep_their_manner(tree: Path):
    path = tree / ".pre-commit-config.yaml"
    path.write_text("repos:\n- repo: local\n  hooks: []\n\n# for the robot\nci:\n  skip: [x]\n")
    archlint(tree, "init", "--yes")
    text = path.read_text()
    assert text.startswith(
        "repos:\n- repo: local\n  hooks: []\n- repo: local\n  hooks:\n    - id: archlint\n"
    )
    assert text.endswith("      require_serial: true\n\n# for the robot\nci:\n  skip: [x]\n")
    path.write_text("repos: [] # none\n")
    assert "has its `repos` on one line" in archlint(tree, "init", "--yes").out
    assert path.read_text() == "repos: [] # none\n"


def test_the_root_of_the_project_counts(shop: Path):
    (shop / "src").mkdir()
    assert archlint(shop / "src", "init", "--yes").code == 0
    assert not (shop / "src" / "pyproject.toml").exists()
    assert not [found for found in missing(shop) if isinstance(found, Step)]
    assert archlint(shop / "src", "doctor").out.endswith("Nothing is missing.\n")

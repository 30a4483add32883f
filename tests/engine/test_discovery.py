"""Which files a run looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.core.settings import Finder
from archlint.engine.discovery import Discovery
from archlint.engine.patterns import PatternSet


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(root: Path, *arguments: str, **changes: object) -> list[str]:
    finder = Finder(finish=lambda known: attrs.evolve(known, **changes))  # type: ignore[arg-type]
    return [target.display for target in Discovery(finder, root).files(arguments or ["."])]


def test_python_files_in_a_fixed_order(tmp_path: Path):
    make(tmp_path, "b.py", "a/z.py", "a/b/c.pyi", "a.py", "a-b/c.py", "readme.md", "a/x.pyc", "script")
    assert found(tmp_path) == ["a/b/c.pyi", "a/z.py", "a-b/c.py", "a.py", "b.py"]
    assert found(tmp_path, "b.py", "a", ".", "a/z.py") == found(tmp_path)


def test_named_files_are_taken_whatever_they_are(tmp_path: Path):
    make(tmp_path, "script", "venv/a.py")
    (tmp_path / ".gitignore").write_text("*\n")
    assert found(tmp_path, "script", "venv/a.py", "no.py") == ["no.py", "script", "venv/a.py"]
    assert found(tmp_path, "script", "venv/a.py", force_exclude=True) == ["script"]


def test_names_outside_the_working_directory_are_absolute(tmp_path: Path):
    make(tmp_path, "one/a.py", "two/b.py")
    assert found(tmp_path / "one", "../two", ".") == ["a.py", str(tmp_path / "two/b.py")]


def test_default_excludes(tmp_path: Path):
    make(tmp_path, "a.py", ".venv/b.py", "x/node_modules/c.py", "dist/d.py", "distant/e.py", ".hidden/f.py")
    assert found(tmp_path) == [".hidden/f.py", "a.py", "distant/e.py"]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ([], ["a.py", "gen/a.py", "gen/deep/b.py", "src/gen/c.py"]),
        (["gen"], ["a.py"]),
        (["gen/"], ["a.py"]),
        (["./gen"], ["a.py", "src/gen/c.py"]),
        (["src/gen"], ["a.py", "gen/a.py", "gen/deep/b.py"]),
        (["gen/*.py"], ["a.py", "src/gen/c.py"]),
        (["a.py"], ["gen/deep/b.py", "src/gen/c.py"]),
        (["[ab].py"], ["src/gen/c.py"]),
        (["[!a].py"], ["a.py", "gen/a.py"]),
        (["?.py"], []),
        (["**/deep"], ["a.py", "gen/a.py", "src/gen/c.py"]),
        (["src/**"], ["a.py", "gen/a.py", "gen/deep/b.py"]),
        (["**/c.py"], ["a.py", "gen/a.py", "gen/deep/b.py"]),
        (["g*"], ["a.py"]),
    ],
)
def test_excludes(tmp_path: Path, patterns: Sequence[str], left: list[str]):
    make(tmp_path, "a.py", "gen/a.py", "gen/deep/b.py", "src/gen/c.py")
    base = tmp_path
    assert found(tmp_path, exclude=tuple(patterns), base=base) == left
    assert found(tmp_path, exclude=(), extend_exclude=tuple(patterns), base=base) == left


def test_odd_characters_in_the_base_are_no_pattern():
    assert PatternSet(["src/*.py"], "/pro[j]ect*").matches("a.py", "/pro[j]ect*/src/a.py")
    assert not PatternSet(["src/*.py"], "/pro[j]ect*").matches("a.py", "/projects/src/a.py")


def test_every_directory_follows_its_own_settings(tmp_path: Path):
    make(tmp_path, "a/skip.py", "b/skip.py", "b/keep.py")
    (tmp_path / "b" / "pyproject.toml").write_text('[tool.archlint]\nextend-exclude = ["skip.py"]\n')
    assert found(tmp_path) == ["a/skip.py", "b/keep.py"]


def test_links(tmp_path: Path):
    make(tmp_path, "a/b.py")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "link.py").symlink_to(tmp_path / "a" / "b.py")
    (tmp_path / "a" / "dead.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "a" / "self.py").symlink_to(tmp_path / "a" / "self.py")
    # A link to itself is named, so that reading it tells; a link to nothing is nothing.
    assert found(tmp_path) == ["a/b.py", "a/link.py", "a/self.py"]


def test_ignore_files(tmp_path: Path):
    make(tmp_path, "a.py", "build/b.py", "src/c.py", "src/gen/d.py", "src/gen/keep.py", "src/e.py")
    (tmp_path / ".gitignore").write_text("build/\n*/e.py\n# no\n")
    (tmp_path / "src" / ".gitignore").write_text("/gen/*\n!keep.py\n")
    assert found(tmp_path) == ["a.py", "src/c.py", "src/gen/keep.py"]
    assert found(tmp_path, respect_gitignore=False) == [
        "a.py",
        "build/b.py",
        "src/c.py",
        "src/e.py",
        "src/gen/d.py",
        "src/gen/keep.py",
    ]


def test_ignore_files_above_the_walk_count_within_a_repository(tmp_path: Path):
    make(tmp_path, "src/a.py", "src/b.py", "src/deep/b.py")
    (tmp_path / ".gitignore").write_text("b.py\n")
    assert found(tmp_path / "src") == ["a.py", "b.py", "deep/b.py"]
    (tmp_path / ".git" / "info").mkdir(parents=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("src/a.py\n")
    assert found(tmp_path / "src") == []
    assert found(tmp_path / "src", "deep/b.py") == ["deep/b.py"]


NAMES = ["a.py", "b.py", "a b.py", "!x.py", "d/a.py", "d/b.py", "d/e/a.py", "d/e/f/b.py", "dd/a.py", "e/a.py"]
PATTERNS = """
*.py|a.py|/a.py|d/|d|/d/e|d/*|!a.py|!d/a.py|**/e|e/**|d/**/b.py|**|?.py|[ab].py|[!a].py|a\\ b.py|a b.py
|\\!x.py|!x.py|#a.py|\\#a.py||/|!d/|d/e/|*/a.py|d*/a.py|!*/|/*|!/d|[|f/b.py|e/f/|d/**|!d/e/a.py|**/a.py
"""
LINES = st.sampled_from(PATTERNS.strip().replace("\n", "  ").split("|"))


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@given(st.lists(LINES, min_size=1, max_size=5), st.lists(LINES, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_ignore_files_mean_what_git_means(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], below: list[str]
):
    root = tmp_path_factory.mktemp("repository")
    make(root, *NAMES)
    (root / ".gitignore").write_text("\n".join(top) + "\n")
    (root / "d" / ".gitignore").write_text("\n".join(below) + "\n")
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q"], cwd=root, check=True, env=quiet)
    listing = ["git", "ls-files", "-z", "--others", "--exclude-standard", "--", "*.py"]
    shown = subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True, env=quiet).stdout
    assert found(root, exclude=()) == sorted(
        filter(None, shown.split("\0")), key=lambda n: n.replace("/", "\0")
    )

"""The examples are reported exactly where their ``# expect:`` comments stand, and nowhere else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archlint.core.diagnostic import Diagnostic
from archlint.engine.discovery import Discovery
from archlint.engine.linter import Options
from archlint.engine.run import check_paths

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = ["bookings", "shop"]

_EXPECT = re.compile(r"# expect: ((?:ARC\d{3} ?)+)$")


def expected(root: Path) -> list[str]:
    """What the comments of a project say, as ``path:line: code``."""
    return sorted(_comments(root))


def _comments(root: Path) -> Iterator[str]:
    for path in root.rglob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := _EXPECT.search(line):
                for code in found[1].split():
                    yield f"{path.relative_to(root)}:{number}: {code}"


def check(root: Path, *, jobs: int = 1, cache_dir: Path | None = None) -> list[Diagnostic]:
    options = Options(isolated=True, cache=cache_dir is not None, cache_dir=cache_dir)
    return check_paths(Discovery(options.finder(), root).files(["."]), options, jobs=jobs)


def found(diagnostics: list[Diagnostic]) -> list[str]:
    return sorted(f"{d.location.path}:{d.location.line}: {d.code}" for d in diagnostics)


@pytest.mark.parametrize("name", NAMES)
def test_findings_are_the_expected_ones(name: str):
    root = EXAMPLES / name

    assert found(check(root)) == expected(root)


@pytest.mark.parametrize("name", NAMES)
def test_jobs_and_caches_change_no_finding(name: str, tmp_path: Path):
    root = EXAMPLES / name
    plain = check(root)

    assert check(root, jobs=2) == plain
    assert check(root, cache_dir=tmp_path) == plain
    assert check(root, cache_dir=tmp_path) == plain


@pytest.mark.parametrize("name", NAMES)
def test_each_file_alone_has_its_findings(name: str):
    root = EXAMPLES / name
    options = Options(isolated=True, cache=False)
    targets = Discovery(options.finder(), root).files(["."])

    alone = [diagnostic for target in reversed(targets) for diagnostic in check_paths([target], options)]

    assert found(alone) == expected(root)


def test_comments_do_not_matter(tree: Path):
    """The engine reads code, never the comments that these tests read."""
    for name in NAMES:
        root = tree / name
        shutil.copytree(EXAMPLES / name, root)
        before = expected(root)
        for path in root.rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("".join(_EXPECT.sub("", line) + "\n" for line in lines), encoding="utf-8")

        assert found(check(root)) == before


@pytest.mark.parametrize("name", NAMES)
def test_readme_names_every_defect(name: str):
    root = EXAMPLES / name
    readme = (root / "README.md").read_text(encoding="utf-8")
    codes = {line.rpartition(" ")[2] for line in expected(root)}
    files = {line.partition(":")[0].removeprefix(f"{name}/") for line in expected(root)}

    assert [code for code in sorted(codes) if code not in readme] == []
    assert [path for path in sorted(files) if f"`{path}`" not in readme] == []

"""The examples in other clothes: whole projects, rewritten as the twins of the cases are."""

from __future__ import annotations

import re
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from twins import SAME, Files, python

EXAMPLES = Path(__file__).parents[1] / "examples"
Findings = set[tuple[str, int, str]]


@cache
def sources(name: str) -> Files:
    root = EXAMPLES / name
    paths = sorted((*root.rglob("*.py"), *root.rglob("*.html")))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def lint(root: Path, files: Files) -> Findings:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    (root / "pyproject.toml").touch()
    with closing(Linter(Options(isolated=True, cache=False))) as linter:
        targets = [Target(str(root / name), name) for name in python(files)]
        found = [d for target in targets for d in linter.check(target).diagnostics]
    return {(d.location.path, d.location.line, d.code) for d in found}


def marked(files: Files, findings: Findings) -> Files:
    """The files with a mark on every reported line, which travels into the twins."""
    changed = dict(files)
    for path, line, code in findings:
        rows = changed[path].split("\n")
        rows[line - 1] += f"  # @{code}"
        changed[path] = "\n".join(rows)
    return changed


def marks(files: Files) -> Findings:
    return {
        (path, number, code)
        for path, text in files.items()
        for number, line in enumerate(re.split(r"\r\n|\n", text), 1)
        for code in re.findall(r"# @(ARC\d{3})", line)
    }


@pytest.fixture(scope="module", params=["bookings", "shop"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Files:
    files = sources(request.param)
    findings = lint(tmp_path_factory.mktemp("project"), files)
    assert len(findings) > 5
    return marked(files, findings)


@pytest.mark.parametrize("kind", sorted(SAME))
def test_twin_is_judged_alike(kind: str, project: Files, tree: Path) -> None:
    files = SAME[kind](project)
    if files is None:
        pytest.skip("does not apply")
    assert len(marks(files)) == len(marks(project))
    assert lint(tree, files) == marks(files)

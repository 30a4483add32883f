"""``--watch``: what is linted again, and in which order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archlint.engine.linter import Options
from archlint.surfaces.cli.watch import Watch
from surfaces.shop import APP, HELPERS, make


@pytest.fixture
def shop(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tree)
    return make(tree)


def codes(state: Watch) -> list[str]:
    return [diagnostic.code for diagnostic in state.found]


def test_what_imports_a_changed_file_comes_first(shop: Path):
    (shop / "alone.py").write_text("x = 1\n")
    state = Watch(["."], Options(cache=False))
    state.start()
    assert codes(state) == ["ARC401", "ARC402"]
    (shop / "helpers.py").write_text("def slow():\n    return 1\n")
    first, rest = state.changed([str(shop / "helpers.py")])
    assert [target.display for target in first] == ["app.py", "helpers.py"]
    assert [target.display for target in rest] == ["alone.py"]
    state.lint(first)
    assert codes(state) == ["ARC401"]
    state.lint(rest)
    assert codes(state) == ["ARC401"]
    state.close()


def test_new_and_lost_files_and_settings_start_afresh(shop: Path):
    state = Watch(["."], Options(cache=False))
    state.start()
    (shop / "more.py").write_text(APP)
    first, rest = state.changed([str(shop / "more.py")])
    assert len(first) == 3
    assert not rest
    state.lint(first)
    assert codes(state) == ["ARC401", "ARC402"] * 2
    (shop / "more.py").unlink()
    state.lint(state.changed([str(shop / "more.py")])[0])
    assert codes(state) == ["ARC401", "ARC402"]
    (shop / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC402"]\n')
    state.lint(state.changed([str(shop / "pyproject.toml")])[0])
    assert codes(state) == ["ARC401"]
    state.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_real_change_is_seen(shop: Path):
    pytest.importorskip("watchfiles")
    command = [
        sys.executable,
        "-m",
        "archlint",
        "check",
        "--watch",
        "--no-cache",
        "--output-format",
        "concise",
    ]
    log = shop / "log.txt"
    with log.open("wb") as out, subprocess.Popen(command, cwd=shop, stdout=out, stderr=out) as process:
        try:
            wait_for(log, "Watching for file changes.")
            assert "ARC402" in log.read_text()
            before = len(log.read_text())
            (shop / "helpers.py").write_text(HELPERS.replace("time.sleep(1)", "return 1", 1))
            wait_for(log, "Found 1 error.", before)
        finally:
            process.terminate()


def wait_for(log: Path, text: str, start: int = 0) -> None:
    for _ in range(600):
        if text in log.read_text()[start:]:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())

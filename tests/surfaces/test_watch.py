"""``--watch``: what is linted again, and in which order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archlint.engine.linter import Options
from archlint.surfaces.cli.watch import Watch
from surfaces.shop import APP, make, make_page


@pytest.fixture
def shop(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tree)
    return make(tree)


def codes(state: Watch) -> list[str]:
    return [diagnostic.code for diagnostic in state.found]


def test_what_has_to_do_with_a_change_is_linted_again(shop: Path):
    (shop / "alone.py").write_text("x = 1\n")
    (shop / "urls.py").write_text('PLACES = ["helpers"]\n')
    state = Watch(["."], Options(cache=False))
    seen: list[tuple[int, int]] = []
    state.start(1, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
    assert codes(state) == ["ARC401", "ARC402"]
    (shop / "helpers.py").write_text("def slow():\n    return 1\n")
    near = state.changed([str(shop / "helpers.py")])
    assert [target.display for target in near] == ["app.py", "helpers.py", "urls.py"]
    state.lint(near)
    assert codes(state) == ["ARC401"]
    assert [target.display for target in state.changed([str(shop / "app.py")])] == ["app.py", "helpers.py"]
    assert [target.display for target in state.changed([str(shop / "alone.py")])] == ["alone.py"]
    state.close()


def test_new_and_lost_files_and_settings_start_afresh(shop: Path):
    state = Watch(["."], Options(cache=False))
    state.start()
    (shop / "more.py").write_text(APP)
    near = state.changed([str(shop / "more.py")])
    assert len(near) == 3
    state.lint(near)
    assert codes(state) == ["ARC401", "ARC402"] * 2
    (shop / "more.py").unlink()
    state.lint(state.changed([str(shop / "more.py")]))
    assert codes(state) == ["ARC401", "ARC402"]
    (shop / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC402"]\n')
    state.lint(state.changed([str(shop / "pyproject.toml")]))
    assert codes(state) == ["ARC401"]
    state.close()


@pytest.mark.parametrize("cache", [True, False])
def test_a_changed_template_starts_afresh(tree: Path, monkeypatch: pytest.MonkeyPatch, cache: bool):
    monkeypatch.chdir(tree)
    template = make_page(tree)
    state = Watch(["."], Options(cache=cache))
    state.start()
    assert codes(state) == []
    for text, found in (("book.author.name", ["ARC203"]), ("book.pk", [])):
        template.write_text(f"{{% for book in books %}}{{{{ {text} }}}}{{% endfor %}}")
        state.lint(state.changed([str(template)]))
        assert codes(state) == found
    state.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_real_change_is_seen_and_mended(shop: Path):
    pytest.importorskip("watchfiles")
    known = subprocess.run([sys.executable, "-m", "archlint", "baseline", "app.py"], cwd=shop, check=True)
    assert known.returncode == 0
    command = [sys.executable, "-m", "archlint", "check", "--watch", "--no-cache", "--output-format=concise"]
    options = ["--fix", "--baseline", "archlint-baseline.json"]
    with watching(shop, *command, *options) as log:
        wait_for(log, "All checks passed!")
        wait_for(log, "Watching for file changes.")
        before = len(log.read_text())
        (shop / "app.py").write_text(APP + "    time.sleep(5)\n")
        wait_for(log, "Found 1 error (1 fixed, 0 remaining).", before)
    assert "    time.sleep(1)\n    slow()\n    await asyncio.sleep(5)\n" in (shop / "app.py").read_text()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_the_settings_may_come_to_name_a_baseline(shop: Path):
    pytest.importorskip("watchfiles")
    subprocess.run([sys.executable, "-m", "archlint", "baseline", "-o", "known.json"], cwd=shop, check=True)
    with watching(shop, sys.executable, "-m", "archlint", "check", "--watch", "--no-cache") as log:
        wait_for(log, "Found 2 errors.")
        wait_for(log, "Watching for file changes.")
        (shop / "pyproject.toml").write_text('[tool.archlint]\nbaseline = "known.json"\n')
        wait_for(log, "All checks passed!")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_settings_that_make_no_sense_are_waited_for(shop: Path):
    pytest.importorskip("watchfiles")
    with watching(shop, sys.executable, "-m", "archlint", "check", "--watch", "--no-cache") as log:
        wait_for(log, "Watching for file changes.")
        for text, told in (
            ("[tool.archlint\n", "not valid TOML"),
            ("[tool.archlint]\nselekt = 1\n", "did you mean `select`?"),
            ('[tool.archlint]\nbaseline = "gone.json"\n', "gone.json: cannot be read"),
            ('[tool.archlint]\nignore = ["ARC4"]\n', "All checks passed!"),
        ):
            before = len(log.read_text())
            (shop / "pyproject.toml").write_text(text)
            wait_for(log, told, before)


@contextmanager
def watching(shop: Path, *command: str) -> Iterator[Path]:
    """A process that watches, and what it writes."""
    log = shop / "log.txt"
    with log.open("wb") as out, subprocess.Popen(command, cwd=shop, stdout=out, stderr=out) as process:
        try:
            yield log
        finally:
            process.terminate()


def wait_for(log: Path, text: str, start: int = 0) -> None:
    for _ in range(600):
        if text in log.read_text()[start:]:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())

"""Many files in several processes."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from archlint.engine import parallel
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options, Outcome
from archlint.engine.run import check_paths
from engine.samples import told

SOURCE = "import time\n\nasync def f():\n    time.sleep({})\n"


@pytest.fixture
def targets(tree: Path) -> list[Target]:
    (tree / "pyproject.toml").touch()
    names = [f"m{number:02}.py" for number in range(40)]
    for number, name in enumerate(names):
        (tree / name).write_text(SOURCE.format(number + 1))
    return [Target(str(tree / name), name) for name in names]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_every_start_method_gives_the_outcomes_of_one_process(targets: list[Target], method: str):
    options = Options(cache=False)
    expected = [Linter(options).check(target) for target in targets]
    work = list(enumerate(targets))
    found = dict(parallel.outcomes(options, work, 2, multiprocessing.get_context(method)))
    assert [found[index] for index in range(len(targets))] == expected
    assert told(found[3].diagnostics)[0][:3] == (4, 4, "ARC401")


def test_the_order_of_the_report_is_the_order_of_the_files(targets: list[Target]):
    found = check_paths(targets, Options(cache=False), jobs=3)
    assert [diagnostic.location.path for diagnostic in found] == [target.display for target in targets]


def test_progress_counts_every_file_once(targets: list[Target]):
    seen: list[tuple[int, int]] = []
    check_paths(
        targets, Options(cache=False), jobs=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(number, 40) for number in range(1, 41)]


def test_a_dying_worker_costs_its_file_only(targets: list[Target], monkeypatch: pytest.MonkeyPatch):
    check, parent = Linter.check, os.getpid()

    def deadly(self: Linter, target: Target) -> Outcome:
        if target.display in {"m07.py", "m33.py"} and os.getpid() != parent:
            os._exit(9)
        return check(self, target)

    monkeypatch.setattr(Linter, "check", deadly)
    work = list(enumerate(targets))
    found = dict(parallel.outcomes(Options(cache=False), work, 2, multiprocessing.get_context("fork")))
    assert sorted(found) == list(range(40))
    lost = {index: told(outcome.diagnostics) for index, outcome in found.items() if index in {7, 33}}
    assert [diagnostics[0][2] for diagnostics in lost.values()] == ["ARC000", "ARC000"]
    assert "A process of archlint failed on this file (BrokenProcessPool: " in lost[7][0][3]
    assert all(told(found[index].diagnostics)[0][2] == "ARC401" for index in range(40) if index not in lost)

"""The benchmarks run and name every budget; what they measure is no test's business."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUDGETS = tomllib.loads((ROOT / "bench" / "budgets.toml").read_text(encoding="utf-8"))


def bench(program: str, *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "bench" / program), *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "ARCHLINT_RAISE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.slow
def test_every_budget_is_told():
    sections = "cold,warm,flake8,keystroke,growth,startup"

    out = bench("run.py", "examples/bookings", "--repeats", "1", "--copies", "2", "--only", sections)

    told = {line[:100].strip(): line[100:].split() for line in out.splitlines()}
    for budget in BUDGETS.values():
        assert told[budget["what"]][-1] in {"ok", "OVER", "measured"}
    assert "libcst" not in out.partition("heavy modules:")[2].partition("\n")[0]


@pytest.mark.slow
def test_fuzz_job_ends(tmp_path: Path):
    out = bench("fuzz.py", "examples/shop", "--seconds", "3", "--keep", str(tmp_path))

    assert "FAILED" not in out
    assert "findings" in out

"""Runs commands as children and says what each of them cost, by the kernel's own account."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """CPU and wall time in seconds, the largest resident size in MB, and what was printed."""

    cpu: float
    wall: float
    memory: float
    output: str


def run(command: Sequence[str], *, cwd: Path | None = None) -> Cost:
    """The cost of one child and of all it waited for."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        with subprocess.Popen(command, cwd=cwd, stdout=stdout, stderr=stderr) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        stdout.seek(0)
        stderr.seek(0)
        output, errors = stdout.read(), stderr.read()
    if child.returncode < 0 or "Traceback" in errors:
        sys.exit(f"{' '.join(command[:8])} failed with {child.returncode}:\n{errors[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, output)


def median(
    repeats: int,
    command: Sequence[str],
    *,
    before: Callable[[], object] | None = None,
    cwd: Path | None = None,
) -> Cost:
    """The median of several runs, each column for itself; ``before`` prepares every one of them."""
    costs = []
    for _ in range(repeats):
        if before is not None:
            before()
        costs.append(run(command, cwd=cwd))
    cpu, wall, memory = (statistics.median(cost[column] for cost in costs) for column in range(3))
    return Cost(cpu, wall, memory, costs[-1].output)

"""Prints what archlint costs on a directory of sources, beside other linters and its budgets.

    python bench/run.py DIRECTORY [--repeats 3] [--copies 4] [--only cold,warm]

Every number is CPU time of children, the median of several runs, and is compared with numbers
of the same run alone. Tools that are not installed beside this Python are left out. The exit
code is 0 whatever the numbers say.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import statistics
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from measure import Cost, median, run

HERE = Path(__file__).parent
PLUGINS = {"flake8-bugbear": "bugbear", "flake8-async": "flake8_async"}
ALL_PLUGINS = ("archlint", *PLUGINS)


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="archlint-bench-") as scratch:
        bench = Bench(arguments.directory.resolve(), Path(scratch), arguments.repeats, arguments.copies)
        only = [name for name in (arguments.only or "").split(",") if name]
        sections = [name for name in SECTIONS if not only or name in only]
        seconds, lines, files = bench.parsed
        print(f"{files} files, {lines} lines; ast.parse of them: {seconds:.2f} s CPU")
        print(f"Python {sys.version.split()[0]}, median of {arguments.repeats}\n", flush=True)
        measured: dict[str, float] = {}
        for name in sections:
            print(f"{name}:", flush=True)
            measured.update(SECTIONS[name](bench))
            print(flush=True)
    report(measured)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Print what archlint costs on a directory of sources.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--copies", type=int, default=4, help="growth goes up to so many copies")
    parser.add_argument("--only", help="some sections: " + ",".join(SECTIONS))
    return parser.parse_args()


def report(measured: dict[str, float]) -> None:
    budgets = tomllib.loads((HERE / "budgets.toml").read_text(encoding="utf-8"))
    print(f"{'budget':<100} {'measured':>9} {'limit':>7}")
    for key, budget in budgets.items():
        if key in measured:
            verdict = "ok" if measured[key] <= budget["limit"] else "OVER"
            print(f"{budget['what']:<100} {measured[key]:>9.3g} {budget['limit']:>7g}  {verdict}")
        else:
            print(f"{budget['what']:<100} {'-':>9} {budget['limit']:>7g}  not measured")


class Bench:
    """One directory, measured by one Python."""

    def __init__(self, directory: Path, scratch: Path, repeats: int, copies: int) -> None:
        self.directory = directory
        self.scratch = scratch
        self.repeats = repeats
        self.copies = copies

    @functools.cached_property
    def parsed(self) -> tuple[float, int, int]:
        """CPU seconds of ``ast.parse`` alone, lines, files."""
        rows = [run(child("parse", str(self.directory))).output.split() for _ in range(self.repeats)]
        return statistics.median(float(row[0]) for row in rows), int(rows[0][1]), int(rows[0][2])

    @functools.cached_property
    def cold(self) -> Cost:
        """``archlint check`` without caches, in one process."""
        return median(self.repeats, archlint(self.directory, "--no-cache"))

    @functools.cached_property
    def warm(self) -> Cost:
        """The same with full caches and nothing changed."""
        command = archlint(self.directory, "--cache-dir", str(self.cache))
        run(command)
        return median(self.repeats, command)

    @functools.cached_property
    def bare(self) -> Cost:
        """flake8 without any plugin."""
        return self.flake8(*ALL_PLUGINS)

    @property
    def cache(self) -> Path:
        return self.scratch / "cache"

    def flake8(self, *hidden: str, arguments: tuple[str, ...] = (), warm_up: bool = False) -> Cost:
        """flake8 in one process with some distributions hidden."""
        command = child("flake8", ",".join(hidden), *FLAKE8, *arguments, str(self.directory))
        if warm_up:
            run(command)
        return median(self.repeats, command)

    def show(self, name: str, seconds: float, more: str = "") -> None:
        parse, lines, _ = self.parsed
        columns = f"{seconds:8.2f} s {seconds / parse:7.2f} x parse {seconds / lines * 1e6:8.1f} µs/line"
        print(f"  {name:<44} {columns}  {more}", flush=True)


RUFF = ("check", "--no-cache", "--isolated", "--exit-zero")
FLAKE8 = ("-j1", "--isolated", "-qq", "--exit-zero")


def child(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(HERE / "children.py"), name, *arguments]


def tool(name: str) -> str | None:
    """A command installed beside this Python."""
    found = Path(sysconfig.get_path("scripts")) / name
    return str(found) if found.exists() else None


def archlint(directory: Path, *arguments: str) -> list[str]:
    start = [sys.executable, "-c", "from archlint.surfaces.cli import main; main()", "check"]
    fixed = ["--isolated", "--jobs", "1", "--exit-zero", "--quiet", "--output-format", "concise"]
    return [*start, *fixed, *arguments, str(directory)]


Measured = Iterator[tuple[str, float]]


def cold(bench: Bench) -> Measured:
    bench.show("archlint check --no-cache", bench.cold.cpu, f"{bench.cold.memory:.0f} MB")
    filling = median(
        bench.repeats,
        archlint(bench.directory, "--cache-dir", str(bench.cache)),
        before=lambda: shutil.rmtree(bench.cache, ignore_errors=True),
    )
    bench.show("archlint check, filling its caches", filling.cpu, f"{filling.memory:.0f} MB")
    yield "cold", bench.cold.cpu / bench.parsed[0]


def warm(bench: Bench) -> Measured:
    bench.show("archlint check, nothing changed", bench.warm.cpu, f"{bench.warm.wall:.2f} s wall")
    yield "warm", bench.warm.cpu / bench.cold.cpu
    if ruff := tool("ruff"):
        peer = median(bench.repeats, [ruff, *RUFF, str(bench.directory)])
        bench.show("ruff check --no-cache", peer.cpu, f"{peer.wall:.2f} s wall")
        yield "warm_ruff", bench.warm.wall / peer.wall


def flake8(bench: Bench) -> Measured:
    bench.show("flake8 without plugins", bench.bare.cpu)
    hidden = tuple(PLUGINS)
    uncached = bench.flake8(*hidden, arguments=("--arc-no-cache",))
    bench.show("ARC inside flake8, no cache: added", uncached.cpu - bench.bare.cpu)
    own = bench.directory / ".archlint_cache"
    kept = own.exists()
    try:
        cached = bench.flake8(*hidden, warm_up=True)
    finally:
        if not kept:
            shutil.rmtree(own, ignore_errors=True)
    added = cached.cpu - bench.bare.cpu
    bench.show("ARC inside flake8, caches warm: added", added)
    yield "flake8_share", added / bench.bare.cpu
    yield "flake8_parse", added / bench.parsed[0]


def peers(bench: Bench) -> Measured:
    """Other linters, for comparison; no budget."""
    for name, module in PLUGINS.items():
        if find_spec(module):
            cost = bench.flake8(*(plugin for plugin in ALL_PLUGINS if plugin != name))
            bench.show(f"{name} inside flake8: added", cost.cpu - bench.bare.cpu)
    if find_spec("pyflakes"):
        command = [sys.executable, "-m", "pyflakes", str(bench.directory)]
        bench.show("pyflakes", median(bench.repeats, command).cpu)
    if bandit := tool("bandit"):
        command = [bandit, "-q", "-r", "--exit-zero", "-f", "json", str(bench.directory)]
        bench.show("bandit", median(bench.repeats, command).cpu)
    if ruff := tool("ruff"):
        command = [ruff, *RUFF, "--select", "ALL", str(bench.directory)]
        bench.show("ruff check --select ALL", median(bench.repeats, command).cpu)
    yield from ()


def keystroke(bench: Bench) -> Measured:
    run(archlint(bench.directory, "--cache-dir", str(bench.cache)))
    rows = run(child("keystroke", str(bench.directory), str(bench.cache), "15")).output.splitlines()
    values = [tuple(map(float, row.split())) for row in rows]
    if not values:
        return
    for name, column in (("after a change", 0), ("ast.parse", 1), ("first time", 3)):
        sized = sorted(value[column] for value in values)
        print(f"  {name:<44} {statistics.median(sized):8.2f} ms, worst {sized[-1]:.2f} ms", flush=True)
    ratios = sorted(value[2] for value in values)
    print(f"  {'ratio':<44} {statistics.median(ratios):8.2f}, worst {ratios[-1]:.2f}", flush=True)
    yield "keystroke", statistics.median(ratios)


def growth(bench: Bench) -> Measured:
    """One run over one, two, four … copies of the sources, each a project of its own."""
    empty = bench.scratch / "empty"
    empty.mkdir()
    idle = run(archlint(empty, "--no-cache"))
    tree = bench.scratch / "copies"
    prices, sizes, memories = [], [], []
    copies = made = 1
    while copies <= bench.copies:
        while made <= copies:
            shutil.copytree(bench.directory, tree / f"copy{made}", symlinks=True)
            (tree / f"copy{made}" / "pyproject.toml").touch()
            made += 1
        cost = run(archlint(tree, "--no-cache"))
        lines = bench.parsed[1] * copies
        prices.append((cost.cpu - idle.cpu) / lines)
        sizes.append(lines)
        memories.append(cost.memory)
        print(f"  {lines:>10} lines {prices[-1] * 1e6:8.1f} µs/line {memories[-1]:8.0f} MB", flush=True)
        copies *= 2
    yield "growth", max(prices) / min(prices)
    yield "memory", (memories[-1] - idle.memory) / sizes[-1] * 1e6


def startup(bench: Bench) -> Measured:
    one = bench.scratch / "one.py"
    one.write_text("x = 1\n", encoding="utf-8")
    repeats = max(7, bench.repeats)
    hidden = ",".join(PLUGINS)
    without = median(repeats, child("flake8", f"{hidden},archlint", *FLAKE8, str(one)), cwd=bench.scratch)
    beside = median(repeats, child("flake8", hidden, *FLAKE8, str(one)), cwd=bench.scratch)
    loaded = run(child("heavy", hidden, *FLAKE8, str(one)), cwd=bench.scratch).output.split()
    print(f"  {'flake8 on one line':<44} {without.cpu * 1000:8.0f} ms")
    print(f"  {'the same with ARC':<44} {beside.cpu * 1000:8.0f} ms; heavy modules: {loaded}")
    yield "startup", (beside.cpu - without.cpu) * 1000
    yield "heavy", float(len(loaded))


SECTIONS: dict[str, Callable[[Bench], Measured]] = {
    section.__name__: section for section in (cold, warm, flake8, peers, keystroke, growth, startup)
}


if __name__ == "__main__":
    main()

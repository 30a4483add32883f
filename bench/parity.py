"""Whether the way a tree is checked changes what is found.

    python bench/parity.py DIRECTORY... [--only reversed,shuffled,...]

Every way runs in a process of its own, with its own hash seed: the files in sorted, reversed and
shuffled order, in two processes, with a cold and a warm cache, and through flake8, likewise in one
process and in two, without and with the cache. Whatever differs from the sorted run is told with
both sides, and so is every ARC000. Exit code 1 if anything was told.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import evolve

from archlint import RECURSION_LIMIT
from archlint.core.settings import Selectors
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import installed
from archlint.engine.results import _plain
from archlint.engine.run import check_paths

#: A finding as text: path, line, column, code, message, and everything else that is reported.
Findings = list[str]

_FLAKE8_LINE = re.compile(r"(?P<path>.+?):(?P<row>\d+):(?P<column>\d+): (?P<code>ARC\d+) (?P<text>.*)")
_SHOWN = 12
#: All rules, and nothing hidden: the more there is to compare, the more is seen.
_OPTIONS = Options(
    isolated=True, selectors=Selectors("parity", select=("ALL",)), ignore_noqa=True, whole=True, cache=False
)


def in_order(arrange: Callable[[list[Target]], Sequence[Target]], jobs: int = 1) -> Callable[[str], Findings]:
    """Checks the files of the working directory in an order of its own."""

    def way(cache: str) -> Findings:
        options = evolve(_OPTIONS, cache=bool(cache), cache_dir=Path(cache) if cache else None)
        targets = list(arrange(Discovery(options.finder(), Path.cwd()).files(["."])))
        found = check_paths(targets, options, jobs=jobs)
        return [json.dumps(_plain(diagnostic)) for diagnostic in found]

    return way


def alone(_cache: str) -> Findings:
    """Every file as if it were the only one: nothing learnt for one file is there for the next."""
    found: Findings = []
    for target in Discovery(_OPTIONS.finder(), Path.cwd()).files(["."]):
        outcome = Linter(_OPTIONS).check(target)
        found += [json.dumps(_plain(diagnostic)) for diagnostic in outcome.diagnostics]
    return found


def flake8(jobs: int) -> Callable[[str], Findings]:
    """What flake8 prints for the same files."""

    def way(cache: str) -> Findings:
        from flake8.main.cli import main

        names = [target.display for target in Discovery(_OPTIONS.finder(), Path.cwd()).files(["."])]
        codes = ",".join(("ARC000", *installed().entries))
        options = ["--isolated", f"--select={codes}", "--disable-noqa", f"-j{jobs}", "--exclude=nothing"]
        if cache:
            os.environ["ARCHLINT_CACHE_DIR"] = cache
        else:
            options.append("--arc-no-cache")
        with tempfile.NamedTemporaryFile("r", suffix=".txt") as report:
            main([*options, f"--output-file={report.name}", *names])
            return report.read().splitlines()

    return way


def shuffled(targets: list[Target]) -> Sequence[Target]:
    return random.Random(len(targets)).sample(targets, len(targets))


WAYS: dict[str, Callable[[str], Findings]] = {
    "sorted": in_order(sorted),
    "reversed": in_order(lambda targets: targets[::-1]),
    "shuffled": in_order(shuffled),
    "jobs": in_order(sorted, 2),
    "cold": in_order(shuffled, 2),
    "warm": in_order(sorted, 2),
    "summaries": in_order(shuffled),
    "alone": alone,
    "flake8": flake8(1),
    "flake8-jobs": flake8(2),
    "flake8-warm": flake8(1),
}
_CACHED = ("cold", "warm", "summaries", "flake8-jobs", "flake8-warm")
_USUAL = [name for name in WAYS if name != "alone"]


def main() -> int:
    arguments = parse_arguments()
    if arguments.way:
        return child(arguments.way, arguments.cache, arguments.directories[0])
    failed = False
    for directory in arguments.directories:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as cache:
            failed |= compare(directory.resolve(), arguments.only, cache)
        print(f"{directory.name}: {time.monotonic() - started:.0f} s", flush=True)
    return int(failed)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--only", type=lambda text: text.split(","), default=_USUAL, help=", ".join(WAYS))
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--cache", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def child(way: str, cache: str, directory: Path) -> int:
    """Check the directory in one way and print the findings, one on a line."""
    warnings.simplefilter("ignore")
    gc.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)
    os.chdir(directory)
    found = WAYS[way](cache)
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 0


def compare(directory: Path, ways: list[str], cache: str) -> bool:
    """Check a directory in all ways and tell what differs."""
    first = run("sorted", directory, "", "0")
    failed = tell(f"{directory.name} ARC000", [line for line in first if "ARC000" in line], [])
    for seed, way in enumerate(ways, 1):
        if way == "sorted":
            continue
        if way == "summaries":
            # What stays when the findings are gone: every file is checked again, from cached summaries.
            for file in Path(cache).glob("results-*"):
                file.unlink()
        found = run(way, directory, cache if way in _CACHED else "", str(seed))
        if way.startswith("flake8"):
            failed |= tell(f"{directory.name} {way}", *differences(short(first), printed(found)))
        else:
            failed |= tell(f"{directory.name} {way}", *differences(first, found))
            if way in ("jobs", "warm") and found != first:
                failed |= tell(f"{directory.name} {way}: order of findings", found[:1], first[:1])
        print(f"{directory.name} {way}: {len(found)} findings", flush=True)
    return failed


def run(way: str, directory: Path, cache: str, seed: str) -> Findings:
    command = [sys.executable, os.fspath(Path(__file__).resolve()), os.fspath(directory), "--way", way]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [*command, "--cache", cache], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return [f"{way} failed: {done.stderr[-2000:]}"]
    return done.stdout.splitlines()


def short(findings: Findings) -> Findings:
    """Path, line, column, code and message of findings that flake8 knows as well."""
    plain = [json.loads(line) for line in findings]
    return [
        json.dumps([path, row, column + 1, code, " ".join(message.splitlines())])
        for code, _, message, (path, row, column, *_), *_ in plain
        if code.startswith("ARC")
    ]


def printed(lines: Findings) -> Findings:
    found = []
    for line in lines:
        match = _FLAKE8_LINE.fullmatch(line)
        if match is not None:
            path, row, column, code, text = match.groups()
            found.append(json.dumps([path.removeprefix("./"), int(row), int(column), code, text]))
        elif " ARC" in line:
            found.append(line)
    return found


def differences(expected: Findings, found: Findings) -> tuple[Findings, Findings]:
    return sorted(set(found) - set(expected)), sorted(set(expected) - set(found))


def tell(what: str, only_here: Findings, only_sorted: Findings) -> bool:
    for sign, lines in (("+", only_here), ("-", only_sorted)):
        for line in lines[:_SHOWN]:
            print(f"{what}: {sign} {line}")
        if len(lines) > _SHOWN:
            print(f"{what}: {sign} ... {len(lines)} in all")
    return bool(only_here or only_sorted)


if __name__ == "__main__":
    sys.exit(main())

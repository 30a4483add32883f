"""A long fuzz job: lints mutated copies of the files below a directory.

    python bench/fuzz.py DIRECTORY [--seconds 600] [--seed 1] [--keep FOLDER]

For every file it draws, the text is mutated, lowered and checked under the file's own name, so
that the rest of its project is in reach. What must hold: no exception, no ARC000, every place
inside the text, the same findings twice, and no check beyond ``--slow`` seconds. Whatever breaks
that is kept as a file and told with its seed. Exit code 1 if anything did.
"""

from __future__ import annotations

import argparse
import ast
import collections
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, os.fspath(Path(__file__).parents[1] / "tests"))

from archlint.engine.linter import Options
from archlint.engine.run import check_source
from archlint.model.lowering import lower
from archlint.model.summary import Summary
from fuzz.grammar import Writer
from fuzz.mutations import mutated

LARGEST = 60_000


def main() -> int:
    arguments = parse_arguments()
    os.environ["ARCHLINT_RAISE"] = "1"
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    job = Job(arguments.keep, arguments.slow, arguments.cache)
    files = sorted(path for path in arguments.directory.rglob("*.py") if 0 < size(path) <= LARGEST)
    if not files:
        sys.exit(f"no Python files below {arguments.directory}")
    until = time.monotonic() + arguments.seconds
    for seed, path, text in draws(files, arguments.seed):
        if time.monotonic() > until:
            break
        job.one(seed, path, text)
    print(job.summary())
    return int(bool(job.failures))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Lint mutated copies of the files below a directory.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=10, help="a check may take so many seconds")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "archlint-fuzz")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.mkdtemp(prefix="archlint-fuzz-")))
    return parser.parse_args()


def size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def draws(files: list[Path], first_seed: int) -> Iterator[tuple[int, Path, str]]:
    """Endless mutated texts, each made from its own seed alone."""
    seed = first_seed
    while True:
        rng = random.Random(seed)
        path, donor = rng.choice(files), rng.choice(files)
        if rng.random() < 0.2:
            text = Writer(rng).program()
        else:
            text = path.read_text(encoding="utf-8", errors="replace")
        lent = donor.read_text(encoding="utf-8", errors="replace")
        yield seed, path, broken(rng, text, lent)
        seed += 1


def broken(rng: random.Random, text: str, lent: str) -> str:
    """The text mutated; most of the time so that it still parses."""
    found = mutated(rng, text, lent, most=4)
    for _ in range(8):
        if rng.random() < 0.05 or tree_of(found) is not None:
            break
        found = mutated(rng, text, lent, most=4)
    return found


def tree_of(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class Job:
    """Counts what was done and keeps what went wrong."""

    def __init__(self, keep: Path, slow: float, cache: Path) -> None:
        self.keep = keep
        self.slow = slow
        self.options = Options(isolated=True, cache_dir=cache)
        self.failures: collections.Counter[str] = collections.Counter()
        self.done = self.parsed = self.findings = 0
        self.slowest = (0.0, 0)

    def one(self, seed: int, path: Path, text: str) -> None:
        self.done += 1
        started = time.perf_counter()
        try:
            self.check(path, text)
        except Exception as error:  # noqa: BLE001 - that is what the job looks for
            self.failed(seed, path, text, error)
        needed = time.perf_counter() - started
        self.slowest = max(self.slowest, (needed, seed))
        if needed > self.slow:
            self.failed(seed, path, text, TimeoutError(f"{needed:.1f} s"))

    def check(self, path: Path, text: str) -> None:
        self.lower(text)
        found = check_source(text, os.fspath(path), self.options)
        again = check_source(text, os.fspath(path), self.options)
        lines = text.count("\n") + text.count("\r") + 1
        self.findings += len(found)
        for diagnostic in found:
            assert diagnostic.code != "ARC000", diagnostic.message
            assert 1 <= diagnostic.location.line <= diagnostic.location.end_line <= lines, diagnostic
        assert found == again, "two answers to one question"

    def lower(self, text: str) -> None:
        tree = tree_of(text)
        if tree is None:
            return
        self.parsed += 1
        stored = lower(tree, "package").to_text()
        assert Summary.from_text(stored).to_text() == stored

    def failed(self, seed: int, path: Path, text: str, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
        what = f"{type(error).__name__} at {where}"
        self.failures[what] += 1
        if self.failures[what] > 3:
            return
        self.keep.mkdir(parents=True, exist_ok=True)
        kept = self.keep / f"seed{seed}.py"
        kept.write_text(text, encoding="utf-8", errors="surrogatepass")
        print(f"seed {seed}, {path}: {what}: {str(error)[:300]}\n  kept as {kept}", flush=True)
        for frame in frames[-6:]:
            print(f"    {frame.filename}:{frame.lineno} in {frame.name}", flush=True)

    def summary(self) -> str:
        counts = f"{self.done} texts, {self.parsed} of them parse, {self.findings} findings"
        lines = [f"{counts}, slowest {self.slowest[0]:.2f} s (seed {self.slowest[1]})"]
        lines += [f"FAILED {count} times: {what}" for what, count in self.failures.most_common()]
        return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

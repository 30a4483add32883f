"""Make every fix that can be made in a copy of a source tree, and say what that broke.

A fix is kept by archlint only if its own file lints no worse; this looks at everything else, from
outside: that all files still compile, that the findings said to be fixed are gone and none has come
anywhere in the tree, that a second run finds nothing to mend, and that comments and line ends are
as they were. The changes are left as one patch for each rule, to be read.

    python mend.py TREE... [--select ARC202,ARC401] [--out DIRECTORY] [--cache-dir DIRECTORY]

The exit code is 1 when anything was broken.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SKIPPED = shutil.ignore_patterns(".git", "__pycache__", ".archlint_cache", "node_modules")
_OFFERED = re.compile(r"Fixed (\d+) error")


@dataclass(frozen=True)
class Run:
    """How archlint is called."""

    tree: Path
    options: Sequence[str]

    def archlint(self, *more: str) -> subprocess.CompletedProcess[str]:
        """One call in the tree; a crash ends the program."""
        command = [sys.executable, "-m", "archlint", "check", *self.options, *more, "."]
        done = subprocess.run(command, cwd=self.tree, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)}\n{done.stderr}")
        return done

    def findings(self) -> list[dict[str, Any]]:
        """All findings of the tree."""
        return list(json.loads(self.archlint("--output-format", "json").stdout))


def main() -> int:
    """Mend the trees one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--select", default="ALL")
    parser.add_argument("--out", type=Path, default=Path("mended"))
    parser.add_argument("--cache-dir", type=Path)
    given = parser.parse_args()
    broken = 0
    for tree in given.trees:
        with tempfile.TemporaryDirectory() as directory:
            copy = Path(directory) / tree.name
            shutil.copytree(tree, copy, ignore=SKIPPED, symlinks=True)
            options = ["--select", given.select, "--isolated"]
            options += ["--cache-dir", str(given.cache_dir.absolute())] if given.cache_dir else ["--no-cache"]
            problems = mended(Run(copy, options), tree, given.out / tree.name)
        broken += len(problems)
        for problem in problems:
            print(f"{tree.name}: {problem}")
    return int(bool(broken))


def mended(run: Run, original: Path, out: Path) -> list[str]:
    """What fixing everything broke in a copy of a tree."""
    found = run.findings()
    unreadable = set(not_compiled(run.tree))
    told = run.archlint("--fix", "--unsafe-fixes", "--show-fixes", "--output-format", "concise")
    report(run.tree.name, found, told.stdout)
    changed = [path for path in sources(run.tree) if path.read_bytes() != twin(path, run, original)]
    leave(changed, run, original, out, found)
    problems = [f"does not compile: {path}" for path in set(not_compiled(run.tree)) - unreadable]
    problems += [problem for path in changed for problem in text_problems(path, twin(path, run, original))]
    remaining = run.findings()
    problems += [f"new: {' '.join(key)}" for key in sorted(count(remaining) - count(found))]
    if len(found) - len(remaining) != fixed(told.stdout):
        problems.append(f"{fixed(told.stdout)} fixed, but {len(found)} findings became {len(remaining)}")
    before = {path: path.read_bytes() for path in changed}
    run.archlint("--fix", "--unsafe-fixes")
    problems += [f"changed again: {path}" for path, text in before.items() if path.read_bytes() != text]
    return problems


def sources(tree: Path) -> Iterator[Path]:
    """The Python files of a tree."""
    return (path for path in sorted(tree.rglob("*.py")) if path.is_file() and not path.is_symlink())


def twin(path: Path, run: Run, original: Path) -> bytes:
    """What a file was before."""
    return (original / path.relative_to(run.tree)).read_bytes()


def not_compiled(tree: Path) -> Iterator[str]:
    """The files that Python cannot compile."""
    for path in sources(tree):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            yield str(path.relative_to(tree))


def count(found: Sequence[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How many findings of each rule there are in each file; places and words change with the code."""
    return Counter((one["code"], one["filename"]) for one in found)


def fixed(told: str) -> int:
    """How many findings archlint says that it has fixed."""
    said = _OFFERED.search(told)
    return int(said[1]) if said else 0


def text_problems(path: Path, before: bytes) -> Iterator[str]:
    """What of a file is gone besides the code that was changed."""
    after = path.read_bytes()
    for end in (b"\r\n", b"\r"):
        if (end in before) != (end in after) and b"\r" in before + after:
            yield f"line ends: {path}"
            break
    old, new = comments(before), comments(after)
    if old != new:
        yield f"comments: {path}: {sorted((old - new) | (new - old))}"


def comments(source: bytes) -> Counter[str]:
    """The comments of a file."""
    tokens = tokenize.tokenize(io.BytesIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def leave(
    changed: Sequence[Path], run: Run, original: Path, out: Path, found: Sequence[dict[str, Any]]
) -> None:
    """Write the differences, under the rules that had something to mend in each file."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for path in changed:
        name = path.relative_to(run.tree).as_posix()
        old, new = (
            text.decode("utf-8").splitlines(keepends=True)
            for text in (twin(path, run, original), path.read_bytes())
        )
        here = [one for one in found if one["filename"].endswith(f"{run.tree.name}/{name}")]
        codes = sorted({one["code"] for one in here if one.get("fix")}) or ["other"]
        with (out / f"{'-'.join(codes)[:100]}.patch").open("a", encoding="utf-8") as file:
            file.writelines(difflib.unified_diff(old, new, name, name, n=6))


def report(tree: str, found: Sequence[dict[str, Any]], told: str) -> None:
    """Say how many findings there were, and how many of them were mended."""
    offered = Counter(one["code"] for one in found if one.get("fix"))
    print(
        f"{tree}: {len(found)} findings, {offered.total()} with a fix, {fixed(told)} fixed: {dict(offered)}"
    )


if __name__ == "__main__":
    sys.exit(main())

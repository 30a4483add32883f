"""What archlint says about the sampled loops and coroutines, beside what a reader found there.

    python compare.py CORPUS [--exe archlint] [--show]

Prints for each verdict how many entries were reported (hits) and how many were not (misses), then every
miss, and every finding that stands where the reader found nothing: either the linter or the reader is
wrong, so both are read again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: file of truth, its table, and the rules that answer for it
SETS = (
    ("loops.toml", "loop", ("ARC201", "ARC202", "ARC203", "ARC223")),
    ("async.toml", "coroutine", ("ARC208", "ARC401", "ARC402", "ARC403")),
)
#: marks of entries that a careful rule may leave alone
EXCUSES = ("deliberate", "memoised", "small", "debatable")
NEAR = 1
SAME_CAUSE = "ends in the same call"


@dataclass(frozen=True)
class Finding:
    """One diagnostic of the linter."""

    code: str
    line: int
    message: str


@dataclass(frozen=True)
class Judged:
    """One entry of truth with the findings that stand in it."""

    entry: dict[str, Any]
    hits: list[Finding] = field(default_factory=list)
    #: findings in the loop or coroutine on lines that the truth does not name
    beside: list[Finding] = field(default_factory=list)

    @property
    def excuse(self) -> str:
        return next((mark for mark in EXCUSES if self.entry.get(mark)), "")

    @property
    def place(self) -> str:
        entry = self.entry
        return f"{entry['tree']}/{entry['path']}:{entry['line']} {entry['symbol']}"


def lint(exe: str, tree: Path, paths: Iterable[str], codes: Iterable[str]) -> dict[str, list[Finding]]:
    """Findings by path. Settings of the linted project are left out: they are not what is measured."""
    options = ["--isolated", "--no-cache", "--exit-zero", "--output-format", "json"]
    command = [exe, "check", *options, "--select", ",".join(codes), *sorted(set(paths))]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tree.name}: exit {done.returncode}\n{done.stderr}")
    found: dict[str, list[Finding]] = defaultdict(list)
    for item in json.loads(done.stdout or "[]"):
        path = Path(item["filename"])
        inside = path.relative_to(tree) if path.is_absolute() else path
        # One finding for each cause: the other places that it stands for are told as related ones.
        others = (place for place in item["related"] if place["message"] == SAME_CAUSE)
        for place in (item, *others):
            finding = Finding(item["code"], place["location"]["row"], item["message"])
            found[inside.as_posix()].append(finding)
    return found


def judge(entry: dict[str, Any], findings: list[Finding]) -> Judged:
    named = [*entry.get("lines", []), *entry.get("accepted", [])]
    judged = Judged(entry)
    for finding in findings:
        if any(abs(finding.line - line) <= NEAR for line in named):
            judged.hits.append(finding)
        elif entry["line"] - NEAR <= finding.line <= entry["end"] + NEAR:
            judged.beside.append(finding)
    return judged


def judge_all(entries: list[dict[str, Any]], corpus: Path, exe: str, codes: Iterable[str]) -> list[Judged]:
    by_tree: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_tree[entry["tree"]].append(entry)
    judged: list[Judged] = []
    for tree, members in sorted(by_tree.items()):
        found = lint(exe, (corpus / tree).resolve(), (entry["path"] for entry in members), codes)
        judged += [judge(entry, found.get(entry["path"], [])) for entry in members]
    return judged


def table(judged: list[Judged]) -> Iterator[str]:
    yield f"{'verdict':<22}{'draw':<10}{'hit':>5}{'missed':>8}{'excused':>9}{'alarm':>7}{'silent':>8}"
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in judged:
        verdict = one.entry["verdict"]
        if verdict in {"none", "unsure"}:
            outcome = "alarm" if one.beside else "silent"
        else:
            outcome = "hit" if one.hits else "excused" if one.excuse else "missed"
        rows[verdict, one.entry["draw"]][outcome] += 1
    for (verdict, draw), counts in sorted(rows.items()):
        cells = (counts[name] for name in ("hit", "missed", "excused", "alarm", "silent"))
        widths = (5, 8, 9, 7, 8)
        numbers = "".join(f"{n or '':>{width}}" for n, width in zip(cells, widths, strict=True))
        yield f"{verdict:<22}{draw:<10}{numbers}"


def details(judged: list[Judged], *, show_hits: bool) -> Iterator[str]:
    for one in judged:
        verdict = one.entry["verdict"]
        if verdict in {"none", "unsure"}:
            yield from (f"ALARM  {one.place} [{verdict}: {one.entry['why']}]" for _ in one.beside[:1])
        elif not one.hits:
            excuse = f" ({one.excuse})" if one.excuse else ""
            yield f"MISS{excuse}  {one.place} lines {one.entry['lines']}: {one.entry.get('shape', '')}"
        elif show_hits or one.beside:
            yield f"HIT    {one.place}"
            yield from (f"         {hit.code} {hit.line}: {hit.message}" for hit in one.hits)
        yield from (f"         beside {other.code} {other.line}: {other.message}" for other in one.beside)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare archlint with the truth of the sampled places.")
    parser.add_argument("corpus", type=Path, help="directory that holds one directory per tree")
    parser.add_argument("--exe", default="archlint")
    parser.add_argument("--show", action="store_true", help="print the hits as well")
    options = parser.parse_args()
    for name, key, codes in SETS:
        entries = tomllib.loads((HERE / name).read_text(encoding="utf-8"))[key]
        judged = judge_all(entries, options.corpus, options.exe, codes)
        print(f"== {name}: {len(entries)} entries", *table(judged), "", sep="\n")
        print(*details(judged, show_hits=options.show), "", sep="\n")


if __name__ == "__main__":
    main()

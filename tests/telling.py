"""What every rule says in its invalid cases, word for word: ``python tests/telling.py`` writes it anew."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archlint.core.diagnostic import Diagnostic, Location
from archlint.core.rule import Rule
from harness import Example, examples, rules, run

FOLDER = Path(__file__).with_name("messages")


def told(rule: Rule, root: Path) -> str:
    """The findings of a rule in its cases, with the places that belong to them, as text."""
    lines: list[str] = []
    for number, example in enumerate(e for e in examples([rule]) if e.reports):
        lines += [f"== {example.case.title or number}", *_findings(example, root / str(number))]
    return "".join(f"{line}\n" for line in lines)


def _findings(example: Example, root: Path) -> Iterator[str]:
    for diagnostic in run(example.rule, root, example.case):
        yield from _lines(diagnostic)


def _lines(diagnostic: Diagnostic) -> Iterator[str]:
    yield f"{_place(diagnostic.location)} {diagnostic.code} {diagnostic.message}"
    for related in diagnostic.related:
        yield f"    {_place(related.location)} {related.message}"


def _place(at: Location) -> str:
    return f"{at.path}:{at.line}:{at.column + 1}"


def main() -> int:
    """Write the texts of the rules that are named, or of all."""
    FOLDER.mkdir(exist_ok=True)
    for rule in rules():
        if sys.argv[1:] and rule.code not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as root:
            (FOLDER / f"{rule.code}.txt").write_text(told(rule, Path(root)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Metamorphic tests: the same program in other clothes gets the same findings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from harness import Example, examples, marked, reported, run
from twins import SAME, Files, silenced, synchronous

CASES = [example for example in examples() if not example.case.missed]
SOUND = [example for example in CASES if example.reports]
#: Rules about the bodies of coroutine functions: without these there is nothing to report.
COROUTINE_RULES = ("ARC401", "ARC402", "ARC403", "ARC408", "ARC409", "ARC208")

#: Rules that go by types alone; others may also read names, of passwords say.
TYPED_RULES = ("ARC2", "ARC4")

#: At least this share of the eligible cases must have a twin of the kind, or the kind tests nothing.
SHARES = {
    "from-import": 0.1,
    "from-import-as": 0.1,
    "module-import": 0.25,
    "aliased": 0.6,
    "optional-imports": 0.8,
    "local-imports": 0.2,
    "moved-helpers": 0.05,
    "reexported-helpers": 0.05,
    "packaged": 0.8,
    "text-annotations": 0.15,
    "future-annotations": 0.8,
    "renamed": 0.4,
    "crlf": 1.0,
    "tabs": 0.8,
    "noqa": 0.9,
    "synchronous": 0.9,
}


def twin(kind: str, example: Example) -> Files | None:
    if example.label not in LABELS[kind]:
        return None
    if kind == "noqa":
        lines = marked(example.case.files, example.rule.code)
        return silenced(example.case.files, example.rule.code, lines)
    if kind == "synchronous":
        return synchronous(example.case.files)
    return SAME[kind](example.case.files)


ELIGIBLE = {
    **dict.fromkeys(SAME, CASES),
    "renamed": [e for e in CASES if e.rule.code.startswith(TYPED_RULES)],
    "noqa": SOUND,
    "synchronous": [e for e in SOUND if e.rule.code.startswith(COROUTINE_RULES)],
}
LABELS = {kind: {example.label for example in chosen} for kind, chosen in ELIGIBLE.items()}


@pytest.mark.parametrize("example", CASES, ids=[example.label for example in CASES])
def test_twins_are_judged_alike(example: Example, tree: Path) -> None:
    """One test for all twins of a case: each takes less time than pytest needs for a test."""
    before = sum(map(len, marked(example.case.files, example.rule.code).values()))
    for kind in SAME:
        files = twin(kind, example)
        if files is not None:
            expected = marked(files, example.rule.code)
            assert sum(map(len, expected.values())) == before, f"the twin lost its marks: {kind}"
            found = reported(run(example.rule, tree / kind, example.case, files))
            assert found == expected, shown(kind, files)


@pytest.mark.parametrize("example", SOUND, ids=[example.label for example in SOUND])
def test_twins_are_silent(example: Example, tree: Path) -> None:
    for kind in ("noqa", "synchronous"):
        files = twin(kind, example)
        if files is not None:
            assert reported(run(example.rule, tree / kind, example.case, files)) == {}, shown(kind, files)


def shown(kind: str, files: Files) -> str:
    return "\n".join([f"=== {kind}", *(f"--- {name}\n{text}" for name, text in files.items())])


@pytest.mark.parametrize("kind", sorted(ELIGIBLE))
def test_kind_applies_to_many_cases(kind: str) -> None:
    if not CASES:
        pytest.skip("no rules yet")
    # Making all the twins of all kinds once more would take longer than it is worth.
    eligible = ELIGIBLE[kind][::4]
    applied = Counter(twin(kind, example) is not None for example in eligible)[True]
    assert applied >= SHARES[kind] * len(eligible), f"{applied} of {len(eligible)} cases"
    assert applied >= 5

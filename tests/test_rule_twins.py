"""Metamorphic tests: the same program in other clothes gets the same findings."""

from __future__ import annotations

from collections import Counter
from functools import cache
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


@cache
def twin(kind: str, label: str) -> Files | None:
    example = BY_LABEL[label]
    if kind == "noqa":
        lines = marked(example.case.files, example.rule.code)
        return silenced(example.case.files, example.rule.code, lines)
    if kind == "synchronous":
        return synchronous(example.case.files)
    return SAME[kind](example.case.files)


BY_LABEL = {example.label: example for example in CASES}
ELIGIBLE = {
    **dict.fromkeys(SAME, CASES),
    "renamed": [e for e in CASES if e.rule.code.startswith(TYPED_RULES)],
    "noqa": SOUND,
    "synchronous": [e for e in SOUND if e.rule.code.startswith(COROUTINE_RULES)],
}


def twins(*kinds: str) -> list[object]:
    return [
        pytest.param(kind, example, id=f"{kind}-{example.label}")
        for kind in kinds
        for example in ELIGIBLE[kind]
        if twin(kind, example.label) is not None
    ]


def files_of(kind: str, example: Example) -> Files:
    files = twin(kind, example.label)
    assert files is not None
    return files


@pytest.mark.parametrize(("kind", "example"), twins(*SAME))
def test_twin_is_judged_alike(kind: str, example: Example, tree: Path) -> None:
    files = files_of(kind, example)
    expected = marked(files, example.rule.code)
    before = marked(example.case.files, example.rule.code)
    assert sum(map(len, expected.values())) == sum(map(len, before.values())), "the twin lost its marks"
    assert reported(run(example.rule, tree, example.case, files)) == expected, shown(files)


@pytest.mark.parametrize(("kind", "example"), twins("noqa", "synchronous"))
def test_twin_is_silent(kind: str, example: Example, tree: Path) -> None:
    files = files_of(kind, example)
    assert reported(run(example.rule, tree, example.case, files)) == {}, shown(files)


def shown(files: Files) -> str:
    return "\n".join(f"--- {name}\n{text}" for name, text in files.items())


@pytest.mark.parametrize("kind", sorted(ELIGIBLE))
def test_kind_applies_to_many_cases(kind: str) -> None:
    if not CASES:
        pytest.skip("no rules yet")
    eligible = ELIGIBLE[kind]
    applied = Counter(twin(kind, example.label) is not None for example in eligible)[True]
    assert applied >= SHARES[kind] * len(eligible), f"{applied} of {len(eligible)} cases"
    assert applied >= 5

"""A whole check takes any text: no exception, no ARC000, places inside it, the same answer twice."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.core.diagnostic import Diagnostic
from archlint.engine.linter import Options
from archlint.engine.run import check_source
from fuzz.mutations import mutated
from fuzz.sources import FUZZED, ROOT, texts
from fuzz.zoo import ZOO

SHOP, BOOKINGS = "shop/shop", "bookings/bookings"
PLACES = (f"{SHOP}/services/orders.py", f"{SHOP}/models/order.py", f"{BOOKINGS}/models.py", "new.py")
CODECS = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-7")

#: What may break, and who imports it.
NEIGHBOURS = (
    (f"{SHOP}/models/order.py", f"{SHOP}/services/reports.py"),
    (f"{SHOP}/repositories/base.py", f"{SHOP}/services/catalog.py"),
    (f"{SHOP}/database.py", f"{SHOP}/routers/checkout.py"),
    (f"{BOOKINGS}/managers.py", f"{BOOKINGS}/services/invoicing.py"),
    (f"{BOOKINGS}/models.py", f"{BOOKINGS}/api/viewsets.py"),
)

fuzzed = settings(FUZZED, max_examples=120)


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, so that what a fuzzed text imports is there."""
    root = tmp_path_factory.mktemp("project")
    for name in ("shop", "bookings"):
        shutil.copytree(ROOT / "examples" / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def check(content: bytes | str, path: Path | None, root: Path) -> list[Diagnostic]:
    options = Options(isolated=True, cache_dir=root / "cache")
    return check_source(content, None if path is None else os.fspath(path), options)


def problems(found: list[Diagnostic], content: bytes | str) -> list[str]:
    """What is wrong with the findings of a text, in words."""
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    last = text.count("\n") + text.count("\r") + 1
    wrong = [f"{d.code}: {d.message}" for d in found if d.code == "ARC000"]
    for d in found:
        place = d.location
        if not 1 <= place.line <= place.end_line <= last or min(place.column, place.end_column) < 0:
            wrong.append(f"{d.code} at {place}, in a text of {last} lines")
        if not d.message or "\n" in d.message:
            wrong.append(f"{d.code} says {d.message!r}")
    if found != sorted(found, key=lambda d: d.sort_key):
        wrong.append("the findings are not in order")
    return wrong


@fuzzed
@given(texts, st.sampled_from(PLACES))
def test_any_text(projects: Path, text: str, place: str):
    found = check(text, projects / place, projects)

    assert problems(found, text) == []
    assert check(text, projects / place, projects) == found


@fuzzed
@given(texts, st.sampled_from(CODECS))
def test_any_encoding(projects: Path, text: str, codec: str):
    content = text.encode(codec, "replace")
    found = check(content, projects / "new.py", projects)

    assert problems(found, content) == []


@settings(fuzzed, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes(projects: Path, content: bytes):
    assert problems(check(content, projects / "new.py", projects), content) == []


@settings(fuzzed, max_examples=60)
@given(st.randoms(use_true_random=False), st.sampled_from(NEIGHBOURS))
def test_damaged_neighbours(projects: Path, rng: random.Random, pair: tuple[str, str]):
    """A file that another one imports is broken: the other one is linted all the same."""
    broken, asker = projects / pair[0], projects / pair[1]
    intact, content = broken.read_text(encoding="utf-8"), asker.read_bytes()
    try:
        broken.write_text(mutated(rng, intact), encoding="utf-8", errors="replace")
        found = check(content, asker, projects)

        assert problems(found, content) == []
        assert check(content, asker, projects) == found
    finally:
        broken.write_text(intact, encoding="utf-8")


@pytest.mark.parametrize("text", ZOO)
def test_rare_syntax(projects: Path, text: str):
    for content in (text, text.encode("utf-8", "surrogatepass")):
        found = check(content, projects / "new.py", projects)

        assert problems(found, content) == []


@pytest.mark.parametrize("text", ZOO)
def test_no_file_at_all(projects: Path, text: str):
    assert problems(check(text, None, projects), text) == []

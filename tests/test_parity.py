"""However a project is checked, the findings are the same.

``archlint check`` and flake8, one file or all, in any order, with any number of processes, any
hash seed, and a cache that is cold, warm or absent. What kills and closed directories do to the
cache stands in ``test_robustness``.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archlint.core.diagnostic import Diagnostic
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.engine.run import check_paths
from surfaces.shop import Result, archlint, flake8, run

EXAMPLES = Path(__file__).parent.parent / "examples"

#: Path, line, column counted from one, code, message.
Finding = tuple[str, int, int, str, str]

_FLAKE8_LINE = re.compile(r"(?:\./)?(.+?):(\d+):(\d+): (ARC\d{3}) (.*)")

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author")

    def titles(self):
        return [book.title for book in self.books]


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped["Author"] = relationship(back_populates="books")
"""
DATABASE = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("postgresql://localhost/library")


def get_session():
    with Session(engine) as session:
        yield session
"""
#: The modules ask each other in circles, and what one passes another is told nowhere else.
STEP = """\
import time

import requests
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from library import step_{after}, step_{across}
from library.database import get_session
from library.models import Author, Book

router = APIRouter()


def fetch_{here}(session, key, depth=3):
    if depth == 0:
        return {leaf}
    if key % 2:
        return step_{after}.fetch_{after}(session, key, depth - 1)
    return step_{across}.fetch_{across}(session, key + 1, depth - 1)


def describe_{here}(author):
    if author.id % 3:
        return step_{across}.describe_{across}(author)
    return author.titles()


def wait_{here}(seconds):
    if seconds > 10:
        return step_{after}.wait_{after}(seconds - 1)
    {wait}
    return step_{across}.RETRIES_{across}


RETRIES_{here} = 3 + {here}


class Service{here}:
    def __init__(self, session, following=None):
        self.session = session
        self.following = following

    def all(self):
        return self.session.query(Author).all()

    def next(self):
        return self.following or step_{after}.Service{after}(self.session, self)


@router.get("/step-{here}")
async def read_{here}(session: Session = Depends(get_session)):
    wait_{here}(4)
    service = Service{here}(session).next().next()
    for author in service.all():
        describe_{here}(author)
    return fetch_{here}(session, {here})


def report_{here}(session: Session):
    return [describe_{here}(author) for author in Service{here}(session).all()]


def every_{here}(session: Session, keys: list[int]):
    return [fetch_{here}(session, key).author.id for key in keys]
"""
STEPS = 26
LEAVES = (
    "session.get(Book, key)",
    "session.query(Book).filter_by(id=key).first()",
    "session.get(Book, key + 1)",
)
WAITS = ("time.sleep(seconds)", "requests.get('https://example.org', timeout=seconds)", "print(seconds)")


def make_library(root: Path) -> None:
    """Write a project of many files whose findings rest on each other."""
    package = root / "library"
    package.mkdir()
    (root / "pyproject.toml").touch()
    (package / "__init__.py").touch()
    (package / "models.py").write_text(MODELS)
    (package / "database.py").write_text(DATABASE)
    for here in range(STEPS):
        text = STEP.format(
            here=here,
            after=(here + 1) % STEPS,
            across=(here * 7 + 3) % STEPS,
            leaf=LEAVES[here % 3],
            wait=WAITS[here % 3],
        )
        (package / f"step_{here}.py").write_text(text)


@pytest.fixture(scope="module", params=["bookings", "shop", "library"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of its own directory, whose path does not say ``test``."""
    root: Path = tmp_path_factory.mktemp("parity") / "project"
    if request.param == "library":
        root.mkdir()
        make_library(root)
    else:
        shutil.copytree(EXAMPLES / request.param, root)
    return root


@pytest.fixture(scope="module")
def plain(project: Path) -> str:
    """The report of a run in one process, without a cache."""
    return report(project, "-j1", "--no-cache")


@pytest.fixture(scope="module")
def findings(plain: str) -> list[Finding]:
    found = told(plain)
    assert len(found) > 10
    assert len({path for path, *_ in found}) > 3
    assert not [finding for finding in found if finding[3] == "ARC000"]
    return found


def report(project: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
    """What a new process reports as JSON."""
    done = run(
        project,
        "archlint",
        "check",
        "--output-format=json",
        *arguments,
        stdin=stdin,
        **environment,
    )
    assert done.err == ""
    return done.out


def told(text: str) -> list[Finding]:
    return [
        (
            entry["filename"],
            entry["location"]["row"],
            entry["location"]["column"],
            entry["code"],
            entry["message"],
        )
        for entry in json.loads(text)
    ]


def printed(project: Path, result: Result) -> list[Finding]:
    """The findings in the output of flake8."""
    assert result.err == ""
    found = []
    for line in result.lines:
        match = _FLAKE8_LINE.fullmatch(line)
        assert match, line
        path, row, column, code, message = match.groups()
        found.append((os.fspath(project / path), int(row), int(column), code, message))
    return found


def targets(project: Path) -> list[Target]:
    return Discovery(Options(isolated=True).finder(), project).files(["."])


def names(project: Path) -> list[str]:
    return [target.display for target in targets(project)]


def shuffled(items: list[str], seed: int = 1) -> list[str]:
    return random.Random(seed).sample(items, len(items))


# -- archlint check ---------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.usefixtures("findings")
def test_jobs_and_caches(project: Path, plain: str, tmp_path: Path, jobs: str):
    cache = f"--cache-dir={tmp_path}"
    assert report(project, jobs, "--no-cache") == plain
    assert report(project, jobs, cache) == plain, "cold"
    assert report(project, jobs, cache) == plain, "warm"
    for results in tmp_path.glob("results-*"):
        results.unlink()
    assert report(project, jobs, cache) == plain, "from summaries"


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_hash_seeds(project: Path, plain: str, findings: list[Finding], seed: str):
    assert report(project, "-j1", "--no-cache", PYTHONHASHSEED=seed) == plain
    flaked = flake8(project, "--select=ARC", "-j1", "--arc-no-cache", ".", PYTHONHASHSEED=seed)
    assert sorted(printed(project, flaked)) == sorted(findings)


@pytest.mark.usefixtures("findings")
def test_order_of_arguments(project: Path, plain: str):
    assert report(project, "-j1", "--no-cache", *shuffled(names(project))) == plain


Arrangement = Callable[[list[Target]], list[Target]]


@pytest.mark.parametrize(
    "arranged",
    [
        lambda found: found[::-1],
        lambda found: random.Random(1).sample(found, len(found)),
        lambda found: random.Random(2).sample(found, len(found)),
    ],
    ids=["reversed", "shuffled", "shuffled again"],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_order_of_files(project: Path, findings: list[Finding], arranged: Arrangement, jobs: int):
    usual = targets(project)
    options = Options(isolated=True, cache=False)
    expected = by_file(check_paths(usual, options))
    assert sum(map(len, expected.values())) == len(findings)
    assert by_file(check_paths(arranged(usual), options, jobs=jobs)) == expected


def by_file(found: list[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """The findings of each file, in their order, with all that belongs to them."""
    sorted_out: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        sorted_out.setdefault(diagnostic.location.path, []).append(diagnostic)
    return sorted_out


def test_every_file_alone(project: Path, findings: list[Finding]):
    """Nothing that was learnt for one file is at hand for the next."""
    usual = targets(project)
    options = Options(isolated=True, cache=False)
    together = check_paths(usual, options)
    alone = [diagnostic for target in usual for diagnostic in Linter(options).check(target).diagnostics]
    assert alone == together
    assert len(alone) == len(findings)


@pytest.mark.parametrize("size", [1, 5, 20, 45])
def test_rules_among_others(project: Path, findings: list[Finding], size: int):
    """What one rule has asked before changes nothing for the next."""
    codes = sorted({code for *_, code, _ in findings})
    chosen = random.Random(size).sample(codes, min(size, len(codes) - 1))
    found = told(report(project, "--no-cache", f"--select={','.join(chosen)}"))
    assert found == [finding for finding in findings if finding[3] in chosen]


@pytest.mark.slow
def test_a_process_for_every_file(project: Path, findings: list[Finding], tmp_path: Path):
    for turn in range(2):
        found = []
        for name in names(project)[turn::2]:
            # A cache that the others fill: summaries of some files are from there, others are new.
            found += told(report(project, f"--cache-dir={tmp_path}", name))
        half = {os.fspath(project / name) for name in names(project)[turn::2]}
        assert found == [finding for finding in findings if finding[0] in half]


def test_text_of_an_editor(project: Path, findings: list[Finding]):
    found: list[Finding] = []
    for name in names(project):
        text = (project / name).read_bytes()
        arguments = ("check", "--output-format=json", "--no-cache", f"--stdin-filename={name}", "-")
        found += told(archlint(project, *arguments, stdin=text).out)
    assert found == findings


# -- flake8 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_flake8(project: Path, findings: list[Finding], jobs: str, tmp_path: Path):
    arguments = ("--select=ARC", jobs, ".")
    for turn in ("cold", "warm"):
        found = flake8(project, *arguments, ARCHLINT_CACHE_DIR=os.fspath(tmp_path))
        assert sorted(printed(project, found)) == sorted(findings), turn
    assert sorted(printed(project, flake8(project, "--arc-no-cache", *arguments))) == sorted(findings)


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_flake8_with_a_list_of_files(project: Path, findings: list[Finding], jobs: str):
    found = flake8(project, "--select=ARC", jobs, "--arc-no-cache", *shuffled(names(project)))
    assert sorted(printed(project, found)) == sorted(findings)


@pytest.mark.slow
def test_flake8_with_text_of_an_editor(project: Path, findings: list[Finding]):
    expected = sorted(findings)
    for name in with_findings_first(project, findings):
        text = (project / name).read_bytes()
        done = flake8(
            project, "--select=ARC", "--arc-no-cache", f"--stdin-display-name={name}", "-", stdin=text
        )
        path = os.fspath(project / name)
        assert sorted(printed(project, done)) == [finding for finding in expected if finding[0] == path]


def with_findings_first(project: Path, findings: list[Finding]) -> Iterator[str]:
    """The files with findings, and a few of the others."""
    told_of = {path for path, *_ in findings}
    quiet = [name for name in names(project) if os.fspath(project / name) not in told_of]
    yield from [name for name in names(project) if os.fspath(project / name) in told_of][:12]
    yield from quiet[:3]

"""One file through the engine: findings, failures, bad input, caches."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archlint.core.settings import Selectors, SettingsError
from archlint.engine import results
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import Entry, Registry
from archlint.engine.run import check_paths, check_source
from engine.samples import Broken, Imports, NamedX, NamedY, Role, linter, target, told

RULES = (NamedX(), NamedY())


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def findings(path: Path, content: str | bytes) -> list[tuple[int, int, str, str]]:
    return told(linter(*RULES).check(target(write(path, content))).diagnostics)


def test_findings_in_order_with_columns_in_characters(tmp_path: Path):
    assert findings(tmp_path / "a.py", 'y = 1\nz = "é𝄞", x\nx = x\n') == [
        (2, 10, "ARC401", "`x` is called x"),
        (3, 0, "ARC401", "`x` is called x"),
        (3, 4, "ARC401", "`x` is called x"),
    ]


def test_opt_in_rules_run_when_named(tmp_path: Path):
    options = Options(cache=False, selectors=Selectors("", extend_select=("named-y",)))
    path = write(tmp_path / "a.py", "x, y = 1, 2\n")
    assert told(linter(*RULES, options=options).check(target(path)).diagnostics) == [
        (1, 0, "ARC401", "`x` is called x"),
        (1, 3, "ARC402", "`y` is called y"),
    ]


def test_comments_hide_unless_told_not_to(tmp_path: Path):
    path = write(tmp_path / "a.py", "x = 1  # noqa: ARC401\n")
    assert linter(*RULES).check(target(path)).diagnostics == ()
    options = Options(cache=False, ignore_noqa=True)
    assert len(linter(*RULES, options=options).check(target(path)).diagnostics) == 1


def test_comments_are_read_even_where_bytes_fit_no_encoding(tmp_path: Path):
    # Python itself accepts such bytes in comments.
    expected = [] if sys.version_info < (3, 12) else None
    found = findings(tmp_path / "a.py", b"x = 1  # \xff # noqa\n")
    assert found == expected or found[0][2] == "invalid-syntax"


def test_a_failing_rule_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ARCHLINT_RAISE")
    path = write(tmp_path / "a.py", "x = f()\nf(f())\n")
    outcome = linter(Broken(), *RULES).check(target(path))
    failure = "ARC201 (broken) failed on this file (ZeroDivisionError: at line 1 of a.py); please report it"
    assert told(outcome.diagnostics) == [
        (1, 0, "ARC000", failure),
        (1, 0, "ARC401", "`x` is called x"),
    ]
    assert not outcome.reusable


def test_a_rule_that_cannot_be_imported_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ARCHLINT_RAISE")
    registry = Registry([Entry("ARC999", "missing", "archlint.rules.missing.arc999_missing")])
    found = Linter(Options(cache=False), registry=registry).check(target(write(tmp_path / "a.py", "")))
    assert [d.code for d in found.diagnostics] == ["ARC000"]
    assert "ARC999 (missing) failed on this file (ModuleNotFoundError" in found.diagnostics[0].message


NEWER = sys.version_info >= (3, 12)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\xef\xbb\xbfx = 1\n", [(1, 0, "ARC401", "`x` is called x")]),
        ("# coding: latin-1\ns = 'é'; x\n".encode("latin-1"), [(2, 9, "ARC401", "`x` is called x")]),
        (b"a = 1\r\nx = 1\r\n", [(2, 0, "ARC401", "`x` is called x")]),
        (b"a = 1\rx = 1\r", [(2, 0, "ARC401", "`x` is called x")]),
        (b"\x0cx = 1\n", [(1, 1, "ARC401", "`x` is called x")]),
        (b"a = 1\nb = (\n", [(2, 4, "invalid-syntax", "SyntaxError: '(' was never closed")]),
        (
            b"if a:\nb\n",
            [
                (
                    2,
                    0,
                    "invalid-syntax",
                    "IndentationError: expected an indented block after 'if' statement on line 1",
                )
            ],
        ),
        (
            b"a = 1\nb\0 = 2\n",
            [(2, 1, "invalid-syntax", "the file contains a NUL byte: it is not Python source text")],
        ),
        (
            b"a = 1\nb = '\xff'\n",
            [(2, 5, "invalid-syntax", "byte 0xff is not valid utf-8; declare the encoding (PEP 263)")],
        ),
        (b"# coding: klingon\n", [(1, 0, "invalid-syntax", "SyntaxError: unknown encoding: klingon")]),
    ],
)
def test_bad_and_unusual_input(tmp_path: Path, content: bytes, expected: list[tuple[int, int, str, str]]):
    found = findings(tmp_path / "a.py", content)
    assert found == expected


def test_too_deep_nesting_is_told(tmp_path: Path):
    for content in ("(" * 5000 + ")" * 5000, "x = " + "-" * 50_000 + "1", "x" + ".a" * 50_000):
        found = findings(tmp_path / "a.py", content)
        assert [code for _, _, code, _ in found] in (["invalid-syntax"], ["ARC401"])


def test_long_files_are_linted(tmp_path: Path):
    assert len(findings(tmp_path / "a.py", "x = 1\n" * 50_000)) == 50_000


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python knows the syntax")
def test_except_without_parentheses_is_read(tmp_path: Path):
    text = "try:\n    pass\nexcept A, x.B :  # c\n    x\nexcept* (C, D): pass\n"
    text = text.replace("except* (C, D): pass\n", "")
    assert findings(tmp_path / "a.py", text) == [
        (3, 10, "ARC401", "`x` is called x"),
        (4, 4, "ARC401", "`x` is called x"),
    ]


@pytest.mark.parametrize(
    ("text", "version", "what"),
    [
        ("type A = int\n", (3, 12), "a `type` statement"),
        ("def f[T](a: T): ...\n", (3, 12), "a function with type parameters"),
        ("class A[T]: ...\n", (3, 12), "a class with type parameters"),
        ("class A[T = int]: ...\n", (3, 13), "a type parameter with a default"),
        ("a = t'b'\n", (3, 14), "a template string"),
        ("a = f'{b['c']}'\n", (3, 12), "an f-string that reuses its quotes or holds a backslash"),
    ],
)
def test_newer_grammar_is_named(tmp_path: Path, text: str, version: tuple[int, int], what: str):
    if sys.version_info >= version:
        pytest.skip("this Python knows the syntax")
    ((line, _, code, message),) = findings(tmp_path / "a.py", text)
    assert (line, code) == (1, "invalid-syntax")
    assert message.startswith(
        f"the file needs Python {version[0]}.{version[1]} or newer ({what}) and archlint"
    )


def test_missing_and_unreadable_files(tmp_path: Path):
    assert told(linter(*RULES).check(target(tmp_path / "no.py")).diagnostics) == [
        (1, 0, "E902", "No such file or directory")
    ]
    assert told(linter(*RULES).check(target(tmp_path)).diagnostics) == [(1, 0, "E902", "Is a directory")]


def test_roots_of_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    lint = linter(*RULES)
    for mark in (
        "one/pyproject.toml",
        "two/setup.cfg",
        "three/setup.py",
        "four/.git/HEAD",
    ):
        write(tmp_path / mark, "")
    for name in ("four/five/setup.py", "four/six/setup.py"):
        write(tmp_path / name, "from setuptools import setup\nsetup()\n")
    write(tmp_path / "four/six/__init__.py", "")
    assert lint.root_of(str(tmp_path / "one/src/app/a.py")) == str(tmp_path / "one")
    assert lint.root_of(str(tmp_path / "two/a.py")) == str(tmp_path / "two")
    assert lint.root_of(str(tmp_path / "three/a/b/a.py")) == str(tmp_path / "three")
    assert lint.root_of(str(tmp_path / "four/a/b/a.py")) == str(tmp_path / "four")
    assert lint.root_of(str(tmp_path / "four/five/a.py")) == str(tmp_path / "four/five")
    assert lint.root_of(str(tmp_path / "four/six/a.py")) == str(tmp_path / "four")


def test_a_module_called_setup_is_no_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is imported from the folders above would be unknown."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "pyproject.toml", "")
    write(tmp_path / "app/commands/setup.py", "def setup(app): ...\n")
    write(tmp_path / "app/clock.py", "import time\ndef wait(): time.sleep(1)\n")
    path = write(
        tmp_path / "app/commands/run.py", "from app.clock import wait\nasync def run():\n    wait()\n"
    )
    lint = Linter(Options(cache=False))
    assert lint.root_of(str(path)) == str(tmp_path)
    assert [found.code for found in lint.check(target(path)).diagnostics] == ["ARC402"]


def test_root_without_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "here" / "pkg" / "__init__.py", "")
    monkeypatch.chdir(tmp_path / "here")
    lint = linter(*RULES)
    if any((parent / ".git").exists() or (parent / "pyproject.toml").exists() for parent in tmp_path.parents):
        pytest.skip("the temporary directory lies in a project")
    assert lint.root_of(str(tmp_path / "here/pkg/a.py")) == str(tmp_path / "here")
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "there")
    assert linter(*RULES).root_of(str(tmp_path / "here/pkg/a.py")) == str(tmp_path / "here")


def test_settings_of_the_nearest_file_decide(tmp_path: Path):
    write(tmp_path / "pyproject.toml", '[tool.archlint]\nselect = ["ARC402"]\n')
    write(tmp_path / "inner" / "pyproject.toml", '[tool.archlint]\nper-file-ignores = {"b.py" = ["ARC4"]}\n')
    lint = linter(*RULES)
    for name, codes in {"a.py": ["ARC402"], "inner/a.py": ["ARC401"], "inner/b.py": []}.items():
        path = write(tmp_path / name, "x, y = 1, 2\n")
        assert [d.code for d in lint.check(target(path)).diagnostics] == codes


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("app/migrations/first.py", "migration in first"),
        ("tests/test_app.py", "test in test_app"),
        ("app/api.py", "none in api"),
        ("-", "none in text"),
    ],
)
def test_a_text_alone_keeps_what_its_path_says(tmp_path: Path, name: str, message: str):
    write(tmp_path / "pyproject.toml", "")
    alone = Target(str(tmp_path / name), name, alone=True)
    (found,) = linter(Role()).check_content(alone, "x = 1\n").diagnostics
    assert found.message == message


def test_unknown_words_in_settings_are_told(tmp_path: Path):
    path = write(tmp_path / "a.py", "")
    for line in (
        'select = ["ARC4O1"]',
        'per-file-ignores = {"a.py" = ["nope"]}',
        "[tool.archlint.rules.nope]",
    ):
        write(tmp_path / "pyproject.toml", f"[tool.archlint]\n{line}\n")
        with pytest.raises(SettingsError, match="unknown rule"):
            linter(*RULES).check(target(path))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("fat-router = {}", "`rules`: unknown rule `fat-router`; did you mean `fat-route-handler`?"),
        ("ARC1 = {}", "`rules`: unknown rule `ARC1`"),
        ("ALL = {}", "`rules`: unknown rule `ALL`"),
        (
            "ARC101 = {}\nfat-route-handler = {}",
            "`rules.ARC101` and `rules.fat-route-handler` are the same rule",
        ),
        ("ARC401 = {x = 1}", "`rules.ARC401`: ARC401 has no options"),
        (
            "ARC103.max-lines = 200",
            "`rules.ARC103`: unknown option `max-lines`; did you mean `max-router-lines`?",
        ),
        (
            'router-module-too-large.max-router-lines = "many"',
            '`rules.router-module-too-large.max-router-lines` must be a whole number, 1 or more, not "many"',
        ),
        ("ARC103.max-router-lines = 0", "must be a whole number, 1 or more, not 0"),
        ("ARC103.max-router-lines = true", "must be a whole number, 1 or more, not true"),
    ],
)
def test_options_of_rules_are_checked(tmp_path: Path, table: str, complaint: str):
    path = write(tmp_path / "a.py", "")
    write(tmp_path / "pyproject.toml", f"[tool.archlint.rules]\n{table}\n")
    with pytest.raises(SettingsError) as told:
        Linter(Options(cache=False)).check(target(path))
    assert str(told.value).startswith(f"{tmp_path / 'pyproject.toml'}: `rules")
    assert complaint in str(told.value)


# -- several files, caches -------------------------------------------------------------------------


def cached(tmp_path: Path, *names: str, **options: object) -> list[tuple[str, int, str]]:
    """Lint the files with the cache of the project and say what was found."""
    targets = [Target(str(tmp_path / name), name) for name in names]
    lint = Linter(Options(**options), registry=Registry.of(*RULES, Imports()))  # type: ignore[arg-type]
    found = check_paths(targets, lint.options, linter=lint)
    return [(d.location.path, d.location.line, d.message) for d in found]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "pyproject.toml", "")
    write(tmp_path / "a.py", "import other\nx = 1\n")
    write(tmp_path / "other.py", "def f(): ...\n")
    return tmp_path


def test_the_cache_changes_nothing_but_the_work(project: Path, monkeypatch: pytest.MonkeyPatch):
    first = cached(project, "a.py", "other.py")
    assert first == [("a.py", 1, "other.py has 2 scopes"), ("a.py", 2, "`x` is called x")]
    with monkeypatch.context() as patch:
        patch.setattr(Linter, "check", lambda *_: pytest.fail("nothing has changed"))
        assert cached(project, "a.py", "other.py") == first
    assert cached(project, "a.py", "other.py", cache=False) == first
    assert sorted(path.name for path in (project / ".archlint_cache").iterdir()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "results-1.sqlite",
        *sorted(path.name for path in (project / ".archlint_cache").glob("summaries-*.sqlite")),
    ]
    assert (project / ".archlint_cache" / ".gitignore").read_text() == "*\n"


def test_findings_are_found_again_whatever_fits_in_one_query(project: Path, monkeypatch: pytest.MonkeyPatch):
    names = [f"m{number}.py" for number in range(5)]
    for name in names:
        write(project / name, "x = 1\n")
    first = cached(project, *names)
    assert {path for path, _, _ in first} == set(names)
    monkeypatch.setattr(results, "_AT_ONCE", 2)
    monkeypatch.setattr(Linter, "check", lambda *_: pytest.fail("nothing has changed"))
    assert cached(project, *names) == first


def test_a_change_anywhere_in_the_project_is_seen(project: Path):
    cached(project, "a.py")
    write(project / "other.py", "def f(): ...\ndef g(): ...\n")
    assert cached(project, "a.py")[0] == ("a.py", 1, "other.py has 3 scopes")
    (project / "other.py").unlink()
    assert cached(project, "a.py")[0] == ("a.py", 1, "other.py has 1 scopes")
    write(project / "other.py", "def f(): ...\n")
    assert cached(project, "a.py")[0] == ("a.py", 1, "other.py has 2 scopes")


def test_same_size_and_same_time_is_still_seen(project: Path):
    import os

    before = (project / "other.py").stat()
    cached(project, "a.py")
    write(project / "other.py", "def ff(): ..\n".replace("..", "0;"[:2]))
    os.utime(project / "other.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    write(project / "other.py", "a=0;b=0;c= 0\n")
    os.utime(project / "other.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (project / "other.py").stat().st_size == before.st_size
    assert cached(project, "a.py")[0] == ("a.py", 1, "other.py has 1 scopes")


def test_settings_and_selection_are_part_of_the_key(project: Path):
    cached(project, "a.py")
    only_y = Selectors("", select=("ARC402",))
    assert cached(project, "a.py", selectors=only_y) == []
    write(project / "pyproject.toml", '[tool.archlint]\nignore = ["ARC5"]\n')
    assert cached(project, "a.py") == [("a.py", 2, "`x` is called x")]
    write(project / "a.py", "x = 1  # noqa\n")
    assert cached(project, "a.py") == []
    assert cached(project, "a.py", ignore_noqa=True) == [("a.py", 1, "`x` is called x")]


@pytest.mark.parametrize("damage", ["garbage", "empty", "directory", "other tables", "bad row", "truncated"])
def test_a_damaged_cache_changes_no_finding(project: Path, damage: str):
    import sqlite3

    first = cached(project, "a.py")
    path = project / ".archlint_cache" / "results-1.sqlite"
    if damage == "garbage":
        path.write_bytes(b"no database" * 1000)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:5000])
    elif damage == "directory":
        path.unlink()
        path.mkdir()
    else:
        with sqlite3.connect(path) as connection:
            if damage == "other tables":
                connection.execute("DROP TABLE results")
                connection.execute("CREATE TABLE results (a)")
            else:
                connection.execute("UPDATE results SET diagnostics = '[[1, 2]]'")
        connection.close()
    assert cached(project, "a.py") == first
    assert cached(project, "a.py") == first


def test_a_cache_that_cannot_be_written_changes_no_finding(project: Path, monkeypatch: pytest.MonkeyPatch):
    write(project / "file", "")
    first = cached(project, "a.py", cache=False)
    assert cached(project, "a.py", cache_dir=project / "file" / "below") == first
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError()))
    assert cached(project, "a.py", cache_dir=project / "new") == first


def test_the_cache_of_a_killed_process_is_usable(project: Path):
    import sqlite3

    first = cached(project, "a.py")
    writer = sqlite3.connect(project / ".archlint_cache" / "results-1.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM results")
    journal = project / ".archlint_cache" / "results-1.sqlite-journal"
    assert journal.exists()
    # What a kill -9 leaves: a journal and no one who holds the lock.
    content = journal.read_bytes()
    writer.execute("ROLLBACK")
    writer.close()
    journal.write_bytes(content)
    assert cached(project, "a.py") == first


def test_source_that_is_not_saved(project: Path):
    lint = Linter(Options(cache=False), registry=Registry.of(*RULES, Imports()))
    found = check_source("y = 1\n\nx = 1\n", str(project / "a.py"), lint.options, linter=lint)
    assert [(d.location.line, d.message) for d in found] == [
        (1, "other.py has 2 scopes"),
        (3, "`x` is called x"),
    ]


def test_source_without_a_name_knows_no_other_file(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project)
    lint = Linter(Options(cache=False), registry=Registry.of(*RULES, Imports()))
    found = check_source("x = 1\n", None, lint.options, linter=lint)
    assert [(d.location.path, d.message) for d in found] == [
        ("-", "`x` is called x"),
        ("-", "other.py has 1 scopes"),
    ]

"""``archlint`` as people and other programs call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.engine.registry import installed
from surfaces.shop import APP, Result, archlint, check, make, run

SLEEP = (
    "app.py:7:5: ARC401 [*] `time.sleep()` blocks the event loop in `async def handler`; "
    "use `await asyncio.sleep(...)`"
)
SLOW = (
    "app.py:8:5: ARC402 `slow()` blocks the event loop in `async def handler`: slow -> time.sleep; "
    "run it with `await asyncio.to_thread(slow, ...)`"
)
FOUND = "Found 2 errors.\n[*] 1 fixable with `--fix` (1 unsafe fix available with `--fix --unsafe-fixes`).\n"
CLEAN = Result(0, "All checks passed!\n", "")


@pytest.fixture
def shop(tree: Path) -> Path:
    return make(tree)


def codes(result: Result) -> list[str]:
    return [line.split()[1] for line in result.lines if line.count(":") >= 3]


def test_findings_and_summary(shop: Path):
    assert check(shop) == Result(1, f"{SLEEP}\n{SLOW}\n{FOUND}", "")
    assert check(shop, "-q") == Result(1, f"{SLEEP}\n{SLOW}\n", "")
    assert check(shop, "helpers.py") == CLEAN
    assert check(shop, "-q", "helpers.py") == Result(0, "", "")
    assert check(shop, "--exit-zero").code == 0


def test_nothing_is_said_to_pipes_but_findings(shop: Path):
    result = check(shop, "-v")
    assert result.err.startswith("Checked 2 files in ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select", "ARC402"], ["ARC402"]),
        (["--select", "ARC4", "--ignore", "ARC402"], ["ARC401"]),
        (["--select", "ARC4", "--extend-ignore", "transitive-blocking-call"], ["ARC401"]),
        (["--select", "transitive-blocking-call,ARC401"], ["ARC401", "ARC402"]),
        (["--select", "ARC1", "--extend-select", "ARC402"], ["ARC402"]),
        (["--select", "ARC9"], []),
        (["--per-file-ignores", "app.py:ARC401"], ["ARC402"]),
        (["--per-file-ignores", "*.py:ARC401,h*:ARC4"], ["ARC402"]),
        (["--per-file-ignores", "!app.py:ARC4"], ["ARC401", "ARC402"]),
        (["--config", 'ignore = ["ARC401"]'], ["ARC402"]),
        (["--config", 'tool.archlint.ignore = ["ARC401"]'], ["ARC402"]),
        (["--exclude", "app.py"], []),
        (["--extend-exclude", "a*"], []),
        (["--exclude", "app.py", "app.py"], ["ARC401", "ARC402"]),
        (["--force-exclude", "--exclude", "app.py", "app.py", "helpers.py"], []),
        (["--ignore-noqa"], ["ARC401", "ARC402", "ARC401"]),
        (["-j1"], ["ARC401", "ARC402"]),
    ],
)
def test_options(shop: Path, arguments: list[str], expected: list[str]):
    result = check(shop, *arguments)
    assert (codes(result), result.code, result.err) == (expected, int(bool(expected)), "")


def test_settings_files(shop: Path):
    (shop / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC401"]\n')
    (shop / "other.toml").write_text('ignore = ["ARC402"]\n')
    assert codes(check(shop)) == ["ARC402"]
    assert codes(check(shop, "--select", "ARC4")) == ["ARC401", "ARC402"]
    assert codes(check(shop, "--config", "other.toml")) == ["ARC401"]
    assert codes(check(shop, "--isolated")) == ["ARC401", "ARC402"]
    assert codes(check(shop, "--isolated", "--config", 'select = ["ARC402"]')) == ["ARC402"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "ARC999"], "error: the command line: unknown rule `ARC999`"),
        (
            ["--ignore", "fat-route"],
            "error: the command line: unknown rule `fat-route`",
        ),
        (
            ["--config", "nope.toml"],
            "error: --config nope.toml: there is no such file, and it is not of the form",
        ),
        (["--config", "select = 1"], "error: --config: `select` must be a list of strings, not 1"),
        (["--config", "selct = 1"], "error: --config: unknown key `selct`; did you mean `select`?"),
        (["--config", "= 1"], "error: --config = 1: neither a file nor TOML of the form key = value"),
        (
            ["--isolated", "--config", "pyproject.toml"],
            "Error: --config with a file cannot be used together with",
        ),
        (["--per-file-ignores", "a.py"], "Error: --per-file-ignores takes `pattern:code` pairs, not `a.py`"),
        (["--per-file-ignores", "a.py:X1"], "error: --per-file-ignores: unknown rule `X1`"),
        (["--output-format", "yaml"], "Error: Invalid value for '--output-format'"),
        (["--nope"], "Error: No such option"),
        (["-j0"], "Error: Invalid value for '-j'"),
        (["-o", "pyproject.toml/x"], "Error: pyproject.toml/x cannot be written"),
    ],
)
def test_misuse_exits_with_2_and_says_why(shop: Path, arguments: list[str], message: str):
    result = check(shop, *arguments)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.archlint]\nselct = []\n", "pyproject.toml: unknown key `selct`; did you mean `select`?"),
        ("[tool.archlint\n", "pyproject.toml: not valid TOML: "),
        (
            '[tool.archlint]\nselect = ["ARC4O1"]\n',
            "pyproject.toml: unknown rule `ARC4O1`; did you mean `ARC401`?",
        ),
        ("[tool.archlint.rules.nope]\na = 1\n", "pyproject.toml: `rules`: unknown rule `nope`"),
    ],
)
def test_broken_settings_exit_with_2_and_name_the_file(shop: Path, text: str, message: str):
    inner = shop / "inner"
    inner.mkdir()
    (inner / "a.py").touch()
    (inner / "pyproject.toml").write_text(text)
    result = check(shop)
    assert (result.code, result.out) == (2, "")
    assert f"error: {inner}/{message}" in result.err


def test_bad_files_do_not_stop_the_others(shop: Path):
    (shop / "b1.py").write_text("def f(:\n")
    (shop / "b2.py").write_bytes(b"a = 1\0\n")
    (shop / "b3.py").write_bytes("# coding: latin-1\ns = 'é'\n".encode("latin-1"))
    (shop / "b4.py").write_bytes(b"s = '\xe9'\n")
    (shop / "b5.py").write_text("(" * 5000 + ")" * 5000)
    (shop / "b6.py").write_bytes(b"")
    (shop / "b7.py").symlink_to(shop / "b7.py")
    result = check(shop, ".", "gone.py", "-q")
    assert result.code == 1
    assert [line.split(" ", 1)[0] + " " + line.split(" ", 2)[1] for line in result.lines] == [
        "app.py:7:5: ARC401",
        "app.py:8:5: ARC402",
        "b1.py:1:7: invalid-syntax:",
        "b2.py:1:6: invalid-syntax:",
        "b4.py:1:6: invalid-syntax:",
        "b5.py:1:201: invalid-syntax:",
        "b7.py:1:1: E902",
        "gone.py:1:1: E902",
    ]


def test_no_files(tree: Path):
    (tree / "pyproject.toml").touch()
    expected = Result(0, "All checks passed!\n", "warning: No Python files found under the given path(s)\n")
    assert check(tree) == expected


def test_standard_input(shop: Path):
    found = check(shop, "-", stdin=APP)
    assert found.lines[0] == SLEEP.replace("app.py", "-")
    assert codes(found) == ["ARC401"], "text without a name knows no other file"
    named = check(shop, "--stdin-filename", "app.py", "-", stdin=APP.replace("    slow()", "\n    slow()"))
    assert named.lines[:2] == [SLEEP, SLOW.replace(":8:", ":9:")]
    assert codes(check(shop, "--stdin-filename", "inner/new.py", "-", stdin=APP)) == ["ARC401", "ARC402"]
    assert check(shop, "--stdin-filename", "venv/a.py", "--force-exclude", "-", stdin=APP) == CLEAN
    assert codes(check(shop, "-", stdin="def f(:\n")) == ["invalid-syntax:"]
    assert check(shop, "-", stdin="") == CLEAN
    assert codes(check(shop, "-", stdin=b"\xff")) == ["invalid-syntax:"]
    full = archlint(shop, "check", "-", stdin=APP)
    assert "7 |     time.sleep(1)" in full.out


def test_output_files_and_formats(shop: Path):
    assert check(shop, "-o", "out/report.txt") == Result(1, "", "")
    assert (shop / "out" / "report.txt").read_text() == f"{SLEEP}\n{SLOW}\n"
    found = json.loads(check(shop, "--output-format", "json").out)
    assert [item["code"] for item in found] == ["ARC401", "ARC402"]
    assert found[0]["filename"] == str(shop / "app.py")
    assert check(shop, "--statistics").out == (
        f"1\tARC401\t[*] blocking-call-in-async\n1\tARC402\t[ ] transitive-blocking-call\n{FOUND}"
    )
    assert check(shop, ARCHLINT_OUTPUT_FORMAT="json").out == f"{SLEEP}\n{SLOW}\n{FOUND}"
    assert archlint(shop, "check", ARCHLINT_OUTPUT_FORMAT="pylint").out.startswith("app.py:7: [ARC401] ")


def test_github_gets_a_summary_page(shop: Path):
    archlint(shop, "check", "--output-format", "github", GITHUB_STEP_SUMMARY=str(shop / "page.md"))
    assert "ARC401" in (shop / "page.md").read_text()


def test_colours_only_when_asked_for(shop: Path):
    assert "\x1b[" not in check(shop).out
    assert "\x1b[" in check(shop, "--color", "always").out
    assert "\x1b[" in check(shop, NO_COLOR="", FORCE_COLOR="1").out
    assert "\x1b[" not in check(shop, "--color", "never", NO_COLOR="", FORCE_COLOR="1").out


def test_what_would_be_done(shop: Path):
    assert check(shop, "--show-files").lines == [str(shop / "app.py"), str(shop / "helpers.py")]
    shown = check(shop, "--show-settings", "--select", "ARC401").out
    assert f"root = {shop}" in shown
    assert f"base = '{shop}'" in shown
    assert "enabled = ['ARC401']" in shown
    (shop / "pyproject.toml").write_text('[tool.archlint.per-file-ignores]\n"app.py" = ["ARC4"]\n')
    shown = check(shop, "--show-settings").out
    assert "per_file_ignores = [{'pattern': 'app.py', 'selectors': ['ARC4']" in shown


def test_caches(shop: Path):
    check(shop, "--no-cache")
    check(shop, ARCHLINT_NO_CACHE="1")
    check(shop, "--cache-dir", "one")
    check(shop, ARCHLINT_CACHE_DIR=str(shop / "two"))
    assert not (shop / ".archlint_cache").exists()
    assert (shop / "one" / "results-1.sqlite").exists()
    assert (shop / "two" / "CACHEDIR.TAG").exists()
    assert [codes(check(shop)), codes(check(shop))] == [["ARC401", "ARC402"]] * 2
    assert (shop / ".archlint_cache" / "results-1.sqlite").exists()
    (shop / ".archlint_cache" / "other").touch()
    (shop / "no" / ".archlint_cache").mkdir(parents=True)
    cleaned = archlint(shop, "clean")
    assert cleaned == Result(0, "", f"Removing cache at: {shop / '.archlint_cache'}\n")
    assert not (shop / ".archlint_cache").exists()
    assert (shop / "no" / ".archlint_cache").exists(), "not marked as a cache"


def test_as_a_module(shop: Path):
    assert run(shop, "archlint", "check", "--output-format", "concise", ".") == check(shop)


def test_jobs_change_nothing(shop: Path):
    for number in range(60):
        (shop / f"m{number:02}.py").write_text(APP if number % 3 else "x = (\n")
    serial = check(shop, "--no-cache", "-j1")
    assert len(serial.lines) == 2 + 20 + 80 + 2
    assert check(shop, "--no-cache", "-j2") == serial
    assert check(shop, "-j3") == serial
    assert check(shop, "-j2") == serial


@pytest.mark.parametrize("files", [1, 300])
def test_a_reader_that_leaves_early(shop: Path, files: int):
    command = [sys.executable, "-m", "archlint", "check", "--output-format", "json", "."]
    for number in range(files):
        (shop / f"m{number:03}.py").write_text(APP)
    with subprocess.Popen(command, cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_an_interrupted_run(shop: Path):
    for number in range(400):
        (shop / f"m{number:03}.py").write_text(APP * 300)
    command = [sys.executable, "-m", "archlint", "check", "--no-cache", "-j2"]
    with subprocess.Popen(
        command, cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=1.5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"\nInterrupted.\n")


def test_help_and_versions(tree: Path):
    for arguments in ([], ["--help"], ["-h"]):
        shown = archlint(tree, *arguments)
        assert (shown.code, shown.err) == (0, "")
        assert "check     Run the rules on files and directories." in shown.out
    assert "--per-file-ignores" in archlint(tree, "check", "--help").out
    assert archlint(tree, "--version").out.startswith("archlint 0.")
    assert archlint(tree, "version").out.startswith("archlint 0.")
    assert set(json.loads(archlint(tree, "version", "--output-format", "json").out)) == {
        "version",
        "python",
    }
    wrong = archlint(tree, "chekc")
    assert (wrong.code, "No such command 'chekc'" in wrong.err) == (2, True)


def test_explained_rules(tree: Path):
    by_code, by_name = (
        archlint(tree, "rule", "ARC401"),
        archlint(tree, "rule", "blocking-call-in-async"),
    )
    assert by_code == by_name
    assert by_code.out.startswith(
        "# blocking-call-in-async (ARC401)\n\nImpact: high. Since 0.1.0; on by default. "
        "Fixed, where the place is certain, by `--fix` or `--fix --unsafe-fixes`.\n"
    )
    known = json.loads(archlint(tree, "rule", "--all", "--output-format", "json").out)
    assert [item["code"] for item in known] == sorted(item["code"] for item in known)
    assert json.loads(archlint(tree, "rule", "ARC401", "--output-format", "json").out) in known
    for arguments in (["ARC999"], ["ARC401", "--all"]):
        assert archlint(tree, "rule", *arguments).code == 2
    for word in ("ARC001", "unused-suppression"):
        assert archlint(tree, "rule", word).lines[0] == "# unused-suppression (ARC001)"
    assert "Unknown rule `ARC999`; `archlint rule` lists all rules\n" in archlint(tree, "rule", "ARC999").err
    assert "did you mean `ARC401`?" in archlint(tree, "rule", "ARC4O1").err


def test_listed_rules(tree: Path):
    listed = archlint(tree, "rule").lines
    assert [line.split()[:2] for line in listed] == [[e.code, e.name] for e in installed().entries.values()]
    commit = next(line for line in listed if line.startswith("ARC204"))
    assert commit.endswith(" (off by default)")


def test_explained_settings(tree: Path):
    names = archlint(tree, "config").lines
    assert "per-file-ignores" in names
    assert archlint(tree, "config", "src").out == (
        "Directories that hold top-level packages, relative to the settings file.\n\n"
        'Default value: [".", "src"]\nType: list of strings\n'
    )
    assert list(json.loads(archlint(tree, "config", "--output-format", "json").out)) == names
    assert archlint(tree, "config", "rules.router-module-too-large.max-router-lines").out == (
        "The lines of code that a module of routes may have. (ARC103)\n\n"
        "Default value: 500\nType: a whole number, 1 or more\n"
    )
    assert (
        "* `max-router-lines` (a whole number, 1 or more; 500 by default)"
        in archlint(tree, "rule", "ARC103").out
    )
    wrong = archlint(tree, "config", "scr")
    assert (wrong.code, "Unknown setting `scr`; did you mean `src`?" in wrong.err) == (2, True)


ROUTES = """\
from fastapi import APIRouter, Depends, FastAPI, HTTPException

app = FastAPI()
router = APIRouter(prefix="/users")


def user():
    raise HTTPException(401)


@router.get("/me", dependencies=[Depends(user)])
def me(): ...


@app.post("/login", status_code=201)
def login(): ...


app.include_router(router, prefix="/api")
"""


def test_routes(tree: Path):
    (tree / "pyproject.toml").touch()
    (tree / "app.py").write_text(ROUTES)
    assert archlint(tree, "graph", "routes").lines == [
        "# app.py:3:6",
        "GET   /api/users/me  me  (app.py:11)  authenticated: yes",
        "POST  /login         login  (app.py:15)  authenticated: no",
    ]
    first, second = json.loads(archlint(tree, "graph", "routes", "--output-format", "json").out)
    assert first["dependencies"] == [{"name": "user", "via": "route"}]
    assert first["reason"] == "`user` (route): 401 in app.py:8"
    assert (second["path"], second["status"], second["mutating"]) == ("/login", 201, True)
    assert "routes" in archlint(tree, "graph", "--help").out
    assert archlint(tree, "graph", "routes", "no/such/place").code == 2


def test_no_routes(tree: Path):
    result = archlint(tree, "graph", "routes")
    assert (result.code, result.out, result.err) == (0, "", "No routes found below .\n")
    assert archlint(tree, "graph", "routes", "--output-format", "json").out == "[]\n"

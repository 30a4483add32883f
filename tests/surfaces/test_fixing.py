"""``--fix`` and its companions, as ruff's users know them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from surfaces.shop import APP, archlint, check, make


@pytest.fixture
def shop(tree: Path) -> Path:
    return make(tree)


def test_only_safe_fixes_unless_asked(shop: Path):
    result = check(shop, "--fix")
    assert result.code == 1
    assert result.lines[-2:] == [
        "Found 2 errors (1 fixed, 1 remaining).",
        "1 unsafe fix available with `--fix --unsafe-fixes`.",
    ]
    text = (shop / "app.py").read_text()
    assert "await asyncio.sleep(" in text
    assert text.count("import asyncio") == 1
    result = check(shop, "--fix", "--unsafe-fixes")
    assert (result.code, result.out) == (0, "Found 1 error (1 fixed, 0 remaining).\n")
    assert "await asyncio.to_thread(slow" in (shop / "app.py").read_text()


def test_a_difference_writes_nothing(shop: Path):
    result = check(shop, "--diff", "--unsafe-fixes")
    assert result.code == 1
    assert result.err == "Would fix 2 errors.\n"
    assert "+    await asyncio.sleep(" in result.out
    assert result.out.startswith("--- app.py\n+++ app.py\n")
    assert (shop / "app.py").read_text() == APP
    assert check(shop, "--diff", "helpers.py").code == 0


def test_fixes_are_listed(shop: Path):
    result = check(shop, "--fix", "--unsafe-fixes", "--show-fixes")
    assert result.out.startswith(
        "Fixed 2 errors:\n"
        "- app.py:\n"
        "    1 × ARC401 (blocking-call-in-async)\n"
        "    1 × ARC402 (transitive-blocking-call)\n"
    )


def test_fix_only_and_its_exit_codes(shop: Path):
    assert check(shop, "--fix-only").code == 0
    make(shop)
    assert check(shop, "--fix", "--unsafe-fixes", "--exit-non-zero-on-fix").code == 1


def test_settings_decide_what_is_fixed(shop: Path):
    pyproject = shop / "pyproject.toml"
    pyproject.write_text(
        '[tool.archlint]\nunfixable = ["ARC401"]\nextend-safe-fixes = ["ARC402"]\nfix = true\n'
    )
    result = check(shop)
    assert result.lines[-1] == "Found 2 errors (1 fixed, 1 remaining)."
    assert "time.sleep(" in (shop / "app.py").read_text()
    pyproject.write_text('[tool.archlint]\nunfixable = ["ARC4O1"]\n')
    result = check(shop)
    assert result.code == 2
    assert "`unfixable`: unknown rule `ARC4O1`; did you mean `ARC401`?" in result.err


def test_standard_input_is_mended_on_standard_output(shop: Path):
    result = check(shop, "--fix", "--stdin-filename", "app.py", "-", stdin=APP)
    assert "await asyncio.sleep(" in result.out
    assert "Found 2 errors (1 fixed, 1 remaining)." in result.err
    assert (shop / "app.py").read_text() == APP


def test_files_that_cannot_be_mended_are_named(shop: Path):
    (shop / "app.py").write_bytes(b"# coding: latin-1\n" + APP.encode() + b"NAME = '\xe9'\n")
    before = (shop / "app.py").read_bytes()
    result = check(shop, "--fix")
    assert "warning: app.py: not fixed: it is not UTF-8" in result.err
    assert "[*]" not in result.out, "what could not be done is not offered again"
    assert (shop / "app.py").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_modes_survive(shop: Path):
    (shop / "app.py").chmod(0o750)
    assert check(shop, "--fix").code == 1
    assert stat.S_IMODE((shop / "app.py").stat().st_mode) == 0o750


def test_help_tells_of_fixes(shop: Path):
    assert "--unsafe-fixes" in archlint(shop, "check", "--help").out


def test_a_text_without_a_name_is_mended(shop: Path):
    text = "import time\n\n\nasync def f():\n    time.sleep(1)\n"
    result = check(shop, "--fix", "-", stdin=text)
    assert "await asyncio.sleep(1)" in result.out
    assert result.err == "Found 1 error (1 fixed, 0 remaining).\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"x = 1\r\n", b"# coding: latin-1\nx = '\xe9'\n", b"x = '\xff'\n", b"\xef\xbb\xbfx = 1\n"],
)
def test_what_cannot_be_mended_comes_out_as_it_went_in(shop: Path, content: bytes):
    done = subprocess.run(
        [sys.executable, "-m", "archlint", "check", "--fix", "--stdin-filename", "app.py", "-"],
        cwd=shop,
        input=content,
        capture_output=True,
        check=False,
    )
    assert done.stdout == content


def test_an_excluded_text_comes_out_as_it_went_in(shop: Path):
    options = ("--force-exclude", "--exclude", "app.py", "--stdin-filename", "app.py", "-")
    assert check(shop, "--fix", *options, stdin=APP).out == APP
    assert check(shop, *options, stdin=APP).code == 0


def test_a_list_of_fixes_is_for_people(shop: Path):
    result = archlint(shop, "check", "--fix", "--show-fixes", "--output-format", "json")
    assert [found["code"] for found in json.loads(result.out)] == ["ARC402"]


@pytest.mark.parametrize(
    "options",
    [
        ("--watch", "--add-noqa"),
        ("--watch", "--statistics"),
        ("--add-noqa", "--fix"),
        ("--add-noqa=why", "--stdin-filename", "app.py"),
        ("--add-noqa", "-"),
        ("--watch", "-"),
        ("--diff", "--statistics"),
        ("--exit-zero", "--exit-non-zero-on-fix"),
        ("--show-files", "--show-settings"),
        ("--quiet", "--verbose"),
    ],
)
def test_contradictions_are_refused(shop: Path, options: tuple[str, ...]):
    result = check(shop, *options)
    assert result.code == 2
    assert "cannot be used with" in result.err or "not standard input" in result.err
    assert (shop / "app.py").read_text() == APP

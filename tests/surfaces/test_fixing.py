"""``--fix`` and its companions, as ruff's users know them."""

from __future__ import annotations

import os
import stat
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
    assert (shop / "app.py").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_modes_survive(shop: Path):
    (shop / "app.py").chmod(0o750)
    assert check(shop, "--fix").code == 1
    assert stat.S_IMODE((shop / "app.py").stat().st_mode) == 0o750


def test_help_tells_of_fixes(shop: Path):
    assert "--unsafe-fixes" in archlint(shop, "check", "--help").out

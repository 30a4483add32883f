"""The plugin inside the real flake8."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from archlint.surfaces import flake8 as plugin
from surfaces.shop import APP, Result, check, flake8, make

SLEEP = (
    "7:5: ARC401 `time.sleep()` blocks the event loop in `async def handler`; use `await asyncio.sleep(...)`"
)
SLOW = (
    "8:5: ARC402 `slow()` blocks the event loop in `async def handler`: slow -> time.sleep; "
    "run it with `await asyncio.to_thread(slow, ...)`"
)


@pytest.fixture
def shop(tree: Path) -> Path:
    return make(tree)


def codes(result: Result) -> list[str]:
    return [line.split()[1] for line in result.lines]


@pytest.mark.parametrize("arguments", [["-j1"], ["-j2"], []])
def test_findings(shop: Path, arguments: list[str]):
    expected = Result(1, f"./app.py:{SLEEP}\n./app.py:{SLOW}\n", "")
    assert flake8(shop, "--select", "ARC", *arguments, ".") == expected
    assert flake8(shop, "--select", "ARC", *arguments, ".") == expected, "from the cache"


def test_a_plain_run_shows_our_codes_among_the_others(shop: Path):
    (shop / "app.py").write_text(APP + "\nimport os\n")
    assert sorted(codes(flake8(shop, "app.py"))) == ["ARC401", "ARC402", "E402", "F401"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--select", "ARC402"], ["ARC402"]),
        (["--select", "ARC4"], ["ARC401", "ARC402"]),
        (["--select", "ARC4", "--extend-ignore", "ARC402"], ["ARC401"]),
        (["--select", "ARC", "--per-file-ignores", "app.py:ARC401"], ["ARC402"]),
        (["--select", "ARC3"], []),
        (["--select", "ARC", "--disable-noqa"], ["ARC401", "ARC402", "ARC401"]),
        (["--select", "ARC", "--arc-no-cache"], ["ARC401", "ARC402"]),
    ],
)
def test_options_of_flake8(shop: Path, arguments: list[str], expected: list[str]):
    assert codes(flake8(shop, *arguments, "-j1")) == expected


def test_settings_of_ours(shop: Path):
    (shop / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC401"]\n')
    (shop / "other.toml").write_text('ignore = ["ARC402"]\n')
    assert codes(flake8(shop, "--select", "ARC")) == ["ARC402"]
    assert codes(flake8(shop, "--select", "ARC", "--arc-config", "other.toml")) == ["ARC401"]
    assert codes(flake8(shop, "--select", "ARC401")) == ["ARC401"], "a full code is a choice of its own"
    (shop / "pyproject.toml").write_text("[tool.archlint]\nselct = []\n")
    result = flake8(shop, "--select", "ARC", "app.py")
    assert result.out == (
        f"app.py:1:1: ARC000 archlint cannot check this file: {shop}/pyproject.toml: "
        "unknown key `selct`; did you mean `select`?\n"
    )


def test_standard_input(shop: Path):
    text = APP.replace("    slow()", "\n    slow()")
    named = flake8(shop, "--select", "ARC", "--stdin-display-name", "app.py", "-", stdin=text)
    assert named.out == f"app.py:{SLEEP}\napp.py:{SLOW.replace('8:5', '9:5')}\n"
    absolute = str(shop / "app.py")
    assert codes(
        flake8(shop.parent, "--select", "ARC", "--stdin-display-name", absolute, "-", stdin=text)
    ) == [
        "ARC401",
        "ARC402",
    ]
    assert flake8(shop, "--select", "ARC", "-", stdin=text).out == f"stdin:{SLEEP}\n"
    assert not list(shop.glob("<*")), "no project is made up on disk"


def test_comments_of_ruff_and_ours_are_honoured(shop: Path):
    text = APP.replace("sleep(1)", "sleep(1)  # ruff: ignore[ARC401]").replace(
        "    slow()", "    # archlint: ignore[transitive-blocking-call] start-up\n    slow()"
    )
    (shop / "app.py").write_text(text)
    assert flake8(shop, "--select", "ARC") == Result(0, "", "")
    assert codes(flake8(shop, "--select", "ARC", "--disable-noqa", "app.py")) == ["ARC401", "ARC402"]


def test_bad_files_are_left_to_flake8(shop: Path):
    (shop / "a1.py").write_text("def f(:\n")
    (shop / "a2.py").write_bytes(b"x = 1\0\n")
    (shop / "a3.py").write_bytes(b"\xef\xbb\xbf" + APP.encode())
    (shop / "a4.py").write_bytes(APP.replace("\n", "\r\n").encode())
    (shop / "a5.py").write_bytes(f"# coding: latin-1\n# é\n{APP}".encode("latin-1"))
    (shop / "a6.py").write_bytes(b"")
    (shop / "a7.py").write_bytes(b"\xef\xbb\xbf# coding: latin-1\n" + APP.encode())
    result = flake8(shop, "--select", "ARC,E9", "-j2", ".")
    places = [":".join(line.split(":")[:2]) + line.split(":")[3].split()[0].rjust(7) for line in result.lines]
    assert [place for place in places if "ARC" in place] == [
        "./a3.py:7 ARC401",
        "./a3.py:8 ARC402",
        "./a4.py:7 ARC401",
        "./a4.py:8 ARC402",
        "./a5.py:9 ARC401",
        "./a5.py:10 ARC402",
        "./a7.py:8 ARC401",
        "./a7.py:9 ARC402",
        "./app.py:7 ARC401",
        "./app.py:8 ARC402",
    ]
    assert any("./a1.py:1   E999" in place for place in places)


def test_the_same_as_archlint_check(shop: Path):
    for number in range(30):
        (shop / f"m{number:02}.py").write_text(APP)
    # flake8 has no sign for findings that can be fixed.
    ours = [line.replace(" [*] ", " ") for line in check(shop).lines if "ARC" in line]
    for arguments in (["-j1"], ["-j2"], ["-j2", "--arc-no-cache"]):
        theirs = flake8(shop, "--select", "ARC", *arguments, ".").lines
        assert sorted(line.removeprefix("./") for line in theirs) == sorted(ours)


def test_the_cache_is_shared_with_the_command_line(shop: Path):
    check(shop)
    with sqlite3.connect(shop / ".archlint_cache" / "results-1.sqlite") as connection:
        # A mark that only a cache hit can show.
        connection.execute("UPDATE results SET diagnostics = replace(diagnostics, 'blocks', 'MARK')")
    connection.close()
    assert flake8(shop, "--select", "ARC", "-j1", ".").out.count("MARK") == 2
    assert not flake8(shop, "--select", "ARC", "-j1", ".", ARCHLINT_CACHE_DIR=str(shop / "x")).err
    assert (shop / "x" / "results-1.sqlite").exists()


def test_spawned_workers(shop: Path):
    for number in range(8):
        (shop / f"m{number}.py").write_text(APP)
    program = (
        "import multiprocessing, sys\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    from flake8.main.cli import main\n"
        "    sys.exit(main(['--select', 'ARC', '-j2', '.']))\n"
    )
    (shop.parent / "spawn.py").write_text(program)
    command = [sys.executable, str(shop.parent / "spawn.py")]
    done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    assert sorted(done.stdout.splitlines()) == sorted(flake8(shop, "--select", "ARC", "-j1", ".").lines)


# -- the plugin called as flake8 calls it ----------------------------------------------------------


def options(**changes: object) -> SimpleNamespace:
    values: dict[str, object] = {
        "select": None,
        "extend_select": None,
        "ignore": None,
        "extend_ignore": None,
        "extended_default_select": [f"ARC{digit}" for digit in range(10)],
        "extended_default_ignore": [],
        "disable_noqa": False,
        "filenames": ["."],
        "arc_no_cache": True,
        "arc_config": None,
    }
    return SimpleNamespace(**{**values, **changes})


def test_one_analysis_serves_all_families(shop: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(shop)
    tree, lines = ast.parse(APP), APP.splitlines(keepends=True)
    families = [getattr(plugin, f"ARC{digit}") for digit in range(10)]
    given = options()
    first = {cls: list(cls(tree, "app.py", lines, given).run()) for cls in families}
    monkeypatch.setattr(plugin, "_analyse", lambda *_: pytest.fail("analysed twice"))
    assert {cls: list(cls(tree, "app.py", lines, given).run()) for cls in families} == first
    assert [(line, column, text[:6], cls) for line, column, text, cls in first[plugin.ARC4]] == [
        (7, 4, "ARC401", plugin.ARC4),
        (8, 4, "ARC402", plugin.ARC4),
    ]
    assert sum(map(len, first.values())) == 2


def test_no_failure_leaves_the_plugin(shop: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(shop)
    monkeypatch.setattr(plugin._Worker, "check", lambda *_: {}["no\nkey"])
    tree = ast.parse(APP)
    found = [list(cls(tree, "app.py", [APP], options()).run()) for cls in (plugin.ARC0, plugin.ARC4)]
    assert found == [[(1, 0, "ARC000 archlint cannot check this file: 'no\\nkey'", plugin.ARC0)], []]


def test_opt_in_rules_need_their_full_code(monkeypatch: pytest.MonkeyPatch):
    from archlint.engine import registry

    known = registry.Registry([registry.Entry("ARC112", "a", ""), registry.Entry("ARC401", "b", "")])
    monkeypatch.setattr(registry, "installed", lambda: known)
    plain = plugin._options(options())
    assert (plain.visible, plain.selectors) == ({"ARC112", "ARC401"}, None)
    named = plugin._options(options(extend_select=["ARC112", "E5"]))
    assert named.selectors is not None
    assert named.selectors.extend_select == ("ARC112",)
    family = plugin._options(options(select=["ARC1"]))
    assert (family.visible, family.selectors) == ({"ARC112"}, None)

"""What is known already: baselines, earlier commits, suppression comments and those that are idle."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from surfaces.shop import APP, HELPERS, archlint, check, flake8, make


@pytest.fixture
def shop(tree: Path) -> Path:
    return make(tree)


def git(shop: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=shop, check=True, capture_output=True)


def test_a_baseline_hides_what_it_knows(shop: Path):
    result = archlint(shop, "baseline")
    assert result.out.startswith("2 findings in archlint-baseline.json.\n")
    assert check(shop, "--baseline", "archlint-baseline.json").code == 0
    # Lines may move: nothing in the file counts them.
    (shop / "app.py").write_text("\n\n" + APP.replace("    slow()\n", "    slow()\n    time.sleep(3)\n"))
    result = check(shop, "--baseline", "archlint-baseline.json")
    assert (result.code, result.lines[0].split()[:2]) == (1, ["app.py:11:5:", "ARC401"])


def test_a_baseline_is_named_in_the_settings_and_pruned(shop: Path):
    (shop / "pyproject.toml").write_text('[tool.archlint]\nbaseline = "known.json"\n')
    assert archlint(shop, "baseline").out == "2 findings in known.json.\n"
    text = (shop / "known.json").read_text()
    rows = json.loads(text)["findings"]
    assert rows[0] == {
        "path": "app.py",
        "code": "ARC401",
        "symbol": "handler",
        "text": "time.sleep(1)",
        "count": 1,
    }
    assert check(shop).code == 0
    (shop / "app.py").write_text(APP.replace("    time.sleep(1)\n", ""))
    result = check(shop)
    assert result.code == 0
    assert "1 known finding of" in result.err
    (shop / "more.py").write_text(APP)
    assert archlint(shop, "baseline", "--prune").out == "1 finding in known.json.\n"
    assert check(shop).code == 1


def test_a_look_at_some_files_forgets_no_others(shop: Path):
    for name in ("one", "two", "three"):
        (shop / name).mkdir()
        (shop / name / "app.py").write_text(APP.replace("from helpers import slow", "def slow(): ..."))
    assert archlint(shop, "baseline").out.startswith("5 findings in")
    (shop / "one" / "app.py").write_text("")
    (shop / "two" / "app.py").write_text("import time\n\n\nasync def new():\n    time.sleep(3)\n")
    (shop / "three" / "app.py").unlink()
    assert archlint(shop, "baseline", "--prune", "one").out.startswith("3 findings in")
    assert archlint(shop, "baseline", "two").out.startswith("3 findings in")
    assert check(shop, "--baseline", "archlint-baseline.json").code == 0
    assert archlint(shop / "two", "baseline", "-o", "../archlint-baseline.json").out.startswith("3 findings")


@pytest.mark.parametrize("text", ["{", '{"version": 2, "findings": []}', '{"version": 1}', "[]"])
def test_a_broken_baseline_is_an_error(shop: Path, text: str):
    (shop / "known.json").write_text(text)
    result = check(shop, "--baseline", "known.json")
    assert result.code == 2
    assert "known.json: not a baseline of this version; make it anew" in result.err
    assert check(shop, "--baseline", "missing.json").code == 2
    # What the message advises works.
    assert "`archlint baseline -o " in result.err
    assert archlint(shop, "baseline", "--prune", "-o", "known.json").code == 2
    assert archlint(shop, "baseline", "-o", "known.json").out.startswith("2 findings in known.json.")


def test_only_what_a_branch_adds(shop: Path):
    git(shop, "init", "-q")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "first")
    assert check(shop, "--diff-base", "HEAD").code == 0
    (shop / "app.py").write_text("# moved\n" + APP)
    assert check(shop, "--diff-base", "HEAD").code == 0
    (shop / "new.py").write_text(APP)
    # The helper blocks now: what calls it is new as well.
    (shop / "helpers.py").write_text(HELPERS + "\n\ndef other_helper():\n    time.sleep(1)\n")
    result = check(shop, "--diff-base", "HEAD")
    assert [line.split(":")[0] for line in result.lines[:2]] == ["new.py", "new.py"]
    result = check(shop, "--diff-base", "nothing")
    assert result.code == 2
    assert "--diff-base: " in result.err


def test_a_changed_helper_makes_findings_in_files_that_did_not_change(shop: Path):
    (shop / "helpers.py").write_text("def slow():\n    return 1\n")
    git(shop, "init", "-q")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "first")
    make(shop)
    result = check(shop, "--diff-base", "HEAD")
    assert [line.split()[1] for line in result.lines[:1]] == ["ARC402"]
    assert result.code == 1


def test_comments_are_added_and_extended(shop: Path):
    (shop / "app.py").write_text(APP.replace("slow()\n", "slow()  # noqa: E501\n"))
    result = check(shop, "--add-noqa")
    assert (result.code, result.err) == (0, "Added 2 noqa directives.\n")
    text = (shop / "app.py").read_text()
    assert "    time.sleep(1)  # noqa: ARC401\n" in text
    assert "    slow()  # noqa: E501, ARC402\n" in text
    assert check(shop).code == 0
    make(shop)
    (shop / "more.py").write_text(APP)
    # What follows the option is a file, not its reason.
    assert check(shop, "--add-noqa", "more.py").err == "Added 2 noqa directives.\n"
    assert (shop / "app.py").read_text() == APP
    check(shop, "--add-noqa=known since 2020")
    assert "time.sleep(1)  # noqa: ARC401 known since 2020\n" in (shop / "app.py").read_text()


def test_idle_suppressions_are_told_on_request(shop: Path):
    (shop / "app.py").write_text(
        APP.replace("slow()\n", "slow()  # noqa: ARC402, E501\n").replace(
            "import time\n", "import time  # noqa: ARC401\n", 1
        )
        + "    print()  # archlint: ignore[n-plus-one-query] because\n"
    )
    assert "ARC001" not in check(shop).out
    result = check(shop, "--unused-suppressions")
    assert [line.split()[:2] for line in result.lines if "ARC001" in line] == [
        ["app.py:1:14:", "ARC001"],
        ["app.py:9:14:", "ARC001"],
    ]
    assert "`ARC401` hides nothing here; remove it from the comment" in result.out


def test_idle_suppressions_are_chosen_like_a_rule(shop: Path):
    (shop / "app.py").write_text("x = 1  # noqa: ARC401\ny = 2  # noqa: ARC401, ARC001\n# noqa: ARC4\n")
    expected = ["app.py:1:8: ARC001", "app.py:3:1: ARC001"]

    def told(lines: list[str]) -> list[str]:
        return [" ".join(line.split()[:2]) for line in lines if "ARC001" in line]

    for words in (["--extend-select", "ARC001"], ["--select", "ARC4,unused-suppression"]):
        assert told(check(shop, *words).lines) == expected
    for words in (["--select", "ARC0"], ["--extend-select", "ARC001", "--ignore", "ARC001"]):
        assert told(check(shop, *words).lines) == []
    assert told(check(shop, "--extend-select=ARC001", "--per-file-ignores=app.py:ARC001").lines) == []
    found = flake8(shop, "--extend-select=ARC001", "app.py").lines
    assert told(found) == expected
    assert told(flake8(shop, "--extend-select=ARC", "app.py").lines) == []
    (shop / "pyproject.toml").write_text('[tool.archlint]\nextend-select = ["ARC001"]\n')
    assert told(check(shop).lines) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # noqa: ARC401\n", "x = 1\n"),
        ("x = 1  # noqa: ARC401 because\ny = 2\n", "x = 1\ny = 2\n"),
        ("x = 1  # noqa: ARC401, E501 because\n", "x = 1  # noqa: E501 because\n"),
        ("x = 1  # noqa: E501,ARC401,ARC402,W1\n", "x = 1  # noqa: E501, W1\n"),
        ("x = 1  # type: ignore  # noqa: ARC401\n", "x = 1  # type: ignore\n"),
        ("x = 1  # noqa: ARC401  # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # archlint: ignore[blocking-call-in-async] why\n", "x = 1\n"),
        ("# archlint: ignore[ARC401]\nx = 1\n", "x = 1\n"),
        ("# ruff: file-ignore[ARC401, E501]\r\nx = 1\r\n", "# ruff: file-ignore[E501]\r\nx = 1\r\n"),
        ("if x:\n    # ruff: ignore[ARC401]\n    x = 1\n", "if x:\n    x = 1\n"),
        ("x = 1  # noqa: ARC401", "x = 1"),
        ("x = 1\n# ruff: noqa: ARC401", "x = 1\n"),
        ("# ruff: disable[ARC401]\nx = 1\n# ruff: enable[ARC401]\n", "x = 1\n"),
    ],
)
def test_idle_suppressions_are_taken_away(shop: Path, before: str, after: str):
    (shop / "app.py").write_bytes(before.encode())
    result = check(shop, "--unused-suppressions", "--fix", "app.py")
    assert (shop / "app.py").read_bytes().decode() == after
    assert result.code == 0


def commit(shop: Path) -> None:
    git(shop, "init", "-q", "-b", "main")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "first")


def test_renamed_files_keep_what_they_had(shop: Path):
    commit(shop)
    (shop / "util").mkdir()
    git(shop, "mv", "helpers.py", "util/helpers.py")
    git(shop, "mv", "app.py", "main.py")
    (shop / "main.py").write_text(APP.replace("from helpers", "from util.helpers"))
    assert check(shop, "--diff-base", "HEAD").code == 0
    (shop / "main.py").write_text((shop / "main.py").read_text() + "    time.sleep(5)\n")
    result = check(shop, "--diff-base", "HEAD")
    assert [line.split()[:2] for line in result.lines[:-2]] == [["main.py:9:5:", "ARC401"]]


def test_a_branch_is_compared_with_where_it_left(shop: Path):
    commit(shop)
    git(shop, "checkout", "-qb", "branch")
    (shop / "more.py").write_text(APP)
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "more")
    git(shop, "checkout", "-q", "main")
    # What was mended on the main branch meanwhile is no fault of the other.
    (shop / "app.py").write_text("")
    git(shop, "commit", "-qam", "mended")
    git(shop, "checkout", "-q", "branch")
    result = check(shop, "--diff-base", "main")
    assert {line.split(":")[0] for line in result.lines[:-2]} == {"more.py"}
    (shop / "sub").mkdir()
    (shop / "sub" / "new.py").write_text(APP.replace("from helpers", "from ..helpers"))
    assert [line.split(":")[0] for line in check(shop / "sub", "--diff-base", "main").lines[:1]] == ["new.py"]
    for reference in ("--output=x", "nothing"):
        result = check(shop, f"--diff-base={reference}")
        assert (result.code, f"no commit `{reference}`" in result.err) == (2, True)
    assert not (shop / "x").exists()


def test_without_a_repository_there_is_no_branch(shop: Path):
    result = check(shop, "--diff-base", "main", GIT_CEILING_DIRECTORIES=str(shop.parent))
    assert result.code == 2
    assert "--diff-base: not a git repository" in result.err


def test_standard_input_knows_the_baseline_and_the_branch(shop: Path):
    commit(shop)
    archlint(shop, "baseline")
    more = APP + "    time.sleep(5)\n"
    for option in (("--baseline", "archlint-baseline.json"), ("--diff-base", "HEAD")):
        arguments = (*option, "--stdin-filename", "app.py", "-")
        assert check(shop, *arguments, stdin=APP).code == 0
        result = check(shop, *arguments, stdin=more)
        assert [line.split()[:2] for line in result.lines[:1]] == [["app.py:9:5:", "ARC401"]]


def test_what_is_known_is_neither_mended_nor_in_the_way(shop: Path):
    archlint(shop, "baseline")
    (shop / "app.py").write_text(APP + "    time.sleep(5)\n")
    result = check(shop, "--baseline", "archlint-baseline.json", "--fix")
    assert (result.code, result.out) == (0, "Found 1 error (1 fixed, 0 remaining).\n")
    text = (shop / "app.py").read_text()
    assert "    time.sleep(1)\n" in text
    assert "    await asyncio.sleep(5)\n" in text


def test_only_what_a_branch_adds_is_mended(shop: Path):
    git(shop, "init", "-q")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "first")
    (shop / "app.py").write_text(APP + "    time.sleep(5)\n")
    result = check(shop, "--diff-base", "HEAD", "--fix")
    assert (result.code, result.out) == (0, "Found 1 error (1 fixed, 0 remaining).\n")
    text = (shop / "app.py").read_text()
    assert "    time.sleep(1)\n" in text
    assert "    await asyncio.sleep(5)\n" in text


def test_statistics_count_what_is_new(shop: Path):
    archlint(shop, "baseline")
    known = ("--baseline", "archlint-baseline.json")
    assert check(shop, *known, "--statistics").out == ""
    (shop / "app.py").write_text(APP + "    time.sleep(5)\n")
    assert check(shop, *known, "--statistics").lines[0] == "1\tARC401\t[*] blocking-call-in-async"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('time.sleep(1); x = "# noqa: E501"', 'time.sleep(1); x = "# noqa: E501"  # noqa: ARC401'),
        ("time.sleep(1)  # noqa: E501 why", "time.sleep(1)  # noqa: E501, ARC401 why"),
        ("time.sleep(1)  # noqa:E501,W1  # more", "time.sleep(1)  # noqa:E501,W1, ARC401  # more"),
        ("time.sleep(1)  # type: ignore # noqa: E501", "time.sleep(1)  # type: ignore # noqa: E501, ARC401"),
        ("time.sleep(1)  # a remark", "time.sleep(1)  # a remark  # noqa: ARC401"),
        ("time.sleep(1)   ", "time.sleep(1)  # noqa: ARC401"),
        ("time.sleep(\n        1,\n    )", "time.sleep(  # noqa: ARC401\n        1,\n    )"),
        ('time.sleep(1); x = """\n    a\n    """', 'time.sleep(1); x = """\n    a\n    """  # noqa: ARC401'),
        ('x = f"""\n    {time.sleep(1)}\n    """', 'x = f"""\n    {time.sleep(1)}\n    """  # noqa: ARC401'),
        ("x = \\\n        time.sleep(1)", "x = \\\n        time.sleep(1)  # noqa: ARC401"),
        ("x = time.sleep(1), \\\n        2", "x = time.sleep(1), \\\n        2  # noqa: ARC401"),
        (
            "x = '\U0001f600', time.sleep(1)  # noqa: E501",
            "x = '\U0001f600', time.sleep(1)  # noqa: E501, ARC401",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_comments_stand_where_they_work(shop: Path, line: str, expected: str, end: str, mark: str):
    head = mark + "import time\n\n\nasync def f():\n    "
    path = shop / "odd.py"
    path.write_bytes((head + line + "\n").replace("\n", end).encode())
    check(shop, "--add-noqa", "odd.py")
    assert path.read_bytes().decode() == (head + expected + "\n").replace("\n", end)
    assert check(shop, "odd.py").code == 0
    if (end, mark) == ("\n", ""):
        assert flake8(shop, "--select=ARC", "odd.py").out == ""
    before = path.read_bytes()
    assert check(shop, "--add-noqa", "odd.py").err == ""
    assert path.read_bytes() == before


def test_the_last_line_may_have_no_end(shop: Path):
    (shop / "odd.py").write_text("import time\n\n\nasync def f():\n    time.sleep(1)")
    check(shop, "--add-noqa", "odd.py")
    assert (shop / "odd.py").read_text().endswith("    time.sleep(1)  # noqa: ARC401")

"""Reports read like ruff's: ruff's own findings, rendered by archlint, give ruff's own text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix, Impact, Location
from archlint.output import Context, RuleInfo, render, statistics

SOURCES = {
    "app/first.py": (
        "import os\n"
        "def f(a, b):\n"
        "    y = 1\n"
        '    x = f"{a}" if a is None \\\n'
        "        else 2\n"
        '    print("é漢字", x == None)\n'
    ),
    "app/tabs.py": "def f(a):\n\ttry:\n\t\tpass\n\texcept:\n\t\tpass\n\tlambda_ = 1; x = 2\n",
    "app/tall.py": (
        "def f(x):\n    z = (x ==\n       None), not (x\n         in [1])\n    assert (z,\n       1)\n"
    ),
    "deep.py": "\n" * 98 + "import sys\n\n\nclass A(object):\n    x = 1\n\n\n\nimport re\n",
    "wide.py": f"import os\nx = [{', '.join(['1 == None', *map(str, range(100)), 'x == None'])}]\n",
}
COMMAND = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F,E71,E722,UP"]


def ruff(root: Path, name: str, *options: str) -> str:
    done = subprocess.run(
        [*COMMAND, "--output-format", name, *options], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return done.stdout.replace("\r\n", "\n")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name, text in SOURCES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def findings(root: Path) -> list[Any]:
    found: list[Any] = json.loads(ruff(root, "json"))
    assert len(found) > 10
    assert {finding["fix"]["applicability"] for finding in found if finding["fix"]} == {"safe", "unsafe"}
    return found


def span(path: str, value: dict[str, Any]) -> Location:
    start, end = value["location"], value["end_location"]
    return Location(path, start["row"], start["column"] - 1, end["row"], end["column"] - 1)


def diagnostic(finding: dict[str, Any]) -> Diagnostic:
    path, fix = finding["filename"], finding["fix"]
    return Diagnostic(
        finding["code"],
        finding["name"],
        finding["message"],
        span(path, finding),
        impact=Impact.HIGH,
        fix=fix
        and Fix(
            fix["message"],
            Applicability(fix["applicability"]),
            tuple(Edit(span(path, edit), edit["content"]) for edit in fix["edits"]),
        ),
    )


@pytest.fixture
def diagnostics(findings: list[Any]) -> list[Diagnostic]:
    return [diagnostic(finding) for finding in findings]


def context(root: Path, findings: list[Any], **options: Any) -> Context:
    urls = {finding["code"]: finding["url"] for finding in findings}
    return Context(
        root=root,
        rule=lambda code: RuleInfo(code, code, code, urls[code]),
        source=lambda path: Path(path).read_text(encoding="utf-8").splitlines(keepends=True),
        **options,
    )


@pytest.mark.parametrize("name", ["concise", "grouped", "pylint", "azure"])
@pytest.mark.parametrize("unsafe", [False, True])
def test_text(
    name: str, unsafe: bool, root: Path, findings: list[Any], diagnostics: list[Diagnostic]
) -> None:
    expected = ruff(root, name, *(["--unsafe-fixes"] if unsafe else []))
    assert render(name, diagnostics, context(root, findings, unsafe_fixes=unsafe)) == expected


def test_full(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    version = subprocess.run([*COMMAND[:3], "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("ruff 0.17"):
        pytest.skip(f"the frames of {version.strip()} may differ from those of ruff 0.17")
    # Of a finding that it cannot mend ruff says more than its JSON does; long lines it cuts elsewhere.
    shown = [d for d in diagnostics if d.fix and "wide" not in d.location.path]
    found = render("full", shown, context(root, findings, summary=False))
    expected = set(ruff(root, "full").split("\n\n"))
    assert [text for text in found.split("\n\n") if text and text not in expected] == []


def test_github(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    expected = ruff(root, "github").replace("title=ruff", "title=archlint")
    assert render("github", diagnostics, context(root, findings)) == expected


def test_junit(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    expected = (
        ruff(root, "junit").replace('name="ruff"', 'name="archlint"').replace("org.ruff", "org.archlint")
    )
    assert render("junit", diagnostics, context(root, findings)) == expected


def test_json(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    text = render("json", diagnostics, context(root, findings))
    values = json.loads(text)
    extra = {"impact", "related", "symbol"}
    assert [{key: value[key] for key in value if key not in extra} for value in values] == findings
    lines = render("json-lines", diagnostics, context(root, findings)).splitlines()
    assert [json.loads(line) for line in lines] == values


def test_rdjson(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    expected = json.loads(ruff(root, "rdjson"))
    found = json.loads(render("rdjson", diagnostics, context(root, findings)))
    for value in found["diagnostics"]:
        assert value.pop("severity") == "ERROR"
    assert found["diagnostics"] == expected["diagnostics"]
    assert found.keys() == expected.keys()


def test_gitlab(root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    expected = json.loads(ruff(root, "gitlab"))
    found = json.loads(render("gitlab", diagnostics, context(root, findings)))
    for value in (*expected, *found):
        del value["fingerprint"], value["severity"]
    assert found == expected


@pytest.mark.parametrize("name", ["concise", "json"])
def test_statistics(name: str, root: Path, findings: list[Any], diagnostics: list[Diagnostic]) -> None:
    text = ruff(root, name, "--statistics")
    found = statistics(name, diagnostics, context(root, findings))
    if name == "json":
        assert sorted(json.loads(found), key=str) == sorted(json.loads(text), key=str)
    else:
        # Equal counts may stand in any order.
        assert sorted(found.splitlines()) == sorted(text.splitlines())

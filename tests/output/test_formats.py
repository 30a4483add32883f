"""What archlint adds to ruff's reports: call chains, fingerprints, code flows, awkward input."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path, PurePath
from typing import Any

import attrs
import jsonschema
import pytest

from archlint.core.diagnostic import Diagnostic, Impact, Location, Related
from archlint.output import FORMATS, Context, RuleInfo, render, step_summary

ROUTER = "async def read(id):\n    return load(id)\n"
SERVICE = "\n" * 11 + "def load(id):\n    return requests.get(URL + id)\n"
SOURCES = {"app/router.py": ROUTER, "app/service.py": SERVICE}
CHAIN = Diagnostic(
    "ARC402",
    "transitive-blocking-call",
    "`load` blocks the event loop; call it in a thread",
    Location("app/router.py", 2, 11, 2, 19),
    impact=Impact.HIGH,
    symbol="read",
    related=(
        Related(Location("app/service.py", 12, 0, 13, 32), "`load` is called"),
        Related(Location("app/service.py", 13, 11, 13, 32), "`requests.get` blocks"),
    ),
)
#: The schema of the OASIS standard, as it is published.
SARIF_SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
SECRET = Diagnostic(
    "ARC301", "plaintext-password", "hash it", Location("app/a b.py", 1, 0, 1, 1), impact=Impact.MEDIUM
)


def info(code: str) -> RuleInfo | None:
    if not code.startswith("ARC"):
        return None
    return RuleInfo(code, f"name-{code}", "A summary.", f"https://example.org/{code}", explanation="# Why")


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(root=tmp_path, rule=info, source=lambda path: SOURCES.get(path, "").splitlines())


def test_every_hop_has_its_place(context: Context) -> None:
    assert render("full", [CHAIN], context) == (
        "ARC402 `load` blocks the event loop; call it in a thread\n"
        "  --> app/router.py:2:12\n"
        "   |\n"
        " 1 | async def read(id):\n"
        " 2 |     return load(id)\n"
        "   |            ^^^^^^^^\n"
        "  ::: app/service.py:12:1\n"
        "   |\n"
        "12 | def load(id):\n"
        "   | ------------- `load` is called\n"
        "  ::: app/service.py:13:12\n"
        "   |\n"
        "13 |     return requests.get(URL + id)\n"
        "   |            --------------------- `requests.get` blocks\n"
        "help: see https://example.org/ARC402\n"
        "\n"
        "Found 1 error.\n"
    )


def test_without_a_page_the_command_explains(context: Context) -> None:
    local = attrs.evolve(context, rule=lambda code: RuleInfo(code, "n", "A summary."))
    assert "\nhelp: see `archlint rule ARC402`\n" in render("full", [CHAIN], local)
    (value,) = json.loads(render("json", [CHAIN], local))
    assert (value["url"], value["noqa_row"]) == (None, 2)


def test_places_without_source_are_named(context: Context) -> None:
    text = render("full", [CHAIN], attrs.evolve(context, source=lambda _path: ()))
    assert "app/service.py:13:12\n   = `requests.get` blocks\n" in text


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(name: str, context: Context) -> None:
    text = render(name, [], context)
    if name in {"json", "gitlab"}:
        assert json.loads(text) == []
    elif name in {"concise", "full", "grouped"}:
        assert text == "All checks passed!\n"
        assert render(name, [], attrs.evolve(context, summary=False)) == ""
    elif name == "junit":
        assert ET.fromstring(text).get("failures") == "0"
    elif name in {"sarif", "rdjson"}:
        assert json.loads(text)
    else:
        assert text == ""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a\udcff.py", "lone \ud800 surrogate"),
        ("a;b,c:d]%.py", '100 % | <tag> & "quotes" ]]> `code`'),
        ("a.py", "two\nlines\x00\x1b[31m"),
        ("-", "standard input"),
        ("", ""),
    ],
)
def test_awkward_text(name: str, path: str, message: str, context: Context) -> None:
    found = Diagnostic("ARC401", "n", message, Location(path, 7, 3, 9, 0))
    text = render(name, [found, attrs.evolve(found, code="invalid-syntax")], context)
    text.encode("utf-8")
    assert "\x1b" not in text or "json" in name
    if name == "sarif":
        sarif_validator().validate(json.loads(text))
    elif name in {"json", "gitlab", "rdjson"}:
        assert json.loads(text)
    elif name == "junit":
        assert ET.fromstring(text).get("failures") == "2"
    elif name in {"concise", "pylint", "github", "azure", "json-lines"}:
        assert len([line for line in text.splitlines() if line and not line.startswith("Found")]) == 2


def test_colour_changes_nothing_else(context: Context) -> None:
    import re

    for name in ("full", "concise", "grouped"):
        coloured = render(name, [CHAIN, SECRET], attrs.evolve(context, color=True))
        assert re.sub(r"\x1b\[\d+m", "", coloured) == render(name, [CHAIN, SECRET], context)
        assert "\x1b[" in coloured


def moved(diagnostic: Diagnostic, lines: int) -> Diagnostic:
    at = diagnostic.location
    return attrs.evolve(
        diagnostic, location=attrs.evolve(at, line=at.line + lines, end_line=at.end_line + lines)
    )


def identities(name: str, diagnostics: list[Diagnostic], context: Context) -> list[str]:
    value = json.loads(render(name, diagnostics, context))
    if name == "gitlab":
        return [issue["fingerprint"] for issue in value]
    return [result["partialFingerprints"]["archlint/v1"] for result in value["runs"][0]["results"]]


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_fingerprints_survive_moved_lines(name: str, context: Context) -> None:
    before = identities(name, [CHAIN, moved(SECRET, 2), moved(SECRET, 3)], context)
    shifted = attrs.evolve(context, source=lambda path: ["# new", *SOURCES.get(path, "").splitlines()])
    after = identities(name, [moved(CHAIN, 1), moved(SECRET, 3), moved(SECRET, 4)], shifted)
    assert before == after
    assert len(set(before)) == 3


def sarif(context: Context, *diagnostics: Diagnostic) -> dict[str, Any]:
    document = json.loads(render("sarif", diagnostics, context))
    problems = sarif_validator().iter_errors(document)
    assert [f"{error.json_path}: {error.message}" for error in problems] == []
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    return dict(run)


@functools.cache
def sarif_validator() -> Any:
    return jsonschema.Draft4Validator(json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")))


def test_the_schema_refuses_what_is_no_sarif() -> None:
    run = {"tool": {"driver": {"name": "archlint"}}, "results": [{"ruleId": "ARC401"}]}
    (error,) = sarif_validator().iter_errors({"version": "2.1.0", "runs": [run]})
    assert error.json_path == "$.runs[0].results[0]"


def test_findings_of_the_examples_are_sarif() -> None:
    command = [
        sys.executable,
        "-m",
        "archlint",
        "check",
        "--isolated",
        "--no-cache",
        "--output-format",
        "sarif",
    ]
    run = subprocess.run(
        [*command, "examples"], cwd=Path(__file__).parents[2], capture_output=True, check=False
    )
    document = json.loads(run.stdout)
    sarif_validator().validate(document)
    results = document["runs"][0]["results"]
    assert len(results) > 20
    assert any(result.get("codeFlows") for result in results)
    assert any(result.get("fixes") for result in results)


def test_sarif_uris_are_relative(context: Context, tmp_path: Path) -> None:
    absolute = attrs.evolve(SECRET, location=attrs.evolve(SECRET.location, path=str(tmp_path / "app/a b.py")))
    outside = attrs.evolve(SECRET, location=attrs.evolve(SECRET.location, path=str(tmp_path.parent / "c.py")))
    results = sarif(context, SECRET, absolute, outside)["results"]
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]
    inside = {"uri": "app/a%20b.py", "uriBaseId": "SRCROOT"}
    assert artifacts == [inside, inside, {"uri": PurePath(tmp_path.parent / "c.py").as_uri()}]


def test_sarif_code_flow_follows_the_chain(context: Context) -> None:
    (result,) = sarif(context, CHAIN)["results"]
    (flow,) = result["codeFlows"]
    hops = [step["location"] for step in flow["threadFlows"][0]["locations"]]
    lines = [hop["physicalLocation"]["region"]["startLine"] for hop in hops]
    assert lines == [2, 12, 13]
    assert hops[-1]["message"]["text"] == "`requests.get` blocks"
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "read"}]


def test_sarif_rules(context: Context) -> None:
    run = sarif(context, CHAIN, SECRET)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert list(rules) == ["ARC301", "ARC402"]
    assert [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]] == [
        "ARC402",
        "ARC301",
    ]
    assert rules["ARC301"]["properties"]["security-severity"] == "5.5"
    assert rules["ARC301"]["properties"]["tags"] == ["architecture", "security"]
    assert "security-severity" not in rules["ARC402"]["properties"]
    assert rules["ARC402"]["helpUri"] == "https://example.org/ARC402"
    assert rules["ARC402"]["help"]["markdown"] == "# Why"
    assert [result["level"] for result in run["results"]] == ["error", "warning"]


def test_github_names_every_hop(context: Context) -> None:
    text = render("github", [CHAIN], context)
    assert "%0A  app/service.py:13:12: `requests.get` blocks" in text
    assert text.startswith("::error title=archlint (ARC402),file=")


def test_rdjson_related_places(context: Context) -> None:
    (value,) = json.loads(render("rdjson", [CHAIN], context))["diagnostics"]
    lines = [place["location"]["range"]["start"]["line"] for place in value["relatedLocations"]]
    assert lines == [12, 13]


def test_step_summary_counts_and_caps(context: Context) -> None:
    text = step_summary([CHAIN, *([SECRET] * 30)], context)
    assert "| 30 | [ARC301](https://example.org/ARC301) plaintext-password | medium |" in text
    assert "- and 10 more" in text
    assert step_summary([], context).endswith("All checks passed.\n")


def test_tall_spans_are_shortened(context: Context) -> None:
    source = [f"line{number}" for number in range(1, 41)]
    found = Diagnostic("ARC101", "n", "tall", Location("a.py", 2, 0, 39, 6))
    text = render("full", [found], attrs.evolve(context, source=lambda _path: source))
    assert " 2 | / line2\n" in text
    assert "\n... |\n39 | | line39\n   | |______^\n40 |   line40\n" in text
    assert text.count("\n") < 20


def test_a_span_outside_the_file_is_named_only(context: Context) -> None:
    found = Diagnostic("ARC101", "n", "gone", Location("app/router.py", 99, 0, 99, 4))
    assert "--> app/router.py:99:1\nhelp: " in render("full", [found], context)

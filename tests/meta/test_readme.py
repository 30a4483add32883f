"""What the README shows is what a reader gets."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = README.partition("```text\n")[2].partition("```")[0]


def archlint(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from archlint.surfaces.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_sample_is_real() -> None:
    code = SAMPLE.split()[0]
    report = archlint("check", "examples", "--no-cache", "--select", code)
    assert report.returncode == 1, report.stderr
    places = re.findall(r"^ *(?:-->|:::) \S+$", SAMPLE, re.MULTILINE)
    assert len(places) == 3
    ending = SAMPLE[SAMPLE.index("\nhelp: ") :]
    assert ending in report.stdout
    assert "\n".join(places) in "\n".join(re.findall(r"^ *(?:-->|:::) \S+$", report.stdout, re.MULTILINE))


def test_there_are_two_commands() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/archlint check examples")
    assert commands[1].endswith(".venv/bin/python -m pytest")


@pytest.mark.parametrize(
    "command",
    [
        c
        for c in re.findall(
            r"^(archlint (?:check|rule|baseline|init|server|graph).*?)(?:  +#.*)?$", README, re.MULTILINE
        )
        if "check -" not in c
    ],
)
def test_commands_of_the_tour_exist(command: str) -> None:
    _, verb, *rest = shlex.split(command)
    options = [word for word in rest if word.startswith("--")]
    text = archlint(verb, "--help").stdout
    assert "Usage: " in text
    assert [option for option in options if option not in text] == []


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_links_lead_somewhere(path: str) -> None:
    assert (ROOT / path).exists()

"""What the engine takes expressions for: ``reveal(x)`` in a sample is followed by ``#: type facts``."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from textwrap import dedent

from archlint.model.summary import Call
from archlint.project.project import Project
from archlint.project.types import Type, members
from archlint.project.world import World

#: File and line.
Spot = tuple[str, int]
_MARK = re.compile(r"reveal\(.*#: (.*)$")


def shown(value: Type | None, world: World) -> str:
    texts = []
    for member in members(value):
        info = world.classes.info(member.name) if ":" in member.name else None
        name = member.name if info is None else info.name
        texts.append(" ".join((name, *member.facts)))
    return " | ".join(texts) or "None"


def revealed(files: dict[str, str], tmp_path: Path) -> tuple[dict[Spot, str], dict[Spot, str]]:
    """What every ``reveal`` of a project, given as texts of its files, shows, and what the comments say."""
    expected: dict[Spot, str] = {}
    found: dict[Spot, str] = {}
    for name, text in files.items():
        path = tmp_path / name
        path.write_text(dedent(text))
        for number, line in enumerate(dedent(text).splitlines(), 1):
            if mark := _MARK.search(line):
                expected[name, number] = mark[1].strip()
    with closing(Project(tmp_path)) as project:
        for name in files:
            path = tmp_path / name
            opened = project.open(path, path.read_bytes(), display=name)
            for function in opened.functions:
                for row in function.scope.calls:
                    if row[Call.FUNC] == ["n", "reveal"]:
                        value = opened.world.evaluator.eval(
                            row[Call.ARGS][0], function.frame, row[Call.BLOCK], row[Call.ORDER]
                        )
                        found[name, row[Call.LINE]] = shown(value, opened.world)
    return found, expected

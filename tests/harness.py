"""Runs one rule over the small project of a case, through the engine, and says what it reported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import attrs

from archlint.core.diagnostic import Diagnostic
from archlint.core.rule import Case, Rule
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import Registry, installed

_MARK = re.compile(r"#\s*(ARC\d{3}(?:[ ,]+ARC\d{3})*)\b")

Lines = dict[str, set[int]]


@attrs.frozen
class Example:
    """A case together with its rule and what pytest calls it."""

    rule: Rule
    case: Case
    kind: str
    label: str

    @property
    def reports(self) -> bool:
        """Whether something is to be reported in it."""
        return self.kind == "invalid" and not self.case.missed


def rules() -> list[Rule]:
    """Every rule that comes with archlint."""
    registry = installed()
    return [registry.load(code) for code in registry.entries]


def examples(chosen: Iterable[Rule] | None = None) -> list[Example]:
    """Every case of every rule."""
    return [example for rule in (rules() if chosen is None else chosen) for example in _of(rule)]


def _of(rule: Rule) -> Iterator[Example]:
    for kind, cases in (("invalid", rule.invalid), ("valid", rule.valid)):
        for number, case in enumerate(cases):
            title = re.sub(r"[^a-z0-9]+", "-", case.title.lower()).strip("-")[:60]
            label = f"{rule.code}-{kind}-{number}" + (f"-{title}" if title else "")
            yield Example(rule, case, kind, label)


def marked(files: Mapping[str, str], code: str) -> Lines:
    """The lines of each file that carry the code in a comment."""
    return {path: found for path, text in files.items() if (found := _marked_lines(text, code))}


def _marked_lines(text: str, code: str) -> set[int]:
    lines = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return {number for number, line in lines if any(code in mark for mark in _MARK.findall(line))}


def write(root: Path, files: Mapping[str, str]) -> None:
    """Put the files of a case below a directory, which becomes the root of a project."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    if not (root / "pyproject.toml").exists():
        (root / "pyproject.toml").touch()


def run(rule: Rule, root: Path, case: Case, files: Mapping[str, str] | None = None) -> list[Diagnostic]:
    """What the rule reports in the files (those of the case, if none are given)."""
    files = case.files if files is None else files
    write(root, files)
    options = Options(overrides=case.settings, cache=False)
    registry = Registry.of(rule)
    found: list[Diagnostic] = []
    with closing(Linter(_selecting(options, rule.code), registry=registry)) as linter:
        for name in files:
            if name.endswith(".py"):
                found += linter.check(Target(str(root / name), name)).diagnostics
    return found


def _selecting(options: Options, code: str) -> Options:
    from archlint.core.settings import Selectors

    return attrs.evolve(options, selectors=Selectors("the test", select=(code,)))


def reported(found: Iterable[Diagnostic]) -> Lines:
    """The reported lines of each file."""
    lines: Lines = {}
    for diagnostic in found:
        lines.setdefault(diagnostic.location.path, set()).add(diagnostic.location.line)
    return lines


def starts(text: str) -> set[tuple[int, int]]:
    """Where the nodes of a file begin, and the names of its functions and classes, in characters."""
    tree, lines = ast.parse(text), re.split(r"\r\n|\r|\n", text)
    found = set()
    for node in ast.walk(tree):
        if not hasattr(node, "lineno"):
            continue
        line = lines[node.lineno - 1]
        column = len(line.encode("utf-8")[: node.col_offset].decode("utf-8"))
        found.add((node.lineno, column))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add((node.lineno, line.index(node.name, column)))
    return found

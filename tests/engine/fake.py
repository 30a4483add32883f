"""The smallest project that the engine can work with, and rules made for single tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archlint.core.diagnostic import Diagnostic, Location
from archlint.core.rule import Rule, on
from archlint.core.settings import Settings
from archlint.core.source import decode, digest, parse, split_lines


class FakeFile:
    """A file that knows its own tree, and depends on the files that its imports name."""

    def __init__(self, project: FakeProject, path: Path, text: str, display: str, tree: ast.Module) -> None:
        self.project, self.path, self.display, self.tree = project, path, display, tree
        self.text = text
        self.lines = split_lines(text)

    def events(self, key: type) -> list[ast.AST]:
        return [node for node in ast.walk(self.tree) if type(node) is key]

    def mentions(self, words: Sequence[str]) -> bool:
        return any(word in self.text for word in words)

    def diagnostic(self, rule: Rule, node: Any, **values: object) -> Diagnostic:
        place = Location(self.display, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        return Diagnostic(rule.code, rule.name, rule.message.format(**values), place)

    def dependencies(self) -> tuple[tuple[str, str], ...]:
        names = [f"{alias.name}.py" for node in self.events(ast.Import) for alias in node.names]  # type: ignore[attr-defined]
        return tuple((name, self.project.digest(name)) for name in sorted(names))


class FakeProject:
    """Opens files and counts how often it is asked to."""

    opened = 0

    def __init__(self, root: Path, overlay: Mapping[str, bytes] | None) -> None:
        self.root, self.overlay = root, overlay

    def open(
        self, path: Path, source: bytes | str, *, display: str, tree: ast.Module | None = None
    ) -> FakeFile:
        FakeProject.opened += 1
        tree = parse(source) if tree is None else tree
        return FakeFile(self, path, source if isinstance(source, str) else decode(source), display, tree)

    def digest(self, name: str) -> str:
        try:
            return digest((self.root / name).read_bytes())
        except OSError:
            return ""

    def flush(self) -> None:
        """Nothing to write."""

    def close(self) -> None:
        """Nothing to let go of."""


def open_fake(
    root: Path, _cache_dir: Path | None, overlay: Mapping[str, bytes] | None, _settings: Settings
) -> Any:
    return FakeProject(root, overlay)


class NamedX(Rule):
    """Reports every name ``x``."""

    code, name, message = "ARC401", "named-x", "`{name}` is called x"

    @on(ast.Name)
    def check(self, node: ast.Name, file: Any) -> Iterator[Diagnostic]:
        if node.id == "x":
            yield file.diagnostic(self, node, name=node.id)


class NamedY(NamedX):
    """Reports every name ``y``; opt-in."""

    code, name, message, default = "ARC402", "named-y", "`{name}` is called y", False

    @on(ast.Name)
    def check(self, node: ast.Name, file: Any) -> Iterator[Diagnostic]:
        if node.id == "y":
            yield file.diagnostic(self, node, name=node.id)


class Broken(Rule):
    """Fails on every call."""

    code, name, message = "ARC201", "broken", "never said"

    @on(ast.Call)
    def check(self, node: ast.Call, file: Any) -> Iterator[Diagnostic]:
        raise ZeroDivisionError(f"at line {node.lineno}\nof {file.display}")

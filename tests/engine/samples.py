"""Rules made for the tests of the engine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archlint.core.diagnostic import Diagnostic
from archlint.core.rule import ModuleEvent, Rule, on
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import Registry


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


class Imports(Rule):
    """Reports how many lines the module ``other`` of the same project has."""

    code, name, message = "ARC501", "imports", "other.py has {count} scopes"

    @on(ModuleEvent)
    def check(self, module: Any, file: Any) -> Iterator[Diagnostic]:
        if file.name != "other.py":
            yield file.diagnostic(self, None, count=len(file.world.summary("other.py").scopes))


class Role(Rule):
    """Reports what the path says of a file."""

    code, name, message = "ARC501", "role", "{role} in {module}"

    @on(ModuleEvent)
    def check(self, module: Any, file: Any) -> Iterator[Diagnostic]:
        yield file.diagnostic(self, None, role=file.role or "none", module=file.module)


def linter(*rules: Rule, options: Options | None = None) -> Linter:
    """A linter with these rules and no cache."""
    return Linter(options or Options(cache=False), registry=Registry.of(*rules))


def target(path: Path) -> Target:
    """A file, shown by its name alone."""
    return Target(str(path), path.name)


def told(
    found: Iterator[Diagnostic] | tuple[Diagnostic, ...] | list[Diagnostic],
) -> list[tuple[int, int, str, str]]:
    """Line, column, code and message of each finding."""
    return [(d.location.line, d.location.column, d.code, d.message) for d in found]

"""``defer-to-ruff``: leaves out what the project's own ruff reports in the same place."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Location
from archlint.engine.ruff_settings import RuffSettings
from archlint.knowledge.ruff import SAME

if TYPE_CHECKING:
    from archlint.project.file import File


def kept(found: Sequence[Diagnostic], file: File, ruff: RuffSettings) -> list[Diagnostic]:
    """The findings that ruff does not report."""
    code = _Code(file)
    path = file.path.as_posix()
    return [
        diagnostic
        for diagnostic in found
        if not any(
            ruff.reports(other, path) and code.shows(how, diagnostic.location)
            for other, how in SAME.get(diagnostic.code, {}).items()
        )
    ]


class _Code:
    """What stands in a reported place, in the ways of the table."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._names: dict[str, str] | None = None
        self._ways: dict[str, Callable[[Location, tuple[str, ...], str], bool]] = {
            "call": self._call,
            "text": self._text,
            "assigned": self._assigned,
            "keyword": self._keyword,
            "default": self._default,
            "decorator": self._decorator,
        }

    def shows(self, how: tuple[str, ...], at: Location) -> bool:
        """Whether the code in a place is as an entry of the table wants it."""
        way, _, detail = how[0].partition(" ")
        return self._ways[way](at, how[1:], detail)

    def _call(self, at: Location, names: tuple[str, ...], keyword: str) -> bool:
        call = self._innermost_call(at)
        if call is None or not any(fnmatchcase(self._name(call.func), name) for name in names):
            return False
        return not keyword or keyword in {f"{k.arg}={ast.unparse(k.value)}" for k in call.keywords}

    def _text(self, at: Location, patterns: tuple[str, ...], _detail: str) -> bool:
        text = "".join(self._file.lines[at.line - 1 : at.end_line])
        return any(re.search(pattern, text) for pattern in patterns)

    def _assigned(self, at: Location, patterns: tuple[str, ...], _detail: str) -> bool:
        around = self._around_literal(at)
        targets: list[ast.expr] = []
        if isinstance(around, ast.Assign):
            targets = around.targets
        elif isinstance(around, ast.AnnAssign):
            targets = [around.target]
        return any(re.search(pattern, _last(target)) for target in targets for pattern in patterns)

    def _keyword(self, at: Location, patterns: tuple[str, ...], _detail: str) -> bool:
        around = self._around_literal(at)
        name = around.arg if isinstance(around, ast.keyword) else None
        return name is not None and any(re.search(pattern, name) for pattern in patterns)

    def _default(self, at: Location, patterns: tuple[str, ...], _detail: str) -> bool:
        around = self._around_literal(at)
        if not isinstance(around, ast.arguments):
            return False
        return any(
            self._file.locate(default) == at and re.search(pattern, parameter.arg)
            for parameter, default in _defaults(around)
            for pattern in patterns
        )

    def _decorator(self, at: Location, libraries: tuple[str, ...], _detail: str) -> bool:
        imported = {name.partition(".")[0] for name in self._imports().values()}
        index = self._file.index
        functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        functions += index.nodes(ast.FunctionDef)
        functions += index.nodes(ast.AsyncFunctionDef)
        decorated = any(node.lineno == at.line and node.decorator_list for node in functions)
        return decorated and not imported.isdisjoint(libraries)

    # -- nodes and names ------------------------------------------------------------------------

    def _innermost_call(self, at: Location) -> ast.Call | None:
        """The smallest call that spans a place."""
        around = [
            (span, node)
            for node in self._file.index.nodes(ast.Call)
            if _spans(span := self._file.locate(node), at)
        ]
        # Of two that span the same place one spans the other: it begins no later and ends no earlier.
        around.sort(key=lambda one: (one[0].line, one[0].column, -one[0].end_line, -one[0].end_column))
        return around[-1][1] if around else None

    def _around_literal(self, at: Location) -> ast.AST | None:
        """What stands around the text literal in a place."""
        for node in self._file.index.nodes(ast.Constant):
            if isinstance(node.value, str) and self._file.locate(node) == at:
                return self._file.index.parent(node)
        return None

    def _name(self, node: ast.expr) -> str:
        """The qualified name of what is called, as the imports of the file say; ``?`` for other values."""
        if isinstance(node, ast.Attribute):
            return f"{self._name(node.value)}.{node.attr}"
        return self._imports().get(node.id, node.id) if isinstance(node, ast.Name) else "?"

    def _imports(self) -> dict[str, str]:
        if self._names is None:
            self._names = dict(_imported(self._file))
        return self._names


def _imported(file: File) -> Iterator[tuple[str, str]]:
    """Local names and the qualified names that imports give them, wherever in the file."""
    for node in file.index.nodes(ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
    for origin in file.index.nodes(ast.ImportFrom):
        module = "." * origin.level + (origin.module or "")
        for alias in origin.names:
            yield alias.asname or alias.name, f"{module}.{alias.name}"


def _defaults(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(reversed(positional), reversed(arguments.defaults), strict=False)
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield parameter, default


def _last(target: ast.expr) -> str:
    """The name or literal key that is assigned to."""
    if isinstance(target, ast.Subscript):
        return str(target.slice.value) if isinstance(target.slice, ast.Constant) else ""
    return getattr(target, "attr", getattr(target, "id", ""))


def _spans(one: Location, other: Location) -> bool:
    starts = (one.line, one.column) <= (other.line, other.column)
    return starts and (other.end_line, other.end_column) <= (one.end_line, one.end_column)

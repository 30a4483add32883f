"""A text under repair with the places of its nodes: where a recipe's location is looked up.

libcst needs a hundred times as long for a text as ``ast`` does, and a fix changes a few lines. So
``ast`` reads the whole text, for what is asked of all of it, and libcst only the parts that are
looked into: top-level statements, with a few of their neighbours.
"""

from __future__ import annotations

import ast
import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from archlint.core.diagnostic import Location
from archlint.core.source import parse
from archlint.fixes.patches import Span, split

#: How many lines a part has at least: so many that statements of a line or two share one.
_LINES = 50
#: How deeply nested a syntax tree may be that is given to libcst.
_DEEPEST = 200


class _Place(NamedTuple):
    """Where a node begins and ends in the whole text: lines and columns."""

    begin: tuple[int, int]
    end: tuple[int, int]


class _Part(NamedTuple):
    """Some whole top-level statements, and which characters of the text they are."""

    module: cst.Module
    nodes: list[cst.CSTNode]
    span: Span


class Document:
    """One text under repair; what libcst cannot read of it has no nodes.

    Raises what parsing raises: ``SyntaxError``, ``ValueError``, ``RecursionError``, ``MemoryError``.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.tree = parse(text)
        self.lines = split(text)
        self._starts = list(itertools.accumulate(map(len, self.lines), initial=0))
        self._parts: dict[int, _Part] = {}
        self._places: dict[cst.CSTNode, _Place] = {}
        #: The node around each node, in the parts that were looked into.
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}

    @cached_property
    def newline(self) -> str:
        """The line end of the text: that of its first line."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    @cached_property
    def bindings(self) -> dict[str, bool]:
        """The names that are bound anywhere, and whether to anything but the package of that name."""
        found: dict[str, bool] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update((one.asname, True) for one in node.names if one.asname)
                for one in node.names:
                    if not one.asname:
                        found.setdefault(one.name.partition(".")[0], False)
            else:
                found.update((name, True) for name in _bound(node))
        return found

    @cached_property
    def _cuts(self) -> list[int]:
        """The first line of each part, and the line behind the last one."""
        cuts = [1]
        for one, following in itertools.pairwise(self.tree.body):
            end = one.end_lineno or one.lineno
            decorators = getattr(following, "decorator_list", ())
            if min(node.lineno for node in (following, *decorators)) > end >= cuts[-1] + _LINES:
                cuts.append(end + 1)
        return [*cuts, len(self.lines) + 1]

    def _part(self, line: int) -> _Part:
        """The part that a line is in."""
        index = max(bisect_right(self._cuts, line), 1) - 1
        first, behind = self._cuts[index : index + 2]
        if first not in self._parts:
            self._parts[first] = self._read(first, behind)
        return self._parts[first]

    def _read(self, first: int, behind: int) -> _Part:
        span = self._starts[first - 1], self._starts[behind - 1]
        if _is_deep([node for node in self.tree.body if first <= node.lineno < behind]):
            return _Part(cst.Module(()), [], span)
        try:
            wrapper = MetadataWrapper(cst.parse_module(self.text[slice(*span)]), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
            return _Part(cst.Module(()), [], span)
        places = wrapper.resolve(PositionProvider)
        for node, place in places.items():
            begin, end = place.start, place.end
            self._places[node] = _Place(
                (begin.line + first - 1, begin.column), (end.line + first - 1, end.column)
            )
        self.parents.update(_edges(wrapper.module))
        return _Part(wrapper.module, list(places), span)

    def location(self, node: cst.CSTNode) -> Location:
        """Where a node stands, without the parentheses and the comments around it."""
        place = self._places[node]
        return Location(self.path, *place.begin, *place.end)

    def expression(self, location: Location) -> cst.BaseExpression | None:
        """The outermost expression that stands at exactly this place."""
        end = (location.end_line, location.end_column)
        found = [
            node
            for node in self.starting_at(location.line, location.column)
            if isinstance(node, cst.BaseExpression) and self._places[node].end == end
        ]
        around = set(found)
        return next((node for node in found if self.parents.get(node) not in around), None)

    def call(self, location: Location) -> cst.Call | None:
        """The call that stands at exactly this place."""
        node = self.expression(location)
        return node if isinstance(node, cst.Call) else None

    def statement(self, location: Location) -> cst.BaseStatement | cst.SimpleStatementLine | None:
        """The statement that begins where a place begins; a decorated one at its ``def`` or ``class``."""
        begin = (location.line, location.column)
        for node in self.starting_at(*begin):
            current: cst.CSTNode | None = node
            while current is not None and self._places[current].begin == begin:
                if isinstance(current, cst.BaseStatement | cst.SimpleStatementLine):
                    return current
                current = self.parents.get(current)
            if isinstance(current, cst.FunctionDef | cst.ClassDef) and isinstance(node, cst.Asynchronous):
                return current
        return self._definition(location)

    def starting(self, location: Location) -> cst.CSTNode | None:
        """The outermost node that begins where a place begins."""
        found = self.starting_at(location.line, location.column)
        return max(found, key=lambda node: self._places[node].end) if found else None

    def _definition(self, location: Location) -> cst.BaseStatement | None:
        """The definition whose keyword stands here, behind its decorators."""
        for node in self._part(location.line).nodes:
            if isinstance(node, cst.FunctionDef | cst.ClassDef) and node.decorators:
                line, _ = self._places[node.name].begin
                if line == location.line and self._places[node].begin < (location.line, location.column):
                    return node
        return None

    def starting_at(self, line: int, column: int) -> list[cst.CSTNode]:
        """The nodes that begin at a place."""
        begin = (line, column)
        return [node for node in self._part(line).nodes if self._places[node].begin == begin]

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node as it stands in the file."""
        return self.text[slice(*self._span(node))]

    def code_after(self, node: cst.CSTNode, new: cst.CSTNode) -> str:
        """What stands in the place of a node once another one, with the same parentheses, is put there."""
        part = self._part(self._places[node].begin[0])
        first, behind = part.span
        start, end = self._span(node)
        changed = part.module.deep_replace(node, new)
        assert isinstance(changed, cst.Module)
        text = changed.code
        return text[start - first : len(text) - (behind - end)]

    def _span(self, node: cst.CSTNode) -> Span:
        place = self._places[node]
        return self._offset(*place.begin), self._offset(*place.end)

    def _offset(self, line: int, column: int) -> int:
        return min(self._starts[line - 1] + column, len(self.text))


def _bound(node: ast.AST) -> tuple[str, ...]:
    """The names that a node binds, imports of modules aside."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.ImportFrom(names=aliases):
            return tuple(one.asname or one.name for one in aliases)
    return ()


def _is_deep(level: Sequence[ast.AST]) -> bool:
    """Whether code is nested so deeply that libcst would fail or take minutes; nobody wrote it by hand."""
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _edges(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    stack = [node]
    while stack:
        current = stack.pop()
        for child in current.children:
            yield child, current
            stack.append(child)

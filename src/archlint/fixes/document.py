"""A parsed text with the places of its nodes: where a recipe's location is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from archlint.core.diagnostic import Edit, Location
from archlint.fixes.patches import Span, spans


class Document:
    """One text under repair.

    Raises ``libcst.ParserSyntaxError`` when libcst cannot read the text.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)

    @property
    def module(self) -> cst.Module:
        """The syntax tree."""
        return self._wrapper.module

    @cached_property
    def _places(self) -> dict[cst.CSTNode, CodeRange]:
        return dict(self._wrapper.resolve(PositionProvider))

    @cached_property
    def parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        """The node around each node."""
        return dict(_edges(self.module))

    def location(self, node: cst.CSTNode) -> Location:
        """Where a node stands, without the parentheses and the comments around it."""
        place = self._places[node]
        return Location(self.path, place.start.line, place.start.column, place.end.line, place.end.column)

    def expression(self, location: Location) -> cst.BaseExpression | None:
        """The outermost expression that stands at exactly this place."""
        end = (location.end_line, location.end_column)
        found = [
            node
            for node in self._starting_at(location)
            if isinstance(node, cst.BaseExpression) and self._end(node) == end
        ]
        around = set(found)
        return next((node for node in found if self.parents.get(node) not in around), None)

    def call(self, location: Location) -> cst.Call | None:
        """The call that stands at exactly this place."""
        node = self.expression(location)
        return node if isinstance(node, cst.Call) else None

    def statement(self, location: Location) -> cst.BaseStatement | cst.SimpleStatementLine | None:
        """The statement that begins where a place begins; a decorated one at its ``def`` or ``class``."""
        for node in self._starting_at(location):
            current: cst.CSTNode | None = node
            while current is not None and self._begin(current) == (location.line, location.column):
                if isinstance(current, cst.BaseStatement | cst.SimpleStatementLine):
                    return current
                current = self.parents.get(current)
            if isinstance(current, cst.FunctionDef | cst.ClassDef) and isinstance(node, cst.Asynchronous):
                return current
        return self._definition(location)

    def starting(self, location: Location) -> cst.CSTNode | None:
        """The outermost node that begins where a place begins."""
        found = self._starting_at(location)
        return max(found, key=self._end) if found else None

    def _definition(self, location: Location) -> cst.BaseStatement | None:
        """The definition whose keyword stands here, behind its decorators."""
        for node in self._places:
            if isinstance(node, cst.FunctionDef | cst.ClassDef) and node.decorators:
                line = self._places[node.name].start.line
                if line == location.line and self._begin(node) < (location.line, location.column):
                    return node
        return None

    def _starting_at(self, location: Location) -> list[cst.CSTNode]:
        begin = (location.line, location.column)
        return [node for node in self._places if self._begin(node) == begin]

    def _begin(self, node: cst.CSTNode) -> tuple[int, int]:
        place = self._places[node].start
        return place.line, place.column

    def _end(self, node: cst.CSTNode) -> tuple[int, int]:
        place = self._places[node].end
        return place.line, place.column

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node as it stands in the file."""
        start, end = self._span(node)
        return self.text[start:end]

    def code_after(self, node: cst.CSTNode, new: cst.CSTNode) -> str:
        """What stands in the place of a node once another one, with the same parentheses, is put there."""
        start, end = self._span(node)
        changed = self.module.deep_replace(node, new)
        assert isinstance(changed, cst.Module)
        text = changed.code
        return text[start : len(text) - (len(self.text) - end)]

    def _span(self, node: cst.CSTNode) -> Span:
        return spans(self.text, [Edit(self.location(node), "")])[0]


def _edges(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    stack = [node]
    while stack:
        current = stack.pop()
        for child in current.children:
            yield child, current
            stack.append(child)

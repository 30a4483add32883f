"""One file under the eyes of the rules: its tree, its functions, and where things stand in it."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from archlint.core.diagnostic import Diagnostic, Fix, Impact, Location, Related
from archlint.core.rule import ClassEvent, FunctionEvent, ModuleEvent, RouteEvent
from archlint.core.source import decode, parse, split_lines
from archlint.model.index import Index
from archlint.model.summary import Call, Scope
from archlint.project.called import call_words, renamed_words
from archlint.project.effects import Hop, Site
from archlint.project.function import Class, Function
from archlint.project.mentions import Mentioned
from archlint.project.roles import lies_with_migrations, role_of
from archlint.project.routes.entry import Place, RouteEntry
from archlint.project.tables.data_access import DataAccess

if TYPE_CHECKING:
    from archlint.core.option import Option, V
    from archlint.core.rule import EventKey, Rule
    from archlint.project.asynchrony.blocking import Stall
    from archlint.project.project import Project
    from archlint.project.routes.conflicts import Conflict
    from archlint.project.world import World

_FUNCTION_NODES: tuple[type[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda], ...] = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
)

#: What stands for an object in a text.
_OBJECTS = (ast.Name, ast.Attribute, ast.Subscript)
#: What a diagnostic can be anchored at.
Anchor = ast.AST | Function | Class | Site | Hop | Place | DataAccess | Location | None


class File:
    """One file, parsed and lowered; rules ask it for nodes and semantic objects."""

    def __init__(
        self,
        project: Project,
        world: World,
        path: Path,
        content: bytes,
        display: str,
        tree: ast.Module | None,
    ) -> None:
        self.project = project
        self.world = world
        self.path = path
        self.display = display
        self._tree = tree
        self.content = content
        self.name = world.modules.relative(path)
        self.summary = world.summary(self.name) if tree is None else world.add(self.name, content, tree)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; parsed only when a rule looks at it, since most ask the summary."""
        return parse(self.content, self.display) if self._tree is None else self._tree

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file, ends kept."""
        try:
            return split_lines(decode(self.content))
        except (SyntaxError, UnicodeDecodeError):
            return split_lines(self.content.decode("latin-1"))

    @cached_property
    def index(self) -> Index:
        """Nodes by class, with parents."""
        return Index(self.tree)

    @cached_property
    def role(self) -> str:
        """What kind of file this is: ``test``, ``migration``, ``stub``, ``script`` or ``""``, from its path.

        What serves requests under the name of a migration is a part of the application.
        """
        role = role_of(self.name)
        if role == "migration" and not lies_with_migrations(self.name):
            return "" if any(function.route is not None for function in self.functions) else role
        return role

    @property
    def module(self) -> str:
        """The dotted module name."""
        return self.world.modules.module_name(self.name)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function of the file, nested ones and lambdas included."""
        return tuple(Function(self, s) for s in self.summary.scopes if s.kind in ("function", "lambda"))

    @property
    def registrations(self) -> tuple[RouteEntry, ...]:
        """The routes of the table that are registered in this file, in the order of their places."""
        return tuple(sorted(self.world.route_table.registered_in(self.name), key=lambda e: (e.place, e.key)))

    def conflicts(self, *, same: bool) -> Iterator[Conflict]:
        """For each place at which this file registers a route that is never asked: what takes its requests.

        ``same``: the winner has the same path; else it is wider.
        """
        for place in dict.fromkeys(entry.place for entry in self.registrations):
            found = (c for c in self.world.route_table.conflicts.at(place) if c.same is same)
            yield from islice(found, 1)

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Every class of the file."""
        return tuple(Class(self, s) for s in self.summary.scopes if s.kind == "class")

    @cached_property
    def call_words(self) -> dict[str, list[tuple[int, int]]]:
        """Where calls of a word stand: the scope and the row of each."""
        return call_words(self.summary.scopes, self.renamed)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """What imports and assignments call by another name: the new name to the old one."""
        return renamed_words(self.summary.scopes)

    @cached_property
    def causes(self) -> dict[tuple[object, ...], dict[int, list[Stall]]]:
        """The places that stop an event loop by the same call further down, by function."""
        from archlint.project.asynchrony.causes import gather

        return gather(self)

    def release(self) -> None:
        """Let go of the tree and of what was made from it; the objects point at each other."""
        for name in (
            "functions",
            "classes",
            "causes",
            "index",
            "tree",
            "call_words",
            "renamed",
            "_others",
            "_handlers",
        ):
            self.__dict__.pop(name, None)
        self._tree = None

    def events(self, key: EventKey) -> Sequence[Any]:
        """The objects that a check subscribed to ``key`` is called with."""
        if key is FunctionEvent:
            return self.functions
        if key is ClassEvent:
            return self.classes
        if key is ModuleEvent:
            return (self,)
        if key is RouteEvent:
            return self._handlers
        return self.index.nodes(key)

    @cached_property
    def _handlers(self) -> list[Function]:
        return [function for function in self.functions if function.route is not None]

    def mentions(self, words: tuple[str, ...]) -> bool:
        """Whether the text contains any of these words."""
        return self._mentioned.any_of(words)

    @cached_property
    def _mentioned(self) -> Mentioned:
        return self.world.mentioned(self.name, self.content)

    @property
    def vocabulary(self) -> bytes:
        """The words of the text, each once."""
        return self._mentioned.vocabulary

    def option(self, rule: Rule, option: Option[V]) -> V:
        """What the project has decided for a rule, or the default."""
        given = self.project.rule_options
        found: V = {**given.get(rule.code, {}), **given.get(rule.name, {})}.get(option.name, option.default)
        return found

    # -- questions by syntax node -----------------------------------------------------------------

    def function_at(self, node: ast.AST) -> Function | None:
        """The innermost function around a node."""
        owner = self.index.enclosing(node, _FUNCTION_NODES)
        if owner is None:
            return None
        for function in self.functions:
            if (function.scope.line, function.scope.column) == (owner.lineno, owner.col_offset):
                return function
        return None

    def class_at(self, node: ast.AST) -> Class | None:
        """The innermost class around a node."""
        owner = self.index.enclosing(node, (ast.ClassDef,))
        place = (owner.lineno, owner.col_offset) if owner is not None else None
        return next((c for c in self.classes if (c.scope.line, c.scope.column) == place), None)

    def node_of(self, function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The syntax node of a function; None for a lambda."""
        return self.definition(function.scope)

    def definition(self, scope: Scope) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The syntax node of a scope of this file; None for anything but a function with a name."""
        place = (scope.line, scope.column)
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
            for node in self.index.beginning(kind, scope.line):
                if (node.lineno, node.col_offset) == place:
                    return cast("ast.FunctionDef | ast.AsyncFunctionDef", node)
        return None

    def beside(self, name: str) -> File | None:
        """Another file of the project, to say what has to change there; None if it cannot be read."""
        if name == self.name:
            return self
        if name not in self._others:
            content = self.world.read(name)
            path = Path(self.world.modules.absolute(name))
            self._others[name] = (
                File(self.project, self.world, path, content, self.display_of(name), None)
                if content is not None
                else None
            )
        return self._others[name]

    @cached_property
    def _others(self) -> dict[str, File | None]:
        return {}

    def return_at(self, line: int) -> ast.Return | None:
        """The return statement that begins on a line."""
        return next(iter(self.index.beginning(ast.Return, line)), None)

    # -- diagnostics ------------------------------------------------------------------------------

    def diagnostic(
        self,
        rule: Rule,
        anchor: Anchor,
        *,
        related: Sequence[Related] = (),
        fix: Fix | None = None,
        impact: Impact | None = None,
        message: str | None = None,
        **values: object,
    ) -> Diagnostic:
        """A finding of a rule; ``values`` fill the rule's message."""
        location = self.locate(anchor)
        return Diagnostic(
            rule.code,
            rule.name,
            (message or rule.message).format(**values),
            location,
            impact or rule.impact,
            tuple(related),
            fix,
            self.symbol_at(location.line),
        )

    def locate(self, anchor: Anchor) -> Location:
        """The span of an anchor in this file."""
        if isinstance(anchor, Location):
            return anchor
        if isinstance(anchor, Site):
            head = self._unplaced(anchor) if anchor.end_column == 1 else None
            if head is not None:
                return self.locate(head)
            return self._span(anchor.line, anchor.column, anchor.end_line, anchor.end_column)
        if isinstance(anchor, DataAccess):
            return self._span(anchor.line, anchor.column, anchor.end_line, anchor.end_column)
        if isinstance(anchor, Hop | Place):
            return self.hop_location(anchor)
        if isinstance(anchor, Function | Class):
            return self._definition(anchor.scope)
        if anchor is None:
            return self._span(1, 0, 1, 0)
        if isinstance(anchor, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return self._span(anchor.lineno, anchor.col_offset, anchor.lineno, anchor.col_offset + 3)
        line = getattr(anchor, "lineno", 1)
        column = getattr(anchor, "col_offset", 0)
        return self._span(
            line, column, getattr(anchor, "end_lineno", line), getattr(anchor, "end_col_offset", column)
        )

    def _unplaced(self, site: Site) -> ast.expr | None:
        """The expression of a site whose place the summary does not keep."""
        if site.kind in ("iterate", "test"):
            return self._head(site)
        return self._text(site) if site.kind == "text" else None

    def _text(self, site: Site) -> ast.expr | None:
        """The f-string, or the ``%``, of a statement that begins on the line of a site."""
        nodes = (node for key in (ast.JoinedStr, ast.BinOp) for node in self.index.nodes(key))
        found = [
            node
            for node in nodes
            if node.lineno >= site.line
            and any(
                isinstance(p, _OBJECTS) and f"str({ast.unparse(p)})" == site.label for p in ast.walk(node)
            )
        ]
        return min(found, key=lambda node: (node.lineno, node.col_offset), default=None)

    def _head(self, site: Site) -> ast.expr | None:
        """The iterated or tested expression of a site, whose place the summary does not keep."""
        for key in (ast.For, ast.comprehension, ast.AsyncFor, ast.If, ast.While):
            for node in self.index.nodes(key):
                expr = node.test if isinstance(node, ast.If | ast.While) else getattr(node, "iter", None)
                while isinstance(expr, ast.UnaryOp):
                    expr = expr.operand
                if (
                    isinstance(expr, ast.expr)
                    and expr.lineno == site.line
                    and ast.unparse(expr) == site.label
                ):
                    return expr
        return None

    def hop_location(self, hop: Hop | Place) -> Location:
        """The place of a hop, in whatever file it stands."""
        if hop.path == self.name:
            return self._span(hop.line, hop.column, hop.end_line, hop.end_column)
        return Location(self.display_of(hop.path), hop.line, hop.column, hop.end_line, hop.end_column)

    def display_of(self, name: str) -> str:
        """How another file of the project is shown, in the manner of this one."""
        shown = self.display.replace("\\", "/")
        if shown.endswith(self.name):
            return self.display[: len(self.display) - len(self.name)] + name
        inside = self.name.removesuffix(shown)  # the directory of the project that paths are shown from
        if inside == self.name or not inside.endswith("/"):
            return name
        return name.removeprefix(inside) if name.startswith(inside) else "../" * inside.count("/") + name

    def line_location(self, line: int, name: str = "") -> Location:
        """The code on a line of this file, or of another one of the project."""
        lines = self.lines
        if name and name != self.name:
            lines = split_lines((self.world.read(name) or b"").decode("utf-8", "replace"))
        text = lines[line - 1].rstrip("\r\n") if 0 < line <= len(lines) else ""
        start = len(text) - len(text.lstrip())
        display = self.display if not name or name == self.name else self.display_of(name)
        return Location(display, line, start, line, max(len(text.rstrip()), start + 1))

    def chain(self, hops: Iterable[Hop]) -> tuple[Related, ...]:
        """The hops of a witness chain as related places."""
        return tuple(Related(self.hop_location(hop), f"`{hop.label}`") for hop in hops)

    def field(self, line: int, name: str) -> Location:
        """The name that a line begins with."""
        text = self.lines[line - 1]
        start = len(text) - len(text.lstrip())
        return Location(self.display, line, start, line, start + len(name))

    def _definition(self, scope: Scope) -> Location:
        width = len("async def") if scope.is_async else len("def")
        return self._span(scope.line, scope.column, scope.line, scope.column + width)

    def _span(self, line: int, column: int, end_line: int, end_column: int) -> Location:
        return Location(
            self.display,
            line,
            self._characters(line, column),
            end_line,
            self._characters(end_line, end_column),
        )

    def span(self, row: list[Any]) -> Location:
        """The span of a call, by its row in the summary."""
        return self._span(row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Location:
        """A span given by its ends as a summary keeps them."""
        return self._span(line, column, end_line, end_column)

    def _characters(self, line: int, column: int) -> int:
        """A column in code points for a column in UTF-8 bytes."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        if text.isascii():
            return column
        return len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))

    def symbol_at(self, line: int) -> str:
        """The qualified name of the innermost function or class around a line."""
        scopes = self.summary.scopes
        found = bisect_right(self._starts, (line, len(scopes))) - 1
        index = self._starts[found][1] if found >= 0 else 0
        # Whatever is around the line is around what has begun last.
        while index > 0 and (scopes[index].kind == "lambda" or scopes[index].end_line < line):
            index = scopes[index].parent
        return scopes[index].qualname if index > 0 else ""

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        """The lines on which the functions and classes begin, with their scopes."""
        return sorted((scope.line, scope.index) for scope in self.summary.scopes[1:])

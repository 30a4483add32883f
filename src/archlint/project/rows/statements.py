"""Rows and documents that no class describes: statements given as text, tables, MongoDB collections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.sinks import DOCUMENT_PACKAGES
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.types import is_project, members
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Prefixes of the names of such rows.
COLLECTION, TABLE = "collection.", "table."
_SELECTED = re.compile(r"(?is)^\s*select\b.*?\bfrom\s+[\"`\[]?([\w.]+)")
_INSERT = re.compile(
    r"(?is)insert\s+(?:or\s+\w+\s+)?(?:ignore\s+)?into\s+[\"`\[]?([\w.]+)[\"`\]]?\s*\(([^)]*)\)"
)
_TARGET = re.compile(r"(?is)\b(?:from|update)\s+[\"`\[]?([\w.]+)")
_PARAMETER = r"\?|%s|:\w+|\$\d+|%\(\w+\)s"
_PLACEHOLDER = re.compile(_PARAMETER)
_EQUAL = re.compile(rf"(?is)\b([\w.]+)[\"`\]]?\s*=\s*['\"]?({_PARAMETER})")
_CHANGE = re.compile(
    r"(?is)^\s*(?:(insert|replace)\s+(?:or\s+\w+\s+)?(?:ignore\s+)?into|(update)(?:\s+only)?|(delete)\s+from)\s+"
    r"[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)"
)
_SET = re.compile(r"(?is)\bset\b(.*?)(?:\bwhere\b|\breturning\b|\bfrom\b|$)")
_COLUMN = re.compile(r"(\w+)[\"`\]]?\s*=(?!=)")
_IF_MISSING = re.compile(
    r"(?i)\bon\s+conflict\b|\bor\s+(?:ignore|replace)\b|\bon\s+duplicate\b|\bnot\s+exists\b"
)
_END = 1 << 60
#: Names and calls between a call and the statement that it runs.
_STEPS = 4


_SCHEMA = re.compile(
    r"(?i)^\s*(create|drop|alter|truncate|rename|comment|grant|revoke|vacuum|analyze|reindex|pragma|set|lock|savepoint|copy)\b"
)


def changes_schema(row: list[Any], scope: Scope) -> bool:
    """Whether a call runs a statement on tables and settings, not on rows: ``DROP TABLE`` knows no batch."""
    return is_on_schema(row[Call.ARGS][0] if row[Call.ARGS] else None, scope)


def is_on_schema(expr: Expr, scope: Scope) -> bool:
    """Whether a text is a statement on tables and settings."""
    for _ in range(6):
        if expr is None:
            return False
        if expr[0] == "k":
            return isinstance(expr[1], str) and bool(_SCHEMA.search(expr[1]))
        if expr[0] in ("j", "b"):
            expr = (expr[1][0] if expr[1] else None) if expr[0] == "j" else expr[2]
        elif expr[0] == "c":
            inner = scope.calls[expr[1]]
            func = inner[Call.FUNC]
            is_method = func is not None and func[0] == "a" and func[2] in ("format", "strip", "format_map")
            expr = func[1] if is_method else inner[Call.ARGS][0] if inner[Call.ARGS] else None
        elif expr[0] == "n":
            rows = scope.binds.get(expr[1], ())
            expr = rows[0][Bind.EXPR] if len(rows) == 1 else None
        else:
            return False
    return False


class Given(NamedTuple):
    """A column of a statement that is given a parameter."""

    verb: str  # "stored" or "compared"
    table: str
    column: str
    position: int
    name: str  # of the parameter, empty when it goes by position


class Change(NamedTuple):
    """What a statement given as text changes."""

    method: str  # "insert", "replace", "update" or "delete"
    table: str
    columns: tuple[str, ...]  # those that an update sets
    fills_gap: bool  # whether it leaves alone, or overwrites, what is there already


def change(text: str) -> Change | None:
    """The rows that a statement changes; None for a query, and for what is about tables."""
    found = _CHANGE.match(text)
    if found is None:
        return None
    method = next(word for word in found.groups()[:3] if word).lower()
    columns = _SET.search(text, found.end()) if method == "update" else None
    names = tuple(_COLUMN.findall(columns[1])) if columns is not None else ()
    return Change(method, found[4], names, bool(_IF_MISSING.search(text)))


class Statements:
    """Questions about statements and collections in one project."""

    def __init__(self, world: World) -> None:
        self.world = world

    def source(self, row: list[Any], frame: Frame) -> str:
        """Where a call reads a document or a row of a statement from; empty when it does not."""
        word, callee = last_word(row[Call.FUNC]), row[Call.FUNC]
        if callee is None or callee[0] != "a":
            return ""
        if word in ("find_one", "find_one_and_update"):
            name = self.collection(callee, frame)
            return f"{COLLECTION}{name}" if name else ""
        if word in ("fetchone", "fetchrow", "fetch_one", "first", "one", "one_or_none", "mappings"):
            table = _SELECTED.search(self._statement_before(row, frame))
            return f"{TABLE}{table[1]}" if table else ""
        return ""

    def _statement_before(self, row: list[Any], frame: Frame) -> str:
        """The statement whose result a ``fetchone`` reads: given here, in the chain, or just before."""
        callee = row[Call.FUNC]
        if row[Call.ARGS]:
            text = self.statement(row[Call.ARGS][0], frame)
            if text:
                return text
        base = callee[1]
        while base is not None and base[0] in ("w", "a", "c"):
            if base[0] == "c":
                inner = frame.scope.calls[base[1]]
                if last_word(inner[Call.FUNC]) == "execute" and inner[Call.ARGS]:
                    return self.statement(inner[Call.ARGS][0], frame)
                base = inner[Call.FUNC]
            else:
                base = base[1]
        if base is None or base[0] != "n":
            return ""
        before = [
            c for c in frame.scope.calls
            if c[Call.ORDER] < row[Call.ORDER] and last_word(c[Call.FUNC]) == "execute" and c[Call.ARGS]
            and c[Call.FUNC][0] == "a" and c[Call.FUNC][1] == base
        ]  # fmt: skip
        if before:
            return self.statement(before[-1][Call.ARGS][0], frame)
        rows = frame.scope.binds.get(base[1], ())
        bound = rows[-1][Bind.EXPR] if len(rows) == 1 else None
        while bound is not None and bound[0] == "w":
            bound = bound[1]
        if bound is not None and bound[0] == "c":
            inner = frame.scope.calls[bound[1]]
            if last_word(inner[Call.FUNC]) == "execute" and inner[Call.ARGS]:
                return self.statement(inner[Call.ARGS][0], frame)
        return ""

    def statement(self, expr: Expr, frame: Frame) -> str:
        """The text of a statement that stands in the program, with ``?`` for what is put into it."""
        expr = self._literal(expr, frame)
        if expr is not None and expr[0] == "b" and expr[1] == "%":
            expr = expr[2]
        if expr is not None and expr[0] == "j":
            return "".join(p[1] if _is_text(p) else "?" for p in expr[1])
        return str(expr[1]) if _is_text(expr) else ""

    def inserted(self, expr: Expr, frame: Frame) -> list[Expr] | None:
        """The values that an f-string or ``%`` puts into a statement, in order; None when nothing does."""
        expr = self._literal(expr, frame)
        if expr is not None and expr[0] == "j":
            return [p for p in expr[1] if p is None or p[0] != "k"]
        if expr is not None and expr[0] == "b" and expr[1] == "%" and expr[3] is not None:
            return list(expr[3][1]) if expr[3][0] == "t" else [expr[3]]
        return None

    def _literal(self, expr: Expr, frame: Frame) -> Expr:
        """A statement's own expression: through names, and out of ``text(…)``."""
        for _ in range(_STEPS):
            if expr is not None and expr[0] == "n":
                rows = frame.scope.binds.get(expr[1]) or ()
                expr = rows[0][Bind.EXPR] if len(rows) == 1 else None
            elif expr is not None and expr[0] == "c":
                inner = frame.scope.calls[expr[1]]
                is_text = original_word(inner[Call.FUNC], frame) == "text" and inner[Call.ARGS]
                expr = inner[Call.ARGS][0] if is_text else None
            else:
                return expr
        return None

    def table(self, expr: Expr, frame: Frame) -> str:
        """The name of a SQLAlchemy table that an expression is; empty when it is none."""
        value = self.world.evaluator.eval(expr, frame, 0, _END)
        if not any(m.kind == "inst" and m.name.rpartition(".")[2] == "Table" for m in members(value)):
            return ""
        if expr is None or expr[0] not in ("n", "a"):
            return ""
        return str(expr[1] if expr[0] == "n" else expr[2])

    def collection(self, callee: Expr, frame: Frame) -> str:
        """The name of the MongoDB collection that a method is called on; empty when it is none."""
        if callee is None or callee[0] != "a" or not any(self.world.mentioning(p) for p in DOCUMENT_PACKAGES):
            return ""
        base = callee[1]
        value = self.world.evaluator.eval(base, frame, 0, _END)
        if any(is_project(m.name) or m.name in ("dict", "list") for m in members(value)):
            return ""
        name = base[1] if base is not None and base[0] == "n" else ""
        if name:
            base = self._bound(name, frame)
        if base is not None and base[0] == "s" and base[2] is not None and base[2][0] == "k":
            return str(base[2][1])
        if base is not None and base[0] == "a":
            return str(base[2])
        return name

    def _bound(self, name: str, frame: Frame) -> Expr:
        here: Frame | None = frame
        while here is not None:
            rows = here.scope.binds.get(name)
            if rows:
                return rows[-1][Bind.EXPR]
            here = here.outer
        return None


def given_columns(text: str, wanted: Callable[[str], bool]) -> Iterator[Given]:
    """The wanted columns that a statement writes, or matches against its parameters."""
    inserted = _INSERT.search(text)
    if inserted:
        values = text[inserted.end() :].partition("(")[2].split(",")
        for position, part in enumerate(inserted[2].split(",")):
            column = part.strip(' "`[]\n\t')
            found = _PLACEHOLDER.search(values[position]) if position < len(values) else None
            if wanted(column) and found is not None:
                place = len(_PLACEHOLDER.findall(",".join(values[:position])))
                yield Given("stored", inserted[1], column, place, found[0].strip("?%s:()$"))
        return
    target = _TARGET.search(text)
    if target is None:
        return
    for match in _EQUAL.finditer(text, target.end()):
        column = match[1].rpartition(".")[2]
        before = text[: match.start(2)]
        if wanted(column):
            verb = "compared" if re.search(r"(?i)\bwhere\b", before) else "stored"
            yield Given(verb, target[1], column, len(_PLACEHOLDER.findall(before)), match[2].strip("?%s:()$"))


def _is_text(expr: Expr) -> bool:
    return expr is not None and expr[0] == "k" and isinstance(expr[1], str)

"""How much logic a function body holds, told from its syntax.

Length says little: docstrings, guard clauses, log calls and the building of plain data are long and
harmless. What counts here is what could be tested without a request.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_WITHS = (ast.With, ast.AsyncWith)
_LOGGERS = frozenset(("log", "logger", "logging", "_logger", "_log", "LOG", "LOGGER", "print"))
_LEVELS = frozenset(
    f"{wait}{level}"
    for wait in ("", "a")  # structlog has both
    for level in ("debug", "info", "warning", "warn", "error", "exception", "critical")
)
_PROTOCOL = frozenset(("method", "is_valid", "validate_on_submit", "is_ajax", "is_authenticated"))
#: A simple statement is never heavier than this, on however many lines it is laid out.
_HEAVIEST = 3


class Weight(NamedTuple):
    """What a body holds.

    ``lines`` are all lines of code from the first statement to the last; ``statements`` all statements;
    ``logic`` the lines of statements that are neither guards, nor logging, nor plain data;
    ``branches`` the decisions that are no guards.
    """

    lines: int
    statements: int
    logic: int
    branches: int


def weigh(node: FunctionNode, text: Sequence[str]) -> Weight:
    """The weight of a function's body; ``text`` are the lines of the file."""
    body = without_docstring(node.body)
    if not body:
        return Weight(0, 0, 0, 0)
    return Weight(
        code_lines(body, text),
        sum(1 for _ in _statements(body)),
        sum(_logic(s) for s in body),
        sum(_branches(s) for s in body),
    )


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a body after its docstring."""
    return body[1:] if body and is_text(body[0]) else body


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a bare string."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def is_guard(statement: ast.stmt) -> bool:
    """Whether a statement only refuses: ``if ...: raise`` or ``if ...: return answer``, without ``else``."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    *before, last = statement.body
    if not isinstance(last, (ast.Raise, ast.Return)) or len(before) > 2:
        return False
    return all(isinstance(s, (ast.Expr, ast.Assign, ast.AnnAssign)) for s in before)


def is_log(statement: ast.stmt) -> bool:
    """Whether a statement only writes to a log."""
    if not isinstance(statement, ast.Expr):
        return False
    call = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
    if not isinstance(call, ast.Call):
        return False
    func = call.func
    if isinstance(func, ast.Name):
        return func.id in _LOGGERS
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    owner = func.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name in _LOGGERS


def is_data(value: ast.expr | None) -> bool:
    """Whether an expression builds plain data: displays, constants, names, and constructors of these."""
    if value is None or isinstance(value, (ast.Constant, ast.Name, ast.JoinedStr)):
        return True
    if isinstance(value, ast.Attribute):
        return is_data(value.value)
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return all(is_data(e) for e in value.elts)
    if isinstance(value, ast.Dict):
        return all(is_data(v) for v in value.values)
    if isinstance(value, ast.Subscript):
        return is_data(value.value)
    if isinstance(value, ast.Starred):
        return is_data(value.value)
    if isinstance(value, ast.Call):
        return all(is_data(a) for a in (*value.args, *(k.value for k in value.keywords)))
    return False


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for inner in _bodies(statement):
            yield from _statements(inner)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            yield inner
    if isinstance(statement, (ast.Try, ast.TryStar)):
        yield from (handler.body for handler in statement.handlers)
    if isinstance(statement, ast.Match):
        yield from (case.body for case in statement.cases)


def code_lines(body: list[ast.stmt], text: Sequence[str]) -> int:
    """The lines of code between two statements, without blank lines and comments."""
    first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
    inner = [s for s in _statements(body) if is_text(s)]
    strings = {n for s in inner for n in range(s.lineno, (s.end_lineno or s.lineno) + 1)}
    return sum(
        1
        for number in range(first, last + 1)
        if number not in strings and (line := text[number - 1].strip()) and not line.startswith("#")
    )


def _logic(statement: ast.stmt) -> int:
    if isinstance(statement, ast.If) and is_guard(statement):
        # `if (row := await find(key)) is None: raise` does the work in its test.
        return _HEAVIEST if any(isinstance(n, ast.NamedExpr) for n in ast.walk(statement.test)) else 0
    if is_text(statement) or is_log(statement):
        return 0
    inner = list(_bodies(statement))
    if isinstance(
        statement, (ast.If, *_LOOPS, *_WITHS, ast.Try, ast.TryStar, ast.Match, *_NESTED, ast.ClassDef)
    ):
        head = 0 if isinstance(statement, (ast.Try, ast.TryStar)) else 1
        if isinstance(statement, (ast.Try, ast.TryStar)):
            inner = [b for b in inner if b is statement.body or not b or not _only_refuses(b)]
        return head + sum(_logic(s) for body in inner for s in body)
    if isinstance(statement, (ast.Raise, ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
        return 0
    lines = (statement.end_lineno or statement.lineno) - statement.lineno + 1
    return 1 if _builds(statement) else min(lines, _HEAVIEST)


def _builds(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) and is_data(
        statement.value
    )


def _only_refuses(body: list[ast.stmt]) -> bool:
    """Whether a body maps an error to an answer, and does no more."""
    *before, last = body
    if isinstance(last, (ast.Raise, ast.Return)) and len(before) <= 2:
        return all(isinstance(s, (ast.Expr, ast.Assign, ast.AnnAssign)) or is_guard(s) for s in before)
    return all(isinstance(s, (ast.Raise, ast.Pass)) or is_log(s) or is_guard(s) for s in body)


def _asks_protocol(test: ast.expr) -> bool:
    """Whether a test is the handler's own business: the HTTP method, or whether a form is valid."""
    return any(isinstance(node, ast.Attribute) and node.attr in _PROTOCOL for node in ast.walk(test))


def _branches(statement: ast.stmt) -> int:
    if is_guard(statement):
        return 0
    found = 0
    if isinstance(statement, (ast.If, *_LOOPS)):
        found = 0 if isinstance(statement, ast.If) and _asks_protocol(statement.test) else 1
    elif isinstance(statement, ast.Match):
        found = len(statement.cases)
    elif isinstance(statement, (ast.Try, ast.TryStar)):
        found = sum(1 for handler in statement.handlers if not _only_refuses(handler.body))
    return found + sum(_branches(s) for body in _bodies(statement) for s in body)

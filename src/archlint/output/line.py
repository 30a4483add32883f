"""The head of a finding on one line, as several text formats print it."""

from __future__ import annotations

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context
from archlint.output.paint import Paint, visible


def head(diagnostic: Diagnostic, context: Context) -> str:
    """``ARC401 [*] message``; what is not a rule's code (``invalid-syntax``) takes a colon."""
    paint = Paint(context.color)
    code = diagnostic.code if diagnostic.code[-1:].isdigit() else f"{diagnostic.code}:"
    sign = f"[{paint.accent('*')}] " if context.applicable(diagnostic) else ""
    return f"{paint.code(code)} {sign}{one_line(diagnostic.message)}"


def place(diagnostic: Diagnostic, context: Context) -> str:
    """``path:line:column``, as terminals and editors link it."""
    paint, location = Paint(context.color), diagnostic.location
    colon = paint.accent(":")
    path = paint.bold(visible(context.relative(location.path)))
    return f"{path}{colon}{location.line}{colon}{location.column + 1}"


def one_line(text: str) -> str:
    """Text that stays on its line."""
    return visible(" ".join(text.splitlines()))

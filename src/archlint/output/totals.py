"""The closing lines of text reports, and counts per rule."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from archlint.core.diagnostic import Applicability, Diagnostic
from archlint.output.context import Context
from archlint.output.paint import Paint


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def closing(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """``Found 3 errors.`` and what ``--fix`` could do about them; empty when the run is quiet."""
    if not context.summary:
        return ""
    found, fixed = len(diagnostics), context.fixed
    if not found and not fixed:
        return "All checks passed!\n"
    if fixed:
        head = f"Found {_plural(found + fixed, 'error')} ({fixed} fixed, {found} remaining).\n"
    else:
        head = f"Found {_plural(found, 'error')}.\n"
    return head + _fixable(diagnostics, context)


def _fixable(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    now = sum(map(context.applicable, diagnostics))
    unsafe = 0
    if not context.unsafe_fixes:
        fixes = [d.fix for d in diagnostics if d.fix]
        unsafe = sum(fix.applicability is Applicability.UNSAFE for fix in fixes)
    more = f"{unsafe} unsafe {'fix' if unsafe == 1 else 'fixes'} available with `--fix --unsafe-fixes`"
    if not now:
        return f"{more}.\n" if unsafe else ""
    sign = f"[{Paint(context.color).accent('*')}]"

    return f"{sign} {now} fixable with `--fix`{f' ({more})' if unsafe else ''}.\n"


def _rows(diagnostics: Sequence[Diagnostic], context: Context) -> list[tuple[str, str, int, int]]:
    counts = Counter((d.code, d.name) for d in diagnostics)
    fixable = Counter((d.code, d.name) for d in diagnostics if context.applicable(d))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(code, name, count, fixable[code, name]) for (code, name), count in ordered]


def counts(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """One line per rule: count, code, whether its findings can be fixed, name."""
    rows = _rows(diagnostics, context)
    paint = Paint(context.color)
    digits = max((len(str(count)) for _, _, count, _ in rows), default=0)
    letters = max((len(code) for code, *_ in rows), default=0)
    any_fixable = any(fixable for *_, fixable in rows)
    lines = []
    for code, name, count, fixable in rows:
        sign = {0: " "}.get(fixable, "*" if fixable == count else "-")
        box = f"[{paint.accent(sign)}] " if any_fixable else ""
        lines.append(f"{paint.bold(f'{count:>{digits}}')}\t{paint.code(f'{code:<{letters}}')}\t{box}{name}\n")
    return "".join(lines) + (closing(diagnostics, context) if rows else "")


def counts_json(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The same counts as JSON."""
    rows = [
        {
            "code": code,
            "name": name,
            "count": count,
            "fixable": fixable > 0,
            "fixable_count": fixable,
        }
        for code, name, count, fixable in _rows(diagnostics, context)
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"

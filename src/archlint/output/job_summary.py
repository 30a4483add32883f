"""Markdown for the summary page of a GitHub Actions job.

Annotations are capped at a few for each step: the summary holds counts for every rule and the
first findings of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from archlint.core.diagnostic import Diagnostic
from archlint.output.context import Context

_SHOWN = 20


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The page."""
    if not diagnostics:
        return "## archlint\n\nAll checks passed.\n"
    by_rule: dict[tuple[str, str], list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_rule[diagnostic.code, diagnostic.name].append(diagnostic)
    ordered = sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0]))
    files = len({diagnostic.location.path for diagnostic in diagnostics})
    lines = ["## archlint", "", f"{len(diagnostics)} findings in {files} files.", ""]
    lines += ["| Findings | Rule | Impact |", "| ---: | --- | --- |"]
    for (code, name), found in ordered:
        lines.append(f"| {len(found)} | {_rule(code, name, context)} | {found[0].impact.value} |")
    for (code, name), found in ordered:
        lines += ["", f"<details><summary>{code} {name}: {len(found)}</summary>", ""]
        lines += [_item(diagnostic, context) for diagnostic in found[:_SHOWN]]
        if len(found) > _SHOWN:
            lines.append(f"- and {len(found) - _SHOWN} more")
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _rule(code: str, name: str, context: Context) -> str:
    url = context.url(code)
    return f"[{code}]({url}) {name}" if url else f"{code} {name}"


def _item(diagnostic: Diagnostic, context: Context) -> str:
    location = diagnostic.location
    message = " ".join(diagnostic.message.split()).replace("<", "&lt;")
    return f"- `{context.relative(location.path)}:{location.line}` {message}"

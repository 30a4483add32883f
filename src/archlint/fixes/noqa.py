"""``--add-noqa``: a comment on every line with findings, or one more code in the comment that is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from archlint.core.diagnostic import Diagnostic, Edit, Location
from archlint.engine.suppressions import Suppressions
from archlint.fixes.patches import applied, split
from archlint.fixes.repair import replace, utf8

_CODE = re.compile(r"ARC\d{3}$")


def suppression(path: str, text: str, line: int, codes: Sequence[str], reason: str = "") -> Edit:
    """The edit that hides codes on a line: a new comment, or more codes in the one that is there."""
    suppressions = Suppressions(text)
    return _edit(path, suppressions.noqa_row(line), codes, suppressions, split(text), reason)


def _edit(
    path: str,
    row: int,
    codes: Sequence[str],
    suppressions: Suppressions,
    lines: Sequence[str],
    reason: str,
) -> Edit:
    listed = suppressions.listed(row)
    if listed is not None:
        end, known = listed
        return Edit(
            Location(path, row, end, row, end), "".join(f", {code}" for code in codes if code not in known)
        )
    line = lines[row - 1].rstrip("\r\n") if row <= len(lines) else ""
    end = len(line.rstrip())
    more = f" {reason}" if reason else ""
    return Edit(Location(path, row, end, row, len(line)), f"  # noqa: {', '.join(codes)}{more}")


def add(found: Sequence[Diagnostic], reason: str) -> tuple[int, dict[str, str]]:
    """Write the comments; how many there are, and which files were left alone, with the reason."""
    rows: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        if _CODE.match(diagnostic.code):
            rows.setdefault(diagnostic.location.path, []).append(diagnostic)
    count, refused = 0, {}
    for path, diagnostics in sorted(rows.items()):
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            refused[path] = error.strerror or type(error).__name__
            continue
        text = utf8(content)
        if text is None:
            refused[path] = "it is not UTF-8"
            continue
        edits = _edits(path, text, diagnostics, reason)
        problem = replace(Path(path), content, applied(text, edits).encode("utf-8"))
        if problem:
            refused[path] = problem
        else:
            count += len(edits)
    return count, refused


def _edits(path: str, text: str, found: Sequence[Diagnostic], reason: str) -> list[Edit]:
    suppressions, lines = Suppressions(text), split(text)
    codes: dict[int, set[str]] = {}
    for diagnostic in found:
        codes.setdefault(suppressions.noqa_row(diagnostic.location.line), set()).add(diagnostic.code)
    return [
        _edit(path, row, sorted(chosen), suppressions, lines, reason) for row, chosen in sorted(codes.items())
    ]

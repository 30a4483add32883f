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
_NOQA = re.compile(r"#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*", re.IGNORECASE)


def suppression(path: str, row: int, codes: Sequence[str], lines: Sequence[str], reason: str = "") -> Edit:
    """The edit that hides codes on a line."""
    line = lines[row - 1].rstrip("\r\n") if row <= len(lines) else ""
    known = _NOQA.search(line)
    if known is not None:
        at = Location(path, row, known.end(), row, known.end())
        return Edit(at, "".join(f", {code}" for code in codes if code not in known[0]))
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
    return [suppression(path, row, sorted(chosen), lines, reason) for row, chosen in sorted(codes.items())]

"""How much an impact weighs in the words of each consumer."""

from __future__ import annotations

from archlint.core.diagnostic import Diagnostic, Impact

_LEVELS = {Impact.HIGH: "error", Impact.MEDIUM: "warning", Impact.LOW: "info"}


def severity(diagnostic: Diagnostic) -> str:
    """``error``, ``warning`` or ``info``: the words of ruff, which most formats share."""
    return _LEVELS[diagnostic.impact]

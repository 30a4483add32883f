"""Suppression comments (being written)."""

from __future__ import annotations

from archlint.core.diagnostic import Diagnostic


def visible(found: list[Diagnostic], content: bytes | str) -> list[Diagnostic]:
    return found

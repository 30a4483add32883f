"""Runs the enabled rules over one file; a rule that fails costs one line, never the run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Diagnostic, Impact, Location
from archlint.engine.registry import INTERNAL, INTERNAL_NAME

if TYPE_CHECKING:
    from archlint.core.rule import Check, EventKey, Rule
    from archlint.engine.registry import Registry
    from archlint.project.file import File


class _Plan(NamedTuple):
    """A rule made ready: its gate and its bound checks."""

    mentions: tuple[str, ...]
    checks: tuple[tuple[EventKey, Check], ...]


class Dispatcher:
    """Runs chosen rules over files; every rule is loaded and looked through once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._plans: dict[str, _Plan] = {}

    def check(self, file: File, codes: Iterable[str]) -> list[Diagnostic]:
        """All findings of the rules in ``file``, in the order of the report, each once."""
        found: dict[Diagnostic, None] = {}
        for code in codes:
            if findings := self._guarded(code, file):
                found.update(dict.fromkeys(findings))
        return sorted(found, key=lambda diagnostic: diagnostic.sort_key)

    def _guarded(self, code: str, file: File) -> list[Diagnostic]:
        """The findings of one rule, or one ``ARC000`` that names the rule and the file."""
        try:
            plan = self._plans.get(code)
            if plan is None:
                plan = self._plans[code] = _plan(self._registry.load(code))
            return _findings(plan, file)
        except Exception as error:
            if os.environ.get("ARCHLINT_RAISE"):
                raise
            name = self._registry.entries[code].name
            return [failure(f"{code} ({name})", file.display, error)]


def _plan(rule: Rule) -> _Plan:
    checks = tuple((event, getattr(rule, method)) for event, method in type(rule).checks())
    return _Plan(rule.mentions, checks)


def _findings(plan: _Plan, file: File) -> list[Diagnostic]:
    if plan.mentions and not file.mentions(plan.mentions):
        return []
    found: list[Diagnostic] = []
    for event, check in plan.checks:
        for node in file.events(event):
            found += check(node, file)
    return found


def failure(what: str, display: str, error: BaseException) -> Diagnostic:
    """The diagnostic that stands for a part of archlint that failed on one file."""
    detail = " ".join(str(error).split())[:200]
    told = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return at(
        INTERNAL,
        INTERNAL_NAME,
        f"{what} failed on this file ({told}); please report it",
        display,
    )


def at(code: str, name: str, message: str, display: str, line: int = 1, column: int = 0) -> Diagnostic:
    """A diagnostic about a file as a whole, or about one point of it."""
    place = Location(display, line, column, line, column)
    return Diagnostic(code, name, message, place, Impact.HIGH)

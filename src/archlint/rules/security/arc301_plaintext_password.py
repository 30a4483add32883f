"""A password from a request is stored or compared in plain text.

## What it does

## Why is this bad?

## How to fix

## Not reported

## References
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, FunctionEvent, Rule, on
from archlint.project.effects import Hop

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function
    from archlint.project.passwords import Use


#: Without one of these, a file writes no password itself, though what it calls may.
_WORDS = ("pass", "Pass", "pwd", "**", "setattr", "values(", "model_validate", "sqlmodel_update", "update(", "insert")


class PlaintextPassword(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = ("area D", "anti-pattern 8", "checklist 30", "checklist 41")
    message = "Password from `{source}` is {verb} `{column}` without hashing; {advice}"

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function writes into rows, or compares with one."""
        if file.role in ("test", "migration"):
            return
        passwords = file.world.passwords
        if not file.mentions(_WORDS):
            uses = passwords.stored_below(function)
        else:
            uses = chain(passwords.stored(function), passwords.compared(function))
        for use in uses:
            yield self._report(use, file)

    def _report(self, use: Use, file: File) -> Diagnostic:
        source = use.sources[0]
        origin = source.origin
        here = Hop(file.name, use.line, use.column, use.end_line, use.end_column, "")
        path = [p for p in origin.path if p != "*" and p[:1] != "#"]
        label = origin.name if path == [origin.name] else ".".join([origin.name, *path])
        helper = file.world.passwords.helper("password" if use.verb == "stored" else "verify")
        return file.diagnostic(
            self,
            here,
            related=tuple(Related(file.hop_location(h), f"called by `{h.label}()`") for h in source.hops),
            source=label,
            verb="stored in" if use.verb == "stored" else "compared with",
            column=f"{use.owner}.{use.column_name}",
            advice=_advice(use.verb, helper),
        )


def _advice(verb: str, helper: str) -> str:
    if verb == "stored":
        return f"hash it first with `{helper}()`" if helper else "hash it first, with argon2 or bcrypt"
    if helper:
        return f"store a hash and check it with `{helper}()`"
    return "store a hash and check the password against it, with argon2 or bcrypt"

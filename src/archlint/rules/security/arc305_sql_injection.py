"""Text of a client becomes part of an SQL statement.

## What it does
x

## Why is this bad?
x

## How to fix
x

## Not reported
x

## References
x
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import FunctionEvent, Rule, on
from archlint.knowledge import injection as known
from archlint.project.taint.sinks import Sinks, arrivals, report

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Function


class SqlInjection(Rule):
    """A statement with a client's text in it."""

    impact = Impact.HIGH
    message = "SQL built from `{source}` reaches `{sink}()`; pass the value as a bound parameter"
    answers = ("area B", "area D", "dimension 3", "checklist 37", "checklist 44")
    mentions = ("execute", "text", "raw", "extra", "fetch", "RawSQL", "SQL")

    invalid = ()
    valid = ()

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report what a function has a database run."""
        if file.role in ("test", "migration", "script"):
            return
        world = file.world
        for found in arrivals(function, Sinks(world, known.SQL), world.flow("sql")):
            yield report(self, file, found)

"""What a rule is: metadata, documentation, cases and checks in one stateless class.

A rule lives alone in ``rules/<family>/arcNNN_slug.py``. Its code and its stable name are read
from the file name, its documentation page from the module docstring, its tests from its
cases. Nothing has to be registered anywhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs

from archlint.core.diagnostic import Impact
from archlint.core.option import Option

if TYPE_CHECKING:
    from archlint.core.diagnostic import Diagnostic

_FILE_NAME = re.compile(r"arc(\d{3})_([a-z0-9_]+)$")

Check = Callable[..., "Iterator[Diagnostic]"]
C = TypeVar("C", bound=Check)


def _as_files(value: str | Mapping[str, str]) -> dict[str, str]:
    return {"app.py": value} if isinstance(value, str) else dict(value)


class FunctionEvent:
    """Event key: called once for every function of the file, nested ones and lambdas included."""


class ClassEvent:
    """Event key: called once for every class of the file."""


class ModuleEvent:
    """Event key: called once for the file."""


class RouteEvent:
    """Event key: called once for every route handler of the file."""


EventKey = type[ast.AST] | type[FunctionEvent] | type[ClassEvent] | type[ModuleEvent] | type[RouteEvent]


@attrs.frozen
class Case:
    """A small project that shows what a rule reports, or leaves alone.

    ``files`` maps relative paths to source text; a single string is shorthand for one file
    ``app.py``. A line that must be reported carries the comment ``# ARCnnn`` (several
    codes: ``# ARC201 ARC401``); every other line must stay silent for this rule.
    ``fixed`` is the expected text of the first marked file after ``--fix --unsafe-fixes``.
    ``missed`` marks a known miss: the comment shows the defect, the engine does not see it
    yet, and ``why`` says what it would take.
    """

    files: dict[str, str] = attrs.field(converter=_as_files)
    title: str = ""
    fixed: str | None = None
    missed: bool = False
    why: str = ""
    settings: dict[str, Any] = attrs.field(factory=dict)


def on(*events: EventKey) -> Callable[[C], C]:
    """Mark a method as the check for these AST classes or semantic events."""

    def mark(function: C) -> C:
        function.events = events  # type: ignore[attr-defined]
        return function

    return mark


class Rule:
    """Base of all rules: stateless, one instance serves every file.

    A check receives ``(node, file)`` — the AST node, or the object of the semantic event —
    and yields diagnostics made by ``file.diagnostic(self, node, ...)``.
    """

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    impact: ClassVar[Impact] = Impact.MEDIUM
    since: ClassVar[str] = "0.1.0"
    default: ClassVar[bool] = True
    #: How sure the fixes are that some findings come with: "safe", "unsafe", or both; empty for none.
    fixes: ClassVar[tuple[str, ...]] = ()
    #: Message template; placeholders in braces are filled by ``file.diagnostic``.
    message: ClassVar[str] = ""
    #: Items of the review catalogue this rule answers ("anti-pattern 2", "area E", "checklist 8").
    answers: ClassVar[tuple[str, ...]] = ()
    #: Gate: the file (or, for project rules, its project) must mention one of these words.
    mentions: ClassVar[tuple[str, ...]] = ()
    #: What a project may decide; a check asks ``file.option(self, ...)``.
    options: ClassVar[tuple[Option[Any], ...]] = ()
    invalid: ClassVar[tuple[Case, ...]] = ()
    valid: ClassVar[tuple[Case, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Take code and name from the file the rule stands in."""
        super().__init_subclass__()
        if found := _FILE_NAME.search(cls.__module__.rpartition(".")[2]):
            cls.code = f"ARC{found[1]}"
            cls.name = found[2].replace("_", "-")

    @classmethod
    def checks(cls) -> list[tuple[EventKey, str]]:
        """The pairs of event and method name that this rule subscribes to."""
        found = []
        for name, member in vars(cls).items():
            found += [(event, name) for event in getattr(member, "events", ())]
        return found

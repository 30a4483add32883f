"""What a rule says: a diagnostic, its place, the places it is related to, and how to mend it.

Lines are 1-based, columns are 0-based and count code points, as in ``ast`` after
conversion from UTF-8 offsets; ends are exclusive. Output formats convert as they need.
"""

from __future__ import annotations

import enum

import attrs


class Impact(enum.Enum):
    """How much damage the defect does where it stands."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Applicability(enum.Enum):
    """When a fix may be applied, with ruff's three classes."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@attrs.frozen(order=True)
class Location:
    """A span of source text in one file; the path is as the engine was given it."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@attrs.frozen
class Related:
    """Another place that explains a diagnostic: a hop of a call chain, the loop, the model."""

    location: Location
    message: str


@attrs.frozen
class Edit:
    """Replace the text of ``location`` by ``content``."""

    location: Location
    content: str


@attrs.frozen
class Recipe:
    """One change of source text as a rule describes it; it becomes edits when somebody asks for them.

    ``location`` spans the expression or statement that changes, in whatever file it stands.
    ``action`` is one of those in ``archlint.fixes.actions``, ``values`` what that action needs by
    name. In these texts ``$0``, ``$1`` … stand for the local names of ``imports``, which are
    written ``module`` or ``module:name`` and added where they are missing.
    """

    action: str
    location: Location
    values: tuple[tuple[str, str], ...] = ()
    imports: tuple[str, ...] = ()

    @classmethod
    def of(cls, action: str, location: Location, *imports: str, **values: str) -> Recipe:
        """A recipe with its values as keywords."""
        return cls(action, location, tuple(sorted(values.items())), imports)

    def value(self, name: str, default: str = "") -> str:
        """One of the values."""
        return dict(self.values).get(name, default)


@attrs.frozen
class Fix:
    """What mends a diagnostic, and how sure it is: recipes from the rule, edits once these are resolved."""

    message: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()
    recipes: tuple[Recipe, ...] = ()


@attrs.frozen
class Diagnostic:
    """One finding of one rule at one place.

    ``message`` names the thing, says why, and ends with the way out; ``symbol`` is the
    qualified name of the enclosing function or class (empty at module level), which
    baselines use as a key that survives moved lines.
    """

    code: str
    name: str
    message: str
    location: Location
    impact: Impact = Impact.MEDIUM
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    symbol: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of the report: file, place, code, message."""
        return (self.location.path, self.location.line, self.location.column, self.code, self.message)

"""Options of single rules: what a project may decide, with a type, a default and a meaning."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

V = TypeVar("V", bound=int)


@attrs.frozen
class Option(Generic[V]):
    """One key of ``[tool.archlint.rules.<name of the rule>]``; the type is that of the default."""

    name: str
    default: V
    doc: str

    @property
    def type(self) -> str:
        """The type as people call it."""
        return "true or false" if isinstance(self.default, bool) else "a whole number, 1 or more"

    def takes(self, value: object) -> bool:
        """Whether a value of a settings file can be used."""
        if isinstance(self.default, bool):
            return isinstance(value, bool)
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1

    @property
    def shown(self) -> str:
        """The default as a settings file writes it."""
        return str(self.default).lower()

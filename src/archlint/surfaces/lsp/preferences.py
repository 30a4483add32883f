"""What an editor's configuration says about the server."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from archlint.core.settings import Selectors
from archlint.engine.linter import Options


@attrs.frozen
class Preferences:
    """The values of the configuration; empty ones leave it to the project's settings."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    enable: bool = True
    unsafe_fixes: bool = True

    @classmethod
    def of(cls, values: object) -> Preferences:
        """The preferences in a JSON value; what is missing or makes no sense is left out."""
        table = values if isinstance(values, Mapping) else {}

        def words(key: str) -> tuple[str, ...]:
            found = table.get(key)
            return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()

        return cls(
            select=words("select") or None,
            extend_select=words("extendSelect"),
            ignore=words("ignore"),
            enable=table.get("enable") is not False,
            unsafe_fixes=table.get("unsafeFixes") is not False,
        )

    def options(self) -> Options:
        """The same for the engine; what the project excludes stays out, though the editor names it."""
        replaced = {"force_exclude": True}
        if self.select is None and not self.extend_select and not self.ignore:
            return Options(replaced=replaced, live=True)
        layer = Selectors("the editor", self.select, self.extend_select, self.ignore)
        return Options(selectors=layer, replaced=replaced, live=True)

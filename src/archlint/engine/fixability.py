"""Which fixes the settings allow, and how sure they are taken to be: ``fixable`` and its kin."""

from __future__ import annotations

import attrs

from archlint.core.diagnostic import Applicability, Diagnostic
from archlint.core.settings import Settings
from archlint.engine.registry import UNUSED, Registry
from archlint.engine.selection import match


class Fixability:
    """What one set of settings makes of the fixes of its rules."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        """Raises ``SettingsError`` for a word that names no rule."""
        source = str(settings.origin or "--config")

        def levels(words: tuple[str, ...], key: str) -> dict[str, int]:
            found: dict[str, int] = {}
            for word in words:
                matched = match(word, registry, f"{source}: `{key}`")
                # It is no rule, but it has fixes.
                for code in (*matched.codes, UNUSED) if word == "ALL" else matched.codes:
                    found[code] = max(found.get(code, 0), matched.specificity)
            return found

        self._fixable = levels(settings.fixable, "fixable")
        self._unfixable = levels(settings.unfixable, "unfixable")
        self._safe = levels(settings.extend_safe_fixes, "extend-safe-fixes")
        self._unsafe = levels(settings.extend_unsafe_fixes, "extend-unsafe-fixes")

    def adjusted(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with its fix as the settings see it; without one where they forbid it."""
        fix, code = diagnostic.fix, diagnostic.code
        if fix is None:
            return diagnostic
        if code not in self._fixable or self._unfixable.get(code, -1) >= self._fixable[code]:
            return attrs.evolve(diagnostic, fix=None)
        applicability = fix.applicability
        safe, unsafe = self._safe.get(code, -1), self._unsafe.get(code, -1)
        if applicability is Applicability.UNSAFE and safe > unsafe:
            applicability = Applicability.SAFE
        elif applicability is Applicability.SAFE and unsafe >= 0 and unsafe >= safe:
            applicability = Applicability.UNSAFE
        if applicability is fix.applicability:
            return diagnostic
        return attrs.evolve(diagnostic, fix=attrs.evolve(fix, applicability=applicability))

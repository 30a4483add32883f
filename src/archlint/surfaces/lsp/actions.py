"""What can be done about the findings of a document: fix, suppress, read more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs
from lsprotocol import types as lsp

from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix
from archlint.fixes.patches import overlap, spans
from archlint.fixes.resolve import Resolver
from archlint.surfaces.lsp.translate import Translator, hidden
from archlint.surfaces.pages import rule_info

FIX_ALL = "source.fixAll.archlint"
OPEN_PAGE = "archlint.openDocumentation"

_CODE = re.compile(r"ARC\d{3}")
_QUICK = lsp.CodeActionKind.QuickFix


@attrs.frozen
class Actions:
    """The offers for one document."""

    path: str
    #: All findings of its present text.
    found: Sequence[Diagnostic]
    translator: Translator
    #: The present text of a path; ``None`` when it cannot be read.
    read: Callable[[str], str | None]
    #: Whether fixes are offered that may change what the program does.
    unsafe: bool
    resolver: Resolver = attrs.field(default=attrs.Factory(lambda self: Resolver(self.read), takes_self=True))

    def offered(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """Everything for a range, of the kinds that are asked for."""
        kinds = params.context.only
        actions: list[lsp.CodeAction] = []
        if kinds is None or _QUICK in kinds:
            for found in self.found:
                shown = self.translator.diagnostic(found)
                if _meet(shown.range, params.range):
                    actions += self._of_one(found, shown)
        if kinds is None or any(FIX_ALL.startswith(kind) for kind in kinds):
            actions += self._of_all()
        return actions

    def _of_all(self) -> Iterator[lsp.CodeAction]:
        safe = [found for found in self.found if found.fix and _is_safe(found.fix)]
        if edits := self._together(safe):
            title = "Fix all safely fixable findings"
            yield lsp.CodeAction(title, FIX_ALL, edit=self.translator.changes(edits))

    def _of_one(self, found: Diagnostic, shown: lsp.Diagnostic) -> Iterator[lsp.CodeAction]:
        """What can be done about one finding."""
        yield from self._fixes(found, shown)
        text = self.read(self.path)
        if text is not None and _CODE.fullmatch(found.code):
            edit = self.translator.changes([hidden(found, text)])
            yield lsp.CodeAction(f"Suppress {found.code} here", _QUICK, [shown], edit=edit)
        if rule_info(found.code) is not None:
            command = lsp.Command(title="Open documentation", command=OPEN_PAGE, arguments=[found.code])
            title = f"Open the documentation of {found.code} ({found.name})"
            yield lsp.CodeAction(title, _QUICK, [shown], command=command)

    def _fixes(self, found: Diagnostic, shown: lsp.Diagnostic) -> Iterator[lsp.CodeAction]:
        """The fix of a finding, and those of all findings of its rule."""
        if found.fix is None or not self._allowed(found) or not (edits := self.resolver.edits(found.fix)):
            return
        title, preferred = f"{found.fix.message} ({found.code})", _is_safe(found.fix)
        edit = self.translator.changes(edits)
        yield lsp.CodeAction(title, _QUICK, [shown], is_preferred=preferred, edit=edit)
        alike = [other for other in self.found if other.code == found.code and self._allowed(other)]
        if len(alike) > 1 and (together := self._together(alike)):
            title = f"Fix all of {found.code} ({found.name}) in this file"
            yield lsp.CodeAction(title, _QUICK, [shown], edit=self.translator.changes(together))

    def _allowed(self, found: Diagnostic) -> bool:
        return found.fix is not None and (self.unsafe or _is_safe(found.fix))

    def _together(self, found: Iterable[Diagnostic]) -> list[Edit]:
        """The edits of several fixes that do not meet, in this file only."""
        text = self.read(self.path) or ""
        chosen: list[Edit] = []
        for diagnostic in found:
            edits = self.resolver.edits(diagnostic.fix) if diagnostic.fix is not None else ()
            new = [edit for edit in edits if edit not in chosen]
            taken = spans(text, chosen)
            if all(edit.location.path == self.path for edit in new) and not any(
                overlap(one, other) for one in spans(text, new) for other in taken
            ):
                chosen += new
        return chosen


def _is_safe(fix: Fix) -> bool:
    return fix.applicability is Applicability.SAFE


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    def key(position: lsp.Position) -> tuple[int, int]:
        return position.line, position.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)

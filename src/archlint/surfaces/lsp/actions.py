"""What can be done about the findings of a document: fix, suppress, read more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs
from lsprotocol import types as lsp

from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix
from archlint.fixes.patches import Taken, spans
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
    #: Whether the client asks for the edits of many fixes when somebody chooses them: they take their time.
    lazy: bool = False
    resolver: Resolver = attrs.field(default=attrs.Factory(lambda self: Resolver(self.read), takes_self=True))

    def offered(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """Everything for a range, of the kinds that are asked for."""
        kinds = params.context.only
        actions: list[lsp.CodeAction] = []
        if kinds is None or _QUICK in kinds:
            for found in self.found:
                if not _near(found, params.range):
                    continue
                shown = self.translator.diagnostic(found)
                if _meet(shown.range, params.range):
                    actions += self._of_one(found, shown)
        if kinds is None or any(FIX_ALL.startswith(kind) for kind in kinds):
            # Who names the kind has chosen it: an editor that mends what it saves.
            actions += self._of_all(lazy=self.lazy and kinds is None)
        return actions

    def _of_all(self, *, lazy: bool) -> Iterator[lsp.CodeAction]:
        action = lsp.CodeAction("Fix all safely fixable findings", FIX_ALL)
        if self._meant("") and (lazy or self.completed(action, "").edit):
            action.data = {"path": self.path, "code": ""} if lazy else None
            yield action

    def completed(self, action: lsp.CodeAction, code: str) -> lsp.CodeAction:
        """An action with the edits of all fixes of a rule, or, without a code, of all safe ones."""
        edits = self._together(self._meant(code))
        action.edit = self.translator.changes(edits) if edits else None
        return action

    def _meant(self, code: str) -> list[Diagnostic]:
        """The findings that an action for many of them mends."""
        if code:
            return [found for found in self.found if found.code == code and self._allowed(found)]
        return [found for found in self.found if found.fix and _is_safe(found.fix)]

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
        action = lsp.CodeAction(f"Fix all of {found.code} ({found.name}) in this file", _QUICK, [shown])
        if len(self._meant(found.code)) > 1 and (self.lazy or self.completed(action, found.code).edit):
            action.data = {"path": self.path, "code": found.code} if self.lazy else None
            yield action

    def _allowed(self, found: Diagnostic) -> bool:
        return found.fix is not None and (self.unsafe or _is_safe(found.fix))

    def _together(self, found: Iterable[Diagnostic]) -> list[Edit]:
        """The edits of several fixes that do not meet, in this file only."""
        wanted = [self.resolver.edits(one.fix) for one in found if one.fix is not None]
        inside = [edits for edits in wanted if all(edit.location.path == self.path for edit in edits)]
        every = list(dict.fromkeys(edit for edits in inside for edit in edits))
        places = dict(zip(every, spans(self.read(self.path) or "", every), strict=True))
        chosen: dict[Edit, None] = {}
        taken = Taken()
        for edits in inside:
            new = [edit for edit in edits if edit not in chosen]
            if not any(taken.meets(places[edit]) for edit in new):
                chosen.update(dict.fromkeys(new))
                for edit in new:
                    taken.add(places[edit])
        return list(chosen)


def _is_safe(fix: Fix) -> bool:
    return fix.applicability is Applicability.SAFE


def _near(found: Diagnostic, asked: lsp.Range) -> bool:
    """Whether a finding and a range share lines: what does not need no translation."""
    return found.location.line - 1 <= asked.end.line and asked.start.line <= found.location.end_line - 1


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    def key(position: lsp.Position) -> tuple[int, int]:
        return position.line, position.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)

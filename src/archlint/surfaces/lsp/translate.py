"""From diagnostics to what the protocol calls so: ranges in the client's units, links, actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from archlint.core.diagnostic import Diagnostic, Edit, Impact, Location
from archlint.fixes.noqa import suppression

#: The lines of a path, as diagnostics name it.
Lines = Callable[[str], Sequence[str]]
#: The address of a path.
Address = Callable[[str], str]

_SEVERITY = {
    Impact.HIGH: lsp.DiagnosticSeverity.Warning,
    Impact.MEDIUM: lsp.DiagnosticSeverity.Warning,
    Impact.LOW: lsp.DiagnosticSeverity.Information,
}
SOURCE = "archlint"


class Translator:
    """Speaks of places in the units that the client has chosen."""

    def __init__(self, codec: PositionCodec, lines: Lines, address: Address) -> None:
        self._codec = codec
        self._lines = lines
        self._address = address

    def range(self, at: Location) -> lsp.Range:
        """The range of a place."""
        places = lsp.Range(lsp.Position(at.line - 1, at.column), lsp.Position(at.end_line - 1, at.end_column))
        return self._codec.range_to_client_units(self._lines(at.path), places)

    def diagnostic(self, found: Diagnostic) -> lsp.Diagnostic:
        """The diagnostic with its call chain."""
        related = [
            lsp.DiagnosticRelatedInformation(
                lsp.Location(self._address(other.location.path), self.range(other.location)), other.message
            )
            for other in found.related
        ]
        severity = lsp.DiagnosticSeverity.Error if found.code == "invalid-syntax" else _SEVERITY[found.impact]
        return lsp.Diagnostic(
            range=self.range(found.location),
            message=found.message,
            severity=severity,
            code=found.code,
            source=SOURCE,
            related_information=related or None,
            data={"name": found.name},
        )

    def changes(self, edits: Sequence[Edit]) -> lsp.WorkspaceEdit:
        """Edits, file by file."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for edit in edits:
            text_edit = lsp.TextEdit(self.range(edit.location), edit.content)
            changes.setdefault(self._address(edit.location.path), []).append(text_edit)
        return lsp.WorkspaceEdit(changes=dict(changes))


def uri(path: str) -> str:
    """The address of a path, as this program writes it."""
    return from_fs_path(str(Path(path))) or path


def hidden(found: Diagnostic, text: str) -> Edit:
    """The edit that hides a finding where it stands: a new ``noqa`` comment, or one code more in it."""
    return suppression(found.location.path, text, found.location.line, [found.code])

"""The server itself: what the client may ask, and what it is told unasked."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

import archlint
from archlint.core.diagnostic import Diagnostic
from archlint.core.source import decode
from archlint.engine.discovery import SUFFIXES
from archlint.fixes.patches import split
from archlint.knowledge import templates
from archlint.project.settings import requirements
from archlint.surfaces.lsp.actions import FIX_ALL, OPEN_PAGE, Actions
from archlint.surfaces.lsp.analysis import Analysis, Report
from archlint.surfaces.lsp.preferences import Preferences
from archlint.surfaces.lsp.translate import SOURCE, Translator, uri
from archlint.surfaces.pages import about, code_of, rule_info

#: Seconds that somebody waits who has asked what can be done.
_PATIENCE = 3.0

#: What may be a code or the name of a rule.
_WORD = re.compile(r"[A-Za-z0-9]+(?:-[a-z0-9]+)*")
#: Changes of these files may change findings; those of settings and new files change what names mean.
_WATCHED = tuple(
    f"**/{name}"
    for name in (
        "*.py",
        *(f"*{suffix}" for suffix in templates.SUFFIXES),
        "ruff.toml",
        ".ruff.toml",
        ".env*",
        *requirements.FILES,
    )
)


class Server(LanguageServer):
    """A language server with the analysis behind it."""

    def __init__(self) -> None:
        super().__init__("archlint", archlint.__version__)
        self.analysis = Analysis(self.publish, self.complain)
        #: Whether the client asks for findings itself.
        self.pulls = False
        #: How the client writes the addresses of its documents: there is more than one way.
        self.addresses: dict[str, str] = {}
        #: Where pages of rules are written that somebody wants to read.
        self.pages = tempfile.TemporaryDirectory(prefix="archlint-")

    # -- what the worker says ---------------------------------------------------------------------

    def publish(self, report: Report) -> None:
        """Send findings, or tell a client that asks for them itself that there are new ones."""
        if not self.pulls:
            self.push(report.path, report.found, report.version)
        elif report.complete and not report.answered:
            self.workspace_diagnostic_refresh(None)

    def push(self, path: str, found: Sequence[Diagnostic], version: int | None = None) -> None:
        """Send the findings of a document."""
        params = lsp.PublishDiagnosticsParams(self.address(path), self.translated(found), version)
        self.text_document_publish_diagnostics(params)

    def complain(self, message: str) -> None:
        """Tell the person at the editor what is wrong."""
        self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"archlint: {message}"))

    # -- translation -----------------------------------------------------------------------------

    @property
    def translator(self) -> Translator:
        """Places in the units of this client; every file is read once."""
        return Translator(self.workspace.position_codec, cache(self.lines), self.address)

    def translated(self, found: Sequence[Diagnostic]) -> list[lsp.Diagnostic]:
        """The findings for the client."""
        translator = self.translator
        return [translator.diagnostic(diagnostic) for diagnostic in found]

    def address(self, path: str) -> str:
        """The address of a path, as the client writes it."""
        return self.addresses.get(path) or uri(path)

    def text(self, path: str) -> str | None:
        """The present text of a path: in the editor, or on disk."""
        document = self.workspace.text_documents.get(self.address(path))
        if document is not None:
            return str(document.source)
        try:
            return decode(Path(path).read_bytes())
        except (OSError, UnicodeDecodeError, SyntaxError):
            return None

    def lines(self, path: str) -> Sequence[str]:
        """The lines of a path."""
        return split(self.text(path) or "")


def make() -> Server:
    """A server with all its features."""
    server = Server()
    _documents(server)
    _surroundings(server)
    _questions(server)
    return server


def _path(address: str) -> str | None:
    path = to_fs_path(address)
    return str(Path(path)) if path else None


def _documents(server: Server) -> None:
    def changed(ls: Server, address: str) -> None:
        document = ls.workspace.get_text_document(address)
        path = _path(address)
        if path is not None:
            ls.addresses[path] = address
            ls.analysis.change(path, document.source, document.version or 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        changed(ls, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        changed(ls, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: Server, _params: lsp.DidSaveTextDocumentParams) -> None:
        ls.analysis.save()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        if path is not None:
            ls.analysis.close(path)
            if not ls.pulls:
                ls.push(path, ())
            ls.addresses.pop(path, None)


def _pulled(server: Server) -> None:
    """Answer a client that asks for findings itself, in place of sending them."""
    server.pulls = True
    # It will be told to ask again: what is known at once is worth an answer.
    server.analysis.patient = False

    @server.feature(
        lsp.TEXT_DOCUMENT_DIAGNOSTIC,
        lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE),
    )
    async def diagnostic(
        ls: Server, params: lsp.DocumentDiagnosticParams
    ) -> lsp.RelatedFullDocumentDiagnosticReport:
        path = _path(params.text_document.uri)
        found = () if path is None else await asyncio.wrap_future(ls.analysis.wanted(path))
        return lsp.RelatedFullDocumentDiagnosticReport(items=ls.translated(found))


def _surroundings(server: Server) -> None:
    @server.feature(lsp.INITIALIZE)
    def initialize(ls: Server, params: lsp.InitializeParams) -> None:
        if _asks(params.capabilities):
            _pulled(ls)
        options: Any = params.initialization_options
        table = options.get("settings", options) if isinstance(options, dict) else {}
        ls.analysis.prefer(Preferences.of(table))

    @server.feature(lsp.INITIALIZED)
    async def initialized(ls: Server, _params: lsp.InitializedParams) -> None:
        if wishes := _wishes(ls.client_capabilities.workspace):
            ls.client_register_capability(lsp.RegistrationParams(wishes))
        await _ask_for_configuration(ls)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
        paths = [_path(change.uri) or "" for change in params.changes]
        same = all(change.type is lsp.FileChangeType.Changed for change in params.changes)
        if same and all(path.endswith(SUFFIXES) for path in paths):
            ls.analysis.written(paths)
        else:
            ls.analysis.refresh()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(ls: Server, _params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        ls.analysis.refresh()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration_changed(ls: Server, params: lsp.DidChangeConfigurationParams) -> None:
        settings: Any = params.settings
        if isinstance(settings, dict) and settings:
            ls.analysis.prefer(Preferences.of(settings.get(SOURCE, settings)))
        else:
            await _ask_for_configuration(ls)

    @server.feature(lsp.SHUTDOWN)
    def shutdown(ls: Server, _params: None) -> None:
        ls.analysis.stop()


def _asks(client: lsp.ClientCapabilities) -> bool:
    """Whether a client asks for findings, and again when it is told that there are new ones.

    Who cannot be told would not hear of what an edited helper does to its callers: it is sent all.
    """
    documents, workspace = client.text_document, client.workspace
    again = workspace.diagnostics if workspace is not None else None
    pulls = documents is not None and documents.diagnostic is not None
    return pulls and again is not None and bool(again.refresh_support)


def _wishes(client: lsp.WorkspaceClientCapabilities | None) -> list[lsp.Registration]:
    """What the client is asked to tell, if it can be asked: changes of files and of the configuration."""
    wishes = []
    files = client.did_change_watched_files if client is not None else None
    if files is not None and files.dynamic_registration:
        watchers = [lsp.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        wishes.append(lsp.Registration("archlint-files", method, options))
    configuration = client.did_change_configuration if client is not None else None
    if configuration is not None and configuration.dynamic_registration:
        section = lsp.DidChangeConfigurationRegistrationOptions(section=SOURCE)
        method = lsp.WORKSPACE_DID_CHANGE_CONFIGURATION
        wishes.append(lsp.Registration("archlint-configuration", method, section))
    return wishes


async def _ask_for_configuration(ls: Server) -> None:
    """Take the configuration of a client that does not send it by itself."""
    client = ls.client_capabilities.workspace
    if client is None or not client.configuration:
        return
    items = [lsp.ConfigurationItem(section=SOURCE)]
    answers = await ls.workspace_configuration_async(lsp.ConfigurationParams(items))
    if answers and isinstance(answers[0], dict) and answers[0]:
        ls.analysis.prefer(Preferences.of(answers[0]))


def _questions(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        path = _path(params.text_document.uri)
        if path is None:
            return None
        code = _code_at(ls, path, params.position)
        if code is None or rule_info(code) is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, about(code).page))

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(
            code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True
        ),
    )
    async def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = _path(params.text_document.uri)
        if path is None:
            return []
        return (await _actions(ls, path)).offered(params)

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    async def resolve(ls: Server, action: lsp.CodeAction) -> lsp.CodeAction:
        data: Any = action.data
        if action.edit is not None or not isinstance(data, dict):
            return action
        return (await _actions(ls, str(data.get("path")))).completed(action, str(data.get("code")))

    @server.command(OPEN_PAGE)
    def open_page(ls: Server, code: str) -> None:
        page = Path(ls.pages.name) / f"{code}.md"
        if rule_info(code) is not None:
            page.write_text(about(code).page, encoding="utf-8")
            ls.window_show_document(lsp.ShowDocumentParams(uri(str(page)), take_focus=True))


def _code_at(server: Server, path: str, position: lsp.Position) -> str | None:
    """The code under the cursor: written in a comment, or of the finding that stands there."""
    lines = server.lines(path)
    place = server.workspace.position_codec.position_from_client_units(lines, position)
    line = lines[place.line] if place.line < len(lines) else ""
    for match in _WORD.finditer(line):
        named = code_of(match[0])
        if named is not None and match.start() <= place.character <= match.end():
            return named
    for found in server.analysis.shown(path):
        at = found.location
        after = (at.line, at.column) <= (place.line + 1, place.character)
        if after and (place.line + 1, place.character) <= (at.end_line, at.end_column):
            return found.code
    return None


async def _actions(server: Server, path: str) -> Actions:
    """What can be done in the present text of a document."""
    found, unsafe = await _present(server, path), server.analysis.preferences.unsafe_fixes
    return Actions(path, found, server.translator, server.text, unsafe, _resolves(server.client_capabilities))


def _resolves(client: lsp.ClientCapabilities) -> bool:
    """Whether a client asks for the edits of an action once it is chosen."""
    actions = client.text_document.code_action if client.text_document is not None else None
    later = actions.resolve_support if actions is not None and actions.data_support else None
    return later is not None and "edit" in later.properties


async def _present(server: Server, path: str) -> tuple[Diagnostic, ...]:
    """The findings of the text as it is now: an editor that mends on saving asks before they are there."""
    answer = asyncio.wrap_future(server.analysis.wanted(path))
    try:
        return await asyncio.wait_for(answer, _PATIENCE)
    except TimeoutError:
        return ()

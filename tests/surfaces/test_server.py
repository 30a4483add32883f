"""The language server, driven by a real client over its real channel."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from surfaces.shop import APP, HELPERS, make

CLIENT = ClientServerConfig(server_command=[sys.executable, "-m", "archlint", "server"])


async def started(client: LanguageClient, root: Path, editor: str, **settings: object) -> None:
    await client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities(editor),
            workspace_folders=[lsp.WorkspaceFolder(uri=address(root), name="shop")],
            initialization_options={"settings": settings},
        )
    )


@pytest_lsp.fixture(config=CLIENT)
async def client(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    make(tmp_path)
    (tmp_path / "helpers.py").write_text(HELPERS)
    capabilities = client_capabilities("neovim")
    assert capabilities.text_document is not None
    # Findings are pushed to this client.
    capabilities.text_document.diagnostic = None
    await lsp_client.initialize_session(
        lsp.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[lsp.WorkspaceFolder(uri=address(tmp_path), name="shop")],
        )
    )
    lsp_client.root = tmp_path
    yield
    await lsp_client.shutdown_session()


def address(path: Path) -> str:
    found = from_fs_path(str(path))
    assert found is not None
    return found


def opened(client: LanguageClient, name: str, text: str, version: int = 1) -> str:
    where = address(client.root / name)
    document = lsp.TextDocumentItem(where, "python", version, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(document))
    return where


async def findings(client: LanguageClient, where: str, expected: list[str]) -> list[lsp.Diagnostic]:
    """Wait for what is expected; what stands there after a while if it never comes."""
    for _ in range(300):
        found = client.diagnostics.get(where, ())
        if sorted(str(d.code) for d in found) == sorted(expected) and where in client.diagnostics:
            return list(found)
        await asyncio.sleep(0.1)
    raise AssertionError([(d.code, d.message) for d in client.diagnostics.get(where, ())])


def changed(client: LanguageClient, where: str, text: str, version: int) -> None:
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version, where),
            [lsp.TextDocumentContentChangeWholeDocument(text)],
        )
    )


@pytest.mark.asyncio
async def test_unsaved_text_is_judged_with_the_files_around_it(client: LanguageClient):
    where = opened(client, "app.py", APP)
    found = await findings(client, where, ["ARC401", "ARC402"])
    sleep, slow = sorted(found, key=lambda d: str(d.code))
    assert sleep.range == lsp.Range(lsp.Position(6, 4), lsp.Position(6, 17))
    assert (sleep.source, sleep.severity) == ("archlint", lsp.DiagnosticSeverity.Warning)
    assert slow.related_information is not None
    assert slow.related_information[0].location.uri == address(client.root / "helpers.py")
    changed(client, where, APP.replace("    time.sleep(1)\n", ""), 2)
    await findings(client, where, ["ARC402"])


@pytest.mark.asyncio
async def test_an_edited_helper_refreshes_what_depends_on_it(client: LanguageClient):
    app = opened(client, "app.py", APP)
    await findings(client, app, ["ARC401", "ARC402"])
    helpers = opened(client, "helpers.py", HELPERS)
    changed(
        client, helpers, HELPERS.replace("def slow():\n    time.sleep(1)", "def slow():\n    return 1"), 2
    )
    await findings(client, app, ["ARC401"])
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(helpers)))
    await findings(client, app, ["ARC401", "ARC402"])


@pytest.mark.asyncio
async def test_actions_mend_suppress_and_explain(client: LanguageClient):
    where = opened(client, "app.py", APP)
    found = await findings(client, where, ["ARC401", "ARC402"])
    sleep = next(d for d in found if d.code == "ARC401")
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(where), sleep.range, lsp.CodeActionContext(diagnostics=[sleep])
        )
    )
    assert actions is not None
    titles = [action.title for action in actions]
    assert titles == [
        "Sleep with `await asyncio.sleep` (ARC401)",
        "Suppress ARC401 here",
        "Open the documentation of ARC401 (blocking-call-in-async)",
        "Fix all safely fixable findings",
    ]
    mend, suppress = actions[0], actions[1]
    assert isinstance(mend, lsp.CodeAction)
    assert mend.is_preferred
    assert mend.edit is not None
    assert mend.edit.changes is not None
    assert [edit.new_text for edit in mend.edit.changes[where]] == [
        "await asyncio.sleep(1)",
        "import asyncio\n",
    ]
    assert isinstance(suppress, lsp.CodeAction)
    assert suppress.edit is not None
    assert suppress.edit.changes is not None
    (hidden,) = suppress.edit.changes[where]
    assert hidden == lsp.TextEdit(lsp.Range(lsp.Position(6, 17), lsp.Position(6, 17)), "  # noqa: ARC401")


@pytest.mark.asyncio
async def test_hover_explains_findings_and_codes_in_comments(client: LanguageClient):
    where = opened(client, "app.py", APP.replace("slow()\n", "slow()  # noqa: ARC402\n"))
    await findings(client, where, ["ARC401"])

    async def page(line: int, column: int) -> str:
        position = lsp.Position(line, column)
        hover = await client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier(where), position)
        )
        return hover.contents.value if hover and isinstance(hover.contents, lsp.MarkupContent) else ""

    assert (await page(6, 6)).startswith("# blocking-call-in-async (ARC401)")
    assert (await page(7, 22)).startswith("# transitive-blocking-call (ARC402)")
    assert await page(0, 0) == ""


@pytest.mark.asyncio
async def test_settings_come_from_the_project_and_from_the_editor(client: LanguageClient):
    where = opened(client, "app.py", APP)
    await findings(client, where, ["ARC401", "ARC402"])
    client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"archlint": {"ignore": ["ARC402"]}})
    )
    await findings(client, where, ["ARC401"])
    client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams({"archlint": {}}))
    await findings(client, where, ["ARC401", "ARC402"])
    (client.root / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC401"]\n')
    client.workspace_did_change_watched_files(
        lsp.DidChangeWatchedFilesParams(
            [lsp.FileEvent(address(client.root / "pyproject.toml"), lsp.FileChangeType.Changed)]
        )
    )
    await findings(client, where, ["ARC402"])


@pytest.mark.asyncio
async def test_columns_are_in_the_units_of_the_client(client: LanguageClient):
    text = "import time\n\n\nasync def f():\n    '\U0001f600'; time.sleep(1)\n"
    where = opened(client, "wide.py", text)
    (found,) = await findings(client, where, ["ARC401"])
    # This client counts bytes: the face takes four.
    assert found.range.start == lsp.Position(4, 12)


@pytest.mark.asyncio
async def test_broken_text_is_a_finding_and_no_end(client: LanguageClient):
    where = opened(client, "app.py", "def f(:\n")
    await findings(client, where, ["invalid-syntax"])
    changed(client, where, APP, 2)
    await findings(client, where, ["ARC401", "ARC402"])

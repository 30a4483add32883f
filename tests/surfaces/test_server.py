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

from surfaces.shop import APP, HELPERS, VIEWS, make, make_page

CLIENT = ClientServerConfig(server_command=[sys.executable, "-m", "archlint", "server"])


@pytest_lsp.fixture(config=CLIENT)
async def client(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    make(tmp_path)
    # This client asks for findings, but cannot be told to ask again: they are sent to it.
    server = await begin(lsp_client, client_capabilities("neovim"), tmp_path)
    assert server.capabilities.diagnostic_provider is None
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=CLIENT)
async def asking(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    """A client that asks for findings, and again when it is told to."""
    make(tmp_path)
    capabilities = client_capabilities("neovim")
    assert capabilities.workspace is not None
    capabilities.workspace.diagnostics = lsp.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    server = await begin(lsp_client, capabilities, tmp_path)
    assert server.capabilities.diagnostic_provider is not None
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=CLIENT)
async def fresh(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """A client that each test introduces itself."""
    yield
    await lsp_client.shutdown_session()


async def begin(
    client: LanguageClient, capabilities: lsp.ClientCapabilities, *roots: Path, **settings: object
) -> lsp.InitializeResult:
    client.root = roots[0]
    folders = [lsp.WorkspaceFolder(uri=address(root), name=root.name) for root in roots]
    return await client.initialize_session(
        lsp.InitializeParams(
            capabilities=capabilities,
            workspace_folders=folders,
            initialization_options={"settings": settings},
        )
    )


def address(path: Path) -> str:
    found = from_fs_path(str(path))
    assert found is not None
    return found


def opened(client: LanguageClient, name: str, text: str, version: int = 1) -> str:
    where = address(client.root / name)
    return opened_at(client, where, text, version)


def opened_at(client: LanguageClient, where: str, text: str, version: int = 1) -> str:
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
    changed(client, where, APP + "    # archlint: ignore[n-plus-one-query] why\n", 2)
    await findings(client, where, ["ARC401", "ARC402"])
    assert (await page(8, 26)).startswith("# n-plus-one-query (ARC201)")
    assert await page(8, 8) == ""


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


async def asked(client: LanguageClient, where: str) -> list[str]:
    report = await client.text_document_diagnostic_async(
        lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(where))
    )
    assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
    return [str(found.code) for found in report.items]


async def eventually(client: LanguageClient, where: str, expected: list[str]) -> None:
    """Ask until the answer is the expected one."""
    for _ in range(300):
        if await asked(client, where) == expected:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(expected)


@pytest.mark.asyncio
async def test_a_client_that_asks_is_answered_and_told_to_ask_again(asking: LanguageClient):
    app = opened(asking, "app.py", APP)
    await eventually(asking, app, ["ARC401", "ARC402"])
    before = asking.diagnostic_refresh_count
    helpers = opened(asking, "helpers.py", HELPERS.replace("time.sleep(1)", "return 1", 1))
    await eventually(asking, app, ["ARC401"])
    assert asking.diagnostic_refresh_count > before
    assert await asked(asking, helpers) == []
    assert await asked(asking, address(asking.root / "closed.py")) == []
    assert not asking.diagnostics, "nothing is sent to who asks"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("encoding", "column"),
    [
        (lsp.PositionEncodingKind.Utf8, 12),
        (lsp.PositionEncodingKind.Utf16, 10),
        (lsp.PositionEncodingKind.Utf32, 9),
    ],
)
async def test_columns_in_all_units(
    fresh: LanguageClient, tmp_path: Path, encoding: lsp.PositionEncodingKind, column: int
):
    make(tmp_path)
    capabilities = client_capabilities("neovim")
    capabilities.general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
    server = await begin(fresh, capabilities, tmp_path)
    assert server.capabilities.position_encoding == encoding
    text = "import time\n\n\nasync def f():\n    '\U0001f600'; time.sleep(1)\n"
    where = opened(fresh, "wide.py", text)
    (found,) = await findings(fresh, where, ["ARC401"])
    assert found.range.start == lsp.Position(4, column)
    actions = await fresh.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(where), found.range, lsp.CodeActionContext(diagnostics=[found])
        )
    )
    assert actions is not None
    (mend, suppress) = (action for action in actions[:2] if isinstance(action, lsp.CodeAction))
    assert mend.edit is not None
    assert mend.edit.changes is not None
    assert mend.edit.changes[where][0].range == found.range
    assert suppress.edit is not None
    assert suppress.edit.changes is not None
    (edit,) = suppress.edit.changes[where]
    assert edit.range.start == lsp.Position(4, column + len("time.sleep(1)"))


@pytest.mark.asyncio
async def test_each_folder_has_its_own_settings(fresh: LanguageClient, tmp_path: Path):
    roots = [tmp_path / "one", tmp_path / "two words"]
    for root in roots:
        root.mkdir()
        make(root)
    (roots[1] / "pyproject.toml").write_text('[tool.archlint]\nignore = ["ARC401"]\n')
    await begin(fresh, client_capabilities("neovim"), *roots)
    first, second = (opened_at(fresh, address(root / "app.py"), APP) for root in roots)
    await findings(fresh, first, ["ARC401", "ARC402"])
    await findings(fresh, second, ["ARC402"])
    # A helper of one folder is none of the other's.
    opened_at(fresh, address(roots[0] / "helpers.py"), "def slow():\n    return 1\n")
    await findings(fresh, first, ["ARC401"])
    await findings(fresh, second, ["ARC402"])


@pytest.mark.asyncio
async def test_the_address_of_the_client_is_kept(client: LanguageClient):
    # Some clients encode more letters than others.
    where = address(client.root / "app.py").replace("app.py", "%61pp.py")
    opened_at(client, where, APP)
    await findings(client, where, ["ARC401", "ARC402"])
    assert set(client.diagnostics) == {where}


@pytest.mark.asyncio
async def test_the_configuration_is_asked_for(fresh: LanguageClient, tmp_path: Path):
    make(tmp_path)
    fresh.set_configuration({"ignore": ["ARC401"]}, section="archlint")
    await begin(fresh, client_capabilities("neovim"), tmp_path)
    where = opened(fresh, "app.py", APP)
    await findings(fresh, where, ["ARC402"])
    fresh.set_configuration({"enable": False}, section="archlint")
    fresh.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(None))
    await findings(fresh, where, [])
    fresh.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"archlint": {"select": ["ARC401"]}})
    )
    await findings(fresh, where, ["ARC401"])


@pytest.mark.asyncio
async def test_files_written_by_others_count(client: LanguageClient):
    where = opened(client, "app.py", APP)
    await findings(client, where, ["ARC401", "ARC402"])
    helpers = client.root / "helpers.py"
    for change, text, expected in (
        (lsp.FileChangeType.Changed, "def slow():\n    return 1\n", ["ARC401"]),
        (lsp.FileChangeType.Changed, HELPERS, ["ARC401", "ARC402"]),
        (lsp.FileChangeType.Deleted, None, ["ARC401"]),
        (lsp.FileChangeType.Created, HELPERS, ["ARC401", "ARC402"]),
    ):
        if text is None:
            helpers.unlink()
        else:
            helpers.write_text(text)
        event = lsp.FileEvent(address(helpers), change)
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        await findings(client, where, expected)


@pytest.mark.asyncio
async def test_a_changed_template_refreshes_the_page_that_renders_it(client: LanguageClient):
    template = make_page(client.root)
    where = opened(client, "views.py", VIEWS)
    await findings(client, where, [])
    for text, expected in (("book.author.name", ["ARC203"]), ("book.pk", [])):
        template.write_text(f"{{% for book in books %}}{{{{ {text} }}}}{{% endfor %}}")
        event = lsp.FileEvent(address(template), lsp.FileChangeType.Changed)
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        await findings(client, where, expected)


@pytest.mark.asyncio
async def test_all_fixes_of_a_rule_and_of_a_file(client: LanguageClient):
    where = opened(client, "app.py", APP + "    time.sleep(2)\n")
    found = await findings(client, where, ["ARC401", "ARC401", "ARC402"])

    async def offered(only: list[lsp.CodeActionKind | str] | None) -> dict[str, lsp.CodeAction]:
        at = next(d for d in found if d.code == "ARC401")
        context = lsp.CodeActionContext(diagnostics=[at], only=only)
        actions = await client.text_document_code_action_async(
            lsp.CodeActionParams(lsp.TextDocumentIdentifier(where), at.range, context)
        )
        return {action.title: action for action in actions or () if isinstance(action, lsp.CodeAction)}

    actions = await offered(None)
    for title in (
        "Fix all of ARC401 (blocking-call-in-async) in this file",
        "Fix all safely fixable findings",
    ):
        assert actions[title].edit is None, "they are worked out for whoever chooses them"
        edit = (await client.code_action_resolve_async(actions[title])).edit
        assert edit is not None
        assert edit.changes is not None
        assert [change.new_text for change in edit.changes[where]].count("import asyncio\n") == 1
        assert len(edit.changes[where]) == 3
    assert list(await offered([lsp.CodeActionKind.SourceFixAll])) == ["Fix all safely fixable findings"]
    assert list(await offered([lsp.CodeActionKind.Refactor])) == []


@pytest.mark.asyncio
async def test_an_idle_suppression_is_taken_away(client: LanguageClient):
    client.workspace_did_change_configuration(
        lsp.DidChangeConfigurationParams({"archlint": {"extendSelect": ["ARC001"]}})
    )
    where = opened(client, "idle.py", "x = 1  # noqa: ARC401\n")
    (found,) = await findings(client, where, ["ARC001"])
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(where), found.range, lsp.CodeActionContext(diagnostics=[found])
        )
    )
    titles = [action.title for action in actions or ()]
    assert titles == [
        "Remove the unused suppression (ARC001)",
        "Suppress ARC001 here",
        "Open the documentation of ARC001 (unused-suppression)",
        "Fix all safely fixable findings",
    ]


@pytest.mark.asyncio
async def test_mending_on_saving_waits_for_the_findings(client: LanguageClient):
    where = opened(client, "app.py", APP)
    await findings(client, where, ["ARC401", "ARC402"])
    changed(client, where, "\n\n" + APP, 2)
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(where),
            lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)),
            lsp.CodeActionContext(diagnostics=[], only=[lsp.CodeActionKind.SourceFixAll]),
        )
    )
    assert actions is not None
    (mend,) = actions
    assert isinstance(mend, lsp.CodeAction)
    assert mend.edit is not None
    assert mend.edit.changes is not None
    assert mend.edit.changes[where][0].range.start == lsp.Position(8, 4)


@pytest.mark.asyncio
async def test_other_languages_are_left_alone(client: LanguageClient):
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            lsp.TextDocumentItem(address(client.root / "notes.md"), "markdown", 1, "import time\n")
        )
    )
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem("untitled:Untitled-1", "python", 1, APP))
    )
    where = opened(client, "app.py", APP)
    await findings(client, where, ["ARC401", "ARC402"])
    assert not client.diagnostics.get(address(client.root / "notes.md"))
    assert "untitled:Untitled-1" not in client.diagnostics

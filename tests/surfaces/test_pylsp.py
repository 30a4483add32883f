"""python-lsp-server, which hands unsaved text to flake8 through standard input."""

from __future__ import annotations

from pathlib import Path

import pytest

from surfaces.shop import APP, make

pytest.importorskip("pylsp")


def test_unsaved_text_through_flake8(tree: Path):
    from pylsp import uris
    from pylsp.config.config import Config
    from pylsp.plugins import flake8_lint
    from pylsp.workspace import Document, Workspace

    make(tree)
    address = uris.from_fs_path(str(tree))
    workspace = Workspace(address, None)
    config = Config(address, {}, 0, {})
    config.update({"plugins": {"flake8": {"enabled": True, "select": ["ARC"]}}})
    workspace._config = config
    text = APP.replace("    time.sleep(1)\n", "")
    document = Document(uris.from_fs_path(str(tree / "app.py")), workspace, text)
    found = flake8_lint.pylsp_lint(workspace, document)
    assert [(d["code"], d["range"]["start"]) for d in found] == [("ARC402", {"line": 6, "character": 4})]
    assert found[0]["message"].startswith("ARC402 `slow()` blocks the event loop in `async def handler`")

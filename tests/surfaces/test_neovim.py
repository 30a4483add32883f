"""neovim without a screen: the server attached to a buffer, what it shows, and a fix applied."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surfaces.shop import make

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="needs neovim")

SCRIPT = """
local out, command = unpack(vim.fn.json_decode(vim.env.ARCHLINT_TEST))
vim.cmd('edit app.py')
vim.bo.filetype = 'python'
local id = vim.lsp.start_client({ name = 'archlint', cmd = command, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(0, id)
local function shown()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { d.code, d.lnum, d.col })
  end
  return found
end
vim.wait(60000, function() return #shown() == 2 end, 50)
local before = shown()
-- Unsaved text: the call of the helper goes.
vim.api.nvim_buf_set_lines(0, 7, 8, false, { '    return None' })
vim.wait(60000, function() return #shown() == 1 end, 50)
local after = shown()
local params = {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  range = { start = { line = 6, character = 4 }, ['end'] = { line = 6, character = 5 } },
  context = { diagnostics = {} },
}
local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 60000)
local action = answers[id].result[1]
vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
local text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.fn.writefile({ vim.fn.json_encode({ before, after, action.title, text }) }, out)
vim.cmd('qall!')
"""


def test_a_buffer_is_judged_and_mended(tree: Path) -> None:
    make(tree)
    script, out = tree / "test.lua", tree / "out.json"
    script.write_text(SCRIPT)
    command = [sys.executable, "-m", "archlint", "server"]
    subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"],
        cwd=tree,
        env={**os.environ, "ARCHLINT_TEST": json.dumps([str(out), command])},
        timeout=240,
        check=True,
        capture_output=True,
    )
    before, after, title, text = json.loads(out.read_text())
    assert sorted(before) == [["ARC401", 6, 4], ["ARC402", 7, 4]]
    assert after == [["ARC401", 6, 4]]
    assert title == "Sleep with `await asyncio.sleep` (ARC401)"
    assert text[:2] == ["import asyncio", "import time"]
    assert "    await asyncio.sleep(1)" in text

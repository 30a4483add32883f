"""The language server: ``archlint server``; needs the extra ``lsp`` (pygls)."""

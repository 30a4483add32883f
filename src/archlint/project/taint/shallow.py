"""Tests that say nothing about where a path or address leads."""

from __future__ import annotations

from typing import Any

from archlint.model.summary import Call, Expr

#: What they call or read.
SHALLOW = frozenset((
    "endswith", "splitext", "suffix", "suffixes", "exists", "is_file", "isfile", "isdir", "is_dir", "len",
    "content_type", "mimetype", "rsplit", "lexists", "getsize", "access", "hasattr", "bool", "type",
    "guess_type", "isinstance",
))  # fmt: skip
#: Beginnings of addresses on any host.
_SCHEMES = frozenset(("http", "https", "http:", "https:", "http://", "https://"))


def asks_for_scheme(row: list[Any]) -> bool:
    """Whether a call is ``address.startswith("https://")``, which every host passes."""
    func, args = row[Call.FUNC], row[Call.ARGS]
    return bool(
        func is not None and func[0] == "a" and func[2] == "startswith" and args and _are_schemes(args[0])
    )


def is_web_scheme(left: Expr, right: Expr) -> bool:
    """Whether a comparison is ``urlparse(address).scheme in ("http", "https")``."""
    return left is not None and left[0] == "a" and left[2] == "scheme" and _are_schemes(right)


def _are_schemes(expr: Expr) -> bool:
    texts = expr[1] if expr is not None and expr[0] in ("t", "l", "e") else [expr]
    return all(text is not None and text[0] == "k" and text[1] in _SCHEMES for text in texts)

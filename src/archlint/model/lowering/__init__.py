"""From a syntax tree to the module's summary, in one pass.

Relative imports are made absolute by the caller (``package`` names the package of the file).
Nothing here knows of other files or of any library.
"""

from __future__ import annotations

import ast

from archlint.model.lowering.statements import Statements
from archlint.model.summary import Summary


def lower(tree: ast.Module, package: str = "") -> Summary:
    """The summary of a parsed module."""
    return Statements(package).module(tree)

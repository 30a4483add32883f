"""Imports that a fix needs: the name they go by, and the edit that adds a missing one.

A new import goes where isort would put it: by section (future, standard library, third
party, first party), plain imports before ``from`` imports, in the order of the alphabet. A
``from`` import that is there already is extended. Nothing is added twice, and nothing is added
where its name means something else in the file.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst
from libcst.helpers import get_full_name_for_node

from archlint.core.diagnostic import Edit, Location
from archlint.fixes.document import Document

_FUTURE, _STANDARD, _THIRD, _FIRST, _RELATIVE = range(5)


class Imported(NamedTuple):
    """What an import is called in a file, and the edit that makes it so (none if it is there)."""

    name: str
    edit: Edit | None
    rank: tuple[int, bool, str] = (0, False, "")  # of new lines at one place: which one comes first


class _Line(NamedTuple):
    """One import statement at the head of a module."""

    node: ast.Import | ast.ImportFrom
    module: str
    apart: bool  # whether a blank line stands above it and its comments


def imported(document: Document, wanted: str) -> Imported | None:
    """The local name of ``module`` or ``module:name``; ``None`` when it cannot be had."""
    module, _, name = wanted.partition(":")
    lines = _head(document)
    known = _known(lines, module, name)
    if known:
        return Imported(known, None)
    local = name or module
    top = local.partition(".")[0]
    if document.bindings.get(top, False) or (name and top in document.bindings):
        return None
    for line in lines:
        if name and line.module == module and isinstance(line.node, ast.ImportFrom):
            edit = _extended(document, line.node, name)
            if edit is not None:
                return Imported(local, edit)
    key = _key(module, is_from=bool(name), own=_own_package(lines))
    return Imported(local, _inserted(document, lines, module, name), key)


def _head(document: Document) -> list[_Line]:
    """The imports at the top level, up to the first other statement behind one."""
    found: list[_Line] = []
    for node in document.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(_Line(node, _module_of(node), _is_apart(document, node.lineno)))
        elif found and not isinstance(node, ast.Expr):
            break
    return found


def _module_of(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.Import):
        return node.names[0].name
    return "." * node.level + (node.module or "")


def _is_apart(document: Document, line: int) -> bool:
    """Whether there is a blank line above a line, or above the comments on top of it."""
    above = (text.strip() for text in reversed(document.lines[: line - 1]))
    return next((not text for text in above if not text.startswith("#")), False)


def _known(lines: Sequence[_Line], module: str, name: str) -> str:
    """What the module or name goes by already."""
    parent, _, last = module.rpartition(".")
    for line in lines:
        for alias in line.node.names:
            full, local = alias.name, alias.asname
            if isinstance(line.node, ast.Import):
                if full == module and not name:
                    return local or module
                if full == module:
                    return f"{local or module}.{name}"
            elif (line.module, full) == (module, name):
                return local or name
            elif (line.module, full) == (parent, last):
                return f"{local or last}.{name}" if name else local or last
    return ""


def _extended(document: Document, found: ast.ImportFrom, name: str) -> Edit | None:
    """``from module import …`` with one name more, in its place if the names are sorted."""
    nodes = document.starting_at(found.lineno, found.col_offset)
    node = next((node for node in nodes if isinstance(node, cst.ImportFrom)), None)
    if node is None or isinstance(node.names, cst.ImportStar):
        return None
    aliases = list(node.names)
    texts = [get_full_name_for_node(alias.name) or "" for alias in aliases]
    place = len(aliases)
    if texts == sorted(texts, key=_case):
        place = sum(_case(text) < _case(name) for text in texts)
    model = aliases[0].comma if isinstance(aliases[0].comma, cst.Comma) else None
    comma = model or cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    new = cst.ImportAlias(name=cst.Name(name))
    if place == len(aliases):
        last = aliases[-1]
        new = new.with_changes(comma=last.comma)
        aliases[-1] = last.with_changes(comma=comma)
        aliases.append(new)
    else:
        aliases.insert(place, new.with_changes(comma=comma))
    return Edit(document.location(node), document.code_after(node, node.with_changes(names=aliases)))


def _case(text: str) -> tuple[int, str]:
    """The order of isort among the names of one import: CONSTANTS, Classes, functions."""
    kind = 0 if text.isupper() and len(text) > 1 else 1 if text[:1].isupper() else 2
    return kind, text


def _inserted(document: Document, lines: Sequence[_Line], module: str, name: str) -> Edit:
    newline = document.newline
    text = f"from {module} import {name}" if name else f"import {module}"
    if not lines:
        return _first_import(document, text, newline)
    key = _key(module, is_from=bool(name), own=_own_package(lines))
    keys = [
        _key(line.module, is_from=isinstance(line.node, ast.ImportFrom), own=_own_package(lines))
        for line in lines
    ]
    place = next((index for index, known in enumerate(keys) if known > key), len(lines))
    before = keys[place - 1] if place else None
    after = keys[place] if place < len(keys) else None
    if place < len(lines) and (before is None or before[0] != key[0]):
        at = lines[place].node
        gap = newline if after is not None and after[0] != key[0] else ""
        return Edit(_point(document, at.lineno, 0), f"{text}{newline}{gap}")
    at = lines[place - 1].node
    gap = newline if before is not None and before[0] != key[0] else ""
    return Edit(_after(document, at.end_lineno or at.lineno), f"{gap}{text}{newline}")


def _key(module: str, *, is_from: bool, own: str) -> tuple[int, bool, str]:
    return _section(module, own), is_from, module.lower()


def _section(module: str, own: str) -> int:
    top = module.partition(".")[0]
    if module.startswith("."):
        return _RELATIVE
    if module == "__future__":
        return _FUTURE
    if top in sys.stdlib_module_names:
        return _STANDARD
    return _FIRST if top == own else _THIRD


def _own_package(lines: Sequence[_Line]) -> str:
    """The package that stands in the last section of its own: what isort took for first party."""
    absolute = [line for line in lines if not line.module.startswith(".")]
    if len(absolute) < 2:
        return ""
    top = absolute[-1].module.partition(".")[0]
    group = [line for line in absolute if line.module.partition(".")[0] == top]
    is_last = group == absolute[-len(group) :]
    return top if group[0].apart and is_last and top not in sys.stdlib_module_names else ""


def _first_import(document: Document, text: str, newline: str) -> Edit:
    """The first import of a module: behind its docstring and its leading comments."""
    body = document.tree.body
    if not body:
        return Edit(_point(document, len(document.lines) + 1, 0), f"{text}{newline}")
    first = body[0]
    if ast.get_docstring(document.tree, clean=False) is not None:
        return Edit(_after(document, first.end_lineno or first.lineno), f"{newline}{text}{newline}")
    line = min(node.lineno for node in (first, *getattr(first, "decorator_list", ())))
    return Edit(_point(document, line, 0), f"{text}{newline}{newline}")


def _point(document: Document, line: int, column: int) -> Location:
    return Location(document.path, line, column, line, column)


def _after(document: Document, line: int) -> Location:
    """The beginning of the line behind a line."""
    return _point(document, line + 1, 0)

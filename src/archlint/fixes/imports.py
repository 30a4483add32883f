"""Imports that a fix needs: the name they go by, and the edit that adds a missing one.

A new import goes where isort would put it: by section (future, standard library, third
party, first party), plain imports before ``from`` imports, in the order of the alphabet. A
``from`` import that is there already is extended. Nothing is added twice, and nothing is added
where its name means something else in the file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst
from libcst.helpers import get_full_name_for_node

from archlint.core.diagnostic import Edit, Location
from archlint.fixes.document import Document
from archlint.fixes.patches import split

_FUTURE, _STANDARD, _THIRD, _FIRST, _RELATIVE = range(5)


class Imported(NamedTuple):
    """What an import is called in a file, and the edit that makes it so (none if it is there)."""

    name: str
    edit: Edit | None
    rank: tuple[int, bool, str] = (0, False, "")  # of new lines at one place: which one comes first


class _Line(NamedTuple):
    """One import statement at the head of a module."""

    line: cst.SimpleStatementLine
    node: cst.Import | cst.ImportFrom
    module: str


def imported(document: Document, wanted: str) -> Imported | None:
    """The local name of ``module`` or ``module:name``; ``None`` when it cannot be had."""
    module, _, name = wanted.partition(":")
    lines = _head(document.module)
    known = _known(lines, module, name)
    if known:
        return Imported(known, None)
    local = name or module
    if _taken(document, local.partition(".")[0], module if not name else ""):
        return None
    for line in lines:
        if name and line.module == module and isinstance(line.node, cst.ImportFrom):
            edit = _extended(document, line.node, name)
            if edit is not None:
                return Imported(local, edit)
    key = _key(module, is_from=bool(name), own=_own_package(lines))
    return Imported(local, _inserted(document, lines, module, name), key)


def _head(module: cst.Module) -> list[_Line]:
    """The imports at the top level, up to the first other statement behind one."""
    found: list[_Line] = []
    for statement in module.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            if found:
                break
            continue
        node = statement.body[0]
        if isinstance(node, cst.Import | cst.ImportFrom):
            found.append(_Line(statement, node, _module_of(node)))
        elif found and not isinstance(node, cst.Expr):
            break
    return found


def _module_of(node: cst.Import | cst.ImportFrom) -> str:
    if isinstance(node, cst.Import):
        return get_full_name_for_node(node.names[0].name) or ""
    name = get_full_name_for_node(node.module) or "" if node.module is not None else ""
    return "." * len(node.relative) + name


def _known(lines: Sequence[_Line], module: str, name: str) -> str:
    """What the module or name goes by already."""
    parent, _, last = module.rpartition(".")
    for line in lines:
        if isinstance(line.node.names, cst.ImportStar):
            continue
        for alias in line.node.names:
            full = get_full_name_for_node(alias.name) or ""
            local = _alias(alias)
            if isinstance(line.node, cst.Import):
                if full == module and not name:
                    return local or module
                if full == module:
                    return f"{local or module}.{name}"
            elif (line.module, full) == (module, name):
                return local or name
            elif (line.module, full) == (parent, last):
                return f"{local or last}.{name}" if name else local or last
    return ""


def _alias(alias: cst.ImportAlias) -> str:
    return alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else ""


def _taken(document: Document, name: str, package: str) -> bool:
    """Whether a name means something else somewhere in the file; modules of ``package`` share theirs."""
    return any(name in _bound(node, package) for node in document.parents)


def _bound(node: cst.CSTNode, package: str) -> tuple[str, ...]:
    """The names that a node binds."""
    if isinstance(node, cst.AssignTarget | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr):
        return tuple(_names(node.target))
    if isinstance(node, cst.Param | cst.FunctionDef | cst.ClassDef | cst.AsName):
        return tuple(_names(node.name))
    if isinstance(node, cst.ImportAlias) and node.asname is None:
        full = get_full_name_for_node(node.name) or ""
        top = full.partition(".")[0]
        return () if top == package.partition(".")[0] else (top,)
    return ()


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names(element.value)


def _extended(document: Document, node: cst.ImportFrom, name: str) -> Edit | None:
    """``from module import …`` with one name more, in its place if the names are sorted."""
    if isinstance(node.names, cst.ImportStar):
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
    newline = document.module.default_newline
    text = f"from {module} import {name}" if name else f"import {module}"
    if not lines:
        return _first_import(document, text, newline)
    key = _key(module, is_from=bool(name), own=_own_package(lines))
    keys = [
        _key(line.module, is_from=isinstance(line.node, cst.ImportFrom), own=_own_package(lines))
        for line in lines
    ]
    place = next((index for index, known in enumerate(keys) if known > key), len(lines))
    before = keys[place - 1] if place else None
    after = keys[place] if place < len(keys) else None
    if place < len(lines) and (before is None or before[0] != key[0]):
        at = document.location(lines[place].node)
        gap = newline if after is not None and after[0] != key[0] else ""
        return Edit(_point(document, at.line, 0), f"{text}{newline}{gap}")
    at = document.location(lines[place - 1].node)
    gap = newline if before is not None and before[0] != key[0] else ""
    return Edit(_after(document, at.end_line), f"{gap}{text}{newline}")


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
    last = absolute[-1]
    top = last.module.partition(".")[0]
    group = [line for line in absolute if line.module.partition(".")[0] == top]
    apart = any(isinstance(blank, cst.EmptyLine) for blank in group[0].line.leading_lines)
    return top if apart and group == absolute[-len(group) :] and top not in sys.stdlib_module_names else ""


def _first_import(document: Document, text: str, newline: str) -> Edit:
    """The first import of a module: behind its docstring and its leading comments."""
    body = document.module.body
    if body and document.module.get_docstring() is not None:
        line = document.location(body[0]).end_line
        return Edit(_after(document, line), f"{newline}{text}{newline}")
    if body:
        first = document.location(_decorated(body[0])).line
        line = first - len(getattr(body[0], "leading_lines", ()))
        return Edit(_point(document, line, 0), f"{text}{newline}{newline}")
    return Edit(_point(document, len(split(document.text)) + 1, 0), f"{text}{newline}")


def _decorated(node: cst.CSTNode) -> cst.CSTNode:
    decorators = getattr(node, "decorators", ())
    return decorators[0] if decorators else node


def _point(document: Document, line: int, column: int) -> Location:
    return Location(document.path, line, column, line, column)


def _after(document: Document, line: int) -> Location:
    """The beginning of the line behind a line."""
    return _point(document, line + 1, 0)

"""Text of a client made harmless where it acts: in a path, in a page, in a statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.project.remedies.places import FUNCTIONS, assigned, call_at, keeps_comments, last_name, text_of

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.taint.origins import Source

_HOLE = re.compile(r"\{([A-Za-z_][\w.]*)\}")
#: What stands in front of a value in a statement: a comparison, or a row of values. What stands
#: elsewhere may be a column, a condition or a list.
_BEFORE_VALUE = re.compile(
    r"(?:[=<>]|\bi?like|\bbetween|\bbetween\s+\S+\s+and|\bvalues\s*\([^()]*[(,]|\bvalues\s*\()\s*$",
    re.IGNORECASE,
)
_AFTER_VALUE = re.compile(r"\s*(?:$|[),;\"]|\b(?:and|or|order|group|limit|returning)\b)", re.IGNORECASE)
#: Parts of a page in which escaped text can still be code.
_NO_TEXT = ("<script", "<style", "href=", "src=", "javascript:", " on")


def own_name(file: File, location: Location) -> Fix | None:
    """The last part of the name of an uploaded file, which leaves the folder it is put into alone."""
    node = call_at(file, location)
    names = list(_file_names(file, node)) if node is not None else []
    if len(names) != 1:
        return None
    recipe = Recipe.of("wrap", file.locate(names[0]), "pathlib:Path", code="$0({self}).name")
    return Fix("Keep the last part of the name only", Applicability.UNSAFE, recipes=(recipe,))


def _file_names(file: File, node: ast.Call) -> Iterator[ast.expr]:
    """Where a call is given the name of an upload: there, or where a local name for it is made."""
    given = (part for value in _values(node) for part in ast.walk(value))
    for part in given:
        value = assigned(file, part) if isinstance(part, ast.Name) else part
        if isinstance(value, ast.Attribute) and value.attr == "filename":
            yield value


def _values(node: ast.Call) -> Iterator[ast.expr]:
    yield from node.args
    yield from (keyword.value for keyword in node.keywords)
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def escaped(file: File, location: Location, source: Source) -> Fix | None:
    """The one thing escaped in a text of HTML that is no part of the program.

    What has passed through other functions may be HTML by now, with tags of the program in it.
    """
    node = _text_at(file, location) if not source.hops else None
    holes = list(_holes(node)) if node is not None else []
    if node is None or len(holes) != 1 or not isinstance(holes[0], ast.Name | ast.Attribute | ast.Subscript):
        return None
    if any(word in text_of(file, node).lower() for word in _NO_TEXT):
        return None
    at = file.locate(holes[0])
    if file.mentions(("django",)):
        recipe = Recipe.of("wrap", at, "django.utils.html:escape", code="$0({self})")
    else:
        code = "$0.escape({self})" if _is_text_parameter(file, holes[0]) else "$0.escape(str({self}))"
        recipe = Recipe.of("wrap", at, "html", code=code)
    return Fix("Escape it", Applicability.UNSAFE, recipes=(recipe,))


def _is_text_parameter(file: File, node: ast.expr) -> bool:
    owner = file.index.enclosing(node, FUNCTIONS)
    return owner is not None and any(
        isinstance(node, ast.Name)
        and arg.arg == node.id
        and isinstance(arg.annotation, ast.Name)
        and arg.annotation.id == "str"
        for arg in owner.args.args
    )


def _text_at(file: File, location: Location) -> ast.expr | None:
    """The text that a call is given, or that a function returns, at a place."""
    call = call_at(file, location)
    if call is not None:
        texts = [value for value in _values(call) if isinstance(value, ast.JoinedStr | ast.BinOp)]
        return texts[0] if len(texts) == 1 else None
    returned = file.return_at(location.line)
    return returned.value if returned is not None else None


def _holes(node: ast.expr) -> Iterator[ast.expr]:
    """What is put into a text: the parts that are no literals."""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield part.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _holes(node.left)
        yield from _holes(node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        yield from node.right.elts if isinstance(node.right, ast.Tuple) else (node.right,)
    elif not isinstance(node, ast.Constant):
        yield node


# -- statements ---------------------------------------------------------------------------------------


def with_parameters(file: File, location: Location) -> Fix | None:
    """Named parameters in the place of the values in an f-string that ``text()`` makes a statement of."""
    made = call_at(file, location)
    if made is not None and last_name(made.func) != "text":
        made = made.args[0] if len(made.args) == 1 and isinstance(made.args[0], ast.Call) else None
    node = file.index.parent(made) if made is not None else None
    if made is None or last_name(made.func) != "text" or len(made.args) != 1:
        return None
    if not isinstance(node, ast.Call) or node.args != [made] or node.keywords:
        return None
    literal = _literal(file, made.args[0])
    found = bound(text_of(file, literal)) if literal is not None else None
    if literal is None or found is None:
        return None
    statement, names = found
    given = ", ".join(f'"{_parameter(name)}": {name}' for name in dict.fromkeys(names))
    end = file.locate(made)
    point = Location(end.path, end.end_line, end.end_column, end.end_line, end.end_column)
    return Fix(
        "Hand the values over as parameters",
        Applicability.UNSAFE,
        edits=(Edit(file.locate(literal), statement), Edit(point, f", {{{given}}}")),
    )


def _literal(file: File, node: ast.expr) -> ast.JoinedStr | None:
    """The f-string that a text is, or that the only use of a name stands for."""
    if isinstance(node, ast.Name):
        uses = [n for n in file.index.nodes(ast.Name) if n.id == node.id]
        value = assigned(file, node) if len(uses) == 2 else None
        return value if isinstance(value, ast.JoinedStr) else None
    return node if isinstance(node, ast.JoinedStr) else None


def _parameter(name: str) -> str:
    return name.replace(".", "_")


def bound(literal: str) -> tuple[str, list[str]] | None:
    """The literal without its values, and these; None where one may be more than a value."""
    if not re.match(r"[fF](?:\"|')", literal) or "{{" in literal or "}}" in literal or "\\" in literal:
        return None
    names: list[str] = []
    text, position = "", 1
    quote = literal[-1]
    for hole in _HOLE.finditer(literal):
        before, after = literal[position : hole.start()], literal[hole.end() :]
        if quote == '"' and before.endswith("'") and after.startswith("'"):
            before, position = before[:-1], hole.end() + 1
        else:
            position = hole.end()
        text += before
        if not _BEFORE_VALUE.search(text) or not _AFTER_VALUE.match(literal[position:]):
            return None
        names.append(hole[1])
        text += f":{_parameter(hole[1])}"
    text += literal[position:]
    return (text, names) if names and "{" not in text else None


# -- documents ----------------------------------------------------------------------------------------

#: Functions of PyYAML that build whatever a document names, with those that build plain values only.
_PLAIN_VALUES = {
    "yaml.load": "safe_load",
    "yaml.unsafe_load": "safe_load",
    "yaml.full_load": "safe_load",
    "yaml.load_all": "safe_load_all",
    "yaml.unsafe_load_all": "safe_load_all",
    "yaml.full_load_all": "safe_load_all",
}


def plain_values(file: File, location: Location, name: str) -> Fix | None:
    """``yaml.safe_load`` in the place of ``yaml.load``."""
    node = call_at(file, location)
    if node is None or name not in _PLAIN_VALUES or not 0 < len(node.args) < 3:
        return None
    first, rest = node.args[0], [keyword for keyword in node.keywords if keyword.arg != "Loader"]
    if rest or isinstance(first, ast.Starred) or not keeps_comments(file, node, first):
        return None
    code = f"$0.{_PLAIN_VALUES[name]}({text_of(file, first)})"
    recipe = Recipe.of("replace", location, "yaml", code=code)
    return Fix("Load plain values only", Applicability.SAFE, recipes=(recipe,))

"""Secrets made, compared and read in ways that give nothing away."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Applicability, Edit, Fix, Location, Recipe
from archlint.model.summary import Call
from archlint.project.remedies.places import (
    FUNCTIONS,
    assigned,
    call_at,
    called_in,
    default_of,
    keeps_comments,
    keyword_of,
    module_seen_from,
    name_of,
    text_of,
)
from archlint.project.types import members

if TYPE_CHECKING:
    from archlint.project.file import File

#: Functions of ``random`` that ``secrets`` has, too.
_TWINS = {"choice": "choice", "getrandbits": "randbits"}


def unpredictable(file: File, location: Location, name: str) -> Fix | None:
    """``secrets`` in the place of a function of ``random``: what it has not, its generator has."""
    node = call_at(file, location)
    module, _, function = name.partition(".")
    if node is None or module != "random" or "." in function or not _is_plain(node.func, function):
        return None
    callee = f"$0.{_TWINS[function]}" if function in _TWINS else f"$0.SystemRandom().{function}"
    recipe = Recipe.of("call", location, "secrets", callee=callee)
    return Fix("Make it with `secrets`", Applicability.SAFE, recipes=(recipe,))


def _is_plain(func: ast.expr, function: str) -> bool:
    """Whether a function is called by its name in its module."""
    if isinstance(func, ast.Attribute):
        return func.attr == function and isinstance(func.value, ast.Name)
    return isinstance(func, ast.Name)


class _Text(NamedTuple):
    """What one side of a comparison is."""

    kind: str  # "str" or "bytes"; empty where it is not known
    is_optional: bool = False  # whether it may be None


def compared_in_constant_time(
    file: File, location: Location, left: frozenset[str], right: frozenset[str]
) -> Fix | None:
    """``hmac.compare_digest`` for ``==`` and ``!=`` of two sides whose types have these names.

    It takes texts of ASCII characters only, so that texts are encoded first; None has to be kept out.
    """
    node = next((n for n in file.index.nodes(ast.Compare) if file.locate(n) == location), None)
    if node is None or len(node.ops) != 1:
        return None
    sides = node.left, node.comparators[0]
    texts = _text(file, sides[0], left), _text(file, sides[1], right)
    kind = texts[0].kind
    optional = [side for side, text in zip(sides, texts, strict=True) if text.is_optional]
    if not kind or kind != texts[1].kind or not keeps_comments(file, node, *sides):
        return None
    if len(optional) > 1 or not all(isinstance(side, ast.Name) for side in optional):
        return None
    way = _encoded if kind == "str" else text_of
    code = f"$0.compare_digest({', '.join(way(file, side) for side in sides)})"
    is_equal = isinstance(node.ops[0], ast.Eq)
    if not is_equal:
        code = f"not {code}"
    if optional:
        name = text_of(file, optional[0])
        code = f"{name} is not None and {code}" if is_equal else f"{name} is None or {code}"
    if isinstance(file.index.parent(node), ast.expr) and not code.startswith("$"):
        code = f"({code})"
    recipe = Recipe.of("replace", location, "hmac", code=code)
    return Fix("Compare with `hmac.compare_digest`", Applicability.UNSAFE, recipes=(recipe,))


#: Methods whose result is text or bytes, whatever they are called on here.
_MAKES = {
    "hexdigest": "str",
    "get_secret_value": "str",
    "decode": "str",
    "digest": "bytes",
    "encode": "bytes",
}
#: Mappings of text.
_TEXTS = frozenset(("headers", "cookies", "environ", "META"))


def _text(file: File, node: ast.expr, types: frozenset[str], depth: int = 3) -> _Text:
    """What is known of a side: by how it is made, else by its type."""
    if isinstance(node, ast.Name) and depth and (value := assigned(file, node)) is not None:
        return _text(file, value, types, depth - 1)
    if isinstance(node, ast.Name) and _may_be_left_out(file, node):
        types |= {"None"}
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Attribute):
            return _Text("")
        if node.func.attr in _MAKES:
            return _Text(_MAKES[node.func.attr])
        if node.func.attr == "get" and _ends_in_texts(node.func.value):
            return _Text("str", len(node.args) < 2 or not _is_text(node.args[1]))
        return _Text("")
    if isinstance(node, ast.Subscript):
        return _Text("str" if _ends_in_texts(node.value) else "")
    kinds = types - {"None"}
    return _Text(min(kinds), "None" in types) if kinds in ({"str"}, {"bytes"}) else _Text("")


def _may_be_left_out(file: File, node: ast.Name) -> bool:
    """Whether a name is a parameter whose default is None, also inside of ``Header(None)`` and its kin."""
    owner = file.index.enclosing(node, FUNCTIONS)
    arguments = (*owner.args.args, *owner.args.kwonlyargs) if owner is not None else ()
    default = next((default_of(file, arg) for arg in arguments if arg.arg == node.id), None)
    if isinstance(default, ast.Call):
        default = default.args[0] if default.args else keyword_of(default, "default")
    return isinstance(default, ast.Constant) and default.value is None


def _ends_in_texts(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _TEXTS


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _encoded(file: File, node: ast.expr) -> str:
    code = text_of(file, node)
    is_tight = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return f"{code}.encode()" if is_tight else f"({code}).encode()"


def hashed(file: File, location: Location, column: str, helper: str) -> Fix | None:
    """A password given to the project's own function that hashes one, where a row is made.

    ``helper`` is written ``path:name``.
    """
    node = call_at(file, location)
    value = keyword_of(node, column) if node is not None else None
    name, imports = _of_project(file, helper)
    if node is None or value is None or not name or not _is_given_text(file, node, column):
        return None
    recipe = Recipe.of("wrap", file.locate(value), *imports, code=f"{name}({{self}})")
    message = f"Hash it with `{helper.rpartition(':')[2]}()`"
    return Fix(message, Applicability.UNSAFE, recipes=(recipe,))


def _of_project(file: File, helper: str) -> tuple[str, tuple[str, ...]]:
    """What a function of the project (``path:name``) is called in a file, and what has to be imported."""
    path, _, name = helper.rpartition(":")
    if path == file.name:
        return name, ()
    module = module_seen_from(file, path) if name else ""
    return ("$0", (f"{module}:{name}",)) if module else ("", ())


def checked(file: File, location: Location, helper: str, *, stored_first: bool, swapped: bool) -> Fix | None:
    """The project's own check of a password against its hash, where two texts were compared.

    ``stored_first`` says which side is the stored one, ``swapped`` whether the check takes them the other
    way round.
    """
    node = next((n for n in file.index.nodes(ast.Compare) if file.locate(n) == location), None)
    whole = node or call_at(file, location)
    sides = [node.left, *node.comparators] if node is not None else getattr(whole, "args", [])
    name, imports = _of_project(file, helper)
    if whole is None or len(sides) != 2 or not name or not all(isinstance(side, _PLAIN) for side in sides):
        return None
    if not keeps_comments(file, whole, *sides):
        return None
    stored, given = sides if stored_first else sides[::-1]
    order = (stored, given) if swapped else (given, stored)
    code = f"{name}({', '.join(text_of(file, side) for side in order)})"
    if node is not None and isinstance(node.ops[0], ast.NotEq):
        code = f"(not {code})" if isinstance(file.index.parent(node), ast.Compare) else f"not {code}"
    recipe = Recipe.of("replace", location, *imports, code=code)
    message = f"Check it with `{helper.rpartition(':')[2]}()`"
    return Fix(message, Applicability.UNSAFE, recipes=(recipe,))


#: What stands for a text without being worked out: no side is encoded, or in other letters, first.
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript)


def _is_given_text(file: File, node: ast.Call, keyword: str) -> bool:
    """Whether a keyword argument is certainly a text, and no ``SecretStr``."""
    found = called_in(file, node)
    if found is None:
        return False
    function, index = found
    row = function.scope.calls[index]
    given = dict(row[Call.KEYWORDS]).get(keyword)
    value = file.world.evaluator.eval(given, function.frame, row[Call.BLOCK], row[Call.ORDER])
    return [kind.name for kind in members(value)] == ["str"]


def masked(file: File, location: Location, name: str) -> Fix | None:
    """``"***"`` for a credential among the arguments of a call that writes to a log."""
    node = call_at(file, location)
    given = [*node.args, *(keyword.value for keyword in node.keywords)] if node is not None else []
    found = [value for value in given if name_of(value) == name]
    if len(found) == 1 and found[0] is not given[0]:
        recipe = Recipe.of("replace", file.locate(found[0]), code='"***"')
        return Fix("Mask it", Applicability.UNSAFE, recipes=(recipe,))
    texts = [value for value in given if isinstance(value, ast.JoinedStr)]
    holes = [
        h
        for text in texts
        for h in text.values
        if isinstance(h, ast.FormattedValue) and name_of(h.value) == name
    ]
    if len(holes) != 1:
        return None
    inner = file.locate(holes[0].value)
    line = file.lines[inner.line - 1]
    if line[inner.column - 1 : inner.column] != "{" or line[inner.end_column : inner.end_column + 1] != "}":
        return None
    hole = Location(inner.path, inner.line, inner.column - 1, inner.end_line, inner.end_column + 1)
    return Fix("Mask it", Applicability.UNSAFE, edits=(Edit(hole, "***"), *_without_prefix(file, holes[0])))


def _without_prefix(file: File, hole: ast.FormattedValue) -> tuple[Edit, ...]:
    """No ``f`` in front of a text that nothing is put into any more."""
    text = file.index.parent(hole)
    at = (
        file.locate(text)
        if isinstance(text, ast.JoinedStr)
        and sum(isinstance(part, ast.FormattedValue) for part in text.values) == 1
        else None
    )
    code = text_of(file, text) if at is not None and text is not None else ""
    if (
        at is None
        or code[:1] not in ("f", "F")
        or code[1:2] not in ("'", '"')
        or "{{" in code
        or "}}" in code
    ):
        return ()
    return (Edit(Location(at.path, at.line, at.column, at.line, at.column + 1), ""),)


def verified(file: File, location: Location) -> Fix | None:
    """A token decoded with its check: no option switches it off, and ``none`` is no algorithm."""
    node = call_at(file, location)
    recipe = _without_none(file, node) or _without_option(file, node) if node is not None else None
    return None if recipe is None else Fix("Check the signature", Applicability.UNSAFE, recipes=(recipe,))


def _without_none(file: File, node: ast.Call) -> Recipe | None:
    """The list of algorithms without ``none``, if others remain."""
    given = (*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "algorithms"))
    for value in given:
        parts = value.elts if isinstance(value, ast.List | ast.Tuple) else []
        kept = [
            part
            for part in parts
            if not (isinstance(part, ast.Constant) and str(part.value).lower() == "none")
        ]
        if len(kept) < len(parts) and kept and keeps_comments(file, value, *kept):
            code = f"[{', '.join(text_of(file, part) for part in kept)}]"
            return Recipe.of("replace", file.locate(value), code=code)
    return None


def _without_option(file: File, node: ast.Call) -> Recipe | None:
    """The call without what switches the check off, where key and algorithms are given for it."""
    if len(node.args) < 2 or keyword_of(node, "algorithms") is None:
        return None
    if isinstance(node.args[1], ast.Constant) and not node.args[1].value:
        return None
    off = [word for word in ("verify", "options") if keyword_of(node, word) is not None]
    value = keyword_of(node, off[0]) if len(off) == 1 else None
    switches = (
        [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
        if isinstance(value, ast.Dict)
        else []
    )
    if switches != ["verify_signature"] and not isinstance(value, ast.Constant):
        return None
    return Recipe.of("without", file.locate(node), name=off[0])

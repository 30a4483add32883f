"""Secrets made, compared and read in ways that give nothing away."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archlint.core.diagnostic import Applicability, Fix, Location, Recipe
from archlint.project.remedies.places import assigned, call_at, keeps_comments, text_of

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


def _ends_in_texts(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _TEXTS


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _encoded(file: File, node: ast.expr) -> str:
    code = text_of(file, node)
    is_tight = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return f"{code}.encode()" if is_tight else f"({code}).encode()"


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

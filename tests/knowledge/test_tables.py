"""Every entry of the knowledge tables keeps to the grammar, and no two tables name the same thing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import archlint.knowledge
from archlint.knowledge.advice import ADVICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

EFFECTS = set("BCQWMATEDF")
SPECIAL = re.compile(
    r"<(?:init|iter|aiter|enter|aenter|any|getitem|getslice|len|bool|call|contains|await|next|item\d)>"
)
BUILTINS = {
    "str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set", "frozenset", "object", "type",
    "complex", "Exception",
}  # fmt: skip
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
TOKEN = re.compile(r"\s*(\$(?:arg\d(?:\.t)?|self|cls|[tu]|\d)|[A-Za-z_][\w.]*|[\[\],|?])")


def tables() -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(archlint.knowledge.__path__)]
    modules = [importlib.import_module(f"archlint.knowledge.{name}") for name in names]
    return [m for m in modules if any(hasattr(m, table) for table in ("FUNCTIONS", "CLASSES", "ALIASES"))]


def entries(table: str) -> Iterator[tuple[ModuleType, str, object]]:
    for module in tables():
        for key, value in getattr(module, table, {}).items():
            yield module, key, value


def tokens(text: str) -> list[str]:
    found, position = [], 0
    while position < len(text.rstrip()):
        match = TOKEN.match(text, position)
        assert match, f"cannot read {text[position:]!r}"
        found.append(match[1])
        position = match.end()
    return found


def read_union(rest: list[str]) -> None:
    """Consume one type: names with optional arguments, joined by bars."""
    while True:
        name = rest.pop(0) if rest else ""
        assert name not in {"", "[", "]", ",", "|"}, "a type is missing"
        assert name in {"?", "None"} | BUILTINS or name[0] == "$" or "." in name, f"what is {name!r}?"
        assert name == "?" or name[0] == "$" or DOTTED.fullmatch(name), "a dot too many"
        if rest and rest[0] == "[":
            read_arguments(rest)
        if not rest or rest[0] != "|":
            return
        rest.pop(0)


def read_arguments(rest: list[str]) -> None:
    while rest and rest.pop(0) != "]":
        read_union(rest)
        assert rest[:1] in ([","], ["]"]), "brackets are not balanced"


def read_type(text: str) -> None:
    rest = tokens(text)
    read_union(rest)
    assert not rest, f"left over: {rest}"


def read_signature(text: str) -> None:
    effects, arrow, result = text.partition("->")
    letters = effects.strip()
    assert set(letters) <= EFFECTS, f"unknown effect letters in {letters!r}"
    assert len(set(letters)) == len(letters), "a letter is repeated"
    assert not ("W" in letters or "M" in letters) or "Q" in letters, "W and M go with Q"
    assert not ("A" in letters and "B" in letters), "what is awaited does not block"
    assert not set("DF") & set(letters) or "B" in letters, "D and F are kinds of blocking"
    if arrow:
        read_type(result)


def read_member(name: str, text: str) -> None:
    if name == "<bases>":
        assert all(DOTTED.fullmatch(base) for base in text.split())
    elif name == "<params>":
        assert all("=" in part for part in text.split())
    elif name.startswith("@"):
        assert DOTTED.fullmatch(name[1:])
        read_signature(text) if "->" in text or set(text) <= EFFECTS else read_type(text)
    else:
        assert SPECIAL.fullmatch(name) or name.isidentifier(), f"what is {name!r}?"
        read_signature(text)


@pytest.mark.parametrize("module", tables(), ids=lambda m: m.__name__.rpartition(".")[2])
def test_grammar(module: ModuleType) -> None:
    """Effects are known letters and types are balanced expressions."""
    wrong = []
    for where, read, arguments in statements(module):
        try:
            read(*arguments)
        except AssertionError as error:
            wrong.append(f"{where}: {arguments[-1]!r}: {error}")
    assert wrong == []


def statements(module: ModuleType) -> Iterator[tuple[str, Callable[..., None], tuple[str, ...]]]:
    for name, text in getattr(module, "FUNCTIONS", {}).items():
        yield name, read_signature, (text,)
    for name, members in getattr(module, "CLASSES", {}).items():
        for member, text in members.items():
            yield f"{name}.{member}", read_member, (member, text)


@pytest.mark.parametrize("table", ["FUNCTIONS", "CLASSES", "ALIASES"])
def test_no_key_twice(table: str) -> None:
    """The loader merges all tables, so one name has one home."""
    counts = Counter(key for _, key, _ in entries(table))
    assert [key for key, count in counts.items() if count > 1] == []


def test_keys_are_qualified_names() -> None:
    keys = [key for table in ("FUNCTIONS", "CLASSES", "ALIASES") for _, key, _ in entries(table)]
    assert [key for key in keys if not DOTTED.fullmatch(key)] == []


def test_aliases_lead_to_entries() -> None:
    """An alias that leads nowhere, or to another alias, is never resolved."""
    homes = {key for table in ("FUNCTIONS", "CLASSES") for _, key, _ in entries(table)}
    prefixes = {home[: dot.start()] for home in homes for dot in re.finditer(r"\.", home)}
    broken = [(key, target) for _, key, target in entries("ALIASES") if target not in homes | prefixes]
    assert broken == []
    assert [key for _, key, _ in entries("ALIASES") if key in homes] == []


def test_bases_exist() -> None:
    """A base in a package that the tables know, but not itself described, is a slip."""
    homes = {key for _, key, _ in entries("CLASSES")}
    packages = {home.partition(".")[0] for home in homes}
    wrong = []
    for _, key, members in entries("CLASSES"):
        assert isinstance(members, dict)
        bases = [base for base in members.get("<bases>", "").split() if base not in homes]
        wrong += [(key, base) for base in bases if base.partition(".")[0] in packages]
    assert wrong == []


def mentioned_types(text: str) -> Iterator[str]:
    result = text.partition("->")[2] if "->" in text else text
    yield from (token for token in tokens(result) if "." in token and token[0] != "$")


def test_types_are_not_spelled_by_an_alias() -> None:
    """A result named by an alias would miss the class that the alias leads to."""
    aliases = {key for _, key, _ in entries("ALIASES")}
    wrong = []
    for _, key, text in entries("FUNCTIONS"):
        wrong += [(key, name) for name in results(str(text)) if name in aliases]
    for _, key, members in entries("CLASSES"):
        assert isinstance(members, dict)
        for member, text in members.items():
            names = mentioned_types(text) if member.startswith("@") else results(text)
            wrong += [(f"{key}.{member}", name) for name in names if name in aliases]
    assert wrong == []


def results(text: str) -> Iterator[str]:
    if "->" in text:
        yield from mentioned_types(text)


def test_advice_is_an_imperative_fragment() -> None:
    assert ADVICE[""]
    verbs = ("use ", "run ", "await ", "`await` ", "read ", "start ", "wrap ", "poll ")
    assert [key for key, text in ADVICE.items() if not text.startswith(verbs) or text.endswith(".")] == []

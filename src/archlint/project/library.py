"""What is known of libraries: the knowledge tables, merged and parsed on demand."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from archlint import knowledge


class Signature(NamedTuple):
    """What calling (or reading) a library member does and gives.

    ``effects`` are the letters of the tables: B blocks, D small disk operation, F file,
    C CPU, Q query, W write, M many rows at once, A awaitable, T runs its argument in a
    thread, E enqueues. ``result`` is a parsed type expression or None.
    """

    effects: frozenset[str]
    result: TypeExpr | None


class TypeExpr(NamedTuple):
    """A parsed type expression: alternatives of ``name[args]``."""

    name: str
    args: tuple[TypeExpr, ...] = ()


class Library:
    """Look-up of functions and class members by qualified name."""

    def __init__(self, tables: tuple[Any, ...] | None = None) -> None:
        self.functions: dict[str, str] = {}
        self.classes: dict[str, dict[str, str]] = {}
        self.aliases: dict[str, str] = {}
        self.objects: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.slices: dict[str, str] = {}
        self.first_items: dict[str, str] = {}
        for table in tables if tables is not None else _tables():
            self.functions.update(getattr(table, "FUNCTIONS", {}))
            for name, members in getattr(table, "CLASSES", {}).items():
                self.classes.setdefault(name, {}).update(members)
            self.aliases.update(getattr(table, "ALIASES", {}))
            self.objects.update(getattr(table, "OBJECTS", {}))
            self.parameters.update(getattr(table, "PARAMETERS", {}))
            self.slices.update(getattr(table, "SLICES", {}))
            self.first_items.update(getattr(table, "FIRST_ITEMS", {}))
        self.roots = frozenset(
            name.partition(".")[0] for group in (self.functions, self.classes, self.aliases) for name in group
        )
        self._mro: dict[str, tuple[str, ...]] = {}

    @cached_property
    def awaitable_words(self) -> frozenset[str]:
        """The last words of everything that gives an awaitable: a cheap question before the real one."""
        found = {name.rpartition(".")[2] for name, text in self.functions.items() if _is_awaitable(text)}
        for members in self.classes.values():
            found.update(name for name, text in members.items() if _is_awaitable(text))
        return frozenset(found)

    def canonical(self, name: str) -> str:
        """The one name under which the tables know a thing, whatever path it was imported by."""
        seen = 0
        while seen < 5:
            if name in self.aliases:
                name = self.aliases[name]
            else:
                head, _, tail = name.rpartition(".")
                moved = ""
                while head:
                    if head in self.aliases:
                        moved = f"{self.aliases[head]}.{tail}"
                        break
                    head, _, part = head.rpartition(".")
                    tail = f"{part}.{tail}"
                if not moved or moved == name:
                    return name
                name = moved
            seen += 1
        return name

    def is_class(self, name: str) -> bool:
        """Whether the tables describe this class."""
        return name in self.classes

    def mro(self, name: str) -> tuple[str, ...]:
        """The class and its known bases, nearest first."""
        found = self._mro.get(name)
        if found is None:
            order = [name]
            for base in self.classes.get(name, {}).get("<bases>", "").split():
                order += [c for c in self.mro(self.canonical(base)) if c not in order]
            found = self._mro[name] = tuple(order)
        return found

    def function(self, name: str) -> Signature | None:
        """The signature of a library function."""
        text = self.functions.get(name)
        return None if text is None else parse(text)

    def member(self, cls: str, name: str) -> Signature | None:
        """The signature of a method, protocol (``<iter>``) or attribute (``@name``) of a library class."""
        for base in self.mro(cls):
            text = self.classes.get(base, {}).get(name)
            if text is not None:
                return parse(text if "->" in text or name[0] != "@" else f"-> {text}")
        return None

    def object(self, name: str) -> Signature | None:
        """The type of a ready-made object of a library, as the result of a signature."""
        text = self.objects.get(name)
        return None if text is None else parse(f"-> {text}")


def _tables() -> tuple[Any, ...]:
    names = sorted(m.name for m in pkgutil.iter_modules(knowledge.__path__))
    return tuple(importlib.import_module(f"archlint.knowledge.{name}") for name in names)


@cache
def parse(text: str) -> Signature:
    """Parse ``"BQ -> list[$t]"``."""
    effects, arrow, result = text.partition("->")
    parsed = _parse_type(result.strip()) if arrow else None
    return Signature(frozenset(effects.strip()), parsed)


def _parse_type(text: str) -> TypeExpr | None:
    alternatives = [_parse_single(part.strip()) for part in _split(text, "|")]
    kept = tuple(a for a in alternatives if a is not None)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else TypeExpr("|", kept)


def _parse_single(text: str) -> TypeExpr | None:
    name, bracket, rest = text.partition("[")
    if not name or name == "?":
        return None
    if not bracket:
        return TypeExpr(name)
    inner = [_parse_type(part.strip()) or TypeExpr("?") for part in _split(rest.rstrip()[:-1], ",")]
    return TypeExpr(name.strip(), tuple(inner))


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def _is_awaitable(text: str) -> bool:
    """Whether a signature has the letter A."""
    return "A" in text.partition("->")[0]


@lru_cache(maxsize=1)
def library() -> Library:
    """The merged tables, built once per process."""
    return Library()

"""Writes programs at random: every kind of expression and statement, inside every other one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

NAMES = ("a", "session", "db", "User", "objects", "self", "password", "requests", "select", "é", "item")
ATTRIBUTES = ("get", "filter", "all", "objects", "execute", "items", "id", "password", "save", "__init__")
LITERALS = ("0", "1.5", "'text'", "b'raw'", "None", "True", "...", "f'{a!r} {db.get(1)}'", "10**9", "-1")
OPERATORS = ("+", "|", "@", "**", "and", "or", "is not", "in", "==", "<", "not in")
IMPORTS = (
    *("from .models import *", "import db.models as db", "from sqlalchemy import select", "import requests"),
    *("from django.db import models", "from fastapi import Depends", "from .. import session as db"),
)
SIMPLE = ("pass", "break", "continue", "global a", "nonlocal a", "return", "raise", "...", "'doc'")


class Writer:
    """Writes one program; draws from ``rng`` alone."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def program(self) -> str:
        """A few statements."""
        return "".join(line + "\n" for _ in range(self._rng.randint(0, 5)) for line in self.statement(4))

    def statement(self, depth: int) -> list[str]:
        """The lines of one statement."""
        if depth <= 0 or self._rng.random() < 0.5:
            return [self._rng.choice(_SIMPLE)(self)]
        return self._rng.choice(_COMPOUND)(self, depth - 1)

    def body(self, depth: int) -> list[str]:
        """Some indented statements."""
        count = self._rng.randint(1, 3)
        return ["    " + line for _ in range(count) for line in self.statement(depth)]

    def expression(self, depth: int = 3) -> str:
        """One expression, in brackets wherever it might need them."""
        if depth <= 0 or self._rng.random() < 0.3:
            return self.pick(NAMES if self._rng.random() < 0.7 else LITERALS)
        return self._rng.choice(_EXPRESSIONS)(self, depth - 1)

    def pick(self, words: Sequence[str]) -> str:
        """One of some words."""
        return self._rng.choice(words)

    def maybe(self, word: str) -> str:
        """The word or nothing."""
        return word if self._rng.random() < 0.4 else ""

    def some(self, write: Callable[[], str], most: int = 3) -> str:
        """Up to so many things, with commas between."""
        return ", ".join(write() for _ in range(self._rng.randint(0, most)))

    def target(self) -> str:
        """What can be assigned to."""
        return self.pick(("a", "item", "a.b", "a[0]", "(a, *b)", "[a, (b.c, d)]", "a, b", "self.session"))

    def parameters(self, depth: int) -> str:
        """The parameters of a function; never the same name twice."""
        default, annotation = self.expression(depth), self.expression(depth)
        return self.pick(
            (
                "",
                "self",
                f"self, a: {annotation} = {default}",
                f"a, /, b=({default}), *args: ({annotation}), c, d=({default}), **kwargs",
                f"*, session: 'Session | None' = ({default})",
                f"a: '{annotation.replace(chr(39), '')}'",
            )
        )

    def call(self, depth: int) -> str:
        """A call, with stars and keywords."""
        positional = self.some(lambda: self.maybe("*") + f"({self.expression(depth)})")
        keywords = self.pick(
            ("", "", f"{self.pick(NAMES)}=({self.expression(depth)})", f"**({self.expression(depth)})")
        )
        return f"({self.expression(depth)})({', '.join(part for part in (positional, keywords) if part)})"

    def clauses(self, depth: int) -> str:
        """The loops and conditions of a comprehension."""
        parts = []
        for _ in range(self._rng.randint(1, 2)):
            parts.append(f"{self.maybe('async ')}for {self.target()} in ({self.expression(depth)})")
            parts.append(self.maybe(f"if ({self.expression(depth)})"))
        return " ".join(part for part in parts if part)

    def decorators(self, depth: int) -> list[str]:
        """One decorator or none."""
        return [f"@({self.expression(depth)})"] if self._rng.random() < 0.3 else []


_EXPRESSIONS: tuple[Callable[[Writer, int], str], ...] = (
    Writer.call,
    Writer.call,
    lambda w, d: f"({w.expression(d)}).{w.pick(ATTRIBUTES)}",
    lambda w, d: f"({w.expression(d)}).{w.pick(ATTRIBUTES)}({w.expression(d)})",
    lambda w, d: f"({w.expression(d)})[{w.expression(d)}]",
    lambda w, d: f"({w.expression(d)})[{w.expression(d)}:, ::{w.expression(d)}]",
    lambda w, d: f"({w.expression(d)} {w.pick(OPERATORS)} {w.expression(d)} {w.pick(OPERATORS)} a)",
    lambda w, d: f"({w.expression(d)} if {w.expression(d)} else {w.expression(d)})",
    lambda w, d: f"(lambda x=({w.expression(d)}), *y, z: {w.expression(d)})",
    lambda w, d: f"(w := {w.expression(d)})",
    lambda w, d: f"(await ({w.expression(d)}))",
    lambda w, d: f"(yield {w.expression(d)})",
    lambda w, d: f"(yield from {w.expression(d)})",
    lambda w, d: f"(not ({w.expression(d)}))",
    lambda w, d: f"[{w.some(lambda: w.maybe('*') + f'({w.expression(d)})')}]",
    lambda w, d: f"({w.expression(d)}, *({w.expression(d)}))",
    lambda w, d: f"{{{w.expression(d)}: {w.expression(d)}, **({w.expression(d)})}}",
    lambda w, d: f"{{{w.expression(d)}, {w.expression(d)}}}",
    lambda w, d: f"[{w.expression(d)} {w.clauses(d)}]",
    lambda w, d: f"{{{w.expression(d)} {w.clauses(d)}}}",
    lambda w, d: f"{{({w.expression(d)}): ({w.expression(d)}) {w.clauses(d)}}}",
    lambda w, d: f"({w.expression(d)} {w.clauses(d)})",
)

_SIMPLE: tuple[Callable[[Writer], str], ...] = (
    Writer.expression,
    Writer.expression,
    lambda w: w.pick(SIMPLE),
    lambda w: w.pick(IMPORTS),
    lambda w: f"{w.target()} = {w.maybe('b = ')}{w.expression()}",
    lambda w: f"{w.pick(NAMES)} = {w.expression()}",
    lambda w: f"({w.expression()}).{w.pick(ATTRIBUTES)} = {w.expression()}",
    lambda w: f"{w.pick(NAMES)}: ({w.expression()}) = {w.expression()}",
    lambda w: f"{w.pick(NAMES)} += {w.expression()}",
    lambda w: f"return {w.expression()}",
    lambda w: f"raise {w.expression()} from None",
    lambda w: f"del ({w.expression()})[0], {w.pick(NAMES)}",
    lambda w: f"assert {w.expression()}, {w.expression()}",
)

_COMPOUND: tuple[Callable[[Writer, int], list[str]], ...] = (
    lambda w, d: [
        *w.decorators(2),
        f"{w.maybe('async ')}def {w.pick(NAMES)}({w.parameters(2)}) -> {w.expression(2)}:",
        *w.body(d),
    ],
    lambda w, d: [f"async def {w.pick(NAMES)}({w.parameters(1)}):", *w.body(d), *w.body(d)],
    lambda w, d: [*w.decorators(2), f"class {w.pick(NAMES)}({w.expression(1)}, *b, c=a):", *w.body(d)],
    lambda w, d: [f"{w.maybe('async ')}for {w.target()} in {w.expression()}:", *w.body(d)],
    lambda w, d: [f"for {w.target()} in {w.expression()}:", *w.body(d), "else:", *w.body(d)],
    lambda w, d: [f"while {w.expression()}:", *w.body(d), "else:", *w.body(d)],
    lambda w, d: [f"if {w.expression()}:", *w.body(d), f"elif {w.expression()}:", *w.body(d)],
    lambda w, d: [f"if {w.expression()}:", *w.body(d), "else:", *w.body(d)],
    lambda w, d: [f"{w.maybe('async ')}with {w.expression()} as ({w.target()}), a:", *w.body(d)],
    lambda w, d: ["try:", *w.body(d), f"except {w.expression(1)} as a:", *w.body(d), "finally:", *w.body(d)],
    lambda w, d: ["try:", *w.body(d), f"except* {w.expression(1)}:", *w.body(d), "else:", *w.body(d)],
    lambda w, d: [
        f"match {w.expression()}:",
        f"    case {{'a': [a, *b], **c}} | d.e | User(f, g=1) if {w.expression(1)}:",
        *("    " + line for line in w.body(d)),
    ],
)

"""Breaks a source the way editors, merges and bad disks do: by tokens, lines and characters.

A mutation draws from the ``random.Random`` it is given and from nothing else, so a seed or a
shrunk example brings the same text back.
"""

from __future__ import annotations

import io
import itertools
import random
import re
import tokenize
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, str], str]

#: Characters that text tools trip over: line ends that are none, joiners, marks, other planes.
ODD: tuple[str, ...] = tuple(
    "\x00\x0b\x0c\r\x1a\x85\xa0\xad\u2028\u2029\u200b\u200f\ufeff\u0301ßİ漢é\ufb01\U0001d4bb\U0010ffff\t"
)

#: Pieces of syntax that change what surrounds them.
PIECES: tuple[str, ...] = (
    *("async ", "await ", "yield ", "yield from ", "lambda: ", "lambda *a, **k: ", "not ", "return "),
    *("*", "**", "@", ":=", "->", "...", "()", "[]", "{}", "(", ")", "[", "]", "{", "}", ":", ",", ";", "#"),
    *("'", '"', '"""', "r'", "0x", "1e999", "10**9", "b'\\xff'", "\\", "\\\n", "\n", "\n    ", "\n\t"),
    *(" if x else ", " for x in y", " async for x in y", "f'{x!r:>{w}}'", 'f"{f"{x}"}"', "class A: "),
    *("global x\n", "nonlocal x\n", "import a.b as c\n", "from . import *\n", "from .. import a\n"),
    "match x:\n case {'a': [*_, b], **r}: pass\n",
    "try:\n pass\nexcept* E: pass\n",
    "type X[T: (int, str), *Ts, **P] = T\n",
    "with a as b, c as (d, *e): pass\n",
    "def f(a, /, b=1, *c, d, **e): ",
)

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def mutated(rng: random.Random, text: str, donor: str = "", most: int = 6) -> str:
    """The text after one to ``most`` mutations; ``donor`` lends pieces of itself."""
    for _ in range(rng.randint(1, most)):
        mutation = rng.choice(MUTATIONS)
        text = mutation(rng, text)
        if donor and rng.random() < 0.2:
            text = splice(rng, text, donor)
    return text


def pieces_of(text: str) -> list[str]:
    """The text cut into tokens; into words where it has none."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return _WORD.findall(text)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    edges = {0, len(text)}
    for token in tokens:
        for row, column in (token.start, token.end):
            if row <= len(starts):
                edges.add(min(starts[row - 1] + column, len(text)))
    ordered = sorted(edges)
    return [text[start:end] for start, end in itertools.pairwise(ordered)]


def _span(rng: random.Random, items: Sequence[str], longest: int) -> slice:
    start = rng.randrange(len(items) + 1)
    return slice(start, start + rng.randint(1, longest))


def delete_tokens(rng: random.Random, text: str) -> str:
    pieces = pieces_of(text)
    del pieces[_span(rng, pieces, 4)]
    return "".join(pieces)


def repeat_tokens(rng: random.Random, text: str) -> str:
    pieces = pieces_of(text)
    span = _span(rng, pieces, 6)
    pieces[span] = pieces[span] * rng.randint(2, 4)
    return "".join(pieces)


def swap_tokens(rng: random.Random, text: str) -> str:
    pieces = pieces_of(text)
    if pieces:
        first, second = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        pieces[first], pieces[second] = pieces[second], pieces[first]
    return "".join(pieces)


def insert_piece(rng: random.Random, text: str) -> str:
    pieces = pieces_of(text)
    pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(PIECES))
    return "".join(pieces)


def insert_odd(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(ODD) + text[place:]


def wrap(rng: random.Random, text: str) -> str:
    """Put a token into many brackets, or a name into a long chain."""
    pieces = pieces_of(text)
    if not pieces:
        return text
    place = rng.randrange(len(pieces))
    depth = rng.choice((3, 30, 90, 300))
    kind = rng.randrange(8)
    inner = pieces[place]
    if kind == 0:
        inner = "(" * depth + inner + ")" * depth
    elif kind == 1:
        inner = "[" * depth + inner + "]" * depth
    elif kind == 2:
        inner = inner + ".x" * depth
    elif kind == 3:
        inner = inner + "()" * depth
    elif kind == 4:
        inner = "not " * depth + inner
    elif kind == 5:
        inner = "lambda: " * depth + inner
    elif kind == 6:
        inner = inner + f" | {inner}" * depth
    else:
        inner = inner + f" < {inner}" * depth
    pieces[place] = inner
    return "".join(pieces)


def rename(rng: random.Random, text: str) -> str:
    """Give one name the meaning of another, everywhere."""
    names = sorted(set(re.findall(r"\b[A-Za-z_]\w*\b", text)))
    if len(names) < 2:
        return text
    return re.sub(rf"\b{rng.choice(names)}\b", rng.choice(names), text)


def _by_lines(change: Callable[[random.Random, list[str]], None]) -> Mutation:
    def mutation(rng: random.Random, text: str) -> str:
        lines = text.splitlines(keepends=True)
        change(rng, lines)
        return "".join(lines)

    return mutation


def _delete(rng: random.Random, lines: list[str]) -> None:
    del lines[_span(rng, lines, 8)]


def _repeat(rng: random.Random, lines: list[str]) -> None:
    span = _span(rng, lines, 8)
    lines[span] = lines[span] * 2


def _move(rng: random.Random, lines: list[str]) -> None:
    span = _span(rng, lines, 12)
    taken = lines[span]
    del lines[span]
    place = rng.randrange(len(lines) + 1)
    lines[place:place] = taken


def _shift(rng: random.Random, lines: list[str]) -> None:
    """Indent a run of lines, or dedent it."""
    span = _span(rng, lines, 40)
    unit = rng.choice(("    ", "\t", " "))
    if rng.random() < 0.5:
        lines[span] = [unit + line for line in lines[span]]
    else:
        lines[span] = [line.removeprefix("    ") for line in lines[span]]


def _nest(rng: random.Random, lines: list[str]) -> None:
    """Put a run of lines under a new header."""
    header = rng.choice(HEADERS)
    span = _span(rng, lines, 40)
    block = lines[span]
    margin = min((len(line) - len(line.lstrip(" ")) for line in block if line.strip()), default=0)
    lines[span] = [" " * margin + header + "\n", *("    " + line for line in block)]


HEADERS: tuple[str, ...] = (
    *("async def outer(*args, **kwargs):", "def outer(self, x=lambda: 0):", "class Outer(Base):"),
    *("for item in items:", "async for item in items:", "while (line := read()):", "if a:", "try:"),
    *("with a() as b:", "async with a() as b:", "match value:", "@decorator\nclass Outer[T]:"),
)


def splice(rng: random.Random, text: str, donor: str) -> str:
    """Put some lines of another source into this one."""
    lines, others = text.splitlines(keepends=True), donor.splitlines(keepends=True)
    place = rng.randrange(len(lines) + 1)
    lines[place:place] = others[_span(rng, others, 20)]
    return "".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    delete_tokens,
    repeat_tokens,
    swap_tokens,
    insert_piece,
    insert_odd,
    wrap,
    rename,
    rename,
    _by_lines(_delete),
    _by_lines(_delete),
    _by_lines(_repeat),
    _by_lines(_move),
    _by_lines(_move),
    _by_lines(_shift),
    _by_lines(_nest),
)

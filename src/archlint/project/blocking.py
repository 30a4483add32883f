"""What stops the event loop inside a coroutine function, sorted by the rule that reports it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.advice import ADVICE
from archlint.project.effects import Site

if TYPE_CHECKING:
    from archlint.project.function import Function

_OPENS = frozenset(("open", "io.open", "codecs.open", "pathlib.Path.open", "gzip.open"))


def _on_the_loop(function: Function) -> Iterator[Site]:
    """Sites of a coroutine function whose effect stops the thread."""
    if not function.is_async or function.file.role == "test":
        return
    opened = any(s.effect.leaf in _OPENS and not s.effect.hops for s in function.sites)
    for site in function.sites:
        letters = site.effect.letters
        if "A" in letters or not letters & {"B", "C"}:
            continue
        if "D" in letters:
            continue
        if opened and not site.effect.hops and "F" in letters and site.effect.leaf not in _OPENS:
            # The open() above is the finding; reading and closing what it gave are the same defect.
            continue
        yield site


def _is_database(site: Site) -> bool:
    return "Q" in site.effect.letters or site.effect.leaf.startswith(("sqlalchemy.", "django.db."))


def direct(function: Function) -> Iterator[Site]:
    """Blocking library calls in the body itself."""
    return (
        s
        for s in _on_the_loop(function)
        if "B" in s.effect.letters and not s.effect.hops and not _is_database(s)
    )


def transitive(function: Function) -> Iterator[Site]:
    """Calls of project functions that end in a blocking library call."""
    return (
        s for s in _on_the_loop(function) if "B" in s.effect.letters and s.effect.hops and not _is_database(s)
    )


def heavy(function: Function) -> Iterator[Site]:
    """CPU-heavy calls, direct or through project functions."""
    for site in _on_the_loop(function):
        if "C" in site.effect.letters and "B" not in site.effect.letters:
            yield site


def database(function: Function) -> Iterator[Site]:
    """Synchronous database work, direct or through project functions."""
    return (s for s in _on_the_loop(function) if "B" in s.effect.letters and _is_database(s))


def advice(leaf: str, wrap: str = "") -> str:
    """The way out of a blocking call: the entry of the longest known prefix of its name."""
    if wrap:
        return f"run it with `await asyncio.to_thread({wrap}, ...)`"
    name = leaf
    while name:
        if name in ADVICE:
            return ADVICE[name]
        name = name.rpartition(".")[0]
    return ADVICE[""]

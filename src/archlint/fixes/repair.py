"""Whole rounds of repair: lint, mend, lint again, keep only what held.

A fix is kept when the text still parses, the finding it was made for is gone, and no finding
has come instead. Fixes are tried together first; where that fails in some file they are tried
one by one. Nothing is written before the end: until then the new texts exist in memory only.
"""

from __future__ import annotations

import ast
import difflib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import attrs

from archlint.core import whole_file
from archlint.core.diagnostic import Diagnostic, Edit
from archlint.core.source import decode
from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.fixes.patches import applied, overlap, spans, split
from archlint.fixes.resolve import Resolver

_MARK = "\ufeff"
#: A finding and the edits that mend it.
Chosen = tuple[Diagnostic, tuple[Edit, ...]]
#: Whether a fix may be applied, by the settings of its file and the command line.
Allowed = Callable[[Diagnostic], bool]
#: The lines of a reported path, and what remains of findings whose places are in such lines: a
#: baseline hides some.
Lines = Callable[[str], Sequence[str]]
New = Callable[[Sequence[Diagnostic], Lines], list[Diagnostic]]


@attrs.define
class Repair:
    """The outcome of a repair: texts by reported path, and what was and what could not be done."""

    #: New texts of the files that change, by the path in reports.
    texts: dict[str, str] = attrs.field(factory=dict)
    #: The texts they come from.
    before: dict[str, str] = attrs.field(factory=dict)
    #: The findings that are gone because of a fix, with the edits that it made.
    fixed: list[Diagnostic] = attrs.field(factory=list)
    #: The findings that remain.
    remaining: list[Diagnostic] = attrs.field(factory=list)
    #: Files that were left alone, with the reason.
    refused: dict[str, str] = attrs.field(factory=dict)

    #: Files that begin with a byte order mark; the texts are without it.
    marked: set[str] = attrs.field(factory=set)
    #: Whether some new text could not be written.
    lost: bool = False

    def whole(self, path: str, content: bytes) -> bytes:
        """The new content of a file with everything that belongs to it; the old one if it was left alone."""
        return self.encoded(path, self.texts[path]) if path in self.texts else content

    def encoded(self, path: str, text: str) -> bytes:
        """A text of a file as it is on disk, with the mark that it begins with."""
        return ((_MARK if path in self.marked else "") + text).encode("utf-8", "surrogatepass")

    @property
    def changed(self) -> list[str]:
        """The paths whose text is another one now, sorted."""
        return sorted(path for path, text in self.texts.items() if text != self.before[path])


def repair(
    targets: Sequence[Target],
    found: Sequence[Diagnostic],
    options: Options,
    allowed: Allowed,
    texts: Mapping[str, bytes] | None = None,
    new: New = lambda found, _lines: list(found),
) -> Repair:
    """Mend what may be mended of the findings of these files.

    ``texts`` are those not on disk, ``new`` leaves out findings that count for nothing.
    """
    workshop = _Workshop(targets, options, allowed, new)
    for path, content in (texts or {}).items():
        workshop.take(path, content)
    return workshop.run(found)


class _Workshop:
    """One repair while it is going on."""

    def __init__(self, targets: Sequence[Target], options: Options, allowed: Allowed, new: New) -> None:
        self._targets = {target.display: target for target in targets}
        self._options = options
        self._allowed = allowed
        self._new = new
        self._hopeless: set[tuple[str, str, str]] = set()
        self.result = Repair()

    def run(self, found: Sequence[Diagnostic]) -> Repair:
        """Rounds until nothing more can be mended; each leaves fewer findings, so that they end."""
        self.result.remaining = list(found)
        while chosen := self._chosen(self.result.remaining):
            self._round(chosen)
        return self.result

    # -- one round ----------------------------------------------------------------------------

    def _round(self, chosen: list[Chosen]) -> None:
        """Apply what was chosen: all of it, or else file by file, or else one by one.

        Places are those of the texts at the beginning of the round, so that a file is changed once.
        Every round leaves fewer findings that can be mended.
        """
        if self._attempt(chosen):
            return
        for group in _by_files(chosen):
            if len(group) < len(chosen) and self._attempt(group):
                continue
            for one in group:
                if len(group) > 1 and self._attempt([one]):
                    break
                self._hopeless.add(_key(one[0]))

    def _attempt(self, chosen: Sequence[Chosen]) -> bool:
        """Apply fixes and keep the outcome if it holds."""
        edits = tuple(dict.fromkeys(edit for _, some in chosen for edit in some))
        texts: dict[str, str] = {}
        for path in sorted({edit.location.path for edit in edits}):
            old = self.text(path)
            assert old is not None
            texts[path] = applied(old, [edit for edit in edits if edit.location.path == path])
            if not _parses(texts[path]):
                return False
        affected = sorted(texts.keys() | {diagnostic.location.path for diagnostic, _ in chosen})
        after = self._lint({**self.result.texts, **texts}, affected)
        old_findings = [d for d in self.result.remaining if d.location.path in affected]
        if not _better(old_findings, after, [diagnostic for diagnostic, _ in chosen]):
            return False
        self.result.texts.update(texts)
        self.result.fixed += [diagnostic for diagnostic, _ in chosen]
        others = [d for d in self.result.remaining if d.location.path not in affected]
        self.result.remaining = sorted((*others, *after), key=lambda d: d.sort_key)
        return True

    def _chosen(self, found: Iterable[Diagnostic]) -> list[Chosen]:
        """The fixes of this round with their edits: those that do not overlap, in report order."""
        resolver = Resolver(self.text)
        taken: dict[str, list[tuple[tuple[int, int], str]]] = {}
        chosen = []
        for diagnostic in found:
            if diagnostic.fix is None or _key(diagnostic) in self._hopeless or not self._allowed(diagnostic):
                continue
            edits = resolver.edits(diagnostic.fix)
            if edits and self._fits(edits, taken):
                made = attrs.evolve(diagnostic.fix, edits=edits, recipes=())
                chosen.append((attrs.evolve(diagnostic, fix=made), edits))
        return chosen

    def _fits(self, edits: Sequence[Edit], taken: dict[str, list[tuple[tuple[int, int], str]]]) -> bool:
        places = []
        for edit in edits:
            path = edit.location.path
            text = self.text(path)
            if text is None:
                return False
            place = (spans(text, [edit])[0], edit.content)
            known = taken.get(path, [])
            if place not in known and any(overlap(place[0], other) for other, _ in known):
                return False
            places.append((path, place))
        for path, place in places:
            taken.setdefault(path, []).append(place)
        return True

    def _lint(self, texts: Mapping[str, str], paths: Iterable[str]) -> list[Diagnostic]:
        """The findings of some files while these texts stand for what is on disk."""
        overlay = {
            self._absolute(path): text.encode("utf-8", "surrogatepass") for path, text in texts.items()
        }
        found: list[Diagnostic] = []
        with closing(Linter(self._options, overlay=overlay)) as linter:
            for path in paths:
                target = self._targets.get(path)
                if target is not None:
                    content = overlay.get(target.path)
                    outcome = (
                        linter.check(target) if content is None else linter.check_content(target, content)
                    )
                    found += outcome.diagnostics
        return self._new(found, lambda path: split(texts[path] if path in texts else self.text(path) or ""))

    # -- texts --------------------------------------------------------------------------------

    def text(self, path: str) -> str | None:
        """The present text of a reported path; ``None`` for a file that must be left alone."""
        if path in self.result.texts:
            return self.result.texts[path]
        if path in self.result.refused:
            return None
        try:
            content = Path(self._absolute(path)).read_bytes()
        except OSError as error:
            self.result.refused[path] = error.strerror or type(error).__name__
            return None
        return self.take(path, content)

    def take(self, path: str, content: bytes) -> str | None:
        """Take a text in, without its byte order mark, which counts as no column."""
        text = utf8(content)
        if text is None:
            self.result.refused[path] = "it is not UTF-8"
            return None
        if text.startswith(_MARK):
            self.result.marked.add(path)
            text = text.removeprefix(_MARK)
        self.result.texts[path] = self.result.before[path] = text
        return text

    def _absolute(self, path: str) -> str:
        target = self._targets.get(path)
        return target.path if target is not None else os.path.normpath(Path.cwd() / path)


def utf8(content: bytes) -> str | None:
    """The text of a file, byte order mark included; ``None`` for any other encoding."""
    try:
        text = content.decode("utf-8")
        return text if decode(content) == text.removeprefix(_MARK) else None
    except (UnicodeDecodeError, SyntaxError):
        return None


def _by_files(chosen: Sequence[Chosen]) -> list[list[Chosen]]:
    """The chosen fixes in groups that change no file in common."""
    groups: list[tuple[set[str], list[Chosen]]] = []
    for one in chosen:
        paths = {edit.location.path for edit in one[1]}
        joined = [group for group in groups if group[0] & paths]
        groups = [group for group in groups if not group[0] & paths]
        members = [member for group in joined for member in group[1]]
        groups.append((paths.union(*(group[0] for group in joined)), [*members, one]))
    return [members for _, members in groups]


def _key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """A finding whose fix did not hold: lines move, so the message stands for the place."""
    return diagnostic.location.path, diagnostic.code, f"{diagnostic.symbol}:{diagnostic.message}"


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _better(old: Iterable[Diagnostic], new: Iterable[Diagnostic], fixed: Sequence[Diagnostic]) -> bool:
    """Whether the findings meant are gone and none has come instead."""
    before = Counter((d.location.path, d.code) for d in old)
    after = Counter((d.location.path, d.code) for d in new)
    gone = Counter((d.location.path, d.code) for d in fixed)
    return all(count <= before[key] - gone[key] for key, count in after.items()) and all(
        after[key] <= before[key] - count for key, count in gone.items()
    )


def difference(repair: Repair) -> str:
    """What changes, as a unified difference."""
    found: list[str] = []
    for path in repair.changed:
        old, new = split(repair.before[path]), split(repair.texts[path])
        found += map(_ended, difflib.unified_diff(old, new, path, path))
    return "".join(found)


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"


def write(repair: Repair) -> None:
    """Put the new texts on disk; what could not be written is refused, and its findings not fixed."""
    for path in repair.changed:
        old, new = (repair.encoded(path, text) for text in (repair.before[path], repair.texts[path]))
        problem = replace(Path(path), old, new)
        if problem:
            repair.refused[path] = problem
            repair.fixed = [diagnostic for diagnostic in repair.fixed if not _changes(diagnostic, path)]
            repair.lost = True


def _changes(diagnostic: Diagnostic, path: str) -> bool:
    """Whether the fix of a finding changes a file."""
    fix = diagnostic.fix
    return fix is not None and any(edit.location.path == path for edit in fix.edits)


def replace(path: Path, old: bytes, new: bytes) -> str:
    """Write one file at once or not at all; says what went wrong."""
    place = path.resolve()
    try:
        if place.read_bytes() != old:
            return "it has changed in the meantime"
        if not os.access(place, os.W_OK):
            return "it is not writable"
        whole_file.write(place, new)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""

"""Everything one project's questions share: files, summaries, classes, models, evaluation."""

from __future__ import annotations

import ast
import gc
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from archlint.core.source import digest as content_digest
from archlint.core.source import parse
from archlint.model.lowering import lower
from archlint.model.summary import Scope, Summary
from archlint.project.importing import Importing
from archlint.project.mentions import Mentioned, Mentions
from archlint.project.modules import Modules
from archlint.project.shelf import Shelf
from archlint.project.waiting import Declared
from archlint.project.words import WordIndex

if TYPE_CHECKING:
    from archlint.project.cache import SummaryCache
    from archlint.project.taint.flow import Flow
    from archlint.project.taint.sinks import Sinks

V = TypeVar("V")

#: How many bytes, about, answers may take before they are dropped. With less, a run over a million
#: lines that are closely woven drops them so often that it takes much longer.
_HEAVY = 192 << 20
#: More open rows than this, in bytes, are closed between two files.
_MANY_ROWS = 48 << 20
#: Less than this is not worth dropping at all.
_LIGHT = 8 << 20
#: Files that must have been linted before it pays to begin afresh.
_WORTHWHILE = 100


class World:
    """Lazily loaded knowledge of one project. Nothing in it is ever imported or run."""

    def __init__(
        self,
        root: Path,
        *,
        cache: SummaryCache | None = None,
        overlay: Mapping[str, bytes] | None = None,
        declared: Declared | None = None,
    ) -> None:
        self.modules = Modules(root, overlay or ())
        self.declared = declared or Declared({}, ())
        self.cache = cache
        self.overlay = dict(overlay or {})
        self._shelf = Shelf()
        self._tables: list[dict[Any, Any]] = []
        self._limit = _HEAVY
        self._files_since = 0
        self._digests: dict[str, str] = {}
        self._broken: set[str] = set()
        self.mentions = Mentions(self)
        self.words = WordIndex(self)
        self.importing = Importing(self)
        self._start_afresh()

    def _start_afresh(self) -> None:
        from archlint.project.asynchrony.own_loops import OwnLoops
        from archlint.project.call_index import CallIndex
        from archlint.project.callers import Callers
        from archlint.project.classes import Classes
        from archlint.project.effects import Effects
        from archlint.project.evaluate import Evaluator
        from archlint.project.frameworks import Frameworks
        from archlint.project.injected import Injected
        from archlint.project.interface.api import Api
        from archlint.project.kept import Kept
        from archlint.project.reach import Reach
        from archlint.project.repetition.dependence import Dependence
        from archlint.project.routes.table import RouteTable
        from archlint.project.rows.loading import Loading
        from archlint.project.rows.models import Models
        from archlint.project.rows.orm import Orm
        from archlint.project.rows.relations import Relations
        from archlint.project.security.passwords import Passwords
        from archlint.project.serialization.serializers import Serializers
        from archlint.project.settings.modules import Settings
        from archlint.project.settings.unsaid import FollowingValues
        from archlint.project.taint.engine import Taint
        from archlint.project.witness import Witnesses

        self.evaluator = Evaluator(self)
        self.classes = Classes(self)
        self.models = Models(self)
        self.relations = Relations(self)
        self.loading = Loading(self)
        self.orm = Orm(self)
        self.frameworks = Frameworks(self)
        self.effects = Effects(self)
        self.dependence = Dependence(self)
        self.serializers = Serializers(self)
        self.calls = CallIndex(self)
        self.callers = Callers(self)
        self.injected = Injected(self)
        self.kept = Kept(self)
        self.own_loops = OwnLoops(self)
        self.taint = Taint(self)
        self._flows: dict[str, Flow] = {}
        self._sinks: dict[int, Sinks] = {}
        self.passwords = Passwords(self)
        self.route_table = RouteTable(self)
        self.api = Api(self)
        self.witnesses = Witnesses(self)
        self.reach = Reach(self)
        self.values = FollowingValues(self)
        self.settings = Settings(self)
        self._start_with_tables()

    def _start_with_tables(self) -> None:
        """Questions about tables and transactions."""
        from archlint.project.tables.after_commit import AfterCommit
        from archlint.project.tables.foreign_keys import ForeignKeys
        from archlint.project.tables.migrations import Migrations

        self.migrations = Migrations(self)
        self.foreign_keys = ForeignKeys(self)
        self.after_commit = AfterCommit(self)

    def lighten(self) -> None:
        """Drop what was concluded so far when it has grown large; called between two files only.

        Every answer depends on its question alone, so that nothing but time is lost: the
        summaries stay at hand, folded. Memory then does not grow with the project's evaluation.
        Rows cost little to open again, and go first.
        """
        self._files_since += 1
        if self._shelf.rows > _MANY_ROWS:
            self._shelf.close_rows()
        if self.evaluator.weight <= self._limit:
            return
        if self._files_since < _WORTHWHILE:
            # What all files ask for takes this much: dropping it would mean making it for every file.
            self._limit *= 2
            return
        self._drop()

    def rest(self) -> None:
        """Drop what was concluded so far: another project is looked at now."""
        if self.evaluator.weight + self._shelf.weight > _LIGHT:
            self._drop()

    def _drop(self) -> None:
        self._files_since = 0
        self._shelf.fold_all()
        for table in self._tables:
            table.clear()
        self._tables.clear()
        self._start_afresh()
        # The command line runs without the collector, and what held the tables points at itself.
        gc.collect()

    def answers(self, about: str = "") -> dict[Any, Any]:
        """A table for answers; see ``ledger`` for what becomes of it in an editor.

        ``about`` names the file that the answers are about where their keys do not.
        """
        table: dict[Any, Any] = {}
        if not about:  # the others hang on these
            self._tables.append(table)
        return table

    def replace(self, path: str, content: bytes | None) -> None:
        """Take another text for a file (``None``: what is on disk) and forget what rested on the old one.

        The summaries of all other files stay as they are; the answers are sought anew.
        """
        self._take(path, content)
        self._start_afresh()

    def _take(self, path: str, content: bytes | None) -> None:
        before, old = self.words.words_of(path), self.read(path) or b""
        absolute = self.modules.absolute(path)
        if content is None:
            self.overlay.pop(absolute, None)
        else:
            self.overlay[absolute] = content
        self._shelf.drop(path)
        self._digests.pop(path, None)
        self._broken.discard(path)
        self.mentions.replace(path, old, self.read(path) or b"")
        self.words.replace(path, before)
        self.importing.forget(path)

    # -- summaries ----------------------------------------------------------------------------

    def summary(self, path: str) -> Summary:
        """The summary of a file; an empty one when it cannot be read or parsed."""
        found = self._shelf.get(path)
        if found is None:
            found = self._load(path)
            self._shelf.put(path, found)
        return found

    def glance(self, path: str, look: Callable[[Summary], V]) -> V:
        """What one look at the summary of a file says, which will not be asked for again soon."""
        is_new = path not in self._shelf
        found = look(self.summary(path))
        if is_new:
            self._shelf.put_away(path)
        return found

    def knows(self, path: str, digest: str) -> bool:
        """Whether a summary of this very text is at hand, so that the file need not be parsed for one."""
        if self._digests.get(path) != digest:
            if self.cache is None:
                return False
            cached = self.cache.get(path, self._version(path, digest))
            if cached is None:
                return False
            self._shelf.put(path, cached)
            self._digests[path] = digest
        return path in self._shelf and path not in self._broken

    def tree_of(self, path: str, digest: str) -> ast.Module | None:
        """The syntax tree of this very text, if it was made a moment ago."""
        return None

    def add(self, path: str, source: bytes, tree: ast.Module) -> Summary:
        """Take the summary of a file that is being linted from its tree."""
        digest = content_digest(source)
        known = self._shelf.get(path)
        if known is not None and self._digests.get(path) == digest:
            return known
        summary = self._lower(path, tree)
        self._shelf.put(path, summary)
        self._digests[path] = digest
        self._keep(path, digest, summary)
        return summary

    def _version(self, path: str, digest: str) -> str:
        """What a summary is made from: a text, and the package that relative imports in it start from."""
        return f"{digest} {self.modules.package(path)[1]}"

    def digest(self, path: str) -> str:
        """A fingerprint of a file's bytes; empty when there is no such file."""
        if path not in self._digests:
            source = self.read(path)
            self._digests[path] = "" if source is None else content_digest(source)
        return self._digests[path]

    def read(self, path: str) -> bytes | None:
        """The bytes of a file: unsaved text first, then the disk."""
        absolute = self.modules.absolute(path)
        if absolute in self.overlay:
            return self.overlay[absolute]
        try:
            # A pipe among the sources would be waited for.
            if not stat.S_ISREG(os.stat(absolute).st_mode):
                return None
            with open(absolute, "rb") as stream:
                return stream.read()
        except (OSError, ValueError):
            return None

    def _load(self, path: str) -> Summary:
        source = None if path.endswith("/") else self.read(path)
        if source is None:
            self._digests[path] = ""
            return _empty()
        digest = self._digests[path] = content_digest(source)
        if self.cache is not None and not self._is_unsaved(path):
            cached = self.cache.get(path, self._version(path, digest))
            if cached is not None:
                return cached
        try:
            tree = parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._broken.add(path)
            return _empty()
        summary = self._lower(path, tree)
        self._keep(path, digest, summary)
        return summary

    def _keep(self, path: str, digest: str, summary: Summary) -> None:
        """Write a summary to the cache; that of unsaved text is outdated by the next keystroke."""
        if self.cache is not None and not self._is_unsaved(path):
            self.cache.put(path, self._version(path, digest), summary)

    def _is_unsaved(self, path: str) -> bool:
        return self.modules.absolute(path) in self.overlay

    def _lower(self, path: str, tree: ast.Module) -> Summary:
        return lower(tree, self.modules.package(path)[1])

    def function(self, key: str) -> Scope | None:
        """The scope of a project function named ``path:index``."""
        path, _, index = key.rpartition(":")
        scopes = self.summary(path).scopes if path else []
        return scopes[int(index)] if index.isdigit() and int(index) < len(scopes) else None

    def flow(self, kind: str) -> Flow:
        """The way of clients' text to one kind of attack."""
        found = self._flows.get(kind)
        if found is None:
            from archlint.project.taint.flow import Flow

            found = self._flows[kind] = Flow(self, kind)
        return found

    def sinks(self, table: Mapping[str, tuple[int, str]]) -> Sinks:
        """The calls that a table of the knowledge layer lists; the tables live as long as the program."""
        found = self._sinks.get(id(table))
        if found is None:
            from archlint.project.taint.sinks import Sinks

            found = self._sinks[id(table)] = Sinks(self, table)
        return found

    def mentioned(self, path: str, content: bytes) -> Mentioned:
        """Which words the text of a file contains that is being linted."""
        return Mentioned(content)

    # -- reverse questions ----------------------------------------------------------------------

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files whose text contains a word, sorted."""
        return self.mentions.of(word)


def _empty() -> Summary:
    return lower(ast.Module(body=[], type_ignores=[]))

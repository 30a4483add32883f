"""The results cache: a file's findings, reused while nothing they were made from has changed.

The key names the file, the settings, the chosen rules, the version of archlint and of Python; an
entry holds the state of the whole project at that time, because findings rest on other files
too. Any trouble with the database means "no cache"; it never reaches a report.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs

import archlint
from archlint.core import cachedir
from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix, Impact, Location, Recipe, Related
from archlint.engine.state import Survey, survey

#: Changes whenever the layout of the database does.
_LAYOUT = 1
#: Seconds between two writes: before each, the project is looked at once more.
_INTERVAL = 20.0
#: Keys in one query; sqlite takes at least 999 values.
_AT_ONCE = 500

_TABLES = (
    "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, state TEXT, diagnostics TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS states (root TEXT PRIMARY KEY, quick TEXT, thorough TEXT) WITHOUT ROWID",
)


class Results:
    """The entries of one cache directory, for one project."""

    def __init__(self, directory: Path, root: str, limit: int) -> None:
        """``limit`` says from how many files on the state of the project costs more than it saves."""
        self._directory = directory
        self._root = root
        self._limit = limit
        self._pending: dict[bytes, tuple[Diagnostic, ...]] = {}
        self._written = time.monotonic()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._usable = True
        self._state_is_new = False

    @functools.cached_property
    def state(self) -> str | None:
        """The state of the project as this process has first seen it; ``None`` for "no cache"."""
        seen = self._survey
        if seen is None:
            return None
        with self._guarded():
            connection = self._open(create=False)
            if connection is not None:
                query = "SELECT thorough FROM states WHERE root = ? AND quick = ?"
                row = connection.execute(query, (self._root, seen.quick)).fetchone()
                if row:
                    return str(row[0])
        self._state_is_new = True
        return seen.thorough()

    @functools.cached_property
    def _survey(self) -> Survey | None:
        return survey(self._root, self._limit)

    def covers(self, path: str) -> bool:
        """Whether the state of the project tells when this file changes."""
        if self.state is None or not path.startswith(f"{self._root}/"):
            return False
        return path[len(self._root) + 1 :] in self._names

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(seen[0] for seen in self._survey.files) if self._survey else frozenset()

    def find(self, keys: Sequence[bytes]) -> dict[bytes, tuple[Diagnostic, ...]]:
        """The findings under each of these keys that has some, if the project is as it was."""
        found: dict[bytes, tuple[Diagnostic, ...]] = {}
        with self._guarded():
            connection = self._open(create=False)
            if connection is not None:
                for start in range(0, len(keys), _AT_ONCE):
                    some = keys[start : start + _AT_ONCE]
                    places = ", ".join("?" * len(some))
                    query = f"SELECT key, diagnostics FROM results WHERE state = ? AND key IN ({places})"  # noqa: S608 - question marks
                    for key, text in connection.execute(query, (self.state, *some)):
                        found[key] = _diagnostics(text)
        return found

    def store(self, key: bytes, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep the findings of a file; written now and then, and at the end."""
        if self._usable:
            self._pending[key] = diagnostics
            if time.monotonic() - self._written > _INTERVAL:
                self.flush()

    def flush(self) -> None:
        """Write what is pending in one transaction; another process sees all of it or nothing."""
        pending, self._pending = self._pending, {}
        self._written = time.monotonic()
        if not self._usable or not (pending or self._state_is_worth_keeping):
            return
        now = survey(self._root, self._limit)
        if now is None or self._survey is None or now.files != self._survey.files:
            # The project has changed under our hands: nobody knows which state was analysed.
            return
        with self._guarded():
            connection = self._open(create=True)
            if connection is not None:
                with connection:
                    self._write(connection, pending)

    @property
    def _state_is_worth_keeping(self) -> bool:
        return self._state_is_new and self._survey is not None and self._survey.settled

    def _write(self, connection: sqlite3.Connection, pending: dict[bytes, tuple[Diagnostic, ...]]) -> None:
        rows = [(key, self.state, _text(diagnostics)) for key, diagnostics in pending.items()]
        connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        if self._survey is not None and self._state_is_worth_keeping:
            state = (self._root, self._survey.quick, self.state)
            connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", state)
            self._state_is_new = False

    def close(self) -> None:
        """Write what is pending and let go of the database."""
        self.flush()
        self._disconnect()

    def _open(self, *, create: bool) -> sqlite3.Connection | None:
        if self._process != os.getpid():
            # A connection must not be used, nor closed, by the child of a fork.
            self._connection, self._process = None, os.getpid()
        if self._connection is not None or not self._usable:
            return self._connection
        path = self._directory / f"results-{_LAYOUT}.sqlite"
        if not create and not os.path.exists(path):  # noqa: PTH110 - `Path.exists` raises on a closed directory
            return None
        if not cachedir.prepare(self._directory) and not os.path.exists(path):  # noqa: PTH110 - `Path.exists` raises on a closed directory
            self._usable = False
            return None
        self._connection = _connect(path)
        return self._connection

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Any trouble with the database, or with what stands in it, ends the use of the cache."""
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError, KeyError, IndexError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Work without a cache from here on; a database that is no database is thrown away."""
        self._usable = False
        self._disconnect()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                (self._directory / f"results-{_LAYOUT}.sqlite").unlink()

    def _disconnect(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0)
    # A lost power supply may cost the cache, never a finding: no need to wait for the disk.
    connection.execute("PRAGMA synchronous = OFF")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'states'").fetchone():
        for table in _TABLES:
            connection.execute(table)
    return connection


@functools.cache
def fingerprint() -> str:
    """The version of archlint down to the bytes of its own files, and of Python."""
    package = os.path.dirname(archlint.__file__)  # noqa: PTH120
    parts = [archlint.__version__, sys.version]
    for entry in sorted(_own_files(package), key=lambda item: item.path):
        stat = entry.stat()
        parts.append(f"{entry.path[len(package) :]} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _own_files(directory: str) -> list[os.DirEntry[str]]:
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found.append(entry)
            elif entry.is_dir() and entry.name != "__pycache__":
                found += _own_files(entry.path)
    return found


def key_of(parts: Iterable[str]) -> bytes:
    """The key of an entry."""
    text = "\0".join((fingerprint(), *parts))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _text(diagnostics: Sequence[Diagnostic]) -> str:
    return json.dumps([_plain(diagnostic) for diagnostic in diagnostics]) if diagnostics else ""


def _diagnostics(text: str) -> tuple[Diagnostic, ...]:
    return tuple(_diagnostic(values) for values in json.loads(text)) if text else ()


def _plain(diagnostic: Diagnostic) -> list[Any]:
    fix = diagnostic.fix
    return [
        diagnostic.code,
        diagnostic.name,
        diagnostic.message,
        attrs.astuple(diagnostic.location),
        diagnostic.impact.value,
        [(attrs.astuple(related.location), related.message) for related in diagnostic.related],
        fix
        and [
            fix.message,
            fix.applicability.value,
            [(attrs.astuple(edit.location), edit.content) for edit in fix.edits],
            [(r.action, attrs.astuple(r.location), r.values, r.imports) for r in fix.recipes],
        ],
        diagnostic.symbol,
    ]


def _diagnostic(values: Sequence[Any]) -> Diagnostic:
    code, name, message, location, impact, related, fix, symbol = values
    return Diagnostic(
        code,
        name,
        message,
        Location(*location),
        Impact(impact),
        tuple(Related(Location(*place), text) for place, text in related),
        fix and _fix(fix),
        symbol,
    )


def _fix(values: Sequence[Any]) -> Fix:
    message, applicability, edits, recipes = values
    return Fix(
        message,
        Applicability(applicability),
        tuple(Edit(Location(*place), text) for place, text in edits),
        tuple(
            Recipe(action, Location(*place), tuple((k, v) for k, v in pairs), tuple(imports))
            for action, place, pairs, imports in recipes
        ),
    )

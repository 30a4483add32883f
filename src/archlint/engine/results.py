"""The results cache: a file's findings, reused while nothing they were made from has changed.

An entry holds the digest of the file itself and the digests of every other file that was asked
for its summary. The key names the file, the settings, the chosen rules, the version of archlint
and of Python. Any trouble with the database means "no cache"; it never reaches a report.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

import archlint
from archlint.core import cachedir
from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix, Impact, Location, Related
from archlint.core.source import digest

Dependencies = tuple[tuple[str, str], ...]

#: Changes whenever the layout of the database does.
_LAYOUT = 1
_BATCH = 256


@attrs.frozen
class Entry:
    """What is known of a file: its digest, what its findings depend on, and the findings."""

    digest: str
    dependencies: Dependencies
    diagnostics: tuple[Diagnostic, ...]


class Digests:
    """Digests of the files of one project, each read once in the life of a process."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The digest of a file by its path relative to the root; empty when it cannot be read."""
        found = self._known.get(path)
        if found is None:
            try:
                with open(os.path.join(self._root, path), "rb") as file:  # noqa: PTH118, PTH123 - asked for every file
                    found = digest(file.read())
            except OSError:
                found = ""
            self._known[path] = found
        return found

    def note(self, path: str, value: str) -> None:
        """Remember a digest that is known already."""
        self._known[path] = value

    def unchanged(self, dependencies: Dependencies) -> bool:
        """Whether every file is as it was."""
        return all(self.of(path) == known for path, known in dependencies)


class Results:
    """The entries of one cache directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pending: dict[bytes, Entry] = {}
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._usable = True

    def find(self, key: bytes) -> Entry | None:
        """The entry of a key, whatever its age."""
        if key in self._pending:
            return self._pending[key]
        try:
            connection = self._open(create=False)
            if connection is None:
                return None
            query = "SELECT digest, dependencies, diagnostics FROM results WHERE key = ?"
            row = connection.execute(query, (key,)).fetchone()
            return _entry(*row) if row else None
        except (sqlite3.Error, ValueError, TypeError, KeyError, IndexError):
            self._give_up()
            return None

    def store(self, key: bytes, entry: Entry) -> None:
        """Keep an entry; written in batches."""
        if self._usable:
            self._pending[key] = entry
            if len(self._pending) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what is pending in one transaction; another process sees all of it or nothing."""
        pending, self._pending = self._pending, {}
        if not pending or not self._usable:
            return
        try:
            connection = self._open(create=True)
            if connection is not None:
                rows = [(key, *_row(entry)) for key, entry in pending.items()]
                with connection:
                    connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error:
            self._give_up()

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
        if not create and not path.exists():
            return None
        if not cachedir.prepare(self._directory) and not path.exists():
            self._usable = False
            return None
        self._connection = _connect(path)
        return self._connection

    def _give_up(self) -> None:
        """Work without a cache from here on; a database that is no database is thrown away."""
        self._usable = False
        error = sys.exc_info()[1]
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
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'results'").fetchone():
        with suppress(sqlite3.OperationalError):
            connection.execute(
                "CREATE TABLE IF NOT EXISTS results ("
                "key BLOB PRIMARY KEY, digest TEXT, dependencies TEXT, diagnostics TEXT) WITHOUT ROWID"
            )
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


def _row(entry: Entry) -> tuple[str, str, str]:
    found = [_plain(diagnostic) for diagnostic in entry.diagnostics]
    return (
        entry.digest,
        json.dumps(entry.dependencies) if entry.dependencies else "",
        json.dumps(found) if found else "",
    )


def _entry(own: str, dependencies: str, diagnostics: str) -> Entry:
    return Entry(
        own,
        tuple((path, value) for path, value in json.loads(dependencies)) if dependencies else (),
        tuple(_diagnostic(values) for values in json.loads(diagnostics)) if diagnostics else (),
    )


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
        fix
        and Fix(fix[0], Applicability(fix[1]), tuple(Edit(Location(*place), text) for place, text in fix[2])),
        symbol,
    )

"""Summaries on disk: one sqlite file per cache directory, keyed by path and content.

Every trouble with the database means "no cache"; it never changes a finding and never raises.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from archlint.core import cachedir
from archlint.model.summary import FORMAT, Summary
from archlint.project.words import Words

_BATCH = 200


class SummaryCache:
    """Reads and writes summaries; safe with several processes and after a kill in mid-write."""

    def __init__(self, directory: Path, root: Path) -> None:
        self._directory = directory
        self._prefix = os.fspath(root)
        self._pending: dict[str, tuple[str, str]] = {}
        self._pending_words: dict[str, tuple[str, Words]] = {}
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._usable = True

    def get(self, path: str, digest: str) -> Summary | None:
        """The summary of this very content, if one is kept."""
        connection = self._open(create=False)
        if connection is None:
            return None
        try:
            row = connection.execute(
                "SELECT summary FROM summaries WHERE path = ? AND digest = ?", (self._key(path), digest)
            ).fetchone()
            return Summary.from_text(row[0]) if row else None
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            self._give_up()
            return None

    def put(self, path: str, digest: str, summary: Summary) -> None:
        """Keep a summary; written in batches."""
        if self._usable:
            # A summary that is nested too deeply is made anew by every run.
            with suppress(ValueError, RecursionError):
                self._pending[path] = (digest, summary.to_text())
            if len(self._pending) >= _BATCH:
                self.flush()

    def words(self) -> dict[str, tuple[str, Words]]:
        """The kept words of all files below the root, with the stamp of the file they were read from."""
        connection = self._open(create=False)
        if connection is None:
            return {}
        start = os.path.join(self._prefix, "")
        try:
            rows = connection.execute(
                "SELECT path, stamp, words FROM words WHERE path >= ? AND path < ?",
                (start, start + "\U0010ffff"),
            )
            return {
                path[len(start) :].replace(os.sep, "/"): (stamp, json.loads(words))
                for path, stamp, words in rows
            }
        except (sqlite3.Error, ValueError, TypeError):
            self._give_up()
            return {}

    def put_words(self, path: str, stamp: str, words: Words) -> None:
        """Keep the words of a file; written with the summaries."""
        if self._usable:
            self._pending_words[path] = (stamp, words)

    def flush(self) -> None:
        """Write what is pending in one transaction: another process sees all of it or nothing."""
        pending, self._pending = self._pending, {}
        words, self._pending_words = self._pending_words, {}
        if not pending and not words:
            return
        connection = self._open(create=True)
        if connection is None:
            return
        try:
            rows = [(self._key(path), digest, text) for path, (digest, text) in pending.items()]
            with connection:
                connection.executemany("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)", rows)
                connection.executemany(
                    "INSERT OR REPLACE INTO words VALUES (?, ?, ?)",
                    [(self._key(path), stamp, json.dumps(found)) for path, (stamp, found) in words.items()],
                )
        except (sqlite3.Error, ValueError, RecursionError):
            self._give_up()

    def close(self) -> None:
        """Write what is pending and let go of the database."""
        self.flush()
        self._disconnect()

    def _key(self, path: str) -> str:
        return os.path.join(self._prefix, path)

    def _open(self, *, create: bool) -> sqlite3.Connection | None:
        if self._process != os.getpid():
            # A connection must not be used, nor closed, by the child of a fork.
            self._connection, self._process = None, os.getpid()
        if self._connection is not None or not self._usable:
            return self._connection
        path = self._directory / f"summaries-{FORMAT}.sqlite"
        if not create and not os.path.exists(path):
            return None
        if not cachedir.prepare(self._directory):
            self._usable = os.path.exists(path)
            if not self._usable:
                return None
        try:
            self._connection = _connect(path)
        except sqlite3.Error:
            self._give_up()
        return self._connection

    def _give_up(self) -> None:
        self._usable = False
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=2.0, check_same_thread=False)
    with suppress(sqlite3.Error), connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS summaries"
            " (path TEXT PRIMARY KEY, digest TEXT NOT NULL, summary TEXT NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS words"
            " (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, words TEXT NOT NULL)"
        )
    return connection

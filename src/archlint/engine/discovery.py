"""Which files a run looks at: a walk that skips excludes and what git ignores, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from archlint.core.settings import Finder, Settings
from archlint.engine.gitignore import GitIgnore
from archlint.engine.patterns import PatternSet

SUFFIXES = (".py", ".pyi")


class Target(NamedTuple):
    """A file to lint: its absolute path, and how reports name it.

    ``alone`` says that the text has no file: no other file is asked about it.
    """

    path: str
    display: str
    alone: bool = False


def display_path(path: str, cwd: str) -> str:
    """The path as reports name it: relative to the working directory when it lies below."""
    prefix = cwd.rstrip(os.sep) + os.sep
    return path.removeprefix(prefix)


class Discovery:
    """Turns the arguments of a run into its files."""

    def __init__(self, finder: Finder, cwd: Path) -> None:
        self._finder = finder
        self._cwd = os.fspath(cwd)
        self._excludes: dict[int, tuple[Settings, PatternSet]] = {}
        self._ignores: dict[str, GitIgnore | None] = {}

    def files(self, arguments: Iterable[str]) -> list[Target]:
        """The files meant by the arguments, each once, sorted by path.

        A named file is taken whatever its suffix, also when it is missing: reading it will
        say so. Excludes hold for it only with ``force-exclude``.
        """
        found: dict[str, None] = {}
        for argument in arguments:
            path = os.path.normpath(os.path.join(self._cwd, argument))  # noqa: PTH118 - Path keeps ".."
            if self._forced_out(path):
                continue
            if os.path.isdir(path):  # noqa: PTH112
                found.update(dict.fromkeys(self._walk(path)))
            else:
                found[path] = None
        ordered = sorted(found, key=lambda path: path.replace(os.sep, "\0"))
        return [Target(path, display_path(path, self._cwd)) for path in ordered]

    def _forced_out(self, path: str) -> bool:
        settings = self._settings(os.path.dirname(path))  # noqa: PTH120
        return settings.force_exclude and self._patterns(settings).matches_any_part(_posix(path))

    def _settings(self, directory: str) -> Settings:
        return self._finder.of(Path(directory))

    def _patterns(self, settings: Settings) -> PatternSet:
        known = self._excludes.get(id(settings))
        if known is None:
            base = os.fspath(settings.base or self._cwd)
            known = self._excludes[id(settings)] = (settings, PatternSet(settings.excluded, _posix(base)))
        return known[1]

    def _walk(self, top: str) -> Iterator[str]:
        pending = [(top, self._inherited(top))]
        while pending:
            directory, ignores = pending.pop()
            settings = self._settings(directory)
            if settings.respect_gitignore and (own := self._ignore_file(directory)):
                ignores = (own, *ignores)
            patterns = self._patterns(settings)
            for entry in _entries(directory):
                is_directory = entry.is_dir(follow_symlinks=False)
                if not is_directory and not entry.name.endswith(SUFFIXES):
                    continue
                if patterns.matches(entry.name, _posix(entry.path)):
                    continue
                if settings.respect_gitignore and _ignored(entry.path, ignores, is_directory=is_directory):
                    continue
                if is_directory:
                    pending.append((entry.path, ignores))
                elif _is_file(entry):
                    yield entry.path

    def _inherited(self, top: str) -> tuple[GitIgnore, ...]:
        """The ignore files above a directory, up to the root of its repository; the nearest first."""
        found: list[GitIgnore] = []
        directory = top
        while not os.path.exists(os.path.join(directory, ".git")):  # noqa: PTH110, PTH118
            parent = os.path.dirname(directory)  # noqa: PTH120
            if parent == directory:
                # Without a repository only the ignore files of the walked tree count.
                return ()
            directory = parent
            if own := self._ignore_file(directory):
                found.append(own)
        if private := GitIgnore.read(directory, ".git/info/exclude"):
            found.append(private)
        return tuple(found)

    def _ignore_file(self, directory: str) -> GitIgnore | None:
        if directory not in self._ignores:
            self._ignores[directory] = GitIgnore.read(directory)
        return self._ignores[directory]


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return True


def _ignored(path: str, ignores: tuple[GitIgnore, ...], *, is_directory: bool) -> bool:
    for ignore in ignores:
        verdict = ignore.verdict(_posix(path), is_directory=is_directory)
        if verdict is not None:
            return verdict
    return False


def _posix(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")

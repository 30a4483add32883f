"""Lints one file at a time: settings, rules, project, suppressions and cache brought together."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from archlint.core import cachedir
from archlint.core.settings import Finder, Selectors, Settings
from archlint.core.source import decode, newer_grammar
from archlint.engine import registry as registry_module
from archlint.engine.dispatch import Dispatcher, at, failure
from archlint.engine.fixability import Fixability
from archlint.engine.results import Results, key_of
from archlint.engine.rule_options import check_options
from archlint.engine.selection import Selection

if TYPE_CHECKING:
    import ast

    from archlint.core.diagnostic import Diagnostic
    from archlint.engine.discovery import Target
    from archlint.engine.registry import Registry
    from archlint.engine.ruff_settings import RuffFinder, RuffSettings
    from archlint.project.file import File
    from archlint.project.project import Project

_BUILD = "setup.py"
ROOT_MARKS = ("pyproject.toml", "setup.cfg", _BUILD, ".git")
#: What a ``setup.py`` imports that builds a distribution.
_BUILDERS = (b"setuptools", b"distutils", b"skbuild")

INVALID_SYNTAX = "invalid-syntax"
IO_ERROR = "E902"

_NOWHERE = "<no project>"

#: Asking whether a project has changed means a look at each of its files: for a few files of a
#: large project it is cheaper to lint them again.
_LOOKED_AT_PER_TARGET = 20
_LOOKED_AT_ANYWAY = 200
_LOOKED_AT_AT_MOST = 50_000


@attrs.frozen
class Options:
    """What a surface decides for a whole run; plain values, so that it can cross processes."""

    config: Path | None = None
    overrides: Mapping[str, Any] = attrs.field(factory=dict)
    isolated: bool = False
    #: Selection above the settings files: the command line, or flake8's own options.
    selectors: Selectors | None = None
    #: Settings that the command line replaces or adds to, by attribute name.
    replaced: Mapping[str, Any] = attrs.field(factory=dict)
    extended: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)
    #: Codes that are worth computing at all; ``None`` for all of them.
    visible: frozenset[str] | None = None
    ignore_noqa: bool = False
    #: Whether suppressions that hide nothing are findings.
    unused_suppressions: bool = False
    #: Whether whole directories will be linted, so that it pays to look at all files of a project.
    whole: bool = False
    #: Whether files change while the process runs, as they do in an editor.
    live: bool = False
    cache: bool = True
    cache_dir: Path | None = None

    def finder(self) -> Finder:
        """Finds settings as these options want them."""
        return Finder(self.config, self.overrides, isolated=self.isolated, finish=self._finish)

    def _finish(self, settings: Settings) -> Settings:
        changes: dict[str, Any] = dict(self.replaced)
        for name, more in self.extended.items():
            changes[name] = (*changes.get(name, getattr(settings, name)), *more)
        if self.selectors is not None:
            changes["selectors"] = (*settings.selectors, self.selectors)
        return attrs.evolve(settings, **changes) if changes else settings


class Outcome(NamedTuple):
    """The findings of one file, and whether a later run may use them again."""

    diagnostics: tuple[Diagnostic, ...]
    reusable: bool = False


def open_project(
    root: Path,
    cache_dir: Path | None,
    overlay: Mapping[str, bytes] | None,
    settings: Settings,
    *,
    live: bool = False,
) -> Project:
    """The project of a root directory."""
    from archlint.project.project import Project

    return Project(
        root,
        cache_dir=cache_dir,
        overlay=overlay,
        blocking_calls=settings.blocking_calls,
        offload_helpers=settings.offload_helpers,
        rule_options=settings.rules,
        live=live,
    )


OpenProject = Callable[[Path, "Path | None", "Mapping[str, bytes] | None", Settings], "Project"]


class Linter:
    """Lints files, one by one, in one process; keeps what several files share."""

    def __init__(
        self,
        options: Options,
        *,
        registry: Registry | None = None,
        project: OpenProject | None = None,
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        """``overlay`` holds texts, by absolute path, that stand for what is on disk."""
        self.options = options
        self.finder = options.finder()
        self.registry = registry_module.installed() if registry is None else registry
        self._open_project = project or functools.partial(open_project, live=options.live)
        self._overlay = overlay
        self._dispatcher = Dispatcher(self.registry)
        self._settings: dict[str, Settings] = {}
        self._marks: dict[str, tuple[str, ...]] = {}
        self._roots: dict[str, str] = {}
        self._selections: dict[int, tuple[Settings, Selection]] = {}
        self._fixabilities: dict[int, tuple[Settings, Fixability]] = {}
        self._projects: dict[str, Project] = {}
        self._expected: dict[str, int] = {}
        self._results: dict[tuple[Path, str], Results] = {}
        self._ruff: RuffFinder | None = None

    def settings_of(self, path: str) -> Settings:
        """The settings of a file; asked several times for every file, so that paths stay texts here."""
        directory = os.path.dirname(path)  # noqa: PTH120
        found = self._settings.get(directory)
        if found is None:
            found = self._settings[directory] = self.finder.of(Path(directory))
        return found

    def selection_of(self, settings: Settings) -> Selection:
        """The chosen rules under some settings; unknown selectors raise ``SettingsError``."""
        known = self._selections.get(id(settings))
        if known is None:
            selection = Selection(settings, self.registry)
            if self.options.visible is not None:
                selection.keep_only(self.options.visible)
            check_options(settings, self.registry)
            known = self._selections[id(settings)] = (settings, selection)
        return known[1]

    def fixability_of(self, settings: Settings) -> Fixability:
        """What some settings make of fixes; unknown selectors raise ``SettingsError``."""
        known = self._fixabilities.get(id(settings))
        if known is None:
            known = self._fixabilities[id(settings)] = (settings, Fixability(settings, self.registry))
        return known[1]

    def root_of(self, path: str) -> str:
        """The root of the project a file belongs to."""
        return self._root_of_directory(os.path.dirname(path))  # noqa: PTH120 - asked for every file

    def check(self, target: Target) -> Outcome:
        """Lint one file from disk."""
        try:
            with open(target.path, "rb") as file:  # noqa: PTH123 - asked for every file
                content = file.read()
        except OSError as error:
            message = error.strerror or type(error).__name__
            return Outcome((at(IO_ERROR, "io-error", message, target.display),))
        return self.check_content(target, content)

    def check_content(
        self,
        target: Target,
        content: bytes | str,
        *,
        tree: ast.Module | None = None,
        unsaved: bool = False,
    ) -> Outcome:
        """Lint a text under the name of a file; ``unsaved`` says that the disk has another text."""
        settings = self.settings_of(target.path)
        selection = self.selection_of(settings)
        try:
            file = self._open(target, settings, content, tree, unsaved=unsaved)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return unreadable(error, content, target.display)
        except Exception as error:  # noqa: BLE001 - one file must never stop the others
            return Outcome((failure("The project model", target.display, error),))
        codes = selection.enabled_in(target.path)
        found = self._dispatcher.check(file, [code for code in codes if code != registry_module.UNUSED])
        if self.options.unused_suppressions or registry_module.UNUSED in codes:
            found = sorted((*found, *self._unused(content, target, found, codes)), key=lambda d: d.sort_key)
        if found and not self.options.ignore_noqa:
            from archlint.engine import suppressions  # most files have nothing to hide

            found = suppressions.visible(found, content)
        ruff = self._ruff_of(target.path, settings)
        if found and ruff is not None:
            from archlint.engine.deferral import kept  # few projects want it

            found = kept(found, file, ruff)
        file.release()
        fixability = self.fixability_of(settings)
        found = [fixability.adjusted(diagnostic) for diagnostic in found]
        reusable = not any(diagnostic.code == registry_module.INTERNAL for diagnostic in found)
        return Outcome(tuple(found), reusable)

    def _unused(
        self, content: bytes | str, target: Target, found: list[Diagnostic], codes: Iterable[str]
    ) -> list[Diagnostic]:
        from archlint.engine.unused import unused

        text = content if isinstance(content, str) else decode(content)
        names = {entry.name: entry.code for entry in self.registry.entries.values()}
        return unused(text, target.display, found, names, tuple(codes))

    def _open(
        self,
        target: Target,
        settings: Settings,
        content: bytes | str,
        tree: ast.Module | None,
        *,
        unsaved: bool,
    ) -> File:
        if target.alone:
            # A directory that does not exist holds no other module. What its path says of a file
            # (a test, a migration) holds there, too.
            root = self.root_of(target.path)
            nowhere = Path(root) / _NOWHERE
            is_file = target.path.endswith(".py")
            name = os.path.relpath(target.path, root) if is_file else "text.py"
            project = self._open_project(nowhere, None, None, settings)
            return project.open(nowhere / name, content, display=target.display, tree=tree)
        overlay = {**(self._overlay or {}), target.path: _bytes(content)} if unsaved else None
        project = self._project(self.root_of(target.path), settings, overlay)
        return project.open(Path(target.path), content, display=target.display, tree=tree)

    def replace(self, path: str, content: bytes | None) -> None:
        """Take another text for a file, ``None`` for what is on disk, in every project that is open."""
        project = self._projects.get(self.root_of(path))
        if project is not None:
            project.replace(Path(path), content)
        overlay = dict(self._overlay or {})
        if content is None:
            overlay.pop(path, None)
        else:
            overlay[path] = content
        self._overlay = overlay

    def neighbours(self, paths: Iterable[str]) -> set[str]:
        """The absolute paths of the files whose findings may rest on one of these."""
        found: set[str] = set()
        for path in paths:
            project = self._project(self.root_of(path), self.settings_of(path), None)
            found |= project.neighbours(Path(path))
        return found

    def related(self, one: str, other: str) -> bool:
        """Whether one of two files imports the other, so that findings in one may rest on the other."""
        root = self.root_of(one)
        project = self._projects.get(root)
        return project is not None and root == self.root_of(other) and project.related(Path(one), Path(other))

    def expect(self, paths: Iterable[str]) -> None:
        """Say which files will be asked for, so that a cache is only used where it pays."""
        for path in paths:
            root = self.root_of(path)
            self._expected[root] = self._expected.get(root, 0) + 1

    def recall(self, targets: Sequence[Target]) -> list[tuple[Diagnostic, ...] | None]:
        """The findings of an earlier run, file by file, if nothing in the project has changed since.

        One question for many files takes a small part of the time that one for each would.
        """
        entries = [self._entry_of(target) for target in targets]
        wanted: dict[Results, list[bytes]] = {}
        for entry in entries:
            if entry is not None:
                wanted.setdefault(entry[0], []).append(entry[1])
        found = {results: results.find(keys) for results, keys in wanted.items()}
        return [None if entry is None else found[entry[0]].get(entry[1]) for entry in entries]

    def _entry_of(self, target: Target) -> tuple[Results, bytes] | None:
        """Where the findings of a file are kept, and under which key."""
        settings = self.settings_of(target.path)
        # Unknown selectors are told here, before any file is read.
        self.selection_of(settings)
        self.fixability_of(settings)
        results = self._results_of(target.path, settings)
        return None if results is None else (results, self._key(target, settings))

    def remember(self, target: Target, outcome: Outcome) -> None:
        """Keep the findings of a file for later runs."""
        settings = self.settings_of(target.path)
        results = self._results_of(target.path, settings)
        if outcome.reusable and results is not None:
            results.store(self._key(target, settings), outcome.diagnostics)

    def flush(self) -> None:
        """Write what the caches have gathered."""
        for project in self._projects.values():
            project.flush()
        for results in self._results.values():
            results.flush()

    def close(self) -> None:
        """Write what the caches have gathered and let go of them."""
        for project in self._projects.values():
            project.flush()
            project.close()
        for results in self._results.values():
            results.close()
        self._projects.clear()
        self._results.clear()

    def cache_dir(self, path: str, settings: Settings) -> Path | None:
        """Where the caches of a file's project live; ``None`` for none."""
        if not self.options.cache:
            return None
        if self.options.cache_dir is not None:
            return self.options.cache_dir
        if settings.cache_dir is not None:
            return (settings.base or Path.cwd()) / settings.cache_dir
        return Path(self.root_of(path)) / cachedir.NAME

    def _key(self, target: Target, settings: Settings) -> bytes:
        selection = self.selection_of(settings)
        chosen = selection.key_in(target.path)
        noqa = "raw" if self.options.ignore_noqa else "unused" if self.options.unused_suppressions else ""
        root = self.root_of(target.path)
        ruff = self._ruff_of(target.path, settings)
        return key_of((root, target.path, target.display, settings.digest, chosen, noqa, repr(ruff or "")))

    def _ruff_of(self, path: str, settings: Settings) -> RuffSettings | None:
        """The settings of the ruff that has the first word; ``None`` if none has."""
        if not settings.defer_to_ruff:
            return None
        if self._ruff is None:
            from archlint.engine.ruff_settings import RuffFinder  # few projects want it

            self._ruff = RuffFinder()
        return self._ruff.of(Path(path).parent)

    def _results_of(self, path: str, settings: Settings) -> Results | None:
        directory = self.cache_dir(path, settings)
        if directory is None:
            return None
        root = self.root_of(path)
        found = self._results.get((directory, root))
        if found is None:
            expected = _LOOKED_AT_PER_TARGET * self._expected.get(root, 1) + _LOOKED_AT_ANYWAY
            limit = _LOOKED_AT_AT_MOST if self.options.whole else min(expected, _LOOKED_AT_AT_MOST)
            found = self._results[directory, root] = Results(directory, root, limit)
        return found if found.covers(path) else None

    def _project(self, root: str, settings: Settings, overlay: Mapping[str, bytes] | None) -> Project:
        cache_dir = self.cache_dir(os.path.join(root, "_"), settings)  # noqa: PTH118
        if overlay is not None:
            return self._open_project(Path(root), cache_dir, overlay, settings)
        found = self._projects.get(root)
        if found is None:
            # Files come sorted: with a new root, those before it are most likely done with.
            for other in self._projects.values():
                other.rest()
            found = self._projects[root] = self._open_project(Path(root), cache_dir, self._overlay, settings)
        return found

    def _root_of_directory(self, directory: str) -> str:
        found = self._roots.get(directory)
        if found is None:
            found = self._roots[directory] = self._find_root(directory)
        return found

    def _find_root(self, directory: str) -> str:
        current, weak = directory, ""
        while True:
            marks = self._marks.get(current)
            if marks is None:
                marks = self._marks[current] = _marks_in(current)
            if marks and (marks != (_BUILD,) or _builds(current)):
                return current
            weak = weak or (current if marks else "")
            parent = os.path.dirname(current)  # noqa: PTH120
            if parent == current:
                break
            current = parent
        return weak or _unmarked_root(directory)


def _marks_in(directory: str) -> tuple[str, ...]:
    """The marks of a project's root in a directory; a module of a package is none."""
    marks = tuple(mark for mark in ROOT_MARKS if _holds(directory, mark))
    return () if marks == (_BUILD,) and _holds(directory, "__init__.py") else marks


def _holds(directory: str, name: str) -> bool:
    return os.path.exists(os.path.join(directory, name))  # noqa: PTH110, PTH118 - asked for every directory


def _builds(directory: str) -> bool:
    """Whether the ``setup.py`` of a directory builds a distribution: many a module is called so."""
    try:
        with open(os.path.join(directory, _BUILD), "rb") as file:  # noqa: PTH118, PTH123 - nothing else is asked
            content = file.read()
    except OSError:
        return False
    return any(tool in content for tool in _BUILDERS)


def _unmarked_root(directory: str) -> str:
    """Without a mark: the working directory if the file lies below it, else where packages begin."""
    cwd = os.getcwd()  # noqa: PTH109
    if directory == cwd or directory.startswith(cwd.rstrip(os.sep) + os.sep):
        return cwd
    while _holds(directory, "__init__.py"):
        directory = os.path.dirname(directory)  # noqa: PTH120
    return directory


def _bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


def unreadable(error: Exception, content: bytes | str, display: str) -> Outcome:
    """The diagnostic of a file that Python cannot parse: where, why, and what it would take."""
    raw = _bytes(content)
    if isinstance(error, RecursionError | MemoryError):
        message = "the code is nested too deeply for Python's parser"
        return Outcome((at(INVALID_SYNTAX, INVALID_SYNTAX, message, display),))
    if b"\0" in raw:
        line, column = _position(raw, raw.index(b"\0"))
        message = "the file contains a NUL byte: it is not Python source text"
    elif isinstance(error, UnicodeDecodeError):
        line, column, message = _undecodable(error, raw)
    elif isinstance(error, SyntaxError):
        line, column, message = _syntax_error(error, content)
    else:
        line, column, message = 1, 0, str(error)
    found = at(INVALID_SYNTAX, INVALID_SYNTAX, " ".join(message.split()), display, line, column)
    return Outcome((found,), reusable=True)


def _syntax_error(error: SyntaxError, content: bytes | str) -> tuple[int, int, str]:
    line = max(error.lineno or 1, 1)
    column = max((error.offset or 1) - 1, 0)
    message = f"{type(error).__name__}: {error.msg}"
    try:
        text = content if isinstance(content, str) else decode(content)
    except UnicodeDecodeError as undecodable:
        return _undecodable(undecodable, _bytes(content))
    except SyntaxError as unknown:
        return 1, 0, f"{type(unknown).__name__}: {unknown.msg}"
    return line, column, newer_grammar(error, text) or message


def _undecodable(error: UnicodeDecodeError, raw: bytes) -> tuple[int, int, str]:
    byte = error.object[error.start]
    message = f"byte 0x{byte:02x} is not valid {error.encoding}; declare the encoding (PEP 263)"
    return (*_position(raw, error.start), message)


def _position(raw: bytes, offset: int) -> tuple[int, int]:
    before = raw[:offset]
    line = before.count(b"\n") + 1
    return line, offset - (before.rfind(b"\n") + 1)

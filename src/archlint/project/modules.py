"""From module names to files and back, for flat, ``src``, namespace and monorepo layouts.

Files are named by their path relative to the project's root, with forward slashes: two
services of a monorepo may both have a module ``app.main``, but never the same path.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

#: Directories that never hold the project's own modules.
SKIPPED = frozenset(
    ("node_modules", "__pycache__", "site-packages", "venv", "env", "build", "dist", "__pypackages__")
)


#: A root with more files than this is somebody's home directory, not a project.
MAX_FILES = 50_000


class Modules:
    """The files of one project; directory listings are read once and kept."""

    def __init__(self, root: Path, unsaved: Iterable[str] = ()) -> None:
        """``unsaved`` are paths of texts that need not be on disk."""
        self.root = root
        self._prefix = os.fspath(root)
        self._unsaved = _by_directory(self.relative(Path(path)) for path in unsaved)
        self._listings: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[str, str, str], str | None] = {}
        self._import_roots: dict[str, tuple[str, str]] = {}
        self._files: tuple[str, ...] | None = None
        self._tops: dict[str, tuple[str, ...]] | None = None

    def relative(self, path: Path) -> str:
        """The name of a file: its path below the root (or its absolute path when outside)."""
        text = os.path.abspath(path)
        if text.startswith(self._prefix + os.sep):
            return text[len(self._prefix) + 1 :].replace(os.sep, "/")
        return text.replace(os.sep, "/")

    def absolute(self, name: str) -> str:
        """The path on disk of a file name."""
        return os.path.join(self._prefix, name)

    def listing(self, directory: str) -> frozenset[str]:
        """Names in a directory of the project; empty when it does not exist."""
        found = self._listings.get(directory)
        if found is None:
            try:
                found = frozenset(os.listdir(os.path.join(self._prefix, directory)))
            except OSError:
                found = frozenset()
            found = self._listings[directory] = found.union(self._unsaved.get(directory, ()))
        return found

    def package(self, name: str) -> tuple[str, str]:
        """The import root of a file and the dotted name of its package.

        The import root is the nearest directory upward without ``__init__.py``.
        """
        directory = name.rpartition("/")[0]
        parts: list[str] = []
        while directory and "__init__.py" in self.listing(directory):
            directory, _, last = directory.rpartition("/")
            parts.insert(0, last)
        return directory, ".".join(parts)

    def module_name(self, name: str) -> str:
        """The dotted module name of a file, seen from its import root."""
        _, package = self.package(name)
        stem = name.rpartition("/")[2].partition(".")[0]
        if stem == "__init__":
            return package
        return f"{package}.{stem}" if package else stem

    def find(self, module: str, importer: str) -> str | None:
        """The file of an absolute module name as seen by ``importer``; None for a library.

        A namespace package has no file and gives its directory with a trailing slash.
        """
        directory = importer.rpartition("/")[0]
        roots = self._import_roots.get(directory)
        if roots is None:
            root, _ = self.package(importer)
            roots = self._import_roots[directory] = (root, self._script_root(directory, root))
        root, scripts = roots
        key = (module, root, scripts)
        if key not in self._found:
            self._found[key] = self._find(module, root, scripts)
        return self._found[key]

    def home(self, module: str, name: str | None, importer: str) -> str | None:
        """The file that ``from module import name`` reads; None for a library.

        A folder without ``__init__.py`` gives nothing but the modules in it: beside a project's folder
        ``alembic`` with its migrations, ``from alembic import op`` is the library's.
        """
        path = self.find(module, importer)
        if path is None or name is None or "." in module or not path.endswith("/"):
            return path
        return path if self.find(f"{module}.{name}", importer) is not None else None

    @staticmethod
    def beside(folder: str) -> str:
        """The library that a folder without ``__init__.py`` has the name of, and what is not in it."""
        return folder.rstrip("/").rpartition("/")[2]

    def _script_root(self, directory: str, root: str) -> str:
        """The directory inside a package that holds Django's ``manage.py``: it is an import root too."""
        while len(directory) > len(root):
            if "manage.py" in self.listing(directory):
                return directory
            directory = directory.rpartition("/")[0]
        return root

    def _find(self, module: str, root: str, scripts: str) -> str | None:
        top, _, _ = module.partition(".")
        if not top:
            return None
        candidates = [scripts, root]
        directory = root
        while directory:
            directory = directory.rpartition("/")[0]
            candidates.append(directory)
        candidates += ["src", "lib"]
        namespace: str | None = None
        for base in dict.fromkeys(candidates):
            found = self._below(base, module)
            if found and not found.endswith("/"):
                return found
            namespace = namespace or found
        for base in self._roots_of(top):
            found = self._below(base, module)
            if found and not found.endswith("/"):
                return found
            namespace = namespace or found
        return namespace

    def _below(self, base: str, module: str) -> str | None:
        directory = base
        parts = module.split(".")
        for part in parts[:-1]:
            if part not in self.listing(directory):
                return None
            directory = f"{directory}/{part}" if directory else part
        names, last = self.listing(directory), parts[-1]
        stem = f"{directory}/{last}" if directory else last
        if last in names:
            inside = self.listing(stem)
            if "__init__.py" in inside:
                return f"{stem}/__init__.py"
        if f"{last}.py" in names:
            return f"{stem}.py"
        if last in names and self.is_namespace(stem):
            return f"{stem}/"
        return None

    def is_namespace(self, directory: str) -> bool:
        """Whether a directory without ``__init__.py`` holds modules; a ``docker/`` of images does not."""
        names = self.listing(directory)
        return any(n.endswith(".py") for n in names) or any(
            "__init__.py" in self.listing(f"{directory}/{n}") for n in names if "." not in n
        )

    def _roots_of(self, top: str) -> tuple[str, ...]:
        """Other directories of a monorepo that hold a package or module of this name."""
        if self._tops is None:
            tops: dict[str, set[str]] = {}
            for file in self.files():
                directory, package = self.package(file)
                name = package.partition(".")[0] or file.rpartition("/")[2][:-3]
                if package:
                    tops.setdefault(name, set()).add(directory)
            self._tops = {name: tuple(sorted(found)) for name, found in tops.items()}
        found = self._tops.get(top, ())
        # A name that several services use says nothing: only one owner decides.
        return found if len(found) == 1 else ()

    def files(self) -> tuple[str, ...]:
        """All Python files of the project, sorted; none when there are too many to be one project."""
        if self._files is None:
            found = self._walk("")
            self._files = tuple(sorted(found)) if len(found) <= MAX_FILES else ()
        return self._files

    def _walk(self, directory: str) -> list[str]:
        found: list[str] = []
        pending = [directory]
        while pending and len(found) <= MAX_FILES:
            here = pending.pop()
            entries = self._entries(here)
            self._listings[here] = frozenset(entries)
            for last, is_directory in entries.items():
                name = f"{here}/{last}" if here else last
                if last.endswith(".py"):
                    found.append(name)
                elif is_directory and last not in SKIPPED and "." not in last:
                    pending.append(name)
        return found

    def _entries(self, directory: str) -> dict[str, bool]:
        """The names in a directory, each with whether it is a directory itself."""
        found = {name: not name.endswith(".py") for name in self._unsaved.get(directory, ())}
        with suppress(OSError), os.scandir(os.path.join(self._prefix, directory)) as entries:
            found.update((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        return found


def _by_directory(names: Iterable[str]) -> dict[str, set[str]]:
    """File names by directory, and each directory among the names of the one above it."""
    found: dict[str, set[str]] = {}
    for name in names:
        below = name
        while below and not below.startswith("/"):
            directory, _, last = below.rpartition("/")
            found.setdefault(directory, set()).add(last)
            below = directory
    return found

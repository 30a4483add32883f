"""The state of a project: one value that changes with its Python files, templates and requirements.

Findings may rest on any file of their project, and on files that are not there yet. So the
results cache asks one question of the whole: is everything as it was? Sizes and times of the files
answer it without opening one; only where these differ is the content read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import NamedTuple

from archlint.core.source import digest
from archlint.knowledge import templates
from archlint.project.settings import requirements

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages"))
_SUFFIXES = (".py", ".pyi", *templates.SUFFIXES)
#: A file changed this recently could change again without its time showing it.
_SETTLED_NS = 2_000_000_000

_Seen = tuple[str, int, int, int]


class Survey(NamedTuple):
    """The files below a root that findings may rest on: sizes and times, in a fixed order."""

    root: str
    files: tuple[_Seen, ...]
    taken_ns: int

    @property
    def quick(self) -> str:
        """A key of names, sizes and times."""
        lines = (
            f"{path}\0{size} {changed} {inode_changed}" for path, size, changed, inode_changed in self.files
        )
        return digest("\n".join(lines).encode("utf-8", "surrogateescape"))

    @property
    def settled(self) -> bool:
        """Whether names, sizes and times will tell the next change."""
        return all(self.taken_ns - max(changed, ctime) > _SETTLED_NS for _, _, changed, ctime in self.files)

    def thorough(self) -> str:
        """A key of names and contents."""
        key = hashlib.blake2b(digest_size=16)
        for path, size, *_ in self.files:
            key.update(path.encode("utf-8", "surrogateescape"))
            key.update(b"\0" + (self._content(path) if size >= 0 else b"unreadable"))
        return key.hexdigest()

    def _content(self, path: str) -> bytes:
        try:
            with open(f"{self.root}/{path}", "rb") as file:  # noqa: PTH123 - every file of a project
                return hashlib.blake2b(file.read(), digest_size=16).digest()
        except OSError:
            return b"unreadable"


def survey(root: str, limit: int) -> Survey | None:
    """Look at every such file below ``root``; ``None`` if there are more than ``limit``.

    Directories count as well: a root may turn out to be somebody's home.
    """
    taken = time.time_ns()
    found: list[_Seen] = []
    pending = [""]
    walked = 0
    linked: set[str] = set()
    while pending:
        walked += 1
        if len(found) > limit or walked > limit:
            return None
        directory = pending.pop()
        try:
            with os.scandir(f"{root}/{directory}") as entries:
                for entry in entries:
                    name = directory + entry.name
                    if name.endswith(_SUFFIXES) or name in requirements.FILES:
                        found.append((name, *_stat(entry)))
                    elif _is_walked(entry, linked):
                        pending.append(f"{name}/")
        except OSError:
            continue
    return Survey(root, tuple(sorted(found)), taken)


def _stat(entry: os.DirEntry[str]) -> tuple[int, int, int]:
    try:
        found = entry.stat()
    except OSError:
        return -1, 0, 0
    if not stat.S_ISREG(found.st_mode):
        return -1, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_walked(entry: os.DirEntry[str], linked: set[str]) -> bool:
    """Whether modules may lie in a directory; imports follow links, but each target is looked at once."""
    name = entry.name
    if name in _SKIPPED or name.startswith(".") or not entry.is_dir():
        return False
    if not entry.is_symlink():
        return True
    target = os.path.realpath(entry.path)
    if target in linked:
        return False
    linked.add(target)
    return not f"{entry.path}/".startswith(f"{target}/")

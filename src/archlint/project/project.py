"""A project as the engine sees it: open a file, ask it questions, keep what was learnt."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archlint.core.source import digest, parse
from archlint.project.cache import SummaryCache
from archlint.project.file import File
from archlint.project.live import LiveWorld
from archlint.project.waiting import Declared
from archlint.project.world import World


class Project:
    """The files below one root and all that is known of them."""

    def __init__(
        self,
        root: Path,
        *,
        cache_dir: Path | None = None,
        overlay: Mapping[str, bytes] | None = None,
        blocking_calls: Mapping[str, str] | None = None,
        offload_helpers: tuple[str, ...] = (),
        rule_options: Mapping[str, Mapping[str, Any]] | None = None,
        live: bool = False,
    ) -> None:
        """``cache_dir`` None keeps nothing on disk; ``overlay`` holds unsaved texts by absolute path.

        ``blocking_calls`` and ``offload_helpers`` are what the settings add to the knowledge tables,
        ``rule_options`` what they decide for single rules, by their names or codes.
        ``live`` says that files will change between two questions, as they do in an editor.
        """
        self.root = root
        self.rule_options = rule_options or {}
        cache = SummaryCache(cache_dir, root) if cache_dir is not None else None
        world = LiveWorld if live else World
        self.world = world(
            root, cache=cache, overlay=overlay, declared=Declared(blocking_calls or {}, offload_helpers)
        )

    def open(self, path: Path, source: bytes | str, *, display: str, tree: ast.Module | None = None) -> File:
        """The file under this path with this text; raises what ``ast.parse`` raises."""
        content = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
        name = self.world.modules.relative(path)
        self.world.lighten()
        if tree is None:
            found = digest(content)
            tree = self.world.tree_of(name, found)
            if tree is None and not self.world.knows(name, found):
                tree = parse(source, display)
        return File(self, self.world, path, content, display, tree)

    def replace(self, path: Path, content: bytes | None) -> None:
        """Take another text for a file, ``None`` for what is on disk; used by editors."""
        self.world.replace(self.world.modules.relative(path), content)

    def rest(self) -> None:
        """Let go of most of the memory: another project is looked at now."""
        self.world.rest()

    def neighbours(self, path: Path) -> set[str]:
        """The absolute paths of the files that a file may have to do with.

        Those that import it or that it imports, directly or through others, and those that name its
        module in a text, as settings and URLconfs do.
        """
        modules, importing = self.world.modules, self.world.importing
        name = modules.relative(path)
        names = {*importing.importers(name), *importing.imported(name)}
        names.update(self.world.mentioning(modules.module_name(name)))
        return {modules.absolute(near) for near in names}

    def related(self, one: Path, other: Path) -> bool:
        """Whether one of two files imports the other, directly or through others."""
        first, second = map(self.world.modules.relative, (one, other))
        importing = self.world.importing
        return second in importing.imported(first) or first in importing.imported(second)

    def flush(self) -> None:
        """Write new summaries to the disk cache; never raises."""
        if self.world.cache is not None:
            self.world.cache.flush()

    def close(self) -> None:
        """Flush and let go of the disk cache."""
        if self.world.cache is not None:
            self.world.cache.close()

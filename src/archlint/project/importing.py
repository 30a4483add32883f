"""Which files import which: the graph that says what may depend on a changed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Summary

if TYPE_CHECKING:
    from archlint.project.world import World


class Importing:
    """The imports between the files of one project; the list of a file is read once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._imports: dict[str, frozenset[str]] = {}

    def forget(self, path: str) -> None:
        """A file has another text now."""
        self._imports.pop(path, None)

    def importers(self, path: str) -> frozenset[str]:
        """The files that import a file, directly or through others; the file itself is not among them."""
        importers: dict[str, set[str]] = {}
        for name in self._world.modules.files():
            for imported in self._of(name):
                importers.setdefault(imported, set()).add(name)
        found: set[str] = set()
        queue = [path]
        while queue:
            new = importers.get(queue.pop(), set()) - found
            found |= new
            queue += new
        return frozenset(found - {path})

    def imported(self, path: str) -> frozenset[str]:
        """The files that a file imports, directly or through others; the file itself is not among them."""
        found: set[str] = set()
        queue = [path]
        while queue:
            new = self._of(queue.pop()) - found
            found |= new
            queue += sorted(new)
        return frozenset(found - {path})

    def _of(self, name: str) -> frozenset[str]:
        known = self._imports.get(name)
        if known is None:
            modules = self._world.glance(name, _modules)
            files = (self._world.modules.find(module, name) for module in sorted(modules))
            known = self._imports[name] = frozenset(file for file in files if file is not None)
        return known


def _modules(summary: Summary) -> set[str]:
    """Every module that a file may import: of ``from a import b`` both ``a`` and ``a.b``."""
    found = set(summary.stars)
    for scope in summary.scopes:
        for rows in scope.binds.values():
            for row in rows:
                expr = row[Bind.EXPR]
                if expr is not None and expr[0] == "im":
                    found.add(expr[1])
                    if expr[2]:
                        found.add(f"{expr[1]}.{expr[2]}")
    return found

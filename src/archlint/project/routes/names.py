"""Names followed to where they are defined, by text alone.

The table of registered handlers is made while other questions are being answered. It therefore asks
for no types: what a name leads to here rests on bindings and imports only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Expr, Scope

if TYPE_CHECKING:
    from archlint.project.world import World

_DEEP = 12


class Found(NamedTuple):
    """What a name leads to.

    ``func`` and ``class`` are named ``path:index``, ``module`` by its file, ``lib`` by its qualified
    name; ``call`` is a value made by a call, to be read in scope ``name``.
    """

    kind: str
    name: str
    expr: Expr = None


class Names:
    """Follows names through scopes, modules and imports."""

    def __init__(self, world: World) -> None:
        self.world = world

    def find(self, expr: Expr, path: str, scope: Scope, depth: int = _DEEP) -> Found | None:
        """What an expression names."""
        if expr is None or depth == 0:
            return None
        tag = expr[0]
        if tag == "n":
            return self._name(expr[1], path, scope, depth)
        if tag == "a":
            owner = self.find(expr[1], path, scope, depth - 1)
            return self._member(owner, expr[2], depth - 1) if owner is not None else None
        if tag == "im":
            return self._imported(expr[1], expr[2], path, depth - 1)
        if tag in ("f", "cl"):
            return Found("func" if tag == "f" else "class", f"{path}:{expr[1]}")
        if tag == "c":
            return Found("call", f"{path}:{scope.index}", expr)
        return None

    def _name(self, name: str, path: str, scope: Scope, depth: int) -> Found | None:
        scopes = self.world.summary(path).scopes
        here: Scope | None = scope
        while here is not None:
            if here is scope or here.kind != "class":
                rows = here.binds.get(name)
                if rows:
                    return self._bound(rows, path, here, depth)
                if here.params and here.params[0][0] == name and here.parent >= 0:
                    owner = scopes[here.parent]
                    return Found("class", f"{path}:{owner.index}") if owner.kind == "class" else None
            here = scopes[here.parent] if here.parent >= 0 else None
        return self._starred(name, path, depth)

    def _bound(self, rows: list[list[Any]], path: str, scope: Scope, depth: int) -> Found | None:
        for row in reversed(rows):
            found = self.find(row[Bind.EXPR], path, scope, depth - 1)
            if found is not None:
                return found
        return None

    def _starred(self, name: str, path: str, depth: int) -> Found | None:
        for module in self.world.summary(path).stars:
            found = self._imported(module, name, path, depth - 1)
            if found is not None and found.kind != "lib":
                return found
        return None

    def _imported(self, module: str, name: str | None, importer: str, depth: int) -> Found | None:
        if not module and name is not None:
            # `from . import views` in a folder that is no package.
            return self._submodule(name, importer)
        path = self.world.modules.home(module, name, importer)
        if path is None:
            qualified = module if name is None else f"{module}.{name}"
            return Found("lib", self.world.evaluator.library.canonical(qualified))
        if name is None:
            return Found("module", path)
        return self._of_module(path, name, depth) or self._submodule(f"{module}.{name}", importer)

    def _submodule(self, module: str, importer: str) -> Found | None:
        path = self.world.modules.find(module, importer)
        return Found("module", path) if path is not None else None

    def _of_module(self, path: str, name: str, depth: int) -> Found | None:
        if path.endswith("/") or depth <= 0:
            return None
        return self._name(name, path, self.world.summary(path).scopes[0], depth)

    def _member(self, owner: Found, attr: str, depth: int) -> Found | None:
        if owner.kind == "lib":
            return Found("lib", self.world.evaluator.library.canonical(f"{owner.name}.{attr}"))
        if owner.kind == "module":
            found = self._of_module(owner.name, attr, depth)
            if found is not None:
                return found
            directory = owner.name.removesuffix("__init__.py")
            found = self._below(directory, attr) if directory.endswith("/") else None
            if found is None and owner.name.endswith("/"):
                name = f"{self.world.modules.beside(directory)}.{attr}"
                return Found("lib", self.world.evaluator.library.canonical(name))
            return found
        if owner.kind == "class":
            return self._of_class(owner.name, attr, depth)
        return None

    def _below(self, directory: str, name: str) -> Found | None:
        if f"{name}.py" in self.world.modules.listing(directory.rstrip("/")):
            return Found("module", f"{directory}{name}.py")
        if "__init__.py" in self.world.modules.listing(f"{directory}{name}"):
            return Found("module", f"{directory}{name}/__init__.py")
        return None

    def _of_class(self, key: str, attr: str, depth: int) -> Found | None:
        path, _, index = key.rpartition(":")
        scopes = self.world.summary(path).scopes
        scope = scopes[int(index)]
        rows = scope.binds.get(attr)
        if rows:
            return self._bound(rows, path, scope, depth)
        if depth <= 0:
            return None
        for keyword, base in scope.bases:
            if keyword is None:
                owner = self.find(base, path, scopes[scope.parent], depth - 1)
                found = (
                    self._of_class(owner.name, attr, depth - 1)
                    if owner is not None and owner.kind == "class"
                    else None
                )
                if found is not None:
                    return found
        return None

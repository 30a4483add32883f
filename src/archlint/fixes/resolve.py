"""Recipes become edits of the texts they name."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

import attrs

from archlint.core.diagnostic import Diagnostic, Edit, Fix, Recipe
from archlint.fixes.actions import ACTIONS
from archlint.fixes.document import Document
from archlint.fixes.imports import imported

#: The text of a reported path; ``None`` when it cannot be read.
Read = Callable[[str], "str | None"]


class Resolver:
    """Turns recipes into edits; parses each text once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._documents: dict[str, Document | None] = {}

    def edits(self, fix: Fix) -> tuple[Edit, ...]:
        """The edits of a fix; none at all when one of its recipes cannot be carried out."""
        found = list(fix.edits)
        for recipe in fix.recipes:
            edits = self._carried_out(recipe)
            if edits is None:
                return ()
            found += edits
        wanted = tuple(dict.fromkeys(self._with_line_ends(edit) for edit in found))
        return () if _collide(wanted) else wanted

    def resolved(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with edits in the place of recipes; without a fix if there are none."""
        fix = diagnostic.fix
        if fix is None or not fix.recipes:
            return diagnostic
        edits = self.edits(fix)
        return attrs.evolve(diagnostic, fix=attrs.evolve(fix, edits=edits, recipes=()) if edits else None)

    def _carried_out(self, recipe: Recipe) -> list[Edit] | None:
        document = self._document(recipe.location.path)
        if document is None:
            return None
        needed = [imported(document, wanted) for wanted in recipe.imports]
        found = [one for one in needed if one is not None]
        if len(found) < len(needed):
            return None
        changes = ACTIONS[recipe.action](document, _filled(recipe, [one.name for one in found]))
        edits = [one.edit for one in sorted(found, key=lambda one: one.rank) if one.edit is not None]
        return None if changes is None else [*changes, *edits]

    def _with_line_ends(self, edit: Edit) -> Edit:
        """The edit with the line ends of its file; rules write those of Python."""
        document = self._document(edit.location.path) if "\n" in edit.content else None
        if document is None:
            return edit
        lines = edit.content.replace("\r\n", "\n")
        return attrs.evolve(edit, content=lines.replace("\n", document.newline))

    def _document(self, path: str) -> Document | None:
        if path not in self._documents:
            self._documents[path] = _parsed(path, self._read(path))
        return self._documents[path]


def _collide(edits: Sequence[Edit]) -> bool:
    """Whether the edits of one fix overlap: a call that moves inside another one that moves."""
    places = sorted(
        (at.path, (at.line, at.column), (at.end_line, at.end_column))
        for at in (edit.location for edit in edits)
    )
    return any(
        one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for one, other in itertools.pairwise(places)
    )


def _filled(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """The recipe with the local names of its imports."""
    values = dict(recipe.values)
    for index, name in enumerate(names):
        values = {key: text.replace(f"${index}", name) for key, text in values.items()}
    return attrs.evolve(recipe, values=tuple(values.items()))


def _parsed(path: str, text: str | None) -> Document | None:
    if text is None:
        return None
    try:
        return Document(path, text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def resolved(diagnostics: Iterable[Diagnostic], read: Read) -> list[Diagnostic]:
    """The diagnostics, each with the edits of its fix."""
    resolver = Resolver(read)
    return [resolver.resolved(diagnostic) for diagnostic in diagnostics]

"""Rows whose class does more than write them: a batch would pass it by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.summary import Call, Scope
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.effects import Site
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Calls of an override that only goes on: `super()` and its method.
_ONWARD = 2
#: Methods that a row is checked by before it is written.
_CHECKS = frozenset(("clean", "full_clean"))
#: Methods of rows and managers, by the method of the class that they end in.
_OWN = {
    "save": "save", "asave": "save", "create": "save", "acreate": "save", "get_or_create": "save",
    "aget_or_create": "save", "update_or_create": "save", "aupdate_or_create": "save", "delete": "delete",
    "adelete": "delete",
}  # fmt: skip


def is_saved_by_its_class(world: World, frame: Frame, site: Site) -> bool:
    """Whether the class of a row has a ``save`` of its own, or the row is checked before: ``row.clean()``."""
    if site.call < 0:
        return False
    scope = frame.scope
    func = scope.calls[site.call][Call.FUNC]
    if func is None or func[0] != "a":
        return False
    if _is_checked(scope, func[1]) or any(_checks_itself(method) for method in _callees(world, site)):
        return True
    name = _OWN.get(func[2], "")
    return bool(name) and any(_does_more(world, model, name) for model in _models(world, frame, site))


def _is_checked(scope: Scope, row: object) -> bool:
    return any(
        (call[Call.FUNC] or [])[:2] == ["a", row] and call[Call.FUNC][2] in _CHECKS for call in scope.calls
    )


def _checks_itself(scope: Scope) -> bool:
    return any(
        (row[Call.FUNC] or [])[:2] == ["a", ["n", "self"]] and last_word(row[Call.FUNC]) in _CHECKS
        for row in scope.calls
    )


def _callees(world: World, site: Site) -> Iterator[Scope]:
    for callee in members(site.callee):
        scope = world.function(callee.name) if callee.kind == "func" else None
        if scope is not None:
            yield scope


def _models(world: World, frame: Frame, site: Site) -> Iterator[str]:
    """The classes of the rows that a call writes: of its receiver, a row or a manager of rows."""
    row = frame.scope.calls[site.call]
    receiver = world.evaluator.eval(row[Call.FUNC][1], frame, row[Call.BLOCK], row[Call.ORDER])
    for owner in members(receiver):
        for value in (owner, *(item for part in owner.args for item in members(part))):
            if _is_model(world, value):
                yield value.name


def _is_model(world: World, value: Type) -> bool:
    return value.kind in ("inst", "class") and is_project(value.name) and world.models.is_model(value.name)


def _does_more(world: World, model: str, name: str) -> bool:
    """Whether a model overrides a method and does not only hand it on."""
    found = world.classes.method(model, name)
    return found is not None and len(found[1].calls) > _ONWARD

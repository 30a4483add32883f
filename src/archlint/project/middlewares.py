"""What Django hands to the middleware that the settings install.

A middleware is a function that is given ``get_response`` and returns a function of the request, or a class
with ``__init__(self, get_response)`` and ``__call__(self, request)``. Only what ``MIDDLEWARE`` names counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.model.summary import Bind, Expr
from archlint.project.ledger import settle
from archlint.project.roles import role_of
from archlint.project.types import Type, inst, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_GET_RESPONSE = "django.utils.deprecation.GetResponse"
_REQUEST = "django.http.HttpRequest"
_RESPONSE = "django.http.HttpResponse"
#: What methods of a middleware are handed, by the position of the parameter.
_HANDED = {
    "__init__": {1: _GET_RESPONSE},
    "__call__": {1: _REQUEST},
    "process_request": {1: _REQUEST},
    "process_view": {1: _REQUEST},
    "process_exception": {1: _REQUEST},
    "process_response": {1: _REQUEST, 2: _RESPONSE},
    "process_template_response": {1: _REQUEST, 2: _RESPONSE},
}


class Middlewares:
    """Questions about the middleware of the settings."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._installed: dict[str, frozenset[str]] = world.answers()

    def parameter(self, position: int, frame: Frame) -> Type | None:
        """What a parameter of a middleware is."""
        scope, outer = frame.scope, frame.outer
        if outer is None:
            return None
        if outer.scope.kind == "class":
            handed = _HANDED.get(scope.name, {}).get(position)
            is_ours = handed is not None and self._is_installed(f"{frame.path}:{scope.parent}")
            return inst(handed) if handed is not None and is_ours else None
        if position != 0:
            return None
        if outer.scope.kind == "module":
            return inst(_GET_RESPONSE) if self._is_installed(f"{frame.path}:{scope.index}") else None
        is_answer = any(row[0] == ["n", scope.name] for row in outer.scope.returns)
        return (
            inst(_REQUEST) if is_answer and self._is_installed(f"{frame.path}:{outer.scope.index}") else None
        )

    def listed(self) -> Iterator[tuple[str, Expr]]:
        """The items of ``MIDDLEWARE`` in all settings but those of tests, each with its file."""
        for path in self.world.mentioning("MIDDLEWARE"):
            if role_of(path) != "test":
                for row in self.world.summary(path).scopes[0].binds.get("MIDDLEWARE", ()):
                    yield from ((path, item) for item in _items(row[Bind.EXPR]))

    def named(self, text: str, path: str) -> Type | None:
        """The middleware of a dotted name."""
        module, _, last = text.rpartition(".")
        return self.world.evaluator.imported(module, last, path, 3) if module else None

    def _is_installed(self, key: str) -> bool:
        if "" not in self._installed:
            settle(self._installed, "", frozenset(), lambda: frozenset(self._find_installed()))
        return key in self._installed[""]

    def _find_installed(self) -> Iterator[str]:
        for path, item in self.listed():
            if item is not None and item[0] == "k":
                found = members(self.named(str(item[1]), path))
                yield from (m.name for m in found if m.kind in ("func", "class"))


def _items(expr: Expr) -> Iterator[Expr]:
    """The items of a list, and of lists that are put together."""
    if expr is None:
        return
    if expr[0] in ("l", "t"):
        yield from expr[1]
    elif expr[0] == "b":
        yield from _items(expr[2])
        yield from _items(expr[3])

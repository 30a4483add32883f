"""Constants behind expressions: prefixes, status codes, flags."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from archlint.model.summary import Expr, Scope, Store
from archlint.project.routes.follow import Follower, Made, Spot

if TYPE_CHECKING:
    from archlint.project.world import World

_DEEP = 8
_CODE = re.compile(r"^HTTP_(\d{3})(?:_|$)")


class Texts:
    """Reads texts, numbers and flags that the program fixes."""

    def __init__(self, world: World, follower: Follower) -> None:
        self.world = world
        self.follower = follower

    def text(self, expr: Expr, spot: Spot, depth: int = _DEEP) -> str | None:
        """The text that an expression always is; None where it is not known, or not always the same."""
        if expr is None or depth == 0:
            return None
        tag = expr[0]
        if tag == "k":
            return expr[1] if isinstance(expr[1], str) else None
        if tag == "j":
            parts = [self._part(part, spot, depth - 1) for part in expr[1]]
            return "".join(part for part in parts if part is not None) if None not in parts else None
        if tag == "b" and expr[1] == "+":
            left, right = (self.text(e, spot, depth - 1) for e in expr[2:4])
            return left + right if left is not None and right is not None else None
        made = self._one(expr, spot)
        if made is None and tag == "a" and expr[2] == "value":
            # The value of a member of an enumeration.
            return self.text(expr[1], spot, depth - 1)
        return self.text(made.expr, made.spot, depth - 1) if made is not None else None

    def _part(self, expr: Expr, spot: Spot, depth: int) -> str | None:
        found = self.text(expr, spot, depth)
        if found is None:
            number = self.constant(expr, spot)
            return str(number) if isinstance(number, int) else None
        return found

    def _one(self, expr: Expr, spot: Spot) -> Made | None:
        """The single thing that an expression is, if it is something else than what is written."""
        if expr[0] not in ("n", "a", "c", "im", "gs"):
            return None
        found = self.follower.follow(expr, spot)
        if not found or any(made.expr != found[0].expr for made in found[1:]):
            return None
        return found[0] if found[0] != Made(expr, spot) else None

    def constant(self, expr: Expr, spot: Spot) -> object:
        """The constant that an expression always is; None where it is not known."""
        if expr is None:
            return None
        if expr[0] == "k":
            return expr[1]
        made = self._one(expr, spot)
        return made.expr[1] if made is not None and made.expr is not None and made.expr[0] == "k" else None

    def is_nothing(self, expr: Expr, spot: Spot) -> bool:
        """Whether an expression is the constant ``None``."""
        if expr == ["k", None]:
            return True
        made = self._one(expr, spot) if expr is not None else None
        return made is not None and made.expr == ["k", None]

    def code(self, expr: Expr, spot: Spot) -> int | None:
        """A status code: ``201``, ``status.HTTP_201_CREATED`` or ``HTTPStatus.CREATED``."""
        if expr is None:
            return None
        found = self.constant(expr, spot)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if expr[0] == "n":
            made = self._one(expr, spot)
            if made is not None and made.expr[0] == "im" and made.expr[2] is not None:
                return _named(made.expr[2], made.expr[1])
            return self.code(made.expr, made.spot) if made is not None and made.expr[0] == "a" else None
        if expr[0] == "a":
            if expr[2] == "value":
                return self.code(expr[1], spot)
            owner = expr[1][-2] if expr[1] is not None and expr[1][0] == "a" else (expr[1] or [""])[-1]
            return _named(expr[2], str(owner))
        return None

    def codes(self, expr: Expr, spot: Spot) -> frozenset[int] | None:
        """The codes that a ``responses=`` dictionary documents; None where some cannot be read."""
        made = self.follower.follow(expr, spot)
        if len(made) != 1:
            return None
        is_written_here = expr is not None and expr[0] == "d"
        expr, spot = made[0]
        if expr is not None and expr[0] == "b" and expr[1] == "|":
            left, right = (self.codes(e, spot) for e in expr[2:4])
            return left | right if left is not None and right is not None else None
        if expr is None or expr[0] != "d":
            return None
        if not is_written_here and _fills_dicts(self.follower.scope(spot)):
            return None
        found: set[int] = set()
        for key, value in expr[1]:
            if key is None:
                inner = self.codes(value, spot)
                if inner is None:
                    return None
                found |= inner
                continue
            code = self.code(key, spot)
            text = self.text(key, spot) if code is None else None
            if code is None and text is not None and text.isdigit():
                code = int(text)
            if code is None and text is None:
                return None
            if code is not None:
                found.add(code)
        return frozenset(found)


def _fills_dicts(scope: Scope) -> bool:
    """Whether a function or module puts things into dicts after they were made."""
    return any(row[Store.ATTR][:1] == "[" for row in scope.stores)


def _named(name: str, owner: str) -> int | None:
    """The number of a status code by its name."""
    if found := _CODE.match(name):
        return int(found[1])
    is_status = owner.rpartition(".")[2] in ("HTTPStatus", "codes", "http")
    return HTTPStatus[name].value if is_status and name in HTTPStatus.__members__ else None

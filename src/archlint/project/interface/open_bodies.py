"""Bodies of requests whose schema lets a client choose columns that grant rights.

Either the schema has such a column itself, or it takes keys that it does not name (``extra="allow"``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.exposure import PRIVILEGED, PRIVILEGED_OF_ACCOUNTS
from archlint.model.summary import Bind, Call, Expr, Read, Scope
from archlint.project.interface.raw_bodies import Raw, is_one_of
from archlint.project.types import is_project, members
from archlint.project.words import arguments_of, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

_PRIVILEGED = PRIVILEGED | PRIVILEGED_OF_ACCOUNTS
_DUMPS = frozenset(("model_dump", "dict"))
#: Words of a route, or of what runs before it, that say: for those who may grant rights.
_GRANTING = re.compile(r"(?i)admin|super|staff|owner|permission|role|scope|manag|internal|operator|root|seed")


class OpenBodies:
    """Questions about such bodies."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, function: Function) -> Iterator[tuple[Raw, str]]:
        """What a handler makes of each such body, and the schema."""
        for name, schema in self._open(function):
            yield _raw(function.scope, name), schema

    def handed(self, function: Function) -> Iterator[tuple[int, Frame, Raw, str]]:
        """The calls that hand such a body to a function of the project, what it makes of it, the schema."""
        bodies = self.world.api.raw_bodies
        for name, schema in self._open(function):
            for index, row in enumerate(function.scope.calls):
                if ["n", name] not in arguments_of(row):
                    continue
                for callee, scope, given in bodies.handed(index, row, function.frame):
                    taken = {param for param, expr in given.items() if param and expr == ["n", name]}
                    if _asks(scope) or not taken or not taken.isdisjoint(scope.binds):
                        continue
                    raw = _raw(scope, min(taken))
                    if raw.exprs and not _takes_out(scope):
                        yield index, bodies.inner(callee, scope, row, function.frame), raw, schema

    def _open(self, function: Function) -> Iterator[tuple[str, str]]:
        """The bodies of a handler that let a client choose, and their schemas."""
        for name, schema in self._received(function):
            if self.allows_extra(schema) or self.granting(schema):
                yield name, schema

    def _received(self, function: Function) -> Iterator[tuple[str, str]]:
        for entry in self.world.route_table.of(function.file.name, function.scope):
            before = " ".join(d.label for d in entry.dependencies)
            if _GRANTING.search(f"{entry.path or entry.tail} {entry.name} {before}") or _asks(function.scope):
                continue
            for body in entry.bodies:
                for member in members(body.type):
                    if body.kind == "json" and member.kind == "inst" and is_project(member.name):
                        yield body.name, member.name

    def granting(self, schema: str) -> frozenset[str]:
        """The fields of a schema that grant rights, in some models at least."""
        own = _PRIVILEGED.intersection(c.name for c in self.world.api.schemas.columns(schema))
        return own | self.world.api.shown.granting_by_model(schema)

    def allows_extra(self, schema: str) -> bool:
        """Whether a schema of pydantic keeps keys that it does not name."""
        for base in self.world.classes.mro(schema):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None and (
                _allows(dict(info.scope.bases).get("extra")) or self._configured(info.key)
            ):
                return True
        return False

    def _configured(self, key: str) -> bool:
        """``model_config = ConfigDict(extra="allow")``, ``class Config: extra = "allow"``."""
        info = self.world.classes.info(key)
        for name in ("model_config", "Config"):
            rows = info.scope.binds.get(name, ()) if info is not None else ()
            expr = rows[-1][Bind.EXPR] if rows else None
            if info is None or expr is None:
                continue
            if expr[0] == "c" and _allows(dict(info.scope.calls[expr[1]][Call.KEYWORDS]).get("extra")):
                return True
            if expr[0] == "cl":
                inner = self.world.summary(info.path).scopes[expr[1]].binds.get("extra", ())
                if inner and _allows(inner[-1][Bind.EXPR]):
                    return True
        return False


def _allows(expr: Expr) -> bool:
    return expr == ["k", "allow"] or last_word(expr) == "allow"


def _raw(scope: Scope, name: str) -> Raw:
    """What a function makes of a body that a variable holds: its dumps, and the variables for them."""
    return raw_of(scope, list(_dumped(scope, name)))


def raw_of(scope: Scope, exprs: list[Expr]) -> Raw:
    """Expressions that are a body, with the variables for them."""
    names = {
        kept
        for kept, rows in scope.binds.items()
        if rows and all(is_one_of(row[Bind.EXPR], exprs) for row in rows)
    }
    return Raw((), frozenset(names), tuple(exprs), frozenset())


def _takes_out(scope: Scope) -> bool:
    """Whether a function takes a delicate column out of what it writes: `data.pop("is_admin", None)`."""
    return any(
        last_word(row[Call.FUNC]) == "pop"
        and any(arg == ["k", c] for arg in row[Call.ARGS] for c in _PRIVILEGED)
        for row in scope.calls
    )


def _dumped(scope: Scope, name: str) -> Iterator[Expr]:
    """``body.model_dump()`` as a whole."""
    for index, row in enumerate(scope.calls):
        func = row[Call.FUNC]
        if func is None or func[0] != "a" or func[2] not in _DUMPS or func[1] != ["n", name]:
            continue
        if not {"include", "exclude"}.intersection(key for key, _ in row[Call.KEYWORDS]):
            yield ["c", index]


def _asks(scope: Scope) -> bool:
    """Whether a handler itself asks what the caller may do."""
    return any(row[Read.ATTR] in _PRIVILEGED for row in scope.reads)

"""What every kind of question about flows builds on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archlint.model.summary import Expr
from archlint.project.evaluation.frames import Frame
from archlint.project.rows.statements import Statements
from archlint.project.taint.origins import DEPTH, NONE, Origins, Path
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.world import World


class Base:
    """One project, and the one question that all others lead to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.statements = Statements(world)

    def origins(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH
    ) -> Origins:
        """Where the value under an access path of an expression comes from."""
        raise NotImplementedError

    def attribute(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        """Where an attribute comes from."""
        raise NotImplementedError

    def field(
        self, base: Expr, key: str, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        """Where the field ``key`` of a mapping comes from."""
        raise NotImplementedError

    def any_of(
        self, exprs: Iterable[Expr], frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        """Where any of several values comes from."""
        return NONE.union(*(self.origins(e, frame, block, order, path, depth) for e in exprs))

    def eval(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """What an expression is."""
        return self.world.evaluator.eval(expr, frame, block, order)

    def lineage(self, name: str) -> list[str]:
        """A class and its bases by name, library classes only."""
        if is_project(name):
            return sorted(self.world.classes.library_bases(name))
        return list(self.world.evaluator.library.mro(name))

    def derives(self, value: Type | None, bases: Iterable[str]) -> bool:
        """Whether a value is an instance of any of these library classes."""
        wanted = frozenset(bases)
        return any(m.kind == "inst" and wanted.intersection(self.lineage(m.name)) for m in members(value))

    def has_field(self, key: str, field: str) -> bool:
        """Whether a class declares a field by annotation or assignment."""
        return self.world.classes.find(key, field) is not None

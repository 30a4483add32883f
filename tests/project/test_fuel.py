"""An answer that is kept for several fuels is the one that each of them gives by itself."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from archlint.project.limits import ASKS, FUEL
from archlint.project.project import Project
from archlint.project.types import Type

DEPTH = 4
CHAIN = "".join(f"def step{i}():\n    return step{i + 1}()\n\n\n" for i in range(DEPTH))
MODULE = f"""\
class Row: ...


{CHAIN}def step{DEPTH}():
    return Row()


def handed(row):
    return row


def user():
    return handed(Row())
"""
FUELS = (0, 1, DEPTH, FUEL)


@pytest.fixture
def project(tree: Path) -> Path:
    (tree / "pyproject.toml").touch()
    (tree / "steps.py").write_text(MODULE)
    return tree


def result(world: Project, name: str, fuel: int) -> Type | None:
    scopes = world.world.summary("steps.py").scopes
    index = next(scope.index for scope in scopes if scope.name == name)
    return world.world.evaluator.result_of(Type("func", f"steps.py:{index}"), (), fuel)


@pytest.mark.parametrize("order", list(permutations(FUELS)))
def test_results_with_fuel_in_any_order(project: Path, order: tuple[int, ...]):
    alone = {fuel: result(Project(project), "step0", fuel) for fuel in FUELS}
    together = Project(project)

    assert {fuel: result(together, "step0", fuel) for fuel in order} == alone
    assert alone[FUEL] is not None
    assert alone[DEPTH] is None


@pytest.mark.parametrize("order", list(permutations((FUEL, ASKS + FUEL, 1))))
def test_a_parameter_is_known_to_those_who_ask_callers(project: Path, order: tuple[int, ...]):
    world = Project(project).world
    index = next(scope.index for scope in world.summary("steps.py").scopes if scope.name == "handed")

    found = {
        fuel: world.evaluator.name("row", world.evaluator.frame("steps.py", index, (), fuel), 0, 99)
        for fuel in order
    }

    assert found[ASKS + FUEL] is not None
    assert found[FUEL] is None
    assert found[1] is None

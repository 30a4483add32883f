"""What the parts of the evaluator have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator


class Part:
    """One kind of question; for all others it asks the evaluator that it is a part of."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.world = evaluator.world
        self.library = evaluator.library

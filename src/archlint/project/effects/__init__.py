"""What code does to the world: which calls block, query, write, or load a relation, and by which chain.

An *effect* is what happens below one place of a function: the library call at the end, and the
hops that lead there. A *site* is a place in a function together with one effect. Depth limits the
number of hops; it is part of every memo key, so answers never depend on the order of questions.
"""

from __future__ import annotations

from archlint.project.effects.base import (
    MAX_HOPS,
    Effect,
    Hop,
    Site,
    describe,
    doubts,
    hop_of,
    is_other_io,
    length,
    subject_of,
)
from archlint.project.effects.sites import Effects

__all__ = [
    "MAX_HOPS",
    "Effect",
    "Effects",
    "Hop",
    "Site",
    "describe",
    "doubts",
    "hop_of",
    "is_other_io",
    "length",
    "subject_of",
]

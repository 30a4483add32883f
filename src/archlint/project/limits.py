"""How far questions are followed. Every limit is part of a memo key, so that answers stay the same."""

from __future__ import annotations

#: How many project calls deep types are followed from the place of a question.
FUEL = 5
#: Added to the fuel of a frame whose unannotated parameters are looked up at its callers: a function
#: under review asks its callers, and these ask theirs; callees are told by their call alone.
ASKS, ASKS_TWICE = 100, 200


def less(fuel: int) -> int:
    """The fuel left inside a call: nobody asks for the callers of a callee."""
    return max(fuel % ASKS - 1, 0)

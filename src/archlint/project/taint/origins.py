"""Where a value begins: the words in which the questions about flows are answered."""

from __future__ import annotations

from typing import NamedTuple

from archlint.project.effects import Hop

#: What every item of an iterable stands for in an access path.
ITEM = "*"
#: What every key of a mapping stands for.
KEY = "?"
#: Fields, keys and items that lead into a value, outermost first.
Path = tuple[str, ...]

#: Project functions entered below a question, and callers followed above it.
DEPTH = 4
#: A function with a more common name is not searched for; more calls than this are not followed.
MAX_FILES, MAX_CALLS = 60, 30
#: After everything in a scope.
END = 1 << 60


class Origin(NamedTuple):
    """The beginning of a flow.

    ========  ==========================================  ==========================
    kind      name                                        path
    ========  ==========================================  ==========================
    request   the bag, as the code calls it               the fields taken from it
    row       class of the row (key or qualified name)    the column
    param     name of the parameter                       the fields taken from it
    ========  ==========================================  ==========================

    ``part`` says which part of a request it is: ``query``, ``path``, ``form``, ``body``, ``header``,
    ``cookie``, ``filename``, ``upload``.
    """

    kind: str
    name: str
    path: Path
    part: str = ""


Origins = frozenset[Origin]
NONE: Origins = frozenset()


class Source(NamedTuple):
    """An origin that is no parameter, with the calls that lead from it to the place asked about."""

    origin: Origin
    hops: tuple[Hop, ...]

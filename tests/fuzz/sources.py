"""Hypothesis strategies for source texts: programs by grammar, and real files after accidents."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st

from fuzz.grammar import Writer
from fuzz.mutations import mutated
from fuzz.zoo import ZOO

ROOT = Path(__file__).parents[2]

#: The same texts in every run. A random mutation hardly shrinks: it would cost minutes for nothing.
FUZZED = settings(deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))


def parses(text: str) -> bool:
    """Whether the running Python takes the text."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def seeds() -> list[str]:
    """Real code: the examples, and archlint itself."""
    files = [*sorted((ROOT / "examples").rglob("*.py")), *sorted((ROOT / "src").rglob("*.py"))]
    return [path.read_text(encoding="utf-8") for path in files if path.stat().st_size < 8_000]


REAL = seeds()


def one_of_texts(texts: Sequence[str]) -> st.SearchStrategy[str]:
    """One of some texts, by its index: Hypothesis would quote all of them in every report."""
    return st.integers(0, len(texts) - 1).map(lambda index: texts[index])


#: Programs that the grammar makes; most of them parse.
programs = st.randoms(use_true_random=False).map(lambda rng: Writer(rng).program())

#: Real files and rare syntax after some accidents; about every second one still parses.
accidents = st.builds(
    mutated,
    st.randoms(use_true_random=False),
    st.one_of(one_of_texts(REAL), one_of_texts(ZOO)),
    one_of_texts(REAL),
    st.integers(1, 5),
)

texts = st.one_of(programs, accidents, one_of_texts(ZOO))

#: Only what the running Python parses.
valid = texts.filter(parses)

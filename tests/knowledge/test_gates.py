"""The words that a rule looks for in a file before it reads it: every function of its tables passes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from archlint.engine.registry import installed
from archlint.knowledge import injection as known

TABLES: dict[str, tuple[Iterable[str], ...]] = {
    "ARC305": (known.SQL,),
    "ARC318": (known.DATA,),
    "ARC319": (known.PATH, known.PATH_TARGETS),
    "ARC320": (known.COMMAND, known.PROGRAMS, known.ARGUMENTS),
    "ARC322": (known.REDIRECT,),
    "ARC323": (known.HTML, known.UNTYPED_RESPONSES),
}
#: Methods whose names say nothing: a file that calls them names the library, or one like it.
LIBRARIES = ("asyncssh.", "fabric.", "tornado.")


@pytest.mark.parametrize("code", sorted(TABLES))
def test_tables_pass(code: str) -> None:
    rule = installed().load(code)
    names = {name for table in TABLES[code] for name in table}
    assert not [name for name in sorted(names) if not any(word in _written(name) for word in rule.mentions)]


def _written(name: str) -> str:
    """What a file certainly holds that calls a function: all of its name, or that of the method alone."""
    owner, _, last = name.rpartition(".")
    is_method = owner.rpartition(".")[2][:1].isupper() and not name.startswith(LIBRARIES)
    return last if is_method else name

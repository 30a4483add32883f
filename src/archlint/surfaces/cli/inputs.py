"""What one call of ``archlint check`` looks at, and how its texts are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from archlint.core.source import decode, split_lines
from archlint.engine import run
from archlint.engine.discovery import Target

#: The lines of a reported path.
Lines = Callable[[str], Sequence[str]]


@attrs.frozen
class Inputs:
    """Files, or one text that came through standard input under the name of a file."""

    targets: Sequence[Target]
    text: bytes | None = None

    def lines(self) -> Lines:
        """Reads each file once, as it is now."""
        on_disk = run.source_lines(Path.cwd())
        if self.text is None:
            return on_disk
        given = split_lines(readable(self.text))
        own = {target.display for target in self.targets}
        return lambda path: given if path in own else on_disk(path)


def readable(text: bytes) -> str:
    """The text of some bytes; what cannot be read is reported as such, and by nothing else."""
    try:
        return decode(text)
    except (SyntaxError, UnicodeDecodeError):
        return text.decode("utf-8", "replace")

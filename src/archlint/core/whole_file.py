"""Files written at once or not at all: neither a full disk nor a killed process leaves half of one."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put a content in the place of what a file holds, links followed; raises ``OSError``.

    A pipe or a device takes it as it comes: a file in the place of ``/dev/null`` would be no help.
    """
    place = path.resolve()
    if place.exists() and not place.is_file():
        place.write_bytes(content)
        return
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        new.write_bytes(content)
        if place.exists():
            new.chmod(stat.S_IMODE(place.stat().st_mode))
        new.replace(place)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise

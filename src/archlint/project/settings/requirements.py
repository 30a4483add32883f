"""Which version of a library a project asks for, read from its lock files and requirements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archlint.project.world import World

#: Files beside the root's sources, the most exact first.
FILES = (
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "requirements.lock",
    "requirements.txt",
    "pyproject.toml",
    "setup.cfg",
)

Version = tuple[int, int]


def version_of(world: World, library: str) -> Version | None:
    """Major and minor version of a library; a lower bound counts as the version."""
    for name in FILES:
        found = _in_text((world.read(name) or b"").decode("utf-8", "replace"), library)
        if found is not None:
            return found
    return None


def _in_text(text: str, library: str) -> Version | None:
    word = re.escape(library)
    locked = re.search(rf'(?mi)^name = "{word}"\s*\nversion = "(\d+)\.(\d+)', text)
    asked = re.search(
        rf'(?mi)(?:^|["\s]){word}(?:\[[^\]]*\])?"?\s*(?:==|>=|~=|\^|=\s*"[\^~>=]*)\s*(\d+)\.(\d+)', text
    )
    found = locked or asked
    return (int(found[1]), int(found[2])) if found is not None else None


def asks_for(world: World, library: str) -> bool:
    """Whether a project names a library among its requirements."""
    word = re.compile(rf'(?mi)(?:^|["\'\s]){re.escape(library)}(?![\w-])')
    return any(word.search((world.read(name) or b"").decode("utf-8", "replace")) for name in FILES)

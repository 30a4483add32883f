"""The cache directory: made on first use, marked so that git and backup tools skip it."""

from __future__ import annotations

from pathlib import Path

NAME = ".archlint_cache"

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file is a cache directory tag created by archlint.\n"
    "# For information about cache directory tags see https://bford.info/cachedir/\n"
)


def prepare(directory: Path) -> bool:
    """Make the directory and its marks; false when it cannot be written, which means "no cache"."""
    try:
        tag = directory / "CACHEDIR.TAG"
        # A full disk leaves files without content, which would mark nothing ever after.
        if not tag.exists() or tag.stat().st_size < len(_TAG):
            directory.mkdir(parents=True, exist_ok=True)
            (directory / ".gitignore").write_text("*\n", encoding="ascii")
            # The tag is written last: whoever sees it finds everything else in place.
            tag.write_text(_TAG, encoding="ascii")
    except OSError:
        return False
    return True

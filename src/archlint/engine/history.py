"""What a branch adds: the texts of an earlier commit, read from git, as a second run sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from archlint.core.settings import SettingsError


def texts_at(reference: str, directory: Path) -> dict[str, bytes]:
    """The earlier text of every file that differs from a commit, by absolute path; new files are empty.

    Raises ``SettingsError`` when this is no git repository or has no such commit.
    """
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    base = _git(top, "merge-base", reference, "HEAD", fallback=reference.encode()).decode().strip()
    changed = _names(_git(top, "diff", "--name-only", "--no-renames", "-z", base, "--"))
    untracked = _names(_git(top, "ls-files", "--others", "--exclude-standard", "-z"))
    known = set(_names(_git(top, "ls-tree", "-r", "--name-only", "-z", base)))
    texts = {}
    for name in sorted({*changed, *untracked}):
        if name.endswith((".py", ".pyi", ".toml", ".cfg")):
            old = _git(top, "show", f"{base}:{name}") if name in known else b""
            texts[str(top / name)] = old
    return texts


def _names(output: bytes) -> list[str]:
    return [name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name]


def _git(directory: Path, *arguments: str, fallback: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, its arguments are no shell text
            ["git", "-C", str(directory), *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise SettingsError(f"--diff-base needs git: {error.strerror}") from error
    if done.returncode == 0:
        return done.stdout
    if fallback is not None:
        return fallback
    reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
    raise SettingsError(f"--diff-base: {reason}")

"""What a branch adds: the texts of an earlier commit, read from git, as a second run sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from archlint.core.settings import SettingsError

_SUFFIXES = (".py", ".pyi", ".toml", ".cfg")


def texts_at(reference: str, directory: Path) -> dict[str, bytes]:
    """The earlier text of every file that differs from where a branch left a commit, by absolute path.

    New files are empty, renamed ones have their text under both names. Raises ``SettingsError``
    when this is no git repository or has no such commit.
    """
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    wanted = _git(
        top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}", told=reference
    )
    commit = wanted.decode().strip()
    base = _git(top, "merge-base", commit, "HEAD", fallback=commit.encode()).decode().strip()
    texts = {}
    for name, old in sorted(_sources(top, base).items()):
        if name.endswith(_SUFFIXES):
            texts[str(top / name)] = _git(top, "show", f"{base}:{old}") if old else b""
    return texts


def _sources(top: Path, base: str) -> dict[str, str]:
    """Every name that differs from a commit, and the name that its text had there, if any."""
    sources = dict.fromkeys(_names(_git(top, "ls-files", "--others", "--exclude-standard", "-z")), "")
    fields = iter(_names(_git(top, "diff", "--name-status", "--find-renames", "-z", base, "--")))
    for status in fields:
        name = next(fields)
        if status[0] in "RC":
            # A copy leaves the first name as it was, and that is no difference.
            sources[next(fields)] = name
        if status[0] != "C":
            sources[name] = "" if status[0] == "A" else name
    return sources


def _names(output: bytes) -> list[str]:
    return [name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name]


def _git(directory: Path, *arguments: str, fallback: bytes | None = None, told: str = "") -> bytes:
    """What git prints; when it fails, the fallback or an error about ``told``."""
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
    reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ") or f"no commit `{told}`"
    raise SettingsError(f"--diff-base: {reason}")

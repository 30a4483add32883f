"""A whole run: many files for a person, or one text for an editor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from archlint.core.diagnostic import Diagnostic
from archlint.core.source import decode, split_lines
from archlint.engine.discovery import Target, display_path
from archlint.engine.linter import Linter, Options, Outcome

#: Called with the number of files done and the number of all files.
Progress = Callable[[int, int], None]

#: Below this many files starting processes costs more than it saves.
_WORTHWHILE = 24


def check_paths(
    targets: Sequence[Target],
    options: Options,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    linter: Linter | None = None,
) -> list[Diagnostic]:
    """The findings of all files, in the order of the files, whatever the number of jobs."""
    with closing(linter or Linter(options)) as here:
        here.expect(target.path for target in targets)
        found: list[tuple[Diagnostic, ...] | None] = here.recall(targets)
        open_ends = [index for index, known in enumerate(found) if known is None]
        done = len(targets) - len(open_ends)
        for index, outcome in _outcomes(here, [(index, targets[index]) for index in open_ends], jobs):
            found[index] = outcome.diagnostics
            here.remember(targets[index], outcome)
            done += 1
            if progress is not None:
                progress(done, len(targets))
        return [diagnostic for known in found for diagnostic in known or ()]


def _outcomes(linter: Linter, work: Sequence[tuple[int, Target]], jobs: int) -> Iterator[tuple[int, Outcome]]:
    if jobs > 1 and len(work) >= _WORTHWHILE:
        from archlint.engine import parallel  # pools are slow to import

        yield from parallel.outcomes(linter.options, work, jobs)
        return
    for index, target in work:
        yield index, linter.check(target)


def available_jobs() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def check_source(
    content: bytes | str,
    path: str | None,
    options: Options,
    *,
    linter: Linter | None = None,
) -> list[Diagnostic]:
    """The findings of one text that may differ from the file on disk; ``None`` for no file at all."""
    with closing(linter or Linter(options)) as here:
        return list(here.check_content(target_of(path), content, unsaved=True).diagnostics)


def target_of(path: str | None) -> Target:
    """What a text is called that comes under the name of a file, or under none."""
    cwd = os.getcwd()  # noqa: PTH109
    absolute = os.path.normpath(os.path.join(cwd, path or "-"))  # noqa: PTH118
    return Target(absolute, display_path(absolute, cwd) if path else "-", alone=path is None)


def source_lines(cwd: Path) -> Callable[[str], list[str]]:
    """Reads the lines of a reported path, for formats that show source."""
    known: dict[str, list[str]] = {}

    def lines(display: str) -> list[str]:
        if display not in known:
            try:
                known[display] = split_lines(decode((cwd / display).read_bytes()))
            except (OSError, SyntaxError, UnicodeDecodeError):
                known[display] = []
        return known[display]

    return lines

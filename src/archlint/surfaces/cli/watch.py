"""``archlint check --watch``: lint again whenever something changes.

What has changed and the files that import it are linted first and shown at once; the others
follow, because a caller may decide what a function it calls is found guilty of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import attrs
import click

from archlint.core.diagnostic import Diagnostic
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.surfaces.cli.progress import Progress

Show = Callable[[Sequence[Diagnostic], Sequence[Target]], object]
#: Changes after which nothing that was concluded may be kept.
_SETTINGS = ("pyproject.toml", "setup.cfg", "setup.py", ".gitignore")


class Watch:
    """The findings of a set of files, kept up to date."""

    def __init__(self, arguments: Sequence[str], options: Options) -> None:
        self._arguments = arguments
        self._options = attrs.evolve(options, live=True)
        self._linter = Linter(self._options)
        self.targets: list[Target] = []
        self._found: dict[str, tuple[Diagnostic, ...]] = {}

    def start(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Lint everything."""
        self._linter.close()
        self._linter = Linter(self._options)
        self.targets = self._discovered()
        self._found = {}
        for number, target in enumerate(self.targets, 1):
            self._lint(target)
            if progress is not None:
                progress(number, len(self.targets))
        self._linter.flush()

    def changed(self, paths: Iterable[str]) -> tuple[list[Target], list[Target]]:
        """Take changes in; the files to lint at once, and those to lint after them."""
        names = {Path(path).name for path in paths}
        before = {target.path for target in self.targets}
        self.targets = self._discovered()
        now = {target.path for target in self.targets}
        if before != now or names.intersection(_SETTINGS):
            # Other modules exist: names lead elsewhere.
            self._linter.close()
            self._linter = Linter(self._options)
            self._found = {path: known for path, known in self._found.items() if path in now}
            return self.targets, []
        own = [path for path in paths if path in now]
        for path in own:
            self._linter.replace(path, None)
        near = set(own) | self._linter.importers(own)
        first = [target for target in self.targets if target.path in near]
        return first, [target for target in self.targets if target.path not in near]

    def lint(self, targets: Iterable[Target]) -> None:
        """Look at some files again."""
        for target in targets:
            self._lint(target)

    @property
    def found(self) -> list[Diagnostic]:
        """All findings, in the order of a report."""
        return [found for target in self.targets for found in self._found.get(target.path, ())]

    def close(self) -> None:
        """Keep what was learnt."""
        self._linter.close()

    def _lint(self, target: Target) -> None:
        self._found[target.path] = self._linter.check(target).diagnostics

    def _discovered(self) -> list[Target]:
        return Discovery(self._options.finder(), Path.cwd()).files(self._arguments)


def watch(arguments: Sequence[str], options: Options, show: Show, *, progress: bool) -> None:
    """Lint until the keyboard interrupts."""
    try:
        from watchfiles import watch as changes
    except ModuleNotFoundError as error:
        raise click.ClickException(
            "--watch needs watchfiles; install it with `pip install 'archlint[watch]'`"
        ) from error
    with closing(Watch(arguments, options)) as state:
        _say("Starting linter in watch mode...")
        stream = changes(*arguments, raise_interrupt=False, yield_on_timeout=True, rust_timeout=500)
        # From the first time-out on, nothing is missed: not even what changes during the first run.
        next(stream, None)
        with Progress(enabled=progress) as shown:
            state.start(shown.show)
        _display(state, show)
        for batch in stream:
            paths = sorted({str(Path(path).absolute()) for _, path in batch if _matters(path)})
            if not paths:
                continue
            first, rest = state.changed(paths)
            state.lint(first)
            _display(state, show)
            before = state.found
            state.lint(rest)
            if state.found != before:
                _display(state, show)


def _matters(path: str) -> bool:
    return path.endswith((".py", ".pyi")) or Path(path).name in _SETTINGS


def _display(state: Watch, show: Show) -> None:
    click.clear()
    show(state.found, state.targets)
    _say("Watching for file changes.")


def _say(text: str) -> None:
    click.echo(f"[{datetime.now().astimezone():%H:%M:%S}] {text}\n", err=True)

"""``archlint check --watch``: lint again whenever something changes.

What has changed is linted again together with the files that it may have to do with: those that
import it, those that it imports, and those that name its module. A change of the settings, or of
which files there are, is followed by everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import attrs
import click

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import SettingsError
from archlint.engine import run
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.knowledge import templates
from archlint.project.settings import requirements
from archlint.surfaces.cli.progress import Progress

Show = Callable[[Sequence[Diagnostic], Sequence[Target]], object]
#: Changes after which nothing that was concluded may be kept.
_SETTINGS = ("setup.py", ".gitignore", "ruff.toml", ".ruff.toml", *requirements.FILES)


class Watch:
    """The findings of a set of files, kept up to date."""

    def __init__(self, arguments: Sequence[str], options: Options) -> None:
        self._arguments = arguments
        self._options = options
        self._linter = self._fresh_linter()
        self.targets: list[Target] = []
        self._found: dict[str, tuple[Diagnostic, ...]] = {}

    def start(self, jobs: int = 1, progress: run.Progress | None = None) -> None:
        """Lint everything."""
        self.targets = self._discovered()
        self._found = {target.path: () for target in self.targets}
        paths = {target.display: target.path for target in self.targets}
        for found in run.check_paths(self.targets, self._options, jobs=jobs, progress=progress):
            self._found[paths[found.location.path]] += (found,)

    def changed(self, paths: Sequence[str]) -> list[Target]:
        """Take changes in; the files to lint again."""
        before = {target.path for target in self.targets}
        self.targets = self._discovered()
        now = {target.path for target in self.targets}
        if before != now or any(map(_concerns_all, paths)):
            # Other modules exist: names lead elsewhere.
            self._linter.close()
            self._linter = self._fresh_linter()
            self._found = {path: known for path, known in self._found.items() if path in now}
            return self.targets
        own = [path for path in paths if path in now]
        for path in own:
            self._linter.replace(path, None)
        near = {*own, *self._linter.neighbours(own)}
        return [target for target in self.targets if target.path in near]

    def lint(self, targets: Iterable[Target], progress: run.Progress | None = None) -> None:
        """Look at some files again."""
        chosen = list(targets)
        for number, target in enumerate(chosen, 1):
            self._found[target.path] = self._linter.check(target).diagnostics
            if progress is not None:
                progress(number, len(chosen))
        self._linter.flush()

    @property
    def found(self) -> list[Diagnostic]:
        """All findings, in the order of a report."""
        return [found for target in self.targets for found in self._found.get(target.path, ())]

    def close(self) -> None:
        """Keep what was learnt."""
        self._linter.close()

    def _fresh_linter(self) -> Linter:
        """A linter that keeps what a change leaves true; the first run, which is only one, does without."""
        return Linter(attrs.evolve(self._options, live=True))

    def _discovered(self) -> list[Target]:
        return Discovery(self._options.finder(), Path.cwd()).files(self._arguments)


def watch(arguments: Sequence[str], options: Options, show: Show, *, jobs: int, progress: bool) -> None:
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
            state.start(jobs, shown.show)
        _display(state, show)
        for batch in stream:
            paths = sorted({str(Path(path).absolute()) for _, path in batch if _matters(path)})
            if paths:
                _say("File change detected...")
                _again(state, paths, show, progress=progress)


def _again(state: Watch, paths: Sequence[str], show: Show, *, progress: bool) -> None:
    """Lint what has to do with a change; settings that make no sense are told, and waited for."""
    try:
        with Progress(enabled=progress) as shown:
            state.lint(state.changed(paths), shown.show)
        _display(state, show)
    except (SettingsError, click.ClickException) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"error: {text}\n", err=True)
        _say("Watching for file changes.")


def _matters(path: str) -> bool:
    return path.endswith((".py", ".pyi")) or _concerns_all(path)


def _concerns_all(path: str) -> bool:
    """Whether a change leaves no conclusion standing: settings, requirements, templates."""
    return Path(path).name in _SETTINGS or path.endswith(templates.SUFFIXES)


def _display(state: Watch, show: Show) -> None:
    click.clear()
    show(state.found, state.targets)
    _say("Watching for file changes.")


def _say(text: str) -> None:
    click.echo(f"[{datetime.now().astimezone():%H:%M:%S}] {text}\n", err=True)

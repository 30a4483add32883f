"""``archlint check``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from archlint import output
from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Settings
from archlint.engine import run
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.surfaces.cli.arguments import engine_options, refuse_conflicts
from archlint.surfaces.cli.inputs import Inputs
from archlint.surfaces.cli.known import Known
from archlint.surfaces.cli.known import path_of as known_path
from archlint.surfaces.cli.mending import Mender, Mending, tell_refused
from archlint.surfaces.cli.progress import Progress
from archlint.surfaces.cli.reporting import Reporter


class _Words(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A comma-separated list."""

    name = "LIST"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return tuple(word for part in value.split(",") if (word := part.strip()))


_WORDS = _Words()
_SELECTION, _FILES, _REPORT, _OTHER = "Rule selection", "File selection", "Report", "Miscellaneous"


_Command = Callable[..., None]


def _words(name: str, text: str) -> Callable[[_Command], _Command]:
    return click.option(name, type=_WORDS, multiple=True, help=text)


class _WithReason(click.Command):
    """A command whose `--add-noqa` takes a value after `=` only: what follows it is a file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--add-noqa=" if word == "--add-noqa" else word for word in args])


@click.command(cls=_WithReason)
@click.argument("files", nargs=-1, type=click.Path())
@_words("--select", "Rules to run: codes, prefixes, names, or ALL.")
@_words("--ignore", "Rules to leave out.")
@_words("--extend-select", "Rules to run beside the selected ones.")
@_words("--extend-ignore", "More rules to leave out; the same as --ignore.")
@_words("--per-file-ignores", "Rules to leave out in some files: `pattern:code,pattern:code`.")
@_words("--exclude", "Files and directories to skip, instead of the default list.")
@_words("--extend-exclude", "More files and directories to skip.")
@click.option(
    "--force-exclude/--no-force-exclude", default=None, help="Skip excluded files even if they are named."
)
@click.option(
    "--respect-gitignore/--no-respect-gitignore", default=None, help="Skip what .gitignore excludes."
)
@click.option(
    "--config", multiple=True, metavar="FILE|KEY=VALUE", help="A settings file, or one setting as TOML."
)
@click.option("--isolated", is_flag=True, help="Ignore all settings files.")
@click.option(
    "-n", "--no-cache", is_flag=True, envvar="ARCHLINT_NO_CACHE", help="Neither read nor write caches."
)
@click.option(
    "--cache-dir", type=click.Path(path_type=Path), envvar="ARCHLINT_CACHE_DIR", help="Where caches live."
)
@click.option("--stdin-filename", help="The name of the file that comes through standard input (`-`).")
@click.option(
    "--output-format",
    type=click.Choice(output.FORMATS),
    default="full",
    show_default=True,
    envvar="ARCHLINT_OUTPUT_FORMAT",
    help="The format of the report.",
)
@click.option(
    "-o",
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ARCHLINT_OUTPUT_FILE",
    help="Write the report to a file.",
)
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--ignore-noqa", is_flag=True, help="Report what suppression comments hide.")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Leave out the findings that this file knows; `archlint baseline` writes it.",
)
@click.option("--diff-base", metavar="REF", help="Report only what was added since a git commit or branch.")
@click.option(
    "--add-noqa",
    default=None,
    metavar="[=REASON]",
    help="Add `# noqa` comments for all findings, instead of reporting them.",
)
@click.option(
    "--unused-suppressions", is_flag=True, help="Report suppressions of ARC codes that hide nothing (ARC001)."
)
@click.option("-w", "--watch", is_flag=True, help="Lint again whenever a file changes.")
@click.option("--statistics", is_flag=True, help="Show counts for every rule instead of findings.")
@click.option("--fix/--no-fix", default=None, help="Apply the safe fixes and report what remains.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes", default=None, help="With --fix: apply the unsafe fixes as well."
)
@click.option("--show-fixes", is_flag=True, help="With --fix: list what was fixed.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--fix-only", is_flag=True, help="Apply fixes, report nothing of what remains.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 when something was fixed.")
@_words("--fixable", "Rules whose fixes may be applied.")
@_words("--unfixable", "Rules whose fixes must not be applied.")
@_words("--extend-fixable", "More rules whose fixes may be applied.")
@click.option("--show-files", is_flag=True, help="List the files that would be linted.")
@click.option("--show-settings", is_flag=True, help="Show the settings of the first file.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings, but nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Say on standard error what was done.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Processes; one for each processor by default."
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to colour the report.",
)
@click.pass_context
def check(ctx: click.Context, /, **values: Any) -> None:
    """Run the rules on files and directories (the current one by default); `-` reads standard input."""
    refuse_conflicts(values)
    ctx.exit(_Check(values, engine_options(values)).run())


@attrs.define
class _Check:
    """One call of the command."""

    values: dict[str, Any]
    options: Options
    started: float = attrs.field(factory=time.perf_counter)
    #: Kept while a person watches: what there was at an earlier commit is found out once.
    known: Known | None = None

    def run(self) -> int:
        """Do what the options say and return the exit code."""
        arguments = list(self.values["files"]) or ["."]
        if "-" in arguments:
            return self._standard_input()
        targets = self._discovered(arguments)
        if self.values["show_files"]:
            sys.stdout.write("".join(f"{target.path}\n" for target in targets))
            return 0
        if self.values["show_settings"]:
            return _show_settings(self.options, targets)
        if self.values["watch"]:
            from archlint.surfaces.cli.watch import watch  # watchfiles need not be there otherwise

            watch(arguments, self.options, self._conclude, jobs=self._jobs(), progress=self._watched())
            return 0
        if not targets:
            click.echo("warning: No Python files found under the given path(s)", err=True)
        with Progress(enabled=self._watched()) as progress:
            found = run.check_paths(targets, self.options, jobs=self._jobs(), progress=progress.show)
        self._tell(len(targets))
        return self._conclude(found, targets)

    def _standard_input(self) -> int:
        name = self.values["stdin_filename"]
        text = sys.stdin.buffer.read()
        target = run.target_of(name)
        excluded = name and not self._discovered([name])
        found = [] if excluded else run.check_source(text, name, self.options)
        self._tell(1)
        return self._conclude(found, [target], text)

    def _conclude(
        self, found: Sequence[Diagnostic], targets: Sequence[Target], text: bytes | None = None
    ) -> int:
        """Hide, mend or report the findings that are new."""
        inputs = Inputs(targets, text)
        settings = Linter(self.options).settings_of(targets[0].path) if targets else Settings()
        known = self._known(settings, found, inputs)
        found = known.new(found, inputs.lines())
        if self.values["add_noqa"] is not None:
            return self._add_noqa(found)
        mending = Mending.wanted(self.values, settings)
        if mending.active:
            return Mender(mending, self.values, inputs, self.options, known).run(found)
        return Reporter(self.values, inputs).report(found, unsafe_fixes=mending.unsafe)

    def _known(self, settings: Settings, found: Sequence[Diagnostic], inputs: Inputs) -> Known:
        """What is known already; an earlier commit is asked about the files that have findings."""
        watching = self.values["watch"]
        path = self.values["baseline"] or known_path(settings)
        if self.known is None:
            self.known = Known(path, self.values["diff_base"], self.options)
        self.known.path = path
        if inputs.text is None and not self.values["quiet"]:
            self.known.tell_gone(found, inputs)
        guilty = {diagnostic.location.path for diagnostic in found}
        self.known.look_back(t for t in inputs.targets if watching or t.display in guilty)
        return self.known

    def _add_noqa(self, found: Sequence[Diagnostic]) -> int:
        """Suppress all findings where they stand."""
        from archlint.fixes import noqa  # shares the writing of files with the fixes

        count, refused = noqa.add(found, self.values["add_noqa"])
        tell_refused(refused)
        if count and not self.values["quiet"]:
            click.echo(f"Added {count} noqa {'directive' if count == 1 else 'directives'}.", err=True)
        return 0

    def _discovered(self, arguments: Sequence[str]) -> list[Target]:
        return Discovery(self.options.finder(), Path.cwd()).files(arguments)

    def _jobs(self) -> int:
        return self.values["jobs"] or run.available_jobs()

    def _watched(self) -> bool:
        return sys.stderr.isatty() and not self.values["quiet"]

    def _tell(self, files: int) -> None:
        if self.values["verbose"]:
            seconds = time.perf_counter() - self.started
            click.echo(f"Checked {files} {'file' if files == 1 else 'files'} in {seconds:.2f} s", err=True)


def _plain(value: object) -> object:
    """A setting without the classes that hold it."""
    if isinstance(value, Path):
        return str(value)
    kind = type(value)
    if attrs.has(kind):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(kind)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _show_settings(options: Options, targets: Sequence[Target]) -> int:
    if not targets:
        raise click.UsageError("No files found under the given path(s)")
    first = targets[0]
    linter = Linter(options)
    settings = linter.settings_of(first.path)
    lines = [f"# Settings of {first.path}", f"root = {linter.root_of(first.path)}"]
    plain = attrs.asdict(settings, recurse=False)
    lines += [f"{name} = {_plain(value)!r}" for name, value in plain.items()]
    lines.append(f"enabled = {list(linter.selection_of(settings).enabled_in(first.path))}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0

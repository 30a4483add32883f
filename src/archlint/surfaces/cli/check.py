"""``archlint check``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from archlint import output
from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import PerFileIgnore, Selectors, Settings, SettingsError, parse_inline
from archlint.core.source import decode, split_lines
from archlint.engine import run
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options
from archlint.engine.registry import installed
from archlint.engine.selection import check_words
from archlint.surfaces.cli import known
from archlint.surfaces.cli.mending import Mending, count_of, list_of, tell_refused
from archlint.surfaces.cli.progress import Progress
from archlint.surfaces.pages import rule_info


class _Words(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A comma-separated list."""

    name = "LIST"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return tuple(word for part in value.split(",") if (word := part.strip()))


_WORDS = _Words()
#: Formats that show what a fix would change; the others only say that there is one.
_WITH_EDITS = frozenset(("json", "json-lines", "rdjson", "sarif"))
_SELECTION, _FILES, _REPORT, _OTHER = "Rule selection", "File selection", "Report", "Miscellaneous"


_Command = Callable[..., None]


def _words(name: str, text: str) -> Callable[[_Command], _Command]:
    return click.option(name, type=_WORDS, multiple=True, help=text)


@click.command()
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
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[=REASON]",
    help="Add `# noqa` comments for all findings, instead of reporting them.",
)
@click.option(
    "--unused-suppressions", is_flag=True, help="Report suppressions of ARC codes that hide nothing (ARC001)."
)
@click.option("-w", "--watch", "watching", is_flag=True, help="Lint again whenever a file changes.")
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
    ctx.exit(_Check(values).run())


@attrs.define
class _Check:
    """One call of the command."""

    values: dict[str, Any]
    started: float = attrs.field(factory=time.perf_counter)
    text: bytes = b""

    def run(self) -> int:
        """Do what the options say and return the exit code."""
        options = self._options()
        arguments = list(self.values["files"]) or ["."]
        if "-" in arguments:
            return self._check_stdin(options)
        targets = Discovery(options.finder(), Path.cwd()).files(arguments)
        if self.values["show_files"]:
            sys.stdout.write("".join(f"{target.path}\n" for target in targets))
            return 0
        if self.values["show_settings"]:
            return _show_settings(options, targets)
        if self.values["watching"]:
            from archlint.surfaces.cli.watch import watch  # watchfiles need not be there otherwise

            watch(arguments, options, self._report)
            return 0
        if not targets:
            click.echo("warning: No Python files found under the given path(s)", err=True)
        with Progress(enabled=self._watched()) as progress:
            found = run.check_paths(targets, options, jobs=self._jobs(), progress=progress.show)
        self._tell(len(targets))
        settings = Linter(options).settings_of(targets[0].path) if targets else Settings()
        found = self._new(found, targets, options, settings)
        if self.values["add_noqa"] is not None:
            return self._add_noqa(found)
        mending = Mending.wanted(self.values, settings)
        if mending.active:
            return self._mend(mending, found, targets, options)
        return self._report(found, targets, unsafe_fixes=mending.unsafe)

    def _new(
        self, found: list[Diagnostic], targets: Sequence[Target], options: Options, settings: Settings
    ) -> list[Diagnostic]:
        """The findings without those that the baseline or an earlier commit knows."""
        path = self.values["baseline"] or known.path_of(settings)
        if path is not None:
            found = known.beyond(found, targets, path, quiet=self.values["quiet"])
        if self.values["diff_base"]:
            found = known.added(found, targets, options, self.values["diff_base"])
        return found

    def _add_noqa(self, found: Sequence[Diagnostic]) -> int:
        """Suppress all findings where they stand."""
        from archlint.fixes import noqa  # shares the writing of files with the fixes

        count, refused = noqa.add(found, self.values["add_noqa"])
        tell_refused(refused)
        if count and not self.values["quiet"]:
            click.echo(f"Added {count} noqa {'directive' if count == 1 else 'directives'}.", err=True)
        return 0

    def _mending(self, options: Options, targets: Sequence[Target]) -> Mending:
        settings = Linter(options).settings_of(targets[0].path) if targets else Settings()
        return Mending.wanted(self.values, settings)

    def _mend(
        self, mending: Mending, found: list[Diagnostic], targets: Sequence[Target], options: Options
    ) -> int:
        """Apply fixes, or show what they would do."""
        from archlint.fixes import repair  # libcst takes its time to import

        texts = {
            target.display: self.text.decode("utf-8", "surrogateescape") for target in targets if self.text
        }
        outcome = repair.repair(targets, found, options, mending.allows, texts)
        quiet, exit_zero = self.values["quiet"], self.values["exit_zero"]
        if mending.diff:
            sys.stdout.write(repair.difference(outcome))
            tell_refused(outcome.refused)
            if not quiet:
                click.echo(
                    f"Would fix {count_of(outcome.fixed)}." if outcome.fixed else "No errors would be fixed.",
                    err=True,
                )
            return int(bool(outcome.changed) and not exit_zero)
        if self.text:
            sys.stdout.write("".join(outcome.whole(target.display) for target in targets))
        else:
            repair.write(outcome)
        tell_refused(outcome.refused)
        if outcome.lost:
            outcome.remaining = run.check_paths(targets, options, jobs=self._jobs())
        code = 0
        if mending.only:
            if outcome.fixed and not quiet:
                click.echo(f"Fixed {count_of(outcome.fixed)}.", err=bool(self.text))
        else:
            if mending.show and not self.text:
                sys.stdout.write(list_of(outcome.fixed))
            code = self._report(
                outcome.remaining, targets, unsafe_fixes=mending.unsafe, fixed=len(outcome.fixed)
            )
        return 1 if self.values["exit_non_zero_on_fix"] and outcome.fixed else code

    def _check_stdin(self, options: Options) -> int:
        name = self.values["stdin_filename"]
        self.text = sys.stdin.buffer.read()
        targets = Discovery(options.finder(), Path.cwd()).files([name]) if name else []
        if name and not targets:
            found: list[Diagnostic] = []
        else:
            found = run.check_source(self.text, name, options)
        self._tell(1)
        mending = self._mending(options, targets)
        if mending.active and targets:
            return self._mend(mending, found, targets, options)
        return self._report(found, targets, unsafe_fixes=mending.unsafe)

    def _options(self) -> Options:
        values = self.values
        config, overrides = _configuration(values["config"], isolated=values["isolated"])
        replaced: dict[str, Any] = {
            name: values[name] for name in ("force_exclude", "respect_gitignore") if values[name] is not None
        }
        if values["exclude"]:
            replaced["exclude"] = _flat(values["exclude"])
        if values["per_file_ignores"]:
            replaced["per_file_ignores"] = _per_file_ignores(_flat(values["per_file_ignores"]))
        for name in ("fixable", "unfixable"):
            if words := _flat(values[name]):
                check_words(words, installed(), f"--{name}")
                replaced[name] = words
        extended = {
            name: _flat(values[option])
            for name, option in (("extend_exclude", "extend_exclude"), ("fixable", "extend_fixable"))
            if values[option]
        }
        return Options(
            config=config,
            overrides=overrides,
            isolated=values["isolated"],
            selectors=self._selectors(),
            replaced=replaced,
            extended=extended,
            ignore_noqa=values["ignore_noqa"],
            unused_suppressions=values["unused_suppressions"],
            cache=not values["no_cache"],
            cache_dir=values["cache_dir"] and Path.cwd() / values["cache_dir"],
        )

    def _selectors(self) -> Selectors | None:
        values = self.values
        select = _flat(values["select"]) if values["select"] else None
        extend, ignore = (
            _flat(values["extend_select"]),
            _flat(values["ignore"]) + _flat(values["extend_ignore"]),
        )
        if select is None and not extend and not ignore:
            return None
        check_words((*(select or ()), *extend, *ignore), installed(), "the command line")
        return Selectors("the command line", select, extend, ignore)

    def _jobs(self) -> int:
        return self.values["jobs"] or run.available_jobs()

    def _watched(self) -> bool:
        return sys.stderr.isatty() and not self.values["quiet"]

    def _tell(self, files: int) -> None:
        if self.values["verbose"]:
            seconds = time.perf_counter() - self.started
            click.echo(f"Checked {files} {'file' if files == 1 else 'files'} in {seconds:.2f} s", err=True)

    def _report(
        self,
        found: Sequence[Diagnostic],
        targets: Sequence[Target],
        *,
        unsafe_fixes: bool = False,
        fixed: int | None = None,
    ) -> int:
        values = self.values
        cwd = Path.cwd()
        lines = run.source_lines(cwd)
        own = {target.display for target in targets} if self.text else set()

        def source(path: str) -> Sequence[str]:
            if self.text and (path == "-" or path in own):
                return split_lines(decode(self.text))
            return lines(path)

        context = output.Context(
            root=cwd,
            rule=rule_info,
            source=source,
            color=self._color(),
            summary=not values["quiet"] and values["output_file"] is None,
            unsafe_fixes=unsafe_fixes,
            fixed=fixed or 0,
        )
        name = values["output_format"]
        if name in _WITH_EDITS and any(diagnostic.fix for diagnostic in found):
            from archlint.fixes.resolve import resolved  # libcst takes its time to import

            found = resolved(found, lambda path: "".join(source(path)) or None)
        text = (output.statistics if values["statistics"] else output.render)(name, found, context)
        if values["output_file"] is not None:
            _write(values["output_file"], text)
        elif self.text and fixed is not None:
            # Standard output is for the mended text.
            sys.stderr.write(text)
        else:
            sys.stdout.write(text)
        if name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
            _write(Path(summary), output.step_summary(found, context), append=True)
        return int(bool(found) and not values["exit_zero"])

    def _color(self) -> bool:
        choice = self.values["color"]
        if choice != "auto":
            return bool(choice == "always")
        if self.values["output_file"] is not None or os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _flat(groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for group in groups for word in group)


def _per_file_ignores(pairs: Sequence[str]) -> tuple[PerFileIgnore, ...]:
    found = []
    for pair in pairs:
        pattern, colon, code = pair.rpartition(":")
        if not colon or not pattern or not code:
            raise click.UsageError(f"--per-file-ignores takes `pattern:code` pairs, not `{pair}`")
        check_words([code], installed(), "--per-file-ignores")
        found.append(PerFileIgnore(pattern, (code,), str(Path.cwd())))
    return tuple(found)


def _configuration(texts: Sequence[str], *, isolated: bool) -> tuple[Path | None, dict[str, Any]]:
    """The settings file and the single settings that ``--config`` gives."""
    path: Path | None = None
    overrides: dict[str, Any] = {}
    for text in texts:
        if "=" in text and not Path(text).exists():
            overrides.update(parse_inline(text))
        elif path is not None:
            raise click.UsageError("--config takes one settings file only")
        elif isolated:
            raise click.UsageError("--config with a file cannot be used together with --isolated")
        else:
            path = Path(text).absolute()
            if not path.is_file():
                raise SettingsError(
                    f"--config {text}: there is no such file, and it is not of the form key = value"
                )
    return path, overrides


def _show_settings(options: Options, targets: Sequence[Target]) -> int:
    if not targets:
        raise click.UsageError("No files found under the given path(s)")
    first = targets[0]
    linter = Linter(options)
    settings = linter.settings_of(first.path)
    lines = [f"# Settings of {first.path}", f"root = {linter.root_of(first.path)}"]
    lines += [f"{name} = {value!r}" for name, value in attrs.asdict(settings, recurse=False).items()]
    lines.append(f"enabled = {list(linter.selection_of(settings).enabled_in(first.path))}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _write(path: Path, text: str, *, append: bool = False) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if append else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error

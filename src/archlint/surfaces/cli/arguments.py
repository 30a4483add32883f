"""From the options of ``archlint check`` to those of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from archlint.core.settings import PerFileIgnore, Selectors, SettingsError, parse_inline
from archlint.engine.linter import Options
from archlint.engine.registry import installed
from archlint.engine.selection import check_words

#: Options that contradict each other, as in ruff.
_CONFLICTS = {
    "watch": ("add_noqa", "statistics", "show_files", "show_settings"),
    "add_noqa": (
        *("fix", "fix_only", "diff", "statistics", "show_files", "show_settings", "ignore_noqa"),
        "stdin_filename",
    ),
    "diff": ("statistics", "show_fixes"),
    "exit_zero": ("exit_non_zero_on_fix",),
    "show_files": ("statistics", "show_settings", "ignore_noqa", "stdin_filename"),
    "show_settings": ("statistics", "ignore_noqa", "stdin_filename"),
    "quiet": ("verbose",),
}


def refuse_conflicts(values: Mapping[str, Any]) -> None:
    """Refuse options that contradict each other."""
    for one, others in _CONFLICTS.items():
        for other in others:
            if _given(values[one]) and _given(values[other]):
                names = (f"--{name.replace('_', '-')}" for name in (one, other))
                raise click.UsageError("{} cannot be used with {}".format(*names))
    if "-" in values["files"]:
        for one in ("add_noqa", "watch"):
            if _given(values[one]):
                raise click.UsageError(f"--{one.replace('_', '-')} needs files, not standard input")


def _given(value: object) -> bool:
    return value is not None and value is not False


def engine_options(values: Mapping[str, Any]) -> Options:
    """What the command line says to the engine; raises for what makes no sense."""
    config, overrides = _configuration(values["config"], isolated=values["isolated"])
    return Options(
        config=config,
        overrides=overrides,
        isolated=values["isolated"],
        selectors=_selectors(values),
        replaced=dict(_replaced(values)),
        extended={
            name: _flat(values[option])
            for name, option in (("extend_exclude", "extend_exclude"), ("fixable", "extend_fixable"))
            if values[option]
        },
        ignore_noqa=values["ignore_noqa"],
        unused_suppressions=values["unused_suppressions"],
        cache=not values["no_cache"],
        cache_dir=values["cache_dir"] and Path.cwd() / values["cache_dir"],
    )


def _replaced(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings that the command line replaces."""
    for name in ("force_exclude", "respect_gitignore"):
        if values[name] is not None:
            yield name, values[name]
    if values["exclude"]:
        yield "exclude", _flat(values["exclude"])
    if values["per_file_ignores"]:
        yield "per_file_ignores", _per_file_ignores(_flat(values["per_file_ignores"]))
    for name in ("fixable", "unfixable"):
        if words := _flat(values[name]):
            check_words(words, installed(), f"--{name}")
            yield name, words


def _selectors(values: Mapping[str, Any]) -> Selectors | None:
    select = _flat(values["select"]) if values["select"] else None
    extend = _flat(values["extend_select"])
    ignore = _flat(values["ignore"]) + _flat(values["extend_ignore"])
    if select is None and not extend and not ignore:
        return None
    check_words((*(select or ()), *extend, *ignore), installed(), "the command line")
    return Selectors("the command line", select, extend, ignore)


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

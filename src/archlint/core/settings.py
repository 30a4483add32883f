"""Settings: the ``[tool.archlint]`` table nearest to a linted file, checked and typed.

The table of the nearest ``pyproject.toml`` that has one wins; tables are never merged, so what a
file means can be read in one place. Every mistake is told with the file, the key, what is
allowed there and the nearest known key, because a setting that is silently ignored is worse
than none.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import attrs

DEFAULT_EXCLUDE = (
    ".archlint_cache",
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


class SettingsError(Exception):
    """A setting that cannot be used; the message names the file, the key and the way out."""


class Selectors(NamedTuple):
    """One layer of rule selection: a settings file, or the command line above it."""

    source: str = ""
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class PerFileIgnore(NamedTuple):
    """Selectors ignored in the files that match ``pattern`` (or, negated, in all others)."""

    pattern: str
    selectors: tuple[str, ...]
    base: str

    @property
    def negated(self) -> bool:
        """Whether the pattern names the files that keep the rules."""
        return self.pattern.startswith("!")


@attrs.frozen(slots=False)
class Settings:
    """Everything that ``[tool.archlint]`` and the command line decide for one file."""

    #: The file the settings come from; ``None`` for the defaults.
    origin: Path | None = None
    #: The directory that patterns and paths are relative to.
    base: Path | None = None
    #: Layers of selection, the weakest first.
    selectors: tuple[Selectors, ...] = ()
    per_file_ignores: tuple[PerFileIgnore, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    baseline: str | None = None
    cache_dir: str | None = None
    src: tuple[str, ...] = (".", "src")
    blocking_calls: Mapping[str, str] = attrs.field(factory=dict)
    offload_helpers: tuple[str, ...] = ()
    defer_to_ruff: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    #: Options of single rules: name (or code) of the rule -> option -> value.
    rules: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)

    @property
    def excluded(self) -> tuple[str, ...]:
        """The patterns of everything that is not linted."""
        return self.exclude + self.extend_exclude

    @functools.cached_property
    def digest(self) -> str:
        """A key of every setting that can change a finding, but for the selection of rules."""
        values = {
            "src": self.src,
            "blocking-calls": dict(self.blocking_calls),
            "offload-helpers": self.offload_helpers,
            "defer-to-ruff": self.defer_to_ruff,
            "fixes": (self.fixable, self.unfixable, self.extend_safe_fixes, self.extend_unsafe_fixes),
            "rules": {name: dict(options) for name, options in self.rules.items()},
        }
        text = json.dumps(values, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


Convert = Callable[[Any, "_Place"], Any]


class _Place(NamedTuple):
    """Where a value stands, for error messages and relative patterns."""

    source: str
    key: str
    base: Path

    def fail(self, expected: str, got: object) -> SettingsError:
        shown = json.dumps(got, default=str)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        return SettingsError(f"{self.source}: `{self.key}` must be {expected}, not {shown}")

    def inner(self, key: str) -> _Place:
        return self._replace(key=f"{self.key}.{key}")


def _boolean(value: Any, place: _Place) -> bool:
    if not isinstance(value, bool):
        raise place.fail("true or false", value)
    return value


def _string(value: Any, place: _Place) -> str:
    if not isinstance(value, str):
        raise place.fail("a string", value)
    return value


def _strings(value: Any, place: _Place) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise place.fail("a list of strings", value)
    return tuple(value)


def _string_table(value: Any, place: _Place) -> dict[str, str]:
    if not isinstance(value, dict):
        raise place.fail('a table of "pattern" = "alternative"', value)
    return {key: _string(item, place.inner(key)) for key, item in sorted(value.items())}


def _per_file_ignores(value: Any, place: _Place) -> tuple[PerFileIgnore, ...]:
    if not isinstance(value, dict):
        raise place.fail('a table of "pattern" = ["code or name", ...]', value)
    base = str(place.base)
    return tuple(
        PerFileIgnore(pattern, _strings(codes, place.inner(f'"{pattern}"')), base)
        for pattern, codes in value.items()
    )


def _rule_options(value: Any, place: _Place) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise place.fail("a table with one table of options for each rule", value)
    for name, options in value.items():
        if not isinstance(options, dict):
            raise place.inner(name).fail("a table of options", options)
    return {name: dict(options) for name, options in sorted(value.items())}


class Key(NamedTuple):
    """One key of ``[tool.archlint]``: its type, its default and its meaning."""

    name: str
    type: str
    default: str
    doc: str
    convert: Convert


KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key(
            "baseline",
            "string",
            "none",
            "A file of known findings, relative to the settings file, that `archlint check` leaves out; "
            "`archlint baseline` writes it.",
            _string,
        ),
        Key(
            "blocking-calls",
            "table of strings",
            "{}",
            "More calls that block the event loop: a qualified name, where `*` stands for any characters, "
            "and what to use instead.",
            _string_table,
        ),
        Key(
            "cache-dir",
            "string",
            '".archlint_cache"',
            "Where the cache lives, relative to the settings file; by default in each project's root.",
            _string,
        ),
        Key(
            "defer-to-ruff",
            "bool",
            "false",
            "Leave out findings that the project's own ruff reports as well, judged by its settings and by "
            "what stands in the code; the page of a rule names ruff's codes. ruff itself is not run.",
            _boolean,
        ),
        Key(
            "exclude",
            "list of strings",
            json.dumps(DEFAULT_EXCLUDE),
            "Files and directories that are not linted; replaces the default list.",
            _strings,
        ),
        Key(
            "extend-exclude",
            "list of strings",
            "[]",
            "More files and directories that are not linted.",
            _strings,
        ),
        Key(
            "extend-safe-fixes",
            "list of strings",
            "[]",
            "Rules whose unsafe fixes count as safe: codes, code prefixes or names.",
            _strings,
        ),
        Key(
            "extend-select",
            "list of strings",
            "[]",
            "Rules to run beside the selected ones: codes, code prefixes or names. "
            "An opt-in rule needs its full code or its name.",
            _strings,
        ),
        Key(
            "extend-unsafe-fixes",
            "list of strings",
            "[]",
            "Rules whose safe fixes count as unsafe: codes, code prefixes or names.",
            _strings,
        ),
        Key(
            "fix",
            "bool",
            "false",
            "Apply fixes whenever `archlint check` runs, as `--fix` does.",
            _boolean,
        ),
        Key(
            "fixable",
            "list of strings",
            '["ALL"]',
            "Rules whose fixes may be applied: codes, code prefixes, names, or `ALL`.",
            _strings,
        ),
        Key(
            "force-exclude",
            "bool",
            "false",
            "Apply `exclude` also to files that are named on the command line.",
            _boolean,
        ),
        Key(
            "ignore",
            "list of strings",
            "[]",
            "Rules to leave out: codes, code prefixes or names. The longest match wins, a tie is ignored.",
            _strings,
        ),
        Key(
            "offload-helpers",
            "list of strings",
            "[]",
            "Functions of your own that run what they are given in another thread or process.",
            _strings,
        ),
        Key(
            "per-file-ignores",
            "table of lists of strings",
            "{}",
            "Rules to leave out in the files that match a pattern; `!` before the pattern turns it round.",
            _per_file_ignores,
        ),
        Key(
            "respect-gitignore",
            "bool",
            "true",
            "Skip what `.gitignore` files exclude.",
            _boolean,
        ),
        Key(
            "rules",
            "table of tables",
            "{}",
            "Options of single rules, each in a table of its own: `[tool.archlint.rules.fat-route-handler]`. "
            "The page of a rule lists its options.",
            _rule_options,
        ),
        Key(
            "select",
            "list of strings",
            "the rules that are on by default",
            "Rules to run: codes, code prefixes, names, or `ALL`.",
            _strings,
        ),
        Key(
            "src",
            "list of strings",
            '[".", "src"]',
            "Directories that hold top-level packages, relative to the settings file.",
            _strings,
        ),
        Key(
            "unfixable",
            "list of strings",
            "[]",
            "Rules whose fixes must not be applied: codes, code prefixes, names, or `ALL`.",
            _strings,
        ),
        Key(
            "unsafe-fixes",
            "bool",
            "false",
            "Apply unsafe fixes as well, as `--unsafe-fixes` does.",
            _boolean,
        ),
    )
}

_SELECTOR_KEYS = ("select", "extend-select", "ignore")


def from_table(table: Mapping[str, Any], *, source: str, base: Path, origin: Path | None = None) -> Settings:
    """The settings that a ``[tool.archlint]`` table says; raises ``SettingsError`` for a bad one."""
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in KEYS:
            raise SettingsError(f"{source}: unknown key `{name}`{nearest(name, KEYS)}")
        values[name] = KEYS[name].convert(value, _Place(source, name, base))
    layer = Selectors(
        source,
        select=values.get("select"),
        extend_select=values.get("extend-select", ()),
        ignore=values.get("ignore", ()),
    )
    others = {name.replace("-", "_"): value for name, value in values.items() if name not in _SELECTOR_KEYS}
    return Settings(origin=origin, base=base, selectors=(layer,), **others)


#: Letters that are typed for the digits of a code.
_LOOKALIKES = str.maketrans("OIL", "011")


def nearest(word: str, known: Iterable[str]) -> str:
    """The tail of an error message: the known word that comes nearest, or all of them if few."""
    import difflib  # nothing to correct, nothing to import

    names = sorted(known)
    if (code := word.upper().translate(_LOOKALIKES)) in names:
        return f"; did you mean `{code}`?"
    if code.startswith("ARC") and code[3:].isdigit():
        return "; `archlint rule` lists all rules"  # numbers that look alike mean nothing alike
    if close := difflib.get_close_matches(word, names, n=1, cutoff=0.5):
        return f"; did you mean `{close[0]}`?"
    return f"; known are {', '.join(names)}" if 0 < len(names) <= 30 else ""


def read_table(path: Path, *, required: bool = False) -> dict[str, Any] | None:
    """The ``[tool.archlint]`` table of a TOML file; ``None`` if it has none.

    A file that is not called ``pyproject.toml`` may hold the keys at top level.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        if required or os.path.exists(path):  # noqa: PTH110 - in a closed directory there is none
            raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
        return None
    if not required and b"archlint" not in content:
        return None
    document = _parse(content, path)
    tool = document.get("tool", {})
    if isinstance(tool, dict) and "archlint" in tool:
        table = tool["archlint"]
        if not isinstance(table, dict):
            raise SettingsError(
                f"{path}: `tool.archlint` must be a table, not {json.dumps(table, default=str)}"
            )
        return table
    if path.name == "pyproject.toml":
        return {} if required else None
    return document


def _parse(content: bytes, path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error


def parse_inline(text: str) -> dict[str, Any]:
    """The table that a ``key = value`` override of the command line says."""
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"--config {text}: neither a file nor TOML of the form key = value: {error}"
        ) from error
    tool = table.get("tool")
    if isinstance(tool, dict) and isinstance(tool.get("archlint"), dict):
        return dict(tool["archlint"])
    return table


class Finder:
    """Finds the settings of a directory, reading every file once.

    ``fixed`` is a settings file that replaces the search; ``overrides`` are keys from the
    command line that replace those of any file; ``isolated`` ignores all files; ``finish`` has
    the last word on whatever was found.
    """

    def __init__(
        self,
        fixed: Path | None = None,
        overrides: Mapping[str, Any] | None = None,
        *,
        isolated: bool = False,
        finish: Callable[[Settings], Settings] = lambda settings: settings,
    ) -> None:
        self.fixed = fixed
        self.overrides = dict(overrides or {})
        self.isolated = isolated
        self.finish = finish
        self._known: dict[Path, Settings] = {}
        self._default: Settings | None = None

    def of(self, directory: Path) -> Settings:
        """The settings of the files in ``directory`` (an absolute path)."""
        found = self._known.get(directory)
        if found is None:
            found = self._known[directory] = self._find(directory)
        return found

    def _find(self, directory: Path) -> Settings:
        if self.isolated or self.fixed is not None:
            return self._without_search()
        path = directory / "pyproject.toml"
        table = read_table(path)
        if table is not None:
            return self._made(table, path, directory)
        parent = directory.parent
        return self._without_search() if parent == directory else self.of(parent)

    def _without_search(self) -> Settings:
        if self._default is None:
            table = {}
            if self.fixed is not None and not self.isolated:
                table = read_table(self.fixed, required=True) or {}
            self._default = self._made(table, self.fixed, Path.cwd())
        return self._default

    def _made(self, table: Mapping[str, Any], path: Path | None, base: Path) -> Settings:
        if self.overrides:
            from_table(self.overrides, source="--config", base=base)
        source = str(path) if path else "the default settings"
        return self.finish(from_table({**table, **self.overrides}, source=source, base=base, origin=path))

"""The flake8 plugin: one entry point for each family of codes, one analysis for all of them.

flake8 gives every plugin the same tree of a file. The first family that runs analyses the file
and leaves the findings at the tree; the others take theirs from there. Nothing is imported
before the first file, and nothing but a finding ever leaves ``run``.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint import RECURSION_LIMIT, __version__

if TYPE_CHECKING:
    import argparse
    import ast

    from archlint.core.diagnostic import Diagnostic
    from archlint.engine.discovery import Target
    from archlint.engine.linter import Linter, Options

    Finding = tuple[int, int, str, type]

_SHARED = "_archlint_findings"
#: The name flake8 gives to standard input when the caller gives none.
_STDIN = "stdin"


class _Family:
    """What the entry points have in common."""

    name = "archlint"
    version = __version__

    def __init__(
        self, tree: ast.Module, filename: str, lines: list[str], options: argparse.Namespace
    ) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines
        self._options = options

    def run(self) -> Iterator[Finding]:
        """The findings of this family in the file."""
        found = getattr(self._tree, _SHARED, None)
        if found is None:
            found = _analyse(self._tree, self._filename, self._lines, self._options)
            setattr(self._tree, _SHARED, found)
        prefix = type(self).__name__
        for line, column, text in found:
            if text.startswith(prefix):
                yield line, column, text, type(self)


class ARC0(_Family):
    """What archlint says about itself; owns the options, which flake8 lets only one class add."""

    @classmethod
    def add_options(cls, manager: Any) -> None:
        """The few things that must be said to flake8; the rest stands in ``[tool.archlint]``."""
        manager.add_option(
            "--arc-config",
            metavar="FILE",
            default=None,
            parse_from_config=True,
            normalize_paths=True,
            help="Settings of archlint, instead of the nearest [tool.archlint] table above each file.",
        )
        manager.add_option(
            "--arc-no-cache",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Let archlint neither read nor write its caches.",
        )


class ARC1(_Family):
    """API design."""


class ARC2(_Family):
    """Data architecture."""


class ARC3(_Family):
    """Security."""


class ARC4(_Family):
    """Async and performance."""


class ARC5(_Family):
    """Code organization."""


class ARC6(_Family):
    """Testing and quality."""


class ARC7(_Family):
    """Resilience and error handling."""


class ARC8(_Family):
    """Observability."""


class ARC9(_Family):
    """Deployment and configuration."""


def _analyse(
    tree: ast.Module, filename: str, lines: list[str], options: argparse.Namespace
) -> list[tuple[int, int, str]]:
    """Line, column and text of every finding; a failure of archlint itself is one of them."""
    collecting = gc.isenabled()
    # Summaries are many small objects that stay: looking for garbage among them, again and again, costs
    # more than the analysis.
    gc.disable()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        worker = _Worker.of(options)
        found = worker.check(tree, filename, lines)
        return [(one.location.line, one.location.column, _text(one)) for one in found]
    except Exception as error:  # noqa: BLE001 - whatever leaves `run` would cost flake8 all its results
        told = " ".join(str(error).split())
        return [(1, 0, f"ARC000 archlint cannot check this file: {told or type(error).__name__}")]
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _text(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code} {' '.join(diagnostic.message.splitlines())}"


class _Worker:
    """The linter of this process; remade when flake8 comes with other options."""

    _current: tuple[int, argparse.Namespace, _Worker] | None = None

    def __init__(self, options: argparse.Namespace) -> None:
        from archlint.engine.linter import Linter

        self._linter: Linter = Linter(_options(options))

    @classmethod
    def of(cls, options: argparse.Namespace) -> _Worker:
        current = cls._current
        # A forked child has its own pid, and must not share open databases with its parent.
        if current is None or current[0] != os.getpid() or current[1] is not options:
            current = cls._current = (os.getpid(), options, cls(options))
            current[2].flush_at_exit()
        return current[2]

    def flush_at_exit(self) -> None:
        """Write the caches when the process ends, be it flake8 itself or one of its workers."""
        import atexit
        from multiprocessing import util

        if _in_worker():
            util.Finalize(None, self._linter.flush, exitpriority=10)
        else:
            atexit.register(self._linter.flush)

    def check(self, tree: ast.Module, filename: str, lines: list[str]) -> tuple[Diagnostic, ...]:
        """The findings of one file, from the cache if nothing has changed."""
        from archlint.engine.discovery import Target, display_path

        cwd = os.getcwd()  # noqa: PTH109 - asked for every file
        path = os.path.normpath(os.path.join(cwd, filename))  # noqa: PTH118
        target = Target(path, display_path(path, cwd), alone=filename == _STDIN)
        content = _content_on_disk(target, lines)
        if content is None:
            return self._linter.check_content(target, "".join(lines), tree=tree, unsaved=True).diagnostics
        (known,) = self._linter.recall([target])
        if known is not None:
            return known
        outcome = self._linter.check_content(target, content, tree=tree)
        self._linter.remember(target, outcome)
        return outcome.diagnostics


def _in_worker() -> bool:
    import multiprocessing

    return multiprocessing.parent_process() is not None


def _content_on_disk(target: Target, lines: list[str]) -> bytes | None:
    """The bytes of the file if they are the text that flake8 has; ``None`` for unsaved text."""
    from archlint.core.source import decode

    if target.alone:
        return None
    try:
        with open(target.path, "rb") as file:  # noqa: PTH123 - asked for every file
            content = file.read()
        text = decode(content)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return content if text == "".join(lines) else None


def _options(options: argparse.Namespace) -> Options:
    from pathlib import Path

    from flake8.style_guide import Decision, DecisionEngine

    from archlint.core.settings import Selectors
    from archlint.engine.linter import Options
    from archlint.engine.registry import UNUSED, installed

    engine = DecisionEngine(options)
    # flake8 knows no opt-in rules: a full code in its own selection is how a user opts in.
    named = {*(options.select or ()), *(options.extend_select or ())}
    codes = {*installed().entries, *named.intersection((UNUSED,))}
    visible = frozenset(code for code in codes if engine.decision_for(code) is Decision.Selected)
    opted_in = tuple(sorted(named.intersection(codes)))
    config = getattr(options, "arc_config", None)
    return Options(
        config=Path(config) if config else None,
        selectors=Selectors("flake8's selection", extend_select=opted_in) if opted_in else None,
        visible=visible,
        ignore_noqa=options.disable_noqa,
        whole=any(map(os.path.isdir, options.filenames or ["."])),
        cache=not (getattr(options, "arc_no_cache", False) or _set("ARCHLINT_NO_CACHE")),
        cache_dir=Path(os.environ["ARCHLINT_CACHE_DIR"]).absolute() if _set("ARCHLINT_CACHE_DIR") else None,
    )


def _set(variable: str) -> bool:
    return os.environ.get(variable, "").lower() not in {"", "0", "false", "no", "off"}

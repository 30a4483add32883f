"""The command line: ``archlint check`` and its companions, with ruff's verbs, options and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from archlint import RECURSION_LIMIT

_INTERRUPTED = 130


def main() -> None:
    """Run the command of ``sys.argv`` and exit with its code: 0 clean, 1 findings, 2 misuse."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # What is built while checking (trees, summaries) points at itself nowhere or is let go of by name;
    # looking for cycles in it would cost more than the checking.
    gc.disable()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    from archlint.surfaces.cli.commands import archlint

    try:
        code = archlint.main(prog_name="archlint", standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - told to a person, or raised again
        code = _report(error)
    _let_go_of_output()
    if code == _INTERRUPTED:
        # Workers may still be busy: leave at once.
        os._exit(code)
    sys.exit(code if isinstance(code, int) else 0)


def _let_go_of_output() -> None:
    """Flush what was said; a reader that has left early (``| head``) is no error."""
    if sys.stdout.closed:
        # A server has said goodbye to its client.
        return
    try:
        sys.stdout.flush()
    except OSError:
        # Python flushes once more at exit: let that go nowhere.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(error: Exception) -> int:
    """Tell a person what went wrong; anything unforeseen keeps its traceback."""
    import click

    from archlint.core.settings import SettingsError

    if isinstance(error, click.Abort):
        # What click makes of Ctrl-C, after it has ended the line.
        print("Interrupted.", file=sys.stderr)
        return _INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, SettingsError):
        print(f"error: {error}", file=sys.stderr)
        return 2
    raise error

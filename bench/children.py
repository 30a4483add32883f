"""Programs that ``run.py`` starts as children: ``python children.py NAME ARGUMENTS``."""

from __future__ import annotations

import ast
import contextlib
import io
import statistics
import sys
import time
import tokenize
import warnings
from pathlib import Path


def parse(directory: str) -> None:
    """Print the CPU seconds of ``ast.parse`` over all files, and the lines and files it took."""
    texts = []
    for path in sorted(Path(directory).rglob("*.py")):
        content = readable(path)
        if content is not None:
            texts.append(content)
    started = time.process_time()
    for content in texts:
        ast.parse(content)
    needed = time.process_time() - started
    print(needed, sum(content.count(b"\n") for content in texts), len(texts))


def readable(path: Path) -> bytes | None:
    """The bytes of a file that this Python can parse."""
    try:
        content = path.read_bytes()
        ast.parse(content)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    return content


def flake8(hidden: str, *arguments: str) -> None:
    """Run flake8 as if some distributions were not installed."""
    hide(hidden)
    from flake8.main.cli import main

    main(list(arguments))


def hide(hidden: str) -> None:
    from importlib import metadata

    names = {name for name in hidden.split(",") if name}
    installed = metadata.distributions
    metadata.distributions = lambda: (found for found in installed() if found.metadata["Name"] not in names)


def heavy(hidden: str, *arguments: str) -> None:
    """Print which heavy libraries a flake8 run has loaded."""
    hide(hidden)
    from flake8.main.cli import main

    with contextlib.redirect_stdout(io.StringIO()):
        main(list(arguments))
    print(*sorted({"libcst", "astroid", "click", "rich", "msgspec"} & set(sys.modules)))


def keystroke(directory: str, cache: str, count: str) -> None:
    """Print milliseconds of a check after a change, of ``ast.parse``, and their ratio, for some files."""
    from archlint.engine.discovery import Discovery
    from archlint.engine.linter import Linter, Options

    options = Options(isolated=True, cache_dir=Path(cache), live=True)
    targets = Discovery(options.finder(), Path(directory)).files(["."])
    sized = sorted((Path(target.path).stat().st_size, target) for target in targets)
    large = [target for size, target in sized if size > 2000 and readable(Path(target.path)) is not None]
    step = max(1, len(large) // int(count))
    linter = Linter(options)
    for target in large[step // 2 :: step]:
        text = decoded(target.path)
        checks, parses = [], []
        for turn in range(6):
            changed = f"{text}\n_changed = {turn}\n"
            started = time.process_time()
            linter.replace(target.path, changed.encode())
            linter.check_content(target, changed)
            checks.append(time.process_time() - started)
            started = time.process_time()
            ast.parse(changed)
            parses.append(time.process_time() - started)
        # The first check of a file reads what the editor has in memory afterwards.
        check, floor = statistics.median(checks[1:]), statistics.median(parses[1:])
        print(check * 1000, floor * 1000, check / floor, checks[0] * 1000)


def decoded(path: str) -> str:
    with tokenize.open(path) as file:
        return file.read()


def main() -> None:
    warnings.simplefilter("ignore")
    children = {child.__name__: child for child in (parse, flake8, heavy, keystroke)}
    children[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()

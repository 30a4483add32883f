"""Draw the loops and coroutines whose truth is written by hand in ``sampled/``.

The draw looks at syntax and imports only and never at a linter's answer, so that what the rules
miss can be counted as well as what they report wrongly.

    python sample.py CORPUS [--kind loops|async]
"""

from __future__ import annotations

import argparse
import ast
import builtins
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 20260
SIZE = 70
PER_TREE = 8
#: further loops that follow their variable, and coroutines that call without awaiting: true ones are rare
EXTRA = 30

DRIVERS = frozenset(
    [
        "sqlalchemy",
        "sqlmodel",
        "flask_sqlalchemy",
        "tortoise",
        "peewee",
        "pony",
        "mongoengine",
        "beanie",
        "pymongo",
        "motor",
        "asyncpg",
        "psycopg",
        "psycopg2",
        "pymysql",
        "MySQLdb",
        "aiomysql",
        "sqlite3",
        "aiosqlite",
        "databases",
        "prisma",
    ]
)
MODEL_BODY = re.compile(
    r"\bmapped_column\(|\brelationship\(|\bColumn\(|\bmodels\.\w+Field\(|\bForeignKey\(|\btable=True\b"
)
MODEL_NAMES = frozenset({"model", "models", "orm", "schemas", "db", "database"})
SKIPPED_PARTS = frozenset({"tests", "test", "testing", "migrations", "versions", "alembic", "node_modules"})
PLAIN_CALLS = frozenset(dir(builtins)).union(dir(str), dir(list), dir(set), {"items", "keys"})
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Unit:
    """One loop or one coroutine of the frame."""

    tree: str
    path: str
    line: int
    column: int
    kind: str
    name: str
    #: the loop variable is called, or walked, in the body
    walked: bool = False

    def show(self) -> str:
        mark = "*" if self.walked else " "
        return f"{self.tree}\t{self.path}\t{self.line}\t{self.kind}{mark}\t{self.name}"


def sources(tree: Path) -> Iterator[tuple[Path, str]]:
    """The python files of one tree that are neither tests nor migrations."""
    for path in sorted(tree.rglob("*.py")):
        inside = path.relative_to(tree)
        if SKIPPED_PARTS & set(inside.parts) or re.match(r"test_|conftest", path.name):
            continue
        yield path, path.read_text(encoding="utf-8", errors="replace")


def module_name(tree: Path, path: Path) -> str:
    parts = list(path.relative_to(tree).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(module: ast.Module, own: str, is_package: bool) -> set[str]:
    """Dotted names a module imports, anywhere in it, relative imports made absolute."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = own.split(".")
                kept = parts[: len(parts) - node.level + (1 if is_package else 0)]
                base = ".".join([*kept, base]).strip(".")
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def handles_models(names: set[str], text: str, modelled: set[str]) -> bool:
    """Does a file import a driver, or classes that are mapped in this tree?"""
    if any(name.split(".")[0] in DRIVERS or name.startswith("django.db") for name in names):
        return True
    return bool(names & modelled) or "get_model(" in text


def model_modules(texts: dict[str, str]) -> set[str]:
    """Modules that map classes, and the packages that carry them under a usual name."""
    found = {name for name, text in texts.items() if MODEL_BODY.search(text)}
    for name in list(found):
        parts = name.split(".")
        found.update(".".join(parts[:i]) for i in range(1, len(parts)) if parts[i - 1] in MODEL_NAMES)
    return found


def targets(node: ast.AST) -> set[str]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        bound = [node.target]
    else:
        bound = [generator.target for generator in getattr(node, "generators", [])]
    return {name.id for target in bound for name in ast.walk(target) if isinstance(name, ast.Name)}


def body(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return list(node.body)
    kept: list[ast.AST] = [part for g in getattr(node, "generators", []) for part in g.ifs]
    if isinstance(node, ast.DictComp):
        return [*kept, node.key, node.value]
    return [*kept, getattr(node, "elt", node)]


def mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def is_walked(node: ast.AST) -> bool:
    """Is the loop variable given to a function, called on, or followed through two attributes?

    Builtins and the methods of str, dict, list and set do not count: most loops have those.
    """
    names = targets(node)
    for part in (inner for root in body(node) for inner in ast.walk(root)):
        if isinstance(part, ast.Call) and mentions(part, names) and called(part.func) not in PLAIN_CALLS:
            return True
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Attribute):
            root = part.value.value
            if isinstance(root, ast.Name) and root.id in names:
                return True
    return False


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def loops(tree: str, path: str, module: ast.Module) -> Iterator[Unit]:
    for node in ast.walk(module):
        if isinstance(node, (ast.For, ast.AsyncFor, *COMPREHENSIONS)):
            names = ",".join(sorted(targets(node)))
            kind = type(node).__name__
            yield Unit(tree, path, node.lineno, node.col_offset, kind, names, is_walked(node))


def coroutines(tree: str, path: str, module: ast.Module) -> Iterator[Unit]:
    for node in ast.walk(module):
        if isinstance(node, ast.AsyncFunctionDef):
            yield Unit(tree, path, node.lineno, node.col_offset, "async", node.name, calls_unawaited(node))


def calls_unawaited(function: ast.AsyncFunctionDef) -> bool:
    """Is something called and not awaited: no builtin, no method of str or dict, no class, no logger?"""
    awaited = {id(part.value) for part in ast.walk(function) if isinstance(part, ast.Await)}
    for part in (inner for root in function.body for inner in ast.walk(root)):
        if not isinstance(part, ast.Call) or id(part) in awaited:
            continue
        name = called(part.func)
        logs = "log" in ast.unparse(part.func).lower()
        if name and not name[0].isupper() and name not in PLAIN_CALLS and not logs:
            return True
    return False


def frame(corpus: Path) -> tuple[list[Unit], list[Unit], int]:
    """All loops near a database, all coroutines, and how many files did not parse."""
    found_loops: list[Unit] = []
    found_async: list[Unit] = []
    unparsed = 0
    for tree in sorted(path for path in corpus.iterdir() if path.is_dir()):
        files = list(sources(tree))
        modelled = model_modules({module_name(tree, path): text for path, text in files})
        for path, text in files:
            try:
                module = ast.parse(text)
            except (SyntaxError, ValueError):
                unparsed += 1
                continue
            inside = path.relative_to(tree).as_posix()
            names = imported(module, module_name(tree, path), path.name == "__init__.py")
            if handles_models(names, text, modelled):
                found_loops += loops(tree.name, inside, module)
            found_async += coroutines(tree.name, inside, module)
    return found_loops, found_async, unparsed


def draw(
    units: list[Unit], size: int, per_tree: int, random_: random.Random, weight: float = 1
) -> list[Unit]:
    """A random sequence without return, in which full trees are passed over."""
    keys = {unit: random_.random() ** (1 / (weight if unit.walked else 1)) for unit in units}
    taken: list[Unit] = []
    room: Counter[str] = Counter()
    for unit in sorted(units, key=lambda unit: -keys[unit]):
        if len(taken) < size and room[unit.tree] < per_tree:
            room[unit.tree] += 1
            taken.append(unit)
    return taken


def sample(corpus: Path) -> tuple[list[Unit], list[Unit], str]:
    all_loops, all_async, unparsed = frame(corpus)
    uniform = draw(all_loops, SIZE // 2, PER_TREE // 2, random.Random(SEED))
    rest = [unit for unit in all_loops if unit not in set(uniform)]
    weighted = draw(rest, SIZE // 2, PER_TREE // 2, random.Random(SEED + 1), weight=12)
    rest = [unit for unit in rest if unit not in set(weighted)]
    weighted += draw(rest, EXTRA, PER_TREE // 2, random.Random(SEED + 4), weight=12)
    plain = draw(all_async, SIZE, PER_TREE, random.Random(SEED + 2))
    rest = [unit for unit in all_async if unit not in set(plain)]
    extra = draw(rest, EXTRA, PER_TREE // 2, random.Random(SEED + 3), weight=12)
    note = f"# frame: {len(all_loops)} loops, {len(all_async)} coroutines; {unparsed} files not parsed"
    return uniform + weighted, plain + extra, note


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--kind", choices=("loops", "async"))
    options = parser.parse_args()
    drawn_loops, drawn_async, note = sample(options.corpus)
    print(note)
    if options.kind != "async":
        for place, unit in enumerate(drawn_loops):
            print("uniform" if place < SIZE // 2 else "weighted", unit.show(), sep="\t")
    if options.kind != "loops":
        for place, unit in enumerate(drawn_async):
            print("uniform" if place < SIZE else "weighted", unit.show(), sep="\t")


if __name__ == "__main__":
    main()

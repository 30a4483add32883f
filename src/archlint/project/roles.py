"""What kind of file a path names."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_TEST_FOLDERS = frozenset(("tests", "test", "testing", "testutils", "e2e", "fixtures"))
#: Words of file names: `create_test_data.py`, `testing.py`; `backfill_owners.py` (but `backfill.py` may be
#: a part of the application).
_TEST_WORDS = frozenset(("test", "tests", "testing"))
_MIGRATION_WORDS = frozenset(("migration", "migrations"))
_MIGRATION_FOLDERS = frozenset(("migrations", "alembic"))
#: A file of Alembic where its folder does not say so: `versions/1a2b3c4d_add_owner.py`.
_REVISION = re.compile(r"[0-9a-f]{4}")
_SCRIPT_FOLDERS = frozenset(("scripts", "bin", "cli", "benchmarks", "examples", "seeds", "seeders"))
#: Django's commands; folders of that name elsewhere often hold what requests ask for.
_COMMANDS = ("management", "commands")
_SCRIPT_NAMES = frozenset(("setup.py", "manage.py", "noxfile.py", "fabfile.py", "cli.py", "__main__.py"))
#: Folders that mean this beside the code alone: inside it, `tools` are often those of an agent.
_OUTER_FOLDERS = frozenset(("tools", "docs"))


@lru_cache(maxsize=1 << 16)
def role_of(name: str) -> str:
    """The role of a file by its path relative to the project: stub, test, migration, script or none."""
    *folders, last = name.split("/")
    if last.endswith(".pyi"):
        return "stub"
    words = set(last.removesuffix(".py").split("_"))
    if last.startswith("conftest") or words & _TEST_WORDS or any(map(_holds_tests, folders)):
        return "test"
    if any(map(_holds_migrations, folders)) or words & _MIGRATION_WORDS or words > {"backfill"}:
        return "migration"
    if "versions" in folders and _REVISION.match(last):
        return "migration"
    if (
        _COMMANDS in pairwise(folders)
        or _SCRIPT_FOLDERS.intersection(folders)
        or _OUTER_FOLDERS.intersection(folders[:1])
    ):
        return "script"
    if last in _SCRIPT_NAMES:
        return "script"
    return ""


def lies_with_migrations(name: str) -> bool:
    """Whether the folders of a file say that it is a migration: `api/migration.py` may serve requests."""
    return any(map(_holds_migrations, name.split("/")[:-1]))


def _holds_tests(folder: str) -> bool:
    """Whether a folder says: tests, or what only they use; `ab_test` is a part of an application."""
    return folder in _TEST_FOLDERS or folder.startswith("test_") or "tests" in folder.split("_")


def _holds_migrations(folder: str) -> bool:
    return folder in _MIGRATION_FOLDERS or not _MIGRATION_WORDS.isdisjoint(folder.split("_"))

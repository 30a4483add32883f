"""After any change, a run with caches finds what a run without them finds."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import attrs
import pytest

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Selectors
from archlint.engine.discovery import Discovery
from archlint.engine.linter import Options
from archlint.engine.run import check_paths
from edits import edit
from harness import write

EXAMPLES = Path(__file__).parent.parent / "examples"
ALL = Options(selectors=Selectors("the test", select=("ALL",)), whole=True)


def lint(root: Path, options: Options = ALL, jobs: int = 1) -> list[Diagnostic]:
    targets = Discovery(options.finder(), root).files([str(root)])
    return check_paths(targets, options, jobs=jobs)


@pytest.mark.parametrize("seed", range(2))
def test_random_edits(seed: int, tree: Path):
    shutil.copytree(EXAMPLES / "bookings", tree, dirs_exist_ok=True)
    fresh = attrs.evolve(ALL, cache=False)
    dice = random.Random(seed)
    lint(tree)
    done: list[str] = []
    for number in range(4):
        done += [edit(tree, dice) for _ in range(dice.choice((1, 1, 3)))]
        assert lint(tree, jobs=1 + number % 2) == lint(tree, fresh), done


def test_a_package_that_was_none(tree: Path):
    """Where a relative import leads to depends on the directories above, too."""
    write(
        tree,
        {
            "app/__init__.py": "",
            "app/wait.py": "def wait():\n    return 1\n",
            "app/jobs/run.py": "from .wait import wait\n\n\nasync def run():\n    wait()\n",
            "app/jobs/wait.py": "import time\n\n\ndef wait():\n    time.sleep(5)\n",
        },
    )
    for files in ({}, {"app/jobs/__init__.py": ""}, {"app/jobs/other.py": ""}):
        write(tree, files)
        assert lint(tree) == lint(tree, attrs.evolve(ALL, cache=False))
    (tree / "app/jobs/__init__.py").unlink()
    assert lint(tree) == lint(tree, attrs.evolve(ALL, cache=False))


def test_what_a_project_requires_is_part_of_its_state(tree: Path):
    write(
        tree,
        {
            "app/database.py": "from sqlalchemy import create_engine\n"
            "from sqlalchemy.orm import sessionmaker\n\n"
            'SessionLocal = sessionmaker(bind=create_engine("postgresql://db"))\n\n\n'
            "def get_db():\n    with SessionLocal() as db:\n        yield db\n",
            "app/api.py": "from fastapi import APIRouter, BackgroundTasks, Depends\n\n"
            "from app.database import get_db\n\n"
            "router = APIRouter()\n\n\n"
            "def log(db, text):\n    db.add(text)\n\n\n"
            '@router.post("/orders")\n'
            "def create(tasks: BackgroundTasks, db=Depends(get_db)):\n"
            '    tasks.add_task(log, db, "created")\n',
        },
    )
    handed = attrs.evolve(ALL, selectors=Selectors("the test", select=("ARC210",)))
    for version in ("0.110.0", "0.118.0", "0.110.0", "0.109.0"):
        write(tree, {"requirements.txt": f"fastapi=={version}\n"})
        [found] = lint(tree, handed)
        assert f"FastAPI {version[:-2]})" in found.message

"""pre-commit itself, on a repository made here, with the hooks of this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from surfaces.shop import APP, HELPERS, archlint

pytest.importorskip("pre_commit")

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


def git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with the shop in it and the hooks as local ones: nothing is installed from afar."""
    root = tmp_path / "shop"
    root.mkdir()
    hooks = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    for hook in hooks:
        hook.pop("minimum_pre_commit_version")
        hook.update(language="system", entry=f"{sys.executable} -m {hook['entry']} --no-cache")
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (root / "pyproject.toml").touch()
    (root / "app.py").write_text(APP)
    (root / "helpers.py").write_text(HELPERS)
    git(root, "init", "-q")
    git(root, "add", ".")
    return root


def run(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", "run", *arguments]
    return subprocess.run(command, cwd=shop, check=False, capture_output=True, text=True)


def test_the_commit_is_stopped_by_what_it_adds(shop: Path):
    done = run(shop, "archlint")
    assert done.returncode == 1, done.stdout + done.stderr
    # The helper that is not part of the file is seen all the same.
    assert "app.py:7:5" in done.stdout
    assert "ARC402" in done.stdout
    git(shop, "commit", "-qm", "first", "--no-verify")
    (shop / "helpers.py").write_text(HELPERS + "\n\nX = 1\n")
    git(shop, "add", ".")
    done = run(shop, "archlint")
    assert done.returncode == 0, done.stdout


def test_what_the_settings_exclude_stays_out(shop: Path):
    (shop / "pyproject.toml").write_text('[tool.archlint]\nextend-exclude = ["app.py"]\n')
    git(shop, "add", ".")
    done = run(shop, "archlint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_whole_project_is_reviewed_by_hand(shop: Path):
    git(shop, "commit", "-qm", "first", "--no-verify")
    assert run(shop).returncode == 0
    done = run(shop, "--hook-stage", "manual", "archlint-review")
    assert done.returncode == 1
    assert "ARC401" in done.stdout


def test_the_hook_that_init_writes(shop: Path):
    config = shop / ".pre-commit-config.yaml"
    config.write_text("repos:\n")
    archlint(shop, "init", "--yes")
    text = config.read_text()
    config.write_text(text.replace("entry: archlint", f"entry: {sys.executable} -m archlint"))
    git(shop, "add", ".")
    done = run(shop, "archlint")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ARC402" in done.stdout

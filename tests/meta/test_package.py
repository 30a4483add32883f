"""What the package as a whole promises: entry points, contracts, a light start, no favourites."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import archlint
from archlint.engine.registry import installed

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "archlint"
#: What must not be loaded by a linter that has nothing to mend, to infer or to ask.
HEAVY = ("astroid", "click", "libcst", "pathspec", "pygls", "rich")
#: Applications that the rules were tried on: none of them may be treated by name. (Libraries of the
#: same corpus, which applications import, may be known like every other library.)
TRIED_ON = (
    "airflow|superset|argilla|phoenix|ckan|oscar|homeassistant|home_assistant|jupyterhub|label[-_]studio|"
    "langflow|litellm|mlflow|nautobot|pretix|weblate|zenml"
)


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))


def table(value: object, *keys: str) -> dict[str, str]:
    for key in keys:
        assert isinstance(value, dict)
        value = value[key]
    assert isinstance(value, dict)
    return value


def test_entry_points_cover_all_codes(project: dict[str, object]) -> None:
    points = table(project, "project", "entry-points", "flake8.extension")
    assert points == {f"ARC{digit}": f"archlint.surfaces.flake8:ARC{digit}" for digit in range(10)}
    assert {code[:4] for code in installed().entries} <= set(points)


def test_entry_points_exist(project: dict[str, object]) -> None:
    from archlint.surfaces import flake8

    for name in table(project, "project", "entry-points", "flake8.extension"):
        assert isinstance(getattr(flake8, name), type)


def test_version_is_in_the_changelog_or_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0] == archlint.__version__


def test_changelog_names_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [
        c for c, entry in installed().entries.items() if not re.search(rf"{c}\s+{entry.name}", text)
    ] == []


def test_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_by(code: str, cwd: Path) -> set[str]:
    script = f"import sys\n{code}\nprint(*(n for n in {HEAVY!r} if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_the_plugin_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded_by("import archlint.surfaces.flake8", tmp_path) == set()


def test_linting_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import time\nimport sqlalchemy.orm\n\n\nasync def f(s: sqlalchemy.orm.Session):\n"
        "    for x in s.query(X):\n        time.sleep(1)\n        s.get(X, x.id)\n"
    )
    code = "from flake8.main.cli import main\nassert main(['--select', 'ARC', '-j1', 'app.py']) == 1"
    assert loaded_by(code, tmp_path) == set()


def test_engine_and_rules_load_no_other_layers_by_name(tmp_path: Path) -> None:
    script = (
        "import sys, archlint.engine.run\nprint(*(n for n in sys.modules if n.startswith('archlint.rules.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [], "rules are imported when they are enabled, not before"


@pytest.mark.parametrize("layer", ["core", "engine", "model", "output", "project", "rules", "surfaces"])
def test_no_project_is_treated_by_name(layer: str) -> None:
    word = re.compile(rf"(?<![a-z])(?:{TRIED_ON})(?![a-z])", re.IGNORECASE)
    found = []
    for path in sorted((SOURCE / layer).rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {line.strip()}" for _ in word.findall(line)]
    assert found == []


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "misc", "common"}
    assert [path for path in SOURCE.rglob("*.py") if path.stem.strip("_") in drawers] == []


def test_sources_are_annotated_lazily() -> None:
    empty = [path for path in SOURCE.rglob("*.py") if path.stat().st_size == 0]
    late = [
        path
        for path in SOURCE.rglob("*.py")
        if path not in empty
        and re.search(r"^(def|class|import|from) ", path.read_text(encoding="utf-8"), re.MULTILINE)
        and "from __future__ import annotations" not in path.read_text(encoding="utf-8")
    ]
    assert late == []


def test_ci_runs_on_this_machine() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)

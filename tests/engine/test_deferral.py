"""``defer-to-ruff``: what ruff would report is known from its settings, and checked against ruff itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.engine.discovery import Target
from archlint.engine.linter import Linter, Options
from archlint.engine.ruff_settings import RuffFinder
from archlint.knowledge.ruff import SAME
from archlint.surfaces.pages import about

#: Lines that end in codes are reported by both, those that end in one code by archlint alone.
BLOCKING = """\
import io
import os
import subprocess
import time
import urllib.request
from time import sleep as nap

import httpx
import requests


def helper():
    time.sleep(1)


async def f(session: requests.Session):
    time.sleep(1)  # ARC401 ASYNC251
    nap(1)  # ARC401 ASYNC251
    requests.get("u", timeout=1)  # ARC401 ASYNC210
    httpx.get("u")  # ARC401 ASYNC210
    urllib.request.urlopen("https://u")  # ARC401 ASYNC210
    subprocess.run(["a"], check=True)  # ARC401 ASYNC221
    subprocess.Popen(["a"])  # ARC401 ASYNC220
    os.system("a")  # ARC401 ASYNC221
    with io.open("x") as h:  # ARC401 ASYNC230
        print(h)
    input()  # ARC401 ASYNC250
    session.get("u")  # ARC401
    helper()  # ARC402
"""
SECURITY = """\
import hashlib
import marshal
import os
import pickle
import random
import ssl
import subprocess
import urllib.request

import httpx
import requests
import yaml
from django.contrib.auth.models import User
from django.db import connection
from django.utils.safestring import mark_safe
from flask import Flask, request
from markupsafe import Markup

app = Flask(__name__)


@app.get("/a")
def a():
    name = request.args["name"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")  # ARC305 S608
        query = "'%s'" % name
        cursor.execute(query)  # ARC305
    User.objects.extra(where=[f"a = {name}"])  # ARC305 S610
    os.system("ls " + name)  # ARC320 S605
    subprocess.run("ls " + name, shell=True, check=True)  # ARC320 S602
    subprocess.run(["sh", "-c", name], check=True)  # ARC320
    eval(name)  # ARC320 S307
    exec(name)  # ARC320 S102
    pickle.loads(request.data)  # ARC318 S301
    marshal.loads(request.data)  # ARC318 S302
    yaml.load(request.data, Loader=yaml.Loader)  # ARC318 S506
    urllib.request.urlopen(name)  # ARC321 S310
    requests.get("https://u", verify=False, timeout=4)  # ARC317 S501
    ssl._create_unverified_context()  # ARC317 S323
    first = Markup(f"<b>{name}</b>")  # ARC323 S704
    return first + mark_safe("<b>" + name)  # ARC323 S308


def reset(user, password):
    token = "".join(random.choice("abc") for _ in range(20))  # ARC325 S311
    user.reset_token = token
    user.password = hashlib.md5(password.encode()).hexdigest()  # ARC303 S324
    user.save()


if __name__ == "__main__":
    app.run(debug=True)  # ARC311 S201
"""
SECRETS = """\
import jwt
import requests

db_token = "ghp_9sK2mQ7xV4bN8cR1tY6wZ3aL5dF0gH2jK4p7"  # ARC302 S105
KEY = "ghp_9sK2mQ7xV4bN8cR1tY6wZ3aL5dF0gH2jK4p7"  # ARC302


def fetch(token="ghp_9sK2mQ7xV4bN8cR1tY6wZ3aL5dF0gH2jK4p7"):  # ARC302 S107
    return connect(token="ghp_9sK2mQ7xV4bN8cR1tY6wZ3aL5dF0gH2jK4p7")  # ARC302 S106
"""
ROUTES = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/things/{thing_id}")  # FAST003
async def read(query: str) -> str:  # ARC111
    return query
"""
TASKS = """\
import asyncio


async def main():
    asyncio.create_task(work())  # ARC405 RUF006
    asyncio.get_running_loop().create_task(work())  # ARC405


async def work(): ...
"""
SAMPLES = {"blocking": BLOCKING, "security": SECURITY, "secrets": SECRETS, "routes": ROUTES, "tasks": TASKS}
SELECT = (
    '[tool.archlint]\ndefer-to-ruff = true\n[tool.ruff.lint]\nselect = ["ASYNC", "FAST", "RUF006", "S"]\n'
)


def marks(text: str, ruff: bool) -> set[tuple[int, str]]:
    return {
        (number, code)
        for number, line in enumerate(text.splitlines(), 1)
        for code in line.partition("  # ")[2].split()
        if code.startswith("ARC") is not ruff
    }


def lint(root: Path, settings: str, text: str) -> set[tuple[int, str]]:
    (root / "pyproject.toml").write_text(settings)
    (root / "app.py").write_text(text)
    codes = {code for _, code in marks(text, ruff=False)}
    found = Linter(Options(cache=False)).check(Target(str(root / "app.py"), "app.py")).diagnostics
    return {(d.location.line, d.code) for d in found if d.code in codes}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_ruff_reports_is_left_out(tree: Path, name: str):
    text = SAMPLES[name]
    assert lint(tree, "", text) == marks(text, ruff=False)
    doubled = {line for line, _ in marks(text, ruff=True)}
    # FAST003 is about the path, our finding about the function below it.
    doubled |= {line + 1 for line, code in marks(text, ruff=True) if code == "FAST003"}
    alone = {(line, code) for line, code in marks(text, ruff=False) if line not in doubled}
    assert lint(tree, SELECT, text) == alone


@pytest.mark.parametrize("name", SAMPLES)
def test_ruff_itself_agrees(tree: Path, name: str):
    text = SAMPLES[name]
    (tree / "app.py").write_text(text)
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "ruff",
                "check",
                "--isolated",
                "--no-cache",
                "--output-format=json",
                "--exit-zero",
            ),
            f"--select={','.join(sorted({code for codes in SAME.values() for code in codes}))}",
            "app.py",
        ],
        cwd=tree,
        capture_output=True,
        check=True,
    )
    found = {(item["location"]["row"], item["code"]) for item in json.loads(done.stdout)}
    assert marks(text, ruff=True) <= found


def test_every_code_is_tried_or_told_by_its_neighbour():
    tried = {code for text in SAMPLES.values() for _, code in marks(text, ruff=True)}
    assert {code for codes in SAME.values() for code in codes} - tried == {"ASYNC222", "S611"}


def test_the_page_of_a_rule_names_the_codes():
    assert "reports as S105, S106 or S107 are left out" in about("ARC302").page
    assert "defer-to-ruff" not in about("ARC402").page


@pytest.mark.parametrize(
    ("file", "text", "code", "expected"),
    [
        ("pyproject.toml", "", "S105", None),
        ("pyproject.toml", "[tool.other]\n", "S105", None),
        ("pyproject.toml", "[tool.ruff]\n", "S105", False),
        ("pyproject.toml", "[tool.ruff]\n", "F811", True),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["S"]\n', "S105", True),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["S"]\n', "SIM105", False),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["S"]\n', "F811", False),
        ("pyproject.toml", '[tool.ruff]\nselect = ["S"]\n', "S105", True),
        ("ruff.toml", 'lint.select = ["ALL"]\n', "S105", True),
        ("ruff.toml", 'lint.select = ["ALL"]\nlint.ignore = ["S1"]\n', "S105", False),
        ("ruff.toml", 'lint.select = ["S105"]\nlint.ignore = ["S1"]\n', "S105", True),
        ("ruff.toml", 'lint.select = ["S1"]\nlint.ignore = ["S1"]\n', "S105", False),
        (".ruff.toml", 'lint.extend-select = ["S"]\n', "S105", True),
        (".ruff.toml", 'lint.select = ["S"]\nlint.per-file-ignores = {"app*" = ["S105"]}\n', "S105", False),
        (".ruff.toml", 'lint.select = ["S"]\nlint.per-file-ignores = {"!app*" = ["S105"]}\n', "S105", True),
        (".ruff.toml", 'lint.select = ["S"]\nlint.extend-per-file-ignores = {"*" = ["S"]}\n', "S105", False),
        (".ruff.toml", 'extend-exclude = ["app.py"]\nlint.select = ["S"]\n', "S105", False),
        (".ruff.toml", 'lint.select = ["S"]\nlint.exclude = ["app.py"]\n', "S105", False),
        (".ruff.toml", "lint.select = 3\n", "S105", False),
        (".ruff.toml", "lint = 3\n", "F811", True),
        (".ruff.toml", 'extend = "base.toml"\nlint.ignore = ["S105"]\n', "S105", False),
        (".ruff.toml", 'extend = "base.toml"\nlint.extend-select = ["ASYNC"]\n', "S105", True),
        (".ruff.toml", 'extend = "base.toml"\nlint.select = ["ASYNC"]\n', "S105", False),
        (".ruff.toml", 'extend = ".ruff.toml"\n', "S105", False),
        (".ruff.toml", 'extend = "missing.toml"\n', "S105", False),
    ],
)
def test_settings_of_ruff(tmp_path: Path, file: str, text: str, code: str, expected: bool | None):
    (tmp_path / "base.toml").write_text('lint.select = ["S"]\n')
    (tmp_path / file).write_text(text)
    (tmp_path / "sub").mkdir()
    for directory in (tmp_path, tmp_path / "sub"):
        settings = RuffFinder().of(directory)
        reported = None if settings is None else settings.reports(code, (directory / "app.py").as_posix())
        assert reported is expected


def test_the_cache_knows_of_ruff(tree: Path):
    def found() -> int:
        target = Target(str(tree / "app.py"), "app.py")
        linter = Linter(Options())
        (known,) = linter.recall([target])
        outcome = linter.check(target)
        linter.remember(target, outcome)
        linter.close()
        assert known is None or known == outcome.diagnostics
        return len(outcome.diagnostics)

    (tree / "pyproject.toml").write_text("[tool.archlint]\ndefer-to-ruff = true\n")
    (tree / "app.py").write_text(TASKS)
    both = found()
    (tree / "ruff.toml").write_text('lint.select = ["RUF"]\n')
    assert found() == both - 1
    (tree / "ruff.toml").unlink()
    assert found() == both

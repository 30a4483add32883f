"""A small project with one finding in each of two files, and ways to run the surfaces on it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import attrs
import pytest

from archlint.surfaces.cli import main

APP = """\
import time

from helpers import slow


async def handler():
    time.sleep(1)
    slow()
"""
HELPERS = """\
import time


def slow():
    time.sleep(1)


async def other():
    time.sleep(2)  # noqa: ARC401
"""


def make(root: Path) -> Path:
    """Write the project."""
    (root / "pyproject.toml").touch()
    (root / "app.py").write_text(APP)
    (root / "helpers.py").write_text(HELPERS)
    return root


@attrs.frozen
class Result:
    """What a command has said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def run(cwd: Path, *command: str, stdin: str | bytes = "", **environment: str) -> Result:
    """Run a Python module as a command, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        input=_bytes(stdin),
        capture_output=True,
        env=_environment(environment),
        timeout=120,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def archlint(cwd: Path, *arguments: str, stdin: str | bytes = "", **environment: str) -> Result:
    """Run ``archlint`` in this process: most tests need no new one."""
    before = Path.cwd()
    streams = [io.TextIOWrapper(io.BytesIO(text), encoding="utf-8") for text in (_bytes(stdin), b"", b"")]
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, _environment(environment), clear=True))
        stack.enter_context(mock.patch.object(sys, "argv", ["archlint", *arguments]))
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            stack.enter_context(mock.patch.object(sys, name, stream))
        stack.callback(os.chdir, before)
        os.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            main()
    out, err = (_text(stream) for stream in streams[1:])
    return Result(int(ended.value.code or 0), out, err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHLINT_")}
    return {**kept, "NO_COLOR": "1", **more}


def check(cwd: Path, *arguments: str, stdin: str | bytes = "", **environment: str) -> Result:
    """``archlint check`` with one line for each finding."""
    return archlint(cwd, "check", "--output-format", "concise", *arguments, stdin=stdin, **environment)


def flake8(cwd: Path, *arguments: str, stdin: str | bytes = "", **environment: str) -> Result:
    """flake8 with this plugin."""
    return run(cwd, "flake8", *arguments, stdin=stdin, **environment)


MODELS = """\
from django.db import models


class Author(models.Model):
    name = models.TextField()


class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
"""
VIEWS = """\
from django.shortcuts import render

from models import Book


def books(request):
    return render(request, "books.html", {"books": Book.objects.all()})
"""


def make_page(root: Path) -> Path:
    """A view with a template that reads nothing but columns; the template's path."""
    (root / "models.py").write_text(MODELS)
    (root / "views.py").write_text(VIEWS)
    template = root / "templates" / "books.html"
    template.parent.mkdir()
    template.write_text("{% for book in books %}{{ book.author_id }}{% endfor %}")
    return template

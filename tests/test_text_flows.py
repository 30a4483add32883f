"""Ways of a client's text, and conditions on them, that the examples of ARC305 do not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.core.rule import Case
from archlint.rules.security.arc305_sql_injection import SqlInjection
from archlint.rules.security.arc319_path_traversal import PathTraversal
from harness import marked, reported, run

HEAD = """\
import re
import sqlite3
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Query, Request
from pydantic import AfterValidator, BaseModel

app = FastAPI()
ALLOWED = ("a", "b")
db = sqlite3.connect("app.db")


"""

REPORTED = {
    "a check of another value": """\
@app.get("/")
def view(a: str, b: str):
    if b not in ALLOWED:
        raise ValueError(b)
    db.execute(f"SELECT {a}")  # ARC305
""",
    "a check in another branch": """\
@app.get("/")
def view(a: str, b: int):
    if b:
        if a not in ALLOWED:
            raise ValueError(a)
    db.execute(f"SELECT {a}")  # ARC305
""",
    "a check that does not leave": """\
@app.get("/")
def view(a: str):
    if a not in ALLOWED:
        print(a)
    db.execute(f"SELECT {a}")  # ARC305
""",
    "a check after the use": """\
@app.get("/")
def view(a: str):
    db.execute(f"SELECT {a}")  # ARC305
    if a not in ALLOWED:
        raise ValueError(a)
""",
    "another value after the check": """\
@app.get("/")
def view(request: Request):
    a = request.query_params["a"]
    if a not in ALLOWED:
        raise ValueError(a)
    a = request.query_params["b"]
    db.execute(f"SELECT {a}")  # ARC305
""",
    "compared with another text of the client": """\
@app.get("/")
def view(a: str, b: str):
    if a == b:
        db.execute(f"SELECT {a}")  # ARC305
""",
    "only there or not": """\
@app.get("/")
def view(a: str | None = None):
    if a is None:
        return
    if a:
        db.execute(f"SELECT {a}")  # ARC305
""",
    "a container that is filled": """\
@app.get("/")
def view(request: Request):
    parts = {}
    for key, value in request.query_params.items():
        parts[key] = f"{key} = '{value}'"
    names = [name.strip() for name in request.query_params.keys()]
    db.execute("SELECT " + ", ".join(parts.values()))  # ARC305
    db.execute("SELECT " + ", ".join(names))  # ARC305
""",
    "a closure, a lambda's neighbour, a walrus": """\
@app.get("/")
def view(request: Request):
    if text := request.headers.get("x-text"):
        def inner():
            return db.execute("SELECT " + text)  # ARC305
        return inner()
""",
    "a dependency of a dependency": """\
def first(a: Annotated[str, Header()]):
    return {"a": a}


def second(values=Depends(first)):
    return values["a"]


@app.get("/")
def view(a: str = Depends(second)):
    db.execute("SELECT " + a)  # ARC305
""",
    "a field of an object that was made of it": """\
class Filter:
    def __init__(self, text, limit):
        self.text = text
        self.limit = limit


class Plain(BaseModel):
    name: str


@app.get("/")
def view(a: str, number: int):
    made = Filter(a, number)
    plain = Plain(name=a)
    db.execute("SELECT " + made.text)  # ARC305
    db.execute(f"SELECT {made.limit}")
    db.execute("SELECT " + plain.name)  # ARC305
""",
}

SILENT = {
    "assert, match, comprehension, condition": """\
@app.get("/")
def view(a: str, b: str, c: list[str] = Query()):
    assert a in ALLOWED
    db.execute(f"SELECT {a}")
    match b:
        case "a" | "b":
            db.execute(f"SELECT {b}")
    db.execute("SELECT " + ", ".join(name for name in c if name in ALLOWED))
""",
    "nothing, or allowed": """\
@app.get("/")
def view(a: str | None = None):
    if a and a not in ALLOWED:
        raise ValueError(a)
    if a:
        db.execute(f"SELECT {a}")
""",
    "replaced in branches of the check": """\
@app.get("/")
def view(a: str, b: int):
    if not a or a not in ALLOWED:
        if b:
            a = "a"
        else:
            a = "b"
    db.execute(f"SELECT {a}")
""",
    "a test that has a name": """\
@app.get("/")
def view(a: str):
    found = re.fullmatch("[a-z]+", a)
    if not found:
        raise ValueError(a)
    db.execute(f"SELECT {a}")
""",
    "cast to see whether it can be": """\
@app.get("/")
def view(a: str):
    try:
        int(a)
    except ValueError:
        return None
    return db.execute(f"SELECT {a}")
""",
    "a function that refuses, in a function that is called": """\
def allowed(name):
    if name not in ALLOWED:
        raise ValueError(name)
    return name


def column(name):
    return allowed(name)


@app.get("/")
def view(a: str):
    db.execute("SELECT " + column(a))
""",
    "another class than text": """\
@app.get("/")
def view(request: Request):
    a = request.query_params["a"]
    if isinstance(a, int):
        db.execute(f"SELECT {a}")
    if isinstance(a, str):
        raise TypeError(a)
    db.execute(f"SELECT {a}")
""",
    "a validator of the annotation": """\
def known(value: str) -> str:
    if value not in ALLOWED:
        raise ValueError(value)
    return value


Column = Annotated[str, AfterValidator(known)]


@app.get("/")
def view(a: Column, b: Annotated[str, Query(pattern="^a+$")]):
    db.execute(f"SELECT {a}, {b}")
""",
    "a flag that no caller sets": """\
def find(text, raw=False):
    if raw:
        db.execute("SELECT " + text)
    return db.execute("SELECT ?", (text,))


@app.get("/")
def view(a: str):
    return find(a)
""",
}


@pytest.mark.parametrize("title", [*REPORTED, *SILENT])
def test_text_flow(title: str, tree: Path) -> None:
    text = HEAD + {**REPORTED, **SILENT}[title]
    case = Case(text, title=title)
    assert reported(run(SqlInjection(), tree, case)) == marked(case.files, "ARC305")


PATHS = {
    "extensions and existence say nothing": (
        """\
@app.get("/")
def view(name: str):
    if not name.endswith(".txt") or not name:
        raise ValueError(name)
    return open("files/" + name)  # ARC319
"""
    ),
    "any look at where it leads counts": (
        """\
import os


@app.get("/")
def view(name: str):
    path = os.path.realpath("files/" + name)
    if os.path.commonpath([path, "/files"]) != "/files":
        raise ValueError(name)
    return open("files/" + name)
"""
    ),
    "the last part of a split": (
        """\
@app.get("/")
def view(name: str):
    return open("files/" + name.split("/")[-1])
"""
    ),
}


@pytest.mark.parametrize("title", list(PATHS))
def test_path_flow(title: str, tree: Path) -> None:
    case = Case(HEAD + PATHS[title], title=title)
    assert reported(run(PathTraversal(), tree, case)) == marked(case.files, "ARC319")

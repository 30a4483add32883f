"""What the summaries of a project take in memory, and that nothing is lost when it is given back."""

from __future__ import annotations

import ast

import pytest

from archlint.model.lowering import lower
from archlint.model.summary import Scope, Summary
from archlint.project import shelf as shelf_module
from archlint.project.shelf import Shelf

SOURCE = "import os\n\n\ndef read(path):\n    with open(path) as file:\n        return file.read()\n"


def summary() -> Summary:
    return lower(ast.parse(SOURCE))


def content(of: Summary) -> list[object]:
    return [(scope.head(), scope.rows()) for scope in of.scopes]


def is_open(scope: Scope) -> bool:
    return all(_has(scope, field) for field in ("calls", "binds"))


def _has(scope: Scope, field: str) -> bool:
    try:
        object.__getattribute__(scope, field)
    except AttributeError:
        return False
    return True


def test_what_is_put_away_has_closed_rows_that_open_again():
    shelf = Shelf()
    kept = summary()
    shelf.put("a.py", kept)
    heavy = shelf.weight
    shelf.put_away("a.py")
    assert shelf.get("a.py") is kept
    assert not any(map(is_open, kept.scopes))
    assert shelf.weight < heavy
    assert content(kept) == content(summary())
    assert all(map(is_open, kept.scopes))


def test_what_is_put_away_in_a_large_project_is_folded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shelf_module, "_AT_HAND", 0)
    shelf = Shelf()
    kept = summary()
    shelf.put("a.py", kept)
    shelf.put_away("a.py")
    assert shelf.weight == 0
    again = shelf.get("a.py")
    assert again is not None
    assert again is not kept
    assert content(again) == content(kept)


def test_rows_are_closed_and_scopes_stay_the_same():
    shelf = Shelf()
    kept = summary()
    shelf.put("a.py", kept)
    for _ in range(2):
        assert shelf.rows > 0
        shelf.close_rows()
        assert shelf.rows == 0
        assert not any(map(is_open, kept.scopes))
        assert content(kept) == content(summary())


def test_nothing_is_weighed_that_is_gone():
    shelf = Shelf()
    shelf.put("a.py", summary())
    shelf.put("a.py", summary())
    shelf.drop("a.py")
    assert shelf.weight == 0
    shelf.put("b.py", summary())
    shelf.fold_all()
    assert shelf.weight == 0

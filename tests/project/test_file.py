"""A file as rules see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.project.mentions import mentions
from archlint.project.project import Project
from harness import write


def test_a_text_is_searched_once_for_the_same_words(tree: Path, monkeypatch: pytest.MonkeyPatch):
    """Checks ask for every function: a long file would be read as often as it has functions."""
    write(tree, {"a.py": "password = 1\n"})
    file = Project(tree).open(tree / "a.py", b"password = 1\n", display="a.py")
    searched: list[object] = []

    def noted(content: bytes, known: bytes, words: tuple[str, ...]) -> bool:
        searched.append(words)
        return mentions(content, known, words)

    monkeypatch.setattr("archlint.project.mentions.mentions", noted)
    for _ in range(3):
        assert file.mentions(("passwd", "password"))
        assert not file.mentions(("secret",))
    assert len(searched) == 2

"""What a text mentions is told from its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.project.mentions import Mentioned, mentions, vocabulary
from archlint.project.world import World
from harness import write

TEXT = 'def läuft(self):\n    return self.api_key.get("a-b") or "été" # sk-live\n'.encode()


@pytest.mark.parametrize(
    "word", ["api", "key", "api_key", "_k", ".get(", "a-b", "sk-", "uft", "läuft", "été", "def läuft(", "f.a"]
)
def test_words_and_parts_of_words_and_other_texts_are_found(word: str):
    assert mentions(TEXT, vocabulary(TEXT), ("nothing", word))


@pytest.mark.parametrize(
    "word", ["apikey", "key get", ".got(", "selfapi", "self api", "a_b", "läufts", "live\n\n"]
)
def test_words_that_only_stand_beside_one_another_are_not(word: str):
    assert not mentions(TEXT, vocabulary(TEXT), (word, "nothing"))


def test_a_project_is_searched_and_follows_changes(tree: Path):
    write(tree, {"a.py": "x = request.args.get('q')\n", "b.py": "args = request\n", "c.py": "y = 1\n"})
    world = World(tree)
    assert world.mentioning("quest") == ("a.py", "b.py")
    assert world.mentioning("request.args") == ("a.py",)
    world.replace("c.py", b"y = request.args\n")
    assert world.mentioning("quest") == ("a.py", "b.py", "c.py")
    assert world.mentioning("request.args") == ("a.py", "c.py")
    assert world.mentioning(".args") == ("a.py", "c.py")


def test_a_word_that_stays_in_one_place_and_leaves_another_is_still_there(tree: Path):
    write(tree, {"a.py": "key = 1\nkey_of = 2\n"})
    world = World(tree)
    assert world.mentioning("key") == ("a.py",)
    world.replace("a.py", b"key_of = 2\n")
    assert world.mentioning("key") == ("a.py",)
    world.replace("a.py", b"kee_of = 2\n")
    assert world.mentioning("key") == ()


ASKED = [("key",), ("api", "nothing"), (".get(",), ("kee", "of"), ("pi_k",)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"key = 1\n", b"key = 1\nkey_of = 2\n"),
        (b"key = 1\nkey_of = 2\n", b"key_of = 2\n"),
        (b"key_of = 2\n", b"kee_of = 2\n"),
        (b"a.get (1)\n", b"a.get(1)\n"),
        (b"api_key = 1\n", b"api = key = 1\n"),
        (b"", b"api\n"),
    ],
)
def test_what_an_earlier_text_says_changes_nothing(before: bytes, after: bytes):
    for one, other in ((before, after), (after, before)):
        earlier = Mentioned(one)
        assert [earlier.any_of(words) for words in ASKED] == [
            any(w.encode() in one for w in a) for a in ASKED
        ]
        later = Mentioned(other, earlier)
        assert [later.any_of(words) for words in ASKED] == [
            any(w.encode() in other for w in a) for a in ASKED
        ]

"""What texts are told to be keys, and which files are looked at for them."""

from __future__ import annotations

import pytest

from archlint.project.mentions import vocabulary
from archlint.project.security.secrets import looks_random, may_hold_secret, token_in

KEY = "AKIA" + "QWERTYUIOPASDFGH"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"call it with {KEY} and a region", (KEY, "AWS access key")),
        ("call it with AKIA" + "EXAMPLEEXAMPLEEX", ("", "")),
        ("call it with a key of your own", ("", "")),
    ],
)
def test_the_key_is_named_and_not_the_text_around_it(text: str, found: tuple[str, str]) -> None:
    assert token_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        'JWT_SECRET_KEY = "words only"\n',
        'settings["session secret"] = value\n',
        'db_password = "hk3F9xQ2pL7v"\n',
        'headers = {"api-key": "hk3F9xQ2pL7v"}\n',
        'URL = "postgres://app:hk3F9xQ2@db.shop.net/app"\n',
        'URL = (\n    "postgres://app:hk3F9xQ2"\n    "@db.shop.net/app"\n)\n',
        'print("ghp_" + rest)\n',
    ],
)
def test_a_file_that_may_hold_a_secret_is_told_from_its_words(text: str):
    assert may_hold_secret(text.encode(), vocabulary(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        'password = request.form["password"]\n',
        'VERSION = "hk3F9xQ2pL7v"\n',
        'DOCS = "https://example.org/a:b/@me"\n',
        'secret = "only words of a sentence"\n',
    ],
)
def test_most_files_hold_none(text: str):
    assert not may_hold_secret(text.encode(), vocabulary(text.encode()))


@pytest.mark.parametrize(
    ("text", "expected"), [("aBcDeFgHiJkL" * 25 + "1=", True), ("Word" * 90 + "7", False)]
)
def test_long_texts_of_letters_are_judged_at_once(text: str, expected: bool):
    """A pattern that can split a word in many ways would not come back from these."""
    assert looks_random(text) is expected

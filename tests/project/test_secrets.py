"""What texts are told to be keys."""

from __future__ import annotations

import pytest

from archlint.project.security.secrets import token_in

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

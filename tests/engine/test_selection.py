"""Which rules run: ruff's precedence, opt-in rules, per-file ignores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.core.rule import Rule
from archlint.core.settings import PerFileIgnore, Selectors, Settings, SettingsError
from archlint.engine.registry import Registry
from archlint.engine.selection import Selection


def rule(code: str, name: str, *, default: bool = True) -> Rule:
    return type(name, (Rule,), {"code": code, "name": name, "default": default})()


REGISTRY = Registry.of(
    rule("ARC101", "fat-route-handler"),
    rule("ARC112", "nonrest-path-name", default=False),
    rule("ARC201", "n-plus-one-query"),
    rule("ARC202", "lazy-load-in-loop"),
    rule("ARC401", "blocking-call-in-async"),
)
DEFAULT = ("ARC101", "ARC201", "ARC202", "ARC401")
ALL = ("ARC101", "ARC112", "ARC201", "ARC202", "ARC401")


def chosen(*layers: Selectors) -> tuple[str, ...]:
    return Selection(Settings(selectors=layers), REGISTRY).enabled()


def layer(
    select: Sequence[str] | None = None, extend: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Selectors:
    return Selectors("settings", None if select is None else tuple(select), tuple(extend), tuple(ignore))


@pytest.mark.parametrize(
    ("selectors", "codes"),
    [
        (layer(), DEFAULT),
        (layer([]), ()),
        (layer(["ALL"]), ALL),
        (layer(["ARC"]), DEFAULT),
        (layer(["ARC1"]), ("ARC101",)),
        (layer(["ARC11"]), ()),
        (layer(["ARC112"]), ("ARC112",)),
        (layer(["nonrest-path-name"]), ("ARC112",)),
        (layer(["ARC", "ARC112"]), ALL),
        (layer(["ALL"], ignore=["ARC1"]), ("ARC201", "ARC202", "ARC401")),
        (layer(["ALL", "ARC1"]), ALL),
        (layer(["ARC2"]), ("ARC201", "ARC202")),
        (layer(["ARC5"]), ()),
        (layer(["ARC000"]), ()),
        (layer(extend=["ARC112"]), ALL),
        (layer(extend=["ARC1"]), DEFAULT),
        (layer(ignore=["ARC2"]), ("ARC101", "ARC401")),
        (layer(ignore=["n-plus-one-query"]), ("ARC101", "ARC202", "ARC401")),
        (layer(ignore=["ALL"]), ()),
        # The longer match wins, whichever list it stands in; a tie is ignored.
        (layer(["ARC2"], ignore=["ARC201"]), ("ARC202",)),
        (layer(["ARC201"], ignore=["ARC2"]), ("ARC201",)),
        (layer(["ARC2"], ["ARC201"], ["ARC201"]), ("ARC202",)),
        (layer(["ARC"], ["ARC201"], ["ARC2"]), ("ARC101", "ARC201", "ARC401")),
        (layer(["ARC20"], ignore=["ARC20"]), ()),
        (layer(["n-plus-one-query"], ignore=["ARC201"]), ()),
        (layer(["n-plus-one-query"], ignore=["ARC20"]), ("ARC201",)),
    ],
)
def test_one_layer(selectors: Selectors, codes: tuple[str, ...]):
    assert chosen(selectors) == codes


@pytest.mark.parametrize(
    ("below", "above", "codes"),
    [
        (layer(["ARC2"]), layer(), ("ARC201", "ARC202")),
        (layer(["ARC2"]), layer(["ARC1"]), ("ARC101",)),
        (layer(ignore=["ARC2"]), layer(["ARC"]), DEFAULT),
        (layer(["ARC2"]), layer(extend=["ARC1"]), ("ARC101", "ARC201", "ARC202")),
        (layer(["ARC2"]), layer(ignore=["ARC201"]), ("ARC202",)),
        (layer(["ARC112"]), layer(extend=["ARC1"]), ("ARC101", "ARC112")),
        (layer(ignore=["ARC2"]), layer(extend=["ARC201"]), ("ARC101", "ARC201", "ARC401")),
    ],
)
def test_a_layer_above_another(below: Selectors, above: Selectors, codes: tuple[str, ...]):
    assert chosen(below, above) == codes


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ARC999", "settings: unknown rule `ARC999`"),
        ("ARC21", "settings: unknown rule `ARC21`; `archlint rule` lists all rules"),
        ("fat-route", "settings: unknown rule `fat-route`; did you mean `fat-route-handler`?"),
        ("arc201", "settings: unknown rule `arc201`"),
        ("E501", "settings: unknown rule `E501`"),
        ("", "settings: unknown rule ``"),
        ("all", "settings: unknown rule `all`"),
    ],
)
def test_unknown_rules(word: str, message: str):
    for selectors in (layer([word]), layer(extend=[word]), layer(ignore=[word])):
        with pytest.raises(SettingsError) as caught:
            chosen(selectors)
        assert str(caught.value).startswith(message)


def test_per_file_ignores():
    entries = (
        PerFileIgnore("tests/*", ("ARC2",), "/project"),
        PerFileIgnore("conftest.py", ("ALL",), "/project"),
        PerFileIgnore("!src/**", ("fat-route-handler",), "/project"),
    )
    selection = Selection(Settings(selectors=(layer(),), per_file_ignores=entries), REGISTRY)
    assert selection.enabled_in("/project/src/app.py") == DEFAULT
    assert selection.enabled_in("/project/src/a/b/app.py") == DEFAULT
    assert selection.enabled_in("/project/app.py") == ("ARC201", "ARC202", "ARC401")
    assert selection.enabled_in("/project/tests/deep/test_a.py") == ("ARC401",)
    assert selection.enabled_in("/elsewhere/tests/test_a.py") == ("ARC201", "ARC202", "ARC401")
    assert selection.enabled_in("/project/src/conftest.py") == ()
    keys = {selection.key_in(f"/project/{name}") for name in ("src/a.py", "src/b.py", "c.py", "tests/d.py")}
    assert len(keys) == 3


def test_keep_only_what_can_be_seen():
    selection = Selection(Settings(selectors=(layer(),)), REGISTRY)
    before = selection.key_in("/a.py")
    selection.keep_only({"ARC401", "ARC112"})
    assert selection.enabled() == ("ARC401",)
    assert selection.key_in("/a.py") != before


def test_a_rule_that_cannot_be_loaded_stays_chosen(monkeypatch: pytest.MonkeyPatch):
    def fail(_code: str) -> Rule:
        raise ImportError

    registry = Registry.of(rule("ARC101", "fat-route-handler"))
    monkeypatch.setattr(registry, "load", fail)
    assert Selection(Settings(selectors=(layer(),)), registry).enabled() == ("ARC101",)


WORDS = st.sampled_from(
    ["ALL", "ARC", "ARC1", "ARC2", "ARC20", *ALL, "n-plus-one-query", "nonrest-path-name"]
)
LISTS = st.lists(WORDS, max_size=4)


def length(word: str) -> int:
    return {"ALL": 0}.get(word, len(word) if word.startswith("ARC") else 6)


def names(word: str, code: str) -> bool:
    return word == "ALL" or code.startswith(REGISTRY.code_of(word) or word)


@given(LISTS, LISTS, LISTS)
def test_the_longest_match_decides(select: list[str], extend: list[str], ignore: list[str]):
    enabled = chosen(layer(select, extend, ignore))
    for code in ALL:
        wanted = max((length(word) for word in select + extend if names(word, code)), default=-1)
        unwanted = max((length(word) for word in ignore if names(word, code)), default=-1)
        winning = [word for word in select + extend if names(word, code) and length(word) > unwanted]
        sure = any(length(word) in {0, 6} for word in winning)
        assert (code in enabled) == (wanted > unwanted and (sure or code != "ARC112"))


@given(LISTS, LISTS, LISTS)
def test_order_and_repetition_do_not_matter(select: list[str], extend: list[str], ignore: list[str]):
    mirrored = layer(select[::-1] * 2, extend[::-1], ignore[::-1] * 2)
    assert chosen(layer(select, extend, ignore)) == chosen(mirrored)


@given(LISTS)
def test_an_empty_layer_changes_nothing(select: list[str]):
    assert chosen(layer(select), layer()) == chosen(layer(select))


def test_the_installed_registry_agrees_with_the_file_names():
    from archlint.engine.registry import installed

    registry = installed()
    for code, entry in registry.entries.items():
        loaded = registry.load(code)
        assert (loaded.code, loaded.name) == (code, entry.name)
        assert registry.code_of(entry.name) == registry.code_of(code) == code
    assert registry.code_of("no-such-rule") is None

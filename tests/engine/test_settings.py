"""Settings: where they come from, what they mean, and how mistakes in them are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.core.settings import (
    DEFAULT_EXCLUDE,
    KEYS,
    Finder,
    PerFileIgnore,
    Selectors,
    Settings,
    SettingsError,
    from_table,
    parse_inline,
    read_table,
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def made(table: dict[str, Any]) -> Settings:
    return from_table(table, source="pyproject.toml", base=Path("/project"))


def test_every_key_is_read(tmp_path: Path):
    path = write(
        tmp_path / "pyproject.toml",
        """
        [tool.archlint]
        select = ["ARC2"]
        extend-select = ["fat-route-handler"]
        ignore = ["ARC401"]
        exclude = ["old"]
        extend-exclude = ["gen_*"]
        force-exclude = true
        respect-gitignore = false
        cache-dir = ".cache/arc"
        src = ["lib"]
        offload-helpers = ["app.threads.offload"]
        defer-to-ruff = true
        [tool.archlint.per-file-ignores]
        "tests/*" = ["ARC"]
        [tool.archlint.blocking-calls]
        "legacy.fetch*" = "legacy.afetch"
        [tool.archlint.rules.fat-route-handler]
        max-statements = 30
        """,
    )
    settings = Finder().of(tmp_path / "deep" / "er")
    assert settings == Settings(
        origin=path,
        base=tmp_path,
        selectors=(Selectors(str(path), ("ARC2",), ("fat-route-handler",), ("ARC401",)),),
        per_file_ignores=(PerFileIgnore("tests/*", ("ARC",), str(tmp_path)),),
        exclude=("old",),
        extend_exclude=("gen_*",),
        force_exclude=True,
        respect_gitignore=False,
        cache_dir=".cache/arc",
        src=("lib",),
        blocking_calls={"legacy.fetch*": "legacy.afetch"},
        offload_helpers=("app.threads.offload",),
        defer_to_ruff=True,
        rules={"fat-route-handler": {"max-statements": 30}},
    )
    assert settings.excluded == ("old", "gen_*")


def test_every_key_is_documented_and_has_an_attribute():
    names = {field.name for field in Settings.__attrs_attrs__}  # type: ignore[attr-defined]
    selectors = {"select", "extend_select", "ignore"}
    for key in KEYS.values():
        assert key.doc.endswith(".")
        assert key.name.replace("-", "_") in names | selectors


def test_the_nearest_table_wins_and_nothing_is_merged(tmp_path: Path):
    write(tmp_path / "pyproject.toml", '[tool.archlint]\nignore = ["ARC1"]\nsrc = ["a"]\n')
    write(tmp_path / "inner" / "pyproject.toml", '[tool.archlint]\nselect = ["ARC2"]\n')
    write(tmp_path / "inner" / "other" / "pyproject.toml", "[tool.black]\nline-length = 1\n# archlint\n")
    finder = Finder()
    assert finder.of(tmp_path).src == ("a",)
    assert finder.of(tmp_path / "inner" / "other").selectors[0].select == ("ARC2",)
    assert finder.of(tmp_path / "inner").src == (".", "src")
    assert finder.of(tmp_path / "inner") is finder.of(tmp_path / "inner")


def test_defaults_without_any_file(tmp_path: Path):
    settings = Finder().of(tmp_path)
    assert settings.origin is None
    assert settings.selectors == (Selectors("the default settings"),)
    assert settings.exclude == DEFAULT_EXCLUDE


def test_a_table_in_a_file_of_its_own(tmp_path: Path):
    path = write(tmp_path / "archlint.toml", 'select = ["ARC1"]\n')
    assert Finder(fixed=path).of(Path("/anywhere")).selectors[0].select == ("ARC1",)
    whole = write(tmp_path / "other.toml", '[tool.archlint]\nselect = ["ARC3"]\n')
    assert Finder(fixed=whole).of(Path("/anywhere")).selectors[0].select == ("ARC3",)


def test_overrides_replace_keys_of_any_file(tmp_path: Path):
    write(tmp_path / "pyproject.toml", '[tool.archlint]\nselect = ["ARC1"]\nsrc = ["a"]\n')
    settings = Finder(overrides=parse_inline('select = ["ARC4"]')).of(tmp_path)
    assert (settings.selectors[0].select, settings.src) == (("ARC4",), ("a",))
    isolated = Finder(overrides=parse_inline('tool.archlint.src = ["b"]'), isolated=True).of(tmp_path)
    assert (isolated.selectors[0].select, isolated.src) == (None, ("b",))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"selct": ["ARC1"]}, "pyproject.toml: unknown key `selct`; did you mean `select`?"),
        ({"select": "ARC1"}, 'pyproject.toml: `select` must be a list of strings, not "ARC1"'),
        ({"select": [1]}, "pyproject.toml: `select` must be a list of strings, not [1]"),
        ({"force-exclude": "yes"}, 'pyproject.toml: `force-exclude` must be true or false, not "yes"'),
        ({"cache-dir": 1}, "pyproject.toml: `cache-dir` must be a string, not 1"),
        (
            {"per-file-ignores": {"tests/*": "ARC1"}},
            'pyproject.toml: `per-file-ignores."tests/*"` must be a list of strings, not "ARC1"',
        ),
        (
            {"per-file-ignores": 1},
            'pyproject.toml: `per-file-ignores` must be a table of "pattern" = ["code or name", ...], not 1',
        ),
        (
            {"blocking-calls": {"a.b": 1}},
            "pyproject.toml: `blocking-calls.a.b` must be a string, not 1",
        ),
        (
            {"rules": {"x": 1}},
            "pyproject.toml: `rules.x` must be a table of options, not 1",
        ),
    ],
)
def test_mistakes_name_file_key_and_what_is_allowed(table: dict[str, Any], message: str):
    with pytest.raises(SettingsError) as caught:
        made(table)
    assert str(caught.value) == message


def test_a_key_like_no_other_gets_the_whole_list():
    with pytest.raises(
        SettingsError, match="unknown key `zzzz`; known are baseline, blocking-calls, cache-dir, "
    ):
        made({"zzzz": 1})


def test_broken_files(tmp_path: Path):
    broken = write(tmp_path / "pyproject.toml", "[tool.archlint\nselect = 1\n")
    with pytest.raises(SettingsError, match=r"pyproject.toml: not valid TOML: .* \(at line 1, column 15\)"):
        Finder().of(tmp_path)
    broken.write_bytes(b"[tool.archlint]\nsrc = ['\xff']\n")
    with pytest.raises(SettingsError, match=r"pyproject.toml: not valid TOML: 'utf-8' codec can't decode"):
        Finder().of(tmp_path)
    write(broken, "[tool]\narchlint = 3\n")
    with pytest.raises(SettingsError, match=r"`tool.archlint` must be a table, not 3"):
        Finder().of(tmp_path)
    with pytest.raises(SettingsError, match=r"missing.toml: cannot be read: No such file"):
        Finder(fixed=tmp_path / "missing.toml").of(tmp_path)
    with pytest.raises(SettingsError, match="--config select: neither a file nor TOML"):
        parse_inline("select")


def test_a_broken_file_without_our_table_is_no_business_of_ours(tmp_path: Path):
    write(tmp_path / "pyproject.toml", "[tool.black\n")
    assert Finder().of(tmp_path).origin is None


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path):
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b'\xef\xbb\xbf[tool.archlint]\nsrc = ["x"]\n')
    assert read_table(path) == {"src": ["x"]}


def test_digest_changes_with_what_can_change_a_finding():
    plain = made({})
    assert plain.digest == made({"exclude": ["x"], "cache-dir": "y"}).digest
    changed = [
        made({"src": ["x"]}),
        made({"blocking-calls": {"a": "b"}}),
        made({"offload-helpers": ["a"]}),
        made({"defer-to-ruff": True}),
        made({"rules": {"a": {"b": 1}}}),
    ]
    assert len({settings.digest for settings in [plain, *changed]}) == len(changed) + 1

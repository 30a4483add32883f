"""Checks the options of single rules that a settings file gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archlint.core.settings import Settings, SettingsError, nearest
from archlint.engine.registry import Registry


def check_options(settings: Settings, registry: Registry) -> None:
    """Refuse options of unknown rules, unknown options, and values that cannot be used."""
    source = settings.origin or "--config"
    seen: dict[str, str] = {}
    for word, options in settings.rules.items():
        code = registry.code_of(word)
        if code is None:
            known = [*registry.entries, *registry.names]
            raise SettingsError(f"{source}: `rules`: unknown rule `{word}`{nearest(word, known)}")
        if code in seen:
            raise SettingsError(f"{source}: `rules.{seen[code]}` and `rules.{word}` are the same rule")
        seen[code] = word
        _check(options, registry, code, f"{source}: `rules.{word}")


def _check(options: Mapping[str, Any], registry: Registry, code: str, place: str) -> None:
    known = {option.name: option for option in registry.load(code).options}
    for name, value in options.items():
        if not known:
            raise SettingsError(f"{place}`: {code} has no options")
        if name not in known:
            raise SettingsError(f"{place}`: unknown option `{name}`{nearest(name, known)}")
        if not known[name].takes(value):
            got = json.dumps(value, default=str)
            raise SettingsError(f"{place}.{name}` must be {known[name].type}, not {got}")

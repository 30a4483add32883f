"""The rules, found by the names of their files; nothing is imported before it is enabled."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archlint.core.rule import Rule

_FILE = re.compile(r"arc(\d{3})_([a-z0-9_]+)\.py$")

#: What archlint says about itself: a rule that failed, settings that cannot be used.
INTERNAL = "ARC000"
INTERNAL_NAME = "archlint-failure"
#: What it says about suppressions that hide nothing. No rule of a project: it needs all the others' findings.
UNUSED = "ARC001"
UNUSED_NAME = "unused-suppression"


class Entry(NamedTuple):
    """A rule as its file name tells it."""

    code: str
    name: str
    module: str


class Registry:
    """All rules by code and by name."""

    def __init__(self, entries: Iterable[Entry], rules: Mapping[str, Rule] | None = None) -> None:
        self.entries: dict[str, Entry] = {
            entry.code: entry for entry in sorted(entries, key=lambda item: item.code)
        }
        self._by_name = {entry.name: entry.code for entry in self.entries.values()}
        self._rules: dict[str, Rule] = dict(rules or {})

    @classmethod
    def of(cls, *rules: Rule) -> Registry:
        """A registry of ready-made rules, for tests and for tools that bring their own."""
        entries = [Entry(rule.code, rule.name, type(rule).__module__) for rule in rules]
        return cls(entries, {rule.code: rule for rule in rules})

    @property
    def names(self) -> list[str]:
        """The names of all rules, in the order of their codes."""
        return list(self._by_name)

    def code_of(self, word: str) -> str | None:
        """The code of a rule given by code or by name; ``None`` if there is none."""
        return word if word in self.entries else self._by_name.get(word)

    def load(self, code: str) -> Rule:
        """The rule itself; imports its module at the first call."""
        rule = self._rules.get(code)
        if rule is None:
            rule = self._rules[code] = _load(self.entries[code].module)
        return rule


def _load(module_name: str) -> Rule:
    from archlint.core.rule import Rule  # a run that finds everything in the cache needs no rule

    module = importlib.import_module(module_name)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module_name
    ]
    if len(classes) != 1:
        raise TypeError(f"{module_name} must define exactly one rule, it defines {len(classes)}")
    return classes[0]()


@functools.cache
def installed() -> Registry:
    """The rules that come with archlint."""
    spec = importlib.util.find_spec("archlint.rules")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Registry(entry for folder in folders for entry in _entries(folder))


def _entries(folder: str) -> list[Entry]:
    found = []
    with os.scandir(folder) as families:
        for family in families:
            if not family.is_dir():
                continue
            with os.scandir(family.path) as files:
                for file in files:
                    if match := _FILE.match(file.name):
                        module = f"archlint.rules.{family.name}.{file.name[:-3]}"
                        found.append(Entry(f"ARC{match[1]}", match[2].replace("_", "-"), module))
    return found

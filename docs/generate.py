"""Writes the pages that are made from the code: one for each rule, their index, the settings.

They are never committed, so they cannot disagree with the code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from archlint.core.rule import Case, Rule
from archlint.core.settings import KEYS
from archlint.engine.registry import installed
from archlint.engine.unused import UnusedSuppression
from archlint.surfaces.pages import deferred, mending

FAMILIES = {
    "0": "What archlint says of itself",
    "1": "API design",
    "2": "Data",
    "3": "Security",
    "4": "Async and performance",
    "5": "Code organization",
    "6": "Testing",
    "7": "Resilience",
    "8": "Observability",
    "9": "Deployment",
}
#: What a review looks for, by the words that rules use in ``answers``, with what it is called.
ANTI_PATTERNS = {
    "1": "Fat router",
    "2": "Synchronous calls in asynchronous code",
    "3": "Missing dependency injection",
    "4": "Poor models at the border",
    "5": "N+1 queries",
    "6": "Unmanaged database sessions",
    "7": "Missing error handling",
    "8": "Weak security",
}
AREAS = {
    "A": "Architecture and patterns",
    "B": "Database",
    "C": "API design and communication",
    "D": "Security",
    "E": "Scalability and performance",
    "F": "Observability",
    "G": "Deployment",
    "H": "Code organization",
    "I": "Data flow and state",
    "J": "Resilience and errors",
}
#: Enough to see what a rule means; all cases stand in the rule itself.
SHOWN = 3


def write(docs: Path) -> None:
    """Write all generated pages below ``docs``."""
    registry = installed()
    rules = [UnusedSuppression(), *(registry.load(code) for code in registry.entries)]
    pages = docs / "rules"
    pages.mkdir(exist_ok=True)
    texts = {f"{rule.name}.md": "\n".join(page(rule)) for rule in rules}
    texts["index.md"] = "\n".join(index(rules))
    texts["coverage.md"] = "\n".join(coverage(rules))
    for stale in {path.name for path in pages.glob("*.md")} - set(texts):
        (pages / stale).unlink()
    for name, text in texts.items():
        _put(pages / name, text)
    _put(docs / "settings.md", "\n".join(settings()))


def _put(path: Path, text: str) -> None:
    """Write only what has changed, so that unchanged pages are not built again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def documentation(rule: Rule) -> str:
    """The module docstring of a rule."""
    return (sys.modules[type(rule).__module__].__doc__ or "").strip()


def index(rules: list[Rule]) -> Iterator[str]:
    """The list of all rules, family by family."""
    yield from ("# Rules", "", "Each rule has a code and a name; both select it.", "")
    yield from (
        "Fix says which fixes some of its findings come with; see [Fixes](../daily-work.md#fixes).",
        "",
    )
    yield from ("[What a review looks for](coverage.md), and which rules answer it.", "")
    for digit, family in FAMILIES.items():
        chosen = [rule for rule in rules if rule.code[3] == digit]
        if not chosen:
            continue
        yield from (
            f"## ARC{digit}xx {family}",
            "",
            "| Code | Name | Impact | Fix | |",
            "| --- | --- | --- | --- | --- |",
        )
        for rule in chosen:
            summary = documentation(rule).partition("\n")[0].replace("|", "\\|")
            cells = (rule.code, f"[{rule.name}]({rule.name}.md)", rule.impact.value, ", ".join(rule.fixes))
            yield f"| {' | '.join(cells)} | {summary}{'' if rule.default else ' *Off by default.*'} |"
        yield ""
    yield from ("```{toctree}", ":hidden:", "", "coverage", *(rule.name for rule in rules), "```", "")


def answering(rules: list[Rule], kind: str, key: str) -> list[Rule]:
    """The rules that answer an item, or a part of it: ``anti-pattern 5`` by ``5a`` as well."""
    return [
        rule
        for rule in rules
        if any(
            word == f"{kind} {key}" or (word[:-1] == f"{kind} {key}" and word[-1:].islower())
            for word in rule.answers
        )
    ]


def coverage(rules: list[Rule]) -> Iterator[str]:
    """Every anti-pattern and every area of a review with the rules that answer it."""
    yield from ("# What a review looks for", "", "Made from what each rule says it answers.", "")
    for title, kind, items in (
        ("Anti-patterns", "anti-pattern", ANTI_PATTERNS),
        ("Areas", "area", AREAS),
    ):
        yield from (f"## {title}", "", "| | | Rules |", "| --- | --- | --- |")
        for key, name in items.items():
            links = ", ".join(f"[{rule.code}]({rule.name}.md)" for rule in answering(rules, kind, key))
            yield f"| {key} | {name} | {links} |"
        yield ""


def page(rule: Rule) -> Iterator[str]:
    """The page of one rule."""
    state = "on by default" if rule.default else "off by default; select it by its code or name"
    yield from (f"# {rule.name} ({rule.code})", "")
    yield from (f"*Impact {rule.impact.value}, since {rule.since}, {state}.* {mending(rule)}", "")
    yield from (documentation(rule), "")
    yield from _options(rule)
    if others := deferred(rule.code):
        yield from ("## ruff", "", others, "")
    if rule.invalid:
        yield from ("## Examples", "", f"Lines that are reported carry the comment `# {rule.code}`.", "")
    for case in _shown(rule):
        yield from _case(case, "Reported")
    for case in rule.valid[:SHOWN]:
        yield from _case(case, "Not reported")
    missed = [case for case in rule.invalid if case.missed]
    if missed:
        yield from ("## Known misses", "", "Defects of this kind that the rule does not see yet.", "")
    for case in missed:
        yield from _case(case, "Missed")
        yield from (case.why, "")


def _shown(rule: Rule) -> list[Case]:
    """The first cases that are reported, and one that shows the fix."""
    reported = [case for case in rule.invalid if not case.missed]
    mended = [case for case in reported if case.fixed is not None]
    shown = reported[:SHOWN]
    return shown if not mended or mended[0] in shown else [*shown[: SHOWN - 1], mended[0]]


def _options(rule: Rule) -> Iterator[str]:
    if not rule.options:
        return
    yield from ("## Options", "", f"In the table `[tool.archlint.rules.{rule.name}]`:", "")
    yield from ("| Option | Type | Default | |", "| --- | --- | --- | --- |")
    for option in rule.options:
        yield f"| `{option.name}` | {option.type} | `{option.shown}` | {option.doc} |"
    yield ""


def _case(case: Case, verdict: str) -> Iterator[str]:
    yield from (f"### {verdict}: {case.title}" if case.title else f"**{verdict}**", "")
    for name, text in case.files.items():
        language = "python" if name.endswith(".py") else "text"
        yield from (f"````{{code-block}} {language}", f":caption: {name}", "", text.rstrip("\n"), "````", "")
    if case.fixed:
        yield from ("After the fix:", "", "````python", case.fixed.rstrip("\n"), "````", "")


def settings() -> Iterator[str]:
    """The table of all keys of ``[tool.archlint]``."""
    yield from ("# Settings", "", "All keys of `[tool.archlint]`; see [Configuration](configuration.md).", "")
    for key in KEYS.values():
        yield from (
            f"## {key.name}",
            "",
            key.doc,
            "",
            f"- Type: {key.type}",
            f"- Default: {_default(key.default)}",
            "",
        )


def _default(text: str) -> str:
    """Values as code, explanations as prose."""
    return text if text.startswith("the ") else f"`{text}`"

"""What the command line says about a rule: read from the rule and from its module's docstring."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import attrs

from archlint.core.rule import Rule
from archlint.engine.registry import UNUSED, UNUSED_NAME, Registry, installed
from archlint.knowledge.ruff import SAME
from archlint.output import RuleInfo


@attrs.frozen
class About:
    """One rule, for people and for machines."""

    rule: Rule
    info: RuleInfo

    @property
    def page(self) -> str:
        """The documentation page, as Markdown."""
        state = "on by default" if self.info.default else "opt-in: select it by its full code or its name"
        facts = f"Impact: {self.info.impact.value}. Since {self.rule.since}; {state}. {mending(self.rule)}"
        title = f"# {self.info.name} ({self.info.code})"
        parts = [title, facts, self.info.explanation, *self._options(), *self._ruff()]
        return "\n\n".join(parts).rstrip()

    def _options(self) -> Iterator[str]:
        if self.rule.options:
            yield "## Options"
            yield f"In the table `[tool.archlint.rules.{self.info.name}]`:"
            rows = (f"* `{o.name}` ({o.type}; {o.shown} by default): {o.doc}" for o in self.rule.options)
            yield "\n".join(rows)

    def _ruff(self) -> Iterator[str]:
        if others := deferred(self.info.code):
            yield f"## ruff\n\n{others}"

    @property
    def plain(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "name": self.info.name,
            "code": self.info.code,
            "summary": self.info.summary,
            "message_format": self.rule.message,
            "impact": self.info.impact.value,
            "default": self.info.default,
            "since": self.rule.since,
            "fixes": list(self.rule.fixes),
            "answers": list(self.rule.answers),
            "options": [
                {"name": option.name, "type": option.type, "default": option.default, "doc": option.doc}
                for option in self.rule.options
            ],
            "deferred_to_ruff": sorted(SAME.get(self.info.code, ())),
            "explanation": self.info.explanation,
            "url": self.info.url,
        }


def mending(rule: Rule) -> str:
    """Whether ``--fix`` does something about a rule's findings, as a sentence."""
    if not rule.fixes:
        return "No fix."
    ways = {"safe": "`--fix`", "unsafe": "`--fix --unsafe-fixes`"}
    return f"Fixed, where the place is certain, by {' or '.join(ways[level] for level in rule.fixes)}."


def deferred(code: str) -> str:
    """What ``defer-to-ruff`` leaves out of a rule's findings, as prose; empty for nothing."""
    others = sorted(SAME.get(code, ()))
    if not others:
        return ""
    listed = ", ".join(others[:-1]) + " or " + others[-1] if len(others) > 1 else others[0]
    return (
        f"With `defer-to-ruff = true`, findings that the project's own ruff reports as {listed} are left out."
    )


def code_of(word: str) -> str | None:
    """The code of what can be explained, given by code or by name; ``None`` if nothing is called so."""
    return UNUSED if word in (UNUSED, UNUSED_NAME) else installed().code_of(word)


def about(code: str, registry: Registry | None = None) -> About:
    """What is known of one rule."""
    rule = _unused() if code == UNUSED else (registry or installed()).load(code)
    text = (sys.modules[type(rule).__module__].__doc__ or "").strip()
    summary = " ".join(text.partition("\n\n")[0].split())
    return About(rule, RuleInfo(rule.code, rule.name, summary, None, rule.impact, text, rule.default))


def _unused() -> Rule:
    from archlint.engine.unused import UnusedSuppression  # hardly ever asked for

    return UnusedSuppression()


@cache
def rule_info(code: str) -> RuleInfo | None:
    """What reports say of a code; ``None`` for what is no rule."""
    return about(code).info if code_of(code) == code else None

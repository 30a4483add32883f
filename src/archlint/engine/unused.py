"""Suppressions that hide nothing: told on request, because they outlive what they were made for.

Only what names archlint's codes or rules is judged, and only for rules that have run: whether
another comment is needed is for the tool it speaks to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from archlint.core.diagnostic import Diagnostic, Impact, Location
from archlint.engine.registry import UNUSED, UNUSED_NAME
from archlint.engine.suppressions import Suppressions

_OURS = re.compile(r"ARC\d{1,3}$")


def unused(
    text: str, path: str, found: Sequence[Diagnostic], names: dict[str, str], ran: Collection[str]
) -> list[Diagnostic]:
    """A finding for every comment with codes that hide none of ``found``.

    ``found`` are the findings before anything is hidden, ``names`` leads from the names of rules to
    their codes, and ``ran`` are the codes of the rules that have run.
    """
    result = []
    for span in sorted(Suppressions(text).spans, key=lambda span: (span.comment.line, span.comment.column)):
        idle = [
            word
            for word in span.words or ()
            if _judged(names.get(word, word), ran) and not any(span.hides_by(word, one) for one in found)
        ]
        if idle:
            words = ", ".join(f"`{word}`" for word in idle)
            message = (
                f"{words} {'hides' if len(idle) == 1 else 'hide'} nothing here; remove it from the comment"
            )
            at = span.comment
            place = Location(path, at.line, at.column, at.line, at.column + len(at.text))
            result.append(Diagnostic(UNUSED, UNUSED_NAME, message, place, Impact.LOW))
    return result


def _judged(code: str, ran: Collection[str]) -> bool:
    return bool(_OURS.match(code)) and any(one.startswith(code) for one in ran)

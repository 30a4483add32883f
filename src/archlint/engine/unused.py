"""A suppression that hides nothing any more.

## What it does

Reports comments with ARC codes or names of rules that hide no finding: `# noqa: ARC401` and
`# archlint: ignore[n-plus-one-query]` on a line, `# ruff: disable[ARC401]` for a region,
`# ruff: file-ignore[ARC401]` for a file. It is told on request, by `--unused-suppressions` or
`extend-select = ["ARC001"]`.

## Why is this bad?

Suppressions outlive what they were made for: the next finding on that line is hidden as well, and nobody has
decided that.

## How to fix

```python
time.sleep(1)  # noqa: ARC401
```

in a plain function says no more than

```python
time.sleep(1)
```

`--fix` takes the words out of the comment, and the comment away when nothing is left of it; a region goes
with both its ends.

## Not reported

Only what names archlint's codes or rules is judged, and only for rules that have run: whether another comment
is needed is for the tool it speaks to. A bare `# noqa` speaks to all of them. A code or a name that no rule
has (`ARC999`) hides nothing, whatever has run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from archlint.core.diagnostic import Applicability, Diagnostic, Edit, Fix, Impact, Location
from archlint.core.rule import Rule
from archlint.engine.registry import INTERNAL, UNUSED, UNUSED_NAME
from archlint.engine.suppressions import Comment, Span, Suppressions

_OURS = re.compile(r"ARC\d+$")
#: A comment in which every word is meant for archlint.
_ADDRESSED = re.compile(r"#\s*archlint:\s*(?:ignore|disable|file-ignore)\[")


class UnusedSuppression(Rule):
    """What is said of it beside the rules; it needs the findings of all the others."""

    code = UNUSED
    name = UNUSED_NAME
    impact = Impact.LOW
    default = False
    fixes = ("safe",)
    message = "{words} hides nothing here; remove it from the comment"


def unused(
    text: str, path: str, found: Sequence[Diagnostic], names: dict[str, str], ran: Collection[str]
) -> list[Diagnostic]:
    """A finding for every comment with codes that hide none of ``found``.

    ``found`` are the findings before anything is hidden, ``names`` leads from the names of rules to
    their codes, and ``ran`` are the codes of the rules that have run.
    """
    result = []
    known = {UNUSED, INTERNAL, *names.values(), *ran}
    for span in sorted(Suppressions(text).spans, key=lambda span: (span.comment.line, span.comment.column)):
        idle = [
            word
            for word in span.words or ()
            if _judged(names.get(word, word), span, known, ran)
            and not any(span.hides_by(word, one) for one in found)
        ]
        if idle:
            words = ", ".join(f"`{word}`" for word in idle)
            message = (
                f"{words} {'hides' if len(idle) == 1 else 'hide'} nothing here; remove it from the comment"
            )
            fix = _without(span, idle, path)
            result.append(Diagnostic(UNUSED, UNUSED_NAME, message, _place(span, path), Impact.LOW, fix=fix))
    return result


def _place(span: Span, path: str) -> Location:
    at = span.comment
    return Location(path, at.line, at.column, at.line, at.column + len(at.text))


def _without(span: Span, idle: Sequence[str], path: str) -> Fix | None:
    """Takes the words out of the comments, or what is left of these without them off their lines."""
    comments = (span.comment,) if span.closing is None else (span.comment, span.closing)
    edits = [_edit(comment, span.words or (), idle, path) for comment in comments]
    found = tuple(edit for edit in edits if edit is not None)
    if len(found) < len(comments):
        return None
    return Fix("Remove the unused suppression", Applicability.SAFE, found)


def _edit(at: Comment, words: Sequence[str], idle: Sequence[str], path: str) -> Edit | None:
    listed = re.search(r"[,\s]*".join(map(re.escape, words)), at.text)
    if listed is None:
        return None
    kept = ", ".join(word for word in words if word not in idle)
    if kept:
        return Edit(
            Location(path, at.line, at.column + listed.start(), at.line, at.column + listed.end()), kept
        )
    begin = at.text.rindex("#", 0, listed.start())
    end = at.text.find("#", listed.end())
    if end < 0:
        # Nothing follows: the blanks before it go as well.
        end, begin = len(at.text), len(at.text[:begin].rstrip())
    if begin > 0 or end < len(at.text):
        return Edit(Location(path, at.line, at.column + begin, at.line, at.column + end), "")
    if at.alone:
        return Edit(Location(path, at.line, 0, at.line + 1, 0), "")
    return Edit(Location(path, at.line, at.column - at.blanks, at.line, at.column + end), "")


def _judged(code: str, span: Span, known: Collection[str], ran: Collection[str]) -> bool:
    """Whether a word is meant for archlint, and names rules that have all run, or none at all."""
    if not _OURS.match(code):
        return _ADDRESSED.match(span.comment.text) is not None
    return any(one.startswith(code) for one in ran) or not any(one.startswith(code) for one in known)

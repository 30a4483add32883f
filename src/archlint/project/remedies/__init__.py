"""Recipes that rules hand out with what they report.

They are made from the syntax tree of the file, cheaply; what they do to the text is worked out
by ``archlint.fixes`` when somebody asks for it.
"""

from __future__ import annotations

from archlint.project.remedies.event_loop import awaitable_call, awaited, cause_off_the_loop, off_the_loop
from archlint.project.remedies.places import call_at

__all__ = ["awaitable_call", "awaited", "call_at", "cause_off_the_loop", "off_the_loop"]

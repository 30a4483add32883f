"""Floor plans, which the houses send as files."""

from __future__ import annotations

from typing import IO

from django.conf import settings


def of_house(venue_id: int) -> IO[bytes]:
    """The plan of a house, under the name that we gave it."""
    return open(settings.PLANS / f"{venue_id}.pdf", "rb")


def called(name: str) -> IO[bytes]:
    """The plan with this name."""
    return open(settings.PLANS / name, "rb")  # expect: ARC319

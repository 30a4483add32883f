"""Queries that more than one place asks."""

from __future__ import annotations

from datetime import date

from django.db import models


class RoomQuerySet(models.QuerySet):
    """Queries on rooms."""

    def open(self) -> RoomQuerySet:
        """Rooms that can be booked at all."""
        return self.filter(closed=False)

    def free(self, start: date, end: date) -> RoomQuerySet:
        """Rooms that nobody has booked in a period."""
        return self.open().exclude(bookings__start__lt=end, bookings__end__gt=start)

    def with_amenities(self) -> RoomQuerySet:
        """Load what a room's page shows."""
        return self.select_related("venue").prefetch_related("amenities")


class BookingQuerySet(models.QuerySet):
    """Queries on bookings."""

    def confirmed(self) -> BookingQuerySet:
        """Bookings that will take place."""
        return self.filter(status="confirmed")

    def overlapping(self, start: date, end: date) -> BookingQuerySet:
        """Bookings that touch a period."""
        return self.filter(start__lt=end, end__gt=start)

    def with_details(self) -> BookingQuerySet:
        """Load what a booking's page shows."""
        return self.select_related("guest", "room__venue").prefetch_related("extras")

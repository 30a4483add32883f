"""Which rooms are free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from bookings.models import Booking, Room, Venue


def is_free(room: Room, start: date, end: date) -> bool:
    """Whether nobody has booked the room in a period."""
    return not Booking.objects.confirmed().overlapping(start, end).filter(room=room).exists()


def free_rooms(start: date, end: date, seats: int) -> list[Room]:
    """Rooms for so many people that nobody has booked, in one query."""
    return list(Room.objects.free(start, end).filter(seats__gte=seats).select_related("venue"))


def alternatives(room: Room, start: date, end: date) -> list[Room]:
    """Other rooms of the same house that could take the booking."""
    candidates = Room.objects.open().filter(venue_id=room.venue_id, seats__gte=room.seats)
    return [other for other in candidates if is_free(other, start, end)]  # expect: ARC201


def large_rooms(venues: Iterable[Venue]) -> dict[str, int]:
    """How many large rooms each of these houses has; the caller prefetches the rooms."""
    return {venue.name: sum(room.seats >= 50 for room in venue.rooms.all()) for venue in venues}


def large_rooms_of(city: str) -> dict[str, int]:
    """How many large rooms each house of a city has."""
    return large_rooms(Venue.objects.filter(city=city).prefetch_related("rooms"))


def room_counts(city: str) -> dict[str, int]:
    """How many open rooms each house of a city has."""
    counts = {}
    for venue in Venue.objects.filter(city=city):
        counts[venue.name] = venue.rooms.filter(closed=False).count()  # expect: ARC201
    return counts


def room_counts_at_once(city: str) -> dict[str, int]:
    """The same in one query."""
    open_rooms = Count("rooms", filter=Q(rooms__closed=False))
    venues = Venue.objects.filter(city=city).annotate(open_rooms=open_rooms)
    return {venue.name: venue.open_rooms for venue in venues}

"""Calendars that other programs subscribe to."""

from __future__ import annotations

from datetime import date
from typing import Any

from bookings.models import Booking, Room


def room_events(room: Room, start: date, end: date) -> list[dict[str, Any]]:
    """One room's bookings, each with the room it is in."""
    bookings = Booking.objects.overlapping(start, end).filter(room=room).select_related("room")
    return [booking.to_event() for booking in bookings]


def house_events(venue_id: int, start: date, end: date) -> list[dict[str, Any]]:
    """A whole house's bookings."""
    bookings = Booking.objects.overlapping(start, end).filter(room__venue_id=venue_id)
    return [booking.to_event() for booking in bookings]  # expect: ARC202


def amenity_sheet(venue_id: int) -> dict[str, list[str]]:
    """What stands in which room of a house."""
    rooms = Room.objects.with_amenities().filter(venue_id=venue_id)
    return {room.name: [amenity.name for amenity in room.amenities.all()] for room in rooms}


def cleaning_list(day: date) -> list[str]:
    """Which rooms to clean after a day."""
    lines = []
    for booking in Booking.objects.confirmed().filter(end=day):
        lines.append(f"{booking.room.name} ({booking.room_id})")  # expect: ARC202
    return lines

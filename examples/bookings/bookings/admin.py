"""The back office."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from bookings.models import Booking, Guest, Room


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """Rooms, with how often each was booked."""

    list_display = ("name", "venue", "seats", "times_booked")
    list_select_related = ("venue",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        """Count the bookings along with the rooms."""
        return super().get_queryset(request).annotate(booking_count=Count("bookings"))

    @admin.display(ordering="booking_count")
    def times_booked(self, room: Room) -> int:
        """How often the room was booked."""
        return room.booking_count


@admin.register(Guest)
class GuestAdmin(admin.ModelAdmin):
    """Guests, with what is planned for them."""

    list_display = ("company", "tier", "next_bookings")

    def next_bookings(self, guest: Guest) -> int:
        """How many bookings are confirmed."""
        return guest.bookings.filter(status=Booking.Status.CONFIRMED).count()  # expect: ARC201


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    """Bookings."""

    list_display = ("pk", "guest", "room", "start", "end", "status")
    list_filter = ("status",)
    list_select_related = ("guest", "room")

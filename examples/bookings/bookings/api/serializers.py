"""What the API reads and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.models import Amenity, Booking, Guest, Invoice, PartnerLogin, Room, Venue


class AmenitySerializer(serializers.ModelSerializer):
    """Something a room has."""

    class Meta:
        model = Amenity
        fields = ("id", "name")


class VenueSerializer(serializers.ModelSerializer):
    """A house with rooms."""

    open_rooms = serializers.SerializerMethodField()

    class Meta:
        model = Venue
        fields = ("id", "name", "city", "open_rooms")

    def get_open_rooms(self, venue: Venue) -> int:
        """How many rooms can be booked."""
        return venue.rooms.filter(closed=False).count()


class RoomSerializer(serializers.ModelSerializer):
    """What can be booked."""

    venue = serializers.CharField(source="venue.name")
    amenities = AmenitySerializer(many=True)

    class Meta:
        model = Room
        fields = ("id", "name", "seats", "price_per_day", "venue", "amenities")


class BookingSerializer(serializers.ModelSerializer):
    """One guest, one room, some days."""

    room = RoomSerializer()
    guest = serializers.StringRelatedField()
    length = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = ("id", "room", "guest", "start", "end", "status", "length")

    def get_length(self, booking: Booking) -> int:
        """For how many days."""
        return booking.days


class BookingBriefSerializer(serializers.ModelSerializer):
    """A booking in a list."""

    room_name = serializers.CharField(source="room.name")

    class Meta:
        model = Booking
        fields = ("id", "room_name", "start", "end")


class InvoiceSerializer(serializers.ModelSerializer):
    """What a booking costs."""

    class Meta:
        model = Invoice
        fields = ("number", "amount", "paid", "due", "booking_id")


class SignUpSerializer(serializers.Serializer):
    """A new guest."""

    email = serializers.EmailField()
    company = serializers.CharField(max_length=100, allow_blank=True)
    password = serializers.CharField(min_length=12, write_only=True)


class GuestSerializer(serializers.ModelSerializer):
    """A guest."""

    class Meta:
        model = Guest
        fields = ("id", "company", "tier")


class PasswordSerializer(serializers.Serializer):
    """A new password."""

    password = serializers.CharField(min_length=12, write_only=True)


class PartnerSerializer(serializers.ModelSerializer):
    """An agency that books for its own customers."""

    class Meta:
        model = PartnerLogin
        fields = ("agency", "password")
        extra_kwargs = {"password": {"write_only": True}}

    def create(self, validated_data: dict[str, Any]) -> PartnerLogin:
        """Let an agency book."""
        agency, password = validated_data["agency"], validated_data["password"]
        return PartnerLogin.objects.create(agency=agency, password=password)  # expect: ARC301

"""The tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from bookings.managers import BookingQuerySet, RoomQuerySet


class User(AbstractUser):
    """Somebody who may log in."""

    phone = models.CharField(max_length=30, blank=True)


class Venue(models.Model):
    """A house with rooms."""

    name = models.CharField(max_length=100)
    city = models.CharField(max_length=100)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="venues")

    def __str__(self) -> str:
        return self.name


class Amenity(models.Model):
    """Something a room has: a projector, a piano."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """What can be booked."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=100)
    seats = models.PositiveIntegerField()
    price_per_day = models.DecimalField(max_digits=8, decimal_places=2)
    closed = models.BooleanField(default=False)
    amenities = models.ManyToManyField(Amenity, related_name="rooms", blank=True)

    objects = RoomQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Guest(models.Model):
    """Somebody who books."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="guest")
    company = models.CharField(max_length=100, blank=True)
    tier = models.CharField(max_length=10, default="basic")

    def __str__(self) -> str:
        return self.company or str(self.pk)

    @property
    def open_balance(self) -> Decimal:
        """What the guest has not paid yet."""
        unpaid = Invoice.objects.filter(booking__guest=self, paid=False)
        return unpaid.aggregate(total=models.Sum("amount"))["total"] or Decimal(0)

    @property
    def is_regular(self) -> bool:
        """Whether the guest gets the better coffee."""
        return self.tier in {"silver", "gold"}


class Booking(models.Model):
    """One guest, one room, some days."""

    class Status(models.TextChoices):
        """How certain a booking is."""

        REQUESTED = "requested"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="bookings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    start = models.DateField(db_index=True)
    end = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    reminded = models.BooleanField(default=False)

    objects = BookingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"booking {self.pk}"

    @property
    def days(self) -> int:
        """For how long."""
        return (self.end - self.start).days

    def to_event(self) -> dict[str, Any]:
        """The booking as calendars want it."""
        return {
            "uid": f"booking-{self.pk}",
            "title": self.room.name,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


class Extra(models.Model):
    """Coffee, flowers, a technician."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="extras")
    label = models.CharField(max_length=60)
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self) -> str:
        return self.label


class Invoice(models.Model):
    """What a booking costs."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="invoice")
    number = models.CharField(max_length=20, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    paid = models.BooleanField(default=False)
    overdue = models.BooleanField(default=False)
    due = models.DateField(db_index=True)

    def __str__(self) -> str:
        return self.number


class PartnerLogin(models.Model):
    """An agency that books for its own customers."""

    agency = models.CharField(max_length=100, unique=True)
    password = models.CharField(max_length=128)

    def __str__(self) -> str:
        return self.agency

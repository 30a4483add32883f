"""From bookings to money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import requests
from django.conf import settings
from django.db import transaction

from bookings.models import Booking, Guest, Invoice

_TERM = timedelta(days=30)


def invoice_bookings(bookings: Sequence[Booking], today: date) -> list[Invoice]:
    """Write an invoice for each booking, all in one statement."""
    invoices = [
        Invoice(booking=booking, number=f"{today:%Y}-{booking.pk}", amount=price(booking), due=today + _TERM)
        for booking in bookings
    ]
    return Invoice.objects.bulk_create(invoices)


def price(booking: Booking) -> Decimal:
    """What a booking costs, with its extras."""
    extras = sum((extra.price for extra in booking.extras.all()), Decimal(0))
    return booking.room.price_per_day * booking.days + extras


def invoice_month(today: date) -> list[Invoice]:
    """Write the invoices of everything that ended this month."""
    ended = Booking.objects.confirmed().filter(end__month=today.month, end__year=today.year)
    return invoice_bookings(list(ended.with_details()), today)


@transaction.atomic
def mark_overdue(today: date) -> int:
    """Remember which invoices are late."""
    late = list(Invoice.objects.filter(paid=False, due__lt=today))
    for invoice in late:
        invoice.overdue = True
        invoice.save(update_fields=["overdue"])  # expect: ARC201
    return len(late)


@transaction.atomic
def mark_paid(numbers: Sequence[str]) -> int:
    """Remember which invoices the bank reported as paid."""
    paid = list(Invoice.objects.filter(number__in=numbers))
    for invoice in paid:
        invoice.paid = True
        invoice.overdue = False
    Invoice.objects.bulk_update(paid, ["paid", "overdue"], batch_size=500)
    return len(paid)


def reminders(today: date) -> list[str]:
    """The lines of the mail to the bookkeeper."""
    lines = []
    for invoice in Invoice.objects.filter(paid=False, due__lt=today).select_related("booking"):
        guest = invoice.booking.guest  # expect: ARC202
        lines.append(f"{invoice.number}: {guest.company} owes {invoice.amount}")
    return lines


def reminders_with_rooms(today: date) -> list[str]:
    """The same with the room, for the caretaker."""
    late = Invoice.objects.filter(paid=False, due__lt=today).select_related("booking__guest", "booking__room")
    lines = []
    for invoice in late:
        booking = invoice.booking
        lines.append(f"{invoice.number}: {booking.guest.company} was in {booking.room.name}")
    return lines


def debtors(limit: Decimal) -> list[Guest]:
    """Guests who owe more than a limit."""
    found = []
    for guest in Guest.objects.exclude(tier="gold"):
        if guest.open_balance > limit:  # expect: ARC201
            found.append(guest)
    return found


def regulars() -> list[Guest]:
    """Guests who get the better coffee."""
    return [guest for guest in Guest.objects.select_related("user") if guest.is_regular]


def exchange_rate(currency: str) -> Decimal:
    """Today's rate of a foreign currency."""
    response = requests.get(settings.EXCHANGE_RATE_URL, params={"to": currency}, timeout=5)
    response.raise_for_status()
    return Decimal(response.json()["rate"])

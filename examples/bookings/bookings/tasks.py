"""What happens at night."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.core.mail import send_mass_mail
from django.utils import timezone

from bookings.models import Booking
from bookings.services import invoicing

_SENDER = "desk@bookings.example"


@shared_task
def write_invoices() -> int:
    """Invoice what ended this month."""
    return len(invoicing.invoice_month(timezone.localdate()))


@shared_task
def send_reminders() -> int:
    """Remind guests of tomorrow."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    bookings = Booking.objects.confirmed().filter(start=tomorrow, reminded=False)
    due = list(bookings.select_related("guest__user", "room"))
    mails = [
        ("Tomorrow", f"We expect you in {booking.room.name}.", _SENDER, [booking.guest.user.email])
        for booking in due
    ]
    sent = send_mass_mail(mails)
    Booking.objects.filter(pk__in=[booking.pk for booking in due]).update(reminded=True)
    return sent


@shared_task
def drop_requests() -> None:
    """Cancel requests that nobody answered within a week."""
    limit = timezone.localdate() - timedelta(days=7)
    Booking.objects.filter(status=Booking.Status.REQUESTED, start__lt=limit).update(
        status=Booking.Status.CANCELLED
    )

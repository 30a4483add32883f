"""The app for Django's registry."""

from __future__ import annotations

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Rooms to let."""

    name = "bookings"
    default_auto_field = "django.db.models.BigAutoField"

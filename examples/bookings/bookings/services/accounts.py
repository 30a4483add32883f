"""Guests and agencies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from bookings.models import Guest, PartnerLogin, User


@transaction.atomic
def sign_up(data: dict[str, Any]) -> Guest:
    """Open an account for a guest."""
    user = User.objects.create_user(data["email"], email=data["email"], password=data["password"])
    return Guest.objects.create(user=user, company=data["company"])


def add_partner(agency: str, password: str) -> PartnerLogin:
    """Let an agency book for its customers."""
    return PartnerLogin.objects.create(agency=agency, password=make_password(password))


def partner_may_enter(agency: str, password: str) -> bool:
    """Whether the password is the agency's."""
    partner = PartnerLogin.objects.filter(agency=agency).first()
    return partner is not None and check_password(password, partner.password)


def set_partner_password(partner: PartnerLogin, password: str) -> None:
    """Overwrite an agency's password."""
    partner.password = make_password(password)
    partner.save(update_fields=["password"])

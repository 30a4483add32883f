"""The carrier that takes our parcels."""

from __future__ import annotations

from decimal import Decimal

import requests

from shop.config import get_settings
from shop.schemas.orders import ShippingQuote


def fetch_quote(country: str, weight: Decimal, express: bool) -> ShippingQuote:
    """Ask the carrier for today's price of a parcel."""
    settings = get_settings()
    query = {"country": country, "weight": str(weight), "express": str(express).lower()}
    response = requests.get(f"{settings.carrier_url}quotes", params=query, timeout=settings.http_timeout)
    response.raise_for_status()
    return ShippingQuote.model_validate(response.json())

"""The payment provider."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import requests

from shop.config import Settings
from shop.errors import PaymentError


class PaymentClient:
    """Talks to the provider from threads."""

    def __init__(self, settings: Settings) -> None:
        self._base_url = str(settings.payment_url).rstrip("/")
        self._timeout = settings.http_timeout
        self._http = requests.Session()  # expect: ARC407
        self._http.headers["Authorization"] = f"Bearer {settings.payment_key.get_secret_value()}"

    def charge(self, reference: str, amount: Decimal) -> dict[str, Any]:
        """Take the money, or raise."""
        return self._post("charges", {"reference": reference, "amount": str(amount)})

    def refund(self, reference: str) -> dict[str, Any]:
        """Give the money back, or raise."""
        return self._post("refunds", {"reference": reference})

    def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        response = self._http.post(f"{self._base_url}/{path}", json=body, timeout=self._timeout)
        if response.status_code == requests.codes.payment_required:
            raise PaymentError(f"the charge {body['reference']} was refused")
        response.raise_for_status()
        return response.json()


class AsyncPaymentClient:
    """Talks to the provider from coroutines."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._base_url = str(settings.payment_url).rstrip("/")
        self._http = http
        self._headers = {"Authorization": f"Bearer {settings.payment_key.get_secret_value()}"}

    async def status(self, reference: str) -> str:
        """How far the provider has come with a charge."""
        url = f"{self._base_url}/charges/{reference}"
        response = await self._http.get(url, headers=self._headers)
        response.raise_for_status()
        return response.json()["status"]

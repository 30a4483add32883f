"""What happens after the response was sent."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import time
from email.message import EmailMessage

from shop.clients.payments import AsyncPaymentClient, PaymentClient
from shop.errors import PaymentError

logger = logging.getLogger(__name__)

_SENDER = "orders@shop.example"


def send_receipt(email: str, order_id: int) -> None:
    """Mail the receipt; runs in a thread."""
    message = EmailMessage()
    message["From"] = _SENDER
    message["To"] = email
    message["Subject"] = f"Your order {order_id}"
    message.set_content("Thank you. The receipt is in your account.")
    with smtplib.SMTP("localhost", timeout=10) as server:
        server.send_message(message)


async def wait_for_payment(client: AsyncPaymentClient, reference: str, attempts: int = 5) -> bool:
    """Ask the provider until the charge is settled, with growing pauses."""
    for attempt in range(attempts):
        if await client.status(reference) == "settled":
            return True
        await asyncio.sleep(2**attempt)
    logger.warning("charge %s is still open", reference)
    return False


async def refund_later(client: PaymentClient, reference: str) -> None:
    """Refund a charge once the provider has booked it."""
    time.sleep(30)  # expect: ARC401
    try:
        await asyncio.to_thread(client.refund, reference)
    except PaymentError:
        logger.exception("charge %s could not be refunded", reference)

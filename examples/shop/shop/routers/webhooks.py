"""Calls from the payment provider."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Annotated

import requests
from fastapi import APIRouter, BackgroundTasks, Depends, Header, Request, status
from sqlalchemy import select

from shop.clients.payments import AsyncPaymentClient
from shop.config import get_settings
from shop.database import AsyncSessionDep
from shop.errors import CredentialsError, NotFoundError
from shop.models import Payment
from shop.schemas.orders import PaymentEvent
from shop.tasks import wait_for_payment


async def check_signature(request: Request, x_signature: Annotated[str, Header()]) -> None:
    """Refuse what the provider did not sign."""
    key = get_settings().payment_key.get_secret_value().encode()
    expected = hmac.new(key, await request.body(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, x_signature):
        raise CredentialsError


router = APIRouter(dependencies=[Depends(check_signature)])


@router.post("/payments", status_code=status.HTTP_204_NO_CONTENT)
async def receive_payment(event: PaymentEvent, session: AsyncSessionDep) -> None:
    """The provider has decided."""
    payment = await session.scalar(select(Payment).where(Payment.reference == event.reference))
    if payment is None:
        raise NotFoundError("payment", event.reference)
    payment.accepted = event.accepted
    await session.commit()


@router.post("/pending", status_code=status.HTTP_202_ACCEPTED)
async def receive_pending(event: PaymentEvent, request: Request, background: BackgroundTasks) -> PaymentEvent:
    """The provider needs more time."""
    client = AsyncPaymentClient(get_settings(), request.app.state.http)
    background.add_task(wait_for_payment, client, event.reference)
    return event


@router.post("/delayed", status_code=status.HTTP_202_ACCEPTED)
async def receive_delayed(event: PaymentEvent, request: Request) -> PaymentEvent:
    """The provider will call again; ask all the same."""
    client = AsyncPaymentClient(get_settings(), request.app.state.http)
    asyncio.create_task(wait_for_payment(client, event.reference))  # expect: ARC405
    return event


@router.post("/disputes", status_code=status.HTTP_202_ACCEPTED)
async def receive_dispute(event: PaymentEvent) -> PaymentEvent:
    """A customer wants the money back: tell the provider that we heard."""
    settings = get_settings()
    response = requests.post(  # expect: ARC401
        f"{settings.payment_url}disputes/{event.reference}/acknowledge", timeout=settings.http_timeout
    )
    response.raise_for_status()
    return event

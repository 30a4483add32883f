"""Schemas of orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shop.models import OrderStatus
from shop.schemas.catalog import ProductBrief


class OrderLineCreate(BaseModel):
    """So many pieces of one product."""

    product_id: int
    quantity: Annotated[int, Field(gt=0, le=100)]


class OrderCreate(BaseModel):
    """What somebody wants to buy."""

    lines: Annotated[list[OrderLineCreate], Field(min_length=1, max_length=50)]
    voucher: str | None = None
    express: bool = False


class OrderLineRead(BaseModel):
    """One line of the receipt."""

    model_config = ConfigDict(from_attributes=True)

    product: ProductBrief
    quantity: int
    unit_price: Decimal


class OrderRead(BaseModel):
    """The receipt."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    status: OrderStatus
    created_at: datetime
    lines: list[OrderLineRead]


class OrderSummary(BaseModel):
    """One row of the list of orders."""

    id: int
    status: OrderStatus
    tracking_code: str | None


class ShippingQuote(BaseModel):
    """What a carrier asks for a parcel."""

    carrier: str
    price: Decimal


class CustomerTurnover(BaseModel):
    """What one customer brought in."""

    email: str
    orders: int
    turnover: Decimal


class PaymentEvent(BaseModel):
    """What the payment provider tells us later."""

    reference: str
    accepted: bool

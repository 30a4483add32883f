"""Orders, and what happens to them."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, HasCreatedAt, HasId

if TYPE_CHECKING:
    from shop.models.catalog import Product
    from shop.models.user import User


class OrderStatus(enum.StrEnum):
    """How far an order has come."""

    NEW = "new"
    PAID = "paid"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class Order(HasId, HasCreatedAt, Base):
    """What one customer bought in one go."""

    __tablename__ = "orders"

    customer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.NEW)
    discount: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=Decimal(0))

    customer: Mapped[User] = relationship(back_populates="orders")
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", cascade="all, delete-orphan")
    payments: Mapped[list[Payment]] = relationship(back_populates="order")
    shipments: Mapped[list[Shipment]] = relationship(back_populates="order")

    @property
    def total(self) -> Decimal:
        """What the customer pays; needs the lines."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0)) - self.discount


class OrderLine(HasId, Base):
    """So many pieces of one product, at the price of that day."""

    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Payment(HasId, HasCreatedAt, Base):
    """Money that came in, or was refused."""

    __tablename__ = "payments"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    accepted: Mapped[bool]

    order: Mapped[Order] = relationship(back_populates="payments")


class Shipment(HasId, HasCreatedAt, Base):
    """A parcel on its way."""

    __tablename__ = "shipments"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(40))
    tracking_code: Mapped[str] = mapped_column(String(64))

    order: Mapped[Order] = relationship(back_populates="shipments")

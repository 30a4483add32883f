"""Customers and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, HasCreatedAt, HasId

if TYPE_CHECKING:
    from shop.models.catalog import Review
    from shop.models.order import Order


class User(HasId, HasCreatedAt, Base):
    """Somebody with an account."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(100))
    is_staff: Mapped[bool] = mapped_column(default=False)

    addresses: Mapped[list[Address]] = relationship(back_populates="user", lazy="selectin")
    orders: Mapped[list[Order]] = relationship(back_populates="customer")
    reviews: Mapped[list[Review]] = relationship(back_populates="author")


class Address(HasId, Base):
    """Where parcels go."""

    __tablename__ = "addresses"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))

    user: Mapped[User] = relationship(back_populates="addresses")

"""The declarative base, and columns that many tables have."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables."""


class HasId:
    """A surrogate key."""

    id: Mapped[int] = mapped_column(primary_key=True)


class HasCreatedAt:
    """When the row was written."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

"""Schemas of the catalogue."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shop.schemas.users import AuthorRead


class CategoryRead(BaseModel):
    """A shelf of the shop."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class ProductBrief(BaseModel):
    """A product inside something else."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    sku: str
    name: str


class ProductRead(ProductBrief):
    """A product on its own page."""

    price: Decimal
    category: CategoryRead


class ReviewRead(BaseModel):
    """An opinion, with the name of its author."""

    model_config = ConfigDict(from_attributes=True)

    stars: int
    text: str
    created_at: datetime
    author: AuthorRead


class Delivery(BaseModel):
    """So many pieces came in."""

    product_id: int
    quantity: Annotated[int, Field(gt=0)]


class StockLevel(BaseModel):
    """How many pieces of a product can still be sold."""

    sku: str
    available: int

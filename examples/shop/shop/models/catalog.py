"""What is sold, and what customers think of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, HasCreatedAt, HasId

if TYPE_CHECKING:
    from shop.models.user import User


class Category(HasId, Base):
    """A shelf of the shop."""

    __tablename__ = "categories"

    name: Mapped[str] = mapped_column(String(100), unique=True)

    products: Mapped[list[Product]] = relationship(back_populates="category")


class Product(HasId, Base):
    """Something that can be bought."""

    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    stock: Mapped[int] = mapped_column(default=0)
    is_listed: Mapped[bool] = mapped_column(default=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)

    category: Mapped[Category] = relationship(back_populates="products")
    reviews: Mapped[list[Review]] = relationship(back_populates="product")

    def to_feed_entry(self) -> dict[str, Any]:
        """The product as price comparison sites want it."""
        return {
            "id": self.sku,
            "title": self.name,
            "price": str(self.price),
            "product_type": self.category.name,
            "availability": "in_stock" if self.stock else "out_of_stock",
        }


class Review(HasId, HasCreatedAt, Base):
    """One customer's opinion of one product."""

    __tablename__ = "reviews"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    product: Mapped[Product] = relationship(back_populates="reviews")
    author: Mapped[User] = relationship(back_populates="reviews")

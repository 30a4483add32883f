"""Queries on products."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from shop.models import Product, Review
from shop.repositories.base import Repository

_COLUMNS = {"name": Product.name, "price": Product.price, "stock": Product.stock}


class ProductRepository(Repository[Product]):
    """The products."""

    model = Product

    def listed(self, offset: int, limit: int) -> Sequence[Product]:
        """A page of what can be bought, with the shelf each product stands on."""
        query = select(Product).options(joinedload(Product.category)).where(Product.is_listed)
        return self._session.scalars(query.order_by(Product.name).offset(offset).limit(limit)).all()

    def sorted_by(self, column: str, offset: int, limit: int) -> Sequence[Product]:
        """The same page by a column that the reader chose, cheapest first."""
        query = select(Product).options(joinedload(Product.category)).where(Product.is_listed)
        query = query.order_by(_COLUMNS.get(column, Product.name))
        return self._session.scalars(query.offset(offset).limit(limit)).all()

    def ranked_by(self, column: str, offset: int, limit: int) -> Sequence[Product]:
        """The same page by a column that the reader chose, dearest first."""
        query = select(Product).options(joinedload(Product.category)).where(Product.is_listed)
        query = query.order_by(text(f"{column} DESC"))  # expect: ARC305
        return self._session.scalars(query.offset(offset).limit(limit)).all()

    def in_stock(self) -> Sequence[Product]:
        """Everything of which at least one piece is left."""
        return self._session.scalars(select(Product).where(Product.stock > 0)).all()

    def by_sku(self, sku: str) -> Product | None:
        """The product with this number."""
        return self._session.scalar(select(Product).where(Product.sku == sku))

    def reviews(self, product_id: int, offset: int, limit: int) -> Sequence[Review]:
        """A page of opinions, newest first."""
        query = select(Review).where(Review.product_id == product_id).order_by(Review.created_at.desc())
        return self._session.scalars(query.offset(offset).limit(limit)).all()

    def latest_reviews(self) -> Sequence[Review]:
        """The newest opinions on anything."""
        return self._session.scalars(select(Review).order_by(Review.created_at.desc()).limit(10)).all()

    def best_reviews(self, product_id: int) -> Sequence[Review]:
        """The opinions that are shown beside the product, with their authors."""
        query = select(Review).options(joinedload(Review.author)).where(Review.product_id == product_id)
        return self._session.scalars(query.order_by(Review.stars.desc()).limit(3)).all()

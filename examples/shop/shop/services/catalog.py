"""The catalogue and the stock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from shop.errors import NotFoundError
from shop.models import Order, OrderLine, OrderStatus, Product
from shop.repositories import ProductRepository
from shop.schemas.catalog import Delivery, StockLevel


class CatalogService:
    """What can be bought, and how much of it is left."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._products = ProductRepository(session)

    def product(self, product_id: int) -> Product:
        """One product, or an error that says which one is missing."""
        product = self._products.get(product_id)
        if product is None:
            raise NotFoundError("product", product_id)
        return product

    def receive(self, deliveries: Sequence[Delivery]) -> int:
        """Put what came in on the shelves; gives the number of pieces."""
        products = self._products.get_many([delivery.product_id for delivery in deliveries])
        for delivery in deliveries:
            if delivery.product_id not in products:
                raise NotFoundError("product", delivery.product_id)
            products[delivery.product_id].stock = Product.stock + delivery.quantity
        self._session.commit()
        return sum(delivery.quantity for delivery in deliveries)

    def write_off(self, deliveries: Sequence[Delivery]) -> None:
        """Take spoiled pieces from the shelves."""
        for delivery in deliveries:
            product = self.product(delivery.product_id)  # expect: ARC201
            product.stock -= delivery.quantity  # expect: ARC217
        self._session.commit()

    def correct_stock(self, counted: dict[int, int]) -> None:
        """Overwrite the stock by what was counted in the store room."""
        for product_id, stock in counted.items():
            statement = update(Product).where(Product.id == product_id).values(stock=stock)
            self._session.execute(statement)  # expect: ARC201
        self._session.commit()

    def reserved(self, product_id: int) -> int:
        """How many pieces stand in orders that were not sent yet."""
        query = (
            select(func.coalesce(func.sum(OrderLine.quantity), 0))
            .join(Order)
            .where(OrderLine.product_id == product_id, Order.status == OrderStatus.PAID)
        )
        return self._session.scalars(query).one()

    def stock_level(self, sku: str) -> StockLevel:
        """What can still be sold of one product."""
        product = self._products.by_sku(sku)
        if product is None:
            raise NotFoundError("product", sku)
        return StockLevel(sku=sku, available=product.stock - self.reserved(product.id))

    def stock_levels(self) -> list[StockLevel]:
        """What can still be sold of everything in stock."""
        return [
            StockLevel(sku=product.sku, available=product.stock - self.reserved(product.id))  # expect: ARC201
            for product in self._products.in_stock()
        ]

    def price_feed(self) -> list[dict[str, Any]]:
        """The catalogue for price comparison sites."""
        query = select(Product).options(joinedload(Product.category)).where(Product.is_listed)
        return [product.to_feed_entry() for product in self._session.scalars(query)]

    def clearance_feed(self) -> list[dict[str, Any]]:
        """The same for what has to go."""
        products = self._products.in_stock()
        return [product.to_feed_entry() for product in products if product.stock < 3]  # expect: ARC202

"""Queries on orders and parcels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from shop.models import Order, OrderLine, OrderStatus, Shipment
from shop.repositories.base import Repository


class OrderRepository(Repository[Order]):
    """The orders."""

    model = Order

    def of_customer(self, customer_id: int, offset: int, limit: int) -> Sequence[Order]:
        """A page of one customer's orders, newest first, without their lines."""
        query = select(Order).where(Order.customer_id == customer_id).order_by(Order.created_at.desc())
        return self._session.scalars(query.offset(offset).limit(limit)).all()

    def with_lines(self, customer_id: int, offset: int, limit: int) -> Sequence[Order]:
        """The same page, with everything a receipt shows."""
        query = (
            select(Order)
            .options(selectinload(Order.lines).joinedload(OrderLine.product))
            .where(Order.customer_id == customer_id)
            .order_by(Order.created_at.desc())
        )
        return self._session.scalars(query.offset(offset).limit(limit)).all()

    def receipt(self, order_id: int, customer_id: int) -> Order | None:
        """One order with everything a receipt shows, if it is this customer's."""
        query = (
            select(Order)
            .options(selectinload(Order.lines).joinedload(OrderLine.product))
            .where(Order.id == order_id, Order.customer_id == customer_id)
        )
        return self._session.scalar(query)

    def paid_between(self, start: datetime, end: datetime) -> Sequence[Order]:
        """What was paid in a period."""
        return self._session.scalars(self._paid(start, end)).all()

    def paid_with_details(self, start: datetime, end: datetime) -> Sequence[Order]:
        """What was paid in a period, with customers, lines and products."""
        query = self._paid(start, end).options(
            joinedload(Order.customer), selectinload(Order.lines).joinedload(OrderLine.product)
        )
        return self._session.scalars(query).all()

    def _paid(self, start: datetime, end: datetime) -> Select[tuple[Order]]:
        return select(Order).where(
            Order.status == OrderStatus.PAID, Order.created_at >= start, Order.created_at < end
        )


class ShipmentRepository(Repository[Shipment]):
    """The parcels."""

    model = Shipment

    def latest_of_order(self, order_id: int) -> Shipment | None:
        """The parcel that was sent last."""
        query = select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.created_at.desc())
        return self._session.scalars(query.limit(1)).first()

    def latest_of_orders(self, order_ids: Collection[int]) -> dict[int, Shipment]:
        """The parcels that were sent last, by order, in one query."""
        latest = (
            select(func.max(Shipment.id)).where(Shipment.order_id.in_(order_ids)).group_by(Shipment.order_id)
        )
        rows = self._session.scalars(select(Shipment).where(Shipment.id.in_(latest)))
        return {shipment.order_id: shipment for shipment in rows}

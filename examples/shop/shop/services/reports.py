"""Figures for the back office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop.models import Order, Product, Review, User
from shop.repositories import OrderRepository
from shop.schemas.orders import CustomerTurnover


def turnover_by_customer(session: Session, start: datetime, end: datetime) -> list[CustomerTurnover]:
    """Who bought for how much in a period."""
    orders: dict[str, int] = defaultdict(int)
    turnover: dict[str, Decimal] = defaultdict(Decimal)
    for order in OrderRepository(session).paid_with_details(start, end):
        orders[order.customer.email] += 1
        turnover[order.customer.email] += order.total
    return [
        CustomerTurnover(email=email, orders=orders[email], turnover=amount)
        for email, amount in turnover.items()
    ]


def discounts_by_customer(session: Session, start: datetime, end: datetime) -> dict[str, Decimal]:
    """Who was given how much in a period."""
    discounts: dict[str, Decimal] = defaultdict(Decimal)
    for order in OrderRepository(session).paid_between(start, end):
        if order.discount:
            discounts[order.customer.email] += order.discount  # expect: ARC202
    return dict(discounts)


def pieces_by_product(session: Session, start: datetime, end: datetime) -> dict[str, int]:
    """How many pieces of what were sold in a period."""
    orders = OrderRepository(session).paid_between(start, end)
    pieces: dict[str, int] = defaultdict(int)
    for order in orders:
        for line in order.lines:  # expect: ARC202
            pieces[line.product.sku] += line.quantity  # expect: ARC202
    return dict(pieces)


def largest_order(session: Session, start: datetime, end: datetime) -> Order | None:
    """The order with the most pieces of a period."""
    return most_pieces(OrderRepository(session).paid_with_details(start, end))


def most_pieces(orders: Sequence[Order]) -> Order | None:
    """The order with the most pieces; the caller loads the lines."""
    return max(orders, key=lambda order: sum(line.quantity for line in order.lines), default=None)


async def review_counts(session: AsyncSession) -> dict[str, int]:
    """How many opinions each product has."""
    query = select(Product.sku, func.count(Review.id)).join(Review).group_by(Product.sku)
    rows = await session.execute(query)
    return dict(rows.tuples().all())


async def reviewers(session: AsyncSession, product_ids: Sequence[int]) -> dict[int, list[str]]:
    """Who has an opinion on which product."""
    names: dict[int, list[str]] = {}
    for product_id in product_ids:
        query = select(User.name).join(Review).where(Review.product_id == product_id)
        names[product_id] = list(await session.scalars(query))  # expect: ARC201
    return names

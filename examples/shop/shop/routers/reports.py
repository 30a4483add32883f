"""Figures for the back office."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from shop.database import AsyncSessionDep, SessionDep
from shop.dependencies import get_staff_user
from shop.models import Order
from shop.schemas.orders import CustomerTurnover, OrderRead
from shop.services import reports

router = APIRouter(dependencies=[Depends(get_staff_user)])

ProductIds = Annotated[list[int], Query(max_length=100)]


@router.get("/turnover")
def read_turnover(session: SessionDep, start: datetime, end: datetime) -> list[CustomerTurnover]:
    """Who bought for how much."""
    return reports.turnover_by_customer(session, start, end)


@router.get("/discounts")
def read_discounts(session: SessionDep, start: datetime, end: datetime) -> dict[str, Decimal]:
    """Who was given how much."""
    return reports.discounts_by_customer(session, start, end)


@router.get("/pieces")
def read_pieces(session: SessionDep, start: datetime, end: datetime) -> dict[str, int]:
    """How many pieces of what were sold."""
    return reports.pieces_by_product(session, start, end)


@router.get("/largest", response_model=OrderRead | None)
def read_largest(session: SessionDep, start: datetime, end: datetime) -> Order | None:
    """The order with the most pieces."""
    return reports.largest_order(session, start, end)


@router.get("/reviews")
async def read_review_counts(session: AsyncSessionDep) -> dict[str, int]:
    """How many opinions each product has."""
    return await reports.review_counts(session)


@router.get("/reviewers")
async def read_reviewers(session: AsyncSessionDep, product_ids: ProductIds) -> dict[int, list[str]]:
    """Who has an opinion on which product."""
    return await reports.reviewers(session, product_ids)

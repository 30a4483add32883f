"""Orders of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, status

from shop.database import AsyncSessionDep, SessionDep
from shop.dependencies import CurrentUser, CurrentUserId, PageDep
from shop.models import Order
from shop.repositories import OrderRepository
from shop.schemas.orders import OrderCreate, OrderRead, OrderSummary
from shop.services import orders as order_service
from shop.services.orders import OrderService
from shop.tasks import send_receipt

router = APIRouter()


def get_orders(session: SessionDep) -> OrderService:
    """The service, bound to the session of the request."""
    return OrderService(session)


OrdersDep = Annotated[OrderService, Depends(get_orders)]


@router.post("", status_code=status.HTTP_201_CREATED)
def place_order(
    data: OrderCreate, orders: OrdersDep, user: CurrentUser, background: BackgroundTasks
) -> OrderSummary:
    """Turn a basket into an order."""
    order = orders.place(user, data)
    background.add_task(send_receipt, user.email, order.id)
    return order_service.summarise(order, None)


@router.get("")
def list_orders(orders: OrdersDep, user: CurrentUser, page: PageDep) -> list[OrderSummary]:
    """A page of the caller's orders."""
    return orders.summaries(user, page.offset, page.limit)


@router.get("/archive")
def list_archive(orders: OrdersDep, user: CurrentUser, page: PageDep) -> list[OrderSummary]:
    """A page of the caller's old orders."""
    return orders.archive(user, page.offset, page.limit)


@router.get("/receipts", response_model=list[OrderRead])
def list_receipts(session: SessionDep, user: CurrentUser, page: PageDep) -> Sequence[Order]:
    """A page of the caller's receipts."""
    return OrderRepository(session).with_lines(user.id, page.offset, page.limit)


@router.get("/{order_id}", response_model=OrderRead)
def read_order(order_id: int, orders: OrdersDep, user: CurrentUser) -> Order:
    """One receipt."""
    return orders.receipt(order_id, user)


@router.get("/{order_id}/greeting")
async def read_greeting(order_id: int, session: AsyncSessionDep, user_id: CurrentUserId) -> str:
    """The first line of the mail that goes out with the parcel."""
    return await order_service.greeting(session, order_id)


@router.post("/{order_id}/completion", status_code=status.HTTP_204_NO_CONTENT)
def complete_order(order_id: int, orders: OrdersDep) -> None:  # expect: ARC306
    """The parcel has arrived."""
    orders.complete(order_id)


@router.delete("/{order_id}/parcel", status_code=status.HTTP_204_NO_CONTENT)
async def return_parcel(order_id: int, session: AsyncSessionDep, user_id: CurrentUserId) -> None:
    """Send a parcel back unopened."""
    order_service.cancel(session, order_id, user_id)  # expect: ARC404


@router.delete("/{order_id}", status_code=status.HTTP_204_NO_CONTENT)
async def cancel_order(order_id: int, session: AsyncSessionDep, user_id: CurrentUserId) -> None:
    """Cancel an order that was not sent yet."""
    await order_service.cancel(session, order_id, user_id)

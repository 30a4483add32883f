"""The last page before the money."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Query, status
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, select

from shop.clients.payments import PaymentClient
from shop.config import get_settings
from shop.database import AsyncSessionDep, SessionDep
from shop.dependencies import CurrentUser, CurrentUserId
from shop.errors import NotFoundError, PaymentError
from shop.models import Address, Order, OrderLine, OrderStatus, Payment, Product
from shop.schemas.orders import OrderCreate, OrderSummary, ShippingQuote
from shop.services import shipping
from shop.tasks import send_receipt

router = APIRouter()

WeightQuery = Annotated[Decimal, Query(gt=0, le=30)]


def get_payments() -> PaymentClient:
    """A client of the payment provider."""
    return PaymentClient(get_settings())


PaymentsDep = Annotated[PaymentClient, Depends(get_payments)]


@router.post("", status_code=status.HTTP_201_CREATED)
def check_out(  # expect: ARC101
    data: OrderCreate,
    session: SessionDep,
    user: CurrentUser,
    payments: PaymentsDep,
    background: BackgroundTasks,
) -> OrderSummary:
    """Place an order, grant discounts, take the money and reserve the pieces."""
    product_ids = [line.product_id for line in data.lines]
    query = select(Product).where(Product.id.in_(product_ids)).with_for_update()
    products = {product.id: product for product in session.scalars(query)}  # expect: ARC102
    if len(products) < len(set(product_ids)):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "a product does not exist")

    order = Order(customer_id=user.id, status=OrderStatus.NEW, discount=Decimal(0))
    subtotal = Decimal(0)
    pieces = 0
    for line in data.lines:
        product = products[line.product_id]
        quantity = line.quantity
        if product.stock < quantity:
            quantity = product.stock
        if quantity == 0:
            continue
        unit_price = product.price
        if quantity >= 10:
            unit_price = (unit_price * Decimal("0.95")).quantize(Decimal("0.01"))
        product.stock -= quantity
        subtotal += unit_price * quantity
        pieces += quantity
        order.lines.append(OrderLine(product_id=product.id, quantity=quantity, unit_price=unit_price))
    if pieces == 0:
        raise HTTPException(status.HTTP_409_CONFLICT, "nothing of this is left")

    earlier = session.scalar(
        select(func.count(Order.id)).where(Order.customer_id == user.id, Order.status == OrderStatus.PAID)
    )
    if not earlier:
        order.discount = min(subtotal * Decimal("0.10"), Decimal(20))
    elif earlier >= 25:
        order.discount = subtotal * Decimal("0.05")
    elif data.voucher == "WELCOMEBACK" and subtotal > 40:
        order.discount = Decimal(5)

    amount = subtotal - order.discount
    if data.express:
        amount += Decimal("9.95")
    elif amount < 50:
        amount += Decimal("4.95")
    session.add(order)
    session.flush()

    reference = f"order-{order.id}"
    try:
        payments.charge(reference, amount)
    except PaymentError:
        session.rollback()
        raise
    order.status = OrderStatus.PAID
    order.payments.append(Payment(reference=reference, amount=amount, accepted=True))
    session.commit()
    background.add_task(send_receipt, user.email, order.id)
    return OrderSummary(id=order.id, status=order.status, tracking_code=None)


@router.get("/quote")
def read_quote(address_id: int, weight: WeightQuery, session: SessionDep, user: CurrentUser) -> ShippingQuote:
    """What it costs to send a parcel to one of the caller's addresses."""
    address = session.get(Address, address_id)
    if address is None or address.user_id != user.id:
        raise NotFoundError("address", address_id)
    return shipping.quote(address, weight)


@router.get("/express-quote")
async def read_express_quote(
    address_id: int, weight: WeightQuery, session: AsyncSessionDep, user_id: CurrentUserId
) -> ShippingQuote:
    """The same by courier."""
    address = await session.get(Address, address_id)
    if address is None or address.user_id != user_id:
        raise NotFoundError("address", address_id)
    return shipping.quote(address, weight, express=True)  # expect: ARC402


@router.get("/pallet-quote")
async def read_pallet_quote(
    address_id: int, session: AsyncSessionDep, user_id: CurrentUserId
) -> ShippingQuote:
    """The same for a pallet."""
    address = await session.get(Address, address_id)
    if address is None or address.user_id != user_id:
        raise NotFoundError("address", address_id)
    return await run_in_threadpool(shipping.quote, address, Decimal(200))


@router.post("/{order_id}/retry", status_code=status.HTTP_204_NO_CONTENT)
async def retry_payment(
    order_id: int, session: AsyncSessionDep, user_id: CurrentUserId, payments: PaymentsDep
) -> None:
    """Charge once more what was refused."""
    query = select(Payment).join(Order).where(Order.id == order_id, Order.customer_id == user_id)
    payment = await session.scalar(query)
    if payment is None:
        raise NotFoundError("order", order_id)
    payments.charge(payment.reference, payment.amount)  # expect: ARC402
    payment.accepted = True
    await session.commit()

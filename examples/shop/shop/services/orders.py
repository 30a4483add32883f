"""Orders: from the basket to the parcel."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, selectinload

from shop.errors import NotFoundError, OutOfStockError
from shop.models import Order, OrderLine, OrderStatus, Product, Shipment, User
from shop.repositories import OrderRepository, ProductRepository, ShipmentRepository
from shop.schemas.orders import OrderCreate, OrderSummary

_FREE_SHIPPING_FROM = Decimal(50)


class OrderService:
    """Orders of customers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._orders = OrderRepository(session)
        self._products = ProductRepository(session)
        self._shipments = ShipmentRepository(session)

    def place(self, customer: User, data: OrderCreate) -> Order:
        """Turn a basket into an order and take the pieces from the stock."""
        products = self._products.get_many([line.product_id for line in data.lines])
        order = Order(customer_id=customer.id, status=OrderStatus.NEW)
        for line in data.lines:
            product = products.get(line.product_id)
            if product is None:
                raise NotFoundError("product", line.product_id)
            if product.stock < line.quantity:
                raise OutOfStockError(product.sku, product.stock)
            product.stock -= line.quantity  # expect: ARC217
            order.lines.append(
                OrderLine(product_id=product.id, quantity=line.quantity, unit_price=product.price)
            )
        self._orders.add(order)
        self._session.commit()
        return order

    def receipt(self, order_id: int, customer: User) -> Order:
        """One order of this customer, with everything on it."""
        order = self._orders.receipt(order_id, customer.id)
        if order is None:
            raise NotFoundError("order", order_id)
        return order

    def complete(self, order_id: int) -> None:
        """Note that an order has reached its customer."""
        order = self._orders.get(order_id)
        if order is None:
            raise NotFoundError("order", order_id)
        order.status = OrderStatus.RECEIVED
        self._session.commit()

    def summaries(self, customer: User, offset: int, limit: int) -> list[OrderSummary]:
        """A page of orders with the parcels that were sent last."""
        summaries = []
        for order in self._orders.of_customer(customer.id, offset, limit):
            shipment = self._shipments.latest_of_order(order.id)  # expect: ARC201
            summaries.append(summarise(order, shipment))
        return summaries

    def archive(self, customer: User, offset: int, limit: int) -> list[OrderSummary]:
        """The same for the archive page."""
        orders = self._orders.of_customer(customer.id, offset, limit)
        shipments = self._shipments.latest_of_orders([order.id for order in orders])
        return [summarise(order, shipments.get(order.id)) for order in orders]


def summarise(order: Order, shipment: Shipment | None) -> OrderSummary:
    """One row of the list of orders."""
    tracking_code = shipment.tracking_code if shipment else None
    return OrderSummary(id=order.id, status=order.status, tracking_code=tracking_code)


async def cancel(session: AsyncSession, order_id: int, customer_id: int) -> Order:
    """Cancel an order that was not sent yet, and put its pieces back."""
    loaders = [selectinload(Order.lines).joinedload(OrderLine.product)]
    order = await session.get(Order, order_id, options=loaders)
    if order is None or order.customer_id != customer_id:
        raise NotFoundError("order", order_id)
    for line in order.lines:
        line.product.stock = Product.stock + line.quantity
    order.status = OrderStatus.CANCELLED
    await session.commit()
    return order


async def shipping_free(session: AsyncSession, order_id: int) -> bool:
    """Whether an order is large enough to be sent for nothing."""
    order = await session.get(Order, order_id)
    if order is None:
        raise NotFoundError("order", order_id)
    await session.refresh(order, ["lines"])
    return sum(line.unit_price * line.quantity for line in order.lines) >= _FREE_SHIPPING_FROM


async def greeting(session: AsyncSession, order_id: int) -> str:
    """The first line of the mail that goes out with a parcel."""
    order = await session.get(Order, order_id)
    if order is None:
        raise NotFoundError("order", order_id)
    return f"Dear {order.customer.name}, your order {order.id} is on its way"  # expect: ARC223


async def unsent_weights(session: AsyncSession) -> dict[int, int]:
    """How many pieces each order has that waits for the carrier."""
    orders = await session.scalars(select(Order).where(Order.status == OrderStatus.PAID))
    return {
        order.id: sum(line.quantity for line in order.lines)  # expect: ARC223
        for order in orders
    }

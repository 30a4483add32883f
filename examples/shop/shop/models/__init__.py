"""The tables."""

from shop.models.base import Base
from shop.models.catalog import Category, Product, Review
from shop.models.order import Order, OrderLine, OrderStatus, Payment, Shipment
from shop.models.user import Address, User

__all__ = [
    "Address",
    "Base",
    "Category",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Payment",
    "Product",
    "Review",
    "Shipment",
    "User",
]

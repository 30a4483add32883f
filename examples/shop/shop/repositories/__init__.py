"""The queries, one repository per aggregate."""

from shop.repositories.catalog import ProductRepository
from shop.repositories.orders import OrderRepository, ShipmentRepository
from shop.repositories.users import UserRepository

__all__ = ["OrderRepository", "ProductRepository", "ShipmentRepository", "UserRepository"]

"""Products, reviews and the stock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, status
from sqlalchemy import select

from shop.database import AsyncSessionDep, SessionDep
from shop.dependencies import PageDep, StaffUser
from shop.errors import NotFoundError
from shop.models import Product, Review
from shop.repositories import ProductRepository
from shop.schemas.catalog import Delivery, ProductBrief, ProductRead, ReviewRead, StockLevel
from shop.services.catalog import CatalogService

router = APIRouter()


def get_catalog(session: SessionDep) -> CatalogService:
    """The service, bound to the session of the request."""
    return CatalogService(session)


CatalogDep = Annotated[CatalogService, Depends(get_catalog)]


@router.get("", response_model=list[ProductRead])
def list_products(session: SessionDep, page: PageDep) -> Sequence[Product]:
    """A page of what can be bought."""
    return ProductRepository(session).listed(page.offset, page.limit)


@router.get("/sorted", response_model=list[ProductRead])
def list_sorted(session: SessionDep, page: PageDep, by: str = "name") -> Sequence[Product]:
    """The same by another column."""
    return ProductRepository(session).sorted_by(by, page.offset, page.limit)


@router.get("/ranked", response_model=list[ProductRead])
def list_ranked(session: SessionDep, page: PageDep, by: str = "price") -> Sequence[Product]:
    """The same from the other end."""
    return ProductRepository(session).ranked_by(by, page.offset, page.limit)


@router.get("/feed")
def read_feed(catalog: CatalogDep) -> list[dict[str, Any]]:  # expect: ARC113
    """The catalogue for price comparison sites."""
    return catalog.price_feed()


@router.get("/clearance")
def read_clearance(catalog: CatalogDep) -> list[dict[str, Any]]:
    """What has to go."""
    return catalog.clearance_feed()


@router.get("/stock")
def list_stock(catalog: CatalogDep, staff: StaffUser) -> list[StockLevel]:
    """What can still be sold of everything."""
    return catalog.stock_levels()


@router.get("/stock/{sku}")
def read_stock(sku: str, catalog: CatalogDep) -> StockLevel:
    """What can still be sold of one product."""
    return catalog.stock_level(sku)


@router.get("/by-sku/{sku}", response_model=ProductBrief)
async def read_by_sku(sku: str, session: AsyncSessionDep) -> Product:
    """The product with this number."""
    product = await session.scalar(select(Product).where(Product.sku == sku))  # expect: ARC102
    if product is None:
        raise NotFoundError("product", sku)
    return product


@router.get("/by-name/{name}", response_model=ProductBrief)
async def read_by_name(name: str, session: SessionDep) -> Product:
    """The product with exactly this name."""
    product = session.scalar(select(Product).where(Product.name == name))  # expect: ARC102 ARC208
    if product is None:
        raise NotFoundError("product", name)
    return product


@router.get("/reviews/latest", response_model=list[ReviewRead])
def list_latest_reviews(session: SessionDep) -> Sequence[Review]:  # expect: ARC203
    """What customers said last."""
    return ProductRepository(session).latest_reviews()


@router.get("/{product_id}", response_model=ProductRead)
def read_product(product_id: int, catalog: CatalogDep) -> Product:
    """One product; its shelf is one more query, for one row."""
    return catalog.product(product_id)


@router.get("/{product_id}/best-reviews", response_model=list[ReviewRead])
def list_best_reviews(product_id: int, session: SessionDep) -> Sequence[Review]:
    """The opinions beside the product."""
    return ProductRepository(session).best_reviews(product_id)


@router.get("/{product_id}/reviews")
def list_reviews(product_id: int, session: SessionDep, page: PageDep) -> list[ReviewRead]:
    """A page of opinions."""
    reviews = ProductRepository(session).reviews(product_id, page.offset, page.limit)
    return [ReviewRead.model_validate(review) for review in reviews]  # expect: ARC203


@router.post("/deliveries", status_code=status.HTTP_204_NO_CONTENT)
def receive(deliveries: list[Delivery], catalog: CatalogDep, staff: StaffUser) -> None:
    """Put what came in on the shelves."""
    catalog.receive(deliveries)


@router.post("/write-offs", status_code=status.HTTP_204_NO_CONTENT)
def write_off(deliveries: list[Delivery], catalog: CatalogDep, staff: StaffUser) -> None:
    """Take spoiled pieces from the shelves."""
    catalog.write_off(deliveries)


@router.put("/stock", status_code=status.HTTP_204_NO_CONTENT)
def correct_stock(counted: dict[int, int], catalog: CatalogDep, staff: StaffUser) -> None:
    """Overwrite the stock by what was counted."""
    catalog.correct_stock(counted)

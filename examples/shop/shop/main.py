"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from shop.config import get_settings
from shop.database import async_engine, engine
from shop.errors import register_error_handlers
from shop.routers import accounts, catalog, checkout, orders, reports, webhooks


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what lives as long as the process, and close it again."""
    settings = get_settings()
    async with httpx.AsyncClient(timeout=settings.http_timeout) as client:
        app.state.http = client
        yield
    await async_engine.dispose()
    engine.dispose()


def create_app() -> FastAPI:
    """Build the application: error handlers first, then one router per resource."""
    app = FastAPI(title="Shop", version="1.4.0", lifespan=lifespan)
    register_error_handlers(app)
    app.include_router(accounts.router, prefix="/accounts", tags=["accounts"])
    app.include_router(catalog.router, prefix="/products", tags=["catalog"])
    app.include_router(orders.router, prefix="/orders", tags=["orders"])
    app.include_router(checkout.router, prefix="/checkout", tags=["checkout"])
    app.include_router(reports.router, prefix="/reports", tags=["reports"])
    app.include_router(webhooks.router, prefix="/webhooks", tags=["webhooks"])
    return app


app = create_app()

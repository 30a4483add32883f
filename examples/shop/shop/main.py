"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

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
    """Build the application: who may call it from a browser, error handlers, then one router per resource."""
    app = FastAPI(title="Shop", version="1.4.0", lifespan=lifespan)
    app.add_middleware(  # expect: ARC304
        CORSMiddleware,
        allow_origins=get_settings().browser_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
    )
    register_error_handlers(app)
    app.include_router(accounts.router, prefix="/accounts", tags=["accounts"])
    app.include_router(catalog.router, prefix="/products", tags=["catalog"])
    app.include_router(orders.router, prefix="/orders", tags=["orders"])
    app.include_router(checkout.router, prefix="/checkout", tags=["checkout"])
    app.include_router(reports.router, prefix="/reports", tags=["reports"])
    app.include_router(webhooks.router, prefix="/webhooks", tags=["webhooks"])
    return app


app = create_app()

"""What can go wrong in the domain, and how it is told to clients."""

from __future__ import annotations

from fastapi import FastAPI, Request, status
from fastapi.responses import JSONResponse


class ShopError(Exception):
    """Base of all errors that a client may be told about."""

    status_code = status.HTTP_400_BAD_REQUEST


class NotFoundError(ShopError):
    """The thing asked for does not exist, or is not the caller's to see."""

    status_code = status.HTTP_404_NOT_FOUND

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key} does not exist")


class OutOfStockError(ShopError):
    """Fewer pieces are left than were asked for."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, sku: str, left: int) -> None:
        super().__init__(f"only {left} pieces of {sku} are left")


class CredentialsError(ShopError):
    """Unknown address or wrong password; which of the two is nobody's business."""

    status_code = status.HTTP_401_UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__("wrong email or password")


class PaymentError(ShopError):
    """The payment provider refused."""

    status_code = status.HTTP_402_PAYMENT_REQUIRED


async def handle_shop_error(request: Request, error: ShopError) -> JSONResponse:
    """Turn a domain error into a response."""
    return JSONResponse({"detail": str(error)}, status_code=error.status_code)


def register_error_handlers(app: FastAPI) -> None:
    """Tell the application about the errors of the domain."""
    app.add_exception_handler(ShopError, handle_shop_error)

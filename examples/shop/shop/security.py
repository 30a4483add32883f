"""Passwords and access tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import bcrypt
import jwt

from shop.config import get_settings
from shop.errors import CredentialsError

_ALGORITHM = "HS256"


def hash_password(password: str) -> str:
    """The salted hash that may be stored."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password belongs to the hash; takes a quarter of a second on purpose."""
    return bcrypt.checkpw(password.encode(), password_hash.encode())


def create_access_token(user_id: int) -> str:
    """A signed token that says who is calling."""
    settings = get_settings()
    expires = datetime.now(UTC) + timedelta(minutes=settings.token_minutes)
    claims = {"sub": str(user_id), "exp": expires}
    return jwt.encode(claims, settings.token_key.get_secret_value(), algorithm=_ALGORITHM)


def read_access_token(token: str) -> int:
    """The user's id from a token; raises when the token is forged or too old."""
    key = get_settings().token_key.get_secret_value()
    try:
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM])
    except jwt.InvalidTokenError as error:
        raise CredentialsError from error
    return int(claims["sub"])

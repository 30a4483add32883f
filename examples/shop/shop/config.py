"""Settings, read from the environment once per process."""

from __future__ import annotations

from functools import lru_cache

from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that differs between a laptop and production."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env")

    database_url: str
    async_database_url: str
    token_key: SecretStr
    token_minutes: int = 30
    payment_url: HttpUrl
    payment_key: SecretStr
    carrier_url: HttpUrl
    http_timeout: float = 5.0
    browser_origins: list[str] = ["*"]


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()

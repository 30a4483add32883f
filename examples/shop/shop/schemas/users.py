"""Schemas of accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field

Password = Annotated[str, Field(min_length=12, max_length=72)]


class UserCreate(BaseModel):
    """A new account."""

    email: EmailStr
    name: Annotated[str, Field(max_length=100)]
    password: Password


class Login(BaseModel):
    """Who somebody says they are."""

    email: EmailStr
    password: str


class PasswordChange(BaseModel):
    """A new password, and the old one as proof."""

    old_password: str
    new_password: Password


class PasswordReset(BaseModel):
    """A new password, and the token from the mail as proof."""

    token: str
    new_password: Password


class Token(BaseModel):
    """Proof of a login."""

    access_token: str
    token_type: str = "bearer"


class AddressRead(BaseModel):
    """Where parcels go."""

    model_config = ConfigDict(from_attributes=True)

    street: str
    city: str
    country: str


class UserRead(BaseModel):
    """An account as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: EmailStr
    name: str
    addresses: list[AddressRead]


class AuthorRead(BaseModel):
    """An account as everybody sees it."""

    model_config = ConfigDict(from_attributes=True)

    name: str
